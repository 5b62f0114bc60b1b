"""Reading BILLET_* variables, and the development key that is made once per checkout."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if value == "" else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a whole number.")
    return int(value)


def secret_key(*, debug: bool, run_directory: Path) -> str:
    """BILLET_SECRET_KEY; while debugging, a key of this checkout's own will do."""
    given = os.environ.get("BILLET_SECRET_KEY")
    if given:
        return given
    if not debug:
        raise ImproperlyConfigured(
            "BILLET_SECRET_KEY is not set: set it to a long random text that never changes, "
            "or set BILLET_DEBUG=1 for development."
        )
    return development_key(run_directory)


def development_key(run_directory: Path) -> str:
    path = run_directory / "secret_key"
    if not path.exists():
        new = run_directory / f"secret_key.{os.getpid()}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            # Unlike a rename, a link never replaces the key another process just made.
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text()
