"""Sites and baselines: who sees them, and what their forms keep and refuse."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.permissions import grant
from accounts.services import add_member
from registry.models import Baseline, Site
from registry.services.library import load_library
from registry.services.productions import findings_of
from tests.cast import START, Cast, baseline, key, production, site
from tests.registry.web.conftest import As, queries_of, send, summary, writes

SITE = {
    "name": "Nordmetall works",
    "code": "nmw1",
    "route": "dri",
    "started_on": "2015-05-01",
    "country": "SE",
    "iron_capacity": "1,200,000",
}
VALUE = {
    "kind": "regional",
    "name": "Nordic average",
    "functional_unit": "iron",
    "country": "SE",
    "value_intensity": "1.9",
    "gas_basis": "CO2e",
    "year": "2024",
    "source": "Industry statistics 2024",
}
SCALE = {
    "name": "Own scale",
    "primary_scrap_share": "15",
    "primary_intensity": "2.46",
    "secondary_scrap_share": "95",
    "secondary_intensity": "0.62",
    "gas_basis": "CO2e",
    "region": "World",
    "year": "2024",
    "source": "Own study",
}


def test_a_producer_registers_a_site_and_lands_on_its_page(people: Cast, as_: As) -> None:
    response = send(as_(people.alice), "/sites/new/", SITE)

    found = Site.objects.get()
    assert response.url == "/sites/NMW1/"
    assert (found.organisation, found.iron_capacity) == (people.nordmetall, 1_200_000)
    page = as_(people.alice).get(response.url).content.decode()
    assert "direct reduction (DRI)" in page
    assert "1 May 2015" in page


def test_the_same_site_form_sent_twice_registers_one_site(people: Cast, as_: As) -> None:
    once, client, before = key(), as_(people.alice), writes()

    first = send(client, "/sites/new/", SITE, once)
    second = send(client, "/sites/new/", SITE, once)

    assert first.url == second.url
    assert (Site.objects.count(), writes()) == (1, before + 1)


def test_a_used_page_with_other_values_is_409_and_can_be_sent_again(people: Cast, as_: As) -> None:
    once, client = key(), as_(people.alice)
    send(client, "/sites/new/", SITE, once)

    response = send(client, "/sites/new/", {**SITE, "code": "NMW2"}, once)

    assert response.status_code == 409
    assert "This page was sent before" in summary(response)
    renewed = response.context["form"]["idempotency_key"].value()
    assert send(client, "/sites/new/", {**SITE, "code": "NMW2"}, renewed).status_code == 302


def test_a_taken_code_is_told_beside_its_field_and_nothing_typed_is_lost(
    people: Cast, as_: As
) -> None:
    site(people, code="NMW1")

    response = send(as_(people.alice), "/sites/new/", SITE)

    assert response.status_code == 400
    assert "Site with this Code already exists" in summary(response)
    assert response.context["form"]["name"].value() == "Nordmetall works"
    assert Site.objects.count() == 1


def test_a_member_who_may_start_nothing_is_refused_before_filling_the_form(
    people: Cast, as_: As
) -> None:
    client = as_(people.anton)

    response = client.get("/sites/new/")

    assert response.status_code == 403
    assert "Ask an administrator" in response.content.decode()
    assert send(client, "/sites/new/", SITE).status_code == 403
    assert client.get("/sites/").status_code == 200


def test_another_producers_site_is_not_there(people: Cast, as_: As) -> None:
    found = site(people)

    assert as_(people.erik).get(f"/sites/{found.code}/").status_code == 404
    assert found.name not in as_(people.erik).get("/sites/").content.decode()


@pytest.mark.parametrize("path", ["/sites/", "/sites/new/", "/baselines/", "/productions/"])
def test_who_produces_nothing_is_refused_and_who_is_nobody_signs_in(
    people: Cast, as_: As, path: str
) -> None:
    assert as_(people.carl).get(path).status_code == 403
    assert as_(people.vera).get(path).status_code == 403


def test_own_values_and_scales_join_the_library(people: Cast, as_: As) -> None:
    load_library()
    client = as_(people.alice)

    send(client, "/baselines/new/value/", VALUE)
    send(client, "/baselines/new/scale/", SCALE)

    value, scale = Baseline.objects.filter(organisation=people.nordmetall).order_by("name")
    assert value.value_intensity == Decimal("1.9")
    assert (scale.kind, scale.primary_scrap_share) == ("sliding_scale", Decimal("0.15"))
    page = client.get("/baselines/").content.decode()
    assert "Nordic average" in page
    assert "2.46 at 15 %" in page


def test_a_scale_in_the_wrong_order_is_told_beside_its_point(people: Cast, as_: As) -> None:
    response = send(
        as_(people.alice), "/baselines/new/scale/", {**SCALE, "secondary_scrap_share": "10"}
    )

    assert response.status_code == 400
    assert "higher scrap share" in str(response.context["form"].errors["secondary_scrap_share"])
    assert response.context["form"]["primary_scrap_share"].value() == "15"


def test_a_scale_of_the_form_passes_its_rule(people: Cast, as_: As) -> None:
    """R053 asks each point's gas basis, region, year and source."""
    own = {"secondary_region": "Europe", "secondary_year": "2023", "secondary_gas_basis": "CO2"}
    client = as_(people.erik)
    send(client, "/baselines/new/scale/", SCALE)
    send(client, "/baselines/new/scale/", {**SCALE, **own, "name": "Mixed scale"})
    outcomes = []
    for name in ("Own scale", "Mixed scale"):
        scale = Baseline.objects.get(name=name)
        draft = production(people, steel=True, baseline=scale)
        findings = findings_of(draft, on=timezone.localdate())
        outcomes.append(next(str(each.outcome) for each in findings if each.rule == "R053"))
    assert outcomes == ["pass", "warn"]
    assert scale.secondary_region == "Europe"


@pytest.mark.parametrize("missing", ["region", "year", "gas_basis"])
def test_a_scale_without_its_origin_is_asked_for_it(people: Cast, as_: As, missing: str) -> None:
    response = send(as_(people.erik), "/baselines/new/scale/", {**SCALE, missing: ""})

    assert response.status_code == 400
    assert missing in response.context["form"].errors
    assert not Baseline.objects.exists()


def test_baselines_of_others_are_not_listed_and_search_narrows(people: Cast, as_: As) -> None:
    load_library()
    baseline(people, name="Nordmetall's own")

    assert "Nordmetall&#x27;s own" not in as_(people.erik).get("/baselines/").content.decode()
    page = as_(people.alice).get("/baselines/?q=india").content.decode()
    assert "(7201), IN" in page
    assert "(7201), CL" not in page


@pytest.mark.parametrize("path", ["/sites/", "/baselines/", "/productions/"])
def test_a_list_takes_as_many_queries_for_many_records_as_for_one(
    people: Cast, as_: As, path: str
) -> None:
    client = as_(people.alice)
    counts = []
    for number in (1, 5):
        for _ in range(number):
            production(people)
        counts.append(queries_of(client, path))
    assert counts[0] == counts[1] <= 16


def test_who_acts_for_two_producers_says_for_which(people: Cast, as_: As) -> None:
    add_member(user=people.alice, organisation=people.elektra)
    grant(user=people.alice, account=people.steel_account, rights=START)
    client = as_(people.alice)

    without = send(client, "/sites/new/", SITE)
    done = send(client, "/sites/new/", {**SITE, "organisation": str(people.elektra.pk)})
    foreign = {**SITE, "code": "X", "organisation": str(people.broker.pk)}

    assert "organisation" in without.context["form"].errors
    assert done.status_code == 302
    assert Site.objects.get().organisation == people.elektra
    assert send(client, "/sites/new/", foreign).status_code == 400
