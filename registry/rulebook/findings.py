"""What a rule says: one outcome with the numbers it saw and what to do about it."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registry.rulebook.names import caption_of, with_unit


class Outcome(StrEnum):
    """The four outcomes of a rule. Only `FAIL` refuses an action."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    WARN = "warn"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule function returns; the engine adds the rule's identity.

    found: what the rule saw, with units. allowed: what would pass. action: the way out,
    empty when nothing is to be done. field: the fact (and form field) it is about.
    numbers: the figures it saw, as decimal strings, so that a report can be recomputed.
    """

    outcome: Outcome
    found: str
    allowed: str
    action: str = ""
    field: str | None = None
    numbers: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's outcome, as shown, stored and returned everywhere.

    rule: "R020". section: the framework's section, "3.1". modality: the document's own word.
    ours: true where the rule closes a gap and is not RMI's own.
    """

    rule: str
    section: str
    modality: str
    title: str
    outcome: Outcome
    found: str
    allowed: str
    action: str
    field: str | None
    ours: bool
    numbers: Mapping[str, str]

    @property
    def failed(self) -> bool:
        return self.outcome is Outcome.FAIL

    @property
    def seen(self) -> str:
        """The numbers it saw, by their names and with their units."""
        return "; ".join(
            f"{caption_of(name)}: {with_unit(name, value)}" for name, value in self.numbers.items()
        )

    def as_dict(self) -> dict[str, object]:
        """The finding as JSON-ready values, keys in the order of the fields."""
        found = {name: getattr(self, name) for name in _FIELDS}
        return {**found, "outcome": str(self.outcome), "numbers": dict(self.numbers)}


_FIELDS = tuple(each.name for each in dataclasses.fields(Finding))


def passed(found: str, allowed: str, *, field: str | None = None, **numbers: object) -> Verdict:
    return _verdict(Outcome.PASS, found, allowed, "", field, numbers)


def failed(
    found: str, allowed: str, action: str, *, field: str | None = None, **numbers: object
) -> Verdict:
    return _verdict(Outcome.FAIL, found, allowed, action, field, numbers)


def warned(
    found: str, allowed: str, action: str, *, field: str | None = None, **numbers: object
) -> Verdict:
    return _verdict(Outcome.WARN, found, allowed, action, field, numbers)


def not_applicable(why: str) -> Verdict:
    return _verdict(Outcome.NOT_APPLICABLE, why, "not applicable", "", None, {})


def failures(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that refuse the action, in the order of the rules."""
    return [finding for finding in findings if finding.failed]


def findings_kept(stored: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The findings that a record keeps (`Finding.as_dict`), as the rulebook gave them."""
    return [Finding(**{**each, "outcome": Outcome(each["outcome"])}) for each in stored]


def _verdict(
    outcome: Outcome,
    found: str,
    allowed: str,
    action: str,
    field: str | None,
    numbers: Mapping[str, object],
) -> Verdict:
    seen = {name: str(value) for name, value in numbers.items() if value is not None}
    return Verdict(outcome, found, allowed, action, field, seen)
