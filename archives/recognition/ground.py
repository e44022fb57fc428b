"""The paper around a value: ink beside it that nobody read may be a letter of its own.

A seal, a thumb or a fold covers the first letter of a name, and the rest is read surely and is another name: no reading
of the rest tells. So beside a value whose end nothing else closes there has to be bare paper, or something that was
read.
"""

import functools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from carloan.archives.recognition.certainty import CHECKS
from carloan.archives.recognition.engine import Pixels, cut_out
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.field import Part
from carloan.archives.recognition.second import NAMES, OPEN_ENDED
from carloan.archives.recognition.sheet import Corners, Sheet

DOUBT: Final = 0.9
# Where a further letter would stand, in heights of the line from its end: past the last letter's own edge.
_FROM, _TO = 0.15, 0.85
# Of the way from paper to ink a mark is at least so dark: a light watermark covers no letter.
_DARK: Final = 0.3
# So much of that place is dark where a letter or a seal stands; specks of a poor copy are less.
_COVERED: Final = 0.06
# What runs through from edge to edge is a rule of a form, a crease or a shadow, and no letter.
_THROUGH: Final = 0.8
# Of the way from paper to ink the whole place is darker where a thumb lies over it; shadows are lighter.
_COVER: Final = 0.4
# Above and below the middle of the line the neighbours of other rows begin (heights of the line).
_CORE: Final = 0.3
# Levels of paper and ink among the pixels of a line.
_PAPER, _INK = 90, 5
# Fainter print than this is no measure of what is dark.
_LEAST_CONTRAST: Final = 40.0
_HEIGHT: Final = 32
# The ground is as light as so much of a place; its colour is looked for in windows half as wide as the line is high.
_LIGHT: Final = 80
_WINDOW: Final = 16
# So much more of one colour than of another a thumb takes away (1.5); forms tint their cells less, and red print its
# own narrow ground.
_TINT: Final = 1.3
# Corners of a line at the very edge lie a little off the page (pixels).
_SLACK: Final = 2.0
# Lines of one row lie no further from each other (heights of the line).
_LEVEL: Final = 0.45
# Whatever may be longer than what was read: 15.88 % without its first figure is 5.88 %.
_OPEN: Final = NAMES | OPEN_ENDED | {
    "rate", "term_months", "registered_capital", "licence_class", "vehicle_type", "brand", "colour", "fuel",
    "use_character", "enterprise_type", "ethnicity", "bank_name",
}  # fmt: skip
# What says where a value ends. A second engine sees no more than the first, and on lists stand 营运 and 非营运; that of
# offices has whole names, which begin with their province.
_CLOSING: Final = CHECKS - {"second_engine", "list"}
_CLOSED_BY_LIST: Final = frozenset({"authority"})
# Signs of a person's number.
_OF_A_PERSON: Final = 18
# A day that may go on: of 2024-1-15 without its end 2024-1-1 is left.
_OPEN_DAY: Final = re.compile(r"[-./]\d$")
# Values of several words, which may go on in a line below.
_WRAPPING: Final = NAMES | {"enterprise_type"}
# Where that line would stand: from so far below the last one on, and so far from its left edge (heights of the line).
_UNDER: Final = ((0.15, 0.95), 2.0)
Vector = npt.NDArray[np.float64]
# The four corners of each line of a page: (lines, 4, 2).
Quads = npt.NDArray[np.float64]


class _Strip:
    """A place cut out level and in one height. How light it is is reckoned once, however often it is asked for."""

    def __init__(self, crop: Pixels) -> None:
        self.crop = crop
        self.grey: Pixels = np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), dtype=np.uint8)

    @functools.cached_property
    def _counted(self) -> npt.NDArray[np.int64]:
        """How many pixels are as dark as each level or darker."""
        return np.cumsum(np.bincount(self.grey.ravel(), minlength=256))

    def level(self, share: int) -> float:
        """The level below which so many of a hundred pixels lie (numpy.percentile, which takes fifty times as long)."""
        at = share / 100 * (self.grey.size - 1)
        low, high = (int(one) for one in np.searchsorted(self._counted, (int(at), math.ceil(at)), side="right"))
        return low + (at - int(at)) * (high - low)

    @functools.cached_property
    def paper(self) -> float:
        return self.level(_PAPER)

    @functools.cached_property
    def ink(self) -> float:
        return self.level(_INK)

    @functools.cached_property
    def is_light_on_dark(self) -> bool:
        return self.level(50) < (self.paper + self.ink) / 2

    @functools.cached_property
    def surface(self) -> Vector:
        """The colour of the ground: of the lightest pixels."""
        return np.asarray(self.crop[self.grey >= self.level(_LIGHT)].mean(axis=0), dtype=np.float64)


# The strip between four corners; None where that is off the page.
Cutter = Callable[[Corners], _Strip | None]


def doubt_covered_ends(fields: Fields, sheet: Sheet, pixels: Pixels) -> None:
    """Doubt the values of unknown length that do not end on bare paper, and those that something lies over."""
    cut: Cutter = functools.cache(functools.partial(_cut, pixels))
    lines = np.array([line.corners for line in sheet.lines], dtype=np.float64).reshape(-1, 4, 2)
    for name, field in list(fields.items()):
        if field.page != sheet.number or not field.parts or _is_closed(name, field):
            continue
        places = [(part, place) for part in _open_parts(name, field) for place in _beyond(part, lines)]
        below = _under(field.parts, lines) if name in _WRAPPING else None
        # Where the picture ends no paragraph goes on, or nobody can tell.
        if below and cut(below) is not None:
            places.append((field.parts[-1], below))
        covered = any(_is_covered(place, part, cut) for part, place in places)
        covered = covered or any(_may_lack_its_head(corners, lines, cut) for corners in field.heads)
        if covered or any(_is_overlaid(part, cut) for part in field.parts):
            fields.doubted(name, DOUBT)


def _is_closed(name: str, field: Field) -> bool:
    """Whether a check says that nothing is missing. A card has 13 to 19 figures, and the check digit of one in ten is
    right of what is left of it."""
    if name in _CLOSED_BY_LIST and "list" in field.proofs:
        return True
    proofs = _CLOSING & set(field.proofs)
    return bool(proofs - {"check_digit"} if name == "number" and len(str(field.value)) != _OF_A_PERSON else proofs)


def _open_parts(name: str, field: Field) -> Sequence[Part]:
    """The stretches whose ends say nothing of whether more belongs to the value."""
    if name in _OPEN:
        return field.parts
    last = field.parts[-1]
    is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", str(field.value)) is not None
    return [last._replace(begins=False)] if is_day and _OPEN_DAY.search(last.text.strip()) else []


def _beyond(part: Part, lines: Quads) -> Iterator[Corners]:
    """Where a letter before or after it would stand, where the line begins or ends and no neighbour was read."""
    a, b, _, d = (np.asarray(point) for point in part.corners)
    height, length = float(np.linalg.norm(d - a)), float(np.linalg.norm(b - a))
    along = (b - a) / max(length, 1.0)
    down = (d - a) / max(height, 1.0)
    places = []
    if part.begins:
        places.append((a - along * height * _TO, a - along * height * _FROM))
    if part.ends:
        places.append((b + along * height * _FROM, b + along * height * _TO))
    for left, right in places:
        above, below = down * height * (0.5 - _CORE), down * height * (0.5 + _CORE)
        corners = left + above, right + above, right + below, left + below
        if not _has_neighbour(lines, sum(corners) / 4, along, down, height):
            yield tuple((float(x), float(y)) for x, y in corners)  # type: ignore[misc]


def _under(parts: Sequence[Part], lines: Quads) -> Corners | None:
    """Where the next line of a paragraph would begin; None where one was read, whose words are judged as words."""
    a, b, _, d = (np.asarray(point) for point in parts[-1].corners)
    first = np.asarray(parts[0].corners[3])
    height = float(np.linalg.norm(d - a))
    along, down = (b - a) / max(float(np.linalg.norm(b - a)), 1.0), (d - a) / max(height, 1.0)
    # The lines of a paragraph begin at one edge.
    left = d + along * min(float((first - d) @ along), 0.0)
    (top, bottom), long = _UNDER
    corners = [
        left + down * height * top, left + down * height * top + along * height * long,
        left + down * height * bottom + along * height * long, left + down * height * bottom,
    ]  # fmt: skip
    middle, half = sum(corners) / 4, np.array((long, bottom - top)) / 2 * height
    if _is_reached(lines, middle, along, down, half):
        return None
    return tuple((float(x), float(y)) for x, y in corners)  # type: ignore[return-value]


def _is_reached(lines: Quads, middle: Vector, along: Vector, down: Vector, half: Vector) -> bool:
    """Whether a line lies on some of a place, which reaches so far from its middle along the line and down."""
    away = lines - middle
    return bool(np.any(_reach(away @ along, half[0]) & _reach(away @ down, half[1])))


def _has_neighbour(lines: Quads, place: Vector, along: Vector, down: Vector, height: float) -> bool:
    """Whether a line of the same row reaches a place. Letters of a seal, which stand higher or lower, do not count."""
    away = lines - place
    level = np.abs((away @ down).mean(axis=1)) < _LEVEL * height
    return bool(np.any(level & _reach(away @ along, (_TO - _FROM) / 2 * height)))


def _reach(corners: Quads, half: float) -> npt.NDArray[np.bool_]:
    """Of each line, whether its corners along one axis lie on a place that ends so far from the origin."""
    return np.asarray((corners.min(axis=1) < half) & (corners.max(axis=1) > -half))


def _is_covered(place: Corners, part: Part, cut: Cutter) -> bool:
    """Whether there is something on a place that may hide a letter, or nobody can tell: off the page, or too faint."""
    line, there = cut(part.corners), cut(place)
    if line is None or there is None or line.paper - line.ink < _LEAST_CONTRAST:
        return True
    if _lies_under_another_ground(there, line):
        return True
    # The light falls unevenly: the paper there is no darker than its lighter part.
    if line.is_light_on_dark:
        beside, lightest = 255 - there.grey, 255 - max(line.ink, there.level(100 - _PAPER))
    else:
        beside, lightest = there.grey, min(line.paper, there.paper)
    dark = (beside < lightest - _DARK * (line.paper - line.ink)).astype(np.uint8)
    dark[:, dark.mean(axis=0) > _THROUGH] = 0
    dark[dark.mean(axis=1) > _THROUGH, :] = 0
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(dark.mean()) > _COVERED


def _lies_under_another_ground(there: _Strip, line: _Strip) -> bool:
    """Whether the ground there is of another colour than that of the line, or much darker: something lies over it."""
    if line.is_light_on_dark:
        darker = there.level(100 - _PAPER) - line.level(100 - _PAPER)
        return darker > _COVER * (line.level(100 - _INK) - line.level(100 - _PAPER))
    darker = line.paper - there.paper
    return _differ(line.surface, there.surface) or darker > _COVER * (line.paper - line.ink)


def _may_lack_its_head(corners: Corners, lines: Quads, cut: Cutter) -> bool:
    """Whether something lies where a label may have begun (转移 of 转移登记日期): its value may be another's then. At
    the edge of the picture, or beside a faint one, nobody can tell; letters beside a label are often a heading's."""
    line = cut(corners)
    if line is None or line.paper - line.ink < _LEAST_CONTRAST:
        return False
    places = [cut(place) for place in _beyond(Part("", corners, begins=True, ends=False), lines)]
    return any(place is not None and _lies_under_another_ground(place, line) for place in places)


def _is_overlaid(part: Part, cut: Cutter) -> bool:
    """Whether something that is not the paper lies over some of a line: a thumb leaves another sign of half a sign."""
    line = cut(part.corners)
    if line is None or line.is_light_on_dark:
        return False
    # Above and below a thumb's end the paper shows.
    core = _Strip(line.crop[round((0.5 - _CORE) * _HEIGHT) : round((0.5 + _CORE) * _HEIGHT)])
    starts = range(0, max(core.crop.shape[1] - _WINDOW, 0) + 1, _WINDOW // 2)
    return any(_differ(core.surface, _Strip(core.crop[:, start : start + _WINDOW]).surface) for start in starts)


def _differ(one: Vector, other: Vector) -> bool:
    """Whether two grounds are of different colours. A shadow darkens all colours alike; a thumb does not."""
    shares = (one + 1) / (other + 1)
    return float(shares.max() / shares.min()) > _TINT


def _cut(pixels: Pixels, corners: Corners) -> _Strip | None:
    """What stands between four corners, level and in one height; None where that is off the page."""
    height, width = pixels.shape[:2]
    if not all(-_SLACK <= x <= width + _SLACK and -_SLACK <= y <= height + _SLACK for x, y in corners):
        return None
    if (crop := cut_out(pixels, corners)) is None:
        return None
    wide = max(1, round(crop.shape[1] * _HEIGHT / crop.shape[0]))
    return _Strip(np.asarray(cv2.resize(crop, (wide, _HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.uint8))
