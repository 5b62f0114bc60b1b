"""Home, accounts, agreements and the navigation: what each role sees first."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from registry.queries import Wanted
from registry.services.transfers import propose_transfer
from registry.web.needs import NOTICE, needs_of
from tests.cast import Cast, agreement, cast, issue, key, production, submit, verify
from tests.registry.web.conftest import As, queries_of, send, summary


def needs(client: Client) -> list[str]:
    return [need.title for need in client.get("/home/").context["needs"]]


def offered(people: Cast, quantity: int = 100, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "by": people.alice,
        "from_account": people.iron_account,
        "to_account": people.broker_account,
    }
    return propose_transfer(
        now=timezone.now(),
        key=key(),
        units=Wanted(quantity),
        surrendered=True,
        **{**given, **changes},
    )


def test_who_is_nobody_signs_in_and_comes_back(client: Client, db: None) -> None:
    assert client.get("/home/").url == "/auth/login/?next=/home/"


def test_each_role_reads_first_what_waits_for_it(people: Cast, as_: As) -> None:
    production(people)
    submit(people, production(people))
    waiting = production(people)
    verify(people, submit(people, waiting))
    issue(people, tonnes=1_000)
    offered(people)

    assert needs(as_(people.alice)) == ["Complete and submit the draft of Nordmetall works"]
    assert needs(as_(people.vera)) == ["Verify the production of Nordmetall works"]
    assert needs(as_(people.olga)) == ["Approve 1,000 t of Nordmetall Iron AB"]
    assert needs(as_(people.bob)) == ["Accept or decline 100 t from Nordmetall Iron AB"]
    assert needs(as_(people.carl)) == []
    send(as_(people.olga), f"/applications/{waiting.pk}/approve/")
    assert needs(as_(people.olga)) == []
    assert len(needs(as_(people.oscar))) == 1


def test_a_second_person_reads_what_waits_for_their_approval(people: Cast, as_: As) -> None:
    issue(people, tonnes=1_000)
    send(as_(people.bob), f"/transfers/{offered(people, to_account=people.broker_desk).pk}/accept/")
    offered(
        people, 10, by=people.bob, from_account=people.broker_desk, to_account=people.auto_account
    )

    assert needs(as_(people.bea)) == ["Approve the transfer of 10 t to Auto Werke"]
    assert needs(as_(people.bob)) == []


def test_a_returned_application_comes_before_drafts(people: Cast, as_: As) -> None:
    production(people)
    engagement = submit(people, production(people))
    send(as_(people.vera), f"/engagements/{engagement.pk}/start/")
    send(as_(people.vera), f"/engagements/{engagement.pk}/return/", {"reason": "Incomplete."})

    assert needs(as_(people.alice))[0].startswith("Mend the returned application")


def test_units_soon_to_expire_are_announced_with_their_last_day(people: Cast, as_: As) -> None:
    issuance = issue(people, tonnes=1_000)
    last = issuance.expires_on

    def titles(on: date) -> list[tuple[str, date | None]]:
        return [(need.title, need.due_on) for need in needs_of(people.alice, on)]

    announced = [("Use 1,000 t of direct reduced iron (DRI) before they expire", last)]
    assert titles(last - NOTICE) == titles(last) == announced
    assert titles(last - NOTICE - timedelta(days=1)) == titles(last + timedelta(days=1)) == []


def test_many_things_to_do_end_in_one_line_to_the_list(people: Cast, as_: As) -> None:
    for _ in range(6):
        production(people)

    found = needs(as_(people.alice))

    assert len(found) == 6
    assert found[-1] == "And more applications"


def test_the_position_is_by_product_and_vintage(people: Cast, as_: As) -> None:
    issuance = issue(people, tonnes=1_000)
    offered(people)

    page = as_(people.alice).get("/home/")

    assert [(state, units) for state, _, units in page.context["figures"]] == [
        ("active", 900),
        ("reserved", 100),
    ]
    assert page.context["bars"][0]["parts"] == [("active", 0, 900), ("reserved", 900, 100)]
    text = page.content.decode()
    assert "Direct reduced iron (DRI)" in text
    assert str(issuance.vintage_start.year) in text
    assert f"31 December {issuance.reporting_end.year}" in text


def test_home_takes_a_bounded_number_of_queries(people: Cast, as_: As) -> None:
    issue(people, tonnes=1_000)
    alice = as_(people.alice)
    offered(people, 1)
    one = queries_of(alice, "/home/")
    for _ in range(3):
        offered(people, 1)
        production(people)

    assert queries_of(alice, "/home/") <= one <= 26


@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("alice", ["Home", "Sites", "Productions", "Baselines", "Agreements", "Accounts"]),
        ("vera", ["Home", "Engagements", "Assurance", "Public register"]),
        ("olga", ["Home", "Applications", "Accreditations", "Other registries", "Editions"]),
        ("carl", ["Home", "Agreements", "Accounts", "Transfers", "Co-claims"]),
    ],
)
def test_the_navigation_names_the_places_of_ones_roles(
    people: Cast, as_: As, who: str, places: list[str]
) -> None:
    page = as_(getattr(people, who)).get("/home/")

    labels = [item["label"] for item in page.context["nav_items"]]
    assert labels[: len(places)] == places


def test_an_account_shows_its_holdings_by_identifier_and_state(people: Cast, as_: As) -> None:
    issuance = issue(people, tonnes=1_000)
    offered(people)
    alice, url = as_(people.alice), f"/accounts/{people.iron_account.number}/"

    assert f"{issuance.code}-101-1000~" in alice.get(url).content.decode()
    reserved = alice.get(f"{url}?state=reserved").content.decode()
    assert f"{issuance.code}-1-100~" in reserved
    assert alice.get(f"{url}?state=nonsense").context["state"] == "active"


def test_an_account_is_hidden_from_outsiders_and_refused_to_members_without_the_right(
    people: Cast, as_: As
) -> None:
    assert as_(people.carl).get(f"/accounts/{people.iron_account.number}/").status_code == 404
    assert as_(people.carl).get("/accounts/AC-NOTHING/").status_code == 404
    response = as_(people.bea).get(f"/accounts/{people.broker_account.number}/")
    assert response.status_code == 200


def test_accounts_take_as_many_queries_for_many_holdings_as_for_one(people: Cast, as_: As) -> None:
    issue(people, tonnes=1_000)
    alice = as_(people.alice)
    pages = ("/accounts/", f"/accounts/{people.iron_account.number}/")
    one = [queries_of(alice, page) for page in pages]
    for _ in range(4):
        issue(people, tonnes=10)

    assert [queries_of(alice, page) for page in pages] == one
    assert max(one) <= 18


def test_an_agreement_is_recorded_once_and_seen_by_its_parties(people: Cast, as_: As) -> None:
    alice, once = as_(people.alice), key()
    data = {
        "reference": "A-1",
        "executed_on": f"{timezone.now().year - 1}-03-01",
        "buyers": [str(people.broker.pk), str(people.auto_werke.pk)],
        "transfers_allowed": "",
        "claims_agreed": "2",
        "offtake_share": "50",
        "end_use": "Car bodies",
        "transfer_to": "anybody",
    }

    first = send(alice, "/agreements/new/", data, once)
    second = send(alice, "/agreements/new/", data, once)

    assert first.url == second.url
    page = as_(people.bob).get(first.url).content.decode()
    assert "Auto Werke, Broker &amp; Sons" in page
    assert "50 %" in page
    assert "no limit" in page
    assert as_(people.erik).get(first.url).status_code == 404
    assert as_(people.vera).get(first.url).status_code == 403


def test_an_agreement_of_tomorrow_is_refused_beside_its_date(people: Cast, as_: As) -> None:
    agreement(people, reference="A-1")

    response = send(
        as_(people.alice),
        "/agreements/new/",
        {
            "reference": "A-2",
            "executed_on": f"{timezone.now().year + 1}-01-01",
            "buyers": [str(people.broker.pk)],
            "claims_agreed": "1",
            "end_use": "Car bodies",
            "transfer_to": "anybody",
        },
    )

    assert response.status_code == 400
    assert "today or before" in summary(response)
    assert response.context["form"]["reference"].value() == "A-2"


def test_demonstration_units_are_marked_on_every_page_that_shows_them(db: None, as_: As) -> None:
    people = cast(is_demonstration=True)
    issuance = issue(people, tonnes=1_000)
    transfer = offered(people)
    alice = as_(people.alice)

    for path in (
        "/home/",
        "/sites/",
        "/productions/",
        f"/productions/{issuance.production_id}/",
        f"/sites/{issuance.site.code}/",
        "/accounts/",
        f"/accounts/{people.iron_account.number}/",
        "/transfers/",
        f"/transfers/{transfer.pk}/",
        "/transfers/new/",
        "/sites/new/",
    ):
        assert "these units are not real" in alice.get(path).content.decode(), path


def test_ones_organisation_lists_its_people_and_their_rights(people: Cast, as_: As) -> None:
    bob = as_(people.bob)

    page = bob.get("/organisation/")

    assert sorted(page.context["rows"]) == sorted(
        [
            ["Bea", str(people.broker_account), "yes", "no", "yes"],
            ["Bea", str(people.broker_desk), "yes", "no", "yes"],
            ["Bob", str(people.broker_account), "yes", "yes", "no"],
            ["Bob", str(people.broker_desk), "yes", "yes", "yes"],
        ]
    )
    assert queries_of(bob, "/organisation/") <= 12
