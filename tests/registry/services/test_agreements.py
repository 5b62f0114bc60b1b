"""Agreements: recorded once, by their issuer, for buyers other than itself."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Organisation, User
from registry.errors import BadInput, NotNow
from registry.models import Agreement
from registry.services.agreements import confirm_agreement, record_agreement
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


# --- rights and seats -------------------------------------------------------------------------

SEATS: list[dict[str, Any]] = [
    {"copy": 1, "layer": 4, "organisation": "auto_werke", "role": "primary"},
    {"copy": 2, "layer": 2, "organisation": "broker", "role": "distribution"},
    {"copy": 3, "layer": 5, "organisation": None, "role": "fleet owner"},
]
RIGHTS: dict[str, Any] = {"chain": "automotive", "responsible": "auto_werke"}


def with_terms(
    people: Cast,
    *,
    rights: dict[str, Any] | None = None,
    seats: list[dict[str, Any]] | None = None,
    claims: int = 3,
    same: str = "",
    secret: str = "",
) -> Agreement:
    """A three-seat agreement. Organisations by their name in the cast."""

    def known(values: dict[str, Any]) -> dict[str, Any]:
        names = {"organisation", "responsible"}
        return {
            name: getattr(people, value) if name in names and value else value
            for name, value in values.items()
        }

    return record_agreement(
        by=people.alice,
        now=timezone.now(),
        key=same or key(),
        issuer=people.nordmetall,
        buyers=[people.broker, people.auto_werke],
        values={
            "reference": "AG-9",
            "executed_on": timezone.now().date(),
            "end_use": "Car bodies",
            "claims_agreed": claims,
        },
        rights=known(RIGHTS | (rights or {})),
        seats=[known(seat) for seat in (SEATS if seats is None else seats)],
        commercial_terms=secret,
    )


def changed(number: int, **values: Any) -> list[dict[str, Any]]:
    return [{**seat, **(values if seat["copy"] == number else {})} for seat in SEATS]


def test_an_agreement_keeps_its_rights_seats_and_commercial_terms(people: Cast) -> None:
    same = key()
    made = with_terms(people, secret="EUR 100 a unit", same=same)
    assert made.rights.chain == "automotive"
    seats = made.seats.order_by("copy").values_list("copy", "layer", "organisation__name")
    assert list(seats)[1:] == [(2, 2, "Broker & Sons"), (3, 5, None)]
    assert made.commercial.text == "EUR 100 a unit"
    with writes_nothing():
        assert with_terms(people, secret="EUR 100 a unit", same=same) == made


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("chain", {"rights": {"chain": "bridges"}}),
        ("chain", {"rights": {"chain": ""}}),
        ("responsible", {"rights": {"responsible": "elektra"}}),
        ("transfer_roles", {"rights": {"transfer_to": "roles"}}),
        ("transfer_roles", {"rights": {"transfer_roles": ["intermediary"]}}),
        ("transfer_roles", {"rights": {"transfer_to": "roles", "transfer_roles": ["auditor"]}}),
        ("transfer_roles", {"rights": {"transfer_to": "roles", "transfer_roles": ["king"]}}),
        ("transfer_to", {"rights": {"transfer_to": "whoever"}}),
        ("option_units", {"rights": {"option_units": 5}}),
        ("option_until", {"rights": {"is_forward": True, "option_units": 5}}),
        ("option_units", {"rights": {"is_forward": True, "option_units": 0}}),
        ("price", {"rights": {"price": 5}}),
        ("seats", {"seats": SEATS[:2]}),
        ("seats", {"seats": SEATS, "claims": 2}),
        ("seats", {"seats": changed(2, copy=3)}),
        ("seats", {"seats": changed(2, layer=6)}),
        ("seats", {"seats": changed(2, layer=0)}),
        ("seats", {"seats": changed(2, layer=4)}),
        ("seats", {"seats": changed(2, organisation="elektra")}),
        ("seats", {"seats": changed(2, organisation="auto_werke")}),
        ("seats", {"seats": changed(1, organisation=None)}),
        ("seats", {"rights": {"chain": "packaging"}}),
        ("extent_share", {"seats": changed(2, extent_share=Decimal("1.1"))}),
        ("extent_share", {"seats": changed(2, extent_share=Decimal("-0.1"))}),
        ("role", {"seats": changed(2, role="")}),
        ("name", {"seats": changed(2, name="x")}),
    ],
)
def test_terms_that_do_not_fit_are_named(people: Cast, field: str, wrong: dict[str, Any]) -> None:
    with refused(BadInput) as refusal:
        with_terms(people, **wrong)
    assert field in refusal.value.errors


def test_a_buyer_confirms_once_and_nobody_else_does(people: Cast) -> None:
    made = with_terms(people)

    def confirm(by: User, organisation: Organisation) -> Any:
        return confirm_agreement(
            by=by, now=timezone.now(), key=key(), agreement=made, organisation=organisation
        )

    assert confirm(people.bob, people.broker).organisation == people.broker
    with refused(NotNow, match="already"):
        confirm(people.bob, people.broker)
    with refused(NotVisible):
        confirm(people.bob, people.auto_werke)
    with refused(NotVisible):
        confirm(people.erik, people.elektra)
    with refused(NotVisible):
        confirm(people.alice, people.nordmetall)


@pytest.mark.parametrize("table", ["rights", "seats", "commercial"])
def test_nothing_that_was_agreed_changes(people: Cast, table: str) -> None:
    made = with_terms(people, secret="EUR 100 a unit")
    row: Any = getattr(made, table)
    row = row.first() if table == "seats" else row
    with transaction.atomic(), pytest.raises(DatabaseError, match="Cannot"):
        row.delete()
    with transaction.atomic(), pytest.raises(DatabaseError, match="Cannot"):
        row.save()
