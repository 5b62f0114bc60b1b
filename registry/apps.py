from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from accounts.ui.navigation import register_footer, register_nav
        from registry.checks import editions_are_valid
        from registry.public.navigation import ENTRIES, LOG
        from registry.web.navigation import ENTRIES as PORTAL_ENTRIES
        from registry.web.needs import register_needs
        from registry.web.needs_of_two import second_persons_needs
        from registry.web.recipient_needs import epd_updates, undertakings

        register_nav(*ENTRIES, *PORTAL_ENTRIES)
        register_footer(LOG)
        register_needs(epd_updates, undertakings, second_persons_needs)
        register(editions_are_valid)
