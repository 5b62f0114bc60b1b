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


class JobState(State):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    EXPIRED = "expired"


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

JOB_OPEN = (JobState.WAITING, JobState.RUNNING)

# A worker that fell silent is followed by another one, so a running job may begin again.
JOB_STEPS = (
    Step(JobState.WAITING, "begin", JobState.RUNNING, "worker"),
    Step(JobState.RUNNING, "begin", JobState.RUNNING, "worker"),
    Step(JobState.RUNNING, "finish", JobState.DONE, "worker"),
    Step(JobState.RUNNING, "refuse", JobState.REFUSED, "worker"),
    Step(JobState.RUNNING, "give up", JobState.FAILED, "registry"),
    Step(JobState.DONE, "expire", JobState.EXPIRED, "registry"),
    Step(JobState.REFUSED, "expire", JobState.EXPIRED, "registry"),
    Step(JobState.FAILED, "expire", JobState.EXPIRED, "registry"),
)
