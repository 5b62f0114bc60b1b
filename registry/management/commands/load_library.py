"""Load the public baseline library. Safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from registry.services.library import load_library


class Command(BaseCommand):
    help = "Load the public baseline library (CBAM defaults, sliding scale). Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_library()} baselines added")
