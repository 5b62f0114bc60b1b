"""A database of one's own for a measurement: migrated, empty, and gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection


@contextmanager
def scratch_database() -> Iterator[None]:
    """Point Django's connection at a new database for the length of the block."""
    original = connection.settings_dict["NAME"]
    name = f"billet_scratch_{os.getpid()}"
    _administer(f'CREATE DATABASE "{name}"')
    try:
        use_database(name)
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        use_database(original)
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def scratch_copy() -> Iterator[str]:
    """The name of a copy of the database at hand, which stays the one at hand."""
    original = connection.settings_dict["NAME"]
    name = f"{original}_copy"
    use_database("postgres")
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    use_database(original)
    try:
        yield name
    finally:
        use_database(original)
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def use_database(name: str) -> None:
    """Point Django's connection at a database by its name."""
    connection.close()
    connection.settings_dict["NAME"] = name
    # Its keys belong to the database left behind.
    ContentType.objects.clear_cache()


def _administer(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
