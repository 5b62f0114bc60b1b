"""A picture of the ledger without ids, codes and times: two journeys that end alike look alike.

    assert ledger_picture() == THE_JOURNEY

Accounts are named by organisation and name, issuances by their site and its how-manieth they are.
"""

from typing import Any

from accounts.models import Account
from registry.models import Entry, Holding, Issuance

Picture = dict[str, list[tuple[Any, ...]]]


def ledger_picture() -> Picture:
    """entries: kind, issuance, copy, serials, from, to, onward transfers, in the order of replay.

    holdings: issuance, copy, serials, place, onward transfers, in serial order.
    """
    names, places = _issuances(), _places()
    entries = Entry.objects.order_by("issuance__issued_at", "version", "copy", "serials")
    holdings = Holding.objects.order_by("issuance__issued_at", "copy", "serials")
    return {
        "entries": [
            (
                row.kind,
                names[row.issuance_id],
                row.copy,
                (row.serials.lower, row.serials.upper - 1),
                _place(places, row.from_account_id, row.from_state),
                _place(places, row.to_account_id, row.to_state),
                row.transfers,
            )
            for row in entries
        ],
        "holdings": [
            (
                names[row.issuance_id],
                row.copy,
                (row.first, row.last),
                _place(places, row.account_id, row.state),
                row.transfers,
            )
            for row in holdings
        ],
    }


def _issuances() -> dict[Any, str]:
    seen: dict[str, int] = {}
    names = {}
    for row in Issuance.objects.select_related("site").order_by("issued_at", "id"):
        seen[row.site.code] = seen.get(row.site.code, 0) + 1
        names[row.pk] = f"{row.site.code}/{seen[row.site.code]}"
    return names


def _places() -> dict[Any, str]:
    rows = Account.objects.select_related("organisation")
    return {row.pk: f"{row.organisation.name}, {row.name}" for row in rows}


def _place(places: dict[Any, str], account: Any, state: str) -> str:
    return f"{places[account]}: {state}" if account else ""


_IRON, _TRADING, _FLEET = "Nordmetall Iron AB, Iron", "Broker & Sons, Trading", "Auto Werke, Fleet"

# 1,000 t of iron are issued, 600 sold, 250 of those sold on and retired, through whichever door.
THE_JOURNEY: Picture = {
    "entries": [
        ("issue", "NMW1/1", 1, (1, 1000), "", f"{_IRON}: active", 0),
        ("propose", "NMW1/1", 1, (1, 600), f"{_IRON}: active", f"{_IRON}: reserved", 0),
        ("accept", "NMW1/1", 1, (1, 600), f"{_IRON}: reserved", f"{_TRADING}: active", 0),
        ("propose", "NMW1/1", 1, (1, 250), f"{_TRADING}: active", f"{_TRADING}: reserved", 0),
        ("accept", "NMW1/1", 1, (1, 250), f"{_TRADING}: reserved", f"{_FLEET}: active", 1),
        ("retire", "NMW1/1", 1, (1, 250), f"{_FLEET}: active", f"{_FLEET}: retired", 1),
    ],
    "holdings": [
        ("NMW1/1", 1, (1, 250), f"{_FLEET}: retired", 1),
        ("NMW1/1", 1, (251, 600), f"{_TRADING}: active", 0),
        ("NMW1/1", 1, (601, 1000), f"{_IRON}: active", 0),
    ],
}
