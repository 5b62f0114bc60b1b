"""Idempotent writes and their transaction: the first lines of every service.

`once` opens the transaction, stores the key with a hash of its input in it, and hands back the
first answer to a repeat. A refused attempt rolls back, so it stores no key (GAP-6).
"""

import functools
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import OperationalError, connection, transaction

from accounts.ids import uuid7
from accounts.models import User
from accounts.permissions import Permit
from accounts.prepared import Asked, together
from registry.errors import BadInput, KeyReused
from registry.models import WriteRequest

P = ParamSpec("P")
R = TypeVar("R")

# Serialisation failure and deadlock: Postgres asks for the whole transaction again.
_AGAIN = {"40001", "40P01"}
_ATTEMPTS = 5
_REMEMBER = """
INSERT INTO registry_writerequest (id, by_id, key, kind, input_sha256, answer, at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s)
ON CONFLICT (by_id, key) DO NOTHING RETURNING 1
"""


@dataclass
class Request:
    """The running request. answer: set by a service at its end; found set on a repeat."""

    is_repeat: bool
    answer: dict[str, Any] = field(default_factory=dict)


def retrying(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service again when Postgres aborts it for a deadlock, a bounded number of times.

    Inside a caller's transaction there is nothing to repeat, so the error passes through.
    """

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state not in _AGAIN or connection.in_atomic_block or attempt == _ATTEMPTS:
                    raise
                time.sleep(0.01 * attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    return run


@contextmanager
def once(
    *,
    by: User,
    key: str,
    kind: str,
    now: datetime,
    input: Mapping[str, object],
    answer: Mapping[str, Any] | None = None,
    permit: Permit | None = None,
    along: Sequence[Asked] = (),
) -> Iterator[Request]:
    """Run the block in one transaction, at most once for this person and key.

    answer: where it is known beforehand, since ids are made here; else the block may set it.
    permit: what the person must be allowed, asked before anything is answered; along: what the
    block reads first. Both go in the key's round trip.
    Raises KeyReused when the key came with other input, BadInput for an empty or long key.
    """
    if not 1 <= len(key) <= 100 or "\x00" in key:
        if permit is not None:
            permit.require()
        raise BadInput({"idempotency_key": ["Give 1 to 100 characters, for example a UUID."]})
    digest = hashlib.sha256(_canonical([kind, input]).encode()).hexdigest()
    with transaction.atomic():
        known = dict(answer or {})
        # A concurrent holder of the same key is waited for by the unique index.
        remembered = Asked(_REMEMBER, [uuid7(), by.pk, key, kind, digest, json.dumps(known), now])
        together([*([permit.asked] if permit is not None else []), remembered, *along])
        if permit is not None:
            permit.require()
        if remembered.found:
            request = Request(is_repeat=False, answer=dict(known))
            yield request
            if request.answer != known:
                WriteRequest.objects.filter(by=by, key=key).update(answer=request.answer)
        else:
            before = WriteRequest.objects.get(by=by, key=key)
            if before.input_sha256 != digest:
                raise KeyReused(key)
            yield Request(is_repeat=True, answer=dict(before.answer or {}))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"an idempotent input holds plain values, found {type(value).__name__}")
