"""Agreements: recorded once, by their issuer, for buyers other than itself."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Organisation, User
from registry.errors import BadInput
from registry.models import Agreement
from registry.services.agreements import record_agreement
from tests.cast import Cast, agreement, cast, key
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


def record(
    people: Cast,
    *,
    by: User | None = None,
    issuer: Organisation | None = None,
    buyers: Sequence[Organisation] | None = None,
    same: str = "",
    **values: Any,
) -> Agreement:
    today = timezone.now().date()
    given = {"reference": "AG-7", "executed_on": today, "end_use": "Car bodies"}
    return record_agreement(
        by=by or people.alice,
        now=timezone.now(),
        key=same or key(),
        issuer=issuer or people.nordmetall,
        buyers=[people.broker] if buyers is None else buyers,
        values=given | values,
    )


def test_an_issuer_records_an_agreement_with_its_buyers(people: Cast) -> None:
    made = record(people, buyers=[people.broker, people.auto_werke, people.broker])
    joined = {party.organisation for party in made.parties.all()}
    assert joined == {people.broker, people.auto_werke}
    assert (made.transfers_allowed, made.claims_agreed) == (None, 1)


def test_a_repeat_with_the_buyers_in_another_order_is_the_same_request(people: Cast) -> None:
    same = key()
    first = record(people, same=same, buyers=[people.broker, people.auto_werke])
    with writes_nothing():
        assert record(people, same=same, buyers=[people.auto_werke, people.broker]) == first


def test_an_outsider_is_not_shown_the_issuer(people: Cast) -> None:
    with refused(NotVisible):
        record(people, by=people.bob)


def test_a_colleague_without_the_right_is_refused(people: Cast) -> None:
    with refused(Refused):
        record(people, by=people.anton)


def test_who_produces_nothing_issues_no_agreement(people: Cast) -> None:
    with refused(Refused) as refusal:
        record(people, by=people.carl, issuer=people.auto_werke)
    assert refusal.value.rule == "R013"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", ""),
        ("reference", "r" * 61),
        ("executed_on", None),
        ("end_use", ""),
        ("claims_agreed", 0),
        ("claims_agreed", 4),
        ("transfers_allowed", -1),
        ("transfers_allowed", 32_768),
        ("offtake_share", Decimal("1.000001")),
        ("offtake_share", Decimal("-0.1")),
        ("price", 5),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_field(
    people: Cast, field: str, value: object
) -> None:
    with refused(BadInput) as refusal:
        record(people, **{field: value})
    assert set(refusal.value.errors) == {field}


def test_no_agreement_is_recorded_before_its_execution(people: Cast) -> None:
    tomorrow = timezone.now().date() + timedelta(days=1)
    with refused(BadInput) as refusal:
        record(people, executed_on=tomorrow)
    assert set(refusal.value.errors) == {"executed_on"}


@pytest.mark.parametrize("whom", ["nobody", "itself", "itself among others"])
def test_an_agreement_names_a_buyer_other_than_its_issuer(people: Cast, whom: str) -> None:
    buyers = {
        "nobody": [],
        "itself": [people.nordmetall],
        "itself among others": [people.broker, people.nordmetall],
    }
    with refused(BadInput) as refusal:
        record(people, buyers=buyers[whom])
    assert set(refusal.value.errors) == {"buyers"}


def test_a_reference_used_before_is_refused_by_its_name(people: Cast) -> None:
    agreement(people, reference="AG-7")
    with refused(BadInput) as refusal:
        record(people, reference="AG-7")
    assert set(refusal.value.errors) == {"reference"}


def test_another_issuer_may_use_the_same_reference(people: Cast) -> None:
    agreement(people, reference="AG-7")
    assert record(people, by=people.erik, issuer=people.elektra, buyers=[people.broker])
