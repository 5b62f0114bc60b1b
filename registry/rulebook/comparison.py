"""Two editions side by side, and one case under both: what changes, and nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.rulebook.edition import Edition
from registry.rulebook.engine import judge
from registry.rulebook.findings import Finding


@dataclass(frozen=True, slots=True)
class Difference:
    """A parameter whose value differs between two editions, with the section it comes from."""

    parameter: str
    section: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """A rule whose finding differs under another edition."""

    before: Finding
    after: Finding

    @property
    def decides(self) -> bool:
        """Whether the outcome changes, and not the words and numbers alone."""
        return self.before.outcome is not self.after.outcome


def differences(before: Edition, after: Edition) -> list[Difference]:
    """The parameters that two editions give different values, by name."""
    return [
        Difference(name, after.notes[name].section, getattr(before, name), getattr(after, name))
        for name in sorted(Edition.parameter_names())
        if getattr(before, name) != getattr(after, name)
    ]


def changes(case: object, before: Edition, after: Edition) -> list[Change]:
    """The findings on a case that another edition would change, in the order of the rules."""
    return list(_changed(judge(case, before), judge(case, after)))


def _changed(before: list[Finding], after: list[Finding]) -> Iterator[Change]:
    for one, other in zip(before, after, strict=True):
        if one != other:
            yield Change(one, other)
