from django.urls import path, re_path

from claims.web.views import (
    assurances,
    claims,
    guiding,
    imports,
    inventories,
    jobs,
    spending,
    statements,
)

app_name = "claims"

urlpatterns = [
    path("inventories/", inventories.inventories, name="inventories"),
    path("inventories/new/", inventories.inventory_new, name="inventory_new"),
    path("inventories/window/", inventories.inventory_window, name="inventory_window"),
    path("inventories/<uuid:pk>/", inventories.inventory, name="inventory"),
    path(
        "inventories/template/lines.csv",
        imports.template,
        {"ending": "csv"},
        name="template_csv",
    ),
    path(
        "inventories/template/lines.xlsx",
        imports.template,
        {"ending": "xlsx"},
        name="template_xlsx",
    ),
    path("inventories/<uuid:pk>/imports/new/", imports.import_new, name="import_new"),
    path("inventories/<uuid:pk>/imports/<uuid:line_import>/", imports.import_page, name="import"),
    path(
        "inventories/<uuid:pk>/imports/<uuid:line_import>/state/",
        imports.import_state,
        name="import_state",
    ),
    path(
        "inventories/<uuid:pk>/imports/<uuid:line_import>/confirm/",
        imports.import_confirm,
        name="import_confirm",
    ),
    path(
        "inventories/<uuid:pk>/imports/<uuid:line_import>/discard/",
        imports.import_discard,
        name="import_discard",
    ),
    path("inventories/<uuid:pk>/lines/new/", inventories.line_new, name="line_new"),
    path(
        "inventories/<uuid:pk>/lines/<uuid:line>/remove/",
        inventories.line_remove,
        name="line_remove",
    ),
    path("inventories/<uuid:pk>/lines/<uuid:line>/edit/", inventories.line_edit, name="line_edit"),
    path("inventories/<uuid:pk>/spend/", spending.spend, name="spend"),
    path("inventories/<uuid:pk>/spend/<uuid:line>/", spending.spend_claim, name="spend_claim"),
    path(
        "inventories/<uuid:pk>/spend/<uuid:line>/tonnes/",
        spending.spend_tonnes,
        name="spend_tonnes",
    ),
    path("inventories/<uuid:pk>/path/", guiding.path, name="path"),
    path("inventories/<uuid:pk>/path/<slug:name>/", guiding.question, name="question"),
    path("inventories/<uuid:pk>/plan/", guiding.plan, name="plan"),
    path("inventories/<uuid:pk>/plan/start/", jobs.plan_start, name="plan_start"),
    path("inventories/<uuid:pk>/jobs/<uuid:job>/", jobs.job, name="job"),
    path("inventories/<uuid:pk>/jobs/<uuid:job>/state/", jobs.job_state, name="job_state"),
    path("inventories/<uuid:pk>/jobs/<uuid:job>/claim/", jobs.plan_claim, name="plan_claim"),
    path("inventories/<uuid:pk>/claims/new/", claims.claim_new, name="claim_new"),
    path("inventories/<uuid:pk>/claims/<slug:code>/", claims.claim, name="claim"),
    path("inventories/<uuid:pk>/statements/new/", statements.statement_new, name="statement_new"),
    path("statements/<slug:code>/", statements.statement, name="statement"),
    path("statements/<slug:code>/state/", statements.statement_state, name="statement_state"),
    path("statements/<slug:code>/edit/", statements.statement_edit, name="statement_edit"),
    path("statements/<slug:code>/engage/", statements.statement_engage, name="statement_engage"),
    re_path(
        r"^statements/(?P<code>[0-9A-Z]+)/(?P<step>submit|take-back|discard|publish)/$",
        statements.statement_step,
        name="statement_step",
    ),
    path("assurance/", assurances.assurances, name="assurances"),
    path("assurance/<uuid:pk>/", assurances.assurance, name="assurance"),
    path("assurance/<uuid:pk>/opinion/", assurances.opinion, name="assurance_opinion"),
    path("assurance/<uuid:pk>/decline/", assurances.decline, name="assurance_decline"),
    path("assurance/<uuid:pk>/document.json", assurances.document, name="assurance_document"),
]
