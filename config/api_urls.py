"""Version 1 of the programming interface."""

from __future__ import annotations

import importlib.util

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from accounts.api import NoSuchAddress

# The description of the interface is public, whatever it describes.
_public = {"permission_classes": [AllowAny]}

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(**_public), name="schema"),
    path(
        "docs/", SpectacularSwaggerSplitView.as_view(url_name="schema", **_public), name="api-docs"
    ),
]
for _urls in ("accounts.api_urls", "registry.api.urls", "claims.api.urls"):
    if importlib.util.find_spec(_urls.rpartition(".")[0]) and importlib.util.find_spec(_urls):
        urlpatterns.append(path("", include(_urls)))
# Programs get a problem for an address that does not exist, and no page.
urlpatterns.append(re_path(r"^[\s\S]*\Z", NoSuchAddress.as_view()))
