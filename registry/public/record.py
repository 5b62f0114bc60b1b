"""An issuance as its public page shows it: the record of 6.2, its labels and its life."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse

from accounts.ui import formats
from accounts.ui.parts import Cell, SummaryRow
from registry import words
from registry.models import Entry, Issuance, Retirement
from registry.models.site import ROUTE_LABELS
from registry.public.queries import Day
from registry.rulebook.edition import Edition
from registry.rulebook.facts import Route
from registry.rulebook.findings import Finding, findings_kept

_INTENSITIES = ("intensity", "adjusted_intensity", "baseline")
_SHARES = ("scrap_share", "baseline_scrap")
RETIREMENT_COLUMNS = ("Retirement", "Date", "Retired by", "Beneficiary", "#Units")
_DATES = ("issue_date", "delivery_date")


def stored_findings(stored: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The findings a record keeps, as the rulebook gave them."""
    return findings_kept(stored)


def record_rows(issuance: Issuance) -> list[SummaryRow]:
    """Every field of 6.2 that the record has, in the order of the document."""
    record: Mapping[str, str] = issuance.record
    names = [name for name in words.RECORD_LABELS if record.get(name)]
    names += sorted(name for name in record if record[name] and name not in words.RECORD_LABELS)
    shown = {name: _shown(name, record[name]) for name in names}
    if "vintage" in shown:
        period = formats.day(issuance.vintage_start), formats.day(issuance.vintage_end)
        shown["vintage"] = " to ".join(period)
    return [SummaryRow(words.RECORD_LABELS.get(name, name), text) for name, text in shown.items()]


def unit_rows(issuance: Issuance, edition: Edition) -> list[SummaryRow]:
    """What the units are and what may still be done with them."""
    product = words.product_name(issuance.product)
    rows = [
        ("Units", formats.tonnes(issuance.quantity)),
        ("One unit stands for", f"1 t of {words.unit_name(issuance.functional_unit)}: {product}"),
        ("Verified delivered production", formats.tonnes(issuance.delivered_tonnes)),
        ("Verified by", _verified(issuance)),
        ("Level reached", issuance.level or "none"),
        ("SSBP-preferred", "yes" if issuance.is_preferred else "no"),
        ("Verification", _verification(issuance)),
        ("Number of claims agreed", str(issuance.claims_agreed)),
        ("Onward transfers allowed", _transfers(issuance)),
        ("Last reporting period they match", f"ends on {formats.day(issuance.reporting_end)}"),
        ("Transferred or retired until", formats.day(issuance.expires_on)),
        ("Judged by", edition.title),
    ]
    return [SummaryRow(key, value) for key, value in rows]


def site_rows(issuance: Issuance) -> list[SummaryRow]:
    site = issuance.site
    place = (site.locality, site.region, words.country_name(site.country))
    rows = [
        ("Site", f"{site.name} ({site.code})"),
        ("Place", ", ".join(part for part in place if part)),
        ("Coordinates", _coordinates(site.latitude, site.longitude)),
        ("Route", ROUTE_LABELS[Route(site.route)]),
        ("Start of operation", formats.day(site.started_on) if site.started_on else ""),
        ("Crude steel capacity", _a_year(site.steel_capacity)),
        ("Iron capacity", _a_year(site.iron_capacity)),
        ("Source", site.source),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


def life_events(days: Iterable[Day]) -> list[dict[str, object]]:
    """The days as a timeline shows them."""
    return [{"at": day.on, **_EVENTS[Entry.Kind(day.kind)](day)} for day in days]


def about_retirement(retirement: Retirement) -> list[SummaryRow]:
    """The record of 8.2; the serials stand below it."""
    rows = [
        ("Retired on", formats.day(retirement.retired_on)),
        ("Entity", retirement.organisation.name),
        ("Units", formats.tonnes(retirement.quantity)),
        ("Purpose", retirement.purpose or "not stated"),
        ("Beneficiary", retirement.beneficiary or "not stated"),
        ("Reporting period", _period(retirement)),
    ]
    return [SummaryRow(key, value) for key, value in rows]


def _period(retirement: Retirement) -> str:
    if retirement.period_start is None or retirement.period_end is None:
        return "not stated"
    return f"{formats.day(retirement.period_start)} to {formats.day(retirement.period_end)}"


def retirement_table(rows: Iterable[Mapping[str, Any]]) -> list[list[object]]:
    return [
        [
            Cell(code := row["retirement__code"], reverse("public:retirement", args=[code])),
            formats.day(row["retirement__retired_on"]),
            row["retirement__organisation__name"],
            row["retirement__beneficiary"] or "–",
            formats.tonnes(row["units"]),
        ]
        for row in rows
    ]


_EVENTS = {
    Entry.Kind.ISSUE: lambda day: {
        "title": f"Issued {formats.tonnes(day.units)}",
        "tone": "info",
    },
    Entry.Kind.ACCEPT: lambda day: {
        "title": f"Transferred {formats.tonnes(day.units)}",
        "text": _times(day.times, "transfer settled", "transfers settled"),
        "tone": "good",
    },
    Entry.Kind.RETIRE: lambda day: {
        "title": f"Retired {formats.tonnes(day.units)}",
        "text": _times(day.times, "retirement", "retirements"),
    },
    Entry.Kind.EXPIRE: lambda day: {
        "title": f"Expired {formats.tonnes(day.units)}",
        "text": "Held on record; no longer transferable or retirable.",
    },
}


def _times(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _shown(name: str, value: str) -> str:
    """A stored value with its unit; text that is not of the field's kind is shown as it is."""
    if name == "functional_unit":
        return f"1 t of {words.unit_name(value)}"
    if name in _DATES:
        return formats.day(value)
    try:
        number = Decimal(value) if name in _INTENSITIES + _SHARES else None
    except InvalidOperation:
        number = None
    if number is None:
        return value
    return formats.share(number) if name in _SHARES else formats.intensity(number)


def _verified(issuance: Issuance) -> str:
    verification = issuance.verification
    signed = verification.signed_on
    return f"{verification.auditor.name}, {formats.day(signed)}" if signed else "–"


def _verification(issuance: Issuance) -> str:
    """Whether it covers a full year of data (R060)."""
    if not issuance.is_conditional:
        return "over a full year of activity data"
    until = issuance.conditional_until
    earliest = f", {formats.day(until)} at the earliest" if until else ""
    return f"conditional until a full year of activity data is verified{earliest}"


def _transfers(issuance: Issuance) -> str:
    allowed = issuance.transfers_allowed
    return "no limit" if allowed is None else str(allowed)


def _coordinates(latitude: Decimal | None, longitude: Decimal | None) -> str:
    if latitude is None or longitude is None:
        return ""
    return f"{formats.decimal_text(latitude)}, {formats.decimal_text(longitude)}"


def _a_year(tonnes: int | None) -> str:
    return "" if tonnes is None else f"{formats.tonnes(tonnes)} a year"
