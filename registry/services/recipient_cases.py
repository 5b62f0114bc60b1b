"""From records to what the rules see of a production's physical recipients (10.1)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Min
from django.utils import timezone

from accounts.models import Organisation
from accounts.prepared import Asked
from registry.models import DeliveryNotice, Disclosure, EpdDuty, Issuance, Transfer
from registry.rulebook.edition import Edition, edition, edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import DisclosureFacts, IssuanceCase, NoticeFacts, RecipientsCase
from registry.rulebook.findings import Finding, Outcome
from registry.rulebook.recipients import epd_due_on
from registry.services.baseline_facts import short
from registry.transitions import NoticeState, TransferState

MOST_DUTIES = 20
# Asked of every transfer, and seldom so.
_DUTY = """
SELECT 1 FROM registry_epdduty d JOIN registry_issuance i ON i.id = d.issuance_id
 WHERE d.issuance_id = ANY (%s::uuid[]) AND i.producer_id = %s LIMIT 1
"""


def due_after_issuance(case: IssuanceCase, edition: Edition) -> list[Finding]:
    """What the rules on recipients will ask once this case is issued. Nothing fails yet."""
    ahead = RecipientsCase(
        on=case.on,
        issued_on=None,
        baseline_intensity=case.baseline.value_intensity,
        epd=case.baseline.epd,
    )
    return judge(ahead, edition)


def recipients_case(issuance: Issuance, *, on: date, named: bool) -> RecipientsCase:
    """What physical recipients of an issuance's production have been told by a day.

    named: with delivery references and recipients, which are nobody's business in public.
    """
    duty = EpdDuty.objects.filter(issuance=issuance).first()
    return RecipientsCase(
        on=on,
        issued_on=issuance.issued_on,
        baseline_intensity=short(issuance.baseline_intensity),
        epd=issuance.record.get("epd", ""),
        epd_due_on=duty.due_on if duty else None,
        first_transfer_on=first_transfer_on(issuance),
        notices=tuple(
            _notice(each, named=named)
            for each in issuance.notices.exclude(state=NoticeState.WITHDRAWN).order_by("id")
        ),
        disclosures=tuple(_disclosure(each) for each in as_they_read(issuance)),
    )


def findings_on_recipients(issuance: Issuance, *, on: date, named: bool = False) -> list[Finding]:
    """R055 and R141 to R144 as they stand on a day, by the edition of the issuance."""
    return judge(recipients_case(issuance, on=on, named=named), edition(issuance.edition))


def any_duty(issuances: Iterable[UUID], sender: UUID) -> Asked:
    """Whether any of them has a duty that is its issuer's: what `epd_duties` asks first."""
    return Asked(_DUTY, [list(set(issuances)), sender])


def epd_duties(
    issuances: Iterable[UUID], *, sender: Organisation, on: date, asked: Asked | None = None
) -> list[Finding]:
    """R143 on what leaves its issuer for the first time, as warnings: a transfer is not refused
    for it, and the duty falls due on the day it is accepted. At most MOST_DUTIES of them."""
    named = list(set(issuances))
    if not (asked or any_duty(named, sender.pk)).rows():
        return []
    duties = EpdDuty.objects.filter(issuance__in=named, issuance__producer=sender)
    found = []
    for duty in duties.select_related("issuance").order_by("due_on", "id")[:MOST_DUTIES]:
        case = recipients_case(duty.issuance, on=on, named=False)
        if case.first_transfer_on is None:
            case = replace(case, first_transfer_on=on)
        judged = judge(case, edition(duty.issuance.edition))
        found += [
            replace(each, outcome=Outcome.WARN, found=f"{duty.issuance.code}: {each.found}")
            for each in judged
            if each.rule == "R143" and each.outcome in (Outcome.WARN, Outcome.FAIL)
        ]
    return found


def open_duty(issuance: Issuance) -> None:
    """Store the last day for the EPD's update, where the product has one (R143)."""
    if issuance.record.get("epd", "").strip():
        due_on = epd_due_on(issuance.issued_on, edition_on(issuance.issued_on))
        EpdDuty.objects.create(issuance=issuance, due_on=due_on)


def first_transfer_on(issuance: Issuance) -> date | None:
    """The day the first unit left the issuer's accounts for another organisation's."""
    left = Transfer.objects.filter(
        state=TransferState.ACCEPTED,
        lines__issuance=issuance,
        from_account__organisation=issuance.producer_id,
    ).exclude(to_account__organisation=issuance.producer_id)
    at = left.aggregate(first=Min("settled_at"))["first"]
    return timezone.localdate(at) if at else None


def as_they_read(issuance: Issuance) -> list[Disclosure]:
    """The last record of each statement, by kind and reference."""
    latest = issuance.disclosures.order_by("kind", "reference", "-made_on", "-recorded_at", "-id")
    return list(latest.distinct("kind", "reference"))


def _notice(notice: DeliveryNotice, *, named: bool) -> NoticeFacts:
    undertaken = notice.undertaken_at
    return NoticeFacts(
        reference=notice.delivery_reference if named else "a delivery",
        recipient=notice.recipient_name if named else "",
        tonnes=notice.tonnes,
        default_factor=short(notice.default_factor),
        undertaken_on=timezone.localdate(undertaken) if undertaken else None,
    )


def _disclosure(disclosure: Disclosure) -> DisclosureFacts:
    return DisclosureFacts(
        kind=disclosure.kind,
        reference=disclosure.reference,
        made_on=disclosure.made_on,
        intensity=short(disclosure.intensity),
        says_sold=disclosure.says_sold,
        cover_page=disclosure.cover_page,
    )
