"""A site's way to certification, and the accreditations that the operator records (5.3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import Access, access
from accounts.permissions import require_initiator
from accounts.ui.formats import day
from registry import scope
from registry.models import Accreditation, SitePathway
from registry.models.audit import Scope
from registry.services.accreditations import record_accreditation
from registry.services.pathways import PATHWAY_FIELDS, record_certificate, record_pathway
from registry.web.attempt import attempt, posted
from registry.web.forms.pathways import AccreditationForm, CertificateForm, PathwayForm
from registry.web.pages import form_page, page_of

_CERTIFICATES = ("Certificate", "Kind", "Issued by", "Valid")
_ACCREDITATIONS = ("Auditor", "Body", "Basis", "Scope", "Valid")


@access(Access.PRODUCER)
def pathway(request: HttpRequest, code: str) -> HttpResponse:
    """How a site stands, in a form; below it, its certificates."""
    user: Any = request.user
    site = scope.site(user, code)
    require_initiator(user, site.organisation)
    saved = SitePathway.objects.filter(site=site).first()
    initial = {name: getattr(saved, name) for name in PATHWAY_FIELDS if saved} or None
    form, status = PathwayForm(posted(request), initial=_known(initial)), 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: record_pathway(
                by=user, now=timezone.now(), key=key, site=site, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, "The pathway of the site is recorded.")
            return redirect("portal:site", site.code)
        status = tried.status
    rows = [
        [each.reference, each.get_kind_display(), each.body, _validity(each)]
        for each in site.certificates.order_by("-valid_until", "id")
    ]
    return form_page(
        request,
        form,
        title=f"Pathway of {site.name} to certification",
        submit="Record the pathway",
        back=reverse("portal:site", args=[site.code]),
        status=status,
        template="registry/pathway.html",
        site=site,
        columns=_CERTIFICATES,
        rows=rows,
        is_demonstration=site.is_demonstration,
    )


@access(Access.PRODUCER)
def certificate_new(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    site = scope.site(user, code)
    require_initiator(user, site.organisation)
    form, status = CertificateForm(posted(request)), 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: record_certificate(
                by=user, now=timezone.now(), key=key, site=site, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, f"{tried.result.reference} is recorded.")
            return redirect("portal:pathway", site.code)
        status = tried.status
    return form_page(
        request,
        form,
        title=f"Certificate of {site.name}",
        submit="Record the certificate",
        back=reverse("portal:pathway", args=[site.code]),
        status=status,
        is_demonstration=site.is_demonstration,
    )


@access(Access.OPERATOR)
def accreditations(request: HttpRequest) -> HttpResponse:
    found = Accreditation.objects.select_related("auditor")
    page = page_of(request, found.order_by("auditor__name", "-valid_until", "id"))
    scopes = dict(Scope.choices)
    rows = [
        [
            each.auditor.name,
            f"{each.body}, {each.reference}",
            each.get_basis_display(),
            ", ".join(str(scopes.get(name, name)) for name in each.scopes),
            _validity(each),
        ]
        for each in page
    ]
    context = {"page": page, "columns": _ACCREDITATIONS, "rows": rows}
    return render(request, "registry/accreditations.html", context)


@access(Access.OPERATOR)
def accreditation_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form, status = AccreditationForm(posted(request)), 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: record_accreditation(
                by=user,
                now=timezone.now(),
                key=key,
                auditor=form.cleaned_data["auditor"],
                values=form.values(),
            ),
        )
        if tried.result:
            messages.success(request, f"{tried.result.reference} is recorded.")
            return redirect("portal:accreditations")
        status = tried.status
    return form_page(
        request,
        form,
        title="Record an accreditation",
        submit="Record the accreditation",
        back=reverse("portal:accreditations"),
        status=status,
    )


def _known(initial: dict[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in initial.items() if value} if initial else None


def _validity(row: Any) -> str:
    return f"{day(row.valid_from)} to {day(row.valid_until)}"
