"""A case that is kept and read again is the same case."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from registry.rulebook.facts import IssuanceCase
from registry.rulebook.kept import NotReadable, keep, read
from tests.rulebook.cases import CERTIFIED, REVIEWED, a_case, agreed, counted
from tests.rulebook.drawn import cases

FULL = replace(
    a_case(),
    agreement=agreed("0.8"),
    issued_before=(counted("2024-01-01", "2024-12-31", 10, 20, "AG"),),
    review=REVIEWED,
    pathway=CERTIFIED,
)


@given(case=cases())
def test_a_case_survives_being_kept(case: IssuanceCase) -> None:
    assert read(IssuanceCase, json.loads(json.dumps(keep(case)))) == case


def test_so_does_one_with_every_kind_of_fact() -> None:
    assert read(IssuanceCase, json.loads(json.dumps(keep(FULL)))) == FULL


def test_a_fact_that_came_later_takes_its_default_and_one_gone_is_passed_over() -> None:
    kept = keep(FULL)
    del kept["elsewhere"]
    kept["colour_of_the_gate"] = "green"
    assert read(IssuanceCase, kept) == FULL


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"on": "2026-13-01"}, "on"),
        ({"on": None}, "on"),
        ({"stage": "later"}, "stage"),
        ({"site": []}, "site"),
        ({"issued_before": {}}, "issued_before"),
        ({"iron_drawn": 1.5}, "iron_drawn"),
        ({"iron_drawn": "much"}, "iron_drawn"),
        ({"production": {"tonnes": "ten"}}, "tonnes"),
        ({"pathway": {"checkpoints": {"one": "2025-01-01"}}}, "checkpoints"),
    ],
)
def test_what_is_no_case_says_where(change: dict[str, Any], place: str) -> None:
    with pytest.raises(NotReadable, match=place):
        read(IssuanceCase, {**keep(FULL), **change})


def test_a_case_without_what_every_case_has_is_none() -> None:
    kept = keep(FULL)
    del kept["site"]
    with pytest.raises(NotReadable, match="lacks site"):
        read(IssuanceCase, kept)


def test_nothing_inexact_is_kept() -> None:
    with pytest.raises(ValueError, match="float"):
        keep(0.5)
