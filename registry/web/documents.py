"""A delivery notice as a document: JSON-ready, and a PDF to send along with the metal."""

from typing import Any

from registry.models import DeliveryNotice
from registry.rulebook.given import shown
from registry.rulebook.recipients import DECOUPLING_NOTICE
from registry.services.baseline_facts import short
from registry.services.recipients import UNDERTAKING
from registry.typeset import typeset
from registry.web.recipient_rows import notice_rows


def notice_document(notice: DeliveryNotice) -> dict[str, Any]:
    """Tonnes an integer, the factor a decimal string in t CO2e/t."""
    factor = short(notice.default_factor)
    assert factor is not None  # the column is never empty
    undertaken_at = notice.undertaken_at
    return {
        "delivery_reference": notice.delivery_reference,
        "producer": notice.producer.name,
        "recipient": notice.recipient_name,
        "product": notice.issuance.product,
        "functional_unit": notice.issuance.functional_unit,
        "delivered_on": notice.delivered_on.isoformat(),
        "tonnes": notice.tonnes,
        "default_factor": shown(factor),
        "default_factor_source": notice.issuance.baseline_source,
        "issuance": notice.issuance.code,
        "state": notice.state,
        "notice": DECOUPLING_NOTICE,
        "undertaking": UNDERTAKING,
        "undertaken_at": undertaken_at.isoformat() if undertaken_at else None,
        "undertaking_sha256": notice.undertaking_sha256,
        "is_demonstration": notice.issuance.is_demonstration,
    }


def notice_pdf(notice: DeliveryNotice) -> bytes:
    """The notice as a tagged PDF, dated the day it was sent."""
    data = {
        "rows": [[row.key, str(row.value)] for row in notice_rows(notice)],
        "notice": DECOUPLING_NOTICE,
        "undertaking": UNDERTAKING,
        "demonstration": notice.issuance.is_demonstration,
    }
    title = f"Delivery notice {notice.delivery_reference}"
    return typeset("delivery_notice", data, title=title, on=notice.sent_at.date())
