from django.urls import include, path

urlpatterns = [
    path("", include("registry.public.urls")),
    path("", include("registry.web.urls")),
]
