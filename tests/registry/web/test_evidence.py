"""Evidence files: to whom, and as what."""

import pytest

from registry.models import Evidence
from tests.cast import Cast, production, submit, verify
from tests.registry.web.conftest import As, send


@pytest.fixture
def proof(people: Cast) -> Evidence:
    return production(people).evidence.get()


def url(proof: Evidence) -> str:
    return f"/evidence/{proof.pk}/"


def test_its_producers_members_get_the_file_as_an_attachment_of_its_type(
    people: Cast, as_: As, proof: Evidence
) -> None:
    response = as_(people.anton).get(url(proof))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv"
    assert response["Content-Disposition"] == 'attachment; filename="delivery.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content).startswith(b"ticket,tonnes")


def test_nobody_else_knows_of_it(people: Cast, as_: As, proof: Evidence) -> None:
    for user in (people.erik, people.vera, people.olga, people.carl):
        assert as_(user).get(url(proof)).status_code == 404


def test_the_engaged_auditor_and_the_operator_get_it_once_it_is_submitted(
    people: Cast, as_: As, proof: Evidence
) -> None:
    engagement = submit(people, proof.production)

    assert as_(people.vera).get(url(proof)).status_code == 200
    assert as_(people.olga).get(url(proof)).status_code == 200
    verify(people, engagement)
    assert as_(people.vera).get(url(proof)).status_code == 200


def test_after_a_return_the_auditor_gets_it_no_more(people: Cast, as_: As, proof: Evidence) -> None:
    engagement = submit(people, proof.production)
    vera = as_(people.vera)
    for action, data in (("start", {}), ("return", {"reason": "Incomplete."})):
        send(vera, f"/engagements/{engagement.pk}/{action}/", data)

    assert vera.get(url(proof)).status_code == 404
