"""Lines that are matched as one: same method, product, factor and category (R124).

Floors are taken once per group, never per line, so that splitting a line changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from claims.accounting.categories import category_order, short_name
from claims.accounting.facts import Cap, ClaimCase, Line, LineShare, Match, Method, UnitLot
from claims.accounting.iron import iron_content, iron_factor
from claims.accounting.numbers import EXACT, ZERO, divided_up, text
from registry.rulebook.facts import FunctionalUnit


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What the lines of a group share. factor_intensity: of the iron part for iron units."""

    method: str
    cap: str
    functional_unit: str
    category: str
    material: str
    product_type: str
    product_family: str
    factor_intensity: Decimal

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts groups as they are reported: by category, then product, factor and method."""
        return (
            category_order(self.category),
            self.material,
            self.product_type,
            self.product_family,
            self.factor_intensity,
            self.functional_unit,
            self.method,
            self.cap,
        )

    @property
    def label(self) -> str:
        words = (self.product_family or self.product_type, self.material)
        product = " ".join(word for word in words if word)
        return f"{short_name(self.category)}, {product} at {text(self.factor_intensity)} t CO2e/t"


@dataclass(frozen=True, slots=True)
class Standing:
    """A line within a group, with what earlier claims left of it.

    tonnes and emissions: of the whole line, or of its iron-related part for iron units.
    counted_left: emissions not yet counted against (Σ V·B); may be below zero after a
    total-emissions cap. reduction_left: adjusted emissions before this claim, never below zero.
    """

    line: Line
    tonnes: Decimal
    emissions: Decimal
    tonnes_left: Decimal
    counted_left: Decimal
    reduction_left: Decimal


@dataclass(frozen=True)
class Group:
    """Lines and lots computed together. Lines by id, lots oldest vintage first.

    enhanced_before: an earlier claim on these lines used enhanced substitution.
    above_before: an earlier unit's baseline exceeds the factor.
    volume_before, unit_emissions_before: t and Σ V·I of what earlier claims applied.
    """

    key: GroupKey
    standings: tuple[Standing, ...]
    lots: tuple[UnitLot, ...]
    enhanced_before: bool
    above_before: bool
    volume_before: Decimal
    unit_emissions_before: Decimal
    tonnes_left: Decimal

    @cached_property
    def volume(self) -> int:
        return sum(lot.quantity for lot in self.lots)

    @cached_property
    def tonnes(self) -> Decimal:
        return total(each.tonnes for each in self.standings)

    @cached_property
    def physical_emissions(self) -> Decimal:
        return total(each.emissions for each in self.standings)

    @cached_property
    def counted_left(self) -> Decimal:
        return total(each.counted_left for each in self.standings)

    @cached_property
    def reduction_left(self) -> Decimal:
        return total(each.reduction_left for each in self.standings)


def total(values: Iterable[Decimal]) -> Decimal:
    """An exact sum."""
    with localcontext(EXACT):
        return sum(values, ZERO)


def case_groups(case: ClaimCase) -> tuple[Group, ...]:
    """The groups of a claim, worked out once. Raises ValueError as `groups`."""
    if "all groups" not in case.worked_out:
        case.worked_out["all groups"] = groups(case.matches, case.earlier)
    found: tuple[Group, ...] = case.worked_out["all groups"]
    return found


def groups(matches: Iterable[Match], earlier: Iterable[LineShare] = ()) -> tuple[Group, ...]:
    """The matches merged by what their lines share, in the order of reporting.

    Neither the order of matches nor of lines, lots or earlier shares makes a difference.
    Raises ValueError for a match whose lines do not all share one key or have no usable
    figures; the rules report both before anything is computed.
    """
    lines: dict[GroupKey, dict[str, Line]] = defaultdict(dict)
    lots: dict[GroupKey, list[UnitLot]] = defaultdict(list)
    for match in matches:
        for key in _keys(match):
            lines[key].update({line.id: line for line in match.lines})
            lots[key].extend(
                lot for lot in match.lots if lot.functional_unit == key.functional_unit
            )
    before: dict[str, list[LineShare]] = defaultdict(list)
    for share in earlier:
        before[share.line].append(share)
    return tuple(
        _group(key, lines[key], lots[key], before)
        for key in sorted(lines, key=lambda key: key.order)
    )


def keys_of(match: Match) -> frozenset[GroupKey]:
    """Every key the lines of a match have under the units of its lots."""
    return frozenset(lines_by_key(match))


def lines_by_key(match: Match) -> dict[GroupKey, list[Line]]:
    """The lines of a match by each key they have under the units of its lots.

    A key is made for each kind of line, not for each of 100,000 lines.
    """
    units = {lot.functional_unit for lot in match.lots} or {str(FunctionalUnit.CRUDE_STEEL)}
    by_kind: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in match.lines:
        by_kind[_kind(line)].append(line)
    by_key: dict[GroupKey, list[Line]] = defaultdict(list)
    for unit in units:
        for lines in by_kind.values():
            by_key[_key(match, lines[0], unit)].extend(lines)
    return by_key


def _kind(line: Line) -> tuple[object, ...]:
    """Lines of one kind have one key. Values of any kind, usable or not."""
    return (
        line.category,
        line.material,
        line.product_type,
        line.product_family,
        _plainly(line.factor_intensity),
        _plainly(line.iron_factor_intensity),
    )


def _plainly(value: Decimal | None) -> Decimal | str | None:
    """A number as itself, so that 1.5 and 1.50 are one; what is none by its text."""
    return str(value) if value is not None and value.is_nan() else value


def _keys(match: Match) -> list[GroupKey]:
    keys = keys_of(match)
    units = [key.functional_unit for key in keys]
    if len(set(units)) != len(units):
        raise ValueError(f"the lines of one match share no single key: {_labels(keys)}")
    return sorted(keys, key=lambda key: key.order)


def _labels(keys: Iterable[GroupKey]) -> list[str]:
    return [key.label for key in sorted(keys, key=lambda key: key.order)]


def _key(match: Match, line: Line, functional_unit: str) -> GroupKey:
    iron = functional_unit == FunctionalUnit.IRON
    factor = iron_factor(line) if iron else line.factor_intensity
    if factor is None or not factor.is_finite():
        raise ValueError(f"line {line.id} has no usable factor: {factor}")
    return GroupKey(
        method=str(match.method),
        cap=str(match.cap) if match.method == Method.ENHANCED else str(Cap.BASELINE),
        functional_unit=str(functional_unit),
        category=line.category,
        material=str(line.material),
        product_type=line.product_type,
        product_family=line.product_family,
        factor_intensity=factor,
    )


def _group(
    key: GroupKey,
    lines: Mapping[str, Line],
    lots: Iterable[UnitLot],
    before: Mapping[str, list[LineShare]],
) -> Group:
    ordered = [lines[id] for id in sorted(lines)]
    shares = [share for line in ordered for share in before.get(line.id, ())]
    own = [share for share in shares if _counts_as_own(key, share)]
    return Group(
        key=key,
        standings=tuple(_standing(key, line, before.get(line.id, [])) for line in ordered),
        lots=tuple(sorted(lots, key=lambda lot: lot.order)),
        enhanced_before=any(share.method != Method.DIRECT for share in shares),
        above_before=any(share.above_factor for share in shares),
        volume_before=total(share.volume for share in own),
        unit_emissions_before=total(share.unit_emissions for share in own),
        tonnes_left=_tonnes_left(key, ordered, before),
    )


def _standing(key: GroupKey, line: Line, shares: list[LineShare]) -> Standing:
    whole = line.physical_emissions
    if line.tonnes is None or whole is None:
        raise ValueError(f"line {line.id} has no usable tonnes")
    tonnes, emissions = line.tonnes, whole
    if not shares and key.functional_unit != FunctionalUnit.IRON:
        left = max(emissions, ZERO)
        return Standing(line, tonnes, emissions, max(tonnes, ZERO), emissions, left)
    counted_left = EXACT.subtract(whole, total(share.counted_emissions for share in shares))
    reduction_left = EXACT.subtract(whole, total(share.reduction_emissions for share in shares))
    if key.functional_unit == FunctionalUnit.IRON:
        tonnes = EXACT.multiply(tonnes, _content(line))
        emissions = EXACT.multiply(tonnes, key.factor_intensity)
        own = [share for share in shares if _counts_as_own(key, share)]
        counted = EXACT.subtract(emissions, total(share.counted_emissions for share in own))
        reduced = EXACT.subtract(emissions, total(share.reduction_emissions for share in own))
        counted_left = min(counted_left, counted)
        reduction_left = min(reduction_left, reduced)
    return Standing(
        line=line,
        tonnes=tonnes,
        emissions=emissions,
        tonnes_left=_tonnes_left(key, [line], {line.id: shares}),
        counted_left=counted_left,
        reduction_left=max(reduction_left, ZERO),
    )


def _counts_as_own(key: GroupKey, share: LineShare) -> bool:
    """Everything stands against a whole line; only iron against its iron-related part."""
    return (
        key.functional_unit != FunctionalUnit.IRON or share.functional_unit == key.functional_unit
    )


def _tonnes_left(
    key: GroupKey, lines: Iterable[Line], before: Mapping[str, list[LineShare]]
) -> Decimal:
    """Tonnes not yet matched, so that V_steel + V_iron / content ≤ tonnes (R116, R125).

    Iron volumes are added up per content before they are divided, so that the one rounding
    falls the same however lines are split.
    """
    left = ZERO
    iron_by_content: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        shares = before.get(line.id)
        if not shares and key.functional_unit != FunctionalUnit.IRON:
            left = EXACT.add(left, line.tonnes or ZERO)
            continue
        iron, steel = _volumes(shares or ())
        unmatched = EXACT.subtract(line.tonnes or ZERO, steel)
        if key.functional_unit == FunctionalUnit.IRON:
            unmatched = EXACT.subtract(EXACT.multiply(unmatched, _content(line)), iron)
        elif iron:
            content = _content(line)
            iron_by_content[content] = EXACT.add(iron_by_content[content], iron)
        left = EXACT.add(left, unmatched)
    for content, iron in iron_by_content.items():
        left = EXACT.subtract(left, divided_up(iron, content))
    return max(left, ZERO)


def _volumes(shares: Iterable[LineShare]) -> tuple[Decimal, Decimal]:
    """What was applied before, in tonnes of iron and of crude steel."""
    volume = {True: ZERO, False: ZERO}
    for share in shares:
        iron = share.functional_unit == FunctionalUnit.IRON
        volume[iron] = EXACT.add(volume[iron], share.volume)
    return volume[True], volume[False]


def _content(line: Line) -> Decimal:
    content = iron_content(line)
    if content is None or not 0 < content.share <= 1:
        raise ValueError(f"line {line.id} has no usable iron content")
    return content.share
