#!/usr/bin/env python
"""Django's commands, on the embedded servers where no URL names others."""

from __future__ import annotations

import os
import sys

# These only read files; `check` reaches for a database only with --database.
NEED_NO_SERVERS = {
    *("help", "version", "--help", "-h", "--version"),
    *("check", "collectstatic", "findstatic", "diffsettings", "spectacular", "rulebook"),
    *("makemessages", "compilemessages", "sendtestemail"),
}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config import services

    try:
        bool(settings.SECRET_KEY)
        if needs_servers(arguments):
            services.ensure()
    except (ImproperlyConfigured, services.ServiceError) as error:
        sys.exit(str(error))
    execute_from_command_line(arguments)


def needs_servers(arguments: list[str]) -> bool:
    if len(arguments) < 2 or "--help" in arguments or "-h" in arguments:
        return False
    return arguments[1] not in NEED_NO_SERVERS or "--database" in arguments


if __name__ == "__main__":
    main(sys.argv)
