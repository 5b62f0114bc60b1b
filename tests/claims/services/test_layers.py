"""Co-claimed copies (9.3): each claimed at its layer, by the holder of the copy."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Organisation, User
from claims.models import Claim, ClaimedRange
from claims.services.claiming import make_claim
from registry.errors import RulesBroken
from registry.ledger import Line
from registry.services.retirements import retire
from tests.cast import cast, key
from tests.claims.services import stage as act
from tests.claims.services.stage import DIRECT, NOW
from tests.registry.services import sharing
from tests.registry.services.acts import broken
from tests.registry.services.sharing import Sharing
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def scene(shared_database: None) -> Sharing:
    """600 t: the car maker has copy 1 at layer 4, the broker copy 2 at layer 2, both retired."""
    found = sharing.sharing(cast())
    sharing.executed(found)
    people = found.people
    for by, account, copy in (
        (people.carl, people.auto_account, 1),
        (people.bob, people.broker_account, 2),
    ):
        units = [Line(found.issuance.pk, copy, 1, 600)]
        retire(by=by, now=NOW, key=key(), account=account, units=units)
    return found


def claim(scene: Sharing, by: User, of: Organisation, copy: int, **more: Any) -> Claim:
    inventory = act.inventory(by, of, name=f"{of} {copy}")
    line = act.line(by, inventory, tonnes=Decimal(600))
    given: dict[str, Any] = {"units": [Line(scene.issuance.pk, copy, 1, 600)], **more}
    return make_claim(
        by=by, now=NOW, key=key(), inventory=inventory, lines=[line], terms=DIRECT, **given
    )


def test_each_holder_claims_the_same_tonnes_at_its_own_layer(scene: Sharing) -> None:
    people = scene.people
    claim(scene, people.carl, people.auto_werke, 1)
    claim(scene, people.bob, people.broker, 2)
    rows = ClaimedRange.objects.order_by("copy").values_list("copy", "layer", "serials")
    assert [(copy, layer, run.upper - run.lower) for copy, layer, run in rows] == [
        (1, 4, 600),
        (2, 2, 600),
    ]


def test_a_copy_is_claimed_by_its_holder_only(scene: Sharing) -> None:
    """R100, R132: no right to claim beyond the contract."""
    people = scene.people
    inventory = act.inventory(people.carl, people.auto_werke)
    line = act.line(people.carl, inventory, tonnes=Decimal(600))
    with refused(RulesBroken) as refusal:
        make_claim(
            by=people.carl,
            now=NOW,
            key=key(),
            inventory=inventory,
            lines=[line],
            units=[Line(scene.issuance.pk, 2, 1, 600)],
            terms=DIRECT,
        )
    assert "R100" in broken(refusal)


def test_a_copy_is_claimed_once(scene: Sharing) -> None:
    people = scene.people
    claim(scene, people.bob, people.broker, 2)
    inventory = act.inventory(people.bob, people.broker, name="Again")
    line = act.line(people.bob, inventory, tonnes=Decimal(600))
    with refused(RulesBroken) as refusal:
        make_claim(
            by=people.bob,
            now=NOW,
            key=key(),
            inventory=inventory,
            lines=[line],
            units=[Line(scene.issuance.pk, 2, 600, 600)],
            terms=DIRECT,
        )
    assert "R124" in broken(refusal)


def test_the_database_refuses_a_second_claim_at_a_layer(scene: Sharing) -> None:
    """Whatever copy a program says it is."""
    people = scene.people
    claim(scene, people.carl, people.auto_werke, 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")  # no triggers
        with pytest.raises(IntegrityError, match="two_claims_at_one_layer"), transaction.atomic():
            cursor.execute(
                "INSERT INTO claims_claimedrange (id, claim_id, issuance_id, copy, layer, serials)"
                " SELECT gen_random_uuid(), claim_id, issuance_id, 3, 4, '[600,601)'"
                " FROM claims_claimedrange WHERE copy = 1"
            )
