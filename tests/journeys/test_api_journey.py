"""One tonne from furnace to claim through the programming interface: every role does its step.

The producer and the broker are programs with access tokens, the others sign in.
"""

from typing import Any

import pytest
from django.utils import timezone

from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from registry.rulebook.edition import edition_on
from tests.cast import Cast, cast, checklist, vintage
from tests.pictures import THE_JOURNEY, ledger_picture
from tests.registry.ledger.invariants import assert_sound
from tests.support.programs import Answer, Program

pytestmark = pytest.mark.django_db


def test_one_tonne_from_the_furnace_to_its_claim() -> None:
    people = cast(is_demonstration=True)
    alice, bob = Program.with_token(people.alice), Program.with_token(people.bob)
    vera, carl = Program.of(people.vera), Program.of(people.carl)

    production = apply(alice, people)
    measure(alice, production)
    attach_proof(alice, production)
    mend_what_the_rules_refuse(alice, people, production)
    verify(vera)
    issuance = approve(Program.of(people.olga), Program.of(people.oscar), production)

    sell(alice, bob, people.iron_account.number, people.broker_account.number, 600)
    sell(bob, carl, people.broker_account.number, people.auto_account.number, 250)
    retirement = retire(carl, people)

    inventory = account_for_iron(carl, people)
    statement = claim_and_publish(carl, inventory)

    anybody_reads(issuance, retirement, statement)
    assert ledger_picture() == THE_JOURNEY
    assert_sound()


def done(answer: Answer, status: int = 201) -> Any:
    assert answer.status == status, answer.text
    return answer.body


def apply(alice: Program, people: Cast) -> str:
    """Site, baseline and a draft whose iron is not rich enough; the address of the draft."""
    me = done(alice.get("me/"), 200)
    (organisation,) = me["organisations"]
    (account,) = done(alice.get("accounts/"), 200)["results"]
    site = done(
        alice.post(
            "sites/",
            {
                "organisation": organisation["id"],
                "code": "NMW1",
                "name": "Nordmetall works",
                "country": "SE",
                "route": "dri",
                "started_on": "2015-05-01",
            },
        )
    )
    done(
        alice.post(
            f"sites/{site['code']}/technology/",
            {
                "valid_from": "2015-05-01",
                "natural_gas_used": False,
                "hydrogen_reduction_share": "0.6",
                "renewable_supply": "Power purchase agreement",
                "labels": ["renewable_hydrogen"],
            },
        )
    )
    done(
        alice.post(
            "sites/NMW1/pathway/",
            {"first_data_on": "2016-01-01", "principle_10": "Annual report, chapters 3 to 5"},
        ),
        200,
    )
    baseline = done(
        alice.post(
            "baselines/",
            {
                "organisation": organisation["id"],
                "kind": "regional",
                "name": "Nordic average",
                "functional_unit": "iron",
                "country": "SE",
                "value_intensity": "1.9",
                "source": "Regional average, test data",
            },
        )
    )
    start, end = vintage(timezone.now())
    draft = done(
        alice.post(
            "productions/",
            {
                "site": site["code"],
                "account": account["number"],
                "baseline": baseline["id"],
                "baseline_reason": "No asset baseline is on file yet.",
                "functional_unit": "iron",
                "product": "dri",
                "period_start": start.isoformat(),
                "period_end": end.isoformat(),
                "tonnes": 1_000,
                "delivered_tonnes": 1_000,
                "delivered_on": end.isoformat(),
                "measured_site": site["code"],
                "fe_metallic_share": "0.88",
                "fe_total_share": "0.95",
                "methodology": "ISO 14404-3",
                "abatement": "Hydrogen direct reduction",
                "abatement_details": "Renewable hydrogen",
                "additionality": "No law asks for this technology.",
                "end_use": "Car bodies",
            },
        )
    )
    declaration = {"declared": True, "none_apply": "No carbon law applies here."}
    done(alice.post(f"productions/{draft['id']}/additionality/", declaration), 200)
    return f"productions/{draft['id']}/"


def measure(alice: Program, production: str) -> None:
    """400 t CO2e over 1,000 t: the average follows from the lines."""
    start, end = vintage(timezone.now())
    edition = edition_on(end)
    measured = done(
        alice.put(
            f"{production}measurement/",
            {
                "scheme": "responsiblesteel",
                "data_start": start.isoformat(),
                "data_end": end.isoformat(),
                "output_tonnes": "1000",
                "covers": list(edition.iron_boundary),
                "ends_at": edition.iron_boundary_end,
                "electricity_basis": "location",
                "allocated_emissions": "0",
                "lines": [
                    {"part": "scope_1", "item": "reductants", "quantity": "250.5"},
                    {"part": "scope_3", "item": "ore_mining", "quantity": "149.5"},
                ],
            },
        ),
        200,
    )
    assert (measured["site_intensity"], measured["intensity"]) == ("0.4", "0.4")


def attach_proof(alice: Program, production: str) -> None:
    proof = b"ticket,tonnes\n17,1000\n"
    done(alice.upload(f"{production}evidence/", "delivery.csv", proof, kind="delivery"))


def mend_what_the_rules_refuse(alice: Program, people: Cast, production: str) -> None:
    """Submitted too early: the answer names the rule; the figure is mended."""
    (auditor,) = done(alice.get("organisations/", role="auditor"), 200)["results"]
    refused = alice.post(f"{production}submit/", {"auditor": auditor["id"]})
    assert (refused.status, refused.findings) == (422, ["R004"])
    done(alice.patch(production, {"fe_metallic_share": "0.92"}), 200)
    findings = done(alice.get(f"{production}findings/"), 200)
    assert "fail" not in {each["outcome"] for each in findings}
    done(alice.post(f"{production}submit/", {"auditor": auditor["id"]}), 200)


def verify(vera: Program) -> None:
    (engagement,) = done(vera.get("verifications/", state="open"), 200)["results"]
    address = f"verifications/{engagement['id']}/"
    done(vera.post(f"{address}start/"), 200)
    declared = done(vera.get(address), 200)["declared"]
    proof = vera.get(f"evidence/{declared['evidence'][0]['id']}/")
    assert proof.body == b"ticket,tonnes\n17,1000\n"
    done(
        vera.post(
            f"{address}sign/",
            {
                "delivered_tonnes": declared["delivered_tonnes"],
                "site_intensity": declared["site_intensity"],
                "intensity": "0.41",
                **checklist(),
                "statement": "Checked against meters and delivery tickets.",
            },
        ),
        200,
    )


def approve(olga: Program, oscar: Program, production: str) -> str:
    """Two people; the code of the issuance."""
    (waiting,) = done(olga.get("approvals/"), 200)["results"]
    assert production == f"productions/{waiting['id']}/"
    address = f"approvals/{waiting['id']}/approve/"
    assert done(olga.post(address), 200)["state"] == "verified"
    issued = done(oscar.post(address), 200)
    assert issued["state"] == "issued"
    return str(issued["issuance"])


def sell(seller: Program, buyer: Program, source: str, target: str, quantity: int) -> None:
    done(
        seller.post(
            "transfers/",
            {
                "from_account": source,
                "to_account": target,
                "units": {"quantity": quantity},
                "surrendered": True,
            },
        )
    )
    (offer,) = done(buyer.get("transfers/", state="offered"), 200)["results"]
    assert offer["quantity"] == quantity
    done(buyer.post(f"transfers/{offer['id']}/accept/"), 200)


def retire(carl: Program, people: Cast) -> str:
    (held,) = done(
        carl.get(f"accounts/{people.auto_account.number}/holdings/", state="active"), 200
    )["results"]
    assert held["units"].startswith("BCU-FE-SE-NMW1-")
    order = {
        "account": people.auto_account.number,
        "units": {"ranges": [{name: held[name] for name in ("issuance", "first", "last")}]},
        "purpose": "Reporting year",
    }
    return str(done(carl.post("retirements/", order))["code"])


def account_for_iron(carl: Program, people: Cast) -> str:
    """An inventory of 1,000 t of iron at 1.9 t CO2e/t; its address."""
    start, end = vintage(timezone.now())
    made = done(
        carl.post(
            "inventories/",
            {
                "organisation": str(people.auto_werke.pk),
                "name": "Iron and steel",
                "period_start": start.isoformat(),
                "period_end": end.isoformat(),
            },
        )
    )
    address = f"inventories/{made['id']}/"
    line = {
        "name": "Castings",
        "category": "scope_3_1",
        "material": "iron",
        "tonnes": "1000",
        "factor_intensity": "1.9",
        "factor_source": "Supplier data",
    }
    done(carl.post(f"{address}lines/", line))
    return address


def claim_and_publish(carl: Program, inventory: str) -> str:
    """1,900 t CO2e become 1,900 − 250 × (1.9 − 0.41) = 1,527.5; the code of the statement."""
    (line,) = done(carl.get(f"{inventory}lines/"), 200)["results"]
    (run,) = done(carl.get(f"{inventory}units/"), 200)["results"]
    asked = {
        "lines": [line["id"]],
        "units": [{name: run[name] for name in ("issuance", "copy", "first", "last")}],
        "method": "direct",
        "alignment": {
            "reliable_factor": True,
            "aligned_boundary": True,
            "same_product_type": True,
        },
    }
    seen = done(carl.post(f"{inventory}claims/preview/", asked), 200)
    made = done(carl.post(f"{inventory}claims/", asked))
    assert made["result"]["adjusted_emissions"] == "1527.5"
    assert seen["result"] == made["result"]
    statement = done(carl.post(f"{inventory}statements/", {"text": DISCLOSURE}))
    assert statement["document"]["physical_inventory"]["total_emissions"] == "1900"
    assert statement["document"]["adjusted_inventory"]["total_emissions"] == "1527.5"
    return str(statement["code"])


def anybody_reads(issuance: str, retirement: str, statement: str) -> None:
    anybody = Program()
    record = done(anybody.get(f"register/issuances/{issuance}/"), 200)
    assert (record["quantity"], record["intensity"]) == (1_000, "0.41")
    retired = done(anybody.get(f"register/retirements/{retirement}/"), 200)
    (run,) = retired["ranges"]
    where = done(anybody.get("register/units/", identifier=run["units"]), 200)
    assert where["amounts"] == {"retired": 250}
    published = done(anybody.get(f"register/statements/{statement}/"), 200)
    assert recompute(published["document"]) == []
    for each in (record, retired, published):
        assert each["is_demonstration"]
