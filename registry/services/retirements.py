"""Retirement: the holder takes units out of circulation for good (8.2)."""

from datetime import datetime

from accounts.models import Account, User
from accounts.permissions import Right, require
from accounts.roles import Action
from accounts.services import public_code
from registry import ledger
from registry.errors import RulesBroken
from registry.ledger import Line
from registry.models import Retirement, RetirementLine
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import RetirementCase
from registry.rulebook.findings import failures
from registry.services.cases import is_demonstration, kinds
from registry.services.readings import require_may
from registry.services.requests import once, retrying
from registry.services.selection import Facts, Units, checked, plain, with_lines
from registry.services.shape import require_texts


@retrying
def retire(
    *,
    by: User,
    now: datetime,
    key: str,
    account: Account,
    units: Units,
    purpose: str = "",
    beneficiary: str = "",
) -> Retirement:
    """Retire units of an account. There is no way back.

    units: lines by serial, or Wanted for the oldest vintage first. Raises NotVisible, Refused
    (R010–R016), RulesBroken with every finding, NotThere with what is left.
    """
    require(by, Right.INITIATE, account)
    chosen = checked(units)
    require_texts(Retirement, purpose=purpose, beneficiary=beneficiary)
    with once(
        by=by,
        key=key,
        kind="retirement",
        now=now,
        input={
            "account": account.pk,
            "units": plain(chosen),
            "purpose": purpose,
            "beneficiary": beneficiary,
        },
    ) as request:
        if request.is_repeat:
            return Retirement.objects.get(pk=request.answer["retirement"])

        def act(lines: list[Line], facts: Facts, requested: int) -> Retirement:
            return _retire(by, now, account, lines, facts, requested, purpose, beneficiary)

        retirement = with_lines(chosen, account.pk, on=now.date(), act=act)
        request.answer = {"retirement": str(retirement.pk)}
        return retirement


def lines_of(retirement: Retirement) -> list[Line]:
    return [
        Line(line.issuance_id, line.copy, line.serials.lower, line.serials.upper - 1)
        for line in retirement.lines.order_by("issuance_id", "copy", "serials")
    ]


def _retire(
    by: User,
    now: datetime,
    account: Account,
    lines: list[Line],
    facts: Facts,
    requested: int,
    purpose: str,
    beneficiary: str,
) -> Retirement:
    on = now.date()
    holder = account.organisation
    for unit, own in kinds(facts, holder):
        require_may(holder, Action.RETIRE, unit, on=on, own_issue=own)
    case = RetirementCase(
        on=on,
        units=facts,
        requested=requested,
        by_organisation=holder.name,
        holder_organisation=holder.name,
        entity=holder.name,
    )
    findings = judge(case, edition_on(on))
    if failures(findings):
        raise RulesBroken(findings)
    retirement = Retirement.objects.create(
        code=public_code(),
        account=account,
        organisation=holder,
        quantity=requested,
        retired_on=on,
        retired_at=now,
        retired_by=by,
        purpose=purpose,
        beneficiary=beneficiary,
        findings=[finding.as_dict() for finding in findings],
        is_demonstration=holder.is_demonstration or is_demonstration(lines),
    )
    RetirementLine.objects.bulk_create(
        RetirementLine(
            retirement=retirement,
            issuance_id=line.issuance,
            copy=line.copy,
            serials=(line.first, line.last + 1),
        )
        for line in lines
    )
    ledger.retire(retirement=retirement.pk, account=account.pk, lines=lines, by=by.pk, at=now)
    return retirement
