"""Notices on the home page and in their list."""

from django.utils import timezone

from registry.models import Notice
from registry.services.notices import tell
from tests.cast import Cast, key
from tests.registry.web.conftest import As, queries_of, send


def told(people: Cast, text: str = "An offer was closed.") -> Notice:
    return tell(people.broker, kind="test", text=text, at=timezone.now(), url="/transfers/")


def test_a_notice_stands_on_the_home_page_until_it_is_put_away(people: Cast, as_: As) -> None:
    notice, bob = told(people), as_(people.bob)
    assert [need.title for need in bob.get("/home/").context["needs"]] == [notice.text]

    response = send(bob, f"/notices/{notice.pk}/read/")

    assert response.url == "/notices/"
    assert bob.get("/home/").context["needs"] == []
    assert "put away by Bob" in bob.get("/notices/").content.decode()


def test_outsiders_neither_see_nor_put_away(people: Cast, as_: As) -> None:
    notice = told(people)
    carl = as_(people.carl)
    assert notice.text not in carl.get("/notices/").content.decode()
    assert send(carl, f"/notices/{notice.pk}/read/").status_code == 404


def test_a_key_used_for_another_notice_is_refused(people: Cast, as_: As) -> None:
    first, second, bob, once = told(people), told(people), as_(people.bob), key()
    send(bob, f"/notices/{first.pk}/read/", key=once)
    assert send(bob, f"/notices/{second.pk}/read/", key=once).status_code == 409


def test_the_list_takes_as_many_queries_for_many_as_for_one(people: Cast, as_: As) -> None:
    told(people)
    bob = as_(people.bob)
    one = queries_of(bob, "/notices/")
    for _ in range(5):
        told(people)
    assert queries_of(bob, "/notices/") == one <= 10
