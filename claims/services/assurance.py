"""Assurance of a statement: an auditor is engaged, reads it, gives an opinion or declines (9.1)."""

from datetime import datetime

from accounts.errors import NotVisible
from accounts.models import Organisation, User
from accounts.permissions import (
    has_object,
    is_member,
    open_to,
    require_initiator,
    roles_of,
)
from accounts.roles import Role
from claims.models import Assurance, Opinion, Statement
from claims.services.inventories import require_claimant
from claims.services.statement_steps import ASSURE, end, lock, step
from claims.transitions import AssuranceState, StatementState
from registry.errors import BadInput, NotNow
from registry.services.notices import tell
from registry.services.requests import once, retrying

_MOST_TEXT = 20_000


@retrying
def engage_auditor(
    *, by: User, now: datetime, key: str, statement: Statement, auditor: Organisation
) -> Assurance:
    """Open a submitted statement to one auditor's people. Raises NotNow, BadInput."""
    require_initiator(by, statement.organisation)
    require_claimant(statement.organisation, now.date())
    if Role.AUDITOR not in roles_of(auditor):
        raise BadInput({"auditor": [f"{auditor} is not an auditor of this registry."]})
    given = {"statement": statement.pk, "auditor": auditor.pk}
    with once(by=by, key=key, kind="assurance.engage", now=now, input=given) as request:
        if request.is_repeat:
            return Assurance.objects.get(pk=request.answer["assurance"])
        found = lock(statement)
        _require_open_to_engage(found)
        assurance = Assurance.objects.create(
            statement=found, auditor=auditor, opened_at=now, opened_by=by, sha256=found.sha256
        )
        open_to(auditor, ASSURE, found)
        tell(
            auditor,
            kind="assurance",
            text=f"{found.organisation.name} asks you to assure its statement {found.code}.",
            at=now,
            about=found,
            url=f"/assurance/{assurance.pk}/",
        )
        request.answer = {"assurance": str(assurance.pk)}
        return assurance


@retrying
def give_opinion(
    *, by: User, now: datetime, key: str, assurance: Assurance, opinion: str, text: str
) -> Assurance:
    """Sign an opinion on the document as it was submitted. Closes the engagement.

    Raises NotVisible for anybody it is not opened to, BadInput, NotNow.
    """
    require_engaged(by, assurance)
    _require_opinion(opinion, text)
    given = {"assurance": assurance.pk, "opinion": opinion, "text": text}
    with once(by=by, key=key, kind="assurance.give", now=now, input=given) as request:
        if request.is_repeat:
            return _fresh(assurance)
        statement = lock(assurance.statement)
        found = _fresh(assurance)
        found.opinion, found.text = opinion, text
        end(found, "give", by=by, now=now)
        step(statement, "assure", by=by, now=now, note=Opinion(opinion).label)
        statement.save(update_fields=["state"])
        _tell_claimant(found, now, f"gave its opinion: {Opinion(opinion).label.lower()}")
        return found


@retrying
def decline_engagement(
    *, by: User, now: datetime, key: str, assurance: Assurance, reason: str
) -> Assurance:
    """End the engagement without an opinion, with the reason."""
    require_engaged(by, assurance)
    _require_text("reason", reason, "Say why you give no opinion.")
    given = {"assurance": assurance.pk, "reason": reason}
    with once(by=by, key=key, kind="assurance.decline", now=now, input=given) as request:
        if request.is_repeat:
            return _fresh(assurance)
        lock(assurance.statement)
        found = _fresh(assurance)
        found.text = reason
        end(found, "decline", by=by, now=now)
        _tell_claimant(found, now, "gives no opinion")
        return found


def require_engaged(by: User, assurance: Assurance) -> None:
    """Open to the auditor's people while the engagement is; one with an opinion stays readable."""
    if not is_engaged(by, assurance):
        raise NotVisible(f"assurance {assurance.pk}")


def is_engaged(by: User, assurance: Assurance) -> bool:
    is_open = assurance.state == AssuranceState.OPEN
    return is_member(by, assurance.auditor) and (
        not is_open or has_object(by, ASSURE, assurance.statement)
    )


def is_readable(assurance: Assurance) -> bool:
    """Not after a decline or a closing; and only the version that the opinion is on."""
    is_same = assurance.sha256 == assurance.statement.sha256
    return assurance.state != AssuranceState.CLOSED and is_same


def _require_open_to_engage(statement: Statement) -> None:
    if statement.state != StatementState.SUBMITTED:
        raise NotNow(
            found=f"The statement is {statement.state}.",
            allowed="An auditor is engaged on a submitted statement, before it is published.",
            action="Submit it first; what is published is replaced by a new one.",
        )
    open_one = statement.assurances.filter(state=AssuranceState.OPEN).first()
    if open_one is not None:
        raise NotNow(
            found=f"{open_one.auditor} is engaged on it already.",
            allowed="One auditor at a time.",
            action="Wait for the opinion, or take the statement back.",
        )


def _require_opinion(opinion: str, text: str) -> None:
    if opinion not in Opinion.values:
        raise BadInput({"opinion": [f"Found {opinion!r}. Choose {', '.join(Opinion.values)}."]})
    _require_text("text", text, "Write what you examined, how, and what you conclude.")


def _require_text(field: str, text: str, missing: str) -> None:
    if not text.strip():
        raise BadInput({field: [missing]})
    if len(text) > _MOST_TEXT:
        raise BadInput({field: [f"Found {len(text)} characters; at most {_MOST_TEXT}."]})
    if "\x00" in text:
        raise BadInput({field: ["Found a NUL character: remove it."]})


def _tell_claimant(assurance: Assurance, now: datetime, what: str) -> None:
    statement = assurance.statement
    tell(
        statement.organisation,
        kind="assurance",
        text=f"{assurance.auditor.name} {what} on your statement {statement.code}.",
        at=now,
        about=statement,
        url=f"/statements/{statement.code}/",
    )


def _fresh(assurance: Assurance) -> Assurance:
    related = ("auditor", "statement__organisation", "statement__inventory")
    return Assurance.objects.select_related(*related).get(pk=assurance.pk)
