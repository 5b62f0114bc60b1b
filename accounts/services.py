"""Setting up organisations, accounts and people: for the operator's admin and the demonstration."""

import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.errors import Refused
from accounts.models import (
    Account,
    AccountUserObjectPermission,
    Membership,
    Organisation,
    OrganisationRole,
    User,
)
from accounts.permissions import Right, grant
from accounts.roles import Role, valid_combination

# Crockford's base 32 without I, L, O and U: codes are read aloud and typed from paper.
_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def public_code(length: int = 8) -> str:
    """A random public code of [0-9A-Z], unique by the column that stores it."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(length))


@transaction.atomic
def register_organisation(
    *,
    name: str,
    country: str,
    roles: set[Role],
    registered_as: str = "",
    is_demonstration: bool = False,
) -> Organisation:
    """Create an organisation with its roles. Raises Refused for roles that exclude each other."""
    require_combination(frozenset(roles))
    organisation = Organisation(
        name=name, country=country, registered_as=registered_as, is_demonstration=is_demonstration
    )
    organisation.group = Group.objects.create(name=f"organisation {organisation.pk}")
    organisation.save()
    OrganisationRole.objects.bulk_create(
        OrganisationRole(organisation=organisation, role=role.value) for role in sorted(roles)
    )
    return organisation


def require_combination(roles: frozenset[Role]) -> None:
    """An auditor has no other role, and the operator holds no units (2.3)."""
    if not valid_combination(roles):
        raise Refused(
            rule="R015",
            section="2.3",
            found=f"The roles {', '.join(sorted(role.label for role in roles))} were chosen.",
            allowed="Auditor and operator combine with no other role; at least one is needed.",
            action="Register a second organisation for the other role.",
        )


@transaction.atomic
def add_member(*, user: User, organisation: Organisation) -> Membership:
    """Let a person act for an organisation; its group carries the organisation's grants."""
    membership, _ = Membership.objects.get_or_create(user=user, organisation=organisation)
    user.groups.add(organisation.group)
    return membership


@transaction.atomic
def remove_member(*, user: User, organisation: Organisation) -> None:
    """End it with every right in the organisation's accounts: none waits for a return."""
    Membership.objects.filter(user=user, organisation=organisation).delete()
    user.groups.remove(organisation.group)
    AccountUserObjectPermission.objects.filter(
        user=user, content_object__organisation=organisation
    ).delete()


@transaction.atomic
def open_account(
    *,
    organisation: Organisation,
    name: str,
    approval_required: bool = False,
    rights: dict[User, set[Right]] | None = None,
) -> Account:
    """Open an account and give members their rights in it."""
    account = Account.objects.create(
        organisation=organisation,
        number=f"AC-{public_code()}",
        name=name,
        approval_required=approval_required,
    )
    for user, granted in (rights or {}).items():
        grant(user=user, account=account, rights=granted)
    return account


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, name: str, country: str, registered_as: str, roles: set[Role]
) -> Organisation:
    """Correct what an organisation is called and what it may do. Raises Refused as registering.

    Whether it is a demonstration is said once: its records carry it.
    """
    require_combination(frozenset(roles))
    organisation.name, organisation.country = name, country
    organisation.registered_as = registered_as
    organisation.save(update_fields=["name", "country", "registered_as"])
    held = OrganisationRole.objects.filter(organisation=organisation)
    held.exclude(role__in=[role.value for role in roles]).delete()
    OrganisationRole.objects.bulk_create(
        [OrganisationRole(organisation=organisation, role=role.value) for role in sorted(roles)],
        ignore_conflicts=True,
    )
    return organisation


def change_account(*, account: Account, name: str, approval_required: bool) -> Account:
    """Rename an account, or ask for a second person's approval of what leaves it."""
    account.name, account.approval_required = name, approval_required
    account.save(update_fields=["name", "approval_required"])
    return account


def register_person(*, email: str, name: str) -> User:
    """Somebody who will act for organisations. Nobody gives them a password but they themselves,
    by resetting it: whoever knew it could approve in their name."""
    return User.objects.create_user(email, None, name=name)


def change_person(*, user: User, name: str, is_active: bool) -> User:
    """Correct a name, or shut somebody out. Their address stays: it is how they sign in."""
    user.name, user.is_active = name, is_active
    user.save(update_fields=["name", "is_active"])
    return user
