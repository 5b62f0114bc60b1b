"""What lets an auditor verify, recorded by the operator (5.3)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import Organisation, User
from accounts.permissions import require_operator, roles_of
from accounts.roles import Role
from registry.errors import BadInput
from registry.models import Accreditation
from registry.models.audit import Scope
from registry.rulebook.facts import Basis
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean

ACCREDITATION_FIELDS = (
    "body",
    "basis",
    "scopes",
    "valid_from",
    "valid_until",
    "attested_on",
    "reference",
)


@retrying
def record_accreditation(
    *, by: User, now: datetime, key: str, auditor: Organisation, values: Mapping[str, Any]
) -> Accreditation:
    """Record one accreditation of an auditor. values: keys of ACCREDITATION_FIELDS.

    Raises Refused for anybody but an operator, BadInput.
    """
    require_operator(by)
    chosen = only(ACCREDITATION_FIELDS, values)
    with once(
        by=by, key=key, kind="accreditation", now=now, input={"auditor": auditor.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return Accreditation.objects.get(pk=request.answer["accreditation"])
        row = Accreditation(auditor=auditor, recorded_at=now, recorded_by=by, **chosen)
        save_clean(row, **_faults(row))
        request.answer = {"accreditation": str(row.pk)}
        return row


@retrying
def end_accreditation(
    *, by: User, now: datetime, key: str, accreditation: Accreditation, on: date
) -> Accreditation:
    """End an accreditation early: `on` becomes its last day. Raises Refused, BadInput."""
    require_operator(by)
    with once(
        by=by,
        key=key,
        kind="accreditation.end",
        now=now,
        input={"accreditation": accreditation.pk, "on": on},
    ) as request:
        row = Accreditation.objects.select_for_update().get(pk=accreditation.pk)
        if request.is_repeat:
            return row
        if not row.valid_from <= on <= row.valid_until:
            raise BadInput(
                {"on": [f"Give a day from {row.valid_from} to {row.valid_until}, its last so far."]}
            )
        row.valid_until = on
        save_clean(row)
        return row


def _faults(row: Accreditation) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if Role.AUDITOR not in roles_of(row.auditor):
        faults["auditor"] = [f"{row.auditor} is not registered as an auditor."]
    scopes = row.scopes
    known = isinstance(scopes, list) and all(each in Scope.values for each in scopes)
    if not known or not scopes or len(set(scopes)) < len(scopes):
        faults["scopes"] = [f"Choose one or more of {', '.join(Scope.values)}, each once."]
    start, end = row.valid_from, row.valid_until
    if isinstance(start, date) and isinstance(end, date) and end < start:
        faults["valid_until"] = [f"It is valid from {start}; end it then or after."]
    if row.basis == Basis.ANNEX_3 and row.attested_on is None:
        faults["attested_on"] = ["Give the day of the attestation of Annex 3, 1.1 and 3.3/3.5."]
    return faults
