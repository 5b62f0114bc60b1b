"""The auditor's engagements and the operator's queue."""

from registry.models import Issuance, Production
from tests.cast import Cast, checklist, issue, production, submit, verify
from tests.support.programs import Program

FIGURES = {
    "delivered_tonnes": 1_000,
    "site_intensity": "0.4",
    "intensity": "0.4",
    **checklist(),
    "statement": "Checked on site.",
}


def test_an_auditor_starts_and_signs(people: Cast) -> None:
    engagement = submit(people, production(people))
    vera = Program.of(people.vera)
    (listed,) = vera.get("verifications/").body["results"]
    address = f"verifications/{listed['id']}/"
    assert vera.get(address).body["declared"]["evidence"][0]["name"] == "delivery.csv"
    started = vera.post(f"{address}start/")
    assert (started.status, started.body["production_state"]) == (200, "in_verification")
    signed = vera.post(f"{address}sign/", FIGURES)
    assert signed.status == 200, signed.body
    assert (signed.body["state"], signed.body["intensity"]) == ("signed", "0.4")
    engagement.refresh_from_db()
    assert engagement.signed_by == people.vera


def test_an_engagement_is_signed_once(people: Cast) -> None:
    engagement = verify(people, submit(people, production(people)))
    again = Program.of(people.vera).post(f"verifications/{engagement.pk}/sign/", FIGURES)
    assert again.status == 409
    assert again.body["type"] == "/api/v1/problems/not-now/"


def test_a_returned_application_is_the_producers_again(people: Cast, alice: Program) -> None:
    draft = production(people)
    engagement = submit(people, draft)
    vera = Program.of(people.vera)
    vera.post(f"verifications/{engagement.pk}/start/")
    assert vera.post(f"verifications/{engagement.pk}/return/", {"reason": " "}).status == 400
    returned = vera.post(f"verifications/{engagement.pk}/return/", {"reason": "Tickets missing"})
    assert returned.status == 200, returned.body
    assert (returned.body["state"], returned.body["declared"]) == ("returned", None)
    seen = alice.get(f"productions/{draft.pk}/").body
    assert (seen["state"], seen["steps"][-1]["note"]) == ("returned", "Tickets missing")


def test_nobody_else_sees_an_engagement(people: Cast, alice: Program) -> None:
    engagement = submit(people, production(people))
    assert alice.get(f"verifications/{engagement.pk}/").status == 403
    assert alice.post(f"verifications/{engagement.pk}/start/").status == 403


def test_two_operators_approve_and_the_units_are_there(people: Cast) -> None:
    draft = production(people)
    verify(people, submit(people, draft))
    olga, oscar = Program.of(people.olga), Program.of(people.oscar)
    address = f"approvals/{draft.pk}/"
    assert [row["id"] for row in olga.get("approvals/").body["results"]] == [str(draft.pk)]
    first = olga.post(f"{address}approve/")
    assert (first.status, first.body["state"], first.body["approvals"]) == (200, "verified", 1)
    assert olga.post(f"{address}approve/").status == 409
    second = oscar.post(f"{address}approve/")
    assert second.body["state"] == "issued"
    assert second.body["issuance"] == Issuance.objects.get().code
    assert olga.get("approvals/").body["results"] == []


def test_what_an_auditor_found_too_high_is_not_approved(people: Cast) -> None:
    draft = production(people)
    verify(people, submit(people, draft), site_intensity="1.2", intensity="1.2")
    refused = Program.of(people.olga).post(f"approvals/{draft.pk}/approve/")
    assert refused.status == 422
    assert "R020" in refused.findings


def test_an_operator_sends_back_with_a_reason(people: Cast, alice: Program) -> None:
    draft = production(people)
    verify(people, submit(people, draft))
    olga = Program.of(people.olga)
    back = olga.post(f"approvals/{draft.pk}/send-back/", {"reason": "Name the law"})
    assert (back.status, back.body["state"]) == (200, "returned")
    assert olga.get(f"approvals/{draft.pk}/").status == 404
    assert alice.get(f"productions/{draft.pk}/").body["steps"][-1]["note"] == "Name the law"


def test_the_queue_is_the_operators(people: Cast, alice: Program) -> None:
    draft = production(people)
    verify(people, submit(people, draft))
    assert alice.get("approvals/").status == 403
    assert alice.post(f"approvals/{draft.pk}/approve/").status == 403
    assert Program.of(people.olga).get(f"approvals/{production(people).pk}/").status == 404


def test_an_issued_production_says_its_issuance(people: Cast, alice: Program) -> None:
    issuance = issue(people)
    (row,) = alice.get("productions/", state="issued").body["results"]
    assert row["issuance"] == issuance.code
    assert alice.get("productions/", state="draft").body["results"] == []
    assert Production.objects.count() == 1
