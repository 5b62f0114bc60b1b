"""No page or endpoint over the ledger asks the database more often for many rows than for few."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve

from tests.journeys.filled import Filled, begin, fill

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 12
# What a page may take in all, session and rights included.
MOST = 60

_ISSUANCE = "issuances/{on.iron.code}/"
_RETIREMENT = "retirements/{on.retirement.code}/"
_STATEMENT = "statements/{on.statement.code}"
_INVENTORY = "inventories/{on.inventory.pk}/"
_IRON = "accounts/{on.people.iron_account.number}/"
_TRADE = "accounts/{on.people.broker_account.number}/"
_DESK = "accounts/{on.people.broker_desk.number}/"

# Who reads ("" for anybody), and what; api: endpoints, all others are pages and files.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/register/issuances/",
        f"/register/{_ISSUANCE}",
        "/register/issuances/{on.scene.issuance.code}/",
        "/register/issuances/{on.iron.code}/conformance.json",
        "/register/issuances.csv",
        "/register/retirements/",
        f"/register/{_RETIREMENT}",
        f"/register/{_RETIREMENT}certificate.json",
        f"/register/{_RETIREMENT}certificate.pdf",
        "/register/retirements.json",
        "/register/certificates/?code={on.retirement.code}",
        "/register/cancellations/",
        "/register/cancellations/{on.cancellation.code}/",
        "/register/suspensions/",
        "/register/suspensions/{on.suspension.code}/",
        "/register/units/?identifier={on.units}",
        "/register/deliveries/?reference=DN-1",
        "/register/statements/",
        f"/register/{_STATEMENT}/",
        f"/register/{_STATEMENT}/lines/",
        f"/register/{_STATEMENT}.json",
        f"/register/{_STATEMENT}.pdf",
        f"/register/{_STATEMENT}.xlsx",
        "/log/",
        "api/register/issuances/",
        f"api/register/{_ISSUANCE}",
        f"api/register/{_ISSUANCE}conformance/",
        "api/register/retirements/",
        f"api/register/{_RETIREMENT}",
        "api/register/units/?identifier={on.units}",
        "api/register/deliveries/?reference=DN-1",
        "api/register/statements/",
        f"api/register/{_STATEMENT}/",
        "api/register/log/",
    ),
    "alice": (
        "/home/",
        "/notices/",
        "/sites/{on.iron.site.code}/",
        "/productions/",
        "/productions/{on.iron.production_id}/",
        "/productions/{on.iron.production_id}/recipients/",
        "/deliveries/",
        "/accounts/",
        f"/{_IRON}",
        "/transfers/",
        "/transfers/new/",
        "/transfers/{on.offer.pk}/",
        "/deliveries/{on.delivery.pk}/",
        "/cancellations/",
        "/cancellations/new/",
        "/cancellations/{on.cancellation.code}/",
        "api/accounts/",
        f"api/{_IRON}holdings/",
        "api/transfers/",
        "api/transfers/{on.offer.pk}/",
        "api/cancellations/",
        "api/cancellations/{on.cancellation.code}/",
        "api/deliveries/",
        "api/deliveries/{on.delivery.pk}/",
        "api/notices/",
        "api/productions/",
        "api/productions/{on.iron.production_id}/",
        "api/productions/{on.iron.production_id}/recipients/",
        "api/productions/{on.iron.production_id}/notices/",
    ),
    "bob": (
        "/home/",
        "/transfers/",
        f"/{_TRADE}",
        f"/{_DESK}policy/",
        "/retirements/",
        "/retirements/new/",
        f"/{_RETIREMENT}",
        "/retirements/{on.order.code}/",
        "/co-claims/",
        "/co-claims/{on.co_claim.code}/",
        f"api/{_TRADE}holdings/",
        f"api/{_DESK}policy/",
        f"api/{_DESK}policy/changes/",
        "api/retirements/",
        f"api/{_RETIREMENT}",
        "api/retirements/{on.order.code}/",
        "api/co-claims/",
        "api/co-claims/{on.co_claim.code}/",
    ),
    "bea": ("/home/", "/cancellations/", f"/{_DESK}policy/", "api/cancellations/"),
    "carl": (
        "/home/",
        "/co-claims/",
        "/co-claims/new/",
        "/co-claims/{on.co_claim.code}/",
        f"/{_INVENTORY}",
        f"/{_INVENTORY}claims/new/",
        f"/{_INVENTORY}claims/{{on.claim.code}}/",
        f"/{_INVENTORY}plan/",
        f"/{_STATEMENT}/",
        f"api/{_INVENTORY}units/",
        f"api/{_INVENTORY}claims/",
        f"api/{_INVENTORY}claims/pending/",
        f"api/{_INVENTORY}statements/",
        "api/claims/{on.claim.code}/",
        f"api/{_STATEMENT}/",
    ),
    "erik": ("/home/", "/co-claims/", "/agreements/{on.scene.agreement.pk}/"),
    "olga": (
        "/home/",
        "/applications/",
        "/cancellations/",
        "/cancellations/expired/",
        "/suspensions/",
        "/suspensions/{on.suspension.code}/",
        "/suspensions/{on.suspension.code}/trace.json",
        "/suspensions/{on.suspension.code}/trace.csv",
        "/suspensions/new/",
        "/suspensions/{on.suspension.code}/end/",
        "/adjustments/new/",
        "/adjustments/{on.adjustment.code}/",
        "/editions/",
        "api/suspensions/",
        "api/suspensions/{on.suspension.code}/",
        "api/suspensions/{on.suspension.code}/trace/",
        "api/adjustments/{on.adjustment.code}/",
        "api/adjustments/",
        "api/approvals/",
    ),
}
# What shows rows of the ledger, and of what leans on it.
OVER_THE_LEDGER = re.compile(
    r"(api/v1/)?(\^?register|home|log|notices|accounts|transfers|co-claims|retirements|cancellations"
    r"|suspensions|adjustments|deliveries|claims|inventories/<uuid:(pk|id)>/(claims|plan|units))/"
)
# Of these addresses, what shows none: steps that lead back to a page above, reference data, and
# files as they lie on the disk.
NO_ROWS = re.compile(
    r".*/(start|approve|accept|decline|withdraw|consent|confirm|name|read|undertake|undertaking|cooling-off"
    r"|file|limits|trust|distrust)/$|.*/notice\.(json|pdf)$|.*/conformance\.pdf$|.*register/(baselines|acceptance).*|\^log/.*"
    r"|.*/log/proofs/.*"
)
TABLE = [(reader, address) for reader, addresses in ADDRESSES.items() for address in addresses]


@pytest.fixture(scope="module")
def counted(shared_database: None) -> dict[tuple[str, str], list[int]]:
    """For each address how many queries it took, with few rows and with many."""
    on = begin()
    found: dict[tuple[str, str], list[int]] = {}
    clients = {reader: _client(on, reader) for reader in ADDRESSES}
    for number in (FEW, MANY):
        fill(on, number)
        for row in TABLE:
            reader, address = row
            # The first time a process looks up what it then knows.
            for _ in range(2 if number == FEW else 1):
                took = _queries(clients[reader], _full(address, on))
            found.setdefault(row, []).append(took)
    return found


@pytest.mark.parametrize(("reader", "address"), TABLE)
def test_as_many_queries_for_many_rows_as_for_few(
    counted: dict[tuple[str, str], list[int]], reader: str, address: str
) -> None:
    few, many = counted[reader, address]
    assert few == many <= MOST


def test_every_address_over_the_ledger_is_in_the_table() -> None:
    read = {resolve(_full(address, None).partition("?")[0]).route for _, address in TABLE}
    missing = {
        route
        for route in _routes(get_resolver())
        if OVER_THE_LEDGER.match(route) and not NO_ROWS.match(route)
    }
    assert missing - read == set()


def _routes(resolver: Any, before: str = "") -> Iterator[str]:
    """The routes that can be read: a page takes GET, an endpoint where it says so."""
    for pattern in resolver.url_patterns:
        route = f"{before}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route)
        elif hasattr(getattr(pattern.callback, "cls", pattern.callback), "get") or not hasattr(
            pattern.callback, "cls"
        ):
            yield route


def _client(on: Filled, reader: str) -> Client:
    client = Client()
    if reader:
        client.force_login(getattr(on.people, reader))
    return client


def _full(address: str, on: Filled | None) -> str:
    """Without a registry: with anything where a record is named."""
    path = re.sub("^api/", "/api/v1/", address)
    if on is not None:
        return path.format(on=on)
    named = re.sub(r"\{[^}]*(pk|_id)\}", str(uuid4()), path)
    return re.sub(r"\{[^}]*\}", "A1", named)


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response: Any = client.get(path)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200, (path, response.status_code)
    return len(queries)
