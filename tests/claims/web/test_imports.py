"""Bringing a table of lines through the pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Inventory, InventoryLine, LineImport
from claims.services import imports
from tests.cast import PASSWORD, Cast, key
from tests.claims.services.tables import HEAD, ROW, csv_of, forty


def bring(client: Client, inventory: Inventory, **values: Any) -> Any:
    given = {"idempotency_key": key(), "mode": "append"} | values
    return client.post(f"/inventories/{inventory.pk}/imports/new/", given)


def file(content: bytes, name: str = "lines.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_workbook_of_forty_lines_is_shown_then_confirmed(
    carl: Client, inventory: Inventory
) -> None:
    answer = bring(carl, inventory, file=file(forty(), "Steel.xlsx"))
    assert answer.status_code == 302
    html = carl.get(answer["Location"]).content.decode()
    assert "40 lines are read (XLSX, first sheet)" in html
    assert "5,132.5 t CO2e" in html
    assert not InventoryLine.objects.exists()

    waiting = carl.get(f"/inventories/{inventory.pk}/").content.decode()
    assert "40 lines to look at and to confirm" in waiting
    done = carl.post(f"{answer['Location']}confirm/", {"idempotency_key": key()})
    assert done["Location"] == f"/inventories/{inventory.pk}/"
    html = carl.get(done["Location"]).content.decode()
    assert "5,132.5 t CO2e" in html
    assert "Page 2" in html
    assert "Tools 4" in carl.get(done["Location"], {"page": 2}).content.decode()
    assert "40 lines were taken in" in carl.get(answer["Location"]).content.decode()


def test_pasted_rows_are_read_and_wrong_ones_named(carl: Client, inventory: Inventory) -> None:
    text = f"{HEAD}\n{ROW}\nPlate,scope_3_1,steel,-3,2".replace(",", "\t")
    answer = bring(carl, inventory, rows=text)
    html = carl.get(answer["Location"]).content.decode()
    assert "Row 3, Tonnes" in html
    assert "0 or more" in html
    again = carl.post(f"{answer['Location']}confirm/", {"idempotency_key": key()})
    assert again.status_code == 409
    gone = carl.post(f"{answer['Location']}discard/", {"idempotency_key": key()})
    assert gone.status_code == 302
    assert "was discarded" in carl.get(answer["Location"]).content.decode()
    assert not InventoryLine.objects.exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Choose a file or paste rows."),
        ({"rows": ROW, "file": file(csv_of(ROW))}, "not both"),
        ({"file": file(b"")}, "The file is empty"),
        ({"rows": ROW, "mode": "merge"}, "Select a valid choice"),
        ({"rows": ROW, "mode": ""}, "required"),
        ({"rows": "\x00"}, "Null characters"),
    ],
)
def test_what_is_no_table_comes_back_to_the_form(
    carl: Client, inventory: Inventory, values: dict[str, Any], said: str
) -> None:
    answer = bring(carl, inventory, **values)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not LineImport.objects.exists()


def test_a_large_table_shows_its_progress_and_then_what_was_read(
    carl: Client, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SMALL_BYTES", 0)
    path = bring(carl, inventory, file=file(csv_of(ROW, ROW)))["Location"]
    assert "The table waits to be read." in carl.get(path).content.decode()
    found = LineImport.objects.get()
    LineImport.objects.update(state="reading", rows=1)
    assert "1 of about 2 rows are read." in carl.get(f"{path}state/").content.decode()
    assert 'value="1"' in carl.get(f"{path}state/").content.decode()
    LineImport.objects.update(state="waiting")
    imports.read_import(pk=found.pk, clock=lambda: found.touched_at)
    assert carl.get(f"{path}state/")["HX-Refresh"] == "true"
    assert "2 lines are read" in carl.get(path).content.decode()


def test_replacing_warns_of_what_goes(carl: Client, inventory: Inventory, rebar: Any) -> None:
    path = bring(carl, inventory, rows=csv_of(ROW).decode(), mode="replace")["Location"]
    assert "1 line that is in the inventory now will be removed" in (
        carl.get(path).content.decode()
    )
    carl.post(f"{path}confirm/", {"idempotency_key": key()})
    assert InventoryLine.objects.get().name == "Coil"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_read_as_it_is(carl: Client, inventory: Inventory, ending: str) -> None:
    given = carl.get(f"/inventories/template/lines.{ending}")
    assert "attachment" in given["Content-Disposition"]
    path = bring(carl, inventory, file=file(given.content, f"lines.{ending}"))["Location"]
    assert LineImport.objects.get().state == "ready"
    assert "Rebar in owned office buildings" in carl.get(path).content.decode()


def test_an_outsider_learns_nothing_of_imports(
    people: Cast, carl: Client, client: Client, inventory: Inventory
) -> None:
    path = bring(carl, inventory, rows=csv_of(ROW).decode())["Location"]
    client.login(email=people.bob.email, password=PASSWORD)
    assert client.get(f"/inventories/{inventory.pk}/imports/new/").status_code == 404
    for end in ("", "state/"):
        assert client.get(f"{path}{end}").status_code == 404
    for end in ("confirm/", "discard/"):
        assert client.post(f"{path}{end}", {"idempotency_key": key()}).status_code == 404
    assert carl.get(f"/inventories/{inventory.pk}/imports/{uuid4()}/").status_code == 404


def test_the_page_of_an_import_costs_the_same_however_long_it_is(
    carl: Client, inventory: Inventory, django_assert_max_num_queries: Any
) -> None:
    path = bring(carl, inventory, file=file(forty(), "Steel.xlsx"))["Location"]
    with django_assert_max_num_queries(14):
        carl.get(path)
