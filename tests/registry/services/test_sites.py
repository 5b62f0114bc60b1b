"""Sites and baselines: who may, which field is wrong, and what a repeat of a name says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.services import open_account, register_organisation
from registry.errors import BadInput
from registry.models import Baseline, Site
from registry.services.sites import add_baseline, register_site
from tests.cast import START, Cast, cast, key, person, site
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


def register(by: User, organisation: Organisation, **values: Any) -> Site:
    given = {"code": "KIRUNA", "name": "Kiruna", "country": "SE", "route": "dri"}
    return register_site(
        by=by, now=timezone.now(), key=key(), organisation=organisation, values=given | values
    )


def add(by: User, organisation: Organisation, **values: Any) -> Baseline:
    given: dict[str, Any] = {
        "kind": "regional",
        "name": "Nordic average",
        "functional_unit": "iron",
        "country": "SE",
        "value_intensity": Decimal("1.9"),
        "source": "Statistics",
    }
    return add_baseline(
        by=by, now=timezone.now(), key=key(), organisation=organisation, values=given | values
    )


def member(organisation: Organisation, name: str) -> User:
    """Somebody who may start actions in an account of the organisation."""
    somebody = person(name, organisation)
    open_account(organisation=organisation, name=name, rights={somebody: START})
    return somebody


def test_a_producer_registers_its_site(people: Cast) -> None:
    made = register(people.alice, people.nordmetall, started_on=date(1912, 1, 1))
    assert (made.organisation, made.code) == (people.nordmetall, "KIRUNA")


def test_a_site_of_a_demonstration_organisation_is_marked(people: Cast) -> None:
    played = register_organisation(
        name="Played", country="SE", roles={Role.IRON_PRODUCER}, is_demonstration=True
    )
    assert register(member(played, "Polly"), played).is_demonstration


def test_an_outsider_is_not_shown_the_organisation(people: Cast) -> None:
    with refused(NotVisible):
        register(people.erik, people.nordmetall)


def test_a_colleague_without_the_right_is_refused(people: Cast) -> None:
    with refused(Refused) as refusal:
        register(people.anton, people.nordmetall)
    assert "start actions" in refusal.value.found
    assert refusal.value.rule == ""


@pytest.mark.parametrize(
    ("role", "rule"),
    [
        (Role.INTERMEDIARY, "R012"),
        (Role.CORPORATE_END_USER, "R013"),
        (Role.AUDITOR, "R015"),
        (Role.OPERATOR, "OURS-1"),
    ],
)
def test_who_produces_nothing_registers_no_site(people: Cast, role: Role, rule: str) -> None:
    organisation = register_organisation(name=f"A {role}", country="SE", roles={role})
    somebody = member(organisation, "Sam")
    with refused(Refused) as refusal:
        register(somebody, organisation)
    assert refusal.value.rule == rule


def test_a_maker_of_iron_and_steel_registers_a_site(people: Cast) -> None:
    both = register_organisation(
        name="Both", country="SE", roles={Role.IRON_PRODUCER, Role.STEEL_PRODUCER}
    )
    assert register(member(both, "Ida"), both).organisation == both


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("code", "kiruna"),
        ("code", "TOO-LONG-A-CODE"),
        ("name", ""),
        ("name", "n" * 201),
        ("country", "Sweden"),
        ("country", "se"),
        ("country", ""),
        ("route", "magic"),
        ("latitude", Decimal("90.000001")),
        ("longitude", Decimal("-181")),
        ("started_on", date(1, 1, 1)),
        ("started_on", date(9999, 12, 31)),
        ("iron_capacity", -1),
        ("steel_capacity", 2**63),
        ("owner", "me"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_field(
    people: Cast, field: str, value: object
) -> None:
    with refused(BadInput) as refusal:
        register(people.alice, people.nordmetall, **{field: value})
    assert set(refusal.value.errors) == {field}


def test_every_field_that_does_not_fit_is_named_at_once(people: Cast) -> None:
    with refused(BadInput) as refusal:
        register(people.alice, people.nordmetall, code="?", country="?", iron_capacity=-5, name="")
    assert set(refusal.value.errors) == {"code", "country", "iron_capacity", "name"}


def test_a_site_code_is_taken_once_by_whomever(people: Cast) -> None:
    site(people, code="TAKEN")
    with refused(BadInput) as refusal:
        register(people.erik, people.elektra, code="TAKEN")
    assert set(refusal.value.errors) == {"code"}


def test_a_code_taken_at_the_same_moment_is_refused_by_its_field(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before the save sees nothing yet; the database refuses, and the field is named."""
    site(people, code="TAKEN")
    looks: list[int] = []
    look = Site.full_clean

    def blind_at_first(self: Site, **options: Any) -> None:
        looks.append(1)
        if len(looks) > 1:
            look(self, **options)

    monkeypatch.setattr(Site, "full_clean", blind_at_first)
    with refused(BadInput) as refusal:
        register(people.erik, people.elektra, code="TAKEN")
    assert set(refusal.value.errors) == {"code"}


def test_a_producer_adds_its_baseline(people: Cast) -> None:
    made = add(people.alice, people.nordmetall)
    assert (made.organisation, made.value_intensity) == (people.nordmetall, Decimal("1.9"))


def test_an_outsider_adds_no_baseline(people: Cast) -> None:
    with refused(NotVisible):
        add(people.erik, people.nordmetall)


def test_a_buyer_adds_no_baseline(people: Cast) -> None:
    with refused(Refused) as refusal:
        add(people.bob, people.broker)
    assert refusal.value.rule == "R012"


SCALE = {
    "kind": "sliding_scale",
    "functional_unit": "crude_steel",
    "value_intensity": None,
    "primary_intensity": Decimal("2.46"),
    "primary_scrap_share": Decimal("0.15"),
    "secondary_intensity": Decimal("0.62"),
    "secondary_scrap_share": Decimal("0.95"),
}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"functional_unit": "coil"}, "functional_unit"),
        ({"functional_unit": ""}, "functional_unit"),
        ({"kind": "guess"}, "kind"),
        ({"country": "sweden"}, "country"),
        ({"source": ""}, "source"),
        ({"value_intensity": None}, "value_intensity"),
        ({"value_intensity": Decimal("-0.1")}, "value_intensity"),
        ({"value_intensity": Decimal("1000000")}, "value_intensity"),
        ({"value_intensity": Decimal("1.1234567")}, "value_intensity"),
        ({"scrap_share": Decimal("1.000001")}, "scrap_share"),
        ({"primary_intensity": Decimal(2)}, "value_intensity"),
        (SCALE | {"value_intensity": Decimal(2)}, "primary_intensity"),
        (SCALE | {"secondary_intensity": None}, "primary_intensity"),
        (SCALE | {"secondary_intensity": Decimal(0)}, "primary_intensity"),
        (SCALE | {"primary_scrap_share": Decimal("0.95")}, "secondary_scrap_share"),
        (SCALE | {"secondary_scrap_share": Decimal("1.01")}, "secondary_scrap_share"),
        ({"with_markup": True}, "with_markup"),
    ],
)
def test_a_baseline_is_one_value_or_two_points_of_iron_or_steel(
    people: Cast, values: dict[str, Any], field: str
) -> None:
    with refused(BadInput) as refusal:
        add(people.alice, people.nordmetall, **values)
    assert set(refusal.value.errors) == {field}


def test_a_sliding_scale_is_two_points_in_order(people: Cast) -> None:
    assert add(people.alice, people.nordmetall, **SCALE).kind == "sliding_scale"
