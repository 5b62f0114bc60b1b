from django.urls import path

from registry.web.views import (
    accounts,
    adjustments,
    agreements,
    applications,
    baselines,
    cancellations,
    co_claims,
    conformance,
    dialogue,
    editions,
    elsewhere,
    engagements,
    evidence,
    ex_ante,
    home,
    measurements,
    notices,
    pathways,
    policies,
    productions,
    recipients,
    retirements,
    sites,
    suspensions,
    technology,
    transfers,
)

app_name = "portal"

urlpatterns = [
    path("home/", home.home, name="home"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<uuid:pk>/read/", notices.notice_read, name="notice_read"),
    path("sites/", sites.sites, name="sites"),
    path("sites/new/", sites.site_new, name="site_new"),
    path("sites/<str:code>/", sites.site, name="site"),
    path("sites/<str:code>/technology/new/", technology.technology_new, name="technology_new"),
    path("sites/<str:code>/pathway/", pathways.pathway, name="pathway"),
    path("sites/<str:code>/certificates/new/", pathways.certificate_new, name="certificate_new"),
    path("sites/<str:code>/elsewhere/", elsewhere.declare, name="site_elsewhere"),
    path("sites/<str:code>/ex-ante/", ex_ante.site_ex_ante, name="site_ex_ante"),
    path("ex-ante/<uuid:pk>/", ex_ante.ex_ante, name="ex_ante"),
    path("ex-ante/<uuid:pk>/sign/", ex_ante.ex_ante_sign, name="ex_ante_sign"),
    path("ex-ante/<uuid:pk>/withdraw/", ex_ante.ex_ante_withdraw, name="ex_ante_withdraw"),
    path("elsewhere/", elsewhere.elsewhere, name="elsewhere"),
    path("elsewhere/list/", elsewhere.list_new, name="elsewhere_list"),
    *(
        path(
            f"elsewhere/template.{ending}",
            elsewhere.list_template,
            {"ending": ending},
            name=f"elsewhere_template_{ending}",
        )
        for ending in ("csv", "xlsx")
    ),
    path("elsewhere/aliases/", elsewhere.alias_new, name="alias_new"),
    path("elsewhere/aliases/<uuid:pk>/remove/", elsewhere.alias_remove, name="alias_remove"),
    path("editions/", editions.editions, name="editions"),
    path("editions/dry-run/", editions.dry_run, name="dry_run"),
    path("accreditations/", pathways.accreditations, name="accreditations"),
    path("accreditations/new/", pathways.accreditation_new, name="accreditation_new"),
    path("sites/<str:code>/productions/new/", productions.production_new, name="production_new"),
    path(
        "sites/<str:code>/productions/new/findings/",
        productions.production_new_findings,
        name="production_new_findings",
    ),
    path("baselines/", baselines.baselines, name="baselines"),
    path("baselines/new/value/", baselines.value_new, name="baseline_value_new"),
    path("baselines/new/scale/", baselines.scale_new, name="baseline_scale_new"),
    path("productions/", productions.productions, name="productions"),
    path("productions/<uuid:pk>/", productions.production, name="production"),
    path("productions/<uuid:pk>/edit/", productions.production_edit, name="production_edit"),
    path(
        "productions/<uuid:pk>/findings/",
        productions.production_findings,
        name="production_findings",
    ),
    path("productions/<uuid:pk>/evidence/", productions.evidence_new, name="evidence_new"),
    path("productions/<uuid:pk>/submit/", productions.production_submit, name="production_submit"),
    path("productions/<uuid:pk>/early/", productions.production_early, name="production_early"),
    path("productions/<uuid:pk>/measurement/", measurements.measurement, name="measurement"),
    path(
        "productions/<uuid:pk>/measurement/findings/",
        measurements.measurement_findings,
        name="measurement_findings",
    ),
    path("productions/<uuid:pk>/green-iron/", measurements.allocation, name="allocation"),
    *(
        path(
            f"rows/{kind}.{ending}",
            measurements.template,
            {"kind": kind, "ending": ending},
            name=f"rows_{kind}_{ending}",
        )
        for kind in measurements.TEMPLATES
        for ending in ("csv", "xlsx")
    ),
    path("productions/<uuid:pk>/recipients/", recipients.recipients, name="recipients"),
    path("productions/<uuid:pk>/recipients/notice/", recipients.notice_new, name="notice_new"),
    path(
        "productions/<uuid:pk>/recipients/statement/",
        recipients.disclosure_new,
        name="disclosure_new",
    ),
    path("deliveries/", recipients.deliveries, name="deliveries"),
    path("deliveries/<uuid:pk>/", recipients.delivery, name="delivery"),
    *(
        path(
            f"deliveries/<uuid:pk>/notice.{form}",
            recipients.delivery_document,
            {"form": form},
            name=f"delivery_{form}",
        )
        for form in ("json", "pdf")
    ),
    path(
        "deliveries/<uuid:pk>/undertaking/",
        recipients.delivery_undertaking,
        name="delivery_undertaking",
    ),
    *(
        path(
            f"deliveries/<uuid:pk>/{action}/",
            recipients.delivery_act,
            {"action": action},
            name=f"delivery_{action}",
        )
        for action in recipients.ACTIONS
    ),
    path("evidence/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("agreements/<uuid:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<uuid:pk>/confirm/", agreements.agreement_confirm, name="agreement_confirm"),
    path(
        "agreements/<uuid:pk>/criteria/new/", agreements.agreement_criterion, name="criterion_new"
    ),
    path(
        "agreements/<uuid:pk>/additionality/",
        technology.agreement_additionality,
        name="agreement_additionality",
    ),
    path(
        "productions/<uuid:pk>/additionality/",
        technology.production_additionality,
        name="production_additionality",
    ),
    path("engagements/", engagements.engagements, name="engagements"),
    path("engagements/<uuid:pk>/", engagements.engagement, name="engagement"),
    path("engagements/<uuid:pk>/start/", engagements.engagement_start, name="engagement_start"),
    path("engagements/<uuid:pk>/sign/", engagements.engagement_sign, name="engagement_sign"),
    path("engagements/<uuid:pk>/return/", engagements.engagement_return, name="engagement_return"),
    path("engagements/<uuid:pk>/dialogue/", dialogue.dialogue, name="dialogue"),
    *(
        path(
            f"engagements/<uuid:pk>/dialogue/{what}/",
            dialogue.dialogue_say,
            {"what": what, "about": None},
            name=f"dialogue_{what}",
        )
        for what in ("ask", "object")
    ),
    *(
        path(
            f"engagements/<uuid:pk>/dialogue/{what}/<uuid:about>/",
            dialogue.dialogue_say,
            {"what": what},
            name=f"dialogue_{what}",
        )
        for what in ("answer", "respond", "resolve")
    ),
    path("applications/", applications.applications, name="applications"),
    path("applications/<uuid:pk>/", applications.application, name="application"),
    path(
        "applications/<uuid:pk>/approve/",
        applications.application_approve,
        name="application_approve",
    ),
    path(
        "applications/<uuid:pk>/decline-early/",
        applications.application_decline_early,
        name="application_decline_early",
    ),
    path(
        "applications/<uuid:pk>/send-back/",
        applications.application_send_back,
        name="application_send_back",
    ),
    *(
        path(f"{place}/<uuid:pk>/conformance.{form}", view, {"form": form}, name=f"{name}_{form}")
        for form in ("json", "pdf")
        for place, view, name in (
            ("productions", conformance.of_production, "production_conformance"),
            ("engagements", conformance.of_engagement, "engagement_conformance"),
            ("applications", conformance.of_application, "application_conformance"),
        )
    ),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<str:number>/", accounts.account, name="account"),
    path("accounts/<str:number>/policy/", policies.policy, name="policy"),
    *(
        path(
            f"accounts/<str:number>/policy/{kind}/",
            policies.policy_change,
            {"kind": kind},
            name=f"policy_{kind}",
        )
        for kind in policies.KINDS
    ),
    *(
        path(
            f"accounts/<str:number>/policy/<uuid:pk>/{action}/",
            policies.policy_step,
            {"action": action},
            name=f"policy_{action}",
        )
        for action in policies.STEPS
    ),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/new/", transfers.transfer_new, name="transfer_new"),
    path("transfers/<uuid:pk>/", transfers.transfer, name="transfer"),
    *(
        path(
            f"transfers/<uuid:pk>/{action}/",
            transfers.transfer_act,
            {"action": action},
            name=f"transfer_{action}",
        )
        for action in transfers.ACTIONS
    ),
    path("co-claims/", co_claims.co_claims, name="co_claims"),
    path("co-claims/new/", co_claims.co_claim_new, name="co_claim_new"),
    path("co-claims/<slug:code>/", co_claims.co_claim, name="co_claim"),
    *(
        path(
            f"co-claims/<slug:code>/{action}/",
            co_claims.co_claim_act,
            {"action": action},
            name=f"co_claim_{action}",
        )
        for action in co_claims.DONE
    ),
    path("retirements/", retirements.retirements, name="retirements"),
    path("retirements/new/", retirements.retirement_new, name="retirement_new"),
    path("retirements/<str:code>/", retirements.retirement, name="retirement"),
    path(
        "retirements/<str:code>/withdraw/",
        retirements.retirement_withdraw,
        name="retirement_withdraw",
    ),
    path("accounts/<str:number>/cooling-off/", retirements.cooling_off, name="cooling_off"),
    path("cancellations/", cancellations.cancellations, name="cancellations"),
    path("cancellations/new/", cancellations.cancellation_new, name="cancellation_new"),
    path("cancellations/expired/", cancellations.cancellation_expired, name="cancellation_expired"),
    path("cancellations/<str:code>/", cancellations.cancellation, name="cancellation"),
    *(
        path(
            f"cancellations/<str:code>/{action}/",
            cancellations.cancellation_act,
            {"action": action},
            name=f"cancellation_{action}",
        )
        for action in cancellations.ACTIONS
    ),
    path("suspensions/", suspensions.suspensions, name="suspensions"),
    path("suspensions/new/", suspensions.suspension_new, name="suspension_new"),
    path("suspensions/<str:code>/", suspensions.suspension, name="suspension"),
    path("suspensions/<str:code>/end/", suspensions.suspension_end, name="suspension_end"),
    *(
        path(
            f"suspensions/<str:code>/trace.{form.lower()}",
            suspensions.suspension_trace,
            {"form": form},
            name=f"suspension_trace_{form}",
        )
        for form in suspensions.TRACE_FORMS
    ),
    *(
        path(
            f"suspensions/<str:code>/{action}/",
            suspensions.suspension_act,
            {"action": action},
            name=f"suspension_{action}",
        )
        for action in suspensions.SUSPENSION_ACTIONS
    ),
    path("adjustments/new/", adjustments.adjustment_new, name="adjustment_new"),
    path("adjustments/<str:code>/", adjustments.adjustment, name="adjustment"),
    *(
        path(
            f"adjustments/<str:code>/{action}/",
            adjustments.adjustment_act,
            {"action": action},
            name=f"adjustment_{action}",
        )
        for action in adjustments.ACTIONS
    ),
]
