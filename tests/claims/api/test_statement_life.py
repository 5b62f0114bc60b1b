"""A statement's life for programs: the same services, the same refusals."""

import pytest

from claims.accounting.wording import DISCLOSURE
from tests.claims.services.stage import Stage, claim, set_stage
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


def test_from_draft_to_publication(stage: Stage) -> None:
    claim(stage, 1, 500)
    carl, vera = Program.of(stage.people.carl), Program.of(stage.people.vera)
    bob = Program.of(stage.people.bob)
    drafts = f"inventories/{stage.inventory.pk}/statements/drafts/"
    made = carl.post(drafts, {"text": DISCLOSURE})
    assert (made.status, made.body["state"]) == (201, "draft")
    address = f"statements/{made.body['code']}/"
    assert carl.post(drafts, {"text": DISCLOSURE}).status == 409
    assert bob.post(f"{address}submit/", {}).status == 404
    assert carl.post(f"{address}publish/", {}).status == 409
    assert carl.post(f"{address}submit/", {}).body["state"] == "submitted"
    engaged = carl.post(f"{address}engage/", {"auditor": str(stage.people.veritas.pk)})
    assert engaged.status == 201
    given = f"assurances/{engaged.body['id']}/opinion/"
    assert vera.post(given, {"opinion": "perfect", "text": "x"}).status == 400
    assert vera.post(given, {"opinion": "limited", "text": "Nothing found."}).status == 200
    assert carl.post(f"{address}publish/", {}).body["state"] == "published"
    assert vera.get("assurances/").body["results"][0]["opinion"] == "limited"
