"""Numbering, signing, publishing, and refusing to."""

import json
import shutil
from base64 import b64decode
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from registry.log import sequencer
from registry.log.audit import InconsistentError, check_everything
from registry.log.checkpoint import opened
from registry.log.folder import Folder
from registry.log.keys import SigningKey, verifier
from registry.log.leaf import leaf_hash
from registry.log.sequencer import rebuild, sequence
from registry.log.tiles import unpack
from registry.log.tree import is_included
from registry.models import LogCheckpoint, LogLeaf, LogPending
from tests.registry.log import naive
from tests.registry.log.stage import KEY, Stage, as_superuser, every_move, retire, stage


@pytest.fixture(scope="module")
def world(shared_database: None, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A log signed at two sizes; each test has a copy of its folder."""
    on = stage(tmp_path_factory.mktemp("log"))
    on.sequence()
    every_move(on)
    on.sequence()
    return on


@pytest.fixture
def on(world: Stage, db: None, tmp_path: Path) -> Stage:
    shutil.copytree(world.folder.root, tmp_path / "log")
    return Stage(world.people, world.issuance, Folder(tmp_path / "log"))


def leaves() -> list[bytes]:
    return [each.event.encode() for each in LogLeaf.objects.order_by("number")]


def published(on: Stage):
    return opened(on.folder.read("checkpoint").decode(), KEY.public, verifier(KEY.public))


def test_what_is_published_is_the_tree_of_the_leaves(on: Stage) -> None:
    checkpoint = published(on)
    assert checkpoint.size == LogLeaf.objects.count()
    assert checkpoint.root == naive.mth(leaves())
    assert unpack(on.folder.read(f"tile/entries/000.p/{checkpoint.size}")) == leaves()
    assert on.folder.read("key").decode() == f"{KEY.public}\n"
    assert not LogPending.objects.exists()


def test_every_checkpoint_is_kept(on: Stage) -> None:
    kept = list(LogCheckpoint.objects.order_by("size"))
    assert len(kept) == 2
    for each in kept:
        assert on.folder.read(f"checkpoints/{each.size:03d}").decode() == each.note
        assert naive.mth(leaves()[: each.size]) == bytes(each.root)


def test_with_nothing_new_nothing_is_signed(on: Stage) -> None:
    assert on.sequence().added == 0
    assert LogCheckpoint.objects.count() == 2


def test_an_empty_log_is_signed_too(on: Stage, tmp_path: Path) -> None:
    for table in ("logleaf", "logcheckpoint", "logpending"):
        as_superuser(f"DELETE FROM registry_{table}")
    shutil.rmtree(on.folder.root)
    signed = sequence(folder=Folder(tmp_path / "log"), key=KEY, now=timezone.now())
    assert signed is not None
    assert signed.checkpoint.size == 0
    again = sequence(folder=Folder(tmp_path / "log"), key=KEY, now=timezone.now())
    assert again is not None
    assert again.added == 0


def test_a_certificate_proves_its_record_and_every_range(on: Stage) -> None:
    names = sorted(path.name for path in (on.folder.root / "proof").iterdir())
    assert len(names) == 3
    for name in names:
        proof = json.loads(on.folder.read(f"proof/{name}"))
        signed = opened(proof["checkpoint"], KEY.public, verifier(KEY.public))
        kinds = []
        for each in proof["events"]:
            path = [b64decode(step) for step in each["path"]]
            leaf = leaf_hash(each["event"].encode())
            assert is_included(leaf, int(each["number"]), signed.size, path, signed.root)
            event = json.loads(each["event"])
            kinds.append(event.get("kind", event["type"]))
        assert kinds[0] == "retirement"
        assert set(kinds[1:]) <= {"retire", "finish_retirement"}
        assert len(kinds) > 1


def test_over_many_tiles_the_root_stays_right_and_partial_tiles_go(
    on: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "_CHUNK", 512)
    for many in (200, 300, 3, 700):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registry_logpending (event)"
                " SELECT '{\"n\":\"' || n || '\"}' FROM generate_series(1, %s) n",
                [many],
            )
        assert on.sequence().added == many
        assert published(on).root == naive.mth(leaves())
    tiles = on.folder.root / "tile/0"
    full = published(on).size // 256
    assert full >= 4
    assert [path.name for path in sorted(tiles.glob("*.p"))] == [f"{full:03d}.p"]


def test_two_keep_out_of_each_others_way(on: Stage) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(6962256)")
            assert sequence(folder=on.folder, key=KEY, now=timezone.now()) is None
            cursor.execute("SELECT pg_advisory_unlock(6962256)")
    finally:
        other.close()
    assert sequence(folder=on.folder, key=KEY, now=timezone.now()) is not None


# --- refusing to sign ---------------------------------------------------------------------------

TAMPERINGS = {
    "edited": 'UPDATE registry_logleaf SET event = replace(event, \'"first":"1"\','
    ' \'"first":"2"\') WHERE number = (SELECT min(number) FROM registry_logleaf'
    ' WHERE event LIKE \'%%"first":"1"%%\')',
    "removed": "DELETE FROM registry_logleaf WHERE number = 3",
    "the last removed": "DELETE FROM registry_logleaf"
    " WHERE number = (SELECT max(number) FROM registry_logleaf)",
    "inserted": "UPDATE registry_logleaf SET number = number + 1000 WHERE number > 4;"
    "INSERT INTO registry_logleaf (number, event) SELECT 5, event FROM registry_logleaf"
    " WHERE number = 4;"
    "UPDATE registry_logleaf SET number = number - 999 WHERE number > 900",
    "reordered": "UPDATE registry_logleaf SET number = -1 WHERE number = 2;"
    "UPDATE registry_logleaf SET number = 2 WHERE number = 3;"
    "UPDATE registry_logleaf SET number = 3 WHERE number = -1",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_changed_table_is_found_and_nothing_is_signed(on: Stage, how: str) -> None:
    note = on.folder.read("checkpoint")
    if how == "reordered":
        as_superuser("ALTER TABLE registry_logleaf DROP CONSTRAINT leaves_are_numbered_from_zero")
    as_superuser(TAMPERINGS[how])
    book_more()
    with pytest.raises(InconsistentError, match=r"leaf \d+ in the table is not the one"):
        on.sequence()
    assert LogCheckpoint.objects.count() == 2
    assert on.folder.read("checkpoint") == note


def book_more() -> None:
    """Something new to sign."""
    with connection.cursor() as cursor:
        cursor.execute('INSERT INTO registry_logpending (event) VALUES (\'{"n":"1"}\')')


@pytest.mark.parametrize("path", ["tile/0", "tile/entries", "checkpoint"])
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_changed_file_is_found(on: Stage, path: str, how: str) -> None:
    size = published(on).size
    target = on.folder.root / (path if path == "checkpoint" else f"{path}/000.p/{size}")
    if how == "gone":
        target.unlink()
    else:
        content = bytearray(target.read_bytes())
        content[len(content) // 2] ^= 1
        target.write_bytes(content)
    book_more()
    if (path, how) == ("checkpoint", "gone"):
        # The tables still know what was signed: it is published again, and then the new.
        assert on.sequence().added == 1
        return
    with pytest.raises(InconsistentError):
        on.sequence()
    assert LogCheckpoint.objects.count() == 2


def test_a_database_put_back_does_not_sign_a_second_history(on: Stage) -> None:
    as_superuser(
        "DELETE FROM registry_logcheckpoint"
        " WHERE size = (SELECT max(size) FROM registry_logcheckpoint)"
    )
    with pytest.raises(InconsistentError, match=r"size \d+ has been published"):
        on.sequence()


def test_tables_and_tiles_forged_together_do_not_give_the_signed_root(on: Stage) -> None:
    as_superuser(TAMPERINGS["edited"])
    size = published(on).size
    hashes = b"".join(leaf_hash(event) for event in leaves())
    on.folder.write(f"tile/0/000.p/{size}", hashes)
    with pytest.raises(InconsistentError, match="do not give the root"):
        on.sequence()


def test_another_key_signs_nothing_on_top_of_ours(on: Stage) -> None:
    other = SigningKey(KEY.public.name, bytes(32))
    with pytest.raises(InconsistentError, match="no signature"):
        sequence(folder=on.folder, key=other, now=timezone.now())


def test_a_ledger_changed_behind_the_log_is_found_by_the_audit(on: Stage) -> None:
    assert check_everything(on.folder, KEY) == published(on).size
    as_superuser("UPDATE registry_entry SET to_state = 'retired' WHERE kind = 'issue'")
    with pytest.raises(InconsistentError, match=r"leaf \d+ does not tell of"):
        check_everything(on.folder, KEY)


def test_an_entry_removed_or_slipped_in_is_found_by_the_audit(on: Stage) -> None:
    as_superuser("DELETE FROM registry_entry WHERE kind = 'issue'")
    with pytest.raises(InconsistentError, match="which the registry does not have"):
        check_everything(on.folder, KEY)


# --- dying between the steps --------------------------------------------------------------------


@pytest.mark.parametrize("step", ["books.number_pending", "_extend", "books.keep", "_publish"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_whatever_step_it_dies_at_the_next_run_goes_on(
    on: Stage, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    record = retire(on, 401, 410)
    book_more()
    owner, name = (sequencer.books, step[6:]) if step.startswith("books.") else (sequencer, step)
    real = getattr(owner, name)

    def dies(*arguments: object) -> None:
        if when == "after":
            real(*arguments)
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dies)
        with pytest.raises(ConnectionAbortedError):
            on.sequence()
    book_more()
    on.sequence()
    assert published(on).root == naive.mth(leaves())
    assert published(on).size == LogLeaf.objects.count()
    check_history(on)
    assert on.folder.text(f"proof/{record.code}.json")


def check_history(on: Stage) -> None:
    for each in LogCheckpoint.objects.all():
        assert naive.mth(leaves()[: each.size]) == bytes(each.root)
        assert on.folder.text(f"checkpoints/{each.size:03d}") == each.note


def test_a_lost_folder_is_written_anew_from_the_tables(on: Stage) -> None:
    before = {
        path.relative_to(on.folder.root): path.read_bytes()
        for path in on.folder.root.rglob("*")
        if path.is_file() and "proof" not in path.parts and path.name != ".lock"
    }
    shutil.rmtree(on.folder.root)
    with pytest.raises(InconsistentError, match="is missing"):
        on.sequence()
    newest = rebuild(folder=on.folder, key=KEY)
    assert newest is not None
    assert newest.size == LogLeaf.objects.count()
    for path, content in before.items():
        assert on.folder.read(str(path)) == content
    assert len(list((on.folder.root / "proof").iterdir())) == 3


def test_a_folder_is_not_written_anew_from_changed_tables(on: Stage) -> None:
    as_superuser(TAMPERINGS["edited"])
    with pytest.raises(InconsistentError, match="do not give the root signed at"):
        rebuild(folder=on.folder, key=KEY)
