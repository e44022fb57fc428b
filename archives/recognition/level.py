"""Which pieces of a page stand at a height, found without looking at the others: a hostile page has thousands."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class Levels:
    """The places of numbers in a list, by how great they are."""

    def __init__(self, heights: Sequence[float]) -> None:
        self._order = sorted(range(len(heights)), key=heights.__getitem__)
        self._sorted = [heights[at] for at in self._order]

    def between(self, low: float, high: float) -> list[int]:
        """The places of those from `low` to `high`, in the order of the list."""
        return sorted(self._order[bisect_left(self._sorted, low) : bisect_right(self._sorted, high)])
