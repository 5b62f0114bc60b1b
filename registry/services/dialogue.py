"""What auditor and producer say to each other before the statement is signed (5.3).

The auditor asks for evidence and raises findings; the producer answers, accepts or contests; the
auditor resolves. Everything is kept with who and when. Nothing may be open at the signature.
"""

from datetime import datetime
from typing import IO

from accounts.errors import NotVisible
from accounts.models import User
from accounts.permissions import has_object, is_member, require_initiator
from registry.errors import BadInput, NotNow
from registry.evidence import inspect
from registry.models import AuditFinding, Evidence, EvidenceRequest, Verification
from registry.services.productions import VERIFY, keep_evidence, lock
from registry.services.requests import once, retrying
from registry.transitions import ProductionState

_MOST_WORDS = 10_000


@retrying
def ask(
    *, by: User, now: datetime, key: str, verification: Verification, text: str
) -> EvidenceRequest:
    """The auditor asks for evidence. Raises NotVisible, NotNow, BadInput."""
    _require_auditor(by, verification)
    _require_words(text=text)
    with once(
        by=by,
        key=key,
        kind="verification.ask",
        now=now,
        input={"verification": verification.pk, "text": text},
    ) as request:
        if request.is_repeat:
            return EvidenceRequest.objects.get(pk=request.answer["request"])
        _require_under_way(verification)
        row = EvidenceRequest.objects.create(
            verification=verification, text=text, asked_at=now, asked_by=by
        )
        request.answer = {"request": str(row.pk)}
        return row


@retrying
def answer(
    *,
    by: User,
    now: datetime,
    key: str,
    asked: EvidenceRequest,
    text: str,
    kind: str = Evidence.Kind.OTHER,
    name: str = "",
    file: IO[bytes] | None = None,
) -> EvidenceRequest:
    """The producer answers with words, and a file where there is one. The first answer stands.

    Raises NotVisible, Refused, NotNow, BadInput.
    """
    production = asked.verification.production
    require_initiator(by, production.producer)
    _require_words(text=text)
    if kind not in Evidence.Kind.values:
        raise BadInput({"kind": [f"Choose one of {', '.join(Evidence.Kind.values)}."]})
    seen = inspect(name, file) if file is not None else None
    with once(
        by=by,
        key=key,
        kind="verification.answer",
        now=now,
        input={
            "request": asked.pk,
            "text": text,
            "kind": kind,
            "name": name,
            "sha256": seen.sha256 if seen else "",
        },
    ) as request:
        locked = lock(production)
        row = EvidenceRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if request.is_repeat:
            return row
        _require_under_way(row.verification)
        if row.answered_at is not None:
            raise _already("answered")
        row.answer, row.answered_at, row.answered_by = text, now, by
        if seen is not None:
            row.evidence = keep_evidence(locked, kind, name, seen, by=by, now=now)
        row.save()
        return row


@retrying
def raise_finding(
    *, by: User, now: datetime, key: str, verification: Verification, text: str
) -> AuditFinding:
    """The auditor objects to something. Raises NotVisible, NotNow, BadInput."""
    _require_auditor(by, verification)
    _require_words(text=text)
    with once(
        by=by,
        key=key,
        kind="verification.object",
        now=now,
        input={"verification": verification.pk, "text": text},
    ) as request:
        if request.is_repeat:
            return AuditFinding.objects.get(pk=request.answer["finding"])
        _require_under_way(verification)
        row = AuditFinding.objects.create(
            verification=verification, text=text, raised_at=now, raised_by=by
        )
        request.answer = {"finding": str(row.pk)}
        return row


@retrying
def respond(
    *, by: User, now: datetime, key: str, finding: AuditFinding, response: str, reason: str = ""
) -> AuditFinding:
    """The producer accepts a finding, or contests it with a reason. The first response stands.

    Raises NotVisible, Refused, NotNow, BadInput.
    """
    require_initiator(by, finding.verification.production.producer)
    if response not in AuditFinding.Response.values:
        raise BadInput({"response": [f"Choose {' or '.join(AuditFinding.Response.values)}."]})
    if response == AuditFinding.Response.CONTESTED and not reason.strip():
        raise BadInput({"reason": ["Say why you contest it."]})
    with once(
        by=by,
        key=key,
        kind="verification.respond",
        now=now,
        input={"finding": finding.pk, "response": response, "reason": reason},
    ) as request:
        row = AuditFinding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if not request.is_repeat:
            _require_under_way(row.verification)
            if row.response:
                raise _already("answered")
            row.response, row.reason = response, reason
            row.responded_at, row.responded_by = now, by
            row.save()
        return row


@retrying
def resolve(
    *, by: User, now: datetime, key: str, finding: AuditFinding, resolution: str
) -> AuditFinding:
    """The auditor closes a finding that the producer has answered. Raises NotVisible, NotNow,
    BadInput."""
    _require_auditor(by, finding.verification)
    _require_words(resolution=resolution)
    with once(
        by=by,
        key=key,
        kind="verification.resolve",
        now=now,
        input={"finding": finding.pk, "resolution": resolution},
    ) as request:
        row = AuditFinding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if not request.is_repeat:
            _require_under_way(row.verification)
            if not row.response:
                raise NotNow(
                    found="The producer has not answered this finding yet.",
                    allowed="A finding is resolved after it was accepted or contested.",
                    action="Wait for the answer, or return the application.",
                )
            if row.resolved_at is not None:
                raise _already("resolved")
            row.resolution, row.resolved_at, row.resolved_by = resolution, now, by
            row.save()
        return row


def require_resolved(verification: Verification) -> None:
    """Nothing is open between auditor and producer. Raises NotNow."""
    unanswered = verification.requests.filter(answered_at__isnull=True).count()
    unresolved = verification.objections.filter(resolved_at__isnull=True).count()
    if unanswered or unresolved:
        raise NotNow(
            found=f"{unanswered} requests are not answered and {unresolved} findings not resolved.",
            allowed="A statement is signed when nothing is open.",
            action="Resolve the findings, wait for the answers, or return the application.",
        )


def _require_auditor(by: User, verification: Verification) -> None:
    """A member of the engaged auditor, while the engagement is open to them."""
    is_theirs = is_member(by, verification.auditor)
    if not is_theirs or not has_object(by, VERIFY, verification.production):
        raise NotVisible(f"verification {verification.pk}")


def _require_under_way(verification: Verification) -> None:
    """Raises NotNow unless the verification has begun and is open."""
    fresh = Verification.objects.select_related("production").get(pk=verification.pk)
    under_way = (ProductionState.IN_VERIFICATION, ProductionState.PROVISIONAL)
    is_open = fresh.state in (Verification.State.OPEN, Verification.State.OVERDUE)
    if not is_open or fresh.production.state not in under_way:
        raise NotNow(
            found=f"The application is {ProductionState(fresh.production.state).label}.",
            allowed="Auditor and producer talk while it is in verification.",
            action="Start the verification first, or open the latest engagement.",
        )


def _already(done: str) -> NotNow:
    return NotNow(
        found=f"It is {done} already.",
        allowed="The first word stands.",
        action="Reload the page to see it.",
    )


def _require_words(**texts: str) -> None:
    for name, text in texts.items():
        if not text.strip():
            raise BadInput({name: ["Write what you mean."]})
        if len(text) > _MOST_WORDS or "\x00" in text:
            raise BadInput({name: [f"Use at most {_MOST_WORDS} characters of text."]})
