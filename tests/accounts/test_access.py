"""Who may reach a page at all: the declaration is the door."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.access import Access, access, admits
from accounts.errors import Refused
from accounts.models import User
from tests.cast import Cast, cast

pytestmark = pytest.mark.django_db

REACHES = {
    Access.PUBLIC: {"nobody", "alice", "erik", "bob", "carl", "vera", "olga"},
    Access.SIGNED_IN: {"alice", "erik", "bob", "carl", "vera", "olga"},
    Access.PRODUCER: {"alice", "erik"},
    Access.AUDITOR: {"vera"},
    Access.HOLDER: {"alice", "erik", "bob", "carl"},
    Access.CLAIMANT: {"bob", "carl"},
    Access.OPERATOR: {"olga"},
}


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


def visitor(people: Cast, name: str) -> User | AnonymousUser:
    return AnonymousUser() if name == "nobody" else getattr(people, name)


@pytest.mark.parametrize("who", list(Access))
@pytest.mark.parametrize("name", sorted(REACHES[Access.PUBLIC]))
def test_each_door_admits_its_roles_and_nobody_else(people: Cast, who: Access, name: str) -> None:
    assert admits(who, visitor(people, name)) == (name in REACHES[who])


@access(Access.AUDITOR)
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def visit(user: User | AnonymousUser) -> HttpResponse:
    request = RequestFactory().get("/somewhere/?page=2")
    request.user = user
    answer = page(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back() -> None:
    answer = visit(AnonymousUser())
    assert answer.status_code == 302
    assert answer["Location"].endswith("next=/somewhere/%3Fpage%3D2")


def test_who_has_another_role_is_told_for_whom_it_is(people: Cast) -> None:
    with pytest.raises(Refused, match="auditors"):
        visit(people.alice)


def test_who_has_the_role_comes_in(people: Cast) -> None:
    assert visit(people.vera).content == b"in"


def test_the_page_keeps_its_name_and_carries_its_door() -> None:
    assert page.__name__ == "page"
    assert page.access is Access.AUDITOR  # type: ignore[attr-defined]
