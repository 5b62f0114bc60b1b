"""What the demonstration's auditor and sites bring to verification: all of it invented."""

from datetime import UTC, date, datetime

from claims.demonstration.batches import Batch
from claims.demonstration.cast import Member
from registry.models import Production, Site
from registry.services.accreditations import record_accreditation
from registry.services.ex_ante import open_ex_ante, sign_ex_ante
from registry.services.pathways import record_certificate, record_pathway
from registry.services.verifications import (
    Figures,
    Review,
    sign_verification,
    start_verification,
)

_FIRST, _LAST = date(2020, 1, 1), date(2035, 12, 31)


def accredit(cast: dict[str, Member]) -> None:
    """The auditor may verify iron and steel for the years of the play."""
    record_accreditation(
        by=cast["operator"].person,
        now=datetime(2026, 1, 5, 9, tzinfo=UTC),
        key="demonstration-accreditation",
        auditor=cast["auditor"].organisation,
        values={
            "body": "Demonstration accreditation body",
            "basis": "rs_approved",
            "scopes": ["iron", "crude_steel", "ghg"],
            "valid_from": _FIRST,
            "valid_until": _LAST,
            "reference": "DEMONSTRATION-1",
        },
    )


def certify(
    producer: Member, site: Site, *, is_steel: bool, first_data_on: date, on: datetime
) -> None:
    """Years of data, or months; Principle 10 answered, and for steel with years a certificate."""
    is_long = first_data_on.year < 2023
    steps = {"checkpoint_1_on": date(2017, 1, 16), "checkpoint_2_on": date(2018, 1, 15)}
    record_pathway(
        by=producer.person,
        now=on,
        key=f"{site.code}-pathway",
        site=site,
        values={
            "first_data_on": first_data_on,
            "self_assessed_on": date(2024, 2, 5) if is_long else date(2026, 1, 8),
            "principle_10": "Demonstration: excerpts answered in the annual report",
            "progress": "Demonstration: certification audit planned",
            **(steps if is_long else {}),
        },
    )
    if is_steel and is_long:
        record_certificate(
            by=producer.person,
            now=on,
            key=f"{site.code}-certificate",
            site=site,
            values={
                "kind": "interoperable",
                "reference": f"DEMONSTRATION-{site.code}",
                "body": "Demonstration scheme",
                "valid_from": _FIRST,
                "valid_until": _LAST,
            },
        )


def expect(cast: dict[str, Member], batch: Batch, site: Site) -> None:
    """The ex-ante audit of a site, signed before its year began (6.1)."""
    audit = open_ex_ante(
        by=cast[batch.producer].person,
        now=datetime(2024, 11, 11, 9, tzinfo=UTC),
        key=f"{batch.key}-ex-ante",
        site=site,
        auditor=cast["auditor"].organisation,
        functional_unit=batch.values["functional_unit"],
        recurrence="annual",
    )
    sign_ex_ante(
        by=cast["auditor"].person,
        now=datetime(2024, 12, 9, 9, tzinfo=UTC),
        key=f"{batch.key}-ex-ante-sign",
        audit=audit,
        figures=Figures(0, batch.intensity, batch.intensity, batch.scrap_share),
        statement="Demonstration: expected on the design data and contracts of supply.",
    )


def reviewed(on: date) -> Review:
    """A complete checklist."""
    return Review(
        confirms_threshold=True,
        confirms_route=True,
        confirms_additionality=True,
        reviewed_self_assessment=True,
        reviewed_evidence=True,
        reviewed_on=on,
        covers_transactions=True,
        deliveries_until=on,
    )


def verify(
    auditor: Member,
    production: Production,
    *,
    key: str,
    figures: Figures,
    started: datetime,
    signed: datetime,
) -> None:
    """The auditor takes it up, and signs what the producer declared."""
    verification = production.verifications.get()
    start_verification(
        by=auditor.person, now=started, key=f"{key}-start", verification=verification
    )
    sign_verification(
        by=auditor.person,
        now=signed,
        key=f"{key}-sign",
        verification=verification,
        figures=figures,
        review=reviewed(signed.date()),
        statement="Demonstration: figures and evidence reviewed, threshold and delivery confirmed.",
    )
