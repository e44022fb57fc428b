"""The paper around a value: ink beside it that nobody read may be a letter of its own.

A seal, a thumb or a fold covers the first letter of a name, and the rest is read surely and is another name: no reading
of the rest tells. So beside a value whose end nothing else closes there has to be bare paper, or something that was
read.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from carloan.archives.recognition.certainty import CHECKS
from carloan.archives.recognition.engine import Pixels, cut_out
from carloan.archives.recognition.extract import Fields
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
# Corners of a line at the very edge lie a little off the page (pixels).
_SLACK: Final = 2.0
# Lines of one row lie no further from each other (heights of the line).
_LEVEL: Final = 0.45
# Whatever may be longer than what was read: 15.88 % without its first figure is 5.88 %.
_OPEN: Final = NAMES | OPEN_ENDED | {"rate", "term_months", "registered_capital"}
# What says where a value ends. A second engine sees no more than the first.
_CLOSING: Final = CHECKS - {"second_engine"}
Vector = npt.NDArray[np.float64]


def doubt_covered_ends(fields: Fields, sheet: Sheet, pixels: Pixels) -> None:
    """Doubt the values of unknown length that do not end on bare paper."""
    for name, field in list(fields.items()):
        if name not in _OPEN or field.page != sheet.number or _CLOSING & set(field.proofs):
            continue
        if any(_is_covered(place, part, pixels) for part in field.parts for place in _beyond(part, sheet.lines)):
            fields.doubted(name, DOUBT)


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


def _is_neighbour(line: Line, place: Vector, along: Vector, down: Vector, height: float) -> bool:
    """Whether a line of the same row reaches a place. Letters of a seal, which stand higher or lower, do not count."""
    away = [np.asarray(point) - place for point in line.corners]
    level = abs(sum(float(at @ down) for at in away)) / 4 < _LEVEL * height
    across, half = [float(at @ along) for at in away], (_TO - _FROM) / 2 * height
    return level and min(across) < half and max(across) > -half


def _is_covered(place: Corners, part: Part, pixels: Pixels) -> bool:
    """Whether there is something on a place that may hide a letter, or nobody can tell: off the page, or too faint."""
    own, beside = _grey(part.corners, pixels), _grey(place, pixels)
    if own is None or beside is None:
        return True
    paper, ink = np.percentile(own, _PAPER), np.percentile(own, _INK)
    if paper - ink < _LEAST_CONTRAST:
        return True
    if np.median(own) < (paper + ink) / 2:
        # Light print on a dark ground.
        beside, paper, ink = 255 - beside, 255 - ink, 255 - paper
    # The light falls unevenly: the paper there is no darker than its lighter part.
    lightest = np.percentile(beside, _PAPER)
    if paper - lightest > _COVER * (paper - ink):
        return True
    dark = (beside < min(paper, lightest) - _DARK * (paper - ink)).astype(np.uint8)
    dark[:, dark.mean(axis=0) > _THROUGH] = 0
    dark[dark.mean(axis=1) > _THROUGH, :] = 0
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(dark.mean()) > _COVERED


def _grey(corners: Corners, pixels: Pixels) -> Pixels | None:
    """What stands between four corners, level, in one height and in shades of grey; None where that is off the page."""
    height, width = pixels.shape[:2]
    if not all(-_SLACK <= x <= width + _SLACK and -_SLACK <= y <= height + _SLACK for x, y in corners):
        return None
    if (crop := cut_out(pixels, corners)) is None:
        return None
    wide = max(1, round(crop.shape[1] * _HEIGHT / crop.shape[0]))
    grey = cv2.resize(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), (wide, _HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)
