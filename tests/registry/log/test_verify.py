"""tools/verify_log.py finds what is wrong with a log, and says where."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from registry.log.keys import SigningKey
from registry.log.tiles import unpack
from tests.registry.log.forged import Event, publish, read, write
from tests.registry.log.stage import KEY, Stage, every_move, stage
from tools import verify_log

# The database is for the world that the module shares; the tests themselves need none.
pytestmark = pytest.mark.django_db
ROOT = Path(verify_log.__file__).parent


@pytest.fixture(scope="module")
def world(shared_database: None, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    on = stage(tmp_path_factory.mktemp("log"))
    on.sequence()
    every_move(on)
    on.sequence()
    return on


@pytest.fixture(scope="module")
def leaves(world: Stage) -> list[bytes]:
    bundles = (world.folder.root / "tile/entries").rglob("*")
    return max((unpack(path.read_bytes()) for path in bundles if path.is_file()), key=len)


@pytest.fixture
def log(world: Stage, tmp_path: Path) -> Path:
    shutil.copytree(world.folder.root, tmp_path / "log")
    return tmp_path / "log"


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    def run(*arguments: object, code: int = 0) -> dict[str, Any]:
        given = [str(each) for each in arguments]
        found = verify_log.main([*given, "--key", str(KEY.public), "--json", "--jobs", "1"])
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert found == code, report
        return report

    return run


Verify = Callable[..., dict[str, Any]]


def only(report: dict[str, Any]) -> str:
    return " | ".join(report["problems"])


def test_a_true_log_verifies(log: Path, verify: Verify, leaves: list[bytes]) -> None:
    report = verify(log)
    assert report["problems"] == []
    assert report["size"] == len(leaves)
    assert report["checkpoints"] == 2
    assert report["retirements"] == 3
    assert sum(report["units"].values()) == 1_077
    assert report["units"]["retired"] == 50 + 10 + 6
    assert report["units"]["cancelled"] == 21
    assert report["units"]["expired"] == 77


def test_every_kind_of_entry_was_replayed(leaves: list[bytes]) -> None:
    from logcheck.replay import LEGAL

    from registry.models import Entry

    assert set(LEGAL) == set(Entry.Kind.values)
    assert {event.get("kind") for event in read(leaves)} - {None} == set(LEGAL)


def test_it_runs_by_copying_without_the_registry(log: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "logcheck", tmp_path / "copy/logcheck")
    shutil.copy(ROOT / "verify_log.py", tmp_path / "copy")
    proof = next((log / "proof").iterdir())
    script = (
        "import runpy, sys\n"
        f"sys.argv = ['verify_log.py', {str(log)!r}, '--key', {str(log / 'key')!r},"
        f" '--certificate', {str(proof)!r}]\n"
        "try:\n    runpy.run_path('verify_log.py', run_name='__main__')\n"
        "finally:\n"
        "    bad = {'django', 'psycopg', 'rfc8785', 'registry', 'tools'} & set(sys.modules)\n"
        "    assert not bad, bad\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path / "copy",
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert "All of it verifies." in done.stdout
    assert f"retirement {proof.stem}" in done.stdout


def test_a_log_is_verified_over_http(log: Path, verify: Verify) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(log))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            assert verify(url)["problems"] == []
            assert "error" in verify(f"{url}/nothing", code=2)
        finally:
            server.shutdown()


# --- rows and files changed ---------------------------------------------------------------------


def edited(raw: list[bytes]) -> list[bytes]:
    """Units of the first sale go to somebody else."""
    events = read(raw)
    (sale,) = [e for e in events if e.get("kind") == "accept" and e["last"] == "600"]
    other = next(
        e["id"] for e in events if e["type"] == "account" and e["id"] != sale["to_account"]
    )
    sale["to_account"] = other
    return write(events)


def removed(raw: list[bytes]) -> list[bytes]:
    at = next(n for n, e in enumerate(read(raw)) if e.get("kind") == "retire")
    return raw[:at] + raw[at + 1 :]


def inserted(raw: list[bytes]) -> list[bytes]:
    """An entry once more, with an id and a version of its own."""
    events = read(raw)
    at = next(n for n, e in enumerate(events) if e.get("kind") == "retire")
    more = events[at] | {"id": events[at]["id"][:-4] + "0000", "version": "999"}
    return raw[: at + 1] + write([more]) + raw[at + 1 :]


def reordered(raw: list[bytes]) -> list[bytes]:
    at = next(n for n, e in enumerate(read(raw)) if e.get("kind") == "accept")
    return [*raw[: at - 1], raw[at], raw[at - 1], *raw[at + 1 :]]


def cut(raw: list[bytes]) -> list[bytes]:
    return raw[:-3]


TAMPERINGS = [edited, removed, inserted, reordered, cut]


@pytest.mark.parametrize("how", TAMPERINGS)
def test_changed_events_are_found_beside_the_old_tiles(
    log: Path, leaves: list[bytes], verify: Verify, how: Callable[[list[bytes]], list[bytes]]
) -> None:
    tile = log / f"tile/0/000.p/{len(leaves)}"
    kept = tile.read_bytes()
    publish(log, how(leaves), key=None)
    tile.parent.mkdir(exist_ok=True)
    tile.write_bytes(kept)
    changed = log / f"tile/entries/000.p/{len(how(leaves))}"
    changed.rename(log / f"tile/entries/000.p/{len(leaves)}")
    problems = only(verify(log, code=1))
    assert "does not have the hash" in problems or "cut short" in problems


@pytest.mark.parametrize("how", TAMPERINGS)
def test_changed_events_with_new_tiles_do_not_give_the_signed_root(
    log: Path, leaves: list[bytes], verify: Verify, how: Callable[[list[bytes]], list[bytes]]
) -> None:
    folder = publish(log, how(leaves), key=None)
    for level in ("0", "entries"):
        (path,) = (folder.root / f"tile/{level}/000.p").iterdir()
        path.rename(path.with_name(str(len(leaves))))
    problems = only(verify(log, code=1))
    assert "do not give the root that was signed" in problems or "cut short" in problems


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_history_forged_with_the_stolen_key_is_found_by_a_kept_checkpoint(
    log: Path, leaves: list[bytes], verify: Verify, tmp_path: Path, how: Any
) -> None:
    kept = tmp_path / "kept-checkpoint"
    shutil.copy(log / "checkpoint", kept)
    shutil.rmtree(log / "checkpoints")
    publish(log, how(leaves))
    problems = only(verify(log, "--checkpoint", kept, code=1))
    assert any(
        each in problems for each in ("does not begin with", "the log has only", "cut short")
    )


@pytest.mark.parametrize("how", [edited, removed, inserted, reordered])
def test_a_forged_history_that_breaks_the_invariants_is_found_without_any(
    log: Path, leaves: list[bytes], verify: Verify, how: Any
) -> None:
    shutil.rmtree(log / "checkpoints")
    publish(log, how(leaves))
    assert verify(log, code=1)["problems"]


def test_a_log_signed_by_another_key_is_refused(
    log: Path, leaves: list[bytes], verify: Verify
) -> None:
    publish(log, leaves, key=SigningKey(KEY.public.name, bytes(32)))
    assert "no valid signature" in only(verify(log, code=1))


@pytest.mark.parametrize("path", ["checkpoint", "tile/0", "tile/entries", "checkpoints"])
@pytest.mark.parametrize("how", ["a bit", "half", "gone"])
def test_a_damaged_file_is_named(
    log: Path, leaves: list[bytes], verify: Verify, path: str, how: str
) -> None:
    named = {
        "checkpoint": "checkpoint",
        "checkpoints": f"checkpoints/{len(leaves):03d}",
    }.get(path, f"{path}/000.p/{len(leaves)}")
    target = log / named
    content = bytearray(target.read_bytes())
    if how == "gone":
        target.unlink()
    elif how == "half":
        target.write_bytes(content[: len(content) // 2])
    else:
        content[len(content) // 3] ^= 4
        target.write_bytes(content)
    if (path, how) == ("checkpoints", "gone"):
        assert verify(log)["checkpoints"] == 1
    else:
        assert path.split("/")[0] in only(verify(log, code=1))


# --- invariants ---------------------------------------------------------------------------------


def _of(events: list[Event], kind: str, **wanted: str) -> Event:
    return next(
        event
        for event in events
        if event.get("kind", event["type"]) == kind
        and all(event[name] == value for name, value in wanted.items())
    )


def _stranger(events: list[Event]) -> str:
    """An account of an organisation that neither sells nor buys here."""
    busy = {e["organisation"] for e in events if e["type"] == "retirement"}
    busy |= {e["producer"] for e in events if e["type"] == "issuance"}
    return next(e["id"] for e in events if e["type"] == "account" and e["organisation"] not in busy)


def _retired_moves(events: list[Event]) -> None:
    was = _of(events, "retire", first="1")
    move = was | {"kind": "cancel", "from_state": "active", "to_state": "cancelled"}
    events.append(move | {"version": "900"})


def _sold_twice(events: list[Event]) -> None:
    sale = _of(events, "propose", last="600")
    events.insert(events.index(sale) + 1, sale | {"order": sale["issuance"], "version": "900"})


def _co_claimed_sold(events: list[Event]) -> None:
    sale = _of(events, "accept", first="300")
    sale["to_account"] = _stranger(events)


def _issued_twice(events: list[Event]) -> None:
    events.append(_of(events, "issue"))


def _issued_more(events: list[Event]) -> None:
    _of(events, "issue")["last"] = "999"


def _record_twice(events: list[Event]) -> None:
    events.append(_of(events, "issuance"))


def _certificate_of_more(events: list[Event]) -> None:
    _of(events, "retirement", quantity="50")["quantity"] = "51"


def _retired_without_record(events: list[Event]) -> None:
    events.remove(_of(events, "retirement", quantity="50"))


def _settled_by_another(events: list[Event]) -> None:
    sale = _of(events, "accept", last="600")
    sale["order"] = sale["issuance"]


def _version_back(events: list[Event]) -> None:
    _of(events, "accept", last="600")["version"] = "1"


def _free_transfer(events: list[Event]) -> None:
    _of(events, "propose", first="60")["transfers"] = "7"


def _layer_lost(events: list[Event]) -> None:
    for event in events:
        if event.get("kind") == "propose" and event["first"] == "300":
            event["layer"] = ""


def _layer_twice(events: list[Event]) -> None:
    for event in events:
        if event["type"] == "entry" and event["copy"] == "2":
            event["layer"] = "2"


def _copy_of_nothing(events: list[Event]) -> None:
    made = _of(events, "co_claim", copy="2")
    events.append(made | {"first": "700", "last": "710"})


def _lifted_to_another_state(events: list[Event]) -> None:
    _of(events, "lift", first="230")["to_state"] = "expired"


def _account_sold(events: list[Event]) -> None:
    account = _of(events, "account")
    other = next(e for e in events if e["type"] == "account" and e != account)
    events.append(account | {"organisation": other["organisation"] + "0"})


def _unknown_account(events: list[Event]) -> None:
    events.remove(next(e for e in events if e["id"] == _of(events, "issue")["to_account"]))


def _moves_by_retiring(events: list[Event]) -> None:
    _of(events, "retire", first="1")["to_account"] = _stranger(events)


def _out_of_nowhere(events: list[Event]) -> None:
    events.append(_of(events, "issue") | {"kind": "accept", "version": "9", "order": "", "id": ""})


def _unknown_kind(events: list[Event]) -> None:
    _of(events, "expire")["kind"] = "revive"


def _seat_in_nobodys_account(events: list[Event]) -> None:
    _of(events, "name_seat")["to_account"] = ""


VIOLATIONS = [
    (_retired_moves, "is retired and must never move"),
    (_sold_twice, "is reserved in"),
    (_co_claimed_sold, "co-claimed and goes to another organisation"),
    (_issued_twice, "exists already"),
    (_issued_more, "the record says 1 to 1000"),
    (_record_twice, "comes into being a second time"),
    (_certificate_of_more, "its record says 51 units"),
    (_retired_without_record, "no record"),
    (_settled_by_another, "belongs to another order"),
    (_version_back, "from version 2 to 1"),
    (_free_transfer, "counts a transfer without one"),
    (_layer_lost, "changes its layer"),
    (_layer_twice, "claims a layer twice"),
    (_copy_of_nothing, "no co-claimed copy 1 under it"),
    (_lifted_to_another_state, "was active before its suspension"),
    (_account_sold, "given to another organisation"),
    (_unknown_account, "is not in the log before this"),
    (_moves_by_retiring, "moves units to another account"),
    (_out_of_nowhere, "no well-formed event"),
    (_unknown_kind, "revive from 'active'"),
    (_seat_in_nobodys_account, "no account that are no reserved seat"),
]


@pytest.mark.parametrize(("break_it", "said"), VIOLATIONS)
def test_a_forged_event_is_found_by_replay(
    tmp_path: Path, leaves: list[bytes], verify: Verify, break_it: Any, said: str
) -> None:
    events = read(leaves)
    break_it(events)
    publish(tmp_path / "log", write(events))
    problems = verify(tmp_path / "log", code=1)["problems"]
    assert any(said in problem for problem in problems), problems
    assert all(
        problem.startswith(("leaf ", "issuance ", "retirement ", "50 units"))
        for problem in problems
    ), problems


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff", "not JSON"),
        (b"[]", "not an object of strings"),
        (b'{"type":1}', "not an object of strings"),
        (b'{ "type":"account"}', "not in canonical form"),
        (b'{"type":"account","id":"a"}', "not in canonical form"),
        (b'{"id":"a","type":"account"}', "account without organisation"),
        (b'{"type":"magic"}', "type 'magic'"),
        (b"", "not JSON"),
        (b'{"a":"\\ud800","type":"account"}', "not in canonical form"),
    ],
)
def test_a_malformed_event_is_found(
    tmp_path: Path, leaves: list[bytes], verify: Verify, raw: bytes, said: str
) -> None:
    publish(tmp_path / "log", [*leaves, raw])
    assert f"leaf {len(leaves)}: " in only(verify(tmp_path / "log", code=1))
    assert said in only(verify(tmp_path / "log", code=1))


# --- certificates -------------------------------------------------------------------------------


def test_certificates_are_in_the_log_and_stand_alone(log: Path, verify: Verify) -> None:
    proofs = [path for name in (log / "proof").iterdir() for path in ("--certificate", name)]
    assert len(verify(log, *proofs)["certificates"]) == 3
    alone = verify(*proofs)["certificates"]
    assert {each["units"] for each in alone} == {"50", "10", "6"}


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (lambda proof: proof["events"][1]["path"].pop(), "not in the tree"),
        (lambda proof: proof["events"][1].update(number="0"), "not in the tree"),
        (lambda proof: proof.update(retirement="ANOTHER"), "exactly the record"),
        (lambda proof: proof["events"].pop(), "its entries"),
        (lambda proof: proof["events"].append(proof["events"][-1]), "counted twice"),
        (lambda proof: proof.update(checkpoint="no note"), "not a signed note"),
        (lambda proof: proof.update(format="other"), "format"),
        (lambda proof: proof.pop("events"), "no proof file"),
        (lambda proof: proof["events"][1].update(path=["?"]), "not base64"),
        (lambda proof: proof["events"][1].update(path=7), "not base64"),
        (
            lambda proof: proof["events"][1].update(
                event=proof["events"][1]["event"].replace('"last":"', '"last":"1')
            ),
            "not in the tree",
        ),
    ],
)
def test_a_bent_certificate_is_refused(
    log: Path, verify: Verify, tmp_path: Path, bend: Any, said: str
) -> None:
    proof = json.loads(next((log / "proof").iterdir()).read_text())
    bend(proof)
    path = tmp_path / "bent.json"
    path.write_text(json.dumps(proof))
    assert said in only(verify(log, "--certificate", path, code=1))


def test_a_certificate_of_another_history_is_refused(
    log: Path, leaves: list[bytes], verify: Verify
) -> None:
    proof = next((log / "proof").iterdir())
    shutil.rmtree(log / "checkpoints")
    publish(log, edited(leaves))
    assert "does not begin with" in only(verify(log, "--certificate", proof, code=1))


# --- being used wrongly -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [[], ["nowhere"], ["--checkpoint", "x"], ["--certificate", "nowhere.json"]]
)
def test_what_cannot_be_looked_at_is_said(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = verify_log.main([*arguments, "--key", str(KEY.public)])
    said = capsys.readouterr().out
    assert (code, "Traceback" in said) in {(2, False), (1, False)}
    assert said


def test_a_key_that_is_none_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_log.main(["log", "--key", "a+b+c"]) == 2
    assert "public key" in capsys.readouterr().out
