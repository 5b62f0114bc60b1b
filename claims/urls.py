from django.urls import include, path

from claims.web.views import public

urlpatterns = [
    path("", include("claims.web.urls")),
    path("register/acceptance/", public.acceptance, name="acceptance"),
    path("register/statements/", include("claims.web.public_urls")),
]
