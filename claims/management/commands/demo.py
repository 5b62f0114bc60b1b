"""Play the demonstration, or find it played. Safe to repeat."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.demonstration.cast import sign_ins
from claims.demonstration.play import play


class Command(BaseCommand):
    help = "Load the demonstration: real plants, invented units. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print its figures as JSON")
        parser.add_argument("--sign-ins", action="store_true", help="print only the sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sign_ins"]:
            self._print_sign_ins()
            return
        figures = play()
        if options["json"]:
            self.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False))
            return
        for site, quantity in figures["issued"].items():
            self.stdout.write(f"issued at {site}: {quantity} t")
        for claim in figures["claims"]:
            self.stdout.write(
                f"{claim['claimant']}: {claim['volume']} t by {claim['method']} substitution, "
                f"{claim['physical_emissions']} to {claim['adjusted_emissions']} t CO2e"
            )
        self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        for role, email, password in sign_ins():
            self.stdout.write(f"{role:20} {email:30} {password}")
