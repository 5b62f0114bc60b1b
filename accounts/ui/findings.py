"""How a rule's outcome is put into words. A finding is anything with the attributes below."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.utils.translation import gettext as _

FINDING_CODE = "finding:"


class FindingLike(Protocol):
    """The shape the rulebook's findings have; declared here so that nothing is imported."""

    @property
    def rule(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def modality(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def found(self) -> str: ...
    @property
    def allowed(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def field(self) -> str | None: ...
    @property
    def ours(self) -> bool: ...


# A worse outcome is read first, so that nobody scrolls past a refusal.
_ORDER = {"fail": 0, "warn": 1, "pass": 2, "not applicable": 3}
_TONES = {"fail": "bad", "warn": "wait", "pass": "good", "not applicable": "idle"}


def is_failed(finding: FindingLike) -> bool:
    return str(finding.outcome) == "fail"


def outcome_tone(outcome: object) -> str:
    return _TONES.get(str(outcome), "idle")


def outcome_label(outcome: object) -> str:
    labels = {
        "fail": _("Fails"),
        "warn": _("Warning"),
        "pass": _("Passes"),
        "not applicable": _("Not applicable"),
    }
    return labels.get(str(outcome), str(outcome))


def by_severity(findings: Iterable[FindingLike]) -> list[FindingLike]:
    """Failures first, then warnings; within an outcome the order given."""
    return sorted(findings, key=lambda finding: _ORDER.get(str(finding.outcome), 9))


def count_by_outcome(findings: Iterable[FindingLike]) -> list[dict[str, Any]]:
    """One entry for each outcome that occurs: its label, tone and number, worst first."""
    counts: dict[str, int] = {}
    for finding in by_severity(findings):
        counts[str(finding.outcome)] = counts.get(str(finding.outcome), 0) + 1
    return [
        {"label": outcome_label(outcome), "tone": outcome_tone(outcome), "number": number}
        for outcome, number in counts.items()
    ]


def what_is_wrong(finding: FindingLike) -> str:
    """What was found and what is allowed, in one sentence."""
    title = getattr(finding, "title", "")
    found = _("found %(found)s; allowed: %(allowed)s") % {
        "found": _bare(finding.found),
        "allowed": _bare(finding.allowed),
    }
    return f"{_bare(title)}: {found}." if title else f"{found[:1].upper()}{found[1:]}."


def source(finding: FindingLike) -> str:
    """Rule and section, so that the reader can look it up."""
    if not finding.section:
        return str(finding.rule)
    return _("%(rule)s, section %(section)s") % {
        "rule": finding.rule,
        "section": finding.section,
    }


def message(finding: FindingLike) -> str:
    """The whole finding as an error message beside its field."""
    parts = [what_is_wrong(finding), str(finding.action or ""), f"({source(finding)})"]
    return " ".join(part for part in parts if part)


def _bare(text: object) -> str:
    return str(text).strip().rstrip(".")
