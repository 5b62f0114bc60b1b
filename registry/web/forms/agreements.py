"""An executed agreement as its issuer records it."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Role
from accounts.ui.forms import FieldGroup, PortalForm
from registry.models import AgreementCriterion, AgreementRights
from registry.rulebook.edition import edition_on
from registry.services.agreement_terms import RIGHTS_FIELDS
from registry.services.agreements import AGREEMENT_FIELDS
from registry.web.forms.fields import ActingForm, DayField, ShareField, Text, UnitsField

_COPIES = (1, 2, 3)
_SEAT = ("layer", "party", "role", "extent")
_BUYERS = (Role.INTERMEDIARY, Role.CORPORATE_END_USER, Role.IRON_PRODUCER, Role.STEEL_PRODUCER)


class AgreementForm(ActingForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("The contract"), ("organisation", "reference", "executed_on", "buyers")),
        FieldGroup(
            _("What it allows"), ("transfers_allowed", "claims_agreed", "offtake_share", "end_use")
        ),
        FieldGroup(_("To whom"), ("transfer_to", "transfer_roles")),
        FieldGroup(
            _("Co-claims"),
            (
                "chain",
                *(f"seat_{copy}_{name}" for copy in _COPIES for name in _SEAT),
                "co_claim_types",
                "transfer_terms",
                "double_claim_measures",
                "responsible",
            ),
            _("Only where more than one party is to claim: one seat for each claim (9.3)."),
        ),
        FieldGroup(
            _("Forward offtake"),
            ("is_forward", "forward_from", "forward_until", "option_units", "option_until"),
        ),
        FieldGroup(
            _("Commercial terms"),
            ("commercial_terms",),
            _("Seen by the parties of this agreement alone."),
        ),
    )

    reference = forms.CharField(
        max_length=60, widget=Text(20), help_text=_("Its name in your books.")
    )
    executed_on = DayField(label=_("Executed on"))
    buyers = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    transfers_allowed = forms.IntegerField(
        label=_("Onward transfers allowed"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("After the first buyer. Leave empty for no limit; 0 for none."),
        widget=forms.NumberInput(attrs={"data-width": "4"}),
    )
    claims_agreed = forms.TypedChoiceField(
        label=_("Number of claims"),
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
        choices=[
            (1, _("One claimant")),
            (2, _("Two, at different layers of the value chain")),
            (3, _("Three, at different layers of the value chain")),
        ],
    )
    offtake_share = ShareField(
        label=_("Contracted share of production"),
        required=False,
        help_text=_("Where the contract names one: no more units than this share are issued."),
    )
    end_use = forms.CharField(label=_("End use of the physical metal"), max_length=200)
    transfer_to = forms.ChoiceField(
        label=_("Later holders may transfer to"),
        choices=AgreementRights.TransferTo.choices,
        initial=AgreementRights.TransferTo.ANYBODY,
        widget=forms.RadioSelect,
    )
    transfer_roles = forms.MultipleChoiceField(
        label=_("Which roles"),
        required=False,
        choices=[(role.value, role.label) for role in _BUYERS],
        widget=forms.CheckboxSelectMultiple,
    )
    chain = forms.ChoiceField(label=_("End-use value chain"), required=False)
    co_claim_types = forms.CharField(
        label=_("Types of co-claiming"),
        max_length=300,
        required=False,
        help_text=_("Such as distinct roles, attributes or times."),
    )
    transfer_terms = forms.CharField(
        label=_("Requirements on subsequent transfer of co-claims"), max_length=300, required=False
    )
    double_claim_measures = forms.CharField(
        label=_("Measures against double claiming"), max_length=500, required=False
    )
    responsible = forms.ModelChoiceField(
        label=_("Party responsible for double-counting risks"),
        queryset=Organisation.objects.none(),
        required=False,
    )
    is_forward = forms.BooleanField(label=_("Production is sold before it is made"), required=False)
    forward_from = DayField(label=_("Offtake from"), required=False)
    forward_until = DayField(label=_("Offtake until"), required=False)
    option_units = UnitsField(label=_("Option on further units"), required=False)
    option_until = DayField(label=_("Option until"), required=False)
    commercial_terms = forms.CharField(
        label=_("Price and other terms"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["buyers"]
        choice.queryset = _possible_buyers(self._organisations)
        responsible: Any = self.fields["responsible"]
        responsible.queryset = choice.queryset
        chains = edition_on(timezone.now().date()).value_chain_layers
        chain: Any = self.fields["chain"]
        chain.choices = [("", _("None"))] + [(name, name.capitalize()) for name in chains]
        for copy in _COPIES:
            self._add_seat(copy, choice.queryset)

    def values(self) -> dict[str, Any]:
        """The agreement's own fields; the buyers are `buyers`."""
        return {name: value for name, value in super().values().items() if name in AGREEMENT_FIELDS}

    def rights(self) -> dict[str, Any] | None:
        """What was said of rights; None where nothing departs from the usual."""
        found = {name: self.cleaned_data[name] for name in RIGHTS_FIELDS}
        usual = {**dict.fromkeys(found), "transfer_to": AgreementRights.TransferTo.ANYBODY}
        is_usual = all(not value or value == usual[name] for name, value in found.items())
        return None if is_usual else found

    def seats(self) -> list[dict[str, Any]]:
        """The seats that have a layer."""
        given = self.cleaned_data
        return [
            {
                "copy": copy,
                "layer": given[f"seat_{copy}_layer"],
                "organisation": given[f"seat_{copy}_party"],
                "role": given[f"seat_{copy}_role"],
                "extent_share": given[f"seat_{copy}_extent"],
            }
            for copy in _COPIES
            if given[f"seat_{copy}_layer"] is not None
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for copy in _COPIES:
            layer, role = cleaned.get(f"seat_{copy}_layer"), cleaned.get(f"seat_{copy}_role")
            if layer is not None and not role and f"seat_{copy}_role" not in self.errors:
                self.add_error(f"seat_{copy}_role", _("Say what the party does."))
            if layer is not None and cleaned.get(f"seat_{copy}_extent") is None:
                cleaned[f"seat_{copy}_extent"] = Decimal(1)
        return cleaned

    def _add_seat(self, copy: int, parties: QuerySet[Organisation]) -> None:
        who = _("Copy %(copy)s, the primary") if copy == 1 else _("Copy %(copy)s")
        name = who % {"copy": copy}
        self.fields[f"seat_{copy}_layer"] = forms.IntegerField(
            label=_("%(seat)s: layer") % {"seat": name},
            required=False,
            min_value=1,
            max_value=9,
            widget=forms.NumberInput(attrs={"data-width": "3"}),
        )
        self.fields[f"seat_{copy}_party"] = forms.ModelChoiceField(
            label=_("%(seat)s: party") % {"seat": name},
            queryset=parties,
            required=False,
            empty_label=_("To be named later") if copy != 1 else _("Choose a buyer"),
        )
        self.fields[f"seat_{copy}_role"] = forms.CharField(
            label=_("%(seat)s: role") % {"seat": name}, max_length=100, required=False
        )
        self.fields[f"seat_{copy}_extent"] = ShareField(
            label=_("%(seat)s: part of the units it may claim") % {"seat": name},
            required=False,
            help_text=_("100 if left empty."),
        )

    @property
    def buyers_chosen(self) -> list[Organisation]:
        return list(self.cleaned_data["buyers"])


def _possible_buyers(issuers: Any) -> QuerySet[Organisation]:
    others = Organisation.objects.exclude(pk__in=[issuer.pk for issuer in issuers])
    return others.filter(role_rows__role__in=_BUYERS).order_by("name").distinct()


class CriterionForm(PortalForm):
    """What buyers ask beyond eligibility (R039); it refuses no issuance."""

    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("The criterion"), ("kind", "text")),
    )

    kind = forms.ChoiceField(
        label=_("What it is about"),
        widget=forms.RadioSelect,
        choices=[
            (value, str(name).capitalize()) for value, name in AgreementCriterion.Kind.choices
        ],
    )
    text = forms.CharField(
        label=_("What is asked"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("Between the parties alone. Once recorded it is never changed."),
    )
