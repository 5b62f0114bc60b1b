"""One page for auditor and producer: requests and findings, and what each can say next (5.3)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import Access, access
from accounts.permissions import is_member
from registry import scope
from registry.models import Verification
from registry.services.dialogue import answer, ask, raise_finding, resolve, respond
from registry.transitions import ProductionState
from registry.web.attempt import attempt
from registry.web.forms.dialogue import AnswerForm, AskForm, ObjectForm, ResolveForm, RespondForm

_UNDER_WAY = (ProductionState.IN_VERIFICATION, ProductionState.PROVISIONAL)
_OPEN = (Verification.State.OPEN, Verification.State.OVERDUE)


@access(Access.SIGNED_IN)
def dialogue(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.talked_of(user, pk))


@access(Access.SIGNED_IN)
def dialogue_say(request: HttpRequest, pk: UUID, what: str, about: UUID | None) -> HttpResponse:
    """One contribution. what: ask, object, answer, respond or resolve; about: of which row."""
    user: Any = request.user
    found = scope.talked_of(user, pk)
    if request.method != "POST":
        return redirect("portal:dialogue", found.pk)
    form, act = _contribution(request, found, what, about)
    tried = attempt(form, act)
    if tried.done:
        messages.success(request, "It is recorded.")
        return redirect("portal:dialogue", found.pk)
    return _page(request, found, failed={about or what: form}, status=tried.status)


def _contribution(
    request: HttpRequest, found: Verification, what: str, about: UUID | None
) -> tuple[Any, Callable[[str], Any]]:
    user: Any = request.user
    common: dict[str, Any] = {"by": user, "now": timezone.now()}
    name = str(about or what)
    if about is None:
        forms: dict[str, Any] = {"ask": (AskForm, ask), "object": (ObjectForm, raise_finding)}
        if what not in forms:
            raise Http404
        kind, service = forms[what]
        form = kind(request.POST, about=name)
        return form, lambda key: service(
            **common, key=key, verification=found, text=form.cleaned_data["text"]
        )
    if what == "answer":
        asked = _row(found.requests.all(), about)
        form = AnswerForm(request.POST, request.FILES, about=name)

        def send(key: str) -> Any:
            file = form.cleaned_data["file"]
            return answer(
                **common,
                key=key,
                asked=asked,
                text=form.cleaned_data["text"],
                name=file.name if file else "",
                file=file.file if file else None,
            )

        return form, send
    finding = _row(found.objections.all(), about)
    if what == "respond":
        form = RespondForm(request.POST, about=name)
        return form, lambda key: respond(
            **common,
            key=key,
            finding=finding,
            response=form.cleaned_data["response"],
            reason=form.cleaned_data["reason"],
        )
    if what != "resolve":
        raise Http404
    form = ResolveForm(request.POST, about=name)
    return form, lambda key: resolve(
        **common, key=key, finding=finding, resolution=form.cleaned_data["resolution"]
    )


def _row(rows: Any, pk: UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: Verification,
    *,
    failed: dict[Any, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    refused = failed or {}
    is_auditor = is_member(user, found.auditor)
    goes_on = found.state in _OPEN and found.production.state in _UNDER_WAY

    def form_of(kind: Any, about: Any, wanted: bool) -> Any:
        return refused.get(about) or (kind(about=str(about)) if wanted and goes_on else None)

    requests = [
        (each, form_of(AnswerForm, each.pk, not is_auditor and each.answered_at is None))
        for each in found.requests.select_related("asked_by", "answered_by", "evidence").order_by(
            "id"
        )
    ]
    findings = [
        (
            each,
            form_of(RespondForm, each.pk, not is_auditor and not each.response)
            if not is_auditor
            else form_of(ResolveForm, each.pk, bool(each.response) and each.resolved_at is None),
        )
        for each in found.objections.select_related(
            "raised_by", "responded_by", "resolved_by"
        ).order_by("id")
    ]
    context = {
        "verification": found,
        "production": found.production,
        "is_auditor": is_auditor,
        "requests": requests,
        "findings": findings,
        "ask_form": form_of(AskForm, "ask", is_auditor),
        "object_form": form_of(ObjectForm, "object", is_auditor),
        "failed_form": next(iter(refused.values()), None),
        "is_demonstration": found.production.is_demonstration,
    }
    return render(request, "registry/dialogue.html", context, status=status)
