from django.urls import path

from claims.api import claiming, inventories, statements

_INVENTORY = "inventories/<uuid:id>/"

urlpatterns = [
    path("register/statements/", statements.PublishedStatements.as_view()),
    path("register/statements/<slug:code>/", statements.PublishedStatement.as_view()),
    path("inventories/", inventories.Inventories.as_view()),
    path(_INVENTORY, inventories.OneInventory.as_view()),
    path(f"{_INVENTORY}lines/", inventories.InventoryLines.as_view()),
    path(f"{_INVENTORY}lines/<uuid:line>/", inventories.OneInventoryLine.as_view()),
    path(f"{_INVENTORY}units/", inventories.ClaimableUnits.as_view()),
    path(f"{_INVENTORY}claims/", claiming.InventoryClaims.as_view()),
    path(f"{_INVENTORY}claims/preview/", claiming.ClaimPreview.as_view()),
    path(f"{_INVENTORY}statements/", statements.InventoryStatements.as_view()),
    path("claims/<slug:code>/", claiming.OneClaim.as_view()),
]
