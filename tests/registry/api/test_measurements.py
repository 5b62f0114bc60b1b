"""Measurements and allocations through the interface for programs."""

from typing import Any

import pytest

from tests.cast import Cast, production, submit
from tests.support.programs import Program

LINE = {"part": "scope_1", "item": "reductants", "quantity": "600"}
FULL = {
    "scheme": "responsiblesteel",
    "data_start": "2025-01-01",
    "data_end": "2025-12-31",
    "output_tonnes": "1000",
    "covers": ["ore_mining"],
    "ends_at": "first_iron_product",
    "electricity_basis": "location",
    "allocated_emissions": "0",
    "lines": [LINE],
}


def test_a_measurement_is_replaced_and_read_back(people: Cast, alice: Program) -> None:
    address = f"productions/{production(people).pk}/measurement/"
    saved = alice.put(address, FULL)
    assert (saved.status, saved.body["site_intensity"]) == (200, "0.6")
    read = alice.get(address).body
    assert {name: read[name] for name in FULL if name != "lines"} == {
        name: value for name, value in FULL.items() if name != "lines"
    }
    assert LINE.items() <= read["lines"][0].items()


def test_the_auditor_reads_the_lines(people: Cast) -> None:
    engagement = submit(people, production(people))
    declared = Program.of(people.vera).get(f"verifications/{engagement.pk}/").body["declared"]
    assert declared["measurement"]["lines"][0]["quantity"] == "400"
    assert declared["allocation"] is None


def test_who_may(people: Cast, alice: Program) -> None:
    address = f"productions/{production(people).pk}/measurement/"
    assert Program.of(people.erik).put(address, FULL).status == 404
    assert Program.of(people.anton).put(address, FULL).status == 403


def test_without_one_there_is_nothing_to_read(people: Cast, alice: Program) -> None:
    draft = production(people, site_intensity=None)
    assert alice.get(f"productions/{draft.pk}/measurement/").status == 404
    assert alice.get(f"productions/{draft.pk}/allocation/").status == 404


WRONG = [
    {"lines": None},
    {"lines": "scope_1"},
    {"lines": [{}]},
    {"lines": [{**LINE, "part": "scope_4"}]},
    {"lines": [{**LINE, "item": "coal"}]},
    {"lines": [{**LINE, "quantity": 600}]},
    {"lines": [{**LINE, "quantity": "-1"}]},
    {"lines": [{**LINE, "quantity": "NaN"}]},
    {"lines": [{**LINE, "metallic_share": "1.5"}]},
    {"lines": [{**LINE, "colour": "red"}]},
    {"lines": [LINE], "output_tonnes": "-1"},
    {"lines": [LINE], "output_tonnes": 1000.5},
    {"lines": [LINE], "data_start": "2025-13-01"},
    {"lines": [LINE], "data_start": "2025-02-01", "data_end": "2025-01-01"},
    {"lines": [LINE], "covers": "everything"},
    {"lines": [LINE], "process_gas": "sold"},
    {"lines": [LINE], "site_intensity": "0.4"},
    {"lines": [LINE], "steps": [{"what": "x", "operation": "divide"}]},
]


@pytest.mark.parametrize("body", WRONG)
def test_wrong_input_is_named(people: Cast, alice: Program, body: dict[str, Any]) -> None:
    draft = production(people)
    refused = alice.put(f"productions/{draft.pk}/measurement/", body)
    assert refused.status == 400, refused.body
    assert refused.body["errors"]
    draft.refresh_from_db()
    assert str(draft.site_intensity) == "0.400000"


def test_a_line_that_does_not_fit_is_named_by_row_and_column(people: Cast, alice: Program) -> None:
    draft = production(people)
    lines = [LINE, {**LINE, "item": "electricity"}]
    refused = alice.put(f"productions/{draft.pk}/measurement/", {"lines": lines})
    assert "row 2, Item" in str(refused.body["errors"]["lines"])


def test_green_iron_is_saved_and_removed(people: Cast) -> None:
    draft = production(people, steel=True)
    erik, address = Program.of(people.erik), f"productions/{draft.pk}/allocation/"
    lot = {
        "name": "HBI",
        "kind": "hbi",
        "tonnes": "400",
        "metallic_share": "1",
        "intensity": "0.3",
        "is_green": True,
        "origin": "outside",
        "reference": "Lot 7",
        "declaration": "No units issued",
    }
    saved = erik.put(address, {"lots": [lot]})
    assert (saved.status, saved.body["allocation"]["lots"][0]["name"]) == (200, "HBI")
    assert erik.put(address, {"lots": [{**lot, "tonnes": "-1"}]}).status == 400
    assert erik.put(address, {"lots": []}).body["allocation"] is None
    assert Program.of(people.alice).get(address).status == 404
