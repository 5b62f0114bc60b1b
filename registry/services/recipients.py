"""Physical recipients (10.1): delivery notices, undertakings, and what is said in public."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db.models import Sum
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import require_initiator
from registry.errors import NotNow
from registry.evidence import inspect
from registry.models import DeliveryNotice, Disclosure, Issuance
from registry.services.notices import tell
from registry.services.productions import lock
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean
from registry.transitions import NOTICE_STEPS, NoticeState, actions, after

NOTICE_FIELDS = ("recipient", "recipient_name", "delivery_reference", "tonnes", "delivered_on")
DISCLOSURE_FIELDS = ("kind", "reference", "made_on", "intensity", "says_sold", "cover_page")

UNDERTAKING = (
    "We use the default emission factor of this notice for the metal delivered, and make no "
    "low-emissions claim with it: its environmental attributes are sold separately."
)
"""What a recipient undertakes, word for word."""


@retrying
def send_notice(
    *, by: User, now: datetime, key: str, issuance: Issuance, values: Mapping[str, Any]
) -> DeliveryNotice:
    """Tell one physical recipient the default factor of one delivery. values: of NOTICE_FIELDS.

    The factor is the baseline of the issuance (R055, R141). Raises NotVisible, Refused, BadInput:
    nobody named, a reference used before, more than was delivered, a day that cannot be.
    """
    require_initiator(by, issuance.producer)
    chosen = only(NOTICE_FIELDS, values)
    with once(
        by=by,
        key=key,
        kind="delivery_notice",
        now=now,
        input={"issuance": issuance.pk, **_plain(chosen)},
    ) as request:
        if request.is_repeat:
            return DeliveryNotice.objects.get(pk=request.answer["notice"])
        lock(issuance.production)  # orders notices of one production, whose tonnes add up
        recipient: Organisation | None = chosen.get("recipient")
        notice = DeliveryNotice(
            issuance=issuance,
            producer=issuance.producer,
            default_factor=issuance.baseline_intensity,
            sent_at=now,
            sent_by=by,
            **chosen,
        )
        notice.delivery_reference = (notice.delivery_reference or "").strip()
        if recipient is not None:
            notice.recipient_name = recipient.name
        save_clean(notice, **_notice_faults(notice, now.date()))
        if recipient is not None:
            tell(
                recipient,
                kind="delivery.notice",
                text=f"{issuance.producer} sent the default emission factor of delivery "
                f"{notice.delivery_reference}. Read it and give the undertaking.",
                at=now,
                about=notice,
                url=reverse("portal:delivery", args=[notice.pk]),
            )
        request.answer = {"notice": str(notice.pk)}
        return notice


@retrying
def give_undertaking(
    *, by: User, now: datetime, key: str, notice: DeliveryNotice
) -> DeliveryNotice:
    """The recipient's own person undertakes to make no low-emissions claim (UNDERTAKING)."""
    if notice.recipient is None:
        raise _not_in_the_registry()
    require_initiator(by, notice.recipient)
    with once(
        by=by, key=key, kind="delivery_notice.undertake", now=now, input={"notice": notice.pk}
    ) as request:
        locked = _lock(notice)
        if not request.is_repeat:
            _undertaken(locked, by, now)
            locked.save()
        return locked


@retrying
def record_undertaking(
    *, by: User, now: datetime, key: str, notice: DeliveryNotice, name: str, file: IO[bytes]
) -> DeliveryNotice:
    """The producer files what a recipient outside the registry signed. Raises BadInput: a file
    that is not what it says; NotNow: the recipient is here and undertakes itself."""
    require_initiator(by, notice.producer)
    if notice.recipient is not None:
        raise NotNow(
            found=f"{notice.recipient} is in this registry.",
            allowed="A recipient in the registry gives its undertaking itself.",
            action="Ask its people to do so; they have been told.",
        )
    seen = inspect(name, file)
    with once(
        by=by,
        key=key,
        kind="delivery_notice.evidence",
        now=now,
        input={"notice": notice.pk, "name": name, "sha256": seen.sha256},
    ) as request:
        locked = _lock(notice)
        if not request.is_repeat:
            _undertaken(locked, by, now)
            locked.undertaking_name = name[:200]
            locked.undertaking_media_type = seen.media_type
            locked.undertaking_sha256 = seen.sha256
            locked.undertaking_file.save(seen.sha256, ContentFile(seen.content), save=False)
            locked.save()
        return locked


@retrying
def withdraw_notice(*, by: User, now: datetime, key: str, notice: DeliveryNotice) -> DeliveryNotice:
    """Take back a notice nobody has answered yet; its reference can then be used again."""
    require_initiator(by, notice.producer)
    with once(
        by=by, key=key, kind="delivery_notice.withdraw", now=now, input={"notice": notice.pk}
    ) as request:
        locked = _lock(notice)
        if not request.is_repeat:
            locked.state = _step(locked, "withdraw")
            locked.save(update_fields=["state"])
        return locked


@retrying
def record_disclosure(
    *, by: User, now: datetime, key: str, issuance: Issuance, values: Mapping[str, Any]
) -> Disclosure:
    """Record how a public statement of the product's intensity reads from a day on (R142–R144).

    values: of DISCLOSURE_FIELDS; no intensity means that it is withheld. What breaks a rule is
    recorded as well, and the rule says so.
    """
    require_initiator(by, issuance.producer)
    chosen = only(DISCLOSURE_FIELDS, values)
    with once(
        by=by, key=key, kind="disclosure", now=now, input={"issuance": issuance.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return Disclosure.objects.get(pk=request.answer["disclosure"])
        disclosure = Disclosure(issuance=issuance, recorded_at=now, recorded_by=by, **chosen)
        disclosure.reference = (disclosure.reference or "").strip()
        faults: dict[str, list[str]] = {}
        if _is_day(disclosure.made_on) and disclosure.made_on > now.date():
            faults["made_on"] = ["Record it once it reads so: give a date of today or before."]
        if disclosure.cover_page and disclosure.kind != Disclosure.Kind.EPD:
            faults["cover_page"] = ["Only an EPD has a cover page."]
        save_clean(disclosure, **faults)
        request.answer = {"disclosure": str(disclosure.pk)}
        return disclosure


def _notice_faults(notice: DeliveryNotice, today: date) -> dict[str, list[str]]:
    """What is wrong beyond the shape of each field, by field."""
    faults: dict[str, list[str]] = {}
    issuance = notice.issuance
    if notice.recipient_id == notice.producer_id:
        faults["recipient"] = ["The recipient is another organisation than your own."]
    if not notice.recipient_name.strip():
        faults["recipient_name"] = ["Choose a recipient of the registry, or name it."]
    # Withdrawn references are free again, as the constraint has it.
    used = DeliveryNotice.objects.filter(
        producer=notice.producer, delivery_reference=notice.delivery_reference
    ).exclude(state=NoticeState.WITHDRAWN)
    if notice.delivery_reference and used.exists():
        faults["delivery_reference"] = [
            f"You gave {notice.delivery_reference} to another delivery; give each its own."
        ]
    on = notice.delivered_on
    if _is_day(on) and not issuance.vintage_start <= on <= today:
        faults["delivered_on"] = [f"Give a day from {issuance.vintage_start} to {today}."]
    told = told_tonnes(issuance)
    left = issuance.delivered_tonnes - told
    if type(notice.tonnes) is int and notice.tonnes > left:
        faults["tonnes"] = [
            f"{issuance.delivered_tonnes} t were delivered, {told} t have a notice; "
            f"{left} t are left."
        ]
    return faults


def told_tonnes(issuance: Issuance) -> int:
    """Tonnes of an issuance's production that a notice stands for."""
    rows = issuance.notices.exclude(state=NoticeState.WITHDRAWN)
    return int(rows.aggregate(sum=Sum("tonnes"))["sum"] or 0)


def _undertaken(notice: DeliveryNotice, by: User, now: datetime) -> None:
    notice.state = _step(notice, "undertake")
    notice.undertaken_at, notice.undertaken_by = now, by


def _step(notice: DeliveryNotice, action: str) -> str:
    to_state = after(NOTICE_STEPS, notice.state, action)
    if to_state is None:
        possible = ", ".join(actions(NOTICE_STEPS, notice.state)) or "nothing more"
        raise NotNow(
            found=f"The notice is {NoticeState(notice.state).label}.",
            allowed=f"From there, possible is: {possible}.",
            action="Reload the page to see where it stands.",
        )
    return to_state


def _lock(notice: DeliveryNotice) -> DeliveryNotice:
    rows = DeliveryNotice.objects.select_for_update(of=("self",))
    return rows.select_related("issuance__site", "producer", "recipient").get(pk=notice.pk)


def _not_in_the_registry() -> NotNow:
    return NotNow(
        found="The recipient is not in this registry.",
        allowed="Its producer files what the recipient signed.",
        action="Upload the signed undertaking.",
    )


def _is_day(value: object) -> bool:
    return type(value) is date


def _plain(values: Mapping[str, Any]) -> dict[str, object]:
    return {name: getattr(value, "pk", value) for name, value in values.items()}
