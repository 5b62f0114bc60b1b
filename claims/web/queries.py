"""Reads of the claims' pages. Set-based, bounded by the page they are for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from claims.models import Claim, ClaimShare, Inventory, InventoryLine, LineImport, Statement
from claims.transitions import PUBLIC
from claims.web.document import Figures, figures_of, first_lines, unit_runs
from registry.ledger import Line
from registry.models import Issuance

# A claim's form offers at most so many runs of units: the oldest come first.
MOST_RUNS = 100


def shares_on(lines: Iterable[InventoryLine]) -> list[ClaimShare]:
    """What claims applied to these lines, oldest first."""
    return list(ClaimShare.objects.filter(line__in=[each.pk for each in lines]).order_by("id"))


def open_imports(inventory: Inventory) -> list[LineImport]:
    """Tables that were brought and neither taken in nor discarded, newest first."""
    settled = (LineImport.State.DONE, LineImport.State.DISCARDED)
    rows = inventory.imports.exclude(state__in=settled).defer("content", "faults")
    return list(rows.order_by("-created_at", "-id")[:10])


def issuances_of(lines: Iterable[Line]) -> Mapping[UUID, Issuance]:
    """What these serials are units of, by id, each with its site."""
    wanted = {line.issuance for line in lines}
    return Issuance.objects.select_related("site").in_bulk(list(wanted))


def issuances_by_code(codes: Iterable[str]) -> Mapping[str, Issuance]:
    rows = Issuance.objects.select_related("site", "producer").filter(code__in=set(codes))
    return {row.code: row for row in rows}


def shown_figures(claims: Sequence[Figures]) -> list[dict[str, Any]]:
    """Claims' figures with their units by identifier and their lines by name. Two queries."""
    issuances = issuances_by_code(run["issuance"] for run in unit_runs(claims))
    rows = InventoryLine.objects.filter(pk__in=first_lines(claims)).values_list("pk", "name")
    names = {str(pk): name for pk, name in rows}
    return [figures_of(each, issuances, names) for each in claims]


def claims_by_code(codes: Iterable[str]) -> Mapping[str, Claim]:
    return {row.code: row for row in Claim.objects.filter(code__in=set(codes))}


def published_statements() -> QuerySet[Statement]:
    """The public list, newest first; the document stays where it is."""
    return (
        Statement.objects.filter(state__in=PUBLIC)
        .select_related("organisation", "inventory")
        .defer("document", "summary", "findings", "text")
        .order_by("-published_at", "-id")
    )
