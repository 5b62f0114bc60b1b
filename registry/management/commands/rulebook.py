"""manage.py rulebook: list the rules, write docs/rulebook.md, compare editions, judge again.

    manage.py rulebook --compare rmi-2026-03 illustrative-stricter
    manage.py rulebook --rejudge PRODUCTION --edition illustrative-stricter

PRODUCTION is the id of a production or the code of an issuance. Neither writes anything.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.errors import NotNow
from registry.models import Issuance, Production
from registry.rulebook.comparison import Change, differences
from registry.rulebook.document import DOCUMENT, document, value_text
from registry.rulebook.edition import Edition, EditionInvalid, edition, editions, every_edition
from registry.rulebook.findings import Finding
from registry.rulebook.index import index, plain
from registry.services.dry_run import DryRun, rejudge_issuance, rejudge_production


class Command(BaseCommand):
    help = "List every rule with its section, parameters and tests; compare editions."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print as JSON: the index, or what is asked for"
        )
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--write", action="store_true", help="write docs/rulebook.md")
        how.add_argument(
            "--check", action="store_true", help="exit 1 when docs/rulebook.md is stale"
        )
        how.add_argument(
            "--compare",
            nargs=2,
            metavar=("BEFORE", "AFTER"),
            help="the parameters that two editions give different values",
        )
        how.add_argument(
            "--rejudge",
            metavar="PRODUCTION",
            help="judge a production, or an issuance as it was judged, under --edition",
        )
        parser.add_argument("--edition", help="the edition to judge under; for --rejudge")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["edition"] and not options["rejudge"]:
            raise CommandError("--edition goes with --rejudge PRODUCTION")
        if options["compare"]:
            self._compare(*map(_edition, options["compare"]), as_json=options["json"])
        elif options["rejudge"]:
            if not options["edition"]:
                raise CommandError(f"name the edition: --edition {_known()}")
            run = _rejudge(options["rejudge"], _edition(options["edition"]))
            self._print(run.as_dict(), _lines_of(run), as_json=options["json"])
        else:
            self._index(options)

    def _index(self, options: dict[str, Any]) -> None:
        entries = index()
        text = document(entries, editions()[-1])
        if options["write"]:
            DOCUMENT.parent.mkdir(exist_ok=True)
            DOCUMENT.write_text(text, "utf-8")
            self.stdout.write(f"wrote {DOCUMENT.name}: {len(entries)} rules")
        elif options["check"]:
            if not DOCUMENT.exists() or DOCUMENT.read_text("utf-8") != text:
                raise CommandError("docs/rulebook.md is stale: run manage.py rulebook --write")
            self.stdout.write("docs/rulebook.md is up to date")
        else:
            lines = (
                f"{entry.id:7} {entry.section:12} {entry.modality:10} {entry.title} "
                f"({len(entry.tests)} tests)"
                for entry in entries
            )
            self._print([e.as_dict() for e in entries], lines, as_json=options["json"])

    def _compare(self, before: Edition, after: Edition, *, as_json: bool) -> None:
        found = differences(before, after)
        lines = (
            f"{each.parameter} ({each.section}, {each.unit}"
            f"{', ' + each.ambiguity if each.ambiguity else ''}): "
            f"{value_text(plain(each.before))} -> {value_text(plain(each.after))}, {each.demand}"
            for each in found
        )
        self._print([each.as_dict() for each in found], lines, as_json=as_json)
        if not found and not as_json:
            self.stdout.write("no parameter differs")

    def _print(self, data: Any, lines: Iterator[str], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(data, indent=2, ensure_ascii=False))
            return
        for line in lines:
            self.stdout.write(line)


def _edition(id: str) -> Edition:
    try:
        return edition(id)
    except EditionInvalid as fault:
        raise CommandError(f"{fault}; known are {_known()}") from fault


def _known() -> str:
    return ", ".join(each.id for each in every_edition())


def _rejudge(name: str, under: Edition) -> DryRun:
    try:
        issuance = Issuance.objects.filter(code=name).first()
        if issuance is not None:
            return rejudge_issuance(issuance, under)
        rows = Production.objects.select_related("site", "producer", "baseline", "agreement")
        production = rows.filter(pk__in=_ids(name)).first()
        if production is None:
            raise CommandError(f"there is no production and no issuance {name}")
        return rejudge_production(production, under, on=timezone.localdate())
    except NotNow as late:
        raise CommandError(str(late)) from late


def _ids(name: str) -> list[UUID]:
    """The id that this is, if it is one."""
    try:
        return [UUID(name)]
    except ValueError:
        return []


def _lines_of(run: DryRun) -> Iterator[str]:
    made = "as it was judged" if run.is_stored else "as it stands"
    yield f"{made} on {run.judged_on}: {run.before.id} -> {run.after.id}; nothing is written"
    for each in run.changes:
        yield from _lines_of_change(each)
    if not run.changes:
        yield "no finding changes"
    yield "refused" if run.is_refused else "not refused"


def _lines_of_change(change: Change) -> Iterator[str]:
    why = f" by {', '.join(change.parameters)}" if change.parameters else ""
    yield f"{change.shown.rule} {change.shown.title}{why}"
    for name, finding in (("before", change.before), ("after", change.after)):
        yield f"  {name}: {_one_line(finding)}"


def _one_line(finding: Finding | None) -> str:
    if finding is None:
        return "not judged"
    return f"{finding.outcome}: {finding.found}; allowed: {finding.allowed}"
