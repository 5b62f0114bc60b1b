"""manage.py sequence_log and the tasks that beat starts."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry import tasks
from registry.models import LogLeaf, LogPending
from tests.cast import cast, issue
from tests.registry.log.stage import as_superuser


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.LOG_ROOT = tmp_path / "log"
    monkeypatch.setenv("BILLET_LOG_KEY_FILE", str(tmp_path / "log.key"))
    return tmp_path


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("sequence_log", *options, stdout=out)
    return out.getvalue().strip()


def test_a_key_is_made_and_then_the_log_is_signed(here: Path) -> None:
    with pytest.raises(CommandError, match="--make-key"):
        said()
    assert "made" in said("--make-key")
    with pytest.raises(CommandError, match="a log keeps its key"):
        said("--make-key")
    issue(cast(), tonnes=100)
    waiting = LogPending.objects.count()
    assert said() == f"{waiting} events added: size {waiting}"
    assert said() == f"0 events added: size {waiting}"
    assert said("--audit") == f"{waiting} leaves are as they were signed"
    assert said("--rebuild") == f"rebuilt to size {waiting}"


def test_without_a_key_that_somebody_named_none_is_made(
    here: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.RUN_DIR = here
    with pytest.raises(CommandError, match="cannot be read"):
        said()
    monkeypatch.delenv("BILLET_LOG_KEY_FILE")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///elsewhere")
    with pytest.raises(CommandError, match="cannot be read"):
        said()
    monkeypatch.delenv("DATABASE_URL")
    assert "events added" in said()
    assert os.stat(here / "log.key").st_mode & 0o777 == 0o600


def test_the_command_says_what_is_wrong(here: Path) -> None:
    said("--make-key")
    issue(cast(), tonnes=100)
    said()
    as_superuser("UPDATE registry_logleaf SET event = '{}' WHERE number = 1")
    for option in ("--audit", "--rebuild"):
        with pytest.raises(CommandError):
            said(option)
    with pytest.raises(CommandError, match="leaf 1 in the table is not the one that was signed"):
        said()


def test_the_tasks_sequence_and_audit(here: Path) -> None:
    said("--make-key")
    issue(cast(), tonnes=100)
    added = tasks.sequence_log()
    assert added == LogLeaf.objects.count() > 0
    assert tasks.sequence_log() == 0
    assert tasks.audit_log() == added
