"""The form of a claim: which lines, which retired units, which method and which cap."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.formats import intensity, tonnes
from accounts.ui.forms import FieldGroup
from claims.accounting.facts import Alignment, Cap, Material, Method
from claims.models import InventoryLine
from claims.services.claiming import Terms
from claims.web.forms.runs import RunsForm

_ANSWERS = {"yes": True, "no": False}


class ClaimForm(RunsForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("Lines and units"), ("lines", "runs", "quantity")),
        FieldGroup(_("Method"), ("method", "claim_type")),
        FieldGroup(
            _("For direct substitution"),
            ("reliable_factor", "aligned_boundary", "same_product_type", "reason"),
            _("Section 9.2 asks for three times yes; otherwise enhanced substitution is proposed."),
        ),
        FieldGroup(
            _("For enhanced substitution"),
            ("cap", "cap_reason", "auditor_note"),
            _("A cap applies where the units’ baseline is above your own emission factor."),
        ),
    )

    lines = forms.MultipleChoiceField(
        label=_("Lines of the inventory"), widget=forms.CheckboxSelectMultiple
    )
    method = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            (Method.DIRECT.value, _("Direct substitution")),
            (Method.ENHANCED.value, _("Enhanced substitution")),
        ],
    )
    reliable_factor = forms.ChoiceField(label=_("Is the emission factor of the lines reliable?"))
    aligned_boundary = forms.ChoiceField(
        label=_("Do factor and units cover the same boundary, down to crude steel?")
    )
    same_product_type = forms.ChoiceField(
        label=_("Are lines and units of the same product type, flat or long?")
    )
    reason = forms.CharField(
        label=_("Why direct substitution all the same"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    cap = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            (Cap.BASELINE.value, _("BCU-baseline cap")),
            (Cap.TOTAL.value, _("Total-emissions cap")),
        ],
        initial=Cap.BASELINE.value,
    )
    cap_reason = forms.CharField(
        label=_("Why the total-emissions cap"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    auditor_note = forms.CharField(
        label=_("What your auditor says to it, as you quote it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    use_path = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        inventory_lines: Sequence[InventoryLine],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._lines = {str(line.pk): line for line in claimable(inventory_lines)}
        fields: Mapping[str, Any] = self.fields
        fields["lines"].choices = [(pk, _line_label(line)) for pk, line in self._lines.items()]
        fields["method"].option_hints = _METHOD_HINTS
        fields["cap"].option_hints = _CAP_HINTS
        for name in ("reliable_factor", "aligned_boundary", "same_product_type"):
            fields[name].widget = forms.RadioSelect(choices=_YES_NO)
            fields[name].choices = _YES_NO
            fields[name].required = False

    @property
    def chosen_lines(self) -> list[InventoryLine]:
        """Valid forms only."""
        return [self._lines[pk] for pk in self.cleaned_data["lines"]]

    @property
    def terms(self) -> Terms:
        """Valid forms only."""
        given = self.cleaned_data
        return Terms(
            method=given["method"],
            alignment=Alignment(
                reliable_factor=_ANSWERS.get(given["reliable_factor"]),
                aligned_boundary=_ANSWERS.get(given["aligned_boundary"]),
                same_product_type=_ANSWERS.get(given["same_product_type"]),
                reason=given["reason"],
            ),
            cap=given["cap"],
            cap_reason=given["cap_reason"],
            auditor_note=given["auditor_note"],
            claim_type=given["claim_type"],
        )


_YES_NO = [("yes", _("Yes")), ("no", _("No"))]
_METHOD_HINTS = {
    Method.DIRECT.value: _("The units’ intensity takes the place of your emission factor."),
    Method.ENHANCED.value: _(
        "The units’ reduction against their own baseline is taken off your emissions."
    ),
}
_CAP_HINTS = {
    Cap.BASELINE.value: _("Preferred. Units times baseline stay within the lines’ emissions."),
    Cap.TOTAL.value: _("The reduction stays within the lines’ emissions. Needs both texts below."),
}


def claimable(lines: Iterable[InventoryLine]) -> list[InventoryLine]:
    """The lines that units can be applied to: iron or steel, measured in tonnes (9.1, R120)."""
    metals = (Material.IRON, Material.STEEL)
    return [
        line
        for line in lines
        if line.material in metals and line.tonnes and line.factor_intensity is not None
    ]


def _line_label(line: InventoryLine) -> str:
    return f"{line.name}: {tonnes(line.tonnes)} at {intensity(line.factor_intensity)}"
