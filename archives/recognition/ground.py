"""The paper around a value: ink beside it that nobody read may be a letter of its own.

A seal, a thumb or a fold covers the first letter of a name, and the rest is read surely and is another name: no reading
of the rest tells. So beside a value whose end nothing else closes there has to be bare paper, or something that was
read.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from carloan.archives.recognition.certainty import CHECKS
from carloan.archives.recognition.engine import Pixels, cut_out
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.field import Part
from carloan.archives.recognition.second import NAMES, OPEN_ENDED
from carloan.archives.recognition.sheet import Corners, Line, Sheet

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


def doubt_covered_ends(fields: Fields, sheet: Sheet, pixels: Pixels) -> None:
    """Doubt the values of unknown length that do not end on bare paper, and those that something lies over."""
    for name, field in list(fields.items()):
        if field.page != sheet.number or not field.parts or _is_closed(name, field):
            continue
        places = [(part, place) for part in _open_parts(name, field) for place in _beyond(part, sheet.lines)]
        below = _under(field.parts, sheet.lines) if name in _WRAPPING else None
        # Where the picture ends no paragraph goes on, or nobody can tell.
        if below and _cut(below, pixels) is not None:
            places.append((field.parts[-1], below))
        covered = any(_is_covered(place, part, pixels) for part, place in places)
        covered = covered or any(_may_lack_its_head(corners, sheet.lines, pixels) for corners in field.heads)
        if covered or any(_is_overlaid(part, pixels) for part in field.parts):
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


def _beyond(part: Part, lines: Sequence[Line]) -> Iterator[Corners]:
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
        if not any(_is_neighbour(line, sum(corners) / 4, along, down, height) for line in lines):
            yield tuple((float(x), float(y)) for x, y in corners)  # type: ignore[misc]


def _under(parts: Sequence[Part], lines: Sequence[Line]) -> Corners | None:
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
    if any(_reaches(line, middle, along, down, half) for line in lines):
        return None
    return tuple((float(x), float(y)) for x, y in corners)  # type: ignore[return-value]


def _reaches(line: Line, middle: Vector, along: Vector, down: Vector, half: Vector) -> bool:
    """Whether a line lies on some of a place, which reaches so far from its middle along the line and down."""
    away = [np.asarray(point) - middle for point in line.corners]
    across, below = [float(at @ along) for at in away], [float(at @ down) for at in away]
    wide, high = float(half[0]), float(half[1])
    return min(across) < wide and max(across) > -wide and min(below) < high and max(below) > -high


def _is_neighbour(line: Line, place: Vector, along: Vector, down: Vector, height: float) -> bool:
    """Whether a line of the same row reaches a place. Letters of a seal, which stand higher or lower, do not count."""
    away = [np.asarray(point) - place for point in line.corners]
    level = abs(sum(float(at @ down) for at in away)) / 4 < _LEVEL * height
    across, half = [float(at @ along) for at in away], (_TO - _FROM) / 2 * height
    return level and min(across) < half and max(across) > -half


def _is_covered(place: Corners, part: Part, pixels: Pixels) -> bool:
    """Whether there is something on a place that may hide a letter, or nobody can tell: off the page, or too faint."""
    line, there = _cut(part.corners, pixels), _cut(place, pixels)
    if line is None or there is None or _contrast(line) < _LEAST_CONTRAST:
        return True
    if _lies_under_another_ground(there, line):
        return True
    own, beside = _grey(line), _grey(there)
    paper, ink = np.percentile(own, _PAPER), np.percentile(own, _INK)
    if _is_light_on_dark(own):
        beside, paper, ink = 255 - beside, 255 - ink, 255 - paper
    # The light falls unevenly: the paper there is no darker than its lighter part.
    lightest = min(paper, np.percentile(beside, _PAPER))
    dark = (beside < lightest - _DARK * (paper - ink)).astype(np.uint8)
    dark[:, dark.mean(axis=0) > _THROUGH] = 0
    dark[dark.mean(axis=1) > _THROUGH, :] = 0
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(dark.mean()) > _COVERED


def _lies_under_another_ground(there: Pixels, line: Pixels) -> bool:
    """Whether the ground there is of another colour than that of the line, or much darker: something lies over it."""
    own, beside = _grey(line), _grey(there)
    if _is_light_on_dark(own):
        own, beside = 255 - own, 255 - beside
    elif _differ(_surface(line), _surface(there)):
        return True
    paper, ink = np.percentile(own, _PAPER), np.percentile(own, _INK)
    return bool(paper - np.percentile(beside, _PAPER) > _COVER * (paper - ink))


def _may_lack_its_head(corners: Corners, lines: Sequence[Line], pixels: Pixels) -> bool:
    """Whether something lies where a label may have begun (转移 of 转移登记日期): its value may be another's then. At
    the edge of the picture, or beside a faint one, nobody can tell; letters beside a label are often a heading's."""
    line = _cut(corners, pixels)
    if line is None or _contrast(line) < _LEAST_CONTRAST:
        return False
    places = [_cut(place, pixels) for place in _beyond(Part("", corners, begins=True, ends=False), lines)]
    return any(place is not None and _lies_under_another_ground(place, line) for place in places)


def _contrast(line: Pixels) -> float:
    grey = _grey(line)
    return float(np.percentile(grey, _PAPER) - np.percentile(grey, _INK))


def _is_overlaid(part: Part, pixels: Pixels) -> bool:
    """Whether something that is not the paper lies over some of a line: a thumb leaves another sign of half a sign."""
    line = _cut(part.corners, pixels)
    if line is None or _is_light_on_dark(_grey(line)):
        return False
    # Above and below a thumb's end the paper shows.
    line = line[round((0.5 - _CORE) * _HEIGHT) : round((0.5 + _CORE) * _HEIGHT)]
    whole = _surface(line)
    starts = range(0, max(line.shape[1] - _WINDOW, 0) + 1, _WINDOW // 2)
    return any(_differ(whole, _surface(line[:, start : start + _WINDOW])) for start in starts)


def _surface(crop: Pixels) -> Vector:
    """The colour of the ground: of the lightest pixels."""
    grey = _grey(crop)
    return np.asarray(crop[grey >= np.percentile(grey, _LIGHT)].mean(axis=0), dtype=np.float64)


def _differ(one: Vector, other: Vector) -> bool:
    """Whether two grounds are of different colours. A shadow darkens all colours alike; a thumb does not."""
    shares = (one + 1) / (other + 1)
    return float(shares.max() / shares.min()) > _TINT


def _is_light_on_dark(grey: Pixels) -> bool:
    return bool(np.median(grey) < (np.percentile(grey, _PAPER) + np.percentile(grey, _INK)) / 2)


def _grey(crop: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _cut(corners: Corners, pixels: Pixels) -> Pixels | None:
    """What stands between four corners, level and in one height; None where that is off the page."""
    height, width = pixels.shape[:2]
    if not all(-_SLACK <= x <= width + _SLACK and -_SLACK <= y <= height + _SLACK for x, y in corners):
        return None
    if (crop := cut_out(pixels, corners)) is None:
        return None
    wide = max(1, round(crop.shape[1] * _HEIGHT / crop.shape[0]))
    return np.asarray(cv2.resize(crop, (wide, _HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.uint8)
