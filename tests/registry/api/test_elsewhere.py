"""Units on other registries through the interface for programs."""

import pytest

from registry.models import Site
from tests.cast import Cast, site
from tests.support.programs import Program

LINE = {
    "reference": "X-1",
    "site": "GEM-1",
    "functional_unit": "iron",
    "period_start": "2025-01-01",
    "period_end": "2025-12-31",
    "units": 400,
}
HEAD = "Issuance,Site,Functional unit,First day,Last day,Units\n"


@pytest.fixture
def works(people: Cast) -> Site:
    return site(people)


@pytest.fixture
def olga(people: Cast) -> Program:
    return Program.of(people.olga)


def test_a_list_an_alias_and_what_the_producer_sees(
    olga: Program, alice: Program, works: Site
) -> None:
    made = olga.post("elsewhere/", {"registry": "Another", "issuances": [LINE]})
    assert (made.status, made.body["new"], made.body["unmatched"]) == (200, 1, ["GEM-1"])
    assert alice.get(f"sites/{works.code}/elsewhere/").body["count"] == 0
    alias = olga.post("site-aliases/", {"site": works.code, "identifier": "gem-1"})
    assert alias.status == 201
    (row,) = alice.get(f"sites/{works.code}/elsewhere/").body["results"]
    assert (row["reference"], row["units"], row["told_by"]) == ("X-1", 400, "list")
    assert olga.get("site-aliases/").body["count"] == 1
    assert olga.delete(f"site-aliases/{alias.body['id']}/").status == 204
    assert alice.get(f"sites/{works.code}/elsewhere/").body["count"] == 0


def test_a_file_is_read_and_its_faults_name_row_and_column(olga: Program) -> None:
    good = f"{HEAD}X-1,GEM-1,iron,2025-01-01,2025-12-31,400\n"
    bad = good.replace("400", "4.5")
    refused = olga.upload("elsewhere/file/", "list.csv", bad.encode(), registry="Another")
    assert refused.status == 400
    assert "row 2, Units" in refused.body["errors"]["file"][0]
    made = olga.upload("elsewhere/file/", "list.csv", good.encode(), registry="Another")
    assert (made.status, made.body["new"]) == (200, 1)
    assert olga.get("elsewhere/").body["results"][0]["site"] == "GEM-1"


def test_a_producer_declares_and_others_may_not(
    people: Cast, olga: Program, alice: Program, works: Site
) -> None:
    given = {name: value for name, value in LINE.items() if name != "site"}
    given |= {"registry": "Another", "period_start": "2024-01-01", "period_end": "2024-12-31"}
    url = f"sites/{works.code}/elsewhere/"
    assert alice.post(url, {**given, "period_end": "2023-01-01"}).status == 400
    assert alice.post(url, given).status == 201
    assert Program.of(people.erik).post(url, given).status == 404
    assert Program.of(people.anton).post(url, given).status == 403
    assert olga.post(url, given).status == 403
    for address in ("elsewhere/", "site-aliases/"):
        assert alice.get(address).status == 403
    assert alice.post("elsewhere/", {"registry": "R", "issuances": [LINE]}).status == 403


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"units": -1}, "units"),
        ({"units": "400"}, "units"),
        ({"units": 4.5}, "units"),
        ({"period_end": "31.12.2025"}, "period_end"),
        ({"functional_unit": "steel"}, "functional_unit"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_line_is_named(olga: Program, line: dict[str, object], field: str) -> None:
    answer = olga.post("elsewhere/", {"registry": "R", "issuances": [{**LINE, **line}]})
    assert answer.status == 400
    assert any(field in name for name in answer.body["errors"]), answer.body["errors"]
