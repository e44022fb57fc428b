"""Which place may lie in which: a bag in a box, a box on a shelf, a shelf in a warehouse."""

from typing import Final

RANKS: Final = {"warehouse": 0, "shelf": 1, "box": 2, "bag": 3}


def fits_in(level: str, parent: str) -> bool:
    """Whether a place of one kind may lie in one of another: only in a larger one."""
    return RANKS[level] > RANKS[parent]
