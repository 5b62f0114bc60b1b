"""The public lists: searched, narrowed, in pages, and as files for programs."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import Issuance, Retirement
from registry.public.units import unit_range
from tests.cast import Cast, issue

ISSUANCES = "/register/issuances/"
RETIREMENTS = "/register/retirements/"


def shown(client: Client, path: str, query: dict[str, Any] | None = None) -> list[str]:
    """The codes on the page, in order."""
    response = client.get(path, query or {})
    assert response.status_code == 200
    return [row.code for row in response.context["page"]]


def test_a_visitor_reads_what_was_issued_and_what_became_of_it(
    client: Client, issuance: Issuance
) -> None:
    html = client.get(ISSUANCES).content.decode()

    assert issuance.code in html
    assert "Nordmetall Iron AB" in html
    assert "Sweden" in html
    assert "1,000 t" in html
    assert "900 t" in html
    assert "100 t" in html


@pytest.mark.parametrize(
    "query",
    [
        {"q": "nordmetall"},
        {"q": "Nordmetall works"},
        {"producer": "iron ab"},
        {"country": "SE"},
        {"functional_unit": "iron"},
        {"product": "dri"},
        {"vintage": str(timezone.now().year - 1)},
        {"level": "DPL3"},
        {"state": "retired"},
    ],
)
def test_each_filter_finds_the_iron_and_not_the_steel(
    client: Client, people: Cast, issuance: Issuance, query: dict[str, str]
) -> None:
    if "vintage" not in query and "level" not in query:
        issue(people, tonnes=10, steel=True)

    assert shown(client, ISSUANCES, query) == [issuance.code]


def test_units_in_no_holding_of_a_state_are_left_out(client: Client, issuance: Issuance) -> None:
    assert shown(client, ISSUANCES, {"state": "expired"}) == []


def test_only_preferred_units_are_listed_as_preferred(client: Client, people: Cast) -> None:
    issue(people, tonnes=10)
    best = issue(people, tonnes=10, site_intensity=Decimal("0.01"), intensity=Decimal("0.01"))

    assert best.is_preferred
    assert shown(client, ISSUANCES, {"level": "preferred"}) == [best.code]


def test_its_own_code_finds_an_issuance(client: Client, issuance: Issuance) -> None:
    assert shown(client, ISSUANCES, {"q": f" {issuance.code.lower()} "}) == [issuance.code]


def test_a_filter_that_cannot_be_read_says_so_and_lists_nothing(
    client: Client, issuance: Issuance
) -> None:
    response = client.get(ISSUANCES, {"country": "Atlantis"})

    assert list(response.context["page"]) == []
    assert "Country: Select a valid choice. Atlantis" in response.content.decode()


def test_an_empty_register_says_so(client: Client, db: None) -> None:
    assert "Nothing has been issued yet" in client.get(ISSUANCES).content.decode()
    assert "Nothing has been retired yet" in client.get(RETIREMENTS).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "bridge"},
        {"entity": "broker"},
        {"year": str(timezone.now().year)},
        {"country": "SE"},
        {"functional_unit": "iron"},
        {"product": "dri"},
    ],
)
def test_each_filter_finds_the_retirement(
    client: Client, retirement: Retirement, query: dict[str, str]
) -> None:
    assert shown(client, RETIREMENTS, query) == [retirement.code]


@pytest.mark.parametrize(
    "query", [{"q": "nobody"}, {"entity": "nobody"}, {"year": "2001"}, {"product": "slab"}]
)
def test_what_matches_no_retirement_lists_none(
    client: Client, retirement: Retirement, query: dict[str, str]
) -> None:
    assert shown(client, RETIREMENTS, query) == []


def test_retirements_of_one_issuance_are_found_by_its_code(
    client: Client, issuance: Issuance, retirement: Retirement
) -> None:
    assert shown(client, RETIREMENTS, {"issuance": issuance.code}) == [retirement.code]
    assert shown(client, RETIREMENTS, {"issuance": "OTHER"}) == []


def test_a_page_of_the_list_costs_the_same_queries_whatever_it_shows(
    client: Client, people: Cast, issuance: Issuance, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        issue(people, tonnes=10)

    for path in (ISSUANCES, RETIREMENTS):
        with django_assert_max_num_queries(5):
            client.get(path)


def test_the_csv_has_every_issuance_that_the_filters_leave(
    client: Client, people: Cast, issuance: Issuance
) -> None:
    issue(people, tonnes=10, steel=True)

    response = client.get("/register/issuances.csv", {"product": "dri"})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))

    assert response["Content-Disposition"] == 'attachment; filename="billet-issuances.csv"'
    assert [row["code"] for row in rows] == [issuance.code]
    assert rows[0]["units"] == str(unit_range(issuance, 1, 1_000))
    assert (rows[0]["quantity"], rows[0]["active"], rows[0]["retired"]) == ("1000", "900", "100")
    assert rows[0]["intensity"] == "0.4"
    assert rows[0]["is_demonstration"] == "false"


def test_the_json_keeps_quantities_whole_and_intensities_exact(
    client: Client, issuance: Issuance
) -> None:
    found = json.loads(client.get("/register/issuances.json").getvalue())

    assert found["count"] == 1
    assert found["results"][0]["quantity"] == 1_000
    assert found["results"][0]["baseline_intensity"] == "1.9"
    assert found["results"][0]["scrap_share"] is None


def test_an_empty_list_is_a_csv_with_its_header_alone(client: Client, db: None) -> None:
    text = client.get("/register/retirements.csv").getvalue().decode()

    assert text.startswith("code,retired_on,entity,quantity")
    assert text.count("\n") == 1


def test_a_cell_that_a_spreadsheet_would_run_is_text(
    client: Client, retirement: Retirement
) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/register/retirements.csv").getvalue().decode()))
    found = json.loads(client.get("/register/retirements.json").getvalue())

    assert next(rows)["purpose"] == "'=Scope 3 claim"
    assert found["results"][0]["purpose"] == "=Scope 3 claim"


def test_a_file_refuses_a_filter_that_it_cannot_read(client: Client, db: None) -> None:
    response = client.get("/register/issuances.csv", {"state": "melted"})

    assert response.status_code == 400
    assert "state" in response.json()["errors"]


def test_a_file_costs_the_same_queries_whatever_it_holds(
    client: Client, people: Cast, issuance: Issuance, django_assert_max_num_queries: Any
) -> None:
    issue(people, tonnes=10)

    with django_assert_max_num_queries(4):
        client.get("/register/issuances.json").getvalue()
    with django_assert_max_num_queries(6):
        client.get("/register/retirements.json").getvalue()
