"""Retired units stand still, and yet two may judge them at once: a claim and a suspension."""

from collections.abc import Sequence

from django.db import connection

from registry.tracing import Tonnes, columns

# Found by the ledger's own index, range by range, and locked in the order of their keys.
_LOCK = """
SELECT h.id
  FROM registry_holding h
 WHERE (h.issuance_id, h.id) IN (
       SELECT found.issuance_id, found.id
         FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS line(issuance, first, last)
        CROSS JOIN LATERAL (SELECT issuance_id, id FROM registry_holding
                             WHERE issuance_id = line.issuance AND copy IN (1, 2, 3)
                               AND serials && int8range(line.first, line.last, '[]')
                               AND state = 'retired'
                            OFFSET 0) AS found)
 ORDER BY h.id
   FOR UPDATE
"""


def hold_retired(tonnes: Sequence[Tonnes]) -> None:
    """Lock what is retired of these units until the transaction ends.

    Whoever comes first, the other sees what became of it: a claim made just before a suspension
    is told of it, one made just after is refused.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, columns(tonnes))
