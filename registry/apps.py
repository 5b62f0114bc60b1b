from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.ui.navigation import register_footer, register_nav
        from registry.public.navigation import ENTRIES, LOG
        from registry.web.navigation import ENTRIES as PORTAL_ENTRIES

        register_nav(*ENTRIES, *PORTAL_ENTRIES)
        register_footer(LOG)
