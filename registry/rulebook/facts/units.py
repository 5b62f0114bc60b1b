"""The cases judged before units are moved or retired."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A run of units of one issuance about to be moved, retired or claimed.

    onward_transfers: transfers so far by holders other than the issuer (R091).
    transfers_allowed: the agreement's limit on those, None for no limit.
    claims_agreed: the agreement's number of claims, 1…3. co_claimed: copies exist. agreement: its
    reference, empty where there is none. may_go_to: the organisations that the agreement lets take
    these units, None for anybody; may_go_to_roles: their roles, None for any (7.1).
    """

    issuance: str
    copy: int
    first: int
    last: int
    state: str
    functional_unit: str
    issuer: str
    vintage_start: date
    vintage_end: date
    issued_on: date
    expires_on: date
    onward_transfers: int = 0
    transfers_allowed: int | None = None
    claims_agreed: int = 1
    co_claimed: bool = False
    provisional: bool = False
    agreement: str = ""
    may_go_to: tuple[str, ...] | None = None
    may_go_to_roles: tuple[str, ...] | None = None

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class TransferCase:
    """A transfer about to be proposed or settled. Organisations and accounts by their ids.

    recipient_may_hold: by functional unit, what the role table (2.3) says of the recipient.
    attributes_changed: names of issuance attributes the request tries to alter (R095).
    settling: the units are already reserved for this very transfer, which is now accepted.
    recipient_roles: by the role table. record_follows: the holdings name the recipient at
    settlement. recent_transfers: onward transfers that the most travelled of these units made
    lately; recent_sales: transfers that the sender made lately of units it did not issue (R096).
    """

    on: date
    units: tuple[UnitFacts, ...]
    requested: int
    from_organisation: str
    to_organisation: str
    from_account: str
    to_account: str
    recipient_may_hold: Mapping[str, bool]
    surrendered: bool
    parties_named: bool = True
    through_registry: bool = True
    attributes_changed: tuple[str, ...] = ()
    settling: bool = False
    recipient_roles: frozenset[str] = frozenset()
    record_follows: bool = True
    recent_transfers: int = 0
    recent_sales: int = 0

    @property
    def own_move(self) -> bool:
        """Between an organisation's own accounts: no transfer in the framework's sense (7)."""
        return self.from_organisation == self.to_organisation


@dataclass(frozen=True, slots=True)
class RetirementCase:
    """Units about to be retired by the organisation `by_organisation` out of its account."""

    on: date
    units: tuple[UnitFacts, ...]
    requested: int
    by_organisation: str
    holder_organisation: str
    entity: str
