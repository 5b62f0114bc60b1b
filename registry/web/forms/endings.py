"""Cancelling, suspending, adjusting, and how long retirements can be withdrawn."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.ui.forms import FieldGroup, PortalForm
from registry.ledger import MOST_LINES, Line
from registry.models import Issuance
from registry.queries import expired_lines
from registry.services.suspensions import Scope
from registry.web.forms.fields import IntensityField, SerialField, Text
from registry.web.forms.units import CHOICE, UnitsForm

_REASON = 500


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=_REASON, widget=forms.Textarea(attrs={"rows": "2"})
    )


class CancelForm(UnitsForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("Units"), ("account", *CHOICE)),
        FieldGroup(_("Why"), ("reason", "confirmed")),
    )

    reason = _reason(_("Reason, published with the cancellation"))
    confirmed = forms.BooleanField(
        label=_("I understand that nobody can ever claim cancelled units"),
        error_messages={"required": _("Confirm that the units are to be cancelled for ever.")},
    )


class CancelExpiredForm(PortalForm):
    """The operator's: expired units of anybody's account, all of an issuance or named serials."""

    mark_optional = False

    account = forms.CharField(label=_("Account number"), max_length=16, widget=Text(16))
    issuance = forms.CharField(
        label=_("Issuance code"),
        max_length=12,
        widget=Text(12),
        help_text=_("All its expired units in this account, unless serials are named below."),
    )
    first = SerialField(label=_("First serial"), required=False)
    last = SerialField(label=_("Last serial, included"), required=False)
    reason = _reason(_("Reason, published with the cancellation"))

    def clean_account(self) -> Account:
        number = str(self.cleaned_data["account"]).strip().upper()
        found = Account.objects.select_related("organisation").filter(number=number).first()
        if found is None:
            raise ValidationError(_("There is no account with this number."))
        return found

    def clean_issuance(self) -> Issuance:
        return issuance_named(self.cleaned_data["issuance"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if (first is None) != (last is None) and not self.errors:
            self.add_error("last" if last is None else "first", _("Give both serials, or neither."))
        if not self.errors and not self._lines(cleaned):
            self.add_error("issuance", _("The account has no expired units of this issuance."))
        return cleaned

    def units(self) -> list[Line]:
        """Valid forms only."""
        return self._lines(self.cleaned_data)

    def _lines(self, given: dict[str, Any]) -> list[Line]:
        issuance: Issuance = given["issuance"]
        if given["first"] is not None:
            return [Line(issuance.pk, 1, given["first"], given["last"])]
        return expired_lines(given["account"], issuance.pk, most=MOST_LINES)


def issuance_named(text: str) -> Issuance:
    """By its code, as it is typed. Raises ValidationError."""
    found = Issuance.objects.filter(code=text.strip().upper()).first()
    if found is None:
        raise ValidationError(_("There is no issuance with this code."))
    return found


class CoolingOffForm(PortalForm):
    minutes = forms.IntegerField(
        label=_("Minutes in which a retirement can be withdrawn"),
        min_value=0,
        max_value=24 * 60,
        help_text=_("0 to 1,440 (a day). 0: units retire at once."),
        widget=forms.NumberInput(attrs={"data-width": "5"}),
    )


class SuspendForm(PortalForm):
    """One of an account, an issuance, or serials of an issuance."""

    mark_optional = False

    account = forms.CharField(
        label=_("Account number"), required=False, max_length=16, widget=Text(16)
    )
    issuance = forms.CharField(
        label=_("Issuance code"),
        required=False,
        max_length=12,
        widget=Text(12),
        help_text=_("All its units, in every copy, unless serials are named below."),
    )
    first = SerialField(label=_("First serial"), required=False)
    last = SerialField(label=_("Last serial, included"), required=False)
    reason = _reason(_("Reason, published with the suspension"))

    def clean_account(self) -> Account | None:
        number = str(self.cleaned_data["account"]).strip().upper()
        found = Account.objects.filter(number=number).first()
        if number and found is None:
            raise ValidationError(_("There is no account with this number."))
        return found

    def clean_issuance(self) -> Issuance | None:
        code = str(self.cleaned_data["issuance"]).strip().upper()
        found = Issuance.objects.filter(code=code).first()
        if code and found is None:
            raise ValidationError(_("There is no issuance with this code."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if (first is None) != (last is None) and not self.errors:
            self.add_error("last" if last is None else "first", _("Give both serials, or neither."))
        if first is not None and not cleaned.get("issuance") and "issuance" not in self.errors:
            self.add_error("issuance", _("Name the issuance of these serials."))
        return cleaned

    def scope(self) -> Scope:
        """Valid forms only."""
        given = self.cleaned_data
        issuance: Issuance | None = given["issuance"]
        if issuance is not None and given["first"] is not None:
            line = Line(issuance.pk, 1, given["first"], given["last"])
            return Scope(account=given["account"], ranges=(line,))
        return Scope(account=given["account"], issuance=issuance)


class EndForm(PortalForm):
    action = forms.ChoiceField(
        label=_("How it ends"),
        widget=forms.RadioSelect,
        choices=[
            ("lift", _("Lift it: the units are as they were")),
            ("cancel", _("Cancel the units for good; what was retired stays marked")),
        ],
    )
    reason = _reason(_("Why, published with the suspension"))


class AdjustForm(PortalForm):
    issuance = forms.CharField(label=_("Issuance code"), max_length=12, widget=Text(12))
    intensity = IntensityField(label=_("Corrected intensity of the product"))
    adjusted_intensity = IntensityField(
        label=_("Corrected scrap-adjusted intensity"),
        required=False,
        help_text=_("Where the issuance has one."),
    )
    shortfall = forms.IntegerField(
        label=_("Units issued too many"),
        required=False,
        min_value=0,
        max_value=10**12,
        help_text=_("They are suspended when the correction comes into force."),
        widget=forms.NumberInput(attrs={"data-width": "10"}),
    )
    reason = _reason(_("Reason, published with the correction"))

    def clean_issuance(self) -> Issuance:
        return issuance_named(self.cleaned_data["issuance"])
