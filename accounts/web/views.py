"""One's own organisations: roles, people and who may do what in which account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.models import Account, AccountUserObjectPermission, Membership, Organisation
from accounts.permissions import Right, organisations_of
from accounts.roles import Role

COLUMNS = ["Person", "Account", "May see", "May start", "May approve"]
_RIGHTS = (Right.VIEW, Right.INITIATE, Right.APPROVE)


@access(Access.SIGNED_IN)
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    found = list(organisations_of(user).prefetch_related("role_rows").order_by("name"))
    context = {
        "organisations": [{"record": each, "summary": _summary(each)} for each in found],
        "columns": COLUMNS,
        "rows": _rights(found),
        "is_demonstration": any(each.is_demonstration for each in found),
    }
    return render(request, "accounts/organisation.html", context)


def _summary(found: Organisation) -> list[tuple[str, str]]:
    roles = sorted(Role(row.role).label for row in found.role_rows.all())
    return [
        ("Roles", ", ".join(roles)),
        ("Country", found.country),
        ("Legal identifier", found.registered_as or "not given"),
    ]


def _rights(found: list[Organisation]) -> list[list[str]]:
    """One row per member and account in which they have a right. Three queries."""
    granted: dict[tuple[Any, Any], set[str]] = {}
    rows = AccountUserObjectPermission.objects.filter(content_object__organisation__in=found)
    for user, where, codename in rows.values_list(
        "user_id", "content_object_id", "permission__codename"
    ):
        granted.setdefault((user, where), set()).add(codename)
    accounts = Account.objects.filter(organisation__in=found).in_bulk()
    members = (
        Membership.objects.filter(organisation__in=found)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    table = []
    for member in members:
        theirs = [
            (account, granted[member.user_id, account.pk])
            for account in accounts.values()
            if account.organisation_id == member.organisation_id
            and (member.user_id, account.pk) in granted
        ]
        for account, rights in sorted(theirs, key=lambda pair: pair[0].number):
            table.append(_row(member, str(account), rights))
        if not theirs:
            table.append(_row(member, "no account", set()))
    return table


def _row(member: Membership, account: str, rights: set[str]) -> list[str]:
    return [
        member.user.name,
        account,
        *("yes" if right.value in rights else "no" for right in _RIGHTS),
    ]
