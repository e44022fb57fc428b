"""A lender's tree of hashes as it lies in the database: any root of it, and proofs."""

from functools import lru_cache
from typing import Final

from carloan.compliance.models import LedgerCheckpoint, LedgerLeaf, LedgerTile
from carloan.core.models import AuditEvent
from carloan.lib import merkle

# Hashes of a tile: two to this power.
HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
# Of an event `e` of the trail, in SQL: no leaf is its.
UNSEALED: Final = (
    "NOT EXISTS (SELECT 1 FROM compliance_ledgerleaf l WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id)"
)


class Tree:
    """The tree of the open tenant at a size that was sealed. Tiles are read once: it goes with the transaction."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._hashes = lru_cache(maxsize=512)(self._read)

    def root(self) -> bytes:
        return self.root_of(0, self.size) if self.size else merkle.EMPTY

    def root_of(self, low: int, high: int) -> bytes:
        """The root of the leaves [low, high), which begin where so many leaves may begin."""
        width = high - low
        if width & (width - 1) == 0:
            return self._node(width.bit_length() - 1, low)
        middle = low + merkle.split(width)
        return merkle.node_hash(self.root_of(low, middle), self.root_of(middle, high))

    def frontier(self) -> merkle.Frontier:
        """To go on from."""
        nodes, low = [], 0
        for bit in reversed(range(self.size.bit_length())):
            if self.size >> bit & 1:
                nodes.append(self._node(bit, low))
                low += 1 << bit
        return merkle.Frontier(self.size, nodes)

    def inclusion(self, index: int) -> list[bytes]:
        """What leads from the leaf at `index` to the root. Raises ValueError for an index beyond the tree."""
        return merkle.prove_inclusion(index, self.size, self.root_of)

    def consistency(self, old_size: int) -> list[bytes]:
        """What shows that this tree goes on from the one of `old_size`, 1 or more."""
        return merkle.prove_consistency(0, old_size, self.size, self.root_of)

    def leaves_of(self, tile: int) -> list[bytes]:
        """The hashes of a tile of leaves; what is not full yet ends with the tree."""
        return self._read(0, tile)

    def _node(self, power: int, low: int) -> bytes:
        level, rest = divmod(power, HEIGHT)
        first = low >> level * HEIGHT
        hashes = self._hashes(level, first >> HEIGHT)
        start = first & WIDTH - 1
        found = hashes[start : start + (1 << rest)]
        while len(found) > 1:
            found = [merkle.node_hash(*found[at : at + 2]) for at in range(0, len(found), 2)]
        return found[0]

    def _read(self, level: int, number: int) -> list[bytes]:
        if number < self.size >> (level + 1) * HEIGHT:
            whole = bytes(LedgerTile.objects.get(level=level, number=number).hashes)
            return [whole[at : at + merkle.SIZE] for at in range(0, len(whole), merkle.SIZE)]
        first = number << HEIGHT
        last = min(first + WIDTH, self.size >> level * HEIGHT)
        if level == 0:
            return leaves(first, last)
        tiles = LedgerTile.objects.filter(level=level - 1, number__gte=first, number__lt=last).order_by("number")
        return [bytes(root) for root in tiles.values_list("root", flat=True)]


def leaves(first: int, last: int) -> list[bytes]:
    """The leaf hashes [first, last) of the open tenant's tree, as the events have them now."""
    rows = LedgerLeaf.objects.filter(index__gte=first, index__lt=last).order_by("index")
    order = list(rows.values_list("event_id", flat=True))
    known = dict(AuditEvent.objects.filter(id__in=order).values_list("id", "leaf"))
    return [bytes(known[event_id]) for event_id in order]


def last_checkpoint() -> LedgerCheckpoint | None:
    return LedgerCheckpoint.objects.order_by("-size").first()
