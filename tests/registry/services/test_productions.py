"""A producer's application: drafted, changed and handed to an auditor, in that order only."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Organisation, OrganisationRole, User
from accounts.permissions import has_object
from accounts.roles import Role
from accounts.services import open_account, register_organisation
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import Production, Site, Verification
from registry.rulebook.findings import Outcome
from registry.rulebook.vintage import add_months
from registry.services.productions import (
    VERIFY,
    change_production,
    draft_production,
    findings_of,
    submit_production,
)
from registry.transitions import ProductionState
from tests import cast as made
from tests.cast import START, Cast, cast, key, person
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def draft(people: Cast) -> Production:
    """An iron application that passes every rule."""
    return made.production(people)


@pytest.fixture(scope="module")
def steel(people: Cast) -> Production:
    return made.production(people, steel=True)


def change(draft: Production, by: User, **values: Any) -> Production:
    return change_production(by=by, now=NOW, key=key(), production=draft, values=values)


def submit(draft: Production, by: User, auditor: Organisation, same: str = "") -> Production:
    return submit_production(by=by, now=NOW, key=same or key(), production=draft, auditor=auditor)


def start(by: User, site: Site, **values: Any) -> Production:
    return draft_production(by=by, now=NOW, key=key(), site=site, values=values)


def failing(draft: Production, on: date | None = None) -> set[str]:
    draft.refresh_from_db()
    findings = findings_of(draft, on=on or NOW.date())
    return {finding.rule for finding in findings if finding.failed}


# --- drafts ----------------------------------------------------------------------------------


def test_a_draft_may_lack_everything(people: Cast, draft: Production) -> None:
    empty = start(people.alice, draft.site)
    assert empty.state == ProductionState.DRAFT
    assert {"R001", "R002", "R081", "R085", "R087"} <= failing(empty)


def test_an_outsider_drafts_nothing_for_a_site(people: Cast, draft: Production) -> None:
    with refused(NotVisible):
        start(people.erik, draft.site)


def test_a_colleague_without_the_right_drafts_nothing(people: Cast, draft: Production) -> None:
    with refused(Refused):
        start(people.anton, draft.site)


def test_who_lost_the_role_of_a_producer_drafts_nothing(people: Cast, draft: Production) -> None:
    OrganisationRole.objects.filter(organisation=people.nordmetall).update(role="intermediary")
    with refused(Refused) as refusal:
        start(people.alice, draft.site)
    assert refusal.value.rule == "R012"


def test_a_draft_is_of_the_sites_owner(people: Cast, draft: Production) -> None:
    assert start(people.alice, draft.site).producer == people.nordmetall


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tonnes", 0),
        ("tonnes", -5),
        ("tonnes", 10**12 + 1),
        ("delivered_tonnes", 0),
        # Computed from the measurement's lines, never typed.
        ("intensity", Decimal("0.4")),
        ("site_intensity", Decimal("0.4")),
        ("scrap_share", Decimal("0.1")),
        ("fe_metallic_share", Decimal("92")),
        ("methodology", "m" * 201),
        ("functional_unit", "hot-rolled-coil"),
        ("period_end", date(9999, 12, 31)),
        ("period_start", date(1, 1, 1)),
        ("delivered_on", date(3000, 1, 1)),
        ("state", "issued"),
        ("producer", None),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_field(
    people: Cast, draft: Production, field: str, value: object
) -> None:
    with refused(BadInput) as refusal:
        change(draft, people.alice, **{field: value})
    assert set(refusal.value.errors) == {field}


def test_a_period_that_ends_before_it_starts_is_refused_by_its_field(
    people: Cast, draft: Production
) -> None:
    with refused(BadInput) as refusal:
        change(
            draft,
            people.alice,
            period_start=date(2025, 2, 1),
            period_end=date(2025, 1, 31),
            tonnes=0,
        )
    assert set(refusal.value.errors) == {"period_end", "tonnes"}


def test_a_period_may_be_one_day(people: Cast, draft: Production) -> None:
    day = date(2025, 2, 1)
    changed = change(draft, people.alice, period_start=day, period_end=day)
    assert (changed.period_start, changed.period_end) == (day, day)


def test_account_baseline_and_agreement_are_the_producers_own(
    people: Cast, draft: Production
) -> None:
    foreign = {
        "account": people.steel_account,
        "baseline": made.baseline(people, steel=True),
        "agreement": made.agreement(people, steel=True),
    }
    with refused(BadInput) as refusal:
        change(draft, people.alice, **foreign)
    assert set(refusal.value.errors) == {"account", "baseline", "agreement"}


def test_a_baseline_of_the_other_functional_unit_is_refused(
    people: Cast, draft: Production
) -> None:
    other = made.baseline(people, functional_unit="crude_steel")
    with refused(BadInput) as refusal:
        change(draft, people.alice, baseline=other)
    assert set(refusal.value.errors) == {"baseline"}


def test_a_functional_unit_other_than_the_baselines_is_refused(
    people: Cast, draft: Production
) -> None:
    with refused(BadInput) as refusal:
        change(draft, people.alice, functional_unit="crude_steel")
    assert set(refusal.value.errors) == {"baseline"}


def test_an_outsider_changes_nothing(people: Cast, draft: Production) -> None:
    with refused(NotVisible):
        change(draft, people.erik, tonnes=5)


def test_a_colleague_without_the_right_changes_nothing(people: Cast, draft: Production) -> None:
    with refused(Refused):
        change(draft, people.anton, tonnes=5)


def test_a_change_is_kept_and_the_rest_stays(people: Cast, draft: Production) -> None:
    changed = change(draft, people.alice, tonnes=7, late_reason="")
    assert (changed.tonnes, changed.delivered_tonnes) == (7, 1_000)


# --- dates of the rules ------------------------------------------------------------------------


def test_the_due_date_is_inclusive_and_later_asks_for_a_reason(
    people: Cast, draft: Production
) -> None:
    assert draft.period_end is not None
    due = add_months(draft.period_end, 24)
    assert "R084" not in failing(draft, on=due)
    assert "R084" in failing(draft, on=due + timedelta(days=1))


def test_a_reason_for_being_late_warns_instead(people: Cast, draft: Production) -> None:
    assert draft.period_end is not None
    late = add_months(draft.period_end, 24) + timedelta(days=1)
    changed = change(draft, people.alice, late_reason="The meter failed.")
    outcomes = {f.rule: f.outcome for f in findings_of(changed, on=late)}
    assert outcomes["R084"] is Outcome.WARN


def test_units_wait_for_the_day_after_the_period(people: Cast, draft: Production) -> None:
    assert draft.period_end is not None
    assert "R081" in failing(draft, on=draft.period_end)
    assert "R081" not in failing(draft, on=draft.period_end + timedelta(days=1))


# --- submission --------------------------------------------------------------------------------


def test_a_submission_opens_the_application_to_the_auditor(people: Cast, draft: Production) -> None:
    assert not has_object(people.vera, VERIFY, draft)
    submitted = submit(draft, people.alice, people.veritas)
    engagement = submitted.verifications.get()
    assert submitted.state == ProductionState.SUBMITTED
    assert (engagement.auditor, engagement.state) == (people.veritas, Verification.State.OPEN)
    assert engagement.due_on == add_months(draft.period_end, 24) if draft.period_end else False
    assert has_object(people.vera, VERIFY, draft)


def test_a_submission_opens_no_other_application(
    people: Cast, draft: Production, steel: Production
) -> None:
    submit(draft, people.alice, people.veritas)
    assert not has_object(people.vera, VERIFY, steel)


def test_a_submission_is_recorded_as_a_step(people: Cast, draft: Production) -> None:
    submit(draft, people.alice, people.veritas)
    step = draft.steps.get()
    assert (step.from_state, step.to_state, step.by) == ("draft", "submitted", people.alice)


def test_a_repeated_submission_opens_one_engagement(people: Cast, draft: Production) -> None:
    same = key()
    submit(draft, people.alice, people.veritas, same)
    with writes_nothing():
        assert submit(draft, people.alice, people.veritas, same).pk == draft.pk


def test_an_outsider_submits_nothing(people: Cast, draft: Production) -> None:
    with refused(NotVisible):
        submit(draft, people.erik, people.veritas)


def test_a_colleague_without_the_right_submits_nothing(people: Cast, draft: Production) -> None:
    with refused(Refused):
        submit(draft, people.anton, people.veritas)


def test_every_broken_rule_is_told_at_once(people: Cast, draft: Production) -> None:
    made.measure(people, draft, site_intensity=Decimal("1.000001"))
    change(
        draft,
        people.alice,
        tonnes=1_001,
        product="slab",
        measured_site="ELSEWHERE",
        fe_metallic_share=Decimal("0.899999"),
        methodology="",
    )
    with refused(RulesBroken) as refusal:
        submit(draft, people.alice, people.veritas)
    broken = {finding.rule for finding in refusal.value.failures}
    assert broken >= {"R003", "R004", "R005", "R020", "R085", "R087"}
    # The passes come along: the whole report, rule by rule.
    assert {"R001", "R002", "R081"} <= {finding.rule for finding in refusal.value.findings}


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"functional_unit": ""}, "R002"),
        ({"functional_unit": "coil"}, "R002"),
        ({"product": ""}, "R003"),
        ({"tonnes": None}, "R001"),
        ({"period_end": None}, "R081"),
        ({"delivered_tonnes": None}, "R085"),
        ({"baseline": None}, "R056"),
    ],
)
def test_what_is_missing_is_a_finding_and_no_crash(
    people: Cast, draft: Production, values: dict[str, Any], rule: str
) -> None:
    change(draft, people.alice, **values)
    with refused(RulesBroken) as refusal:
        submit(draft, people.alice, people.veritas)
    assert rule in {finding.rule for finding in refusal.value.failures}


def test_a_proof_of_delivery_is_asked_for(people: Cast, draft: Production) -> None:
    unproven = start(people.alice, draft.site, **made.production_values(people, 10))
    assert "R080" in failing(unproven)


@pytest.mark.parametrize("role", [Role.INTERMEDIARY, Role.IRON_PRODUCER, Role.OPERATOR])
def test_an_application_goes_to_an_auditor_only(
    people: Cast, draft: Production, role: Role
) -> None:
    other = register_organisation(name="No auditor", country="SE", roles={role})
    with refused(BadInput) as refusal:
        submit(draft, people.alice, other)
    assert set(refusal.value.errors) == {"auditor"}


def test_account_and_auditor_are_asked_for_at_once(people: Cast, draft: Production) -> None:
    change(draft, people.alice, account=None)
    with refused(BadInput) as refusal:
        submit(draft, people.alice, people.broker)
    assert set(refusal.value.errors) == {"account", "auditor"}


def test_an_ironmaker_submits_no_steel_whatever_else_is_wrong(
    people: Cast, draft: Production
) -> None:
    """The role is asked before the rules: who may, before whether it is right."""
    change(draft, people.alice, functional_unit="crude_steel", baseline=None, tonnes=None)
    with refused(Refused) as refusal:
        submit(draft, people.alice, people.veritas)
    assert refusal.value.rule == "R010"


def test_a_steelmaker_submits_no_iron(people: Cast, steel: Production) -> None:
    change(steel, people.erik, functional_unit="iron", baseline=None)
    with refused(Refused) as refusal:
        submit(steel, people.erik, people.veritas)
    assert refusal.value.rule == "R011"


@pytest.mark.parametrize("unit", ["iron", "crude_steel"])
def test_a_maker_of_both_registers_either(people: Cast, unit: str) -> None:
    """An integrated producer registers its own iron as well as its steel (AMB-4)."""
    both = register_organisation(
        name="Both", country="US", roles={Role.IRON_PRODUCER, Role.STEEL_PRODUCER}
    )
    ida = person("Ida", both)
    account = open_account(organisation=both, name="All", rights={ida: START})
    is_steel = unit == "crude_steel"
    stand_in = _standing_for(people, both, ida)
    draft = made.production(stand_in, steel=is_steel, account=account)
    assert submit(draft, ida, people.veritas).state == ProductionState.SUBMITTED


@pytest.mark.parametrize(
    "state", [state for state in ProductionState if state not in ("draft", "returned")]
)
def test_nothing_is_submitted_or_changed_from_any_other_state(
    people: Cast, draft: Production, state: ProductionState
) -> None:
    Production.objects.filter(pk=draft.pk).update(state=state)
    with refused(NotNow) as refusal:
        submit(draft, people.alice, people.veritas)
    assert state.label in refusal.value.found
    with refused(NotNow):
        change(draft, people.alice, tonnes=5)


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_a_draft_and_a_returned_application_are_submitted(
    people: Cast, draft: Production, state: str
) -> None:
    Production.objects.filter(pk=draft.pk).update(state=state)
    assert submit(draft, people.alice, people.veritas).state == ProductionState.SUBMITTED


def test_a_repeat_after_the_state_moved_on_is_still_answered(
    people: Cast, draft: Production
) -> None:
    same = key()
    submit(draft, people.alice, people.veritas, same)
    made.verify(people, draft.verifications.get())
    again = submit(draft, people.alice, people.veritas, same)
    assert again.state == ProductionState.VERIFIED


def test_the_report_is_of_the_day_it_is_asked_for(people: Cast, draft: Production) -> None:
    assert {"R080", "R081"} <= failing(draft, on=date(NOW.year - 1, 6, 1))


def _standing_for(people: Cast, organisation: Organisation, by: User) -> Cast:
    """The cast with this organisation as its ironmaker and its steelmaker."""
    return replace(people, nordmetall=organisation, elektra=organisation, alice=by, erik=by)
