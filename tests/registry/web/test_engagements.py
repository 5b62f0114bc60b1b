"""An auditor's engagements: theirs only, taken up, signed with own figures, or returned."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.roles import Role
from accounts.services import register_organisation
from registry.models import Verification
from registry.services.verifications import start_verification
from tests.cast import Cast, checklist, key, person, production, submit, verify
from tests.registry.web.conftest import As, queries_of, send, summary, writes

SIGNED = {
    "delivered_tonnes": "990",
    "site_intensity": "0.41",
    "intensity": "0.42",
    **checklist(),
    "statement": "Checked against the meters.",
}


@pytest.fixture
def engagement(people: Cast) -> Verification:
    return submit(people, production(people))


def start(people: Cast, engagement: Verification) -> None:
    start_verification(by=people.vera, now=timezone.now(), key=key(), verification=engagement)


def test_the_workspace_shows_the_application_and_hands_out_its_evidence(
    people: Cast, as_: As, engagement: Verification
) -> None:
    page = as_(people.vera).get(f"/engagements/{engagement.pk}/")

    text = page.content.decode()
    assert "Nordmetall Iron AB" in text
    assert "92 %" in text
    assert "delivery.csv" in text
    assert "findings-R020" in text
    assert "Start the verification" in text
    assert "Sign the verification" not in text


def test_starting_twice_starts_once(people: Cast, as_: As, engagement: Verification) -> None:
    client, once, url = as_(people.vera), key(), f"/engagements/{engagement.pk}/start/"

    first, second = send(client, url, key=once), send(client, url, key=once)

    assert first.url == second.url == f"/engagements/{engagement.pk}/"
    assert engagement.production.steps.filter(to_state="in_verification").count() == 1
    late = send(client, url)
    assert late.status_code == 409
    assert "The application is in verification" in summary(late)


def test_the_form_to_sign_is_filled_with_the_producers_figures(
    people: Cast, as_: As, engagement: Verification
) -> None:
    start(people, engagement)

    form = as_(people.vera).get(f"/engagements/{engagement.pk}/").context["sign_form"]

    assert form["delivered_tonnes"].value() == 1_000
    assert form["site_intensity"].value() == "0.4"
    assert "scrap_share" not in form.fields


def test_signing_keeps_the_auditors_own_figures_and_closes_the_engagement(
    people: Cast, as_: As, engagement: Verification
) -> None:
    start(people, engagement)
    client, once, url = as_(people.vera), key(), f"/engagements/{engagement.pk}/sign/"

    first, second = send(client, url, SIGNED, once), send(client, url, SIGNED, once)

    assert first.status_code == second.status_code == 302
    engagement.refresh_from_db()
    assert (engagement.state, engagement.delivered_tonnes) == ("signed", 990)
    assert engagement.intensity == Decimal("0.42")
    assert engagement.signed_by == people.vera
    page = client.get(f"/engagements/{engagement.pk}/").content.decode()
    assert "Checked against the meters." in page
    assert "0.42 t CO2e/t" in page


def test_a_steel_engagement_asks_for_the_scrap_share(people: Cast, as_: As) -> None:
    found = submit(people, production(people, steel=True))
    start(people, found)
    client, url = as_(people.vera), f"/engagements/{found.pk}/sign/"

    missing = send(client, url, SIGNED)
    done = send(client, url, {**SIGNED, "scrap_share": "62.5"})

    assert missing.status_code == 400
    assert "scrap_share" in missing.context["sign_form"].errors
    assert missing.context["sign_form"]["statement"].value() == SIGNED["statement"]
    assert done.status_code == 302
    found.refresh_from_db()
    assert found.scrap_share == Decimal("0.625")


def test_returning_needs_a_reason_and_closes_the_application_to_the_auditor(
    people: Cast, as_: As, engagement: Verification
) -> None:
    start(people, engagement)
    client, url = as_(people.vera), f"/engagements/{engagement.pk}/return/"

    without = send(client, url, {"reason": "  "})
    done = send(client, url, {"reason": "The delivery tickets of March are missing."})

    assert without.status_code == 400
    assert done.status_code == 302
    page = client.get(f"/engagements/{engagement.pk}/").content.decode()
    assert "The delivery tickets of March are missing." in page
    assert "closed to you" in page
    assert "delivery.csv" not in page
    producers = as_(people.alice).get(f"/productions/{engagement.production_id}/").content.decode()
    assert "The delivery tickets of March are missing." in producers


@pytest.mark.parametrize("tail", ["", "start/", "sign/", "return/"])
def test_another_auditors_engagement_is_not_there(
    people: Cast, as_: As, engagement: Verification, tail: str
) -> None:
    rival = register_organisation(name="Rival Audit", country="NO", roles={Role.AUDITOR})
    client, before = as_(person("Ruth", rival)), writes()

    assert client.get(f"/engagements/{engagement.pk}/{tail}").status_code == 404
    assert send(client, f"/engagements/{engagement.pk}/start/").status_code == 404
    assert engagement.production.site.name not in client.get("/engagements/").content.decode()
    assert writes() == before


def test_a_producer_has_no_engagements(people: Cast, as_: As, engagement: Verification) -> None:
    assert as_(people.alice).get(f"/engagements/{engagement.pk}/").status_code == 403


def test_the_list_takes_as_many_queries_for_many_engagements_as_for_one(
    people: Cast, as_: As, engagement: Verification
) -> None:
    client = as_(people.vera)
    one = queries_of(client, "/engagements/")
    for _ in range(4):
        verify(people, submit(people, production(people)))

    assert queries_of(client, "/engagements/") == one <= 12
    assert queries_of(client, f"/engagements/{engagement.pk}/") <= 36
