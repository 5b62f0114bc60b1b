"""The servers live exactly as long as somebody uses them."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable

from tests.support.checkout import Checkout, leave, wait_until

FORK = """
import os, sys
from config import services
services.ensure()
if os.fork() == 0:
    services.release(wait=True)
    sys.exit(0)
os.wait()
print("ready", flush=True)
sys.stdin.read()
"""
RELEASE = """
from config import services
from config.embedded import postgres
services.ensure()
services.release(wait=True)
print(postgres.answers(services.find_places()))
"""


def test_a_second_process_joins_and_the_last_to_leave_stops_the_servers(
    checkout: Checkout,
) -> None:
    first = checkout.use()
    postmaster = checkout.postmaster()
    second = checkout.use()

    leave(first)
    wait_until(lambda: first.poll() is not None)
    still_there = checkout.answers() and checkout.postmaster() == postmaster
    leave(second)

    assert still_there
    wait_until(checkout.is_silent)
    wait_until(lambda: not (checkout.data() / "postmaster.pid").exists())


def test_a_user_killed_with_9_gives_its_lease_back(checkout: Checkout) -> None:
    user = checkout.use()

    user.kill()

    wait_until(checkout.is_silent)


def test_a_forked_child_does_not_end_its_parents_lease(checkout: Checkout) -> None:
    parent = checkout.start("-c", FORK)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"

    assert checkout.answers()
    leave(parent)
    wait_until(checkout.is_silent)


def test_release_waits_until_the_servers_have_ended(checkout: Checkout) -> None:
    said, _ = checkout.start("-c", RELEASE).communicate()

    assert said == "False\n"


def test_release_leaves_servers_that_another_process_uses(checkout: Checkout) -> None:
    other = checkout.use()

    said, _ = checkout.start("-c", RELEASE).communicate()

    assert said == "True\n"
    leave(other)


def test_many_processes_that_come_at_once_start_one_server(checkout: Checkout) -> None:
    checkout.use()
    users = [checkout.start("-c", "from config import services; services.ensure()") for _ in "1234"]

    assert [user.wait() for user in users] == [0, 0, 0, 0]
    assert len(checkout.keepers()) == 2


def test_a_command_ends_the_servers_it_started(checkout: Checkout) -> None:
    command = checkout.start(
        "manage.py",
        "shell",
        "--no-imports",
        "-c",
        "from django.db import connection as c; c.ensure_connection(); print('connected')",
    )

    said, _ = command.communicate()

    assert said == "connected\n"
    wait_until(checkout.is_silent)


def test_two_checkouts_run_side_by_side(new_checkout: Callable[[str], Checkout]) -> None:
    one, other = new_checkout("one"), new_checkout("other")
    user = one.use()
    other.use()

    leave(user)

    wait_until(one.is_silent)
    assert other.answers()
    assert one.places.sockets != other.places.sockets


def test_only_the_owner_reaches_the_sockets(checkout: Checkout) -> None:
    checkout.use()
    places = checkout.places

    open_to_others = [
        path
        for path in (places.run, places.postgres_sockets, places.redis_socket)
        if stat.S_IMODE(os.lstat(path).st_mode) & 0o077
    ]

    assert open_to_others == []
    # Passing through is the most that others may, where Postgres has to run as nobody.
    assert stat.S_IMODE(os.lstat(places.sockets).st_mode) in {0o700, 0o711}


def test_a_keeper_that_is_asked_to_stop_stops_its_server(checkout: Checkout) -> None:
    checkout.use()

    for keeper in checkout.keepers():
        os.kill(keeper, signal.SIGTERM)

    wait_until(checkout.is_silent)
