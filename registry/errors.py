"""What a service raises when it refuses; views, API and tasks turn each into its answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.rulebook.findings import Finding, failures


@dataclass(eq=False)
class RulesBroken(Exception):
    """At least one rule fails (HTTP 422). findings: all of them, passes included."""

    findings: Sequence[Finding]

    @property
    def failures(self) -> list[Finding]:
        return failures(self.findings)

    def __str__(self) -> str:
        return " ".join(
            f"{f.rule} ({f.section}): {f.found}. Allowed: {f.allowed}. {f.action}"
            for f in self.failures
        )


@dataclass(eq=False)
class NotNow(Exception):
    """The record is in a state that does not allow this (HTTP 409)."""

    found: str
    allowed: str
    action: str

    def __str__(self) -> str:
        return f"{self.found} {self.allowed} {self.action}"


@dataclass(eq=False)
class BadInput(Exception):
    """A value has the wrong shape for its field (HTTP 400). errors: field -> what to do."""

    errors: dict[str, list[str]]

    def __str__(self) -> str:
        return "; ".join(f"{field}: {' '.join(texts)}" for field, texts in self.errors.items())


class KeyReused(Exception):
    """The idempotency key came before with other input (HTTP 409)."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key {key!r} was used before for another request. "
            "Use a new key for a new request, or repeat the first one unchanged."
        )
