"""Agreements between issuer and buyers, recorded at execution and unchanged after (7.1, 9.3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.errors import NotVisible
from accounts.models import Organisation, User
from accounts.permissions import require_initiator
from registry.errors import BadInput, NotNow
from registry.models import (
    Agreement,
    AgreementConfirmation,
    AgreementParty,
    CommercialTerms,
)
from registry.services.agreement_terms import plain_terms, record_terms
from registry.services.notices import tell_all
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
    rights: Mapping[str, Any] | None = None,
    seats: Sequence[Mapping[str, Any]] = (),
    commercial_terms: str = "",
) -> Agreement:
    """Record an executed agreement. values: keys of AGREEMENT_FIELDS.

    rights, seats: see agreement_terms.record_terms. commercial_terms: for the parties alone.
    Raises NotVisible, Refused, BadInput with what does not fit together.
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
            **plain_terms(rights, seats, commercial_terms),
        },
    ) as request:
        if request.is_repeat:
            return Agreement.objects.get(pk=request.answer["agreement"])
        if not buyers or issuer in buyers:
            raise BadInput({"buyers": ["Name at least one buyer, other than your organisation."]})
        agreement = Agreement(issuer=issuer, recorded_at=now, **chosen)
        _require_executed(agreement, now)
        save_clean(agreement)
        AgreementParty.objects.bulk_create(
            AgreementParty(agreement=agreement, organisation=buyer) for buyer in set(buyers)
        )
        if rights is not None or seats:
            record_terms(agreement, set(buyers), rights or {}, seats, on=now.date())
        if commercial_terms.strip():
            save_clean(CommercialTerms(agreement=agreement, text=commercial_terms))
        _tell_buyers(agreement, buyers, now)
        request.answer = {"agreement": str(agreement.pk)}
        return agreement


@retrying
def confirm_agreement(
    *, by: User, now: datetime, key: str, agreement: Agreement, organisation: Organisation
) -> AgreementConfirmation:
    """A buyer confirms that the agreement was executed as recorded.

    Raises NotVisible for whoever is no party, Refused, NotNow when it is confirmed already.
    """
    require_initiator(by, organisation)
    if not agreement.parties.filter(organisation=organisation).exists():
        raise NotVisible(f"agreement {agreement.pk}")
    with once(
        by=by,
        key=key,
        kind="agreement.confirm",
        now=now,
        input={"agreement": agreement.pk, "organisation": organisation.pk},
    ) as request:
        if request.is_repeat:
            return AgreementConfirmation.objects.get(pk=request.answer["confirmation"])
        try:
            with transaction.atomic():
                confirmation = AgreementConfirmation.objects.create(
                    agreement=agreement, organisation=organisation, by=by, at=now
                )
        except IntegrityError as error:
            raise NotNow(
                found=f"{organisation.name} has confirmed {agreement.reference} already.",
                allowed="A party confirms once.",
                action="Nothing is left to be done.",
            ) from error
        request.answer = {"confirmation": str(confirmation.pk)}
        return confirmation


def _require_executed(agreement: Agreement, now: datetime) -> None:
    if agreement.executed_on is not None and agreement.executed_on > now.date():
        raise BadInput({"executed_on": ["An executed agreement has a date of today or before."]})


def _tell_buyers(agreement: Agreement, buyers: Sequence[Organisation], now: datetime) -> None:
    tell_all(
        buyers,
        kind="agreement",
        text=f"{agreement.issuer.name} recorded agreement {agreement.reference} with you. Confirm "
        "it if it is as executed.",
        at=now,
        about=agreement,
        url=reverse("portal:agreement", args=[agreement.pk]),
    )
