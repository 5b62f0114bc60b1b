"""Claimed is never more than retired: the claims' part of every reconciliation."""

from collections.abc import Iterator

from django.db import connection

from registry.invariants import Break

# Serials of a claim that its own organisation has not retired, and serials claimed twice.
_WRONG = """
SELECT c.issuance_id, c.copy, lower(piece), upper(piece) - 1, c.accounts, 'retired by the claimant'
  FROM (
    SELECT r.issuance_id, r.copy, array_agg(DISTINCT h.account_id)
               FILTER (WHERE h.account_id IS NOT NULL) AS accounts,
           int8multirange(r.serials) - coalesce(
               range_agg(h.serials) FILTER (
                   WHERE h.state = 'retired' AND a.organisation_id = claim.organisation_id),
               '{}') AS missing
      FROM claims_claimedrange r
      JOIN claims_claim claim ON claim.id = r.claim_id
      LEFT JOIN registry_holding h
        ON h.issuance_id = r.issuance_id AND h.copy = r.copy AND h.serials && r.serials
      LEFT JOIN accounts_account a ON a.id = h.account_id
     GROUP BY r.id, claim.organisation_id
  ) AS c, unnest(c.missing) AS piece
 UNION ALL
SELECT one.issuance_id, one.copy, lower(one.serials * other.serials),
       upper(one.serials * other.serials) - 1, NULL, 'claimed once'
  FROM claims_claimedrange one
  JOIN claims_claimedrange other
    ON other.issuance_id = one.issuance_id AND other.serials && one.serials AND other.id > one.id
   AND (other.copy = one.copy OR other.layer = one.layer)
 ORDER BY 1, 2, 3
"""


def claimed_but_not_retired() -> Iterator[Break]:
    """Every range that is claimed and not retired by its claimant, or claimed twice."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        for issuance, copy, first, last, accounts, expected in cursor.fetchall():
            yield Break(issuance, copy, first, last, expected, "claimed", frozenset(accounts or ()))
