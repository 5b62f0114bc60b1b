"""Looking up a unit identifier: its form, its check character, where its units stand."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from registry.ledger import Line
from registry.models import Issuance, Retirement
from registry.public.units import look_up, unit_range
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from tests.cast import Cast, key

PAGE = "/register/units/"


def test_the_page_asks_when_nothing_is_asked(client: Client, db: None) -> None:
    response = client.get(PAGE)

    assert response.status_code == 200
    assert "Unit identifier" in response.content.decode()


def test_a_whole_issuance_stands_where_its_holdings_stand(issuance: Issuance) -> None:
    found = look_up(str(unit_range(issuance, 1, 1_000)))

    assert found.amounts == {"active": 900, "retired": 100}
    assert sum(piece.units.quantity for piece in found.pieces) == 1_000


def test_a_part_counts_only_what_it_names(issuance: Issuance, retirement: Retirement) -> None:
    line = retirement.lines.get()
    first = line.serials.upper - 10

    found = look_up(str(unit_range(issuance, first, first + 14)))

    assert found.amounts == {"active": 5, "retired": 10}
    assert [(str(p.units), p.state, p.retirement) for p in found.pieces] == [
        (str(unit_range(issuance, first, first + 9)), "retired", retirement.code),
        (str(unit_range(issuance, first + 10, first + 14)), "active", ""),
    ]


def test_one_unit_is_found_on_the_page(
    client: Client,
    issuance: Issuance,
    retirement: Retirement,
    django_assert_max_num_queries: Any,
) -> None:
    serial = retirement.lines.get().serials.lower
    identifier = unit_range(issuance, serial, serial)

    with django_assert_max_num_queries(7):
        response = client.get(PAGE, {"identifier": f"  {identifier} "})

    html = response.content.decode()
    assert response.status_code == 200
    assert "The check character is right and the units exist." in html
    assert f'href="/register/retirements/{retirement.code}/"' in html


def test_retired_units_under_suspension_say_so(
    client: Client, people: Cast, issuance: Issuance, retirement: Retirement
) -> None:
    line = retirement.lines.get()
    first, last = line.serials.lower, line.serials.upper - 1
    scope = Scope(ranges=(Line(issuance.pk, 1, first, first + 9),))
    row = propose_suspension(
        by=people.olga, now=timezone.now(), key=key(), scope=scope, reason="In doubt."
    )
    approve_suspension(by=people.oscar, now=timezone.now(), key=key(), suspension=row)
    identifier = str(unit_range(issuance, first, last))

    html = client.get(PAGE, {"identifier": identifier}).content.decode()
    answer = client.get("/api/v1/register/units/", {"identifier": identifier}).json()

    assert f"Under suspension {row.code}" in html
    assert f'href="/register/suspensions/{row.code}/"' in html
    assert [(p["state"], p["suspensions"]) for p in answer["pieces"]] == [("retired", [row.code])]
    assert answer["marks"] == [
        {"code": row.code, "first": first, "last": first + 9, "reason": "In doubt.",
         "is_final": False}
    ]  # fmt: skip
    beyond = str(unit_range(issuance, first + 10, last))
    assert "Under suspension" not in client.get(PAGE, {"identifier": beyond}).content.decode()


def test_a_mistyped_identifier_is_told_what_was_expected(
    client: Client, issuance: Issuance
) -> None:
    right = str(unit_range(issuance, 1, 10))
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")

    response = client.get(PAGE, {"identifier": wrong})

    html = response.content.decode()
    assert response.status_code == 404
    assert f"{right[-1]} was expected: mistyped?" in html
    assert f'value="{wrong}"' in html


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"issuance": "NONE1234"}, "No issuance in this register has the code NONE1234"),
        ({"country": "DE"}, "its units are named BCU-FE-SE-"),
        ({"vintage": "1999"}, "its units are named BCU-FE-SE-"),
        ({"last": 1_001}, "has serials 1 to 1,000"),
        ({"copy": 2}, "Copy 2 of these units"),
    ],
)
def test_a_well_formed_identifier_of_no_units_says_why(
    client: Client, issuance: Issuance, change: dict[str, Any], says: str
) -> None:
    identifier = replace(unit_range(issuance, 1, 10), **change)

    response = client.get(PAGE, {"identifier": str(identifier)})

    assert response.status_code == 404
    assert says in response.content.decode()


@pytest.mark.parametrize("text", ["BCU", "<script>alert(1)</script>", "BCU-FE\x00", "x" * 5_000])
def test_anything_else_is_no_identifier(client: Client, db: None, text: str) -> None:
    response = client.get(PAGE, {"identifier": text})

    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()
