"""Units that other registries issued for our sites (6.2, R086): listed, declared, matched.

The operator records another registry's list as it stands, also for sites that nobody has here
yet: which lines are of a site is asked when a case is judged, by its code and its aliases.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import User
from accounts.permissions import require_initiator, require_operator
from registry.errors import BadInput
from registry.models import ElsewhereIssuance, Issuance, Site, SiteAlias
from registry.models.fields import MOST_TONNES
from registry.rulebook.double import Doubled, doubled
from registry.rulebook.facts import Counted, ElsewhereFacts, FunctionalUnit
from registry.services.audit_facts import issued_elsewhere
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean
from registry.tabular import Column, Fault, Kind, Limits

MOST_LINES = 5_000
LIMITS = Limits(rows=MOST_LINES, file_bytes=5 * 1024 * 1024, unpacked_bytes=50 * 1024 * 1024)
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
LIST = (
    Column(
        "reference",
        "Issuance",
        required=True,
        length=100,
        help="How the other registry names the issuance. Each once.",
        example="ISS-2025-0001",
    ),
    Column(
        "site",
        "Site",
        required=True,
        length=60,
        help="The site's code here, or an alias: how the other registry names it.",
        example="P100000120001",
    ),
    Column(
        "functional_unit",
        "Functional unit",
        Kind.CHOICE,
        required=True,
        choices={each.value: each.value.replace("_", " ") for each in FunctionalUnit},
        example="iron",
    ),
    Column(
        "period_start",
        "First day",
        Kind.DATE,
        required=True,
        least=_FIRST,
        most=_LAST,
        example="2025-01-01",
    ),
    Column(
        "period_end",
        "Last day",
        Kind.DATE,
        required=True,
        least=_FIRST,
        most=_LAST,
        example="2025-12-31",
    ),
    Column(
        "units",
        "Units",
        Kind.WHOLE,
        required=True,
        least=0,
        most=MOST_TONNES,
        help="Units issued there, in t. 0: cancelled there, so no longer counted here.",
        example="1000",
    ),
)
DECLARED_FIELDS = (
    "registry",
    "reference",
    "functional_unit",
    "period_start",
    "period_end",
    "units",
)
_COMPARED = ("identifier", "functional_unit", "period_start", "period_end", "units")


@dataclass(slots=True)
class Change:
    """What recording a list would do, line by line. unmatched: named sites that nobody has here.

    removed: with 0 units there. same: as they are on record already.
    """

    new: list[ElsewhereIssuance] = field(default_factory=list)
    changed: list[ElsewhereIssuance] = field(default_factory=list)
    removed: list[ElsewhereIssuance] = field(default_factory=list)
    same: int = 0
    sites: dict[str, Site] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[str, ElsewhereIssuance]]:
        return [
            (word, row)
            for word, rows in (("new", self.new), ("changed", self.changed), ("gone", self.removed))
            for row in rows
        ]

    @property
    def unmatched(self) -> list[str]:
        named = {row.identifier for row in (*self.new, *self.changed) if not row.site_id}
        return sorted(named - set(self.sites))


@retrying
def record_list(
    *, by: User, now: datetime, key: str, registry: str, lines: Sequence[Mapping[str, Any]]
) -> Change:
    """Record another registry's list, each line by its reference; other lines stay as they are.

    lines: values of LIST. Raises Refused for anybody but an operator, BadInput.
    """
    require_operator(by)
    name = _name(registry)
    faults = line_faults(list(enumerate(lines, start=1)))
    if not lines or len(lines) > MOST_LINES:
        faults.insert(0, Fault(f"{len(lines)} lines", f"1 to {MOST_LINES}", "Split the list."))
    if faults:
        raise BadInput({"lines": _texts(faults)})
    with once(
        by=by,
        key=key,
        kind="elsewhere.list",
        now=now,
        input={"registry": name, "lines": [{**line} for line in lines]},
    ) as request:
        change = compare(name, lines, by=by, now=now)
        if not request.is_repeat:
            ElsewhereIssuance.objects.bulk_create(change.new)
            for row in change.changed:
                row.save()
            gone = [row.pk for row in change.removed]
            ElsewhereIssuance.objects.filter(pk__in=gone).delete()
        return change


def compare(
    registry: str, lines: Iterable[Mapping[str, Any]], *, by: User, now: datetime
) -> Change:
    """What recording these lines would change; writes nothing. lines: without a fault."""
    name = _name(registry)
    recorded = {row.reference: row for row in ElsewhereIssuance.objects.filter(registry=name)}
    change = Change()
    for line in lines:
        row = recorded.get(line["reference"])
        if not line["units"]:
            change.removed += [row] if row else []
            continue
        values = {each: line[each] for each in _COMPARED if each != "identifier"}
        values["identifier"] = canonical(line["site"])
        if row is None:
            row = ElsewhereIssuance(registry=name, reference=line["reference"])
            change.new.append(row)
        elif all(getattr(row, each) == value for each, value in values.items()):
            change.same += 1
            continue
        else:
            change.changed.append(row)
        for each, value in values.items():
            setattr(row, each, value)
        row.source, row.recorded_at, row.recorded_by = row.Source.LIST, now, by
    change.sites = sites_named({row.identifier for _, row in change.lines})
    return change


def line_faults(lines: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Fault]:
    """What does not fit together in lines whose cells are well-formed, by row number."""
    faults: list[Fault] = []
    first_at: dict[str, int] = {}
    for number, line in lines:
        if line["period_end"] < line["period_start"]:
            found, allowed = str(line["period_end"]), f"{line['period_start']} or later"
            faults.append(Fault(found, allowed, "Check both days.", number, "Last day"))
        before = first_at.setdefault(line["reference"], number)
        if before != number:
            found = f'"{line["reference"]}" again, first in row {before}'
            action = "Add their units, or remove one."
            faults.append(Fault(found, "each issuance once", action, number, "Issuance"))
        if not canonical(line["site"]) or not line["reference"].strip():
            action = "Name it, or remove the row."
            faults.append(Fault("nothing", "a site and an issuance", action, number, "Site"))
    return faults


@retrying
def declare_elsewhere(
    *, by: User, now: datetime, key: str, site: Site, values: Mapping[str, Any]
) -> ElsewhereIssuance:
    """A producer declares units of its site on another registry. values: DECLARED_FIELDS.

    Raises NotVisible, Refused, BadInput.
    """
    require_initiator(by, site.organisation)
    chosen = only(DECLARED_FIELDS, values)
    with once(
        by=by, key=key, kind="elsewhere.declare", now=now, input={"site": site.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return ElsewhereIssuance.objects.get(pk=request.answer["elsewhere"])
        row = ElsewhereIssuance(
            site=site,
            source=ElsewhereIssuance.Source.PRODUCER,
            recorded_at=now,
            recorded_by=by,
            **{**chosen, "registry": " ".join(str(chosen.get("registry", "")).split())},
        )
        save_clean(row, **_declared_faults(row, now.date()))
        request.answer = {"elsewhere": str(row.pk)}
        return row


@retrying
def record_alias(*, by: User, now: datetime, key: str, site: Site, identifier: str) -> SiteAlias:
    """Record how another register names a site. Raises Refused, BadInput."""
    require_operator(by)
    name = canonical(identifier)
    with once(
        by=by,
        key=key,
        kind="site.alias",
        now=now,
        input={"site": site.pk, "identifier": name},
    ) as request:
        if request.is_repeat:
            return SiteAlias.objects.get(pk=request.answer["alias"])
        row = SiteAlias(site=site, identifier=name, recorded_at=now, recorded_by=by)
        taken = Site.objects.filter(code__iexact=name).first()
        said = f"{name} is the code of {taken}: it needs no alias." if taken else ""
        save_clean(row, **({"identifier": [said]} if said else {}))
        request.answer = {"alias": str(row.pk)}
        return row


@retrying
def remove_alias(*, by: User, now: datetime, key: str, alias: SiteAlias) -> None:
    """Take back an alias that was recorded by mistake; its history stays. Raises Refused."""
    require_operator(by)
    with once(by=by, key=key, kind="site.alias.remove", now=now, input={"alias": alias.pk}):
        SiteAlias.objects.filter(pk=alias.pk).delete()


def sites_named(identifiers: Iterable[str]) -> dict[str, Site]:
    """Our site by each of these identifiers that is a code or an alias, two queries."""
    wanted = set(identifiers)
    found = {site.code: site for site in Site.objects.filter(code__in=wanted)}
    aliases = SiteAlias.objects.filter(identifier__in=wanted).select_related("site")
    return found | {alias.identifier: alias.site for alias in aliases}


def units_doubled(site: Site, functional_unit: str) -> list[Doubled]:
    """Where units of a site exist here and elsewhere beyond what was delivered: none should."""
    issued = Issuance.objects.filter(site=site, functional_unit=functional_unit)
    known = [
        Counted(
            row.vintage_start,
            row.vintage_end,
            row.quantity,
            row.confirmation.verified_tonnes
            if hasattr(row, "confirmation")
            else row.delivered_tonnes,
        )
        for row in issued.select_related("confirmation").order_by("id")
    ]
    rows = issued_elsewhere(site).filter(functional_unit=functional_unit)
    elsewhere = [
        ElsewhereFacts(row.registry, row.reference, row.period_start, row.period_end, row.units)
        for row in rows.order_by("period_start", "id")
    ]
    return list(doubled(known, elsewhere)) if elsewhere else []


def canonical(identifier: str) -> str:
    """An identifier as it is compared: in capitals, without spaces around."""
    return identifier.strip().upper()


def _declared_faults(row: ElsewhereIssuance, today: date) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    start, end = row.period_start, row.period_end
    if isinstance(start, date) and isinstance(end, date) and end < start:
        faults["period_end"] = [f"The period starts on {start}; end it then or after."]
    elif isinstance(end, date) and end > today:
        faults["period_end"] = [f"Give a day up to today, {today}."]
    if row.functional_unit not in list(FunctionalUnit):
        faults["functional_unit"] = [f"Choose {' or '.join(FunctionalUnit)}."]
    if isinstance(row.units, int) and row.units > MOST_TONNES:
        faults["units"] = [f"Give at most {MOST_TONNES:,}."]
    return faults


def _name(registry: str) -> str:
    name = " ".join(registry.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise BadInput({"registry": ["Name the other registry, in at most 100 characters."]})
    return name


def _texts(faults: Sequence[Fault], most: int = 20) -> list[str]:
    more = len(faults) - most
    return [*map(str, faults[:most]), *([f"And {more} more."] if more > 0 else [])]
