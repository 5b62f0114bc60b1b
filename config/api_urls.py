"""Version 1 of the programming interface."""

from __future__ import annotations

import importlib.util

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

# The description of the interface is public, whatever it describes.
_public = {"permission_classes": [AllowAny]}

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(**_public), name="schema"),
    path(
        "docs/", SpectacularSwaggerSplitView.as_view(url_name="schema", **_public), name="api-docs"
    ),
]
for _package in ("registry.api", "claims.api"):
    if importlib.util.find_spec(_package) and importlib.util.find_spec(f"{_package}.urls"):
        urlpatterns.append(path("", include(f"{_package}.urls")))
