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
