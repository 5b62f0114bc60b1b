"""The trace of a suspension as a document: what it covers and what descends from it, all of it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from registry import tracing
from registry.identifiers import UnitRange
from registry.models import SuspendedRange, Suspension
from registry.public.exports import cell
from registry.public.units import unit_range
from registry.services.suspensions import tonnes_of_account
from registry.tracing import Tonnes, Trace

_COLUMNS = ("kind", "organisation", "account", "copy", "state", "code", "units")


@dataclass(frozen=True, slots=True)
class Traced:
    """A suspension with the tonnes it covers, and their trace as it stands now."""

    suspension: Suspension
    tonnes: list[Tonnes]
    trace: Trace

    def document(self, *, at: datetime) -> dict[str, Any]:
        """JSON-ready. ranges: by unit identifier; units: tonnes of the first copy."""
        return {
            "suspension": self.suspension.code,
            "state": self.suspension.state,
            "traced_at": at.isoformat(),
            "covered": self.trace.units(),
            "held": self.trace.units("suspended"),
            "retired": self.trace.units("retired"),
            "organisations": len(self.trace.organisations),
            "ranges": [str(units) for units in _ranges(self.suspension)],
            "rows": [dict(zip(_COLUMNS, row, strict=True)) for row in _rows(self.trace)],
        }

    def csv(self) -> str:
        """A row for each account and state, retirement, claim and statement."""
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        writer.writerows([cell(value) for value in row] for row in _rows(self.trace))
        return text.getvalue()


def traced(suspension: Suspension) -> Traced:
    """Of an account, before it is in force, what is in the account."""
    if suspension.approved_at is None and suspension.account_id is not None:
        tonnes = tonnes_of_account(suspension.account_id)
    else:
        tonnes = tracing.covered(suspension)
    return Traced(suspension, tonnes, tracing.trace(tonnes))


def _ranges(suspension: Suspension) -> Iterator[UnitRange]:
    rows = SuspendedRange.objects.filter(suspension=suspension).select_related("issuance__site")
    for row in rows.order_by("issuance__code", "serials"):
        yield unit_range(row.issuance, row.serials.lower, row.serials.upper - 1)


def _rows(trace: Trace) -> Iterator[tuple[str, str, str, int | None, str, str, int]]:
    """In the order of _COLUMNS. A reserved seat has neither organisation nor account."""
    for held in trace.held:
        yield (
            "holding", held.organisation_name, held.account_number, held.copy, held.state, "",
            held.units,
        )  # fmt: skip
    for each in trace.retired:
        yield ("retirement", each.organisation_name, "", None, "", each.code, each.units)
    for said in trace.said:
        yield (said.kind, said.organisation_name, "", None, "", said.code, said.units)
