"""Files of evidence of a statement: attached to a draft, read by claimant and engaged auditor."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from claims import scope
from claims.services.statement_files import attach_file
from claims.web.forms.statements import FileForm
from claims.web.views.statements import own_page
from registry.web.attempt import attempt
from registry.web.views.evidence import handed_out


@access(Access.CLAIMANT)
@require_POST
def attach(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    found = scope.statement(user, code)
    form = FileForm(request.POST, request.FILES)
    tried = attempt(
        form,
        lambda key: attach_file(
            by=user,
            now=timezone.now(),
            key=key,
            statement=found,
            name=form.cleaned_data["file"].name,
            file=form.cleaned_data["file"],
        ),
    )
    if tried.result:
        messages.success(request, f"{tried.result.name} is attached.")
        return redirect("claims:statement", code)
    return own_page(request, found, attach=form, status=tried.status)


@access(Access.SIGNED_IN)
@require_safe
def read(request: HttpRequest, pk: UUID) -> FileResponse:
    user: Any = request.user
    return handed_out(scope.statement_file(user, pk))
