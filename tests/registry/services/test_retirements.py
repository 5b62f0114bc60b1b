"""Retirement: the holder takes units out of circulation, once and for good."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Account, User
from accounts.roles import Role
from registry.errors import BadInput, KeyReused, RulesBroken
from registry.ledger import Line
from registry.models import Issuance, Retirement
from registry.queries import Wanted
from registry.services.retirements import lines_of, retire
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import total
from tests.registry.services.acts import account_of, broken, put, queries_of
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    """1,000 units in the car maker's account."""
    issuance = made.issue(people, tonnes=1_000, steel=True)
    put(issuance, people.auto_account)
    return issuance


def take(
    people: Cast,
    units: Any,
    *,
    by: User | None = None,
    account: Account | None = None,
    same: str = "",
    now: datetime = NOW,
    **more: str,
) -> Retirement:
    return retire(
        by=by or people.carl,
        now=now,
        key=same or key(),
        account=account or people.auto_account,
        units=units,
        **more,
    )


def run(issuance: Issuance, first: int, last: int) -> Line:
    return Line(issuance.pk, 1, first, last)


def test_an_end_user_retires_what_it_holds(people: Cast, steel: Issuance) -> None:
    done = take(people, Wanted(400), purpose="Scope 3 claim", beneficiary="Fleet customers")
    assert (done.quantity, done.organisation, done.retired_by) == (
        400,
        people.auto_werke,
        people.carl,
    )
    assert (done.retired_on, done.purpose, done.beneficiary) == (
        NOW.date(),
        "Scope 3 claim",
        "Fleet customers",
    )
    assert total(people.auto_account.pk, "retired") == 400
    assert total(people.auto_account.pk) == 600


def test_named_serials_are_the_ones_retired(people: Cast, steel: Issuance) -> None:
    named = [run(steel, 999, 1_000), run(steel, 10, 20)]
    assert lines_of(take(people, named)) == sorted(named)


def test_an_intermediary_may_retire(people: Cast, steel: Issuance) -> None:
    """AMB-2: a right to claim is empty otherwise."""
    put(steel, people.broker_account)
    assert take(people, Wanted(5), by=people.bob, account=people.broker_account)


def test_the_record_names_who_retired_on_which_day(people: Cast, steel: Issuance) -> None:
    findings = {finding["rule"]: finding for finding in take(people, Wanted(5)).findings}
    assert set(findings) == {"R103", "R104"}
    assert findings["R103"]["found"].startswith("Auto Werke for Auto Werke on ")


def test_an_outsider_is_not_shown_the_account(people: Cast, steel: Issuance) -> None:
    with refused(NotVisible):
        take(people, Wanted(1), by=people.bob)


def test_a_member_without_the_right_is_refused(people: Cast, steel: Issuance) -> None:
    put(steel, people.broker_account)
    with refused(Refused) as refusal:
        take(people, Wanted(1), by=people.bea, account=people.broker_account)
    assert refusal.value.rule == ""


@pytest.mark.parametrize(
    ("role", "rule"),
    [
        (Role.STEEL_PRODUCER, "R011"),
        (Role.AUDITOR, "R015"),
        (Role.OPERATOR, "OURS-1"),
    ],
)
def test_who_may_not_retire_is_refused_by_its_rule(
    people: Cast, steel: Issuance, role: Role, rule: str
) -> None:
    somebody, account = account_of(role)
    put(steel, account)
    with refused(Refused) as refusal:
        take(people, Wanted(1), by=somebody, account=account)
    assert refusal.value.rule == rule


def test_an_ironmaker_retires_none_of_its_own_iron(people: Cast) -> None:
    made.issue(people, tonnes=10)
    with refused(Refused) as refusal:
        take(people, Wanted(1), by=people.alice, account=people.iron_account)
    assert refusal.value.rule == "R010"


def test_a_maker_of_both_retires_none_of_its_own_iron(people: Cast) -> None:
    made.issue(people, tonnes=10)
    people.nordmetall.role_rows.create(role=Role.STEEL_PRODUCER)
    with refused(Refused) as refusal:
        take(people, Wanted(1), by=people.alice, account=people.iron_account)
    assert refusal.value.rule == "R016"


def test_an_intermediary_that_makes_steel_retires_no_iron(people: Cast) -> None:
    """R016 speaks whatever other role would grant it."""
    put(made.issue(people, tonnes=10), people.broker_account)
    people.broker.role_rows.create(role=Role.STEEL_PRODUCER)
    with refused(Refused) as refusal:
        take(people, Wanted(1), by=people.bob, account=people.broker_account)
    assert refusal.value.rule == "R016"


@pytest.mark.parametrize(("field", "text"), [("purpose", "p" * 301), ("beneficiary", "b" * 201)])
def test_a_text_that_is_too_long_is_refused_by_its_field(
    people: Cast, steel: Issuance, field: str, text: str
) -> None:
    with refused(BadInput) as refusal:
        take(people, Wanted(1), **{field: text})
    assert set(refusal.value.errors) == {field}
    assert take(people, Wanted(1), **{field: text[1:]})


@pytest.mark.parametrize("units", [Wanted(0), Wanted(10**12 + 1), []])
def test_units_that_name_nothing_are_refused_by_their_field(
    people: Cast, steel: Issuance, units: Any
) -> None:
    with refused(BadInput) as refusal:
        take(people, units)
    assert set(refusal.value.errors) == {"units"}


def test_more_than_there_is_retires_nothing(people: Cast, steel: Issuance) -> None:
    with refused(RulesBroken, match="1001 units requested, 1000 available") as refusal:
        take(people, Wanted(1_001))
    assert broken(refusal) == ["R104"]


def test_nothing_retires_twice(people: Cast, steel: Issuance) -> None:
    take(people, [run(steel, 1, 600)])
    with refused(RulesBroken, match="are retired, 1 of 2 are active") as refusal:
        take(people, [run(steel, 600, 601)])
    assert broken(refusal) == ["R104"]
    assert f"Left of these: {steel.code} 601 to 601." in str(refusal.value)


def test_units_on_offer_do_not_retire(people: Cast, steel: Issuance) -> None:
    put(steel, people.broker_account)
    propose_transfer(
        by=people.bob,
        now=NOW,
        key=key(),
        from_account=people.broker_account,
        to_account=people.auto_account,
        units=Wanted(1_000),
        surrendered=True,
    )
    with refused(RulesBroken, match="are reserved") as refusal:
        take(people, [run(steel, 1, 1)], by=people.bob, account=people.broker_account)
    assert broken(refusal) == ["R104"]


def test_units_retire_on_their_last_day_and_not_after(people: Cast, steel: Issuance) -> None:
    """Expiry counts by its date, though no sweep has run."""
    last = datetime.combine(steel.expires_on, time(23, 59), tzinfo=NOW.tzinfo)
    assert take(people, [run(steel, 1, 1)], now=last)
    with refused(RulesBroken, match="expired after") as refusal:
        take(people, [run(steel, 2, 2)], now=last + timedelta(minutes=1))
    assert broken(refusal) == ["R104"]


def test_the_oldest_vintage_is_retired_first(people: Cast, steel: Issuance) -> None:
    year = NOW.year - 2
    older = made.issue(
        people,
        tonnes=50,
        steel=True,
        period_start=datetime(year, 1, 1, tzinfo=NOW.tzinfo).date(),
        period_end=datetime(year, 12, 31, tzinfo=NOW.tzinfo).date(),
        late_reason="A test.",
    )
    put(older, people.auto_account)
    assert lines_of(take(people, Wanted(51))) == sorted([run(older, 1, 50), run(steel, 1, 1)])


def test_a_repeat_retires_nothing_twice(people: Cast, steel: Issuance) -> None:
    same = key()
    first = take(people, Wanted(400), same=same)
    with writes_nothing():
        assert take(people, Wanted(400), same=same) == first


@pytest.mark.parametrize("more", [{"purpose": "Another"}, {"beneficiary": "Another"}])
def test_the_same_key_for_something_else_is_refused(
    people: Cast, steel: Issuance, more: dict[str, str]
) -> None:
    same = key()
    take(people, Wanted(4), same=same)
    with refused(KeyReused):
        take(people, Wanted(4), same=same, **more)


def test_what_is_retired_of_invented_units_is_marked(people: Cast) -> None:
    """Whoever holds them: a demonstration never looks like the real thing."""
    people.elektra.is_demonstration = True
    invented = made.issue(people, tonnes=10, steel=True)
    people.elektra.is_demonstration = False
    put(invented, people.broker_account)
    assert invented.is_demonstration
    done = take(people, Wanted(10), by=people.bob, account=people.broker_account)
    assert done.is_demonstration


def test_real_units_are_not_marked(people: Cast, steel: Issuance) -> None:
    assert not take(people, Wanted(10)).is_demonstration


def test_no_more_queries_are_asked_for_ten_ranges_than_for_one(
    people: Cast, steel: Issuance
) -> None:
    one = queries_of(lambda: take(people, [run(steel, 1, 1)]))
    ten = queries_of(lambda: take(people, [run(steel, 10 * n, 10 * n) for n in range(1, 11)]))
    assert one == ten <= 30
