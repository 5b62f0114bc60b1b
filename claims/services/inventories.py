"""Inventories and their lines (9). A line that a claim used is settled and stays as it is."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import Organisation, User
from accounts.permissions import require_initiator, roles_of
from accounts.roles import Action, decide
from claims.models import (
    LINE_FIELDS,
    ClaimShare,
    Inventory,
    InventoryLine,
    LineColumns,
    PendingLine,
)
from claims.services.lines import Misfit, completed, misfits
from claims.transitions import StatementState
from registry.errors import BadInput, NotNow
from registry.rulebook.edition import edition_on
from registry.rulebook.facts import FunctionalUnit
from registry.services.readings import require_may, role_readings
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean

INVENTORY_FIELDS = ("name", "period_start", "period_end")


@retrying
def create_inventory(
    *, by: User, now: datetime, key: str, organisation: Organisation, values: Mapping[str, Any]
) -> Inventory:
    """Start an inventory for one reporting period. values: keys of INVENTORY_FIELDS.

    Raises NotVisible, Refused (an organisation whose roles may claim nothing), BadInput.
    """
    require_initiator(by, organisation)
    require_claimant(organisation, now.date())
    chosen = only(INVENTORY_FIELDS, values)
    with once(
        by=by,
        key=key,
        kind="inventory",
        now=now,
        input={"organisation": organisation.pk, **chosen},
    ) as request:
        if request.is_repeat:
            return Inventory.objects.get(pk=request.answer["inventory"])
        inventory = Inventory(
            organisation=organisation,
            created_at=now,
            created_by=by,
            is_demonstration=organisation.is_demonstration,
            **chosen,
        )
        start, end = inventory.period_start, inventory.period_end
        if start is not None and end is not None and end < start:
            raise BadInput({"period_end": [f"The period starts on {start}; end it after that."]})
        save_clean(inventory)
        request.answer = {"inventory": str(inventory.pk)}
        return inventory


@retrying
def add_line(
    *, by: User, now: datetime, key: str, inventory: Inventory, values: Mapping[str, Any]
) -> InventoryLine:
    """Add one line. values: keys of LINE_FIELDS; tonnes with a factor, spend, or emissions.

    Raises NotVisible, Refused, BadInput by field.
    """
    require_initiator(by, inventory.organisation)
    chosen = only(LINE_FIELDS, values)
    with once(
        by=by,
        key=key,
        kind="inventory.line",
        now=now,
        input={"inventory": inventory.pk, **chosen},
    ) as request:
        if request.is_repeat:
            return InventoryLine.objects.get(pk=request.answer["line"])
        wrong = misfits(chosen)
        if wrong:
            # One way of measuring at a time: the shape of what is left follows from it.
            raise BadInput(_by_field(wrong))
        line = InventoryLine(inventory=inventory, **completed(chosen))
        save_clean(line)
        request.answer = {"line": str(line.pk)}
        return line


@retrying
def change_line(
    *, by: User, now: datetime, key: str, line: InventoryLine, values: Mapping[str, Any]
) -> InventoryLine:
    """Put other values into a line that no claim has used. values: as for `add_line`, all of them.

    Raises NotVisible, Refused, BadInput by field, NotNow for a line that a claim has used or whose
    statement stands still.
    """
    require_initiator(by, line.inventory.organisation)
    chosen = only(LINE_FIELDS, values)
    with once(
        by=by, key=key, kind="inventory.line.change", now=now, input={"line": line.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return InventoryLine.objects.get(pk=request.answer["line"])
        lock_inventory(line.inventory)
        _require_unclaimed(line)
        _require_no_statement(line.inventory)
        if wrong := misfits(chosen):
            raise BadInput(_by_field(wrong))
        changed = InventoryLine.objects.select_related("inventory").get(pk=line.pk)
        whole = completed(chosen)
        for field in LineColumns._meta.fields:
            setattr(changed, field.name, whole.get(field.name, field.get_default()))
        save_clean(changed)
        request.answer = {"line": str(line.pk)}
        return changed


@retrying
def remove_line(*, by: User, now: datetime, key: str, line: InventoryLine) -> None:
    """Remove a line that no claim has used. Raises NotNow for one that a claim has."""
    require_initiator(by, line.inventory.organisation)
    with once(
        by=by, key=key, kind="inventory.line.remove", now=now, input={"line": line.pk}
    ) as request:
        if request.is_repeat:
            return
        lock_inventory(line.inventory)
        _require_unclaimed(line)
        # Not line.delete(), which takes the key off the caller's own record.
        InventoryLine.objects.filter(pk=line.pk).delete()


def lock_inventory(inventory: Inventory) -> Inventory:
    """The inventory's row, locked: claims against one inventory follow each other."""
    return Inventory.objects.select_for_update(of=("self",)).get(pk=inventory.pk)


def require_claimant(organisation: Organisation, on: date) -> None:
    """An organisation that may claim iron or steel units (2.3). Raises Refused."""
    readings = role_readings(edition_on(on))
    may_iron = decide(
        roles=roles_of(organisation),
        action=Action.CLAIM,
        unit=FunctionalUnit.IRON.value,
        own_issue=False,
        readings=readings,
    ).allowed
    if not may_iron:
        require_may(organisation, Action.CLAIM, FunctionalUnit.CRUDE_STEEL, on=on)


def _require_unclaimed(line: InventoryLine) -> None:
    claimed = ClaimShare.objects.filter(line=line).exists()
    if claimed or PendingLine.objects.filter(line=line).exists():
        raise NotNow(
            found=f"Units are claimed against the line '{line.name}'.",
            allowed="A line that a claim used stays as it is.",
            action="Start a new inventory if its figures are wrong.",
        )


def _require_no_statement(inventory: Inventory) -> None:
    """What is submitted holds the lines as they are."""
    states = (StatementState.SUBMITTED, StatementState.ASSURED)
    waiting = inventory.statements.filter(state__in=states).first()
    if waiting is not None:
        raise NotNow(
            found=f"Statement {waiting.code} on this inventory is {waiting.state}.",
            allowed="Lines stay as they are while a statement waits to be published.",
            action="Publish it, or take it back, then change the line.",
        )


def _by_field(wrong: Iterable[Misfit]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for each in wrong:
        errors.setdefault(each.field, []).append(each.text)
    return errors
