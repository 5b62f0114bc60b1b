from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.ui.navigation import register_nav
        from claims.web.navigation import ENTRIES

        register_nav(*ENTRIES)
