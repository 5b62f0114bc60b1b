"""Lines as a table over HTTP: brought, looked at, confirmed once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.models import InventoryLine
from tests.cast import Cast
from tests.claims.api.test_claims import new_inventory
from tests.claims.services.tables import HEAD, ROW, csv_of, forty
from tests.registry.api.test_fuzz import FUZZ, check, undone
from tests.support.programs import Program


def test_a_table_is_brought_looked_at_and_confirmed(
    people: Cast, carl: Program, queries: Any
) -> None:
    address = new_inventory(people, carl)
    made = carl.upload(f"{address}lines/import/", "a.xlsx", forty(), mode="append")
    assert (made.status, made.body["state"], made.body["line_count"]) == (201, "ready", 40)
    assert made.body["totals"][1] == {
        "category": "scope_3_2",
        "lines": 15,
        "tonnes": "750",
        "physical_emissions": "1125",
    }
    one = f"{address}imports/{made.body['id']}/"
    assert carl.get(one).body == made.body
    assert queries(lambda: carl.get(one)) <= 12
    confirmed = carl.post(f"{one}confirm/", key="once")
    assert (confirmed.status, confirmed.body["state"]) == (200, "done")
    assert carl.post(f"{one}confirm/", key="once").body == confirmed.body
    assert carl.post(f"{one}confirm/").status == 409
    assert carl.post(f"{one}discard/").status == 409
    assert InventoryLine.objects.count() == 40
    (listed,) = carl.get(f"{address}imports/").body["results"]
    assert listed["state"] == "done"


def test_faults_come_by_row_and_column(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    made = carl.upload(f"{address}lines/import/", "a.csv", csv_of(ROW, "C,scope_3_1,steel,x,2"))
    assert (made.status, made.body["state"], made.body["fault_count"]) == (201, "faulty", 1)
    (fault,) = made.body["faults"]
    assert (fault["row"], fault["column"], fault["found"]) == (3, "Tonnes", '"x"')
    assert carl.post(f"{address}imports/{made.body['id']}/confirm/").status == 409
    assert carl.post(f"{address}imports/{made.body['id']}/discard/").body["state"] == "discarded"


def test_no_file_no_mode_no_right(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    bring = f"{address}lines/import/"
    assert list(carl.upload(bring, "a.csv", b"").body["errors"]) == ["file"]
    wrong = carl.upload(bring, "a.csv", csv_of(ROW), mode="merge")
    assert (wrong.status, list(wrong.body["errors"])) == (400, ["mode"])
    assert carl.post(bring, {"file": "a.csv"}).status == 415
    assert carl.upload(bring, "a.csv", csv_of(ROW), key="").status == 400
    assert Program.of(people.bob).upload(bring, "a.csv", csv_of(ROW)).status == 404
    assert Program.of(people.alice).upload(bring, "a.csv", csv_of(ROW)).status == 403


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_may_be_sent_back(people: Cast, carl: Program, ending: str) -> None:
    address = new_inventory(people, carl)
    template = carl.client.get(f"/api/v1/inventories/template/{ending}/").content
    made = carl.upload(f"{address}lines/import/", f"lines.{ending}", template)
    assert (made.body["state"], made.body["line_count"]) == ("ready", 1)


def test_an_inventory_says_which_production_matches(people: Cast, carl: Program) -> None:
    made = carl.post(
        "inventories/",
        {
            "organisation": str(people.auto_werke.pk),
            "name": "53 weeks",
            "period_start": "2025-12-29",
            "period_end": "2027-01-03",
        },
    )
    assert made.body["window"] == {
        "start": "2024-01-01",
        "end": "2026-12-31",
        "reporting_start": "2026-01-01",
        "reporting_end": "2026-12-31",
    }


_CELLS = st.lists(
    st.sampled_from(("Coil", "scope_3_1", "steel", "10", "2", "-1", "1e9", "", '"', "EUR", "spend"))
    | st.text(max_size=8),
    max_size=8,
).map(",".join)


def test_no_table_breaks_an_import(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    head = f"{HEAD},Spend,Currency,Spend factor"

    @FUZZ
    @given(
        name=st.sampled_from(("a.csv", "a.xlsx", "a.txt", "a", ".csv", "\u202e.csv", "a\n.csv")),
        content=st.lists(_CELLS, max_size=5).map(lambda rows: csv_of(*rows, head=head))
        | st.binary(max_size=200),
    )
    def bring(name: str, content: bytes) -> None:
        with undone():
            made = carl.upload(f"{address}lines/import/", name, content)
            check(made)
            if made.status == 201 and made.body["state"] == "ready":
                check(carl.post(f"{address}imports/{made.body['id']}/confirm/"))

    bring()
