"""The log's page, files and endpoints: what is published, and nothing else of the folder."""

import json
from pathlib import Path

import pytest
from django.test import Client

from registry.log.folder import Folder
from tests.registry.log.stage import KEY, Stage, retire, sell, stage
from tests.support.programs import Program
from tools import verify_log


@pytest.fixture(scope="module")
def world(shared_database: None, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    on = stage(tmp_path_factory.mktemp("log"))
    sell(on, 1, 100)
    on.code = retire(on, 1, 40).code  # type: ignore[attr-defined]
    on.sequence()
    return on


@pytest.fixture
def on(world: Stage, db: None, settings) -> Stage:
    settings.LOG_ROOT = world.folder.root
    return world


def test_the_page_shows_checkpoint_key_and_command(on: Stage, client: Client) -> None:
    page = client.get("/log/")
    text = page.content.decode()
    assert page.status_code == 200
    assert KEY.public.name in text
    assert str(KEY.public).replace("+", "&#x2B;") in text or str(KEY.public) in text
    assert "verify_log.py http://testserver/log/" in text


def test_before_anything_is_signed_the_page_says_so(
    db: None, client: Client, settings, tmp_path: Path
) -> None:
    settings.LOG_ROOT = tmp_path
    assert "Nothing has been signed yet" in client.get("/log/").content.decode()
    assert client.get("/log/checkpoint").status_code == 404
    answer = Program().get("register/log/")
    assert (answer.status, answer.body["checkpoint"]) == (200, "")


def test_every_published_file_has_its_address(on: Stage, client: Client) -> None:
    paths = [path for path in on.folder.root.rglob("*") if path.is_file()]
    served = 0
    for path in paths:
        name = path.relative_to(on.folder.root).as_posix()
        answer = client.get(f"/log/{name}")
        if name == ".lock":
            assert answer.status_code == 404
            continue
        served += 1
        assert answer.status_code == 200, name
        assert b"".join(answer.streaming_content) == path.read_bytes()
        kept = "immutable" in answer["Cache-Control"]
        assert kept == (name.startswith(("tile/", "checkpoints/")))
    assert served >= 6
    assert client.get("/log/checkpoint")["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get("/log/checkpoint")["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "../log.key",
        "%2e%2e/log.key",
        "tile/../../log.key",
        "tile/0/%2e%2e/%2e%2e/key",
        "log.key",
        "proof/..%2fkey.json",
        "tile/0",
        "tile/64/000",
        "tile/0/000.p/999",
        "proof/NONE.json",
        "checkpoints",
    ],
)
def test_nothing_else_has_an_address(on: Stage, client: Client, path: str) -> None:
    assert client.get(f"/log/{path}").status_code == 404


def test_a_retirement_links_its_proof_and_the_proof_verifies(
    on: Stage, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = on.code  # type: ignore[attr-defined]
    page = client.get(f"/register/retirements/{code}/").content.decode()
    assert f'href="/log/proof/{code}.json"' in page
    answer = Program().get(f"register/log/proofs/{code}/")
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(answer.body))
    code_of_tool = verify_log.main(["--key", str(KEY.public), "--certificate", str(path)])
    assert code_of_tool == 0, capsys.readouterr().out


def test_before_it_is_signed_a_retirement_has_no_link(
    on: Stage, client: Client, settings, tmp_path: Path
) -> None:
    settings.LOG_ROOT = Folder(tmp_path).root
    code = on.code  # type: ignore[attr-defined]
    page = client.get(f"/register/retirements/{code}/").content.decode()
    assert "/log/proof/" not in page
    assert Program().get(f"register/log/proofs/{code}/").status == 404


def test_the_endpoint_says_what_was_signed(on: Stage) -> None:
    answer = Program().get("register/log/")
    assert answer.body["key"] == str(KEY.public)
    assert answer.body["checkpoint"] == on.folder.read("checkpoint").decode()
    assert answer.body["size"] == int(answer.body["checkpoint"].split("\n")[1])


@pytest.mark.parametrize("code", ["NONE", "..", "a.b"])
def test_an_unknown_proof_is_not_found(on: Stage, code: str) -> None:
    assert Program().get(f"register/log/proofs/{code}/").status == 404


def test_page_and_endpoint_ask_once_however_long_the_log(
    on: Stage, client: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(2):
        client.get("/log/")
