"""Which claims and statements lean on units: what a suspension tells, and how they are marked.

A statement's document never changes. Its marks stand beside it, and are read anew each time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse

from claims.models import Statement
from claims.transitions import PUBLIC
from registry.models.suspension import MARKING
from registry.tracing import Said, Tonnes, columns

_CLAIMED = """
SELECT c.id, c.code, c.inventory_id, c.claimed_at, o.id, o.name,
       sum(least(upper(r.serials), line.last + 1)
           - greatest(lower(r.serials), line.first))::bigint
  FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS line(issuance, first, last)
  JOIN claims_claimedrange r
    ON r.issuance_id = line.issuance AND r.serials && int8range(line.first, line.last, '[]')
  JOIN claims_claim c ON c.id = r.claim_id
  JOIN accounts_organisation o ON o.id = c.organisation_id
 GROUP BY c.id, c.code, c.inventory_id, c.claimed_at, o.id, o.name
 ORDER BY c.claimed_at DESC, c.id
"""

_SUSPENDED = """
SELECT s.id, x.code, x.reason, x.state, x.approved_at, i.code,
       sum(upper(r.serials * u.serials) - lower(r.serials * u.serials))::bigint
  FROM claims_statement s
  JOIN claims_claim c ON c.inventory_id = s.inventory_id AND c.claimed_at <= s.submitted_at
  JOIN claims_claimedrange r ON r.claim_id = c.id
  JOIN registry_suspendedrange u ON u.issuance_id = r.issuance_id AND u.serials && r.serials
  JOIN registry_suspension x ON x.id = u.suspension_id
  JOIN registry_issuance i ON i.id = r.issuance_id
 WHERE s.id = ANY(%s) AND x.state = ANY(%s)
 GROUP BY s.id, x.id, x.code, x.reason, x.state, x.approved_at, i.code
 ORDER BY x.approved_at DESC, x.code, i.code
"""

# A claim made after a correction used it; one made before stands on the old figure.
_ADJUSTED = """
SELECT s.id, a.code, a.reason, a.intensity, a.adjusted_intensity, a.decided_at, i.code,
       sum(upper(r.serials) - lower(r.serials))::bigint
  FROM claims_statement s
  JOIN claims_claim c ON c.inventory_id = s.inventory_id AND c.claimed_at <= s.submitted_at
  JOIN claims_claimedrange r ON r.claim_id = c.id
  JOIN registry_adjustment a
    ON a.issuance_id = r.issuance_id AND a.state = 'in_force' AND a.decided_at > c.claimed_at
  JOIN registry_issuance i ON i.id = r.issuance_id
 WHERE s.id = ANY(%s)
 GROUP BY s.id, a.id, a.code, a.reason, a.intensity, a.adjusted_intensity, a.decided_at, i.code
 ORDER BY a.decided_at DESC, a.code, i.code
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a published statement can no longer be relied on as it stands.

    kind: "suspended" (under review), "invalid" (its units were cancelled) or "adjusted" (the
    units' figures were corrected since). code: of the suspension or adjustment.
    """

    kind: str
    code: str
    issuance: str
    units: int
    reason: str
    since: str

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def said_about(tonnes: Sequence[Tonnes]) -> Iterable[Said]:
    """The claims on these units and the statements published from them. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMED, columns(tonnes))
        claims = cursor.fetchall()
    for _, code, inventory, _, organisation, name, units in claims:
        url = reverse("claims:claim", args=[inventory, code])
        yield Said("claim", code, organisation, name, units, url)
    rows = (
        Statement.objects.filter(inventory__in={claim[2] for claim in claims}, state__in=PUBLIC)
        .select_related("organisation")
        .defer("document", "summary", "findings", "text")
        .order_by("-published_at", "-id")
    )
    for row in rows:
        stated_at = row.submitted_at
        leaned = [c for c in claims if c[2] == row.inventory_id and c[3] <= stated_at]
        if leaned:
            yield Said(
                "statement",
                row.code,
                row.organisation_id,
                row.organisation.name,
                sum(claim[6] for claim in leaned),
                reverse("statements:statement", args=[row.code]),
            )


def marks_of(statements: Iterable[Statement]) -> Mapping[UUID, list[Mark]]:
    """By statement, its marks; none where all its units stand. Two queries for any number."""
    ids = [each.pk for each in statements]
    marks: dict[UUID, list[Mark]] = {pk: [] for pk in ids}
    if not ids:
        return marks
    with connection.cursor() as cursor:
        cursor.execute(_SUSPENDED, [ids, [str(state) for state in MARKING]])
        for pk, code, reason, state, at, issuance, units in cursor.fetchall():
            kind = "invalid" if state == "cancelled" else "suspended"
            marks[pk].append(Mark(kind, code, issuance, units, reason, at.date().isoformat()))
        cursor.execute(_ADJUSTED, [ids])
        for pk, code, reason, intensity, adjusted, at, issuance, units in cursor.fetchall():
            figure = intensity if adjusted is None else adjusted
            text = f"{reason} Corrected to {figure.normalize():f} t CO2e/t."
            marks[pk].append(Mark("adjusted", code, issuance, units, text, at.date().isoformat()))
    return marks
