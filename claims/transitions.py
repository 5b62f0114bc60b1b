"""States of the claims' records as data: what may follow what, and who may cause it."""

from registry.transitions import State, Step


class PendingState(State):
    WAITING = "waiting"
    MADE = "made"
    FALLEN = "fallen"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"waiting": "pending", "fallen": "fell away"}.get(self.value, self.value)


PENDING_STEPS = (
    Step(PendingState.WAITING, "finish", PendingState.MADE, "registry"),
    Step(PendingState.WAITING, "refuse", PendingState.REFUSED, "registry"),
    Step(PendingState.WAITING, "withdraw", PendingState.FALLEN, "holder or operator"),
)


class StatementState(State):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASSURED = "assured"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class AssuranceState(State):
    OPEN = "open"
    GIVEN = "given"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"open": "open", "given": "opinion given"}.get(self.value, "closed, no opinion")


# In the claimant's hands, and in everybody's.
UNPUBLISHED = (StatementState.DRAFT, StatementState.SUBMITTED, StatementState.ASSURED)
PUBLIC = (StatementState.PUBLISHED, StatementState.SUPERSEDED)

# From submission on the document stands still; taking it back is the only way to other words.
STATEMENT_STEPS = (
    Step(StatementState.DRAFT, "submit", StatementState.SUBMITTED, "claimant"),
    Step(StatementState.DRAFT, "discard", StatementState.DISCARDED, "claimant"),
    Step(StatementState.SUBMITTED, "take back", StatementState.DRAFT, "claimant"),
    Step(StatementState.SUBMITTED, "assure", StatementState.ASSURED, "auditor"),
    Step(StatementState.SUBMITTED, "publish", StatementState.PUBLISHED, "claimant"),
    Step(StatementState.ASSURED, "take back", StatementState.DRAFT, "claimant"),
    Step(StatementState.ASSURED, "publish", StatementState.PUBLISHED, "claimant"),
    Step(StatementState.PUBLISHED, "replace", StatementState.SUPERSEDED, "registry"),
)

ASSURANCE_STEPS = (
    Step(AssuranceState.OPEN, "give", AssuranceState.GIVEN, "auditor"),
    Step(AssuranceState.OPEN, "decline", AssuranceState.CLOSED, "auditor"),
    Step(AssuranceState.OPEN, "close", AssuranceState.CLOSED, "claimant"),
)
