"""Which units are provisional still: issued before their ex-post audit, and not settled (6.1).

They are settled when the audit confirms them. Where it differs, a correction in force that takes
up all of the difference settles them: what it holds back is suspended, the rest stands.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from registry.models import Adjustment, Confirmation, Issuance
from registry.transitions import AdjustmentState


def unsettled() -> QuerySet[Issuance]:
    """Issuances whose units are provisional still."""
    confirmed = Confirmation.objects.filter(issuance=OuterRef("pk"), is_confirmed=True)
    corrected = Adjustment.objects.filter(
        issuance=OuterRef("pk"),
        state=AdjustmentState.IN_FORCE,
        decided_at__gte=F("issuance__confirmation__at"),
        shortfall__gte=F("issuance__confirmation__shortfall"),
        intensity__gte=F("issuance__confirmation__verified_intensity"),
    )
    return Issuance.objects.filter(~Exists(confirmed), ~Exists(corrected), is_provisional=True)


def provisional_among(issuances: Iterable[Issuance]) -> dict[UUID, date]:
    """Of these, those whose units are provisional still, each with the day its audit is due.

    No query where none was issued before its audit. `services/unit_facts.py` asks the same in SQL.
    """
    asked = {each.pk for each in issuances if each.is_provisional}
    if not asked:
        return {}
    rows = unsettled().filter(pk__in=asked).values_list("pk", "verification__due_on")
    return dict(rows)


def differing() -> QuerySet[Confirmation]:
    """Audits that did not confirm, and no correction has settled: the operator's to begin."""
    rows = Confirmation.objects.filter(is_confirmed=False, issuance__in=unsettled())
    return rows.select_related("issuance__producer", "issuance__site").order_by("at")
