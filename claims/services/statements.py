"""Statements: drafted, submitted, assured, published and superseded, never edited (9.1)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.permissions import require_initiator
from accounts.services import public_code
from claims.accounting.codec import encode
from claims.accounting.programme import SourcingRecord, faults
from claims.accounting.wording import AUDIENCES, CLAIM_TYPES, CORPORATE_REPORT, JURISDICTIONS
from claims.models import Claim, Inventory, Statement
from claims.queries import category_totals
from claims.services.inventories import lock_inventory, require_claimant
from claims.services.statement_steps import close_engagement, lock, record, step
from claims.services.stating import (
    Words,
    digest,
    document_of,
    findings_of,
    statement_facts,
    summary_of,
)
from claims.transitions import UNPUBLISHED, StatementState
from registry.errors import BadInput, NotNow, RulesBroken
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import failures
from registry.services.requests import once, retrying

_MOST_TEXT = 20_000
_WORDS = ["text", "claim_type", "audience", "jurisdictions", "sourcing"]
_MADE = [
    "document",
    "summary",
    "sha256",
    "findings",
    "edition",
    "submitted_at",
    "is_demonstration",
]


@retrying
def draft_statement(
    *, by: User, now: datetime, key: str, inventory: Inventory, words: Words
) -> Statement:
    """Start a statement on an inventory. One at a time is in preparation.

    Raises NotVisible, Refused, BadInput, NotNow. The rules judge its words at submission.
    """
    require_initiator(by, inventory.organisation)
    require_claimant(inventory.organisation, now.date())
    _require_shape(words)
    given = {"inventory": inventory.pk, **_plain(words)}
    with once(by=by, key=key, kind="statement.draft", now=now, input=given) as request:
        if request.is_repeat:
            return Statement.objects.get(pk=request.answer["statement"])
        lock_inventory(inventory)
        _require_none_in_preparation(inventory)
        statement = Statement(
            code=public_code(),
            inventory=inventory,
            organisation=inventory.organisation,
            is_demonstration=inventory.is_demonstration,
        )
        _say(statement, words)
        statement.save(force_insert=True)
        record(statement, "", by=by, now=now)
        request.answer = {"statement": str(statement.pk)}
        return statement


@retrying
def revise_statement(
    *, by: User, now: datetime, key: str, statement: Statement, words: Words
) -> Statement:
    """Change the words of a draft. Raises NotNow once it is submitted."""
    _permit(by, statement, now)
    _require_shape(words)
    given = {"statement": statement.pk, **_plain(words)}
    with once(by=by, key=key, kind="statement.revise", now=now, input=given) as request:
        found = lock(statement)
        if not request.is_repeat:
            if found.state != StatementState.DRAFT:
                raise NotNow(
                    found=f"The statement is {found.state}.",
                    allowed="A draft is changed; what is submitted stands still.",
                    action="Take it back first, or start another one.",
                )
            _say(found, words)
            found.save(update_fields=_WORDS)
        return found


@retrying
def submit_statement(*, by: User, now: datetime, key: str, statement: Statement) -> Statement:
    """Judge the draft and make its document, which stands still from then on.

    Raises NotVisible, Refused, RulesBroken with every finding, NotNow.
    """
    _permit(by, statement, now)
    given = {"statement": statement.pk}
    with once(by=by, key=key, kind="statement.submit", now=now, input=given) as request:
        lock_inventory(statement.inventory)
        found = lock(statement)
        if not request.is_repeat:
            step(found, "submit", by=by, now=now)
            _make_document(found, now)
            found.save(update_fields=["state", *_MADE])
        return found


@retrying
def take_back(*, by: User, now: datetime, key: str, statement: Statement) -> Statement:
    """Make a draft of it again. An open engagement closes; an opinion stays on record."""
    _permit(by, statement, now)
    given = {"statement": statement.pk}
    with once(by=by, key=key, kind="statement.take_back", now=now, input=given) as request:
        found = lock(statement)
        if not request.is_repeat:
            step(found, "take back", by=by, now=now)
            found.document = found.summary = found.submitted_at = None
            found.findings, found.sha256 = [], ""
            found.save(update_fields=["state", *_MADE])
            close_engagement(found, by=by, now=now)
        return found


@retrying
def discard_statement(*, by: User, now: datetime, key: str, statement: Statement) -> Statement:
    """Give up a draft: nothing was published."""
    _permit(by, statement, now)
    given = {"statement": statement.pk}
    with once(by=by, key=key, kind="statement.discard", now=now, input=given) as request:
        found = lock(statement)
        if not request.is_repeat:
            step(found, "discard", by=by, now=now)
            found.save(update_fields=["state"])
        return found


@retrying
def publish(*, by: User, now: datetime, key: str, statement: Statement) -> Statement:
    """Publish what was submitted, with the auditor's opinion if there is one.

    9.1 asks for no assurance, so it may go without; the statement then says so. It replaces the
    published one before it. Raises NotNow when claims or lines came after the submission.
    """
    _permit(by, statement, now)
    given = {"statement": statement.pk}
    with once(by=by, key=key, kind="statement.publish", now=now, input=given) as request:
        lock_inventory(statement.inventory)
        found = lock(statement)
        if not request.is_repeat:
            _require_current(found)
            _publish(found, by=by, now=now)
            close_engagement(found, by=by, now=now)
        return found


@retrying
def publish_statement(
    *,
    by: User,
    now: datetime,
    key: str,
    inventory: Inventory,
    text: str,
    claim_type: str = "corporate_inventory",
    audience: str = CORPORATE_REPORT,
    jurisdictions: tuple[str, ...] = (),
    sourcing: SourcingRecord | None = None,
) -> Statement:
    """Draft, submit and publish in one step, without assurance.

    text: the public words (R112, R114). Raises NotVisible, Refused, BadInput, RulesBroken.
    """
    require_initiator(by, inventory.organisation)
    require_claimant(inventory.organisation, now.date())
    words = Words(text, claim_type, audience, jurisdictions, sourcing)
    _require_shape(words, purpose=False)
    given = {"inventory": inventory.pk, **_plain(words)}
    with once(by=by, key=key, kind="statement", now=now, input=given) as request:
        if request.is_repeat:
            return Statement.objects.get(pk=request.answer["statement"])
        lock_inventory(inventory)
        statement = Statement(
            code=public_code(),
            inventory=inventory,
            organisation=inventory.organisation,
            state=StatementState.SUBMITTED,
        )
        _say(statement, words)
        _make_document(statement, now)
        _require_none_in_preparation(inventory)
        statement.save(force_insert=True)
        record(statement, "", by=by, now=now)
        _publish(statement, by=by, now=now)
        request.answer = {"statement": str(statement.pk)}
        return statement


def words_of(statement: Statement) -> Words:
    """What a statement says, as it was recorded."""
    sourcing = statement.sourcing
    return Words(
        text=statement.text,
        claim_type=statement.claim_type,
        audience=statement.audience,
        jurisdictions=tuple(statement.jurisdictions),
        sourcing=None
        if sourcing is None
        else SourcingRecord(**{**sourcing, "barriers": tuple(sourcing["barriers"])}),
    )


def _permit(by: User, statement: Statement, now: datetime) -> None:
    require_initiator(by, statement.organisation)
    require_claimant(statement.organisation, now.date())


def _require_none_in_preparation(inventory: Inventory) -> None:
    other = inventory.statements.filter(state__in=UNPUBLISHED).first()
    if other is not None:
        raise NotNow(
            found=f"Statement {other.code} on this inventory is in preparation ({other.state}).",
            allowed="One statement on an inventory is prepared at a time.",
            action="Publish or discard it first.",
        )


def _require_current(statement: Statement) -> None:
    """What was claimed or listed after the submission is not in the document."""
    if statement.state not in (StatementState.SUBMITTED, StatementState.ASSURED):
        return  # the step refuses it, in the table's words
    summary: Mapping[str, Any] = statement.summary or {}
    said = {each["code"] for each in [*summary["claims"], *summary["spend_claims"]]}
    made = set(
        Claim.objects.filter(inventory=statement.inventory_id).values_list("code", flat=True)
    )
    if said != made or _measured(summary) != _standing(statement.inventory):
        raise NotNow(
            found="Claims were made or lines changed after the statement was submitted.",
            allowed="A statement holds the inventory and everything claimed on it.",
            action="Take it back and submit it anew.",
        )


def _measured(summary: Mapping[str, Any]) -> tuple[int, dict[str, Decimal]]:
    """How many lines the document has, and their physical emissions by category."""
    categories = summary["physical_inventory"]["categories"]
    emissions = {each["category"]: Decimal(each["emissions"]) for each in categories}
    return summary["line_count"], emissions


def _standing(inventory: Inventory) -> tuple[int, dict[str, Decimal]]:
    """The same of the inventory as it stands."""
    totals = category_totals(inventory.lines.all())
    emissions = {each.category: each.physical_emissions for each in totals}
    return sum(each.lines for each in totals), emissions


def _publish(statement: Statement, *, by: User, now: datetime) -> None:
    latest = statement.inventory.statements.filter(state=StatementState.PUBLISHED).first()
    step(statement, "publish", by=by, now=now)
    statement.supersedes = latest
    statement.published_on, statement.published_at, statement.published_by = now.date(), now, by
    statement.save(
        update_fields=["state", "supersedes", "published_on", "published_at", "published_by"]
    )
    if latest is not None:
        step(latest, "replace", by=by, now=now)
        latest.save(update_fields=["state"])


def _make_document(statement: Statement, now: datetime) -> None:
    """Raises RulesBroken with every finding where a rule fails."""
    facts = statement_facts(statement.inventory, words_of(statement), now=now)
    findings = findings_of(facts, now=now)
    if failures(findings):
        raise RulesBroken(findings)
    document = document_of(facts, now=now)
    statement.document, statement.summary = document, summary_of(document)
    statement.sha256 = digest(document)
    statement.findings = [finding.as_dict() for finding in findings]
    statement.edition = edition_on(now.date()).id
    statement.submitted_at = now
    statement.is_demonstration = facts.demonstration


def _say(statement: Statement, words: Words) -> None:
    statement.text, statement.claim_type = words.text, words.claim_type
    statement.audience, statement.jurisdictions = words.audience, list(words.jurisdictions)
    statement.sourcing = encode(words.sourcing)


def _require_shape(words: Words, *, purpose: bool = True) -> None:
    """Raises BadInput for values no rule judges: unknown choices, long texts, SBTi's record.

    purpose: whether an unknown purpose is refused here; a rule (R112) refuses it otherwise.
    """
    errors: dict[str, list[str]] = {}
    if len(words.text) > _MOST_TEXT:
        errors["text"] = [f"Found {len(words.text)} characters; at most {_MOST_TEXT}."]
    if purpose and words.claim_type not in CLAIM_TYPES:
        errors["claim_type"] = [f"Choose {' or '.join(CLAIM_TYPES)}."]
    if words.audience not in AUDIENCES:
        errors["audience"] = [f"Choose of {', '.join(AUDIENCES)}."]
    if strange := [each for each in words.jurisdictions if each not in JURISDICTIONS]:
        errors["jurisdictions"] = [f"Found {strange[0]!r}. Choose of {', '.join(JURISDICTIONS)}."]
    if words.sourcing is not None:
        errors |= faults(words.sourcing)
    for name, text in _texts(words).items():
        if "\x00" in text:
            errors[name] = ["Found a NUL character: remove it."]
    if errors:
        raise BadInput(errors)


def _texts(words: Words) -> dict[str, str]:
    if words.sourcing is None:
        return {"text": words.text}
    names = ("sourcing_match", "barrier", "evidence")
    return {"text": words.text} | {f"sbti_{name}": getattr(words.sourcing, name) for name in names}


def _plain(words: Words) -> dict[str, object]:
    plain: dict[str, object] = encode(words)
    return plain
