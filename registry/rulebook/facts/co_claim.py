"""What the rules see of a co-claim: its claimants, and the contract it leans on (9.3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.rulebook.facts.units import UnitFacts


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """One claim that a contract agrees on. organisation: empty for a seat not named yet.

    extent_share: the part of the agreement's units, 0…1, that this seat may claim at most.
    """

    copy: int
    layer: int
    organisation: str = ""
    role: str = ""
    extent_share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """What the contract says of claims: everything 9.3 lists.

    chain: the end-use value chain, a name of the edition's role map. unconfirmed: parties that
    have a seat and have not confirmed the agreement as recorded. units_issued: under it so far.
    """

    reference: str
    executed_on: date
    claims_agreed: int
    chain: str = ""
    end_use: str = ""
    seats: tuple[SeatFacts, ...] = ()
    types: str = ""
    transfer_terms: str = ""
    measures: str = ""
    responsible: str = ""
    unconfirmed: tuple[str, ...] = ()
    units_issued: int = 0


@dataclass(frozen=True, slots=True)
class ClaimantFacts:
    """One of those who are to claim. organisation: empty for a seat not named yet.

    co_claimed: units that this seat of the agreement has already.
    """

    copy: int
    layer: int
    organisation: str = ""
    co_claimed: int = 0


@dataclass(frozen=True, slots=True)
class CoClaimCase:
    """Units about to be co-claimed, or (naming) a reserved seat about to get its holder.

    claimants: the holder first, with copy 1. holder: the organisation that has the units.
    named_copy: the seat that is being named, None where a co-claim is proposed or executed.
    """

    on: date
    units: tuple[UnitFacts, ...]
    requested: int
    holder: str
    claimants: tuple[ClaimantFacts, ...]
    chain: str
    responsible: str
    terms: TermsFacts | None = None
    named_copy: int | None = None
