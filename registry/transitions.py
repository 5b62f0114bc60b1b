"""States as data: what may follow what, and who may cause it. One table per kind of record."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a record of some kind stands: how a person reads it, and what a column may hold."""

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in cls]


class ProductionState(State):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_VERIFICATION = "in_verification"
    RETURNED = "returned"
    VERIFIED = "verified"
    APPROVED = "approved"
    PROVISIONAL = "provisional"
    ISSUED = "issued"


class RetirementState(State):
    RETIRING = "retiring"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


class CancellationState(State):
    AWAITING_APPROVAL = "awaiting_approval"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class SuspensionState(State):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    LIFTING = "lifting"
    CANCELLING = "cancelling"
    LIFTED = "lifted"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class AdjustmentState(State):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


class ExAnteState(State):
    OPEN = "open"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class TransferState(State):
    AWAITING_APPROVAL = "awaiting_approval"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class CoClaimState(State):
    PROPOSED = "proposed"
    EXECUTED = "executed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class SeatState(State):
    RESERVED = "reserved"
    ASKED = "asked"
    CONSENTED = "consented"
    HELD = "held"

    @property
    def label(self) -> str:
        return {"reserved": "to be named", "asked": "consent awaited"}.get(self.value, self.value)


class PolicyState(State):
    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class NoticeState(State):
    SENT = "sent"
    UNDERTAKEN = "undertaken"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed change of state and who causes it."""

    before: str
    action: str
    after: str
    actor: str


PRODUCTION_STEPS = (
    Step(ProductionState.DRAFT, "submit", ProductionState.SUBMITTED, "producer"),
    Step(ProductionState.RETURNED, "submit", ProductionState.SUBMITTED, "producer"),
    Step(ProductionState.SUBMITTED, "start", ProductionState.IN_VERIFICATION, "auditor"),
    Step(ProductionState.IN_VERIFICATION, "verify", ProductionState.VERIFIED, "auditor"),
    Step(ProductionState.IN_VERIFICATION, "return", ProductionState.RETURNED, "auditor"),
    Step(ProductionState.VERIFIED, "send back", ProductionState.RETURNED, "operator"),
    Step(ProductionState.VERIFIED, "approve", ProductionState.APPROVED, "two operators"),
    Step(ProductionState.APPROVED, "issue", ProductionState.ISSUED, "registry"),
    # Under a long-term offtake (R083) units come first and the ex-post audit follows.
    Step(ProductionState.SUBMITTED, "approve early", ProductionState.APPROVED, "two operators"),
    Step(
        ProductionState.IN_VERIFICATION,
        "approve early",
        ProductionState.APPROVED,
        "two operators",
    ),
    Step(ProductionState.APPROVED, "issue early", ProductionState.PROVISIONAL, "registry"),
    Step(ProductionState.PROVISIONAL, "start", ProductionState.PROVISIONAL, "auditor"),
    Step(ProductionState.PROVISIONAL, "verify", ProductionState.ISSUED, "auditor"),
)

# An order of units whose retirement can still be withdrawn. Suspension closes it (GAP-6).
RETIREMENT_STEPS = (
    Step(RetirementState.RETIRING, "finish", RetirementState.RETIRED, "registry"),
    Step(RetirementState.RETIRING, "withdraw", RetirementState.WITHDRAWN, "holder"),
    Step(RetirementState.RETIRING, "close", RetirementState.WITHDRAWN, "operator"),
)

CANCELLATION_STEPS = (
    Step(CancellationState.AWAITING_APPROVAL, "approve", CancellationState.CANCELLED, "holder"),
    Step(CancellationState.AWAITING_APPROVAL, "withdraw", CancellationState.WITHDRAWN, "holder"),
)

SUSPENSION_STEPS = (
    Step(SuspensionState.PROPOSED, "approve", SuspensionState.IN_FORCE, "two operators"),
    Step(SuspensionState.PROPOSED, "withdraw", SuspensionState.WITHDRAWN, "operator"),
    Step(SuspensionState.IN_FORCE, "lift", SuspensionState.LIFTING, "operator"),
    Step(SuspensionState.IN_FORCE, "cancel", SuspensionState.CANCELLING, "operator"),
    Step(SuspensionState.LIFTING, "approve", SuspensionState.LIFTED, "two operators"),
    Step(SuspensionState.LIFTING, "withdraw", SuspensionState.IN_FORCE, "operator"),
    Step(SuspensionState.CANCELLING, "approve", SuspensionState.CANCELLED, "two operators"),
    Step(SuspensionState.CANCELLING, "withdraw", SuspensionState.IN_FORCE, "operator"),
)

ADJUSTMENT_STEPS = (
    Step(AdjustmentState.PROPOSED, "approve", AdjustmentState.IN_FORCE, "two operators"),
    Step(AdjustmentState.PROPOSED, "withdraw", AdjustmentState.WITHDRAWN, "operator"),
)

TRANSFER_STEPS = (
    Step(TransferState.AWAITING_APPROVAL, "approve", TransferState.OFFERED, "sender"),
    Step(TransferState.AWAITING_APPROVAL, "withdraw", TransferState.WITHDRAWN, "sender"),
    Step(TransferState.AWAITING_APPROVAL, "expire", TransferState.EXPIRED, "registry"),
    Step(TransferState.OFFERED, "accept", TransferState.ACCEPTED, "recipient"),
    Step(TransferState.OFFERED, "decline", TransferState.DECLINED, "recipient"),
    Step(TransferState.OFFERED, "withdraw", TransferState.WITHDRAWN, "sender"),
    Step(TransferState.OFFERED, "expire", TransferState.EXPIRED, "registry"),
    Step(TransferState.AWAITING_APPROVAL, "close", TransferState.WITHDRAWN, "operator"),
    Step(TransferState.OFFERED, "close", TransferState.WITHDRAWN, "operator"),
)

CO_CLAIM_STEPS = (
    Step(CoClaimState.PROPOSED, "confirm", CoClaimState.EXECUTED, "issuer"),
    Step(CoClaimState.PROPOSED, "decline", CoClaimState.DECLINED, "party or issuer"),
    Step(CoClaimState.PROPOSED, "withdraw", CoClaimState.WITHDRAWN, "holder"),
    Step(CoClaimState.PROPOSED, "expire", CoClaimState.EXPIRED, "registry"),
)

SEAT_STEPS = (
    Step(SeatState.RESERVED, "name", SeatState.ASKED, "holder"),
    Step(SeatState.ASKED, "consent", SeatState.CONSENTED, "party"),
    Step(SeatState.ASKED, "refuse", SeatState.RESERVED, "party"),
    Step(SeatState.ASKED, "take back", SeatState.RESERVED, "holder"),
    Step(SeatState.CONSENTED, "refuse", SeatState.RESERVED, "party or issuer"),
    Step(SeatState.CONSENTED, "take back", SeatState.RESERVED, "holder"),
    Step(SeatState.CONSENTED, "confirm", SeatState.HELD, "issuer"),
)

POLICY_STEPS = (
    Step(PolicyState.PROPOSED, "approve", PolicyState.APPROVED, "second person"),
    Step(PolicyState.PROPOSED, "withdraw", PolicyState.WITHDRAWN, "account's people"),
)

EX_ANTE_STEPS = (
    Step(ExAnteState.OPEN, "sign", ExAnteState.SIGNED, "auditor"),
    Step(ExAnteState.OPEN, "withdraw", ExAnteState.WITHDRAWN, "producer"),
)

NOTICE_STEPS = (
    Step(NoticeState.SENT, "undertake", NoticeState.UNDERTAKEN, "recipient, or producer for it"),
    Step(NoticeState.SENT, "withdraw", NoticeState.WITHDRAWN, "producer"),
)


def after(steps: tuple[Step, ...], before: str, action: str) -> str | None:
    """The state that `action` leads to, or None where it is not allowed from `before`."""
    for step in steps:
        if step.before == before and step.action == action:
            return step.after
    return None


def actions(steps: tuple[Step, ...], before: str) -> tuple[str, ...]:
    return tuple(step.action for step in steps if step.before == before)
