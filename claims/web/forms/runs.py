"""Runs of units that a form offers, and the two sendings of a claim: shown first, then made."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.ui.formats import day, decimal_text, intensity, serial_range, tonnes
from accounts.ui.forms import PortalForm
from claims.accounting.wording import CLAIM_TYPES
from claims.queries import Retired
from registry import words
from registry.identifiers import vintage_name
from registry.ledger import Line
from registry.models import Issuance
from registry.web.forms.fields import UnitsField

# The rules and services speak of `units`: what these forms can change about them is how many.
FIELDS = {"units": "quantity"}
_UNSHOWN = ("idempotency_key", "previewed")


@dataclass(frozen=True, slots=True)
class Run:
    """Serials chosen. account: the number of the account that holds them, empty when retired."""

    line: Line
    account: str = ""


class RunsField(forms.MultipleChoiceField):
    """Runs of retired or active serials. Any well-formed run is taken: whether it can be claimed is
    the service's question, so that a form sent twice gets its first answer again."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def clean(self, value: Any) -> list[Run]:
        return [_read(text) for text in super().clean(value)]


class RunsForm(PortalForm):
    """A form that applies units: which runs, how many of them, and what it is for."""

    runs = RunsField(
        label=_("Units that your organisation retired and has not claimed, or holds"),
        help_text=_("Units it holds are retired with the claim, in one step."),
    )
    quantity = UnitsField(
        label=_("How many of them"),
        required=False,
        help_text=_("Oldest vintage first. Leave it empty to apply all units chosen above."),
    )
    claim_type = forms.ChoiceField(
        label=_("What the claim is for"),
        choices=list(CLAIM_TYPES.items()),
        initial="corporate_inventory",
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        *args: Any,
        runs: Sequence[Retired],
        held: Sequence[Run] = (),
        issuances: Mapping[UUID, Issuance],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["runs"].choices = [
            *((run_value(r.line), _run_label(r.line, issuances)) for r in runs),
            *((run_value(r.line, r.account), _held_label(r, issuances)) for r in held),
        ]
        fields["runs"].option_hints = {
            **{run_value(r.line): _run_hint(r, issuances) for r in runs},
            **{run_value(r.line, r.account): _line_hint(r.line, issuances) for r in held},
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = sum(run.line.quantity for run in cleaned.get("runs") or ())
        if len({run.account for run in cleaned.get("runs") or ()}) > 1:
            text = _("Choose units retired before, or units of one account, not both at once.")
            self.add_error("runs", ValidationError(text))
        wanted = cleaned.get("quantity")
        if wanted is not None and chosen and wanted > chosen:
            found = {"wanted": tonnes(wanted), "chosen": tonnes(chosen)}
            text = _("You asked for %(wanted)s; the units you chose are %(chosen)s.")
            self.add_error("quantity", ValidationError(text, params=found))
        return cleaned

    @property
    def units(self) -> list[Line]:
        """The runs chosen, or as many of their units as asked for. Valid forms only."""
        left = self.cleaned_data["quantity"]
        runs = [each.line for each in self.cleaned_data["runs"]]
        if left is None:
            return runs
        taken = []
        for run in runs:
            quantity = min(run.quantity, left)
            if quantity:
                taken.append(Line(run.issuance, run.copy, run.first, run.first + quantity - 1))
            left -= quantity
        return taken

    @property
    def account(self) -> str:
        """The number of the account whose units are retired with the claim; empty for none."""
        return str(self.cleaned_data["runs"][0].account)

    @property
    def digest(self) -> str:
        """Of everything that makes a difference, so that what is confirmed is what was shown."""
        parts = [f"{name}={self.cleaned_data[name]}" for name in sorted(self._shown)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def confirm(self) -> None:
        """Let this form's next sending confirm what is shown now."""
        sent: Any = self.data
        data = sent.copy()
        self.data = data
        data[self.add_prefix("previewed")] = self.digest

    @property
    def _shown(self) -> set[str]:
        return set(self.base_fields) - set(_UNSHOWN)


def posted_runs(data: Any) -> list[Run]:
    """The runs a sending names, as far as they can be read, to be shown among the choices."""
    found = []
    for text in data.getlist("runs"):
        try:
            found.append(_read(text))
        except ValidationError:
            continue
    return found


def run_value(line: Line, account: str = "") -> str:
    value = f"{line.issuance}:{line.copy}:{line.first}:{line.last}"
    return f"{value}:{account}" if account else value


def _run_label(line: Line, issuances: Mapping[UUID, Issuance]) -> str:
    issuance = issuances[line.issuance]
    vintage = vintage_name(issuance.vintage_start, issuance.vintage_end)
    product = words.product_name(issuance.product)
    return f"{tonnes(line.quantity)} of {product}, vintage {vintage}, issuance {issuance.code}"


def _held_label(run: Run, issuances: Mapping[UUID, Issuance]) -> str:
    label = _run_label(run.line, issuances)
    return f"{label}, held in {run.account}" if run.account else label


def _line_hint(line: Line, issuances: Mapping[UUID, Issuance]) -> str:
    issuance = issuances[line.issuance]
    baseline = decimal_text(issuance.baseline_intensity)
    serials = serial_range((line.first, line.last))
    return (
        f"{intensity(issuance.claim_intensity)} against a baseline of {baseline}; serials {serials}"
    )


def _run_hint(run: Retired, issuances: Mapping[UUID, Issuance]) -> str:
    hint = _line_hint(run.line, issuances)
    return f"{hint}; retired on {day(run.retired_on)} ({run.retirement_code})"


def _read(text: str) -> Run:
    try:
        issuance, copy, first, last, *account = text.split(":")
        (number,) = account or [""]
        return Run(Line(UUID(issuance), int(copy), int(first), int(last)), number)
    except ValueError as error:
        raise ValidationError(_("Choose the units from the list.")) from error
