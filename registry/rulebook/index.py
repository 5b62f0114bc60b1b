"""The rule index: every rule with its section, parameters and tests, and docs/rulebook.md from it.

Tests are found by reading their source, never by importing it: a test names its rule by
`@pytest.mark.rule("R020", "boundary")`.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from registry.rulebook.edition import Edition, editions
from registry.rulebook.engine import rules

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"

# Named, not imported: the rulebook must not depend on the rooms whose rules it lists.
RULE_MODULES = ("registry.rulebook", "claims.accounting.rules")
"""Importing these registers every rule there is. Add a new home of rules here."""

ROLE_TABLE = "accounts.roles"
"""Its RULES are those of the role table."""

KINDS = ("pass", "fail", "boundary")


class MarkInvalid(ValueError):
    """A test's rule mark cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test of a rule. kind: one of KINDS. file: relative to the repository."""

    rule: str
    kind: str
    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter a rule reads, with its value in the edition the index is of."""

    name: str
    value: object
    section: str
    unit: str
    ambiguity: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as the index lists it. subject: what it judges, by the name of the facts."""

    id: str
    section: str
    modality: str
    title: str
    subject: str
    ours: bool
    boundary: bool
    parameters: tuple[Parameter, ...]
    tests: tuple[RuleTest, ...]

    @property
    def lacking(self) -> list[str]:
        """The kinds of test this rule has none of."""
        needed = KINDS if self.boundary else KINDS[:2]
        return [kind for kind in needed if kind not in {each.kind for each in self.tests}]

    def as_dict(self) -> dict[str, object]:
        """The entry as JSON-ready values, keys in the order of the fields."""
        return asdict(self)


def index(edition: Edition | None = None, *, tests: Path = TESTS) -> list[Entry]:
    """Every rule in the order of ids, with the parameters of an edition, the newest by default.

    Raises MarkInvalid when a test's mark cannot be read or names no rule.
    """
    chosen = edition or editions()[-1]
    found = list(rule_tests(tests))
    entries = [
        Entry(
            id=each.id,
            section=each.section,
            modality=each.modality,
            title=each.title,
            subject=subject,
            ours=each.ours,
            boundary=each.boundary,
            parameters=tuple(_parameter(chosen, name) for name in each.parameters),
            tests=tuple(test for test in found if test.rule == each.id),
        )
        for each, subject in _all_rules()
    ]
    unknown = {test.rule for test in found} - {entry.id for entry in entries}
    if unknown:
        raise MarkInvalid(f"tests are marked with rules that do not exist: {sorted(unknown)}")
    return sorted(entries, key=lambda entry: entry.id)


def rule_tests(tests: Path = TESTS) -> Iterator[RuleTest]:
    """The rule marks of all test files, in the order of files and lines. Raises MarkInvalid."""
    for path in sorted(tests.rglob("test_*.py")):
        file = path.relative_to(tests.parent).as_posix()
        tree = ast.parse(path.read_text("utf-8"), filename=file)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for call in _rule_marks(node.decorator_list):
                    rule, kind = _mark_arguments(file, call)
                    yield RuleTest(rule=rule, kind=kind, file=file, name=node.name)


def _rule_marks(decorators: Iterable[ast.expr]) -> Iterator[ast.Call]:
    """Calls of `pytest.mark.rule`, those inside pytest.param of a parametrised test included."""
    for decorator in decorators:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
                yield node


def _mark_arguments(file: str, call: ast.Call) -> tuple[str, str]:
    where = f"{file}:{call.lineno}"
    values = [each.value for each in call.args if isinstance(each, ast.Constant)]
    if len(values) != 2 or len(call.args) != 2 or call.keywords or values[1] not in KINDS:
        raise MarkInvalid(f'{where}: write pytest.mark.rule("R020", one of {", ".join(KINDS)})')
    return str(values[0]), str(values[1])


def _all_rules() -> Iterator[tuple[Any, str]]:
    """Each rule, of whichever home, and the name of what it judges."""
    for name in RULE_MODULES:
        if find_spec(name) is not None:
            import_module(name)
    for each in rules():
        yield each, each.subject.__name__
    for each in import_module(ROLE_TABLE).RULES:
        yield each, "role table"


def _parameter(edition: Edition, name: str) -> Parameter:
    note = edition.notes[name]
    value = plain(getattr(edition, name))
    return Parameter(name, value, note.section, note.unit, note.ambiguity)


def plain(value: object) -> object:
    """A parameter's value as JSON holds it: decimals as text, so that none becomes a float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    return value
