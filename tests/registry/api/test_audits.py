"""Auditor and producer talk, pathways and accreditations, by page and by program."""

from typing import Any

import pytest

from registry.models import Accreditation, Site, Verification
from tests.cast import Cast, production, site, submit
from tests.registry.web.conftest import send
from tests.support.programs import Program


@pytest.fixture
def engagement(people: Cast) -> Verification:
    opened = submit(people, production(people))
    Program.of(people.vera).post(f"verifications/{opened.pk}/start/")
    return opened


def test_a_request_is_answered_with_a_file_that_is_what_it_says(
    people: Cast, alice: Program, engagement: Verification
) -> None:
    vera = Program.of(people.vera)
    asked = vera.post(f"verifications/{engagement.pk}/requests/", {"text": "The meter log?"})
    assert asked.status == 201
    url = f"evidence-requests/{asked.body['id']}/answer/file/"
    fake = alice.upload(url, "log.pdf", b"no PDF at all", text="Here.", kind="other")
    assert fake.status == 400
    done = alice.upload(url, "log.csv", b"day,t\n1,2\n", text="Here.", kind="measurement")
    assert (done.status, done.body["answer"]) == (200, "Here.")
    assert done.body["evidence"]
    assert vera.get(f"evidence/{done.body['evidence']}/").status == 200
    again = alice.post(f"evidence-requests/{asked.body['id']}/answer/", {"text": "Again."})
    assert again.status == 409


def test_a_finding_is_contested_and_resolved_through_the_interface(
    people: Cast, alice: Program, engagement: Verification
) -> None:
    vera = Program.of(people.vera)
    found = vera.post(f"verifications/{engagement.pk}/findings/", {"text": "A ticket misses."})
    url = f"audit-findings/{found.body['id']}"
    assert vera.post(f"{url}/resolve/", {"resolution": "Seen."}).status == 409
    assert alice.post(f"{url}/respond/", {"response": "contested"}).status == 400
    given = {"response": "contested", "reason": "It is in the folder."}
    assert Program.of(people.erik).post(f"{url}/respond/", given).status == 404
    assert Program.of(people.anton).post(f"{url}/respond/", given).status == 403
    assert alice.post(f"{url}/respond/", given).status == 200
    assert vera.post(f"{url}/resolve/", {"resolution": "Seen."}).status == 200
    talk = alice.get(f"verifications/{engagement.pk}/dialogue/").body
    assert [each["resolution"] for each in talk["findings"]] == ["Seen."]
    assert Program.of(people.erik).get(f"verifications/{engagement.pk}/dialogue/").status == 404


def test_the_page_of_the_talk_has_each_ones_forms(people: Cast, engagement: Verification) -> None:
    vera, alice = Program.of(people.vera).client, Program.of(people.alice).client
    page = f"/engagements/{engagement.pk}/dialogue/"
    assert send(vera, f"{page}ask/", {"text": " "}).status_code == 400
    assert send(vera, f"{page}ask/", {"text": "The meter log?"}).status_code == 302
    assert send(vera, f"{page}object/", {"text": "A ticket misses."}).status_code == 302
    asked, finding = engagement.requests.get(), engagement.objections.get()
    shown = alice.get(page).content.decode()
    assert "Send your response" in shown
    assert "Ask the producer" not in shown
    assert send(alice, f"{page}answer/{asked.pk}/", {"text": "Attached."}).status_code == 302
    bare = send(alice, f"{page}respond/{finding.pk}/", {"response": "contested"})
    assert bare.status_code == 400
    assert send(vera, f"{page}resolve/{finding.pk}/", {"resolution": "x"}).status_code == 409
    send(alice, f"{page}respond/{finding.pk}/", {"response": "accepted"})
    assert send(vera, f"{page}resolve/{finding.pk}/", {"resolution": "Seen."}).status_code == 302
    for stranger in (people.erik, people.bob):
        assert Program.of(stranger).client.get(page).status_code == 404
    assert send(alice, f"{page}answer/{finding.pk}/", {"text": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["aluminium"]}, "scopes"),
        ({"basis": "annex_3"}, "attested_on"),
        ({"basis": "none"}, "basis"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"reference": ""}, "reference"),
    ],
)
def test_an_accreditation_that_does_not_fit_names_its_field(
    people: Cast, change: dict[str, Any], field: str
) -> None:
    given = {
        "auditor": str(people.veritas.pk),
        "body": "ResponsibleSteel",
        "basis": "rs_approved",
        "scopes": ["iron"],
        "valid_from": "2024-01-01",
        "valid_until": "2027-12-31",
        "reference": "RS-CB-9",
    }
    olga, before = Program.of(people.olga), Accreditation.objects.count()
    refused = olga.post("accreditations/", given | change)
    assert (refused.status, field in refused.text) == (400, True)
    page = send(olga.client, "/accreditations/new/", given | change)
    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert Accreditation.objects.count() == before
    assert Program.of(people.vera).post("accreditations/", given).status == 403
    assert olga.post("accreditations/", given).status == 201


def test_a_pathway_and_a_certificate_are_the_producers_own(people: Cast, alice: Program) -> None:
    works: Site = site(people)
    pathway, certificates = f"sites/{works.code}/pathway/", f"sites/{works.code}/certificates/"
    certificate = {
        "kind": "rs_core_site",
        "reference": "RS-CS-77",
        "body": "ResponsibleSteel",
        "valid_from": "2025-01-01",
        "valid_until": "2024-01-01",
    }
    for address, given in ((pathway, {"first_data_on": "2016-01-01"}), (certificates, certificate)):
        assert Program.of(people.erik).post(address, given).status == 404
        assert Program.of(people.anton).post(address, given).status == 403
    assert "valid_until" in alice.post(certificates, certificate).body["errors"]
    assert alice.post(pathway, {"first_data_on": "2199-01-01"}).status == 400
    page = send(alice.client, f"/sites/{works.code}/certificates/new/", certificate)
    assert page.status_code == 400
    good = certificate | {"valid_until": "2027-01-01"}
    assert send(alice.client, f"/sites/{works.code}/certificates/new/", good).status_code == 302
    shown = alice.client.get(f"/sites/{works.code}/pathway/").content.decode()
    assert "RS-CS-77" in shown
    for path in (f"/sites/{works.code}/pathway/", f"/sites/{works.code}/certificates/new/"):
        assert Program.of(people.erik).client.get(path).status_code == 404
        assert Program.of(people.anton).client.get(path).status_code == 403
