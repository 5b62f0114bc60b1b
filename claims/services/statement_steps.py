"""The steps of a statement's life: taken by the table, recorded with who and when."""

from datetime import datetime

from accounts.models import User
from accounts.permissions import close_to
from claims.models import Assurance, Statement, StatementStep
from claims.transitions import ASSURANCE_STEPS, STATEMENT_STEPS, AssuranceState
from registry.errors import NotNow
from registry.transitions import actions, after

ASSURE = "claims.assure_statement"


def lock(statement: Statement) -> Statement:
    """The statement as it stands, held until the transaction ends."""
    rows = Statement.objects.select_related("inventory__organisation", "organisation")
    rows = rows.defer("document")
    return rows.select_for_update(of=("self",)).get(pk=statement.pk)


def step(statement: Statement, action: str, *, by: User, now: datetime, note: str = "") -> None:
    """Take one step of the table and record it. The caller saves. Raises NotNow."""
    before, statement.state = statement.state, require_step(statement, action)
    record(statement, before, by=by, now=now, note=note)


def require_step(statement: Statement, action: str) -> str:
    """The state that the step leads to. Raises NotNow where it does not follow."""
    to_state = after(STATEMENT_STEPS, statement.state, action)
    if to_state is None:
        allowed = ", ".join(actions(STATEMENT_STEPS, statement.state)) or "nothing"
        raise NotNow(
            found=f"The statement is {statement.state}: “{action}” does not follow.",
            allowed=f"What may follow: {allowed}.",
            action="Reload the page to see where it stands.",
        )
    return to_state


def record(statement: Statement, before: str, *, by: User, now: datetime, note: str = "") -> None:
    StatementStep.objects.create(
        statement=statement, from_state=before, to_state=statement.state, by=by, at=now, note=note
    )


def close_engagement(statement: Statement, *, by: User, now: datetime) -> None:
    """End an open engagement without an opinion: its door closes."""
    for each in statement.assurances.filter(state=AssuranceState.OPEN).select_related("auditor"):
        end(each, "close", by=by, now=now)


def end(assurance: Assurance, action: str, *, by: User, now: datetime) -> None:
    """Take a step of an engagement, which ends it. Raises NotNow."""
    to_state = after(ASSURANCE_STEPS, assurance.state, action)
    if to_state is None:
        raise NotNow(
            found=f"The engagement is over: {AssuranceState(assurance.state).label}.",
            allowed="An opinion is given once, in an open engagement.",
            action="Ask the claimant for a new engagement.",
        )
    assurance.state = to_state
    assurance.ended_at, assurance.ended_by = now, by
    assurance.save()
    close_to(assurance.auditor, ASSURE, assurance.statement)
