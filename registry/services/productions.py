"""A producer's application: draft, evidence, submission to an auditor (5, 6)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, Any

from django.core.files.base import ContentFile

from accounts.models import Organisation, User
from accounts.permissions import open_to, require_initiator, roles_of
from accounts.roles import Role
from registry.errors import BadInput, NotNow, RulesBroken
from registry.evidence import Inspected, inspect
from registry.models import Evidence, Production, ProductionStep, Site, Verification
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import FunctionalUnit, IssuanceCase, Stage
from registry.rulebook.findings import Finding, failures
from registry.rulebook.issuance import due_date
from registry.services.additionality import date_with_application
from registry.services.baseline_facts import CHOICE_FIELDS, save_choice
from registry.services.cases import issuance_case
from registry.services.measured import follow_measurement
from registry.services.readings import require_producer
from registry.services.recipient_cases import due_after_issuance
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean
from registry.services.technology import keep_technology
from registry.transitions import PRODUCTION_STEPS, ProductionState, actions, after

PRODUCTION_FIELDS = (
    "account",
    "agreement",
    "functional_unit",
    "product",
    "period_start",
    "period_end",
    "tonnes",
    "delivered_tonnes",
    "delivered_on",
    "measured_site",
    "fe_metallic_share",
    "fe_total_share",
    "methodology",
    "abatement",
    "abatement_details",
    "additionality",
    "epd",
    "epd_verifier",
    "end_use",
    "baseline",
    "late_reason",
    *CHOICE_FIELDS,
)
VERIFY = "registry.verify_production"


@retrying
def draft_production(
    *, by: User, now: datetime, key: str, site: Site, values: Mapping[str, Any]
) -> Production:
    """Start an application for one site. values: keys of PRODUCTION_FIELDS, any may be absent.

    Raises NotVisible, Refused, BadInput. A draft may break rules; `findings_of` shows them.
    """
    require_initiator(by, site.organisation)
    require_producer(site.organisation, now.date())
    chosen = only(PRODUCTION_FIELDS, values)
    with once(
        by=by, key=key, kind="production", now=now, input={"site": site.pk, **_plain(chosen)}
    ) as request:
        if request.is_repeat:
            return Production.objects.get(pk=request.answer["production"])
        production = Production(
            site=site,
            producer=site.organisation,
            is_demonstration=site.is_demonstration,
            created_at=now,
            created_by=by,
        )
        _fill(production, chosen)
        request.answer = {"production": str(production.pk)}
        return production


@retrying
def change_production(
    *, by: User, now: datetime, key: str, production: Production, values: Mapping[str, Any]
) -> Production:
    """Change a draft or returned application. Raises NotNow once it is submitted."""
    require_initiator(by, production.producer)
    chosen = only(PRODUCTION_FIELDS, values)
    with once(
        by=by,
        key=key,
        kind="production.change",
        now=now,
        input={"production": production.pk, **_plain(chosen)},
    ) as request:
        locked = lock(production)
        if request.is_repeat:
            return locked
        require_step(locked, "submit")
        _fill(locked, chosen)
        if "functional_unit" in chosen:
            follow_measurement(locked, edition_on(now.date()))
        return locked


@retrying
def add_evidence(
    *,
    by: User,
    now: datetime,
    key: str,
    production: Production,
    kind: str,
    name: str,
    file: IO[bytes],
) -> Evidence:
    """Attach a file to a draft or returned application; the same file twice is one evidence."""
    require_initiator(by, production.producer)
    if kind not in Evidence.Kind.values:
        raise BadInput({"kind": [f"Choose one of {', '.join(Evidence.Kind.values)}."]})
    seen = inspect(name, file)
    with once(
        by=by,
        key=key,
        kind="evidence",
        now=now,
        input={"production": production.pk, "kind": kind, "name": name, "sha256": seen.sha256},
    ) as request:
        locked = lock(production)
        if request.is_repeat:
            return Evidence.objects.get(pk=request.answer["evidence"])
        require_step(locked, "submit")
        evidence = keep_evidence(locked, kind, name, seen, by=by, now=now)
        request.answer = {"evidence": str(evidence.pk)}
        return evidence


def keep_evidence(
    production: Production, kind: str, name: str, seen: Inspected, *, by: User, now: datetime
) -> Evidence:
    """Store an inspected file with a production; the same file twice is one evidence."""
    evidence = production.evidence.filter(sha256=seen.sha256).first()
    if evidence is None:
        evidence = Evidence(
            production=production,
            kind=kind,
            name=name[:200],
            media_type=seen.media_type,
            size=seen.size,
            sha256=seen.sha256,
            uploaded_at=now,
            uploaded_by=by,
        )
        evidence.file.save(f"{seen.sha256}", ContentFile(seen.content), save=False)
        evidence.save()
    return evidence


@retrying
def submit_production(
    *, by: User, now: datetime, key: str, production: Production, auditor: Organisation
) -> Production:
    """Hand an application to an auditor: opens this one production to them.

    Raises RulesBroken with every finding when one fails, NotNow, BadInput, Refused.
    """
    require_initiator(by, production.producer)
    with once(
        by=by,
        key=key,
        kind="production.submit",
        now=now,
        input={"production": production.pk, "auditor": auditor.pk},
    ) as request:
        locked = lock(production)
        if request.is_repeat:
            return locked
        require_step(locked, "submit")
        if locked.functional_unit in list(FunctionalUnit):
            require_producer(locked.producer, now.date(), locked.functional_unit)
        _require_auditor(auditor, locked)
        findings = findings_of(locked, on=now.date(), auditor=auditor)
        if failures(findings):
            raise RulesBroken(findings)
        assert locked.period_end is not None  # R081 passed
        Verification.objects.create(
            production=locked,
            auditor=auditor,
            opened_at=now,
            due_on=due_date(locked.period_end, edition_on(now.date()).verification_due_months),
        )
        open_to(auditor, VERIFY, locked)
        keep_technology(locked)
        date_with_application(locked, now.date())
        step(locked, "submit", by=by, now=now)
        return locked


def findings_of(
    production: Production, *, on: date, auditor: Organisation | None = None
) -> list[Finding]:
    """The conformance report of an application as it stands, rule by rule.

    auditor: the one about to be engaged, whose accreditation is judged too (R067, R072).
    """
    return judged(case_of(production, on=on, auditor=auditor))


def case_of(
    production: Production, *, on: date, auditor: Organisation | None = None
) -> IssuanceCase:
    """An application's facts as they stand, for a page that shows them and their judgement."""
    return issuance_case(production, stage=Stage.APPLICATION, on=on, auditor=auditor)


def judged(case: IssuanceCase) -> list[Finding]:
    """Every rule on the case by the edition of its day, and what R141 to R144 will ask (10.1)."""
    edition = edition_on(case.on)
    return [*judge(case, edition), *due_after_issuance(case, edition)]


def lock(production: Production) -> Production:
    """The production's row, locked until the transaction ends."""
    return (
        Production.objects.select_for_update(of=("self",))
        .select_related("site", "producer", "baseline", "agreement", "account")
        .get(pk=production.pk)
    )


def require_step(production: Production, action: str) -> str:
    """The state `action` leads to. Raises NotNow where the table does not allow it."""
    to_state = after(PRODUCTION_STEPS, production.state, action)
    if to_state is None:
        possible = ", ".join(actions(PRODUCTION_STEPS, production.state)) or "nothing more"
        raise NotNow(
            found=f"The application is {ProductionState(production.state).label}.",
            allowed=f"From there, possible is: {possible}.",
            action="Reload the page to see where it stands.",
        )
    return to_state


def step(production: Production, action: str, *, by: User, now: datetime, note: str = "") -> None:
    """Take one step of the table and record it."""
    to_state = require_step(production, action)
    ProductionStep.objects.create(
        production=production,
        from_state=production.state,
        to_state=to_state,
        by=by,
        at=now,
        note=note,
    )
    production.state = to_state
    production.save(update_fields=["state"])


def _fill(production: Production, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in CHOICE_FIELDS:
            setattr(production, name, value)
    errors: dict[str, list[str]] = {}
    account, baseline, agreement = production.account, production.baseline, production.agreement
    if account is not None and account.organisation_id != production.producer_id:
        errors["account"] = ["Choose one of your own organisation's accounts."]
    if baseline is not None and baseline.organisation_id not in (None, production.producer_id):
        errors["baseline"] = ["Choose a baseline of the library or your own."]
    if baseline is not None and baseline.reference_only:
        errors["baseline"] = ["This entry is for reference only; choose one offered as a baseline."]
    if agreement is not None and agreement.issuer_id != production.producer_id:
        errors["agreement"] = ["Choose an agreement that your organisation issued."]
    unit = production.functional_unit
    is_unit = unit in list(FunctionalUnit)  # anything else is R002's to say
    if baseline is not None and is_unit and baseline.functional_unit != unit:
        errors.setdefault("baseline", []).append("Choose a baseline of the same functional unit.")
    start, end = production.period_start, production.period_end
    if start is not None and end is not None and end < start:
        errors["period_end"] = [f"The period starts on {start}; end it then or after."]
    save_clean(production, **errors)
    save_choice(production, values)


def _require_auditor(auditor: Organisation, production: Production) -> None:
    errors: dict[str, list[str]] = {}
    if Role.AUDITOR not in roles_of(auditor):
        errors["auditor"] = [f"{auditor} is not registered as an auditor."]
    if production.account is None:
        errors["account"] = ["Choose the account that will hold the units."]
    if errors:
        raise BadInput(errors)


def _plain(values: Mapping[str, Any]) -> dict[str, object]:
    """The values as plain ones for the idempotency hash: a record by its key."""
    return {name: getattr(value, "pk", value) for name, value in values.items()}
