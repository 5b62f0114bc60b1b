"""Provisional units on the pages: asked for, approved, shown everywhere, settled."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from registry.errors import RulesBroken
from registry.models import Adjustment, Confirmation, Holding, Issuance, Notice, Production
from registry.provisional import provisional_among
from registry.queries import Wanted
from registry.services.retirements import retire
from registry.services.transfers import accept_transfer, propose_transfer
from tests.cast import Cast, key, verify
from tests.registry.early import issue_early, stage
from tests.registry.web.conftest import As, send, summary, writes
from tests.support.programs import Program


@pytest.fixture
def waiting(people: Cast) -> Production:
    return stage(people)


@pytest.fixture
def issuance(people: Cast, waiting: Production) -> Issuance:
    return issue_early(people, waiting)


def sell(people: Cast, tonnes: int) -> None:
    transfer = propose_transfer(
        by=people.alice,
        now=timezone.now(),
        key=key(),
        from_account=people.iron_account,
        to_account=people.broker_account,
        units=Wanted(tonnes),
        surrendered=True,
    )
    accept_transfer(by=people.bob, now=timezone.now(), key=key(), transfer=transfer)


def test_an_operator_declines_the_request_and_the_audit_goes_on(
    people: Cast, as_: As, waiting: Production
) -> None:
    page, queue = f"/productions/{waiting.pk}/", f"/applications/{waiting.pk}/"
    alice, olga = as_(people.alice), as_(people.olga)
    why = {"reason": "The buyer has not signed."}
    assert send(olga, f"{queue}decline-early/", why).status_code == 409
    send(alice, f"{page}early/")
    assert send(alice, f"{queue}decline-early/", why).status_code == 403
    assert send(olga, f"{queue}decline-early/", {"reason": ""}).status_code == 400
    assert send(olga, f"{queue}decline-early/", {"reason": "x" * 501}).status_code == 400
    assert "Decline provisional units" in olga.get(queue).content.decode()

    assert send(olga, f"{queue}decline-early/", why).status_code == 302

    told = alice.get(page).content.decode()
    assert "The buyer has not signed." in told
    assert "Ask for provisional units" not in told
    assert "Approve 500 t" not in as_(people.oscar).get("/home/").content.decode()
    assert Notice.objects.get(kind="provisional.declined").organisation == people.nordmetall
    for again in (send(olga, f"{queue}decline-early/", why), send(alice, f"{page}early/")):
        assert again.status_code == 409
    assert send(as_(people.oscar), f"{queue}approve/").status_code == 409
    verify(people, waiting.verifications.get())
    assert send(olga, f"{queue}approve/").status_code == 302


def test_a_program_declines_the_request(people: Cast, waiting: Production) -> None:
    Program.of(people.alice).post(f"productions/{waiting.pk}/provisional/")
    olga, url = Program.of(people.olga), f"approvals/{waiting.pk}/decline-early/"
    assert olga.post(url, {}).status == 400
    assert Program.of(people.alice).post(url, {"reason": "No."}).status == 403
    assert olga.post(url, {"reason": "Not signed."}).status == 200
    assert olga.post(url, {"reason": "Not signed."}).status in (404, 409)


def test_provisional_units_are_marked_where_they_are_moved_and_counted(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    alice = as_(people.alice)
    transfer = propose_transfer(
        by=people.alice, now=timezone.now(), key=key(), from_account=people.iron_account,
        to_account=people.broker_account, units=Wanted(10), surrendered=True,
    )  # fmt: skip
    assert ", provisional</option>" in alice.get("/transfers/new/").content.decode()
    assert ", provisional" in as_(people.bob).get(f"/transfers/{transfer.pk}/").content.decode()
    assert ", 500 t provisional" in alice.get("/home/").content.decode()


def test_the_producer_asks_and_two_operators_approve(
    people: Cast, as_: As, waiting: Production
) -> None:
    page, queue = f"/productions/{waiting.pk}/", f"/applications/{waiting.pk}/"
    assert "Ask for provisional units" in as_(people.alice).get(page).content.decode()
    assert send(as_(people.alice), f"{page}early/").status_code == 302
    asked = as_(people.alice).get(page).content.decode()
    assert "Provisional units were asked for" in asked
    assert "Ask for provisional units" not in asked

    olga, oscar = as_(people.olga), as_(people.oscar)
    assert "Approve 500 t" in olga.get("/home/").content.decode()
    shown = olga.get(queue).content.decode()
    assert "What the ex-ante audit expects" in shown
    assert "Send back to the producer" not in shown
    assert send(olga, f"{queue}approve/").status_code == 302
    assert "Approve 500 t" not in olga.get("/home/").content.decode()
    assert "Olga" in oscar.get("/applications/").content.decode()
    send(oscar, f"{queue}approve/")
    assert "issued, provisionally" in oscar.get(queue).content.decode()
    assert Issuance.objects.get(production=waiting).is_provisional


def test_more_than_the_contracted_share_comes_back_with_the_rule(
    people: Cast, as_: As, waiting: Production
) -> None:
    Production.objects.filter(pk=waiting.pk).update(tonnes=501)
    answer = send(as_(people.alice), f"/productions/{waiting.pk}/early/")
    assert answer.status_code == 422
    assert "R085" in summary(answer)


def test_others_do_not_ask(people: Cast, as_: As, waiting: Production) -> None:
    before, url = writes(), f"/productions/{waiting.pk}/early/"
    assert send(as_(people.erik), url).status_code == 404
    assert send(as_(people.anton), url).status_code == 403
    assert send(as_(people.vera), url).status_code == 403
    assert Program.of(people.erik).post(f"productions/{waiting.pk}/provisional/").status == 404
    assert Program.of(people.anton).post(f"productions/{waiting.pk}/provisional/").status == 403
    assert writes() == before


def test_operators_approve_through_the_interface_too(people: Cast, waiting: Production) -> None:
    Program.of(people.alice).post(f"productions/{waiting.pk}/provisional/")
    for by in (people.olga, people.oscar):
        answer = Program.of(by).post(f"approvals/{waiting.pk}/approve/")
        assert answer.status == 200, answer.text
    assert answer.body["state"] == "provisional"


def test_provisional_until_stands_wherever_the_units_do(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    sell(people, 10)
    unit = Program().get(f"register/issuances/{issuance.code}/").body
    due = issuance.verification.due_on
    assert (unit["provisional_until"], unit["verified_on"]) == (due.isoformat(), None)
    looked_up = Program().get("register/units/", identifier=unit["units"])
    assert looked_up.body["provisional_until"] == due.isoformat()
    anybody = as_(people.bob)
    for path in (
        f"/register/issuances/{issuance.code}/",
        f"/register/units/?identifier={unit['units']}",
        f"/accounts/{people.broker_account.number}/",
    ):
        assert "rovisional" in anybody.get(path).content.decode(), path
    page = as_(people.alice).get(f"/productions/{issuance.production_id}/").content.decode()
    assert "The units are issued provisionally" in page
    held = Program.of(people.bob).get(f"accounts/{people.broker_account.number}/holdings/")
    assert held.body["results"][0]["is_provisional"] is True


def test_provisional_units_are_sold_but_not_retired(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    sell(people, 10)
    account, before = people.broker_account, writes()
    with pytest.raises(RulesBroken) as refusal:
        retire(by=people.bob, now=timezone.now(), key=key(), account=account, units=Wanted(5))
    rule = refusal.value.failures[0].rule
    program = Program.of(people.bob).post(
        "retirements/", {"account": account.number, "units": {"quantity": 5}}
    )
    assert (program.status, program.findings) == (422, [rule])
    data = {"account": account.number, "how": "oldest", "quantity": "5", "confirmed": "on"}
    answer = send(as_(people.bob), "/retirements/new/", data)
    assert answer.status_code == 422
    assert rule in summary(answer)
    assert writes() == before
    assert not Holding.objects.filter(state="retired").exists()


def test_an_audit_that_differs_waits_for_the_operators_and_their_correction_settles_it(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    verify(people, issuance.verification, delivered_tonnes=900)
    olga = as_(people.olga)
    for path in ("/home/", "/applications/"):
        assert f"/adjustments/new/?issuance={issuance.code}" in olga.get(path).content.decode()
    form = olga.get(f"/adjustments/new/?issuance={issuance.code}").context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert given["shortfall"] == 50
    given.pop("idempotency_key", None)
    assert send(olga, "/adjustments/new/", given).status_code == 302
    row = Adjustment.objects.get()
    assert provisional_among([issuance])
    assert send(as_(people.oscar), f"/adjustments/{row.code}/approve/").status_code == 302

    assert not provisional_among([issuance])
    assert issuance.code not in olga.get("/applications/").content.decode()
    states = dict(Holding.objects.values_list("state", "serials"))
    assert states["suspended"].upper - states["suspended"].lower == 50
    sell(people, 10)
    retire(
        by=people.bob,
        now=timezone.now(),
        key=key(),
        account=people.broker_account,
        units=Wanted(10),
    )


def test_a_correction_that_falls_short_settles_nothing(people: Cast, issuance: Issuance) -> None:
    verify(people, issuance.verification, delivered_tonnes=900)
    confirmation = Confirmation.objects.get()
    for shortfall, settled in ((49, False), (50, True)):
        Adjustment.objects.create(
            code=f"A{shortfall}",
            issuance=issuance,
            state="in_force",
            intensity=Decimal("0.45"),
            previous_intensity=Decimal("0.45"),
            shortfall=shortfall,
            reason="Test",
            proposed_at=confirmation.at,
            proposed_by=people.olga,
            decided_at=confirmation.at + timedelta(seconds=1),
            decided_by=people.oscar,
        )
        assert (not provisional_among([issuance])) is settled
