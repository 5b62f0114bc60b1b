"""The role table's questions, asked with the readings of the edition in force."""

from datetime import date

from accounts.models import Organisation
from accounts.permissions import require_role, roles_of
from accounts.roles import Action, Role, RoleReadings
from registry.rulebook.edition import Edition, edition_on
from registry.rulebook.facts import FunctionalUnit


def role_readings(edition: Edition) -> RoleReadings:
    return RoleReadings(
        intermediary_may_retire=edition.intermediary_may_retire,
        end_user_may_transfer=edition.end_user_may_transfer,
        integrated_producer_iron=edition.integrated_producer_iron,
    )


def require_may(
    organisation: Organisation,
    action: Action,
    unit: str,
    *,
    on: date,
    own_issue: bool = False,
    roles: frozenset[Role] | None = None,
) -> None:
    """Raises Refused with the rule of section 2.3 or 9.1 that decided. roles: if read already."""
    require_role(
        organisation,
        action,
        FunctionalUnit(unit).value,
        own_issue=own_issue,
        readings=role_readings(edition_on(on)),
        roles=roles,
    )


def require_producer(organisation: Organisation, on: date, unit: str | None = None) -> None:
    """A producer of `unit`, or of either unit where none is named."""
    if unit is None:
        is_iron = Role.IRON_PRODUCER in roles_of(organisation)
        unit = FunctionalUnit.IRON if is_iron else FunctionalUnit.CRUDE_STEEL
    require_may(organisation, Action.REGISTER, unit, on=on, own_issue=True)
