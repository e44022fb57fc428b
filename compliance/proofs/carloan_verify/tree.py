"""The tree (RFC 6962, 2.1), and the tiles in which its leaves lie (C2SP tlog-tiles)."""

import hashlib

WIDTH = 256


def tile_name(number: int, size: int) -> str:
    """What the tile of leaves with this number is called in a tree of `size` leaves."""
    name, rest, held = f"{number % 1000:03}", number // 1000, min(WIDTH, size - number * WIDTH)
    while rest:
        name, rest = f"x{rest % 1000:03}/{name}", rest // 1000
    return f"tile/0/{name}" if held == WIDTH else f"tile/0/{name}.p/{held}"


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree of which only the roots of its full powers of two are kept."""

    def __init__(self) -> None:
        self.size = 0
        self.nodes: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """The next leaf, by its hash."""
        node, size = leaf, self.size
        while size & 1:
            node = _node(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        found = self.nodes[-1] if self.nodes else hashlib.sha256(b"").digest()
        for node in reversed(self.nodes[:-1]):
            found = _node(node, found)
        return found


def is_consistent(place: tuple[int, int, int], proof: list[bytes], part: bytes, root: bytes) -> bool:
    """Whether the leaves [start, end) of `place`, whose root is `part`, lie in the tree of `root`."""
    start, end, size = place
    if not 0 <= start <= end <= size or any(len(found) != 32 for found in proof):
        return False
    if start == end:
        return not proof and part == hashlib.sha256(b"").digest()
    if start % (1 << (end - start - 1).bit_length()):
        return False
    first, last, top = start, end - 1, size - 1
    while first != last and (last == top or last & 1):
        first, last, top = first >> 1, last >> 1, top >> 1
    path = [part, *proof] if first == last else list(proof)
    if not path:
        return False
    inner = outer = path[0]
    for found in path[1:]:
        if top == 0:
            return False
        if last & 1 or last == top:
            inner = _node(found, inner) if first < last else inner
            outer = _node(found, outer)
            while not last & 1:
                first, last, top = first >> 1, last >> 1, top >> 1
        else:
            outer = _node(outer, found)
        first, last, top = first >> 1, last >> 1, top >> 1
    return top == 0 and (inner, outer) == (part, root)


def includes(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` of the tree."""
    return len(leaf) == 32 and is_consistent((index, index + 1, size), proof, leaf, root)


def only_grew(old_size: int, size: int, proof: list[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the tree of `size` leaves goes on from the one of `old_size`; what goes on from nothing shows nothing."""
    return old_size > 0 and is_consistent((0, old_size, size), proof, old_root, root)
