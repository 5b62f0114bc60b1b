"""A Celery worker as a process of its own, on the test's database and Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config import services
from tests.support.template import database_url


@pytest.fixture
def celery_worker_process(
    transactional_db: None, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A running worker; what the test commits and publishes is what it sees."""
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "1", "-l", "INFO"],
            cwd=services.CHECKOUT,
            env=os.environ
            | {
                "DATABASE_URL": database_url(connection.settings_dict["NAME"]),
                "REDIS_URL": services.redis_url(settings.REDIS_DATABASE),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "BILLET_PROCESS": "worker",
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(log, b"ready.", worker)
        yield worker
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def _wait_for(log: Path, words: bytes, worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while words not in log.read_bytes():
        if worker.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"The Celery worker did not start:\n{log.read_text()}")
        time.sleep(0.1)
