"""Measurements and allocations: saved, and the production's figures follow from them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from registry.errors import BadInput, KeyReused, NotNow, RulesBroken
from registry.models import Allocation, IronLot, Issuance, Measurement, Production
from registry.services import issuing
from registry.services.issuing import approve_production
from registry.services.measurements import save_allocation, save_measurement
from registry.services.productions import add_evidence, change_production, findings_of
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.support.refusals import refused


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def save(draft: Production, by: Any, lines: list[dict[str, Any]], **changes: Any) -> Measurement:
    start, end = made.vintage(timezone.now())
    given = made.measurement_values(
        steel=draft.functional_unit == "crude_steel", start=start, end=end
    )
    steps = changes.pop("steps", [])
    return save_measurement(
        by=by,
        now=timezone.now(),
        key=changes.pop("key", key()),
        production=draft,
        values={**given, **changes},
        lines=lines,
        steps=steps,
    )


def emission(quantity: object, **more: Any) -> dict[str, Any]:
    return {"part": "scope_1", "item": "reductants", "quantity": quantity, **more}


def metal(item: str, quantity: object, **more: Any) -> dict[str, Any]:
    return {"part": "input", "item": item, "quantity": quantity, **more}


def failing(draft: Production) -> set[str]:
    return {each.rule for each in findings_of(draft, on=timezone.localdate()) if each.failed}


def test_the_figures_follow_from_the_lines_rounded_up(people: Cast) -> None:
    draft = made.production(people, steel=True)
    lines = [emission(Decimal("333.3333331")), metal("dri", 600), metal("home_scrap", 300)]
    save(draft, people.erik, lines)
    draft.refresh_from_db()
    assert draft.site_intensity == draft.intensity == Decimal("0.333334")
    # 300 x 0.98 / (300 x 0.98 + 600 x 0.94)
    assert draft.scrap_share == Decimal("0.342658")


def test_a_measurement_is_replaced_as_a_whole_and_its_history_stays(people: Cast) -> None:
    draft = made.production(people)
    save(draft, people.alice, [emission(Decimal(500)), emission(Decimal(100))])
    record = Measurement.objects.get(production=draft)
    assert [row["quantity"] for row in record.lines] == ["500", "100"]
    events: Any = record.events  # type: ignore[attr-defined]
    assert events.count() == 2
    draft.refresh_from_db()
    assert draft.site_intensity == Decimal("0.6")


@pytest.mark.parametrize(
    ("lines", "changes"),
    [
        ([], {}),
        ([emission(1)], {"output_tonnes": None}),
        ([emission(1)], {"output_tonnes": Decimal(0)}),
        (
            [
                emission(1),
                {"part": "credit", "item": "slag", "quantity": 2, "method": "system_expansion"},
            ],
            {},
        ),
    ],
)
def test_lines_that_give_no_figure_leave_none(
    people: Cast, lines: list[dict[str, Any]], changes: dict[str, Any]
) -> None:
    draft = made.production(people)
    save(draft, people.alice, lines, **changes)
    draft.refresh_from_db()
    assert draft.site_intensity is None
    assert "R029" in failing(draft)


def test_iron_that_becomes_steel_gets_a_scrap_share(people: Cast) -> None:
    draft = made.production(people, steel=True)
    change_production(
        by=people.erik,
        now=timezone.now(),
        key=key(),
        production=draft,
        values={"functional_unit": "iron", "baseline": None},
    )
    draft.refresh_from_db()
    assert draft.scrap_share is None


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([emission(1), {**emission(1), "item": "electricity"}], "row 2, Item"),
        ([{**emission(1), "metallic_share": Decimal(1)}], "row 1, Metallic share"),
        ([emission(1, method="system_expansion")], "row 1, Method"),
        ([metal("home_scrap", 1, upstream_intensity=Decimal("0.1"))], "row 1, Upstream intensity"),
        ([emission(1)] * 2_001, "At most 2000 lines"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_by_row_and_column(
    people: Cast, lines: list[dict[str, Any]], found: str
) -> None:
    draft = made.production(people)
    with refused(BadInput) as refusal:
        save(draft, people.alice, lines)
    assert found in refusal.value.errors["lines"][0]
    draft.refresh_from_db()
    assert draft.site_intensity == Decimal("0.4")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"output_tonnes": Decimal(-1)}, "output_tonnes"),
        ({"output_tonnes": Decimal("NaN")}, "output_tonnes"),
        ({"crude_figure": Decimal("0.0000001")}, "crude_figure"),
        ({"data_start": date(2025, 1, 2), "data_end": date(2025, 1, 1)}, "data_end"),
        ({"data_start": date(1, 1, 1)}, "data_start"),
        ({"scheme": "s" * 31}, "scheme"),
        ({"site_intensity": Decimal(1)}, "site_intensity"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_field(
    people: Cast, changes: dict[str, Any], field: str
) -> None:
    draft = made.production(people)
    with refused(BadInput) as refusal:
        save(draft, people.alice, [emission(1)], **changes)
    assert field in refusal.value.errors


def test_only_the_producers_initiators_save(people: Cast) -> None:
    draft = made.production(people)
    with refused(NotVisible):
        save(draft, people.erik, [emission(1)])
    with refused(Refused):
        save(draft, people.anton, [emission(1)])


def test_a_submitted_application_keeps_its_measurement(people: Cast) -> None:
    draft = made.production(people)
    made.submit(people, draft)
    with refused(NotNow):
        save(draft, people.alice, [emission(1)])


def test_the_same_key_saves_once(people: Cast) -> None:
    draft, once = made.production(people), key()
    first = save(draft, people.alice, [emission(5)], key=once)
    assert save(draft, people.alice, [emission(5)], key=once) == first
    with refused(KeyReused):
        save(draft, people.alice, [emission(6)], key=once)


def test_another_schemes_figure_is_converted_with_attached_evidence(people: Cast) -> None:
    draft = made.production(people)
    step = {"what": "mining", "operation": "add", "operand": "0.1", "result": "0.5"}
    step |= {"source": "LESS report", "evidence": "less.txt"}
    changes = {
        "scheme": "less",
        "conversion_level": "LESS B",
        "conversion_figure": Decimal("0.4"),
        "steps": [step],
    }
    save(draft, people.alice, [], **changes)
    draft.refresh_from_db()
    assert draft.site_intensity == Decimal("0.5")
    assert "R025" in failing(draft)
    add_evidence(
        by=people.alice,
        now=timezone.now(),
        key=key(),
        production=draft,
        kind="measurement",
        name="less.txt",
        file=BytesIO(b"LESS report"),
    )
    assert failing(draft) == set()


# --- green iron ---------------------------------------------------------------------------------


def lot(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": "HBI",
        "kind": "hbi",
        "tonnes": Decimal(200),
        "metallic_share": Decimal(1),
        "intensity": Decimal("0.4"),
        "is_green": "yes",
        "origin": "outside",
        "reference": "Boden, lot 7",
        "declaration": "No units issued, letter of 3 February",
    }
    return {**given, **changes}


OTHER = {
    "name": "pig iron",
    "kind": "pig_iron",
    "tonnes": Decimal(300),
    "metallic_share": Decimal(1),
    "intensity": Decimal("0.8"),
    "is_green": "no",
    "origin": "outside",
}


def green_steel(people: Cast, *lots: dict[str, Any], tonnes: int = 300) -> Production:
    """1,000 t of steel out of 500 t iron and 600 t scrap; two fifths of it green."""
    draft = made.production(people, steel=True, tonnes=tonnes)
    share = {"metallic_share": Decimal(1)}
    lines = [
        emission(Decimal(400)),
        metal("hbi", 200, **share),
        metal("pig_iron", 300, **share),
        metal("end_of_life_scrap", 600, **share),
    ]
    save(draft, people.erik, lines)
    allocate(people, draft, *lots)
    draft.refresh_from_db()
    return draft


def allocate(people: Cast, draft: Production, *lots: dict[str, Any], **more: Any) -> Production:
    return save_allocation(
        by=people.erik,
        now=timezone.now(),
        key=key(),
        production=draft,
        lots=list(lots),
        **more,
    )


def test_an_allocation_gives_the_product_its_own_figure(people: Cast) -> None:
    """400 - 80 - 240 = 80 t of processing: 0.08 + 80 / 400 = 0.28 t CO2e/t."""
    draft = green_steel(people, lot(), OTHER)
    assert (draft.site_intensity, draft.intensity) == (Decimal("0.4"), Decimal("0.28"))
    assert failing(draft) == set()
    allocate(people, draft)
    draft.refresh_from_db()
    assert draft.intensity == Decimal("0.4")
    assert not Allocation.objects.exists()


def test_allocated_steel_is_issued_at_its_verified_figure(people: Cast) -> None:
    draft = green_steel(people, lot(), OTHER)
    made.verify(people, made.submit(people, draft))
    assert made.approve(people, draft).intensity == Decimal("0.28")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "ore"}, "kind"),
        ({"tonnes": Decimal(-1)}, "tonnes"),
        ({"metallic_share": Decimal("1.1")}, "metallic_share"),
        ({"origin": "moon"}, "origin"),
        ({"origin": "here", "production": ""}, "lots"),
        ({"origin": "here", "production": "x"}, "lots"),
        ({"origin": "here", "production": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f14"}, "lots"),
        ({"production": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f14"}, "lots"),
        ({"name": ""}, "name"),
    ],
)
def test_a_lot_that_does_not_fit_is_refused(
    people: Cast, changes: dict[str, Any], field: str
) -> None:
    draft = made.production(people, steel=True)
    with refused(BadInput) as refusal:
        allocate(people, draft, lot(**changes))
    assert field in refusal.value.errors
    assert not IronLot.objects.exists()


def test_iron_takes_no_allocation(people: Cast) -> None:
    draft = made.production(people)
    with refused(BadInput):
        save_allocation(
            by=people.alice, now=timezone.now(), key=key(), production=draft, lots=[lot()]
        )


def test_an_allocation_is_removed_also_after_steel_became_iron(people: Cast) -> None:
    draft = green_steel(people, lot(), OTHER)
    Production.objects.filter(pk=draft.pk).update(functional_unit="iron")
    allocate(people, draft)
    assert not Allocation.objects.exists()


def iron_of(people: Cast, tonnes: int, delivered: int) -> Production:
    return made.production(people, tonnes=tonnes, delivered_tonnes=delivered)


def here(iron: Production) -> dict[str, Any]:
    return lot(origin="here", production=str(iron.pk), reference="", declaration="")


def verified(people: Cast, draft: Production) -> Production:
    made.verify(people, made.submit(people, draft))
    return draft


def test_iron_with_units_cannot_be_allocated_beyond_what_is_left(people: Cast) -> None:
    iron = iron_of(people, 1_000, 1_199)
    made.approve(people, verified(people, iron))
    steel = green_steel(people, here(iron), OTHER)
    assert "R065" in failing(steel)
    enough = iron_of(people, 1_000, 1_200)
    made.approve(people, verified(people, enough))
    assert failing(green_steel(people, here(enough), OTHER)) == set()


def test_iron_that_issued_steel_drew_cannot_be_issued(people: Cast) -> None:
    iron = iron_of(people, 1_001, 1_200)
    made.approve(people, verified(people, green_steel(people, here(iron), OTHER)))
    application = verified(people, iron) if failing(iron) == set() else iron
    assert "R065" in failing(application)


def test_the_same_outside_lot_is_allocated_once(people: Cast) -> None:
    made.approve(people, verified(people, green_steel(people, lot(), OTHER)))
    again = green_steel(people, lot(), OTHER)
    assert "R065" in failing(again)
    assert failing(green_steel(people, lot(reference="Boden, lot 8"), OTHER)) == set()


@pytest.mark.django_db(transaction=True)
def test_iron_and_steel_approved_at_once_count_the_iron_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """1,000 t of iron: 1,000 units of it, or 200 t of it in steel; whoever comes first."""
    people = cast()
    iron = verified(people, iron_of(people, 1_000, 1_000))
    steel = verified(people, green_steel(people, here(iron), OTHER))
    for each in (iron, steel):
        approve_production(by=people.olga, now=timezone.now(), key=key(), production=each)
    both = Barrier(2, timeout=20)
    lock_iron = issuing.lock_iron

    def lock_together(production: Production) -> None:
        both.wait()
        lock_iron(production)

    monkeypatch.setattr(issuing, "lock_iron", lock_together)

    def approve(production: Production) -> str:
        try:
            approve_production(
                by=people.oscar, now=timezone.now(), key=key(), production=production
            )
        except RulesBroken as refusal:
            return f"refused by R065: {'R065' in {each.rule for each in refusal.failures}}"
        finally:
            connections.close_all()
        return "issued"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(approve, (iron, steel)))
    assert answers == ["issued", "refused by R065: True"]
    assert Issuance.objects.count() == 1
