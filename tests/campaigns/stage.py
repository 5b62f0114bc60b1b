"""What a kill campaign needs before it starts: people with tokens, accounts, and units to move.

Run as a process of its own, in the run directory of the campaign: it prints one JSON object.
"""

from __future__ import annotations

import json
import os

TONNES = 400_000
ISSUANCES = 4


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config import services

    services.ensure()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps(_stage()), flush=True)  # noqa: T201


def _stage() -> dict[str, object]:
    from django.utils import timezone

    from registry.queries import Wanted
    from registry.services.transfers import accept_transfer, propose_transfer
    from tests.cast import cast, issue, key
    from tests.support.programs import access_token

    people = cast()
    issued = [issue(people, tonnes=TONNES, steel=True) for _ in range(ISSUANCES)]
    # Half of it where it is retired, so that both kinds of act have units from the start.
    transfer = propose_transfer(
        by=people.erik,
        now=timezone.now(),
        key=key(),
        from_account=people.steel_account,
        to_account=people.broker_account,
        units=Wanted(TONNES * ISSUANCES // 2),
        surrendered=True,
    )
    accept_transfer(by=people.bob, now=timezone.now(), key=key(), transfer=transfer)
    return {
        "seller": access_token(people.erik, minutes=60 * 24),
        "buyer": access_token(people.bob, minutes=60 * 24),
        "source": people.steel_account.number,
        "target": people.broker_account.number,
        "units": sum(each.quantity for each in issued),
        "first_transfer": str(transfer.pk),
    }


if __name__ == "__main__":
    main()
