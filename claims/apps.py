from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.ui.navigation import register_nav
        from claims.services.pending import order_ended
        from claims.services.reconciling import claimed_but_not_retired
        from claims.tracing import said_about
        from claims.web.navigation import ENTRIES
        from registry.services.reconciling import register_check
        from registry.services.retirements import register_listener
        from registry.tracing import register_tracer

        register_nav(*ENTRIES)
        register_check(claimed_but_not_retired)
        register_tracer(said_about)
        register_listener(order_ended)
