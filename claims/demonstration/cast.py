"""Who plays: organisations marked as demonstration, their people, accounts and rights."""

from dataclasses import dataclass

from accounts.admin_rights import grant_operator_admin
from accounts.models import Account, Organisation, User
from accounts.permissions import Right, is_operator
from accounts.roles import Role
from accounts.services import add_member, open_account, register_organisation

# Not a secret: these users exist only where the demonstration is loaded, and it says so.
PASSWORD = "billet-demonstration"  # noqa: S105

_EVERYTHING = {Right.VIEW, Right.INITIATE, Right.APPROVE}


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation of the cast. people: name by the local part of their e-mail address."""

    name: str
    country: str
    roles: frozenset[Role]
    people: dict[str, str]
    holds_units: bool = True


PARTS = {
    "ironmaker": Part(
        "Toledo Iron (demonstration)",
        "US",
        frozenset({Role.IRON_PRODUCER}),
        {"ironmaker": "Irene Ironmaker"},
    ),
    "steelmaker": Part(
        "Luleå Steel (demonstration)",
        "SE",
        frozenset({Role.STEEL_PRODUCER}),
        {"steelmaker": "Stina Steelmaker"},
    ),
    "mini_mill": Part(
        "Resende Rebar (demonstration)",
        "BR",
        frozenset({Role.STEEL_PRODUCER}),
        {"minimill": "Mateus Minimill"},
    ),
    "intermediary": Part(
        "Metals Bridge (demonstration)",
        "NL",
        frozenset({Role.INTERMEDIARY}),
        {"intermediary": "Ingrid Intermediary"},
    ),
    "end_user": Part(
        "Nordic Cars (demonstration)",
        "SE",
        frozenset({Role.CORPORATE_END_USER}),
        {"enduser": "Emil Enduser"},
    ),
    "consultancy": Part(
        "Tower Consulting (demonstration)",
        "US",
        frozenset({Role.CORPORATE_END_USER}),
        {"consultancy": "Carla Consultancy"},
    ),
    "auditor": Part(
        "Plumb Line Assurance (demonstration)",
        "DE",
        frozenset({Role.AUDITOR}),
        {"auditor": "Anton Auditor"},
        holds_units=False,
    ),
    "operator": Part(
        "Registry operator (demonstration)",
        "CH",
        frozenset({Role.OPERATOR}),
        {"operator": "Olga Operator", "operator2": "Oscar Operator"},
        holds_units=False,
    ),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation on stage: its people in order, and its account where it holds units."""

    organisation: Organisation
    people: tuple[User, ...]
    account: Account | None

    @property
    def person(self) -> User:
        return self.people[0]

    @property
    def units(self) -> Account:
        if self.account is None:
            raise LookupError(f"{self.organisation} holds no units")
        return self.account


def assemble() -> dict[str, Member]:
    """The cast by part, created where it is not there yet."""
    return {part: _member(description) for part, description in PARTS.items()}


def sign_ins() -> list[tuple[str, str, str]]:
    """One (role, e-mail address, password) per person of the cast."""
    return [
        (", ".join(sorted(role.label for role in part.roles)), _email(local), PASSWORD)
        for part in PARTS.values()
        for local in part.people
    ]


def _member(part: Part) -> Member:
    organisation = Organisation.objects.filter(name=part.name).first()
    if organisation is None:
        organisation = register_organisation(
            name=part.name, country=part.country, roles=set(part.roles), is_demonstration=True
        )
    people = tuple(_person(local, name, organisation) for local, name in part.people.items())
    account = organisation.accounts.order_by("id").first()
    if account is None and part.holds_units:
        account = open_account(
            organisation=organisation,
            name="Units",
            rights=dict.fromkeys(people, _EVERYTHING),
        )
    return Member(organisation, people, account)


def _person(local: str, name: str, organisation: Organisation) -> User:
    known = User.objects.filter(email=_email(local)).first()
    user = known or User.objects.create_user(_email(local), PASSWORD, name=name)
    add_member(user=user, organisation=organisation)
    if known is None and is_operator(user):
        grant_operator_admin(user)
    return user


def _email(local: str) -> str:
    return f"{local}@billet.example"
