"""Additionality as its producer declares it (3.3)."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup
from registry.models import Additionality, Agreement
from registry.models.additionality import OBLIGATION_NAMES, SURPLUS_NAMES
from registry.services.additionality import ADDITIONALITY_FIELDS, OBLIGATION_FIELDS
from registry.web.forms.fields import DayField
from registry.web.forms.rows import RowGroup, RowsForm


def _choices(names: Any) -> list[tuple[str, str]]:
    return [
        ("", str(_("Choose"))),
        *((key.value, name.capitalize()) for key, name in names.items()),
    ]


def _text(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": str(rows)}),
        help_text=help_text,
    )


class AdditionalityForm(RowsForm):
    """agreement: the one it is of or under; without one, the date is that of the application."""

    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("Regulatory additionality"), ("determined_on", "declared", "none_apply")),
        FieldGroup(
            _("What buyers may ask"),
            ("financial", "common_practice"),
            _("Your own word will do; it refuses nothing."),
        ),
    )
    row_groups: ClassVar = {
        "obligations": RowGroup(
            _("Obligation"),
            _("Add an obligation"),
            {
                "kind": lambda: forms.ChoiceField(
                    label=_("Kind"), required=False, choices=_choices(OBLIGATION_NAMES)
                ),
                "name": lambda: forms.CharField(
                    label=_("Law or system"), max_length=200, required=False
                ),
                "surplus": lambda: forms.ChoiceField(
                    label=_("What goes beyond it"), required=False, choices=_choices(SURPLUS_NAMES)
                ),
                "explanation": lambda: _text(
                    _("By how much"), 3, _("Free allowances and the like considered.")
                ),
                "evidence": lambda: forms.CharField(
                    label=_("Evidence"),
                    max_length=300,
                    required=False,
                    help_text=_("The document and its page; attach it to the application."),
                ),
            },
            _("Every law that the production is under: trading, taxes, mandates."),
        )
    }

    determined_on = DayField(
        label=_("Determined on"), help_text=_("The day the agreement was signed."), required=False
    )
    declared = forms.BooleanField(
        label=_("We declare that no law alone asks for this production."), required=False
    )
    none_apply = _text(_("Why no obligation applies"), 2, _("Only where none is listed below."))
    financial = _text(_("Financial additionality"), 3)
    common_practice = _text(_("Common practice"), 3)

    def __init__(self, *args: Any, agreement: Agreement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agreement is None:
            del self.fields["determined_on"]
        else:
            self.initial.setdefault("determined_on", agreement.executed_on)

    def values(self) -> dict[str, Any]:
        """Of a valid form: the declaration with its obligations."""
        given = {
            name: self.cleaned_data[name] for name in ADDITIONALITY_FIELDS if name in self.fields
        }
        return {**given, "obligations": self.rows("obligations")}


def initial_of(found: Additionality | None) -> dict[str, Any]:
    if found is None:
        return {}
    obligations: Iterable[Any] = found.obligations.order_by("pk")
    values = {name: getattr(found, name) for name in ADDITIONALITY_FIELDS}
    if values["determined_on"] is None:
        del values["determined_on"]
    return {
        **values,
        "obligations": [
            {name: getattr(each, name) for name in OBLIGATION_FIELDS} for each in obligations
        ],
    }
