"""Audits of a site before it produces (6.1): opened by the producer, signed by the auditor."""

from datetime import date, datetime

from accounts.errors import NotVisible
from accounts.models import Organisation, User
from accounts.permissions import close_to, has_object, is_member, open_to, require_initiator
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import ExAnteAudit, Site
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import rules
from registry.rulebook.facts import (
    BaselineFacts,
    FunctionalUnit,
    IssuanceCase,
    ProductionFacts,
    Recurrence,
    SiteFacts,
    Stage,
)
from registry.rulebook.findings import Finding, failures
from registry.services.audit_facts import auditor_facts
from registry.services.readings import require_producer
from registry.services.requests import once, retrying
from registry.services.shape import save_clean
from registry.services.verifications import Figures
from registry.transitions import EX_ANTE_STEPS, ExAnteState, after

AUDIT_SITE = "registry.audit_site"


@retrying
def open_ex_ante(
    *,
    by: User,
    now: datetime,
    key: str,
    site: Site,
    auditor: Organisation,
    functional_unit: str,
    recurrence: str,
) -> ExAnteAudit:
    """Engage an auditor for one site before it produces: opens this one site to them.

    Raises NotVisible, Refused, BadInput, RulesBroken (R067, R072), NotNow.
    """
    require_initiator(by, site.organisation)
    require_producer(site.organisation, now.date(), _unit(functional_unit))
    if recurrence not in list(Recurrence):
        raise BadInput({"recurrence": [f"Choose {' or '.join(Recurrence)}."]})
    with once(
        by=by,
        key=key,
        kind="ex_ante",
        now=now,
        input={
            "site": site.pk,
            "auditor": auditor.pk,
            "functional_unit": functional_unit,
            "recurrence": recurrence,
        },
    ) as request:
        if request.is_repeat:
            return ExAnteAudit.objects.get(pk=request.answer["audit"])
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        _require_none_open(site, functional_unit)
        _require_fit(auditor, site, functional_unit, now.date())
        row = ExAnteAudit(
            site=site,
            auditor=auditor,
            functional_unit=functional_unit,
            recurrence=recurrence,
            opened_at=now,
            opened_by=by,
        )
        save_clean(row)
        open_to(auditor, AUDIT_SITE, site)
        request.answer = {"audit": str(row.pk)}
        return row


@retrying
def sign_ex_ante(
    *, by: User, now: datetime, key: str, audit: ExAnteAudit, figures: Figures, statement: str
) -> ExAnteAudit:
    """Sign what is expected of the site; closes the engagement. figures: tonnes are ignored.

    Raises NotVisible, NotNow, BadInput, RulesBroken (R067, R072).
    """
    _require_engaged(by, audit)
    if not statement.strip():
        raise BadInput({"statement": ["Write the statement that you sign."]})
    with once(
        by=by,
        key=key,
        kind="ex_ante.sign",
        now=now,
        input={
            "audit": audit.pk,
            "site_intensity": figures.site_intensity,
            "intensity": figures.intensity,
            "scrap_share": figures.scrap_share,
            "statement": statement,
        },
    ) as request:
        row = ExAnteAudit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
        if request.is_repeat:
            return row
        state = _after(row, "sign")
        _require_fit(row.auditor, row.site, row.functional_unit, now.date())
        _fill(row, figures)
        row.statement, row.signed_on, row.signed_by = statement, now.date(), by
        row.state = state
        save_clean(row)
        _close(row)
        return row


@retrying
def withdraw_ex_ante(*, by: User, now: datetime, key: str, audit: ExAnteAudit) -> ExAnteAudit:
    """The producer ends an engagement that is not signed; the site closes to the auditor.

    Raises NotVisible, Refused, NotNow.
    """
    require_initiator(by, audit.site.organisation)
    with once(
        by=by, key=key, kind="ex_ante.withdraw", now=now, input={"audit": audit.pk}
    ) as request:
        row = ExAnteAudit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
        if not request.is_repeat:
            row.state = _after(row, "withdraw")
            row.save()
            _close(row)
        return row


def auditor_findings(
    auditor: Organisation, site: Site, functional_unit: str, on: date
) -> list[Finding]:
    """R067 and R072 on an auditor for one site and unit."""
    case = IssuanceCase(
        stage=Stage.APPLICATION,
        on=on,
        site=SiteFacts(code=site.code, country=site.country, route=site.route),
        production=ProductionFacts(functional_unit=functional_unit),
        baseline=BaselineFacts(),
        auditor=auditor_facts(auditor, site.organisation),
    )
    edition = edition_on(on)
    return [
        each.judge(case, edition) for each in rules(IssuanceCase) if each.id in ("R067", "R072")
    ]


def _close(row: ExAnteAudit) -> None:
    """The site closes to the auditor, unless another of their audits of it is open."""
    if not row.auditor.ex_ante_audits.filter(site=row.site, state=ExAnteState.OPEN).exists():
        close_to(row.auditor, AUDIT_SITE, row.site)


def _after(row: ExAnteAudit, action: str) -> str:
    state = after(EX_ANTE_STEPS, row.state, action)
    if state is None:
        raise NotNow(
            found=f"This audit is {row.state}.",
            allowed="An open audit is signed once, or withdrawn by its producer.",
            action="Have a new audit opened for later periods.",
        )
    return state


def _fill(row: ExAnteAudit, figures: Figures) -> None:
    is_steel = row.functional_unit == FunctionalUnit.CRUDE_STEEL
    errors = {
        name: ["Give the figure that you expect."]
        for name in ("site_intensity", "intensity", *(("scrap_share",) if is_steel else ()))
        if getattr(figures, name) is None
    }
    if not is_steel and figures.scrap_share is not None:
        errors["scrap_share"] = ["Iron has no scrap share: leave it empty."]
    if errors:
        raise BadInput(errors)
    row.site_intensity = figures.site_intensity
    row.intensity = figures.intensity
    row.scrap_share = figures.scrap_share


def _unit(functional_unit: str) -> str:
    if functional_unit not in list(FunctionalUnit):
        raise BadInput({"functional_unit": [f"Choose {' or '.join(FunctionalUnit)}."]})
    return functional_unit


def _require_fit(auditor: Organisation, site: Site, functional_unit: str, on: date) -> None:
    findings = auditor_findings(auditor, site, functional_unit, on)
    if failures(findings):
        raise RulesBroken(findings)


def _require_none_open(site: Site, functional_unit: str) -> None:
    waiting = ExAnteAudit.objects.filter(
        site=site, functional_unit=functional_unit, state=ExAnteState.OPEN
    )
    if waiting.exists():
        raise NotNow(
            found="An ex-ante audit of this site and unit is open.",
            allowed="One at a time.",
            action="Wait until it is signed.",
        )


def _require_engaged(by: User, audit: ExAnteAudit) -> None:
    """The engagement opens this site to the auditor's members; closed, they may still read it."""
    if not is_member(by, audit.auditor):
        raise NotVisible(f"ex-ante audit {audit.pk}")
    if audit.state == ExAnteState.OPEN and not has_object(by, AUDIT_SITE, audit.site):
        raise NotVisible(f"ex-ante audit {audit.pk}")
