"""Co-claims on the page: proposed, consented to, confirmed, named; and who sees what."""

from typing import Any

import pytest
from django.urls import reverse

from registry.models import CoClaim
from registry.public.units import unit_range
from registry.transitions import CoClaimState
from tests.cast import Cast
from tests.registry.services.sharing import Sharing, executed, propose, sharing
from tests.registry.web.conftest import As, queries_of, send, summary, writes

pytestmark = pytest.mark.django_db

NEW = "/co-claims/new/"


@pytest.fixture
def scene(people: Cast) -> Sharing:
    return sharing(people)


def form(scene: Sharing, **values: Any) -> dict[str, Any]:
    given = {
        "account": scene.people.auto_account.number,
        "how": "serials",
        "issuance": scene.issuance.code,
        "first": "1",
        "last": "600",
        "second": str(scene.people.broker.pk),
        "third": "later",
        "note": "",
    }
    return given | values


def register(scene: Sharing) -> str:
    return reverse("public:issuance", args=[scene.issuance.code])


def page(client: Any, co_claim: CoClaim) -> str:
    return str(client.get(f"/co-claims/{co_claim.code}/").content.decode())


def needs(client: Any) -> list[str]:
    """What waits for somebody about co-claims, but for the notices that tell of it."""
    found = client.get("/home/").context["needs"]
    return [each.title for each in found if "co-claim of" in each.title and each.text]


def test_the_way_from_proposal_to_a_named_seat(scene: Sharing, as_: As) -> None:
    people = scene.people
    carl, bob, erik, fay = (as_(user) for user in (people.carl, people.bob, people.erik, scene.fay))
    assert carl.get(NEW).status_code == 200
    assert send(carl, NEW, form(scene)).status_code == 302
    co_claim = CoClaim.objects.get()
    url = f"/co-claims/{co_claim.code}/"
    assert "Consent" in page(bob, co_claim)
    assert needs(bob) == ["Take or decline your seat in a co-claim of 600 t"]
    assert needs(erik) == needs(fay) == []
    assert "Confirm as issuer" not in page(erik, co_claim)
    send(bob, f"{url}consent/", {"account": people.broker_account.number})
    assert "Confirm as issuer" in page(erik, co_claim)
    assert (needs(bob), needs(erik)) == ([], ["Confirm the co-claim of 600 t"])
    assert send(erik, f"{url}confirm/").status_code == 302
    co_claim.refresh_from_db()
    assert co_claim.state == CoClaimState.EXECUTED
    assert "Name a holder" in page(carl, co_claim)
    send(carl, f"{url}name/", {"copy": "3", "organisation": str(scene.fleet.pk)})
    assert needs(fay) == ["Take or decline your seat in a co-claim of 600 t"]
    send(fay, f"{url}consent/", {"account": scene.fleet_account.number})
    assert needs(erik) == ["Confirm the co-claim of 600 t"]
    send(erik, f"{url}confirm/")
    assert needs(erik) == []
    assert set(co_claim.seats.values_list("state", flat=True)) == {"held"}


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"second": ""}, 400, "required"),
        ({"second": "x"}, 400, "valid choice"),
        ({"third": ""}, 400, "required"),
        ({"last": "0"}, 400, "greater than or equal"),
        ({"last": "1001"}, 422, "R130"),
        ({"issuance": "NOPE"}, 400, "no issuance"),
        ({"second": "later"}, 422, "R134"),
        ({"account": "AC-0"}, 400, "valid choice"),
        ({"note": "x" * 501}, 400, "500"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    scene: Sharing, as_: As, wrong: dict[str, str], status: int, said: str
) -> None:
    before = writes()
    response = send(as_(scene.people.carl), NEW, form(scene, **wrong))
    assert response.status_code == status
    assert said in summary(response)
    assert "600" in response.content.decode() or "last" in wrong
    assert writes() == before


def test_a_party_at_the_wrong_layer_is_told_the_rules(scene: Sharing, as_: As) -> None:
    given = form(scene, second=str(scene.fleet.pk), third=str(scene.people.broker.pk))
    response = send(as_(scene.people.carl), NEW, given)
    assert response.status_code == 422
    assert "R132" in summary(response)


def test_declined_and_taken_back(scene: Sharing, as_: As) -> None:
    first, second = propose(scene), propose(scene)
    assert send(as_(scene.people.bob), f"/co-claims/{first.code}/decline/").status_code == 302
    assert send(as_(scene.people.carl), f"/co-claims/{second.code}/withdraw/").status_code == 302
    states = set(CoClaim.objects.values_list("state", flat=True))
    assert states == {CoClaimState.DECLINED, CoClaimState.WITHDRAWN}
    late = send(as_(scene.people.carl), f"/co-claims/{second.code}/withdraw/")
    assert late.status_code == 409
    assert "withdrawn" in summary(late)


@pytest.mark.parametrize("action", ["", "consent/", "confirm/", "decline/", "withdraw/", "name/"])
def test_outsiders_find_nothing(scene: Sharing, as_: As, action: str) -> None:
    url = f"/co-claims/{propose(scene).code}/{action}"
    alice = as_(scene.people.alice)
    assert (send(alice, url) if action else alice.get(url)).status_code == 404
    assert as_(scene.people.vera).get("/co-claims/").status_code == 403


def test_a_party_cannot_do_what_is_anothers(scene: Sharing, as_: As) -> None:
    co_claim = propose(scene)
    url = f"/co-claims/{co_claim.code}/"
    bob = as_(scene.people.bob)
    assert send(bob, f"{url}confirm/").status_code == 404
    assert send(bob, f"{url}withdraw/").status_code == 404
    assert send(bob, f"{url}consent/", {"account": "AC-0"}).status_code == 400
    assert send(bob, f"{url}name/", {"copy": "3"}).status_code in (400, 404)


def test_everybody_sees_who_claims_what(scene: Sharing, as_: As, client: Any) -> None:
    executed(scene)
    identifier = str(unit_range(scene.issuance, 1, 10))
    looked_up = client.get(reverse("public:units"), {"identifier": identifier})
    issuance = client.get(register(scene))
    for shown in (looked_up.content.decode(), issuance.content.decode()):
        assert "3 claims" in shown
        assert "Broker &amp; Sons" in shown
        assert "to be named" in shown
        assert scene.people.broker_account.number not in shown


def test_the_pages_take_no_more_queries_for_more_rows(scene: Sharing, as_: As) -> None:
    carl = as_(scene.people.carl)
    first = propose(scene, 10)
    paths = ("/co-claims/", f"/co-claims/{first.code}/", register(scene))
    executed(scene, 10)
    before = [queries_of(carl, path) for path in paths]
    for _ in range(3):
        executed(scene, 10)
    assert [queries_of(carl, path) for path in paths] == before
