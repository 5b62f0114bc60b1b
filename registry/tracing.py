"""What became of units: who holds them, who retired them, and what was said about them.

The registry knows holdings and retirements. Whoever keeps more, as claims and statements are, says
so with `register_tracer`, so that the registry imports none of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Organisation
from registry.models import Adjustment, Retirement, SuspendedRange, Suspension
from registry.models.suspension import MARKING

# A report names at most so many of each kind; its counts are always of all.
MOST = 200


@dataclass(frozen=True, slots=True, order=True)
class Tonnes:
    """Serials first…last of an issuance, in every copy."""

    issuance: UUID
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Held:
    """What one account has of the traced units in one state. account: None for a reserved seat."""

    organisation: UUID | None
    organisation_name: str
    account_number: str
    copy: int
    state: str
    units: int


@dataclass(frozen=True, slots=True)
class Retired:
    """How much of a retirement is of the traced units."""

    code: str
    organisation: UUID
    organisation_name: str
    units: int


@dataclass(frozen=True, slots=True)
class Said:
    """A claim or statement that leans on traced units. kind: "claim" or "statement"."""

    kind: str
    code: str
    organisation: UUID
    organisation_name: str
    units: int
    url: str


Tracer = Callable[[Sequence[Tonnes]], Iterable[Said]]
_TRACERS: list[Tracer] = []


@dataclass(frozen=True, slots=True)
class Trace:
    held: tuple[Held, ...]
    retired: tuple[Retired, ...]
    said: tuple[Said, ...]

    @property
    def organisations(self) -> set[UUID]:
        """Everybody to be told, each once."""
        found: Iterable[Held | Retired | Said] = chain(self.held, self.retired, self.said)
        return {each.organisation for each in found if each.organisation is not None}

    def units(self, *states: str) -> int:
        """Of the first copy, in these states; in all where none is named."""
        return sum(
            each.units
            for each in self.held
            if each.copy == 1 and (each.state in states or not states)
        )


def register_tracer(tracer: Tracer) -> None:
    """Append a tracer, from AppConfig.ready; one already there is left alone."""
    if tracer not in _TRACERS:
        _TRACERS.append(tracer)


def trace(tonnes: Sequence[Tonnes]) -> Trace:
    """Every descendant of these units. A few queries, however many there are."""
    return Trace(
        held=tuple(_held(tonnes)),
        retired=tuple(_retired(tonnes)),
        said=tuple(chain.from_iterable(tracer(tonnes) for tracer in _TRACERS)),
    )


def columns(tonnes: Sequence[Tonnes]) -> list[list[object]]:
    """For `unnest(%s::uuid[], %s::bigint[], %s::bigint[])`."""
    return [
        [each.issuance for each in tonnes],
        [each.first for each in tonnes],
        [each.last for each in tonnes],
    ]


def covered(suspension: Suspension) -> list[Tonnes]:
    return [
        Tonnes(row.issuance_id, row.serials.lower, row.serials.upper - 1)
        for row in SuspendedRange.objects.filter(suspension=suspension).order_by(
            "issuance_id", "serials"
        )
    ]


@dataclass(frozen=True, slots=True)
class Mark:
    """A suspension over part of some units. is_final: the units were found wrong and cancelled."""

    issuance: UUID
    first: int
    last: int
    code: str
    reason: str
    state: str

    @property
    def span(self) -> tuple[int, int]:
        return self.first, self.last

    @property
    def is_final(self) -> bool:
        return self.state == "cancelled"


def marks_over(tonnes: Sequence[Tonnes]) -> list[Mark]:
    """The suspensions over these units, in force or ended by cancellation. One query."""
    if not tonnes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT s.issuance_id, greatest(lower(s.serials), line.first),
                   least(upper(s.serials) - 1, line.last), x.code, x.reason, x.state
              FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS line(issuance, first, last)
             CROSS JOIN LATERAL (SELECT * FROM registry_suspendedrange
                                  WHERE issuance_id = line.issuance
                                    AND serials && int8range(line.first, line.last, '[]')
                                 OFFSET 0) AS s
              JOIN registry_suspension x ON x.id = s.suspension_id
             WHERE x.state = ANY(%s)
             ORDER BY 1, 2, 3
            """,
            [*columns(tonnes), [str(state) for state in MARKING]],
        )
        return [Mark(*row) for row in cursor.fetchall()]


def marks_of_retirement(retirement: Retirement) -> list[Suspension]:
    """The suspensions over any of its units, newest first. One query."""
    touched = Suspension.objects.filter(state__in=MARKING).extra(
        where=[
            "EXISTS (SELECT 1 FROM registry_suspendedrange s JOIN registry_retirementline l"
            " ON l.issuance_id = s.issuance_id AND l.serials && s.serials"
            " WHERE s.suspension_id = registry_suspension.id AND l.retirement_id = %s)"
        ],
        params=[retirement.pk],
    )
    return list(touched.order_by("-approved_at", "-id"))


def suspensions_of(issuance: UUID) -> QuerySet[Suspension]:
    """The suspensions that cover units of an issuance, newest first."""
    covering = SuspendedRange.objects.filter(issuance=issuance).values("suspension")
    return Suspension.objects.filter(pk__in=covering, state__in=[*MARKING, "lifted"]).order_by(
        "-approved_at", "-id"
    )


def adjustments_in_force(issuances: Iterable[UUID]) -> dict[UUID, Adjustment]:
    """By issuance, the newest correction in force. One query."""
    rows = Adjustment.objects.filter(issuance__in=set(issuances), state="in_force")
    return {row.issuance_id: row for row in rows.order_by("decided_at", "id")}


def _held(tonnes: Sequence[Tonnes]) -> Iterable[Held]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, coalesce(o.name, ''), coalesce(a.number, ''), h.copy, h.state,
                   sum(least(upper(h.serials), line.last + 1)
                       - greatest(lower(h.serials), line.first))::bigint
              FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS line(issuance, first, last)
             CROSS JOIN LATERAL (SELECT * FROM registry_holding
                                  WHERE issuance_id = line.issuance AND copy IN (1, 2, 3)
                                    AND serials && int8range(line.first, line.last, '[]')
                                 OFFSET 0) AS h
              LEFT JOIN accounts_account a ON a.id = h.account_id
              LEFT JOIN accounts_organisation o ON o.id = a.organisation_id
             GROUP BY o.id, o.name, a.number, h.copy, h.state
             ORDER BY 2, 3, 4, 5
            """,
            columns(tonnes),
        )
        return [Held(*row) for row in cursor.fetchall()]


def _retired(tonnes: Sequence[Tonnes]) -> Iterable[Retired]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.code, o.id, o.name,
                   sum(least(upper(l.serials), line.last + 1)
                       - greatest(lower(l.serials), line.first))::bigint
              FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS line(issuance, first, last)
              JOIN registry_retirementline l
                ON l.issuance_id = line.issuance
               AND l.serials && int8range(line.first, line.last, '[]')
              JOIN registry_retirement r ON r.id = l.retirement_id
              JOIN accounts_organisation o ON o.id = r.organisation_id
             GROUP BY r.code, o.id, o.name, r.retired_at
             ORDER BY r.retired_at DESC, r.code
            """,
            columns(tonnes),
        )
        return [Retired(*row) for row in cursor.fetchall()]


def organisations(ids: Iterable[UUID]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=set(ids)).order_by("id")
