"""Data the components draw: field groups, table cells, summary rows and page links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.utils.text import slugify


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """Fields under one legend; the legend is empty for those that stand alone."""

    legend: Any
    hint: Any
    fields: list[BoundField]


@dataclass(frozen=True, slots=True)
class Column:
    """A table column. Numeric columns are set to the right with even digits."""

    label: Any
    numeric: bool = False

    @classmethod
    def read(cls, column: Any) -> "Column":
        """A Column as it is, or its text; "#Quantity" is the numeric column Quantity."""
        if isinstance(column, Column):
            return column
        label = str(column)
        return cls(label.removeprefix("#"), label.startswith("#"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell that links somewhere or carries a state beside its text."""

    text: Any
    url: str = ""
    state: Any = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    key: Any
    value: Any
    actions: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number with its address; no address stands for pages left out."""

    number: int | str
    url: str = ""
    current: bool = False


def bound_groups(form: BaseForm) -> list[BoundGroup]:
    """The visible fields in the form's own groups, then those that no group names."""
    declared = getattr(form, "fieldsets", ())
    named = {name for group in declared for name in group.fields}
    rest = [bound for bound in form.visible_fields() if bound.name not in named]
    found = [
        BoundGroup(
            group.legend,
            group.hint,
            [form[name] for name in group.fields if name in form.fields],
        )
        for group in declared
    ]
    return [group for group in [*found, BoundGroup("", "", rest)] if group.fields]


def summary_row(row: Any) -> SummaryRow:
    if isinstance(row, SummaryRow):
        return row
    key, value, *actions = row
    return SummaryRow(key, value, tuple(actions))


def table_row(columns: Sequence[Column], row: Sequence[Any]) -> list[tuple[Column, Cell]]:
    cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
    return list(zip(columns, cells, strict=True))


def page_links(page: Page[Any], request: HttpRequest | None, parameter: str) -> dict[str, Any]:
    """Previous, numbered and next links, each with the rest of the query as it is."""
    query = request.GET.copy() if request else QueryDict(mutable=True)

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    paginator = page.paginator
    numbers = [
        PageLink(number, address(number), number == page.number)
        if isinstance(number, int)
        else PageLink(str(number))
        for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "numbers": numbers,
    }


def slug(caption: Any) -> str:
    """An id for a heading or caption; letters outside Latin are kept."""
    return slugify(str(caption), allow_unicode=True) or "table"
