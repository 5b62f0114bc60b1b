"""Additionality, of a contract or of one application, and the criteria of buyers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from registry.errors import BadInput, NotNow
from registry.models import Additionality, Agreement, CriterionAnswer, Production
from registry.services.additionality import (
    add_criterion,
    answer_criterion,
    determine_additionality,
)
from registry.services.productions import findings_of
from tests.cast import Cast, additionality, agreement, cast, key, production, submit
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def outcomes(draft: Production, *rules: str) -> list[str]:
    found = {each.rule: str(each.outcome) for each in findings_of(draft, on=timezone.now().date())}
    return [found[rule] for rule in rules]


def determine(by: Any, of: Agreement | Production, **values: Any) -> Additionality:
    return determine_additionality(by=by, now=timezone.now(), key=key(), of=of, values=values)


def test_without_an_agreement_it_is_of_the_day_the_application_is_handed_in(people: Cast) -> None:
    draft = production(people)
    assert outcomes(draft, "R040", "R042") == ["warn", "pass"]  # no file attached
    submit(people, draft)
    draft.refresh_from_db()
    assert draft.determined_additionality.determined_on == timezone.now().date()
    assert outcomes(draft, "R042") == ["pass"]


def test_an_agreement_s_holds_for_every_delivery_under_it(people: Cast) -> None:
    contract = agreement(people)
    additionality(people, contract)
    first, second = (production(people, agreement=contract) for _ in range(2))
    Additionality.objects.filter(production__isnull=False).update(declared=False)
    for draft in (first, second):
        assert outcomes(draft, "R040", "R042") == ["warn", "pass"]  # no file attached


def test_one_determined_on_another_day_than_the_signing_fails(people: Cast) -> None:
    contract = agreement(people)
    additionality(people, contract, determined_on=contract.executed_on + timedelta(days=1))
    assert outcomes(production(people, agreement=contract), "R042") == ["fail"]


def test_it_may_be_put_right_until_a_production_under_it_is_handed_in(people: Cast) -> None:
    contract = agreement(people)
    additionality(people, contract)
    draft = production(people, agreement=contract)
    additionality(people, contract, financial="Said better.")
    submit(people, draft)
    with refused(NotNow):
        additionality(people, contract)


def test_a_submitted_application_s_own_stands(people: Cast) -> None:
    draft = production(people)
    submit(people, draft)
    with refused(NotNow):
        additionality(people, draft)


def test_declaring_again_replaces_the_obligations(people: Cast) -> None:
    draft = production(people)
    made = determine(people.alice, draft, declared=True, none_apply="No carbon law here.")
    assert made.obligations.count() == 0
    assert Additionality.objects.count() == 1
    assert outcomes(draft, "R040", "R041") == ["pass", "warn"]


WRONG: dict[str, dict[str, Any]] = {
    "determined_on": {"determined_on": date(2025, 1, 1)},
    "obligations.0.kind": {"obligations": [{"kind": "law", "name": "Law"}]},
    "obligations.0.name": {"obligations": [{"kind": "carbon_tax"}]},
    "obligations.0.surplus": {
        "obligations": [{"kind": "carbon_tax", "name": "Tax", "surplus": "meets"}]
    },
    "obligations.0.colour": {
        "obligations": [{"kind": "carbon_tax", "name": "Tax", "colour": "red"}]
    },
    "obligations": {"obligations": [{"kind": "carbon_tax", "name": "Tax"}] * 51},
    "declared": {"declared": "perhaps"},
    "colour": {"colour": "red"},
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_value_names_its_field(people: Cast, field: str) -> None:
    draft = production(people)
    with refused(BadInput) as bad:
        determine(people.alice, draft, **WRONG[field])
    assert list(bad.value.errors) == [field]


@pytest.mark.parametrize("day", [None, timezone.now().date() + timedelta(days=2)])
def test_under_an_agreement_its_day_is_given_and_not_to_come(
    people: Cast, day: date | None
) -> None:
    contract = agreement(people)
    with refused(BadInput) as bad:
        determine(people.alice, contract, declared=True, determined_on=day)
    assert list(bad.value.errors) == ["determined_on"]


def test_only_the_producer_s_people_declare(people: Cast) -> None:
    draft, contract = production(people), agreement(people)
    for of in (draft, contract):
        with refused(Refused):
            determine(people.anton, of, declared=True)
        with refused(NotVisible):
            determine(people.bob, of, declared=True)


def test_buyers_criteria_are_answered_and_refuse_nothing(people: Cast) -> None:
    contract = agreement(people)
    draft = production(people, agreement=contract)
    assert outcomes(draft, "R039") == ["not applicable"]
    criterion = add_criterion(
        by=people.alice,
        now=timezone.now(),
        key=key(),
        agreement=contract,
        kind="hydrogen",
        text="Hourly matching",
    )
    assert outcomes(draft, "R039") == ["warn"]
    for met, expected in ((False, "warn"), (True, "pass")):
        answer_criterion(
            by=people.alice,
            now=timezone.now(),
            key=key(),
            production=draft,
            criterion=criterion,
            met=met,
        )
        assert outcomes(draft, "R039") == [expected]
    assert CriterionAnswer.objects.count() == 1
    other = production(people)
    with refused(BadInput):
        answer_criterion(
            by=people.alice,
            now=timezone.now(),
            key=key(),
            production=other,
            criterion=criterion,
            met=True,
        )
