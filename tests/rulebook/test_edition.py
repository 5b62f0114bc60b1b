"""Editions: what a file must say, and which edition is in force."""

from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from registry.rulebook.edition import (
    EDITIONS,
    Edition,
    EditionInvalid,
    contradictions,
    edition,
    edition_on,
    editions,
    every_edition,
    in_order,
    load,
)
from tests.rulebook.cases import EDITION

TEXT = (EDITIONS / "rmi-2026-03.toml").read_text("utf-8")


def loaded(tmp_path: Path, old: str, new: str) -> Edition:
    """The edition's file with one passage changed."""
    assert old in TEXT
    path = tmp_path / "changed.toml"
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    return load(path)


def test_the_edition_says_what_the_draft_says() -> None:
    assert EDITION.iron_fe_min_share == Decimal("0.90")
    assert EDITION.iron_fe_basis == "metallic"
    assert EDITION.iron_limit_intensity == Decimal("1.00")
    assert EDITION.iron_preferred_intensity == Decimal("0.35")
    assert EDITION.steel_levels["DPL2"] == (Decimal("2.00"), Decimal("1.65"))
    assert EDITION.verification_due_months == 24
    assert EDITION.vintage_window_months == 36
    assert EDITION.reporting_close_months == 12
    assert EDITION.offer_days == 14
    assert EDITION.claim_limit == 3
    assert EDITION.claim_methods == ("direct", "enhanced")
    assert len(EDITION.cbam_exempt_countries) == 31


def test_every_parameter_has_a_section_and_a_unit() -> None:
    assert set(EDITION.notes) == Edition.parameter_names()
    assert all(note.section and note.unit for note in EDITION.notes.values())


@pytest.mark.parametrize(
    ("parameter", "ambiguity"),
    [
        ("iron_fe_basis", "AMB-1"),
        ("intermediary_may_retire", "AMB-2"),
        ("end_user_may_transfer", "AMB-3"),
        ("integrated_producer_iron", "AMB-4"),
        ("advanced_economies", "AMB-5"),
        ("bf_bof_last_year_advanced", "AMB-5"),
        ("bf_bof_last_year_global", "AMB-5"),
        ("ccu_counts_as_storage", "AMB-6"),
        ("methane_limit_modality", "AMB-7"),
        ("provisional_may_retire", "AMB-10"),
        ("vintage_window_months", "AMB-13"),
        ("total_cap_reading", "AMB-17"),
    ],
)
def test_every_open_reading_is_named_and_explained(parameter: str, ambiguity: str) -> None:
    assert EDITION.notes[parameter].ambiguity == ambiguity
    assert EDITION.notes[parameter].note


def test_decimals_are_read_as_written() -> None:
    assert str(EDITION.iron_fe_min_share) == "0.90"
    assert str(EDITION.steel_levels["DPL1"][0]) == "2.80"


def test_an_edition_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        EDITION.offer_days = 15  # type: ignore[misc]


def test_the_edition_in_force_is_found_by_date() -> None:
    assert edition_on(date(2020, 1, 1)) is EDITION
    assert edition_on(date(2031, 1, 1)) is EDITION
    assert edition("rmi-2026-03") is EDITION


def test_no_edition_was_in_force_before_the_first() -> None:
    with pytest.raises(EditionInvalid, match="2019-12-31"):
        edition_on(date(2019, 12, 31))


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(EditionInvalid, match="rmi-2027"):
        edition("rmi-2027")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # Keys
        ("[parameters.offer_days]", "[parameters.offer_day]", "missing parameters .'offer_days'"),
        ("[parameters.offer_days]", "[parameters.offer_day]", "unknown parameters .'offer_day'"),
        ('id = "rmi-2026-03"\n', "", "id must be a text"),
        ('id = "rmi-2026-03"', 'id = " "', "id must be a text"),
        ('id = "rmi-2026-03"', 'id = "x"\nname = "y"', "unknown keys .'name'"),
        ("valid_from = 2020-01-01", "", "valid_from must be a date"),
        ("valid_from = 2020-01-01", 'valid_from = "2020-01-01"', "valid_from must be a date"),
        ("valid_from = 2020-01-01", "valid_from = 2020-01-01T00:00:00Z", "must be a date"),
        ("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2019-12-31", "before"),
        ("value = 14\n", "", "offer_days needs a value"),
        ('value = 14\nsection = "7.2"', "value = 14", "offer_days.section must be a text"),
        ('value = 14\nsection = "7.2"', 'value = 14\nsection = ""', "section must be a text"),
        ("value = 14\n", "value = 14\ncomment = 1\n", "unknown keys .'comment'"),
        ("value = 14", "value = = 14", "Invalid value"),
        # Types
        ("value = 14", "value = 14.0", "offer_days must be int"),
        ("value = 14", 'value = "14"', "offer_days must be int"),
        ("value = 14", "value = true", "offer_days must be int"),
        ("value = 0.90", 'value = "0.90"', "iron_fe_min_share must be a number"),
        ("value = 0.90", "value = true", "iron_fe_min_share must be a number"),
        ("value = 0.90", "value = nan", "iron_fe_min_share must be finite"),
        ("value = 0.90", "value = inf", "iron_fe_min_share must be finite"),
        ('value = "metallic"', "value = 1", "iron_fe_basis must be str"),
        ('value = ["direct", "enhanced"]', 'value = "direct"', "must be a list of words"),
        ('value = ["direct", "enhanced"]', 'value = ["direct", 2]', "must be a list of words"),
        ("DPL1 = [2.80, 2.30]", "DPL1 = [2.80]", "must be a pair"),
        ("DPL1 = [2.80, 2.30]", 'DPL1 = [2.80, "2.30"]', "must be a number"),
        # Signs
        ("value = 14", "value = -1", "must not be negative"),
        ("value = 0.35", "value = -0.35", "not negative"),
        ("DPL1 = [2.80, 2.30]", "DPL1 = [2.80, -2.30]", "not negative"),
        # Meaning
        ("value = 0.90", "value = 90", "iron_fe_min_share is a share"),
        ("value = 14", "value = 0", "offer_days must be 1 or more"),
        ("value = 0.35", "value = 1.35", "iron_preferred_intensity lies above"),
        ('value = "metallic"', 'value = "pure"', "iron_fe_basis is one of metallic, total"),
        ('value = "own_issue_only"', 'value = "never"', "integrated_producer_iron is one of"),
        ('value = "total"', 'value = "product"', "total_cap_reading is one of total"),
        ("DPL4 = [0.40, 0.35]\n", "", "steel_levels names DPL1, DPL2, DPL3, DPL4"),
        ("DPL4 = [0.40, 0.35]\n", "DPL5 = [0.4, 0.35]\n", "steel_levels names"),
        ("DPL4 = [0.40, 0.35]", "DPL4 = [0.40, 0.45]", "DPL4 is negative at full scrap"),
        ("DPL4 = [0.40, 0.35]", "DPL4 = [1.30, 1.25]", "must not rise"),
        ('value = "DPL3"', 'value = "DPL9"', "steel_limit_level is one of"),
        ('value = "DPL4"', 'value = "DPL2"', "preferred_level must be stricter"),
        ('value = "DPL4"', 'value = "DPL3"', "preferred_level must be stricter"),
        ('"AT", "BE"', '"at", "BE"', "ISO alpha-2"),
        ('"AT", "BE"', '"AUT", "BE"', "ISO alpha-2"),
        ('"AT", "BE"', '"BE", "BE"', "one word twice"),
        ('value = ["bloom", "billet", "slab"]', "value = []", "steel_products is empty"),
        ('value = ["bloom", "billet", "slab"]', 'value = [""]', "empty word"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(EditionInvalid, match=message) as refused:
        loaded(tmp_path, old, new)
    assert "changed.toml" in str(refused.value)


def test_a_file_without_parameters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text('id = "x"', "utf-8")
    with pytest.raises(EditionInvalid, match="parameters must be a table"):
        load(path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EditionInvalid, match=r"binary\.toml"):
        load(path)


def test_the_boundary_shares_and_counts_are_meant(tmp_path: Path) -> None:
    assert loaded(tmp_path, "value = 0.90", "value = 1").iron_fe_min_share == 1
    assert loaded(tmp_path, "value = 14", "value = 1").offer_days == 1


def test_the_editions_in_the_repository_contradict_nothing() -> None:
    for each in editions():
        assert list(contradictions(each)) == []


def test_two_editions_may_follow_each_other_but_not_overlap() -> None:
    old = replace(EDITION, id="old", valid_until=date(2026, 12, 31))
    following = replace(EDITION, id="new", valid_from=date(2027, 1, 1))
    overlapping = replace(following, valid_from=date(2026, 12, 31))
    assert in_order([following, old]) == (old, following)
    with pytest.raises(EditionInvalid, match="same days"):
        in_order([old, overlapping])
    with pytest.raises(EditionInvalid, match="same days"):
        in_order([replace(old, valid_until=None), following])


def test_an_id_is_used_once_and_there_is_an_edition() -> None:
    with pytest.raises(EditionInvalid, match="twice"):
        in_order([EDITION, EDITION])
    with pytest.raises(EditionInvalid, match="no edition"):
        in_order([])


def test_the_route_criteria_are_the_draft_s() -> None:
    assert (EDITION.bf_bof_last_year_advanced, EDITION.bf_bof_last_year_global) == (2035, 2040)
    assert EDITION.new_bf_bof_from == date(2030, 1, 1)
    assert EDITION.capture_min_share == Decimal("0.90")
    assert EDITION.co2_leakage_max_share == Decimal("0.005")
    assert EDITION.methane_max_share == Decimal("0.002")
    assert EDITION.methane_limit_modality == "shall"
    assert EDITION.ccu_counts_as_storage is False


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 2030-01-01", 'value = "2030"', "new_bf_bof_from must be a date"),
        ("value = 2035", "value = 2041", "bf_bof_last_year_advanced lies after"),
        ('value = ["residue", "waste"]', 'value = ["purpose_grown"]', "eligible and refused"),
        ('"AD", "AT", "AU", "BE", "CA"', '"ADX"', "advanced_economies holds ISO"),
        ("value = 0.002", "value = 2", "methane_max_share is a share"),
    ],
)
def test_route_criteria_that_cannot_be_meant_are_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(EditionInvalid, match=said):
        loaded(tmp_path, old, new)


def test_an_illustrative_edition_is_known_and_never_in_force() -> None:
    made_up = [each for each in every_edition() if each.is_illustrative]
    assert made_up
    assert not {each.id for each in editions()} & {each.id for each in made_up}
    for each in made_up:
        assert edition(each.id) is each
        assert edition_on(each.valid_from) is not each


def test_an_illustrative_edition_says_only_where_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "made_up.toml"
    head = 'id = "x"\ntitle = "x"\nsource = "x"\nvalid_from = 2027-01-01\n'
    path.write_text(
        f'{head}based_on = "rmi-2026-03"\n[parameters.offer_days]\nvalue = 7\n', "utf-8"
    )
    made_up = load(path)
    assert made_up.is_illustrative
    assert (made_up.offer_days, made_up.notes["offer_days"].section) == (7, "7.2")
    assert replace(made_up, offer_days=14).iron_limit_intensity == EDITION.iron_limit_intensity


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('based_on = "rmi-2031"\n[parameters]', "based_on names no edition"),
        ('based_on = "illustrative-stricter"\n[parameters]', "based_on names no edition"),
        ('based_on = "rmi-2026-03"\n[parameters.offer_day]\nvalue = 7', "unknown parameters"),
        ('based_on = "rmi-2026-03"\n[parameters.offer_days]\nvalue = 0', "offer_days must be 1"),
        ('based_on = "rmi-2026-03"\nparameters = 1', "must be a table"),
        ('based_on = "rmi-2026-03"\n[parameters]\noffer_days = 7', "needs a value"),
    ],
)
def test_an_illustrative_edition_that_cannot_be_meant_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "made_up.toml"
    path.write_text(f'id = "x"\ntitle = "x"\nsource = "x"\nvalid_from = 2027-01-01\n{text}\n')
    with pytest.raises(EditionInvalid, match=said):
        load(path)
