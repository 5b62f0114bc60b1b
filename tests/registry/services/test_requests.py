"""Idempotency: one key, one write, one answer; a refused attempt leaves the key free."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.permissions import Right, revoke
from registry.errors import BadInput, KeyReused
from registry.models import Site, WriteRequest
from registry.services.answers import first_answer
from registry.services.requests import once, retrying
from registry.services.sites import add_baseline, register_site
from tests.cast import Cast, baseline, cast, key, site
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


class Deadlock(Exception):
    sqlstate = "40P01"


def register(people: Cast, same: str, **values: Any) -> Site:
    given = {"code": "KIRUNA", "name": "Kiruna", "country": "SE", "route": "dri"}
    return register_site(
        by=people.alice,
        now=timezone.now(),
        key=same,
        organisation=people.nordmetall,
        values=given | values,
    )


def test_a_repeat_gets_the_first_answer_and_writes_nothing(people: Cast) -> None:
    same = key()
    first = register(people, same)
    with writes_nothing():
        assert register(people, same) == first


def test_a_repeat_at_another_time_is_still_the_same_request(people: Cast) -> None:
    same = key()
    first = register(people, same)
    later = datetime(2031, 1, 1, tzinfo=UTC)
    again = register_site(
        by=people.alice,
        now=later,
        key=same,
        organisation=people.nordmetall,
        values={"route": "dri", "country": "SE", "name": "Kiruna", "code": "KIRUNA"},
    )
    assert again == first


@pytest.mark.parametrize("values", [{"name": "Malmberget"}, {"region": "Norrbotten"}])
def test_the_same_key_with_other_input_is_refused(people: Cast, values: dict[str, str]) -> None:
    same = key()
    register(people, same)
    with refused(KeyReused, match=same):
        register(people, same, **values)


def test_the_same_key_for_another_service_is_refused(people: Cast) -> None:
    same = key()
    register(people, same)
    with refused(KeyReused):
        add_baseline(
            by=people.alice,
            now=timezone.now(),
            key=same,
            organisation=people.nordmetall,
            values={"kind": "site", "name": "Kiruna"},
        )


def test_the_name_of_the_service_counts_even_where_the_input_has_a_field_of_that_name(
    people: Cast,
) -> None:
    """A baseline's own `kind` must not take the place of the use-case in the hash."""
    same, now = key(), timezone.now()
    with once(by=people.alice, key=same, kind="baseline", now=now, input={"kind": "regional"}):
        pass
    with (
        refused(KeyReused),
        once(by=people.alice, key=same, kind="site", now=now, input={"kind": "regional"}),
    ):
        pass


def test_a_refused_attempt_stores_no_key(people: Cast) -> None:
    same = key()
    with refused(BadInput):
        register(people, same, code="not a code")
    assert not WriteRequest.objects.filter(key=same).exists()
    assert register(people, same).code == "KIRUNA"


def test_keys_of_two_people_do_not_collide(people: Cast) -> None:
    same = key()
    register(people, same)
    other = register_site(
        by=people.erik,
        now=timezone.now(),
        key=same,
        organisation=people.elektra,
        values={"code": "MILL", "name": "Mill", "country": "US", "route": "scrap_eaf"},
    )
    assert other.organisation == people.elektra
    assert WriteRequest.objects.filter(key=same).count() == 2


@pytest.mark.parametrize("bad", ["", "k" * 101, "nul\x00byte"])
def test_a_key_has_a_shape(people: Cast, bad: str) -> None:
    with refused(BadInput) as refusal:
        register(people, bad)
    assert set(refusal.value.errors) == {"idempotency_key"}


def test_a_key_of_a_hundred_characters_is_taken(people: Cast) -> None:
    assert register(people, "k" * 100).code == "KIRUNA"


def test_input_is_compared_by_value_whatever_its_order(people: Cast) -> None:
    same, now, record = key(), timezone.now(), uuid4()
    one = {"on": date(2026, 1, 1), "share": Decimal("0.5"), "of": record}
    with once(by=people.alice, key=same, kind="test", now=now, input=one):
        pass
    other = {"of": record, "share": Decimal("0.5"), "on": date(2026, 1, 1)}
    with once(by=people.alice, key=same, kind="test", now=now, input=other) as request:
        assert request.is_repeat


def test_an_input_that_has_no_plain_form_is_a_programming_error(people: Cast) -> None:
    with (
        refused(TypeError, match="plain values"),
        once(by=people.alice, key=key(), kind="test", now=timezone.now(), input={"by": people}),
    ):
        pass


def test_the_answer_that_was_sent_is_kept_and_given_again(people: Cast) -> None:
    same = key()
    register(people, same)
    sent = first_answer(by=people.alice, key=same, status=201, body='{"code": "KIRUNA"}')
    again = first_answer(by=people.alice, key=same, status=200, body='{"code": "RENAMED"}')
    assert (sent.status, sent.is_repeat) == (201, False)
    assert (again.status, again.body, again.is_repeat) == (201, '{"code": "KIRUNA"}', True)
    # What the service itself stored stays beside it.
    assert register(people, same).code == "KIRUNA"


def test_a_repeat_by_somebody_who_lost_the_right_is_refused(people: Cast) -> None:
    same = key()
    register(people, same)
    revoke(user=people.alice, account=people.iron_account, rights={Right.INITIATE})
    with refused(Refused, match="may not start actions"):
        register(people, same)


def test_what_a_callers_transaction_holds_is_not_tried_again() -> None:
    attempts: list[int] = []

    @retrying
    def service() -> None:
        attempts.append(1)
        raise OperationalError("aborted") from Deadlock()

    with pytest.raises(OperationalError):
        service()
    assert attempts == [1]


def test_the_cast_leaves_no_key_unanswered(people: Cast) -> None:
    site(people)
    baseline(people)
    by: list[User] = [people.alice]
    assert not WriteRequest.objects.filter(by__in=by, answer=None).exists()
