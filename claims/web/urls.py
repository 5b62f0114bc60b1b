from django.urls import path

from claims.web.views import claims, inventories, statements

app_name = "claims"

urlpatterns = [
    path("inventories/", inventories.inventories, name="inventories"),
    path("inventories/new/", inventories.inventory_new, name="inventory_new"),
    path("inventories/<uuid:pk>/", inventories.inventory, name="inventory"),
    path("inventories/<uuid:pk>/lines/new/", inventories.line_new, name="line_new"),
    path(
        "inventories/<uuid:pk>/lines/<uuid:line>/remove/",
        inventories.line_remove,
        name="line_remove",
    ),
    path("inventories/<uuid:pk>/claims/new/", claims.claim_new, name="claim_new"),
    path("inventories/<uuid:pk>/claims/<slug:code>/", claims.claim, name="claim"),
    path("inventories/<uuid:pk>/statements/new/", statements.statement_new, name="statement_new"),
]
