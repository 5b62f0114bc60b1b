"""Issuance (6): after production and delivery, in time, each tonne once. R080–R087."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from registry.rulebook.counting import room_for_units
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import Counted, FunctionalUnit, IssuanceCase, Stage
from registry.rulebook.figures import delivered_tonnes, functional_unit
from registry.rulebook.findings import Verdict, failed, passed, warned
from registry.rulebook.given import (
    Unusable,
    date_given,
    share_given,
    shown,
    whole_given,
    word_given,
)
from registry.rulebook.names import counted, name_of
from registry.rulebook.vintage import add_months

NOT_APPLICABLE = "not applicable"
"""What the scrap fields of an iron record read (6.2)."""

_SCRAP_FIELDS = ("scrap_share", "baseline_scrap")


def due_date(period_end: date, months: int) -> date:
    """The day by which units should be created and audited (6.1), inclusive.

    The same day `months` later, or that month's last day.
    """
    return add_months(period_end, months)


@rule("R080", section="6.1", modality="shall", subject=IssuanceCase)
def units_follow_delivery(case: IssuanceCase, edition: Edition) -> Verdict:
    """R080 (6.1): Units are issued only after production and delivery, with proof of delivery."""
    start, _ = period(case)
    delivered_on = date_given("delivered_on", case.production.delivered_on)
    proofs = whole_given("delivery_proofs", case.production.delivery_proofs, "proofs of delivery")
    found = f"delivered on {delivered_on}, {proofs} proof(s); judged on {case.on}"
    allowed = f"delivered from {start} to {case.on}, with at least one proof"
    numbers = {"delivered_on": delivered_on, "on": case.on, "delivery_proofs": proofs}
    if delivered_on > case.on:
        action = "Wait for the delivery; units are never issued for the future."
        return failed(found, allowed, action, field="delivered_on", **numbers)
    if delivered_on < start:
        action = "Correct the delivery date or the period: it was delivered before it was made."
        return failed(found, allowed, action, field="delivered_on", **numbers)
    if proofs < 1:
        action = "Attach an invoice, delivery ticket, shipping record or warehouse receipt."
        return failed(found, allowed, action, field="delivery_proofs", **numbers)
    return passed(found, allowed, field="delivered_on", **numbers)


@rule("R081", section="6.1", modality="shall not", subject=IssuanceCase)
def production_is_over(case: IssuanceCase, edition: Edition) -> Verdict:
    """R081 (6.1): No units for future or anticipated production: the period has ended before."""
    start, end = period(case)
    found = f"period {start} to {end}, judged on {case.on}"
    allowed = f"a period that ended before {case.on}"
    numbers = {"period_end": end, "on": case.on}
    if end < case.on:
        return passed(found, allowed, field="period_end", **numbers)
    return failed(
        found,
        allowed,
        "Wait until the period is over, or end it earlier.",
        field="period_end",
        **numbers,
    )


@rule(
    "R084",
    section="6.1",
    modality="should",
    subject=IssuanceCase,
    parameters=("verification_due_months",),
)
def units_are_created_in_time(case: IssuanceCase, edition: Edition) -> Verdict:
    """R084 (6.1): Units should be created by the due date; later, the reason is published."""
    _, end = period(case)
    due = due_date(end, edition.verification_due_months)
    found = f"period ended on {end}, judged on {case.on}"
    allowed = f"by {due}, {edition.verification_due_months} months later"
    numbers = {"due": due, "on": case.on}
    if case.on <= due:
        return passed(found, allowed, field="late_reason", **numbers)
    if not case.late_reason.strip():
        return failed(
            f"{found}, no reason given",
            f"{allowed}, or the reason in a public emissions report",
            "Give the circumstances that prevented it; they become public.",
            field="late_reason",
            **numbers,
        )
    return warned(
        f"{found}, because: {case.late_reason.strip()}",
        allowed,
        "The reason is published with the units.",
        field="late_reason",
        **numbers,
    )


@rule("R085", section="6.1 ex.", modality="shall not", subject=IssuanceCase)
def each_delivered_tonne_counts_once(case: IssuanceCase, edition: Edition) -> Verdict:
    """R085 (6.1 ex.): No more units than verified delivered tonnes, each tonne counted once.

    Over productions of one site and functional unit, whatever periods overlap (`counting`).
    Under an agreement, no more than its share of what was delivered, period by period.
    """
    requested = whole_given("tonnes", case.production.tonnes, "t", least=1)
    start, end = period(case)
    new = Counted(start, end, 0, delivered_tonnes(case))
    room = room_for_units(new, _checked(case.issued_before))
    allowed = f"at most {counted(room, 'unit')}: {new.delivered_tonnes} t delivered"
    if room < new.delivered_tonnes:
        allowed += ", less what units of overlapping periods may stand for"
    numbers: dict[str, object] = {"delivered_tonnes": new.delivered_tonnes, "room": room}
    contracted = _room_under_agreement(case, new)
    if contracted is not None:
        share, contracted_room = contracted
        numbers |= {"offtake_share": share, "agreement_room": contracted_room}
        if contracted_room < room:
            room = contracted_room
            most = counted(room, "unit")
            allowed = f"at most {most}: {shown(share)} of the delivered tonnes by agreement"
    found = f"{counted(requested, 'unit')} requested"
    if requested <= room:
        return passed(found, allowed, field="tonnes", tonnes=requested, **numbers)
    action = (
        f"Request {counted(room, 'unit')} or fewer." if room else "Nothing is left to issue here."
    )
    return failed(found, allowed, action, field="tonnes", tonnes=requested, **numbers)


@rule(
    "R087",
    section="6.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("issuance_record_fields",),
)
def record_is_complete(case: IssuanceCase, edition: Edition) -> Verdict:
    """R087 (6.2): The public record has every mandatory field, and the others where they apply.

    An application lacks only the issue date. For iron the scrap fields read "not applicable".
    """
    record = case.record or {}
    required = [
        name
        for name in edition.issuance_record_fields
        if case.stage is Stage.ISSUANCE or name != "issue_date"
    ]
    if _filled(record.get("epd")):
        required.append("epd_verifier")
    if case.production.adjusted_intensity is not None:
        required.append("adjusted_intensity")
    missing = [name for name in required if not _filled(record.get(name))]
    if missing:
        return failed(
            f"not given: {_names(missing)}",
            f"all of {_names(required)}",
            f"Give {_names(missing)}.",
            field=missing[0],
            given=len(required) - len(missing),
            required=len(required),
        )
    is_iron = functional_unit(case) is FunctionalUnit.IRON
    for name in _SCRAP_FIELDS:
        if name in required and (record[name].strip() == NOT_APPLICABLE) is not is_iron:
            return failed(
                f"{name_of(name)} reads {record[name]!r}",
                f'"{NOT_APPLICABLE}" for iron' if is_iron else "the scrap share of crude steel",
                f"Correct {name_of(name)}.",
                field=name,
            )
    return passed(f"{len(required)} fields given", _names(required), given=len(required))


def _names(fields: Iterable[str]) -> str:
    return ", ".join(map(name_of, fields))


def period(case: IssuanceCase) -> tuple[date, date]:
    """The vintage period, both days included. Raises Unusable: not given, or reversed."""
    start = date_given("period_start", case.production.period_start)
    end = date_given("period_end", case.production.period_end)
    if end < start:
        raise Unusable(
            "period_end",
            f"period {start} to {end}",
            "a period that ends on or after its first day",
            "Correct the period's dates.",
        )
    return start, end


def _checked(before: tuple[Counted, ...]) -> tuple[Counted, ...]:
    for each in before:
        whole_given("issued_before", each.units, "units")
        whole_given("issued_before", each.delivered_tonnes, "t")
    return before


def _room_under_agreement(case: IssuanceCase, new: Counted) -> tuple[Decimal, int] | None:
    """The agreement's share and the units it leaves; None without an agreement or a share."""
    if case.agreement is None or case.agreement.offtake_share is None:
        return None
    share = share_given("offtake_share", case.agreement.offtake_share)
    reference = word_given("agreement", case.agreement.reference)
    before = [each for each in _checked(case.issued_before) if each.agreement == reference]
    return share, room_for_units(new, before, share=share)


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
