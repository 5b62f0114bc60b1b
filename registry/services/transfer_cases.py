"""What a transfer is judged by: questions to the records, both sides' roles, the rules (7)."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Account
from accounts.permissions import roles_at
from accounts.prepared import Asked
from accounts.roles import Action, Role
from registry.models import Transfer
from registry.queries import Wanted
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import TransferCase, UnitFacts
from registry.rulebook.findings import Finding
from registry.services.care import frequency
from registry.services.cases import kinds, may_hold, roles_asked_for
from registry.services.policies import any_policy
from registry.services.readings import require_may
from registry.services.recipient_cases import any_duty
from registry.services.selection import Facts, Units
from registry.services.unit_facts import touched


class Questions:
    """What is read before a transfer is judged, in the round trip of its key."""

    def __init__(self, from_account: Account, to_account: Account, units: Units) -> None:
        self.roles = roles_at(from_account.pk, to_account.pk)
        self.policy = any_policy(from_account.pk)
        self.facts: Asked | None = None
        self.duty: Asked | None = None
        # Which units a quantity comes to is not known yet.
        if not isinstance(units, Wanted):
            self.facts = touched(units)
            if not is_own_move(from_account, to_account):
                issuances = [line.issuance for line in units]
                self.duty = any_duty(issuances, from_account.organisation_id)

    def all(self) -> list[Asked]:
        asked = [self.roles, self.policy, self.facts, self.duty]
        return [each for each in asked if each is not None]


def require_sender(
    from_account: Account,
    to_account: Account,
    facts: Sequence[UnitFacts],
    roles: frozenset[Role],
    on: date,
) -> None:
    """The sender's role allows the transfer of each kind of unit, by who issued it (R010–R016)."""
    sender = from_account.organisation
    if is_own_move(from_account, to_account):
        return
    for unit, own in kinds(facts, sender):
        require_may(sender, Action.TRANSFER, unit, on=on, own_issue=own, roles=roles)


def is_own_move(from_account: Account, to_account: Account) -> bool:
    """Between an organisation's own accounts: no transfer in the framework's sense (7)."""
    return from_account.organisation_id == to_account.organisation_id


def require_recipient(transfer: Transfer, facts: Facts, roles: frozenset[Role], on: date) -> None:
    """The recipient's role allows it to acquire each kind of unit (R010–R016)."""
    recipient = transfer.to_account.organisation
    if is_own_move(transfer.from_account, transfer.to_account):
        return
    for unit in sorted({fact.functional_unit for fact in facts}):
        require_may(recipient, Action.ACQUIRE, unit, on=on, roles=roles)


def judge_transfer(
    facts: tuple[UnitFacts, ...],
    requested: int,
    from_account: Account,
    to_account: Account,
    recipient_roles: frozenset[Role],
    surrendered: bool,
    on: date,
    *,
    settling: bool = False,
) -> list[Finding]:
    edition = edition_on(on)
    # How often is reported where a transfer is proposed; its acceptance adds nothing to that.
    counts = (0, 0) if settling else frequency(facts, from_account.organisation, edition, on=on)
    case = TransferCase(
        on=on,
        units=facts,
        requested=requested,
        from_organisation=from_account.organisation.name,
        to_organisation=to_account.organisation.name,
        from_account=from_account.number,
        to_account=to_account.number,
        recipient_may_hold=may_hold(recipient_roles, facts, on=on),
        surrendered=surrendered,
        settling=settling,
        recipient_roles=roles_asked_for(facts, recipient_roles),
        recent_transfers=counts[0],
        recent_sales=counts[1],
    )
    return judge(case, edition)
