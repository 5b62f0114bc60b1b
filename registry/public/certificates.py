"""The certificate of a retirement: one document with every range, the same each time it is made.

What stands in it never changes, so that a copy can be checked against its digest years later.
Whether a suspension came over the units since is read on its page, to which its code leads.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse

from accounts.ui import formats
from registry import words
from registry.log.proof import proof_path
from registry.models import Adjustment, Holding, Issuance, Retirement
from registry.models.ledger import HoldingState
from registry.public.units import unit_range
from registry.rulebook.edition import edition_on
from registry.typeset import typeset

DOCUMENT = "retirement certificate"
FORMAT = 1


def certificate(retirement: Retirement) -> dict[str, Any]:
    """The document, JSON-ready: quantities integers, figures decimal strings. Three queries."""
    held = list(
        Holding.objects.filter(order=retirement.pk, state=HoldingState.RETIRED)
        .select_related("issuance__site", "issuance__producer")
        .order_by("issuance__vintage_start", "issuance__code", "copy", "serials")
    )
    issuances = {each.issuance_id: each.issuance for each in held}
    corrected = _corrections(retirement, issuances)
    period = None
    if retirement.period_start and retirement.period_end:
        period = {
            "start": retirement.period_start.isoformat(),
            "end": retirement.period_end.isoformat(),
        }
    return {
        "document": DOCUMENT,
        "format": FORMAT,
        "registry": "Billet",
        "demonstration": retirement.is_demonstration,
        "code": retirement.code,
        "retired_on": retirement.retired_on.isoformat(),
        "retired_by": retirement.organisation.name,
        "beneficiary": retirement.beneficiary,
        "purpose": retirement.purpose,
        "reporting_period": period,
        "quantity": retirement.quantity,
        "edition": edition_on(retirement.retired_on).id,
        "issuances": [_issuance(each, corrected.get(each.pk), held) for each in issuances.values()],
        "ranges": [_range(each) for each in held],
    }


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 over the document in one way of writing it: sorted keys, no spaces, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is handed out: the certificate, its digest, and where it is verified.

    proof_at: the log's proof that the retirement stands in it, there as soon as it is signed.
    """
    code = str(document["code"])
    return {
        "certificate": document,
        "sha256": digest(document),
        "verify_at": page_url(code),
        "proof_at": proof_address(code),
        "log_at": _absolute(reverse("public:log")),
    }


def page_url(code: str) -> str:
    return _absolute(reverse("public:retirement", args=[code]))


def proof_address(code: str) -> str:
    return _absolute(reverse("public:log_file", args=[proof_path(code)]))


def qr_svg(code: str) -> str:
    """A square that leads to the certificate's page, drawn without styles."""
    drawn = BytesIO()
    code_square = segno.make(page_url(code), error="m", micro=False)
    code_square.save(drawn, kind="svg", scale=4, border=2, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def pdf(retirement: Retirement, document: Mapping[str, Any]) -> bytes:
    """The certificate to print. The same bytes each time, from the same typesetter."""
    data = {
        "demonstration": document["demonstration"],
        "quantity": formats.tonnes(document["quantity"]),
        "retired_by": document["retired_by"],
        "facts": _facts(document),
        "issuances": [_printed(each) for each in document["issuances"]],
        "ranges": [
            [each["units"], formats.tonnes(each["quantity"]), _copy(each)]
            for each in document["ranges"]
        ],
        "qr": qr_svg(document["code"]),
        "url": page_url(document["code"]),
        "proof": proof_address(document["code"]),
        "sha256": digest(document),
    }
    return typeset(
        "certificate",
        data,
        title=f"Retirement certificate {document['code']}",
        on=retirement.retired_on,
    )


def _absolute(path: str) -> str:
    return f"{settings.BILLET_PUBLIC_URL}{path}"


def _corrections(retirement: Retirement, issuances: Iterable[Any]) -> dict[Any, Adjustment]:
    """The corrected figures that were in force when the units retired (AMB-16)."""
    rows = Adjustment.objects.filter(
        issuance__in=list(issuances), state="in_force", decided_at__lte=retirement.retired_at
    )
    return {row.issuance_id: row for row in rows.order_by("decided_at", "id")}


def _issuance(
    issuance: Issuance, corrected: Adjustment | None, held: list[Holding]
) -> dict[str, Any]:
    source: Any = corrected or issuance
    return {
        "code": issuance.code,
        "producer": issuance.producer.name,
        "site": issuance.site.name,
        "country": issuance.country,
        "functional_unit": issuance.functional_unit,
        "product": issuance.product,
        "vintage_start": issuance.vintage_start.isoformat(),
        "vintage_end": issuance.vintage_end.isoformat(),
        "intensity": _text(source.intensity),
        "adjusted_intensity": _text(source.adjusted_intensity),
        "corrected_by": corrected.code if corrected else None,
        "scrap_share": _text(issuance.scrap_share),
        "baseline_intensity": _text(issuance.baseline_intensity),
        "baseline_source": issuance.baseline_source,
        "level": issuance.level,
        "edition": issuance.edition,
        "quantity": sum(each.quantity for each in held if each.issuance_id == issuance.pk),
    }


def _range(held: Holding) -> dict[str, Any]:
    return {
        "units": str(unit_range(held.issuance, held.first, held.last, held.copy)),
        "issuance": held.issuance.code,
        "copy": held.copy,
        "layer": held.layer,
        "first": held.first,
        "last": held.last,
        "quantity": held.quantity,
    }


def _facts(document: Mapping[str, Any]) -> list[list[str]]:
    period = document["reporting_period"]
    return [
        ["Retired on", document["retired_on"]],
        ["Retired by", document["retired_by"]],
        ["Beneficiary", document["beneficiary"] or "not stated"],
        ["Purpose", document["purpose"] or "not stated"],
        ["Reporting period", f"{period['start']} to {period['end']}" if period else "not stated"],
        ["Units, one tonne each", formats.tonnes(document["quantity"])],
        ["Rulebook edition", document["edition"]],
    ]


def _printed(each: Mapping[str, Any]) -> list[str]:
    figure = each["adjusted_intensity"] or each["intensity"]
    corrected = f", corrected by {each['corrected_by']}" if each["corrected_by"] else ""
    return [
        each["code"],
        f"{words.product_name(each['product'])}, {each['producer']}, {each['site']}, "
        f"{words.country_name(each['country'])}",
        f"{each['vintage_start']} to {each['vintage_end']}",
        f"{figure}{corrected}",
        f"{each['baseline_intensity']} ({each['baseline_source']})",
        formats.tonnes(each["quantity"]),
    ]


def _copy(each: Mapping[str, Any]) -> str:
    layer = f", layer {each['layer']}" if each["layer"] else ""
    return f"{each['copy']}{layer}"


def _text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    return f"{value.normalize():f}"
