"""The editions are validated at the start."""

import pytest
from django.core.checks import run_checks

from registry import checks
from registry.rulebook.edition import EditionInvalid


def test_the_editions_in_the_repository_are_valid() -> None:
    assert checks.editions_are_valid(None) == []


def test_a_faulty_edition_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty() -> None:
        raise EditionInvalid("rmi-x.toml: missing parameters ['claim_limit']")

    monkeypatch.setattr(checks, "every_edition", faulty)
    found = [each for each in run_checks() if each.id == "registry.E001"]
    assert [each.msg for each in found] == ["rmi-x.toml: missing parameters ['claim_limit']"]
