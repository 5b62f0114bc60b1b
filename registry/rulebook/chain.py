"""One issuance along a physical chain (5.2): the same iron as iron units or in steel. R065."""

from decimal import Decimal
from fractions import Fraction

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import FunctionalUnit, IronInput, IssuanceCase, Origin
from registry.rulebook.figures import functional_unit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import Unusable, decimal_given, shown, whole_given
from registry.rulebook.lines import shown_exactly
from registry.rulebook.names import counted

NO_ALLOCATION = "No green iron is allocated."


def left_of(iron: IronInput) -> Fraction:
    """Tonnes of an input's iron that neither units nor other steel stand for."""
    used = Fraction(decimal_given("issued_tonnes", iron.issued_tonnes, "t"))
    used += Fraction(decimal_given("drawn_tonnes", iron.drawn_tonnes, "t"))
    if iron.delivered_tonnes is None:
        whole = Fraction(decimal_given("iron_tonnes", iron.tonnes, "t"))
    else:
        whole = Fraction(decimal_given("delivered_tonnes", iron.delivered_tonnes, "t"))
    return max(whole - used, Fraction(0))


@rule("R065", section="5.2", modality="shall", subject=IssuanceCase)
def iron_counts_once_along_its_chain(case: IssuanceCase, edition: Edition) -> Verdict:
    """R065 (5.2): The same physical iron is issued as iron or allocated to steel, tonne for tonne.

    Inside the registry both are counted against what was delivered; outside it a declaration says
    that no units exist for it.
    """
    if functional_unit(case) is FunctionalUnit.IRON:
        return _iron_left(case)
    if case.allocation is None:
        return not_applicable(NO_ALLOCATION)
    green = [each for each in case.allocation.iron if each.green]
    if not green:
        raise Unusable("iron", "no green iron", "at least one input of green iron", "Add it.")
    for each in green:
        verdict = _input_left(each)
        if verdict is not None:
            return verdict
    drawn = sum((Decimal(each.tonnes or 0) for each in green), Decimal(0))
    return passed(
        f"{shown(drawn)} t of green iron without units of its own",
        "iron with no units issued for the same tonnes",
        field="iron",
        drawn=drawn,
    )


def _input_left(iron: IronInput) -> Verdict | None:
    """Why one green input may not be allocated, None where it may."""
    name = iron.name or "green iron"
    tonnes = decimal_given("iron_tonnes", iron.tonnes, "t")
    if iron.origin not in list(Origin):
        return failed(
            f"{name}: origin {iron.origin!r}",
            "one of " + ", ".join(Origin),
            "Say where the iron comes from.",
            field="iron",
        )
    if iron.origin != Origin.HERE and not iron.declaration.strip():
        return failed(
            f"{name}: nothing declared about units issued for it",
            "the iron producer's declaration that none are issued, with its reference",
            "Obtain the declaration.",
            field="iron",
        )
    if iron.origin == Origin.HERE and iron.delivered_tonnes is None:
        return failed(
            f"{name}: its production is not named",
            "the production of this registry it was delivered from",
            "Name the iron's production.",
            field="iron",
        )
    left = left_of(iron)
    numbers = {"tonnes": tonnes, "left": shown_exactly(left)}
    if Fraction(tonnes) <= left:
        return None
    return failed(
        f"{name}: {shown(tonnes)} t allocated; units for {shown(iron.issued_tonnes or Decimal(0))} "
        f"t, other steel {shown(iron.drawn_tonnes or Decimal(0))} t",
        f"at most {shown_exactly(left)} t that nothing stands for yet",
        "Allocate less; iron with units of its own goes to steel without its attributes.",
        field="iron",
        **numbers,
    )


def _iron_left(case: IssuanceCase) -> Verdict:
    drawn = decimal_given("iron_drawn", case.iron_drawn, "t")
    if drawn == 0:
        return not_applicable("No steel has drawn on this iron.")
    delivered = whole_given("delivered_tonnes", case.production.delivered_tonnes, "t")
    signed = case.verification.delivered_tonnes if case.verification else None
    if signed is not None:
        delivered = min(delivered, signed)
    requested = whole_given("tonnes", case.production.tonnes, "t", least=1)
    room = max(int(delivered - drawn), 0)
    found = f"{counted(requested, 'unit')} of iron, {shown(drawn)} t of it allocated to steel"
    allowed = f"at most {counted(room, 'unit')}: {delivered} t delivered less what steel drew"
    numbers = {"tonnes": requested, "drawn": drawn, "room": room}
    if requested <= room:
        return passed(found, allowed, field="tonnes", **numbers)
    action = f"Request {counted(room, 'unit')} or fewer." if room else "Steel has drawn all of it."
    return failed(found, allowed, action, field="tonnes", **numbers)
