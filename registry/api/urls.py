from django.urls import path

from registry.api import (
    agreements,
    approvals,
    baselines,
    evidence,
    holdings,
    log,
    notices,
    productions,
    register,
    retirements,
    rulebook,
    sites,
    transfers,
    verifications,
)

_PRODUCTION = "productions/<uuid:id>/"
_VERIFICATION = "verifications/<uuid:id>/"
_APPROVAL = "approvals/<uuid:id>/"
_NOTICE = "notices/<uuid:id>/"
_RETIREMENT = "retirements/<slug:code>/"
_TRANSFER = "transfers/<uuid:id>/"

urlpatterns = [
    path("register/issuances/", register.RegisteredIssuances.as_view()),
    path("register/issuances/<slug:code>/", register.RegisteredIssuance.as_view()),
    path("register/retirements/", register.RegisteredRetirements.as_view()),
    path("register/retirements/<slug:code>/", register.RegisteredRetirement.as_view()),
    path("register/log/", log.LogCheckpoints.as_view()),
    path("register/log/proofs/<slug:code>/", log.RetirementProof.as_view()),
    path("register/units/", register.RegisteredUnits.as_view()),
    path("rulebook/editions/", rulebook.Editions.as_view()),
    path("rulebook/editions/<slug:id>/", rulebook.OneEdition.as_view()),
    path("sites/", sites.Sites.as_view()),
    path("sites/<slug:code>/", sites.OneSite.as_view()),
    path("baselines/", baselines.Baselines.as_view()),
    path("agreements/", agreements.Agreements.as_view()),
    path("productions/", productions.Productions.as_view()),
    path(_PRODUCTION, productions.OneProduction.as_view()),
    path(f"{_PRODUCTION}evidence/", evidence.ProductionEvidence.as_view()),
    path("evidence/<uuid:id>/", evidence.EvidenceFile.as_view()),
    path(f"{_PRODUCTION}findings/", productions.ProductionFindings.as_view()),
    path(f"{_PRODUCTION}submit/", productions.ProductionSubmission.as_view()),
    path("verifications/", verifications.Verifications.as_view()),
    path(_VERIFICATION, verifications.OneVerification.as_view()),
    path(f"{_VERIFICATION}start/", verifications.VerificationStart.as_view()),
    path(f"{_VERIFICATION}sign/", verifications.VerificationSignature.as_view()),
    path(f"{_VERIFICATION}return/", verifications.VerificationReturn.as_view()),
    path("approvals/", approvals.Approvals.as_view()),
    path(_APPROVAL, approvals.OneApproval.as_view()),
    path(f"{_APPROVAL}approve/", approvals.ApprovalGiven.as_view()),
    path(f"{_APPROVAL}send-back/", approvals.ApprovalSentBack.as_view()),
    path("accounts/<slug:number>/holdings/", holdings.AccountHoldings.as_view()),
    path("transfers/", transfers.Transfers.as_view()),
    path(_TRANSFER, transfers.OneTransfer.as_view()),
    path(f"{_TRANSFER}approve/", transfers.TransferApproval.as_view()),
    path(f"{_TRANSFER}accept/", transfers.TransferAcceptance.as_view()),
    path(f"{_TRANSFER}decline/", transfers.TransferRefusal.as_view()),
    path(f"{_TRANSFER}withdraw/", transfers.TransferWithdrawal.as_view()),
    path("notices/", notices.Notices.as_view()),
    path(f"{_NOTICE}read/", notices.NoticeReading.as_view()),
    path("retirements/", retirements.Retirements.as_view()),
    path(_RETIREMENT, retirements.OneRetirement.as_view()),
    path(f"{_RETIREMENT}withdraw/", retirements.RetirementWithdrawal.as_view()),
]
