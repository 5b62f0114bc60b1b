"""Withdrawing, cancelling, suspending and correcting through their pages."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.utils import timezone

from registry.ledger import Line
from registry.models import Adjustment, Cancellation, Holding, Issuance, Suspension
from registry.public.units import unit_range
from registry.queries import Wanted
from registry.services.retirements import retire, set_cooling_off
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from registry.services.sweeps import expire_vintages
from tests.cast import Cast, half_a_year, issue, key
from tests.registry.services.acts import put
from tests.registry.web.conftest import As, queries_of, send, summary


@pytest.fixture
def units(people: Cast) -> Issuance:
    """1,000 units of the car maker."""
    issuance = issue(people, tonnes=1_000, steel=True, **half_a_year())
    put(issuance, people.auto_account)
    return issuance


def needs(as_: As, user: Any) -> list[str]:
    return [need.title for need in as_(user).get("/home/").context["needs"]]


def order(people: Cast, quantity: int = 250) -> Any:
    set_cooling_off(
        by=people.olga, now=timezone.now(), key=key(), account=people.auto_account, minutes=60
    )
    return retire(
        by=people.carl,
        now=timezone.now(),
        key=key(),
        account=people.auto_account,
        units=Wanted(quantity),
    )


def to_cancel(people: Cast, **changes: Any) -> dict[str, str]:
    return {
        "account": people.auto_account.number,
        "how": "oldest",
        "quantity": "100",
        "reason": "Measured too high.",
        "confirmed": "on",
        **changes,
    }


def test_a_retirement_is_withdrawn_from_its_page(people: Cast, as_: As, units: Issuance) -> None:
    made, carl = order(people), as_(people.carl)
    assert made.code in carl.get("/retirements/").content.decode()
    url = f"/retirements/{made.code}/"
    assert "can be withdrawn" in carl.get(url).content.decode()
    assert as_(people.bob).get(url).status_code == 404
    assert send(as_(people.bob), f"{url}withdraw/").status_code == 404

    assert send(carl, f"{url}withdraw/").url == url

    assert Holding.objects.get(issuance=units).state == "active"
    assert send(carl, f"{url}withdraw/").status_code == 409


def test_the_position_counts_what_is_retiring_and_suspended(
    people: Cast, as_: As, units: Issuance
) -> None:
    order(people)
    scope = Scope(ranges=(Line(units.pk, 1, 1_000, 1_000),))
    row = propose_suspension(
        by=people.olga, now=timezone.now(), key=key(), scope=scope, reason="In doubt."
    )
    approve_suspension(by=people.oscar, now=timezone.now(), key=key(), suspension=row)

    shown = as_(people.carl).get("/home/").context

    assert [(state, units) for state, _, units in shown["figures"]] == [
        ("active", 749),
        ("reserved", 0),
        ("retiring", 250),
        ("suspended", 1),
    ]
    assert shown["bars"][0]["position"].total == 1_000


def test_the_operator_has_expired_units_cancelled(people: Cast, as_: As, units: Issuance) -> None:
    url, olga = "/cancellations/expired/", as_(people.olga)
    asked = {"account": people.auto_account.number, "issuance": units.code, "reason": "Expired."}
    assert "Cancel expired units" in olga.get("/cancellations/").content.decode()
    assert "has no expired units" in summary(send(olga, url, asked))
    expire_vintages(now=timezone.now() + timedelta(days=5_000))
    assert as_(people.carl).get(url).status_code == 403
    for wrong in (
        {"account": "AC-NOPE"},
        {"issuance": "NOPE"},
        {"first": "5"},
        {"first": "5", "last": "4"},
        {"reason": ""},
    ):
        assert send(olga, url, {**asked, **wrong}).status_code == 400, wrong
    assert send(olga, url, {**asked, "first": "1", "last": "1001"}).status_code == 409

    made = send(olga, url, asked)

    row = Cancellation.objects.get()
    assert (row.quantity, row.by_operator, row.state) == (1_000, True, "awaiting_approval")
    assert send(olga, f"{made.url}approve/").status_code == 403
    assert needs(as_, people.oscar) == ["Approve the cancellation of 1,000 t"]
    assert send(as_(people.oscar), f"{made.url}approve/").status_code == 302
    assert Holding.objects.get(issuance=units).state == "cancelled"


def test_a_trace_is_taken_away_whole(people: Cast, as_: As, units: Issuance) -> None:
    made = retire(
        by=people.carl, now=timezone.now(), key=key(), account=people.auto_account,
        units=Wanted(100), purpose="=1+1",
    )  # fmt: skip
    olga = as_(people.olga)
    url = send(olga, "/suspensions/new/", {"issuance": units.code, "reason": "In doubt."}).url
    send(as_(people.oscar), f"{url}approve/")

    page, told = olga.get(url).content.decode(), olga.get(f"{url}trace.json").json()
    rows = list(csv.DictReader(StringIO(olga.get(f"{url}trace.csv").content.decode())))

    assert f'href="{url}trace.json"' in page
    assert f'href="{url}trace.csv"' in page
    assert (told["covered"], told["held"], told["retired"]) == (1_000, 900, 100)
    assert told["ranges"] == [str(unit_range(units, 1, 1_000))]
    assert {(row["kind"], row["state"], row["code"], row["units"]) for row in told["rows"]} == {
        ("holding", "suspended", "", 900),
        ("holding", "retired", "", 100),
        ("retirement", "", made.code, 100),
    }
    assert [(row["kind"], row["units"]) for row in rows] == [
        (row["kind"], str(row["units"])) for row in told["rows"]
    ]
    assert as_(people.carl).get(f"{url}trace.json").status_code == 403
    assert as_(people.carl).get(f"{url}trace.csv").status_code == 403


def test_a_period_reaches_the_record(people: Cast, as_: As, units: Issuance) -> None:
    data = {
        "account": people.auto_account.number,
        "how": "oldest",
        "quantity": "1",
        "period_start": "2025-01-01",
        "confirmed": "on",
    }
    carl = as_(people.carl)
    assert "or neither" in summary(send(carl, "/retirements/new/", data))
    done = send(carl, "/retirements/new/", {**data, "period_end": "2025-12-31"})
    assert "1 January 2025 to 31 December 2025" in carl.get(done.url).content.decode()


def test_the_cooling_off_is_set_by_the_operator_or_who_approves(
    people: Cast, as_: As, units: Issuance
) -> None:
    url = f"/accounts/{people.auto_account.number}/cooling-off/"
    assert send(as_(people.olga), url, {"minutes": "30"}).status_code == 302
    assert send(as_(people.carl), url, {"minutes": "0"}).status_code == 403
    assert send(as_(people.bob), url, {"minutes": "0"}).status_code == 404
    assert send(as_(people.olga), url, {"minutes": "1441"}).status_code == 400
    assert send(as_(people.olga), url, {"minutes": "x"}).status_code == 400


def test_units_are_cancelled_and_the_public_record_says_why(
    people: Cast, as_: As, units: Issuance
) -> None:
    response = send(as_(people.carl), "/cancellations/new/", to_cancel(people))

    row = Cancellation.objects.get()
    assert response.url == f"/cancellations/{row.code}/"
    public = as_(people.bob).get(f"/register/cancellations/{row.code}/").content.decode()
    assert "Measured too high." in public
    assert f"{units.code}-1-100~" in public
    assert row.code in as_(people.bob).get("/register/cancellations/").content.decode()
    assert as_(people.bob).get(response.url).status_code == 404


def test_a_second_person_reads_and_approves_a_cancellation(
    people: Cast, as_: As, units: Issuance
) -> None:
    put(units, people.broker_desk)
    bob, bea = as_(people.bob), as_(people.bea)
    asked = to_cancel(people, account=people.broker_desk.number)
    url = send(bob, "/cancellations/new/", asked).url
    row = Cancellation.objects.get()
    assert as_(people.carl).get(f"/register/cancellations/{row.code}/").status_code == 404
    assert needs(as_, people.bea) == ["Approve the cancellation of 100 t"]
    assert needs(as_, people.bob) == []

    assert send(bob, f"{url}approve/").status_code == 403
    assert send(bea, f"{url}approve/").status_code == 302

    row.refresh_from_db()
    assert row.state == "cancelled"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"quantity": "0"}, 400),
        ({"quantity": "-5"}, 400),
        ({"quantity": "1.5"}, 400),
        ({"quantity": "1001"}, 409),
        ({"reason": ""}, 400),
        ({"reason": "x" * 501}, 400),
        ({"confirmed": ""}, 400),
        ({"account": "AC-NOTHING"}, 400),
        ({"how": "serials", "issuance": "NOPE", "first": "1", "last": "2"}, 400),
    ],
)
def test_a_wrong_cancellation_comes_back_with_what_is_wrong(
    people: Cast, as_: As, units: Issuance, changes: dict[str, str], status: int
) -> None:
    response = send(as_(people.carl), "/cancellations/new/", to_cancel(people, **changes))
    assert response.status_code == status
    assert summary(response)
    assert Cancellation.objects.count() == 0


def test_two_operators_suspend_and_lift_with_everything_traced(
    people: Cast, as_: As, units: Issuance
) -> None:
    olga, oscar = as_(people.olga), as_(people.oscar)
    data = {"issuance": units.code, "reason": "Scrap share in doubt."}
    url = send(olga, "/suspensions/new/", data).url
    assert needs(as_, people.oscar)[0].startswith("Approve suspension")
    assert send(olga, f"{url}approve/").status_code == 403
    assert send(oscar, f"{url}approve/").status_code == 302
    page = olga.get(url).content.decode()
    assert "Auto Werke" in page
    assert people.auto_account.number in page
    assert any("Scrap share" in title for title in needs(as_, people.carl))
    public = as_(people.carl).get(url.replace("/suspensions/", "/register/suspensions/"))
    assert people.auto_account.number not in public.content.decode()

    ended = send(olga, f"{url}end/", {"action": "lift", "reason": "Confirmed."})
    assert ended.status_code == 302
    assert send(oscar, f"{url}approve/").status_code == 302

    assert Holding.objects.get(issuance=units).state == "active"


@pytest.mark.parametrize(
    "changes",
    [
        {"issuance": "", "reason": "x"},
        {"issuance": "NOPE"},
        {"account": "AC-NOPE"},
        {"first": "1"},
        {"last": "5"},
        {"first": "5", "last": "1"},
        {"first": "1", "last": "1001"},
        {"first": "0", "last": "1"},
        {"reason": ""},
        {"issuance": "", "first": "1", "last": "2"},
    ],
)
def test_a_wrong_suspension_comes_back_with_what_is_wrong(
    people: Cast, as_: As, units: Issuance, changes: dict[str, str]
) -> None:
    data = {"issuance": units.code, "reason": "Doubt.", **changes}
    response = send(as_(people.olga), "/suspensions/new/", data)
    assert response.status_code == 400
    assert summary(response)
    assert Suspension.objects.count() == 0


def test_two_operators_correct_an_issuance(people: Cast, as_: As, units: Issuance) -> None:
    olga, oscar = as_(people.olga), as_(people.oscar)
    data = {"issuance": units.code, "intensity": "0.5", "reason": "A full year."}
    url = send(olga, "/adjustments/new/", data).url
    assert needs(as_, people.oscar) == [f"Approve the correction of issuance {units.code}"]
    assert send(oscar, f"{url}approve/").status_code == 302
    assert Adjustment.objects.get().state == "in_force"
    for wrong in ({"intensity": ""}, {"intensity": "-1"}, {"shortfall": "1001"}, {"reason": ""}):
        assert send(olga, "/adjustments/new/", {**data, **wrong}).status_code == 400


def test_the_figures_of_a_full_year_are_not_corrected(people: Cast, as_: As) -> None:
    data = {"issuance": issue(people).code, "intensity": "0.5", "reason": "Wrong."}
    response = send(as_(people.olga), "/adjustments/new/", data)
    assert response.status_code == 409
    assert "its figures are final" in summary(response)
    assert not Adjustment.objects.exists()


def test_only_the_operator_reaches_suspensions(people: Cast, as_: As, units: Issuance) -> None:
    for path in ("/suspensions/", "/suspensions/new/", "/adjustments/new/", "/suspensions/NOPE/"):
        assert as_(people.carl).get(path).status_code == 403
    assert as_(people.olga).get("/suspensions/NOPE/").status_code == 404


def test_lists_and_pages_take_as_many_queries_for_many_as_for_one(
    people: Cast, as_: As, units: Issuance
) -> None:
    olga, carl = as_(people.olga), as_(people.carl)
    data = {"issuance": units.code, "first": "901", "last": "902", "reason": "Doubt."}
    url = send(olga, "/suspensions/new/", data).url
    send(as_(people.oscar), f"{url}approve/")
    send(carl, "/cancellations/new/", to_cancel(people, quantity="1"))
    order(people, 1)
    pages = [
        (carl, "/cancellations/"),
        (carl, "/retirements/"),
        (carl, "/register/cancellations/"),
        (carl, "/register/suspensions/"),
        (olga, "/suspensions/"),
        (olga, url),
    ]
    for client, page in pages:
        client.get(page)  # what a process looks up once is no cost of a page
    one = [queries_of(client, page) for client, page in pages]
    for n in range(3):
        send(carl, "/cancellations/new/", to_cancel(people, quantity="1"))
        order(people, 1)
        named = {**data, "first": str(910 + n), "last": str(910 + n)}
        send(as_(people.oscar), f"{send(olga, '/suspensions/new/', named).url}approve/")
    assert [queries_of(client, page) for client, page in pages] == one
    assert max(one) <= 18
