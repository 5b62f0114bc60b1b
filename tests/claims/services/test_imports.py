"""Tables of lines: read beside the inventory, then taken in whole, or not at all."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from accounts.errors import NotVisible, Refused
from claims.models import ImportedLine, InventoryLine, LineImport
from claims.queries import category_totals, inventory_totals, totals_of
from claims.services import imports
from claims.services.imports import bring_lines, confirm_import, discard_import
from registry.errors import BadInput, KeyReused, NotNow
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, set_stage
from tests.claims.services.tables import HEAD, ROW, csv_of, forty, xlsx_of
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


def bring(stage: Stage, content: bytes, name: str = "lines.csv", **more: Any) -> LineImport:
    given = {"by": stage.people.carl, "now": NOW, "key": key(), "inventory": stage.inventory}
    return bring_lines(**{**given, "name": name, "content": content, "mode": "append", **more})


def confirm(stage: Stage, line_import: LineImport, **more: Any) -> LineImport:
    given: dict[str, Any] = {"by": stage.people.carl, "now": NOW, "key": key()}
    return confirm_import(line_import=line_import, **given | more)


def discard(stage: Stage, line_import: LineImport, **more: Any) -> LineImport:
    given: dict[str, Any] = {"by": stage.people.carl, "now": NOW, "key": key()}
    return discard_import(line_import=line_import, **given | more)


def test_forty_lines_of_a_workbook_are_read_and_nothing_is_added_yet(stage: Stage) -> None:
    brought = bring(stage, forty(), "Steel 2025.xlsx")

    assert (brought.state, brought.line_count, brought.fault_count) == ("ready", 40, 0)
    assert (brought.read_as, brought.content) == ("XLSX, first sheet", None)
    assert [
        (each.category, each.lines, each.tonnes, each.physical_emissions)
        for each in category_totals(brought.lines.all())
    ] == [
        ("scope_3_1", 20, 2_000, 4_000),
        ("scope_3_2", 15, 750, 1_125),
        ("scope_3_4", 5, 0, Decimal("7.5")),
    ]
    assert stage.inventory.lines.count() == 1


def test_confirmed_they_are_added_in_the_order_of_their_rows(stage: Stage) -> None:
    brought = bring(stage, forty(), "Steel 2025.xlsx")
    done = confirm(stage, brought)

    assert (done.state, done.confirmed_at) == ("done", NOW)
    names = list(stage.inventory.lines.order_by("id").values_list("name", flat=True))
    assert names[:3] == ["Coil", "Sheet 0", "Sheet 1"]
    assert names[-1] == "Tools 4"
    assert len(names) == 41
    tools = stage.inventory.lines.get(name="Tools 0")
    assert (tools.stated_emissions, tools.data_tier, tools.currency) == (
        Decimal("1.5"),
        "spend",
        "EUR",
    )
    assert not ImportedLine.objects.exists()


def test_an_imported_line_is_the_line_that_typing_makes(stage: Stage) -> None:
    typed = act.line(
        stage.people.carl,
        stage.inventory,
        factor_source="EPD, 2025",
        scrap_share=Decimal("0.2"),
        iron_content=Decimal("0.8"),
        iron_content_source="mill",
    )
    head = f"{HEAD},Product type,Factor source,Scrap share,Iron content,Iron content source"
    row = 'Coil,scope_3_1,Steel,1000,1.9,flat,"EPD, 2025",0.2,0.8,mill'
    confirm(stage, bring(stage, csv_of(row, head=head)))
    read = stage.inventory.lines.latest("id")
    assert read.pk != typed.pk
    for name in imports.LINE_FIELDS:
        assert getattr(read, name) == getattr(typed, name), name


def test_replacing_removes_what_was_there(stage: Stage) -> None:
    confirm(stage, bring(stage, csv_of(ROW, ROW), mode="replace"))
    assert list(stage.inventory.lines.values_list("tonnes", flat=True)) == [10, 10]


def test_a_claimed_line_is_not_replaced_and_everything_stays(stage: Stage) -> None:
    brought = bring(stage, csv_of(ROW), mode="replace")
    act.claim(stage, 1, 5)
    with refused(NotNow, match="1 of the lines"):
        confirm(stage, brought)
    assert stage.inventory.lines.get() == stage.line
    brought.refresh_from_db()
    assert brought.state == "ready"


def test_one_wrong_row_keeps_every_line_out(stage: Stage) -> None:
    brought = bring(stage, csv_of(ROW, "Plate,scope_3_1,steel,-3,2", ROW))
    assert (brought.state, brought.line_count, brought.fault_count) == ("faulty", 2, 1)
    (fault,) = brought.faults
    assert (fault["row"], fault["column"], fault["found"]) == (3, "Tonnes", '"-3"')
    assert not brought.lines.exists()
    with refused(NotNow, match="1 thing wrong"):
        confirm(stage, brought)
    assert stage.inventory.lines.count() == 1


def row(**cells: str) -> str:
    values = {"name": "Coil", "category": "scope_3_1", "material": "steel", "tonnes": "10"}
    values |= {"factor": "2"} | cells
    return ",".join(values.values())


# What was brought, its name, and the row, the column and a word of what is said of it.
BAD: list[tuple[bytes, str, int | None, str, str]] = [
    (csv_of(row(tonnes="10 t")), "a.csv", 2, "Tonnes", "units and words"),
    (csv_of(row(tonnes="-1")), "a.csv", 2, "Tonnes", "minus sign"),
    (csv_of(row(tonnes="ten")), "a.csv", 2, "Tonnes", "units and words"),
    (csv_of(row(tonnes='"1,5"')), "a.csv", 2, "Tonnes", "point before the decimals"),
    (csv_of(row(tonnes="1e5")), "a.csv", 2, "Tonnes", "units and words"),
    (csv_of(row(tonnes="NaN")), "a.csv", 2, "Tonnes", "units and words"),
    (csv_of(row(tonnes="1" * 13)), "a.csv", 2, "Tonnes", "12 digits"),
    (csv_of(row(tonnes="0.1234567")), "a.csv", 2, "Tonnes", "Round it"),
    (csv_of(row(tonnes="")), "a.csv", 2, "Tonnes", "emission factor alone"),
    (csv_of(row(factor="")), "a.csv", 2, "Tonnes", "tonnes alone"),
    (csv_of(row(name="")), "a.csv", 2, "Name", "an empty cell"),
    (csv_of(row(name="n" * 201)), "a.csv", 2, "Name", "201 characters"),
    (csv_of(row(category="scope_3_16")), "a.csv", 2, "Category", "scope_3_15"),
    (csv_of(row(category="")), "a.csv", 2, "Category", "an empty cell"),
    (csv_of(row(material="gold")), "a.csv", 2, "Material", "iron, steel, other"),
    (csv_of(f"{ROW},1.2", head=f"{HEAD},Scrap share"), "a.csv", 2, "Scrap share", "1 or less"),
    (csv_of(f"{ROW},20%", head=f"{HEAD},Scrap share"), "a.csv", 2, "Scrap share", "percent"),
    (csv_of(f"{ROW},spend", head=f"{HEAD},Data tier"), "a.csv", 2, "Data tier", "supplier"),
    (csv_of(f"{ROW},EUR", head=f"{HEAD},Currency"), "a.csv", 2, "Currency", "spend only"),
    (csv_of(f"{ROW},0.8", head=f"{HEAD},Iron content"), "a.csv", 2, "Iron content source", "9.2"),
    (csv_of(ROW, head="Name,Category,Material,Tons,Emission factor"), "a.csv", 1, "", '"Tons"'),
    (csv_of("Coil,steel", head="Name,Material"), "a.csv", 1, "Category", "no such column"),
    (csv_of(f"{ROW},5", head=f"{HEAD},Tonnes"), "a.csv", 1, "Tonnes", "twice"),
    (csv_of(f"{ROW},surplus"), "a.csv", 2, "", "under no column"),
    (csv_of(), "a.csv", None, "", "at least one row"),
    (csv_of('Coil,"scope_3_1'), "a.csv", 2, "", "quotes"),
    (b"%PDF-1.7 x", "a.csv", None, "", "a PDF"),
    (b"a\x00b", "a.csv", None, "", "NUL bytes"),
    (xlsx_of(["Coil", "scope_3_1", "steel", "=5*2", 2]), "a.xlsx", 2, "", "formula"),
    (b"PK\x03\x04 no workbook", "a.xlsx", None, "", "XLSX"),
    (csv_of(ROW), "a.xlsx", None, "", "text under the name"),
    (xlsx_of(["Coil", "scope_3_1", "steel", True, 2]), "a.xlsx", 2, "Tonnes", "TRUE"),
    (csv_of(ROW), "a.xls", None, "", "CSV, TSV, TXT or XLSX"),
    (csv_of(ROW), "lines", None, "", "CSV, TSV, TXT or XLSX"),
]


@pytest.mark.parametrize(("content", "name", "number", "column", "word"), BAD)
def test_whatever_is_wrong_is_said_by_row_and_column(
    stage: Stage, content: bytes, name: str, number: int | None, column: str, word: str
) -> None:
    brought = bring(stage, content, name)
    assert brought.state == "faulty"
    assert not brought.lines.exists()
    first = brought.faults[0]
    said = " ".join(str(first[part]) for part in ("found", "allowed", "action"))
    assert word in said, said
    assert (first["row"], first["column"]) == (number, column), first


def test_a_macro_workbook_is_read_for_its_values_alone(stage: Stage) -> None:
    """Macros are never run: the sheet's cells are read and nothing else of the archive."""
    content = xlsx_of(["Coil", "scope_3_1", "steel", 10, 2])
    assert bring(stage, content, "a.xlsm").state == "ready"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"content": b""}, "file"),
        ({"content": b" \n "}, "file"),
        ({"content": b"x" * (imports.LIMITS.file_bytes + 1)}, "file"),
        ({"mode": "merge"}, "mode"),
    ],
)
def test_what_is_no_table_at_all_is_refused_and_not_kept(
    stage: Stage, values: dict[str, Any], field: str
) -> None:
    with refused(BadInput) as refusal:
        bring(stage, **{"content": csv_of(ROW), **values})
    assert set(refusal.value.errors) == {field}


def test_only_the_first_faults_are_kept_and_all_are_counted(stage: Stage) -> None:
    brought = bring(stage, csv_of(*["Coil,scope_9,steel,x,y"] * 300))
    assert (brought.fault_count, len(brought.faults)) == (900, 200)


def test_an_outsider_sees_nothing_and_a_colleague_without_the_right_is_refused(
    stage: Stage,
) -> None:
    brought = bring(stage, csv_of(ROW))
    cora = act.colleague(stage)
    for who, error in ((stage.people.bob, NotVisible), (cora, Refused)):
        with refused(error):
            bring(stage, csv_of(ROW), by=who)
        with refused(error):
            confirm(stage, brought, by=who)
        with refused(error):
            discard(stage, brought, by=who)


def test_a_repeat_brings_and_confirms_once(stage: Stage) -> None:
    same, again = key(), key()
    brought = bring(stage, csv_of(ROW), key=same)
    with writes_nothing():
        assert bring(stage, csv_of(ROW), key=same) == brought
    with refused(KeyReused):
        bring(stage, csv_of(ROW, ROW), key=same)
    confirm(stage, brought, key=again)
    with writes_nothing():
        assert confirm(stage, brought, key=again).state == "done"
    with refused(NotNow, match="already"):
        confirm(stage, brought)
    assert stage.inventory.lines.count() == 2


def test_a_discarded_table_leaves_nothing(stage: Stage) -> None:
    brought = bring(stage, csv_of(ROW))
    discard(stage, brought)
    assert not ImportedLine.objects.exists()
    with refused(NotNow, match="discarded"):
        confirm(stage, brought)
    with refused(NotNow):
        discard(stage, brought)


def test_what_nobody_confirmed_for_a_week_is_put_away(stage: Stage) -> None:
    brought = bring(stage, csv_of(ROW))
    assert imports.discard_forgotten(now=NOW + imports.PATIENCE) == 0
    assert imports.discard_forgotten(now=NOW + imports.PATIENCE + timedelta(seconds=1)) == 1
    brought.refresh_from_db()
    assert brought.state == "discarded"


@pytest.fixture
def large(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> LineImport:
    """A table that a worker is to read, none being there."""
    monkeypatch.setattr(imports, "SMALL_BYTES", 0)
    monkeypatch.setattr(imports, "CHUNK", 10)
    return bring(stage, csv_of(*[row(name=f"Coil {n}") for n in range(25)]))


def clock() -> Any:
    return NOW


def test_a_large_table_waits_until_a_worker_reads_it(stage: Stage, large: LineImport) -> None:
    assert (large.state, large.expected_rows) == ("waiting", 25)
    with refused(NotNow, match="not read yet"):
        confirm(stage, large)
    assert imports.read_import(pk=large.pk, clock=clock)
    large.refresh_from_db()
    assert (large.state, large.rows, large.line_count, large.content) == ("ready", 25, 25, None)
    confirm(stage, large)
    names = stage.inventory.lines.order_by("id").values_list("name", flat=True)
    assert list(names)[1:] == [f"Coil {n}" for n in range(25)]


def test_without_redis_the_request_succeeds_and_the_sweep_reads(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(imports, "SMALL_BYTES", 0)
    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        brought = bring(stage, csv_of(ROW))
    assert imports.read_waiting(clock=clock) == 1
    brought.refresh_from_db()
    assert brought.state == "ready"


def test_a_worker_is_told_after_the_commit(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(imports, "SMALL_BYTES", 0)
    monkeypatch.setattr(current_app, "send_task", lambda name, args: told.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        brought = bring(stage, csv_of(ROW))
    assert told == [("claims.tasks.read_import", [str(brought.pk)])]


def test_progress_is_told_while_it_is_read(
    stage: Stage, large: LineImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    keep = imports._keep

    def watched(*args: Any, **kwargs: Any) -> bool:
        kept = keep(*args, **kwargs)
        now = LineImport.objects.get(pk=large.pk)
        seen.append((now.state, now.rows))
        return kept

    monkeypatch.setattr(imports, "_keep", watched)
    imports.read_import(pk=large.pk, clock=clock)
    assert seen == [("reading", 10), ("reading", 20), ("ready", 25)]


def test_a_reader_taken_for_dead_changes_nothing_when_it_comes_back(
    stage: Stage, large: LineImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reader pauses after ten rows; a second one reads everything meanwhile."""
    keep = imports._keep
    paused: list[bool] = []

    def slow(*args: Any, **kwargs: Any) -> bool:
        kept = keep(*args, **kwargs)
        if not paused:
            paused.append(True)
            assert not imports.read_import(pk=large.pk, clock=clock), "it is alive"
            late = NOW + imports.SILENCE + timedelta(seconds=1)
            assert imports.read_waiting(clock=lambda: late) == 1
        return kept

    monkeypatch.setattr(imports, "_keep", slow)
    assert not imports.read_import(pk=large.pk, clock=clock)
    large.refresh_from_db()
    assert (large.state, large.line_count, large.attempt) == ("ready", 25, 2)
    assert large.lines.count() == 25


def test_an_import_discarded_while_it_is_read_stays_discarded(
    stage: Stage, large: LineImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = imports._keep

    def then_discard(*args: Any, **kwargs: Any) -> bool:
        kept = keep(*args, **kwargs)
        if LineImport.objects.get(pk=large.pk).state == "reading":
            discard(stage, large)
        return kept

    monkeypatch.setattr(imports, "_keep", then_discard)
    assert not imports.read_import(pk=large.pk, clock=clock)
    assert LineImport.objects.get(pk=large.pk).state == "discarded"
    assert not ImportedLine.objects.exists()


def test_an_inventorys_totals_are_those_of_its_lines_less_what_was_claimed(stage: Stage) -> None:
    confirm(stage, bring(stage, forty(), "a.xlsx"))
    made = act.claim(stage, 1, 100)
    totals = {each.category: each for each in inventory_totals(stage.inventory)}
    assert totals["scope_3_1"].physical_emissions == 1_900 + 4_000
    taken = Decimal(made.result["reduction_emissions"])
    assert totals["scope_3_1"].adjusted_emissions == 5_900 - taken
    assert totals["scope_3_2"].reduction_emissions == 0
    whole = totals_of([stage.inventory])[stage.inventory.pk]
    assert (whole.lines, whole.reduction_emissions) == (41, taken)
    assert whole.physical_emissions == Decimal("7032.5")
    assert InventoryLine.objects.count() == 41
