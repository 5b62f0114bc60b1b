"""manage.py rulebook: list the rules, or write and check docs/rulebook.md."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.rulebook.document import DOCUMENT, document
from registry.rulebook.edition import editions
from registry.rulebook.index import index


class Command(BaseCommand):
    help = "List every rule with its section, parameters and tests."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--json", action="store_true", help="print the whole index as JSON")
        how.add_argument("--write", action="store_true", help="write docs/rulebook.md")
        how.add_argument(
            "--check", action="store_true", help="exit 1 when docs/rulebook.md is stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        entries = index()
        text = document(entries, editions()[-1])
        if options["json"]:
            listed = [entry.as_dict() for entry in entries]
            self.stdout.write(json.dumps(listed, indent=2, ensure_ascii=False))
        elif options["write"]:
            DOCUMENT.parent.mkdir(exist_ok=True)
            DOCUMENT.write_text(text, "utf-8")
            self.stdout.write(f"wrote {DOCUMENT.name}: {len(entries)} rules")
        elif options["check"]:
            if not DOCUMENT.exists() or DOCUMENT.read_text("utf-8") != text:
                raise CommandError("docs/rulebook.md is stale: run manage.py rulebook --write")
            self.stdout.write("docs/rulebook.md is up to date")
        else:
            for entry in entries:
                tests = f"{len(entry.tests)} tests"
                self.stdout.write(
                    f"{entry.id:7} {entry.section:12} {entry.modality:10} {entry.title} ({tests})"
                )
