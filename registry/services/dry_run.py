"""An application, or an issuance as it was judged, under another edition. Nothing is written."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry.errors import NotNow
from registry.models import Issuance, JudgedCase, Production
from registry.rulebook.comparison import Change, changed
from registry.rulebook.edition import Edition, edition, edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import IssuanceCase, Stage
from registry.rulebook.findings import Finding, failures, findings_kept
from registry.rulebook.kept import NotReadable, read
from registry.services.baseline_facts import with_adjustment
from registry.services.cases import issuance_case
from registry.services.issuing import is_early
from registry.services.recipient_cases import due_after_issuance
from registry.transitions import ProductionState


@dataclass(frozen=True, slots=True)
class DryRun:
    """What another edition would say of the same facts.

    judged_on: the day of judgement, the same for both. is_stored: the first judgement is the one
    that stands in the record of an issuance; else both are made now.
    """

    before: Edition
    after: Edition
    judged_on: date
    is_stored: bool
    findings: list[Finding]
    changes: list[Change]

    @property
    def is_refused(self) -> bool:
        return bool(failures(self.findings))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `findings` are those under the second edition."""
        return {
            "before": self.before.id,
            "after": self.after.id,
            "judged_on": self.judged_on.isoformat(),
            "is_stored": self.is_stored,
            "is_refused": self.is_refused,
            "changes": [each.as_dict() for each in self.changes],
            "findings": [each.as_dict() for each in self.findings],
        }


def rejudge_production(production: Production, under: Edition, *, on: date) -> DryRun:
    """An application as it stands today, at the stage it has reached, or its issuance as judged.

    Raises NotNow as `rejudge_issuance`.
    """
    issuance: Issuance | None = getattr(production, "issuance", None)
    if issuance is not None:
        return rejudge_issuance(issuance, under)
    early = is_early(production)
    is_at_issuance = early or production.state == ProductionState.VERIFIED
    stage = Stage.ISSUANCE if is_at_issuance else Stage.APPLICATION
    case = issuance_case(production, stage=stage, on=on, provisional=early)
    now = edition_on(on)
    return _dry_run(case, findings_under(case, now), now, under, is_stored=False)


def rejudge_issuance(issuance: Issuance, under: Edition) -> DryRun:
    """The facts an issuance was judged by under another edition, beside its stored findings.

    Raises NotNow: its facts were not kept, or are no case of today's rules.
    """
    kept = JudgedCase.objects.filter(issuance=issuance).first()
    try:
        case = read(IssuanceCase, kept.facts) if kept else None
    except NotReadable:
        case = None
    if case is None:
        raise NotNow(
            found=f"The facts that issuance {issuance.code} was judged by are not on file.",
            allowed="An issuance whose facts were kept, as all are since they are.",
            action="Its stored findings stand; judge a newer one.",
        )
    stored = findings_kept(issuance.findings)
    return _dry_run(case, stored, edition(issuance.edition), under, is_stored=True)


def findings_under(case: IssuanceCase, edition: Edition) -> list[Finding]:
    """Every rule on a case as this edition has it, its scrap adjustment included (R054)."""
    bare = replace(
        case,
        production=replace(case.production, adjusted_intensity=None),
        record={**(case.record or {}), "adjusted_intensity": ""},
    )
    adjusted = with_adjustment(bare, edition)
    return [*judge(adjusted, edition), *due_after_issuance(adjusted, edition)]


def _dry_run(
    case: IssuanceCase, found: list[Finding], before: Edition, after: Edition, *, is_stored: bool
) -> DryRun:
    again = findings_under(case, after)
    return DryRun(
        before=before,
        after=after,
        judged_on=case.on,
        is_stored=is_stored,
        findings=again,
        changes=changed(found, again, before, after),
    )
