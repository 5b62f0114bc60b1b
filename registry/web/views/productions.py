"""A producer's productions: draft, evidence, the report rule by rule, submission."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from accounts.permissions import require_initiator
from accounts.ui.findings import by_severity, count_by_outcome
from registry import scope
from registry.models import AgreementRights, EarlyRequest, Production, Site
from registry.provisional import provisional_among
from registry.rulebook.edition import edition_on
from registry.services.baseline_facts import CHOICE_FIELDS, take_choice
from registry.services.baseline_preview import preview_baseline
from registry.services.early import ask_early
from registry.services.productions import (
    add_evidence,
    case_of,
    change_production,
    draft_production,
    findings_of,
    judged,
    submit_production,
)
from registry.transitions import PRODUCTION_STEPS, after
from registry.web import tables
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.productions import EvidenceForm, ProductionForm, SubmitForm, initial_of
from registry.web.pages import form_page, may_act, page_of
from registry.web.rows import application_groups, life_of, verification_rows


@access(Access.PRODUCER)
@require_safe
def productions(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = scope.productions_of(user).select_related("site").order_by("-created_at", "-id")
    page = page_of(request, rows)
    context = {
        "page": page,
        "columns": tables.PRODUCTIONS,
        "rows": tables.productions(page),
        "sites": list(scope.sites_of(user).order_by("name", "code")[:50]),
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "registry/productions.html", context)


@access(Access.PRODUCER)
def production_new(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    site = scope.site(user, code)
    require_initiator(user, site.organisation)
    form = _form(request, site)
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: draft_production(
                by=user, now=timezone.now(), key=key, site=site, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, "The draft is saved. Add its evidence next.")
            return redirect("portal:production", tried.result.pk)
        status = tried.status
    blank = Production(site=site, producer=site.organisation, **form.starting_values())
    return _form_page(
        request,
        form,
        blank,
        title=f"New production of {site.name}",
        back=reverse("portal:site", args=[site.code]),
        judge_url=reverse("portal:production_new_findings", args=[site.code]),
        status=status,
    )


@access(Access.PRODUCER)
def production_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.production(user, pk)
    require_initiator(user, found.producer)
    form = _form(request, found.site, found)
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: change_production(
                by=user, now=timezone.now(), key=key, production=found, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, "Your changes are saved.")
            return redirect("portal:production", found.pk)
        status = tried.status
    return _form_page(
        request,
        form,
        found,
        title=f"Production of {found.site.name}",
        back=reverse("portal:production", args=[found.pk]),
        judge_url=reverse("portal:production_findings", args=[found.pk]),
        status=status,
    )


@access(Access.PRODUCER)
@require_POST
def production_new_findings(request: HttpRequest, code: str) -> HttpResponse:
    """The report on a form being filled for a production not saved yet. Writes nothing."""
    user: Any = request.user
    site = scope.site(user, code)
    return _judged(request, Production(site=site, producer=site.organisation))


@access(Access.PRODUCER)
@require_POST
def production_findings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report on a form being filled over a saved draft. Writes nothing."""
    user: Any = request.user
    return _judged(request, scope.production(user, pk))


@access(Access.PRODUCER)
@require_safe
def production(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.production(user, pk))


@access(Access.PRODUCER)
def evidence_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.production(user, pk)
    if request.method != "POST":
        return redirect("portal:production", found.pk)
    form = EvidenceForm(request.POST, request.FILES)
    tried = attempt(
        form,
        lambda key: add_evidence(
            by=user,
            now=timezone.now(),
            key=key,
            production=found,
            kind=form.cleaned_data["kind"],
            name=form.cleaned_data["file"].name,
            file=form.cleaned_data["file"].file,
        ),
    )
    if tried.result:
        messages.success(request, f"{tried.result.name} is attached.")
        return redirect("portal:production", found.pk)
    return _page(request, found, evidence=form, status=tried.status)


@access(Access.PRODUCER)
def production_submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.production(user, pk)
    if request.method != "POST":
        return redirect("portal:production", found.pk)
    form = SubmitForm(request.POST)
    tried = attempt(
        form,
        lambda key: submit_production(
            by=user,
            now=timezone.now(),
            key=key,
            production=found,
            auditor=form.cleaned_data["auditor"],
        ),
    )
    if tried.result:
        auditor = form.cleaned_data["auditor"]
        messages.success(request, f"The application is with {auditor.name}.")
        return redirect("portal:production", found.pk)
    return _page(request, found, submit=form, status=tried.status)


@access(Access.PRODUCER)
def production_early(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for provisional units before the ex-post audit (R083)."""
    user: Any = request.user
    found = scope.production(user, pk)
    if request.method != "POST":
        return redirect("portal:production", found.pk)
    form = ActionForm(request.POST)
    tried = attempt(
        form, lambda key: ask_early(by=user, now=timezone.now(), key=key, production=found)
    )
    if tried.done:
        messages.success(request, "Provisional units are asked for. Two operators decide next.")
        return redirect("portal:production", found.pk)
    return _page(request, found, early=form, status=tried.status)


def _form(request: HttpRequest, site: Site, saved: Production | None = None) -> ProductionForm:
    return ProductionForm(
        posted(request),
        site=site,
        edition=edition_on(timezone.now().date()),
        initial=initial_of(saved) if saved else None,
    )


def _form_page(
    request: HttpRequest,
    form: ProductionForm,
    about: Production,
    *,
    title: str,
    back: str,
    judge_url: str,
    status: int,
) -> HttpResponse:
    """The form with the rules' answer to it as it stands."""
    if form.is_bound:
        _fill(about, form)
    return form_page(
        request,
        form,
        title=title,
        submit="Save the draft",
        back=back,
        status=status,
        template="registry/production_form.html",
        judge_url=judge_url,
        **_report(about),
        is_demonstration=about.site.is_demonstration,
    )


def _judged(request: HttpRequest, about: Production) -> HttpResponse:
    form = _form(request, about.site)
    _fill(about, form)
    return render(request, "registry/live_findings.html", _report(about))


def _report(about: Production) -> dict[str, Any]:
    today = timezone.now().date()
    findings = by_severity(findings_of(about, on=today))
    preview = preview_baseline(about, on=today)
    return {"findings": findings, "counts": count_by_outcome(findings), "preview": preview}


def _fill(about: Production, form: ProductionForm) -> None:
    """What the form has in the right shape, on the record in memory only."""
    form.is_valid()
    values = form.values()
    for name in values.keys() - set(CHOICE_FIELDS):
        setattr(about, name, values[name])
    take_choice(about, values)


def _page(
    request: HttpRequest,
    found: Production,
    *,
    evidence: EvidenceForm | None = None,
    submit: SubmitForm | None = None,
    early: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    is_open = after(PRODUCTION_STEPS, found.state, "submit") is not None
    acts = is_open and may_act(user, found.producer)
    issuance = getattr(found, "issuance", None)
    case = case_of(found, on=timezone.now().date())
    engaged = list(found.verifications.select_related("auditor", "signed_by").order_by("-id"))
    context = {
        "production": found,
        "groups": application_groups(found, case),
        "evidence_columns": tables.EVIDENCE,
        "evidence_rows": tables.evidence(found.evidence.order_by("uploaded_at", "id")),
        "findings": judged(case) if is_open else None,
        "evidence_form": (evidence or EvidenceForm()) if acts else evidence,
        "submit_form": (submit or SubmitForm()) if acts else submit,
        "may_edit": acts,
        **_of_early_units(user, found, early),
        "newest_engagement": engaged[0] if engaged else None,
        "statements": [verification_rows(each) for each in engaged if each.state != "open"],
        "life": life_of(found),
        "issuance": issuance,
        "residual": issuance.delivered_tonnes - issuance.quantity if issuance else None,
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "registry/production.html", context, status=status)


def _of_early_units(user: Any, found: Production, early: ActionForm | None) -> dict[str, Any]:
    """Whether units can be or were asked for before the audit, and until when they stand so."""
    issuance = getattr(found, "issuance", None)
    if issuance is not None:
        return {"provisional_until": provisional_among([issuance]).get(issuance.pk)}
    if after(PRODUCTION_STEPS, found.state, "approve early") is None:
        return {"early_form": early}
    asked = EarlyRequest.objects.filter(production=found).first()
    may_ask = (
        asked is None
        and may_act(user, found.producer)
        and AgreementRights.objects.filter(agreement=found.agreement_id, is_forward=True).exists()
    )
    return {
        "early_request": asked,
        "early_refusal": getattr(found, "early_refusal", None),
        "early_form": early or (ActionForm() if may_ask else None),
    }
