"""Co-claims: the holder proposes, each party consents, the issuer confirms; seats named later."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access, admits
from accounts.models import Organisation
from accounts.permissions import Right, accounts_with
from accounts.ui.formats import tonnes
from registry import queries, scope
from registry.models import CoClaim, CoClaimSeat
from registry.services import co_claims as service
from registry.transitions import CoClaimState, SeatState
from registry.web import claim_rows
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.co_claims import FIELDS, CoClaimForm, ConsentForm, NameForm
from registry.web.pages import SUGGESTIONS, acting_accounts, any_demonstration, form_page, page_of
from registry.web.views.transfers import units_asked_for

_LINES = 100
DONE = {
    "consent": "You have taken your seat; the issuer confirms next.",
    "confirm": "Confirmed: the copies are in their accounts.",
    "decline": "Declined.",
    "withdraw": "Taken back.",
    "name": "Named: that party and the issuer have yet to agree.",
}
Forms = dict[str, Any]


@access(Access.HOLDER)
@require_safe
def co_claims(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = scope.co_claims_of(user).select_related("account__organisation", "agreement__issuer")
    page = page_of(request, rows.order_by("-proposed_at", "-id"))
    context = {
        "page": page,
        "columns": claim_rows.CO_CLAIMS,
        "rows": claim_rows.co_claims(page),
        "may_propose": admits(Access.CLAIMANT, user)
        and accounts_with(user, Right.INITIATE).exists(),
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "registry/co_claims.html", context)


@access(Access.CLAIMANT)
def co_claim_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    accounts = acting_accounts(user)
    form = CoClaimForm(
        posted(request), accounts=queries.with_amounts(accounts), initial=units_asked_for(request)
    )
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.propose_co_claim(
                by=user,
                now=timezone.now(),
                key=key,
                account=form.cleaned_data["account"],
                units=form.units(),
                seats=form.seats(),
                note=form.cleaned_data["note"],
            ),
            fields=FIELDS,
        )
        if tried.result:
            messages.success(request, f"A co-claim of {tonnes(tried.result.quantity)} is proposed.")
            return redirect("portal:co_claim", tried.result.code)
        status = tried.status
    return form_page(
        request,
        form,
        title="Propose a co-claim",
        intro="You stay the primary. The parties consent, then the issuer confirms; only then are "
        "the copies made, and the units never transferred again.",
        submit="Propose the co-claim",
        back=reverse("portal:co_claims"),
        status=status,
        template="registry/units_form.html",
        is_demonstration=any_demonstration(accounts),
        issuances=queries.active_issuances(accounts, most=SUGGESTIONS),
    )


@access(Access.HOLDER)
@require_safe
def co_claim(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.co_claim(user, code))


@access(Access.HOLDER)
def co_claim_act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """action: consent, confirm, decline, withdraw or name."""
    user: Any = request.user
    found = scope.co_claim(user, code)
    if request.method != "POST":
        return redirect("portal:co_claim", found.code)
    seats = _seats(found)
    form = _form_of(action, user, request.POST)
    tried = attempt(form, lambda key: _act(user, found, seats, action, form, key))
    if tried.done:
        messages.success(request, DONE[action])
        return redirect("portal:co_claims" if action == "decline" else _path(found))
    return _page(request, found, refused={action: form}, status=tried.status)


def _act(
    user: Any, found: CoClaim, seats: list[CoClaimSeat], action: str, form: Any, key: str
) -> CoClaim:
    """One service call; whether the person may is the service's question."""
    common = {"by": user, "now": timezone.now(), "key": key, "co_claim": found}
    if action == "consent":
        return service.consent_to_co_claim(**common, account=form.cleaned_data["account"])
    if action == "name":
        return service.name_seat(
            **common,
            copy=form.cleaned_data["copy"],
            organisation=form.organisation_chosen(),
        )
    if action == "decline":
        return service.decline_co_claim(**common, organisation=_declining(user, found, seats))
    plain: dict[str, Callable[..., CoClaim]] = {
        "confirm": service.confirm_co_claim,
        "withdraw": service.withdraw_co_claim,
    }
    return plain[action](**common)


def _page(
    request: HttpRequest, found: CoClaim, *, refused: Forms | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    seats = _seats(found)
    lines = found.lines.select_related("issuance__site").order_by("issuance__code", "serials")
    page = page_of(request, lines, _LINES)
    forms = {**_forms(user, found, seats), **(refused or {})}
    context = {
        "co_claim": found,
        "summary": claim_rows.co_claim_rows(found),
        "seat_columns": claim_rows.SEATS,
        "seats": claim_rows.seats(seats, found.chain, found.proposed_at.date()),
        "page": page,
        "columns": claim_rows.LINES,
        "rows": claim_rows.lines(page),
        "forms": forms,
        "refused": next(iter((refused or {}).values()), None),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "registry/co_claim.html", context, status=status)


def _forms(user: Any, found: CoClaim, seats: list[CoClaimSeat]) -> Forms:
    """The forms of what this person may try now; the services judge them again."""
    accounts = accounts_with(user, Right.INITIATE).select_related("organisation").order_by("number")
    own = {account.organisation_id for account in accounts}
    open_states = (CoClaimState.PROPOSED, CoClaimState.EXECUTED)
    if found.state not in open_states:
        return {}
    is_proposed = found.state == CoClaimState.PROPOSED
    asked = [each for each in seats if each.state == SeatState.ASKED]
    named = [each for each in seats if each.state in (SeatState.ASKED, SeatState.CONSENTED)]
    mine = [each for each in seats if each.copy != 1 and each.organisation_id in own]
    is_issuer = found.agreement.issuer_id in own
    is_holder = found.account_id in {account.pk for account in accounts}
    reserved = [each.copy for each in seats if each.state == SeatState.RESERVED]
    forms: Forms = {}
    if any(each in asked for each in mine):
        seat_owners = [each.organisation_id for each in mine if each in asked]
        mine_only = accounts.filter(organisation__in=seat_owners)
        forms["consent"] = ConsentForm(accounts=mine_only)
    if is_issuer and not asked and (is_proposed or named):
        forms["confirm"] = ActionForm()
    if (is_issuer or mine) and (is_proposed or any(each in named for each in mine)):
        forms["decline"] = ActionForm()
    if is_holder and (is_proposed or named):
        forms["withdraw"] = ActionForm()
    if is_holder and not is_proposed and reserved:
        forms["name"] = NameForm(copies=reserved)
    return forms


def _form_of(action: str, user: Any, data: Any) -> Any:
    """The form of an action, whoever asks: who may is the service's question."""
    if action == "consent":
        return ConsentForm(data, accounts=accounts_with(user, Right.INITIATE))
    return NameForm(data, copies=[1, 2, 3]) if action == "name" else ActionForm(data)


def _seats(found: CoClaim) -> list[CoClaimSeat]:
    related = ("organisation", "account", "named_by", "consented_by", "confirmed_by")
    return list(found.seats.select_related(*related).order_by("copy"))


def _declining(user: Any, found: CoClaim, seats: list[CoClaimSeat]) -> Organisation:
    """As whom: the party with a seat, else the issuer, whose right the service asks for."""
    own = set(accounts_with(user, Right.INITIATE).values_list("organisation", flat=True))
    for seat in seats:
        if seat.copy != 1 and seat.organisation is not None and seat.organisation_id in own:
            return seat.organisation
    return found.agreement.issuer


def _path(found: CoClaim) -> str:
    return reverse("portal:co_claim", args=[found.code])
