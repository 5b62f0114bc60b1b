"""`tools/recompute_claim.py`: a stranger's check, with no Django anywhere."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claims.accounting.digest import digest
from tests.accounting.test_statement import document

ROOT = Path(__file__).parent.parent.parent
# Refuses every import of a third party, then runs the tool as if it had been called.
WITHOUT = """
import runpy, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "psycopg", "guardian", "rest_framework", "celery"}:
            raise ImportError(f"{name} is not there")
sys.meta_path.insert(0, Refuse())
sys.argv = ["recompute_claim.py", *sys.argv[1:]]
runpy.run_path("tools/recompute_claim.py", run_name="__main__")
"""


def recompute(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", WITHOUT, "-"],
        cwd=ROOT, input=text, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_right_document_recomputes_without_django() -> None:
    done = recompute(json.dumps(document()))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("figures recomputed, no difference.\n")


def test_each_difference_is_printed() -> None:
    changed = document()
    changed["adjusted_inventory"]["total_emissions"] = "1"
    changed["claims"][0]["volume"] = 5
    done = recompute(json.dumps(changed))
    assert done.returncode == 1
    assert "adjusted_inventory.total_emissions: printed '1', recomputed '17568.9'" in done.stdout
    assert "claims[0].volume: printed 5, recomputed 40000" in done.stdout
    assert done.stdout.endswith("2 differences.\n")


def test_an_answer_of_the_interface_for_programs_is_read_too() -> None:
    answer = {"code": "S-1", "sha256": digest(document()), "document": document()}
    assert recompute(json.dumps(answer)).returncode == 0
    done = recompute(json.dumps(answer | {"sha256": "0" * 64}))
    assert done.returncode == 1
    assert "sha256: is not that of the document" in done.stdout


def test_a_unit_counted_twice_is_said() -> None:
    changed = document()
    changed["inputs"]["claims"][1]["matches"][0]["lots"][0].update(first=1, last=11_666)
    done = recompute(json.dumps(changed))
    assert done.returncode == 1
    assert "serials 1 to 11666: claimed twice, in C-2 and in C-1" in done.stdout
    assert "Not to be relied on: " in done.stdout


def without_lines() -> dict[str, Any]:
    changed = document()
    del changed["inputs"]["lines"]
    return changed


def of_an_unknown_edition() -> dict[str, Any]:
    changed = document()
    changed["edition"]["id"] = "none-such"
    return changed


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "no JSON", "[" * 100_000, json.dumps(without_lines()),
     json.dumps(of_an_unknown_edition()),
     json.dumps(document()).replace('"claimant":', '"claimant": "Another", "claimant":', 1)],
    ids=["empty", "list", "object", "words", "deep", "no lines", "edition", "name twice"],
)  # fmt: skip
def test_what_is_no_statement_is_said_to_be_none(text: str) -> None:
    done = recompute(text)
    assert done.returncode == 2
    assert "no statement that can be recomputed" in done.stderr
    assert "Traceback" not in done.stderr
