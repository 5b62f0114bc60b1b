"""What a request may look like: everything else is refused with its field, and never a 500."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import override_settings

from registry.models import Transfer, WriteRequest
from tests.cast import Cast, production, site
from tests.support.programs import Program

_DEEP = "[" * 100_000 + "]" * 100_000


def offer(people: Cast, **values: Any) -> dict[str, Any]:
    return {
        "from_account": people.iron_account.number,
        "to_account": people.broker_account.number,
        "units": {"quantity": 600},
        "surrendered": True,
        **values,
    }


@pytest.mark.parametrize("quantity", ["600", 600.0, True, None, [600], {"n": 600}, -1])
def test_a_quantity_is_a_json_integer(people: Cast, alice: Program, quantity: Any) -> None:
    refused = alice.post("transfers/", offer(people, units={"quantity": quantity}))
    assert refused.status == 400
    assert list(refused.body["errors"]) == ["units.quantity"]
    assert Transfer.objects.count() == 0


@pytest.mark.parametrize(
    "value",
    [
        0.8,
        1,
        True,
        "NaN",
        "Infinity",
        "-0.1",
        "1e-3",
        "0,8",
        "",
        " ",
        "0.1234567",
        "1" * 400,
        [],
        {},
    ],
)
def test_an_intensity_is_a_decimal_string(people: Cast, alice: Program, value: Any) -> None:
    draft = production(people)
    refused = alice.put(
        f"productions/{draft.pk}/measurement/", {"crude_figure": value, "lines": []}
    )
    assert refused.status == 400, refused.body
    assert list(refused.body["errors"]) == ["crude_figure"]


def test_a_float_is_told_to_come_as_text(people: Cast, alice: Program) -> None:
    draft = production(people)
    refused = alice.put(f"productions/{draft.pk}/measurement/", {"crude_figure": 0.8, "lines": []})
    assert "decimal string" in refused.body["errors"]["crude_figure"][0]


@pytest.mark.parametrize("value", ["1.1", "-0.1", "-0", "2"])
def test_a_share_lies_between_nought_and_one(people: Cast, alice: Program, value: str) -> None:
    draft = production(people)
    assert alice.patch(f"productions/{draft.pk}/", {"fe_total_share": value}).status == 400


@pytest.mark.parametrize(
    "value",
    [
        "2025-13-01",
        "2025-02-30",
        "20250101",
        "2025-W01-1",
        "9999-12-31",
        "0001-01-01",
        20250101,
        1.5,
    ],
)
def test_a_day_is_a_day(people: Cast, alice: Program, value: Any) -> None:
    draft = production(people)
    refused = alice.patch(f"productions/{draft.pk}/", {"period_start": value})
    assert (refused.status, list(refused.body["errors"])) == (400, ["period_start"])


def test_every_error_is_told_at_once(people: Cast, alice: Program) -> None:
    refused = alice.post(
        "transfers/", {"units": {"ranges": [{"first": "1"}]}, "colour": "red", "surrendered": "yes"}
    )
    assert refused.status == 400
    assert set(refused.body["errors"]) == {
        "from_account",
        "to_account",
        "units.ranges.0.issuance",
        "units.ranges.0.first",
        "units.ranges.0.last",
        "surrendered",
        "colour",
    }


def test_an_unknown_field_is_named_wherever_it_is(people: Cast, alice: Program) -> None:
    body = offer(people, units={"quantity": 1, "amount": 2})
    refused = alice.post("transfers/", body)
    assert list(refused.body["errors"]) == ["units.amount"]
    draft = production(people)
    assert alice.patch(f"productions/{draft.pk}/", {"state": "issued"}).status == 400
    assert list(alice.post("transfers/x/", {}).body) != []


@pytest.mark.parametrize(
    "raw",
    [
        "{",
        "",
        "nonsense",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 1, "a": 2}',
        '{"note": "\\ud800"}',
        b"\xff\xfe\x00",
        b'{"a": "\xc3\x28"}',
        _DEEP,
        "1" * 5_000,
    ],
)
def test_malformed_json_is_a_clean_400(people: Cast, alice: Program, raw: Any) -> None:
    refused = alice.send("POST", "transfers/", raw)
    assert refused.status == 400
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("raw", ["[]", '"text"', "5", "null", "true", "[{}]"])
def test_json_that_is_no_object_is_refused(people: Cast, alice: Program, raw: str) -> None:
    refused = alice.send("POST", "transfers/", raw)
    assert (refused.status, list(refused.body["errors"])) == (400, ["request"])


@pytest.mark.parametrize("text", ["a\x00b", "\u0000"])
def test_a_nul_is_refused(people: Cast, alice: Program, text: str) -> None:
    refused = alice.post("transfers/", offer(people, note=text))
    assert (refused.status, list(refused.body["errors"])) == (400, ["note"])


def test_a_large_body_is_refused_before_it_is_read(people: Cast, alice: Program) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1_000):
        refused = alice.post("transfers/", offer(people, note="x" * 1_000))
    assert (refused.status, refused.body["type"]) == (413, "/api/v1/problems/too-large/")


def test_a_large_upload_is_refused(
    people: Cast, alice: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = production(people)
    monkeypatch.setattr("accounts.rest.parsers.Uploads.most_bytes", 1_000)
    refused = alice.upload(
        f"productions/{draft.pk}/evidence/", "a.csv", b"a,b\n" * 500, kind="other"
    )
    assert refused.status == 413


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "nonsense",
    ],
)
def test_another_content_type_is_refused(people: Cast, alice: Program, content_type: str) -> None:
    refused = alice.send("POST", "transfers/", "a=b", content_type=content_type)
    assert refused.status == 415


def test_a_charset_changes_nothing(people: Cast, alice: Program) -> None:
    for charset in ("utf-16", "bz2_codec", "nonsense"):
        refused = alice.send(
            "POST", "transfers/", "{}", content_type=f"application/json; charset={charset}"
        )
        assert (refused.status, "from_account" in refused.body["errors"]) == (400, True)


def test_a_step_takes_no_words(people: Cast, alice: Program) -> None:
    draft = production(people)
    olga = Program.of(people.olga)
    assert olga.post(f"approvals/{draft.pk}/approve/", {"force": True}).status in (400, 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_a_problem(people: Cast, alice: Program, method: str) -> None:
    refused = alice.send(method, "transfers/", {})
    assert refused.status == 405
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "POST" in refused.headers["Allow"]


def test_only_json_is_answered(people: Cast) -> None:
    refused = Program(Accept="text/html").get("register/issuances/")
    assert refused.status == 406
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_a_page_that_is_not_there(people: Cast, alice: Program, page: str) -> None:
    assert alice.get("sites/", page=page).status == 404


@pytest.mark.parametrize(("asked", "given"), [("1", 1), ("100000", 3), ("x", 3), ("0", 3)])
def test_a_page_is_of_a_bounded_size(people: Cast, alice: Program, asked: str, given: int) -> None:
    for _ in range(3):
        site(people)
    assert len(alice.get("sites/", page_size=asked).body["results"]) == given


def test_what_another_wrote_meanwhile_is_a_conflict(
    people: Cast, alice: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is asked last: where no service foresaw its refusal, nothing is broken."""

    def refuse(record: Any) -> None:
        raise IntegrityError("duplicate key")

    before = WriteRequest.objects.count()
    monkeypatch.setattr("registry.services.sites.save_clean", refuse)
    body = {"code": "TAKEN", "name": "n", "country": "SE", "route": "dri"}
    refused = alice.post("sites/", {**body, "organisation": str(people.nordmetall.pk)})
    assert (refused.status, refused.body["type"]) == (409, "/api/v1/problems/conflict/")
    assert WriteRequest.objects.count() == before
