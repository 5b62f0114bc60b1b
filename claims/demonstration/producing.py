"""From a plant to units: each step through its service, as its people would take it."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from accounts.models import User
from claims.demonstration import plants
from claims.demonstration.audit import certify, verify
from claims.demonstration.batches import OBLIGED, Batch
from claims.demonstration.cast import Member
from claims.demonstration.measuring import CONVERSION_FILE, allocate, measure
from registry.models import Agreement, Baseline, Issuance, Production, Site
from registry.services.additionality import determine_additionality
from registry.services.agreements import confirm_agreement, record_agreement
from registry.services.early import ask_early
from registry.services.issuing import approve_production
from registry.services.productions import add_evidence, draft_production, submit_production
from registry.services.sites import register_site
from registry.services.technology import describe_technology
from registry.services.verifications import Figures


def at(month: int, day: int, year: int = 2026) -> datetime:
    """The play's own clock: a day, at nine."""
    return datetime(year, month, day, 9, tzinfo=UTC)


def settle(cast: dict[str, Member], batch: Batch, *, on: datetime | None = None) -> Site:
    """The site, its technology and its way to certification."""
    producer, on = cast[batch.producer], on or at(1, 12)
    site = register_site(
        by=producer.person,
        now=on,
        key=f"{batch.key}-site",
        organisation=producer.organisation,
        values=plants.site_values(batch.plant),
    )
    describe_technology(
        by=producer.person,
        now=on,
        key=f"{batch.key}-technology",
        site=site,
        values={"valid_from": site.started_on, **batch.technology},
    )
    certify(
        producer,
        site,
        is_steel=batch.scrap_share is not None,
        first_data_on=batch.first_data_on,
        on=on,
    )
    return site


def apply_for(
    cast: dict[str, Member],
    batch: Batch,
    site: Site,
    baseline: Baseline,
    *,
    agreement: Agreement | None = None,
    iron: Production | None = None,
) -> Production:
    """The application as a draft, with its measurement, evidence and additionality.

    iron: the production of this registry whose iron is allocated, where the batch has inputs.
    """
    producer = cast[batch.producer]
    by, key = producer.person, batch.key
    agreement = agreement or _agreement(cast, batch)
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
    if batch.steps:
        _attach(by, production, batch, "measurement", CONVERSION_FILE, "Conversion", at(1, 20))
    measure(by, production, batch)
    if iron is not None:
        allocate(by, production, batch, iron)
    name = f"{key}-deliveries.txt"
    words = f"Delivery summary {key}: {batch.delivered} t delivered"
    _attach(by, production, batch, "delivery", name, words, at(1, 21))
    _attach(
        by,
        production,
        batch,
        "additionality",
        f"{key}-additionality.txt",
        f"Additionality of {key}: compliance report and cost comparison",
        at(1, 21),
    )
    return production


def hand_in(cast: dict[str, Member], batch: Batch, production: Production) -> Production:
    """Submit the application to the auditor."""
    return submit_production(
        by=cast[batch.producer].person,
        now=at(1, 22),
        key=f"{batch.key}-submit",
        production=production,
        auditor=cast["auditor"].organisation,
    )


def produce(
    cast: dict[str, Member],
    batch: Batch,
    baseline: Baseline,
    *,
    agreement: Agreement | None = None,
    iron: Production | None = None,
) -> Issuance:
    """Site, agreement, application with evidence, audit, two approvals: units."""
    site = settle(cast, batch)
    production = apply_for(cast, batch, site, baseline, agreement=agreement, iron=iron)
    production = hand_in(cast, batch, production)
    production.refresh_from_db()
    assert production.site_intensity is not None  # the measurement gave it
    assert production.intensity is not None
    verify(
        cast["auditor"],
        production,
        key=batch.key,
        figures=Figures(
            batch.delivered,
            production.site_intensity,
            production.intensity,
            production.scrap_share,
        ),
        started=at(2, 2),
        signed=at(2, 16),
    )
    return _approve(cast, batch, production)


def produce_early(cast: dict[str, Member], batch: Batch, baseline: Baseline, site: Site) -> None:
    """Units before the ex-post audit, which the auditor has yet to sign (6.1)."""
    production = apply_for(cast, batch, site, baseline)
    hand_in(cast, batch, production)
    ask_early(
        by=cast[batch.producer].person,
        now=at(1, 23),
        key=f"{batch.key}-early",
        production=production,
    )
    _approve(cast, batch, production)


def agree(
    cast: dict[str, Member],
    batch: Batch,
    *,
    buyers: list[str],
    values: dict[str, Any] | None = None,
    rights: dict[str, Any] | None = None,
    seats: list[dict[str, Any]] | None = None,
) -> Agreement:
    """An executed agreement of the batch's producer, confirmed by its buyers."""
    producer = cast[batch.producer]
    agreement = record_agreement(
        by=producer.person,
        now=at(1, 12),
        key=f"{batch.key}-agreement",
        issuer=producer.organisation,
        buyers=[cast[buyer].organisation for buyer in buyers],
        values={
            "reference": f"{batch.plant.code}-2025",
            "executed_on": at(1, 5).date(),
            "transfers_allowed": 2,
            "claims_agreed": 1,
            "end_use": batch.values["end_use"],
            **(values or {}),
        },
        rights=rights,
        seats=seats or (),
    )
    for buyer in buyers if rights else ():
        confirm_agreement(
            by=cast[buyer].person,
            now=at(1, 13),
            key=f"{batch.key}-confirm",
            agreement=agreement,
            organisation=cast[buyer].organisation,
        )
    return agreement


def _approve(cast: dict[str, Member], batch: Batch, production: Production) -> Issuance:
    for number, operator in enumerate(cast["operator"].people, start=1):
        approve_production(
            by=operator, now=at(2, 19 + number), key=f"{batch.key}-approve", production=production
        )
    return Issuance.objects.get(production=production)


def _agreement(cast: dict[str, Member], batch: Batch) -> Agreement:
    if batch.offtake_share is None:
        return agree(cast, batch, buyers=["intermediary"])
    return agree(
        cast,
        batch,
        buyers=["intermediary"],
        values={
            "executed_on": date(2024, 11, 4),
            "offtake_share": batch.offtake_share,
        },
        rights={
            "is_forward": True,
            "forward_from": date(2025, 1, 1),
            "forward_until": date(2029, 12, 31),
        },
    )


def _declared(batch: Batch) -> dict[str, Any]:
    start, end = batch.period
    scheme = {
        "responsiblesteel": "ResponsibleSteel International Production Standard V2.1.1, "
        "Criterion 10.4",
        "less": "Low Emission Steel Standard, converted to Criterion 10.4 of ResponsibleSteel",
    }[batch.scheme]
    return {
        "period_start": start,
        "period_end": end,
        "tonnes": batch.tonnes,
        "delivered_tonnes": batch.delivered,
        "delivered_on": at(1, 9).date(),
        "measured_site": batch.plant.code,
        "methodology": scheme,
        "additionality": (
            "Demonstration: emissions trading and carbon tax disclosed; the production exceeds "
            "what they require and bears a cost premium."
        ),
        **batch.values,
    }


def _attach(
    by: User, production: Production, batch: Batch, kind: str, name: str, words: str, on: datetime
) -> None:
    add_evidence(
        by=by,
        now=on,
        key=f"{batch.key}-file-{kind}",
        production=production,
        kind=kind,
        name=name,
        file=BytesIO(f"DEMONSTRATION ONLY. {words} ({batch.key}).\n".encode()),
    )
