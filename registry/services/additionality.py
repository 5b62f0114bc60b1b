"""Additionality (3.3): determined with the contract, or with one application without one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from accounts.models import User
from accounts.permissions import require_initiator
from registry.errors import BadInput, NotNow
from registry.models import (
    Additionality,
    Agreement,
    AgreementCriterion,
    CriterionAnswer,
    Evidence,
    Obligation,
    Production,
)
from registry.rulebook import facts
from registry.rulebook.facts import AdditionalityFacts, BuyerCriterion
from registry.services.requests import once, retrying
from registry.services.shape import faults_of, only, save_clean
from registry.transitions import ProductionState

ADDITIONALITY_FIELDS = (
    "determined_on",
    "declared",
    "none_apply",
    "financial",
    "common_practice",
)
OBLIGATION_FIELDS = ("kind", "name", "surplus", "explanation", "evidence")
MOST_OBLIGATIONS = 50
OPEN = (ProductionState.DRAFT, ProductionState.RETURNED)


@retrying
def determine_additionality(
    *,
    by: User,
    now: datetime,
    key: str,
    of: Agreement | Production,
    values: Mapping[str, Any],
) -> Additionality:
    """Declare additionality. values: keys of ADDITIONALITY_FIELDS, and `obligations` as a list.

    Of an agreement, for all deliveries under it, until a production under it is handed in; of a
    production, while it is a draft or returned. What was said before is replaced, and kept in its
    history. Raises NotVisible, Refused, NotNow, BadInput.
    """
    require_initiator(by, of.issuer if isinstance(of, Agreement) else of.producer)
    chosen = only((*ADDITIONALITY_FIELDS, "obligations"), values)
    with once(
        by=by, key=key, kind="additionality", now=now, input={"of": of.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return Additionality.objects.get(pk=request.answer["additionality"])
        about = _locked(of)
        given = {name: value for name, value in chosen.items() if name != "obligations"}
        found = Additionality.objects.filter(**about).first() or Additionality(**about)
        for name in ADDITIONALITY_FIELDS:
            field = Additionality._meta.get_field(name)
            # Our fields are concrete ones.
            setattr(found, name, given.get(name, field.get_default()))  # type: ignore[union-attr]
        found.recorded_at, found.recorded_by = now, by
        obligations = _obligations(found, chosen.get("obligations") or [])
        save_clean(found, **_faults(of, found, now.date()), **_row_faults(obligations))
        found.obligations.all().delete()
        Obligation.objects.bulk_create(obligations)
        request.answer = {"additionality": str(found.pk)}
        return found


@retrying
def add_criterion(
    *, by: User, now: datetime, key: str, agreement: Agreement, kind: str, text: str
) -> AgreementCriterion:
    """Record what an agreement's buyers ask beyond eligibility (R039). It never changes after.

    Raises NotVisible, Refused, BadInput.
    """
    require_initiator(by, agreement.issuer)
    with once(
        by=by,
        key=key,
        kind="agreement.criterion",
        now=now,
        input={"agreement": agreement.pk, "kind": kind, "text": text},
    ) as request:
        if request.is_repeat:
            return AgreementCriterion.objects.get(pk=request.answer["criterion"])
        criterion = AgreementCriterion(agreement=agreement, kind=kind, text=text)
        save_clean(criterion)
        request.answer = {"criterion": str(criterion.pk)}
        return criterion


@retrying
def answer_criterion(
    *,
    by: User,
    now: datetime,
    key: str,
    production: Production,
    criterion: AgreementCriterion,
    met: bool,
    note: str = "",
) -> CriterionAnswer:
    """Say whether a production meets what its agreement's buyers ask (R039). Refuses nothing.

    Raises NotVisible, Refused, NotNow, BadInput: a criterion of another agreement.
    """
    require_initiator(by, production.producer)
    with once(
        by=by,
        key=key,
        kind="criterion",
        now=now,
        input={"production": production.pk, "criterion": criterion.pk, "met": met, "note": note},
    ) as request:
        if request.is_repeat:
            return CriterionAnswer.objects.get(pk=request.answer["answer"])
        locked = Production.objects.select_for_update(of=("self",)).get(pk=production.pk)
        _require_open(locked)
        if criterion.agreement_id != locked.agreement_id:
            raise BadInput({"criterion": ["Choose a criterion of this production's agreement."]})
        answer = CriterionAnswer.objects.filter(
            production=locked, criterion=criterion
        ).first() or CriterionAnswer(production=locked, criterion=criterion)
        answer.met, answer.note = met, note
        save_clean(answer)
        request.answer = {"answer": str(answer.pk)}
        return answer


def additionality_of(production: Production) -> Additionality | None:
    """The agreement's where it has one, else the production's own."""
    rows = Additionality.objects.prefetch_related("obligations")
    if production.agreement_id is not None:
        found = rows.filter(agreement=production.agreement_id).first()
        if found is not None:
            return found
    return rows.filter(production=production.pk).first()


def additionality_facts(
    production: Production, *, on: date | None = None
) -> AdditionalityFacts | None:
    """A production's additionality as the rules see it, None where it is not determined.

    Without an agreement it is determined with the application, which is of `on` while it is open:
    the day of judgement, or none where nothing is judged.
    """
    found = additionality_of(production)
    if found is None:
        return None
    determined_on = found.determined_on
    if production.agreement_id is None and production.state in OPEN:
        determined_on = on
    return AdditionalityFacts(
        determined_on=determined_on,
        declared=found.declared,
        obligations=tuple(
            facts.Obligation(
                kind=each.kind,
                name=each.name,
                surplus=each.surplus,
                explanation=each.explanation,
                evidence=each.evidence,
            )
            for each in sorted(found.obligations.all(), key=lambda each: str(each.pk))
        ),
        none_apply=found.none_apply,
        financial=found.financial,
        common_practice=found.common_practice,
        files=production.evidence.filter(kind=Evidence.Kind.ADDITIONALITY).count(),
    )


def date_with_application(production: Production, on: date) -> None:
    """Without an agreement, additionality is determined on the day it is handed in (R042)."""
    if production.agreement_id is None:
        Additionality.objects.filter(production=production).update(determined_on=on)


def applied_on(production: Production) -> date | None:
    """The day an application was handed in last, None while it is open."""
    if production.state in OPEN:
        return None
    handed_in = production.steps.filter(to_state=ProductionState.SUBMITTED).order_by("-at").first()
    return None if handed_in is None else handed_in.at.date()


def criteria_of(production: Production) -> tuple[BuyerCriterion, ...]:
    """What the agreement's buyers ask, with the producer's answers."""
    if production.agreement_id is None:
        return ()
    rows = AgreementCriterion.objects.filter(agreement=production.agreement_id).order_by("pk")
    answers = dict(
        CriterionAnswer.objects.filter(production=production.pk).values_list("criterion", "met")
    )
    return tuple(BuyerCriterion(row.kind, row.text, answers.get(row.pk)) for row in rows)


def _locked(of: Agreement | Production) -> dict[str, Any]:
    """What it is of, by the name of its column, locked and open. Raises NotNow."""
    if isinstance(of, Production):
        locked = Production.objects.select_for_update(of=("self",)).get(pk=of.pk)
        _require_open(locked)
        return {"production": locked}
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=of.pk)
    if agreement.productions.exclude(state__in=OPEN).exists():
        raise NotNow(
            found="A production under this agreement has been handed in.",
            allowed="Additionality is determined once and holds for all deliveries (R042).",
            action="Conclude another agreement where the law has changed.",
        )
    return {"agreement": agreement}


def _require_open(production: Production) -> None:
    if production.state not in OPEN:
        raise NotNow(
            found=f"The application is {ProductionState(production.state).label}.",
            allowed="It can be changed while it is a draft or returned.",
            action="Reload the page to see where it stands.",
        )


def _faults(of: Agreement | Production, found: Additionality, on: date) -> dict[str, list[str]]:
    day = found.determined_on
    under = of if isinstance(of, Agreement) else of.agreement
    if under is None:
        # Dated with the application, by `date_with_application`.
        found.determined_on = None
        if day is not None:
            return {"determined_on": ["Leave it empty: without an agreement it is dated for you."]}
    elif day is None:
        return {"determined_on": [f"Give the day of signing, {under.executed_on}."]}
    elif day > on:
        return {"determined_on": ["Give a date of today or before."]}
    return {}


def _obligations(found: Additionality, given: Sequence[Mapping[str, Any]]) -> list[Obligation]:
    if len(given) > MOST_OBLIGATIONS:
        raise BadInput({"obligations": [f"Give at most {MOST_OBLIGATIONS}; found {len(given)}."]})
    errors = {
        f"obligations.{number}.{unknown}": ["There is no such field."]
        for number, row in enumerate(given)
        for unknown in sorted(set(row) - set(OBLIGATION_FIELDS))
    }
    if errors:
        raise BadInput(errors)
    return [Obligation(additionality=found, **row) for row in given]


def _row_faults(obligations: Sequence[Obligation]) -> dict[str, list[str]]:
    return {
        f"obligations.{number}.{field}": texts
        for number, row in enumerate(obligations)
        for field, texts in faults_of(row, without=("additionality",)).items()
    }
