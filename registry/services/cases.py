"""From records to facts: what the rules see of a production, a transfer, a retirement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from accounts.models import Organisation
from accounts.roles import Action, Role, decide
from registry.ledger import Line
from registry.models import (
    Confirmation,
    Evidence,
    ExAnteAudit,
    Issuance,
    Production,
    Site,
)
from registry.models import Verification as VerificationRecord
from registry.rulebook.edition import edition_on
from registry.rulebook.facts import (
    AdditionalityFacts,
    AgreementFacts,
    BaselineFacts,
    Counted,
    FunctionalUnit,
    IssuanceCase,
    ProductionFacts,
    SiteFacts,
    Stage,
    TechnologyFacts,
    UnitFacts,
    VerificationFacts,
)
from registry.services.additionality import additionality_facts, applied_on, criteria_of
from registry.services.audit_facts import (
    auditor_facts,
    elsewhere_facts,
    ex_ante_audit,
    ex_ante_facts,
    offtake_facts,
    pathway_facts,
    review_facts,
)
from registry.services.baseline_facts import facts_of_choice, short, with_adjustment
from registry.services.measured import allocation_facts, iron_drawn, measurement_facts
from registry.services.publishing import abatement_text, additionality_text, end_use_text
from registry.services.readings import role_readings
from registry.services.technology import technology_facts

NOT_APPLICABLE = "not applicable"


def issuance_case(
    production: Production,
    *,
    stage: Stage,
    on: date,
    auditor: Organisation | None = None,
    provisional: bool = False,
) -> IssuanceCase:
    """Everything the rules look at before units of this production are created.

    auditor: the one about to be engaged; else the one who signed, or who is engaged.
    provisional: before the ex-post audit, at the figures expected ex-ante (R083).
    """
    engaged = production.verifications.select_related("auditor").order_by("-id").first()
    signed = engaged if engaged and engaged.state == "signed" and not provisional else None
    expected = ex_ante_audit(production)
    verification = _figures(signed, expected if provisional else None)
    if auditor is None and engaged is not None and engaged.state != "returned":
        auditor = engaged.auditor
    # A sliding scale is read at the scrap share that the auditor verified, once there is one.
    scrap = verification.scrap_share if verification else production.scrap_share
    baseline = facts_of_choice(production, scrap)
    technology = technology_facts(production)
    additionality = additionality_facts(production, on=on)
    proofs = _delivery_proofs(production)
    case = IssuanceCase(
        stage=stage,
        on=on,
        site=_site_facts(production.site),
        production=_production_facts(production, len(proofs)),
        baseline=baseline,
        verification=_verification_facts(signed),
        agreement=_agreement_facts(production),
        issued_before=_issued_before(production),
        late_reason=production.late_reason,
        record=issuance_record(
            production, baseline, verification, technology, additionality, proofs, on=on
        ),
        technology=technology,
        additionality=additionality,
        applied_on=applied_on(production),
        measurement=measurement_facts(production),
        allocation=allocation_facts(production, edition_on(on)),
        iron_drawn=iron_drawn(production),
        review=review_facts(signed),
        ex_ante=ex_ante_facts(expected),
        provisional=provisional,
    )
    return with_adjustment(_in_its_setting(case, production, auditor, expected), edition_on(on))


def _site_facts(site: Site) -> SiteFacts:
    return SiteFacts(
        code=site.code, country=site.country, route=site.route, started_on=site.started_on
    )


def _in_its_setting(
    case: IssuanceCase,
    production: Production,
    auditor: Organisation | None,
    expected: ExAnteAudit | None,
) -> IssuanceCase:
    """The case with its auditor, its site's pathway, its offtake and what is issued elsewhere."""
    return replace(
        case,
        auditor=auditor_facts(auditor, production.producer),
        pathway=pathway_facts(production.site),
        offtake=offtake_facts(production, expected),
        elsewhere=elsewhere_facts(production),
    )


def issuance_record(
    production: Production,
    baseline: BaselineFacts,
    verification: VerificationRecord | ExAnteAudit | None,
    technology: TechnologyFacts | None,
    additionality: AdditionalityFacts | None,
    proofs: Sequence[str],
    *,
    on: date,
) -> dict[str, str]:
    """The fields of 6.2 as they will stand in the public record, empty where missing."""
    site = production.site
    is_iron = production.functional_unit == FunctionalUnit.IRON
    scrap = verification.scrap_share if verification else production.scrap_share
    intensity = verification.intensity if verification else production.intensity
    return {
        "issue_date": on.isoformat(),
        "producer": production.producer.name,
        "location": ", ".join(
            text for text in (site.name, site.locality, site.region, site.country) if text
        ),
        "vintage": _period(production),
        "delivery_date": _text(production.delivered_on),
        "delivery_proof": ", ".join(proofs),
        "functional_unit": production.functional_unit,
        "certification": production.methodology,
        "abatement": abatement_text(production, technology),
        "additionality": additionality_text(production, additionality),
        "intensity": _text(short(intensity)),
        "scrap_share": NOT_APPLICABLE if is_iron else _text(short(scrap)),
        "baseline": _text(baseline.value_intensity),
        "baseline_source": baseline.source,
        "baseline_scrap": NOT_APPLICABLE if is_iron else _text(baseline.scrap_share),
        "epd": production.epd,
        "epd_verifier": production.epd_verifier,
        "adjusted_intensity": "",
        "end_use": end_use_text(production),
    }


def kinds(units: Iterable[UnitFacts], holder: Organisation) -> list[tuple[str, bool]]:
    """What the role table asks about: each functional unit, and whether the holder issued it."""
    return sorted({(each.functional_unit, each.issuer == holder.name) for each in units})


def is_demonstration(lines: Iterable[Line]) -> bool:
    """Whether any of these units is invented: what is made with it says so too."""
    issuances = {line.issuance for line in lines}
    return Issuance.objects.filter(pk__in=issuances, is_demonstration=True).exists()


def may_hold(roles: frozenset[Role], units: Iterable[UnitFacts], *, on: date) -> Mapping[str, bool]:
    """By functional unit, whether the role table lets whoever has these roles acquire them."""
    readings = role_readings(edition_on(on))
    return {
        unit: decide(
            roles=roles,
            action=Action.ACQUIRE,
            unit=FunctionalUnit(unit).value,
            own_issue=False,
            readings=readings,
        ).allowed
        for unit in {each.functional_unit for each in units}
    }


def roles_asked_for(units: Iterable[UnitFacts], roles: frozenset[Role]) -> frozenset[str]:
    """The roles where an agreement of these units asks for them (7.1)."""
    if all(each.may_go_to_roles is None for each in units):
        return frozenset()
    return frozenset(role.value for role in roles)


def _delivery_proofs(production: Production) -> list[str]:
    files = production.evidence.filter(kind=Evidence.Kind.DELIVERY).order_by("id")
    return [f"{name} (SHA-256 {sha256})" for name, sha256 in files.values_list("name", "sha256")]


def _production_facts(production: Production, delivery_proofs: int) -> ProductionFacts:
    return ProductionFacts(
        functional_unit=production.functional_unit or None,
        product=production.product or None,
        period_start=production.period_start,
        period_end=production.period_end,
        tonnes=production.tonnes,
        delivered_tonnes=production.delivered_tonnes,
        delivered_on=production.delivered_on,
        delivery_proofs=delivery_proofs,
        measured_site=production.measured_site,
        site_intensity=short(production.site_intensity),
        intensity=short(production.intensity),
        scrap_share=short(production.scrap_share),
        fe_metallic_share=short(production.fe_metallic_share),
        fe_total_share=short(production.fe_total_share),
        end_use=production.end_use,
    )


def _figures(
    signed: VerificationRecord | None, expected: ExAnteAudit | None
) -> VerificationRecord | ExAnteAudit | None:
    """Whose figures the public record shows: signed ex-post, or expected ex-ante."""
    return signed or expected


def _verification_facts(verification: VerificationRecord | None) -> VerificationFacts | None:
    if verification is None:
        return None
    return VerificationFacts(
        signed_on=verification.signed_on,
        delivered_tonnes=verification.delivered_tonnes,
        site_intensity=short(verification.site_intensity),
        intensity=short(verification.intensity),
        scrap_share=short(verification.scrap_share),
    )


def _agreement_facts(production: Production) -> AgreementFacts | None:
    agreement = production.agreement
    if agreement is None:
        return None
    return AgreementFacts(
        reference=agreement.reference,
        executed_on=agreement.executed_on,
        offtake_share=short(agreement.offtake_share),
        end_use=agreement.end_use,
        criteria=criteria_of(production),
    )


def _issued_before(production: Production) -> tuple[Counted, ...]:
    """Every other issuance of the site and unit; what an ex-post audit verified, where it did."""
    rows = (
        Issuance.objects.filter(site=production.site, functional_unit=production.functional_unit)
        .exclude(production=production)
        .select_related("agreement", "confirmation")
    )
    return tuple(
        Counted(
            period_start=row.vintage_start,
            period_end=row.vintage_end,
            units=row.quantity,
            delivered_tonnes=_delivered(row),
            agreement=row.agreement.reference if row.agreement else "",
        )
        for row in rows.order_by("id")
    )


def _delivered(issuance: Issuance) -> int:
    confirmation: Confirmation | None = getattr(issuance, "confirmation", None)
    return confirmation.verified_tonnes if confirmation else issuance.delivered_tonnes


def _period(production: Production) -> str:
    if production.period_start is None or production.period_end is None:
        return ""
    return f"{production.period_start.isoformat()} to {production.period_end.isoformat()}"


def _text(value: object) -> str:
    return "" if value is None else str(value)
