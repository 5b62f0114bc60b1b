"""The public pages of one issuance, one retirement and a look-up, and the landing page."""

from typing import Any

import pytest
from django.test import Client

from registry.models import Issuance, Retirement
from registry.public.units import unit_range
from registry.words import RECORD_LABELS
from tests.cast import Cast, cast, issue
from tests.registry.public.conftest import sell, withdraw_from_use


def page(client: Client, path: str, query: dict[str, str] | None = None) -> str:
    response = client.get(path, query or {})
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(html.split())


def test_the_landing_page_says_what_it_is_and_how_much_there_is(
    client: Client, issuance: Issuance, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        html = text_of(page(client, "/"))

    assert "Billet records one unit for each tonne" in html
    assert '1,000 t</span><span class="app-figure__label">issued in 1 issuance' in html
    assert '900 t</span><span class="app-figure__label">active' in html
    assert '100 t</span><span class="app-figure__label">retired in 1 retirement' in html


def test_somebody_signed_in_goes_on_to_their_own_home_page(client: Client, people: Cast) -> None:
    client.force_login(people.alice, backend="django.contrib.auth.backends.ModelBackend")

    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"] == "/home/"


def test_the_landing_page_of_an_empty_register_is_a_page(client: Client, db: None) -> None:
    assert "issued in 0 issuances" in text_of(page(client, "/"))


def test_an_issuance_shows_every_field_of_its_record(client: Client, issuance: Issuance) -> None:
    html = text_of(page(client, f"/register/issuances/{issuance.code}/"))

    for name in issuance.record:
        if issuance.record[name]:
            assert RECORD_LABELS[name] in html
    assert "0.4 t CO2e/t" in html
    assert "1.9 t CO2e/t" in html
    assert "Veritas Audit" in html
    assert "delivery.csv (SHA-256" in html
    assert str(unit_range(issuance, 1, 1_000)) in html


def test_an_issuance_shows_the_judgement_it_was_issued_by(
    client: Client, issuance: Issuance
) -> None:
    html = page(client, f"/register/issuances/{issuance.code}/")

    for finding in issuance.findings:
        assert f'id="findings-{finding["rule"]}"' in html
    assert issuance.edition in html


def test_an_issuance_tells_its_life_without_naming_who_trades(
    client: Client, people: Cast, issuance: Issuance
) -> None:
    html = text_of(page(client, f"/register/issuances/{issuance.code}/"))

    assert "Issued 1,000 t" in html
    assert "Transferred 300 t" in html
    assert "1 transfer settled" in html
    assert "Retired 100 t" in html
    assert "50 t" not in html
    for account in (people.iron_account, people.broker_account):
        assert account.number not in html


def test_several_moves_of_one_day_are_told_as_one(
    client: Client, people: Cast, issuance: Issuance
) -> None:
    sell(people, issuance, 100)
    withdraw_from_use(people, issuance, 20)

    html = text_of(page(client, f"/register/issuances/{issuance.code}/"))

    assert "Transferred 400 t" in html
    assert "2 transfers settled" in html
    assert "Retired 120 t" in html


def test_an_issuance_names_who_retired_its_units(
    client: Client, issuance: Issuance, retirement: Retirement
) -> None:
    html = page(client, f"/register/issuances/{issuance.code}/")

    assert f'href="/register/retirements/{retirement.code}/"' in html
    assert "Broker &amp; Sons" in html


def test_a_record_costs_the_same_queries_after_a_long_life(
    client: Client, people: Cast, issuance: Issuance, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        sell(people, issuance, 20)
        withdraw_from_use(people, issuance, 10)

    with django_assert_max_num_queries(13):
        page(client, f"/register/issuances/{issuance.code}/")


def test_demonstration_units_say_so_on_every_page(client: Client, db: None) -> None:
    people = cast(is_demonstration=True)
    units = issue(people)
    sell(people, units, 100)
    retirement = withdraw_from_use(people, units, 10)
    identifier = str(unit_range(units, 1, 10))

    for path in (
        "/",
        "/register/issuances/",
        f"/register/issuances/{units.code}/",
        "/register/retirements/",
        f"/register/retirements/{retirement.code}/",
        f"/register/units/?identifier={identifier}",
    ):
        assert "Demonstration data:" in page(client, path), path


def test_units_that_are_real_do_not_call_themselves_a_demonstration(
    client: Client, issuance: Issuance
) -> None:
    assert "Demonstration" not in page(client, f"/register/issuances/{issuance.code}/")


def test_a_retirement_shows_date_entity_copy_and_serials(
    client: Client,
    issuance: Issuance,
    retirement: Retirement,
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(5):
        html = text_of(page(client, f"/register/retirements/{retirement.code}/"))

    assert "100 t retired by Broker &amp; Sons" in html
    assert "Bridge Builders Ltd" in html
    assert "=Scope 3 claim" in html
    line = retirement.lines.get()
    identifier = unit_range(issuance, line.serials.lower, line.serials.upper - 1)
    assert str(identifier) in html
    assert identifier.quantity == 100


@pytest.mark.parametrize("path", ["issuances/NONE1234/", "retirements/NONE1234/"])
def test_what_is_not_in_the_register_is_not_found(client: Client, db: None, path: str) -> None:
    assert client.get(f"/register/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/register/issuances/", "/register/units/"])
def test_nothing_can_be_sent_to_the_register(client: Client, db: None, path: str) -> None:
    assert client.post(path).status_code == 405
