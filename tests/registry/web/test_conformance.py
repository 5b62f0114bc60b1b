"""Conformance reports to keep: on the draft, to the auditor, to the operator; as their pages."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from registry.models import Issuance, Production, Verification
from tests import cast as made
from tests.cast import Cast, cast, issue
from tests.registry.web.conftest import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def draft(people: Cast) -> Production:
    return made.production(people)


@pytest.fixture(scope="module")
def engagement(people: Cast) -> Verification:
    return made.submit(people, made.production(people))


@pytest.fixture(scope="module")
def verified(people: Cast) -> Production:
    ready = made.production(people)
    made.verify(people, made.submit(people, ready))
    return ready


@pytest.fixture(scope="module")
def issuance(people: Cast) -> Issuance:
    return issue(people)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def report(user: User, path: str) -> dict[str, Any]:
    answer = signed_in(user).get(f"{path}conformance.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def places(
    people: Cast, draft: Production, engagement: Verification, verified: Production
) -> list[tuple[User, str, str]]:
    return [
        (people.alice, f"/productions/{draft.pk}/", f"/api/v1/productions/{draft.pk}/"),
        (people.vera, f"/engagements/{engagement.pk}/", f"/api/v1/verifications/{engagement.pk}/"),
        (people.olga, f"/applications/{verified.pk}/", f"/api/v1/approvals/{verified.pk}/"),
    ]


def test_each_reader_gets_the_report_of_the_page_in_every_form(
    people: Cast, draft: Production, engagement: Verification, verified: Production
) -> None:
    for user, page, program in places(people, draft, engagement, verified):
        client = signed_in(user)
        shown = client.get(page).content.decode()
        found = report(user, page)
        for finding in found["findings"]:
            assert f'id="findings-{finding["rule"]}"' in shown
        assert (found["issuance"], found["edition"]["id"]) == (None, "rmi-2026-03")
        for form in ("pdf", "json"):
            assert f'href="{page}conformance.{form}"' in shown
        printed = client.get(f"{page}conformance.pdf")
        assert printed["Content-Type"] == "application/pdf"
        assert b"/StructTreeRoot" in printed.content
        assert client.get(f"{program}conformance/").json() == found
        assert client.get(f"{program}conformance.pdf")["Content-Type"] == "application/pdf"


def test_outsiders_find_nothing_and_other_roles_are_refused(
    people: Cast, draft: Production, engagement: Verification, verified: Production
) -> None:
    for _, page, program in places(people, draft, engagement, verified):
        for tail in ("conformance.pdf", "conformance.json"):
            assert Client().get(f"{page}{tail}").status_code == 302
            assert signed_in(people.bob).get(f"{page}{tail}").status_code == 403
        for tail in ("conformance/", "conformance.pdf"):
            assert Client().get(f"{program}{tail}").status_code == 401
            assert signed_in(people.bob).get(f"{program}{tail}").status_code == 403
    outsider = signed_in(people.erik)
    assert outsider.get(f"/productions/{draft.pk}/conformance.json").status_code == 404
    assert outsider.get(f"/api/v1/productions/{draft.pk}/conformance/").status_code == 404
    # Not handed to an auditor yet, so not an operator's to see.
    operator = signed_in(people.olga)
    assert operator.get(f"/applications/{draft.pk}/conformance.json").status_code == 404


def test_a_draft_says_that_it_is_not_issued_and_what_it_declares(
    people: Cast, draft: Production
) -> None:
    found = report(people.alice, f"/productions/{draft.pk}/")
    assert found["production"] == str(draft.pk)
    assert found["record"]["tonnes"] == str(draft.tonnes)
    assert found["issued_on"] is None


def test_the_operator_s_report_is_the_one_that_an_approval_rests_on(
    people: Cast, verified: Production
) -> None:
    found = report(people.olga, f"/applications/{verified.pk}/")
    by_rule = {each["rule"]: each for each in found["findings"]}
    assert by_rule["R068"]["outcome"] == "pass"
    assert by_rule["R087"]["outcome"] == "pass"


def test_once_issued_everybody_gets_what_is_stored(people: Cast, issuance: Issuance) -> None:
    found = report(people.alice, f"/productions/{issuance.production_id}/")
    assert found["issuance"] == issuance.code
    assert found["findings"] == issuance.findings
    assert report(people.olga, f"/applications/{issuance.production_id}/") == found


def test_what_went_back_to_its_producer_is_closed_to_the_auditor(
    people: Cast, engagement: Verification
) -> None:
    Verification.objects.filter(pk=engagement.pk).update(state=Verification.State.RETURNED)
    vera = signed_in(people.vera)
    assert vera.get(f"/engagements/{engagement.pk}/conformance.json").status_code == 404
    assert vera.get(f"/api/v1/verifications/{engagement.pk}/conformance/").status_code == 404


def test_a_report_takes_a_bounded_number_of_queries(
    people: Cast, draft: Production, engagement: Verification, verified: Production
) -> None:
    counts = [
        queries_of(signed_in(user), f"{page}conformance.json")
        for user, page, _ in places(people, draft, engagement, verified)
    ]
    assert max(counts) <= 32, counts
