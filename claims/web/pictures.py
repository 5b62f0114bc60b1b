"""Pictures of a statement, drawn here as SVG: no script, no style, words and a table beside each.

Colours stand as attributes for paper; on pages the style sheet's classes take their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe

from accounts.ui import formats

WIDTH = 480
_ROW = 46
_LABEL = 52
_FILLS = {"physical": "#6a7580", "adjusted": "#1b5a70", "taken": "#1a6b45", "units": "#1b5a70"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: from start to end of the picture's scale. kind: of _FILLS. drawn: what stands over
    the bar, where the label is too long for it."""

    label: str
    value: str
    start: Decimal
    end: Decimal
    kind: str
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """id: unique on a page. text: what it shows, in words. head: of its table."""

    id: str
    title: str
    text: str
    bars: tuple[Bar, ...]
    head: tuple[str, str]

    @property
    def rows(self) -> list[list[str]]:
        return [[bar.label, bar.value] for bar in self.bars]

    @property
    def columns(self) -> list[str]:
        return [self.head[0], f"#{self.head[1]}"]

    @property
    def drawn(self) -> SafeString:
        """For a page: the words in it are escaped below."""
        return mark_safe(self.svg)  # noqa: S308

    @property
    def svg(self) -> str:
        """Every word in it is escaped."""
        most = max([bar.end for bar in self.bars] + [Decimal(0)]) or Decimal(1)
        height = _ROW * len(self.bars) + 4
        name = escape(self.id)
        drawn = "".join(_row(bar, place, most) for place, bar in enumerate(self.bars))
        return (
            f'<svg class="app-chart" xmlns="http://www.w3.org/2000/svg" role="img" '
            f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'aria-labelledby="{name}-title {name}-text">'
            f'<title id="{name}-title">{escape(self.title)}</title>'
            f'<desc id="{name}-text">{escape(self.text)}</desc>{drawn}</svg>'
        )


def pictures(document: Mapping[str, Any]) -> list[Picture]:
    """Those that the document has figures for."""
    found = [_waterfall(document), _categories(document)]
    if document.get("vintages"):
        found.append(_vintages(document["vintages"]))
    return found


def _waterfall(document: Mapping[str, Any]) -> Picture:
    physical = Decimal(document["physical_inventory"]["total_emissions"])
    adjusted = Decimal(document["adjusted_inventory"]["total_emissions"])
    level, bars = physical, [_whole("Complete physical inventory", physical, "physical")]
    for name, before, after in _by_category(document):
        taken = before - after
        if taken:
            value = f"− {formats.emissions(taken, 1)}"
            bars.append(Bar(name, value, level - taken, level, "taken", _short(name)))
            level -= taken
    bars.append(_whole("Market-based inventory with BCUs applied", adjusted, "adjusted"))
    return Picture(
        id="picture-waterfall",
        title="From the physical inventory to the one with BCUs applied",
        text=f"From {formats.emissions(physical, 1)}, physical, to "
        f"{formats.emissions(adjusted, 1)} with BCUs applied; what units took off by category.",
        bars=tuple(bars),
        head=("Step", "Emissions"),
    )


def _categories(document: Mapping[str, Any]) -> Picture:
    bars: list[Bar] = []
    for name, physical, adjusted in _by_category(document):
        for what, emissions, kind in (
            ("physical", physical, "physical"),
            ("with BCUs applied", adjusted, "adjusted"),
        ):
            bars.append(_whole(f"{name}, {what}", emissions, kind, f"{_short(name)}, {what}"))
    return Picture(
        id="picture-categories",
        title="Emissions by category, in both inventories",
        text="For each category first the physical emissions, then those with BCUs applied.",
        bars=tuple(bars),
        head=("Category and inventory", "Emissions"),
    )


def _vintages(vintages: Sequence[Mapping[str, Any]]) -> Picture:
    bars = tuple(
        Bar(
            f"{formats.day(each['vintage_start'])} to {formats.day(each['vintage_end'])}, "
            f"{'iron' if each['functional_unit'] == 'iron' else 'steel'}",
            formats.tonnes(each["units"]),
            Decimal(0),
            Decimal(each["units"]),
            "units",
        )
        for each in vintages
    )
    return Picture(
        id="picture-vintages",
        title="Units applied by vintage",
        text="How many units of each period of production were applied, one tonne each.",
        bars=bars,
        head=("Vintage", "Units"),
    )


def _by_category(document: Mapping[str, Any]) -> list[tuple[str, Decimal, Decimal]]:
    adjusted = {
        each["category"]: each["emissions"] for each in document["adjusted_inventory"]["categories"]
    }
    return [
        (each["name"], Decimal(each["emissions"]), Decimal(adjusted[each["category"]]))
        for each in document["physical_inventory"]["categories"]
    ]


def _whole(label: str, emissions: Decimal, kind: str, drawn: str = "") -> Bar:
    return Bar(label, formats.emissions(emissions, 1), Decimal(0), emissions, kind, drawn)


def _short(category: str) -> str:
    """A category's scope and number; what it is called stands in the table."""
    return category.partition(":")[0]


def _row(bar: Bar, place: int, most: Decimal) -> str:
    top = place * _ROW
    left, right = _at(bar.start, most), _at(bar.end, most)
    label = bar.drawn or bar.label
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    return (
        f'<text class="app-chart__label" x="0" y="{top + 16}" font-size="13" '
        f'font-family="system-ui, Libertinus Serif">{escape(short)}</text>'
        f'<text class="app-chart__value" x="{WIDTH}" y="{top + 16}" font-size="13" '
        f'font-family="system-ui, Libertinus Serif" text-anchor="end">{escape(bar.value)}</text>'
        f"<rect class={quoteattr('app-chart__bar app-chart__bar--' + bar.kind)} "
        f'x="{left}" y="{top + 23}" width="{max(right - left, 1)}" height="15" '
        f'fill="{_FILLS[bar.kind]}"/>'
    )


def _at(value: Decimal, most: Decimal) -> int:
    return int(value * WIDTH / most)
