"""Sites, baselines, agreements, productions: what a producer does."""

from typing import Any

import pytest

from registry.models import Production, Site
from tests.cast import Cast, baseline, production, site, submit
from tests.support.programs import Program

SITE = {
    "code": "LULEA1",
    "name": "Luleå works",
    "country": "SE",
    "latitude": "65.5848",
    "longitude": "22.1567",
    "route": "dri",
    "started_on": "2015-05-01",
    "iron_capacity": 1_300_000,
}


def test_a_producer_registers_a_site(people: Cast, alice: Program) -> None:
    made = alice.post("sites/", {**SITE, "organisation": str(people.nordmetall.pk)})
    assert made.status == 201, made.body
    assert made.body["latitude"] == "65.5848"
    assert made.body["organisation"] == "Nordmetall Iron AB"
    assert alice.get("sites/LULEA1/").body == made.body
    assert alice.get("sites/").body["results"] == [made.body]


def test_a_site_code_is_taken_once(people: Cast, alice: Program) -> None:
    body = {**SITE, "organisation": str(people.nordmetall.pk)}
    alice.post("sites/", body)
    again = alice.post("sites/", body)
    assert again.status == 400
    assert list(again.body["errors"]) == ["code"]


def test_an_outsiders_organisation_is_not_there(people: Cast, alice: Program) -> None:
    body = {**SITE, "organisation": str(people.elektra.pk)}
    refused = alice.post("sites/", body)
    assert refused.status == 404
    assert Site.objects.count() == 0


def test_a_member_who_may_start_nothing_is_refused(people: Cast) -> None:
    body = {**SITE, "organisation": str(people.nordmetall.pk)}
    assert Program.of(people.anton).post("sites/", body).status == 403


def test_a_broker_has_no_sites(people: Cast, bob: Program) -> None:
    refused = bob.get("sites/")
    assert refused.status == 403
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_producer_sees_the_library_and_its_own_baselines(people: Cast, alice: Program) -> None:
    baseline(people, steel=True)
    made = alice.post(
        "baselines/",
        {
            "organisation": str(people.nordmetall.pk),
            "kind": "regional",
            "name": "Regional",
            "functional_unit": "iron",
            "country": "SE",
            "value_intensity": "1.90",
            "source": "A source",
        },
    )
    assert made.status == 201, made.body
    assert made.body["value_intensity"] == "1.9"
    assert alice.get("baselines/").body["results"] == [made.body]


def test_a_sliding_scale_without_its_points_is_refused(people: Cast, alice: Program) -> None:
    refused = alice.post(
        "baselines/",
        {
            "organisation": str(people.nordmetall.pk),
            "kind": "sliding_scale",
            "name": "Scale",
            "functional_unit": "crude_steel",
            "source": "A source",
        },
    )
    assert refused.status == 400
    assert "primary_intensity" in refused.body["errors"]


def test_an_agreement_is_seen_by_both_parties(people: Cast, alice: Program, bob: Program) -> None:
    made = alice.post(
        "agreements/",
        {
            "issuer": str(people.nordmetall.pk),
            "buyers": [str(people.broker.pk)],
            "reference": "OT-1",
            "executed_on": "2024-06-01",
            "end_use": "Car bodies",
            "offtake_share": "0.25",
        },
    )
    assert made.status == 201, made.body
    assert made.body["buyers"] == ["Broker & Sons"]
    assert bob.get("agreements/").body["results"] == [made.body]
    assert Program.of(people.carl).get("agreements/").body["results"] == []


def test_an_agreement_with_nobody_known_is_refused(people: Cast, alice: Program) -> None:
    refused = alice.post(
        "agreements/",
        {
            "issuer": str(people.nordmetall.pk),
            "buyers": ["01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"],
            "reference": "OT-1",
            "executed_on": "2024-06-01",
            "end_use": "Car bodies",
        },
    )
    assert refused.status == 400
    assert "buyers" in refused.body["errors"]


def test_a_draft_may_be_empty_and_says_what_is_missing(people: Cast, alice: Program) -> None:
    where = site(people)
    made = alice.post("productions/", {"site": where.code})
    assert made.status == 201, made.body
    findings = alice.get(f"productions/{made.body['id']}/findings/")
    assert findings.status == 200
    assert "fail" in {each["outcome"] for each in findings.body}
    assert Production.objects.get().state == "draft"


def test_only_the_given_fields_of_a_draft_change(people: Cast, alice: Program) -> None:
    draft = production(people)
    changed = alice.patch(f"productions/{draft.pk}/", {"tonnes": 900, "late_reason": "Fog"})
    assert changed.status == 200, changed.body
    assert changed.body["tonnes"] == 900
    assert changed.body["delivered_tonnes"] == 1_000
    emptied = alice.patch(f"productions/{draft.pk}/", {"tonnes": None, "account": None})
    assert (emptied.body["tonnes"], emptied.body["account"]) == (None, "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", "AC-00000000"),
        ("baseline", "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"),
        ("agreement", "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"),
    ],
)
def test_a_record_that_is_not_theirs_is_named(
    people: Cast, alice: Program, field: str, value: str
) -> None:
    refused = alice.patch(f"productions/{production(people).pk}/", {field: value})
    assert refused.status == 400
    assert list(refused.body["errors"]) == [field]


def test_another_producers_account_is_not_to_be_had(people: Cast, alice: Program) -> None:
    draft = production(people)
    refused = alice.patch(f"productions/{draft.pk}/", {"account": people.steel_account.number})
    assert refused.status == 400
    assert list(refused.body["errors"]) == ["account"]


def test_evidence_is_attached_once_and_read_back(people: Cast, alice: Program) -> None:
    draft = production(people)
    address = f"productions/{draft.pk}/evidence/"
    first = alice.upload(address, "meter.csv", b"t,kg\n1,2\n", kind="measurement")
    again = alice.upload(address, "meter.csv", b"t,kg\n1,2\n", kind="measurement")
    assert (first.status, again.status) == (201, 201), first.body
    assert first.body["id"] == again.body["id"]
    assert first.body["media_type"] == "text/csv"
    file = alice.get(f"evidence/{first.body['id']}/")
    assert file.body == b"t,kg\n1,2\n"
    assert file.headers["Content-Disposition"] == 'attachment; filename="meter.csv"'


def test_evidence_is_for_those_concerned(people: Cast, bob: Program) -> None:
    draft = production(people)
    address = f"evidence/{draft.evidence.get().pk}/"
    vera = Program.of(people.vera)
    assert bob.get(address).status == 404
    assert vera.get(address).status == 404
    submit(people, draft)
    assert vera.get(address).status == 200


def test_evidence_is_what_its_name_says(people: Cast, alice: Program) -> None:
    draft = production(people)
    address = f"productions/{draft.pk}/evidence/"
    assert alice.upload(address, "a.pdf", b"no pdf", kind="other").status == 400
    assert alice.upload(address, "a.csv", b"a,b\n", kind="gossip").status == 400
    assert alice.upload(address, "a.csv", b"", kind="other").status == 400
    extra = alice.upload(address, "a.csv", b"a,b\n", kind="other", colour="red")
    assert list(extra.body["errors"]) == ["colour"]
    assert alice.post(address, {"kind": "other"}).status == 415


def test_a_broken_rule_refuses_submission_with_all_findings(
    people: Cast, alice: Program, auditor: dict[str, Any]
) -> None:
    draft = production(people, tonnes=2_000, delivered_tonnes=1_000, product="slab")
    refused = alice.post(f"productions/{draft.pk}/submit/", auditor)
    assert refused.status == 422
    assert len(refused.findings) >= 2
    outcomes = [each["outcome"] for each in refused.body["findings"]]
    assert outcomes[0] == "fail"
    assert "pass" in outcomes
    assert Production.objects.get().state == "draft"


def test_a_submitted_application_is_no_longer_changed(
    people: Cast, alice: Program, auditor: dict[str, Any]
) -> None:
    draft = production(people)
    sent = alice.post(f"productions/{draft.pk}/submit/", auditor)
    assert sent.status == 200, sent.body
    assert sent.body["state"] == "submitted"
    assert sent.body["verifications"][0]["auditor"] == "Veritas Audit"
    assert alice.patch(f"productions/{draft.pk}/", {"tonnes": 1}).status == 409


def test_a_submission_needs_an_auditor(people: Cast, alice: Program) -> None:
    draft = production(people)
    address = f"productions/{draft.pk}/submit/"
    assert alice.post(address, {"auditor": str(people.broker.pk)}).status == 400
    assert alice.post(address, {"auditor": str(draft.pk)}).status == 400


def test_another_producers_production_is_not_there(people: Cast) -> None:
    draft = production(people)
    erik = Program.of(people.erik)
    assert erik.get(f"productions/{draft.pk}/").status == 404
    assert erik.get(f"productions/{draft.pk}/findings/").status == 404
    assert erik.patch(f"productions/{draft.pk}/", {"tonnes": 1}).status == 404
    assert erik.get("productions/").body["results"] == []


@pytest.fixture
def auditor(people: Cast) -> dict[str, Any]:
    return {"auditor": str(people.veritas.pk)}
