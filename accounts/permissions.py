"""Who may: the one door to django-guardian and to the role table.

Three questions, each a `can…` that answers and a `require…` that refuses. Outsiders get
`NotVisible` (404), insiders without the right `Refused` (403), as style.md rule 8 says.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from accounts.errors import NotVisible, Refused
from accounts.models import (
    Account,
    AccountBlock,
    AccountUserObjectPermission,
    Membership,
    Organisation,
    OrganisationRole,
    User,
)
from accounts.prepared import Asked, rows
from accounts.roles import Action, Role, RoleReadings, UnitKind, decide

Someone = User | AnonymousUser

# Asked before every action. The answers are those of `accounts_with` and `require_unblocked`.
_STANDING = """
SELECT EXISTS (SELECT FROM accounts_membership m
                WHERE m.user_id = %(user)s AND m.organisation_id = a.organisation_id)
   AND (EXISTS (SELECT FROM accounts_accountuserobjectpermission g
                 WHERE g.user_id = %(user)s AND g.content_object_id = a.id
                   AND g.permission_id = asked.id)
     OR EXISTS (SELECT FROM accounts_accountgroupobjectpermission g
                  JOIN accounts_user_groups u ON u.group_id = g.group_id
                 WHERE u.user_id = %(user)s AND g.content_object_id = a.id
                   AND g.permission_id = asked.id)),
       EXISTS (SELECT FROM accounts_accountblock b
                WHERE b.account_id = a.id AND b.lifted_at IS NULL)
  FROM accounts_account a
  JOIN django_content_type t ON t.app_label = 'accounts' AND t.model = 'account'
  JOIN auth_permission asked ON asked.content_type_id = t.id AND asked.codename = %(right)s
 WHERE a.id = %(account)s
"""
_BLOCKED = """
SELECT 1 FROM accounts_accountblock
 WHERE account_id = ANY (%s::uuid[]) AND lifted_at IS NULL
 LIMIT 1
"""
_ROLES = """
SELECT role FROM accounts_organisationrole WHERE organisation_id = %s
"""
_ROLES_AT = """
SELECT a.id, r.role
  FROM accounts_account a
  JOIN accounts_organisationrole r ON r.organisation_id = a.organisation_id
 WHERE a.id = ANY (%s::uuid[])
"""


class Right(StrEnum):
    """A person's rights in one account."""

    VIEW = "view_account"
    INITIATE = "initiate_account"
    APPROVE = "approve_account"


# --- accounts -------------------------------------------------------------------------------


def grant(*, user: User, account: Account, rights: set[Right]) -> None:
    """Give a member these rights in the account. Raises Refused for somebody outside."""
    if not is_member(user, account.organisation):
        raise Refused(
            found=f"{user} is not a member of {account.organisation}.",
            allowed="Rights in an account are for members of its organisation.",
            action="Make them a member first.",
        )
    for right in rights:
        assign_perm(right.value, user, account)


def revoke(*, user: User, account: Account, rights: set[Right]) -> None:
    for right in rights:
        remove_perm(right.value, user, account)


def can(user: Someone, right: Right, account: Account) -> bool:
    """Whether a person has a right in an account: membership now, and the right itself.

    Being a superuser is neither: units move only by those whom their holder trusts with them.
    """
    return _standing(user, right, account)[0]


def require(user: Someone, right: Right, account: Account) -> None:
    """Raises NotVisible for outsiders, Refused for members without the right.

    To start or approve anything the account must not be blocked either.
    """
    _require(user, right, account, _standing(user, right, account))


@dataclass(frozen=True)
class Permit:
    """The question of `require`, for a service that asks it together with others.

    What goes along is read before it is answered, and nothing of it is kept when it is refused.
    """

    user: User
    right: Right
    account: Account
    asked: Asked

    def require(self) -> None:
        """Raises NotVisible for outsiders, Refused for members without the right."""
        found = self.asked.rows()
        _require(self.user, self.right, self.account, found[0] if found else (False, False))


def permit(user: Someone, right: Right, account: Account) -> Permit:
    """The question, not answered yet. Raises NotVisible for whom nothing need be asked."""
    if not isinstance(user, User) or not user.is_active:
        raise NotVisible(f"account {account.number}")
    return Permit(user, right, account, Asked(_STANDING, _about(user, right, account)))


def _require(user: Someone, right: Right, account: Account, standing: tuple[bool, ...]) -> None:
    may, is_blocked = standing
    if may:
        if is_blocked and right is not Right.VIEW:
            require_unblocked(account)
        return
    if not is_member(user, account.organisation):
        raise NotVisible(f"account {account.number}")
    verb = {Right.VIEW: "see", Right.INITIATE: "start actions in", Right.APPROVE: "approve in"}
    raise Refused(
        found=f"You may not {verb[right]} account {account.number}.",
        allowed=f"The right '{right.value}' in this account is needed.",
        action="Ask an administrator of your organisation for it.",
    )


def _standing(user: Someone, right: Right, account: Account) -> tuple[bool, bool]:
    """Whether a person has a right in an account, and whether the account is blocked."""
    if not isinstance(user, User) or not user.is_active:
        return False, False
    found = rows(_STANDING, _about(user, right, account))
    return (found[0][0], found[0][1]) if found else (False, False)


def _about(user: User, right: Right, account: Account) -> dict[str, object]:
    return {"user": user.pk, "right": right.value, "account": account.pk}


def anybody_else_may(right: Right, account: Account, *, than: User) -> bool:
    """Whether another active member has a right in an account: is there a second person?"""
    return (
        AccountUserObjectPermission.objects.filter(
            content_object=account,
            permission__codename=right.value,
            user__is_active=True,
            user__memberships__organisation=account.organisation,
        )
        .exclude(user=than)
        .exists()
    )


def require_unblocked(*accounts: Account) -> None:
    """Raises Refused while the operator's block on one of these accounts stands."""
    if not rows(_BLOCKED, [[account.pk for account in accounts]]):
        return
    block = (
        AccountBlock.objects.filter(account__in=accounts, lifted_at__isnull=True)
        .select_related("account")
        .order_by("account__number")
        .first()
    )
    if block is not None:
        raise Refused(
            found=f"Account {block.account.number} is blocked: {block.reason}",
            allowed="Units move again once the registry's operator has lifted the block.",
            action="Ask the registry's operator.",
        )


def accounts_with(user: Someone, right: Right) -> QuerySet[Account]:
    """The accounts in which a person has a right, within their organisations."""
    if not isinstance(user, User) or not user.is_active:
        return Account.objects.none()
    granted = get_objects_for_user(
        user,
        f"accounts.{right.value}",
        klass=Account,
        accept_global_perms=False,
        with_superuser=False,
    )
    return granted.filter(organisation__memberships__user=user)


def require_initiator(user: Someone, organisation: Organisation) -> None:
    """Raises NotVisible for outsiders, Refused for a member who may start nothing anywhere."""
    require_member(user, organisation)
    if not accounts_with(user, Right.INITIATE).filter(organisation=organisation).exists():
        raise Refused(
            found=f"You may not start actions for {organisation}.",
            allowed="The right to start actions in one of its accounts is needed.",
            action="Ask an administrator of your organisation for it.",
        )


# --- organisations and roles ----------------------------------------------------------------


def is_member(user: Someone, organisation: Organisation) -> bool:
    return (
        isinstance(user, User)
        and user.is_active
        and Membership.objects.filter(user=user, organisation=organisation).exists()
    )


def require_member(user: Someone, organisation: Organisation) -> None:
    if not is_member(user, organisation):
        raise NotVisible(f"organisation {organisation.pk}")


def organisations_of(user: Someone) -> QuerySet[Organisation]:
    if not isinstance(user, User) or not user.is_active:
        return Organisation.objects.none()
    return Organisation.objects.filter(memberships__user=user)


def roles_of(organisation: Organisation) -> frozenset[Role]:
    return frozenset(Role(role) for (role,) in rows(_ROLES, [organisation.pk]))


def roles_at(*accounts: UUID) -> Asked:
    """The question behind `roles_by_account`, to be asked together with others."""
    return Asked(_ROLES_AT, [list(accounts)])


def roles_by_account(asked: Asked) -> Mapping[UUID, frozenset[Role]]:
    """By account, the roles of its organisation; none for an account that was not asked about."""
    held: dict[UUID, frozenset[Role]] = defaultdict(frozenset)
    for account, role in asked.rows():
        held[account] |= {Role(role)}
    return held


def roles_of_user(user: Someone) -> frozenset[Role]:
    """Every role of every organisation a person acts for: what their pages show."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    held = OrganisationRole.objects.filter(organisation__memberships__user=user)
    return frozenset(Role(value) for value in held.values_list("role", flat=True))


def is_operator(user: Someone) -> bool:
    return (
        isinstance(user, User)
        and user.is_active
        and OrganisationRole.objects.filter(
            role=Role.OPERATOR.value, organisation__memberships__user=user
        ).exists()
    )


def require_operator(user: Someone) -> None:
    if not is_operator(user):
        raise Refused(
            found="You are not one of the registry's operators.",
            allowed="Only the operator may do this.",
            action="Ask the registry's operator.",
        )


def require_role(
    organisation: Organisation,
    action: Action,
    unit: UnitKind,
    *,
    own_issue: bool = False,
    allocates_green_iron: bool = False,
    readings: RoleReadings,
    roles: frozenset[Role] | None = None,
) -> None:
    """Ask the table of section 2.3; raises Refused with the rule that decided.

    roles: the organisation's, where the caller has read them already.
    """
    decision = decide(
        roles=roles_of(organisation) if roles is None else roles,
        action=action,
        unit=unit,
        own_issue=own_issue,
        allocates_green_iron=allocates_green_iron,
        readings=readings,
    )
    if not decision.allowed:
        raise Refused(
            found=decision.found,
            allowed=decision.allowed_text,
            action=decision.action_text,
            rule=decision.rule,
            section=decision.section,
        )


# --- grants on any other object: auditor ↔ production, delegate ↔ site -----------------------


def open_to(organisation: Organisation, permission: str, target: Model) -> None:
    """Give everyone of an organisation a permission on one object, until `close_to`."""
    assign_perm(permission, organisation.group, target)


def close_to(organisation: Organisation, permission: str, target: Model) -> None:
    remove_perm(permission, organisation.group, target)


def has_object(user: Someone, permission: str, target: Model) -> bool:
    return isinstance(user, User) and user.is_active and bool(user.has_perm(permission, target))
