"""Roots and proofs of a Merkle tree (RFC 6962, 2.1), from the hashes of its complete subtrees.

A reader, HashAt, gives the hash of the complete subtree of 2**height leaves that is number
`index` of that height, from the left.
"""

from collections.abc import Callable, Sequence

from registry.log.leaf import EMPTY_ROOT, node_hash

HashAt = Callable[[int, int], bytes]


def root(size: int, hash_at: HashAt) -> bytes:
    return _range(0, size, hash_at) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not among the first {size}")
    path = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(middle, high, hash_at))
            high = middle
        else:
            path.append(_range(low, middle, hash_at))
            low = middle
    return path[::-1]


def consistency_path(old: int, size: int, hash_at: HashAt) -> list[bytes]:
    """The hashes that show the first `old` leaves to be a beginning of the first `size`."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {old} leaves is no beginning of one of {size}")
    path = []
    low, high, is_whole = 0, size, True
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(middle, high, hash_at))
            high = middle
        else:
            path.append(_range(low, middle, hash_at))
            low, is_whole = middle, False
    if not is_whole:
        path.append(_range(low, high, hash_at))
    return path[::-1]


def is_included(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], wanted_root: bytes
) -> bool:
    """Whether the path leads from the leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    number, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(step, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, step)
        number, last = number >> 1, last >> 1
    return last == 0 and found == wanted_root


def is_consistent(
    old: int, old_root: bytes, size: int, wanted_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path shows the old tree to be a beginning of the new (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not path and old_root == wanted_root
    if not 0 < old < size:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    number, last = old - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, step)
        number, last = number >> 1, last >> 1
    return last == 0 and before == old_root and after == wanted_root


def _split(size: int) -> int:
    """The largest power of two smaller than size."""
    return 1 << (size - 1).bit_length() - 1


def _range(low: int, high: int, hash_at: HashAt) -> bytes:
    """The hash over leaves low…high-1, a node of the tree: low is a multiple of its width."""
    size = high - low
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return hash_at(height, low >> height)
    middle = low + _split(size)
    return node_hash(_range(low, middle, hash_at), _range(middle, high, hash_at))
