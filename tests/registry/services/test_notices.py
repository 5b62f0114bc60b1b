"""Notices: told in the business transaction, read by members, sent by e-mail once."""

from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.errors import NotVisible
from registry.models import Notice
from registry.services.notices import read_notices, send_notices, tell, tell_all
from tests.cast import Cast, cast, key
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


def told(people: Cast, **more: Any) -> Notice:
    return tell(people.broker, **{"kind": "test", "text": "Something happened.", "at": NOW, **more})


def test_a_notice_names_the_record_and_the_page(people: Cast) -> None:
    notice = told(people, about=people.broker_account, url="/accounts/")
    assert (notice.about_type, notice.about_id) == ("account", people.broker_account.pk)
    assert notice.organisation == people.broker


def test_an_organisation_named_twice_is_told_once(people: Cast) -> None:
    both = [people.broker, people.auto_werke, people.broker]
    assert len(tell_all(both, kind="test", text="x", at=NOW)) == 2


def test_a_long_text_is_cut_rather_than_refused(people: Cast) -> None:
    notice = told(people, text="x" * 600)
    assert len(notice.text) == 500
    assert notice.text.endswith("…")


def test_what_is_rolled_back_was_never_told(people: Cast) -> None:
    with transaction.atomic():
        told(people)
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


def test_a_notice_goes_to_every_member_alone_and_only_once(people: Cast) -> None:
    told(people, url="/transfers/")
    assert send_notices(now=NOW) == 1
    assert send_notices(now=NOW) == 0
    assert sorted(each.to[0] for each in mail.outbox) == ["bea@example.test", "bob@example.test"]
    assert all(len(each.to) == 1 for each in mail.outbox)
    assert mail.outbox[0].subject == "[Billet] Something happened."
    assert "http://localhost:8000/transfers/" in mail.outbox[0].body


def test_a_line_break_cannot_reach_the_headers(people: Cast) -> None:
    told(people, text="Hello\nBcc: all@example.test")
    assert send_notices(now=NOW) == 1
    assert mail.outbox[0].subject == "[Billet] Hello Bcc: all@example.test"


def test_what_could_not_be_sent_is_sent_later(people: Cast) -> None:
    told(people)
    with (
        patch("registry.services.notices._send", side_effect=OSError("no mail server")),
        pytest.raises(OSError, match="no mail server"),
    ):
        send_notices(now=NOW)
    assert Notice.objects.get().sent_at is None
    assert send_notices(now=NOW) == 1


def test_one_of_its_people_puts_a_notice_away_for_all(people: Cast) -> None:
    notice = told(people)
    told(people)
    once = key()
    for _ in range(2):
        read = read_notices(
            by=people.bea, now=NOW, key=once, organisation=people.broker, notice=notice.pk
        )
        assert read == 1
    notice.refresh_from_db()
    assert notice.read_by == people.bea
    assert read_notices(by=people.bob, now=NOW, key=key(), organisation=people.broker) == 1


def test_outsiders_read_no_notices(people: Cast) -> None:
    notice = told(people)
    for by, organisation in ((people.carl, people.broker), (people.carl, people.auto_werke)):
        with refused(NotVisible):
            read_notices(by=by, now=NOW, key=key(), organisation=organisation, notice=notice.pk)
