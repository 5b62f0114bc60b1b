"""From records to facts: who verifies, what was signed, and how a site stands (5.3, 6)."""

from django.db.models import Q, QuerySet

from accounts.models import Membership, Organisation
from registry.models import (
    AgreementRights,
    AuditReview,
    ElsewhereIssuance,
    ExAnteAudit,
    Issuance,
    Production,
    Site,
    SiteAlias,
    SitePathway,
    Verification,
)
from registry.rulebook.facts import (
    AccreditationFacts,
    AuditorFacts,
    CertificateFacts,
    ElsewhereFacts,
    ExAnteFacts,
    OfftakeFacts,
    PathwayFacts,
    ReviewFacts,
)

_REVIEWED = tuple(ReviewFacts.__slots__)


def auditor_facts(auditor: Organisation | None, producer: Organisation) -> AuditorFacts | None:
    """An auditor before a producer. Somebody who is a member of both makes it dependent."""
    if auditor is None:
        return None
    shared = Membership.objects.filter(
        organisation=auditor,
        user__in=Membership.objects.filter(organisation=producer).values("user"),
    )
    return AuditorFacts(
        name=auditor.name,
        is_independent=auditor.pk != producer.pk and not shared.exists(),
        accreditations=tuple(
            AccreditationFacts(
                body=row.body,
                basis=row.basis,
                scopes=tuple(row.scopes),
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                attested_on=row.attested_on,
            )
            for row in auditor.accreditations.order_by("valid_from", "id")
        ),
    )


def review_facts(verification: Verification | None) -> ReviewFacts | None:
    """The checklist signed with a statement, None where none was."""
    row = AuditReview.objects.filter(verification=verification).first() if verification else None
    return ReviewFacts(**{name: getattr(row, name) for name in _REVIEWED}) if row else None


def pathway_facts(site: Site) -> PathwayFacts | None:
    """How a site stands on its way to certification, None where nothing is recorded."""
    row = SitePathway.objects.filter(site=site).first()
    certificates = tuple(
        CertificateFacts(each.kind, each.reference, each.valid_from, each.valid_until)
        for each in site.certificates.order_by("valid_from", "id")
    )
    if row is None:
        return PathwayFacts(certificates=certificates) if certificates else None
    checkpoints = {1: row.checkpoint_1_on, 2: row.checkpoint_2_on}
    return PathwayFacts(
        first_data_on=row.first_data_on,
        self_assessed_on=row.self_assessed_on,
        principle_10=row.principle_10,
        progress=row.progress,
        checkpoints={year: on for year, on in checkpoints.items() if on is not None},
        certificates=certificates,
    )


def ex_ante_audit(production: Production) -> ExAnteAudit | None:
    """The latest audit signed before the production began; without a start, the latest signed."""
    rows = ExAnteAudit.objects.filter(
        site=production.site, functional_unit=production.functional_unit, state="signed"
    )
    if production.period_start is not None:
        rows = rows.filter(signed_on__lte=production.period_start)
    return rows.order_by("-signed_on", "-id").first()


def ex_ante_facts(audit: ExAnteAudit | None) -> ExAnteFacts | None:
    if audit is None or audit.signed_on is None:
        return None
    assert audit.site_intensity is not None  # a constraint: signed with its figures
    assert audit.intensity is not None
    return ExAnteFacts(
        signed_on=audit.signed_on,
        site_intensity=audit.site_intensity,
        intensity=audit.intensity,
        scrap_share=audit.scrap_share,
    )


def offtake_facts(production: Production, audit: ExAnteAudit | None) -> OfftakeFacts | None:
    """The long-term offtake of a production's agreement, None where it is not forward."""
    if production.agreement_id is None:
        return None
    rights = AgreementRights.objects.filter(
        agreement=production.agreement_id, is_forward=True
    ).first()
    if rights is None or rights.forward_from is None or rights.forward_until is None:
        return None
    waiting = Issuance.objects.filter(
        agreement=production.agreement_id,
        site=production.site,
        is_provisional=True,
        confirmation__isnull=True,
    )
    return OfftakeFacts(
        starts_on=rights.forward_from,
        ends_on=rights.forward_until,
        recurrence=audit.recurrence if audit else "annual",
        unconfirmed_end=waiting.order_by("vintage_end")
        .values_list("vintage_end", flat=True)
        .first(),
    )


def issued_elsewhere(site: Site) -> QuerySet[ElsewhereIssuance]:
    """What names the site itself, its code or one of its aliases (R086)."""
    aliases = SiteAlias.objects.filter(site=site).values("identifier")
    named = Q(identifier=site.code) | Q(identifier__in=aliases)
    return ElsewhereIssuance.objects.filter(Q(site=site) | named)


def elsewhere_facts(production: Production) -> tuple[ElsewhereFacts, ...]:
    """What other registries issued for the site and unit, as listed or declared."""
    rows = issued_elsewhere(production.site).filter(functional_unit=production.functional_unit)
    return tuple(
        ElsewhereFacts(
            registry=row.registry,
            reference=row.reference,
            period_start=row.period_start,
            period_end=row.period_end,
            units=row.units,
        )
        for row in rows.order_by("period_start", "id")
    )
