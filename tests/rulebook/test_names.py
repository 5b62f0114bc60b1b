"""Every field and number that a finding can name has a name for people."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

from registry.rulebook.edition import every_edition
from registry.rulebook.engine import judge
from registry.rulebook.facts import IssuanceCase, Stage
from registry.rulebook.index import ROOT
from registry.rulebook.names import caption_of, is_named, name_of, unit_of, with_unit
from registry.rulebook.parameter_names import has_name, parameter_name
from tests.rulebook.cases import EDITION, a_case, finding
from tests.rulebook.drawn import cases

_GIVEN = {"decimal_given", "share_given", "whole_given", "date_given", "word_given", "Unusable"}
_VERDICTS = {"passed", "failed", "warned", "Fault"}
_HOMES = ("registry/rulebook", "claims/accounting")


def named_in(path: Path) -> Iterator[str]:
    """The names that rules give to facts in this file, as far as they are written out."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(ast.unparse(each).split("[")[0] == "numbers" for each in targets):
                yield from _of_numbers(targets[0], node.value)


def _of_call(node: ast.Call) -> Iterator[str]:
    function = ast.unparse(node.func).split(".")[-1]
    if function in _GIVEN and node.args:
        yield from _texts(node.args[0])
    if function in _VERDICTS:
        for each in node.keywords:
            if each.arg == "field":
                yield from _texts(each.value)
            elif each.arg is not None:
                yield each.arg


def _of_numbers(target: ast.expr, value: ast.expr | None) -> Iterator[str]:
    if isinstance(target, ast.Subscript):
        yield from _texts(target.slice)
    elif value is not None:
        for each in ast.walk(value):
            if isinstance(each, ast.Dict):
                for key in filter(None, each.keys):
                    yield from _texts(key)


def _texts(node: ast.expr) -> Iterator[str]:
    """A text, or those of a choice between two; what is composed is seen by judging cases."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


@pytest.mark.parametrize("home", _HOMES)
def test_every_name_that_a_rule_writes_out_is_in_the_table(home: str) -> None:
    written = {(name, path.name) for path in (ROOT / home).rglob("*.py") for name in named_in(path)}
    assert len(written) > 10
    missing = sorted(each for each in written if not is_named(each[0]))
    assert not missing, f"name these in registry/rulebook/names.py: {missing}"


def test_every_parameter_of_every_edition_has_a_name_for_people() -> None:
    parameters = {name for each in every_edition() for name in each.notes}
    assert sorted(name for name in parameters if not has_name(name)) == []
    assert len({parameter_name(name) for name in parameters}) == len(parameters)


@given(case=cases())
def test_so_is_every_name_in_the_findings_on_a_case(case: IssuanceCase) -> None:
    for found in judge(case, EDITION):
        assert found.field is None or is_named(found.field), found
        assert all(map(is_named, found.numbers)), found


def test_so_are_the_names_that_editions_list() -> None:
    for edition in every_edition():
        assert all(map(is_named, edition.issuance_record_fields))
        assert all(is_named(f"boundary_{each}") for each in edition.cbam_boundary_differences)


def test_a_missing_fact_is_asked_for_by_its_name() -> None:
    found = finding("R060", a_case(period_start=None))
    assert found.found == "First day of production: not given"
    assert found.action == "Give the first day of production."


def test_the_record_lists_what_is_missing_by_name() -> None:
    case = a_case(stage=Stage.ISSUANCE)
    record = {**(case.record or {}), "delivery_proof": "", "epd": ""}
    found = finding("R087", a_case(stage=Stage.ISSUANCE, record=record))
    assert "the proof of sale or delivery" in found.action
    assert "_" not in found.allowed


def test_numbers_are_seen_with_their_units() -> None:
    assert "Site's average intensity: 0.45 t CO2e/t" in finding("R021", a_case()).seen
    assert with_unit("scrap_share", "0.3") == "0.3"
    assert caption_of("electricity_mwh") == "Electricity used"
    assert unit_of("electricity_mwh") == "MWh"


def test_a_name_that_is_not_in_the_table_is_its_own_words() -> None:
    assert name_of("colour_of_the_gate") == "colour of the gate"
