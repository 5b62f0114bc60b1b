"""An executed agreement as its issuer records it."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Role
from accounts.ui.forms import FieldGroup
from registry.web.forms.fields import ActingForm, DayField, ShareField, Text

_BUYERS = (Role.INTERMEDIARY, Role.CORPORATE_END_USER, Role.IRON_PRODUCER, Role.STEEL_PRODUCER)


class AgreementForm(ActingForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("The contract"), ("organisation", "reference", "executed_on", "buyers")),
        FieldGroup(
            _("What it allows"), ("transfers_allowed", "claims_agreed", "offtake_share", "end_use")
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["buyers"]
        choice.queryset = _possible_buyers(self._organisations)

    def values(self) -> dict[str, Any]:
        """The agreement's own fields; the buyers are `buyers`."""
        return {name: value for name, value in super().values().items() if name != "buyers"}

    @property
    def buyers_chosen(self) -> list[Organisation]:
        return list(self.cleaned_data["buyers"])


def _possible_buyers(issuers: Any) -> QuerySet[Organisation]:
    others = Organisation.objects.exclude(pk__in=[issuer.pk for issuer in issuers])
    return others.filter(role_rows__role__in=_BUYERS).order_by("name").distinct()
