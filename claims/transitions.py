"""States of the claims' records as data: what may follow what, and who may cause it."""

from enum import StrEnum

from registry.transitions import Step


class PendingState(StrEnum):
    WAITING = "waiting"
    MADE = "made"
    FALLEN = "fallen"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"waiting": "pending", "fallen": "fell away"}.get(self.value, self.value)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in cls]


PENDING_STEPS = (
    Step(PendingState.WAITING, "finish", PendingState.MADE, "registry"),
    Step(PendingState.WAITING, "refuse", PendingState.REFUSED, "registry"),
    Step(PendingState.WAITING, "withdraw", PendingState.FALLEN, "holder or operator"),
)
