"""What auditor and producer say to each other, and what stands open at the signature."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import AuditFinding, EvidenceRequest, Verification
from registry.services.dialogue import answer, ask, raise_finding, resolve, respond
from registry.services.verifications import Figures, sign_verification, start_verification
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def engagement(people: Cast) -> Verification:
    """An iron application that Vera verifies."""
    opened = made.submit(people, made.production(people))
    return start_verification(by=people.vera, now=NOW, key=key(), verification=opened)


def asks(people: Cast, engagement: Verification, by: Any = None) -> EvidenceRequest:
    return ask(
        by=by or people.vera, now=NOW, key=key(), verification=engagement, text="The meter log?"
    )


def objects(people: Cast, engagement: Verification) -> AuditFinding:
    return raise_finding(
        by=people.vera, now=NOW, key=key(), verification=engagement, text="A ticket is missing."
    )


def sign(people: Cast, engagement: Verification, **checklist: Any) -> Verification:
    return sign_verification(
        by=people.vera,
        now=NOW,
        key=key(),
        verification=engagement,
        figures=Figures(1_000, Decimal("0.4"), Decimal("0.4"), None),
        review=made.review(**checklist),
        statement="Seen.",
    )


def test_a_request_is_answered_with_words_and_a_file(
    people: Cast, engagement: Verification
) -> None:
    asked = asks(people, engagement)
    answered = answer(
        by=people.alice,
        now=NOW,
        key=key(),
        asked=asked,
        text="Attached.",
        kind="measurement",
        name="meters.csv",
        file=BytesIO(b"day,t\n1,2\n"),
    )
    assert (answered.answer, answered.answered_by) == ("Attached.", people.alice)
    assert answered.evidence is not None
    assert answered.evidence.production_id == engagement.production_id


def test_a_file_that_is_not_what_it_says_is_refused(people: Cast, engagement: Verification) -> None:
    asked = asks(people, engagement)
    with refused(BadInput):
        answer(
            by=people.alice,
            now=NOW,
            key=key(),
            asked=asked,
            text="Attached.",
            name="log.pdf",
            file=BytesIO(b"MZ\x90\x00not a pdf"),
        )


def test_the_first_answer_stands(people: Cast, engagement: Verification) -> None:
    asked = asks(people, engagement)
    answer(by=people.alice, now=NOW, key=key(), asked=asked, text="Yes.")
    with refused(NotNow, match="already"):
        answer(by=people.alice, now=NOW, key=key(), asked=asked, text="No.")


def test_a_finding_is_accepted_or_contested_and_then_resolved(
    people: Cast, engagement: Verification
) -> None:
    finding = objects(people, engagement)
    with refused(NotNow, match="not answered"):
        resolve(by=people.vera, now=NOW, key=key(), finding=finding, resolution="Fine.")
    respond(
        by=people.alice, now=NOW, key=key(), finding=finding, response="contested", reason="No."
    )
    done = resolve(by=people.vera, now=NOW, key=key(), finding=finding, resolution="Fine.")
    assert (done.response, done.reason, done.resolution) == ("contested", "No.", "Fine.")
    assert (done.responded_by, done.resolved_by) == (people.alice, people.vera)


@pytest.mark.parametrize(
    ("response", "reason", "field"),
    [("contested", " ", "reason"), ("maybe", "", "response"), ("", "", "response")],
)
def test_a_response_that_says_nothing_is_refused(
    people: Cast, engagement: Verification, response: str, reason: str, field: str
) -> None:
    finding = objects(people, engagement)
    with refused(BadInput) as refusal:
        respond(
            by=people.alice, now=NOW, key=key(), finding=finding, response=response, reason=reason
        )
    assert list(refusal.value.errors) == [field]


def test_nothing_is_signed_while_a_request_or_finding_is_open(
    people: Cast, engagement: Verification
) -> None:
    asked, finding = asks(people, engagement), objects(people, engagement)
    with refused(NotNow, match="1 requests are not answered and 1 findings"):
        sign(people, engagement)
    answer(by=people.alice, now=NOW, key=key(), asked=asked, text="Here.")
    respond(by=people.alice, now=NOW, key=key(), finding=finding, response="accepted")
    with refused(NotNow, match="1 findings"):
        sign(people, engagement)
    resolve(by=people.vera, now=NOW, key=key(), finding=finding, resolution="Mended.")
    assert sign(people, engagement).state == Verification.State.SIGNED


def test_outsiders_see_none_of_it(people: Cast, engagement: Verification) -> None:
    for outsider in (people.alice, people.bob, people.olga):
        with refused(NotVisible):
            asks(people, engagement, by=outsider)
    finding, asked = objects(people, engagement), asks(people, engagement)
    for outsider in (people.vera, people.bob, people.olga):
        with refused(NotVisible):
            respond(by=outsider, now=NOW, key=key(), finding=finding, response="accepted")
        with refused(NotVisible):
            answer(by=outsider, now=NOW, key=key(), asked=asked, text="x")


def test_a_colleague_without_the_right_answers_nothing(
    people: Cast, engagement: Verification
) -> None:
    asked = asks(people, engagement)
    with refused(Refused):
        answer(by=people.anton, now=NOW, key=key(), asked=asked, text="x")


def test_a_repeat_asks_once(people: Cast, engagement: Verification) -> None:
    same = key()
    first = ask(by=people.vera, now=NOW, key=same, verification=engagement, text="Log?")
    with writes_nothing():
        assert ask(by=people.vera, now=NOW, key=same, verification=engagement, text="Log?") == first


def test_nothing_is_said_before_it_begins_or_after_it_ends(people: Cast) -> None:
    opened = made.submit(people, made.production(people))
    with refused(NotNow):
        asks(people, opened)
    made.verify(people, opened)
    with refused(NotVisible):
        asks(people, opened)


@pytest.mark.parametrize("missing", ["confirms_route", "reviewed_evidence", "covers_transactions"])
def test_an_incomplete_checklist_is_not_signed(
    people: Cast, engagement: Verification, missing: str
) -> None:
    with refused(RulesBroken) as refusal:
        sign(people, engagement, **{missing: False})
    assert [each.field for each in refusal.value.failures] == [missing]
