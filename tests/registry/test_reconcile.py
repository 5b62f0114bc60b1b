"""Reconciliation: sound ledgers pass, and every kind of corruption is found where it is."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import blocks
from accounts.errors import Refused
from accounts.models import AccountBlock
from accounts.permissions import Right, require
from registry.ledger import Line, Seat
from registry.models import Transfer
from registry.services import reconciling
from registry.services.reconciling import Report, reconcile
from registry.services.transfers import accept_transfer, propose_transfer, withdraw_transfer
from tests.cast import key
from tests.registry.ledger.acts import Acts
from tests.registry.ledger.conftest import acts, world
from tests.support.refusals import refused

__all__ = ["acts", "world"]  # fixtures


@contextmanager
def superuser() -> Iterator[Callable[[str], None]]:
    """Past triggers, foreign keys and constraints, as only a superuser gets."""

    def sql(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in ("no_unit_is_in_two_places", "no_tonne_is_claimed_twice_at_one_layer"):
                cursor.execute(f"ALTER TABLE registry_holding DROP CONSTRAINT IF EXISTS {name}")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            assert cursor.rowcount > 0, f"nothing was corrupted by {statement}"
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    yield sql


@pytest.fixture
def lively(acts: Acts) -> Acts:
    """A ledger with every kind of entry, sound."""
    acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.auto), Seat(3, 5, None)])
    acts.name(acts.co_claim(acts.line(101, 110), seats=[Seat(2, 4, None)]), 2, acts.broker)
    # Long before 311: of two entries of one millisecond either may be replayed first.
    acts.retire(acts.line(301, 310))
    acts.move(acts.line(201, 300), to=acts.broker)
    acts.accept(
        acts.reserve(acts.line(201, 220), account=acts.broker), acts.auto, acts.people.broker.pk
    )
    acts.finish(acts.begin(acts.line(311, 320)))
    acts.withdraw(acts.begin(acts.line(321, 330)))
    acts.cancel(acts.line(331, 340))
    acts.lift(acts.suspend(lines=[acts.line(341, 350)])[0])
    acts.suspend(lines=[acts.line(351, 360)])
    acts.reserve(acts.line(361, 370))
    acts.begin(acts.line(371, 380))
    acts.lift(acts.suspend(issuance=None, lines=[Line(acts.issuance.pk, 3, 1, 50)])[0])
    return acts


def found(look_only: bool = False) -> Report:
    return reconcile(now=timezone.now(), may_block=not look_only)


def test_a_ledger_of_every_kind_of_entry_is_sound(lively: Acts) -> None:
    lively.expire()
    report = found()
    assert report.is_sound, report.breaks
    assert (report.issuances, report.blocked) == (1, 0)
    assert report.entries > 30
    assert report.holdings > 15
    assert AccountBlock.objects.count() == 0


_H, _E = "registry_holding", "registry_entry"
BROKER, HOME, AUTO = "broker", "home", "auto"


@pytest.mark.parametrize(
    ("corruption", "first", "last", "said"),
    [
        # Holdings.
        (
            f"UPDATE {_H} SET account_id = '{{auto}}' WHERE serials @> 250::bigint",
            221,
            300,
            "account",
        ),
        (
            f"UPDATE {_H} SET state = 'active', \"order\" = NULL WHERE serials @> 305::bigint",
            301,
            310,
            "retired",
        ),
        (
            f"UPDATE {_H} SET serials = '[301,309]' WHERE serials @> 305::bigint",
            310,
            310,
            "nothing",
        ),
        (f"UPDATE {_H} SET serials = '[211,230]' WHERE serials = '[201,221)'", 221, 230, "two"),
        (f"DELETE FROM {_H} WHERE serials @> 355::bigint", 351, 360, "nothing"),
        (f"UPDATE {_H} SET transfers = 0 WHERE serials @> 210::bigint", 201, 220, "1 onward"),
        (f"UPDATE {_H} SET layer = 3 WHERE serials @> 5::bigint AND copy = 1", 1, 110, "layer 3"),
        (
            f'UPDATE {_H} SET "order" = gen_random_uuid() WHERE serials @> 365::bigint',
            361,
            370,
            "order",
        ),
        (f"DELETE FROM {_H} WHERE copy = 2 AND serials @> 5::bigint", 1, 100, "nothing"),
        (
            f"INSERT INTO {_H} SELECT (jsonb_populate_record(h, jsonb_build_object('id',"
            f" gen_random_uuid(), 'serials', '[1001,1005]'))).* FROM {_H} h WHERE copy = 1 LIMIT 1",
            1_001,
            1_005,
            "nothing",
        ),
        # Entries.
        (f"DELETE FROM {_E} WHERE kind = 'issue'", 1, 100, "created"),
        (
            f"DELETE FROM {_E} WHERE kind = 'begin_retirement' AND serials @> 375::bigint",
            371,
            380,
            "",
        ),
        (f"DELETE FROM {_E} WHERE kind = 'withdraw_retirement'", 321, 330, "retiring"),
        (f"UPDATE {_E} SET to_account_id = '{{auto}}' WHERE kind = 'retire'", 301, 310, "account"),
        (f"UPDATE {_E} SET serials = '[301,311]' WHERE kind = 'retire'", 311, 320, "active"),
        (f"UPDATE {_E} SET version = 1 WHERE kind = 'retire'", 301, 310, "version"),
        (f"UPDATE {_E} SET kind = 'gift' WHERE kind = 'retire'", 301, 310, "no such kind"),
        (
            f"UPDATE {_E} SET to_state = 'active' WHERE kind = 'retire'",
            301,
            310,
            "active → retired",
        ),
        (f"UPDATE {_E} SET transfers = 7 WHERE kind = 'accept' AND transfers = 1", 201, 220, "7"),
        (
            f"UPDATE {_E} SET from_account_id = '{{auto}}' WHERE kind = 'retire'",
            301,
            310,
            "account",
        ),
        (
            f"INSERT INTO {_E} SELECT (jsonb_populate_record(e, jsonb_build_object('id',"
            f" gen_random_uuid()))).* FROM {_E} e WHERE kind = 'retire'",
            301,
            310,
            "retired",
        ),
        # Both, so that they agree with one another.
        (
            f"WITH h AS (UPDATE {_H} SET state = 'active', \"order\" = NULL, version = 9"
            f" WHERE serials @> 305::bigint RETURNING *) INSERT INTO {_E} (id, issuance_id, copy,"
            " serials, version, kind, from_account_id, from_state, to_account_id, to_state,"
            " transfers, at) SELECT gen_random_uuid(), issuance_id, 1, serials, 9, 'lift',"
            " account_id, 'retired', account_id, 'active', 0, now() FROM h",
            301,
            310,
            "retired → active",
        ),
        (
            f"WITH h AS (UPDATE {_H} SET account_id = '{{broker}}', version = 4 WHERE copy = 2 AND"
            f" serials @> 5::bigint RETURNING *), e AS (INSERT INTO {_E} (id, issuance_id, copy,"
            ' serials, version, kind, "order", from_account_id, from_state, to_account_id,'
            " to_state, layer, transfers, at) SELECT gen_random_uuid(), issuance_id, 2, serials, 3,"
            " 'propose', '{order}', '{auto}', 'active', '{auto}', 'reserved', 4, 0, now() FROM h)"
            f' INSERT INTO {_E} (id, issuance_id, copy, serials, version, kind, "order",'
            " from_account_id, from_state, to_account_id, to_state, layer, transfers, at) SELECT"
            " gen_random_uuid(), issuance_id, 2, serials, 4, 'accept', '{order}', '{auto}',"
            " 'reserved', '{broker}', 'active', 4, 0, now() FROM h",
            1,
            100,
            "with their holder",
        ),
        (
            "UPDATE registry_issuance SET quantity = 1001, delivered_tonnes = 1001",
            1,
            1_001,
            "1–1001",
        ),
        (
            f"WITH h AS (DELETE FROM {_H} WHERE copy = 2 RETURNING 1)"
            f" DELETE FROM {_E} WHERE copy = 2",
            1,
            1_000,
            "a copy of",
        ),
    ],
)
def test_a_planted_corruption_is_named_and_its_accounts_are_blocked(
    lively: Acts, corruption: str, first: int, last: int, said: str
) -> None:
    names = {"auto": lively.auto, "broker": lively.broker, "order": uuid4()}
    for name, value in names.items():
        corruption = corruption.replace(f"{{{name}}}", str(value))
    with superuser() as sql:
        sql(corruption)
    report = found()
    (difference,) = report.breaks
    assert (difference.issuance, difference.first, difference.last) == (
        lively.issuance.pk,
        first,
        last,
    )
    assert said in str(difference)
    blocked = set(AccountBlock.objects.values_list("account_id", flat=True))
    assert blocked == difference.accounts
    assert blocked or "nothing" in said or "created" in said


def test_an_entry_of_an_account_that_is_not_there_is_found(lively: Acts) -> None:
    """Entries have no key on accounts; the owner of the tables could write any."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "INSERT INTO registry_entry (id, issuance_id, copy, serials, version, kind, from_state,"
            " from_account_id, to_account_id, to_state, transfers, at)"
            " SELECT gen_random_uuid(), issuance_id, copy, serials, version + 1, 'expire', state,"
            " account_id, gen_random_uuid(), 'expired', transfers, now()"
            " FROM registry_holding"
            " WHERE state = 'active' AND account_id = %s AND copy = 1 LIMIT 1",
            [lively.broker],
        )
        assert cursor.rowcount == 1
    (difference,) = found().breaks
    assert "the same account" in str(difference)
    assert lively.broker in difference.accounts
    assert [each.account_id for each in AccountBlock.objects.all()] == [lively.broker]


def test_the_first_difference_is_reported_and_the_command_exits_1(lively: Acts) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert "no difference" in out.getvalue()
    with superuser() as sql:
        sql(f"UPDATE {_H} SET account_id = '{lively.auto}' WHERE serials @> 250::bigint")
    with pytest.raises(SystemExit) as left:
        call_command("reconcile", "--look-only", stdout=(out := StringIO()))
    assert left.value.code == 1
    assert "First: serials 221–300 of copy 1" in out.getvalue()
    assert AccountBlock.objects.count() == 0
    with pytest.raises(SystemExit):
        call_command("reconcile", "--json", stdout=(out := StringIO()))
    said = json.loads(out.getvalue())
    assert said["accounts_blocked"] == 2
    assert said["differences"][0]["first"] == 221


def test_units_whose_issuance_is_gone_are_found(lively: Acts) -> None:
    with superuser() as sql:
        sql("DELETE FROM registry_issuance")
    assert "units without an issuance" in str(found(look_only=True).breaks[0])


def test_an_app_above_adds_its_own_check(acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {check.__name__ for check in reconciling._CHECKS}
    assert "claimed_but_not_retired" in names
    assert found().is_sound


# --- what a block stops --------------------------------------------------------------------------


def offer(acts: Acts) -> Transfer:
    return propose_transfer(
        by=acts.people.erik,
        now=timezone.now(),
        key=key(),
        from_account=acts.people.steel_account,
        to_account=acts.people.broker_account,
        units=[acts.line(1, 10)],
        surrendered=True,
    )


def test_a_blocked_account_starts_and_approves_nothing(acts: Acts) -> None:
    people = acts.people
    blocks.block(accounts=[acts.home], reason="Something differs.", now=timezone.now())
    with refused(Refused, "blocked: Something differs"):
        offer(acts)
    require(people.erik, Right.VIEW, people.steel_account)
    require(people.bob, Right.INITIATE, people.broker_account)


@pytest.mark.parametrize("side", ["home", "broker"])
def test_nothing_settles_while_either_side_is_blocked(acts: Acts, side: str) -> None:
    transfer = offer(acts)
    blocks.block(accounts=[getattr(acts, side)], reason="Differs.", now=timezone.now())
    for service, by in (
        (accept_transfer, acts.people.bob),
        (withdraw_transfer, acts.people.erik),
    ):
        with refused(Refused, "is blocked"):
            service(by=by, now=timezone.now(), key=key(), transfer=transfer)


def test_the_operator_lifts_a_block_and_units_move_again(acts: Acts) -> None:
    blocks.block(accounts=[acts.home], reason="Differs.", now=timezone.now())
    standing = AccountBlock.objects.all()
    with refused(Refused, "operator"):
        blocks.lift(by=acts.people.erik, blocks=standing, now=timezone.now())
    assert blocks.lift(by=acts.people.olga, blocks=standing, now=timezone.now()) == 1
    assert blocks.lift(by=acts.people.olga, blocks=standing, now=timezone.now()) == 0
    offer(acts)


def test_a_second_difference_does_not_block_twice(acts: Acts) -> None:
    for reason in ("First.", "Second."):
        blocks.block(accounts=[acts.home], reason=reason, now=timezone.now())
    assert AccountBlock.objects.get().reason == "First."
