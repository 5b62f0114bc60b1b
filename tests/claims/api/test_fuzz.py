"""Whatever is sent to the claims, the answer is a record or a problem."""

import json
from typing import Any

import pytest
from hypothesis import given

from claims.accounting.wording import DISCLOSURE
from tests.cast import Cast
from tests.claims.api.test_claims import REBAR, YES, new_inventory, new_line, units
from tests.claims.web.conftest import billets
from tests.registry.api.test_fuzz import FUZZ, check, undone
from tests.support.mutations import mutated
from tests.support.programs import Program


def writes(people: Cast, carl: Program) -> dict[str, tuple[str, Any]]:
    issuance = billets(people, 100)
    address = new_inventory(people, carl)
    claim = {
        "lines": [new_line(carl, address)],
        "units": units(issuance, 60),
        "method": "enhanced",
        "alignment": YES,
        "cap": "total",
        "cap_reason": "Why",
        "auditor_note": "Seen",
        "claim_type": "corporate_inventory",
    }
    inventory = {
        "organisation": str(people.auto_werke.pk),
        "name": "Another",
        "period_start": "2025-01-01",
        "period_end": "2025-12-31",
    }
    return {
        "inventory": ("inventories/", inventory),
        "line": (f"{address}lines/", {**REBAR, "scrap_share": "0.5", "stated_emissions": None}),
        "preview": (f"{address}claims/preview/", claim),
        "claim": (f"{address}claims/", claim),
        "statement": (
            f"{address}statements/",
            {
                "text": DISCLOSURE,
                "claim_type": "corporate_inventory",
                "audience": "corporate_report",
                "jurisdictions": ["EU"],
                "sourcing": {
                    "tier": "sector",
                    "sourcing_match": "Slab",
                    "barriers": ["logistics"],
                    "barrier": "Far",
                    "evidence": "Tender",
                },
            },
        ),
    }


@pytest.mark.parametrize("name", ["inventory", "line", "preview", "claim", "statement"])
def test_no_input_breaks_a_write(people: Cast, carl: Program, name: str) -> None:
    address, valid = writes(people, carl)[name]

    @FUZZ
    @given(body=mutated(valid))
    def send(body: Any) -> None:
        with undone():
            check(carl.send("POST", address, json.dumps(body)))

    with undone():
        assert carl.post(address, valid).status in (200, 201)
    send()


def test_no_line_breaks_a_claim_on_it(people: Cast, carl: Program) -> None:
    """The arithmetic takes whatever figures a line may hold."""
    issuance = billets(people, 100)
    address = new_inventory(people, carl)

    @FUZZ
    @given(body=mutated({**REBAR, "scrap_share": "0.5"}))
    def claim(body: Any) -> None:
        with undone():
            line = carl.send("POST", f"{address}lines/", json.dumps(body))
            check(line)
            if line.status == 201:
                asked = {"lines": [line.body["id"]], "units": units(issuance, 60)}
                check(carl.post(f"{address}claims/", {**asked, "method": "enhanced"}))
                check(carl.post(f"{address}statements/", {"text": DISCLOSURE}))

    claim()
