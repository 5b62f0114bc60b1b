"""Postgres itself refuses: each guard of the claims fired by raw SQL, past every layer of ours."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.ids import uuid7
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, ClaimedRange
from claims.services.statements import publish_statement
from tests import cast as made
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, claim, set_stage
from tests.registry.services.acts import put

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    """With a claim of 1…500 and a statement on it."""
    stage = set_stage()
    claim(stage, 1, 500)
    publish_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
    )
    return stage


@pytest.fixture
def first(stage: Stage) -> Claim:
    return Claim.objects.get()


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


def insert(
    claim: Claim, issuance: UUID, serials: str, *, copy: int = 1, layer: int | None = None
) -> None:
    sql(
        "INSERT INTO claims_claimedrange (id, claim_id, issuance_id, copy, layer, serials)"
        " VALUES (%s, %s, %s, %s, %s, %s::int8range)",
        uuid7(),
        claim.pk,
        issuance,
        copy,
        layer,
        serials,
    )


def refuses(name: str, act: Callable[[], None]) -> None:
    """The database refuses, and names this guard."""
    with pytest.raises(DatabaseError) as refusal:
        act()
    assert name.replace("_", " ") in str(refusal.value).replace("_", " ")


def test_a_retired_and_unclaimed_range_goes_in(stage: Stage, first: Claim) -> None:
    insert(first, stage.steel.pk, "[501,1000]")
    assert ClaimedRange.objects.count() == 2


@pytest.mark.parametrize("serials", ["[500,500]", "[1,1]", "[100,200]", "[400,600]"])
def test_a_second_claim_of_one_unit_is_refused(stage: Stage, first: Claim, serials: str) -> None:
    refuses("no_unit_is_claimed_twice", lambda: insert(first, stage.steel.pk, serials))


def test_one_tonne_has_one_claim_at_one_layer(stage: Stage, first: Claim) -> None:
    """Whatever the copy; the copies themselves are put there past the guard on retirement."""
    off = "SET LOCAL session_replication_role = replica"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(off)
        insert(first, stage.steel.pk, "[501,510]", copy=2, layer=4)
        refuses(
            "no_tonne_has_two_claims_at_one_layer",
            lambda: insert(first, stage.steel.pk, "[510,520]", copy=3, layer=4),
        )
        insert(first, stage.steel.pk, "[510,520]", copy=3, layer=5)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize("serials", ["empty", "[0,5]", "(,5]", "[600,)"])
def test_a_range_that_is_no_range_is_refused(stage: Stage, first: Claim, serials: str) -> None:
    with pytest.raises(DatabaseError):
        insert(first, stage.steel.pk, serials)


NOT_RETIRED = "units are claimed that the claimant has not retired"


def test_units_that_are_active_are_not_claimed(stage: Stage, first: Claim) -> None:
    active = made.issue(stage.people, tonnes=10, steel=True)
    put(active, stage.people.auto_account)
    refuses(NOT_RETIRED, lambda: insert(first, active.pk, "[1,1]"))


def test_units_that_are_partly_active_are_not_claimed(stage: Stage, first: Claim) -> None:
    mixed = made.issue(stage.people, tonnes=10, steel=True)
    put(mixed, stage.people.auto_account)
    act.retired(stage.people.carl, stage.people.auto_account, 5)
    insert(first, mixed.pk, "[1,3]")
    refuses(NOT_RETIRED, lambda: insert(first, mixed.pk, "[4,6]"))


def test_units_beyond_the_issuance_are_not_claimed(stage: Stage, first: Claim) -> None:
    refuses(NOT_RETIRED, lambda: insert(first, stage.steel.pk, "[1000,1001]"))


def test_units_that_somebody_else_retired_are_not_claimed(stage: Stage, first: Claim) -> None:
    theirs = made.issue(stage.people, tonnes=10, steel=True)
    put(theirs, stage.people.broker_account)
    act.retired(stage.people.bob, stage.people.broker_account, 10)
    refuses(NOT_RETIRED, lambda: insert(first, theirs.pk, "[1,10]"))


TABLES = ["claims_claim", "claims_claimshare", "claims_claimedrange", "claims_statement"]


@pytest.mark.parametrize("table", TABLES)
def test_what_is_claimed_and_stated_never_changes(stage: Stage, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(
            DatabaseError, match=r"never change|stay claimed|never_change|never edited|Cannot"
        ):
            sql(statement)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_role_of_the_web_has_no_such_grant(stage: Stage, table: str, verb: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        sql(f"SET LOCAL ROLE billet_web; {verb.format(table)}")


def test_the_role_of_the_web_reads_and_appends(stage: Stage, first: Claim) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE billet_web")
        insert(first, stage.steel.pk, "[501,600]")
        cursor.execute("SELECT count(*) FROM claims_claimedrange")
        assert cursor.fetchone()[0] == 2
        cursor.execute("RESET ROLE")
