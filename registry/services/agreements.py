"""Agreements between issuer and buyers, recorded at execution and unchanged after (7.1, 9.3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Organisation, User
from accounts.permissions import require_initiator
from registry.errors import BadInput
from registry.models import Agreement, AgreementParty
from registry.services.readings import require_producer
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean

AGREEMENT_FIELDS = (
    "reference",
    "executed_on",
    "transfers_allowed",
    "claims_agreed",
    "end_use",
    "offtake_share",
)


@retrying
def record_agreement(
    *,
    by: User,
    now: datetime,
    key: str,
    issuer: Organisation,
    buyers: Sequence[Organisation],
    values: Mapping[str, Any],
) -> Agreement:
    """Record an executed agreement. values: keys of AGREEMENT_FIELDS.

    Raises NotVisible, Refused, BadInput: no buyer, the issuer among the buyers, an execution in
    the future, a reference used before.
    """
    require_initiator(by, issuer)
    require_producer(issuer, now.date())
    chosen = only(AGREEMENT_FIELDS, values)
    with once(
        by=by,
        key=key,
        kind="agreement",
        now=now,
        input={
            "issuer": issuer.pk,
            "buyers": sorted(str(buyer.pk) for buyer in buyers),
            **chosen,
        },
    ) as request:
        if request.is_repeat:
            return Agreement.objects.get(pk=request.answer["agreement"])
        if not buyers or issuer in buyers:
            raise BadInput({"buyers": ["Name at least one buyer, other than your organisation."]})
        agreement = Agreement(issuer=issuer, recorded_at=now, **chosen)
        if agreement.executed_on is not None and agreement.executed_on > now.date():
            raise BadInput(
                {"executed_on": ["An executed agreement has a date of today or before."]}
            )
        save_clean(agreement)
        AgreementParty.objects.bulk_create(
            AgreementParty(agreement=agreement, organisation=buyer) for buyer in set(buyers)
        )
        request.answer = {"agreement": str(agreement.pk)}
        return agreement
