"""The house holds: arrows, one writer of the ledger, declared access, rooms of a decent size."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import Access

ROOT = Path(__file__).parent.parent
APPS = ("accounts", "registry", "claims")
LEDGER = Path("registry/ledger.py")


def sources(*folders: str, migrations: bool = False) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if migrations or "migrations" not in path.parts]


# --- arrows -------------------------------------------------------------------------------------


def test_the_arrows_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    said = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


_ABOVE = {"accounts": {"registry", "claims"}, "registry": {"claims"}, "claims": set[str]()}


def imported(source: str) -> set[str]:
    """The top-level packages a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("app", APPS)
def test_no_app_imports_the_one_above(app: str) -> None:
    for path in sources(app, migrations=True):
        assert not imported(path.read_text()) & _ABOVE[app], path


@pytest.mark.parametrize("folder", ["registry/rulebook", "claims/accounting"])
def test_what_is_pure_imports_the_standard_library_alone(folder: str) -> None:
    allowed = set(sys.stdlib_module_names) | {"registry", "claims"}
    for path in sources(folder):
        source = path.read_text()
        assert imported(source) <= allowed, path
        ours = re.findall(r"from (registry|claims)\.(\w+)", source)
        assert set(ours) <= {("registry", "rulebook"), ("claims", "accounting")}, path


# --- one writer ---------------------------------------------------------------------------------

_WRITES = {
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "save",
    "raw",
}
# The records by name, and the related managers by their dot: a dict may be called entries.
_LEDGER_WORDS = re.compile(r"\b(Holding|Entry)\b|\.(holdings|entries|entries_in|entries_out)\b")
_LEDGER_SQL = re.compile(
    r"(insert\s+into|update|delete\s+from|truncate|copy)\s+(table\s+)?\"?registry_(holding|entry)\b"
    r"|\bledger_(issue|take|carve|settle|join|co_claim|name_seat|suspend|lift|expire|hold_retired)\b",
    re.IGNORECASE,
)


def names_from_models(source: str) -> set[str]:
    """What a module imports from the registry's records."""
    return {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("registry.models")
        for alias in node.names
    }


def ledger_writes(source: str) -> list[str]:
    """The places of a module that write holdings or entries, by the ORM or by SQL."""
    found = []
    records = names_from_models(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and _LEDGER_SQL.search(str(node.value)):
            found.append(f"line {node.lineno}: SQL")
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in records & {"Holding", "Entry"}:
            found.append(f"line {node.lineno}: {called.id}(…)")
        is_write = isinstance(called, ast.Attribute) and called.attr in _WRITES
        if is_write and _LEDGER_WORDS.search(ast.unparse(called.value)):
            found.append(f"line {node.lineno}: {ast.unparse(called)}")
    return found


def test_only_the_ledger_writes_holdings_and_entries() -> None:
    writers = {
        path.relative_to(ROOT)
        for path in [*sources(*APPS, "config"), ROOT / "manage.py"]
        if ledger_writes(path.read_text())
    }
    assert writers == {LEDGER}


def test_the_sql_of_the_ledger_is_in_its_own_files() -> None:
    files = {path for path in ROOT.rglob("*.sql") if ".venv" not in path.parts}
    writing = {
        path.parent.name
        for path in (ROOT / "registry/sql").rglob("*.sql")
        if re.search(
            r"(INSERT INTO|UPDATE|DELETE FROM)\s+registry_(holding|entry)", path.read_text()
        )
    }
    assert writing == {"ledger"}
    assert files == set((ROOT / "registry/sql").rglob("*.sql"))


@pytest.mark.parametrize(
    "planted",
    [
        "Holding.objects.create(issuance=i)",
        "from registry.models import Holding\nHolding(issuance=i)",
        "issuance.holdings.filter(state='active').update(state='retired')",
        "account.entries_in.all().delete()",
        "Entry.objects.bulk_create([])",
        "cursor.execute('UPDATE registry_holding SET state = 1')",
        "cursor.execute('insert into registry_entry values (1)')",
        "cursor.execute('SELECT ledger_issue(1, 2)')",
    ],
)
def test_a_second_writer_would_be_found(planted: str) -> None:
    assert ledger_writes(planted)


@pytest.mark.parametrize(
    "harmless",
    [
        "Holding.objects.filter(state='active').count()",
        "line.save()",
        "inventory.lines.create()",
        "entries = {}; entries.update(a=1)",
        "class Entry: ...\nEntry()",
    ],
)
def test_a_reader_is_not_called_a_writer(harmless: str) -> None:
    assert not ledger_writes(harmless)


# --- the one door to guardian -------------------------------------------------------------------


def test_only_permissions_and_records_import_guardian() -> None:
    for path in sources(*APPS):
        if "guardian" in imported(path.read_text()):
            name = path.relative_to(ROOT).as_posix()
            assert name in (
                "accounts/permissions.py",
                "accounts/models.py",
                "registry/models/production.py",
                "registry/models/site.py",
                "claims/models/statement.py",
            ), path


# --- declared access ----------------------------------------------------------------------------

# Pages of libraries, each with a door of its own.
_LIBRARIES = ("allauth.", "django.", "oauth2_provider.", "drf_spectacular.", "whitenoise.")


def patterns(resolver: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, Any]]:
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield before + str(each.pattern), each.callback


def declared(view: Any) -> Any:
    """What a function view, class view or API view declares."""
    for holder in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        if holder is not None and isinstance(getattr(holder, "access", None), Access | dict):
            return holder.access
    return None


def test_every_url_and_endpoint_declares_its_access() -> None:
    ours = 0
    for url, view in patterns():
        if view.__module__.startswith(_LIBRARIES):
            continue
        ours += 1
        assert declared(view) is not None, f"{url} ({view.__module__}) declares no access"
    assert ours > 20


def test_a_view_without_a_declaration_would_be_found() -> None:
    def view() -> None: ...

    assert declared(view) is None


# --- rooms --------------------------------------------------------------------------------------


def test_files_and_functions_stay_readable() -> None:
    for path in sources(*APPS, "config", "tools"):
        text = path.read_text()
        assert text.count("\n") <= 400, f"{path} has {text.count(chr(10))} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                assert size <= 50, f"{path}:{node.lineno} {node.name} has {size} lines"


def test_the_project_stands_alone() -> None:
    """Nothing reads the folders it was planned in."""
    for path in [*sources(*APPS, "config", "tools", "tests", migrations=True), ROOT / "Makefile"]:
        if path != Path(__file__):
            assert "../shared" not in path.read_text(), path
