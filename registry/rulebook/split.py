"""Green iron split over a site's steel in proportion to metallic content (5.2, Exhibit 8).

Every iron input takes the share of the output that its metal has of all iron, and with it the same
share of scrap, so that each product keeps the site's ratio of iron to scrap. What is not of the
iron inputs themselves, the processing, is the same per tonne of every product. The emissions of
the products add up to the site's total exactly.

For Exhibit 8 this gives 0.5522 green and 1.1633 conventional; the 0.63 that is printed is only the
numerator, and 1.1667 follows from 0.18 rounded before its time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.rulebook.facts.allocation import AllocationFacts, IronInput
from registry.rulebook.given import Unusable, decimal_given, share_given
from registry.rulebook.lines import rounded_up

_PLACES = 6


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the split. emissions and tonnes exact; intensity their quotient."""

    name: str
    tonnes: Fraction
    emissions: Fraction

    @property
    def intensity(self) -> Fraction:
        return self.emissions / self.tonnes


@dataclass(frozen=True, slots=True)
class Split:
    """Green and conventional steel; conventional is None where all iron is green."""

    green: Product
    conventional: Product | None
    processing_intensity: Fraction

    @property
    def products(self) -> tuple[Product, ...]:
        return (self.green,) if self.conventional is None else (self.green, self.conventional)


@dataclass(frozen=True, slots=True)
class Rounded:
    """One product in decimals of a record. remainder: taken off it so that the sum holds."""

    name: str
    tonnes: Decimal
    emissions: Decimal
    intensity: Decimal
    remainder: Decimal


def split(
    allocation: AllocationFacts, *, site_emissions: Fraction, output_tonnes: Fraction
) -> Split:
    """The site's total over green and conventional steel. Raises Unusable.

    Without green iron there is nothing to split.
    """
    green = [each for each in allocation.iron if each.green]
    if not green:
        raise Unusable("iron", "no green iron", "at least one input of green iron", "Add it.")
    all_metal = sum((metal_of(each) for each in allocation.iron), Fraction(0))
    green_metal = sum((metal_of(each) for each in green), Fraction(0))
    if green_metal == 0:
        raise Unusable("iron", "0 t of green iron", "more than 0 t", "Give its tonnes.")
    # Below zero where credits exceed all else; the products still add up to the total.
    processing = (site_emissions - brought_by(allocation.iron)) / output_tonnes
    tonnes = output_tonnes * green_metal / all_metal
    first = Product("green", tonnes, brought_by(green) + processing * tonnes)
    rest = output_tonnes - tonnes
    other = None
    if rest > 0:
        other = Product("conventional", rest, site_emissions - first.emissions)
    return Split(green=first, conventional=other, processing_intensity=processing)


def metal_of(iron: IronInput) -> Fraction:
    """The metal in an iron input, t. Raises Unusable."""
    tonnes = decimal_given("iron_tonnes", iron.tonnes, "t")
    return Fraction(tonnes) * Fraction(share_given("metallic_share", iron.metallic_share))


def brought_by(inputs: Iterable[IronInput]) -> Fraction:
    """What iron inputs bring from upstream, t CO2e. Raises Unusable."""
    return sum(
        (
            Fraction(decimal_given("iron_tonnes", each.tonnes, "t"))
            * Fraction(decimal_given("iron_intensity", each.intensity, "t CO2e/t"))
            for each in inputs
        ),
        Fraction(0),
    )


def in_decimals(found: Split) -> list[Rounded]:
    """The split for a record: tonnes and emissions to six decimals, their sums exact.

    Green is rounded up in emissions, never below zero, and down in tonnes, so the remainder falls
    on conventional steel, where it favours nobody; intensities are rounded up.
    """
    total_tonnes = sum((each.tonnes for each in found.products), Fraction(0))
    total = sum((each.emissions for each in found.products), Fraction(0))
    if found.conventional is None:
        return [_rounded(found.green, rounded_up(total_tonnes), rounded_up(total))]
    green_emissions = min(rounded_up(max(found.green.emissions, Fraction(0))), rounded_up(total))
    green_tonnes = -rounded_up(-found.green.tonnes)
    return [
        _rounded(found.green, green_tonnes, green_emissions),
        _rounded(
            found.conventional,
            rounded_up(total_tonnes - Fraction(green_tonnes)),
            rounded_up(total - Fraction(green_emissions)),
        ),
    ]


def _rounded(product: Product, tonnes: Decimal, emissions: Decimal) -> Rounded:
    remainder = rounded_up(Fraction(emissions) - product.emissions, 2 * _PLACES)
    intensity = rounded_up(max(product.intensity, Fraction(0)))
    return Rounded(product.name, tonnes, emissions, intensity, remainder)
