"""Notices: what one's organisations were told, unread first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry import scope
from registry.services.notices import read_notices
from registry.web.attempt import ActionForm, attempt
from registry.web.pages import page_of


@access(Access.SIGNED_IN)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    return _page(request)


@access(Access.SIGNED_IN)
def notice_read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a notice away; the row stays."""
    user: Any = request.user
    found = scope.notice(user, pk)
    if request.method != "POST":
        return redirect("portal:notices")
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: read_notices(
            by=user,
            now=timezone.now(),
            key=key,
            organisation=found.organisation,
            notice=found.pk,
        ),
    )
    if tried.done:
        messages.success(request, "The notice is put away. It stays in the list.")
        return redirect("portal:notices")
    return _page(request, refused=form, status=tried.status)


def _page(
    request: HttpRequest, *, refused: ActionForm | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    rows = scope.notices_of(user).select_related("organisation", "read_by")
    page = page_of(request, rows.order_by(F("read_at").desc(nulls_first=True), "-at", "-id"))
    context = {
        "page": page,
        "items": [(each, None if each.read_at else ActionForm()) for each in page],
        "refused": refused,
        "is_demonstration": any(each.organisation.is_demonstration for each in page),
    }
    return render(request, "registry/notices.html", context, status=status)
