"""The whole demonstration, from registering sites to published claims, through the services."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

from django.core.management import call_command

from tools.scratch import scratch_database

GROUP = "journey"


def run() -> Iterator[tuple[str, float, str]]:
    with scratch_database():
        started = time.perf_counter()
        call_command("demo", stdout=io.StringIO())
        yield "journey_s", time.perf_counter() - started, "s"
