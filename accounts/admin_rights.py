"""Who of the operator opens Django's admin, and what they find in it.

Ordinary model permissions, in one group. It may look at everything, set up organisations and
people, and change nothing that the services and the ledger write. It registers no programs: a
client acts as its user, so whoever registers one for somebody else could approve in their name.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.permissions import require_operator

GROUP = "registry operators in the admin"
_LOOKED_AT = ("accounts", "registry", "claims")
_SET_UP = (
    "add_organisation",
    "change_organisation",
    "add_membership",
    "delete_membership",
    "add_account",
    "change_account",
    "add_accountuserobjectpermission",
    "delete_accountuserobjectpermission",
    "add_user",
    "change_user",
)
# What the claims tell of other programmes.
_KEPT = ("add_programmeacceptance", "change_programmeacceptance")


@transaction.atomic
def grant_operator_admin(user: User) -> None:
    """Let one of the operator's people open the admin. Raises Refused for anybody else."""
    require_operator(user)
    group, _ = Group.objects.get_or_create(name=GROUP)
    group.permissions.set(_permissions())
    user.groups.add(group)
    user.is_staff = True
    user.save(update_fields=["is_staff"])


@transaction.atomic
def revoke_operator_admin(user: User) -> None:
    """Take it back, as when somebody leaves the operator."""
    user.groups.remove(*Group.objects.filter(name=GROUP))
    user.is_staff = user.is_superuser
    user.save(update_fields=["is_staff"])


def _permissions() -> list[Permission]:
    looked_at = Q(content_type__app_label__in=_LOOKED_AT, codename__startswith="view_")
    set_up = Q(content_type__app_label="accounts", codename__in=_SET_UP)
    kept = Q(content_type__app_label="claims", codename__in=_KEPT)
    return list(Permission.objects.filter(looked_at | set_up | kept))
