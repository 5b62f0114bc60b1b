"""Publishing a statement: both inventories side by side, the words beside them, then for good."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import Access, access
from claims import scope
from claims.queries import lines_of, shares_of
from claims.services.statements import publish_statement
from claims.web import figures
from claims.web.forms.statements import StatementForm
from registry.web.attempt import attempt, posted


@access(Access.CLAIMANT)
def statement_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.inventory(user, pk)
    form = StatementForm(posted(request))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: publish_statement(
                by=user,
                now=timezone.now(),
                key=key,
                inventory=found,
                text=form.cleaned_data["text"],
                claim_type=form.cleaned_data["claim_type"],
            ),
        )
        if tried.result:
            messages.success(request, f"Statement {tried.result.code} is published.")
            return redirect("statements:statement", tried.result.code)
        status = tried.status
    lines = figures.by_line(lines_of(found), shares_of(found))
    context = {
        "form": form,
        "inventory": found,
        "lines": lines,
        "categories": figures.by_category(lines),
        "total": figures.overall(lines),
        "latest": found.statements.filter(state="published").first(),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/statement_new.html", context, status=status)
