"""What a site runs on: which description holds when, and what an application is judged by."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from registry.errors import BadInput, KeyReused
from registry.models import ProductionTechnology, SiteTechnology
from registry.rulebook.facts import Stage
from registry.services.cases import issuance_case
from registry.services.productions import change_production, findings_of
from registry.services.technology import describe_technology, technologies_of, technology_for
from tests.cast import (
    Cast,
    approve,
    cast,
    key,
    production,
    site,
    submit,
    technology,
    verify,
    vintage,
)
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

YEAR = date(2025, 1, 1), date(2025, 12, 31)
CAPTURE: dict[str, Any] = {
    "capture_points": [
        {"name": "Stove", "emissions": Decimal(900_000), "captured_share": Decimal("0.95")}
    ],
    "captured": [
        {
            "destination": "geological",
            "share": Decimal(1),
            "lowers_intensity": True,
            "monitoring": "MRV plan",
            "liability": "Transfer agreement",
        }
    ],
    "storage_operational_on": date(2020, 1, 1),
    "leakage_detection": "Pressure and mass balance",
    "co2_leaked_share": Decimal("0.001"),
    "labels": ["ccs", "renewable_hydrogen", "renewable_electricity"],
}


@pytest.fixture
def people() -> Cast:
    return cast()


def from_days(*days: date) -> list[SiteTechnology]:
    return [SiteTechnology(valid_from=day) for day in days]


def test_the_description_of_the_first_day_holds_for_the_period() -> None:
    old, new = from_days(date(2020, 1, 1), date(2024, 1, 1))
    assert technology_for([old, new], *YEAR) == (new, None)
    assert technology_for([old, new], date(2023, 1, 1), date(2023, 12, 31)) == (old, None)


def test_a_period_before_every_description_has_none() -> None:
    assert technology_for(from_days(date(2026, 1, 1)), *YEAR) == (None, None)


def test_a_change_inside_the_period_is_told_and_one_on_its_edges_is_none() -> None:
    old, new = from_days(date(2020, 1, 1), date(2025, 12, 31))
    assert technology_for([old, new], *YEAR) == (old, date(2025, 12, 31))
    (edge,) = from_days(YEAR[0])
    assert technology_for([old, edge], *YEAR) == (edge, None)


def test_a_new_description_takes_over_from_what_begins_later() -> None:
    mistaken, right = from_days(date(2025, 7, 1), date(2020, 1, 1))
    assert technology_for([mistaken, right], *YEAR) == (right, None)


def test_a_description_with_its_rows_is_judged_as_it_was_given(people: Cast) -> None:
    works = site(people)
    technology(people, works, **CAPTURE)
    draft = production(people, at=works)
    facts = issuance_case(draft, stage=Stage.APPLICATION, on=timezone.now().date()).technology
    assert facts is not None
    assert facts.capture_points[0].captured_share == Decimal("0.95")
    assert facts.captured[0].liability == "Transfer agreement"
    assert not [each for each in findings_of(draft, on=timezone.now().date()) if each.failed]


def test_a_submitted_application_keeps_its_description(people: Cast) -> None:
    works = site(people)
    draft = production(people, at=works)
    engagement = submit(people, draft)
    kept = ProductionTechnology.objects.get(production=draft).technology
    technology(people, works, natural_gas_used=True)

    verify(people, engagement)
    issuance = approve(people, draft)

    assert issuance.record["abatement"].startswith("renewable hydrogen, renewable electricity")
    assert "determined on" in issuance.record["additionality"].lower()
    assert issuance.record["end_use"] == "Car bodies"
    assert ProductionTechnology.objects.get(production=draft).technology == kept


def test_a_draft_is_judged_by_the_newest_description(people: Cast) -> None:
    works = site(people)
    draft = production(people, at=works)
    technology(people, works, natural_gas_used=True)
    failing = {each.rule for each in findings_of(draft, on=timezone.now().date()) if each.failed}
    assert failing == {"R038"}


def test_a_change_inside_the_period_asks_for_two_productions(people: Cast) -> None:
    works = site(people)
    draft = production(people, at=works)
    start, _end = vintage(timezone.now())
    technology(people, works, valid_from=start.replace(month=7))
    failing = {each.rule for each in findings_of(draft, on=timezone.now().date()) if each.failed}
    assert failing == {"R033", "R034", "R035", "R036", "R037", "R038", "R088"}
    change_production(
        by=people.alice,
        now=timezone.now(),
        key=key(),
        production=draft,
        values={"period_start": start.replace(month=7)},
    )
    draft.refresh_from_db()
    assert not [each for each in findings_of(draft, on=timezone.now().date()) if each.failed]


def test_a_description_never_changes(people: Cast) -> None:
    works = site(people)
    with pytest.raises(ProgrammingError), transaction.atomic():
        works.technologies.update(natural_gas_used=True)
    with pytest.raises(ProgrammingError), transaction.atomic():
        works.technologies.get().delete()


def describe(people: Cast, by: Any, **values: Any) -> SiteTechnology:
    return describe_technology(
        by=by,
        now=timezone.now(),
        key=key(),
        site=people.nordmetall.sites.get(),
        values={"valid_from": date(2025, 1, 1), **values},
    )


WRONG = {
    "valid_from": [None, date(1700, 1, 1)],
    "co2_leaked_share": [Decimal("1.01"), Decimal("-0.1")],
    "methane_leakage_share": [Decimal(2)],
    "hydrogen_heat_share": [Decimal("0.1234567")],
    "natural_gas_used": ["perhaps"],
    "labels": [["green"], ["ccs", "ccs"]],
    "leakage_detection": ["x" * 301],
    "colour": ["red"],
}
WRONG_ROWS = {
    "capture_points.0.captured_share": {"capture_points": [{"name": "A", "emissions": Decimal(1)}]},
    "capture_points.0.emissions": {
        "capture_points": [{"name": "A", "emissions": Decimal(-1), "captured_share": Decimal(1)}]
    },
    "captured.0.destination": {"captured": [{"destination": "sea", "share": Decimal(1)}]},
    "captured.1.share": {
        "captured": [
            {"destination": "use", "share": Decimal("0.5")},
            {"destination": "use", "share": Decimal("1.5")},
        ]
    },
    "feedstocks.0.kind": {"feedstocks": [{"name": "Charcoal", "kind": "good"}]},
    "feedstocks.0.name": {"feedstocks": [{"kind": "residue"}]},
    "feedstocks.0.colour": {"feedstocks": [{"name": "C", "kind": "residue", "colour": "red"}]},
    "feedstocks": {"feedstocks": [{"name": "C", "kind": "residue"}] * 51},
}


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, some in WRONG.items() for v in some])
def test_a_wrong_value_names_its_field(people: Cast, field: str, value: Any) -> None:
    site(people)
    with refused(BadInput) as bad:
        describe(people, people.alice, **{field: value})
    assert list(bad.value.errors) == [field]


@pytest.mark.parametrize("field", WRONG_ROWS)
def test_a_wrong_row_names_its_number_and_field(people: Cast, field: str) -> None:
    site(people)
    with refused(BadInput) as bad:
        describe(people, people.alice, **WRONG_ROWS[field])
    assert list(bad.value.errors) == [field]


def test_storage_does_not_operate_before_its_contract(people: Cast) -> None:
    site(people)
    with refused(BadInput) as bad:
        describe(
            people,
            people.alice,
            storage_contracted_on=date(2025, 2, 1),
            storage_operational_on=date(2025, 1, 31),
        )
    assert list(bad.value.errors) == ["storage_operational_on"]


def test_only_who_may_act_for_the_producer_describes(people: Cast) -> None:
    site(people)
    with refused(Refused):
        describe(people, people.anton)
    with refused(NotVisible):
        describe(people, people.erik)


def test_a_repeat_is_one_description_and_a_used_key_is_told(people: Cast) -> None:
    works, once = site(people), key()
    given = {"valid_from": date(2025, 1, 1), **CAPTURE}
    made = [
        describe_technology(by=people.alice, now=timezone.now(), key=once, site=works, values=given)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert technologies_of(works).count() == 2
    with refused(KeyReused):
        describe_technology(
            by=people.alice,
            now=timezone.now(),
            key=once,
            site=works,
            values={"valid_from": date(2025, 1, 2)},
        )
