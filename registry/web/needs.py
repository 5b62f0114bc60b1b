"""What needs somebody now: the first thing on their home page.

Each source is a function of the user and the day; claims and others append their own with
`register_needs`, so that the registry imports none of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Right, accounts_with, is_operator
from accounts.ui.formats import day, tonnes
from registry import scope
from registry.models import (
    Approval,
    CoClaim,
    CoClaimSeat,
    ExAnteAudit,
    Notice,
    PolicyChange,
    Production,
    Transfer,
    Verification,
)
from registry.queries import positions
from registry.transitions import (
    CoClaimState,
    ExAnteState,
    PolicyState,
    ProductionState,
    SeatState,
    TransferState,
)
from registry.web.rows import period
from registry.words import product_name

# Of each kind at most so many are named; the rest is one line that leads to the list.
MOST = 5
# Vintages are announced so long before their last day.
NOTICE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do. due_on: its last day, where it has one."""

    title: str
    url: str
    text: str = ""
    due_on: date | None = None


Source = Callable[[User, date], Iterable[Need]]


def register_needs(*sources: Source) -> None:
    """Append sources, from AppConfig.ready; one already there is left alone."""
    _SOURCES.extend(source for source in sources if source not in _SOURCES)


def needs_of(user: User, on: date) -> list[Need]:
    """Everything that waits for this person, what is due first at the top."""
    found = list(chain.from_iterable(source(user, on) for source in _SOURCES))
    return sorted(found, key=lambda need: need.due_on or date.max)


def _applications(user: User, on: date) -> Iterator[Need]:
    waiting = (ProductionState.RETURNED, ProductionState.DRAFT)
    rows = (
        scope.productions_of(user)
        .filter(state__in=waiting)
        .select_related("site")
        .order_by("-state", "-created_at")
    )
    words = {
        ProductionState.RETURNED: "Mend the returned application of {}",
        ProductionState.DRAFT: "Complete and submit the draft of {}",
    }

    def need(row: Production) -> Need:
        return Need(
            title=words[ProductionState(row.state)].format(row.site.name),
            text=period(row),
            url=reverse("portal:production", args=[row.pk]),
        )

    yield from _some(rows, need, "applications", reverse("portal:productions"))


def _engagements(user: User, on: date) -> Iterator[Need]:
    is_open = (Verification.State.OPEN, Verification.State.OVERDUE)
    rows = (
        scope.engagements_of(user)
        .filter(state__in=is_open)
        .select_related("production__site", "production__producer")
        .order_by("due_on", "id")
    )

    def need(row: Verification) -> Need:
        return Need(
            title=f"Verify the production of {row.production.site.name}",
            text=f"{row.production.producer.name}, {period(row.production)}",
            url=reverse("portal:engagement", args=[row.pk]),
            due_on=row.due_on,
        )

    yield from _some(rows, need, "engagements", reverse("portal:engagements"))


def _ex_ante(user: User, on: date) -> Iterator[Need]:
    rows = scope.ex_ante_audits_of(user).filter(state=ExAnteState.OPEN)

    def need(row: ExAnteAudit) -> Need:
        return Need(
            title=f"Audit {row.site.name} before it produces",
            text=row.site.organisation.name,
            url=reverse("portal:ex_ante", args=[row.pk]),
        )

    ordered = rows.select_related("site__organisation").order_by("opened_at", "id")
    yield from _some(ordered, need, "ex-ante audits", reverse("portal:engagements"))


def _approvals(user: User, on: date) -> Iterator[Need]:
    if not is_operator(user):
        return
    early = Q(production__state__in=(ProductionState.SUBMITTED, ProductionState.IN_VERIFICATION))
    signed = Q(verification__state=Verification.State.SIGNED, is_provisional=False)
    mine = Approval.objects.filter(
        early & Q(is_provisional=True) | signed, production=OuterRef("pk"), by=user
    )
    rows = (
        scope.verified_productions()
        .exclude(Exists(mine))
        .select_related("site", "producer")
        .order_by("created_at", "id")
    )

    def need(row: Production) -> Need:
        return Need(
            title=f"Approve {tonnes(row.tonnes)} of {row.producer.name}",
            text=f"{row.site.name}, {period(row)}",
            url=reverse("portal:application", args=[row.pk]),
        )

    yield from _some(rows, need, "applications", reverse("portal:applications"))


def _offers(user: User, on: date) -> Iterator[Need]:
    rows = _open(TransferState.OFFERED, on).filter(
        to_account__in=accounts_with(user, Right.INITIATE).values("pk")
    )

    def need(row: Transfer) -> Need:
        return Need(
            title=f"Accept or decline {tonnes(row.quantity)} "
            f"from {row.from_account.organisation.name}",
            url=reverse("portal:transfer", args=[row.pk]),
            due_on=row.due_on,
        )

    yield from _some(rows, need, "offers", reverse("portal:transfers"))


def _second_persons(user: User, on: date) -> Iterator[Need]:
    rows = (
        _open(TransferState.AWAITING_APPROVAL, on)
        .filter(from_account__in=accounts_with(user, Right.APPROVE).values("pk"))
        .exclude(proposed_by=user)
    )

    def need(row: Transfer) -> Need:
        return Need(
            title=f"Approve the transfer of {tonnes(row.quantity)} "
            f"to {row.to_account.organisation.name}",
            url=reverse("portal:transfer", args=[row.pk]),
            due_on=row.due_on,
        )

    yield from _some(rows, need, "transfers", reverse("portal:transfers"))


def _seats(user: User, on: date) -> Iterator[Need]:
    """Co-claims that ask one's organisation to take a seat."""
    mine = accounts_with(user, Right.INITIATE).values("organisation")
    asked = CoClaimSeat.objects.filter(
        co_claim=OuterRef("pk"), state=SeatState.ASKED, organisation__in=mine
    )

    def need(row: CoClaim) -> Need:
        return Need(
            title=f"Take or decline your seat in a co-claim of {tonnes(row.quantity)}",
            text=row.account.organisation.name,
            url=reverse("portal:co_claim", args=[row.code]),
            due_on=_last_day(row),
        )

    yield from _some(
        _co_claims(on).filter(Exists(asked)), need, "co-claims", reverse("portal:co_claims")
    )


def _confirmations(user: User, on: date) -> Iterator[Need]:
    """Co-claims of one's units on which every party has agreed, so that the issuer is next."""
    seats = CoClaimSeat.objects.filter(co_claim=OuterRef("pk"))
    named_since = Q(state=CoClaimState.EXECUTED) & Exists(seats.filter(state=SeatState.CONSENTED))
    rows = _co_claims(on).filter(
        Q(state=CoClaimState.PROPOSED) | named_since,
        ~Exists(seats.filter(state=SeatState.ASKED)),
        agreement__issuer__in=accounts_with(user, Right.INITIATE).values("organisation"),
    )

    def need(row: CoClaim) -> Need:
        return Need(
            title=f"Confirm the co-claim of {tonnes(row.quantity)}",
            text=row.account.organisation.name,
            url=reverse("portal:co_claim", args=[row.code]),
            due_on=_last_day(row),
        )

    yield from _some(rows, need, "co-claims", reverse("portal:co_claims"))


def _policies(user: User, on: date) -> Iterator[Need]:
    """Changes of an account's policy that wait for a second person."""
    rows = (
        PolicyChange.objects.filter(
            state=PolicyState.PROPOSED,
            in_force_on__isnull=True,
            account__in=accounts_with(user, Right.APPROVE).values("pk"),
        )
        .exclude(proposed_by=user)
        .select_related("account", "proposed_by")
        .order_by("proposed_at", "id")
    )

    def need(row: PolicyChange) -> Need:
        return Need(
            title=f"Approve a change of the policy of {row.account.number}",
            text=f"{row.get_kind_display().capitalize()}, proposed by {row.proposed_by}",
            url=reverse("portal:policy", args=[row.account.number]),
        )

    yield from _some(rows, need, "changes of policy", reverse("portal:accounts"))


def _co_claims(on: date) -> Any:
    """Open to agreement: proposed and not past their day, or executed with seats to name."""
    is_open = Q(state=CoClaimState.PROPOSED, due_on__gte=on) | Q(state=CoClaimState.EXECUTED)
    rows = CoClaim.objects.filter(is_open).select_related("account__organisation")
    return rows.order_by("due_on", "id")


def _last_day(row: CoClaim) -> date | None:
    return row.due_on if row.state == CoClaimState.PROPOSED else None


def _expiring(user: User, on: date) -> Iterator[Need]:
    """Units one may still sell or retire, but not for long."""
    for held in positions(accounts_with(user, Right.INITIATE)):
        if held.active and on <= held.expires_on <= on + NOTICE:
            yield Need(
                title=f"Use {tonnes(held.active)} of {product_name(held.product)} "
                "before they expire",
                text=f"The last reporting period they match ends on {day(held.reporting_end)}",
                url=reverse("portal:accounts"),
                due_on=held.expires_on,
            )


def _notices(user: User, on: date) -> Iterator[Need]:
    rows = (
        scope.notices_of(user)
        .filter(read_at__isnull=True)
        .select_related("organisation")
        .order_by("-at", "-id")
    )

    def need(row: Notice) -> Need:
        return Need(
            title=row.text, text=row.organisation.name, url=row.url or reverse("portal:notices")
        )

    yield from _some(rows, need, "notices", reverse("portal:notices"))


def _open(state: TransferState, on: date) -> Any:
    return (
        Transfer.objects.filter(state=state, due_on__gte=on)
        .select_related("from_account__organisation", "to_account__organisation")
        .order_by("due_on", "id")
    )


def _some(rows: Any, need: Callable[[Any], Need], what: str, url: str) -> Iterator[Need]:
    """One query: the first few, and whether there are more."""
    found = list(rows[: MOST + 1])
    yield from map(need, found[:MOST])
    if len(found) > MOST:
        yield Need(title=f"And more {what}", url=url)


_SOURCES: list[Source] = [
    _applications,
    _engagements,
    _ex_ante,
    _approvals,
    _offers,
    _second_persons,
    _seats,
    _confirmations,
    _policies,
    _expiring,
    _notices,
]
