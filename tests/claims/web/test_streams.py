"""Long documents go from the database to the reader in pieces, and say the same."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from claims import streams
from claims.accounting.wording import DISCLOSURE
from claims.models import Assurance, Statement
from claims.services.assurance import engage_auditor
from claims.services.statements import draft_statement, publish, submit_statement
from claims.services.stating import Words
from tests.cast import PASSWORD, Cast, key
from tests.claims.web.conftest import inventory_of, line
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(people: Cast) -> Statement:
    """Submitted, with eleven lines; names beyond ASCII."""
    inventory = inventory_of(people)
    for number in range(10):
        line(people, inventory, name=f"Träger № {number} {'–' * 30}")
    line(people, inventory, name="=1+1")
    given: dict[str, Any] = {"by": people.carl, "now": timezone.now()}
    made = draft_statement(**given, key=key(), inventory=inventory, words=Words(DISCLOSURE))
    return submit_statement(**given, key=key(), statement=made)


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document is a long one, and a piece cuts through letters."""
    monkeypatch.setattr(streams, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(streams, "_PIECE", 7)
    monkeypatch.setattr(streams, "_ROWS", 3)


def published(people: Cast, statement: Statement) -> str:
    publish(by=people.carl, now=timezone.now(), key=key(), statement=statement)
    return f"/register/statements/{statement.code}"


def read(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content))


def test_the_json_of_a_long_statement_is_that_of_a_short_one(
    people: Cast, statement: Statement, request: pytest.FixtureRequest
) -> None:
    address = published(people, statement)
    whole = Client().get(f"{address}.json").json()
    by_program = Program().get(f"register/statements/{statement.code}/").body
    request.getfixturevalue("long")
    assert read(Client().get(f"{address}.json")) == whole
    assert whole["inputs"]["names"]
    answer = Client().get(f"/api/v1/register/statements/{statement.code}/")
    assert read(answer) == by_program


@pytest.mark.usefixtures("long")
def test_an_auditor_reads_a_long_document_whole(people: Cast, statement: Statement) -> None:
    engage_auditor(by=people.carl, now=timezone.now(), key=key(), statement=statement,
                   auditor=people.veritas)  # fmt: skip
    pk = Assurance.objects.get().pk
    vera = Client()
    vera.login(email=people.vera.email, password=PASSWORD)
    statement.refresh_from_db()
    assert read(vera.get(f"/assurance/{pk}/document.json")) == statement.document
    answer = read(vera.get(f"/api/v1/assurances/{pk}/document/"))
    assert answer == {"sha256": statement.sha256, "document": statement.document}


def test_a_workbook_has_every_line_by_its_name(people: Cast, statement: Statement) -> None:
    address = published(people, statement)
    answer = Client().get(f"{address}.xlsx")
    rows = list(load_workbook(BytesIO(answer.content))["Lines"].values)
    assert len(rows) == 12
    assert {row[0] for row in rows[1:]} >= {"=1+1", f"Träger № 9 {'–' * 30}"}
