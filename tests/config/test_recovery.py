"""What a hard kill, a crash or a stranger leaves behind does not stop the servers from starting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config.embedded import postgres
from tests.support.checkout import Checkout, leave, wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="keepers are found through /proc")


def _execute(checkout: Checkout, statement: str) -> list[tuple[object, ...]]:
    host = str(checkout.places.postgres_sockets)
    with psycopg.connect(host=host, user="billet", dbname="billet", autocommit=True) as session:
        cursor = session.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_postgres_killed_with_9_comes_back_with_its_data(checkout: Checkout) -> None:
    checkout.use()
    _execute(checkout, "CREATE TABLE kept AS SELECT 7 AS n")
    former = checkout.postmaster()

    os.kill(former, signal.SIGKILL)

    wait_until(lambda: not postgres.answers(checkout.places))
    wait_until(checkout.answers)
    assert checkout.postmaster() != former
    assert _execute(checkout, "SELECT n FROM kept") == [(7,)]


@on_linux
@pytest.mark.parametrize("with_postmaster", [True, False])
def test_servers_start_after_their_keeper_was_killed_with_9(
    checkout: Checkout, with_postmaster: bool
) -> None:
    user = checkout.use()
    _execute(checkout, "CREATE TABLE kept AS SELECT 7 AS n")
    for keeper in checkout.keepers():
        os.kill(keeper, signal.SIGKILL)
    if with_postmaster:
        os.kill(checkout.postmaster(), signal.SIGKILL)
    user.kill()

    checkout.use()

    assert checkout.answers()
    assert _execute(checkout, "SELECT n FROM kept") == [(7,)]


def test_a_pid_now_used_by_another_program_is_no_obstacle(checkout: Checkout) -> None:
    leave(checkout.use())
    wait_until(checkout.is_silent)
    stranger = subprocess.Popen(["sleep", "60"])
    pid_file = checkout.data() / "postmaster.pid"
    wait_until(lambda: not pid_file.exists())
    pid_file.write_text(f"{stranger.pid}\n{checkout.data()}\n1700000000\n5432\n/tmp\n\n\n")

    checkout.use()

    assert checkout.answers()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_cluster_that_was_half_made_is_set_aside(checkout: Checkout) -> None:
    leave(checkout.use())
    wait_until(checkout.is_silent)
    wait_until(lambda: not checkout.keepers())
    (checkout.data() / "global" / "pg_control").unlink()
    (checkout.home / "postgres.new-abandoned").mkdir()

    checkout.use()

    assert checkout.answers()
    assert len(list(checkout.home.glob("postgres-*.broken-*"))) == 1
    assert not list(checkout.home.glob("postgres.new-*"))


def test_a_socket_directory_that_is_a_link_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    checkout.places.sockets.symlink_to(elsewhere)

    said, _ = checkout.start("-c", _TRY).communicate()

    assert said.startswith(f"{checkout.places.sockets} is not a directory of user id")
    assert said.count("\n") == 1
    checkout.places.sockets.unlink()


@as_root
def test_a_socket_directory_of_another_user_is_refused(checkout: Checkout) -> None:
    checkout.places.sockets.mkdir()
    os.chown(checkout.places.sockets, 65534, -1)

    said, _ = checkout.start("-c", _TRY).communicate()

    assert "not a directory of user id 0, so it is not trusted" in said


@as_root
def test_root_without_user_namespaces_runs_postgres_as_nobody(
    checkout: Checkout, tmp_path: Path
) -> None:
    refusing = tmp_path / "bin" / "unshare"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)

    user = checkout.use(PATH=f"{refusing.parent}:{os.environ['PATH']}")
    (owner,) = _execute(checkout, "SELECT pg_backend_pid()")[0]

    # The backend has ended with its session; the socket it was reached through has its owner.
    assert owner
    assert checkout.places.postgres_sockets.stat().st_uid == 65534
    assert not list(checkout.places.run.glob("postgres-??"))
    leave(user)


@on_linux
def test_a_long_path_to_the_checkout_leaves_the_sockets_short(
    new_checkout: Callable[[str], Checkout],
) -> None:
    checkout = new_checkout("d" * 200)
    checkout.use()

    assert len(str(checkout.places.postgres_socket)) < 60
    assert checkout.answers()


def test_a_run_directory_that_cannot_be_made_is_told_in_one_line(checkout: Checkout) -> None:
    said, _ = checkout.start("-c", _TRY, BILLET_RUN_DIR="/proc/nothing/run").communicate()

    assert said.startswith("Cannot create /proc/nothing/run")
    assert "BILLET_RUN_DIR" in said
    assert said.count("\n") == 1


_TRY = """
from config import services
try:
    services.ensure()
except services.ServiceError as error:
    print(error)
"""
