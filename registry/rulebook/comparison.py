"""Two editions side by side, and one case under both: what changes, and nothing is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.rulebook.edition import Edition
from registry.rulebook.engine import judge, rules
from registry.rulebook.findings import Finding
from registry.rulebook.index import plain
from registry.rulebook.strictness import Demand, demand


@dataclass(frozen=True, slots=True)
class Difference:
    """A parameter whose value differs between two editions.

    section, unit, ambiguity and note are the second edition's. demand: whether that value asks
    for more or less than the first. rules: the ids of those that read it.
    """

    parameter: str
    section: str
    unit: str
    ambiguity: str
    note: str
    before: object
    after: object
    demand: Demand
    rules: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The difference as JSON-ready values, decimals as strings."""
        return {
            "parameter": self.parameter,
            "section": self.section,
            "unit": self.unit,
            "ambiguity": self.ambiguity,
            "note": self.note,
            "before": plain(self.before),
            "after": plain(self.after),
            "demand": str(self.demand),
            "rules": list(self.rules),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A rule whose finding differs under another edition; None where only one of them has it.

    parameters: those that the rule reads and that the editions give different values, which is why.
    """

    before: Finding | None
    after: Finding | None
    parameters: tuple[str, ...] = ()

    @property
    def shown(self) -> Finding:
        """The finding that names the rule: the later one, where there is one."""
        found = self.after or self.before
        assert found is not None  # one of the two is there, or nothing changed
        return found

    @property
    def decides(self) -> bool:
        """Whether the outcome changes, and not the words and numbers alone."""
        before = self.before.outcome if self.before else None
        return before is not (self.after.outcome if self.after else None)

    def as_dict(self) -> dict[str, object]:
        return {
            "rule": self.shown.rule,
            "decides": self.decides,
            "parameters": list(self.parameters),
            "before": self.before.as_dict() if self.before else None,
            "after": self.after.as_dict() if self.after else None,
        }


def differences(before: Edition, after: Edition) -> list[Difference]:
    """The parameters that two editions give different values, by name."""
    return [
        _difference(name, before, after)
        for name in sorted(Edition.parameter_names())
        if getattr(before, name) != getattr(after, name)
    ]


def changes(case: object, before: Edition, after: Edition) -> list[Change]:
    """The findings on a case that another edition would change, in the order of the rules."""
    return changed(judge(case, before), judge(case, after), before, after)


def changed(
    found: Iterable[Finding], other: Iterable[Finding], before: Edition, after: Edition
) -> list[Change]:
    """Where two judgements differ. found: by `before`, or stored long ago; other: by `after`."""
    return list(_changed({f.rule: f for f in found}, {f.rule: f for f in other}, before, after))


def _changed(
    found: dict[str, Finding], other: dict[str, Finding], before: Edition, after: Edition
) -> Iterator[Change]:
    reads = {each.id: each.parameters for each in rules()}
    for rule in sorted({*found, *other}):
        one, two = found.get(rule), other.get(rule)
        if one != two:
            differing = [
                name
                for name in reads.get(rule, ())
                if getattr(before, name) != getattr(after, name)
            ]
            yield Change(one, two, tuple(differing))


def _difference(name: str, before: Edition, after: Edition) -> Difference:
    note = after.notes[name]
    one, two = getattr(before, name), getattr(after, name)
    return Difference(
        parameter=name,
        section=note.section,
        unit=note.unit,
        ambiguity=note.ambiguity,
        note=note.note,
        before=one,
        after=two,
        demand=demand(name, one, two),
        rules=tuple(each.id for each in rules() if name in each.parameters),
    )
