"""An account's policy on the page."""

from typing import Any

import pytest

from accounts.permissions import grant
from registry.models import Agreement, PolicyChange
from registry.rulebook.edition import edition_on
from registry.services.policies import policy_of
from tests.cast import APPROVE, Cast, person
from tests.registry.services.sharing import three_claims
from tests.registry.web.conftest import As, queries_of, send, summary

pytestmark = pytest.mark.django_db


def base(people: Cast) -> str:
    return f"/accounts/{people.steel_account.number}/policy/"


def test_limits_and_trust_are_changed_and_approved(people: Cast, as_: As) -> None:
    ella = person("Ella", people.elektra)
    grant(user=ella, account=people.steel_account, rights=APPROVE)
    erik = as_(people.erik)
    url = base(people)
    send(erik, f"{url}limits/", {"approval_above": "1,000", "delay_days": "2"})
    send(erik, f"{url}trust/", {"other": people.broker_account.number.lower()})
    change = PolicyChange.objects.get(kind="trust")
    text = erik.get(url).content.decode()
    assert "waits for a second person" in text
    days = edition_on(change.proposed_at.date()).policy_delay_days
    assert f"where there is none for {days} working days." in text
    title = f"Approve a change of the policy of {people.steel_account.number}"
    assert [need.title for need in as_(ella).get("/home/").context["needs"]] == [title]
    assert title not in [need.title for need in erik.get("/home/").context["needs"]]
    assert "Approve" in as_(ella).get(url).content.decode()
    assert send(as_(ella), f"{url}{change.pk}/approve/").status_code == 302
    found = policy_of(people.steel_account, on=change.proposed_at.date())
    assert (found.approval_above, found.delay_days) == (1_000, 2)
    assert found.trusted == {people.broker_account.pk}
    assert "Broker" in erik.get(url).content.decode()
    send(erik, f"{url}distrust/", {"other": people.broker_account.number})
    assert not policy_of(people.steel_account, on=change.proposed_at.date()).trusted


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("limits", {"approval_above": "-1", "delay_days": "0"}, "greater than or equal"),
        ("limits", {"approval_above": "1.5", "delay_days": "0"}, "whole tonnes"),
        ("limits", {"approval_above": "", "delay_days": "61"}, "less than or equal"),
        ("limits", {"approval_above": "", "delay_days": ""}, "required"),
        ("limits", {"approval_above": "", "delay_days": "two"}, "whole number"),
        ("trust", {"other": "AC-NOPE"}, "no account"),
        ("trust", {"other": ""}, "required"),
        ("distrust", {"other": "AC-NOPE"}, "no account"),
    ],
)
def test_what_is_wrong_is_said(
    people: Cast, as_: As, kind: str, data: dict[str, str], said: str
) -> None:
    response = send(as_(people.erik), f"{base(people)}{kind}/", data)
    assert response.status_code == 400
    assert said in summary(response)


def test_own_accounts_and_repeats_are_refused_in_words(people: Cast, as_: As) -> None:
    bob = as_(people.bob)
    url = f"/accounts/{people.broker_account.number}/policy/"
    response = send(bob, f"{url}trust/", {"other": people.broker_desk.number})
    assert response.status_code == 400
    assert "own accounts" in summary(response)


def test_outsiders_find_nothing_and_onlookers_change_nothing(people: Cast, as_: As) -> None:
    assert as_(people.bob).get(base(people)).status_code == 404
    url = f"/accounts/{people.iron_account.number}/policy/"
    anton = as_(people.anton)
    assert "Change the limits" not in anton.get(url).content.decode()
    refused = send(anton, f"{url}limits/", {"approval_above": "", "delay_days": "1"})
    assert refused.status_code == 403


def test_the_page_takes_no_more_queries_for_more_changes(people: Cast, as_: As) -> None:
    erik = as_(people.erik)
    for days in (1, 2):
        send(erik, f"{base(people)}limits/", {"approval_above": "", "delay_days": str(days)})
    before = queries_of(erik, base(people))
    for days in (3, 4, 5):
        send(erik, f"{base(people)}limits/", {"approval_above": "", "delay_days": str(days)})
    assert queries_of(erik, base(people)) == before


# --- agreements with seats --------------------------------------------------------------------


def seats(people: Cast, **values: Any) -> dict[str, Any]:
    given = {
        "reference": "AG-7",
        "executed_on": "2025-01-01",
        "buyers": [str(people.auto_werke.pk), str(people.broker.pk)],
        "claims_agreed": "2",
        "end_use": "Car bodies",
        "transfer_to": "parties",
        "chain": "automotive",
        "seat_1_layer": "4",
        "seat_1_party": str(people.auto_werke.pk),
        "seat_1_role": "car maker",
        "seat_2_layer": "5",
        "seat_2_role": "fleet owner",
        "seat_2_extent": "50",
        "responsible": str(people.auto_werke.pk),
        "commercial_terms": "EUR 100 a unit",
    }
    return given | values


def test_an_agreement_is_recorded_with_seats_and_confirmed(people: Cast, as_: As) -> None:
    assert send(as_(people.erik), "/agreements/new/", seats(people)).status_code == 302
    made = Agreement.objects.get(reference="AG-7")
    assert [str(seat.extent_share) for seat in made.seats.order_by("copy")] == [
        "1.000000",
        "0.500000",
    ]
    bob = as_(people.bob)
    url = f"/agreements/{made.pk}/"
    shown = bob.get(url).content.decode()
    assert "EUR 100 a unit" in shown
    assert "Confirm the agreement" in shown
    assert send(bob, f"{url}confirm/").status_code == 302
    assert "Confirm the agreement" not in bob.get(url).content.decode()
    assert send(bob, f"{url}confirm/").status_code == 409
    assert as_(people.alice).get(url).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"chain": ""}, "value chain"),
        ({"seat_2_role": ""}, "what the party does"),
        ({"seat_2_layer": "4"}, "own layer"),
        ({"seat_2_layer": "7"}, "automotive has"),
        ({"seat_2_layer": "x"}, "whole number"),
        ({"seat_1_party": ""}, "primary"),
        ({"transfer_to": "roles"}, "Name roles"),
        ({"option_units": "5"}, "forward"),
        ({"seat_2_extent": "101"}, "100"),
    ],
)
def test_terms_that_do_not_fit_are_said(
    people: Cast, as_: As, wrong: dict[str, str], said: str
) -> None:
    response = send(as_(people.erik), "/agreements/new/", seats(people, **wrong))
    assert response.status_code == 400
    assert said in summary(response)


def test_what_an_agreement_says_is_on_no_public_page(people: Cast, client: Any) -> None:
    three_claims(people)
    assert client.get("/agreements/").status_code == 302
