"""Pages of units on other registries: look at a list, record it, aliases, declarations."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from registry.models import ElsewhereIssuance, Issuance, Site, SiteAlias
from tests.cast import Cast, issue, site
from tests.registry.web.conftest import As, queries_of, send, summary, writes

ROWS = (
    "Issuance,Site,Functional unit,First day,Last day,Units\nX-1,GEM-1,iron,2025-01-01,2025-12-31,"
)


@pytest.fixture
def works(people: Cast) -> Site:
    return site(people)


def test_a_list_is_looked_at_before_it_is_recorded(people: Cast, as_: As, works: Site) -> None:
    client = as_(people.olga)
    send(client, "/elsewhere/aliases/", {"site": works.code.lower(), "identifier": "gem-1"})
    file = SimpleUploadedFile(
        "list.csv", f"{ROWS}400\nX-2,GEM-2,iron,2024-01-01,2024-12-31,7\n".encode()
    )

    look = send(client, "/elsewhere/list/", {"registry": "Another", "file": file})
    page = look.content.decode()
    assert "2 new, 0 changed, 0 gone, 0 as before" in page
    assert "No site here goes by: GEM-2" in page
    assert works.name in page
    assert not ElsewhereIssuance.objects.exists()

    text = look.context["form"]["text"].value()
    done = send(client, "/elsewhere/list/", {"registry": "Another", "text": text, "step": "record"})
    assert done.status_code == 302
    assert sorted(ElsewhereIssuance.objects.values_list("identifier", "units")) == [
        ("GEM-1", 400),
        ("GEM-2", 7),
    ]
    shown = as_(people.alice).get(f"/sites/{works.code}/elsewhere/").content.decode()
    assert "X-1" in shown
    assert "X-2" not in shown


def test_recording_says_where_units_exist_twice(people: Cast, as_: As) -> None:
    issuance: Issuance = issue(people, tonnes=1_000)
    year = issuance.vintage_start.year
    rows = (
        "Issuance,Site,Functional unit,First day,Last day,Units\n"
        f"X-1,{issuance.site.code},iron,{year}-01-01,{year}-12-31,1\n"
    )
    client = as_(people.olga)
    send(client, "/elsewhere/list/", {"registry": "R", "text": rows, "step": "record"})
    assert (
        "1000 units here and 1 elsewhere, 1000 t delivered"
        in client.get("/elsewhere/").content.decode()
    )


def test_a_workbook_made_from_the_template_is_read(people: Cast, as_: As) -> None:
    client = as_(people.olga)
    book: Workbook = load_workbook(BytesIO(client.get("/elsewhere/template.xlsx").content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["Issuance", "Site", "Functional unit"]
    assert client.get("/elsewhere/template.csv").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", f"{ROWS}-4\n", "row 2, Units"),
        ("list.csv", f"{ROWS}ten\n", "row 2, Units"),
        ("list.csv", f"{ROWS}1\nX-1,GEM-1,iron,2025-01-01,2025-12-31,2\n", "row 3, Issuance"),
        ("list.csv", ROWS.replace("2025-12-31", "2024-12-31") + "4\n", "row 2, Last day"),
        ("list.csv", "Issuance,Site\nX-1,G\n", "column"),
        ("list.xlsx", ROWS, "under the name of an XLSX"),
        ("list.exe", ROWS, "CSV, TSV, TXT or XLSX"),
        ("list.csv", "", "empty"),
    ],
)
def test_a_wrong_list_comes_back_with_row_and_column(
    people: Cast, as_: As, name: str, content: str, said: str
) -> None:
    file = SimpleUploadedFile(name, content.encode())
    before = writes()
    for step in ("look", "record"):
        file.seek(0)
        data = {"registry": "Another", "file": file, "step": step}
        answer = send(as_(people.olga), "/elsewhere/list/", data)
        assert answer.status_code == 400
        assert said in summary(answer)
    assert writes() == before


def test_an_alias_is_taken_back(people: Cast, as_: As, works: Site) -> None:
    client = as_(people.olga)
    unknown = send(client, "/elsewhere/aliases/", {"site": "NONE", "identifier": "G"})
    assert "No site here has the code NONE" in summary(unknown)
    send(client, "/elsewhere/aliases/", {"site": works.code, "identifier": "G"})
    alias = SiteAlias.objects.get()
    assert send(client, f"/elsewhere/aliases/{alias.pk}/remove/").status_code == 302
    assert not SiteAlias.objects.exists()


def test_a_producer_declares_for_its_own_site(people: Cast, as_: As, works: Site) -> None:
    url = f"/sites/{works.code}/elsewhere/"
    given = {
        "registry": "Another",
        "reference": "X-9",
        "functional_unit": "iron",
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "units": "50",
    }
    reversed_ = send(as_(people.alice), url, {**given, "period_end": "2023-12-31"})
    assert (reversed_.status_code, "end it then or after" in summary(reversed_)) == (400, True)
    assert send(as_(people.alice), url, given).status_code == 302
    assert "X-9" in as_(people.alice).get(url).content.decode()
    again = send(as_(people.alice), url, given)
    assert again.status_code == 400


def test_who_may_not_look(people: Cast, as_: As, works: Site) -> None:
    for path in ("/elsewhere/", "/elsewhere/list/", "/elsewhere/template.csv"):
        assert as_(people.alice).get(path).status_code == 403
    url = f"/sites/{works.code}/elsewhere/"
    assert as_(people.erik).get(url).status_code == 404
    assert as_(people.anton).get(url).status_code == 403
    assert as_(people.vera).get(url).status_code == 403


def test_the_list_takes_as_many_queries_for_many_lines(people: Cast, as_: As) -> None:
    client = as_(people.olga)
    few = queries_of(client, "/elsewhere/")
    rows = ROWS + "400\n" + "".join(f"Y-{n},S-{n},iron,2024-01-01,2024-12-31,7\n" for n in range(9))
    send(client, "/elsewhere/list/", {"registry": "Another", "text": rows, "step": "record"})
    assert queries_of(client, "/elsewhere/") <= few + 3 <= 14
