"""manage.py rulebook."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

if not settings.configured:
    pytest.skip("needs Django's settings", allow_module_level=True)

from registry.management.commands import rulebook


def said(*options: str) -> str:
    out = StringIO()
    call_command("rulebook", *options, stdout=out)
    return out.getvalue()


def test_it_lists_every_rule() -> None:
    assert "R020" in said()
    assert "R017" in said()


def test_its_json_lists_every_rule_with_its_tests() -> None:
    listed = {each["id"]: each for each in json.loads(said("--json"))}
    assert listed["R020"]["section"] == "3.1"
    assert listed["R020"]["modality"] == "shall"
    assert listed["R020"]["parameters"][0]["value"] == "1.00"
    assert {each["kind"] for each in listed["R020"]["tests"]} == {"pass", "fail", "boundary"}


def test_it_writes_the_document_and_notices_when_it_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "docs" / "rulebook.md"
    monkeypatch.setattr(rulebook, "DOCUMENT", path)
    with pytest.raises(CommandError, match="stale"):
        said("--check")
    said("--write")
    assert "up to date" in said("--check")
    path.write_text(path.read_text("utf-8") + "by hand\n", "utf-8")
    with pytest.raises(CommandError, match="stale"):
        said("--check")


def test_it_compares_two_editions_parameter_by_parameter() -> None:
    text = said("--compare", "rmi-2026-03", "illustrative-stricter")
    assert "iron_limit_intensity (3.1, t CO2e/t): 1.00 -> 0.80, stricter" in text
    assert "provisional_issuance (6.1, long_term_offtake or never, AMB-10)" in text
    found = json.loads(said("--compare", "rmi-2026-03", "illustrative-stricter", "--json"))
    limit = next(each for each in found if each["parameter"] == "iron_limit_intensity")
    assert (limit["before"], limit["after"], limit["demand"]) == ("1.00", "0.80", "stricter")
    assert "R020" in limit["rules"]
    assert "no parameter differs" in said("--compare", "rmi-2026-03", "rmi-2026-03")


def test_an_edition_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"rmi-2031.*known are"):
        said("--compare", "rmi-2026-03", "rmi-2031")
