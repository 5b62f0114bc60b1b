"""Statements over HTTP: published with the words of 9.1, public for good, enough to recompute."""

import json
from typing import Any

import pytest
from django.test import Client

from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, Inventory, InventoryLine, Statement
from tests.cast import PASSWORD, Cast, key
from tests.claims.web.conftest import billets
from tests.claims.web.test_claims import address, confirmed, terms

pytestmark = pytest.mark.django_db


def words(**values: str) -> dict[str, str]:
    given = {"claim_type": "corporate_inventory", "text": DISCLOSURE, "idempotency_key": key()}
    return given | values


@pytest.fixture
def claimed(carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine) -> Claim:
    billets(people, 50_000)
    values = terms(people, [rebar], quantity="41666")
    carl.post(address(inventory), confirmed(carl.post(address(inventory), values), values))
    return Claim.objects.get()


@pytest.fixture
def published(carl: Client, claimed: Claim) -> Statement:
    carl.post(f"/inventories/{claimed.inventory_id}/statements/new/", words())
    return Statement.objects.get()


def test_the_form_opens_with_the_allowed_words_and_both_inventories(
    carl: Client, claimed: Claim
) -> None:
    html = carl.get(f"/inventories/{claimed.inventory_id}/statements/new/").content.decode()

    assert "achieved through a market-based mechanism" in html
    assert "not transferable to customers" in html
    assert "Complete physical inventory" in html
    assert "Market-based inventory with BCUs applied" in html
    assert "75,000 t CO2e" in html
    assert "8,334.4 t CO2e" in html


def test_publishing_leads_to_the_public_page(carl: Client, claimed: Claim) -> None:
    response = carl.post(f"/inventories/{claimed.inventory_id}/statements/new/", words())

    statement = Statement.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/register/statements/{statement.code}/"


def test_the_same_form_twice_publishes_once(carl: Client, claimed: Claim) -> None:
    values = words()

    for _ in range(2):
        carl.post(f"/inventories/{claimed.inventory_id}/statements/new/", values)

    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Our emissions fell.", "R114"),
        (DISCLOSURE + " Our cars are carbon neutral.", "R112"),
        (DISCLOSURE + " Built with green steel.", "R112"),
    ],
)
def test_words_that_are_not_allowed_are_refused_and_kept(
    carl: Client, claimed: Claim, text: str, rule: str
) -> None:
    response = carl.post(f"/inventories/{claimed.inventory_id}/statements/new/", words(text=text))

    assert response.status_code == 422
    assert rule in [f.rule for f in response.context["form"].findings if f.failed]
    assert response.context["form"]["text"].value() == text
    assert len(response.context["form"].findings) >= 3
    assert not Statement.objects.exists()


def test_anybody_reads_a_statement(
    client: Client, claimed: Claim, published: Statement, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        html = client.get(f"/register/statements/{published.code}/").content.decode()

    assert "Auto Werke" in html
    assert "75,000 t CO2e" in html
    assert "8,334.4 t CO2e" in html
    assert "Scope 3 Category 2: Capital goods" in html
    assert "41,666 whole units (exact: 41,666.666667 t)" in html
    assert "BCU-CS-US-" in html
    assert "-1-41666~" in html
    assert f'id="claim-findings-{claimed.code}-R123"' in html
    assert 'id="findings-R114"' in html


def test_the_document_recomputes_to_the_same_digits(client: Client, published: Statement) -> None:
    response = client.get(f"/register/statements/{published.code}.json")

    assert response["Content-Disposition"].endswith(f'"billet-statement-{published.code}.json"')
    assert recompute(json.loads(response.content)) == []


def test_a_later_statement_replaces_the_first_which_stays(
    carl: Client, client: Client, published: Statement
) -> None:
    carl.post(f"/inventories/{published.inventory_id}/statements/new/", words())

    later = Statement.objects.get(supersedes=published)
    html = client.get(f"/register/statements/{published.code}/").content.decode()
    assert f'href="/register/statements/{later.code}/"' in html
    assert "replaces this one" in html
    assert "Replaces <a" in client.get(f"/register/statements/{later.code}/").content.decode()


def test_the_list_says_which_is_in_force(
    carl: Client, client: Client, published: Statement, django_assert_max_num_queries: Any
) -> None:
    carl.post(f"/inventories/{published.inventory_id}/statements/new/", words())

    with django_assert_max_num_queries(4):
        html = client.get("/register/statements/").content.decode()

    assert html.count("In force") == 1
    assert html.count(">Replaced<") == 1


@pytest.mark.parametrize("path", ["NONE1234/", "NONE1234.json"])
def test_what_was_never_published_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/register/statements/{path}").status_code == 404


def test_another_claimant_publishes_nothing_here(
    people: Cast, client: Client, inventory: Inventory
) -> None:
    client.login(email=people.bob.email, password=PASSWORD)

    response = client.post(f"/inventories/{inventory.pk}/statements/new/", words())

    assert response.status_code == 404
    assert not Statement.objects.exists()
