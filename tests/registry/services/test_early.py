"""Provisional units under a long-term offtake, and their confirmation by the ex-post audit."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.errors import NotVisible
from registry.errors import NotNow, RulesBroken
from registry.models import Confirmation, Issuance, Notice, Production
from registry.services.early import ask_early
from registry.services.ex_ante import AUDIT_SITE, open_ex_ante, sign_ex_ante
from registry.services.issuing import approve_production
from registry.services.unit_facts import unit_facts
from registry.services.verifications import Figures
from registry.transitions import ProductionState
from tests import cast as made
from tests.cast import Cast, cast, key, vintage
from tests.registry.early import stage
from tests.registry.ledger.invariants import assert_sound
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()
START, _ = vintage(NOW)


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def waiting(people: Cast) -> Production:
    return stage(people)


def early(people: Cast, production: Production) -> Issuance:
    ask_early(by=people.alice, now=NOW, key=key(), production=production)
    return made.approve(people, production)


def test_units_come_first_and_are_provisional(people: Cast, waiting: Production) -> None:
    issuance = early(people, waiting)
    assert (issuance.is_provisional, issuance.quantity) == (True, 500)
    assert issuance.intensity == Decimal("0.45")
    assert Production.objects.get(pk=waiting.pk).state == ProductionState.PROVISIONAL
    (units,) = _units(issuance)
    assert units.provisional
    assert_sound()


def test_without_being_asked_nothing_is_issued_early(people: Cast, waiting: Production) -> None:
    with refused(NotNow):
        approve_production(by=people.olga, now=NOW, key=key(), production=waiting)


def test_the_ex_post_audit_confirms(people: Cast, waiting: Production) -> None:
    issuance = early(people, waiting)
    made.verify(people, waiting.verifications.get())
    confirmation = Confirmation.objects.get(issuance=issuance)
    assert (confirmation.is_confirmed, confirmation.shortfall) == (True, 0)
    assert Production.objects.get(pk=waiting.pk).state == ProductionState.ISSUED
    assert not _units(issuance)[0].provisional
    assert Notice.objects.filter(kind="provisional.confirmed").exists()


@pytest.mark.parametrize(
    ("figures", "shortfall"),
    [
        ({"delivered_tonnes": 900}, 50),
        ({"intensity": Decimal("0.5"), "site_intensity": Decimal("0.5")}, 0),
        ({"intensity": Decimal("1.2"), "site_intensity": Decimal("1.2")}, 500),
    ],
)
def test_an_audit_that_differs_confirms_nothing_and_says_by_how_much(
    people: Cast, waiting: Production, figures: dict[str, Any], shortfall: int
) -> None:
    issuance = early(people, waiting)
    made.verify(people, waiting.verifications.get(), **figures)
    confirmation = Confirmation.objects.get(issuance=issuance)
    assert (confirmation.is_confirmed, confirmation.shortfall) == (False, shortfall)
    assert _units(issuance)[0].provisional


def test_more_than_the_contracted_share_is_refused(people: Cast, waiting: Production) -> None:
    Production.objects.filter(pk=waiting.pk).update(tonnes=501)
    with refused(RulesBroken) as refusal:
        ask_early(by=people.alice, now=NOW, key=key(), production=waiting)
    assert [each.rule for each in refusal.value.failures] == ["R085"]


def test_without_an_ex_ante_audit_units_wait(people: Cast, waiting: Production) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_exanteaudit SET signed_on = %s", [date(START.year, 1, 2)])
    with refused(RulesBroken) as refusal:
        ask_early(by=people.alice, now=NOW, key=key(), production=waiting)
    assert "R083" in [each.rule for each in refusal.value.failures]


def test_the_site_opens_to_its_auditor_until_the_signature(people: Cast) -> None:
    from accounts.permissions import has_object

    site = made.site(people)
    open_ex_ante(
        by=people.alice,
        now=NOW,
        key=key(),
        site=site,
        auditor=people.veritas,
        functional_unit="iron",
        recurrence="annual",
    )
    assert has_object(people.vera, AUDIT_SITE, site)
    assert not has_object(people.vera, AUDIT_SITE, made.site(people))
    with refused(NotVisible):
        sign_ex_ante(
            by=people.bob,
            now=NOW,
            key=key(),
            audit=site.ex_ante_audits.get(),
            figures=Figures(0, Decimal("0.4"), Decimal("0.4"), None),
            statement="x",
        )


def _units(issuance: Issuance) -> Any:
    from registry.ledger import Line

    return unit_facts([Line(issuance.pk, 1, 1, issuance.quantity)], account=None)
