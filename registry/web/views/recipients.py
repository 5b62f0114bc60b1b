"""Physical recipients: notices sent and received, undertakings, public statements (10.1)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.errors import NotVisible
from accounts.permissions import is_member, require_initiator
from registry import scope
from registry.models import DeliveryNotice
from registry.rulebook.recipients import DECOUPLING_NOTICE
from registry.services.recipient_cases import as_they_read, findings_on_recipients
from registry.services.recipients import (
    UNDERTAKING,
    give_undertaking,
    record_disclosure,
    record_undertaking,
    send_notice,
    told_tonnes,
    withdraw_notice,
)
from registry.transitions import NoticeState
from registry.web import documents, recipient_rows
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.recipients import DisclosureForm, NoticeForm, UndertakingForm
from registry.web.pages import form_page, may_act, page_of


@access(Access.PRODUCER)
@require_safe
def recipients(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the buyers of one production's metal were told, and what is still due."""
    user: Any = request.user
    issuance = scope.issuance_of(user, pk)
    page = page_of(request, issuance.notices.order_by("-sent_at", "-id"))
    context = {
        "issuance": issuance,
        "production_pk": pk,
        "residual": recipient_rows.residual_rows(issuance, told_tonnes(issuance)),
        "findings": findings_on_recipients(issuance, on=timezone.localdate(), named=True),
        "page": page,
        "columns": recipient_rows.NOTICES,
        "rows": recipient_rows.notices(page),
        "disclosure_columns": recipient_rows.DISCLOSURES,
        "disclosures": recipient_rows.disclosures(as_they_read(issuance)),
        "may_act": may_act(user, issuance.producer),
        "is_demonstration": issuance.is_demonstration,
    }
    return render(request, "registry/recipients.html", context)


@access(Access.PRODUCER)
def notice_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    issuance = scope.issuance_of(user, pk)
    require_initiator(user, issuance.producer)
    form = NoticeForm(posted(request), producer=issuance.producer)
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: send_notice(
                by=user, now=timezone.now(), key=key, issuance=issuance, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, f"The notice of {tried.result} is sent.")
            return redirect("portal:delivery", tried.result.pk)
        status = tried.status
    return form_page(
        request,
        form,
        title="New delivery notice",
        intro=DECOUPLING_NOTICE,
        submit="Send the notice",
        back=reverse("portal:recipients", args=[pk]),
        status=status,
        is_demonstration=issuance.is_demonstration,
    )


@access(Access.PRODUCER)
def disclosure_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    issuance = scope.issuance_of(user, pk)
    require_initiator(user, issuance.producer)
    form = DisclosureForm(posted(request))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: record_disclosure(
                by=user, now=timezone.now(), key=key, issuance=issuance, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, f"{tried.result.reference} is recorded as it reads now.")
            return redirect("portal:recipients", pk)
        status = tried.status
    return form_page(
        request,
        form,
        title="Record a public statement",
        intro="An EPD, a report or a page that gives, or withholds, the product's intensity.",
        submit="Record it",
        back=reverse("portal:recipients", args=[pk]),
        status=status,
        is_demonstration=issuance.is_demonstration,
    )


@access(Access.SIGNED_IN)
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = scope.deliveries_of(user).select_related("producer", "issuance")
    page = page_of(request, rows.order_by("-sent_at", "-id"))
    context = {
        "page": page,
        "columns": recipient_rows.RECEIVED,
        "rows": recipient_rows.deliveries(page),
        "is_demonstration": any(each.issuance.is_demonstration for each in page),
    }
    return render(request, "registry/deliveries.html", context)


@access(Access.SIGNED_IN)
@require_safe
def delivery(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.delivery(user, pk))


@access(Access.SIGNED_IN)
@require_safe
def delivery_document(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The notice as a file: JSON, or a PDF to send along."""
    user: Any = request.user
    found = scope.delivery(user, pk)
    if form == "json":
        return JsonResponse(documents.notice_document(found))
    response = HttpResponse(documents.notice_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="delivery-notice-{found.pk}.pdf"'
    return response


@access(Access.SIGNED_IN)
@require_safe
def delivery_undertaking(request: HttpRequest, pk: UUID) -> FileResponse:
    """The file a recipient outside signed: for its producer alone."""
    user: Any = request.user
    found = scope.delivery(user, pk)
    if not found.undertaking_file or not is_member(user, found.producer):
        raise NotVisible(f"undertaking of {pk}")
    response = FileResponse(
        found.undertaking_file.open("rb"),
        as_attachment=True,
        filename=found.undertaking_name,
        content_type=found.undertaking_media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@access(Access.SIGNED_IN)
def delivery_act(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """The recipient undertakes, or the producer files an undertaking or withdraws."""
    user: Any = request.user
    found = scope.delivery(user, pk)
    if request.method != "POST":
        return redirect("portal:delivery", pk)
    now = timezone.now()
    if action == "file":
        upload = UndertakingForm(request.POST, request.FILES)
        tried = attempt(
            upload,
            lambda key: record_undertaking(
                by=user,
                now=now,
                key=key,
                notice=found,
                name=upload.cleaned_data["file"].name,
                file=upload.cleaned_data["file"].file,
            ),
        )
        refused: Any = upload
    else:
        service = give_undertaking if action == "undertake" else withdraw_notice
        refused = ActionForm(request.POST)
        tried = attempt(refused, lambda key: service(by=user, now=now, key=key, notice=found))
    if tried.done:
        messages.success(request, _DONE[action])
        return redirect("portal:delivery", pk)
    return _page(request, found, refused=refused, action=action, status=tried.status)


_DONE = {
    "undertake": "The undertaking is recorded.",
    "file": "The signed undertaking is filed.",
    "withdraw": "The notice is withdrawn. Its reference can be used again.",
}
ACTIONS = tuple(_DONE)


def _page(
    request: HttpRequest,
    found: DeliveryNotice,
    *,
    refused: Any = None,
    action: str = "",
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    is_open = found.state == NoticeState.SENT
    ours = is_open and may_act(user, found.producer)
    theirs = is_open and found.recipient is not None and may_act(user, found.recipient)
    upload = refused if action == "file" else UndertakingForm()
    context = {
        "notice": found,
        "summary": recipient_rows.notice_rows(found),
        "words": UNDERTAKING,
        "decoupled": DECOUPLING_NOTICE,
        "undertake": ActionForm() if theirs else None,
        "upload": upload if ours and found.recipient is None else None,
        "withdraw": ActionForm() if ours else None,
        "refused": refused,
        "is_sender": is_member(user, found.producer),
        "is_demonstration": found.issuance.is_demonstration,
    }
    return render(request, "registry/delivery.html", context, status=status)
