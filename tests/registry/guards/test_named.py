"""Each guard has a test that fails without it; `make torture ONLY=guards` removes each in turn."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from tests.campaigns.guards import ROOT, find_guards

ACTION = (
    "Give the guard a row in tests/registry/guards/rows.py, or a lock its way in"
    " test_service_locks.py; or name a test of its own in tests/campaigns/guards.py."
)


@pytest.mark.django_db
def test_every_guard_is_named_and_its_test_exists() -> None:
    guards = find_guards()
    assert len({guard.name for guard in guards}) == len(guards)
    modules: dict[str, ModuleType] = {}
    lacking = [guard.name for guard in guards if not _exists(guard.test, modules)]
    assert lacking == [], ACTION
    # The search itself is not blind.
    kinds = [sum(part in guard.name for guard in guards) for part in (".", ":", " FOR UPDATE")]
    assert min(kinds) >= 7


def _exists(node: str, modules: dict[str, ModuleType]) -> bool:
    path, _, name = node.partition("::")
    function, _, case = name.partition("[")
    if not path or not (ROOT / path).exists():
        return False
    if path not in modules:
        modules[path] = importlib.import_module(".".join(Path(path).with_suffix("").parts))
    test = getattr(modules[path], function, None)
    return test is not None and (not case or case.removesuffix("]") in _cases(test))


def _cases(test: object) -> set[str]:
    """The names of its cases, as pytest makes them: the mark nearest to the test comes first."""
    names = [""]
    for mark in getattr(test, "pytestmark", []):
        if mark.name == "parametrize":
            values = mark.kwargs.get("ids") or [str(value) for value in mark.args[1]]
            names = [f"{before}-{value}" for before in names for value in values]
    return {name.removeprefix("-") for name in names}
