"""Certificates: one document with every unit, the same each time, and checked by code or file."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from registry.ledger import Line
from registry.models import Issuance, Retirement
from registry.services.retirements import retire, set_cooling_off
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.services.acts import put
from tests.registry.web.conftest import queries_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast(is_demonstration=True)


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    issuance = made.issue(people, tonnes=1_000, steel=True)
    put(issuance, people.auto_account)
    return issuance


def retired(people: Cast, *lines: Line) -> Retirement:
    found = retire(
        by=people.carl,
        now=NOW,
        key=key(),
        account=people.auto_account,
        units=list(lines),
        purpose="Report",
        beneficiary="Fleet <b>GmbH</b>",
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
    )
    assert isinstance(found, Retirement)
    return found


def url(found: Retirement, what: str = "") -> str:
    return f"/register/retirements/{found.code}/{what}"


def sent(client: Client, name: str, data: bytes) -> Any:
    return client.post("/register/certificates/", {"file": SimpleUploadedFile(name, data)})


def test_it_names_the_place_of_its_proof_in_the_log(
    people: Cast, steel: Issuance, client: Client
) -> None:
    """Also before it is signed: the address is known, and the document stays the same."""
    found = retired(people, Line(steel.pk, 1, 1, 1))
    handed_out = client.get(url(found, "certificate.json")).json()
    assert handed_out["proof_at"].endswith(f"/log/proof/{found.code}.json")
    assert handed_out["log_at"].endswith("/log/")
    assert "proof_at" not in handed_out["certificate"]
    assert handed_out["proof_at"].encode() in client.get(url(found, "certificate.pdf")).content


def test_the_json_names_every_unit_and_what_they_are(
    people: Cast, steel: Issuance, client: Client
) -> None:
    found = retired(people, Line(steel.pk, 1, 1, 10), Line(steel.pk, 1, 21, 21))
    document = client.get(url(found, "certificate.json")).json()["certificate"]
    assert (document["code"], document["quantity"], document["demonstration"]) == (
        found.code,
        11,
        True,
    )
    assert document["reporting_period"] == {"start": "2025-01-01", "end": "2025-12-31"}
    assert [(each["first"], each["last"], each["copy"]) for each in document["ranges"]] == [
        (1, 10, 1),
        (21, 21, 1),
    ]
    assert all(steel.code in each["units"] for each in document["ranges"])
    (origin,) = document["issuances"]
    assert (origin["intensity"], origin["baseline_intensity"], origin["quantity"]) == (
        "0.4",
        "1.425",
        11,
    )


def test_the_pdf_is_tagged_and_the_same_each_time(
    people: Cast, steel: Issuance, client: Client
) -> None:
    found = retired(people, Line(steel.pk, 1, 1, 10))
    first = client.get(url(found, "certificate.pdf"))
    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in first.content
    assert client.get(url(found, "certificate.pdf")).content == first.content


def test_the_page_shows_the_code_and_leads_to_both(
    people: Cast, steel: Issuance, client: Client
) -> None:
    found = retired(people, Line(steel.pk, 1, 1, 10))
    page = client.get(url(found)).content.decode()
    assert "<svg" in page
    assert "certificate.pdf" in page
    assert "1 January 2025 to 31 December 2025" in page
    assert "Fleet &lt;b&gt;GmbH" in page


@pytest.mark.parametrize("form", ["certificate.json", "certificate.pdf"])
def test_a_file_as_handed_out_is_genuine(
    people: Cast, steel: Issuance, client: Client, form: str
) -> None:
    found = retired(people, Line(steel.pk, 1, 1, 10))
    data = client.get(url(found, form)).content
    response = sent(client, f"billet-retirement-{found.code}.{form[-4:].strip('.')}", data)
    assert response.status_code == 200
    assert response.context["is_genuine"] is True


@pytest.mark.parametrize(
    ("field", "value"),
    [("quantity", 11), ("beneficiary", "Somebody else"), ("ranges", []), ("extra", 1)],
)
def test_a_file_altered_anywhere_is_not(
    people: Cast, steel: Issuance, client: Client, field: str, value: Any
) -> None:
    found = retired(people, Line(steel.pk, 1, 1, 10))
    document = client.get(url(found, "certificate.json")).json()
    document["certificate"][field] = value
    response = sent(client, "c.json", json.dumps(document).encode())
    assert response.context["is_genuine"] is False
    assert "this file says something else" in response.content.decode()


def test_a_code_is_checked_and_a_suspension_since_is_said(
    people: Cast, steel: Issuance, client: Client
) -> None:
    found = retired(people, Line(steel.pk, 1, 1, 10))
    assert "its units stand" in client.get(
        f"/register/certificates/?code={found.code.lower()}"
    ).content.decode().replace("\n", " ")
    row = propose_suspension(
        by=people.olga, now=NOW, key=key(), scope=Scope(issuance=steel), reason="Wrong scrap."
    )
    approve_suspension(by=people.oscar, now=NOW, key=key(), suspension=row)
    for page in (f"/register/certificates/?code={found.code}", url(found)):
        text = client.get(page).content.decode()
        assert row.code in text
        assert "Wrong scrap." in text
    assert sent(client, "c.json", client.get(url(found, "certificate.json")).content).context[
        "is_genuine"
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b""),
        ("a.json", b"nonsense"),
        ("a.json", b"[]"),
        ("a.json", b"null"),
        ("a.json", b'{"certificate": 3}'),
        ("a.json", b'{"certificate": {"document": "retirement certificate"}}'),
        ("a.json", b'{"certificate": {"document": "retirement certificate", "code": "\\u0000"}}'),
        ("a.json", b'{"certificate": {"document": "retirement certificate", "code": "NOPE"}}'),
        ("a.json", b"[" * 100_000),
        ("a.json", b"\xff\xfe"),
        ("a.pdf", b"%PDF-1.7 nothing"),
        ("billet-retirement-NOPE.pdf", b"%PDF-1.7 nothing"),
        ("a.json", b"x" * 8_000_001),
    ],
)
def test_what_is_no_certificate_is_said_to_be_none(
    db: None, client: Client, name: str, data: bytes
) -> None:
    response = sent(client, name, data)
    assert response.status_code == 400
    assert "This cannot be checked" in response.content.decode()


@pytest.mark.parametrize("code", ["NOPE", "%00", "x" * 500, "' OR 1=1"])
def test_an_unknown_code_is_said_to_be_unknown(db: None, client: Client, code: str) -> None:
    assert client.get(f"/register/certificates/?code={code}").status_code == 400
    assert client.post("/register/certificates/", {"code": code}).status_code == 400
    assert client.post("/register/certificates/", {}).status_code == 400


def test_a_retirement_that_cools_off_has_no_certificate_until_it_is_final(
    people: Cast, steel: Issuance, client: Client
) -> None:
    set_cooling_off(
        by=people.olga, now=NOW, key=key(), account=people.auto_account, minutes=24 * 60
    )
    order: Any = retire(
        by=people.carl,
        now=NOW,
        key=key(),
        account=people.auto_account,
        units=[Line(steel.pk, 1, 1, 5)],
    )
    assert client.get(url(order, "certificate.json")).status_code == 404
    assert client.get(url(order)).status_code == 404


def test_thousands_of_ranges_take_as_many_queries_as_one(
    people: Cast, steel: Issuance, client: Client
) -> None:
    one = retired(people, Line(steel.pk, 1, 1, 1))
    few = [queries_of(client, url(one, each)) for each in ("", "certificate.json")]
    many = retired(people, *(Line(steel.pk, 1, 2 * n, 2 * n) for n in range(1, 400)))
    assert [queries_of(client, url(many, each)) for each in ("", "certificate.json")] == few
    assert max(few) <= 8
    assert len(client.get(url(many, "certificate.json")).json()["certificate"]["ranges"]) == 399
