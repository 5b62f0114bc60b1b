"""What the environment decides, and what it must not leave undecided."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from config import services
from config.environment import development_key, flag
from manage import needs_servers
from tests.support.checkout import Checkout

PRODUCTION = {"BILLET_DEBUG": "0", "BILLET_ALLOWED_HOSTS": "registry.example"}


def test_production_needs_a_secret_key(checkout: Checkout) -> None:
    command = checkout.start("manage.py", "check", **PRODUCTION)

    said, _ = command.communicate()

    assert command.returncode == 1
    assert said.startswith("BILLET_SECRET_KEY is not set")
    assert said.count("\n") == 1


def test_a_named_database_means_production(checkout: Checkout) -> None:
    environment = {"DATABASE_URL": "postgresql://db.example/billet", "BILLET_DEBUG": ""}

    said, _ = checkout.start("manage.py", "check", **environment).communicate()

    assert said.startswith("BILLET_SECRET_KEY is not set")


def test_the_development_key_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = development_key(tmp_path), development_key(tmp_path)

    assert first == second
    assert len(first) > 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret_key"]


def test_a_flag_that_is_neither_on_nor_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLET_HTTPS", "maybe")

    with pytest.raises(Exception, match="set it to 1 or 0"):
        flag("BILLET_HTTPS", default=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ada:p%40ss@db.example:6432/billet?sslmode=require",
            {
                "NAME": "billet",
                "USER": "ada",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "6432",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgres://ada@/billet?host=%2Fvar%2Frun%2Fpostgresql",
            {
                "NAME": "billet",
                "USER": "ada",
                "PASSWORD": "",
                "HOST": "/var/run/postgresql",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
    ],
)
def test_database_url_wins(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, object]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    assert services.database_parameters() == expected


def test_a_database_url_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://db.example/billet")

    with pytest.raises(services.ServiceError, match="postgresql://user:password@host:port/name"):
        services.database_parameters()


@pytest.mark.parametrize(
    ("url", "database", "broker"),
    [
        ("redis://cache.example:6379", 0, "redis://cache.example:6379"),
        ("redis://cache.example:6379/2", 0, "redis://cache.example:6379/2"),
        ("redis://cache.example:6379", 3, "redis://cache.example:6379/3"),
        ("unix:///run/redis.sock", 3, "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_redis_url_wins(
    monkeypatch: pytest.MonkeyPatch, url: str, database: int, broker: str
) -> None:
    monkeypatch.setenv("REDIS_URL", url)

    assert services.broker_url(database) == broker


def test_only_what_no_url_names_is_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/billet")
    monkeypatch.delenv("REDIS_URL", raising=False)

    assert services.embedded_names() == ["redis"]


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["manage.py"], False),
        (["manage.py", "help", "migrate"], False),
        (["manage.py", "migrate", "--help"], False),
        (["manage.py", "check", "--deploy"], False),
        (["manage.py", "check", "--database", "default"], True),
        (["manage.py", "migrate"], True),
        (["manage.py", "demo", "--json"], True),
    ],
)
def test_commands_that_only_read_files_start_no_servers(arguments: list[str], needed: bool) -> None:
    assert needs_servers(arguments) is needed
