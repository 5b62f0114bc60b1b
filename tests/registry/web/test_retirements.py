"""Retirements through their pages."""

from typing import Any

import pytest
from django.utils import timezone

from registry.models import Holding, Issuance, Retirement
from registry.queries import Wanted
from registry.services.transfers import accept_transfer, propose_transfer
from tests.cast import Cast, issue, key
from tests.registry.web.conftest import As, queries_of, send, summary, writes


@pytest.fixture
def units(people: Cast) -> Issuance:
    """1,000 units, of which the car maker has 1 to 400 and the broker 401 to 500."""
    issuance = issue(people, tonnes=1_000)
    for quantity, to in ((400, people.auto_account), (100, people.broker_account)):
        transfer = propose_transfer(
            by=people.alice,
            now=timezone.now(),
            key=key(),
            from_account=people.iron_account,
            to_account=to,
            units=Wanted(quantity),
            surrendered=True,
        )
        who = people.carl if to == people.auto_account else people.bob
        accept_transfer(by=who, now=timezone.now(), key=key(), transfer=transfer)
    return issuance


def order(people: Cast, **changes: Any) -> dict[str, str]:
    return {
        "account": people.auto_account.number,
        "how": "oldest",
        "quantity": "250",
        "purpose": "Reporting year",
        "beneficiary": "Auto Werke",
        "confirmed": "on",
        **changes,
    }


def test_units_retire_for_ever_and_the_page_names_every_serial(
    people: Cast, as_: As, units: Issuance
) -> None:
    carl = as_(people.carl)

    response = send(carl, "/retirements/new/", order(people))

    found = Retirement.objects.get()
    assert response.url == f"/retirements/{found.code}/"
    page = carl.get(response.url).content.decode()
    assert f"{units.code}-1-250~" in page
    assert "Reporting year" in page
    assert Holding.objects.get(state="retired").quantity == 250


def test_named_serials_retire(people: Cast, as_: As, units: Issuance) -> None:
    named = {"how": "serials", "issuance": units.code, "first": "7", "last": "7"}

    send(as_(people.carl), "/retirements/new/", order(people, **named))

    retired = Holding.objects.get(state="retired")
    assert (retired.first, retired.last) == (7, 7)


def test_without_confirmation_nothing_retires_and_nothing_is_lost(
    people: Cast, as_: As, units: Issuance
) -> None:
    response = send(as_(people.carl), "/retirements/new/", order(people, confirmed=""))

    assert response.status_code == 400
    assert "retired for ever" in summary(response)
    assert response.context["form"]["purpose"].value() == "Reporting year"
    assert Retirement.objects.count() == 0


def test_more_than_there_is_is_422_with_the_rule(people: Cast, as_: As, units: Issuance) -> None:
    before = writes()

    response = send(as_(people.carl), "/retirements/new/", order(people, quantity="401"))

    assert response.status_code == 422
    assert "R104, section 8.2" in summary(response)
    assert "Request 400 units or fewer." in summary(response)
    assert {"R103", "R104"} <= {f.rule for f in response.context["form"].findings}
    assert writes() == before


def test_units_in_another_account_are_not_ones_own_to_retire(
    people: Cast, as_: As, units: Issuance
) -> None:
    theirs = {"how": "serials", "issuance": units.code, "first": "401", "last": "500"}
    foreign = order(people, account=people.broker_account.number)

    assert send(as_(people.carl), "/retirements/new/", order(people, **theirs)).status_code == 422
    assert send(as_(people.carl), "/retirements/new/", foreign).status_code == 400
    assert Retirement.objects.count() == 0


def test_a_producer_is_refused_with_the_rule(people: Cast, as_: As, units: Issuance) -> None:
    response = send(
        as_(people.alice), "/retirements/new/", order(people, account=people.iron_account.number)
    )

    assert response.status_code == 403
    assert "R010, section 2.3" in summary(response)
    assert response.context["form"]["quantity"].value() == "250"


def test_the_same_order_sent_twice_retires_once(people: Cast, as_: As, units: Issuance) -> None:
    carl, once = as_(people.carl), key()

    first = send(carl, "/retirements/new/", order(people), once)
    second = send(carl, "/retirements/new/", order(people), once)

    assert first.url == second.url
    assert Retirement.objects.count() == 1


def test_outsiders_do_not_see_an_organisations_own_page(
    people: Cast, as_: As, units: Issuance
) -> None:
    url = send(as_(people.carl), "/retirements/new/", order(people)).url

    assert as_(people.bob).get(url).status_code == 404
    assert (
        Retirement.objects.get().code not in as_(people.bob).get("/retirements/").content.decode()
    )
    assert as_(people.vera).get(url).status_code == 403


def test_the_pages_take_a_bounded_number_of_queries(people: Cast, as_: As, units: Issuance) -> None:
    carl = as_(people.carl)
    url = send(carl, "/retirements/new/", order(people, quantity="1")).url
    one = [queries_of(carl, page) for page in ("/retirements/", url)]
    for _ in range(4):
        send(carl, "/retirements/new/", order(people, quantity="1"))

    assert [queries_of(carl, page) for page in ("/retirements/", url)] == one
    assert max(one) <= 16
