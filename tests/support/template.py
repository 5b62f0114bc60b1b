"""One migrated database that every test process copies, made again when a migration changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from urllib.parse import quote

import psycopg
from django.conf import settings

from config import services
from config.embedded.places import open_lock

PREFIX = "billet_template_"


def template_database() -> str:
    """The name of a database with every migration applied and nothing else in it."""
    name = PREFIX + _fingerprint()
    with open_lock(settings.RUN_DIR / "test-template.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _administration() as session:
            names = session.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
            ).fetchall()
            if (name,) in names:
                return name
            for (former,) in names:
                session.execute(f'DROP DATABASE "{former}" WITH (FORCE)')
            unfinished = f"{name}_new"
            session.execute(f'CREATE DATABASE "{unfinished}"')
            _migrate(unfinished)
            session.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def database_url(name: str) -> str:
    """A URL for a process of its own that has to use this database."""
    given = settings.DATABASES["default"]
    user = quote(given["USER"], safe="")
    if given.get("PASSWORD"):
        user += f":{quote(given['PASSWORD'], safe='')}"
    if given["HOST"].startswith("/"):
        return f"postgresql://{user}@/{name}?host={quote(given['HOST'], safe='')}"
    port = f":{given['PORT']}" if given.get("PORT") else ""
    return f"postgresql://{user}@{given['HOST']}{port}/{name}"


def _administration() -> psycopg.Connection:
    return psycopg.connect(database_url("postgres"), autocommit=True)


def _migrate(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=services.CHECKOUT,
        env=os.environ | {"DATABASE_URL": database_url(name), "REDIS_URL": services.redis_url()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"The migrations failed:\n{done.stdout}{done.stderr}")


def _fingerprint() -> str:
    """Changes with every migration of ours, SQL file beside them, and locked dependency."""
    digest = hashlib.sha256()
    root = services.CHECKOUT
    found = [root / "requirements.lock"]
    for app in ("accounts", "registry", "claims"):
        found += (root / app).rglob("migrations/*.py")
        found += (root / app).rglob("*.sql")
    for path in sorted(found):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
