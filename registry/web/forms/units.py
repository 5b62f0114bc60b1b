"""Which units: a quantity, oldest vintage first, or named serials. Transfer and retirement."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.ui.formats import tonnes
from accounts.ui.forms import FieldGroup, PortalForm
from registry import words
from registry.ledger import Line
from registry.models import Issuance
from registry.queries import Wanted
from registry.services.selection import Units
from registry.web.forms.fields import DayField, SerialField, Text, UnitsField

OLDEST, SERIALS = "oldest", "serials"
CHOICE = (
    "how",
    "quantity",
    "functional_unit",
    "issuance",
    "first",
    "last",
)
# The services speak of `units`, the rules of `requested`: both are this form's quantity.
FIELDS = {"units": "quantity", "requested": "quantity"}


class UnitsForm(PortalForm):
    """Units of one account. accounts: those that may be taken from, with their amounts."""

    # What is needed depends on the way chosen, so no field is marked; labels say it instead.
    mark_optional = False

    account = forms.ModelChoiceField(
        label=_("From account"),
        queryset=Account.objects.none(),
        empty_label=None,
        to_field_name="number",
    )
    how = forms.ChoiceField(
        label=_("Which units"),
        widget=forms.RadioSelect,
        choices=[
            (OLDEST, _("A quantity, oldest vintage first")),
            (SERIALS, _("Units that you name by serial")),
        ],
        initial=OLDEST,
    )
    quantity = UnitsField(label=_("Quantity"), required=False)
    functional_unit = forms.ChoiceField(
        label=_("Of which"),
        required=False,
        choices=[
            ("", _("Iron or crude steel, whichever is oldest")),
            *((unit.value, name.capitalize()) for unit, name in words.UNIT_NAMES.items()),
        ],
    )
    issuance = forms.CharField(
        max_length=12,
        required=False,
        widget=Text(10, list="issuances", autocomplete="off"),
        help_text=_("Its code. Named units need it; of a quantity it narrows the choice."),
    )
    first = SerialField(label=_("First serial"), required=False)
    last = SerialField(label=_("Last serial, included"), required=False)

    def __init__(self, *args: Any, accounts: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["account"]
        choice.queryset = accounts
        choice.label_from_instance = account_label
        # An account without units would only ever be refused.
        choice.initial = next((each.number for each in accounts if each.active_units), None)

    def clean_issuance(self) -> Issuance | None:
        code = str(self.cleaned_data["issuance"]).strip().upper()
        if not code:
            return None
        found = Issuance.objects.filter(code=code).first()
        if found is None:
            raise ValidationError(_("There is no issuance with this code."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needed = ("issuance", "first", "last") if cleaned.get("how") == SERIALS else ("quantity",)
        for name in needed:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _REQUIRED[name])
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("how") == SERIALS and first and last and last < first:
            self.add_error("last", _("The last serial comes before the first."))
        return cleaned

    def units(self) -> Units:
        """What the services take. Valid forms only."""
        given = self.cleaned_data
        issuance: Issuance | None = given["issuance"]
        if given["how"] == SERIALS:
            assert issuance is not None  # clean() asks for it
            return [Line(issuance.pk, 1, given["first"], given["last"])]
        return Wanted(
            given["quantity"],
            given["functional_unit"] or None,
            issuance.pk if issuance else None,
        )


class TransferForm(UnitsForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("From and to"), ("account", "to_account")),
        FieldGroup(_("Units"), CHOICE),
        FieldGroup(_("Surrender"), ("surrendered", "note")),
    )

    to_account = forms.CharField(
        label=_("To account"),
        max_length=16,
        widget=Text(20, list="recipients", autocomplete="off", autocapitalize="characters"),
        help_text=_("Choose one you know, or type the number the recipient gave you."),
    )
    surrendered = forms.BooleanField(
        label=_("We give up our right to claim these units"),
        required=False,
        help_text=_("Section 7.2 asks for it in every transfer to another organisation."),
    )
    note = forms.CharField(
        label=_("Note to the recipient (optional)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )

    def clean_to_account(self) -> Account:
        number = str(self.cleaned_data["to_account"]).strip().upper()
        found = Account.objects.select_related("organisation").filter(number=number).first()
        if found is None:
            raise ValidationError(_("There is no account with this number: ask the recipient."))
        return found


class RetireForm(UnitsForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("Units"), ("account", *CHOICE)),
        FieldGroup(
            _("What for"),
            ("purpose", "beneficiary", "period_start", "period_end"),
            _("All of it is published with the retirement."),
        ),
        FieldGroup(_("Before you go on"), ("confirmed",)),
    )

    purpose = forms.CharField(label=_("Purpose (optional)"), max_length=300, required=False)
    beneficiary = forms.CharField(
        label=_("Beneficiary (optional)"),
        max_length=200,
        required=False,
        help_text=_("Whose claim it serves, if not your own."),
    )
    period_start = DayField(label=_("Reporting period from (optional)"), required=False)
    period_end = DayField(label=_("Reporting period to (optional)"), required=False)
    confirmed = forms.BooleanField(
        label=_("I understand that retired units never move again"),
        error_messages={"required": _("Confirm that the units are to be retired for ever.")},
    )


def account_label(account: Any) -> str:
    """See queries.with_amounts."""
    active = tonnes(account.active_units)
    return f"{account.number} {account.name}, {account.organisation.name}: {active} active"


_REQUIRED = {
    "quantity": _("Give how many units."),
    "issuance": _("Name the issuance."),
    "first": _("Give the first serial."),
    "last": _("Give the last serial."),
}
