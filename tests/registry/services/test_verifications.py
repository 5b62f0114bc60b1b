"""The auditor's side: one engagement opens one application, until it is signed or returned."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible
from accounts.models import User
from accounts.permissions import has_object
from accounts.roles import Role
from accounts.services import register_organisation, remove_member
from registry.errors import BadInput, KeyReused, NotNow
from registry.models import Production, Verification
from registry.services.issuing import send_back
from registry.services.productions import VERIFY, submit_production
from registry.services.verifications import (
    Figures,
    return_production,
    sign_verification,
    start_verification,
)
from registry.transitions import ProductionState
from tests import cast as made
from tests.cast import Cast, cast, key, person
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()
IRON = Figures(1_000, Decimal("0.4"), Decimal("0.4"), None)
STEEL = Figures(1_000, Decimal("0.4"), Decimal("0.4"), Decimal("0.6"))


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def engagement(people: Cast) -> Verification:
    """An iron application that Veritas has not taken up yet."""
    return made.submit(people, made.production(people))


@pytest.fixture(scope="module")
def rival(people: Cast) -> User:
    """An auditor with no engagement."""
    organisation = register_organisation(name="Rival Audit", country="DE", roles={Role.AUDITOR})
    made.accredit(people.olga, organisation)
    return person("Rita", organisation)


def start(engagement: Verification, by: User, same: str = "") -> Verification:
    return start_verification(by=by, now=NOW, key=same or key(), verification=engagement)


def sign(
    engagement: Verification,
    by: User,
    figures: Figures = IRON,
    *,
    statement: str = "Seen on site.",
    same: str = "",
) -> Verification:
    return sign_verification(
        by=by,
        now=NOW,
        key=same or key(),
        verification=engagement,
        figures=figures,
        review=made.review(),
        statement=statement,
    )


def give_back(
    engagement: Verification, by: User, reason: str = "The meter log is missing.", same: str = ""
) -> Verification:
    return return_production(
        by=by, now=NOW, key=same or key(), verification=engagement, reason=reason
    )


def state(engagement: Verification) -> str:
    return Production.objects.get(pk=engagement.production_id).state


def put(engagement: Verification, state: str) -> None:
    Production.objects.filter(pk=engagement.production_id).update(state=state)


def again(people: Cast, engagement: Verification, auditor: Any = None) -> Verification:
    """The same application, handed in once more after it came back."""
    submitted = submit_production(
        by=people.alice,
        now=NOW,
        key=key(),
        production=engagement.production,
        auditor=auditor or people.veritas,
    )
    return submitted.verifications.get(state="open")


def test_an_engaged_auditor_takes_it_up(people: Cast, engagement: Verification) -> None:
    start(engagement, people.vera)
    assert state(engagement) == ProductionState.IN_VERIFICATION


def test_a_repeat_takes_it_up_once(people: Cast, engagement: Verification) -> None:
    same = key()
    start(engagement, people.vera, same)
    with writes_nothing():
        start(engagement, people.vera, same)


@pytest.mark.parametrize("who", ["rival", "producer", "operator", "buyer"])
@pytest.mark.parametrize("act", [start, sign, give_back])
def test_nobody_else_is_shown_the_engagement(
    people: Cast, engagement: Verification, rival: User, who: str, act: Any
) -> None:
    others = {
        "rival": rival,
        "producer": people.alice,
        "operator": people.olga,
        "buyer": people.bob,
    }
    with refused(NotVisible):
        act(engagement, others[who])


def test_who_left_the_auditor_is_not_shown_it_any_more(
    people: Cast, engagement: Verification
) -> None:
    remove_member(user=people.vera, organisation=people.veritas)
    with refused(NotVisible):
        start(engagement, people.vera)


def test_who_joins_the_auditor_is_shown_it(people: Cast, engagement: Verification) -> None:
    colleague = person("Viktor", people.veritas)
    assert start(engagement, colleague)


def test_a_signature_keeps_the_auditors_own_figures(people: Cast, engagement: Verification) -> None:
    start(engagement, people.vera)
    signed = sign(engagement, people.vera, Figures(900, Decimal("0.5"), Decimal("0.45"), None))
    assert (signed.delivered_tonnes, signed.site_intensity, signed.intensity) == (
        900,
        Decimal("0.5"),
        Decimal("0.45"),
    )
    assert (signed.state, signed.signed_by, signed.signed_on) == (
        Verification.State.SIGNED,
        people.vera,
        NOW.date(),
    )
    assert state(engagement) == ProductionState.VERIFIED


def test_the_application_closes_with_the_signature(people: Cast, engagement: Verification) -> None:
    start(engagement, people.vera)
    sign(engagement, people.vera)
    assert not has_object(people.vera, VERIFY, engagement.production)


def test_a_repeated_signature_is_answered_and_writes_nothing(
    people: Cast, engagement: Verification
) -> None:
    start(engagement, people.vera)
    same = key()
    signed = sign(engagement, people.vera, same=same)
    with writes_nothing():
        assert sign(signed, people.vera, same=same) == signed


def test_the_same_key_with_other_figures_is_refused(people: Cast, engagement: Verification) -> None:
    start(engagement, people.vera)
    same = key()
    signed = sign(engagement, people.vera, same=same)
    with refused(KeyReused):
        sign(signed, people.vera, Figures(1, Decimal(0), Decimal(0), None), same=same)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("delivered_tonnes", None),
        ("delivered_tonnes", 0),
        ("delivered_tonnes", -1),
        ("delivered_tonnes", 10**12 + 1),
        ("site_intensity", None),
        ("site_intensity", Decimal("-0.000001")),
        ("site_intensity", Decimal("NaN")),
        ("site_intensity", Decimal("1E+20")),
        ("intensity", None),
        ("intensity", Decimal("0.0000001")),
        ("scrap_share", Decimal("0.1")),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused_by_its_field(
    people: Cast, engagement: Verification, field: str, value: Any
) -> None:
    start(engagement, people.vera)
    given = {
        "delivered_tonnes": 1_000,
        "site_intensity": Decimal("0.4"),
        "intensity": Decimal("0.4"),
        "scrap_share": None,
    }
    with refused(BadInput) as refusal:
        sign(engagement, people.vera, Figures(**(given | {field: value})))
    assert set(refusal.value.errors) == {field}


@pytest.mark.parametrize("share", [None, Decimal("1.000001"), Decimal("-0.1")])
def test_steel_is_signed_with_a_scrap_share(people: Cast, share: Decimal | None) -> None:
    engagement = made.submit(people, made.production(people, steel=True))
    start(engagement, people.vera)
    with refused(BadInput) as refusal:
        sign(engagement, people.vera, Figures(1_000, Decimal("0.4"), Decimal("0.4"), share))
    assert set(refusal.value.errors) == {"scrap_share"}
    assert sign(engagement, people.vera, STEEL).scrap_share == Decimal("0.6")


def test_a_signature_without_words_is_refused_with_the_rest(
    people: Cast, engagement: Verification
) -> None:
    start(engagement, people.vera)
    nothing: Any = Figures(None, None, None, None)  # type: ignore[arg-type]
    with refused(BadInput) as refusal:
        sign(engagement, people.vera, nothing, statement="  \n")
    assert set(refusal.value.errors) == {
        "delivered_tonnes",
        "site_intensity",
        "intensity",
        "statement",
    }


def test_an_overdue_engagement_may_still_be_signed(people: Cast, engagement: Verification) -> None:
    start(engagement, people.vera)
    Verification.objects.filter(pk=engagement.pk).update(state=Verification.State.OVERDUE)
    assert sign(engagement, people.vera).state == Verification.State.SIGNED


def test_a_return_says_why_and_lets_the_producer_mend(
    people: Cast, engagement: Verification
) -> None:
    start(engagement, people.vera)
    returned = give_back(engagement, people.vera)
    assert (returned.state, returned.statement) == (
        Verification.State.RETURNED,
        "The meter log is missing.",
    )
    step = engagement.production.steps.order_by("id").last()
    assert step is not None
    assert (step.to_state, step.note) == ("returned", "The meter log is missing.")
    assert not has_object(people.vera, VERIFY, engagement.production)


def test_a_return_without_a_reason_is_refused(people: Cast, engagement: Verification) -> None:
    start(engagement, people.vera)
    with refused(BadInput) as refusal:
        give_back(engagement, people.vera, " ")
    assert set(refusal.value.errors) == {"reason"}


STARTED_FROM = {"submitted", "provisional"}
CLOSED_FROM = {"in_verification", "provisional"}


@pytest.mark.parametrize("where", [each for each in ProductionState if each not in STARTED_FROM])
def test_nothing_is_taken_up_from_any_other_state(
    people: Cast, engagement: Verification, where: ProductionState
) -> None:
    put(engagement, where)
    with refused(NotNow) as refusal:
        start(engagement, people.vera)
    assert where.label in refusal.value.found


@pytest.mark.parametrize("where", [each for each in ProductionState if each not in CLOSED_FROM])
@pytest.mark.parametrize("act", [sign, give_back])
def test_nothing_is_signed_or_returned_from_any_other_state(
    people: Cast, engagement: Verification, where: ProductionState, act: Any
) -> None:
    put(engagement, where)
    with refused(NotNow):
        act(engagement, people.vera)


@pytest.mark.parametrize("act", [start, sign, give_back])
def test_a_closed_engagement_says_nothing_of_a_later_application(
    people: Cast, engagement: Verification, rival: User, act: Any
) -> None:
    """The former auditor may read what it returned, and sign nothing in its successor's place."""
    start(engagement, people.vera)
    give_back(engagement, people.vera)
    engagement.refresh_from_db()
    successor = again(people, engagement, rival.memberships.get().organisation)
    if act is not start:
        start(successor, rival)
    with refused(NotNow, match="closed"):
        act(engagement, people.vera)


def test_a_signature_that_the_operator_sent_back_signs_nothing_later(
    people: Cast, engagement: Verification
) -> None:
    start(engagement, people.vera)
    sign(engagement, people.vera)
    send_back(
        by=people.olga, now=NOW, key=key(), production=engagement.production, reason="Unclear."
    )
    second = again(people, engagement)
    start(second, people.vera)
    engagement.refresh_from_db()
    with refused(NotNow, match="closed"):
        sign(engagement, people.vera)
    assert sign(second, people.vera).state == Verification.State.SIGNED


def test_an_application_has_one_open_engagement(people: Cast, engagement: Verification) -> None:
    start(engagement, people.vera)
    give_back(engagement, people.vera)
    again(people, engagement)
    states = engagement.production.verifications.values_list("state", flat=True)
    assert sorted(states) == ["open", "returned"]
