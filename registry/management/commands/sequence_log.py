"""manage.py sequence_log: number, sign and publish what has been booked."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.log.at_work import audit_here, key_file, rebuild_here, sequence_here
from registry.log.audit import InconsistentError
from registry.log.keys import KeyRefused, make_key


class Command(BaseCommand):
    help = "Number, sign and publish in the tamper-evident log what has been booked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--audit", action="store_true", help="compare everything signed with the tables"
        )
        what.add_argument(
            "--rebuild", action="store_true", help="write a lost folder anew from the tables"
        )
        what.add_argument("--make-key", action="store_true", help="make the key, once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["make_key"]:
                make_key(key_file())
                said = f"made {key_file()}"
            elif options["audit"]:
                said = f"{audit_here():,} leaves are as they were signed"
            elif options["rebuild"]:
                newest = rebuild_here()
                said = f"rebuilt to size {newest.size:,}" if newest else "nothing was signed yet"
            else:
                said = self._sequenced()
        except FileExistsError as error:
            raise CommandError(f"{error.filename} exists: a log keeps its key.") from error
        except (InconsistentError, KeyRefused) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(said)

    def _sequenced(self) -> str:
        signed = sequence_here(now=timezone.now())
        if signed is None:
            return "another sequencer is at work"
        return f"{signed.added:,} events added: size {signed.checkpoint.size:,}"
