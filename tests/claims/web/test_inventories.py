"""Inventories and their lines over HTTP: who may, what comes back, what is kept."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from claims.models import Inventory, InventoryLine
from tests.cast import PASSWORD, Cast, key
from tests.claims.web.conftest import billets, inventory_of, line, period

INVENTORIES = "/inventories/"


def inventory_values(**values: str) -> dict[str, str]:
    start, end = period()
    given = {
        "name": "Iron and steel",
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
        "idempotency_key": key(),
    }
    return given | values


def line_values(**values: str) -> dict[str, str]:
    given = {
        "name": "Coil for chassis frames",
        "category": "scope_3_1",
        "material": "steel",
        "product_type": "flat",
        "tonnes": "10000.5",
        "factor_intensity": "1.9",
        "factor_source": "supplier EPDs",
        "scrap_share": "20",
        "idempotency_key": key(),
    }
    return given | values


def test_a_claimant_starts_an_inventory(carl: Client, people: Cast) -> None:
    response = carl.post("/inventories/new/", inventory_values())

    made = Inventory.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/inventories/{made.pk}/"
    assert (made.organisation, made.created_by) == (people.auto_werke, people.carl)


def test_the_same_form_sent_twice_starts_one_inventory(carl: Client) -> None:
    values = inventory_values()

    answers = [carl.post("/inventories/new/", values)["Location"] for _ in range(2)]

    assert Inventory.objects.count() == 1
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2025-04-01", "2026-03-31", ("1 April 2023 to 31 March 2026", "need not be a calendar")),
        ("2025-12-29", "2027-01-03", ("A year of 53 weeks", "1 January 2024 to 31 December 2026")),
        ("2025-01-01", "2025-12-31", ("1 January 2023 to 31 December 2025", "straddles the edge")),
        ("2025-12-31", "2025-01-01", ("52 or 53 weeks",)),
        ("soon", "", ("52 or 53 weeks",)),
    ],
)
def test_the_window_is_shown_while_the_period_is_typed(
    carl: Client, start: str, end: str, said: tuple[str, ...]
) -> None:
    answer = carl.post("/inventories/window/", {"period_start": start, "period_end": end})
    assert answer.status_code == 200
    for text in said:
        assert text in answer.content.decode(), text
    assert ("need not be a calendar" in answer.content.decode()) == (start == "2025-04-01")
    assert not Inventory.objects.exists()


def test_a_production_across_the_windows_edge_is_said_not_to_match(
    carl: Client, people: Cast
) -> None:
    billets(people, 100)
    year = period()[1].year
    values = {"period_start": f"{year - 1}-07-01", "period_end": f"{year}-06-30"}
    page = carl.post("/inventories/window/", values).content.decode()
    assert "does not match" in page
    assert "straddles the window" in page


def test_a_period_that_ends_before_it_starts_comes_back_with_everything_typed(
    carl: Client,
) -> None:
    response = carl.post(
        "/inventories/new/",
        inventory_values(name="My inventory", period_start="2025-12-31", period_end="2025-01-01"),
    )

    html = response.content.decode()
    assert response.status_code == 400
    assert "end it after that" in html
    assert 'value="My inventory"' in html
    assert 'value="2025-12-31"' in html
    assert not Inventory.objects.exists()


def test_a_name_used_before_is_refused(carl: Client, inventory: Inventory) -> None:
    response = carl.post("/inventories/new/", inventory_values())

    assert response.status_code == 400
    assert Inventory.objects.count() == 1


@pytest.mark.parametrize("who", ["alice", "erik", "vera", "olga"])
def test_who_may_not_claim_has_no_inventories(people: Cast, client: Client, who: str) -> None:
    client.login(email=getattr(people, who).email, password=PASSWORD)

    assert client.get(INVENTORIES).status_code == 403
    assert client.post("/inventories/new/", inventory_values()).status_code == 403
    assert not Inventory.objects.exists()


def test_a_visitor_is_asked_to_sign_in(client: Client, inventory: Inventory) -> None:
    response = client.get(f"/inventories/{inventory.pk}/")

    assert response.status_code == 302
    assert response["Location"].startswith("/auth/login/")


@pytest.mark.parametrize("path", ["", "lines/new/", "claims/new/", "claims/X/", "statements/new/"])
def test_another_claimant_does_not_learn_of_an_inventory(
    people: Cast, client: Client, inventory: Inventory, path: str
) -> None:
    client.login(email=people.bob.email, password=PASSWORD)

    assert client.get(f"/inventories/{inventory.pk}/{path}").status_code == 404
    assert client.get(f"/inventories/{uuid4()}/{path}").status_code == 404


def test_another_claimant_adds_no_line(people: Cast, client: Client, inventory: Inventory) -> None:
    client.login(email=people.bob.email, password=PASSWORD)

    assert client.post(f"/inventories/{inventory.pk}/lines/new/", line_values()).status_code == 404
    assert not InventoryLine.objects.exists()


def test_a_line_is_added_with_its_exact_figures(carl: Client, inventory: Inventory) -> None:
    response = carl.post(f"/inventories/{inventory.pk}/lines/new/", line_values())

    added = InventoryLine.objects.get()
    assert response.status_code == 302
    assert (str(added.tonnes), str(added.factor_intensity)) == ("10000.500000", "1.900000")
    assert str(added.scrap_share) == "0.200000"
    html = carl.get(f"/inventories/{inventory.pk}/").content.decode()
    assert "19,000.95 t CO2e" in html
    assert "Scope 3 Category 1: Purchased goods and services" in html


def test_a_line_without_tonnes_and_emissions_comes_back_with_everything_typed(
    carl: Client, inventory: Inventory
) -> None:
    response = carl.post(
        f"/inventories/{inventory.pk}/lines/new/", line_values(tonnes="", region="Europe")
    )

    html = response.content.decode()
    assert response.status_code == 400
    assert "Give physical tonnes with an emission factor" in html
    assert 'value="Europe"' in html
    assert not InventoryLine.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tonnes", "1,5"),
        ("tonnes", "-1"),
        ("tonnes", "NaN"),
        ("factor_intensity", "1e400"),
        ("scrap_share", "120"),
        ("category", "scope_9"),
        ("material", "wood"),
    ],
)
def test_a_figure_of_the_wrong_shape_names_its_field_and_stays(
    carl: Client, inventory: Inventory, field: str, value: str
) -> None:
    response = carl.post(f"/inventories/{inventory.pk}/lines/new/", line_values(**{field: value}))

    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert response.context["form"][field].value() == value
    assert not InventoryLine.objects.exists()


def test_a_line_is_removed_once(carl: Client, inventory: Inventory, rebar: InventoryLine) -> None:
    path = f"/inventories/{inventory.pk}/lines/{rebar.pk}/remove/"
    values = {"idempotency_key": key()}

    answers = [carl.post(path, values) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert not InventoryLine.objects.exists()


def test_a_line_is_not_removed_by_looking(
    carl: Client, inventory: Inventory, rebar: InventoryLine
) -> None:
    assert carl.get(f"/inventories/{inventory.pk}/lines/{rebar.pk}/remove/").status_code == 405


def test_pages_cost_the_same_queries_whatever_they_show(
    carl: Client, people: Cast, inventory: Inventory, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        line(people, inventory, name=f"Line {number}")
        line(people, inventory_of(people, f"Inventory {number}"))

    with django_assert_max_num_queries(10):
        carl.get(INVENTORIES)
    with django_assert_max_num_queries(20):
        carl.get(f"/inventories/{inventory.pk}/")
