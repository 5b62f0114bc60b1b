"""Transfers through their pages: oldest first or by serial, approval, acceptance, refusals."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from registry.models import Holding, Issuance, Transfer
from registry.queries import Wanted
from registry.services.transfers import propose_transfer
from tests.cast import Cast, agreement, issue, key
from tests.registry.web.conftest import As, queries_of, send, summary, writes


@pytest.fixture
def units(people: Cast) -> Issuance:
    return issue(people, tonnes=1_000)


def offer(people: Cast, **changes: Any) -> dict[str, str]:
    """What Alice sends to offer 600 units, oldest first, to the broker."""
    return {
        "account": people.iron_account.number,
        "to_account": people.broker_account.number,
        "how": "oldest",
        "quantity": "600",
        "surrendered": "on",
        **changes,
    }


def proposed(people: Cast, quantity: int = 100, **changes: Any) -> Transfer:
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


def url(transfer: Transfer, tail: str = "") -> str:
    return f"/transfers/{transfer.pk}/{tail}"


def test_a_quantity_is_taken_oldest_first_and_offered(
    people: Cast, as_: As, units: Issuance
) -> None:
    response = send(as_(people.alice), "/transfers/new/", offer(people, note="As agreed"))

    found = Transfer.objects.get()
    assert response.url == url(found)
    assert (found.state, found.quantity, found.note) == ("offered", 600, "As agreed")
    page = as_(people.bob).get(url(found)).content.decode()
    assert f"{units.code}-1-600~" in page
    assert "Accept" in page
    assert "Withdraw" not in page


def test_named_serials_are_taken_exactly(people: Cast, as_: As, units: Issuance) -> None:
    named = {"how": "serials", "issuance": units.code.lower(), "first": "101", "last": "1,000"}

    send(as_(people.alice), "/transfers/new/", offer(people, quantity="", **named))

    line = Transfer.objects.get().lines.get()
    assert (line.serials.lower, line.serials.upper) == (101, 1_001)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"quantity": ""}, {"quantity"}),
        ({"how": "serials"}, {"issuance", "first", "last"}),
        ({"how": "serials", "issuance": "NONE", "first": "9", "last": "3"}, {"issuance", "last"}),
        ({"to_account": "AC-00000000"}, {"to_account"}),
        ({"quantity": "1.5"}, {"quantity"}),
        ({"quantity": "0"}, {"quantity"}),
    ],
)
def test_what_is_missing_or_unknown_is_told_beside_its_field(
    people: Cast, as_: As, units: Issuance, changes: dict[str, str], fields: set[str]
) -> None:
    response = send(as_(people.alice), "/transfers/new/", offer(people, **changes))

    assert response.status_code == 400
    assert set(response.context["form"].errors) == fields
    assert response.context["form"]["to_account"].value() == offer(people, **changes)["to_account"]
    assert Transfer.objects.count() == 0


def test_a_broken_rule_is_422_with_every_finding_beside_its_field(
    people: Cast, as_: As, units: Issuance
) -> None:
    before = writes()

    response = send(
        as_(people.alice), "/transfers/new/", offer(people, quantity="1,001", surrendered="")
    )

    assert response.status_code == 422
    form = response.context["form"]
    assert "R090" in str(form.errors["quantity"])
    assert "R094" in str(form.errors["surrendered"])
    assert {f"R09{n}" for n in range(8)} == {f.rule for f in form.findings}
    assert "Request 1000 units or fewer." in summary(response)
    assert form["quantity"].value() == "1,001"
    assert (Transfer.objects.count(), writes()) == (0, before)


def test_units_that_are_gone_are_409_and_the_page_says_what_is_left(
    people: Cast, as_: As, units: Issuance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.ledger import Line, NotThere
    from registry.services import transfers

    def gone(**_: Any) -> None:
        raise NotThere(wanted=600, left=(Line(units.pk, 1, 601, 1_000),))

    monkeypatch.setattr(transfers.ledger, "reserve", gone)

    response = send(as_(people.alice), "/transfers/new/", offer(people))

    assert response.status_code == 409
    assert "400 t are left" in summary(response)
    assert f"{units.code}: serials 601 to 1,000" in summary(response)
    assert response.context["form"]["quantity"].value() == "600"


def test_a_role_that_may_not_transfer_is_403_with_its_rule_and_nothing_typed_is_lost(
    people: Cast, as_: As, units: Issuance
) -> None:
    sold = proposed(people)
    send(as_(people.bob), url(sold, "accept/"))
    to_carl = proposed(
        people, by=people.bob, from_account=people.broker_account, to_account=people.auto_account
    )
    send(as_(people.carl), url(to_carl, "accept/"))

    response = send(
        as_(people.carl),
        "/transfers/new/",
        offer(people, account=people.auto_account.number, quantity="10"),
    )

    assert response.status_code == 403
    assert "R013, section 2.3, 9.3" in summary(response)
    assert response.context["form"]["quantity"].value() == "10"


def test_the_same_proposal_sent_twice_reserves_once(people: Cast, as_: As, units: Issuance) -> None:
    client, once = as_(people.alice), key()

    first = send(client, "/transfers/new/", offer(people), once)
    second = send(client, "/transfers/new/", offer(people), once)

    assert first.url == second.url
    assert Transfer.objects.count() == 1
    assert Holding.objects.get(state="reserved").quantity == 600


def test_accepting_twice_moves_the_units_once(people: Cast, as_: As, units: Issuance) -> None:
    found, bob, once = proposed(people), as_(people.bob), key()

    first, second = (send(bob, url(found, "accept/"), key=once) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert Holding.objects.get(account=people.broker_account).quantity == 100
    late = send(bob, url(found, "accept/"))
    assert late.status_code == 409
    assert "The transfer is accepted" in summary(late)


@pytest.mark.parametrize(
    ("who", "action", "state"), [("bob", "decline", "declined"), ("alice", "withdraw", "withdrawn")]
)
def test_a_transfer_given_up_gives_the_units_back(
    people: Cast, as_: As, units: Issuance, who: str, action: str, state: str
) -> None:
    found = proposed(people)

    send(as_(getattr(people, who)), url(found, f"{action}/"))

    found.refresh_from_db()
    assert found.state == state
    assert Holding.objects.get().state == "active"


def test_where_the_account_asks_for_it_a_second_person_approves(
    people: Cast, as_: As, units: Issuance
) -> None:
    desk = proposed(people, to_account=people.broker_desk)
    send(as_(people.bob), url(desk, "accept/"))
    found = proposed(
        people, by=people.bob, from_account=people.broker_desk, to_account=people.auto_account
    )

    own = send(as_(people.bob), url(found, "approve/"))
    early = send(as_(people.carl), url(found, "accept/"))
    done = send(as_(people.bea), url(found, "approve/"))

    assert own.status_code == 403
    assert "A second person approves it." in summary(own)
    assert "/approve/" not in as_(people.bob).get(url(found)).content.decode()
    assert early.status_code == 409
    assert done.status_code == 302
    assert "Accept" in as_(people.carl).get(url(found)).content.decode()


def test_a_contract_that_ends_the_journey_is_told_at_the_proposal(people: Cast, as_: As) -> None:
    issue(people, tonnes=100, agreement=agreement(people, transfers_allowed=0))
    send(as_(people.bob), url(proposed(people), "accept/"))

    response = send(
        as_(people.bob),
        "/transfers/new/",
        offer(
            people,
            account=people.broker_account.number,
            to_account=people.auto_account.number,
            quantity="10",
        ),
    )

    assert response.status_code == 422
    assert "R091, section 7.1" in summary(response)


def test_an_outsider_sees_nothing_of_a_transfer(people: Cast, as_: As, units: Issuance) -> None:
    found, before = proposed(people), writes()

    for tail in ("", "accept/", "withdraw/"):
        assert as_(people.carl).get(url(found, tail)).status_code == 404
    assert send(as_(people.carl), url(found, "accept/")).status_code == 404
    assert writes() == before


def test_an_insider_without_the_right_is_refused(people: Cast, as_: As, units: Issuance) -> None:
    found, anton = proposed(people), as_(people.anton)

    assert anton.get(url(found)).status_code == 200
    assert send(anton, url(found, "withdraw/")).status_code == 403
    assert anton.get("/transfers/new/").status_code == 403
    found.refresh_from_db()
    assert found.state == "offered"


def test_buttons_work_by_post_only(people: Cast, as_: As, units: Issuance) -> None:
    found = proposed(people)

    assert as_(people.bob).get(url(found, "accept/")).url == url(found)
    found.refresh_from_db()
    assert found.state == "offered"


def test_a_link_from_an_account_names_its_units(people: Cast, as_: As, units: Issuance) -> None:
    alice = as_(people.alice)
    page = alice.get(f"/accounts/{people.iron_account.number}/")

    link = page.context["rows"][0][-1].url
    form = alice.get(link).context["form"]

    assert form["how"].value() == "serials"
    assert (form["issuance"].value(), form["first"].value(), form["last"].value()) == (
        *(units.code, "1", "1000"),
    )


def test_the_list_shows_open_ones_first_and_can_be_narrowed(
    people: Cast, as_: As, units: Issuance
) -> None:
    done, waiting = proposed(people, 10), proposed(people, 20)
    send(as_(people.bob), url(done, "accept/"))
    bob = as_(people.bob)

    assert [each.pk for each in bob.get("/transfers/").context["page"]] == [waiting.pk, done.pk]
    assert list(bob.get("/transfers/?direction=out").context["page"]) == []
    assert len(bob.get("/transfers/?direction=in").context["page"]) == 2


def test_the_pages_take_a_bounded_number_of_queries(people: Cast, as_: As, units: Issuance) -> None:
    alice, found = as_(people.alice), proposed(people)
    pages = ("/transfers/", "/transfers/new/", url(found))
    one = [queries_of(alice, page) for page in pages]
    for _ in range(4):
        proposed(people)
    issue(people, tonnes=5, at=units.site, **_year_before())

    assert [queries_of(alice, page) for page in pages] == one
    assert max(one) <= 32


def _year_before() -> dict[str, date]:
    year = timezone.now().year - 2
    return {
        "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31),
        "delivered_on": date(year, 12, 31),
    }
