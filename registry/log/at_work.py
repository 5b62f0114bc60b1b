"""The sequencer with this installation's folder and key, as task and command call it."""

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from registry.log.audit import check_everything
from registry.log.checkpoint import Checkpoint
from registry.log.folder import Folder
from registry.log.keys import SigningKey, make_key, read_key
from registry.log.sequencer import Signed, rebuild, sequence


def key_file() -> Path:
    """Named by BILLET_LOG_KEY_FILE, for the worker's environment alone; else beside the servers."""
    return Path(os.environ.get("BILLET_LOG_KEY_FILE", settings.RUN_DIR / "log.key"))


def signing_key() -> SigningKey:
    """The key; on embedded servers, which are for development, made when there is none."""
    path = key_file()
    if not path.exists() and not os.environ.keys() & {"DATABASE_URL", "BILLET_LOG_KEY_FILE"}:
        make_key(path)
    return read_key(path, settings.LOG_NAME)


def sequence_here(*, now: datetime) -> Signed | None:
    return sequence(folder=Folder(settings.LOG_ROOT), key=signing_key(), now=now)


def audit_here() -> int:
    """Look at everything that was signed; how many leaves. Raises InconsistentError."""
    return check_everything(Folder(settings.LOG_ROOT), signing_key())


def rebuild_here() -> Checkpoint | None:
    return rebuild(folder=Folder(settings.LOG_ROOT), key=signing_key())
