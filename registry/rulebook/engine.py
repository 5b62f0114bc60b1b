"""The rulebook's engine: rules register themselves by subject, a case is judged by all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from registry.rulebook.edition import Edition
from registry.rulebook.findings import Finding, Verdict, failed
from registry.rulebook.given import Unusable

Check = Callable[[Any, Edition], Verdict]
C = TypeVar("C")

_RULES: dict[str, "Rule"] = {}
# The rules of each subject that was judged, in order: found anew when one registers.
_JUDGING: dict[type[Any], list["Rule"]] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name everywhere, where it stands, what it reads and the function that decides.

    parameters: the edition's named parameters that the function reads.
    subject: the frozen dataclass the function judges.
    boundary: false for rules without a numeric boundary, which need a pass and a fail only.
    """

    id: str
    section: str
    modality: str
    title: str
    parameters: tuple[str, ...]
    subject: type[Any]
    check: Check
    ours: bool
    boundary: bool

    def judge(self, case: object, edition: Edition) -> Finding:
        verdict = self.check(case, edition)
        return Finding(
            rule=self.id,
            section=self.section,
            modality=self.modality,
            title=self.title,
            outcome=verdict.outcome,
            found=verdict.found,
            allowed=verdict.allowed,
            action=verdict.action,
            field=verdict.field,
            ours=self.ours,
            numbers=verdict.numbers,
        )


def rule(
    id: str,
    *,
    section: str,
    modality: str,
    subject: type[C],
    parameters: tuple[str, ...] = (),
    ours: bool = False,
    boundary: bool = True,
) -> Callable[[Callable[[C, Edition], Verdict]], Callable[[C, Edition], Verdict]]:
    """Register the decorated function as rule `id`.

    The docstring opens with the rule id and section, then one plain sentence, which becomes
    the rule's title. A fact the function cannot use (`given.Unusable`) fails the rule.
    Raises ValueError when the id is taken, the docstring does not open so, or a parameter is
    not one of the edition's.
    """

    def register(check: Callable[[C, Edition], Verdict]) -> Callable[[C, Edition], Verdict]:
        if id in _RULES:
            raise ValueError(f"{id} is registered twice: {_RULES[id].check} and {check}")
        unknown = set(parameters) - Edition.parameter_names()
        if unknown:
            raise ValueError(f"{id} names parameters no edition has: {sorted(unknown)}")

        @wraps(check)
        def guarded(case: C, edition: Edition) -> Verdict:
            try:
                return check(case, edition)
            except Unusable as fact:
                return failed(fact.found, fact.allowed, fact.action, field=fact.field)

        _JUDGING.clear()
        _RULES[id] = Rule(
            id=id,
            section=section,
            modality=modality,
            title=_title(id, section, check.__doc__),
            parameters=parameters,
            subject=subject,
            check=guarded,
            ours=ours,
            boundary=boundary,
        )
        return guarded

    return register


def rules(subject: type[Any] | None = None) -> list[Rule]:
    """All rules in the order of their ids, or those that judge `subject`."""
    found = [each for each in _RULES.values() if subject is None or each.subject is subject]
    return sorted(found, key=lambda each: each.id)


def judge(case: object, edition: Edition) -> list[Finding]:
    """Every rule for this kind of case, in the order of their ids. Never stops at the first."""
    subject = type(case)
    if subject not in _JUDGING:
        _JUDGING[subject] = rules(subject)
    return [each.judge(case, edition) for each in _JUDGING[subject]]


def _title(id: str, section: str, docstring: str | None) -> str:
    opening = f"{id} ({section}): "
    first = (docstring or "").strip().split("\n\n")[0]
    if not first.startswith(opening):
        raise ValueError(f"{id}: the docstring must open with {opening!r}, found {first[:60]!r}")
    return " ".join(first.removeprefix(opening).split())
