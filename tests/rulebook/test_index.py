"""The rule index: complete, true to the tests, and findable by section."""

import json
from pathlib import Path

import pytest

from registry.rulebook.document import DOCUMENT, document, sections
from registry.rulebook.edition import Edition
from registry.rulebook.index import Entry, MarkInvalid, index, rule_tests
from tests.rulebook.cases import EDITION

ENTRIES = index()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_rule_has_a_pass_a_fail_and_where_it_has_one_a_boundary_test(entry: Entry) -> None:
    assert not entry.lacking, f"{entry.id} lacks a test of: {', '.join(entry.lacking)}"


def test_the_rulebooks_and_the_role_tables_rules_are_listed() -> None:
    listed = {each.id for each in ENTRIES}
    roles = {f"R01{n}" for n in range(8)}
    assert listed >= {"R001", "R020", "R052", "R085", "R095", "R104"} | roles


def test_every_rule_of_the_way_to_issuance_is_there() -> None:
    """Sections 2 to 6 and 10: R001–R006, R010–R017, R020–R042, R050–R056, R060–R074, R080–R089,
    R140–R145."""
    spans = ((1, 6), (10, 17), (20, 42), (50, 56), (60, 74), (80, 89), (140, 145))
    wanted = {f"R{n:03d}" for first, last in spans for n in range(first, last + 1)}
    assert wanted <= {each.id for each in ENTRIES}


def test_no_rule_without_a_boundary_is_asked_for_one() -> None:
    without = {
        "R041",
        "R051",
        "R071",
        "R074",
        "R082",
        "R096",
        "R097",
        "R105",
        "R115",
        "R135",
        "R144",
    }
    assert {each.id for each in ENTRIES if not each.boundary} <= without


def test_an_entry_carries_its_parameters_with_their_values() -> None:
    entry = next(each for each in ENTRIES if each.id == "R004")
    named = {each.name: each for each in entry.parameters}
    assert named["iron_fe_min_share"].value == "0.90"
    assert named["iron_fe_basis"].ambiguity == "AMB-1"
    assert named["iron_fe_basis"].section == "3.1"


def test_the_index_is_json_without_floats() -> None:
    text = json.dumps([each.as_dict() for each in ENTRIES])
    assert json.loads(text, parse_float=pytest.fail)


def test_every_parameter_is_read_by_a_rule_but_those_that_only_set_a_date() -> None:
    read = {parameter.name for each in ENTRIES for parameter in each.parameters}
    dates = {"offer_days", "co_claim_days", "policy_delay_days", "transfer_calendar"}
    # The most that an account may set, which its service asks.
    dates.add("retirement_cooling_off_hours")
    assert Edition.parameter_names() - read == dates


def written(tmp_path: Path, source: str) -> Path:
    folder = tmp_path / "tests" / "deep"
    folder.mkdir(parents=True)
    (folder / "test_it.py").write_text(source, "utf-8")
    return tmp_path / "tests"


def test_marks_are_found_without_importing_the_test(tmp_path: Path) -> None:
    source = """
import nothing_of_that_name
import pytest

@pytest.mark.rule("R020", "pass")
@pytest.mark.rule("R021", "fail")
def test_both(): ...

@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.rule("R001", "boundary"))])
async def test_inside(n): ...

class TestThese:
    @pytest.mark.rule("R002", "pass")
    def test_method(self): ...
"""
    found = {(each.rule, each.kind, each.name) for each in rule_tests(written(tmp_path, source))}
    assert found == {
        ("R020", "pass", "test_both"),
        ("R021", "fail", "test_both"),
        ("R001", "boundary", "test_inside"),
        ("R002", "pass", "test_method"),
    }


@pytest.mark.parametrize(
    "mark",
    [
        'rule("R020")',
        'rule("R020", "passes")',
        'rule("R020", "pass", "fail")',
        'rule(RULE, "pass")',
        'rule("R020", kind="pass")',
    ],
)
def test_a_mark_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, mark: str) -> None:
    source = f"@pytest.mark.{mark}\ndef test_it(): ..."
    with pytest.raises(MarkInvalid, match=r"test_it\.py:1"):
        list(rule_tests(written(tmp_path, source)))


def test_a_mark_of_a_rule_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    source = '@pytest.mark.rule("R999", "pass")\ndef test_it(): ...'
    with pytest.raises(MarkInvalid, match="R999"):
        index(tests=written(tmp_path, source))


def test_a_rule_without_tests_says_what_it_lacks(tmp_path: Path) -> None:
    source = '@pytest.mark.rule("R020", "pass")\ndef test_it(): ...'
    entry = next(each for each in index(tests=written(tmp_path, source)) if each.id == "R020")
    assert entry.lacking == ["fail", "boundary"]


@pytest.mark.parametrize(
    ("cited", "found"),
    [
        ("3.1", ["3.1"]),
        ("3.1, App.E", ["3.1", "App.E"]),
        ("5.1/5.2", ["5.1", "5.2"]),
        ("6.1 ex.", ["6.1"]),
        ("—", ["—"]),
    ],
)
def test_a_citation_is_split_into_its_sections(cited: str, found: list[str]) -> None:
    assert sections(cited) == found


def test_the_document_lists_sections_in_order_and_every_rule_once() -> None:
    text = document(ENTRIES, EDITION)
    headings = [line[3:].split(" ")[0] for line in text.splitlines() if line.startswith("## ")]
    numbered = [tuple(map(int, each.split("."))) for each in headings if each[0].isdigit()]
    assert numbered == sorted(numbered)
    for entry in ENTRIES:
        assert text.count(f"\n### {entry.id}\n") == 1
        assert entry.title in text


def test_the_document_stands_in_the_docs() -> None:
    assert DOCUMENT.parts[-2:] == ("docs", "rulebook.md")
