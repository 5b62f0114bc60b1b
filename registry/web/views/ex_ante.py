"""Audits before production (6.1): a producer asks for one of a site, its auditor signs it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.permissions import is_member, require_initiator
from registry import scope
from registry.models import ExAnteAudit
from registry.services.ex_ante import open_ex_ante, sign_ex_ante, withdraw_ex_ante
from registry.services.technology import in_force, technologies_of
from registry.transitions import ExAnteState
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.ex_ante import OpenExAnteForm, SignExAnteForm
from registry.web.pages import form_page, may_act, page_of
from registry.web.rows import ex_ante_rows, site_rows
from registry.web.tables import EX_ANTE, ex_ante_audits
from registry.web.technology_rows import technology_rows


@access(Access.PRODUCER)
def site_ex_ante(request: HttpRequest, code: str) -> HttpResponse:
    """A site's audits before production, and a form to ask for one."""
    user: Any = request.user
    site = scope.site(user, code)
    require_initiator(user, site.organisation)
    form, status = OpenExAnteForm(posted(request)), 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: open_ex_ante(
                by=user,
                now=timezone.now(),
                key=key,
                site=site,
                auditor=form.cleaned_data["auditor"],
                functional_unit=form.cleaned_data["functional_unit"],
                recurrence=form.cleaned_data["recurrence"],
            ),
        )
        if tried.result:
            messages.success(request, f"The site is open to {tried.result.auditor} until it signs.")
            return redirect("portal:ex_ante", tried.result.pk)
        status = tried.status
    page = page_of(
        request, site.ex_ante_audits.select_related("auditor", "site").order_by("-opened_at", "id")
    )
    return form_page(
        request,
        form,
        title=f"Ex-ante audits of {site.name}",
        submit="Ask this auditor",
        back=reverse("portal:site", args=[site.code]),
        status=status,
        template="registry/ex_ante_site.html",
        intro="An audit before production is recommended (R082); under a long-term offtake it "
        "lets provisional units come before the ex-post audit (R083). It opens this one site to "
        "the auditor until the statement is signed.",
        columns=EX_ANTE,
        rows=ex_ante_audits(page),
        page=page,
        is_demonstration=site.is_demonstration,
    )


@access(Access.SIGNED_IN)
@require_safe
def ex_ante(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.ex_ante_audit(user, pk))


@access(Access.AUDITOR)
def ex_ante_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.ex_ante_audit(user, pk)
    if request.method != "POST":
        return redirect("portal:ex_ante", found.pk)
    form = SignExAnteForm(request.POST, audit=found)
    tried = attempt(
        form,
        lambda key: sign_ex_ante(
            by=user,
            now=timezone.now(),
            key=key,
            audit=found,
            figures=form.figures(),
            statement=form.cleaned_data["statement"],
        ),
    )
    if tried.done:
        messages.success(request, "Your statement is signed; the site is closed to you again.")
        return redirect("portal:ex_ante", found.pk)
    return _page(request, found, sign=form, status=tried.status)


@access(Access.PRODUCER)
def ex_ante_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.ex_ante_audit(user, pk)
    if request.method != "POST":
        return redirect("portal:ex_ante", found.pk)
    form = ActionForm(request.POST)
    tried = attempt(
        form, lambda key: withdraw_ex_ante(by=user, now=timezone.now(), key=key, audit=found)
    )
    if tried.done:
        messages.success(request, f"The site is closed to {found.auditor} again.")
        return redirect("portal:ex_ante", found.pk)
    return _page(request, found, withdraw=form, status=tried.status)


def _page(
    request: HttpRequest,
    found: ExAnteAudit,
    *,
    sign: SignExAnteForm | None = None,
    withdraw: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The site is shown to its auditor while the audit is open only."""
    user: Any = request.user
    site = found.site
    is_open = found.state == ExAnteState.OPEN
    is_auditor = is_member(user, found.auditor)
    may_withdraw = is_open and may_act(user, site.organisation)
    shows_site = not is_auditor or is_open
    context = {
        "audit": found,
        "site": site,
        "is_auditor": is_auditor,
        "summary": ex_ante_rows(found),
        "about_site": site_rows(site) if shows_site else None,
        "technology": technology_rows(in_force(technologies_of(site))) if shows_site else None,
        "sign_form": (sign or SignExAnteForm(audit=found)) if is_open and is_auditor else sign,
        "withdraw_form": (withdraw or ActionForm()) if may_withdraw else withdraw,
        "is_demonstration": site.is_demonstration,
    }
    return render(request, "registry/ex_ante.html", context, status=status)
