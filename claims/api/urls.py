from django.urls import path

from claims.api import (
    claiming,
    guiding,
    imports,
    inventories,
    jobs,
    pending,
    spending,
    statements,
)

_INVENTORY = "inventories/<uuid:id>/"
_IMPORT = f"{_INVENTORY}imports/<uuid:line_import>/"
_JOB = f"{_INVENTORY}jobs/<uuid:job>/"

urlpatterns = [
    path("register/statements/", statements.PublishedStatements.as_view()),
    path("register/statements/<slug:code>/", statements.PublishedStatement.as_view()),
    path("inventories/", inventories.Inventories.as_view()),
    path(_INVENTORY, inventories.OneInventory.as_view()),
    path(f"{_INVENTORY}lines/", inventories.InventoryLines.as_view()),
    path(f"{_INVENTORY}lines/<uuid:line>/", inventories.OneInventoryLine.as_view()),
    path("inventories/template/csv/", imports.TemplateCsv.as_view()),
    path("inventories/template/xlsx/", imports.TemplateXlsx.as_view()),
    path(f"{_INVENTORY}lines/import/", imports.LinesImport.as_view()),
    path(f"{_INVENTORY}imports/", imports.InventoryImports.as_view()),
    path(f"{_IMPORT}", imports.OneImport.as_view()),
    path(f"{_IMPORT}confirm/", imports.ConfirmImport.as_view()),
    path(f"{_IMPORT}discard/", imports.DiscardImport.as_view()),
    path(f"{_INVENTORY}units/", inventories.ClaimableUnits.as_view()),
    path(f"{_INVENTORY}claims/", claiming.InventoryClaims.as_view()),
    path(f"{_INVENTORY}claims/preview/", claiming.ClaimPreview.as_view()),
    path(f"{_INVENTORY}claims/retire/", pending.RetireAndClaim.as_view()),
    path(f"{_INVENTORY}claims/retire/preview/", pending.RetireAndClaimPreview.as_view()),
    path(f"{_INVENTORY}claims/pending/", pending.PendingClaims.as_view()),
    path(f"{_INVENTORY}claims/spend/", spending.SpendClaims.as_view()),
    path(f"{_INVENTORY}claims/spend/preview/", spending.SpendClaimPreview.as_view()),
    path(f"{_INVENTORY}path/", guiding.InventoryPath.as_view()),
    path(f"{_INVENTORY}plan/", guiding.InventoryPlan.as_view()),
    path(f"{_INVENTORY}plans/", jobs.InventoryPlans.as_view()),
    path(f"{_INVENTORY}jobs/", jobs.InventoryJobs.as_view()),
    path(_JOB, jobs.OneJob.as_view()),
    path(f"{_JOB}units/", jobs.JobSuggestions.as_view()),
    path(f"{_JOB}groups/", jobs.JobGroups.as_view()),
    path(f"{_JOB}claim/", jobs.ClaimPlan.as_view()),
    path(f"{_INVENTORY}statements/", statements.InventoryStatements.as_view()),
    path("claims/<slug:code>/", claiming.OneClaim.as_view()),
    path(f"{_INVENTORY}statements/drafts/", statements.InventoryDrafts.as_view()),
    path("statements/<slug:code>/", statements.OneStatement.as_view()),
    path("statements/<slug:code>/submit/", statements.SubmitStatement.as_view()),
    path("statements/<slug:code>/take-back/", statements.TakeBackStatement.as_view()),
    path("statements/<slug:code>/discard/", statements.DiscardStatement.as_view()),
    path("statements/<slug:code>/publish/", statements.PublishSubmitted.as_view()),
    path("statements/<slug:code>/engage/", statements.EngageAuditor.as_view()),
    path("assurances/", statements.Assurances.as_view()),
    path("assurances/<uuid:id>/opinion/", statements.GiveOpinion.as_view()),
]
