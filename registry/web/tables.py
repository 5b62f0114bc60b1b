"""The portal's lists as rows of cells, each with its columns beside it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from accounts.ui import formats
from accounts.ui.parts import Cell
from registry import words
from registry.models import (
    Agreement,
    Approval,
    Baseline,
    Evidence,
    ExAnteAudit,
    Holding,
    Production,
    Retirement,
    Site,
    Transfer,
    Verification,
)
from registry.models.site import ROUTE_LABELS
from registry.public.units import unit_range
from registry.queries import Position
from registry.rulebook.facts import Route
from registry.web.rows import period

Table = list[list[Any]]

SITES = ["Site", "Code", "Country", "Route"]
BASELINES = ["Baseline", "Kind", "For", "#Value", "Source", "Of"]
PRODUCTIONS = ["Site", "Product", "Production period", "#Units", "State"]
AGREEMENTS = ["Reference", "Issuer", "Executed", "Onward transfers", "Claims"]
ENGAGEMENTS = ["Site", "Producer", "Production period", "Due", "State"]
APPLICATIONS = ["Site", "Producer", "Production period", "#Units", "Approvals"]
EX_ANTE = ["Site", "Unit", "Auditor", "Asked on", "State"]
EVIDENCE = ["File", "Proves", "#Size", "SHA-256", "Uploaded"]
ACCOUNTS = ["Account", "Name", "Organisation", "#Active", "#Reserved"]
HOLDINGS = ["Units", "Issuance", "Product", "#Quantity", "#Intensity", "Usable until"]
POSITIONS = [
    "Product",
    "Vintage",
    "#Active",
    "#Reserved",
    "#Retiring",
    "#Suspended",
    "Last reporting day",
    "Expires after",
]
TRANSFERS = ["Transfer", "From", "To", "Open until", "State"]
LINES = ["Units", "Issuance", "Product", "#Quantity", "#Intensity", "Usable until"]
RETIREMENTS = ["Retirement", "On", "#Quantity", "Purpose", "Beneficiary"]


def sites(rows: Iterable[Site]) -> Table:
    return [
        [
            Cell(each.name, reverse("portal:site", args=[each.code])),
            each.code,
            words.country_name(each.country),
            _sentence(ROUTE_LABELS[Route(each.route)]),
        ]
        for each in rows
    ]


def baselines(rows: Iterable[Baseline]) -> Table:
    """Two points of a scale stand in one cell."""
    return [
        [
            each.name,
            _sentence(str(each.get_kind_display())),
            words.unit_name(each.functional_unit),
            _value(each),
            each.source,
            each.organisation.name if each.organisation else "library",
        ]
        for each in rows
    ]


def productions(rows: Iterable[Production]) -> Table:
    return [
        [
            Cell(each.site.name, reverse("portal:production", args=[each.pk])),
            _product(each.product) if each.product else "–",
            period(each),
            "–" if each.tonnes is None else formats.tonnes(each.tonnes),
            Cell("", state=each.state),
        ]
        for each in rows
    ]


def agreements(rows: Iterable[Agreement]) -> Table:
    return [
        [
            Cell(each.reference, reverse("portal:agreement", args=[each.pk])),
            each.issuer.name,
            formats.day(each.executed_on),
            "no limit" if each.transfers_allowed is None else str(each.transfers_allowed),
            str(each.claims_agreed),
        ]
        for each in rows
    ]


def engagements(rows: Iterable[Verification]) -> Table:
    return [
        [
            Cell(each.production.site.name, reverse("portal:engagement", args=[each.pk])),
            each.production.producer.name,
            period(each.production),
            formats.day(each.due_on),
            Cell("", state=each.state),
        ]
        for each in rows
    ]


def ex_ante_audits(rows: Iterable[ExAnteAudit]) -> Table:
    return [
        [
            Cell(each.site.name, reverse("portal:ex_ante", args=[each.pk])),
            words.unit_name(each.functional_unit),
            each.auditor.name,
            formats.day(each.opened_at),
            Cell("", state=each.state),
        ]
        for each in rows
    ]


def applications(rows: Iterable[Production], approvals: Collection[Approval]) -> Table:
    """Verified productions with who has approved each so far."""
    names: dict[UUID, list[str]] = {}
    for approval in approvals:
        names.setdefault(approval.production_id, []).append(str(approval.by))
    return [
        [
            Cell(each.site.name, reverse("portal:application", args=[each.pk])),
            each.producer.name,
            period(each),
            formats.tonnes(each.tonnes),
            ", ".join(names.get(each.pk, [])) or "none yet",
        ]
        for each in rows
    ]


def evidence(rows: Iterable[Evidence]) -> Table:
    return [
        [
            Cell(each.name, reverse("portal:evidence", args=[each.pk])),
            _sentence(str(each.get_kind_display())),
            size(each.size),
            f"{each.sha256[:12]}…",
            formats.day(each.uploaded_at),
        ]
        for each in rows
    ]


def accounts(rows: Iterable[Any]) -> Table:
    """Accounts with their amounts, see queries.with_amounts."""
    return [
        [
            Cell(each.number, reverse("portal:account", args=[each.number])),
            each.name,
            each.organisation.name,
            formats.tonnes(each.active_units),
            formats.tonnes(each.reserved_units),
        ]
        for each in rows
    ]


def holdings(
    rows: Iterable[Holding], account: str = "", *, provisional: Collection[UUID] = ()
) -> Table:
    """Each holding by the identifier of its units.

    provisional: issuances whose ex-post audit has not settled them yet.
    account: the number of an account whose units the reader may transfer, one link for each.
    """
    return [
        [
            str(unit_range(each.issuance, each.first, each.last, each.copy)),
            Cell(each.issuance.code, reverse("public:issuance", args=[each.issuance.code])),
            _product(each.issuance.product)
            + (f", co-claimed at layer {each.layer}" if each.layer else "")
            + (", provisional" if each.issuance_id in provisional else ""),
            formats.tonnes(each.quantity),
            formats.intensity(each.issuance.claim_intensity),
            formats.day(each.issuance.expires_on),
            *([_transfer_link(each, account)] if account else []),
        ]
        for each in rows
    ]


def positions(rows: Iterable[Position], on: date) -> Table:
    return [
        [
            _product(each.product)
            + (f", {formats.tonnes(each.provisional)} provisional" if each.provisional else ""),
            vintage(each),
            formats.tonnes(each.active),
            formats.tonnes(each.reserved),
            formats.tonnes(each.retiring),
            formats.tonnes(each.suspended),
            formats.day(each.reporting_end),
            Cell("", state="expired") if each.expires_on < on else formats.day(each.expires_on),
        ]
        for each in rows
    ]


def transfers(rows: Iterable[Transfer]) -> Table:
    return [
        [
            Cell(formats.tonnes(each.quantity), reverse("portal:transfer", args=[each.pk])),
            f"{each.from_account.organisation.name}, {each.from_account.number}",
            f"{each.to_account.organisation.name}, {each.to_account.number}",
            formats.day(each.due_on),
            Cell("", state=each.state),
        ]
        for each in rows
    ]


def lines(rows: Iterable[Any], *, provisional: Collection[UUID] = ()) -> Table:
    """The lines of a transfer or retirement, each with its issuance and site loaded.

    provisional: as for `holdings`.
    """
    return [
        [
            str(unit_range(each.issuance, each.serials.lower, each.serials.upper - 1, each.copy)),
            Cell(each.issuance.code, reverse("public:issuance", args=[each.issuance.code])),
            _product(each.issuance.product)
            + (", provisional" if each.issuance_id in provisional else ""),
            formats.tonnes(each.serials.upper - each.serials.lower),
            formats.intensity(each.issuance.claim_intensity),
            formats.day(each.issuance.expires_on),
        ]
        for each in rows
    ]


def retirements(rows: Iterable[Retirement]) -> Table:
    return [
        [
            Cell(each.code, reverse("portal:retirement", args=[each.code])),
            formats.day(each.retired_on),
            formats.tonnes(each.quantity),
            each.purpose or "–",
            each.beneficiary or "–",
        ]
        for each in rows
    ]


def _transfer_link(holding: Holding, account: str) -> Cell:
    """Into the form with these very serials filled in."""
    named = {
        "account": account,
        "issuance": holding.issuance.code,
        "first": holding.first,
        "last": holding.last,
    }
    serials = formats.serial_range((holding.first, holding.last))
    return Cell(f"Transfer {serials}", f"{reverse('portal:transfer_new')}?{urlencode(named)}")


def vintage(position: Position) -> str:
    """A calendar year by its number, any other period by its days."""
    start, end = position.vintage_start, position.vintage_end
    if (start.month, start.day) == (1, 1) and end == date(start.year, 12, 31):
        return str(start.year)
    return f"{formats.day(start)} to {formats.day(end)}"


def size(count: int) -> str:
    """A file's size for a reader: 812 bytes, 34 kB, 2.1 MB."""
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count // 1_000} kB"
    tenths = count // 100_000
    return f"{tenths // 10}.{tenths % 10} MB"


def _product(code: str) -> str:
    return _sentence(words.product_name(code))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _value(baseline: Baseline) -> str:
    if baseline.value_intensity is not None:
        return formats.intensity(baseline.value_intensity)
    return (
        f"{formats.decimal_text(baseline.primary_intensity)} at "
        f"{formats.share(baseline.primary_scrap_share)}, "
        f"{formats.decimal_text(baseline.secondary_intensity)} at "
        f"{formats.share(baseline.secondary_scrap_share)} scrap"
    )
