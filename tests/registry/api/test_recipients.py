"""Baseline previews, delivery notices and public statements through the interface."""

from typing import Any

import pytest

from registry.models import Baseline, DeliveryNotice, Disclosure, Issuance
from registry.services.library import load_library
from tests.cast import Cast, baseline, issue, production, site
from tests.support.programs import Program


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    return issue(people, delivered_tonnes=1_000, tonnes=800, epd="EPD-1", epd_verifier="Veritas")


def given(issuance: Issuance, **changes: Any) -> dict[str, Any]:
    values = {
        "recipient_name": "Rolling Mill AB",
        "delivery_reference": "DN-1",
        "tonnes": 100,
        "delivered_on": issuance.vintage_end.isoformat(),
    }
    return values | changes


def path(issuance: Issuance, what: str) -> str:
    return f"productions/{issuance.production_id}/{what}/"


def test_a_preview_says_what_a_baseline_would_mean_and_changes_nothing(
    people: Cast, alice: Program
) -> None:
    load_library()
    draft = production(people, at=site(people, country="BR"), tonnes=1_000)
    fallback = Baseline.objects.get(code="cbam-2026-1740-7203-BR")
    found = alice.get(f"productions/{draft.pk}/baseline-preview/?baseline={fallback.pk}").body
    assert found["baseline_intensity"] == "1.325"
    assert found["reduction_intensity"] == "0.925"
    assert found["reduction_emissions"] == "925"
    assert (found["is_fallback"], found["is_no_reduction"]) == (True, False)
    assert {each["rule"] for each in found["findings"]} >= {"R050", "R052", "R056"}
    own = alice.get(f"productions/{draft.pk}/baseline-preview/").body
    assert own["baseline_intensity"] == "1.9"


def test_a_preview_reads_the_scale_and_marks_no_reduction(people: Cast) -> None:
    erik = Program.of(people.erik)
    draft = production(people, steel=True)
    found = erik.get(f"productions/{draft.pk}/baseline-preview/").body
    assert (found["baseline_intensity"], found["scrap_share"]) == ("1.425", "0.6")
    low = baseline(people, steel=True, primary_intensity="0.3", secondary_intensity="0.2")
    found = erik.get(f"productions/{draft.pk}/baseline-preview/?baseline={low.pk}").body
    assert found["reduction_intensity"].startswith("-0.1")
    assert found["reduction_emissions"] == "0"
    assert found["is_no_reduction"]


def test_a_preview_says_what_is_missing(people: Cast, alice: Program) -> None:
    bare = production(people, baseline=None)
    found = alice.get(f"productions/{bare.pk}/baseline-preview/").body
    assert (found["missing"], found["baseline_intensity"]) == ("Choose a baseline.", None)
    values = {"site": site(people).code, "functional_unit": "iron"}
    empty = alice.post("productions/", values | {"baseline": str(baseline(people).pk)}).body
    found = alice.get(f"productions/{empty['id']}/baseline-preview/").body
    assert found["missing"] == "Give the product's intensity."


@pytest.mark.parametrize("wanted", ["nothing", "00000000-0000-0000-0000-000000000000", "x" * 99])
def test_a_preview_of_nothing_is_refused(people: Cast, alice: Program, wanted: str) -> None:
    draft = production(people)
    answer = alice.get(f"productions/{draft.pk}/baseline-preview/?baseline={wanted}")
    assert answer.status == 400
    assert "baseline" in answer.body["errors"]


def test_a_preview_of_a_reference_or_another_unit_is_refused(people: Cast, alice: Program) -> None:
    load_library()
    draft = production(people)
    for code in ("worldsteel-2024-bf-bof", "sliding-scale-default"):
        entry = Baseline.objects.get(code=code)
        answer = alice.get(f"productions/{draft.pk}/baseline-preview/?baseline={entry.pk}")
        assert answer.status == 400


def test_another_producers_production_is_not_previewed(people: Cast) -> None:
    draft = production(people)
    erik = Program.of(people.erik)
    assert erik.get(f"productions/{draft.pk}/baseline-preview/").status == 404


def test_a_notice_is_sent_read_and_undertaken(
    people: Cast, alice: Program, issuance: Issuance
) -> None:
    sent = alice.post(
        path(issuance, "notices"), given(issuance, recipient=str(people.auto_werke.pk))
    )
    assert sent.status == 201
    assert (sent.body["default_factor"], sent.body["recipient"]) == ("1.9", "Auto Werke")
    carl = Program.of(people.carl)
    address = f"deliveries/{sent.body['id']}/"
    assert carl.get(address).body["state"] == "sent"
    assert carl.post(f"{address}undertake/").body["state"] == "undertaken"
    assert carl.post(f"{address}undertake/").status == 409
    assert alice.post(f"{address}withdraw/").status == 409
    assert alice.get(path(issuance, "notices")).body["count"] == 1
    due = alice.get(path(issuance, "recipients")).body
    assert (due["residual_tonnes"], due["told_tonnes"]) == (200, 100)
    outcomes = {each["rule"]: each["outcome"] for each in due["findings"]}
    assert (outcomes["R141"], outcomes["R143"]) == ("pass", "warn")


def test_outsiders_and_lookers_are_refused(
    people: Cast, alice: Program, bob: Program, issuance: Issuance
) -> None:
    sent = alice.post(path(issuance, "notices"), given(issuance))
    address = f"deliveries/{sent.body['id']}/"
    assert bob.get(address).status == 404
    assert bob.get("deliveries/").body["count"] == 0
    erik, anton = Program.of(people.erik), Program.of(people.anton)
    assert erik.post(path(issuance, "notices"), given(issuance)).status == 404
    assert anton.post(path(issuance, "notices"), given(issuance)).status == 403
    assert anton.post(f"{address}withdraw/").status == 403
    assert alice.post(f"{address}undertake/").status == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"tonnes": "100"}, "tonnes"),
        ({"tonnes": 1.5}, "tonnes"),
        ({"tonnes": True}, "tonnes"),
        ({"tonnes": 0}, "tonnes"),
        ({"tonnes": 1001}, "tonnes"),
        ({"delivered_on": "2025-13-01"}, "delivered_on"),
        ({"delivered_on": "2999-01-01"}, "delivered_on"),
        ({"delivery_reference": ""}, "delivery_reference"),
        ({"delivery_reference": 7}, "delivery_reference"),
        ({"recipient_name": ""}, "recipient_name"),
        ({"recipient": "nobody"}, "recipient"),
        ({"recipient": "00000000-0000-0000-0000-000000000000"}, "recipient"),
        ({"default_factor": "0.1"}, "default_factor"),
    ],
)
def test_a_wrong_notice_names_its_field(
    alice: Program, issuance: Issuance, wrong: dict[str, Any], field: str
) -> None:
    answer = alice.post(path(issuance, "notices"), given(issuance, **wrong))
    assert answer.status == 400
    assert field in answer.body["errors"]
    assert not DeliveryNotice.objects.exists()


def test_a_statement_is_recorded_and_judged(alice: Program, issuance: Issuance) -> None:
    values = {
        "kind": "epd",
        "reference": "EPD-1",
        "made_on": issuance.issued_on.isoformat(),
        "intensity": "1.90",
        "says_sold": True,
        "cover_page": True,
    }
    assert alice.post(path(issuance, "disclosures"), values).status == 201
    due = alice.get(path(issuance, "recipients")).body
    outcomes = {each["rule"]: each["outcome"] for each in due["findings"]}
    assert (outcomes["R143"], outcomes["R144"]) == ("pass", "pass")
    for wrong in ({"kind": "x"}, {"intensity": 1.9}, {"says_sold": "yes"}, {"made_on": ""}):
        answer = alice.post(path(issuance, "disclosures"), values | wrong)
        assert answer.status == 400
        assert set(wrong) <= set(answer.body["errors"])
    assert Disclosure.objects.count() == 1


def test_a_reference_entry_cannot_be_added_or_chosen(people: Cast, alice: Program) -> None:
    load_library()
    entry = Baseline.objects.get(code="worldsteel-2024-bf-bof")
    draft = production(people)
    answer = alice.patch(f"productions/{draft.pk}/", {"baseline": str(entry.pk)})
    assert answer.status == 400
    assert "reference only" in answer.body["errors"]["baseline"][0]
    added = alice.post(
        "baselines/",
        {
            "organisation": str(people.nordmetall.pk),
            "kind": "reference",
            "name": "Mine",
            "functional_unit": "iron",
            "value_intensity": "1.9",
            "source": "x",
        },
    )
    assert added.status == 400
    assert "kind" in added.body["errors"]
