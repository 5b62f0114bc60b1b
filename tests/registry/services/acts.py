"""Short ways to where a test begins."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, User
from accounts.roles import Role
from accounts.services import open_account, register_organisation
from registry.errors import RulesBroken
from registry.ledger import Line
from registry.models import Issuance, Transfer
from tests.cast import START, person


def put(issuance: Issuance, account: Account) -> None:
    """Its units into an account, past every rule, to keep the way there short."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_holding SET account_id = %s WHERE issuance_id = %s",
            [account.pk, issuance.pk],
        )


def account_of(role: Role) -> tuple[User, Account]:
    """A new organisation of this role: its one member, who may start actions in its account."""
    organisation = register_organisation(name=f"Another {role}", country="SE", roles={role})
    somebody = person("Sam", organisation)
    account = open_account(organisation=organisation, name="Units", rights={somebody: START})
    return somebody, account


def broken(refusal: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    """The rules that fail, in their order."""
    return [finding.rule for finding in refusal.value.failures]


def queries_of(act: Callable[[], Any]) -> int:
    """How many queries it takes."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def lines_of(transfer: Transfer) -> list[Line]:
    """What a transfer named, in order."""
    return sorted(
        Line(each.issuance_id, each.copy, each.serials.lower, each.serials.upper - 1)
        for each in transfer.lines.all()
    )
