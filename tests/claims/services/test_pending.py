"""Retire and claim in one step: pending until the retirement is final, gone if it is withdrawn."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.errors import NotVisible, Refused
from claims.accounting.numbers import text
from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, ClaimedRange, PendingClaim
from claims.queries import unclaimed
from claims.services.inventories import remove_line
from claims.services.pending import Claiming, preview_retire_and_claim, retire_and_claim
from claims.services.statements import publish_statement
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import NotThere
from registry.models import CoolingOff, Holding, Issuance, Notice, Retirement
from registry.services.retirements import settle_due, withdraw_retirement
from tests import cast as made
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import DIRECT, NOW, Stage, claim, set_stage
from tests.registry.services.acts import broken, put
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def scene(shared_database: None) -> tuple[Stage, Issuance]:
    """The stage, with 500 t more that Carl holds and has not retired."""
    stage = set_stage()
    more = made.issue(stage.people, tonnes=500, steel=True)
    put(more, stage.people.auto_account)
    return stage, more


@pytest.fixture
def cooling(scene: tuple[Stage, Issuance]) -> None:
    """Retirements from Carl's account can be withdrawn for an hour."""
    people = scene[0].people
    CoolingOff.objects.create(
        account=people.auto_account, minutes=60, set_at=NOW, set_by=people.carl
    )


def step(scene: tuple[Stage, Issuance], **more: Any) -> Claiming:
    stage, units = scene
    given: dict[str, Any] = {
        "by": stage.people.carl,
        "now": NOW,
        "key": key(),
        "account": stage.people.auto_account,
        "inventory": stage.inventory,
        "lines": [stage.line],
        "units": [act.run(units, 1, 200)],
        "terms": DIRECT,
    }
    return retire_and_claim(**given | more)


def waiting(scene: tuple[Stage, Issuance], **more: Any) -> PendingClaim:
    found = step(scene, **more)
    assert isinstance(found, PendingClaim)
    return found


def test_without_a_cooling_off_it_is_a_claim_at_once(scene: tuple[Stage, Issuance]) -> None:
    done = step(scene)
    assert isinstance(done, Claim)
    assert done.volume == 200
    assert Holding.objects.filter(issuance=scene[1], state="retired").exists()
    (lot,) = done.inputs["matches"][0]["lots"]
    assert lot["retirement"] == Retirement.objects.get(quantity=200).code


@pytest.mark.usefixtures("cooling")
def test_with_a_cooling_off_it_is_pending_and_nothing_is_claimed(
    scene: tuple[Stage, Issuance],
) -> None:
    found = waiting(scene)
    assert (found.state, found.volume, found.order.quantity) == ("waiting", 200, 200)
    assert not Claim.objects.exists()
    assert {f["rule"]: f["outcome"] for f in found.findings}["R100"] == "warn"


@pytest.mark.usefixtures("cooling")
def test_it_becomes_a_claim_with_the_retirement(scene: tuple[Stage, Issuance]) -> None:
    found = waiting(scene)
    assert settle_due(now=NOW + HOUR) == 1
    found.refresh_from_db()
    done = found.claim
    assert done is not None
    assert (found.state, done.code, done.volume) == ("made", found.code, 200)
    assert done.result == found.result
    assert done.claimed_at == found.order.due_at
    assert {f["rule"]: f["outcome"] for f in done.findings}["R100"] == "pass"
    assert Notice.objects.filter(kind="claim.made", about_id=found.pk).exists()
    assert scene[1].pk not in {
        run.line.issuance for run in unclaimed(scene[0].people.auto_werke.pk)
    }


@pytest.mark.usefixtures("cooling")
def test_a_moment_before_it_is_still_pending(scene: tuple[Stage, Issuance]) -> None:
    found = waiting(scene)
    assert settle_due(now=NOW + HOUR - timedelta(seconds=1)) == 0
    found.refresh_from_db()
    assert found.state == "waiting"


@pytest.mark.usefixtures("cooling")
def test_it_falls_away_when_the_retirement_is_withdrawn(scene: tuple[Stage, Issuance]) -> None:
    found = waiting(scene)
    carl = scene[0].people.carl
    withdraw_retirement(by=carl, now=NOW, key=key(), order=found.order)
    found.refresh_from_db()
    assert (found.state, found.claim, found.ended_at) == ("fallen", None, NOW)
    assert Notice.objects.filter(kind="claim.fallen", about_id=found.pk).exists()
    # Units and line are free again.
    assert waiting(scene).state == "waiting"


@pytest.mark.usefixtures("cooling")
def test_what_is_pending_is_not_in_a_statement_and_is_once_it_is_made(
    scene: tuple[Stage, Issuance],
) -> None:
    waiting(scene)
    stage = scene[0]
    given: dict[str, Any] = {
        "by": stage.people.carl, "inventory": stage.inventory, "text": DISCLOSURE
    }  # fmt: skip
    before = publish_statement(now=NOW, key=key(), **given)
    assert before.document["claims"] == []
    settle_due(now=NOW + HOUR)
    after = publish_statement(now=NOW + HOUR, key=key(), **given)
    assert after.document["claims"][0]["volume"] == 200
    assert recompute(after.document) == []


@pytest.mark.usefixtures("cooling")
def test_no_other_claim_is_made_on_the_line_meanwhile(scene: tuple[Stage, Issuance]) -> None:
    found = waiting(scene)
    with refused(NotNow, match=found.order.code):
        claim(scene[0], 1, 100)
    with refused(NotNow, match="one pending claim"):
        step(scene, units=[act.run(scene[1], 201, 300)])
    other = act.line(scene[0].people.carl, scene[0].inventory, name="Other")
    assert waiting(scene, lines=[other], units=[act.run(scene[1], 201, 300)]).volume == 100


@pytest.mark.usefixtures("cooling")
def test_the_line_stays_while_a_claim_on_it_is_pending(scene: tuple[Stage, Issuance]) -> None:
    waiting(scene)
    with refused(NotNow):
        remove_line(by=scene[0].people.carl, now=NOW, key=key(), line=scene[0].line)


@pytest.mark.usefixtures("cooling")
def test_units_are_held_for_one_pending_claim(scene: tuple[Stage, Issuance]) -> None:
    waiting(scene)
    other = act.line(scene[0].people.carl, scene[0].inventory, name="Other")
    with writes_nothing(), pytest.raises((NotThere, RulesBroken)):
        step(scene, lines=[other])


@pytest.mark.usefixtures("cooling")
def test_a_claim_that_rules_refuse_retires_nothing(scene: tuple[Stage, Issuance]) -> None:
    small = act.line(scene[0].people.carl, scene[0].inventory, name="Small", tonnes=Decimal(100))
    with refused(RulesBroken) as refusal:
        step(scene, lines=[small])
    assert "R125" in broken(refusal)
    assert not Holding.objects.filter(issuance=scene[1], state="retiring").exists()


@pytest.mark.usefixtures("cooling")
def test_sent_twice_it_is_done_once(scene: tuple[Stage, Issuance]) -> None:
    again = key()
    assert waiting(scene, key=again) == waiting(scene, key=again)
    assert PendingClaim.objects.count() == 1
    settle_due(now=NOW + HOUR)
    assert waiting(scene, key=again).state == "made"


def test_the_preview_shows_what_the_step_gives(scene: tuple[Stage, Issuance]) -> None:
    stage, units = scene
    given: dict[str, Any] = {
        "by": stage.people.carl,
        "now": NOW,
        "account": stage.people.auto_account,
        "inventory": stage.inventory,
        "lines": [stage.line],
        "units": [act.run(units, 1, 200)],
        "terms": DIRECT,
    }
    with writes_nothing():
        shown = preview_retire_and_claim(**given)
    assert shown.result is not None
    assert {"R100", "R103", "R125"} <= {finding.rule for finding in shown.findings}
    done = step(scene)
    assert done.result["reduction_emissions"] == text(shown.result.reduction_emissions)


@pytest.mark.usefixtures("cooling")
def test_the_preview_of_a_pending_claim_warns_of_the_wait(scene: tuple[Stage, Issuance]) -> None:
    stage, units = scene
    shown = preview_retire_and_claim(
        by=stage.people.carl,
        now=NOW,
        account=stage.people.auto_account,
        inventory=stage.inventory,
        lines=[stage.line],
        units=[act.run(units, 1, 200)],
        terms=DIRECT,
    )
    assert {f.rule: f.outcome for f in shown.findings}["R100"] == "warn"


def test_outsiders_and_lookers_on_do_neither(scene: tuple[Stage, Issuance]) -> None:
    with refused(NotVisible):
        step(scene, by=scene[0].people.erik)
    cora = act.colleague(scene[0])
    with refused(Refused):
        step(scene, by=cora)


def test_the_account_is_the_claimants_own(scene: tuple[Stage, Issuance]) -> None:
    people = scene[0].people
    with pytest.raises((BadInput, NotVisible)):
        step(scene, account=people.broker_account)


@pytest.mark.usefixtures("cooling")
def test_what_ended_never_changes(scene: tuple[Stage, Issuance]) -> None:
    found = waiting(scene)
    for sql in (
        "UPDATE claims_pendingclaim SET volume = 1",
        "DELETE FROM claims_pendingclaim",
        "INSERT INTO claims_pendingline (id, pending_id, line_id, is_waiting)"
        " SELECT gen_random_uuid(), pending_id, line_id, true FROM claims_pendingline",
    ):
        with pytest.raises(Exception, match=r".") as caught, transaction.atomic():
            connection.cursor().execute(sql)
        assert caught.type.__module__ in ("django.db.utils",), caught.value
    withdraw_retirement(by=scene[0].people.carl, now=NOW, key=key(), order=found.order)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        connection.cursor().execute("UPDATE claims_pendingclaim SET ended_at = now()")


@pytest.mark.usefixtures("cooling")
def test_a_claim_that_is_right_no_more_is_refused_and_the_units_stay_retired(
    scene: tuple[Stage, Issuance],
) -> None:
    """Another organisation's name on the units cannot be; a smaller line can, by a superuser."""
    found = waiting(scene)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_inventoryline SET tonnes = 100 WHERE id = %s", [scene[0].line.pk]
        )
    settle_due(now=NOW + HOUR)
    found.refresh_from_db()
    assert (found.state, found.claim) == ("refused", None)
    assert "R125" in {each["rule"] for each in found.refusal if each["outcome"] == "fail"}
    assert not ClaimedRange.objects.exists()
    assert Retirement.objects.filter(pk=found.order_id).exists()
    assert Notice.objects.filter(kind="claim.refused", about_id=found.pk).exists()


@pytest.mark.usefixtures("cooling")
def test_a_claimant_that_lost_its_role_meanwhile_has_retired_and_not_claimed(
    scene: tuple[Stage, Issuance],
) -> None:
    """Finality waits for nobody: neither the sweep nor a reader meets the refusal."""
    found = waiting(scene)
    scene[0].people.auto_werke.role_rows.all().delete()
    assert settle_due(now=NOW + HOUR) == 1
    found.refresh_from_db()
    assert (found.state, found.claim) == ("refused", None)
    assert [each["outcome"] for each in found.refusal] == ["fail"]
    assert "role" in found.refusal[0]["found"]
    assert Retirement.objects.filter(pk=found.order_id).exists()


def test_the_step_takes_replaced_terms(scene: tuple[Stage, Issuance]) -> None:
    """Without alignment direct substitution needs a reason (R121), here as in any claim."""
    bare = replace(DIRECT, alignment=type(DIRECT.alignment)())
    with refused(RulesBroken) as refusal:
        step(scene, terms=bare)
    assert "R121" in broken(refusal)
