"""Units verified over less than a full year of data say so, wherever they are shown (R060)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import Issuance
from registry.rulebook.vintage import add_months
from tests.cast import cast, issue, vintage

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def conditional(shared_database: None) -> Issuance:
    _, end = vintage(timezone.now())
    return issue(cast(), period_start=end - timedelta(days=180))


def test_a_conditional_issuance_knows_from_when_it_may_be_a_full_year(
    conditional: Issuance,
) -> None:
    assert conditional.is_conditional
    assert conditional.conditional_until == add_months(conditional.vintage_start, 12)


def test_the_record_the_list_and_the_interface_say_so(conditional: Issuance) -> None:
    record = Client().get(f"/register/issuances/{conditional.code}/").content.decode()
    assert "conditional until a full year of activity data is verified" in record
    assert "Verified over less than a full year" in record
    assert ">conditional<" in Client().get("/register/issuances/").content.decode()
    shown = Client().get(f"/api/v1/register/issuances/{conditional.code}/").json()
    assert shown["is_conditional"] is True
    assert shown["conditional_until"] == conditional.conditional_until.isoformat()
    assert shown["is_provisional"] is False


def test_with_a_full_year_there_is_no_condition(conditional: Issuance) -> None:
    full = Issuance(findings=[{"rule": "R060", "outcome": "pass", "numbers": {}}])
    assert not full.is_conditional
    assert full.conditional_until is None
