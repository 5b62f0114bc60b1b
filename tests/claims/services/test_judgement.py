"""A statement under the total-emissions cap waits for an auditor's own judgement (9.2, R123)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from claims.accounting.facts import Cap
from claims.accounting.wording import DISCLOSURE
from claims.models import Statement
from claims.services.making import Terms
from claims.services.statements import publish, publish_statement, submit_statement, take_back
from registry.errors import NotNow
from tests.cast import PASSWORD, key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, claim, set_stage
from tests.claims.services.test_statement_life import draft, engaged, opinion, take
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

TERMS = Terms(
    method="enhanced",
    cap=Cap.TOTAL.value,
    cap_reason="Our stock is mixed.",
    auditor_note="They saw no fault in it.",
)


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    made = set_stage()
    line = act.line(made.people.carl, made.inventory, name="Bar", factor_intensity=Decimal(1))
    capped = replace(made, line=line)
    claim(capped, 1, 900, TERMS)
    return capped


def submitted(stage: Stage) -> Statement:
    return take(submit_statement, stage, draft(stage))


def test_it_is_not_published_without_an_opinion(stage: Stage) -> None:
    statement = submitted(stage)
    with refused(NotNow, match="subject to an auditor's judgement"):
        take(publish, stage, statement)
    take(take_back, stage, statement)


def test_it_is_not_published_in_one_step(stage: Stage) -> None:
    with refused(NotNow, match="no auditor of this registry"):
        publish_statement(
            by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
        )


def test_an_opinion_on_this_very_document_lets_it_through(stage: Stage) -> None:
    statement = submitted(stage)
    opinion(stage, engaged(stage, statement))
    assert take(publish, stage, statement).state == "published"
    page = Client().get(f"/register/statements/{statement.code}/").content.decode()
    assert "What the claimant quotes of its auditor:" in page
    assert TERMS.auditor_note in page


def test_an_adverse_opinion_does_not_nor_one_on_an_earlier_version(stage: Stage) -> None:
    statement = submitted(stage)
    opinion(stage, engaged(stage, statement))
    take(take_back, stage, statement)
    act.line(stage.people.carl, stage.inventory, name="Late")
    take(submit_statement, stage, statement)
    with refused(NotNow, match="total-emissions cap"):
        take(publish, stage, statement)
    opinion(stage, engaged(stage, statement), opinion="adverse")
    with refused(NotNow, match="total-emissions cap"):
        take(publish, stage, statement)


def test_the_auditor_reads_what_the_claimant_quotes(stage: Stage) -> None:
    assurance = engaged(stage, submitted(stage))
    vera = Client()
    vera.login(email=stage.people.vera.email, password=PASSWORD)
    page = vera.get(f"/assurance/{assurance.pk}/").content.decode()
    assert TERMS.cap_reason in page
    assert TERMS.auditor_note in page
