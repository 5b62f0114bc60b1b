"""Delivery notices, undertakings and public statements: who may, what is refused, what is kept."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from registry.errors import BadInput, NotNow
from registry.models import DeliveryNotice, Disclosure, EpdDuty, Issuance, Notice
from registry.queries import Wanted
from registry.services.recipient_cases import findings_on_recipients
from registry.services.recipients import (
    give_undertaking,
    record_disclosure,
    record_undertaking,
    send_notice,
    withdraw_notice,
)
from registry.services.transfers import propose_transfer
from tests.cast import Cast, cast, issue, key
from tests.registry.public.conftest import sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    """800 units of 1,000 t delivered, of a product with an EPD."""
    return issue(
        people, delivered_tonnes=1_000, tonnes=800, epd="EPD-SE-0017", epd_verifier="Veritas"
    )


def notify(people: Cast, issuance: Issuance, **values: Any) -> DeliveryNotice:
    given: dict[str, Any] = {
        "recipient_name": "Rolling Mill AB",
        "delivery_reference": f"DN-{DeliveryNotice.objects.count() + 1}",
        "tonnes": 100,
        "delivered_on": issuance.vintage_end,
    }
    by = values.pop("by", people.alice)
    return send_notice(
        by=by, now=timezone.now(), key=key(), issuance=issuance, values=given | values
    )


def disclose(people: Cast, issuance: Issuance, **values: Any) -> Disclosure:
    given: dict[str, Any] = {
        "kind": "epd",
        "reference": "EPD-SE-0017",
        "made_on": timezone.localdate(),
        "intensity": issuance.baseline_intensity,
        "says_sold": True,
    }
    return record_disclosure(
        by=people.alice, now=timezone.now(), key=key(), issuance=issuance, values=given | values
    )


def undertake(by: Any, notice: DeliveryNotice) -> DeliveryNotice:
    return give_undertaking(by=by, now=timezone.now(), key=key(), notice=notice)


def file(by: Any, notice: DeliveryNotice, content: bytes = b"%PDF-1.7 signed") -> DeliveryNotice:
    return record_undertaking(
        by=by,
        now=timezone.now(),
        key=key(),
        notice=notice,
        name="undertaking.pdf",
        file=BytesIO(content),
    )


def outcomes(issuance: Issuance, on: date | None = None) -> dict[str, str]:
    found = findings_on_recipients(issuance, on=on or timezone.localdate())
    return {each.rule: str(each.outcome) for each in found}


def test_a_notice_carries_the_baseline_of_the_issuance(people: Cast, issuance: Issuance) -> None:
    """R055, R141."""
    notice = notify(people, issuance)
    assert notice.default_factor == issuance.baseline_intensity == Decimal("1.9")
    assert outcomes(issuance)["R141"] == "warn"
    file(people.alice, notice)
    assert outcomes(issuance)["R141"] == outcomes(issuance)["R055"] == "pass"


def test_a_recipient_of_the_registry_is_told_and_undertakes_itself(
    people: Cast, issuance: Issuance
) -> None:
    notice = notify(people, issuance, recipient=people.auto_werke, recipient_name="")
    assert notice.recipient_name == "Auto Werke"
    told = Notice.objects.get(organisation=people.auto_werke)
    assert str(notice.pk) in told.url
    with pytest.raises(NotNow):
        file(people.alice, notice)
    done = undertake(people.carl, notice)
    assert (done.state, done.undertaken_by) == ("undertaken", people.carl)


def test_nobody_else_undertakes_for_a_recipient(people: Cast, issuance: Issuance) -> None:
    notice = notify(people, issuance, recipient=people.auto_werke)
    with pytest.raises(NotVisible):
        undertake(people.bob, notice)
    with pytest.raises(NotVisible):
        undertake(people.alice, notice)
    with pytest.raises(NotNow):
        undertake(people.alice, notify(people, issuance))


def test_the_signed_file_of_a_recipient_outside_is_kept_by_its_hash(
    people: Cast, issuance: Issuance
) -> None:
    done = file(people.alice, notify(people, issuance))
    assert done.undertaking_media_type == "application/pdf"
    assert len(done.undertaking_sha256) == 64
    with pytest.raises(NotNow):
        file(people.alice, done)


def test_a_file_that_is_not_what_it_says_is_refused(people: Cast, issuance: Issuance) -> None:
    notice = notify(people, issuance)
    for content in (b"", b"not a pdf"):
        with pytest.raises(BadInput):
            file(people.alice, notice, content)
    assert DeliveryNotice.objects.get(pk=notice.pk).state == "sent"


def test_an_outsider_and_a_member_who_may_only_look_send_nothing(
    people: Cast, issuance: Issuance
) -> None:
    with pytest.raises(NotVisible):
        notify(people, issuance, by=people.erik)
    with pytest.raises(Refused):
        notify(people, issuance, by=people.anton)
    assert not DeliveryNotice.objects.exists()


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"recipient_name": "  "}, "recipient_name"),
        ({"delivery_reference": "   "}, "delivery_reference"),
        ({"delivery_reference": "x" * 61}, "delivery_reference"),
        ({"tonnes": 0}, "tonnes"),
        ({"tonnes": -1}, "tonnes"),
        ({"tonnes": 1_001}, "tonnes"),
        ({"tonnes": None}, "tonnes"),
        ({"delivered_on": None}, "delivered_on"),
        ({"delivered_on": TOMORROW}, "delivered_on"),
        ({"delivered_on": date(2001, 1, 1)}, "delivered_on"),
        ({"default_factor": Decimal("0.1")}, "default_factor"),
    ],
)
def test_a_wrong_notice_names_its_field(
    people: Cast, issuance: Issuance, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as bad:
        notify(people, issuance, **wrong)
    assert field in bad.value.errors


def test_a_producer_delivers_to_others(people: Cast, issuance: Issuance) -> None:
    with pytest.raises(BadInput) as bad:
        notify(people, issuance, recipient=people.nordmetall)
    assert "recipient" in bad.value.errors


def test_notices_never_stand_for_more_than_was_delivered(people: Cast, issuance: Issuance) -> None:
    notify(people, issuance, tonnes=600)
    with pytest.raises(BadInput) as bad:
        notify(people, issuance, tonnes=401)
    assert "400 t are left" in bad.value.errors["tonnes"][0]
    notify(people, issuance, tonnes=400)


def test_a_reference_is_given_once_until_it_is_withdrawn(people: Cast, issuance: Issuance) -> None:
    first = notify(people, issuance, delivery_reference="DN-7", tonnes=1_000)
    with pytest.raises(BadInput) as bad:
        notify(people, issuance, delivery_reference=" DN-7 ")
    assert "delivery_reference" in bad.value.errors
    withdraw_notice(by=people.alice, now=timezone.now(), key=key(), notice=first)
    notify(people, issuance, delivery_reference="DN-7", tonnes=1_000)
    with pytest.raises(NotNow):
        withdraw_notice(by=people.alice, now=timezone.now(), key=key(), notice=first)


def test_what_was_undertaken_is_not_withdrawn(people: Cast, issuance: Issuance) -> None:
    done = file(people.alice, notify(people, issuance))
    with pytest.raises(NotNow):
        withdraw_notice(by=people.alice, now=timezone.now(), key=key(), notice=done)


def test_a_repeat_sends_one_notice(people: Cast, issuance: Issuance) -> None:
    values = {
        "recipient_name": "Mill",
        "delivery_reference": "DN-1",
        "tonnes": 10,
        "delivered_on": issuance.vintage_end,
    }
    once = key()
    sent = [
        send_notice(by=people.alice, now=timezone.now(), key=once, issuance=issuance, values=values)
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    assert DeliveryNotice.objects.count() == 1


def test_the_due_day_of_the_epd_is_stored_at_issuance(people: Cast, issuance: Issuance) -> None:
    """R143: the ninetieth day, inclusive."""
    duty = EpdDuty.objects.get(issuance=issuance)
    assert duty.due_on == issuance.issued_on + timedelta(days=90)
    assert outcomes(issuance, duty.due_on)["R143"] == "warn"
    assert outcomes(issuance, duty.due_on + timedelta(days=1))["R143"] == "fail"
    disclose(people, issuance)
    assert outcomes(issuance, duty.due_on + timedelta(days=1))["R143"] == "pass"


def test_the_first_transfer_out_of_the_issuers_account_ends_the_time(
    people: Cast, issuance: Issuance
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert outcomes(issuance, tomorrow)["R143"] == "warn"
    sell(people, issuance, 50, taken=False)
    assert outcomes(issuance, tomorrow)["R143"] == "warn"
    sell(people, issuance, 50)
    assert outcomes(issuance, tomorrow)["R143"] == "fail"


def test_without_an_epd_there_is_no_such_duty(people: Cast) -> None:
    plain = issue(people)
    assert not EpdDuty.objects.exists()
    assert outcomes(plain)["R143"] == "not applicable"


def test_the_last_wording_of_a_statement_counts(people: Cast, issuance: Issuance) -> None:
    """R142, AMB-14: withheld or with the notice, both are allowed."""
    page = {"kind": "website", "reference": "example.test", "says_sold": False}
    earlier = timezone.localdate() - timedelta(days=3)
    disclose(people, issuance, **page, made_on=earlier)
    assert outcomes(issuance)["R142"] == "fail"
    disclose(people, issuance, **page, intensity=None)
    assert outcomes(issuance)["R142"] == "pass"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"reference": " "}, "reference"),
        ({"made_on": None}, "made_on"),
        ({"made_on": TOMORROW}, "made_on"),
        ({"intensity": Decimal("-0.1")}, "intensity"),
        ({"kind": "website", "cover_page": True}, "cover_page"),
    ],
)
def test_a_wrong_statement_names_its_field(
    people: Cast, issuance: Issuance, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as bad:
        disclose(people, issuance, **wrong)
    assert field in bad.value.errors


def test_the_application_says_what_will_be_due(people: Cast, issuance: Issuance) -> None:
    stored = {each["rule"]: each for each in issuance.findings}
    assert stored["R141"]["outcome"] == "not applicable"
    assert "factor 1.9 t CO2e/t" in stored["R141"]["found"]
    assert "90 days" in stored["R143"]["found"]


def test_in_public_no_reference_is_named(people: Cast, issuance: Issuance) -> None:
    notify(people, issuance, delivery_reference="SECRET-1")
    found = findings_on_recipients(issuance, on=timezone.localdate())
    assert not any("SECRET" in each.found for each in found)
    named = findings_on_recipients(issuance, on=timezone.localdate(), named=True)
    assert any("SECRET" in each.found for each in named)


def test_the_first_transfer_warns_that_the_epd_falls_due(people: Cast) -> None:
    """R143: shown with the offer, which it does not refuse; silent once the EPD is updated."""
    product = {"epd": "EPD-1", "epd_verifier": "Verifier"}
    due, updated, without = (issue(people, **each) for each in (product, product, {}))
    record_disclosure(
        by=people.alice,
        now=timezone.now(),
        key=key(),
        issuance=updated,
        values={
            "kind": "epd",
            "reference": "EPD-1",
            "made_on": timezone.localdate(),
            "intensity": updated.baseline_intensity,
            "says_sold": True,
        },
    )
    warned = []
    for issuance in (due, updated, without):
        offer = propose_transfer(
            by=people.alice,
            now=timezone.now(),
            key=key(),
            from_account=people.iron_account,
            to_account=people.broker_account,
            units=Wanted(10, issuance=issuance.pk),
            surrendered=True,
        )
        warned.append([each["outcome"] for each in offer.findings if each["rule"] == "R143"])
    assert warned == [["warn"], [], []]
