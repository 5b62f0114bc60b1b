"""The forms of a claim on spend: how it becomes tonnes, and which units are applied (11.7)."""

from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, PortalForm
from claims.accounting.spend import Estimation
from claims.models import InventoryLine
from claims.web.forms.inventories import LineForm, initial_of
from claims.web.forms.runs import RunsForm

_TAKEN = (
    "baseline_intensity",
    "baseline_source",
    "spend_factor",
    "price_index_spend",
    "price_index_reference",
    "unit_price",
    "price_source",
)


class EstimationForm(PortalForm):
    """How one line's spend becomes tonnes: one of two ways, and what it needs."""

    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("Which way"), ("estimation",)),
        FieldGroup(
            _("For both ways"),
            ("baseline_intensity", "baseline_source"),
            _("What a tonne emits that the units take the place of."),
        ),
        FieldGroup(
            _("For the intervention baseline"),
            ("spend_factor",),
            _("Tonnes = spend × emission factor of the spend / baseline."),
        ),
        FieldGroup(
            _("For the unit cost"),
            ("unit_price", "price_source", "price_index_spend", "price_index_reference"),
            _(
                "Tonnes = spend in money of the price’s year / price of a tonne. The producer "
                "price index (PPI) turns the money of one year into that of the other."
            ),
        ),
    )

    estimation = forms.ChoiceField(
        label=_("Tonnes are estimated by"),
        widget=forms.RadioSelect,
        choices=[
            (Estimation.INTERVENTION_BASELINE.value, _("Intervention baseline")),
            (Estimation.UNIT_COST.value, _("Unit cost with a producer price index")),
        ],
    )

    def __init__(self, *args: Any, line: InventoryLine, **kwargs: Any) -> None:
        self.line = line
        before = initial_of(line)
        way = line.estimation or Estimation.INTERVENTION_BASELINE.value
        super().__init__(*args, initial={**before, "estimation": way}, **kwargs)
        fields: dict[str, Any] = self.fields
        fields.update({name: deepcopy(LineForm.base_fields[name]) for name in _TAKEN})
        for name in ("baseline_intensity", "baseline_source"):
            fields[name].required = True
        fields["spend_factor"].suffix = f"t CO2e per {line.currency}"
        fields["unit_price"].suffix = f"{line.currency} per t"
        fields["estimation"].option_hints = {
            Estimation.INTERVENTION_BASELINE.value: _(
                "From what the spend emits; the line’s emissions stay spend × factor."
            ),
            Estimation.UNIT_COST.value: _("From what a tonne costs."),
        }

    def values(self) -> dict[str, Any]:
        """The line as it was, with what was entered. Valid forms only."""
        entered = {name: self.cleaned_data[name] for name in ("estimation", *_TAKEN)}
        return {**initial_of(self.line), **entered}


class SpendClaimForm(RunsForm):
    """Which retired units are applied to the tonnes estimated from one line's spend."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["runs"].label = _("Units that your organisation retired and has not claimed")
        fields["runs"].help_text = _("Crude steel only: spend is turned into its tonnes.")
