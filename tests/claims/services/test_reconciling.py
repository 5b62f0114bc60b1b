"""Claimed is never more than retired, and reconciliation says where it is."""

import pytest
from django.db import connection

from accounts.models import AccountBlock
from registry.services.reconciling import reconcile
from tests.claims.services.stage import NOW, Stage, claim, set_stage

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    """1…500 are claimed. That Carl has the units at all is put there by SQL, past the entries."""
    stage = set_stage()
    claim(stage, 1, 500)
    return stage


def corrupt(statement: str) -> None:
    """Past triggers and constraints, as only a superuser gets."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_claimedrange DROP CONSTRAINT no_unit_is_claimed_twice")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def wrong() -> list[tuple[int, int, str]]:
    report = reconcile(now=NOW)
    return [
        (each.first, each.last, each.expected) for each in report.breaks if "claim" in each.found
    ]


def test_what_is_claimed_is_retired(stage: Stage) -> None:
    assert wrong() == []


def test_a_claim_of_units_no_longer_retired_is_found(stage: Stage) -> None:
    corrupt(
        "UPDATE registry_holding SET serials = '[101,1000]' WHERE state = 'retired'",
    )
    assert wrong() == [(1, 100, "retired by the claimant")]
    assert AccountBlock.objects.filter(account=stage.people.auto_account).count() == 1


def test_a_claim_of_what_another_organisation_retired_is_found(stage: Stage) -> None:
    corrupt(f"UPDATE registry_holding SET account_id = '{stage.people.broker_account.pk}'")
    assert wrong() == [(1, 500, "retired by the claimant")]


def test_a_second_claim_of_the_same_units_is_found(stage: Stage) -> None:
    corrupt(
        "INSERT INTO claims_claimedrange (id, claim_id, issuance_id, copy, serials)"
        " SELECT gen_random_uuid(), claim_id, issuance_id, 1, '[400,450]' FROM claims_claimedrange"
    )
    assert wrong() == [(400, 450, "claimed once")]
