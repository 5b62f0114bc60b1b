"""The one table of section 2.3: which role may do what with iron and with crude steel units.

Rows are data, each one part of a rule R010–R017 of the framework, or ours. `decide` reads them:
a row that prohibits beats every row that grants, whatever role the grant comes from.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

UnitKind = Literal["iron", "crude_steel"]


class Role(StrEnum):
    """What an organisation is. It may be several, but see `valid_combination`."""

    IRON_PRODUCER = "iron_producer"
    STEEL_PRODUCER = "steel_producer"
    INTERMEDIARY = "intermediary"
    CORPORATE_END_USER = "corporate_end_user"
    AUDITOR = "auditor"
    OPERATOR = "operator"

    @property
    def label(self) -> str:
        """The role for a reader: "steel producer"."""
        return self.value.replace("_", " ")


class Action(StrEnum):
    """What may be done with units. read: registry data beyond one's own and the public register."""

    REGISTER = "register"
    HOLD = "hold"
    ACQUIRE = "acquire"
    TRANSFER = "transfer"
    RETIRE = "retire"
    CLAIM = "claim"
    CO_CLAIM = "co_claim"
    READ = "read"


@dataclass(frozen=True, slots=True)
class RoleReadings:
    """The edition's open readings of the table, by the names of its parameters.

    integrated_producer_iron: "own_issue_only" lets a steelmaker that is an iron producer hold and
    transfer iron it issued itself; "no_transfer" lets it hold that iron and transfer none.
    """

    intermediary_may_retire: bool = True
    end_user_may_transfer: bool = False
    integrated_producer_iron: str = "own_issue_only"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action is allowed, and by which rule. found, allowed_text, action_text: words."""

    allowed: bool
    rule: str
    section: str
    modality: str
    found: str
    allowed_text: str
    action_text: str


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One rule of the table, as the rule index lists it. parameters: the edition's, by name."""

    id: str
    section: str
    modality: str
    title: str
    parameters: tuple[str, ...] = ()
    ours: bool = False
    boundary: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: `role` may, or may not, do `actions` with `units`, `when` it holds.

    when: a key of CONDITIONS. way_out: what to do instead when the row refuses.
    """

    rule: str
    role: Role
    grants: bool
    actions: frozenset[Action]
    units: frozenset[UnitKind]
    when: str = "always"
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """What a row's condition looks at."""

    own_issue: bool
    allocates_green_iron: bool
    readings: RoleReadings


CONDITIONS: Mapping[str, Callable[[_Question], bool]] = {
    "always": lambda asked: True,
    "intermediaries may retire": lambda asked: asked.readings.intermediary_may_retire,
    "end users may transfer": lambda asked: asked.readings.end_user_may_transfer,
    "not its own issue": lambda asked: not asked.own_issue,
    "its own issue stays too": lambda asked: (
        asked.readings.integrated_producer_iron != "own_issue_only"
    ),
    "allocates green iron": lambda asked: asked.allocates_green_iron,
}

_PRODUCE = frozenset({Action.REGISTER, Action.HOLD, Action.ACQUIRE, Action.TRANSFER})
_USE = frozenset({Action.HOLD, Action.ACQUIRE, Action.CLAIM, Action.CO_CLAIM})
_CLAIM = frozenset({Action.CLAIM, Action.CO_CLAIM})
_ALL_BUT_READ = frozenset(Action) - {Action.READ}
_IRON: frozenset[UnitKind] = frozenset({"iron"})
_STEEL: frozenset[UnitKind] = frozenset({"crude_steel"})
_BOTH = _IRON | _STEEL

RULES: tuple[RoleRule, ...] = (
    RoleRule("R010", "2.3", "may", "An iron producer registers, holds and transfers iron units."),
    RoleRule(
        "R011",
        "2.3",
        "may",
        "A steel producer registers, holds and transfers steel units, and never claims.",
    ),
    RoleRule(
        "R012",
        "2.3",
        "may",
        "An intermediary holds, transfers, claims and co-claims iron and steel units.",
        parameters=("intermediary_may_retire",),
    ),
    RoleRule(
        "R013",
        "2.3, 9.3",
        "may",
        "A corporate end user holds, retires, claims and co-claims iron and steel units.",
        parameters=("end_user_may_transfer",),
    ),
    RoleRule("R014", "2.3", "may", "An auditor reads registry data for verification."),
    RoleRule(
        "R015",
        "2.3",
        "shall not",
        "An auditor registers, holds, transfers and retires no units.",
    ),
    RoleRule(
        "R016",
        "9.1",
        "shall not",
        "A steelmaker acquires, claims, co-claims and retires no iron, and transfers only its own.",
        parameters=("integrated_producer_iron",),
    ),
    RoleRule(
        "R017",
        "9.1",
        "shall not",
        "A steelmaker that allocates green iron to steel units buys no iron units.",
    ),
    RoleRule(
        "OURS-1",
        "—",
        "shall not",
        "The operator, and whoever has no role of section 2.3, registers, holds and uses no units.",
        ours=True,
    ),
)

_ASK_ANOTHER_ROLE = "Ask the operator for the role that fits what your organisation does."
_SELL_STEEL = "Buy green iron physically, or let your customers buy the iron units."

TABLE: tuple[Row, ...] = (
    # Prohibitions first, the more particular before the more general: the first that holds speaks.
    Row("OURS-1", Role.OPERATOR, False, _ALL_BUT_READ, _BOTH, way_out="Let a system user do it."),
    Row("R015", Role.AUDITOR, False, _ALL_BUT_READ, _BOTH, way_out="Let the holder do it."),
    Row(
        "R017",
        Role.STEEL_PRODUCER,
        False,
        frozenset({Action.ACQUIRE}),
        _IRON,
        when="allocates green iron",
        way_out=_SELL_STEEL,
    ),
    Row(
        "R016",
        Role.STEEL_PRODUCER,
        False,
        frozenset({Action.ACQUIRE, Action.RETIRE}) | _CLAIM,
        _IRON,
        way_out=_SELL_STEEL,
    ),
    Row(
        "R016",
        Role.STEEL_PRODUCER,
        False,
        frozenset({Action.HOLD, Action.TRANSFER}),
        _IRON,
        when="not its own issue",
        way_out="Hold and transfer only iron units that you issued yourself as iron producer.",
    ),
    Row(
        "R016",
        Role.STEEL_PRODUCER,
        False,
        frozenset({Action.TRANSFER}),
        _IRON,
        when="its own issue stays too",
        way_out="Allocate the green iron to your steel and transfer steel units.",
    ),
    Row(
        "R011",
        Role.STEEL_PRODUCER,
        False,
        _CLAIM,
        _STEEL,
        way_out="A company that only rolls or coats bought steel registers as intermediary.",
    ),
    # Grants.
    Row("R010", Role.IRON_PRODUCER, True, _PRODUCE, _IRON),
    Row("R011", Role.STEEL_PRODUCER, True, _PRODUCE, _STEEL),
    Row("R012", Role.INTERMEDIARY, True, _USE | {Action.TRANSFER}, _BOTH),
    Row(
        "R012",
        Role.INTERMEDIARY,
        True,
        frozenset({Action.RETIRE}),
        _BOTH,
        when="intermediaries may retire",
    ),
    Row("R013", Role.CORPORATE_END_USER, True, _USE | {Action.RETIRE}, _BOTH),
    Row(
        "R013",
        Role.CORPORATE_END_USER,
        True,
        frozenset({Action.TRANSFER}),
        _BOTH,
        when="end users may transfer",
    ),
    Row("R014", Role.AUDITOR, True, frozenset({Action.READ}), _BOTH),
    Row("OURS-1", Role.OPERATOR, True, frozenset({Action.READ}), _BOTH),
)

_BY_ID = {each.id: each for each in RULES}
_ALONE = (Role.AUDITOR, Role.OPERATOR)


def valid_combination(roles: Iterable[Role]) -> bool:
    """Whether one organisation may have these roles together.

    At least one; an auditor is independent (2.3), the operator runs the registry: each alone.
    """
    held = frozenset(roles)
    return bool(held) and (len(held) == 1 or held.isdisjoint(_ALONE))


# A few hundred questions at most, asked several times a transfer.
@lru_cache(maxsize=4096)
def decide(
    *,
    roles: frozenset[Role],
    action: Action,
    unit: UnitKind,
    own_issue: bool,
    allocates_green_iron: bool = False,
    readings: RoleReadings,
) -> Decision:
    """Whether an organisation with these roles may do the action with such units (2.3, 9.1).

    own_issue: the units are, or will be, issued by this organisation itself.
    allocates_green_iron: it issues steel units by allocating green iron (R017).
    """
    asked = _Question(own_issue, allocates_green_iron, readings)
    rows = [row for row in TABLE if row.role in roles and unit in row.units]
    speaking = [row for row in rows if action in row.actions and CONDITIONS[row.when](asked)]
    for row in speaking:
        if not row.grants:
            return _decision(row.rule, False, roles, action, unit, row.way_out)
    for row in speaking:
        return _decision(row.rule, True, roles, action, unit, "")
    rule = _rule_not_granting(roles, action, rows)
    return _decision(rule, False, roles, action, unit, _ASK_ANOTHER_ROLE)


def _rule_not_granting(roles: frozenset[Role], action: Action, rows: list[Row]) -> str:
    """The rule that says what the roles may do when no row speaks of the action.

    First a row that another reading would let speak, then any of the roles' rows on such units,
    then any of the roles' rows; without a role of 2.3 our own.
    """
    candidates = [row for row in rows if row.grants and action in row.actions]
    candidates += [row for row in rows if row.grants]
    candidates += [row for row in TABLE if row.grants and row.role in roles]
    return candidates[0].rule if candidates else "OURS-1"


def _decision(
    rule: str,
    allowed: bool,
    roles: frozenset[Role],
    action: Action,
    unit: UnitKind,
    way_out: str,
) -> Decision:
    cited = _BY_ID[rule]
    who = ", ".join(role.label for role in Role if role in roles) or "no role"
    verb = "co-claim" if action is Action.CO_CLAIM else action.value
    return Decision(
        allowed=allowed,
        rule=rule,
        section=cited.section,
        modality=cited.modality,
        found=f"{who}: {verb} {unit.replace('_', ' ')} units",
        allowed_text=cited.title,
        action_text=way_out,
    )
