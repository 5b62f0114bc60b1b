"""Co-claiming (9.3): who may claim the same tonnes at which layers, by which contract. R130–R135.

The claims of one unit are its copies: 1 is the primary's, 2 and 3 are created by co-claiming. A
seat may be reserved and named later; naming it is judged by the same rules.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_FLOOR

from registry.rulebook.availability import unavailable
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import ClaimantFacts, CoClaimCase, SeatFacts, TermsFacts
from registry.rulebook.findings import Verdict, failed, passed, warned
from registry.rulebook.given import EXACT, date_given, share_given, whole_given, word_given
from registry.rulebook.names import counted

_SEVERAL = 2
_NO_CONTRACT = "Record the agreement with its co-claim terms before units are issued under it."


@rule("R130", section="9.3", modality="may", subject=CoClaimCase, parameters=("claim_limit",))
def units_carry_few_claims(case: CoClaimCase, edition: Edition) -> Verdict:
    """R130 (9.3): A unit carries at most three claims, the primary's included.

    The units are active, not expired and not co-claimed before, so that no claim is added to
    those they carry already. Where a seat is named, they are its own reserved copy.
    """
    is_naming = case.named_copy is not None
    state = "reserved" if is_naming else "active"
    allowed = f"at most {edition.claim_limit} claims a unit, of {state} units not co-claimed before"
    fault = unavailable(case.units, requested=case.requested, on=case.on, state=state)
    if fault:
        return failed(fault.found, allowed, fault.action, field=fault.field, **fault.numbers)
    claims = len(case.claimants)
    numbers = {"claims": claims, "claim_limit": edition.claim_limit}
    if any(each.copy != (case.named_copy or 1) for each in case.units):
        action = "Name the primary's units, copy 1; for a reserved seat, those of its own copy."
        return failed("units of another copy", allowed, action, field="units", **numbers)
    if not is_naming and any(each.co_claimed for each in case.units):
        action = "Choose units that carry one claim only."
        return failed("units that are co-claimed", allowed, action, field="units", **numbers)
    if claims > edition.claim_limit:
        action = f"Name at most {edition.claim_limit - 1} others beside the primary."
        return failed(f"{claims} claims a unit", allowed, action, field="seats", **numbers)
    found = f"{claims} claims a unit, of {counted(case.requested, 'unit')}"
    return passed(found, allowed, field="seats", **numbers)


@rule(
    "R131",
    section="9.3",
    modality="shall",
    subject=CoClaimCase,
    parameters=("claim_limit", "value_chain_layers"),
)
def claimants_are_distinct(case: CoClaimCase, edition: Edition) -> Verdict:
    """R131 (9.3): Co-claimants are distinct organisations at distinct layers of one end-use chain.

    Two or three of them. Steelmaking and steel manufacturing are one layer. A seat that is not
    named yet has its layer all the same.
    """
    chain = word_given("chain", case.chain)
    known = edition.value_chain_layers
    allowed = (
        f"2 to {edition.claim_limit} distinct organisations, each at its own layer of one chain"
    )
    if chain not in known:
        action = f"Choose one of: {', '.join(sorted(known))}."
        return failed(f"the chain {chain!r}", allowed, action, field="chain")
    layers = known[chain]
    claimants = case.claimants
    if not _SEVERAL <= len(claimants) <= edition.claim_limit:
        action = "Name the primary and one or two others."
        found = f"{len(claimants)} claimants"
        return failed(found, allowed, action, field="seats", claimants=len(claimants))
    for each in claimants:
        layer = whole_given("layer", each.layer, "", least=1)
        if layer > len(layers) or not layers[layer - 1]:
            named = "; ".join(f"{n} {text}" for n, text in enumerate(layers, 1) if text)
            action = f"The layers of {chain} are: {named}."
            found = f"layer {layer} of {chain}"
            return failed(found, allowed, action, field="layer", layer=layer, layers=len(layers))
    twice = _twice([each.organisation for each in claimants if each.organisation])
    if twice:
        action = "Name another organisation: nobody claims a tonne twice."
        return failed(f"{twice} has two of the claims", allowed, action, field="seats")
    layer_twice = _twice([str(each.layer) for each in claimants])
    if layer_twice:
        action = "Name a party at another layer: a tonne is claimed once at each."
        found = f"two claims at layer {layer_twice}, {layers[int(layer_twice) - 1]}"
        return failed(found, allowed, action, field="layer", layer=layer_twice)
    found = f"{len(claimants)} claimants at layers " + ", ".join(str(c.layer) for c in claimants)
    return passed(f"{found} of {chain}", allowed, field="seats", claimants=len(claimants))


@rule("R132", section="9.3", modality="shall", subject=CoClaimCase)
def contract_gives_every_claim(case: CoClaimCase, edition: Edition) -> Verdict:
    """R132 (9.3): No right to claim exists beyond the contract.

    The units were issued under it, it was executed and confirmed by its parties, and it has a
    seat for each claimant: number, organisation, layer and extent.
    """
    terms = case.terms
    allowed = "the claims that the agreement of these units gives, and no others"
    if terms is None:
        return failed("no agreement on co-claims", allowed, _NO_CONTRACT, field="units")
    others = sorted({each.agreement or "none" for each in case.units} - {terms.reference})
    if others:
        action = f"Choose units issued under {terms.reference}."
        found = f"units issued under {', '.join(others)}"
        return failed(found, allowed, action, field="units")
    if date_given("executed_on", terms.executed_on) > date_given("on", case.on):
        action = "Wait for the day on which the agreement is executed."
        return failed(f"executed on {terms.executed_on}", allowed, action, field="units")
    if terms.unconfirmed:
        found = f"not confirmed by {', '.join(terms.unconfirmed)}"
        action = "Have every party that is to co-claim confirm the agreement."
        return failed(found, allowed, action, field="seats")
    agreed = whole_given("claims_agreed", terms.claims_agreed, "claims", least=1)
    numbers = {"claims": len(case.claimants), "claims_agreed": agreed}
    if len(case.claimants) > agreed:
        found = f"{len(case.claimants)} claims, {agreed} agreed"
        action = "Leave seats out: the contract cannot be amended once executed."
        return failed(found, allowed, action, field="seats", **numbers)
    if case.chain != terms.chain:
        found = f"the chain {case.chain}, {terms.chain or 'none'} is agreed"
        return failed(found, allowed, "Take the contract's chain.", field="chain", **numbers)
    for each in case.claimants:
        fault = _beyond(each, terms, case.requested)
        if fault:
            action = "Keep to the seats of the agreement."
            return failed(fault, allowed, action, field="seats", **numbers)
    found = f"{len(case.claimants)} of {agreed} claims of {terms.reference}"
    return passed(found, allowed, field="seats", **numbers)


@rule("R133", section="9.3", modality="shall", subject=CoClaimCase)
def register_shows_every_claim(case: CoClaimCase, edition: Edition) -> Verdict:
    """R133 (9.3): The register shows how many claims, their copies, holders and layers, and who is
    responsible for double counting.

    Copies are numbered from 1 without a gap, copy 1 is the holder's.
    """
    total = len(case.claimants)
    allowed = (
        f"copies 1 to {total}, each with holder or reserved seat and layer; who is responsible"
    )
    copies = [whole_given("copy", each.copy, "copies", least=1) for each in case.claimants]
    for each in case.claimants:
        whole_given("layer", each.layer, "", least=1)
    if sorted(copies) != list(range(1, total + 1)):
        found = f"copies {', '.join(map(str, copies))}"
        return failed(found, allowed, "Number the copies from 1.", field="seats", claims=total)
    primary = next((each.organisation for each in case.claimants if each.copy == 1), "")
    if not primary or primary != case.holder:
        found = f"copy 1 of {primary or 'nobody'}, the units are {case.holder}'s"
        return failed(found, allowed, "Copy 1 is the holder's own claim.", field="seats")
    if not case.responsible.strip():
        action = "Name the party that manages the risk of double counting."
        return failed("nobody is responsible", allowed, action, field="responsible", claims=total)
    return passed(f"{total} claims, {case.responsible} responsible", allowed, claims=total)


@rule("R134", section="9.3", modality="may", subject=CoClaimCase)
def reserved_seats_are_agreed(case: CoClaimCase, edition: Edition) -> Verdict:
    """R134 (9.3): A copy may wait for its holder where the contract says so, until it retires.

    An unnamed copy is in nobody's account, so nobody can retire it.
    """
    reserved = [each for each in case.claimants if not each.organisation]
    open_seats = [each for each in case.terms.seats if not each.organisation] if case.terms else []
    allowed = f"at most {len(open_seats)} reserved seats, those the contract leaves open"
    numbers = {"reserved": len(reserved), "agreed": len(open_seats)}
    if case.named_copy is not None:
        named = next((c for c in case.claimants if c.copy == case.named_copy), None)
        if named is None or not named.organisation:
            found, action = "no holder for the reserved seat", "Name the organisation."
            return failed(found, allowed, action, field="organisation", **numbers)
    if any(each.copy == 1 for each in reserved):
        action = "The primary is the holder; others may be named later."
        return failed("the primary is not named", allowed, action, field="seats", **numbers)
    beyond = {each.copy for each in reserved} - {each.copy for each in open_seats}
    if len(reserved) > len(open_seats) or beyond:
        found = f"{len(reserved)} reserved seats"
        action = "Name the holder that the contract names."
        return failed(found, allowed, action, field="seats", **numbers)
    return passed(f"{len(reserved)} reserved seats", allowed, field="seats", **numbers)


@rule(
    "R135",
    section="9.3",
    modality="should",
    subject=CoClaimCase,
    parameters=("co_claim_terms_required",),
    boundary=False,
)
def contract_says_what_it_should(case: CoClaimCase, edition: Edition) -> Verdict:
    """R135 (9.3): The contract states extent, types, identities, roles, transfers and measures."""
    allowed = (
        "extent, types of co-claiming, identities and roles with the responsible party, "
        "requirements on transfer, measures against double claiming"
    )
    missing = _unsaid(case.terms)
    if not missing:
        return passed("all of it is stated", allowed, missing=0)
    found = f"not stated: {', '.join(missing)}"
    decide = failed if edition.co_claim_terms_required else warned
    return decide(found, allowed, _NO_CONTRACT, field="units", missing=len(missing))


def _beyond(claimant: ClaimantFacts, terms: TermsFacts, requested: int) -> str:
    """In which respect a claimant goes beyond its seat; empty where it does not."""
    seat = next((each for each in terms.seats if each.copy == claimant.copy), None)
    who = claimant.organisation or "a reserved seat"
    if seat is None:
        return f"{who} has no seat, copy {claimant.copy}"
    if seat.layer != claimant.layer:
        return f"{who} at layer {claimant.layer}, its seat is at layer {seat.layer}"
    if seat.organisation and seat.organisation != claimant.organisation:
        return f"{who} in the seat of {seat.organisation}"
    share = share_given("extent_share", seat.extent_share)
    issued = whole_given("units_issued", terms.units_issued, "units")
    most = int(EXACT.multiply(share, issued).to_integral_value(rounding=ROUND_FLOOR))
    units = whole_given("co_claimed", claimant.co_claimed, "units") + requested
    return f"{counted(units, 'unit')} for {who}, {most} agreed" if units > most else ""


def _unsaid(terms: TermsFacts | None) -> list[str]:
    if terms is None:
        return ["an agreement"]
    said = {
        "types of co-claiming": terms.types,
        "responsible party": terms.responsible,
        "requirements on transfer": terms.transfer_terms,
        "measures against double claiming": terms.measures,
        "end use": terms.end_use,
        "parties and layers": terms.seats,
        "roles": terms.seats and all(_has_role(each) for each in terms.seats),
    }
    return [name for name, value in said.items() if not value]


def _has_role(seat: SeatFacts) -> bool:
    return bool(seat.role.strip())


def _twice(values: Sequence[str]) -> str:
    return next((value for value, times in Counter(values).items() if times > 1), "")
