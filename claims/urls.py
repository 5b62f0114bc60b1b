from django.urls import include, path

urlpatterns = [
    path("", include("claims.web.urls")),
    path("register/statements/", include("claims.web.public_urls")),
]
