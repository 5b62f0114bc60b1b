"""The operators compare editions and judge again as a dry run; by page and by program."""

import pytest
from django.test import Client

from accounts.models import User
from registry.models import Issuance, Production
from tests import cast as made
from tests.cast import Cast, cast, issue
from tests.registry.web.conftest import queries_of
from tests.support.refusals import writes_nothing

pytestmark = pytest.mark.django_db

STRICTER = "illustrative-stricter"


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def issuance(people: Cast) -> Issuance:
    return issue(people)


@pytest.fixture(scope="module")
def submitted(people: Cast) -> Production:
    draft = made.production(people)
    made.submit(people, draft)
    return draft


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_two_editions_stand_side_by_side(people: Cast) -> None:
    page = signed_in(people.olga).get("/editions/").content.decode()
    assert "Limit for iron, t CO2e/t" in page
    assert "1.00" in page
    assert "0.80" in page
    assert "stricter" in page
    assert "illustrative, never in force" in page
    same = signed_in(people.olga).get("/editions/?before=rmi-2026-03&after=rmi-2026-03")
    assert "No parameter differs" in same.content.decode()
    found = Client().get(f"/api/v1/rulebook/comparison/?before=rmi-2026-03&after={STRICTER}").json()
    limit = next(each for each in found if each["parameter"] == "iron_limit_intensity")
    assert (limit["before"], limit["after"], limit["demand"]) == ("1.00", "0.80", "stricter")


def test_an_issuance_is_judged_again_and_what_changes_is_shown(
    people: Cast, issuance: Issuance, submitted: Production
) -> None:
    olga = signed_in(people.olga)
    for of in (issuance.code, str(submitted.pk)):
        with writes_nothing():
            page = olga.get(f"/editions/dry-run/?of={of}&edition={STRICTER}").content.decode()
            found = olga.get(f"/api/v1/rulebook/dry-runs/{of}/?edition={STRICTER}").json()
        assert "Findings that change, and why" in page
        assert found["after"] == STRICTER
        changed = {each["rule"]: each["parameters"] for each in found["changes"]}
        assert changed
        for rule in changed:
            assert rule in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/editions/?before=rmi-2031", 404),
        ("/editions/dry-run/?of=NONE", 404),
        ("/editions/dry-run/?of=%00%FF", 404),
        ("/editions/dry-run/?of=NONE&edition=rmi-2031", 404),
        ("/editions/dry-run/", 200),
        ("/api/v1/rulebook/comparison/", 404),
        ("/api/v1/rulebook/comparison/?before=rmi-2026-03&after=x", 404),
        (f"/api/v1/rulebook/dry-runs/NONE/?edition={STRICTER}", 404),
        ("/api/v1/rulebook/dry-runs/NONE/", 404),
    ],
)
def test_what_is_not_there_is_said(people: Cast, path: str, status: int) -> None:
    assert signed_in(people.olga).get(path).status_code == status


def test_a_draft_is_not_the_operators_to_judge(people: Cast) -> None:
    draft = made.production(people)
    answer = signed_in(people.olga).get(f"/editions/dry-run/?of={draft.pk}")
    assert answer.status_code == 404


def test_nobody_else_judges_again(people: Cast, issuance: Issuance) -> None:
    for path in ("/editions/", f"/editions/dry-run/?of={issuance.code}"):
        assert Client().get(path).status_code == 302
        assert signed_in(people.alice).get(path).status_code == 403
    program = f"/api/v1/rulebook/dry-runs/{issuance.code}/?edition={STRICTER}"
    assert Client().get(program).status_code == 401
    assert signed_in(people.alice).get(program).status_code == 403


def test_the_pages_take_a_bounded_number_of_queries(people: Cast, issuance: Issuance) -> None:
    olga = signed_in(people.olga)
    assert queries_of(olga, "/editions/") <= 12
    assert queries_of(olga, f"/editions/dry-run/?of={issuance.code}") <= 14
