"""Records in words: the rows of the portal's summary lists."""

from collections.abc import Iterable
from typing import Any

from accounts.ui import formats, status
from accounts.ui.parts import SummaryRow
from registry import words
from registry.models import (
    Agreement,
    AgreementParty,
    AgreementRights,
    Baseline,
    ExAnteAudit,
    Production,
    Retirement,
    Site,
    Transfer,
    Verification,
)
from registry.models.site import ROUTE_LABELS
from registry.rulebook.edition import edition_on
from registry.rulebook.facts import FunctionalUnit, IssuanceCase, Route, TechnologyFacts
from registry.services.additionality import additionality_facts
from registry.services.publishing import abatement_text, additionality_text
from registry.transitions import ProductionState
from registry.web.forms.productions import COMPANY_FIGURES
from registry.web.measured import measurement_groups

NOT_GIVEN = "not given"
Rows = list[SummaryRow]


def period(production: Production) -> str:
    if production.period_start is None or production.period_end is None:
        return "no production period yet"
    return f"{formats.day(production.period_start)} to {formats.day(production.period_end)}"


def site_rows(site: Site) -> Rows:
    place = (site.locality, site.region, words.country_name(site.country))
    rows = [
        ("Code", site.code),
        ("Production route", str(ROUTE_LABELS[Route(site.route)])),
        ("Start of operation", _day(site.started_on)),
        ("Place", ", ".join(part for part in place if part)),
        ("Coordinates", _coordinates(site)),
        ("Iron, a year", _tonnes(site.iron_capacity)),
        ("Crude steel, a year", _tonnes(site.steel_capacity)),
        ("Source of this description", site.source),
    ]
    return _summary(rows)


def application_groups(production: Production, case: IssuanceCase) -> list[tuple[str, Rows]]:
    """An application as its producer declared it, under the headings of its form.

    case: its facts, which the page has for the rules already.
    """
    return [
        ("What was made, and when", _made(production)),
        ("Tonnage", _tonnage(production)),
        ("Measured figures", _figures(production)),
        *measurement_groups(production, edition_on(case.on), case.allocation),
        ("Baseline", baseline_rows(production.baseline)),
        ("What made it low-emissions", _cause(production, case.technology)),
    ]


def baseline_rows(baseline: Baseline | None) -> Rows:
    if baseline is None:
        return _summary([("Baseline", "")])
    points = (
        f"{formats.intensity(baseline.primary_intensity)} at "
        f"{formats.share(baseline.primary_scrap_share)} scrap, "
        f"{formats.intensity(baseline.secondary_intensity)} at "
        f"{formats.share(baseline.secondary_scrap_share)} scrap"
    )
    is_value = baseline.value_intensity is not None
    rows = [
        ("Baseline", baseline.name),
        ("Kind", baseline.get_kind_display()),
        ("Value", formats.intensity(baseline.value_intensity) if is_value else points),
        ("Source", baseline.source),
    ]
    if baseline.fallback:
        rows.append(("Note", "The country has no value of its own: that of other countries."))
    return _summary(rows)


def verification_rows(verification: Verification) -> Rows:
    """What an auditor verified and stated."""
    rows = [
        ("Auditor", verification.auditor.name),
        ("Signed by", str(verification.signed_by or "")),
        ("On", _day(verification.signed_on)),
    ]
    if verification.delivered_tonnes is not None:
        rows += [
            ("Verified as delivered", _tonnes(verification.delivered_tonnes)),
            ("Verified average of the site", _intensity(verification.site_intensity)),
            ("Verified intensity of the product", _intensity(verification.intensity)),
        ]
    if verification.scrap_share is not None:
        rows.append(("Verified scrap share", formats.share(verification.scrap_share)))
    rows.append(("Statement", verification.statement))
    return _summary(rows)


def ex_ante_rows(audit: ExAnteAudit) -> Rows:
    """An audit before production: what its auditor expects (6.1)."""
    rows = [
        ("Auditor", audit.auditor.name),
        ("One unit is a tonne of", words.unit_name(audit.functional_unit)),
        ("Verified again", audit.recurrence),
        ("State", audit.get_state_display()),
    ]
    if audit.signed_on is not None:
        rows += [
            ("Signed", f"{_day(audit.signed_on)} by {audit.signed_by}"),
            ("Expected average of the site", _intensity(audit.site_intensity)),
            ("Expected intensity of the product", _intensity(audit.intensity)),
        ]
        if audit.scrap_share is not None:
            rows.append(("Expected scrap share", formats.share(audit.scrap_share)))
        rows.append(("Statement", audit.statement))
    return _summary(rows)


def agreement_rows(agreement: Agreement, parties: Iterable[AgreementParty]) -> Rows:
    limit = agreement.transfers_allowed
    share = agreement.offtake_share
    rows = [
        ("Issuer", agreement.issuer.name),
        ("Buyers", ", ".join(sorted(party.organisation.name for party in parties))),
        ("Executed on", _day(agreement.executed_on)),
        ("Onward transfers allowed", "no limit" if limit is None else str(limit)),
        ("Number of claims", str(agreement.claims_agreed)),
        ("Contracted share of production", "none named" if share is None else _share(share)),
        *_rights(agreement),
        ("End use of the metal", agreement.end_use),
        ("Recorded", formats.moment(agreement.recorded_at)),
    ]
    return _summary(rows)


def _rights(agreement: Agreement) -> list[tuple[str, str]]:
    """What the agreement says of transfers and claims beyond its first page, where it does."""
    rights: AgreementRights | None = getattr(agreement, "rights", None)
    if rights is None:
        return []
    to_whom = rights.get_transfer_to_display()
    if rights.transfer_roles:
        to_whom = ", ".join(role.replace("_", " ") for role in rights.transfer_roles)
    rows = [
        ("Later holders may transfer to", to_whom),
        ("End-use value chain", rights.chain),
        ("Types of co-claiming", rights.co_claim_types),
        ("Transfer of co-claims", rights.transfer_terms),
        ("Measures against double claiming", rights.double_claim_measures),
        ("Responsible for double-counting risks", str(rights.responsible or "")),
    ]
    if rights.is_forward:
        start, end = _day(rights.forward_from), _day(rights.forward_until)
        rows.append(("Forward offtake", f"from {start or 'now'} to {end or 'further notice'}"))
    if rights.option_units:
        option = f"{formats.tonnes(rights.option_units)} until {_day(rights.option_until)}"
        rows.append(("Option on further units", option))
    return [(key, value) for key, value in rows if value]


def transfer_rows(transfer: Transfer) -> Rows:
    rows = [
        ("Units", formats.tonnes(transfer.quantity)),
        ("From", f"{transfer.from_account.organisation.name}, {transfer.from_account}"),
        ("To", f"{transfer.to_account.organisation.name}, {transfer.to_account}"),
        ("Proposed", f"{formats.moment(transfer.proposed_at)} by {transfer.proposed_by}"),
        ("Open until", f"{formats.day(transfer.due_on)}, inclusive"),
    ]
    delay = getattr(transfer, "delay", None)
    if delay is not None:
        waits = f"{formats.day(delay.acceptable_on)}, after {delay.delay_days} working days"
        rows.append(("Can be accepted from", waits))
    often = next((each for each in transfer.findings if each["rule"] == "R096"), None)
    if often and often["outcome"] == "warn":
        rows.append(("Frequency (R096)", f"{often['found']}; {often['allowed']}"))
    for each in transfer.findings:
        if each["rule"] == "R143":
            duty = f"{each['found']}; {each['allowed']}. {each['action']}"
            rows.append(("EPD of what is sold (R143)", duty))
    if transfer.approved_at:
        rows.append(
            ("Approved", f"{formats.moment(transfer.approved_at)} by {transfer.approved_by}")
        )
    if transfer.settled_at:
        who = f" by {transfer.settled_by}" if transfer.settled_by else ""
        rows.append(("Settled", f"{formats.moment(transfer.settled_at)}{who}"))
    if transfer.note:
        rows.append(("Note", transfer.note))
    return _summary(rows)


def retirement_rows(retirement: Retirement) -> Rows:
    rows = [
        ("Units", formats.tonnes(retirement.quantity)),
        ("By", retirement.organisation.name),
        ("Out of account", str(retirement.account)),
        ("Retired", f"{formats.moment(retirement.retired_at)} by {retirement.retired_by}"),
        ("Purpose", retirement.purpose),
        ("Beneficiary", retirement.beneficiary),
    ]
    if retirement.period_start and retirement.period_end:
        period_days = f"{_day(retirement.period_start)} to {_day(retirement.period_end)}"
        rows.append(("Reporting period", period_days))
    return _summary(rows)


def life_of(production: Production) -> list[dict[str, Any]]:
    """Every change of state as the timeline shows it, newest first."""
    steps = production.steps.select_related("by").order_by("-at", "-id")
    events = [
        {
            "at": each.at,
            "title": ProductionState(each.to_state).label.capitalize(),
            "by": str(each.by),
            "text": each.note,
            "tone": status.tone(each.to_state),
        }
        for each in steps
    ]
    begun = {
        "at": production.created_at,
        "title": "Draft begun",
        "by": str(production.created_by),
        "tone": "info",
    }
    return [*events, begun]


def _made(production: Production) -> Rows:
    unit = production.functional_unit
    return _summary(
        [
            ("Site", f"{production.site.name} ({production.site.code})"),
            ("One unit is a tonne of", words.unit_name(unit) if unit else ""),
            ("Product", words.product_name(production.product)),
            ("Production period", period(production) if production.period_end else ""),
        ]
    )


def _tonnage(production: Production) -> Rows:
    return _summary(
        [
            ("Delivered, with proof", _tonnes(production.delivered_tonnes)),
            ("Last delivery", _day(production.delivered_on)),
            ("Units applied for", _tonnes(production.tonnes)),
            ("Account for the units", str(production.account or "")),
            ("Agreement", str(production.agreement or "none")),
            ("End use of the metal", production.end_use),
        ]
    )


def _figures(production: Production) -> Rows:
    is_company = production.measured_site == COMPANY_FIGURES
    rows = [
        ("Figures of", "several sites" if is_company else production.measured_site),
        ("Average of the site", _intensity(production.site_intensity)),
        ("Product", _intensity(production.intensity)),
    ]
    if production.functional_unit == FunctionalUnit.IRON:
        rows += [
            ("Metallic Fe", _share(production.fe_metallic_share)),
            ("Total Fe", _share(production.fe_total_share)),
        ]
    else:
        rows.append(("Scrap share of metallic input", _share(production.scrap_share)))
    rows.append(("Certification or method", production.methodology))
    return _summary(rows)


def _cause(production: Production, technology: TechnologyFacts | None) -> Rows:
    """In the words that the public record will have."""
    additionality = additionality_facts(production)
    rows = [
        ("Abatement technology", abatement_text(production, technology)),
        ("Additionality", additionality_text(production, additionality)),
    ]
    optional = [
        ("EPD or LCA", production.epd),
        ("Verified by", production.epd_verifier),
        ("Why the units are late", production.late_reason),
    ]
    return _summary(rows + [(key, value) for key, value in optional if value])


def _summary(rows: Iterable[tuple[str, str]]) -> Rows:
    return [SummaryRow(key, value or NOT_GIVEN) for key, value in rows]


def _day(value: Any) -> str:
    return formats.day(value) if value else ""


def _tonnes(value: int | None) -> str:
    return "" if value is None else formats.tonnes(value)


def _intensity(value: Any) -> str:
    return "" if value is None else formats.intensity(value)


def _share(value: Any) -> str:
    return "" if value is None else formats.share(value)


def _coordinates(site: Site) -> str:
    if site.latitude is None or site.longitude is None:
        return ""
    return f"{formats.decimal_text(site.latitude)}, {formats.decimal_text(site.longitude)}"
