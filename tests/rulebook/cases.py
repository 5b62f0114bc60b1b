"""Cases that pass every rule, so that a test changes one fact and sees what that does."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from registry.rulebook.edition import Edition, edition
from registry.rulebook.engine import judge
from registry.rulebook.facts import (
    AccreditationFacts,
    AdditionalityFacts,
    AgreementFacts,
    AuditorFacts,
    BaselineFacts,
    CertificateFacts,
    ClaimantFacts,
    CoClaimCase,
    Counted,
    DisclosureFacts,
    EmissionLine,
    IssuanceCase,
    MeasurementFacts,
    MetallicLine,
    NoticeFacts,
    Obligation,
    PathwayFacts,
    ProductionFacts,
    RecipientsCase,
    RetirementCase,
    ReviewFacts,
    ScalePoint,
    SeatFacts,
    SiteFacts,
    Stage,
    TechnologyFacts,
    TermsFacts,
    TransferCase,
    UnitFacts,
    VerificationFacts,
)
from registry.rulebook.findings import Finding, Outcome

EDITION = edition("rmi-2026-03")

PASS, FAIL = Outcome.PASS, Outcome.FAIL
WARN, NOT_APPLICABLE = Outcome.WARN, Outcome.NOT_APPLICABLE

_STEEL = ProductionFacts(
    functional_unit="crude_steel",
    product="slab",
    period_start=date(2025, 1, 1),
    period_end=date(2025, 12, 31),
    tonnes=8_000,
    delivered_tonnes=10_000,
    delivered_on=date(2026, 1, 20),
    delivery_proofs=2,
    measured_site="LULEA",
    site_intensity=Decimal("0.45"),
    intensity=Decimal("0.45"),
    scrap_share=Decimal("0.30"),
    end_use="car bodies",
)

_IRON = replace(
    _STEEL,
    functional_unit="iron",
    product="pig_iron",
    measured_site="PECEM",
    site_intensity=Decimal("0.60"),
    intensity=Decimal("0.60"),
    scrap_share=None,
    fe_metallic_share=Decimal("0.94"),
    fe_total_share=Decimal("0.95"),
)

_HYDROGEN = TechnologyFacts(
    natural_gas_used=False,
    hydrogen_reduction_share=Decimal("0.60"),
    renewable_supply="power purchase agreement",
    labels=("renewable_hydrogen",),
)

_ADDITIONALITY = AdditionalityFacts(
    declared=True,
    obligations=(
        Obligation(
            kind="emissions_trading",
            name="EU ETS",
            surplus="exceeds",
            explanation="emits 60 % less than the benchmark of free allocation",
            evidence="compliance report 2025, page 4",
        ),
    ),
    financial="the investment needs the units' revenue",
    common_practice="first of its kind in the region",
)

_RECORD = {
    "issue_date": "2026-03-15",
    "producer": "Norrland Steel",
    "location": "Luleå, Sweden",
    "vintage": "2025-01-01 to 2025-12-31",
    "delivery_date": "2026-01-20",
    "delivery_proof": "invoices 1 to 40",
    "functional_unit": "crude_steel",
    "certification": "ResponsibleSteel V2.1.1",
    "abatement": "renewable hydrogen",
    "additionality": "exceeds the obligations listed",
    "intensity": "0.45",
    "scrap_share": "0.30",
    "baseline": "2.115",
    "baseline_source": "sliding scale",
    "baseline_scrap": "0.30",
}

ACCREDITED = AuditorFacts(
    name="Veritas",
    accreditations=(
        AccreditationFacts(
            body="ResponsibleSteel",
            basis="rs_approved",
            scopes=("iron", "crude_steel", "ghg"),
            valid_from=date(2020, 1, 1),
            valid_until=date(2035, 12, 31),
        ),
    ),
)

REVIEWED = ReviewFacts(
    confirms_threshold=True,
    confirms_route=True,
    confirms_additionality=True,
    reviewed_self_assessment=True,
    reviewed_evidence=True,
    reviewed_on=date(2026, 2, 28),
    covers_transactions=True,
    deliveries_until=date(2026, 2, 28),
)

CERTIFIED = PathwayFacts(
    first_data_on=date(2016, 1, 1),
    self_assessed_on=date(2016, 6, 1),
    principle_10="Report of 2025, chapters 1 to 9",
    progress="Core Site certified",
    checkpoints={1: date(2017, 1, 10), 2: date(2018, 1, 10)},
    certificates=(
        CertificateFacts(
            "rs_core_site", "RS-CS-1", valid_from=date(2020, 1, 1), valid_until=date(2035, 12, 31)
        ),
    ),
)


def a_case(**changes: Any) -> IssuanceCase:
    """A steel production in Sweden that may be issued, with some facts changed.

    Names are those of ProductionFacts and IssuanceCase; site_…, technology_…, additionality_…,
    baseline_…, verified_… for the others. The auditor's figures follow the declared ones, and
    additionality the day it has to be of, unless they are given.
    """
    return _case(
        _STEEL,
        SiteFacts(code="LULEA", country="SE", route="dri_eaf", started_on=date(2024, 6, 1)),
        _HYDROGEN,
        BaselineFacts(
            kind="sliding_scale",
            value_intensity=Decimal("2.115"),
            source="sliding scale",
            scrap_share=Decimal("0.30"),
            primary=a_point("0.15", "2.46"),
            secondary=a_point("0.95", "0.62"),
        ),
        _RECORD,
        changes,
    )


def an_iron_case(**changes: Any) -> IssuanceCase:
    """Pig iron made in Brazil on its CBAM baseline, with some facts changed as in `a_case`."""
    record = _RECORD | {
        "functional_unit": "iron",
        "scrap_share": "not applicable",
        "baseline_scrap": "not applicable",
    }
    return _case(
        _IRON,
        SiteFacts(code="PECEM", country="BR", route="blast_furnace", started_on=date(2016, 6, 1)),
        TechnologyFacts(natural_gas_used=False),
        BaselineFacts(
            kind="cbam",
            value_intensity=Decimal("1.478"),
            source="CBAM 2026/1740",
            country="BR",
            reason="No figures of this furnace from before the change.",
        ),
        record,
        changes,
    )


def a_point(share: str, value: str, **changes: Any) -> ScalePoint:
    """One recorded end of a sliding scale, with some facts changed."""
    return replace(
        ScalePoint(
            scrap_share=Decimal(share),
            value_intensity=Decimal(value),
            gas_basis="CO2e",
            region="Global",
            year=2024,
            source="ResponsibleSteel default slabs",
        ),
        **changes,
    )


def recipients(**changes: Any) -> RecipientsCase:
    """One notice and an EPD updated in time on a baseline of 2.1, with some facts changed."""
    return replace(
        RecipientsCase(
            on=date(2026, 6, 1),
            issued_on=date(2026, 3, 15),
            baseline_intensity=Decimal("2.1"),
            epd="EPD-SE-0017",
            epd_due_on=date(2026, 6, 13),
            notices=(a_notice(),),
            disclosures=(an_epd(),),
        ),
        **changes,
    )


def a_notice(**changes: Any) -> NoticeFacts:
    return replace(
        NoticeFacts(
            reference="DN-1",
            recipient="Rolling Mill AB",
            tonnes=500,
            default_factor=Decimal("2.1"),
            undertaken_on=date(2026, 4, 1),
        ),
        **changes,
    )


def an_epd(**changes: Any) -> DisclosureFacts:
    return replace(
        DisclosureFacts(
            kind="epd",
            reference="EPD-SE-0017",
            made_on=date(2026, 5, 1),
            intensity=Decimal("2.1"),
            says_sold=True,
            cover_page=True,
        ),
        **changes,
    )


def counted(start: str, end: str, units: int, delivered: int, agreement: str = "") -> Counted:
    """Units issued before; dates as ISO text."""
    return Counted(date.fromisoformat(start), date.fromisoformat(end), units, delivered, agreement)


def agreed(share: str | None) -> AgreementFacts:
    return AgreementFacts(
        reference="LTA-1",
        executed_on=date(2024, 6, 1),
        offtake_share=None if share is None else Decimal(share),
    )


def some_units(**changes: Any) -> UnitFacts:
    """1,000 active steel units bought from their issuer, with some facts changed."""
    return replace(
        UnitFacts(
            issuance="I1",
            copy=1,
            first=1,
            last=1_000,
            state="active",
            functional_unit="crude_steel",
            issuer="Norrland Steel",
            vintage_start=date(2025, 1, 1),
            vintage_end=date(2025, 12, 31),
            issued_on=date(2026, 3, 15),
            expires_on=date(2028, 12, 31),
        ),
        **changes,
    )


def a_transfer(**changes: Any) -> TransferCase:
    """An intermediary passes 600 of 1,000 units on to an end user, with some facts changed."""
    return replace(
        TransferCase(
            on=date(2026, 5, 4),
            units=(some_units(),),
            requested=600,
            from_organisation="Trader",
            to_organisation="Carmaker",
            from_account="T-1",
            to_account="C-1",
            recipient_may_hold={"crude_steel": True, "iron": False},
            surrendered=True,
        ),
        **changes,
    )


def a_retirement(**changes: Any) -> RetirementCase:
    """A carmaker retires 600 of its 1,000 units, with some facts changed."""
    return replace(
        RetirementCase(
            on=date(2026, 5, 4),
            units=(some_units(),),
            requested=600,
            by_organisation="Carmaker",
            holder_organisation="Carmaker",
            entity="Carmaker AG",
        ),
        **changes,
    )


def some_terms(**changes: Any) -> TermsFacts:
    """An agreement on three claims of cars: their maker, a supplier and a seat left open."""
    return replace(
        TermsFacts(
            reference="AG-1",
            executed_on=date(2025, 1, 1),
            claims_agreed=3,
            chain="automotive",
            end_use="car bodies",
            seats=(
                SeatFacts(copy=1, layer=4, organisation="Carmaker", role="primary"),
                SeatFacts(copy=2, layer=3, organisation="Pressworks", role="body in white"),
                SeatFacts(copy=3, layer=5, role="fleet owner"),
            ),
            types="distinct roles",
            transfer_terms="none is transferred",
            measures="one claim a layer, end use named",
            responsible="Carmaker",
            units_issued=1_000,
        ),
        **changes,
    )


def a_co_claim(**changes: Any) -> CoClaimCase:
    """A carmaker shares 600 of its 1,000 units with a supplier and a fleet not named yet."""
    return replace(
        CoClaimCase(
            on=date(2026, 5, 4),
            units=(some_units(agreement="AG-1"),),
            requested=600,
            holder="Carmaker",
            claimants=(
                ClaimantFacts(copy=1, layer=4, organisation="Carmaker"),
                ClaimantFacts(copy=2, layer=3, organisation="Pressworks"),
                ClaimantFacts(copy=3, layer=5),
            ),
            chain="automotive",
            responsible="Carmaker",
            terms=some_terms(),
        ),
        **changes,
    )


def a_measurement(
    site_intensity: object, scrap_share: object, *, is_iron: bool = False, **changes: Any
) -> MeasurementFacts:
    """A full year's lines of a site that give these figures, with some facts changed."""
    intensity = _or(site_intensity, Decimal("0.45"), most=None)
    share = _or(scrap_share, Decimal(0), most=Decimal(1))
    ends_at = EDITION.iron_boundary_end if is_iron else EDITION.steel_boundary_end
    given = MeasurementFacts(
        scheme="responsiblesteel",
        data_start=date(2025, 1, 1),
        data_end=date(2025, 12, 31),
        output_tonnes=Decimal(10_000),
        emissions=(EmissionLine("scope_1", "reductants", intensity * 10_000),),
        metals=(
            MetallicLine("dri", (1 - share) * 10_000, Decimal(1)),
            MetallicLine("end_of_life_scrap", share * 10_000, Decimal(1)),
        ),
        covers=EDITION.steel_boundary,
        ends_at=ends_at,
        electricity_basis="location",
    )
    return replace(given, **changes)


def finding(rule: str, case: object, edition: Edition = EDITION) -> Finding:
    """What one rule finds in a case."""
    return next(each for each in judge(case, edition) if each.rule == rule)


def outcome(rule: str, case: object, edition: Edition = EDITION) -> Outcome:
    return finding(rule, case, edition).outcome


def failing(case: object, edition: Edition = EDITION) -> set[str]:
    """The ids of the rules that refuse a case."""
    return {each.rule for each in judge(case, edition) if each.failed}


def _case(
    production: ProductionFacts,
    site: SiteFacts,
    technology: TechnologyFacts,
    baseline: BaselineFacts,
    record: dict[str, str],
    changes: dict[str, Any],
) -> IssuanceCase:
    of_site = _taken(changes, "site_", ("code", "country", "route", "started_on"))
    of_technology = _taken(changes, "technology_", TechnologyFacts.__slots__)
    of_additionality = _taken(changes, "additionality_", AdditionalityFacts.__slots__)
    of_baseline = _taken(changes, "baseline_", BaselineFacts.__slots__)
    verified = _taken(changes, "verified_", VerificationFacts.__slots__)
    of_production = _taken(changes, "", ProductionFacts.__slots__)
    declared = replace(production, **of_production)
    signed = VerificationFacts(
        signed_on=date(2026, 3, 1),
        delivered_tonnes=declared.delivered_tonnes,
        site_intensity=declared.site_intensity,
        intensity=declared.intensity,
        scrap_share=declared.scrap_share,
    )
    agreement, applied_on = changes.get("agreement"), date(2026, 2, 20)
    determined = replace(
        _ADDITIONALITY, determined_on=agreement.executed_on if agreement else applied_on
    )
    # Around the period that the test says, so that only its own subject is tried.
    start, end = declared.period_start, declared.period_end
    is_period = type(start) is date and type(end) is date and start <= end
    days = {"data_start": start, "data_end": end} if is_period else {}
    case = IssuanceCase(
        stage=Stage.ISSUANCE,
        on=date(2026, 3, 15),
        site=replace(site, **of_site),
        production=declared,
        baseline=replace(baseline, **of_baseline),
        verification=replace(signed, **verified),
        record=record,
        technology=replace(technology, **of_technology),
        additionality=replace(determined, **of_additionality),
        applied_on=applied_on,
        measurement=a_measurement(
            declared.site_intensity,
            declared.scrap_share,
            is_iron=declared.functional_unit == "iron",
            **days,
        ),
        auditor=ACCREDITED,
        review=REVIEWED,
        pathway=CERTIFIED,
    )
    return replace(case, **changes)


def _or(value: object, instead: Decimal, *, most: Decimal | None) -> Decimal:
    """A figure that lines can give, or another where a test gives none."""
    fits = isinstance(value, Decimal) and value.is_finite() and 0 <= value.adjusted() + 20 <= 30
    if not fits or value < 0 or (most is not None and value > most):
        return instead
    return value


def _taken(changes: dict[str, Any], prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Remove and return the changes whose name is the prefix and one of the names."""
    return {name: changes.pop(prefix + name) for name in names if prefix + name in changes}
