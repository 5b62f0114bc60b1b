from django.urls import path

from claims.web.views import public

app_name = "statements"

urlpatterns = [
    path("", public.statements, name="statements"),
    path("<slug:code>/", public.statement, name="statement"),
    path("<slug:code>.json", public.statement_json, name="statement_json"),
]
