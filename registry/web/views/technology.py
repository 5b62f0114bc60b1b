"""What a site runs on, and the additionality of agreements and applications."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import Access, access
from accounts.permissions import require_initiator
from registry import scope
from registry.models import Additionality, Agreement, Production
from registry.services.additionality import determine_additionality
from registry.services.technology import describe_technology, in_force, technologies_of
from registry.web.attempt import attempt, posted
from registry.web.forms import additionality as of_additionality
from registry.web.forms import technology as of_technology
from registry.web.forms.rows import RowsForm, asks_for_a_row, with_counts
from registry.web.pages import form_page


@access(Access.PRODUCER)
def technology_new(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    site = scope.site(user, code)
    require_initiator(user, site.organisation)
    standing = in_force(technologies_of(site))
    initial = of_technology.initial_of(standing[-1] if standing else None)

    def made(data: Any) -> RowsForm:
        return of_technology.TechnologyForm(data, initial=initial)

    return _rows_page(
        request,
        made,
        lambda form, key: describe_technology(
            by=user, now=timezone.now(), key=key, site=site, values=form.values()
        ),
        done=f"The technology of {site.name} is described.",
        title=f"What {site.name} runs on",
        submit="Save the description",
        back=reverse("portal:site", args=[site.code]),
        is_demonstration=site.is_demonstration,
    )


@access(Access.PRODUCER)
def agreement_additionality(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.agreement(user, pk)
    require_initiator(user, found.issuer)
    return _determine(
        request,
        found,
        found,
        Additionality.objects.filter(agreement=found).first(),
        title=f"Additionality under agreement {found.reference}",
        back=reverse("portal:agreement", args=[found.pk]),
        is_demonstration=found.issuer.is_demonstration,
    )


@access(Access.PRODUCER)
def production_additionality(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.production(user, pk)
    require_initiator(user, found.producer)
    return _determine(
        request,
        found,
        found.agreement,
        Additionality.objects.filter(production=found).first(),
        title=f"Additionality of the production of {found.site.name}",
        back=reverse("portal:production", args=[found.pk]),
        is_demonstration=found.is_demonstration,
    )


def _determine(
    request: HttpRequest,
    of: Agreement | Production,
    agreement: Agreement | None,
    before: Additionality | None,
    **page: Any,
) -> HttpResponse:
    user: Any = request.user
    initial = of_additionality.initial_of(before)

    def made(data: Any) -> RowsForm:
        return of_additionality.AdditionalityForm(data, initial=initial, agreement=agreement)

    return _rows_page(
        request,
        made,
        lambda form, key: determine_additionality(
            by=user, now=timezone.now(), key=key, of=of, values=form.values()
        ),
        done="Additionality is determined.",
        submit="Save the declaration",
        **page,
    )


def _rows_page(
    request: HttpRequest,
    made: Callable[[Any], RowsForm],
    act: Callable[[Any, str], Any],
    *,
    done: str,
    back: str,
    **page: Any,
) -> HttpResponse:
    """A form with rows: one more row when it is asked for, else one service call."""
    form, status = made(posted(request)), 200
    if request.method == "POST" and asks_for_a_row(request.POST):
        # Shown as typed and one row longer, without a word about what is still missing.
        data = with_counts(request.POST, form)
        form = made(data)
        form._errors = {}  # type: ignore[attr-defined]  # Django's own name for no errors yet
    elif request.method == "POST":
        form.is_valid()
        named = form.row_fields() if form.is_valid() else {}
        tried = attempt(form, lambda key: act(form, key), fields=named)
        if tried.done:
            messages.success(request, done)
            return redirect(back)
        status = tried.status
    return form_page(
        request, form, back=back, status=status, template="registry/rows_form.html", **page
    )
