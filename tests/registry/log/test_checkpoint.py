"""Signed notes and checkpoints, as C2SP writes them."""

from base64 import b64decode, b64encode
from hashlib import sha256

import pytest

from registry.log.checkpoint import (
    Checkpoint,
    NotACheckpointError,
    PublicKey,
    opened,
    parse_key,
    signed,
)
from registry.log.keys import KeyRefused, SigningKey, make_key, read_key, verifier

KEY = SigningKey("example.com/log", bytes(range(32)))
CHECKPOINT = Checkpoint("example.com/log", 20_852_163, sha256(b"root").digest())
NOTE = signed(CHECKPOINT, KEY.public, KEY.sign)
# The example of Go's documentation of sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZS"
    "NXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def open_note(note: str, key: PublicKey = KEY.public) -> Checkpoint:
    return opened(note, key, verifier(key))


def test_a_note_has_three_lines_a_blank_one_and_a_signature() -> None:
    lines = NOTE.split("\n")
    root = b64encode(CHECKPOINT.root).decode()
    assert lines[:4] == ["example.com/log", "20852163", root, ""]
    assert lines[4].startswith("— example.com/log ")
    assert lines[5:] == [""]
    raw = b64decode(lines[4].split(" ")[2])
    assert len(raw) == 4 + 64
    public = b64decode(str(KEY.public).split("+", 2)[2])
    assert raw[:4] == sha256(b"example.com/log\n" + public).digest()[:4]
    assert public[0] == 1


def test_a_signed_checkpoint_opens() -> None:
    assert open_note(NOTE) == CHECKPOINT


def test_the_key_id_of_gos_own_example_is_as_it_says() -> None:
    key = parse_key(GO_KEY)
    assert key.id.hex() == "c74f20a3"
    assert str(key) == GO_KEY


def test_the_signature_of_gos_own_example_is_right_though_it_is_no_checkpoint() -> None:
    with pytest.raises(NotACheckpointError, match="a line each"):
        open_note(GO_NOTE, parse_key(GO_KEY))


@pytest.mark.parametrize(
    "bent",
    [
        NOTE.replace("20852163", "20852164"),
        NOTE.replace("example.com/log\n2", "example.com/other\n2"),
        NOTE.replace("\n\n", "\nextension\n\n"),
        NOTE.replace("— example.com/log", "— example.org/log"),
    ],
)
def test_a_note_that_was_changed_is_refused(bent: str) -> None:
    with pytest.raises(NotACheckpointError, match=r"no signature by example\.com/log"):
        open_note(bent)


@pytest.mark.parametrize("bent", ["", "x", NOTE[:-1], NOTE.replace("\n\n", "\n"), NOTE + "more\n"])
def test_what_is_no_note_is_refused(bent: str) -> None:
    with pytest.raises(NotACheckpointError, match="no signed note"):
        open_note(bent)


def test_another_key_of_the_same_name_is_not_ours() -> None:
    other = SigningKey("example.com/log", bytes(32))
    with pytest.raises(NotACheckpointError, match="no signature"):
        open_note(NOTE, other.public)


def test_further_signatures_of_witnesses_do_not_disturb() -> None:
    witness = SigningKey("witness.example/w1", bytes(32))
    line = signed(CHECKPOINT, witness.public, witness.sign).split("\n\n")[1]
    assert open_note(NOTE + line) == CHECKPOINT
    assert open_note(NOTE.replace("\n\n", "\n\n" + line)) == CHECKPOINT


@pytest.mark.parametrize("text", ["20852163x", "020852163", "-1", ""])
def test_a_size_that_is_no_size_is_refused(text: str) -> None:
    body = CHECKPOINT.text.replace("20852163", text)
    line = b64encode(KEY.public.id + KEY.sign(body.encode())).decode()
    with pytest.raises(NotACheckpointError, match="a line each"):
        open_note(f"{body}\n— example.com/log {line}\n")


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", GO_KEY.replace("c74f", "c74e"), GO_KEY[:-4]]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotACheckpointError):
        parse_key(text)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path) -> None:
    path = tmp_path / "keys" / "log.key"
    make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path, "a/log").public == read_key(path, "a/log").public
    with pytest.raises(FileExistsError):
        make_key(path)


def test_a_key_that_others_can_read_is_refused(tmp_path) -> None:
    path = tmp_path / "log.key"
    make_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyRefused, match="chmod 600"):
        read_key(path, "a/log")


def test_a_missing_or_damaged_key_is_refused(tmp_path) -> None:
    with pytest.raises(KeyRefused, match="BILLET_LOG_KEY_FILE"):
        read_key(tmp_path / "none", "a/log")
    (tmp_path / "log.key").write_text("not hexadecimal")
    (tmp_path / "log.key").chmod(0o600)
    with pytest.raises(KeyRefused, match="64 hexadecimal"):
        read_key(tmp_path / "log.key", "a/log")
