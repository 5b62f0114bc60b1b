"""Every address: the portal and public register, the interface for programs, the admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from oauth2_provider.urls import base_urlpatterns as oauth_urls

from config.health import healthz

handler500 = "config.away.handler500"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("auth/", include("allauth.urls")),
    # Tokens only: clients are registered by the operator, in the admin.
    path("o/", include((oauth_urls, "oauth2_provider"), namespace="oauth2_provider")),
    path("api/v1/", include("config.api_urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.ui.urls")),
    path("", include("registry.urls")),
    path("", include("claims.urls")),
]
