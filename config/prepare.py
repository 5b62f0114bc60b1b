"""Everything that has to be true before the first page: schema, demonstration, static files.

One process does all of it, as loading Django is the slowest step. It leaves what the
supervisor needs to know in a file, which its caller names.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

WEB_ROLE = "billet_web"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config import services

    services.ensure()
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands

    call_command("migrate", verbosity=0, interactive=False)
    sign_ins = ""
    if "demo" in get_commands():
        call_command("demo", stdout=io.StringIO())
        said = io.StringIO()
        call_command("demo", sign_ins=True, stdout=said)
        sign_ins = said.getvalue()
    _collect_static(Path(settings.STATIC_ROOT))
    known = {"sign_ins": sign_ins, "role": WEB_ROLE if _may_take(WEB_ROLE) else None}
    Path(arguments[0]).write_text(json.dumps(known))
    return 0


def _may_take(role: str) -> bool:
    """Whether this database has the role of the web and lets us become it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')",
            [role],
        )
        return bool(cursor.fetchone()[0])


def _collect_static(root: Path) -> None:
    """Collect and compress, which takes seconds, only when a source has changed."""
    from django.core.management import call_command

    stamp = root / ".collected"
    digest = hashlib.sha256("\n".join(_static_sources()).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    root.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


def _static_sources() -> Iterator[str]:
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            yield f"{name} {status.st_size} {status.st_mtime_ns}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
