"""The portal's form: fields as usual, plus a key against double submits and rule findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.ui.errors import SummaryItem, summary_items
from accounts.ui.findings import FINDING_CODE, FindingLike, is_failed, message

# ISO as the browser's date control sends it, and the unambiguous way we print dates.
DATE_FORMATS = ["%Y-%m-%d", "%d %B %Y", "%d %b %Y"]


class IdempotencyKeyField(forms.UUIDField):
    """Hidden. A fresh key for each new form, the same key when a form is sent again."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("initial", uuid4)
        kwargs.setdefault("required", True)
        message = _("This page was sent incomplete. Check what you entered and send it again.")
        kwargs.setdefault("error_messages", {"required": message, "invalid": message})
        super().__init__(**kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        # A key that is missing or damaged would refuse the form for ever: show a fresh one.
        try:
            return str(UUID(str(data)))
        except ValueError:
            return initial


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields drawn together under one legend."""

    legend: Any
    fields: tuple[str, ...]
    hint: Any = ""


class PortalForm(forms.Form):
    """Base of every form in the portal.

    `fieldsets` groups fields under legends; fields it does not name come last.
    `add_findings` shows what the rulebook refused, beside the field where it names one.
    """

    use_required_attribute = False
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = ()

    idempotency_key = IdempotencyKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: list[FindingLike] = []
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.input_formats = DATE_FORMATS

    def add_findings(self, findings: Iterable[FindingLike]) -> None:
        """Keep all findings for display; those that fail make the form invalid."""
        for finding in findings:
            self.findings.append(finding)
            if is_failed(finding):
                self._refuse(finding)

    @property
    def error_summary(self) -> list[SummaryItem]:
        """Every field error and every failing finding, in the order of the page."""
        return summary_items(self)

    def _refuse(self, finding: FindingLike) -> None:
        field = finding.field if finding.field in self.fields else None
        code = f"{FINDING_CODE}{finding.rule}"
        # add_error needs the form to have been cleaned once; reading errors does that.
        self.errors  # noqa: B018
        self.add_error(field, ValidationError(message(finding), code=code))


class FilterForm(forms.Form):
    """Base of a search form (GET): no key, and no word that its fields are optional."""

    use_required_attribute = False
    mark_optional = False


class TonnesField(forms.IntegerField):
    """Whole tonnes. Thousands may be marked: 12,345 and 12 345 are read as 12345."""

    suffix = "t"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Enter whole tonnes, such as 12345.")

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_without_thousands(value))


class QuantityField(forms.DecimalField):
    """A decimal with a unit shown after it, such as an intensity or emissions.

    A comma is refused, not guessed at: 1,234 is a thousand to one reader and one to another.
    """

    def __init__(self, *, suffix: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suffix = suffix
        self.error_messages["invalid"] = _("Enter a number with a full stop, such as 0.412.")


def _without_thousands(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip().replace("\u00a0", " ").replace("\u202f", " ")
    for mark in (",", " "):
        first, *rest = text.split(mark)
        if rest and 1 <= len(first.lstrip("-")) <= 3 and all(len(part) == 3 for part in rest):
            return "".join([first, *rest])
    return text
