"""What a transfer meets on its way: a second person, a delay for strangers, and its frequency."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F, Sum

from accounts.models import Account, Organisation
from registry.errors import NotNow
from registry.models import Entry, Transfer, TransferDelay
from registry.rulebook.edition import Edition, edition_on
from registry.rulebook.facts import UnitFacts
from registry.rulebook.vintage import add_months
from registry.services.policies import Policy
from registry.transitions import TransferState
from registry.workdays import working_day_after

_GIVEN_UP = (TransferState.DECLINED, TransferState.WITHDRAWN, TransferState.EXPIRED)


def needs_second_person(account: Account, policy: Policy, quantity: int, *, on: date) -> bool:
    """By the account's own setting, or where the day's proposals pass its limit.

    The day's sum counts, so that a large transfer does not pass as several small ones.
    """
    if account.approval_required or policy.approval_above is None:
        return account.approval_required
    # One after the other, or two at once would each see a day without the other.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    proposed = Transfer.objects.filter(from_account=account, proposed_at__date=on)
    sums = proposed.exclude(state__in=_GIVEN_UP).aggregate(units=Sum("quantity", default=0))
    return int(sums["units"]) + quantity > policy.approval_above


def delay_for(policy: Policy, from_account: Account, to_account: Account) -> int:
    """Working days before the recipient can accept: none for trusted and for own accounts."""
    is_own = from_account.organisation_id == to_account.organisation_id
    return 0 if is_own or to_account.pk in policy.trusted else policy.delay_days


def last_day(on: date, delay_days: int) -> tuple[date, date]:
    """The first and the last day of an offer made on a day."""
    edition = edition_on(on)
    first = working_day_after(on, delay_days, calendar=edition.transfer_calendar)
    return first, first + timedelta(days=edition.offer_days)


def begin_delay(transfer: Transfer, delay_days: int, acceptable_on: date) -> None:
    if delay_days:
        TransferDelay.objects.update_or_create(
            transfer=transfer,
            defaults={"delay_days": delay_days, "acceptable_on": acceptable_on},
        )


def require_delay_over(transfer: Transfer, *, on: date) -> None:
    """Raises NotNow before the first day on which the recipient may accept."""
    delay = getattr(transfer, "delay", None)
    if delay is not None and on < delay.acceptable_on:
        raise NotNow(
            found=f"The sender's account waits {delay.delay_days} working days before a recipient "
            f"that it does not trust may accept.",
            allowed=f"From {delay.acceptable_on.isoformat()} to {transfer.due_on.isoformat()}.",
            action="Accept then, or ask the sender to trust your account.",
        )


def just_co_claimed() -> NotNow:
    """For units that somebody co-claimed since they were judged (R092)."""
    return NotNow(
        found="Some of these units were co-claimed just now.",
        allowed="Co-claimed units stay with their claimants (R092).",
        action="Choose units that are not co-claimed.",
    )


def frequency(
    facts: Sequence[UnitFacts], sender: Organisation, edition: Edition, *, on: date
) -> tuple[int, int]:
    """Lately: onward transfers of the most travelled of these units, and the sender's (R096).

    What is far below the edition's limit is not counted to the end.
    """
    onward = [each for each in facts if each.issuer != sender.name]
    if not onward:
        return 0, 0
    since = add_months(on, -edition.frequency_months)
    # All transfers ever are an upper bound: below the limit they need no counting by date.
    moves = max(
        _moves(each, since)
        if each.onward_transfers >= edition.frequent_transfers
        else each.onward_transfers
        for each in onward
    )
    sales = Transfer.objects.filter(
        from_account__organisation=sender,
        state=TransferState.ACCEPTED,
        settled_at__date__gte=since,
        surrendered=True,
    )
    return moves, sales[: edition.frequent_sales + 1].count()


def _moves(units: UnitFacts, since: date) -> int:
    """Onward transfers since a day that touched these units."""
    return (
        Entry.objects.filter(
            issuance__code=units.issuance,
            copy=units.copy,
            serials__overlap=(units.first, units.last + 1),
            kind=Entry.Kind.ACCEPT,
            at__date__gte=since,
        )
        .exclude(from_account__organisation=F("to_account__organisation"))
        .exclude(from_account__organisation=F("issuance__producer"))
        .count()
    )
