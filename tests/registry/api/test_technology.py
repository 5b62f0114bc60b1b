"""Technology and additionality through the programming interface: wrong input names its field."""

from typing import Any

import pytest

from registry.models import Additionality, SiteTechnology
from tests.cast import Cast, agreement, production, site
from tests.support.programs import Program

GOOD: dict[str, Any] = {
    "valid_from": "2025-01-01",
    "natural_gas_used": False,
    "renewable_electricity_share": "0.8",
    "renewable_supply": "Wind park",
    "labels": ["renewable_electricity"],
    "feedstocks": [{"name": "Charcoal", "kind": "residue", "origin": "Minas Gerais"}],
}


def test_a_site_is_described_and_read_back(people: Cast, alice: Program) -> None:
    works = site(people)
    made = alice.post(f"sites/{works.code}/technology/", GOOD)
    assert made.status == 201, made.text
    listed = alice.get(f"sites/{works.code}/technology/").body["results"]
    assert listed[-1] == made.body
    assert made.body["feedstocks"] == GOOD["feedstocks"]
    assert made.body["renewable_electricity_share"] == "0.8"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("valid_from", {"valid_from": "01.01.2025"}),
        ("valid_from", {"valid_from": "2025-02-30"}),
        ("valid_from", {"valid_from": None}),
        ("natural_gas_used", {"natural_gas_used": "yes"}),
        ("natural_gas_used", {"natural_gas_used": 1}),
        ("methane_leakage_share", {"methane_leakage_share": 0.002}),
        ("methane_leakage_share", {"methane_leakage_share": "0.2 %"}),
        ("methane_leakage_share", {"methane_leakage_share": "-0.1"}),
        ("hydrogen_reduction_share", {"hydrogen_reduction_share": "60"}),
        ("hydrogen_heat_share", {"hydrogen_heat_share": "NaN"}),
        ("co2_leaked_share", {"co2_leaked_share": "1.000001"}),
        ("co2_leaked_share", {"co2_leaked_share": "0,5"}),
        ("labels.0", {"labels": ["green"]}),
        ("labels", {"labels": "ccs"}),
        ("feedstocks.0.kind", {"feedstocks": [{"name": "C", "kind": "Residue"}]}),
        ("feedstocks.0.name", {"feedstocks": [{"kind": "residue"}]}),
        ("feedstocks.0", {"feedstocks": ["charcoal"]}),
        ("feedstocks", {"feedstocks": {"name": "C"}}),
        (
            "capture_points.0.emissions",
            {"capture_points": [{"name": "A", "emissions": "-1", "captured_share": "0.9"}]},
        ),
        (
            "capture_points.0.captured_share",
            {"capture_points": [{"name": "A", "emissions": "1", "captured_share": "90"}]},
        ),
        ("captured.0.destination", {"captured": [{"destination": "sea", "share": "1"}]}),
        ("captured.0.share", {"captured": [{"destination": "use", "share": "2"}]}),
        ("captured.0.share", {"captured": [{"destination": "use"}]}),
        (
            "captured.0.lowers_intensity",
            {"captured": [{"destination": "use", "share": "1", "lowers_intensity": "no"}]},
        ),
        (
            "storage_operational_on",
            {"storage_contracted_on": "2025-02-01", "storage_operational_on": "2025-01-01"},
        ),
        ("colour", {"colour": "red"}),
    ],
)
def test_a_wrong_description_names_its_field(
    people: Cast, alice: Program, field: str, change: dict[str, Any]
) -> None:
    works = site(people)
    refused = alice.post(f"sites/{works.code}/technology/", {**GOOD, **change})
    assert refused.status == 400, refused.text
    assert any(name.startswith(field) for name in refused.body["errors"]), refused.body
    assert SiteTechnology.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("determined_on", {"declared": True, "determined_on": "2025-01-01"}),
        ("determined_on", {"declared": True, "determined_on": "yesterday"}),
        ("declared", {"declared": "true"}),
        ("obligations.0.kind", {"obligations": [{"kind": "law", "name": "L"}]}),
        ("obligations.0.name", {"obligations": [{"kind": "mandate"}]}),
        (
            "obligations.0.surplus",
            {"obligations": [{"kind": "mandate", "name": "L", "surplus": "meets"}]},
        ),
        ("obligations", {"obligations": "none"}),
        ("colour", {"colour": "red"}),
    ],
)
def test_a_wrong_declaration_names_its_field(
    people: Cast, alice: Program, field: str, body: dict[str, Any]
) -> None:
    draft = production(people)
    before = Additionality.objects.get().recorded_at
    refused = alice.post(f"productions/{draft.pk}/additionality/", body)
    assert refused.status == 400, refused.text
    assert any(name.startswith(field) for name in refused.body["errors"]), refused.body
    assert Additionality.objects.get().recorded_at == before


def test_additionality_is_determined_and_read_back(people: Cast, alice: Program) -> None:
    contract = agreement(people)
    path = f"agreements/{contract.pk}/additionality/"
    assert alice.get(path).status == 404
    body = {
        "determined_on": contract.executed_on.isoformat(),
        "declared": True,
        "obligations": [{"kind": "mandate", "name": "Green steel act", "surplus": "exceeds"}],
    }
    made = alice.post(path, body)
    assert made.status == 200, made.text
    assert alice.get(path).body == made.body


def test_criteria_are_recorded_and_answered(people: Cast, alice: Program, bob: Program) -> None:
    contract = agreement(people)
    draft = production(people, agreement=contract)
    path = f"agreements/{contract.pk}/criteria/"
    asked = alice.post(path, {"kind": "hydrogen", "text": "Hourly matching"})
    assert asked.status == 201, asked.text
    assert bob.get(path).body == [asked.body]
    answer = {"criterion": asked.body["id"], "met": True}
    assert alice.post(f"productions/{draft.pk}/criteria/", answer).status == 200
    other = production(people)
    assert alice.post(f"productions/{other.pk}/criteria/", answer).status == 400


def test_outsiders_find_nothing_and_insiders_need_the_right(people: Cast) -> None:
    works, draft = site(people), production(people)
    for path, body in (
        (f"sites/{works.code}/technology/", GOOD),
        (f"productions/{draft.pk}/additionality/", {"declared": True}),
    ):
        assert Program.of(people.erik).post(path, body).status == 404
        assert Program.of(people.anton).post(path, body).status == 403
        assert Program.of(people.carl).post(path, body).status == 403


def test_the_list_takes_as_many_queries_for_many_rows(
    people: Cast, alice: Program, queries: Any
) -> None:
    works = site(people)
    path = f"sites/{works.code}/technology/"
    few = queries(lambda: alice.get(path))
    for year in range(2001, 2006):
        alice.post(path, {**GOOD, "valid_from": f"{year}-01-01"})
    assert queries(lambda: alice.get(path)) == few
