"""The project itself as an app: loads what every process needs once Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class BilletConfig(AppConfig):
    name = "config"
    verbose_name = "Billet"

    def ready(self) -> None:
        # Shared tasks find their queue through the current Celery app.
        from config import celery  # noqa: F401
