"""Every guard of the registry, found where it is kept, and the test that fails without it.

Guards are the constraints and triggers of our tables, as the database itself lists them (keys
that Django makes aside), every FOR UPDATE of the ledger's SQL, and every lock that a service
takes, found in its source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tests.registry.guards.bare import plain_name
from tests.registry.guards.rows import PROTECTED, REFUSED, TOGETHER

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "registry", "claims")
_ROWS = "tests/registry/guards/test_rows.py"
_LEDGER_LOCKS = "tests/registry/guards/test_ledger_locks.py"
_SERVICE_LOCKS = "tests/registry/guards/test_service_locks.py"
_SWEEPS = "tests/registry/services/test_sweeps_locked.py"
_EVENTS = "tests/registry/log/test_events.py"

# Tests of their own; rows.py and the tests over all models name the others.
_NAMED_TESTS = {
    "registry_holding.co_claimed_units_never_change_hands": (
        "tests/registry/ledger/test_guards.py::test_co_claimed_units_never_change_hands"
    ),
    "claims_claimedrange.only_units_the_claimant_retired_are_claimed": (
        "tests/claims/services/test_guards.py"
        "::test_units_that_somebody_else_retired_are_not_claimed"
    ),
    "registry_entry.every_entry_is_logged": (
        f"{_EVENTS}::test_what_the_web_books_is_logged_all_the_same"
    ),
    "registry_issuance.every_issuance_is_logged": (
        f"{_EVENTS}::test_an_issuance_enters_with_the_digest_of_its_public_record"
    ),
    "registry_retirement.every_retirement_is_logged": (
        "tests/registry/log/test_sequencer.py::test_a_certificate_proves_its_record_and_every_range"
    ),
    "accounts_account.every_account_is_logged": (
        f"{_EVENTS}::test_an_event_never_comes_before_what_it_leans_on"
    ),
    "accounts_user.every_person_has_a_salt": (
        f"{_EVENTS}::test_a_person_is_a_commitment_that_their_salt_opens"
    ),
    "ledger_take_one FOR UPDATE": (
        f"{_LEDGER_LOCKS}::test_taking_a_range_waits_and_is_told_what_is_left"
    ),
    "ledger_take FOR UPDATE": (
        f"{_LEDGER_LOCKS}::test_taking_ranges_waits_and_is_told_what_is_left"
    ),
    "ledger_settle_one FOR UPDATE": (
        f"{_LEDGER_LOCKS}::test_settling_one_range_waits_and_finds_nothing_left_to_settle"
    ),
    "ledger_settle FOR UPDATE": (
        f"{_LEDGER_LOCKS}::test_settling_waits_and_finds_nothing_left_to_settle"
    ),
    "ledger_name_seat FOR UPDATE": f"{_LEDGER_LOCKS}::test_naming_a_seat_waits_and_finds_it_named",
    "ledger_suspend FOR UPDATE": f"{_LEDGER_LOCKS}::test_suspending_waits_and_is_told_of_the_order",
    "ledger_hold_retired FOR UPDATE": (
        f"{_LEDGER_LOCKS}::test_who_judges_retired_units_waits_for_whoever_judges_them"
    ),
    "ledger_lift FOR UPDATE": f"{_LEDGER_LOCKS}::test_lifting_waits_and_finds_nothing_held",
    "ledger_join FOR UPDATE": f"{_LEDGER_LOCKS}::test_joining_never_waits_for_a_neighbour",
    "ledger_expire FOR UPDATE": f"{_LEDGER_LOCKS}::test_expiring_never_waits_for_units_in_use",
    "transfers:lapse_transfer Transfer": (
        f"{_SWEEPS}::test_sweeps_pass_over_what_is_locked_and_take_it_the_next_time"
    ),
    "notices:send_notices Notice": (
        f"{_SERVICE_LOCKS}::test_a_notice_somebody_sends_just_now_is_passed_over"
    ),
    "co_claims:lapse_co_claims due": (
        f"{_SERVICE_LOCKS}::test_a_co_claim_somebody_decides_just_now_does_not_lapse"
    ),
    "books:alone advisory": (
        "tests/registry/log/test_sequencer.py::test_two_keep_out_of_each_others_way"
    ),
}


@dataclass(frozen=True)
class Guard:
    """One guard. test: the node of the test that fails without it.

    remove, restore: SQL, where the database keeps it. Otherwise a lock of a service: what takes
    it, and the name of what it is taken on.
    """

    name: str
    test: str
    remove: str = ""
    restore: str = ""
    module: str = ""
    function: str = ""
    on: str = ""


def find_guards() -> list[Guard]:
    return [*_constraints(), *_indexes(), *_triggers(), *_ledger_locks(), *_service_locks()]


def _ours(column: str) -> str:
    return " OR ".join(f"starts_with({column}::text, '{app}_')" for app in APPS)


def _ask(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _constraints() -> Iterator[Guard]:
    for table, name, kind, definition, columns in _ask(
        "SELECT c.conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(c.oid),"
        ' array_to_string(ARRAY(SELECT attname::text COLLATE "C" FROM pg_attribute a'
        "   WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) ORDER BY 1), ',')"
        " FROM pg_constraint c WHERE contype IN ('c', 'u', 'x')"
        f" AND ({_ours('c.conrelid::regclass')}) ORDER BY 1, 2"
    ):
        test = _NAMED_TESTS.get(f"{table}.{name}") or _test_of_rows(table, name)
        if kind == "u":
            test = f"{_ROWS}::test_what_is_unique_is_refused_twice[{table}.{columns}]"
        elif not test and name == f"{table}_{columns}_check":
            test = f"{_ROWS}::test_a_count_below_zero_is_refused[{table}.{columns}]"
        yield Guard(
            f"{table}.{name}",
            test,
            # Nothing refers to the unique columns but what Django's own keys do.
            remove=f'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
            restore=f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}',
        )


def _test_of_rows(table: str, name: str) -> str:
    if (table, name) in REFUSED:
        return f"{_ROWS}::test_a_row_that_must_not_be_is_refused[{table}.{name}]"
    if (table, name) in TOGETHER:
        return f"{_ROWS}::test_two_rows_that_must_not_be_together_are_refused[{table}.{name}]"
    return ""


def _indexes() -> Iterator[Guard]:
    """Unique indexes over some rows only, which are no constraints to Postgres."""
    for table, name, definition in _ask(
        "SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)"
        " FROM pg_index WHERE indisunique"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        f" AND ({_ours('indrelid::regclass')}) ORDER BY 1, 2"
    ):
        test = _test_of_rows(table, name)
        yield Guard(f"{table}.{name}", test, remove=f'DROP INDEX "{name}"', restore=definition)


def _triggers() -> Iterator[Guard]:
    for table, trigger, definition in _ask(
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
        f" WHERE NOT tgisinternal AND ({_ours('tgrelid::regclass')}) ORDER BY 1, 2"
    ):
        name = plain_name(trigger)
        test = _NAMED_TESTS.get(f"{table}.{name}", "")
        if name in ("insert_insert", "update_update"):
            verb = name.partition("_")[0]
            test = f"{_ROWS}::test_each_version_of_a_record_is_kept[{table}-{verb}]"
        elif name == "delete_delete":
            test = f"{_ROWS}::test_what_is_deleted_is_kept[{table}]"
        elif (table, name) in PROTECTED:
            test = f"{_ROWS}::test_what_stands_stays[{table}.{name}]"
        yield Guard(
            f"{table}.{name}",
            test,
            remove=f'DROP TRIGGER "{trigger}" ON {table}',
            restore=definition,
        )


_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?\n\$\$;", re.DOTALL)
_FOR_UPDATE = re.compile(r"^ +FOR UPDATE[^\n]*?(?=;?$)", re.MULTILINE)


def _ledger_locks() -> Iterator[Guard]:
    for path in sorted((ROOT / "registry/sql").rglob("*.sql")):
        for function in _FUNCTION.finditer(path.read_text()):
            for number, lock in enumerate(_FOR_UPDATE.finditer(function[0]), 1):
                name = f"{function[1]} FOR UPDATE" + (f" {number}" if number > 1 else "")
                without = function[0][: lock.start()] + function[0][lock.end() :]
                test = _NAMED_TESTS.get(name, "")
                yield Guard(name, test, remove=without, restore=function[0])


def without_lock(statement: str) -> str:
    return _FOR_UPDATE.sub("", statement)


def _service_locks() -> Iterator[Guard]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                yield from _locks_of(module, ast.parse(path.read_text()), "")


def _locks_of(module: str, node: ast.AST, function: str) -> Iterator[Guard]:
    for child in ast.iter_child_nodes(node):
        function = _constant(child) or function
        if on := _locked(child):
            name = f"{module.rpartition('.')[2]}:{function} {on}"
            test = _NAMED_TESTS.get(
                name, f"{_SERVICE_LOCKS}::test_who_would_judge_waits_where_it_reads[{name}]"
            )
            yield Guard(name, test, module=module, function=function, on=on)
        inner = child.name if isinstance(child, ast.FunctionDef) else function
        yield from _locks_of(module, child, inner)


def _constant(node: ast.AST) -> str:
    """The name of a module's own text, for SQL that is written out."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id if node.col_offset == 0 else ""
    return ""


def _locked(node: ast.AST) -> str:
    """What a node of the source locks, if it does."""
    if isinstance(node, ast.Constant) and _FOR_UPDATE.search(str(node.value)):
        return "FOR UPDATE"
    if isinstance(node, ast.Constant) and "_advisory_lock(" in str(node.value):
        return "advisory"
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
    ):
        return ast.unparse(node.func.value).removesuffix(".objects")
    return ""
