from django.urls import path

from claims.web.views import public

app_name = "statements"

urlpatterns = [
    path("", public.statements, name="statements"),
    path("<slug:code>/", public.statement, name="statement"),
    path("<slug:code>/lines/", public.statement_lines, name="statement_lines"),
    path("<slug:code>.pdf", public.statement_pdf, name="statement_pdf"),
    path("<slug:code>.xlsx", public.statement_xlsx, name="statement_xlsx"),
    path("<slug:code>.json", public.statement_json, name="statement_json"),
]
