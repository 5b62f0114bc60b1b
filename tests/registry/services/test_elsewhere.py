"""Units on other registries: listed, declared, matched by code or alias, counted by R086."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from registry.errors import BadInput, RulesBroken
from registry.models import ElsewhereIssuance, Issuance, Production, Site
from registry.services.elsewhere import (
    declare_elsewhere,
    record_alias,
    record_list,
    remove_alias,
    units_doubled,
)
from registry.services.issuing import approve_production
from registry.services.productions import findings_of
from tests import cast as made
from tests.cast import Cast, cast, key, vintage
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()
START, END = vintage(NOW)


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def waiting(people: Cast) -> Production:
    """600 units of 1,000 delivered tonnes, verified, before the first approval."""
    draft = made.production(people, tonnes=600, delivered_tonnes=1_000)
    made.verify(people, made.submit(people, draft))
    return draft


def line(site: str, units: int, **values: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "reference": "X-1",
        "site": site,
        "functional_unit": "iron",
        "period_start": START,
        "period_end": END,
        "units": units,
    }
    return given | values


def listed(people: Cast, *lines: dict[str, Any], registry: str = "Another Registry") -> Any:
    return record_list(by=people.olga, now=NOW, key=key(), registry=registry, lines=lines)


def declared(people: Cast, site: Site, units: int, **values: Any) -> ElsewhereIssuance:
    given = line("", units, registry="Another Registry", **values)
    del given["site"]
    return declare_elsewhere(by=people.alice, now=NOW, key=key(), site=site, values=given)


def r086(production: Production) -> str:
    findings = findings_of(production, on=NOW.date())
    return next(each.outcome.value for each in findings if each.rule == "R086")


def test_units_are_issued_up_to_what_other_registries_left(
    people: Cast, waiting: Production
) -> None:
    listed(people, line(waiting.site.code, 400))
    assert r086(waiting) == "warn"
    assert made.approve(people, waiting).quantity == 600
    assert units_doubled(waiting.site, "iron") == []


def test_one_unit_more_elsewhere_and_nothing_is_issued(people: Cast, waiting: Production) -> None:
    listed(people, line(waiting.site.code, 401))
    with refused(RulesBroken) as refusal:
        approve_production(by=people.olga, now=NOW, key=key(), production=waiting)
    (finding,) = refusal.value.failures
    assert finding.rule == "R086"
    assert "599 units or fewer" in finding.action
    assert not Issuance.objects.exists()


def test_an_alias_matches_from_when_it_is_recorded(people: Cast, waiting: Production) -> None:
    change = listed(people, line("gem-77", 401))
    assert change.unmatched == ["GEM-77"]
    assert r086(waiting) == "pass"
    alias = record_alias(by=people.olga, now=NOW, key=key(), site=waiting.site, identifier="gem-77")
    assert r086(waiting) == "fail"
    remove_alias(by=people.olga, now=NOW, key=key(), alias=alias)
    assert r086(waiting) == "pass"


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({}, "fail"),
        ({"functional_unit": "crude_steel"}, "pass"),
        ({"period_end": END.replace(month=6, day=30)}, "fail"),
        ({"period_end": date(END.year + 1, 1, 1)}, "warn"),
        ({"period_start": date(2019, 1, 1), "period_end": date(2019, 12, 31)}, "pass"),
    ],
)
def test_a_declaration_is_matched_by_period_and_unit(
    people: Cast, waiting: Production, values: dict[str, Any], outcome: str
) -> None:
    listed(people, line(waiting.site.code, 401, **values))
    assert r086(waiting) == outcome


def test_two_registries_add_up_with_what_the_producer_declares(
    people: Cast, waiting: Production
) -> None:
    listed(people, line(waiting.site.code, 200))
    declared(people, waiting.site, 200, reference="X-2")
    assert r086(waiting) == "warn"
    listed(people, line(waiting.site.code, 1), registry="A third one")
    assert r086(waiting) == "fail"


def test_a_list_again_changes_what_changed_and_forgets_what_was_cancelled(people: Cast) -> None:
    two = [line("A", 10), line("B", 20, reference="X-2")]
    assert len(listed(people, *two).new) == 2
    again = listed(people, line("A", 11), two[1])
    assert ([row.units for row in again.changed], again.same) == ([11], 1)
    assert len(listed(people, line("B", 0, reference="X-2")).removed) == 1
    assert [row.reference for row in ElsewhereIssuance.objects.all()] == ["X-1"]


def test_the_list_takes_over_what_a_producer_declared(people: Cast, waiting: Production) -> None:
    declared(people, waiting.site, 300)
    (row,) = listed(people, line(waiting.site.code, 250)).changed
    assert (row.units, row.source) == (250, "list")
    assert ElsewhereIssuance.objects.count() == 1
    assert r086(waiting) == "warn"


def test_units_issued_before_the_list_came_are_named(people: Cast, waiting: Production) -> None:
    made.approve(people, waiting)
    listed(people, line(waiting.site.code, 401))
    (window,) = units_doubled(waiting.site, "iron")
    assert (window.here, window.elsewhere, window.delivered, window.excess) == (600, 401, 1000, 1)


def test_the_same_request_records_once(people: Cast) -> None:
    once = key()
    for _ in range(2):
        record_list(by=people.olga, now=NOW, key=once, registry="R", lines=[line("A", 1)])
    assert ElsewhereIssuance.objects.count() == 1


def test_only_the_operator_records_lists_and_aliases(people: Cast, waiting: Production) -> None:
    with refused(Refused):
        record_list(by=people.alice, now=NOW, key=key(), registry="R", lines=[line("A", 1)])
    with refused(Refused):
        record_alias(by=people.alice, now=NOW, key=key(), site=waiting.site, identifier="G")
    given = {**line("", 1), "registry": "R"}
    del given["site"]
    for by, kind in ((people.erik, NotVisible), (people.anton, Refused)):
        with refused(kind):
            declare_elsewhere(by=by, now=NOW, key=key(), site=waiting.site, values=given)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line("A", 1, period_end=date(2019, 1, 1))], "row 1, Last day"),
        ([line("A", 1), line("A", 2)], "row 2, Issuance"),
        ([line(" ", 1)], "row 1, Site"),
        ([], "1 to 5000"),
    ],
)
def test_a_list_that_does_not_fit_is_refused_by_row(
    people: Cast, lines: list[dict[str, Any]], said: str
) -> None:
    with refused(BadInput) as refusal:
        listed(people, *lines)
    assert said in refusal.value.errors["lines"][0]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"period_end": date(2019, 1, 1)}, "period_end"),
        ({"period_end": date(NOW.year + 1, 1, 1)}, "period_end"),
        ({"units": 0}, "units"),
        ({"functional_unit": "hot metal"}, "functional_unit"),
        ({"reference": ""}, "reference"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused_by_field(
    people: Cast, waiting: Production, values: dict[str, Any], field: str
) -> None:
    units = values.pop("units", 5)
    with refused(BadInput) as refusal:
        declared(people, waiting.site, units, **values)
    assert field in refusal.value.errors


def test_an_alias_is_of_one_site_and_no_sites_code(people: Cast, waiting: Production) -> None:
    site = waiting.site
    record_alias(by=people.olga, now=NOW, key=key(), site=site, identifier="G-1")
    for identifier in (" g-1 ", site.code.lower(), "", "x" * 61):
        with refused(BadInput) as refusal:
            record_alias(by=people.olga, now=NOW, key=key(), site=site, identifier=identifier)
        assert "identifier" in refusal.value.errors
