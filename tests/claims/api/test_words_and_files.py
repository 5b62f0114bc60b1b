"""What a statement says, its files, and the auditor's side, for programs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import StatementFile
from tests.cast import key
from tests.claims.services.stage import Stage, claim, set_stage
from tests.support.programs import Program

pytestmark = pytest.mark.django_db

SBTI = {
    "tier": "sector",
    "sourcing_match": "Slab of the region that our mills buy in.",
    "barriers": ["availability", "cost"],
    "barrier": "Three tenders without an offer.",
    "evidence": "Tender file 17",
}
WORDS = {
    "text": DISCLOSURE,
    "audience": "business_customers",
    "jurisdictions": ["EU", "US"],
    "sourcing": SBTI,
}


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


@pytest.fixture
def carl(stage: Stage) -> Program:
    return Program.of(stage.people.carl)


def drafts(stage: Stage) -> str:
    return f"inventories/{stage.inventory.pk}/statements/drafts/"


def drafted(stage: Stage, carl: Program, **words: Any) -> str:
    made = carl.post(drafts(stage), {"text": DISCLOSURE, **words})
    assert made.status == 201, made.body
    return f"statements/{made.body['code']}/"


def attached(user: Any, address: str, name: str = "tender.csv", data: bytes = b"a,1") -> Any:
    client = Client()
    client.force_login(user)
    file = SimpleUploadedFile(name, data)
    headers = {"Idempotency-Key": key()}
    return client.post(f"/api/v1/{address}files/", {"file": file}, headers=headers)


def test_a_draft_is_revised_with_all_that_a_statement_says(stage: Stage, carl: Program) -> None:
    address = drafted(stage, carl)
    revised = carl.put(address, WORDS)
    assert revised.status == 200, revised.body
    for name, value in WORDS.items():
        said = revised.body[name]
        assert (said | {"files": []} if name == "sourcing" else said) == (
            value | {"files": []} if name == "sourcing" else value
        )
    assert carl.get(address).body["jurisdictions"] == ["EU", "US"]
    assert carl.put(address, {"text": DISCLOSURE}).body["sourcing"] is None
    assert Program.of(stage.people.bob).put(address, WORDS).status == 404
    assert carl.post(f"{address}submit/", {}).status == 200
    assert carl.put(address, WORDS).status == 409


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"audience": "everybody"}, "audience"),
        ({"jurisdictions": ["Mars"]}, "jurisdictions.0"),
        ({"jurisdictions": "EU"}, "jurisdictions"),
        ({"sourcing": SBTI | {"tier": "planet"}}, "sourcing.tier"),
        ({"sourcing": SBTI | {"barriers": ["cost"]}}, "sourcing.barriers"),
        ({"sourcing": SBTI | {"barriers": []}}, "sourcing.barriers"),
        ({"sourcing": SBTI | {"evidence": ""}}, "sourcing.evidence"),
        ({"sourcing": SBTI | {"colour": "red"}}, "sourcing.colour"),
        ({"sourcing": "sector"}, "sourcing"),
    ],
)
def test_wrong_words_are_named_by_field(
    stage: Stage, carl: Program, words: dict[str, Any], field: str
) -> None:
    for address in (drafts(stage), drafts(stage).replace("drafts/", "")):
        refused = carl.post(address, {"text": DISCLOSURE, **words})
        assert refused.status == 400
        assert any(name.startswith(field) for name in refused.body["errors"]), refused.body


def test_words_are_published_at_once_too(stage: Stage, carl: Program) -> None:
    made = carl.post(drafts(stage).replace("drafts/", ""), WORDS)
    assert made.status == 201, made.body
    document = made.body["document"]
    assert document["words"]["audience"] == "business_customers"
    assert document["sourcing"]["tier"] == "sector"
    public = Program().get(f"register/statements/{made.body['code']}/").body
    assert public["assurance"] == []


def test_files_of_evidence_stand_in_the_document_and_are_read_by_the_auditor(
    stage: Stage, carl: Program
) -> None:
    claim(stage, 1, 100)
    people = stage.people
    address = drafted(stage, carl)
    assert attached(people.carl, address).status_code == 409
    assert carl.put(address, WORDS).status == 200
    assert attached(people.bob, address).status_code == 404
    assert attached(people.carl, address, "tender.pdf", b"no pdf").status_code == 400
    sent = attached(people.carl, address)
    assert sent.status_code == 201, sent.content
    assert attached(people.carl, address).json()["id"] == sent.json()["id"]
    (file,) = carl.get(address).body["files"]
    assert file == sent.json()
    assert carl.put(address, WORDS).body["files"] == [file]
    assert carl.post(f"{address}submit/", {}).status == 200
    assert attached(people.carl, address, "late.csv", b"b,2").status_code == 409

    read = f"/api/v1/statement-files/{file['id']}/"
    carls, veras = Client(), Client()
    carls.force_login(people.carl)
    veras.force_login(people.vera)
    assert b"".join(carls.get(read).streaming_content) == b"a,1"  # type: ignore[attr-defined]
    assert veras.get(read).status_code == 404
    assert veras.get(f"/statement-files/{file['id']}/").status_code == 404
    engaged = carl.post(f"{address}engage/", {"auditor": str(people.veritas.pk)})
    assert b"".join(veras.get(read).streaming_content) == b"a,1"  # type: ignore[attr-defined]
    page = veras.get(f"/assurance/{engaged.body['id']}/").content.decode()
    assert "tender.csv" in page
    assert file["sha256"] in page

    vera = Program.of(people.vera)
    got = vera.get(f"assurances/{engaged.body['id']}/document/").body
    assert recompute(got["document"]) == []
    assert got["document"]["sourcing"]["files"] == [
        {"name": "tender.csv", "sha256": file["sha256"]}
    ]
    declined = vera.post(f"assurances/{engaged.body['id']}/decline/", {"reason": "We advise them."})
    assert (declined.status, declined.body["state"]) == (200, "closed")
    assert vera.post(f"assurances/{engaged.body['id']}/decline/", {"reason": "x"}).status == 409
    assert vera.get(f"assurances/{engaged.body['id']}/document/").status == 404
    assert veras.get(read).status_code == 404
    assert carl.post(f"{address}publish/", {}).status == 200
    public = Client().get(f"/register/{address}").content.decode()
    assert file["sha256"] in public


def test_a_file_is_attached_by_page(stage: Stage, carl: Program) -> None:
    address = f"/{drafted(stage, carl, sourcing=SBTI)}"
    client = Client()
    client.force_login(stage.people.carl)
    assert "Attach evidence of the barrier" in client.get(address).content.decode()
    given = {"idempotency_key": key(), "file": SimpleUploadedFile("offer.txt", b"none")}
    assert client.post(f"{address}files/", given)["Location"] == address
    file = StatementFile.objects.get()
    html = client.get(address).content.decode()
    assert "offer.txt" in html
    got = client.get(f"/statement-files/{file.pk}/")
    assert (b"".join(got.streaming_content), got["X-Content-Type-Options"]) == (  # type: ignore[attr-defined]
        b"none", "nosniff")  # fmt: skip
    empty = client.post(f"{address}files/", {"idempotency_key": key()})
    assert empty.status_code == 400


def test_where_claims_are_accepted_is_for_anybody() -> None:
    listed = Program().get("register/acceptance/", page_size=100).body["results"]
    assert {
        "programme",
        "question",
        "status",
        "basis",
        "confidence",
        "source",
        "checked_on",
    } == set(listed[0])
    html = Client().get("/register/acceptance/").content.decode()
    for each in listed[:3]:
        assert each["programme"] in html
