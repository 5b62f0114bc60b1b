"""Blocks on accounts: set when something about their units is wrong, lifted by the operator."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Account, AccountBlock, User
from accounts.permissions import require_operator


def block(*, accounts: Iterable[UUID], reason: str, now: datetime) -> int:
    """Block these accounts; how many were not blocked before, whose reason stays.

    What is wrong may name an account that is not there: that one is passed over.
    """
    wanted = set(Account.objects.filter(pk__in=set(accounts)).values_list("pk", flat=True))
    standing = AccountBlock.objects.filter(account__in=wanted, lifted_at__isnull=True)
    new = wanted - set(standing.values_list("account_id", flat=True))
    # Somebody may block one of them at this very moment: once is enough.
    AccountBlock.objects.bulk_create(
        [AccountBlock(account_id=account, reason=reason, at=now) for account in sorted(new)],
        ignore_conflicts=True,
    )
    return len(new)


def blocked() -> QuerySet[AccountBlock, UUID]:
    """The ids of the accounts that are blocked, for a subquery."""
    return AccountBlock.objects.filter(lifted_at__isnull=True).values_list("account_id", flat=True)


def lift(*, by: User, blocks: QuerySet[AccountBlock], now: datetime) -> int:
    """Lift the blocks among these that still stand; how many. Raises Refused but for operators."""
    require_operator(by)
    return blocks.filter(lifted_at__isnull=True).update(lifted_at=now, lifted_by=by)
