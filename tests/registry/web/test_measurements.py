"""The measurement's page: rows typed, pasted and uploaded, figures computed, wrong input named."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from registry.models import Allocation, Measurement, Production
from registry.rulebook.edition import edition_on
from tests.cast import Cast, production, submit, vintage
from tests.registry.web.conftest import As, send, summary, writes

NAMES = "part,item,quantity,metallic_share,upstream_intensity,site,method,note\n"
LINES = "Part;Item;Quantity\nscope_1;reductants;250.5\nscope 3;ore mining;149.5\n"


def typed(**changes: Any) -> dict[str, Any]:
    start, end = vintage(timezone.now())
    edition = edition_on(end)
    given = {
        "scheme": "responsiblesteel",
        "data_start": start.isoformat(),
        "data_end": end.isoformat(),
        "output_tonnes": "1000",
        "lines": LINES,
        "covers": list(edition.iron_boundary),
        "ends_at": "first_iron_product",
        "allocated_emissions": "0",
        "electricity_basis": "location",
        "process_gas": "none",
    }
    return {**given, **changes}


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def url_of(draft: Production) -> str:
    return f"/productions/{draft.pk}/measurement/"


def test_typed_rows_give_the_figures(people: Cast, as_: As) -> None:
    draft = production(people, site_intensity=None)
    response = send(as_(people.alice), url_of(draft), typed())
    assert response.status_code == 302
    draft.refresh_from_db()
    assert str(draft.site_intensity) == "0.400000"
    page = as_(people.alice).get(f"/productions/{draft.pk}/").content.decode()
    assert "Recalculated from the lines" in page
    assert "Scope 1: reductants" in page


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_replaces_the_rows(people: Cast, as_: As, ending: str) -> None:
    draft = production(people)
    names, row = ["Part", "Item", "Quantity"], ["scope_1", "flaring", 123.4]
    text = b"Part,Item,Quantity\nscope_1,flaring,123.4\n"
    content = text if ending == "csv" else workbook(names, row)
    upload = SimpleUploadedFile(f"lines.{ending}", content)
    send(as_(people.alice), url_of(draft), typed(file=upload))
    record = Measurement.objects.get(production=draft)
    assert record.lines == [{"part": "scope_1", "item": "flaring", "quantity": "123.4"}]


def test_the_page_comes_back_with_the_saved_rows(people: Cast, as_: As) -> None:
    draft = production(people)
    client = as_(people.alice)
    send(client, url_of(draft), typed())
    form = client.get(url_of(draft)).context["form"]
    assert form["lines"].value().splitlines()[1] == "scope_1\treductants\t250.5"
    send(client, url_of(draft), typed(lines=form["lines"].value()))
    draft.refresh_from_db()
    assert str(draft.site_intensity) == "0.400000"


def test_figures_and_findings_answer_while_it_is_filled(people: Cast, as_: As) -> None:
    draft = production(people)
    before = writes()
    page = as_(people.alice).post(f"{url_of(draft)}findings/", typed(output_tonnes="500"))
    assert "0.8 t CO2e/t" in page.content.decode()
    assert writes() == before
    draft.refresh_from_db()
    assert str(draft.site_intensity) == "0.400000"


def test_the_auditor_sees_the_lines_and_recalculated_figures(people: Cast, as_: As) -> None:
    draft = production(people)
    engagement = submit(people, draft)
    page = as_(people.vera).get(f"/engagements/{engagement.pk}/").content.decode()
    assert "Lines of the measurement" in page
    assert "400 t CO2e" in page


ROWS = [
    ("scope_9,reductants,1", "row 2, Part"),
    (",reductants,1", "row 2, Part"),
    ("scope_1,,1", "row 2, Item"),
    ("scope_1,coal,1", "row 2, Item"),
    ("scope_1,electricity,1", "row 2, Item"),
    ("scope_2,transport,1", "row 2, Item"),
    ("input,slag,1", "row 2, Item"),
    ("credit,dri,1", "row 2, Item"),
    ("scope_1,reductants,", "row 2, Quantity"),
    ("scope_1,reductants,-1", "row 2, Quantity"),
    ('scope_1,reductants,"1,5"', "row 2, Quantity"),
    ("scope_1,reductants,1 t", "row 2, Quantity"),
    ("scope_1,reductants,1e5", "row 2, Quantity"),
    ("scope_1,reductants,NaN", "row 2, Quantity"),
    ("scope_1,reductants,0.0000001", "row 2, Quantity"),
    ("scope_1,reductants,1234567890123456", "row 2, Quantity"),
    ("input,dri,1,1.1", "row 2, Metallic share"),
    ("input,dri,1,-0.1", "row 2, Metallic share"),
    ("input,dri,1,94%", "row 2, Metallic share"),
    ("scope_1,reductants,1,0.9", "row 2, Metallic share"),
    ("input,dri,1,,-1", "row 2, Upstream intensity"),
    ("input,home_scrap,1,,0.1", "row 2, Upstream intensity"),
    ("scope_1,reductants,1,,0.4", "row 2, Upstream intensity"),
    ("scope_1,reductants,1,,,ABCDEFGHIJKLM", "row 2, Site"),
    ("scope_1,reductants,1,,,,system_expansion", "row 2, Method"),
    ("scope_1,reductants,1,,,,,,left over", "row 2"),
    ('scope_1,reductants,"1', "row 2"),
]


@pytest.mark.parametrize(("row", "place"), ROWS)
def test_a_wrong_row_is_named_by_row_and_column(
    people: Cast, as_: As, row: str, place: str
) -> None:
    draft = production(people)
    answer = send(as_(people.alice), url_of(draft), typed(lines=f"{NAMES}{row}\n"))
    assert answer.status_code == 400
    assert place in summary(answer)
    # What was typed is still there.
    assert row in answer.context["form"]["lines"].value()
    draft.refresh_from_db()
    assert str(draft.site_intensity) == "0.400000"


TABLES = [
    ("scope_1,reductants,1", "column"),
    ("part,item\nscope_1,reductants", "Quantity"),
    ("part,item,quantity,colour\nscope_1,reductants,1,red", "colour"),
    ("part,part,item,quantity\nscope_1,scope_1,reductants,1", "twice"),
    ("part,item,quantity\n", "row of names"),
]


@pytest.mark.parametrize(("text", "said"), TABLES)
def test_a_wrong_table_is_named(people: Cast, as_: As, text: str, said: str) -> None:
    draft = production(people)
    answer = send(as_(people.alice), url_of(draft), typed(lines=text))
    assert answer.status_code == 400
    assert said in summary(answer)


FILES = [
    ("lines.xlsx", b"part,item,quantity\n", "XLSX"),
    ("lines.csv", b"PK\x03\x04", "ZIP"),
    ("lines.csv", b"\x00\x01\x02", "NUL"),
    ("lines.pdf", b"%PDF-1.7", "CSV"),
    ("lines.xls", b"\xd0\xcf\x11\xe0", "XLSX"),
    ("lines.xlsx", b"PK\x03\x04broken", "workbook"),
    ("lines.xlsx", workbook(["part", "item", "quantity"], ["scope_1", "flaring", "=1+1"]), "row 2"),
    ("lines.xlsx", workbook(["part", "item", "quantity"], ["scope_1", "flaring", -1]), "row 2"),
    ("lines.xlsx", workbook(["part", "item", "quantity"], ["scope_1", "flaring", True]), "row 2"),
]


@pytest.mark.parametrize(("name", "content", "said"), FILES)
def test_a_file_that_is_not_what_it_says_is_refused(
    people: Cast, as_: As, name: str, content: bytes, said: str
) -> None:
    draft = production(people)
    upload = SimpleUploadedFile(name, content)
    answer = send(as_(people.alice), url_of(draft), typed(file=upload))
    assert answer.status_code == 400
    assert said in summary(answer)


VALUES = [
    ({"output_tonnes": "-5"}, "output_tonnes"),
    ({"output_tonnes": "1,000"}, "output_tonnes"),
    ({"output_tonnes": "many"}, "output_tonnes"),
    ({"data_end": "2020-01-01"}, "data_end"),
    ({"data_start": "31/12/2025"}, "data_start"),
    ({"scheme": "mine"}, "scheme"),
    ({"covers": ["the moon"]}, "covers"),
    ({"ends_at": "anywhere"}, "ends_at"),
    ({"electricity_basis": "solar"}, "electricity_basis"),
    ({"allocated_emissions": "-1"}, "allocated_emissions"),
    ({"crude_figure": "0.0000001"}, "crude_figure"),
    ({"steps": "what,operation,operand,result\nore,divide,1,1"}, "steps"),
    ({"steps": "what,operation,operand,result\nore,add,x,1"}, "steps"),
]


@pytest.mark.parametrize(("changes", "field"), VALUES)
def test_a_wrong_value_is_named_by_its_field(
    people: Cast, as_: As, changes: dict[str, Any], field: str
) -> None:
    draft = production(people)
    answer = send(as_(people.alice), url_of(draft), typed(**changes))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors


def test_only_its_producer_sees_the_page(people: Cast, as_: As) -> None:
    draft = production(people)
    assert as_(people.erik).get(url_of(draft)).status_code == 404
    assert as_(people.anton).get(url_of(draft)).status_code == 403


@pytest.mark.parametrize("kind", ["measurement", "conversion", "allocation"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_templates_are_there_to_fill(people: Cast, as_: As, kind: str, ending: str) -> None:
    answer = as_(people.alice).get(f"/rows/{kind}.{ending}")
    assert answer.status_code == 200
    assert f"{kind}.{ending}" in answer["Content-Disposition"]


def test_green_iron_is_entered_and_removed(people: Cast, as_: As) -> None:
    draft = production(people, steel=True)
    client, url = as_(people.erik), f"/productions/{draft.pk}/green-iron/"
    rows = (
        "Name,Kind,Tonnes,Metallic share,Intensity,Green,Origin,Reference,Declaration\n"
        "HBI,hbi,200,1,0.3,yes,outside,Lot 7,No units issued\n"
        "DRI,dri,200,1,0.4,no,outside,,\n"
    )
    assert send(client, url, {"lots": rows}).status_code == 302
    assert Allocation.objects.get(production=draft).lots.count() == 2
    draft.refresh_from_db()
    assert draft.intensity is not None
    assert draft.intensity < draft.site_intensity  # type: ignore[operator]
    assert "Lot 7" in client.get(url).content.decode()
    assert "Green steel" in client.get(f"/productions/{draft.pk}/").content.decode()
    wrong = send(client, url, {"lots": rows.replace(",0.3,", ",-0.3,")})
    assert "row 2, Intensity" in summary(wrong)
    send(client, url, {"lots": ""})
    assert not Allocation.objects.exists()
