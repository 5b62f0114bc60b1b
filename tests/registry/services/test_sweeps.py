"""What is due is swept: on the day after, once, and only what is due."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from registry import tasks
from registry.models import Entry, Holding, Issuance, Transfer, Verification
from registry.queries import Wanted
from registry.services.retirements import retire
from registry.services.sweeps import expire_vintages, lapse_offers, mark_overdue_verifications
from registry.services.transfers import due_to_lapse, propose_transfer
from registry.services.verifications import Figures, sign_verification, start_verification
from registry.transitions import TransferState
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import assert_sound, total
from tests.registry.services.acts import put, queries_of
from tests.support.refusals import writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def engagement(people: Cast) -> Verification:
    return made.submit(people, made.production(people))


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000, steel=True)


def offer(people: Cast, quantity: int = 100, now: datetime = NOW) -> Transfer:
    return propose_transfer(
        by=people.erik,
        now=now,
        key=key(),
        from_account=people.steel_account,
        to_account=people.broker_account,
        units=Wanted(quantity),
        surrendered=True,
    )


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=NOW.tzinfo)


ONE_DAY = timedelta(days=1)


# --- engagements -------------------------------------------------------------------------------


def test_an_engagement_is_overdue_the_day_after_its_due_date(engagement: Verification) -> None:
    assert mark_overdue_verifications(now=end_of(engagement.due_on)) == 0
    assert mark_overdue_verifications(now=end_of(engagement.due_on) + ONE_DAY) == 1
    engagement.refresh_from_db()
    assert engagement.state == Verification.State.OVERDUE


def test_an_overdue_engagement_is_marked_once(engagement: Verification) -> None:
    late = end_of(engagement.due_on) + ONE_DAY
    mark_overdue_verifications(now=late)
    with writes_nothing():
        assert mark_overdue_verifications(now=late) == 0


def test_a_signed_engagement_is_never_overdue(people: Cast, engagement: Verification) -> None:
    made.verify(people, engagement)
    assert mark_overdue_verifications(now=end_of(engagement.due_on) + ONE_DAY) == 0


def test_a_signature_is_accepted_between_due_date_and_sweep(
    people: Cast, engagement: Verification
) -> None:
    """The rules judge the date at issuance; the sweep only marks what is late."""
    late = end_of(engagement.due_on) + ONE_DAY
    start_verification(by=people.vera, now=late, key=key(), verification=engagement)
    signed = sign_verification(
        by=people.vera,
        now=late,
        key=key(),
        verification=engagement,
        figures=Figures(1_000, Decimal("0.4"), Decimal("0.4"), None),
        review=made.review(),
        statement="Late, and seen.",
    )
    assert signed.state == Verification.State.SIGNED


# --- offers ------------------------------------------------------------------------------------


def test_an_offer_lapses_the_day_after_its_last(people: Cast, steel: Issuance) -> None:
    transfer = offer(people)
    assert lapse_offers(now=end_of(transfer.due_on)) == 0
    assert lapse_offers(now=end_of(transfer.due_on) + ONE_DAY) == 1
    transfer.refresh_from_db()
    assert (transfer.state, transfer.settled_by) == (TransferState.EXPIRED, None)
    assert total(people.steel_account.pk) == 1_000
    assert_sound()


def test_an_offer_lapses_once(people: Cast, steel: Issuance) -> None:
    late = end_of(offer(people).due_on) + ONE_DAY
    lapse_offers(now=late)
    with writes_nothing():
        assert lapse_offers(now=late) == 0


def test_an_offer_nobody_approved_lapses_too(people: Cast, steel: Issuance) -> None:
    Transfer.objects.filter(pk=offer(people).pk).update(state=TransferState.AWAITING_APPROVAL)
    late = end_of(NOW.date() + timedelta(days=15))
    assert lapse_offers(now=late) == 1


@pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn", "expired"])
def test_a_settled_offer_never_lapses(people: Cast, steel: Issuance, state: str) -> None:
    Transfer.objects.filter(pk=offer(people).pk).update(state=state)
    assert due_to_lapse(on=date(NOW.year + 20, 1, 1)) == []


def test_a_sweep_missed_for_days_catches_up(people: Cast, steel: Issuance) -> None:
    for days in range(3):
        offer(people, now=NOW + timedelta(days=days))
    assert lapse_offers(now=NOW + timedelta(days=30)) == 3
    assert_sound()


# --- vintages ----------------------------------------------------------------------------------


def test_units_expire_the_day_after_their_last(people: Cast, steel: Issuance) -> None:
    assert expire_vintages(now=end_of(steel.expires_on)) == 0
    assert expire_vintages(now=end_of(steel.expires_on) + ONE_DAY) == 1_000
    assert total(people.steel_account.pk, "expired") == 1_000
    assert_sound()


def test_units_expire_once(people: Cast, steel: Issuance) -> None:
    late = end_of(steel.expires_on) + ONE_DAY
    expire_vintages(now=late)
    with writes_nothing():
        assert expire_vintages(now=late) == 0


def test_retired_units_stay_retired(people: Cast, steel: Issuance) -> None:
    put(steel, people.auto_account)
    retire(by=people.carl, now=NOW, key=key(), account=people.auto_account, units=Wanted(300))
    assert expire_vintages(now=end_of(steel.expires_on) + ONE_DAY) == 700
    assert total(people.auto_account.pk, "retired") == 300


def test_an_open_offer_of_an_expired_vintage_closes_first(people: Cast, steel: Issuance) -> None:
    """On the last day an offer is made for fourteen more; the units do not outlive their own."""
    transfer = offer(people, now=end_of(steel.expires_on))
    assert expire_vintages(now=end_of(steel.expires_on) + ONE_DAY) == 1_000
    transfer.refresh_from_db()
    assert transfer.state == TransferState.EXPIRED
    kinds = Entry.objects.filter(issuance=steel).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["issue", "propose", "lapse", "expire"]
    assert_sound()


def test_an_expired_entry_names_nobody(people: Cast, steel: Issuance) -> None:
    expire_vintages(now=end_of(steel.expires_on) + ONE_DAY)
    assert Entry.objects.get(issuance=steel, kind="expire").by is None


def test_a_younger_vintage_stays_active(people: Cast, steel: Issuance) -> None:
    start = date(NOW.year, 1, 1)
    younger = made.issue(
        people,
        tonnes=10,
        steel=True,
        period_start=start,
        period_end=start,
        delivered_on=start,
    )
    assert expire_vintages(now=end_of(steel.expires_on) + ONE_DAY) == 1_000
    assert Holding.objects.get(issuance=younger).state == "active"


def test_expiry_takes_the_same_few_queries_for_any_number(people: Cast, steel: Issuance) -> None:
    made.issue(people, tonnes=10, steel=True)
    late = end_of(steel.expires_on) + ONE_DAY
    assert queries_of(lambda: expire_vintages(now=late)) <= 5


# --- tasks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "task",
    [tasks.sweep_offers, tasks.sweep_verification_deadlines, tasks.sweep_vintage_expiry],
)
def test_a_task_with_nothing_due_does_nothing(
    people: Cast, steel: Issuance, task: Callable[[], int]
) -> None:
    offer(people)
    with writes_nothing():
        assert task() == 0
