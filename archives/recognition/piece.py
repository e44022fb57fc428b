"""A stretch of a line on the straightened page, and how two of them lie to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from carloan.archives.recognition.sheet import Line


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line, placed on the straightened page (pixels)."""

    text: str
    line: Line
    start: float
    end: float
    left: float
    right: float
    middle: float
    height: float
    label: str | None = None
    # Where it begins in the text of its line.
    at: int = 0
    # Of a label: without its last character.
    cut: bool = False
    # Of a label: the end of a longer word (转移登记日期), which may be a label that nobody knows.
    tail: bool = False

    @property
    def signs(self) -> tuple[float, ...]:
        """How sure the engine is of each of its signs; empty where it did not say."""
        return self.line.signs[self.at : self.at + len(self.text)]

    @property
    def around(self) -> tuple[str, str]:
        """The two signs before and after it in its line."""
        end = self.at + len(self.text)
        return self.line.text[max(0, self.at - 2) : self.at], self.line.text[end : end + 2]

    def part(self, start: int, end: int) -> "Piece":
        """The stretch that holds some of its characters."""
        first, last = self.line.stretch(self.at + start, self.at + end)
        wide = (self.right - self.left) / (self.end - self.start)
        return replace(
            self, text=self.text[start:end], start=first, end=last, left=self.left + (first - self.start) * wide,
            right=self.left + (last - self.start) * wide, at=self.at + start,
        )  # fmt: skip


def is_stacked(piece: Piece, rest: Piece) -> bool:
    """Whether what was left out is another line of the same cell."""
    shared = min(piece.right, rest.right) - max(piece.left, rest.left)
    return shared > 0.5 * min(piece.right - piece.left, rest.right - rest.left)


def is_near_in_column(piece: Piece, first: Piece) -> bool:
    size = first.height
    return (
        0.55 * size < first.middle - piece.middle < 1.9 * size and abs(piece.left - first.left) < size
        and 0.75 < piece.height / size < 1.33
    )  # fmt: skip


def goes_on_below(upper: Sequence[Piece], lower: Sequence[Piece]) -> bool:
    """Whether one line stands under another, at its edge or centred under it, as lines of one cell do."""
    size = upper[0].height
    near = 0.7 * size < lower[0].middle - upper[0].middle < 2.0 * size and 0.7 < lower[0].height / size < 1.4
    inside = lower[0].left >= upper[0].left - size and lower[-1].right <= upper[-1].right + size
    return near and (inside or abs(upper[0].left - lower[0].left) < 2.0 * size)


def label_of_two_lines(name: str, upper: Sequence[Piece], lower: Sequence[Piece]) -> Piece:
    """One piece as high as both lines, so that what stands beside either stands beside it."""
    down = lower[0].middle - upper[0].middle
    return replace(
        lower[0], label=name, left=min(upper[0].left, lower[0].left), right=max(upper[-1].right, lower[-1].right),
        middle=upper[0].middle + down / 2, height=max(lower[0].height, down),
    )  # fmt: skip


def as_read(level: list[Piece]) -> list[Piece]:
    """Pieces beside a label, left to right; of two lines in one cell the upper comes first."""
    ordered: list[Piece] = []
    for piece in level:
        at = len(ordered)
        while at and _is_above(piece, ordered[at - 1]):
            at -= 1
        ordered.insert(at, piece)
    return ordered


def _is_above(one: Piece, other: Piece) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.5 * min(one.right - one.left, other.right - other.left) and (
        other.middle - one.middle > 0.5 * one.height
    )


def overhangs(piece: Piece, label: Piece) -> bool:
    """A value whose box was drawn too far to the left, over its own label."""
    begins_with_label = piece.left > label.left - label.height
    return begins_with_label and (piece.left + piece.right) / 2 > label.right - 0.3 * label.height
