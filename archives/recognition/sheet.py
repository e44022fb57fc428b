"""What was read of a page: lines of text with their place. Boxes are fractions of the upright page."""

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal
from unicodedata import east_asian_width

Box = tuple[float, float, float, float]
Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
Turn = Literal[0, 90, 180, 270]

_PAIRED_DATES = re.compile(r"(?<=\d{4}-\d\d-\d\d)(?=\d{4}-\d\d-\d\d)|(?<=\d{4}\.\d\d\.\d\d)(?=\d{4}\.\d\d\.\d\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the engine found it. `corners`: pixels of the upright page, clockwise from where reading begins.

    `signs`: how sure the engine is of each sign of the text; `places`: where each begins, as a fraction of the line's
    length. Both are empty where no engine read it.
    """

    text: str
    confidence: float
    corners: Corners
    signs: tuple[float, ...] = ()
    places: tuple[float, ...] = ()

    @property
    def angle(self) -> float:
        """Slope of the baseline in radians; 0 is level."""
        (x0, y0), (x1, y1) = self.corners[0], self.corners[1]
        return math.atan2(y1 - y0, x1 - x0)

    @property
    def length(self) -> float:
        (x0, y0), (x1, y1) = self.corners[0], self.corners[1]
        return math.hypot(x1 - x0, y1 - y0)

    @property
    def height(self) -> float:
        (x0, y0), (x1, y1) = self.corners[0], self.corners[3]
        return math.hypot(x1 - x0, y1 - y0)

    def stretch(self, start: int, end: int) -> tuple[float, float]:
        """Where some signs of its text begin and end, as fractions of its length: as they were seen, else as wide as
        such signs are printed (Han characters twice as wide as others)."""
        if self.places:
            ends = (*self.places, 1.0)
            return ends[start], ends[end]
        widths = [2 if east_asian_width(c) in "WF" else 1 for c in self.text]
        whole = sum(widths)
        return sum(widths[:start]) / whole, sum(widths[:end]) / whole

    def cut(self, start: int, end: int) -> "Line":
        """The line of some of its signs."""
        first, last = self.stretch(start, end)
        places = tuple((at - first) / (last - first) for at in self.places[start:end])
        return Line(self.text[start:end], self.confidence, self.part(first, last), self.signs[start:end], places)

    def part(self, start: float, end: float) -> Corners:
        """The corners of the stretch between two fractions of the line's length."""
        a, b, c, d = self.corners
        return _between(a, b, start), _between(a, b, end), _between(d, c, end), _between(d, c, start)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page, read, or one of several papers on it.

    `turn` is how many degrees clockwise the picture was turned to stand upright. `corners` are what of the file's page
    `source` (0: the page of this number) is shown, its turn included; None when that is the whole page, only turned.
    """

    number: int
    width: int
    height: int
    lines: tuple[Line, ...]
    turn: Turn = 0
    digital: bool = False
    obscured: tuple[Box, ...] = field(default=())
    source: int = 0
    corners: Corners | None = None

    @property
    def text(self) -> str:
        """The text in reading order, one row of the page a line."""
        return "\n".join(" ".join(line.text for line in row) for row in rows(self.lines))

    def box(self, corners: Sequence[Point]) -> Box:
        """The upright rectangle around some corners, as fractions of the page."""
        xs = [x / self.width for x, _ in corners]
        ys = [y / self.height for _, y in corners]
        return tuple(round(min(max(value, 0.0), 1.0), 4) for value in (min(xs), min(ys), max(xs), max(ys)))  # type: ignore[return-value]


def split_pairs(line: Line) -> list[Line]:
    """Two dates that were read as one line are two lines."""
    cuts = [match.start() for match in _PAIRED_DATES.finditer(line.text)]
    if not cuts:
        return [line]
    bounds = [0, *cuts, len(line.text)]
    return [line.cut(a, b) for a, b in itertools.pairwise(bounds)]


def skew(lines: Sequence[Line]) -> float:
    """How far the page leans (radians), by its longer level lines."""
    angles = [line.angle for line in lines if line.length > 2.5 * line.height and abs(line.angle) < math.pi / 3]
    return median(angles) if angles else 0.0


def rows(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines grouped into rows from top to bottom, each from left to right, on the straightened page."""
    lean = skew(lines)
    placed = sorted(((_straight(line, lean), line) for line in lines), key=lambda pair: pair[0])
    found: list[tuple[float, float, list[tuple[float, Line]]]] = []
    for (middle, left, height), line in placed:
        for index in range(len(found) - 1, max(-1, len(found) - 6), -1):
            centre, size, members = found[index]
            if abs(middle - centre) < 0.45 * min(size, height) + 0.1 * max(size, height):
                members.append((left, line))
                break
        else:
            found.append((middle, height, [(left, line)]))
    return [[line for _, line in sorted(members, key=lambda item: item[0])] for _, _, members in found]


def _straight(line: Line, lean: float) -> tuple[float, float, float]:
    """Middle, left edge and height of a line after the page's lean is taken out."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = line.corners
    x, y = (x0 + x3) / 2, (y0 + y3) / 2
    mx, my = (x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4
    cos, sin = math.cos(-lean), math.sin(-lean)
    return mx * sin + my * cos, x * cos - y * sin, line.height


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
