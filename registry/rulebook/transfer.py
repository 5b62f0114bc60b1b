"""Transfer (7): which units may go to whom, and what a transfer leaves untouched. R090–R097.

A move between an organisation's own accounts is no transfer: the same availability holds for it,
but no limit of the contract, no role question and no surrender.
"""

from registry.rulebook.availability import unavailable
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import TransferCase, UnitFacts
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import date_given, whole_given, word_given
from registry.rulebook.names import counted

_OWN_MOVE = "A move between an organisation's own accounts is no transfer."


@rule("R090", section="7.1", modality="may", subject=TransferCase)
def units_may_go_to_the_recipient(case: TransferCase, edition: Edition) -> Verdict:
    """R090 (7.1): Units with a sole claimant go to any eligible user, before retirement or expiry.

    Eligible is who may hold such units by the role table (2.3). Expiry counts by its date, even
    when no sweep has run.
    """
    state = "reserved" if case.settling else "active"
    fault = unavailable(case.units, requested=case.requested, on=case.on, state=state)
    allowed = f"{state} units with a sole claimant, not expired, to an eligible user"
    if fault:
        return failed(fault.found, allowed, fault.action, field=fault.field, **fault.numbers)
    available = sum(each.quantity for each in case.units)
    numbers = {"requested": case.requested, "available": available}
    if case.from_account == case.to_account:
        action = "Choose another account."
        found = f"from {case.from_account} to itself"
        return failed(found, allowed, action, field="to_account", **numbers)
    if not case.own_move:
        if any(_is_co_claimed(each) for each in case.units):
            action = "A co-claimed unit stays with its claimants; choose others (R092)."
            return failed("co-claimed units", allowed, action, field="units", **numbers)
        for kind in sorted({each.functional_unit for each in case.units}):
            if case.recipient_may_hold.get(kind) is not True:
                return failed(
                    f"{case.to_organisation} may not hold {kind} units (2.3)",
                    allowed,
                    "Choose a recipient whose role may hold these units.",
                    field="to_organisation",
                    **numbers,
                )
    found = f"{case.requested} of {counted(available, 'unit')} to {case.to_organisation}"
    return passed(found, allowed, field="units", **numbers)


@rule("R091", section="7.1", modality="shall", subject=TransferCase)
def contract_allows_the_transfer(case: TransferCase, edition: Edition) -> Verdict:
    """R091 (7.1): The contract's rights of transfer are kept, from the first buyer on.

    How often, and to whom: anybody eligible, parties it names, or certain roles. What the issuer
    itself transfers is neither counted nor bound.
    """
    if case.own_move:
        return not_applicable(_OWN_MOVE)
    for each in case.units:
        fault = "" if each.issuer == case.from_organisation else _not_to_them(each, case)
        if fault:
            return failed(
                f"{case.to_organisation} as recipient",
                fault,
                "Choose a recipient that the contract lets take these units.",
                field="to_organisation",
            )
    tightest: tuple[int, int] | None = None
    for each in case.units:
        if each.transfers_allowed is None or each.issuer == case.from_organisation:
            continue
        limit = whole_given("transfers_allowed", each.transfers_allowed, "transfers")
        nth = whole_given("onward_transfers", each.onward_transfers, "transfers") + 1
        if tightest is None or limit - nth < tightest[0] - tightest[1]:
            tightest = (limit, nth)
    if tightest is None:
        return passed("no limit reached by this transfer", "as the contract says", field="units")
    limit, nth = tightest
    found, allowed = f"onward transfer number {nth}", f"at most {limit} by contract"
    numbers = {"onward_transfer": nth, "transfers_allowed": limit}
    if nth <= limit:
        return passed(found, allowed, field="units", **numbers)
    action = "These units stay where they are: the contract cannot be amended once executed."
    return failed(found, allowed, action, field="units", **numbers)


@rule("R092", section="7.1", modality="shall not", subject=TransferCase)
def co_claimed_units_stay(case: TransferCase, edition: Edition) -> Verdict:
    """R092 (7.1): A co-claimed unit is never transferred (AMB-12)."""
    if case.own_move:
        return not_applicable(_OWN_MOVE)
    shared = [each for each in case.units if _is_co_claimed(each)]
    allowed = "units without co-claims"
    if not shared:
        return passed("no co-claimed units", allowed, field="units", co_claimed=0)
    count = sum(each.quantity for each in shared)
    return failed(
        f"{count} units of {', '.join(sorted({each.issuance for each in shared}))} are co-claimed",
        allowed,
        "Choose units without co-claims; a co-claimed unit is retired where it is.",
        field="units",
        co_claimed=count,
    )


@rule("R093", section="7.2", modality="shall", subject=TransferCase)
def registry_executes_the_transfer(case: TransferCase, edition: Edition) -> Verdict:
    """R093 (7.2): A transfer is executed through the registry and linked to its issuance."""
    allowed = "an event of this registry, linked to each issuance"
    for each in case.units:
        word_given("issuance", each.issuance)
    if case.through_registry is True and case.units:
        count = len({each.issuance for each in case.units})
        return passed(f"linked to {count} issuance(s)", allowed, issuances=count)
    return failed(
        "a transfer outside the registry" if case.units else "no units, so no issuance",
        allowed,
        "Execute the transfer here; agreements made elsewhere move nothing.",
        field="units",
    )


@rule("R094", section="7.2", modality="shall", subject=TransferCase)
def transfer_is_documented(case: TransferCase, edition: Edition) -> Verdict:
    """R094 (7.2): Date, parties, volume and the surrender of the right to claim are recorded."""
    if case.own_move:
        return not_applicable(_OWN_MOVE)
    on = date_given("on", case.on)
    volume = whole_given("requested", case.requested, "units", least=1)
    allowed = "date, all parties, volume, and the right to claim surrendered"
    parties = (case.from_organisation, case.to_organisation)
    if case.parties_named is not True or not all(each.strip() for each in parties):
        return failed(
            "not all parties are named", allowed, "Name all parties.", field="to_organisation"
        )
    if case.surrendered is not True:
        return failed(
            "the right to claim is not surrendered",
            allowed,
            "Confirm that you surrender your right to claim these units.",
            field="surrendered",
            requested=volume,
        )
    found = f"{counted(volume, 'unit')} on {on}, right to claim surrendered"
    return passed(found, allowed, field="surrendered", requested=volume)


@rule("R095", section="7", modality="shall", subject=TransferCase)
def transfer_alters_nothing(case: TransferCase, edition: Edition) -> Verdict:
    """R095 (7): A transfer alters no intensity, vintage or other attribute and creates no claim."""
    allowed = "every attribute as issued"
    if not case.attributes_changed:
        return passed("no attribute changed", allowed, changed=0)
    return failed(
        f"changes {', '.join(case.attributes_changed)}",
        allowed,
        "Leave the attributes out; they are the issuance's.",
        field=case.attributes_changed[0],
        changed=len(case.attributes_changed),
    )


@rule(
    "R096",
    section="7.1",
    modality="should",
    subject=TransferCase,
    parameters=("frequent_transfers", "frequent_sales", "frequency_months"),
    boundary=False,
)
def transfers_are_few(case: TransferCase, edition: Edition) -> Verdict:
    """R096 (7.1): Transfers are few, and none is undertaken solely for resale.

    Counted over the edition's months and reported: how often these units have moved on, and how
    often the sender has passed on units of others. Never a reason to refuse.
    """
    if case.own_move:
        return not_applicable(_OWN_MOVE)
    is_onward = any(each.issuer != case.from_organisation for each in case.units)
    moves = whole_given("recent_transfers", case.recent_transfers, "transfers") + is_onward
    sales = whole_given("recent_sales", case.recent_sales, "transfers") + is_onward
    found = (
        f"onward transfer {moves} of these units and {sales} of the sender in "
        f"{edition.frequency_months} months"
        if is_onward
        else "the issuer's own sale"
    )
    allowed = (
        f"at most {edition.frequent_transfers} of a unit and {edition.frequent_sales} of an "
        "organisation"
    )
    numbers = {"recent_transfers": moves, "recent_sales": sales}
    if moves > edition.frequent_transfers or sales > edition.frequent_sales:
        action = "Transfer to whoever is to claim the units; frequent resale is reported."
        return warned(found, allowed, action, field="units", **numbers)
    return passed(found, allowed, field="units", **numbers)


@rule("R097", section="7.2", modality="should", subject=TransferCase, boundary=False)
def record_follows_the_transfer(case: TransferCase, edition: Edition) -> Verdict:
    """R097 (7.2): The holder of record is updated automatically.

    The holdings name the recipient in the transaction that settles the transfer, not after it.
    """
    allowed = "the holder of record changes with the settlement"
    if case.record_follows is True:
        return passed(f"to {case.to_account} at settlement", allowed)
    return failed(
        "the holder of record would be changed later",
        allowed,
        "Settle through the ledger, which changes both at once.",
    )


def _not_to_them(units: UnitFacts, case: TransferCase) -> str:
    """Whom the contract lets take these units, where the recipient is none of them."""
    if units.may_go_to is not None and case.to_organisation not in units.may_go_to:
        return f"by contract only {', '.join(sorted(units.may_go_to)) or 'nobody'}"
    roles = units.may_go_to_roles
    if roles is not None and case.recipient_roles.isdisjoint(roles):
        return f"by contract only {', '.join(role.replace('_', ' ') for role in sorted(roles))}"
    return ""


def _is_co_claimed(units: UnitFacts) -> bool:
    """Copies 2 and 3 exist only by co-claiming, whatever the flag says."""
    return units.co_claimed or units.copy != 1
