"""A ledger to measure on: the cast of the tests, and as many issuances as asked for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from registry.models import Issuance
from tests.cast import Cast, cast, issue

# A hundred thousand million tonnes: more than any run takes.
QUANTITY = 10**11
# In the leading digits, as the time of a UUIDv7, by which the index tells issuances apart; eight,
# since pgbench writes numbers without leading zeros.
NTH, _FIRST = "%s-0000-4000-8000-000000000000", 10**7
_COPIES = """
WITH numbered AS (
    SELECT gen_random_uuid() AS production, issuance FROM unnest(%(ids)s::uuid[]) AS issuance
), produced AS (
    INSERT INTO registry_production
    SELECT (jsonb_populate_record(p, jsonb_build_object('id', n.production))).*
      FROM numbered n, registry_production p WHERE p.id = %(production)s
)
INSERT INTO registry_issuance
SELECT (jsonb_populate_record(i, jsonb_build_object('id', n.issuance,
           'code', upper(substr(replace(n.issuance::text, '-', ''), 1, 12)),
           'production_id', n.production, 'quantity', %(quantity)s::bigint,
           'delivered_tonnes', %(quantity)s::bigint))).*
  FROM numbered n, registry_issuance i WHERE i.id = %(issuance)s
"""


@dataclass(frozen=True)
class Ledger:
    """people and a true issuance; copies: more like it, all active in Erik's account."""

    people: Cast
    first: Issuance
    copies: list[UUID]


def nth(number: int) -> UUID:
    """The id of the copy with a number from 0 up, such as pgbench can write out: see `NTH`."""
    return UUID(NTH % (_FIRST + number))


def build(copies: int) -> Ledger:
    """In the database at hand. Copies share the first's judgement, and its date of expiry."""
    people = cast()
    first = issue(people, tonnes=1_000, steel=True)
    made = add_copies(first, [nth(number) for number in range(copies)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(ledger_issue(id, %s, quantity, %s, now())) FROM registry_issuance"
            " WHERE id = ANY (%s)",
            [people.steel_account.pk, people.erik.pk, made],
        )
        for table in ("registry_holding", "registry_entry", "registry_issuance"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return Ledger(people, first, made)


def add_copies(first: Issuance, ids: list[UUID], quantity: int = QUANTITY) -> list[UUID]:
    """More issuances like this one, of which nothing has been issued yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COPIES,
            {
                "ids": ids,
                "quantity": quantity,
                "production": first.production_id,
                "issuance": first.pk,
            },
        )
    return ids
