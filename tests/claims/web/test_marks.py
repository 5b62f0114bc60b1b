"""A statement that leans on suspended or corrected units says so on its page, JSON and in lists."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.services.statements import publish_statement
from registry.services.adjustments import approve_adjustment
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from tests.cast import half_a_year, key
from tests.claims.services.stage import NOW, Stage, claim, set_stage
from tests.claims.test_tracing import adjust
from tests.registry.web.conftest import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage(**half_a_year())


@pytest.fixture
def marked(stage: Stage) -> Any:
    claim(stage, 1, 500)
    statement = publish_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
    )
    row = propose_suspension(
        by=stage.people.olga,
        now=NOW,
        key=key(),
        scope=Scope(issuance=stage.steel),
        reason="Scrap share in doubt.",
    )
    approve_suspension(by=stage.people.oscar, now=NOW, key=key(), suspension=row)
    return statement


def test_the_page_the_json_and_the_interface_say_so(marked: Any, client: Client) -> None:
    url = f"/register/statements/{marked.code}/"
    page = client.get(url).content.decode()
    assert "Rests on units under suspension" in page
    assert "Scrap share in doubt." in page
    document = client.get(f"/register/statements/{marked.code}.json").json()
    assert [mark["kind"] for mark in document["marks"]] == ["suspended"]
    assert recompute(document) == []
    api = client.get(f"/api/v1/register/statements/{marked.code}/").json()
    assert api["marks"][0]["units"] == 500
    assert "Marked" in client.get("/register/statements/").content.decode()


def test_the_document_stays_as_it_was_published(marked: Any) -> None:
    before = dict(marked.document)
    marked.refresh_from_db()
    assert marked.document == before
    assert "marks" not in marked.document


def test_a_statement_whose_units_stand_has_no_marks(stage: Stage, client: Client) -> None:
    statement = publish_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
    )
    assert "marks" not in client.get(f"/register/statements/{statement.code}.json").json()


def test_an_issuance_shows_its_correction_and_suspension(
    stage: Stage, marked: Any, client: Client
) -> None:
    approve_adjustment(
        by=stage.people.oscar,
        now=NOW + timedelta(minutes=1),
        key=key(),
        adjustment=adjust(stage, shortfall=5),
    )
    page = client.get(f"/register/issuances/{stage.steel.code}/").content.decode()
    assert "Scrap share in doubt." in page
    assert "0.4 t CO2e/t corrected to 0.5 t CO2e/t" in page
    assert (
        "Rests on a figure corrected since"
        in client.get(f"/register/statements/{marked.code}/").content.decode()
    )


def test_the_list_of_statements_takes_as_many_queries_for_many_as_for_one(
    stage: Stage, marked: Any, client: Client
) -> None:
    one = queries_of(client, "/register/statements/")
    for _ in range(4):
        publish_statement(
            by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
        )
    assert queries_of(client, "/register/statements/") == one
