"""Whatever is sent, the answer is a record or a problem, never an error of the server's."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.api.production_shapes import EXAMPLE
from registry.models import Production
from tests.cast import Cast, baseline, checklist, issue, production, site, submit
from tests.support.mutations import mutated
from tests.support.programs import Answer, Program

MEASUREMENT = {
    "scheme": "less",
    "data_start": "2025-01-01",
    "data_end": "2025-12-31",
    "output_tonnes": "1000",
    "covers": ["ore_mining"],
    "ends_at": "casting",
    "electricity_basis": "market",
    "electricity_mwh": "10",
    "instruments_mwh": "10",
    "allocated_emissions": "0",
    "process_gas": "none",
    "conversion_level": "B",
    "conversion_figure": "0.4",
    "lines": [
        {"part": "scope_1", "item": "reductants", "quantity": "400"},
        {"part": "input", "item": "dri", "quantity": "9", "metallic_share": "0.9"},
        {"part": "credit", "item": "slag", "quantity": "1", "method": "system_expansion"},
    ],
    "steps": [
        {"what": "ore", "operation": "add", "operand": "0.1", "result": "0.5", "source": "table"}
    ],
}

FUZZ = settings(
    max_examples=int(os.environ.get("BILLET_FUZZ_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever an example wrote is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check(answer: Answer) -> None:
    assert answer.status < 500, answer.text
    if answer.status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", answer.text
        assert answer.body["status"] == answer.status
        assert answer.body["detail"]


def writes(people: Cast) -> dict[str, tuple[Any, str, str, Any]]:
    """By name: who sends what, by which method, to which address."""
    code = issue(people, tonnes=1_000).code
    draft = production(people)
    engagement = submit(people, production(people))
    Program.of(people.vera).post(f"verifications/{engagement.pk}/start/")
    owner = str(people.nordmetall.pk)
    accounts = {
        "from_account": people.iron_account.number,
        "to_account": people.broker_account.number,
    }
    full = {
        **EXAMPLE,
        "site": site(people).code,
        "account": people.iron_account.number,
        "baseline": str(baseline(people).pk),
        "agreement": None,
        "late_reason": "",
    }
    changes = {name: value for name, value in full.items() if name != "site"}
    return {
        "site": (
            people.alice,
            "POST",
            "sites/",
            {
                "organisation": owner,
                "code": "FUZZ1",
                "name": "Works",
                "country": "SE",
                "latitude": "65.5",
                "longitude": None,
                "route": "dri",
                "started_on": "2015-05-01",
                "iron_capacity": 5,
            },
        ),
        "baseline": (
            people.alice,
            "POST",
            "baselines/",
            {
                "organisation": owner,
                "kind": "sliding_scale",
                "name": "Scale",
                "functional_unit": "crude_steel",
                "primary_intensity": "2.46",
                "primary_scrap_share": "0.15",
                "secondary_intensity": "0.62",
                "secondary_scrap_share": "0.95",
                "year": 2024,
                "source": "A source",
            },
        ),
        "agreement": (
            people.alice,
            "POST",
            "agreements/",
            {
                "issuer": owner,
                "buyers": [str(people.broker.pk)],
                "reference": "R",
                "executed_on": "2024-06-01",
                "transfers_allowed": 2,
                "claims_agreed": 1,
                "end_use": "Cars",
                "offtake_share": "0.5",
            },
        ),
        "draft": (people.alice, "POST", "productions/", full),
        "change": (people.alice, "PATCH", f"productions/{draft.pk}/", changes),
        "measurement": (
            people.alice,
            "PUT",
            f"productions/{draft.pk}/measurement/",
            MEASUREMENT,
        ),
        "submit": (
            people.alice,
            "POST",
            f"productions/{draft.pk}/submit/",
            {"auditor": str(people.veritas.pk)},
        ),
        "sign": (
            people.vera,
            "POST",
            f"verifications/{engagement.pk}/sign/",
            {
                "delivered_tonnes": 1_000,
                "site_intensity": "0.4",
                "intensity": "0.4",
                "scrap_share": None,
                **checklist(),
                "statement": "Checked.",
            },
        ),
        "return": (
            people.vera,
            "POST",
            f"verifications/{engagement.pk}/return/",
            {"reason": "Tickets missing"},
        ),
        "transfer by quantity": (
            people.alice,
            "POST",
            "transfers/",
            {
                **accounts,
                "units": {"quantity": 5, "functional_unit": "iron", "issuance": code},
                "surrendered": True,
                "note": "",
            },
        ),
        "transfer by range": (
            people.alice,
            "POST",
            "transfers/",
            {
                **accounts,
                "units": {
                    "ranges": [
                        {"issuance": code, "first": 1, "last": 5, "copy": 1},
                        {"issuance": code, "first": 6, "last": 9},
                    ]
                },
                "surrendered": True,
            },
        ),
        "retire": (
            people.alice,
            "POST",
            "retirements/",
            {
                "account": people.iron_account.number,
                "units": {"quantity": 5},
                "purpose": "",
                "beneficiary": "",
            },
        ),
    }


NAMES = (
    "site",
    "baseline",
    "agreement",
    "draft",
    "change",
    "measurement",
    "submit",
    "sign",
    "return",
    "transfer by quantity",
    "transfer by range",
    "retire",
)


@pytest.mark.parametrize("name", NAMES)
def test_no_input_breaks_a_write(people: Cast, name: str) -> None:
    who, method, address, valid = writes(people)[name]
    program = Program.of(who)

    @FUZZ
    @given(body=mutated(valid))
    def send(body: Any) -> None:
        with undone():
            check(program.send(method, address, json.dumps(body)))

    with undone():
        assert program.send(method, address, valid).status in (200, 201, 403, 422)
    send()


@pytest.fixture
def draft(people: Cast) -> Production:
    return production(people)


@FUZZ
@given(body=mutated({name: EXAMPLE[name] for name in EXAMPLE if name not in ("site", "account")}))
def test_whatever_a_draft_holds_its_findings_are_told(
    people: Cast, draft: Production, body: Any
) -> None:
    """The rules judge what no form would let through."""
    with undone():
        alice = Program.of(people.alice)
        check(alice.patch(f"productions/{draft.pk}/", json.dumps(body)))
        assert alice.get(f"productions/{draft.pk}/findings/").status == 200


@FUZZ
@given(body=st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_break_the_parser(people: Cast, body: bytes) -> None:
    with undone():
        check(Program.of(people.alice).send("POST", "transfers/", body))


@FUZZ
@given(
    kind=st.sampled_from(("other", "delivery", "")) | st.text(),
    name=st.sampled_from(("a.csv", "a.pdf", "a.xlsx", "a.json", "..", "")) | st.text(),
    content=st.sampled_from((b"a,b", b"%PDF-1", b"PK\x03\x04", b"[" * 9_999)) | st.binary(),
    form=st.sampled_from(("", "; charset=utf-16", "; charset=rot13")),
)
def test_no_file_breaks_an_upload(
    people: Cast, draft: Production, kind: str, name: str, content: bytes, form: str
) -> None:
    body = b"\r\n".join(
        [
            b"--x",
            b'Content-Disposition: form-data; name="kind"',
            b"",
            kind.encode("utf-8", "replace"),
            b"--x",
            b'Content-Disposition: form-data; name="file"; filename="%s"'
            % name.encode("utf-8", "replace"),
            b"",
            content,
            b"--x--",
            b"",
        ]
    )
    with undone():
        alice = Program.of(people.alice)
        address = f"productions/{draft.pk}/evidence/"
        content_type = f"multipart/form-data; boundary=x{form}"
        check(alice.send("POST", address, body, content_type=content_type))


LISTS = (
    "register/issuances/",
    "register/retirements/",
    "productions/",
    "transfers/",
    "organisations/",
)
PARAMETERS = (
    "page",
    "page_size",
    "state",
    "functional_unit",
    "country",
    "producer",
    "site",
    "role",
    "name",
    "format",
    "identifier",
)


@FUZZ
@given(
    address=st.sampled_from((*LISTS, "register/units/")),
    query=st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=30), max_size=3),
)
def test_no_query_breaks_a_list(people: Cast, address: str, query: dict[str, str]) -> None:
    text = "&".join(
        f"{name}={quote(value.encode('utf-8', 'replace'))}" for name, value in query.items()
    )
    with undone():
        check(Program.of(people.alice).get(f"{address}?{text}"))


@FUZZ
@given(
    start=st.sampled_from(("sites/", "register/issuances/", "accounts/", "transfers/", "me")),
    rest=st.text(min_size=1, max_size=40),
)
def test_no_address_breaks_anything(people: Cast, start: str, rest: str) -> None:
    safe = quote(rest.encode("utf-8", "replace"))
    with undone():
        check(Program.of(people.alice).get(f"{start}{safe}/"))
