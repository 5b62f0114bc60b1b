"""Postgres itself refuses: each guard fired by raw SQL, past every layer of ours."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.ids import uuid7
from registry import ledger
from registry.ledger import Line
from registry.models import Entry, Holding, Issuance
from registry.queries import Wanted
from registry.services.retirements import retire
from tests.cast import Cast, agreement, cast, issue, key

pytestmark = pytest.mark.django_db

INSERT = (
    "INSERT INTO registry_holding"
    ' (id, issuance_id, copy, serials, account_id, state, layer, "order", transfers, version)'
    " VALUES (%s, %s, %s, %s::int8range, %s, %s, %s, %s, 0, 1)"
)


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    return issue(people, tonnes=1_000, steel=True)


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys are checked at commit; TRUNCATE and ALTER wait for nothing.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


def insert(
    issuance: Issuance,
    serials: str,
    *,
    copy: int = 1,
    account: UUID | None = None,
    state: str = "active",
    layer: int | None = None,
    order: UUID | None = None,
) -> None:
    """Copies 2 and 3 get a layer where none is given, since each has one."""
    layer = layer if layer is not None or copy == 1 else 2 * copy + 1
    sql(INSERT, uuid7(), issuance.pk, copy, serials, account, state, layer, order)


def refuses(name: str, act: Callable[[], None]) -> None:
    """The database refuses, and names this guard."""
    with pytest.raises(DatabaseError) as refusal:
        act()
    assert name.replace("_", " ") in str(refusal.value).replace("_", " ")


def test_an_overlapping_holding_is_refused(issuance: Issuance, people: Cast) -> None:
    refuses(
        "no_unit_is_in_two_places",
        lambda: insert(issuance, "[1000,1001]", account=people.broker_account.pk),
    )


def test_a_holding_beside_the_last_serial_is_not_an_overlap(
    issuance: Issuance, people: Cast
) -> None:
    insert(issuance, "[1001,1001]", account=people.broker_account.pk)
    assert Holding.objects.filter(issuance=issuance).count() == 2


def test_an_update_onto_other_serials_is_refused(issuance: Issuance, people: Cast) -> None:
    insert(issuance, "[2000,2001]", account=people.broker_account.pk)
    refuses(
        "no_unit_is_in_two_places",
        lambda: sql(
            "UPDATE registry_holding SET serials = '[1000,2001]' WHERE lower(serials) = 2000"
        ),
    )


def test_the_same_tonne_at_one_layer_is_refused_in_another_copy(
    issuance: Issuance, people: Cast
) -> None:
    account = people.broker_account.pk
    insert(issuance, "[1,10]", copy=2, account=account, layer=4)
    refuses(
        "no_tonne_is_claimed_twice_at_one_layer",
        lambda: insert(issuance, "[10,20]", copy=3, account=account, layer=4),
    )
    insert(issuance, "[10,20]", copy=3, account=account, layer=5)


@pytest.mark.parametrize("serials", ["empty", "[0,5]", "(,5]", "[5,)", "(,)"])
def test_a_range_that_is_no_range_is_refused(
    issuance: Issuance, people: Cast, serials: str
) -> None:
    refuses(
        "a_holding_is_a_real_range_from_one_up",
        lambda: insert(issuance, serials, copy=2, account=people.broker_account.pk),
    )


@pytest.mark.parametrize("copy", [0, 4])
def test_a_fourth_copy_is_refused(issuance: Issuance, people: Cast, copy: int) -> None:
    refuses(
        "a_copy_is_one_two_or_three",
        lambda: insert(issuance, "[1,5]", copy=copy, account=people.broker_account.pk),
    )


def test_an_unknown_state_is_refused(issuance: Issuance, people: Cast) -> None:
    refuses(
        "a_holding_has_a_known_state",
        lambda: insert(issuance, "[1,5]", copy=2, account=people.broker_account.pk, state="lent"),
    )


def test_units_without_an_account_are_refused(issuance: Issuance) -> None:
    refuses("only_a_reserved_seat_has_no_account", lambda: insert(issuance, "[1,5]", copy=2))


def test_a_seat_may_be_reserved_without_an_account(issuance: Issuance) -> None:
    insert(issuance, "[1,5]", copy=2, state="reserved", order=uuid4())
    assert Holding.objects.filter(account=None).count() == 1


def test_reserved_units_without_an_order_are_refused(issuance: Issuance, people: Cast) -> None:
    refuses(
        "an_order_has_units_only_while_it_holds_them",
        lambda: insert(
            issuance, "[1,5]", copy=2, account=people.broker_account.pk, state="reserved"
        ),
    )


def test_active_units_with_an_order_are_refused(issuance: Issuance, people: Cast) -> None:
    refuses(
        "an_order_has_units_only_while_it_holds_them",
        lambda: insert(issuance, "[1,5]", copy=2, account=people.broker_account.pk, order=uuid4()),
    )


@pytest.fixture
def retired(people: Cast) -> Holding:
    """Units that Carl retired, put into his account by SQL to keep the way there short."""
    issuance = issue(people, tonnes=1_000, steel=True)
    sql("UPDATE registry_holding SET account_id = %s", people.auto_account.pk)
    retire(
        by=people.carl,
        now=timezone.now(),
        key=key(),
        account=people.auto_account,
        units=Wanted(600),
    )
    return Holding.objects.get(issuance=issuance, state="retired")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE registry_holding SET account_id = %s WHERE state = 'retired'",
        "UPDATE registry_holding SET state = 'active', \"order\" = NULL, account_id = %s"
        " WHERE state = 'retired'",
        "DELETE FROM registry_holding WHERE state = 'retired' AND account_id <> %s"
        " OR state = 'retired'",
    ],
)
def test_a_retired_row_never_moves(retired: Holding, people: Cast, change: str) -> None:
    refuses("retired_and_cancelled_units_never_move", lambda: sql(change, people.broker_account.pk))
    assert Holding.objects.get(issuance=retired.issuance, pk=retired.pk).state == "retired"


def test_a_cancelled_row_never_moves(issuance: Issuance, people: Cast) -> None:
    account = people.broker_account.pk
    insert(issuance, "[1,5]", copy=2, account=account, state="cancelled", order=uuid4())
    guard = "retired_and_cancelled_units_never_move"
    refuses(guard, lambda: sql("UPDATE registry_holding SET version = 9 WHERE copy = 2"))
    refuses(guard, lambda: sql("DELETE FROM registry_holding WHERE copy = 2"))


def test_an_entry_is_never_updated(issuance: Issuance) -> None:
    refuses("entries_are_never_changed", lambda: sql("UPDATE registry_entry SET version = 7"))
    assert Entry.objects.get(issuance=issuance).version == 1


def test_an_entry_is_never_deleted(issuance: Issuance) -> None:
    refuses("entries_are_never_changed", lambda: sql("DELETE FROM registry_entry"))
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("table", ["registry_entry", "registry_holding"])
def test_the_ledger_is_never_truncated(issuance: Issuance, table: str) -> None:
    refuses("never truncated", lambda: sql(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize(
    "table",
    [
        "registry_issuance",
        "registry_agreement",
        "registry_retirement",
        "registry_retirementline",
    ],
)
def test_what_was_decided_never_changes(retired: Holding, people: Cast, table: str) -> None:
    if table == "registry_agreement":
        agreement(people)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
    refuses("never_change", lambda: sql(f"UPDATE {table} SET id = id"))
    refuses("never_change", lambda: sql(f"DELETE FROM {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_entry SET version = 7",
        "DELETE FROM registry_entry",
        "INSERT INTO registry_entry SELECT * FROM registry_entry",
        "UPDATE registry_holding SET version = 7",
        "DELETE FROM registry_holding",
        "INSERT INTO registry_holding SELECT * FROM registry_holding",
        "TRUNCATE registry_entry CASCADE",
        "UPDATE registry_issuance SET quantity = 7",
        "DELETE FROM claims_claimedrange",
        "UPDATE claims_statement SET code = ''",
        "DROP TABLE registry_entry",
        "ALTER TABLE registry_entry DISABLE TRIGGER ALL",
        "CREATE TABLE side_door (id int)",
    ],
)
def test_the_role_of_the_web_has_no_such_grant(issuance: Issuance, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        sql(f"SET LOCAL ROLE billet_web; {statement}")


def test_the_role_of_the_web_reads_and_moves_units_by_the_ledgers_functions(
    issuance: Issuance, people: Cast
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE billet_web")
        cursor.execute("SELECT count(*) FROM registry_entry")
        assert cursor.fetchone()[0] == 1
        ledger.retire(
            retirement=uuid4(),
            account=people.steel_account.pk,
            lines=[Line(issuance.pk, 1, 1, 10)],
            by=people.erik.pk,
            at=timezone.now(),
        )
        cursor.execute("RESET ROLE")
    assert Holding.objects.get(state="retired").quantity == 10


@pytest.mark.parametrize(
    "call",
    [
        "ledger_uuid7()",
        "ledger_left(NULL, NULL, NULL)",
        "ledger_join(NULL, NULL)",
        "ledger_take_one(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "ledger_settle_one(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "ledger_carve(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    ],
)
def test_what_the_ledgers_functions_lean_on_is_theirs_alone(call: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied for function"):
        sql(f"SET LOCAL ROLE billet_web; SELECT {call}")


def test_every_function_is_the_ledgers_own_or_one_that_the_web_may_call() -> None:
    """Those that run as their owner are those that registry/ledger.py calls, path and all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, has_function_privilege('billet_web', oid, 'EXECUTE'),"
            " coalesce(proconfig @> ARRAY['search_path=public, pg_temp'], false)"
            " FROM pg_proc WHERE proname LIKE 'ledger\\_%%'"
        )
        installed = {name: facts for name, *facts in cursor.fetchall()}
    called = set(re.findall(r"ledger_(?!words)\w+", Path(ledger.__file__).read_text()))
    assert {name for name, facts in installed.items() if facts == [True, True, True]} == called
    assert all(facts == [False] * 3 for name, facts in installed.items() if name not in called)


def test_an_entry_of_a_person_who_is_not_there_is_refused(issuance: Issuance) -> None:
    refuses(
        "violates foreign key constraint",
        lambda: sql(
            "INSERT INTO registry_entry"
            " (id, issuance_id, copy, serials, version, kind, from_state, to_account_id,"
            " to_state, transfers, by_id, at)"
            " SELECT gen_random_uuid(), issuance_id, copy, serials, version + 1, kind,"
            " from_state, to_account_id, to_state, transfers, gen_random_uuid(), at"
            " FROM registry_entry"
        ),
    )


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM accounts_account", "UPDATE accounts_account SET id = gen_random_uuid()"],
)
def test_an_account_stays(people: Cast, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"pgtrigger: Cannot delete or update"):
        sql(statement)


def test_units_never_outnumber_delivered_tonnes(issuance: Issuance) -> None:
    refuses(
        "units_do_not_outnumber_delivered_tonnes",
        lambda: sql(
            "SET LOCAL session_replication_role = replica;"
            f"UPDATE registry_issuance SET quantity = {issuance.delivered_tonnes + 1}"
        ),
    )


def test_both_tables_can_be_distributed_by_issuance() -> None:
    """Every unique index and exclusion constraint of the ledger leads with the issuance."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_index i"
            " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
            " WHERE t.relname IN ('registry_holding', 'registry_entry')"
            " AND (i.indisunique OR i.indisexclusion)"
        )
        leads = dict(cursor.fetchall())
    assert len(leads) == 4
    assert set(leads.values()) == {"issuance_id"}


def test_the_installed_functions_are_those_of_the_file() -> None:
    from registry.sql import sql as text

    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'ledger\\_%%'")
        installed = dict(cursor.fetchall())
    assert set(installed) == set(re.findall(r"CREATE OR REPLACE FUNCTION (\w+)", text("ledger")))
    for name, source in installed.items():
        assert source in text("ledger"), f"{name} differs: add a migration that re-installs it"


def test_a_broken_guard_would_be_seen(issuance: Issuance, people: Cast) -> None:
    """Without its constraint the overlap goes in: the test above fires the guard it names."""
    sql("ALTER TABLE registry_holding DROP CONSTRAINT no_unit_is_in_two_places")
    insert(issuance, "[1000,1001]", account=people.broker_account.pk)
    assert Holding.objects.filter(issuance=issuance).count() == 2


def test_integrity_is_an_integrity_error(issuance: Issuance, people: Cast) -> None:
    with pytest.raises(IntegrityError):
        insert(issuance, "[1,1]", account=people.broker_account.pk)


def test_co_claimed_units_never_change_hands(issuance: Issuance, people: Cast) -> None:
    insert(issuance, "[1,5]", copy=2, account=people.broker_account.pk)
    move = "UPDATE registry_holding SET account_id = %s WHERE copy = 2"
    for account in (people.auto_account.pk, None):
        refuses("co-claimed units never change hands", lambda to=account: sql(move, to))
    sql(move, people.broker_desk.pk)
    assert Holding.objects.get(copy=2).account_id == people.broker_desk.pk


def test_a_layer_once_set_stays(issuance: Issuance, people: Cast) -> None:
    insert(issuance, "[1,5]", copy=2, account=people.broker_account.pk, layer=4)
    for layer in (5, None):
        refuses(
            "a_layer_once_set_stays",
            lambda to=layer: sql("UPDATE registry_holding SET layer = %s WHERE copy = 2", to),
        )


def test_a_second_copy_without_a_layer_is_refused(issuance: Issuance, people: Cast) -> None:
    refuses(
        "a_second_or_third_copy_has_a_layer",
        lambda: sql(
            INSERT, uuid7(), issuance.pk, 2, "[1,5]", people.broker_account.pk, "active", None, None
        ),
    )


def test_suspended_units_name_their_suspension(issuance: Issuance, people: Cast) -> None:
    refuses(
        "an_order_has_units_only_while_it_holds_them",
        lambda: sql("UPDATE registry_holding SET state = 'suspended'"),
    )


def test_a_named_seat_keeps_its_account(issuance: Issuance, people: Cast) -> None:
    insert(issuance, "[1,5]", copy=2, account=people.broker_account.pk)
    refuses(
        "co-claimed units never change hands",
        lambda: sql(
            "UPDATE registry_holding SET account_id = NULL, state = 'reserved',"
            ' "order" = gen_random_uuid() WHERE copy = 2'
        ),
    )
