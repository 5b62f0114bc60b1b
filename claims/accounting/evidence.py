"""Where the units of a statement stand in the registry, run by run: what AIM's platform asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from claims.accounting.codec import encode
from claims.accounting.facts import UnitLot


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """One run of serials as the registry names it. retirement: the certificate's code, url its
    page: the evidence that the units are retired and by whom."""

    issuance: str
    copy: int
    first: int
    last: int
    identifier: str
    producer: str = ""
    site: str = ""
    product: str = ""
    url: str = ""

    @property
    def run(self) -> tuple[str, int, int, int]:
        return self.issuance, self.copy, self.first, self.last


def unit_table(
    claims: Iterable[tuple[str, tuple[UnitLot, ...]]], evidence: Iterable[UnitEvidence]
) -> list[dict[str, Any]]:
    """Every run of units with its figures and evidence, by claim; a run without any says so."""
    known = {each.run: each for each in evidence}
    return [
        _row(code, lot, known.get((lot.issuance, lot.copy, lot.first, lot.last)))
        for code, lots in claims
        for lot in sorted(lots, key=lambda lot: lot.order)
    ]


def _row(code: str, lot: UnitLot, found: UnitEvidence | None) -> dict[str, Any]:
    return {
        "claim": code,
        "identifier": found.identifier if found else "",
        "issuance": lot.issuance,
        "copy": lot.copy,
        "first": lot.first,
        "last": lot.last,
        "units": lot.quantity,
        "producer": found.producer if found else "",
        "site": found.site if found else lot.site,
        "product": found.product if found else "",
        "region": lot.region,
        **{
            name: encode(getattr(lot, name))
            for name in (
                "functional_unit",
                "vintage_start",
                "vintage_end",
                "issued_on",
                "intensity",
                "adjusted_intensity",
                "scrap_share",
                "baseline_intensity",
                "baseline_source",
                "retirement",
                "retired_on",
                "retired_by",
            )
        },
        "retirement_url": found.url if found else "",
    }
