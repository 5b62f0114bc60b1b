"""A table's columns are as wide as the record's, so a row that is read can be stored."""

import pytest
from django.db import models

from claims.models import InventoryLine, LineColumns
from claims.services.line_columns import COLUMNS
from registry.tabular import Column, Kind, read_text


def test_every_column_of_a_line_may_be_imported() -> None:
    assert {each.name for each in COLUMNS} == {
        field.name for field in LineColumns._meta.get_fields()
    }


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_column_allows_what_the_record_holds(column: Column) -> None:
    field = InventoryLine._meta.get_field(column.name)
    if column.kind is Kind.CHOICE:
        assert isinstance(field, models.CharField)
        assert [code for code, _ in field.choices or []] == list(column.choices)
    elif column.kind is Kind.TEXT:
        assert isinstance(field, models.CharField)
        assert column.length == field.max_length
    else:
        assert isinstance(field, models.DecimalField)
        assert column.decimals == field.decimal_places
        assert column.digits + column.decimals == field.max_digits
        assert column.least == 0
    assert column.required == (not field.blank)


@pytest.mark.parametrize(
    "written", ["Scope 3 Category 1", "scope 3, category 1", "scope_3_1", "SCOPE-3-CATEGORY-1"]
)
def test_a_category_may_be_named_without_what_it_is_called(written: str) -> None:
    table = read_text(
        f"name\tcategory\tmaterial\ttonnes\tfactor_intensity\nCoil\t{written}\tsteel\t1\t2",
        COLUMNS,
    )
    assert table.texts() == []
    assert table.rows[0].values["category"] == "scope_3_1"


def test_a_category_that_is_not_there_is_not_guessed() -> None:
    table = read_text("name\tcategory\tmaterial\nCoil\tScope 3 Category 16\tsteel", COLUMNS)
    assert 'row 2, Category: found "Scope 3 Category 16"' in table.texts()[0]
