"""What beat starts really runs: each task called here, and one in a worker of its own."""

from datetime import UTC, datetime, time, timedelta
from subprocess import Popen
from time import monotonic, sleep

import pytest
import time_machine
from django.utils import timezone

from registry import tasks
from registry.models import Issuance, Transfer, Verification
from registry.queries import Wanted
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import total
from tests.registry.services.sharing import propose, sharing

NOW = timezone.now()


def offer(people: Cast, now: datetime) -> Transfer:
    return propose_transfer(
        by=people.erik,
        now=now,
        key=key(),
        from_account=people.steel_account,
        to_account=people.broker_account,
        units=Wanted(600),
        surrendered=True,
    )


@pytest.mark.django_db
def test_each_task_sweeps_what_is_due_on_its_own_clock() -> None:
    people = cast()
    issuance = made.issue(people, tonnes=1_000, steel=True)
    engagement = made.submit(people, made.production(people))
    transfer = offer(people, NOW)
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        assert tasks.sweep_offers() == 1
        assert tasks.sweep_verification_deadlines() == 0
        assert tasks.sweep_vintage_expiry() == 0
    long_after = datetime(issuance.expires_on.year + 1, 1, 1, tzinfo=UTC)
    with time_machine.travel(long_after, tick=False):
        assert tasks.sweep_verification_deadlines() == 1
        assert tasks.sweep_vintage_expiry() == 1_000
    transfer.refresh_from_db()
    engagement.refresh_from_db()
    assert (transfer.state, engagement.state) == ("expired", Verification.State.OVERDUE)


@pytest.mark.django_db
def test_the_task_lapses_co_claims_the_day_after_their_last() -> None:
    co_claim = propose(sharing(cast()))
    last = datetime.combine(co_claim.due_on, time(23, 59), tzinfo=UTC)
    with time_machine.travel(last, tick=False):
        assert tasks.sweep_co_claims() == 0
    with time_machine.travel(last + timedelta(minutes=1), tick=False):
        assert tasks.sweep_co_claims() == 1
        assert tasks.sweep_co_claims() == 0
    co_claim.refresh_from_db()
    assert (co_claim.state, co_claim.closed_by) == ("expired", None)


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_the_sweep(celery_worker_process: Popen[bytes]) -> None:
    people = cast()
    made.issue(people, tonnes=1_000, steel=True)
    transfer = offer(people, NOW - timedelta(days=15))
    tasks.sweep_offers.delay()
    deadline = monotonic() + 20
    while transfer.state != "expired" and monotonic() < deadline:
        sleep(0.1)
        transfer.refresh_from_db()
    assert transfer.state == "expired"
    assert total(people.steel_account.pk) == Issuance.objects.get().quantity
