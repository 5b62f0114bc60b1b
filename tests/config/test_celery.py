"""A task is a wake-up call: Redis may be gone or frozen, and the request goes on."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from config import celery
from tests.support.checkout import Checkout


def _publish(url: str) -> float:
    """Publish through our own configuration to another broker; return the seconds it took."""
    app = Celery("test", set_as_current=False)
    app.conf.update(dict(celery.app.conf) | {"broker_url": url})
    started = time.monotonic()
    with pytest.raises((OperationalError, OSError)):
        app.send_task("registry.tasks.sweep_offers")
    return time.monotonic() - started


def test_publishing_without_redis_fails_at_once(tmp_path: Path) -> None:
    assert _publish(f"redis+socket://{tmp_path}/none.sock?virtual_host=0") < 2


def test_publishing_to_a_frozen_redis_fails_within_seconds(checkout: Checkout) -> None:
    checkout.use()
    redis = next(
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if os.fsencode(checkout.places.redis_socket) in _read(path)
        and b"redis-server" in _read(path)
    )
    os.kill(redis, signal.SIGSTOP)
    try:
        seconds = _publish(f"redis+socket://{checkout.places.redis_socket}?virtual_host=0")
    finally:
        os.kill(redis, signal.SIGCONT)

    assert seconds < 5


def test_everything_on_the_schedule_is_a_task() -> None:
    celery.app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}

    assert scheduled
    assert scheduled <= set(celery.app.tasks)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
