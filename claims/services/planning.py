"""Plans: which units to apply to which lines, suggested before anything is retired or claimed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from accounts.models import Account, User
from accounts.permissions import Right, require, require_initiator
from claims.accounting.facts import Cap, Line, Match, Material, Method, UnitLot
from claims.accounting.iron import content_fault
from claims.accounting.plan import Plan, suggest
from claims.models import Inventory
from claims.queries import active, rows_of, shares_of, unclaimed, waiting_lines
from claims.services.cases import line_facts, lot_facts, share_facts
from claims.services.inventories import require_claimant
from claims.services.jobs import is_large
from registry.errors import BadInput, NotNow
from registry.ledger import MOST_LINES
from registry.ledger import Line as Serials
from registry.models import Holding, Issuance
from registry.models.ledger import HoldingState
from registry.rulebook.edition import edition_on
from registry.rulebook.facts import FunctionalUnit
from registry.services.retirements import settle_due

METALS = (Material.IRON, Material.STEEL)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan is made for. lines: ids, empty for all that units can be applied to.

    account: whose active units to plan with; None for units the organisation retired before.
    """

    method: str
    cap: str = Cap.BASELINE.value
    functional_unit: str = FunctionalUnit.CRUDE_STEEL.value
    account: Account | None = None
    lines: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggested:
    """A plan, with the ids of its issuances. passed_by: lines that take none, with why."""

    plan: Plan
    issuances: dict[str, UUID]
    passed_by: tuple[tuple[str, str], ...]

    def serials(self, lot: UnitLot) -> Serials:
        return Serials(self.issuances[lot.issuance], lot.copy, lot.first, lot.last)


@dataclass(frozen=True, slots=True)
class Told:
    """Whom planning tells how far it is: a stage in words, then how many groups of lines."""

    stage: Callable[[str, int | None], None] = lambda words, of: None
    reached: Callable[[int], None] = lambda done: None


def suggest_units(
    *, by: User, now: datetime, inventory: Inventory, wish: Wish, told: Told | None = None
) -> Suggested:
    """Suggest units for the inventory's lines, each with its reasons; writes nothing.

    Raises NotVisible, Refused, BadInput.
    """
    permit_plan(by=by, now=now, inventory=inventory, wish=wish)
    tell = told or Told()
    settle_due(now=now, organisation=inventory.organisation)
    tell.stage("reading units", None)
    lots, issuances = _lots(inventory, wish, now)
    tell.stage("reading lines", None)
    lines, passed_by = _lines(inventory, wish)
    tell.stage("choosing units", len(lines))
    template = Match(lines=lines, lots=(), method=wish.method, cap=wish.cap)
    try:
        plan = suggest(
            template,
            lots if lines else (),
            share_facts(shares_of(inventory)),
            period=(inventory.period_start, inventory.period_end),
            on=now.date(),
            edition=edition_on(now.date()),
            reached=tell.reached,
        )
    except ValueError as error:
        raise BadInput({"lines": [f"These lines cannot be planned for: {error}."]}) from error
    return Suggested(plan, issuances, passed_by)


def permit_plan(*, by: User, now: datetime, inventory: Inventory, wish: Wish) -> None:
    """Raises NotVisible, Refused, BadInput."""
    organisation = inventory.organisation
    require_initiator(by, organisation)
    require_claimant(organisation, now.date())
    _check(wish)
    if wish.account is not None:
        require(by, Right.INITIATE, wish.account)
        if wish.account.organisation_id != organisation.pk:
            raise BadInput({"account": [f"Choose an account of {organisation}."]})


def is_large_plan(inventory: Inventory, wish: Wish) -> bool:
    """Whether a worker makes it: many lines, or many runs of units."""
    lines = len(wish.lines) or inventory.lines.count()
    return is_large(lines) or is_large(_number_of_runs(inventory, wish))


def require_small_plan(*, by: User, now: datetime, inventory: Inventory, wish: Wish) -> None:
    """Raises as permit_plan, and NotNow for a plan that is a worker's."""
    permit_plan(by=by, now=now, inventory=inventory, wish=wish)
    if is_large_plan(inventory, wish):
        most = settings.BILLET_MOST_AT_ONCE
        raise NotNow(
            found=f"More than {most:,} lines, or runs of units, take long to plan for.",
            allowed=f"At once, a plan is made of up to {most:,} lines and {most:,} runs of units.",
            action="Ask for the plan to be made in the background, or choose fewer lines.",
        )


def _number_of_runs(inventory: Inventory, wish: Wish) -> int:
    held = Holding.objects.filter(issuance__functional_unit=wish.functional_unit)
    if wish.account is None:
        owner = inventory.organisation_id
        return held.filter(account__organisation=owner, state=HoldingState.RETIRED).count()
    return held.filter(account=wish.account, state=HoldingState.ACTIVE).count()


def _check(wish: Wish) -> None:
    for name, found, allowed in (
        ("method", wish.method, [each.value for each in Method]),
        ("cap", wish.cap, [each.value for each in Cap]),
        ("functional_unit", wish.functional_unit, [each.value for each in FunctionalUnit]),
    ):
        if found not in allowed:
            raise BadInput({name: [f"Found {found!r}; choose {' or '.join(allowed)}."]})


def _lots(inventory: Inventory, wish: Wish, now: datetime) -> tuple[list[UnitLot], dict[str, UUID]]:
    """The units there are, as they would be once retired, and their issuances by code."""
    if wish.account is None:
        runs = [each.line for each in unclaimed(inventory.organisation_id)][:MOST_LINES]
    else:
        runs = active(
            wish.account.pk,
            on=now.date(),
            functional_unit=wish.functional_unit,
            most=MOST_LINES,
        )
    lots = [lot for lot in lot_facts(runs) if lot.functional_unit == wish.functional_unit]
    known = Issuance.objects.filter(pk__in={run.issuance for run in runs})
    issuances = dict(known.values_list("code", "pk"))
    usable = (HoldingState.ACTIVE, HoldingState.RETIRED)
    return [lot for lot in lots if lot.state in usable], issuances


def _lines(
    inventory: Inventory, wish: Wish
) -> tuple[tuple[Line, ...], tuple[tuple[str, str], ...]]:
    """The lines that can take these units, and the names of the others with why not."""
    waiting = {str(pk) for pk in waiting_lines(inventory)}
    lines = line_facts(rows_of(inventory, wish.lines))
    if len(lines) < len(wish.lines):
        raise BadInput({"lines": ["Choose lines that this inventory has."]})
    fitting, passed_by = [], []
    for line in lines:
        why = "a claim on it is pending" if line.id in waiting else _unfit(line, wish)
        if why:
            passed_by.append((line.name, why))
        else:
            fitting.append(line)
    return tuple(fitting), tuple(passed_by)


def _unfit(line: Line, wish: Wish) -> str:
    if line.material not in METALS:
        return "neither iron nor steel"
    if not line.tonnes or line.factor_intensity is None:
        return "not in tonnes with an emission factor"
    if wish.functional_unit == FunctionalUnit.CRUDE_STEEL:
        return "crude steel units are for lines of steel" if line.material != "steel" else ""
    return content_fault(line)
