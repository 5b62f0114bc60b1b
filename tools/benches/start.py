"""How long `make run` takes until the first page, when everything has been made before."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator

from django.db import connection

from config import services

GROUP = "start"


def run() -> Iterator[tuple[str, float, str]]:
    # It has to start the servers too, so ours must not be the ones it finds.
    connection.close()
    services.release(wait=True)
    try:
        _seconds_to_first_page()
        yield "second_start_s", _seconds_to_first_page(), "s"
    finally:
        services.ensure()


def _seconds_to_first_page() -> float:
    ours = {"BILLET_DEBUG", "BILLET_SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    started = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run"],
        cwd=services.CHECKOUT,
        env={key: value for key, value in os.environ.items() if key not in ours},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if re.search(r"http://localhost:\d+/", line):
                return time.perf_counter() - started
        raise RuntimeError("make run ended before its first page.")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
