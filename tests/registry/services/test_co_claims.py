"""Co-claims, step by step: who may take each, what the register holds after, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import OrganisationRole
from accounts.roles import Role
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import Line, NotThere
from registry.models import CoClaim, CoClaimSeat, Holding, Notice
from registry.queries import Wanted
from registry.services.co_claim_seats import SeatWanted
from registry.services.co_claims import (
    decline_co_claim,
    lapse_co_claims,
    name_seat,
    propose_co_claim,
    withdraw_co_claim,
)
from registry.services.retirements import retire
from registry.services.transfers import propose_transfer
from registry.transitions import CoClaimState, SeatState
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.services.acts import account_of, broken
from tests.registry.services.sharing import (
    Sharing,
    confirm,
    consent,
    executed,
    propose,
    sharing,
)
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def scene(people: Cast) -> Sharing:
    return sharing(people)


def held(scene: Sharing) -> list[tuple[int, int | None, str, str | None, int]]:
    """Every holding of the issuance: copy, layer, state, account number, units."""
    rows = Holding.objects.filter(issuance=scene.issuance).select_related("account")
    return [
        (row.copy, row.layer, row.state, row.account.number if row.account else None, row.quantity)
        for row in rows.order_by("copy", "serials")
    ]


def states(co_claim: CoClaim) -> list[str]:
    return list(co_claim.seats.order_by("copy").values_list("state", flat=True))


def act(service: Callable[..., CoClaim], by: Any, co_claim: CoClaim, **more: Any) -> CoClaim:
    return service(**{"by": by, "now": NOW, "key": key(), "co_claim": co_claim, **more})


def name_fleet(scene: Sharing, co_claim: CoClaim, **more: Any) -> CoClaim:
    given = {"copy": 3, "organisation": scene.fleet, **more}
    return act(name_seat, given.pop("by", scene.people.carl), co_claim, **given)


# --- the way to its execution -----------------------------------------------------------------


def test_a_proposal_moves_nothing_and_asks_the_parties(scene: Sharing) -> None:
    before = held(scene)
    co_claim = propose(scene)
    assert co_claim.state == CoClaimState.PROPOSED
    assert states(co_claim) == ["consented", "asked", "reserved"]
    assert {finding["outcome"] for finding in co_claim.findings} == {"pass"}
    assert [f["rule"] for f in co_claim.findings] == [f"R13{n}" for n in range(6)]
    assert held(scene) == before
    told = Notice.objects.filter(kind="co_claim", organisation=scene.people.broker)
    assert told.get().url.endswith(f"/{co_claim.code}/")


def test_the_execution_gives_each_seat_its_copy_at_its_layer(scene: Sharing) -> None:
    co_claim = executed(scene)
    people = scene.people
    assert co_claim.state == CoClaimState.EXECUTED
    assert held(scene) == [
        (1, 4, "active", people.auto_account.number, 600),
        (1, None, "active", people.auto_account.number, 400),
        (2, 2, "active", people.broker_account.number, 600),
        (3, 5, "reserved", None, 600),
    ]
    assert states(co_claim) == ["held", "held", "reserved"]
    seat = co_claim.seats.get(copy=2)
    assert (seat.consented_by, seat.confirmed_by) == (people.bob, people.erik)
    told = Notice.objects.filter(text__contains="executed").values_list("organisation", flat=True)
    assert set(told) == {people.auto_werke.pk, people.broker.pk}


def test_a_seat_is_named_consented_to_and_confirmed(scene: Sharing) -> None:
    co_claim = executed(scene)
    name_fleet(scene, co_claim)
    assert states(co_claim) == ["held", "held", "asked"]
    with refused(NotNow, match="consent awaited"):
        confirm(scene, co_claim)
    consent(scene, co_claim, by=scene.fay, account=scene.fleet_account)
    confirm(scene, co_claim)
    assert states(co_claim) == ["held"] * 3
    assert (3, 5, "active", scene.fleet_account.number, 600) in held(scene)


def test_every_copy_retires_by_its_holder_and_a_reserved_one_by_nobody(scene: Sharing) -> None:
    """R103, R104 and R134 through the service, each copy by itself."""
    co_claim = executed(scene)
    people = scene.people

    def retire_copy(copy: int, by: Any, account: Any) -> Any:
        line = Line(scene.issuance.pk, copy, 1, 600)
        return retire(by=by, now=NOW, key=key(), account=account, units=[line])

    assert retire_copy(1, people.carl, people.auto_account)
    of_broker = retire_copy(2, people.bob, people.broker_account)
    assert [(line.copy, line.serials.lower) for line in of_broker.lines.all()] == [(2, 1)]
    assert (of_broker.organisation, of_broker.retired_on) == (people.broker, NOW.date())
    for copy, by, account in (
        (3, scene.fay, scene.fleet_account),
        (3, people.carl, people.auto_account),
        (2, people.bob, people.broker_account),
        (1, people.carl, people.auto_account),
        (2, people.carl, people.auto_account),
    ):
        with refused(RulesBroken) as refusal:
            retire_copy(copy, by, account)
        assert [each.rule for each in refusal.value.failures] == ["R104"]
    name_fleet(scene, co_claim)
    with refused(RulesBroken):
        retire_copy(3, scene.fay, scene.fleet_account)
    consent(scene, co_claim, by=scene.fay, account=scene.fleet_account)
    confirm(scene, co_claim)
    assert retire_copy(3, scene.fay, scene.fleet_account).lines.get().copy == 3


def test_co_claimed_units_are_never_transferred(scene: Sharing) -> None:
    executed(scene)
    people = scene.people
    for by, account, target, copy in (
        (people.carl, people.auto_account, people.broker_account, 1),
        (people.bob, people.broker_account, people.auto_account, 2),
    ):
        OrganisationRole.objects.get_or_create(
            organisation=account.organisation, role=Role.INTERMEDIARY.value
        )
        with refused(RulesBroken) as refusal:
            propose_transfer(
                by=by,
                now=NOW,
                key=key(),
                from_account=account,
                to_account=target,
                units=[Line(scene.issuance.pk, copy, 1, 10)],
                surrendered=True,
            )
        assert "R092" in broken(refusal)


def test_two_claims_leave_the_third_copy_out(scene: Sharing) -> None:
    co_claim = propose(scene, seats=[SeatWanted(2, scene.people.broker)])
    consent(scene, co_claim)
    confirm(scene, co_claim)
    assert {copy for copy, *_ in held(scene)} == {1, 2}


def test_a_repeat_is_answered_and_done_once(scene: Sharing) -> None:
    same = key()
    co_claim = propose(scene, key=same)
    with writes_nothing():
        assert propose(scene, key=same) == co_claim
    consent(scene, co_claim)
    with writes_nothing(), pytest.raises(NotNow):
        consent(scene, co_claim)
    confirm(scene, co_claim, key=same + "c")
    with writes_nothing():
        assert confirm(scene, co_claim, key=same + "c").state == CoClaimState.EXECUTED


# --- declined, withdrawn, expired -------------------------------------------------------------


def test_a_party_or_the_issuer_declines(scene: Sharing) -> None:
    people = scene.people
    first, second = propose(scene), propose(scene)
    act(decline_co_claim, people.bob, first, organisation=people.broker)
    act(decline_co_claim, people.erik, second, organisation=people.elektra)
    for each in (first, second):
        each.refresh_from_db()
        assert each.state == CoClaimState.DECLINED
        with refused(NotNow, match="declined"):
            consent(scene, each)
    third = propose(scene)
    with refused(NotVisible):
        act(decline_co_claim, people.alice, third, organisation=people.nordmetall)


def test_the_holder_withdraws(scene: Sharing) -> None:
    co_claim = propose(scene)
    with refused(NotVisible):
        act(withdraw_co_claim, scene.people.bob, co_claim)
    assert act(withdraw_co_claim, scene.people.carl, co_claim).state == CoClaimState.WITHDRAWN
    with refused(NotNow):
        confirm(scene, co_claim)


def test_a_proposal_lapses_after_its_last_day_even_when_no_sweep_has_run(scene: Sharing) -> None:
    co_claim = propose(scene)
    assert co_claim.due_on == NOW.date() + timedelta(days=30)
    last = NOW + timedelta(days=30)
    consent(scene, co_claim, now=last)
    late = last + timedelta(days=1)
    with refused(NotNow, match=co_claim.due_on.isoformat()):
        confirm(scene, co_claim, now=late)
    assert lapse_co_claims(now=last) == 0
    assert lapse_co_claims(now=late) == 1
    assert lapse_co_claims(now=late) == 0
    co_claim.refresh_from_db()
    assert co_claim.state == CoClaimState.EXPIRED


def test_a_name_is_refused_or_taken_back_and_the_seat_waits_again(scene: Sharing) -> None:
    co_claim = executed(scene)
    name_fleet(scene, co_claim)
    act(decline_co_claim, scene.fay, co_claim, organisation=scene.fleet)
    assert states(co_claim) == ["held", "held", "reserved"]
    name_fleet(scene, co_claim)
    consent(scene, co_claim, by=scene.fay, account=scene.fleet_account)
    act(withdraw_co_claim, scene.people.carl, co_claim)
    assert states(co_claim) == ["held", "held", "reserved"]
    with refused(NotNow):
        act(withdraw_co_claim, scene.people.carl, co_claim)
    name_fleet(scene, co_claim)
    consent(scene, co_claim, by=scene.fay, account=scene.fleet_account)
    act(decline_co_claim, scene.people.erik, co_claim, organisation=scene.people.elektra)
    assert states(co_claim) == ["held", "held", "reserved"]


# --- refusals ---------------------------------------------------------------------------------


def test_the_rules_are_all_told_at_once(scene: Sharing) -> None:
    with refused(RulesBroken) as refusal:
        propose(scene, seats=[SeatWanted(2, scene.fleet), SeatWanted(3, scene.fleet)])
    assert broken(refusal) == ["R131", "R132"]


@pytest.mark.parametrize(
    "seats", [[], [3], [1], [2, 2], [2, 3, 3], [1, 2], [4]], ids=lambda copies: str(copies)
)
def test_seats_are_copies_two_and_three(scene: Sharing, seats: list[int]) -> None:
    with refused(BadInput, match="copy 2"):
        propose(scene, seats=[SeatWanted(copy, None) for copy in seats])


@pytest.mark.parametrize("units", [0, -1, 10**12 + 1])
def test_a_quantity_that_is_none(scene: Sharing, units: int) -> None:
    with refused(BadInput):
        propose(scene, units)


def test_more_units_than_there_are_are_not_shared(scene: Sharing) -> None:
    with refused(RulesBroken) as refusal:
        propose(scene, 1_001)
    assert "R130" in broken(refusal)


def test_the_layer_of_the_contract_takes_no_other_party(scene: Sharing) -> None:
    with refused(RulesBroken) as refusal:
        propose(scene, seats=[SeatWanted(2, scene.fleet)])
    assert broken(refusal) == ["R132"]


def test_a_seat_the_contract_names_is_not_reserved(scene: Sharing) -> None:
    with refused(RulesBroken) as refusal:
        propose(scene, seats=[SeatWanted(2, None), SeatWanted(3, None)])
    assert "R134" in broken(refusal)


def test_units_without_an_agreement_are_not_shared(people: Cast, scene: Sharing) -> None:
    plain = made.issue(people, tonnes=10, steel=True)
    with refused(Refused) as refusal:
        propose(scene, [Line(plain.pk, 1, 1, 10)], by=people.erik, account=people.steel_account)
    assert refusal.value.rule == "R011"


@pytest.mark.parametrize(
    ("terms", "rules"),
    [
        ({"confirmed": False}, ["R132"]),
        ({"claims": 2}, ["R131", "R132", "R133", "R134"]),
        ({"rights": {"co_claim_types": ""}}, ["R135"]),
        ({"rights": {"double_claim_measures": ""}}, ["R135"]),
        ({"rights": {"responsible": None}}, ["R133", "R135"]),
        ({"extent_share": Decimal("0.5")}, ["R132"]),
    ],
)
def test_what_the_contract_lacks_refuses(
    people: Cast, terms: dict[str, Any], rules: list[str]
) -> None:
    scene = sharing(people, tonnes=100, **terms)
    with refused(RulesBroken) as refusal:
        propose(scene, [Line(scene.issuance.pk, 1, 1, 60)])
    assert broken(refusal) == rules


def test_the_extent_is_of_all_co_claims_together(people: Cast) -> None:
    scene = sharing(people, tonnes=100, extent_share=Decimal("0.5"))
    first = propose(scene, [Line(scene.issuance.pk, 1, 1, 30)])
    second = propose(scene, [Line(scene.issuance.pk, 1, 31, 60)])
    for each in (first, second):
        consent(scene, each)
    confirm(scene, first)
    with refused(RulesBroken) as refusal:
        confirm(scene, second)
    assert broken(refusal) == ["R132"]


def test_units_that_are_gone_or_shared_refuse_the_execution(scene: Sharing) -> None:
    first, second = propose(scene), propose(scene)
    for each in (first, second):
        consent(scene, each)
    confirm(scene, first)
    with refused((RulesBroken, NotThere)):  # type: ignore[arg-type]
        confirm(scene, second)


@pytest.mark.parametrize(
    ("roles", "rule"),
    [
        ({Role.IRON_PRODUCER}, "R010"),
        ({Role.STEEL_PRODUCER}, "R011"),
        ({Role.AUDITOR}, "R015"),
        ({Role.STEEL_PRODUCER, Role.INTERMEDIARY}, "R011"),
        ({Role.OPERATOR}, "OURS-1"),
    ],
)
def test_a_role_that_may_not_co_claim_is_refused(
    scene: Sharing, roles: set[Role], rule: str
) -> None:
    organisation = scene.fleet
    OrganisationRole.objects.filter(organisation=organisation).delete()
    for role in roles:
        OrganisationRole.objects.create(organisation=organisation, role=role.value)
    with refused(Refused) as refusal:
        propose(scene, third=organisation)
    assert refusal.value.rule == rule


def test_a_steelmaker_co_claims_no_iron(people: Cast) -> None:
    iron = made.issue(people, tonnes=10)
    with refused(Refused) as refusal:
        propose_co_claim(
            by=people.bob,
            now=NOW,
            key=key(),
            account=people.broker_account,
            units=[Line(iron.pk, 1, 1, 10)],
            seats=[SeatWanted(2, people.elektra)],
        )
    assert refusal.value.rule == "R016"


def test_a_role_lost_on_the_way_refuses_the_consent(scene: Sharing) -> None:
    co_claim = propose(scene)
    OrganisationRole.objects.filter(organisation=scene.people.broker).update(
        role=Role.STEEL_PRODUCER.value
    )
    with refused(Refused) as refusal:
        consent(scene, co_claim)
    assert refusal.value.rule == "R011"


def test_outsiders_see_nothing_and_nobody_consents_for_others(scene: Sharing) -> None:
    people = scene.people
    co_claim = propose(scene)
    with refused(NotVisible):
        propose(scene, by=people.bob)
    with refused(NotVisible):
        consent(scene, co_claim, by=people.carl)
    with refused(NotVisible):
        consent(scene, co_claim, by=people.carl, account=people.auto_account)
    _, stranger = account_of(Role.INTERMEDIARY)
    with refused(NotVisible):
        consent(scene, co_claim, account=stranger)
    with refused(NotVisible):
        confirm(scene, co_claim, by=people.carl)
    with refused(NotNow, match="consent awaited"):
        confirm(scene, co_claim)
    with refused(NotVisible):
        name_fleet(scene, co_claim, by=people.bob)


@pytest.mark.parametrize("copy", [1, 2, 4])
def test_only_a_reserved_seat_is_named(scene: Sharing, copy: int) -> None:
    co_claim = executed(scene)
    with refused((NotNow, BadInput)):  # type: ignore[arg-type]
        name_fleet(scene, co_claim, copy=copy)


def test_a_seat_is_not_named_before_the_execution_nor_for_a_party_that_has_one(
    scene: Sharing,
) -> None:
    proposed = propose(scene)
    with refused(NotNow):
        name_fleet(scene, proposed)
    co_claim = executed(scene)
    with refused(RulesBroken) as refusal:
        name_fleet(scene, co_claim, organisation=scene.people.broker)
    assert broken(refusal) == ["R131"]


def test_an_expired_copy_gets_no_holder(scene: Sharing) -> None:
    co_claim = executed(scene)
    late = timezone.datetime.combine(  # type: ignore[attr-defined]
        scene.issuance.expires_on + timedelta(days=1), NOW.time(), tzinfo=NOW.tzinfo
    )
    with refused(RulesBroken) as refusal:
        name_fleet(scene, co_claim, now=late)
    assert "R130" in broken(refusal)


def test_what_is_agreed_is_guarded_by_the_database(scene: Sharing) -> None:
    co_claim = executed(scene)
    seat = co_claim.seats.get(copy=2)
    for change in (
        lambda: CoClaim.objects.filter(pk=co_claim.pk).update(quantity=1),
        lambda: CoClaim.objects.filter(pk=co_claim.pk).delete(),
        lambda: CoClaimSeat.objects.filter(pk=seat.pk).update(layer=3),
        lambda: CoClaimSeat.objects.filter(pk=seat.pk).delete(),
        lambda: co_claim.lines.update(serials=(1, 2)),
    ):
        with transaction.atomic(), pytest.raises(DatabaseError):
            change()


def test_wanted_units_of_one_kind(scene: Sharing) -> None:
    assert propose(scene, Wanted(5, "crude_steel", scene.issuance.pk)).quantity == 5
    assert SeatState("held").label == "held"


def test_a_quantity_is_taken_from_units_that_are_not_shared_yet(scene: Sharing) -> None:
    executed(scene, 600)
    assert propose(scene, 400).lines.get().serials.lower == 601
    with refused(RulesBroken) as refusal:
        propose(scene, 401)
    assert broken(refusal) == ["R130", "R132"]
