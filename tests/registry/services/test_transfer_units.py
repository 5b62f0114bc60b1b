"""Which units a transfer takes: what is told to who names too many, gone or foreign ones."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Account, User
from accounts.roles import Role
from registry.errors import BadInput, RulesBroken
from registry.ledger import Line
from registry.models import Issuance, Transfer
from registry.queries import Wanted
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.services.acts import account_of, broken, put
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000, steel=True)


@pytest.fixture(scope="module")
def iron(people: Cast) -> Issuance:
    return made.issue(people, tonnes=500)


def propose(
    people: Cast,
    units: Any,
    *,
    by: User | None = None,
    out_of: Account | None = None,
    to: Account | None = None,
    same: str = "",
    now: datetime = NOW,
    **more: Any,
) -> Transfer:
    given: dict[str, Any] = {"surrendered": True}
    return propose_transfer(
        by=by or people.erik,
        now=now,
        key=same or key(),
        from_account=out_of or people.steel_account,
        to_account=to or people.broker_account,
        units=units,
        **(given | more),
    )


def run(issuance: Issuance, first: int, last: int) -> Line:
    return Line(issuance.pk, 1, first, last)


def words(refusal: pytest.ExceptionInfo[RulesBroken]) -> str:
    return str(refusal.value)


# --- which units -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "units",
    [
        Wanted(0),
        Wanted(-600),
        Wanted(10**12 + 1),
        [],
        [(0, 5)],
        [(-1, 5)],
        [(600, 599)],
        [(1, 10**12 + 1)],
        [(1, 600), (600, 700)],
        [(5, 5), (5, 5)],
    ],
)
def test_units_that_name_nothing_are_refused_by_their_field(
    people: Cast, steel: Issuance, units: Any
) -> None:
    if isinstance(units, list):
        units = [run(steel, first, last) for first, last in units]
    with refused(BadInput) as refusal:
        propose(people, units)
    assert set(refusal.value.errors) == {"units"}


@pytest.mark.parametrize("copy", [0, 4, -1])
def test_a_copy_is_one_two_or_three(people: Cast, steel: Issuance, copy: int) -> None:
    with refused(BadInput) as refusal:
        propose(people, [Line(steel.pk, copy, 1, 1)])
    assert set(refusal.value.errors) == {"units"}


def test_a_note_that_is_too_long_is_refused_by_its_field(people: Cast, steel: Issuance) -> None:
    with refused(BadInput) as refusal:
        propose(people, Wanted(1), note="n" * 501)
    assert set(refusal.value.errors) == {"note"}
    assert propose(people, Wanted(1), note="n" * 500)


def test_a_quantity_that_is_not_there_is_told_what_is(people: Cast, steel: Issuance) -> None:
    propose(people, Wanted(600))
    with refused(RulesBroken) as refusal:
        propose(people, Wanted(600))
    assert broken(refusal) == ["R090"]
    assert "600 units requested, 400 available" in words(refusal)


def test_named_units_that_are_partly_gone_are_told_what_is_left(
    people: Cast, steel: Issuance
) -> None:
    """Who comes second with the same serials learns which of them are left."""
    propose(people, [run(steel, 1, 600)])
    with refused(RulesBroken) as refusal:
        propose(people, [run(steel, 401, 1_000)])
    assert broken(refusal) == ["R090"]
    assert f"units of {steel.code} are reserved, 400 of 600 are active" in words(refusal)
    assert f"Left of these: {steel.code} 601 to 1000." in words(refusal)


def test_named_units_of_somebody_else_are_told_apart(people: Cast, steel: Issuance) -> None:
    put(steel, people.broker_account)
    with refused(RulesBroken) as refusal:
        propose(people, [run(steel, 1, 10)], to=people.auto_account)
    assert broken(refusal) == ["R090"]
    assert "in another account" in words(refusal)


def test_serials_beyond_the_issuance_are_not_available(people: Cast, steel: Issuance) -> None:
    with refused(RulesBroken) as refusal:
        propose(people, [run(steel, 901, 1_100)])
    assert "200 units requested, 100 available" in words(refusal)


def test_an_issuance_that_does_not_exist_has_no_units(people: Cast, steel: Issuance) -> None:
    with refused(RulesBroken) as refusal:
        propose(people, [Line(uuid4(), 1, 1, 5)])
    assert {"R090", "R093"} <= set(broken(refusal))


def test_every_broken_rule_is_told_at_once(people: Cast, steel: Issuance) -> None:
    _, auditors = account_of(Role.AUDITOR)
    with refused(RulesBroken) as refusal:
        propose(people, Wanted(5_000), to=auditors, surrendered=False)
    assert broken(refusal) == ["R090", "R094"]
    assert [f.rule for f in refusal.value.findings if not f.failed] == [
        "R091",
        "R092",
        "R093",
        "R095",
        "R096",
        "R097",
    ]


# --- dates -------------------------------------------------------------------------------------


def test_units_are_offered_on_their_last_day_and_not_after(people: Cast, steel: Issuance) -> None:
    """Expiry counts by its date, though no sweep has run."""
    last = datetime.combine(steel.expires_on, time(23, 59), tzinfo=NOW.tzinfo)
    assert propose(people, [run(steel, 1, 1)], now=last)
    with refused(RulesBroken) as refusal:
        propose(people, [run(steel, 2, 2)], now=last + timedelta(minutes=1))
    assert broken(refusal) == ["R090"]
    assert "expired after" in words(refusal)


def test_a_quantity_passes_over_expired_units(people: Cast, steel: Issuance) -> None:
    after = datetime.combine(steel.expires_on + timedelta(days=1), time(9), tzinfo=NOW.tzinfo)
    with refused(RulesBroken) as refusal:
        propose(people, Wanted(1), now=after)
    assert "1 unit requested, 0 available" in words(refusal)
