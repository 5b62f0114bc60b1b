"""Telling organisations what happened: a row in the business transaction, an e-mail after it.

The row is the outbox: nothing waits for Redis or a mail server, and nothing told is lost.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Model

from accounts.errors import NotVisible
from accounts.models import Organisation, User
from accounts.permissions import require_member
from registry.models import Notice
from registry.services.requests import once

_MOST_TEXT = 500
_BATCH = 100


def tell(
    organisation: Organisation,
    *,
    kind: str,
    text: str,
    at: datetime,
    about: Model | None = None,
    url: str = "",
) -> Notice:
    """Tell one organisation, in the caller's transaction. url: a path of this registry."""
    return tell_all([organisation], kind=kind, text=text, at=at, about=about, url=url)[0]


def tell_all(
    organisations: Iterable[Organisation],
    *,
    kind: str,
    text: str,
    at: datetime,
    about: Model | None = None,
    url: str = "",
) -> list[Notice]:
    """Tell several organisations the same, each once, in one statement."""
    ids = {each.pk for each in organisations}
    return Notice.objects.bulk_create(
        Notice(
            organisation_id=pk,
            kind=kind,
            about_type=about._meta.model_name or "" if about else "",
            about_id=about.pk if about else None,
            text=text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…",
            url=url,
            at=at,
        )
        for pk in sorted(ids)
    )


def read_notices(
    *, by: User, now: datetime, key: str, organisation: Organisation, notice: UUID | None = None
) -> int:
    """Put away one notice of an organisation, or all of them; how many were unread."""
    require_member(by, organisation)
    rows = Notice.objects.filter(organisation=organisation)
    if notice is not None:
        rows = rows.filter(pk=notice)
        if not rows.exists():
            raise NotVisible(f"notice {notice}")
    with once(
        by=by,
        key=key,
        kind="notice.read",
        now=now,
        input={"organisation": organisation.pk, "notice": notice},
    ) as request:
        if not request.is_repeat:
            unread = rows.filter(read_at__isnull=True, at__lte=now)
            request.answer = {"read": unread.update(read_at=now, read_by=by)}
        return int(request.answer["read"])


def send_notices(*, now: datetime, most: int = 1_000) -> int:
    """Send what was told and has not left by e-mail; how many notices.

    A batch is marked when it has left: a crash between the two sends it once more, never not.
    """
    sent = 0
    while sent < most:
        with transaction.atomic():
            rows = list(
                Notice.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(sent_at__isnull=True)
                .select_related("organisation")
                .order_by("id")[:_BATCH]
            )
            if not rows:
                break
            _send(rows)
            Notice.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
            sent += len(rows)
    return sent


def _send(rows: list[Notice]) -> None:
    """One message to each person, addressed alone: colleagues see no list of addresses."""
    people: dict[UUID, list[str]] = {}
    members = User.objects.filter(
        memberships__organisation__in={row.organisation_id for row in rows}, is_active=True
    )
    for pk, email in members.values_list("memberships__organisation", "email").order_by("email"):
        people.setdefault(pk, []).append(email)
    messages = [
        EmailMessage(subject=_subject(row), body=_body(row), to=[email])
        for row in rows
        for email in people.get(row.organisation_id, [])
    ]
    if messages:
        with get_connection() as mail:
            mail.send_messages(messages)


def _subject(row: Notice) -> str:
    line = " ".join(row.text.split())
    return f"[Billet] {line if len(line) <= 120 else line[:119] + '…'}"


def _body(row: Notice) -> str:
    link = f"\n\n{settings.BILLET_PUBLIC_URL}{row.url}" if row.url else ""
    return f"{row.organisation.name}\n\n{row.text}{link}\n"
