"""manage.py reconcile: replay every entry, compare with the holdings, block what differs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registry.services.reconciling import Report, reconcile


class Command(BaseCommand):
    help = "Replay all entries, compare with the holdings, and block the accounts that differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--look-only", action="store_true", help="block no account")

    def handle(self, *args: Any, **options: Any) -> None:
        report = reconcile(now=timezone.now(), may_block=not options["look_only"])
        self.stdout.write(_json(report) if options["json"] else _text(report))
        if not report.is_sound:
            raise SystemExit(1)


def _text(report: Report) -> str:
    read = (
        f"{report.entries} entries of {report.issuances} issuances replayed, "
        f"{report.holdings} holdings compared: "
    )
    if report.is_sound:
        return f"{read}no difference."
    return (
        f"{read}{len(report.breaks)} with a difference.\n"
        f"First: {report.breaks[0]}.\n"
        f"Accounts blocked: {report.blocked}."
    )


def _json(report: Report) -> str:
    return json.dumps(
        {
            "issuances": report.issuances,
            "entries": report.entries,
            "holdings": report.holdings,
            "accounts_blocked": report.blocked,
            "differences": [
                {
                    "issuance": str(each.issuance),
                    "copy": each.copy,
                    "first": each.first,
                    "last": each.last,
                    "expected": each.expected,
                    "found": each.found,
                    "accounts": sorted(str(account) for account in each.accounts),
                }
                for each in report.breaks
            ],
        },
        indent=2,
    )
