"""What the triggers write, in the transaction of what it tells of."""

import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest
import rfc8785
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from registry import ledger
from registry.ledger import Line
from registry.models import Entry, Holding, LogPending, LogSalt
from registry.sql import sql as text
from tests.registry.log.stage import Stage, every_move, stage


@pytest.fixture(scope="module")
def played(shared_database: None, tmp_path_factory: Any) -> Stage:
    on = stage(tmp_path_factory.mktemp("log"))
    every_move(on)
    return on


@pytest.fixture
def events(db: None, played: Stage) -> list[dict[str, str]]:
    return [json.loads(each.event) for each in LogPending.objects.order_by("id")]


def test_every_event_is_canonical_json_of_strings(events: list[dict[str, str]]) -> None:
    assert {event["type"] for event in events} == {"account", "entry", "issuance", "retirement"}
    for row in LogPending.objects.all():
        event = json.loads(row.event)
        assert rfc8785.dumps(event).decode() == row.event
        assert all(isinstance(value, str) for value in event.values())


def test_every_entry_is_an_event_with_all_it_says(events: list[dict[str, str]]) -> None:
    told = {event["id"]: event for event in events if event["type"] == "entry"}
    entries = list(Entry.objects.all())
    assert len(told) == len(entries)
    assert {entry.kind for entry in entries} == set(Entry.Kind.values)
    for entry in entries:
        event = told[str(entry.pk)]
        assert event["at"] == entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        assert (event["first"], event["last"]) == (
            str(entry.serials.lower),
            str(entry.serials.upper - 1),
        )
        for name in ("issuance", "order", "from_account", "to_account", "layer"):
            value = getattr(entry, name if name in ("order", "layer") else f"{name}_id")
            assert event[name] == ("" if value is None else str(value)), name
        for name in ("copy", "version", "kind", "from_state", "to_state", "transfers"):
            assert event[name] == str(getattr(entry, name)), name


def test_a_person_is_a_commitment_that_their_salt_opens(
    events: list[dict[str, str]], played: Stage
) -> None:
    erik = played.people.erik
    salt = bytes(LogSalt.objects.get(user=erik).salt)
    entry = Entry.objects.filter(by=erik)[0]
    (event,) = [each for each in events if each.get("id") == str(entry.pk)]
    assert event["by"] == hashlib.sha256(salt + entry.pk.bytes + erik.pk.bytes).hexdigest()
    assert len({each["by"] for each in events if each["type"] == "entry" and each["by"]}) == len(
        [each for each in events if each["type"] == "entry" and each["by"]]
    )
    assert str(erik.pk) not in " ".join(each.event for each in LogPending.objects.all())


def test_the_sweep_is_nobody(events: list[dict[str, str]]) -> None:
    expired = [each for each in events if each.get("kind") == "expire"]
    assert {each["by"] for each in expired} == {""}


def test_an_issuance_enters_with_the_digest_of_its_public_record(
    events: list[dict[str, str]], played: Stage
) -> None:
    (event,) = [each for each in events if each.get("quantity") == "1000"]
    issuance = played.issuance
    assert event["code"] == issuance.code
    assert event["quantity"] == "1000"
    digest = hashlib.sha256(rfc8785.dumps(issuance.record)).hexdigest()
    assert event["record_sha256"] == digest


def test_an_event_never_comes_before_what_it_leans_on(events: list[dict[str, str]]) -> None:
    """Each range moves from the state that an earlier event left it in."""
    known: set[str] = set()
    versions: dict[tuple[str, str, int], int] = {}
    for event in events:
        if event["type"] == "entry":
            assert event["issuance"] in known
            assert not event["to_account"] or event["to_account"] in known
            for serial in range(int(event["first"]), int(event["last"]) + 1):
                place = (event["issuance"], event["copy"], serial)
                assert versions.get(place, 0) < int(event["version"])
                versions[place] = int(event["version"])
        known.add(event["id"])


AGAIN = (
    "INSERT INTO registry_entry (id, issuance_id, copy, serials, version, kind,"
    " from_state, to_account_id, to_state, transfers, by_id, at)"
    " SELECT gen_random_uuid(), issuance_id, copy, serials, version + 1, kind,"
    " from_state, to_account_id, to_state, transfers, by_id, at"
    " FROM registry_entry WHERE by_id IS NOT NULL LIMIT 3"
)


def test_what_is_rolled_back_leaves_no_event(events: list[dict[str, str]]) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(AGAIN)
        assert LogPending.objects.count() == len(events) + 3
        transaction.set_rollback(True)
    assert LogPending.objects.count() == len(events)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM registry_logpending",
        "INSERT INTO registry_logpending (event) VALUES ('{}')",
        "DELETE FROM registry_logpending",
        "SELECT * FROM registry_logleaf",
        "INSERT INTO registry_logleaf (number, event) VALUES (0, '{}')",
        "SELECT * FROM registry_logsalt",
        "DELETE FROM registry_logcheckpoint",
        "INSERT INTO registry_logcheckpoint VALUES (1, '', '', now())",
        "SELECT log_number()",
        "ALTER TABLE registry_entry DISABLE TRIGGER every_entry_is_logged",
    ],
)
def test_the_role_of_the_web_cannot_reach_the_log(db: None, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL ROLE billet_web; {statement}")


def test_what_the_web_books_is_logged_all_the_same(
    events: list[dict[str, str]], played: Stage
) -> None:
    there = Holding.objects.filter(state="active", copy=1, layer=None, account__isnull=False)[0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE billet_web")
        ledger.retire(
            retirement=uuid4(),
            account=there.account_id,
            lines=[Line(there.issuance_id, 1, there.first, there.first)],
            by=played.people.erik.pk,
            at=timezone.now(),
        )
        cursor.execute("RESET ROLE")
    assert LogPending.objects.count() == len(events) + 1


def test_a_person_who_was_forgotten_is_nobody_from_then_on(events: list[dict[str, str]]) -> None:
    LogSalt.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(AGAIN)
    newest = [json.loads(each.event) for each in LogPending.objects.order_by("-id")[:3]]
    assert [each["by"] for each in newest] == ["", "", ""]


@pytest.mark.parametrize(
    ("table", "trigger"),
    [
        ("registry_entry", "every_entry_is_logged"),
        ("registry_issuance", "every_issuance_is_logged"),
        ("registry_retirement", "every_retirement_is_logged"),
        ("accounts_account", "every_account_is_logged"),
        ("accounts_user", "every_person_has_a_salt"),
    ],
)
def test_every_trigger_of_the_log_is_there_and_on(db: None, table: str, trigger: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [trigger, table],
        )
        assert cursor.fetchone() == ("O",)


def test_the_installed_functions_are_those_of_the_file(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'log\\_%%'")
        installed = dict(cursor.fetchall())
    assert len(installed) == text("log").count("CREATE OR REPLACE FUNCTION")
    for name, source in installed.items():
        assert source in text("log"), f"{name} differs: add a migration that re-installs it"
