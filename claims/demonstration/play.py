"""The play: furnace to claim, three times. Every step is one call of a service.

The figures are the framework's: 10,000 t at 1.9 with units at 0.8 by direct substitution, and
50,000 t of rebar at 1.5 with units at 0.2 against a baseline of 1.8 by enhanced substitution
(9.2). What comes out is computed by the same code as for everybody.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from accounts.models import Account, User
from claims.accounting.facts import Alignment, Method
from claims.accounting.wording import DISCLOSURE
from claims.demonstration import plants
from claims.demonstration.audit import accredit, certify, verify
from claims.demonstration.cast import Member, assemble
from claims.demonstration.measuring import measure
from claims.models import Claim, Inventory, InventoryLine
from claims.queries import oldest, unclaimed
from claims.services.claiming import Terms, make_claim
from claims.services.inventories import add_line, create_inventory
from claims.services.statements import publish_statement
from registry.models import Agreement, Baseline, Issuance, Production, Retirement, Site
from registry.queries import Wanted
from registry.services.additionality import determine_additionality
from registry.services.agreements import record_agreement
from registry.services.issuing import approve_production
from registry.services.library import load_library
from registry.services.productions import add_evidence, draft_production, submit_production
from registry.services.retirements import retire
from registry.services.sites import add_baseline, register_site
from registry.services.technology import describe_technology
from registry.services.transfers import accept_transfer, propose_transfer
from registry.services.verifications import Figures


def at(month: int, day: int) -> datetime:
    """The play's own clock: a day of 2026, at nine."""
    return datetime(2026, month, day, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Batch:
    """One production of the play. values: what the producer declares beside the usual."""

    key: str
    producer: str
    plant: plants.Plant
    tonnes: int
    delivered: int
    intensity: Decimal
    scrap_share: Decimal | None
    values: dict[str, Any]
    technology: dict[str, Any]


HYDROGEN: dict[str, Any] = {
    "natural_gas_used": False,
    "hydrogen_reduction_share": Decimal("0.6"),
    "renewable_supply": "Demonstration: power purchase agreement for the electrolysers.",
    "labels": ["renewable_hydrogen"],
}
POWER: dict[str, Any] = {
    "natural_gas_used": False,
    "renewable_electricity_share": Decimal(1),
    "renewable_supply": "Demonstration: power purchase agreement for the whole site.",
    "labels": ["renewable_electricity"],
}
OBLIGED: dict[str, Any] = {
    "declared": True,
    "obligations": [
        {
            "kind": "emissions_trading",
            "name": "Demonstration: emissions trading",
            "surplus": "exceeds",
            "explanation": "Emissions lie below the benchmark of free allocation.",
            "evidence": "Demonstration: compliance report",
        },
        {
            "kind": "carbon_tax",
            "name": "Demonstration: carbon tax",
            "surplus": "cost_premium",
            "explanation": "The tax saved covers less than half of what the route costs more.",
            "evidence": "Demonstration: cost comparison",
        },
    ],
    "financial": "Demonstration: the units' revenue is material to the investment.",
    "common_practice": "Demonstration: few plants of the region run this way.",
}
IRON = Batch(
    "toledo-2025",
    "ironmaker",
    plants.TOLEDO,
    tonnes=2_000,
    delivered=2_500,
    intensity=Decimal("0.3"),
    scrap_share=None,
    values={
        "baseline_reason": "A demonstration: no figures of this furnace are public.",
        "functional_unit": "iron",
        "product": "dri",
        "fe_metallic_share": Decimal("0.92"),
        "fe_total_share": Decimal("0.95"),
        "abatement": "renewable hydrogen",
        "abatement_details": "Demonstration: 60 % of reduction energy from hydrogen.",
        "end_use": "feed for electric arc furnaces",
    },
    technology=HYDROGEN,
)
SLAB = Batch(
    "lulea-2025",
    "steelmaker",
    plants.LULEA,
    tonnes=10_000,
    delivered=12_000,
    intensity=Decimal("0.8"),
    scrap_share=Decimal("0.2"),
    values={
        "functional_unit": "crude_steel",
        "product": "slab",
        "abatement": "renewable hydrogen",
        "abatement_details": "Demonstration: hydrogen direct reduction, electric arc furnace.",
        "end_use": "flat products for car bodies",
    },
    technology=HYDROGEN,
)
REBAR = Batch(
    "resende-2025",
    "mini_mill",
    plants.RESENDE,
    tonnes=50_000,
    delivered=60_000,
    intensity=Decimal("0.2"),
    scrap_share=Decimal("0.95"),
    values={
        "functional_unit": "crude_steel",
        "product": "billet",
        "abatement": "renewable electricity",
        "abatement_details": "Demonstration: all electricity renewable by contract.",
        "end_use": "reinforcing bar for buildings",
    },
    technology=POWER,
)


def play() -> None:
    """Play it through, or find it played. Raises KeyReused where an older play stands."""
    load_library()
    cast = assemble()
    accredit(cast)
    produce(cast, IRON, _cbam("7203", "US"))
    slab = produce(cast, SLAB, Baseline.objects.get(code="sliding-scale-default"))
    rebar = produce(cast, REBAR, _worked_example_baseline(cast))
    sell(cast, slab, "end_user", quantity=10_000)
    sell(cast, rebar, "consultancy", quantity=50_000)
    claim_cars(cast)
    claim_rebar(cast)


def produce(cast: dict[str, Member], batch: Batch, baseline: Baseline) -> Issuance:
    """Site, agreement, application with evidence, audit, two approvals: units."""
    producer, auditor = cast[batch.producer], cast["auditor"]
    by, key = producer.person, batch.key
    site = _site(producer, batch)
    describe_technology(
        by=by,
        now=at(1, 12),
        key=f"{key}-technology",
        site=site,
        values={"valid_from": site.started_on, **batch.technology},
    )
    certify(producer, site, is_steel=batch.scrap_share is not None, on=at(1, 12))
    agreement = _agreement(cast, batch)
    determine_additionality(
        by=by,
        now=at(1, 12),
        key=f"{key}-additionality",
        of=agreement,
        values={"determined_on": agreement.executed_on, **OBLIGED},
    )
    production = draft_production(
        by=by,
        now=at(1, 20),
        key=f"{key}-draft",
        site=site,
        values=_declared(batch)
        | {"account": producer.units, "agreement": agreement, "baseline": baseline},
    )
    measure(by, production, batch)
    _deliver(by, key, production, batch)
    production = submit_production(
        by=by,
        now=at(1, 22),
        key=f"{key}-submit",
        production=production,
        auditor=auditor.organisation,
    )
    verify(
        auditor,
        production,
        key=key,
        figures=Figures(batch.delivered, batch.intensity, batch.intensity, batch.scrap_share),
        started=at(2, 2),
        signed=at(2, 16),
    )
    for number, operator in enumerate(cast["operator"].people, start=1):
        approve_production(
            by=operator, now=at(2, 19 + number), key=f"{key}-approve", production=production
        )
    return Issuance.objects.get(production=production)


def sell(cast: dict[str, Member], issuance: Issuance, buyer: str, *, quantity: int) -> None:
    """From the issuer to the intermediary, and on to the end user."""
    producer = next(m for m in cast.values() if m.organisation == issuance.producer)
    bridge, end = cast["intermediary"], cast[buyer]
    wanted = Wanted(quantity, issuance=issuance.pk)
    _transfer(producer, bridge.units, bridge.person, wanted, f"{issuance.site.code}-sale", at(3, 3))
    _transfer(bridge, end.units, end.person, wanted, f"{issuance.site.code}-resale", at(3, 17))


def claim_cars(cast: dict[str, Member]) -> None:
    """9.2, direct substitution: 10,000 t of flat steel at 1.9, units at 0.8."""
    member = cast["end_user"]
    inventory, line = _inventory(
        member,
        "cars",
        {
            "name": "Cold-rolled coil for chassis frames",
            "category": "scope_3_1",
            "material": "steel",
            "product_type": "flat",
            "region": "Europe",
            "tonnes": Decimal(10_000),
            "factor_intensity": Decimal("1.9"),
            "factor_source": "supplier EPDs (framework 9.2, worked example)",
            "scrap_share": Decimal("0.2"),
        },
    )
    terms = Terms(
        method=Method.DIRECT,
        alignment=Alignment(reliable_factor=True, aligned_boundary=True, same_product_type=True),
    )
    _claim(member, "cars", inventory, line, 10_000, terms)


def claim_rebar(cast: dict[str, Member]) -> None:
    """9.2, enhanced substitution: 50,000 t of rebar at 1.5; the cap leaves 41,666 whole units."""
    member = cast["consultancy"]
    inventory, line = _inventory(
        member,
        "rebar",
        {
            "name": "Rebar in owned office buildings",
            "category": "scope_3_2",
            "material": "steel",
            "product_type": "long",
            "region": "United States",
            "tonnes": Decimal(50_000),
            "factor_intensity": Decimal("1.5"),
            "factor_source": "supplier EPDs (framework 9.2, worked example)",
        },
    )
    _claim(member, "rebar", inventory, line, 41_666, Terms(method=Method.ENHANCED))


def figures() -> dict[str, Any]:
    """What the demonstration stands at, read from the records."""
    issuances = Issuance.objects.filter(is_demonstration=True).order_by("site__code")
    retirements = Retirement.objects.filter(is_demonstration=True)
    claims = Claim.objects.filter(is_demonstration=True).order_by("claimed_at", "id")
    return {
        "issued": {each.site.code: each.quantity for each in issuances.select_related("site")},
        "retired": sum(each.quantity for each in retirements),
        "claims": [_claim_figures(claim) for claim in claims.select_related("organisation")],
    }


def _claim_figures(claim: Claim) -> dict[str, Any]:
    group = claim.result["groups"][0]
    statement = claim.inventory.statements.filter(superseded_by__isnull=True).first()
    return {
        "claimant": claim.organisation.name,
        "method": claim.method,
        "volume": claim.volume,
        "physical_emissions": claim.result["physical_emissions"],
        "reduction_emissions": claim.result["reduction_emissions"],
        "adjusted_emissions": claim.result["adjusted_emissions"],
        "most_units": group["most_units"],
        "exact_cap_tonnes": group["exact_cap_tonnes"],
        "exact_adjusted_emissions": group["exact_adjusted_emissions"],
        "statement": statement.code if statement else None,
    }


def _site(producer: Member, batch: Batch) -> Site:
    return register_site(
        by=producer.person,
        now=at(1, 12),
        key=f"{batch.key}-site",
        organisation=producer.organisation,
        values=plants.site_values(batch.plant),
    )


def _agreement(cast: dict[str, Member], batch: Batch) -> Agreement:
    producer = cast[batch.producer]
    return record_agreement(
        by=producer.person,
        now=at(1, 12),
        key=f"{batch.key}-agreement",
        issuer=producer.organisation,
        buyers=[cast["intermediary"].organisation],
        values={
            "reference": f"{batch.plant.code}-2025",
            "executed_on": at(1, 5).date(),
            "transfers_allowed": 2,
            "claims_agreed": 1,
            "end_use": batch.values["end_use"],
        },
    )


def _declared(batch: Batch) -> dict[str, Any]:
    return {
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 12, 31),
        "tonnes": batch.tonnes,
        "delivered_tonnes": batch.delivered,
        "delivered_on": at(1, 9).date(),
        "measured_site": batch.plant.code,
        "methodology": "ResponsibleSteel International Production Standard V2.1.1, Criterion 10.4",
        "additionality": (
            "Demonstration: emissions trading and carbon tax disclosed; the production exceeds "
            "what they require and bears a cost premium."
        ),
        **batch.values,
    }


def _deliver(by: User, key: str, production: Production, batch: Batch) -> None:
    note = f"DEMONSTRATION ONLY. Delivery summary {batch.key}: {batch.delivered} t delivered.\n"
    add_evidence(
        by=by,
        now=at(1, 21),
        key=f"{key}-proof",
        production=production,
        kind="delivery",
        name=f"{batch.key}-deliveries.txt",
        file=BytesIO(note.encode()),
    )


def _transfer(
    sender: Member, to: Account, receiver: User, wanted: Wanted, key: str, now: datetime
) -> None:
    transfer = propose_transfer(
        by=sender.person,
        now=now,
        key=key,
        from_account=sender.units,
        to_account=to,
        units=wanted,
        surrendered=True,
    )
    accept_transfer(by=receiver, now=now, key=f"{key}-accept", transfer=transfer)


def _inventory(member: Member, key: str, line: dict[str, Any]) -> tuple[Inventory, InventoryLine]:
    inventory = create_inventory(
        by=member.person,
        now=at(4, 7),
        key=f"{key}-inventory",
        organisation=member.organisation,
        values={
            "name": "Iron and steel 2025",
            "period_start": date(2025, 1, 1),
            "period_end": date(2025, 12, 31),
        },
    )
    added = add_line(
        by=member.person, now=at(4, 7), key=f"{key}-line", inventory=inventory, values=line
    )
    return inventory, added


def _claim(
    member: Member,
    key: str,
    inventory: Inventory,
    line: InventoryLine,
    quantity: int,
    terms: Terms,
) -> None:
    """Retire, claim and publish. Found played: the claim's units are no longer unclaimed."""
    retirement = retire(
        by=member.person,
        now=at(4, 8),
        key=f"{key}-retire",
        account=member.units,
        units=Wanted(quantity),
        purpose="Scope 3 claim for 2025",
        beneficiary=member.organisation.name,
    )
    if not Claim.objects.filter(inventory=inventory).exists():
        runs = [run for run in unclaimed(member.organisation.pk) if run.retirement == retirement.pk]
        make_claim(
            by=member.person,
            now=at(4, 9),
            key=f"{key}-claim",
            inventory=inventory,
            lines=[line],
            units=oldest(runs, quantity),
            terms=terms,
        )
    publish_statement(
        by=member.person,
        now=at(4, 10),
        key=f"{key}-statement",
        inventory=inventory,
        text=DISCLOSURE,
    )


def _cbam(cn_code: str, country: str) -> Baseline:
    return Baseline.objects.get(code=f"cbam-2026-1740-{cn_code}-{country}")


def _worked_example_baseline(cast: dict[str, Member]) -> Baseline:
    """The 1.8 t CO2e/t of the framework's example (9.2), which gives no source of its own."""
    member = cast["mini_mill"]
    return add_baseline(
        by=member.person,
        now=at(1, 12),
        key="rebar-baseline",
        organisation=member.organisation,
        values={
            "kind": "regional",
            "name": "Worked example of 9.2: 1.8 t CO2e/t",
            "functional_unit": "crude_steel",
            "country": "BR",
            "value_intensity": Decimal("1.8"),
            "scrap_share": Decimal("0.95"),
            "year": 2025,
            "source": "Framework, section 9.2, worked example of enhanced substitution",
        },
    )
