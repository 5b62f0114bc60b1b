"""The facts of a claim: frozen dataclasses, filled by services, free of any database.

A user's figure may be missing or wrong: rules say so in findings. A float, or a unit lot no
registry could hold, is a programming error and raises ValueError at once.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from claims.accounting.categories import short_name
from claims.accounting.numbers import EXACT, LARGEST, UNIT_PLACES, decimal_fault, require_decimal
from registry.rulebook.facts import FunctionalUnit


class Material(StrEnum):
    """What a line of an inventory is made of."""

    IRON = "iron"
    STEEL = "steel"
    OTHER = "other"


class ProductType(StrEnum):
    """The two broad types by which products are matched (9.2)."""

    FLAT = "flat"
    LONG = "long"


class DataTier(StrEnum):
    """Where a line's figures come from, the most specific first."""

    SUPPLIER = "supplier"
    REGIONAL = "regional"
    GLOBAL = "global"
    SPEND = "spend"


class Verified(StrEnum):
    """How much of a line's data a third party assured."""

    FULL = "full"
    PART = "part"
    NO = "no"


class Method(StrEnum):
    """The accounting methods for activity-based inventories (9.2)."""

    DIRECT = "direct"
    ENHANCED = "enhanced"


class Cap(StrEnum):
    """The two ways to bound an enhanced substitution (9.2). The first is preferred."""

    BASELINE = "baseline"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class IronContent:
    """What is known of the iron content of a line's steel, shares 0…1 (9.2, R116).

    supplier: the iron content itself, from the supplier. *_scrap_share: the default scrap share
    of the product family; iron is taken as 1 − that.
    """

    supplier: Decimal | None = None
    regional_scrap_share: Decimal | None = None
    global_scrap_share: Decimal | None = None
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("supplier", "regional_scrap_share", "global_scrap_share"):
            require_decimal(f"iron content, {name}", getattr(self, name))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an inventory.

    category: a key of CATEGORIES. factor_intensity: t CO2e per t. iron_factor_intensity: the
    factor of the iron-related part, the line's own where not known. stated_emissions: t CO2e of
    a line not measured in tonnes (spend, other materials). activity: what the emissions are of,
    where not of making iron or steel (transport, fabrication …). data_tier: a DataTier. verified:
    a Verified. factor_boundary: what the factor covers. name: what its user calls it, for people to
    read: no figure rests on it, and documents keep it beside.
    """

    id: str
    category: str
    material: str
    tonnes: Decimal | None
    factor_intensity: Decimal | None
    factor_source: str = ""
    product_type: str = ""
    product_family: str = ""
    region: str = ""
    facility: str = ""
    scrap_share: Decimal | None = None
    iron_content: IronContent = IronContent()
    iron_factor_intensity: Decimal | None = None
    stated_emissions: Decimal | None = None
    activity: str = ""
    data_tier: str = ""
    verified: str = ""
    factor_boundary: str = ""
    name: str = field(default="", compare=False, metadata={"beside": True})

    def __post_init__(self) -> None:
        for name in (
            "tonnes",
            "factor_intensity",
            "scrap_share",
            "iron_factor_intensity",
            "stated_emissions",
        ):
            require_decimal(f"line {self.id}: {name}", getattr(self, name))

    @property
    def label(self) -> str:
        """The line as its user knows it: its name, product, category and place."""
        if not self.name:
            return f"line {self.id}"
        product = self.product_family or self.product_type
        words = (f"{product} {self.material}".strip(), short_name(self.category), self.facility)
        return f"line “{self.name}” ({', '.join(word for word in words if word)})"

    @property
    def emissions_fault(self) -> str:
        """Why the line's physical emissions cannot be computed; empty when they can."""
        if self.tonnes is None or self.factor_intensity is None:
            fault = decimal_fault(self.stated_emissions, places=UNIT_PLACES)
            return f"emissions {fault}" if fault else ""
        for name, value in (("tonnes", self.tonnes), ("emission factor", self.factor_intensity)):
            fault = decimal_fault(value, places=UNIT_PLACES)
            if fault:
                return f"{name} {fault}"
        return ""

    @property
    def physical_emissions(self) -> Decimal | None:
        """t CO2e with no BCUs applied, None where no figure is known."""
        if self.tonnes is None or self.factor_intensity is None:
            return self.stated_emissions
        return EXACT.multiply(self.tonnes, self.factor_intensity)


@dataclass(frozen=True, slots=True)
class UnitLot:
    """A run of serials of one issuance and copy, with what its issuance says of it.

    state: as in the ledger; "retired" is what a claim needs. claimed: any of the units stands
    in another claim. adjusted_intensity: after R054, None where it does not apply; claims use
    it. retirement: the reference of the retirement's record.
    """

    issuance: str
    copy: int
    first: int
    last: int
    functional_unit: str
    intensity: Decimal
    baseline_intensity: Decimal
    vintage_start: date
    vintage_end: date
    issued_on: date
    state: str
    adjusted_intensity: Decimal | None = None
    baseline_source: str = ""
    product_type: str = ""
    region: str = ""
    site: str = ""
    scrap_share: Decimal | None = None
    no_reduction: bool = False
    provisional: bool = False
    retired_on: date | None = None
    retired_by: str = ""
    retirement: str = ""
    claimed: bool = False

    def __post_init__(self) -> None:
        name = f"{self.issuance}/{self.copy}:{self.first!r}-{self.last!r}"
        serials = (self.copy, self.first, self.last)
        if any(type(each) is not int for each in serials):
            raise ValueError(f"{name}: serials are whole numbers")
        if not 1 <= self.first <= self.last <= LARGEST:
            raise ValueError(f"{name}: serials run from 1 up, first before last")
        if self.copy not in (1, 2, 3):
            raise ValueError(f"{name}: a copy is 1, 2 or 3")
        if self.functional_unit not in list(FunctionalUnit):
            raise ValueError(f"{name}: unknown functional unit {self.functional_unit!r}")
        if self.intensity is None or self.baseline_intensity is None:
            raise ValueError(f"{name}: intensity or baseline is missing")
        for figure in ("intensity", "baseline_intensity", "adjusted_intensity", "scrap_share"):
            value = getattr(self, figure)
            require_decimal(f"{name}: {figure}", value)
            fault = "" if value is None else decimal_fault(value, places=UNIT_PLACES)
            if fault:
                raise ValueError(f"{name}: {figure} {fault}")
        if self.vintage_end < self.vintage_start:
            raise ValueError(f"{name}: the vintage ends before it starts")

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1

    @property
    def claim_intensity(self) -> Decimal:
        """The intensity that claims use: scrap-adjusted where R054 applied (4.2, R056)."""
        return self.intensity if self.adjusted_intensity is None else self.adjusted_intensity

    @property
    def label(self) -> str:
        return f"{self.issuance}, copy {self.copy}, serials {self.first} to {self.last}"

    @property
    def order(self) -> tuple[date, date, str, int, int, int]:
        """Oldest vintage first: the order in which lots are used and shown."""
        start, end = self.vintage_start, self.vintage_end
        return start, end, self.issuance, self.copy, self.first, self.last

    def split(self, quantity: int) -> "tuple[UnitLot, UnitLot]":
        """The first `quantity` units and the rest. Raises ValueError unless both are left."""
        middle = self.first + quantity
        return replace(self, last=middle - 1), replace(self, first=middle)


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one claim applied to one line: its part of the claim's totals, kept with the claim
    and given back as `earlier` when the next one is judged.

    volume: t of the functional unit. counted_emissions: what the units count against the
    line's emissions, Σ V·B (R123). unit_emissions: Σ V·I. above_factor: some applied unit's
    baseline exceeds the line's factor.
    """

    line: str
    method: str
    functional_unit: str
    volume: Decimal
    counted_emissions: Decimal
    unit_emissions: Decimal
    reduction_emissions: Decimal
    above_factor: bool

    def __post_init__(self) -> None:
        for name in ("volume", "counted_emissions", "unit_emissions", "reduction_emissions"):
            require_decimal(f"share of line {self.line}: {name}", getattr(self, name))


@dataclass(frozen=True, slots=True)
class Alignment:
    """The user's answers to what direct substitution asks (9.2, Exhibit 11 node B).

    reason: why direct substitution is used although an answer is no (R121).
    """

    reliable_factor: bool | None = None
    aligned_boundary: bool | None = None
    same_product_type: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Units set against lines under one method.

    requested: the whole number of units the claimant asked for, None for all in `lots`.
    cap_reason, auditor_note: asked for where the total-emissions cap is used (R123).
    """

    lines: tuple[Line, ...]
    lots: tuple[UnitLot, ...]
    method: str
    alignment: Alignment = Alignment()
    cap: str = Cap.BASELINE
    cap_reason: str = ""
    auditor_note: str = ""
    requested: int | None = None

    @property
    def volume(self) -> int:
        return sum(lot.quantity for lot in self.lots)


@dataclass(frozen=True)
class ClaimCase:
    """Everything judged before a claim is made.

    on: the day of the claim. earlier: what standing claims applied to the same inventory's
    lines. pending: the claim is made with the retirement and waits for it to become final.
    """

    on: date
    by_organisation: str
    period_start: date
    period_end: date
    matches: tuple[Match, ...]
    earlier: tuple[LineShare, ...] = ()
    pending: bool = False

    def __post_init__(self) -> None:
        known: dict[str, Line] = {}
        for line in (line for match in self.matches for line in match.lines):
            before = known.setdefault(line.id, line)
            if before is not line and before != line:
                raise ValueError(f"two different lines have the id {line.id!r}")

    @cached_property
    def worked_out(self) -> dict[str, Any]:
        """What one rule worked out of these facts, kept for the others."""
        return {}

    @cached_property
    def lots(self) -> tuple[UnitLot, ...]:
        """Every lot of the claim, oldest vintage first."""
        every = (lot for match in self.matches for lot in match.lots)
        return tuple(sorted(every, key=lambda lot: lot.order))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every matched line, by id."""
        every = {line.id: line for match in self.matches for line in match.lines}
        return tuple(every[id] for id in sorted(every))


@dataclass(frozen=True, slots=True)
class CategoryFigure:
    """One category's emissions in one inventory of a statement, t CO2e."""

    category: str
    emissions: Decimal

    def __post_init__(self) -> None:
        require_decimal(f"category {self.category}", self.emissions)
        if not self.emissions.is_finite():
            raise ValueError(f"category {self.category}: {self.emissions} t CO2e")


@dataclass(frozen=True, slots=True)
class PurposeCase:
    """What a claim is for and the words it is made in (R112).

    audience: whom the words address. jurisdictions: where they are published.
    """

    claim_type: str
    text: str = ""
    audience: str = "corporate_report"
    jurisdictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementCase:
    """A statement about to be submitted: its two inventories and its public text.

    categories: those of the complete inventory. unmeasured: the labels of its lines without usable
    figures.
    """

    physical: tuple[CategoryFigure, ...]
    adjusted: tuple[CategoryFigure, ...]
    text: str
    categories: frozenset[str] = frozenset()
    unmeasured: tuple[str, ...] = ()
