"""Delivery notices and public statements as the portal shows them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.ui import formats
from accounts.ui.parts import Cell, SummaryRow
from registry import words
from registry.models import DeliveryNotice, Disclosure, Issuance

NOTICES = ["Delivery", "Recipient", "Delivered on", "#Tonnes", "#Default factor", "State"]
RECEIVED = ["Delivery", "From", "To", "Delivered on", "#Tonnes", "#Default factor", "State"]
DISCLOSURES = ["Statement", "Kind", "Reads so since", "#Intensity", "Says sold", "Cover page"]

Table = list[list[Any]]


def notices(rows: Iterable[DeliveryNotice]) -> Table:
    return [
        [
            Cell(each.delivery_reference, reverse("portal:delivery", args=[each.pk])),
            each.recipient_name,
            formats.day(each.delivered_on),
            formats.tonnes(each.tonnes),
            formats.intensity(each.default_factor),
            Cell("", state=each.state),
        ]
        for each in rows
    ]


def deliveries(rows: Iterable[DeliveryNotice]) -> Table:
    """Each with its producer loaded."""
    return [
        [first, each.producer.name, *others]
        for each, (first, *others) in zip(rows, notices(rows), strict=True)
    ]


def disclosures(rows: Iterable[Disclosure]) -> Table:
    return [
        [
            each.reference,
            str(each.get_kind_display()),
            formats.day(each.made_on),
            "withheld" if each.intensity is None else formats.intensity(each.intensity),
            "yes" if each.says_sold else "no",
            "yes" if each.cover_page else "no",
        ]
        for each in rows
    ]


def residual_rows(issuance: Issuance, told: int) -> list[SummaryRow]:
    """Delivered less issued, and what of the delivered metal has a notice (10.1)."""
    rows = [
        ("Verified delivered production", formats.tonnes(issuance.delivered_tonnes)),
        ("Issued as units", formats.tonnes(issuance.quantity)),
        ("Residual tonnage", formats.tonnes(issuance.delivered_tonnes - issuance.quantity)),
        ("With a delivery notice", formats.tonnes(told)),
        ("Default emission factor", formats.intensity(issuance.baseline_intensity)),
        ("Source of the factor", issuance.baseline_source),
    ]
    return [SummaryRow(key, value) for key, value in rows]


def notice_rows(notice: DeliveryNotice) -> list[SummaryRow]:
    issuance = notice.issuance
    rows = [
        ("Delivery", notice.delivery_reference),
        ("From", notice.producer.name),
        ("To", notice.recipient_name),
        ("Product", words.product_name(issuance.product)),
        ("Delivered on", formats.day(notice.delivered_on)),
        ("Tonnes", formats.tonnes(notice.tonnes)),
        ("Default emission factor", formats.intensity(notice.default_factor)),
        ("Source of the factor", issuance.baseline_source),
        ("Attributes sold as", f"units of issuance {issuance.code}"),
        ("Sent", formats.moment(notice.sent_at)),
        ("Undertaking", _undertaking(notice)),
    ]
    if notice.undertaking_sha256:
        rows.append(("Signed file (SHA-256)", notice.undertaking_sha256))
    return [SummaryRow(key, value) for key, value in rows]


def _undertaking(notice: DeliveryNotice) -> str:
    if notice.undertaken_at is None:
        return "not given yet"
    filed = ", filed by the producer" if notice.undertaking_sha256 else ""
    return f"{formats.moment(notice.undertaken_at)} by {notice.undertaken_by}{filed}"
