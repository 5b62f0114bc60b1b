"""The sequencer beside writers that commit in any order: nothing is missed, nothing twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Account
from registry.log.sequencer import sequence
from registry.models import Entry, LogCheckpoint, LogLeaf, LogPending
from tests.registry.log import naive
from tests.registry.log.stage import KEY, Stage, retire, sell, stage
from tools import verify_log

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 4
EACH = 12


@pytest.fixture
def on(tmp_path: Path) -> Stage:
    return stage(tmp_path / "log")


def write(on: Stage, writer: int) -> None:
    """Sales and retirements of a writer's own serials, each committed on its own connection."""
    try:
        for turn in range(EACH):
            first = (writer * EACH + turn) * 10 + 1
            sell(on, first, first + 9)
            retire(on, first, first + 4)
    finally:
        connection.close()


def keep_sequencing(on: Stage, done: Event) -> int:
    runs = 0
    try:
        while not done.is_set():
            runs += sequence(folder=on.folder, key=KEY, now=timezone.now()) is not None
    finally:
        connection.close()
    return runs


def test_nothing_is_missed_beside_concurrent_writers(
    on: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    done = Event()
    with ThreadPoolExecutor(WRITERS + 2) as threads:
        sequencers = [threads.submit(keep_sequencing, on, done) for _ in range(2)]
        writers = [threads.submit(write, on, number) for number in range(WRITERS)]
        try:
            for each in writers:
                each.result(timeout=120)
        finally:
            done.set()
        assert sum(each.result(timeout=60) for each in sequencers) > 1
    on.sequence()

    events = [each.event for each in LogLeaf.objects.order_by("number")]
    logged = [json.loads(event)["id"] for event in events if '"type":"entry"' in event]
    entries = {str(pk) for pk in Entry.objects.values_list("pk", flat=True)}
    assert len(entries) == 1 + WRITERS * EACH * 3
    assert sorted(logged) == sorted(entries)
    assert not LogPending.objects.exists()
    numbers = list(LogLeaf.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(len(numbers)))
    for each in LogCheckpoint.objects.all():
        leaves = [event.encode() for event in events[: each.size]]
        assert naive.mth(leaves) == bytes(each.root)
    assert verify_log.main([str(on.folder.root), "--key", str(KEY.public)]) == 0
    assert len(list((on.folder.root / "proof").iterdir())) == WRITERS * EACH


def test_an_earlier_event_that_is_committed_later_is_not_passed_over(on: Stage) -> None:
    """What a sequencer that reads by "id > last" misses."""
    begun, go_on = Event(), Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                Account.objects.create(
                    organisation=on.people.broker, number="AC-SLOW", name="Opened slowly"
                )
                begun.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(slow)
        assert begun.wait(30)
        sell(on, 501, 510)
        on.sequence()
        go_on.set()
        waiting.result(timeout=30)
    assert LogPending.objects.count() == 1
    assert on.sequence().added == 1
    last = json.loads(LogLeaf.objects.order_by("-number")[0].event)
    assert last["id"] == str(Account.objects.get(number="AC-SLOW").pk)
