"""Large inventories on the pages: a worker plans, claims and states, and its progress is shown."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, Inventory, InventoryLine, Job, Statement
from claims.services import running
from claims.services.jobs import Progress, begin
from tests.cast import PASSWORD, Cast, key
from tests.claims.web.conftest import billets
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_is_large(settings: Any) -> None:
    settings.BILLET_MOST_AT_ONCE = 0


def work() -> Job:
    assert running.run_waiting(clock=timezone.now) == 1
    return Job.objects.order_by("asked_at", "id").last()  # type: ignore[return-value]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_plan_is_asked_for_followed_and_claimed_as_a_whole(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    address = f"/inventories/{inventory.pk}/plan/"
    wished = {"method": "enhanced", "cap": "baseline", "source": "", "functional_unit":
              "crude_steel"}  # fmt: skip
    shown = carl.get(address, wished)
    assert "a worker makes the plan" in text(shown)
    asked = carl.post(f"{address}start/", {**wished, "idempotency_key": key()})
    again = carl.post(f"{address}start/", {**wished, "idempotency_key": key()})
    assert asked["Location"] == again["Location"]
    page = asked["Location"]
    assert "Waiting for a worker." in text(carl.get(page))

    job = begin(Job.objects.get().pk, timezone.now())
    assert job is not None
    progress = Progress(job, timezone.now)
    progress.stage("choosing units", 90_000)
    progress.job.done = 45_000
    progress._write(timezone.now())
    part = carl.get(f"{page}state/")
    assert "Choosing units: 45,000 of 90,000 lines." in text(part)
    assert '<progress max="90000" value="45000"' in text(part)
    Job.objects.update(state="waiting")
    work()
    assert carl.get(f"{page}state/")["HX-Refresh"] == "true"
    assert "1,000 t are suggested in 1 run." in text(carl.get(page))

    claiming = carl.post(f"{page}claim/", {"idempotency_key": key()})
    assert claiming.status_code == 302
    work()
    claim = Claim.objects.get()
    assert f"Claim {claim.code}" in text(carl.get(claiming["Location"]))
    assert carl.post(f"{page}claim/", {"idempotency_key": key()}).status_code == 409


def test_nobody_else_sees_a_job(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    wished = {"method": "enhanced", "functional_unit": "crude_steel", "idempotency_key": key()}
    page = carl.post(f"/inventories/{inventory.pk}/plan/start/", wished)["Location"]
    other = Client()
    other.login(email=people.bob.email, password=PASSWORD)
    assert other.get(page).status_code == 404
    assert other.get(f"{page}state/").status_code == 404
    assert other.post(f"{page}claim/", {"idempotency_key": key()}).status_code == 404
    # Not made yet.
    assert carl.post(f"{page}claim/", {"idempotency_key": key()}).status_code == 409
    assert carl.post(f"/inventories/{inventory.pk}/plan/start/", {}).status_code == 302


def test_a_large_statement_is_made_then_published_and_says_so_meanwhile(
    carl: Client, inventory: Inventory, rebar: InventoryLine
) -> None:
    address = f"/inventories/{inventory.pk}/statements/new/"
    given = {"text": DISCLOSURE, "claim_type": "corporate_inventory", "idempotency_key": key(),
             "audience": "corporate_report"}  # fmt: skip
    made = carl.post(address, given)
    statement = Statement.objects.get()
    assert made["Location"] == f"/statements/{statement.code}/"
    page = text(carl.get(made["Location"]))
    assert "The document is being made" in page
    assert "Waiting for a worker." in text(carl.get(f"{made['Location']}state/"))
    work()
    assert carl.get(f"{made['Location']}state/")["HX-Refresh"] == "true"
    assert Client().get(f"/register/statements/{statement.code}/").status_code == 200


def test_a_refused_document_leaves_a_draft_that_shows_the_findings(
    carl: Client, inventory: Inventory, rebar: InventoryLine
) -> None:
    given = {"text": "Green.", "claim_type": "corporate_inventory", "idempotency_key": key(),
             "audience": "corporate_report", "then": "draft"}  # fmt: skip
    page = carl.post(f"/inventories/{inventory.pk}/statements/new/", given)["Location"]
    assert carl.post(f"{page}submit/", {"idempotency_key": key()}).status_code == 302
    work()
    shown = text(carl.get(page))
    assert "This was refused" in shown
    assert "R114" in shown
    assert "Submit it" in shown


def test_programs_ask_follow_and_claim_a_plan(
    people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    carl = Program.of(people.carl)
    address = f"inventories/{inventory.pk}/"
    wish = {"method": "enhanced"}
    at_once = carl.post(f"{address}plan/", wish)
    assert (at_once.status, "in the background" in str(at_once.body)) == (409, True)
    asked = carl.post(f"{address}plans/", wish)
    assert (asked.status, asked.body["state"]) == (202, "waiting")
    page = f"{address}jobs/{asked.body['id']}/"
    assert carl.get(f"{page}units/").body["results"] == []
    assert carl.post(f"{page}claim/", {}).status == 409
    work()
    done = carl.get(page).body
    assert (done["state"], done["result"]["volume"]) == ("done", 1_000)
    (units,) = carl.get(f"{page}units/").body["results"]
    assert (units["quantity"], units["first"], units["last"]) == (1_000, 1, 1_000)
    (group,) = carl.get(f"{page}groups/").body["results"]
    assert (group["id"], group["lines"]) == (units["group"], [str(rebar.pk)])

    claiming = carl.post(f"{page}claim/", {})
    assert (claiming.status, claiming.body["kind"]) == (202, "claim")
    work()
    ended = carl.get(f"{address}jobs/").body["results"]
    assert [each["kind"] for each in ended] == ["claim", "plan"]
    assert ended[0]["result"]["code"] == Claim.objects.get().code
    bob = Program.of(people.bob)
    assert {bob.get(each).status for each in (page, f"{page}units/", f"{address}jobs/")} == {404}
    assert bob.post(f"{address}plans/", wish).status == 404
    assert bob.post(f"{page}claim/", {}).status == 404


def test_programs_follow_a_large_document(
    people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    carl = Program.of(people.carl)
    address = f"inventories/{inventory.pk}/statements/drafts/"
    draft = carl.post(address, {"text": DISCLOSURE}).body
    assert draft["job"] is None
    asked = carl.post(f"statements/{draft['code']}/submit/", {}).body
    assert (asked["state"], asked["job"]["state"]) == ("draft", "waiting")
    work()
    found = carl.get(f"statements/{draft['code']}/").body
    assert (found["state"], found["job"]) == ("submitted", None)
