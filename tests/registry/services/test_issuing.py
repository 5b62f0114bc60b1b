"""Two operators approve what an auditor signed; the second approval creates the units."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.roles import Role
from accounts.services import open_account, register_organisation, remove_member
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import Approval, Entry, Holding, Issuance, Production, Verification
from registry.services.issuing import approve_production, send_back
from registry.services.productions import change_production, submit_production
from registry.transitions import ProductionState
from tests import cast as made
from tests.cast import START, Cast, cast, key, person
from tests.registry.ledger.invariants import assert_sound
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def verified(people: Cast) -> Production:
    """600 units of iron asked for, 1,000 t delivered."""
    draft = made.production(people, tonnes=600, delivered_tonnes=1_000)
    made.verify(people, made.submit(people, draft))
    return draft


def approve(production: Production, by: User, same: str = "") -> Production:
    return approve_production(by=by, now=NOW, key=same or key(), production=production)


def back(production: Production, by: User, reason: str = "Unclear.", same: str = "") -> Production:
    return send_back(by=by, now=NOW, key=same or key(), production=production, reason=reason)


def test_one_approval_issues_nothing(people: Cast, verified: Production) -> None:
    approved = approve(verified, people.olga)
    assert approved.state == ProductionState.VERIFIED
    assert not Issuance.objects.filter(production=verified).exists()


def test_two_people_approve_and_the_units_are_there(people: Cast, verified: Production) -> None:
    approve(verified, people.olga)
    issued = approve(verified, people.oscar)
    issuance = Issuance.objects.get(production=verified)
    holding = Holding.objects.get(issuance=issuance)
    assert issued.state == ProductionState.ISSUED
    assert (holding.first, holding.last, holding.account) == (1, 600, people.iron_account)
    assert (issuance.quantity, issuance.delivered_tonnes) == (600, 1_000)
    assert_sound()


def test_every_step_is_recorded(people: Cast, verified: Production) -> None:
    made.approve(people, verified)
    steps = verified.steps.order_by("id").values_list("from_state", "to_state")
    assert list(steps)[-2:] == [("verified", "approved"), ("approved", "issued")]


def test_the_public_record_stands_with_every_finding(people: Cast, verified: Production) -> None:
    issuance = made.approve(people, verified)
    assert issuance.record["issue_date"] == NOW.date().isoformat()
    assert issuance.record["producer"] == "Nordmetall Iron AB"
    assert issuance.record["scrap_share"] == "not applicable"
    rules = {finding["rule"]: finding["outcome"] for finding in issuance.findings}
    assert {"R001", "R020", "R085", "R087"} <= set(rules)
    assert "fail" not in rules.values()


def test_a_year_of_production_serves_three_years_and_a_year_more(
    people: Cast, verified: Production
) -> None:
    issuance = made.approve(people, verified)
    year = issuance.vintage_start.year
    assert issuance.reporting_end.isoformat() == f"{year + 2}-12-31"
    assert issuance.expires_on.isoformat() == f"{year + 3}-12-31"


def test_one_person_does_not_approve_twice(people: Cast, verified: Production) -> None:
    approve(verified, people.olga)
    with refused(NotNow, match="already"):
        approve(verified, people.olga)


def test_a_repeated_approval_counts_once(people: Cast, verified: Production) -> None:
    same = key()
    approve(verified, people.olga, same)
    with writes_nothing():
        approve(verified, people.olga, same)
    assert Approval.objects.filter(production=verified).count() == 1


def test_a_repeat_after_the_units_are_there_is_answered(people: Cast, verified: Production) -> None:
    same = key()
    approve(verified, people.olga, same)
    approve(verified, people.oscar)
    with writes_nothing():
        assert approve(verified, people.olga, same).state == ProductionState.ISSUED


@pytest.mark.parametrize("who", ["alice", "vera", "bob"])
def test_only_operators_approve_and_send_back(people: Cast, verified: Production, who: str) -> None:
    with refused(Refused):
        approve(verified, getattr(people, who))
    with refused(Refused):
        back(verified, getattr(people, who))


def test_a_former_operator_approves_nothing(people: Cast, verified: Production) -> None:
    remove_member(user=people.olga, organisation=people.operator)
    with refused(Refused):
        approve(verified, people.olga)


def test_an_inactive_operator_approves_nothing(people: Cast, verified: Production) -> None:
    User.objects.filter(pk=people.olga.pk).update(is_active=False)
    with refused(Refused):
        approve(verified, User.objects.get(pk=people.olga.pk))


@pytest.mark.parametrize("state", [each for each in ProductionState if each != "verified"])
def test_nothing_is_approved_or_sent_back_from_any_other_state(
    people: Cast, verified: Production, state: ProductionState
) -> None:
    Production.objects.filter(pk=verified.pk).update(state=state)
    with refused(NotNow) as refusal:
        approve(verified, people.olga)
    assert state.label in refusal.value.found
    with refused(NotNow):
        back(verified, people.olga)


def signed(people: Cast, *, steel: bool = False, **figures: Any) -> Production:
    """An application whose auditor found other figures than its producer declared."""
    draft = made.production(people, steel=steel, tonnes=1_000)
    made.verify(people, made.submit(people, draft), **figures)
    return draft


@pytest.mark.parametrize(
    ("figures", "rules"),
    [
        ({"delivered_tonnes": 999}, {"R085"}),
        ({"site_intensity": Decimal("1.000001")}, {"R020", "R023", "R024"}),
        (
            {"site_intensity": Decimal("1.2"), "delivered_tonnes": 1},
            {"R020", "R023", "R024", "R085"},
        ),
    ],
)
def test_what_the_auditor_found_worse_breaks_the_rules_at_approval(
    people: Cast, figures: dict[str, Any], rules: set[str]
) -> None:
    production = signed(people, **figures)
    with refused(RulesBroken) as refusal:
        approve(production, people.olga)
    assert {finding.rule for finding in refusal.value.failures} == rules
    assert len(refusal.value.findings) > len(rules)


def test_a_higher_scrap_share_of_the_auditor_lowers_the_limit(people: Cast) -> None:
    production = signed(people, steel=True, scrap_share=Decimal("0.9"))
    with refused(RulesBroken) as refusal:
        approve(production, people.olga)
    assert [finding.rule for finding in refusal.value.failures] == ["R021"]


def test_units_carry_the_auditors_intensity(people: Cast) -> None:
    issuance = made.approve(people, signed(people, intensity=Decimal("0.45")))
    assert issuance.intensity == Decimal("0.45")


def test_a_sliding_scale_is_read_at_the_verified_scrap_share(people: Cast) -> None:
    """From 2.46 at 15 % to 0.62 at 95 %: 2.3 per unit of scrap share."""
    production = signed(people, steel=True, scrap_share=Decimal("0.55"))
    assert made.approve(people, production).baseline_intensity == Decimal("1.54")


@pytest.mark.parametrize(
    ("declared", "verified", "level"),
    [("0.35", "0.35", "DPL4"), ("0.36", "0.35", "DPL3"), ("0.35", "0.36", "DPL3")],
)
def test_the_level_is_the_one_that_the_findings_name(
    people: Cast, declared: str, verified: str, level: str
) -> None:
    draft = made.production(people, site_intensity=Decimal(declared))
    made.verify(people, made.submit(people, draft), site_intensity=Decimal(verified))
    issuance = made.approve(people, draft)
    found = {finding["rule"]: finding for finding in issuance.findings}
    assert (issuance.level, issuance.is_preferred) == (level, level == "DPL4")
    assert found["R023"]["found"].endswith(f": {level}")
    assert (found["R022"]["outcome"] == "pass") == issuance.is_preferred


def test_units_that_reduce_nothing_are_marked(people: Cast) -> None:
    low = made.baseline(people, value_intensity=Decimal("0.4"))
    draft = made.production(people, baseline=low)
    made.verify(people, made.submit(people, draft))
    assert made.approve(people, draft).is_no_reduction


def test_an_agreement_passes_its_limits_on_to_the_units(people: Cast) -> None:
    signed_for = made.agreement(people, transfers_allowed=1, claims_agreed=2)
    draft = made.production(people, agreement=signed_for)
    made.verify(people, made.submit(people, draft))
    issuance = made.approve(people, draft)
    assert (issuance.transfers_allowed, issuance.claims_agreed) == (1, 2)


def test_an_agreements_share_of_the_production_is_the_most(people: Cast) -> None:
    half = made.agreement(people, offtake_share=Decimal("0.5"))
    draft = made.production(people, tonnes=500, delivered_tonnes=1_000, agreement=half)
    made.verify(people, made.submit(people, draft))
    assert made.approve(people, draft).quantity == 500
    more = made.production(people, tonnes=1, delivered_tonnes=1_000, agreement=half, at=draft.site)
    with refused(RulesBroken) as refusal:
        made.submit(people, more)
    assert [finding.rule for finding in refusal.value.failures] == ["R085"]


def test_a_second_issuance_of_the_same_tonnes_is_refused(
    people: Cast, verified: Production
) -> None:
    made.approve(people, verified)
    rest = made.production(people, tonnes=400, delivered_tonnes=1_000, at=verified.site)
    made.verify(people, made.submit(people, rest))
    assert made.approve(people, rest).quantity == 400
    one_more = made.production(people, tonnes=1, delivered_tonnes=1_000, at=verified.site)
    with refused(RulesBroken) as refusal:
        made.submit(people, one_more)
    assert [finding.rule for finding in refusal.value.failures] == ["R085"]


def test_what_became_late_between_the_approvals_is_refused_by_date(
    people: Cast, verified: Production
) -> None:
    approve(verified, people.olga)
    engagement = verified.verifications.get()
    late = NOW + (engagement.due_on - NOW.date()) + timedelta(days=1)
    with refused(RulesBroken) as refusal:
        approve_production(by=people.oscar, now=late, key=key(), production=verified)
    assert [finding.rule for finding in refusal.value.failures] == ["R084"]


def test_a_producer_that_lost_its_role_gets_no_units(people: Cast, verified: Production) -> None:
    approve(verified, people.olga)
    people.nordmetall.role_rows.update(role=Role.INTERMEDIARY)
    with refused(Refused) as refusal:
        approve(verified, people.oscar)
    assert refusal.value.rule == "R012"


def test_an_operator_sends_back_with_a_reason(people: Cast, verified: Production) -> None:
    returned = back(verified, people.olga, "The site is not the one named.")
    assert returned.state == ProductionState.RETURNED
    assert verified.verifications.get().state == Verification.State.RETURNED
    step = verified.steps.order_by("id").last()
    assert step is not None
    assert step.note == "The site is not the one named."


def test_a_return_without_a_reason_is_refused(people: Cast, verified: Production) -> None:
    with refused(BadInput) as refusal:
        back(verified, people.olga, "\n")
    assert set(refusal.value.errors) == {"reason"}


def test_a_repeated_return_returns_once(people: Cast, verified: Production) -> None:
    same = key()
    back(verified, people.olga, same=same)
    with writes_nothing():
        back(verified, people.olga, same=same)


def test_approvals_of_an_earlier_statement_do_not_count(people: Cast, verified: Production) -> None:
    approve(verified, people.olga)
    back(verified, people.oscar)
    change_production(
        by=people.alice, now=NOW, key=key(), production=verified, values={"tonnes": 500}
    )
    made.verify(people, made.submit(people, Production.objects.get(pk=verified.pk)))
    assert approve(verified, people.oscar).state == ProductionState.VERIFIED
    assert approve(verified, people.olga).state == ProductionState.ISSUED
    assert Entry.objects.get(issuance__production=verified).serials.upper - 1 == 500


def test_an_integrated_producer_is_issued_its_own_iron(people: Cast) -> None:
    """AMB-4: a steelmaker that is an iron producer registers and holds its own iron."""
    both = register_organisation(
        name="Both", country="US", roles={Role.IRON_PRODUCER, Role.STEEL_PRODUCER}
    )
    ida = person("Ida", both)
    account = open_account(organisation=both, name="All", rights={ida: START})
    integrated = replace(people, nordmetall=both, alice=ida, iron_account=account)
    draft = made.production(integrated)
    made.verify(people, _submitted(integrated, draft, ida))
    assert made.approve(people, draft).account == account


def _submitted(people: Cast, draft: Production, by: User) -> Verification:
    submit_production(by=by, now=NOW, key=key(), production=draft, auditor=people.veritas)
    return draft.verifications.get()
