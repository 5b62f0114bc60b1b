"""Judging again under another edition: what changes and why, and nothing is written."""

import json
from datetime import date
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registry.errors import NotNow
from registry.models import Issuance, Production
from registry.rulebook.edition import edition
from registry.rulebook.kept import read
from registry.services import dry_run
from registry.services.dry_run import rejudge_issuance, rejudge_production
from tests import cast as made
from tests.cast import Cast, cast, issue
from tests.support.refusals import writes_nothing

pytestmark = pytest.mark.django_db

DRAFT = edition("rmi-2026-03")
STRICTER = edition("illustrative-stricter")
TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def issuance(people: Cast) -> Issuance:
    return issue(people)


@pytest.fixture(scope="module")
def draft(people: Cast) -> Production:
    return made.production(people)


def test_under_the_same_edition_an_issuance_is_judged_as_it_was(issuance: Issuance) -> None:
    run = rejudge_issuance(issuance, DRAFT)
    assert run.changes == []
    assert [each.as_dict() for each in run.findings] == issuance.findings
    assert (run.is_stored, run.judged_on) == (True, issuance.issued_on)


def test_a_stricter_edition_changes_findings_and_says_by_which_parameter(
    issuance: Issuance,
) -> None:
    run = rejudge_issuance(issuance, STRICTER)
    by_rule = {each.shown.rule: each for each in run.changes}
    due = by_rule["R068"]
    assert due.parameters == ("verification_due_months",)
    assert due.before != due.after
    assert {name for each in run.changes for name in each.parameters}


def test_the_stored_judgement_stands_and_nothing_is_written(
    issuance: Issuance, draft: Production
) -> None:
    before = Issuance.objects.values("edition", "findings").get(pk=issuance.pk)
    with writes_nothing():
        rejudge_issuance(issuance, STRICTER)
        rejudge_production(draft, STRICTER, on=TODAY)
    assert Issuance.objects.values("edition", "findings").get(pk=issuance.pk) == before
    assert before["edition"] == DRAFT.id


def test_a_draft_is_judged_as_it_stands(draft: Production) -> None:
    same = rejudge_production(draft, DRAFT, on=TODAY)
    assert same.changes == []
    assert not same.is_stored
    other = rejudge_production(draft, STRICTER, on=TODAY)
    assert other.changes


def test_a_production_that_was_issued_is_judged_by_what_was_seen_then(
    issuance: Issuance,
) -> None:
    production = Production.objects.get(pk=issuance.production_id)
    run = rejudge_production(production, DRAFT, on=date(2031, 1, 1))
    assert (run.is_stored, run.changes) == (True, [])


def test_without_readable_facts_an_issuance_cannot_be_judged_again(
    issuance: Issuance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run, "read", lambda kind, facts: read(kind, {**facts, "on": None}))
    with pytest.raises(NotNow, match="not on file"):
        rejudge_issuance(issuance, STRICTER)


def said(*options: str) -> str:
    out = StringIO()
    call_command("rulebook", *options, stdout=out)
    return out.getvalue()


def test_the_command_judges_again(issuance: Issuance, draft: Production) -> None:
    text = said("--rejudge", issuance.code, "--edition", STRICTER.id)
    assert "R068" in text
    assert "by verification_due_months" in text
    found: dict[str, Any] = json.loads(
        said("--rejudge", str(draft.pk), "--edition", STRICTER.id, "--json")
    )
    assert (found["before"], found["after"]) == (DRAFT.id, STRICTER.id)
    same = said("--rejudge", str(issuance.production_id), "--edition", DRAFT.id)
    assert "no finding changes" in same


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--rejudge", "NONE", "--edition", STRICTER.id), "no production and no issuance NONE"),
        (("--rejudge", str(uuid4()), "--edition", STRICTER.id), "no production"),
        (("--rejudge", "NONE"), "name the edition"),
        (("--edition", STRICTER.id), "goes with --rejudge"),
        (("--rejudge", "NONE", "--edition", "rmi-2031"), "known are rmi-2026-03"),
    ],
)
def test_the_command_says_what_it_cannot_judge(
    db: None, options: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        said(*options)
