"""The first answer to a request, kept beside its idempotency key and given to every repeat.

A service hands a repeat the record as it stands now, which may have moved on since; a program
that asks again because an answer was lost needs the answer that it lost.
"""

from dataclasses import dataclass

from django.db import connection

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Answer:
    """body: the text that was sent. is_repeat: it was sent before."""

    status: int
    body: str
    is_repeat: bool


def first_answer(*, by: User, key: str, status: int, body: str) -> Answer:
    """Keep this answer as the key's first one, or return the one that came before it.

    For requests that a service has just recorded under the key; the first to be kept wins.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_writerequest SET answer = coalesce(answer, '{}'::jsonb)"
            " || jsonb_build_object('status', %s::int, 'body', %s::text)"
            " WHERE by_id = %s AND key = %s AND NOT coalesce(answer, '{}'::jsonb) ? 'body'",
            [status, body, by.pk, key],
        )
        if cursor.rowcount == 1:
            return Answer(status, body, is_repeat=False)
        cursor.execute(
            "SELECT (answer->>'status')::int, answer->>'body'"
            " FROM registry_writerequest WHERE by_id = %s AND key = %s",
            [by.pk, key],
        )
        before = cursor.fetchone()
    return Answer(before[0], before[1], is_repeat=True)
