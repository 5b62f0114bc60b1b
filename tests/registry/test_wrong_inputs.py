"""Two hundred wrong inputs: each is refused with its field, its row and column, or its rule.

None is answered by an error of the server, and none leaves anything behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from registry.errors import BadInput
from registry.evidence import inspect
from registry.models import Agreement, Baseline, Production, Site
from registry.services import lines
from tests.cast import Cast, agreement, cast, production, site
from tests.registry.web.conftest import send
from tests.registry.wrong_inputs import API, EVIDENCE, FILES, FORM, HEAD, ROWS, RULES, STEEL
from tests.rulebook.cases import a_case, an_iron_case, finding
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class World:
    """Alice with a site, a draft and an agreement; requests that are right, by name."""

    people: Cast
    draft: Production
    requests: Mapping[str, tuple[str, str, dict[str, Any]]]
    pages: Mapping[str, tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def world(shared_database: None) -> World:
    people = cast()
    works, contract = site(people), agreement(people)
    draft = production(people, at=works)
    return World(people, draft, _requests(people, draft, contract), _pages(people, works, contract))


@pytest.fixture(scope="module")
def alice(world: World) -> Program:
    return Program.of(world.people.alice)


@pytest.fixture(scope="module")
def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.people.alice)
    return client


def named(cases: list[Any]) -> Any:
    """Parameters with readable ids."""
    return [pytest.param(*each, id=f"{n}-{each[0]}"[:60]) for n, each in enumerate(cases, start=1)]


def left() -> tuple[int, ...]:
    return tuple(each.objects.count() for each in (Site, Baseline, Production, Agreement))


def test_they_are_two_hundred_and_each_is_another() -> None:
    ways = (API, FORM, ROWS, FILES, EVIDENCE, RULES)
    wrong = [(way, each) for way, some in enumerate(ways) for each in some]
    assert len({repr(each) for each in wrong}) == len(wrong) >= 200


@pytest.mark.parametrize(("what", "change", "field"), named(API))
def test_the_interface_names_the_field(
    world: World, alice: Program, what: str, change: dict[str, Any], field: str
) -> None:
    method, address, body = world.requests[what]
    before = left()
    if what == "evidence":
        refused = alice.upload(address, "tickets.csv", b"ticket,tonnes\n1,1\n", **change)
    else:
        refused = alice.send(method, address, {**body, **change})
    assert refused.status == 400, refused.text
    assert field in refused.body["errors"], refused.text
    assert left() == before


@pytest.mark.parametrize("what", sorted({each[0] for each in API} - {"evidence", "submit"}))
def test_without_the_change_the_request_is_right(world: World, alice: Program, what: str) -> None:
    method, address, body = world.requests[what]
    answer = alice.send(method, address, body)
    assert answer.status in (200, 201), answer.text


@pytest.mark.parametrize(("what", "change", "field"), named(FORM))
def test_the_form_names_the_field(
    world: World, browser: Client, what: str, change: dict[str, str], field: str
) -> None:
    address, values = world.pages[what]
    before = left()
    response = send(browser, address, {**values, **change})
    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert left() == before


@pytest.mark.parametrize("what", sorted({each[0] for each in FORM}))
def test_without_the_change_the_form_is_right(world: World, browser: Client, what: str) -> None:
    address, values = world.pages[what]
    assert send(browser, address, values).status_code == 302


@pytest.mark.parametrize(("row", "place"), named(ROWS))
def test_a_line_is_named_by_row_and_column(row: str, place: str) -> None:
    table = lines.table_of(lines.LINES, name="lines.csv", content=f"{HEAD}\n{row}\n".encode())
    _, faults = lines.lines_of(table)
    assert any(place in each for each in faults), faults


@pytest.mark.parametrize(("name", "content"), named(FILES))
def test_a_file_that_is_no_table_of_lines_is_told_so(name: str, content: bytes) -> None:
    table = lines.table_of(lines.LINES, name=name, content=content)
    rows, faults = lines.lines_of(table)
    assert faults
    assert all(len(each) > 20 for each in faults), faults
    assert not rows or name.endswith(".csv")


@pytest.mark.parametrize(("name", "content"), named(EVIDENCE))
def test_a_file_that_is_not_what_it_says_is_no_evidence(name: str, content: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        inspect(name, BytesIO(content))
    assert list(refused.value.errors) == ["file"]


@pytest.mark.parametrize(("unit", "facts", "rule"), named(RULES))
def test_a_wrong_fact_is_refused_by_its_rule(unit: str, facts: dict[str, Any], rule: str) -> None:
    made = a_case if unit == STEEL else an_iron_case
    found = finding(rule, made(**{name: _value(name, each) for name, each in facts.items()}))
    assert found.failed, found
    assert found.found
    assert found.allowed
    assert found.action


def _value(name: str, given: Any) -> Any:
    if not isinstance(given, str):
        return given
    if name == "on" or name.endswith(("_on", "period_start", "period_end")):
        return date.fromisoformat(given)
    return Decimal(given) if name.endswith(("_share", "_intensity")) else given


def _requests(
    people: Cast, draft: Production, contract: Agreement
) -> dict[str, tuple[str, str, dict[str, Any]]]:
    ours, code = str(people.nordmetall.pk), draft.site.code
    own = f"productions/{draft.pk}/"
    value = {
        "organisation": ours,
        "kind": "regional",
        "name": "Nordic average",
        "functional_unit": "iron",
        "value_intensity": "1.9",
        "source": "Industry statistics 2024",
    }
    point = {"primary_intensity": "2.46", "primary_scrap_share": "0.15"}
    scale = {"secondary_intensity": "0.62", "secondary_scrap_share": "0.95", **point}
    steel = {"kind": "sliding_scale", "functional_unit": "crude_steel", "source": "Own study"}
    line = {"part": "scope_1", "item": "reductants", "quantity": "400"}
    return {
        "site": (
            "POST",
            "sites/",
            {"organisation": ours, "code": "NMW9", "name": "W", "country": "SE", "route": "dri"},
        ),
        "baseline": ("POST", "baselines/", value),
        "scale": (
            "POST",
            "baselines/",
            {"organisation": ours, "name": "Scale", **steel, **scale},
        ),
        "draft": ("PATCH", own, {}),
        "measurement": (
            "PUT",
            f"{own}measurement/",
            {"data_start": "2025-01-01", "output_tonnes": "1000", "lines": [line]},
        ),
        "technology": ("POST", f"sites/{code}/technology/", {"valid_from": "2025-01-01"}),
        "additionality": ("POST", f"{own}additionality/", {"declared": True}),
        "agreement": (
            "POST",
            "agreements/",
            {
                "issuer": ours,
                "buyers": [str(people.broker.pk)],
                "reference": "AG-9",
                "executed_on": "2025-01-05",
                "end_use": "Cars",
            },
        ),
        "pathway": ("POST", f"sites/{code}/pathway/", {"first_data_on": "2016-01-01"}),
        "certificate": (
            "POST",
            f"sites/{code}/certificates/",
            {
                "kind": "interoperable",
                "reference": "C-1",
                "body": "A scheme",
                "valid_from": "2020-01-01",
                "valid_until": "2030-12-31",
            },
        ),
        "evidence": ("POST", f"{own}evidence/", {}),
        "submit": ("POST", f"{own}submit/", {}),
    }


def _pages(people: Cast, works: Site, contract: Agreement) -> dict[str, tuple[str, dict[str, str]]]:
    origin = {"gas_basis": "CO2e", "year": "2024", "source": "Industry statistics"}
    points = {"primary_intensity": "2.46", "primary_scrap_share": "15"}
    points |= {"secondary_intensity": "0.62", "secondary_scrap_share": "95"}
    return {
        "site": ("/sites/new/", {"name": "W", "code": "NMW8", "route": "dri", "country": "SE"}),
        "value": (
            "/baselines/new/value/",
            {
                "kind": "regional",
                "name": "Average",
                "functional_unit": "iron",
                "value_intensity": "1.9",
                **origin,
            },
        ),
        "scale": (
            "/baselines/new/scale/",
            {"name": "Scale", "region": "World", **origin, **points},
        ),
        "production": (f"/sites/{works.code}/productions/new/", {"functional_unit": "iron"}),
        "agreement": (
            "/agreements/new/",
            {
                "reference": "AG-8",
                "executed_on": "2025-01-05",
                "buyers": str(people.broker.pk),
                "claims_agreed": "1",
                "transfer_to": "anybody",
                "end_use": "Cars",
            },
        ),
        "criterion": (
            f"/agreements/{contract.pk}/criteria/new/",
            {"kind": "plan", "text": "A plan toward DPL4"},
        ),
    }
