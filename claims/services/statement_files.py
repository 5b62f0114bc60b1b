"""Files attached to a draft as evidence of the barrier that SBTi V2 asks for."""

from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile

from accounts.models import User
from accounts.permissions import require_initiator
from claims.models import Statement, StatementFile
from claims.services.inventories import require_claimant
from claims.services.statement_steps import lock
from claims.transitions import StatementState
from registry.errors import NotNow
from registry.evidence import inspect
from registry.services.requests import once, retrying

MOST_FILES = 20


@retrying
def attach_file(
    *, by: User, now: datetime, key: str, statement: Statement, name: str, file: IO[bytes]
) -> StatementFile:
    """Attach a file to a draft; the same file twice is one. Its name and SHA-256 stand in the
    document from submission on.

    Raises NotVisible, Refused, BadInput `file`, NotNow.
    """
    require_initiator(by, statement.organisation)
    require_claimant(statement.organisation, now.date())
    seen = inspect(name, file)
    given = {"statement": statement.pk, "name": name, "sha256": seen.sha256}
    with once(by=by, key=key, kind="statement.file", now=now, input=given) as request:
        if request.is_repeat:
            return StatementFile.objects.get(pk=request.answer["file"])
        found = lock(statement)
        attached = found.files.filter(sha256=seen.sha256).first()
        if attached is None:
            _require_open(found)
            attached = StatementFile(
                statement=found,
                name=name[:200],
                media_type=seen.media_type,
                size=seen.size,
                sha256=seen.sha256,
                uploaded_at=now,
                uploaded_by=by,
            )
            attached.file.save(seen.sha256, ContentFile(seen.content), save=False)
            attached.save()
        request.answer = {"file": str(attached.pk)}
        return attached


def _require_open(statement: Statement) -> None:
    if statement.state != StatementState.DRAFT:
        raise NotNow(
            found=f"The statement is {statement.state}.",
            allowed="Files are attached to a draft; what is submitted stands still.",
            action="Take it back first, or start another one.",
        )
    if statement.sourcing is None:
        raise NotNow(
            found="The statement records nothing for SBTi's Corporate Net-Zero Standard V2.",
            allowed="Files are the evidence of what it records there.",
            action="Change its words: give tier and sourcing match, then attach the file.",
        )
    if statement.files.count() >= MOST_FILES:
        raise NotNow(
            found=f"{MOST_FILES} files are attached.",
            allowed=f"At most {MOST_FILES} files.",
            action="Put what is left into one file.",
        )
