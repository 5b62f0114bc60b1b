"""The tree, its proofs and its tiles, against RFC 6962 written down naively."""

from base64 import b64decode
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.log.leaf import EMPTY_ROOT, canonical, leaf_hash
from registry.log.tiles import (
    DamagedError,
    Tiles,
    grown,
    number_path,
    pack,
    tile_path,
    unpack,
    width_of,
)
from registry.log.tree import (
    consistency_path,
    inclusion_path,
    is_consistent,
    is_included,
    root,
)
from tests.registry.log import naive

# The inputs and roots of the Certificate Transparency reference implementation's tests.
CT_LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST = 700


def leaves(size: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(size)]


def grow(files: dict[str, bytes], old: int, added: list[bytes]) -> Tiles:
    before = Tiles(files.__getitem__, old)
    for path, tile in list(grown(before, [leaf_hash(each) for each in added])):
        files[path] = tile
    return Tiles(reader(files), old + len(added))


def reader(files: dict[str, bytes]):
    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    return read


@pytest.fixture(scope="module")
def tree() -> Tiles:
    return grow({}, 0, leaves(MOST))


def test_an_empty_tree_has_the_root_of_rfc_6962() -> None:
    assert root(0, lambda *_: b"") == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_the_ct_reference_vectors(size: int) -> None:
    tiles = grow({}, 0, CT_LEAVES[:size])
    assert root(size, tiles.hash_at).hex() == CT_ROOTS[size - 1]
    assert naive.mth(CT_LEAVES[:size]).hex() == CT_ROOTS[size - 1]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_however_it_grows_the_root_is_the_same(steps: list[int]) -> None:
    files: dict[str, bytes] = {}
    size = 0
    for step in steps:
        tiles = grow(files, size, leaves(size + step)[size:])
        size += step
    assert root(size, tiles.hash_at) == naive.mth(leaves(size))
    # Every tile of this size, and of no other, has the width that the specification says.
    for level in range(3):
        for index in range(-(-(size >> 8 * level) // 256)):
            width = width_of(level, index, size)
            assert len(files[tile_path(level, index, width)]) == 32 * width


@given(st.data())
def test_a_leaf_is_shown_to_be_included(tree: Tiles, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, tree.hash_at)
    wanted = root(size, tree.hash_at)
    leaf = leaf_hash(leaves(MOST)[index])
    assert path == naive.path(index, leaves(size))
    assert is_included(leaf, index, size, path, wanted)
    # Any other leaf, place, step or root is refused.
    assert not is_included(leaf_hash(b"another"), index, size, path, wanted)
    assert not is_included(leaf, size, size, path, wanted)
    assert not is_included(leaf, index, size, [*path, wanted], wanted)
    assert not is_included(leaf, index, size, path, leaf_hash(b"root"))
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        bent = [*path[:at], leaf_hash(b"bent"), *path[at + 1 :]]
        assert not is_included(leaf, index, size, bent, wanted)
        assert not is_included(leaf, index, size, path[:-1], wanted)
        other = (index + data.draw(st.integers(1, size - 1))) % size
        assert not is_included(leaf, other, size, path, wanted)


@given(st.data())
def test_a_beginning_is_shown_to_be_one(tree: Tiles, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(1, size))
    path = consistency_path(old, size, tree.hash_at)
    before, after = root(old, tree.hash_at), root(size, tree.hash_at)
    assert path == naive.proof(old, leaves(size))
    assert is_consistent(old, before, size, after, path)
    assert not is_consistent(old, leaf_hash(b"forged"), size, after, path)
    if old < size:
        assert not is_consistent(old, before, size, leaf_hash(b"forged"), path)
        assert not is_consistent(old, before, size, after, path[:-1])
        assert not is_consistent(old, before, size, after, [*path, before])
        at = data.draw(st.integers(0, len(path) - 1))
        bent = [*path[:at], leaf_hash(b"bent"), *path[at + 1 :]]
        assert not is_consistent(old, before, size, after, bent)


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    """tlog-tiles, Partial Tiles: 273 full and 112; one full and 17; 1."""
    names = [path for path, _ in grown(Tiles(reader({}), 0), [bytes(32)] * 70_000)]
    assert len([name for name in names if name.startswith("tile/0/") and ".p" not in name]) == 273
    assert "tile/0/273.p/112" in names
    assert {"tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= set(names)
    assert len(names) == 273 + 1 + 1 + 1 + 1


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1_234_067, "x001/x234/067")],
)
def test_a_number_is_a_path_of_three_digits_each(number: int, path: str) -> None:
    assert number_path(number) == path


def test_a_missing_tile_is_named() -> None:
    with pytest.raises(DamagedError, match=r"tile/0/000\.p/3 is missing"):
        Tiles(reader({}), 3).tile(0, 0)


def test_a_short_tile_is_named() -> None:
    with pytest.raises(DamagedError, match=r"tile/0/000\.p/3 has 64 bytes"):
        Tiles(reader({"tile/0/000.p/3": bytes(64)}), 3).tile(0, 0)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_events_back(events: list[bytes]) -> None:
    assert unpack(pack(events)) == events


def test_a_bundle_cut_short_is_found() -> None:
    with pytest.raises(DamagedError, match="middle of an event"):
        unpack(pack([b"whole"])[:-1])


def test_an_event_too_long_for_its_length_is_refused() -> None:
    with pytest.raises(ValueError, match="65536 bytes"):
        pack([b"x" * 65_536])


@given(st.dictionaries(st.from_regex(r"[a-z_0-9]{1,12}", fullmatch=True), st.text()))
def test_events_are_written_as_rfc_8785_says(event: dict[str, str]) -> None:
    assert canonical(event) == rfc8785.dumps(event)


def test_the_example_of_the_checkpoint_specification_has_a_root_of_32_bytes() -> None:
    assert len(b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")) == 32
