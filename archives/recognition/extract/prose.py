"""A page as running text: sentences that wrap, blanks that were filled in, cells beside each other.

Two streams hold the same lines. In `rows` a line is followed by what stands to its right (a tab between, where the gap
is wide), in `columns` by the line below it that goes on with its sentence. A pattern that fits in neither fits nowhere.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.sheet import rows

T = TypeVar("T")
Origin = tuple[int, int]
# Left and right edge, middle and height of a line.
Bounds = tuple[float, float, float, float]

# Wider gaps (in heights of a line) part cells and columns; blanks with a line under them are narrower.
CELL_GAP: Final = 1.3
# So many lines that begin at the same place make a column.
ALIGNED: Final = 4
# A paragraph ends in a line shorter than its widest by so many heights.
SHORT: Final = 2.2
_NUMBERED: Final = re.compile(
    r"第[一二三四五六七八九十百\d]+[条章]|\d{1,2}(\.\d{1,2})*[.、](?!\d)|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]\)"
)


@dataclass(frozen=True, slots=True)
class Stream:
    """Text, and for each of its characters the piece and place it stands at; None for what only parts."""

    text: str
    origins: tuple[Origin | None, ...]


@dataclass(frozen=True, slots=True)
class Hit(Found[T]):
    """A value found behind a label, with where it begins in the rows, whichever stream it was found in, and which
    pattern found it."""

    start: int = 0
    pattern: int = 0


class Prose:
    """One page, ready to be searched by patterns whose first group is the value."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._pieces = list(form.pieces)
        places = {id(piece.line): place for place, piece in enumerate(self._pieces)}
        level = [[places[id(line)] for line in row] for row in rows([piece.line for piece in self._pieces])]
        self._aligned = self._gutters(level)
        self._segments = [segment for row in level for segment in self._split(row)]
        self.rows = self._joined(level)
        self.columns = self._columns()
        # Both streams hold the same signs: a place in one is a place in the other.
        self._places = {origin: at for at, origin in enumerate(self.rows.origins) if origin}

    @property
    def texts(self) -> tuple[str, str]:
        """Whatever a pattern is looked for in."""
        return self.rows.text, self.columns.text

    def find(self, patterns: Iterable[str], convert: Callable[[re.Match[str]], T | None]) -> list[Hit[T]]:
        """Every value that fits, best pattern first, rows before columns; the same place is answered once."""
        found: list[tuple[frozenset[Origin], Hit[T]]] = []
        for number, pattern in enumerate(patterns):
            compiled = re.compile(pattern, re.MULTILINE)
            for stream in (self.rows, self.columns):
                for match in compiled.finditer(stream.text):
                    value = convert(match)
                    hit = self._hit(stream, match, value) if value is not None else None
                    if hit is None:
                        continue
                    place, made = hit[0], replace(hit[1], pattern=number)
                    known = [n for n, (other, _) in enumerate(found) if other & place]
                    if not known:
                        found.append((place, made))
                    elif len(known) == 1 and found[known[0]][0] < place:
                        # Read on into the next line: the longer one is the whole one.
                        found[known[0]] = (place, made)
        return [hit for _, hit in found]

    def _hit(self, stream: Stream, match: re.Match[str], value: T) -> tuple[frozenset[Origin], Hit[T]] | None:
        group = next((n for n, text in enumerate(match.groups(), 1) if text is not None), None)
        if group is None:
            return None
        start, end = match.span(group)
        place = [origin for origin in stream.origins[start:end] if origin]
        if not place:
            return None
        hit = Hit(value, match[group], self._cut(place), self.form.sheet, start=self._places[place[0]])
        return frozenset(place), hit

    def _cut(self, place: Sequence[Origin]) -> tuple[Piece, ...]:
        """The stretches of the pieces that hold these characters."""
        spans: dict[int, tuple[int, int]] = {}
        for number, at in place:
            low, high = spans.get(number, (at, at))
            spans[number] = (min(low, at), max(high, at))
        return tuple(self._pieces[number].part(low, high + 1) for number, (low, high) in spans.items())

    def _split(self, row: Sequence[int]) -> list[list[int]]:
        """A row in its cells: pieces that almost touch belong together."""
        cells: list[list[int]] = []
        for number in row:
            if cells and not self._apart(cells[-1][-1], number):
                cells[-1].append(number)
            else:
                cells.append([number])
        return cells

    def _gutters(self, level: Sequence[Sequence[int]]) -> frozenset[int]:
        """Pieces that begin where others begin too, behind something else in their rows: columns set close together."""
        later = [number for row in level for number in row[1:]]
        edges = [self._pieces[number].left for number in later]
        return frozenset(
            number for number in later
            if sum(abs(edge - self._pieces[number].left) < 0.7 * self._pieces[number].height for edge in edges)
            >= ALIGNED
        )  # fmt: skip

    def _apart(self, left: int, right: int) -> bool:
        one, other = self._pieces[left], self._pieces[right]
        if _NUMBERED.fullmatch(one.text):
            return False
        gap = 0.1 if right in self._aligned else CELL_GAP
        return other.left - one.right > gap * min(one.height, other.height)

    def _joined(self, groups: Iterable[Sequence[int]], *, wraps: Callable[[int], bool] | None = None) -> Stream:
        """Groups of pieces one after the other: a new line between, unless the group before wraps into the next."""
        text: list[str] = []
        origins: list[Origin | None] = []
        for place, group in enumerate(groups):
            if place and not (wraps and wraps(place - 1)):
                text.append("\n")
                origins.append(None)
            for number, (before, piece) in enumerate(zip([None, *group], group, strict=False)):
                if number and before is not None and self._apart(before, piece):
                    text.append("\t")
                    origins.append(None)
                self._append(piece, text, origins)
        return Stream("".join(text), tuple(origins))

    def _append(self, number: int, text: list[str], origins: list[Origin | None]) -> None:
        raw = self._pieces[number].text
        for at, sign in enumerate(raw):
            if sign.isspace() and not (_is_latin(raw[at - 1 : at]) and _is_latin(raw[at + 1 : at + 2])):
                continue
            # Chinese print ends no line with a point: it is a speck, and what it ends may go on in the next line.
            if sign == "." and at == len(raw) - 1 and _is_han(raw[at - 1 : at]):
                continue
            text.append(sign)
            origins.append((number, at))

    def _columns(self) -> Stream:
        """Each line followed by the one below it in its column."""
        boxes = [self._box(segment) for segment in self._segments]
        after: dict[int, int] = {}
        led: set[int] = set()
        for here, (left, right, middle, height) in enumerate(boxes):
            under = [
                (other[2] - middle, there) for there, other in enumerate(boxes)
                if there not in led and 0.5 * height < other[2] - middle < 2.8 * height
                and -3.2 * height < other[0] - left < 1.2 * height and other[0] < right
                and 0.6 < other[3] / max(height, 1.0) < 1.6
            ]  # fmt: skip
            if under and not _skips(min(under)[0], boxes[here], boxes):
                after[here] = min(under)[1]
                led.add(after[here])
        order: list[int] = []
        full: set[int] = set()
        for head in (number for number in range(len(boxes)) if number not in led):
            chain = [head]
            while chain[-1] in after:
                chain.append(after[chain[-1]])
            edge = max(boxes[number][1] for number in chain)
            for number in chain:
                if number in after and edge - boxes[number][1] < self._room(after[number], boxes[number][3]):
                    full.add(len(order))
                order.append(number)
        starts = {place for place, number in enumerate(order) if _NUMBERED.match(self._text(number))}
        groups = [self._segments[number] for number in order]
        return self._joined(groups, wraps=lambda place: place in full and place + 1 not in starts)

    def _room(self, following: int, height: float) -> float:
        """How much space a line that goes on may leave: a number at the head of the next one is not broken."""
        run = re.match(r"[\x21-\x7e]*", self._text(following))
        return (SHORT + 0.62 * len(run[0] if run else "")) * height

    def _text(self, segment: int) -> str:
        return "".join(self._pieces[number].text for number in self._segments[segment])

    def _box(self, segment: Sequence[int]) -> Bounds:
        pieces = [self._pieces[number] for number in segment]
        middle = sum(piece.middle for piece in pieces) / len(pieces)
        return (
            min(p.left for p in pieces), max(p.right for p in pieces), middle, max(p.height for p in pieces),
        )  # fmt: skip


def _skips(down: float, box: Bounds, boxes: Sequence[Bounds]) -> bool:
    """Whether a line stands between this one and what follows so far below it: that one's sentence is another."""
    left, right, middle, height = box
    return any(
        0.5 * height < other[2] - middle < down - 0.5 * height and other[0] < right and left < other[1]
        for other in boxes
    )  # fmt: skip


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
