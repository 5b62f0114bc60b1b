"""Many issuances quickly: copies of a true one, as the services would have left them."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.ids import uuid7
from registry import ledger
from registry.models import Issuance

_COPY_PRODUCTION = """
INSERT INTO registry_production SELECT (jsonb_populate_record(p, jsonb_build_object('id', %s))).*
  FROM registry_production p WHERE p.id = %s
"""
_COPY_ISSUANCE = """
INSERT INTO registry_issuance SELECT (jsonb_populate_record(i, jsonb_build_object(
    'id', %s, 'code', %s, 'production_id', %s, 'quantity', %s))).*
  FROM registry_issuance i WHERE i.id = %s
"""


def copy_issuance(pattern: Issuance, account: UUID, quantity: int) -> Issuance:
    """Another issuance of the same kind, with its units active in the account."""
    production, issuance = uuid7(), uuid7()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_COPY_PRODUCTION, [production, pattern.production_id])
            code = issuance.hex[-12:].upper()
            cursor.execute(_COPY_ISSUANCE, [issuance, code, production, quantity, pattern.pk])
        ledger.issue(
            issuance=issuance,
            account=account,
            quantity=quantity,
            by=pattern.production.created_by_id,
            at=timezone.now(),
        )
    return Issuance.objects.get(pk=issuance)
