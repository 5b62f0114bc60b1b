"""The two ways in which somebody may not: a refusal with a reason, and not being shown at all."""

from dataclasses import dataclass


@dataclass(eq=False)
class Refused(Exception):
    """An insider without the right (HTTP 403). rule: the rulebook's id, empty for a right."""

    found: str
    allowed: str
    action: str
    rule: str = ""
    section: str = ""

    def __str__(self) -> str:
        name = f"{self.rule} ({self.section}): " if self.rule else ""
        return f"{name}{self.found} {self.allowed} {self.action}".strip()


class NotVisible(Exception):
    """An outsider asks for something they may not know of (HTTP 404)."""
