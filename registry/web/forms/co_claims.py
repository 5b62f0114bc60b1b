"""Co-claims as people propose, accept and name them."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Organisation
from accounts.roles import Role
from accounts.ui.forms import FieldGroup, PortalForm
from registry.services.co_claim_seats import SeatWanted
from registry.web.forms.units import CHOICE, UnitsForm

# What the services and rules speak of, by the field that shows it.
FIELDS = {"units": "quantity", "requested": "quantity", "seats": "second", "layer": "second"}
NOBODY, LATER = "none", "later"


def _claimants() -> list[tuple[str, str]]:
    roles = (Role.INTERMEDIARY, Role.CORPORATE_END_USER)
    rows = Organisation.objects.filter(role_rows__role__in=roles).order_by("name").distinct()
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


class CoClaimForm(UnitsForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("Your units"), ("account", *CHOICE)),
        FieldGroup(
            _("Who else claims them"),
            ("second", "third", "note"),
            _("Each at the layer that the agreement gives its copy. Yours is copy 1."),
        ),
    )

    second = forms.ChoiceField(label=_("Copy 2"))
    third = forms.ChoiceField(label=_("Copy 3"), initial=NOBODY)
    note = forms.CharField(
        label=_("Note to the parties (optional)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(LATER, _("A party to be named later")), *_claimants()]
        second, third = (self.fields[name] for name in ("second", "third"))
        # A choice field.
        second.choices = [("", _("Choose a party")), *known]  # type: ignore[attr-defined]
        # A choice field.
        third.choices = [(NOBODY, _("Nobody: two claims only")), *known]  # type: ignore[attr-defined]

    def seats(self) -> list[SeatWanted]:
        """Valid forms only."""
        given = [(2, self.cleaned_data["second"]), (3, self.cleaned_data["third"])]
        ids = [choice for _copy, choice in given if choice not in (NOBODY, LATER)]
        found = {str(each.pk): each for each in Organisation.objects.filter(pk__in=ids)}
        return [SeatWanted(copy, found.get(choice)) for copy, choice in given if choice != NOBODY]


class ConsentForm(PortalForm):
    account = forms.ModelChoiceField(
        label=_("Account for your copy"),
        queryset=Account.objects.none(),
        empty_label=None,
        to_field_name="number",
    )

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="consent-%s", **kwargs)
        choice: Any = self.fields["account"]
        choice.queryset = accounts


class NameForm(PortalForm):
    copy = forms.TypedChoiceField(label=_("Which copy"), coerce=int)
    organisation = forms.ChoiceField(label=_("Its holder"))

    def __init__(self, *args: Any, copies: list[int], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="name-%s", **kwargs)
        copy, organisation = self.fields["copy"], self.fields["organisation"]
        # A choice field.
        copy.choices = [(each, f"Copy {each}") for each in copies]  # type: ignore[attr-defined]
        # A choice field.
        organisation.choices = [("", _("Choose a party")), *_claimants()]  # type: ignore[attr-defined]

    def organisation_chosen(self) -> Organisation:
        return Organisation.objects.get(pk=self.cleaned_data["organisation"])
