"""What is due is final before it is shown: a retirement by its date, not by when a sweep ran."""

from django.utils import timezone

from registry.services.retirements import settle_due

# A reader waits for so many at most, the first due; after days without a sweep the next goes on.
_MOST = 100


def settle(*, code: str | None = None, issuance: str | None = None) -> None:
    """Make final the orders that are due: one, those of an issuance, or any. One query if none."""
    settle_due(now=timezone.now(), code=code, issuance=issuance, most=_MOST)
