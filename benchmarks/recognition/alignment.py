"""Character errors of a page, without minding in which order or in how many pieces its lines were read.

Lines that were read right say how the flat page lies on the picture; through that every line read is laid back on the
flat page, and print is compared with what was read at its place. So it does not matter what was done to the picture.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.recognition.paper import Box, Page

Point = tuple[float, float]
_SAME: Final = str.maketrans("“”‘’—–−•・●〔〕【】", "\"\"''---···[][]")
# Shorter matches happen by chance.
_ANCHOR: Final = 4
_TOLERANCE: Final = 0.01
# How far from its place a short label may be found again.
_DRIFT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Read:
    """One line as an engine found it: its text, and the middles of its left and right edge in any frame."""

    text: str
    left: Point
    right: Point
    height: float


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits needed to make what was read what is printed, of how many characters."""

    edits: int
    characters: int

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.edits + other.edits, self.characters + other.characters)

    @property
    def rate(self) -> float:
        return self.edits / self.characters if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    box: Box

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


# Print, the line it was read in, and the stretch of that line it fills.
_Anchor = tuple[_Run, Read, float, float]


def plain(text: str) -> str:
    """What is compared: NFKC, without white space; dashes, quotes and dots in one form each, a run of dashes as one."""
    return re.sub("-+", "-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_SAME))


def errors(page: Page, lines: Sequence[Read], overlaid: Sequence[str] = ()) -> Errors:
    """The errors of one page. What was read where nothing is printed counts too, except in seals and overlaid words."""
    truth = [_Run(plain(line.text), line.box) for line in page.lines if plain(line.text)]
    characters = sum(len(run.text) for run in truth)
    read = [line for line in lines if plain(line.text)]
    placing = _placing(truth, read, page.height / page.width)
    if placing is None:
        return Errors(_as_bags(truth, read), characters)
    placed = [_laid_back(line, placing) for line in read]
    foreign = _Foreign(page.silent, "".join(plain(words) for words in overlaid))
    edits = 0
    for printed, seen in _gathered(_groups(truth, placed)):
        if printed:
            edits += _cost(printed, seen, foreign)
        elif page.silent:
            edits += sum(len(run.text) for run in seen if not foreign.holds(run))
    return Errors(min(edits, characters), characters)


def distance(wanted: str, got: str) -> int:
    """Levenshtein's."""
    if wanted == got:
        return 0
    row = list(range(len(got) + 1))
    for number, letter in enumerate(wanted, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != other))
    return row[-1]


def _placing(truth: list[_Run], read: list[Read], aspect: float) -> npt.NDArray[np.float64] | None:
    """The map from the frame of the reading to fractions of the flat page, or None when too little was read right."""
    sure = _anchors(truth, read)
    placing = _fitted(sure, aspect)
    # Labels that stand on a form several times find their own places once the page roughly lies where it should.
    for _ in range(3):
        if placing is None:
            return None
        placing = _fitted(sure + _twins(truth, read, placing), aspect)
    return placing


def _fitted(anchors: Sequence[_Anchor], aspect: float) -> npt.NDArray[np.float64] | None:
    source: list[Point] = []
    target: list[Point] = []
    for run, line, start, end in anchors:
        x0, y0, x1, y1 = run.box
        for share, x in ((start, x0), (end, x1)):
            source.append(
                (
                    line.left[0] + (line.right[0] - line.left[0]) * share,
                    line.left[1] + (line.right[1] - line.left[1]) * share,
                )
            )
            target.append((x, (y0 + y1) / 2 * aspect))
    if len(source) < 4:
        return None
    a, b = np.array(source, np.float64), np.array(target, np.float64)
    full = None
    if len(source) >= 12:
        full, _ = cv2.findHomography(a, b, cv2.RANSAC, _TOLERANCE)
    if full is None:
        affine, _ = cv2.estimateAffine2D(a, b, ransacReprojThreshold=_TOLERANCE)
        if affine is None:
            return None
        full = np.vstack([affine, [0, 0, 1]])
    return np.asarray(np.diag([1, 1 / aspect, 1]) @ full)


def _twins(truth: list[_Run], read: list[Read], placing: npt.NDArray[np.float64]) -> list[_Anchor]:
    """Print and reading of the same text that are each other's nearest."""
    placed = [_laid_back(line, placing) for line in read]
    found = []
    for run in truth:
        same = [number for number, other in enumerate(placed) if other.text == run.text]
        if not same:
            continue
        nearest = min(same, key=lambda number: _apart(run, placed[number]))
        rivals = [other for other in truth if other.text == run.text]
        if min(rivals, key=lambda other: _apart(other, placed[nearest])) is run and _apart(run, placed[nearest]) < 0.2:
            found.append((run, read[nearest], 0.0, 1.0))
    return found


def _apart(one: _Run, other: _Run) -> float:
    return abs(one.box[0] - other.box[0]) + abs(one.middle - other.middle)


def _anchors(truth: list[_Run], read: list[Read]) -> list[_Anchor]:
    """Print that was read letter by letter, once on the page, and the stretch of the line it fills."""
    texts = [plain(line.text) for line in read]
    counted = Counter(run.text for run in truth)
    found = []
    for run in truth:
        if len(run.text) < _ANCHOR or counted[run.text] > 1:
            continue
        holders = [number for number, text in enumerate(texts) if run.text in text]
        if len(holders) != 1 or texts[holders[0]].count(run.text) > 1:
            continue
        text = texts[holders[0]]
        at = text.index(run.text)
        total = _breadth(text)
        start = _breadth(text[:at]) / total
        found.append((run, read[holders[0]], start, start + _breadth(run.text) / total))
    return found


def _breadth(text: str) -> float:
    return sum(0.55 if letter.isascii() else 1.0 for letter in text) or 1.0


def _laid_back(line: Read, placing: npt.NDArray[np.float64]) -> _Run:
    (x0, y0), (x1, y1) = line.left, line.right
    length = max(float(np.hypot(x1 - x0, y1 - y0)), 1e-6)
    up = ((y1 - y0) / length * line.height / 2, -(x1 - x0) / length * line.height / 2)
    points = [(x + s * up[0], y + s * up[1]) for x, y in (line.left, line.right) for s in (-1, 1)]
    seen = cv2.perspectiveTransform(np.array([points], np.float64), placing)[0]
    low, high = seen.min(axis=0), seen.max(axis=0)
    return _Run(plain(line.text), (float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def _groups(truth: list[_Run], read: list[_Run]) -> list[tuple[list[_Run], list[_Run]]]:
    """Print and reading that lie on each other."""
    every = truth + read
    parent = list(range(len(every)))

    def root(number: int) -> int:
        while parent[number] != number:
            number = parent[number]
        return number

    for first in range(len(truth)):
        for second in range(len(truth), len(every)):
            if _meet(every[first].box, every[second].box):
                parent[root(second)] = root(first)
    groups: dict[int, tuple[list[_Run], list[_Run]]] = {}
    for number, run in enumerate(every):
        groups.setdefault(root(number), ([], []))[number >= len(truth)].append(run)
    return list(groups.values())


def _gathered(groups: list[tuple[list[_Run], list[_Run]]]) -> list[tuple[list[_Run], list[_Run]]]:
    """Print that found no reading is looked for again: as a line of its own close by, or as a part of its neighbour's
    line in the row, which on a bent page may seem to end a little short."""
    whole = [group for group in groups if group[1]]
    for lonely, _ in (group for group in groups if not group[1]):
        again = next((group for group in whole if not group[0] and _drifted(lonely, group[1])), None)
        if again is not None:
            again[0].extend(lonely)
            continue
        best, gain = None, 0
        for printed, seen in whole:
            if printed and any(_near(one.box, other.box) for one in lonely for other in printed):
                before = distance(_joined(printed), _joined(seen)) + sum(len(run.text) for run in lonely)
                won = before - distance(_joined(printed + lonely), _joined(seen))
                if won > gain:
                    best, gain = printed, won
        if best is None:
            whole.append((lonely, []))
        else:
            best += lonely
    return whole


def _drifted(printed: list[_Run], seen: list[_Run]) -> bool:
    """Whether this is the same short print, a little off: at the edge of a page the placing is least exact."""
    (x0, y0, x1, y1), (u0, v0, u1, v1) = printed[0].box, seen[0].box
    near = abs(x0 + x1 - u0 - u1) / 2 < _DRIFT and abs(y0 + y1 - v0 - v1) / 2 < _DRIFT
    return near and _joined(printed) == _joined(seen)


def _near(a: Box, b: Box) -> bool:
    high = min(a[3], b[3]) - max(a[1], b[1])
    apart = max(a[0], b[0]) - min(a[2], b[2])
    return high >= 0.4 * min(a[3] - a[1], b[3] - b[1]) and apart < 0.25


def _meet(a: Box, b: Box) -> bool:
    high = min(a[3], b[3]) - max(a[1], b[1])
    wide = min(a[2], b[2]) - max(a[0], b[0])
    return high >= 0.5 * min(a[3] - a[1], b[3] - b[1]) and wide >= 0.25 * min(a[2] - a[0], b[2] - b[0])


def _joined(runs: list[_Run]) -> str:
    """The runs of one group in reading order."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda one: one.middle):
        last = rows[-1][0] if rows else None
        if last and abs(run.middle - last.middle) < 0.5 * max(last.box[3] - last.box[1], run.box[3] - run.box[1]):
            rows[-1].append(run)
        else:
            rows.append([run])
    return "".join(run.text for row in rows for run in sorted(row, key=lambda one: one.box[0]))


def _cost(printed: list[_Run], seen: list[_Run], foreign: "_Foreign") -> int:
    """Edits between print and what was read at its place. Pieces that agree are taken out first, because a label in two
    languages and its value may be read in another order than they are printed in."""
    in_order = distance(_joined(printed), _joined(seen))
    if in_order == 0:
        return 0
    wanted, got = list(printed), list(seen)
    for pieces, others in ((wanted, got), (got, wanted)):
        for piece in sorted(pieces, key=lambda run: -len(run.text)):
            holder = next((run for run in others if piece.text in run.text), None)
            if holder is not None:
                pieces.remove(piece)
                others.remove(holder)
                before, _, behind = holder.text.partition(piece.text)
                others += [_Run(text, holder.box) for text in (before, behind) if text]
    got = [run for run in got if not foreign.holds(run)]
    costs = [in_order, distance(_joined(wanted), _joined(got))]
    if not foreign.silent:
        # Specimens keep no record of their codes and emblems: what resembles nothing printed here is one of these.
        letters = "".join(run.text for run in wanted)
        known = [run for run in got if sum(letter in letters for letter in run.text) >= 0.3 * len(run.text)]
        costs.append(distance(_joined(wanted), _joined(known)))
    return min(costs)


@dataclass(frozen=True, slots=True)
class _Foreign:
    """Where seals stand, and the letters that were laid over the page."""

    silent: tuple[Box, ...]
    words: str

    def holds(self, run: _Run) -> bool:
        x, y = (run.box[0] + run.box[2]) / 2, run.middle
        if any(box[0] - 0.02 <= x <= box[2] + 0.02 and box[1] - 0.02 <= y <= box[3] + 0.02 for box in self.silent):
            return True
        return bool(self.words) and sum(letter in self.words for letter in run.text) >= 0.6 * len(run.text)


def _as_bags(truth: list[_Run], read: list[Read]) -> int:
    """Without a placing: the letters that were not read at all, whatever their order. Too kind, and rare."""
    wanted = Counter("".join(run.text for run in truth))
    got = Counter("".join(plain(line.text) for line in read))
    return sum((wanted - got).values())
