"""Play the demonstration, or find it played. Safe to repeat."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.demonstration.cast import sign_ins
from claims.demonstration.play import OlderPlayError, play
from claims.demonstration.standing import figures


class Command(BaseCommand):
    help = "Load the demonstration: real plants, invented units. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print its figures as JSON")
        parser.add_argument("--sign-ins", action="store_true", help="print only the sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sign_ins"]:
            self._print_sign_ins()
            return
        try:
            play()
        except OlderPlayError:
            self.stderr.write(
                "The demonstration here was loaded by an earlier version of Billet and is kept "
                "as it is. For today's, start with an empty database."
            )
        standing = figures()
        if options["json"]:
            self.stdout.write(json.dumps(standing, indent=2, ensure_ascii=False))
            return
        for site in standing["sites"]:
            shown = ", ".join(site["shows"]) or "passing"
            refused = f"refused by {', '.join(site['refused_by'])}" if site["refused_by"] else shown
            quantity = standing["issued"].get(site["site"], 0)
            self.stdout.write(f"{site['site']:14} {site['state']:12} {quantity:>7,} t  {refused}")
        for claim in standing["claims"]:
            self.stdout.write(
                f"{claim['claimant']}: {claim['volume']} t by {claim['method']} substitution, "
                f"{claim['physical_emissions']} to {claim['adjusted_emissions']} t CO2e"
            )
        self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        for role, email, password in sign_ins():
            self.stdout.write(f"{role:20} {email:30} {password}")
