"""Statements: drafted, submitted, assured, published and superseded, never edited (9.1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import require_initiator
from accounts.services import public_code
from claims.accounting.codec import decode, encode
from claims.accounting.programme import SourcingFile, SourcingRecord, faults
from claims.accounting.wording import AUDIENCES, CLAIM_TYPES, CORPORATE_REPORT, JURISDICTIONS
from claims.models import Claim, Inventory, Job, Statement
from claims.queries import category_totals
from claims.services import jobs
from claims.services.documents import MADE, Made, basis_of, make, put, write_document
from claims.services.inventories import lock_inventory, require_claimant
from claims.services.judgement import require_judgement
from claims.services.statement_steps import close_engagement, lock, record, require_step, step
from claims.services.stating import Words
from claims.transitions import UNPUBLISHED, StatementState
from registry.errors import BadInput, NotNow
from registry.services.requests import once, retrying

_MOST_TEXT = 20_000
_WORDS = ["text", "claim_type", "audience", "jurisdictions", "sourcing"]
# Lines that keep changing while a document is made from them.
_MOST_TRIES = 3


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

    For a large inventory a worker does it, and the statement stays a draft until then
    (`Statement.jobs`). Raises NotVisible, Refused, RulesBroken with every finding, NotNow.
    """
    _permit(by, statement, now)
    given = {"statement": statement.pk}
    with once(by=by, key=key, kind="statement.submit", now=now, input=given) as request:
        lock_inventory(statement.inventory)
        found = lock(statement)
        if not request.is_repeat and _is_large(found.inventory):
            require_step(found, "submit")
            _ask(found, Job.Kind.SUBMIT, by=by, now=now)
        elif not request.is_repeat:
            made = make(found.inventory, words_of(found), now=now)
            _submit(found, made, by=by, now=now)
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
            found.findings, found.sha256, found.basis = [], "", ""
            found.save(update_fields=["state", *MADE])
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

    text: the public words (R112, R114). For a large inventory a worker submits and publishes, and
    what is returned is the draft. Raises NotVisible, Refused, BadInput, RulesBroken.
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
            is_demonstration=inventory.is_demonstration,
        )
        _say(statement, words)
        is_large = _is_large(inventory)
        if is_large:
            statement.state = StatementState.DRAFT
        else:
            put(statement, make(inventory, words, now=now), now=now)
        _require_none_in_preparation(inventory)
        statement.save(force_insert=True)
        record(statement, "", by=by, now=now)
        if is_large:
            _ask(statement, Job.Kind.PUBLISH, by=by, now=now)
        else:
            _publish(statement, by=by, now=now)
        request.answer = {"statement": str(statement.pk)}
        return statement


def submit_for(job: Job, *, clock: jobs.Clock, progress: jobs.Progress) -> None:
    """The worker's part of submission, and of publication where that was asked for.

    The document is made without a lock. What it was made from is then looked at once more under
    one, and if it changed the document is made anew. Raises as submit_statement, and Lost.
    """
    assert job.statement is not None  # a job of this kind has one
    statement = Statement.objects.defer("document").get(pk=job.statement.pk)
    by, inventory = job.asked_by, statement.inventory
    for _ in range(_MOST_TRIES):
        _permit(by, statement, clock())
        statement.refresh_from_db(fields=[*_WORDS, "state"])
        words = words_of(statement)
        require_step(statement, "submit")
        made = make(inventory, words, now=clock(), stage=progress.stage)
        with transaction.atomic():
            lock_inventory(inventory)
            found, held, now = lock(statement), jobs.hold(job), clock()
            if words_of(found) == words and basis_of(inventory) == made.basis:
                _submit(found, made, by=by, now=now)
                if job.kind == Job.Kind.PUBLISH:
                    _publish(found, by=by, now=now)
                jobs.end(held, "finish", now, result={"statement": found.code})
                return
    raise NotNow(
        found=f"Lines, claims or words changed {_MOST_TRIES} times while the document was made.",
        allowed="A document is made from an inventory that stands still meanwhile.",
        action="Submit it again when nobody is changing the inventory.",
    )


def words_of(statement: Statement) -> Words:
    """What a statement says, as it was recorded, with the files attached."""
    return Words(
        text=statement.text,
        claim_type=statement.claim_type,
        audience=statement.audience,
        jurisdictions=tuple(statement.jurisdictions),
        sourcing=_sourcing(statement),
    )


def _sourcing(statement: Statement) -> SourcingRecord | None:
    if statement.sourcing is None:
        return None
    record: SourcingRecord = decode(SourcingRecord, statement.sourcing, "statement.sourcing")
    files = statement.files.order_by("uploaded_at", "id").values_list("name", "sha256")
    return replace(record, files=tuple(SourcingFile(*each) for each in files))


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
    if statement.basis:
        is_current = statement.basis == basis_of(statement.inventory)
    else:
        is_current = _adds_up_to_the_same(statement)
    if not is_current:
        raise NotNow(
            found="Claims were made or lines changed after the statement was submitted.",
            allowed="A statement holds the inventory and everything claimed on it.",
            action="Take it back and submit it anew.",
        )


def _adds_up_to_the_same(statement: Statement) -> bool:
    """What can still be said of a statement submitted before its basis was kept."""
    summary: Mapping[str, Any] = statement.summary or {}
    said = {each["code"] for each in [*summary["claims"], *summary["spend_claims"]]}
    made = set(
        Claim.objects.filter(inventory=statement.inventory_id).values_list("code", flat=True)
    )
    return said == made and _measured(summary) == _standing(statement.inventory)


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
    require_step(statement, "publish")
    require_judgement(statement)
    step(statement, "publish", by=by, now=now)
    statement.supersedes = latest
    statement.published_on, statement.published_at, statement.published_by = now.date(), now, by
    statement.save(
        update_fields=["state", "supersedes", "published_on", "published_at", "published_by"]
    )
    if latest is not None:
        step(latest, "replace", by=by, now=now)
        latest.save(update_fields=["state"])


def _submit(statement: Statement, made: Made, *, by: User, now: datetime) -> None:
    step(statement, "submit", by=by, now=now)
    put(statement, made, now=now)
    write_document(statement)
    statement.save(update_fields=["state", *(name for name in MADE if name != "document")])


def _is_large(inventory: Inventory) -> bool:
    return jobs.is_large(inventory.lines.count())


def _ask(statement: Statement, kind: str, *, by: User, now: datetime) -> None:
    jobs.ask(
        by=by,
        now=now,
        kind=kind,
        inventory=statement.inventory,
        asked={"statement": statement.code},
        statement=statement,
    )


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
