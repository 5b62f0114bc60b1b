"""From draft to publication: who may take which step, and what stands still."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.errors import NotVisible, Refused
from accounts.models import Organisation, User
from accounts.permissions import has_object
from claims import scope
from claims.accounting.digest import digest
from claims.accounting.programme import SourcingRecord
from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import Assurance, ProgrammeAcceptance, Statement
from claims.services.acceptance import keep_acceptance
from claims.services.assurance import decline_engagement, engage_auditor, give_opinion
from claims.services.statement_steps import ASSURE
from claims.services.statements import (
    discard_statement,
    draft_statement,
    publish,
    publish_statement,
    revise_statement,
    submit_statement,
    take_back,
)
from claims.services.stating import Words
from claims.transitions import STATEMENT_STEPS, StatementState
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import Notice
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, claim, set_stage
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db
WORDS = Words(DISCLOSURE)


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


def draft(stage: Stage, words: Words = WORDS, **more: Any) -> Statement:
    given: dict[str, Any] = {
        "by": stage.people.carl, "now": NOW, "key": key(), "inventory": stage.inventory,
    }  # fmt: skip
    return draft_statement(**given | more, words=words)


def take(act: Any, stage: Stage, statement: Statement, by: User | None = None) -> Statement:
    found: Statement = act(by=by or stage.people.carl, now=NOW, key=key(), statement=statement)
    return found


def submitted(stage: Stage) -> Statement:
    claim(stage, 1, 500)
    return take(submit_statement, stage, draft(stage))


def engaged(stage: Stage, statement: Statement, auditor: Organisation | None = None) -> Assurance:
    return engage_auditor(
        by=stage.people.carl, now=NOW, key=key(), statement=statement,
        auditor=auditor or stage.people.veritas,
    )  # fmt: skip


def opinion(stage: Stage, assurance: Assurance, **more: Any) -> Assurance:
    given: dict[str, Any] = {
        "by": stage.people.vera, "now": NOW, "key": key(), "assurance": assurance,
        "opinion": "limited", "text": "Nothing came to our attention.",
    }  # fmt: skip
    return give_opinion(**given | more)


def states(statement: Statement) -> list[str]:
    return list(statement.steps.order_by("at", "id").values_list("to_state", flat=True))


def test_from_draft_to_publication_with_an_opinion(stage: Stage) -> None:
    statement = submitted(stage)
    given = opinion(stage, engaged(stage, statement))
    published = take(publish, stage, statement)
    assert states(published) == ["draft", "submitted", "assured", "published"]
    assert given.sha256 == published.sha256 == digest(statement.document)
    assert recompute(Statement.objects.get(pk=published.pk).document) == []


def test_a_door_opens_to_the_auditors_people_and_closes_with_the_opinion(stage: Stage) -> None:
    vera = stage.people.vera
    assurance = engaged(stage, submitted(stage))
    assert has_object(vera, ASSURE, assurance.statement)
    assert scope.assurance(vera, assurance.pk) == assurance
    opinion(stage, assurance)
    assert not has_object(User.objects.get(pk=vera.pk), ASSURE, assurance.statement)
    assert scope.assurance(vera, assurance.pk).opinion == "limited"
    told = Notice.objects.filter(kind="assurance").values_list("organisation__name", flat=True)
    assert set(told) == {"Auto Werke", assurance.auditor.name}


def test_it_may_be_published_without_assurance(stage: Stage) -> None:
    published = take(publish, stage, submitted(stage))
    assert published.state == "published"
    assert not published.assurances.exists()


def test_publication_closes_an_open_engagement(stage: Stage) -> None:
    statement = submitted(stage)
    assurance = engaged(stage, statement)
    take(publish, stage, statement)
    assurance.refresh_from_db()
    assert assurance.state == "closed"
    with refused(NotNow):
        opinion(stage, assurance)


def test_taken_back_it_closes_the_door_and_keeps_an_opinion_on_record(stage: Stage) -> None:
    statement = submitted(stage)
    adverse = opinion(stage, engaged(stage, statement), opinion="adverse")
    back = take(take_back, stage, statement)
    assert (back.state, back.document, back.sha256) == ("draft", None, "")
    revise_statement(
        by=stage.people.carl, now=NOW, key=key(), statement=back,
        words=Words(f"{DISCLOSURE} Thank you."),
    )  # fmt: skip
    again = take(submit_statement, stage, back)
    assert again.sha256 != adverse.sha256
    assert list(take(publish, stage, again).assurances.all()) == [adverse]


def test_the_words_are_judged_at_submission(stage: Stage) -> None:
    statement = draft(stage, Words("Our cars are made of green steel."))
    with refused(RulesBroken) as refusal:
        take(submit_statement, stage, statement)
    assert sorted(each.rule for each in refusal.value.failures) == ["R112", "R114"]
    assert Statement.objects.get(pk=statement.pk).state == "draft"


def test_consumers_of_the_union_read_other_words(stage: Stage) -> None:
    words = Words(
        f"{DISCLOSURE} Good for the planet.",
        audience="consumer_advertising",
        jurisdictions=("EU",),
    )
    statement = draft(stage, words)
    with refused(RulesBroken) as refusal:
        take(submit_statement, stage, statement)
    (broken,) = refusal.value.failures
    assert "“Good for the planet” (European Union: Directive (EU) 2024/825" in broken.found


def test_what_came_after_the_submission_keeps_it_from_publication(stage: Stage) -> None:
    statement = submitted(stage)
    claim(stage, 501, 600)
    with refused(NotNow) as refusal:
        take(publish, stage, statement)
    assert "after the statement was submitted" in str(refusal.value)
    again = take(submit_statement, stage, take(take_back, stage, statement))
    assert len(again.document["claims"]) == 2


def test_a_line_added_meanwhile_counts_too(stage: Stage) -> None:
    statement = submitted(stage)
    act.line(stage.people.carl, stage.inventory, name="Late")
    with refused(NotNow):
        take(publish, stage, statement)


ACTS = {
    "submit": submit_statement,
    "take back": take_back,
    "discard": discard_statement,
    "publish": publish,
}


@pytest.mark.parametrize("state", ["draft", "submitted", "published", "superseded", "discarded"])
def test_only_the_steps_of_the_table_are_taken(stage: Stage, state: str) -> None:
    statement = draft(stage)
    if state in ("submitted", "published", "superseded"):
        statement = take(submit_statement, stage, statement)
    if state in ("published", "superseded"):
        statement = take(publish, stage, statement)
    if state == "superseded":
        take(publish, stage, take(submit_statement, stage, draft(stage)))
    if state == "discarded":
        statement = take(discard_statement, stage, statement)
    allowed = {each.action for each in STATEMENT_STEPS if each.before == state}
    for action, service in ACTS.items():
        if action not in allowed:
            with refused(NotNow):
                take(service, stage, statement)


def test_one_statement_is_in_preparation_at_a_time(stage: Stage) -> None:
    draft(stage)
    with refused(NotNow) as refusal:
        draft(stage)
    assert "in preparation" in str(refusal.value)
    with refused(NotNow):
        publish_statement(
            by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
        )


def test_a_repeat_takes_a_step_once(stage: Stage) -> None:
    statement, same = draft(stage), key()
    for _ in range(2):
        submit_statement(by=stage.people.carl, now=NOW, key=same, statement=statement)
    assert states(statement) == ["draft", "submitted"]


@pytest.mark.parametrize("service", list(ACTS.values()), ids=list(ACTS))
def test_outsiders_see_nothing_and_colleagues_without_the_right_are_refused(
    stage: Stage, service: Any
) -> None:
    statement, cora = draft(stage), act.colleague(stage)
    with refused(NotVisible):
        take(service, stage, statement, by=stage.people.bob)
    with refused(Refused):
        take(service, stage, statement, by=cora)


def test_another_auditor_and_the_claimant_give_no_opinion(stage: Stage) -> None:
    assurance = engaged(stage, submitted(stage))
    for other in (stage.people.carl, stage.people.bob):
        with refused(NotVisible):
            opinion(stage, assurance, by=other)
        with refused(NotVisible):
            scope.assurance(other, assurance.pk)


def test_an_auditor_may_decline_with_a_reason(stage: Stage) -> None:
    statement = submitted(stage)
    declined = decline_engagement(
        by=stage.people.vera, now=NOW, key=key(), assurance=engaged(stage, statement),
        reason="Our firm advised on this inventory.",
    )  # fmt: skip
    assert (declined.state, declined.opinion) == ("closed", "")
    assert engaged(stage, statement).state == "open"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"opinion": "perfect"}, "opinion"),
        ({"opinion": ""}, "opinion"),
        ({"text": " "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_an_opinion_of_the_wrong_shape_is_refused(
    stage: Stage, values: dict[str, str], field: str
) -> None:
    assurance = engaged(stage, submitted(stage))
    with refused(BadInput) as refusal:
        opinion(stage, assurance, **values)
    assert list(refusal.value.errors) == [field]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (Words("x" * 20_001), "text"),
        (Words("a\x00b"), "text"),
        (Words(DISCLOSURE, claim_type="on_product"), "claim_type"),
        (Words(DISCLOSURE, audience="everybody"), "audience"),
        (Words(DISCLOSURE, jurisdictions=("Mars",)), "jurisdictions"),
        (Words(DISCLOSURE, sourcing=SourcingRecord("sector", "Coil", ("cost",), "Dear", "Offer")),
         "sbti_barriers"),
        (Words(DISCLOSURE, sourcing=SourcingRecord("planet", "Coil")), "sbti_tier"),
        (Words(DISCLOSURE, sourcing=SourcingRecord("activity", "")), "sbti_sourcing_match"),
        (Words(DISCLOSURE, sourcing=SourcingRecord("activity", "a\x00")), "sbti_sourcing_match"),
    ],
)  # fmt: skip
def test_words_of_the_wrong_shape_are_refused(stage: Stage, words: Words, field: str) -> None:
    with refused(BadInput) as refusal, writes_nothing():
        draft(stage, words)
    assert field in refusal.value.errors


def test_only_an_auditor_is_engaged_and_only_on_what_is_submitted(stage: Stage) -> None:
    statement = draft(stage)
    with refused(NotNow):
        engaged(stage, statement)
    with refused(BadInput):
        engaged(stage, statement, auditor=stage.people.broker)


def test_one_auditor_at_a_time(stage: Stage) -> None:
    statement = submitted(stage)
    engaged(stage, statement)
    with refused(NotNow):
        engaged(stage, statement)


def test_the_document_holds_units_evidence_acceptance_and_sourcing(stage: Stage) -> None:
    claim(stage, 1, 500)
    sourcing = SourcingRecord("pool", "Slab of the same region.")
    words = Words(DISCLOSURE, jurisdictions=("EU", "US"), sourcing=sourcing)
    document = take(submit_statement, stage, draft(stage, words)).document
    (unit,) = document["units"]
    assert unit["identifier"].startswith("BCU-CS-")
    assert unit["retirement_url"].endswith(f"/{stage.retirement.code}/")
    assert unit["producer"] == "Elektra Steel"
    assert len(document["acceptance"]) == 10
    assert document["sourcing"]["tier"] == "pool"
    assert list(document["inputs"]["names"].values()) == ["Coil"]


def test_a_statement_keeps_what_was_said_of_acceptance_on_its_day(stage: Stage) -> None:
    statement = submitted(stage)
    row = ProgrammeAcceptance.objects.get(programme__contains="First Movers")
    row.status, row.basis = "accepted", "Changed its mind."
    keep_acceptance(by=stage.people.olga, now=NOW, row=row)
    said = [each["status"] for each in statement.document["acceptance"]]
    assert said.count("accepted") == 1
    later = take(submit_statement, stage, take(take_back, stage, statement)).document
    assert [each["status"] for each in later["acceptance"]].count("accepted") == 2
    with refused(Refused):
        keep_acceptance(by=stage.people.carl, now=NOW, row=row)


def sql(text: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text)


@pytest.mark.parametrize(
    "column", ["text = 'x'", "document = '{}'", "sha256 = ''", "edition = 'x'"]
)
def test_the_database_refuses_an_edit_once_submitted(stage: Stage, column: str) -> None:
    statement = submitted(stage)
    with pytest.raises(DatabaseError, match="never edited"):
        sql(f"UPDATE claims_statement SET {column}")
    take(publish, stage, statement)
    for change in (column, "state = 'draft'", "published_on = published_on - 1"):
        with pytest.raises(DatabaseError, match="never edited"):
            sql(f"UPDATE claims_statement SET {change}")


def test_the_database_keeps_opinions_and_steps(stage: Stage) -> None:
    opinion(stage, engaged(stage, submitted(stage)))
    for change in (
        "UPDATE claims_assurance SET opinion = 'reasonable'",
        "DELETE FROM claims_assurance",
        "UPDATE claims_statementstep SET to_state = 'draft'",
        "DELETE FROM claims_statementstep",
    ):
        with pytest.raises(DatabaseError, match="Cannot"):
            sql(change)


def test_a_later_publication_supersedes_the_one_before(stage: Stage) -> None:
    first = take(publish, stage, submitted(stage))
    second = take(
        publish, stage, take(submit_statement, stage, draft(stage, now=NOW + timedelta(1)))
    )
    first.refresh_from_db()
    assert (first.state, second.state) == (StatementState.SUPERSEDED, StatementState.PUBLISHED)
    assert second.supersedes == first
    assert states(first)[-1] == "superseded"
