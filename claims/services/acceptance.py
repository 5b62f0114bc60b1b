"""What programmes say of claims: the operator keeps it up to date."""

from datetime import datetime

from accounts.models import User
from accounts.permissions import require_operator
from claims.models import ProgrammeAcceptance
from registry.services.shape import save_clean


def keep_acceptance(*, by: User, now: datetime, row: ProgrammeAcceptance) -> ProgrammeAcceptance:
    """Save what a programme says, with who and when. Raises Refused, BadInput.

    Statements made before keep what they said: it stands in their documents.
    """
    require_operator(by)
    row.updated_at, row.updated_by = now, by
    save_clean(row)
    return row
