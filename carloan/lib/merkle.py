"""Merkle trees of RFC 6962 (section 2.1): roots, proofs that a leaf lies in a tree, and that a tree only grew.

A tree over n leaves splits at the largest power of two below n. A *subtree* covers the leaves [start, end) with `start`
a multiple of the power of two that holds it; a tree of the past is the subtree [0, size). Hashes are 32 bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final

SIZE: Final = 32
# Of an empty tree.
EMPTY: Final = sha256(b"").digest()
# A proof of the largest tree that can be has as many hashes as its index has bits.
LARGEST: Final = 2**63
# The root of the leaves [start, end), for whoever makes proofs; asked only for full powers of two and a last rest.
RootOf = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size`, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The root of leaf hashes."""
    growing = Frontier()
    for leaf in leaves:
        growing.append(leaf)
    return growing.root()


class Frontier:
    """What must be known of a tree to go on with it: the roots of its full powers of two, the largest first."""

    def __init__(self, size: int = 0, nodes: Sequence[bytes] = ()) -> None:
        """Raises ValueError when the roots are not as many as the size has bits."""
        if size < 0 or len(nodes) != size.bit_count() or any(len(node) != SIZE for node in nodes):
            raise ValueError("these roots belong to no tree of this size")
        self.size = size
        self.nodes = list(nodes)

    def append(self, leaf: bytes) -> None:
        """Take one more leaf hash."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.nodes:
            return EMPTY
        *left, found = self.nodes
        for node in reversed(left):
            found = node_hash(node, found)
        return found


def prove_inclusion(index: int, size: int, root_of: RootOf) -> list[bytes]:
    """What leads from the leaf at `index` to the root of a tree of `size` leaves."""
    return prove_consistency(index, index + 1, size, root_of)


def prove_consistency(start: int, end: int, size: int, root_of: RootOf) -> list[bytes]:
    """What shows that the subtree [start, end) lies in the tree of `size` leaves. Raises ValueError for no subtree."""
    if not _is_subtree(start, end) or end > size:
        raise ValueError("no subtree of this tree")
    return list(_prove(start, end, 0, size, root_of, known=True))


def _prove(start: int, end: int, low: int, high: int, root_of: RootOf, *, known: bool) -> Iterator[bytes]:
    if (start, end) == (low, high):
        if not known:
            yield root_of(low, high)
        return
    middle = low + split(high - low)
    if end <= middle:
        yield from _prove(start, end, low, middle, root_of, known=known)
        yield root_of(middle, high)
    elif middle <= start:
        yield from _prove(start, end, middle, high, root_of, known=known)
        yield root_of(low, middle)
    else:
        yield from _prove(middle, end, middle, high, root_of, known=False)
        yield root_of(low, middle)


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether the leaf hash stands at `index` of the tree."""
    return len(leaf) == SIZE and is_consistent(
        index, index + 1, size, proof=proof, subtree_root=leaf, tree_root=tree_root
    )


def includes_in_subtree(
    leaf: bytes, index: int, *, start: int, end: int, proof: Sequence[bytes], subtree_root: bytes
) -> bool:
    """Whether the leaf hash stands at `index` of the subtree [start, end)."""
    return _is_subtree(start, end) and includes(leaf, index - start, end - start, proof, subtree_root)


def only_grew(old_size: int, size: int, *, proof: Sequence[bytes], old_root: bytes, tree_root: bytes) -> bool:
    """Whether the tree of `size` leaves goes on from the one of `old_size`; what goes on from nothing shows nothing."""
    return old_size > 0 and is_consistent(0, old_size, size, proof=proof, subtree_root=old_root, tree_root=tree_root)


def is_consistent(
    start: int, end: int, size: int, *, proof: Sequence[bytes], subtree_root: bytes, tree_root: bytes
) -> bool:
    """Whether the subtree [start, end) with its root lies in the tree of `size` leaves with its.

    Nothing lies in every tree: of an empty subtree no more is asked than its own root.
    """
    if not 0 <= start <= end <= size < LARGEST or any(len(found) != SIZE for found in proof):
        return False
    if start == end:
        return not proof and subtree_root == EMPTY
    if not _is_subtree(start, end):
        return False
    rest = iter(proof)
    try:
        inner, outer = _roots(start, end, size, rest, subtree_root)
    except StopIteration:
        return False
    return next(rest, None) is None and inner == subtree_root and outer == tree_root


def _is_subtree(start: int, end: int) -> bool:
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def _roots(start: int, end: int, size: int, rest: Iterator[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """The roots of subtree and tree that a proof gives. `known`: the subtree's own, while all of it lies below here."""
    if (start, end) == (0, size):
        found = next(rest) if known is None else known
        return found, found
    middle = split(size)
    if end <= middle:
        inner, left = _roots(start, end, middle, rest, known)
        return inner, node_hash(left, next(rest))
    if middle <= start:
        inner, right = _roots(start - middle, end - middle, size - middle, rest, known)
        return inner, node_hash(next(rest), right)
    inner, right = _roots(0, end - middle, size - middle, rest, None)
    left = next(rest)
    return node_hash(left, inner), node_hash(left, right)
