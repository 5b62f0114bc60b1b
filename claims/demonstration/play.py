"""The play: furnace to claim. Every step is one call of a service.

The figures are the framework's: 10,000 t at 1.9 with units at 0.8 by direct substitution, and
50,000 t of rebar at 1.5 with units at 0.2 against a baseline of 1.8 by enhanced substitution
(9.2). What comes out is computed by the same code as for everybody.
"""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounts.models import Account, User
from claims.accounting.facts import Alignment, Method
from claims.demonstration import batches
from claims.demonstration.afterwards import share_claim, suspend_and_lift, tell_recipient
from claims.demonstration.audit import accredit, expect
from claims.demonstration.cast import Member, assemble
from claims.demonstration.producing import agree, apply_for, at, produce, produce_early, settle
from claims.demonstration.stating import publish_assured, publish_at_once
from claims.models import Claim, Inventory, InventoryLine
from claims.queries import oldest, unclaimed
from claims.services.claiming import Terms, make_claim
from claims.services.inventories import add_line, create_inventory
from registry.models import Agreement, Baseline, Issuance, Site, WriteRequest
from registry.queries import Wanted
from registry.services.library import load_library
from registry.services.requests import once
from registry.services.retirements import retire
from registry.services.sites import add_baseline
from registry.services.transfers import accept_transfer, propose_transfer


class OlderPlayError(Exception):
    """What stands here was played by an earlier version of the demonstration."""


def play() -> None:
    """Play it through, go on where it stopped, or find it played.

    Raises OlderPlayError, before anything is added to it, where an older play stands.
    """
    load_library()
    cast = assemble()
    if _has_noted(cast, "played"):
        return
    if not _has_noted(cast, "begun"):
        if Site.objects.filter(is_demonstration=True).exists():
            raise OlderPlayError
        _note(cast, "begun")
    accredit(cast)
    scale = Baseline.objects.get(code="sliding-scale-default")
    iron = produce(cast, batches.IRON, _cbam("7203", "US"))
    slab = produce(cast, batches.SLAB, scale)
    rebar = produce(cast, batches.REBAR, _worked_example_baseline(cast))
    refuse(cast, scale)
    produce_ahead(cast, scale)
    half_year = produce(cast, batches.HALF_YEAR, scale)
    produce(cast, batches.GREEN_IRON, scale, iron=iron.production)
    converted = produce(cast, batches.CONVERTED, scale, agreement=_shared_agreement(cast))
    tell_recipient(cast, slab)
    sell(cast, slab, "end_user", quantity=10_000)
    sell(cast, rebar, "consultancy", quantity=50_000)
    sell_directly(cast, converted, "end_user", quantity=1_000)
    share_claim(cast, converted)
    suspend_and_lift(cast, half_year)
    claim_cars(cast)
    claim_rebar(cast)
    _note(cast, "played")


def refuse(cast: dict[str, Member], baseline: Baseline) -> None:
    """Two that stay drafts, with their findings to be read: by the route, by the scrap line."""
    for batch in (batches.CAPTURE, batches.SCRAP_LINE):
        apply_for(cast, batch, settle(cast, batch), baseline)


def produce_ahead(cast: dict[str, Member], baseline: Baseline) -> None:
    """Audited before its year began, issued before the audit after it (6.1)."""
    batch = batches.EARLY
    site = settle(cast, batch, on=at(11, 4, 2024))
    expect(cast, batch, site)
    produce_early(cast, batch, baseline, site)


def sell(cast: dict[str, Member], issuance: Issuance, buyer: str, *, quantity: int) -> None:
    """From the issuer to the intermediary, and on to the end user."""
    producer = next(m for m in cast.values() if m.organisation == issuance.producer)
    bridge, end = cast["intermediary"], cast[buyer]
    wanted = Wanted(quantity, issuance=issuance.pk)
    _transfer(producer, bridge.units, bridge.person, wanted, f"{issuance.site.code}-sale", at(3, 3))
    _transfer(bridge, end.units, end.person, wanted, f"{issuance.site.code}-resale", at(3, 17))


def sell_directly(cast: dict[str, Member], issuance: Issuance, to: str, *, quantity: int) -> None:
    """From the issuer to whoever claims."""
    producer = next(m for m in cast.values() if m.organisation == issuance.producer)
    wanted = Wanted(quantity, issuance=issuance.pk)
    code = issuance.site.code
    _transfer(producer, cast[to].units, cast[to].person, wanted, f"{code}-sale", at(3, 3))


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
    publish_at_once(member, "cars", inventory, at(4, 10))


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
    publish_assured(member, "rebar", inventory, cast["auditor"])


def _shared_agreement(cast: dict[str, Member]) -> Agreement:
    """Two claims along the chain of cars: their maker's, and the distributor's (9.3)."""
    maker, distributor = cast["end_user"].organisation, cast["intermediary"].organisation
    return agree(
        cast,
        batches.CONVERTED,
        buyers=["end_user", "intermediary"],
        values={"claims_agreed": 2},
        rights={
            "chain": "automotive",
            "co_claim_types": "distinct roles",
            "transfer_terms": "no co-claim is transferred",
            "double_claim_measures": "one claim a layer, end use named",
            "responsible": maker,
        },
        seats=[
            {"copy": 1, "layer": 4, "organisation": maker, "role": "car maker"},
            {"copy": 2, "layer": 2, "organisation": distributor, "role": "distribution"},
        ],
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
    """Retire and claim. Found played: the claim's units are no longer unclaimed."""
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


def _stamp() -> str:
    """A key that changes with the play, so that a changed one is played again."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), here / "plants.csv"]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return f"demonstration-{digest[:32]}"


def _has_noted(cast: dict[str, Member], how_far: str) -> bool:
    """Whether this very play was begun or played to its end: then a start need not look."""
    by = cast["operator"].person
    return WriteRequest.objects.filter(by=by, key=f"{_stamp()}-{how_far}").exists()


def _note(cast: dict[str, Member], how_far: str) -> None:
    by, key = cast["operator"].person, f"{_stamp()}-{how_far}"
    with once(by=by, key=key, kind="demonstration", now=at(4, 10), input={}):
        pass
