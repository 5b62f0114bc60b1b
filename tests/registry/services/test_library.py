"""The baseline library: every row of the law, the references, and which may be chosen (4.1)."""

import csv
from decimal import Decimal
from typing import Any

import pytest

from registry.errors import BadInput
from registry.models import Baseline
from registry.rulebook.baseline import DATA
from registry.rulebook.edition import editions
from registry.services.library import load_library
from tests.cast import Cast, cast, production

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> None:
    load_library()


@pytest.fixture
def people() -> Cast:
    return cast()


def test_every_row_of_the_law_is_there_and_loading_again_adds_nothing(library: None) -> None:
    with (DATA / "cbam_2026_1740.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == Baseline.objects.filter(code__startswith="cbam-2026-1740").count() == 1452
    assert load_library() == 0
    by_code = dict(Baseline.objects.values_list("code", "value_intensity"))
    for row in rows:
        if row["total_tco2e_t"] and row["iso3"] == "CHN":
            value = by_code[f"cbam-2026-1740-{row['cn_code']}-CN"]
            assert value == Decimal(row["total_tco2e_t"])


def test_loading_asks_few_questions_once_it_is_loaded(
    library: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        load_library()


def test_only_iron_by_country_and_the_scale_may_be_baselines(library: None) -> None:
    chosen = Baseline.objects.filter(reference_only=False)
    assert chosen.exclude(kind="sliding_scale").count() == 64
    assert set(chosen.filter(kind="cbam").values_list("cn_code", flat=True)) == {"7201", "7203"}
    exempt = editions()[-1].cbam_exempt_countries
    assert not Baseline.objects.filter(kind="cbam", country__in=exempt).exists()


def test_a_fallback_is_flagged_and_says_whose_reading_it_is(library: None) -> None:
    found = Baseline.objects.get(code="cbam-2026-1740-7203-BR")
    assert (found.fallback, found.value_intensity) == (True, Decimal("1.325"))
    assert "prevailing reading" in found.note
    flagged = Baseline.objects.filter(kind="cbam", reference_only=False, fallback=True)
    assert flagged.filter(cn_code="7201").count() == 32 - 26
    assert flagged.filter(cn_code="7203").count() == 32 - 8


def test_no_heading_of_iron_or_steel_carries_an_indirect_value() -> None:
    """I-07: the values of CBAM are direct only, whatever Exhibit D1 says."""
    with (DATA / "cbam_2026_1740.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not any(row["indirect_tco2e_t"] for row in rows if row["cn_code"].startswith("72"))
    assert any(row["indirect_tco2e_t"] for row in rows)


def test_references_keep_their_gas_basis_source_and_year(library: None) -> None:
    """I-12: worldsteel's route averages are CO2, not CO2e."""
    bof = Baseline.objects.get(code="worldsteel-2024-bf-bof")
    assert (bof.value_intensity, bof.gas_basis, bof.year) == (Decimal("2.34"), "CO2", 2024)
    assert bof.reference_only
    assert bof.indicative
    slab = Baseline.objects.get(code="rs-annex-5-steel-slab-bof")
    assert (slab.scrap_share, slab.gas_basis) == (Decimal("0.15"), "CO2e")
    assert "disagree" in Baseline.objects.get(code="cbam-transitional-2023-7203").note
    assert not Baseline.objects.filter(kind="reference", source="").exists()


@pytest.mark.parametrize(
    "code", ["worldsteel-2024-bf-bof", "cbam-2026-1740-7207-BR", "cbam-2026-1740-7201-other"]
)
def test_what_is_for_reference_only_cannot_be_chosen(
    people: Cast, library: None, code: str
) -> None:
    entry = Baseline.objects.get(code=code)
    with pytest.raises(BadInput) as bad:
        production(people, steel=entry.functional_unit == "crude_steel", baseline=entry)
    assert "reference only" in bad.value.errors["baseline"][0]
