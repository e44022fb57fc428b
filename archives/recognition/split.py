"""Several papers on one page: where to cut them apart, so that no value of one is taken for another's.

Only papers of the size of a card come so: copied below each other, or laid side by side for one photo. A page is cut
when what stands on each side is a paper of its own by its own words; where in doubt it stays whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from carloan.archives.recognition import kinds, rectify
from carloan.archives.recognition.rectify import Pixels
from carloan.archives.recognition.sheet import Box, Corners, Line, Point, Sheet
from carloan.lib.text import fold

CARDS: Final = frozenset({"id_card_front", "id_card_back", "driving_licence", "vehicle_licence", "bank_card"})
MOST: Final = 6
# Gaps tried on each axis, widest first; a card's own rows stand closer than the cards.
GAPS: Final = 4
# Around a cut piece's words lies the rest of its card (the portrait, the rim): this much of their extent.
RIM: Final = 0.5
_IDENTIFIER: Final = re.compile(r"(?<![0-9A-Z])(?:\d{17}[\dX]|\d{16,19}|[A-HJ-NPR-Z0-9]{17})(?![0-9A-Z])")

Lines = Sequence[Line]
Group = tuple[Lines, Box]


def regions(sheet: Sheet, pixels: Pixels) -> list[Corners]:
    """The corners of each paper on a page, as fractions of it, in reading order; empty for one paper."""
    if len(sheet.lines) < 4 or not _may_hold_cards(sheet):
        return []
    outlines = rectify.cards(pixels)
    groups = _by_outline(sheet, outlines) or _by_gaps(sheet, sheet.lines, (0.0, 0.0, 1.0, 1.0))
    if not 2 <= len(groups) <= MOST:
        return []
    return [_outlined(sheet, lines, outlines) or _corners(_around(sheet, lines, half)) for lines, half in groups]


def _may_hold_cards(sheet: Sheet) -> bool:
    scores = kinds.classify(sheet).scores
    return any(scores[kind] >= kinds.ENOUGH for kind in CARDS)


def _by_outline(sheet: Sheet, outlines: list[Corners]) -> list[Group]:
    """The lines in each outline, when they are papers of their own and nothing stands beside them."""
    groups = [[line for line in sheet.lines if _holds(outline, _middle(sheet, line))] for outline in outlines]
    found: list[Group] = [(lines, (0.0, 0.0, 1.0, 1.0)) for lines in groups if lines]
    if sum(len(lines) for lines, _ in found) < len(sheet.lines) or len(found) < 2:
        return []
    return found if all(_are_two(sheet, a, b) for a, b in _pairs([lines for lines, _ in found])) else []


def _by_gaps(sheet: Sheet, lines: Lines, half: Box) -> list[Group]:
    """The page cut along its widest gaps, for as long as both sides are papers of their own."""
    for axis, place in _gaps(sheet, lines):
        before = [line for line in lines if _middle(sheet, line)[axis] < place]
        after = [line for line in lines if _middle(sheet, line)[axis] >= place]
        if not _are_two(sheet, before, after):
            continue
        upper, lower = list(half), list(half)
        upper[axis + 2] = lower[axis] = place
        return [
            *(_by_gaps(sheet, before, _box(upper)) or [(before, _box(upper))]),
            *(_by_gaps(sheet, after, _box(lower)) or [(after, _box(lower))]),
        ]
    return []


def _gaps(sheet: Sheet, lines: Lines) -> Iterator[tuple[int, float]]:
    """Axis (1: between rows, 0: between columns) and middle of the widest empty stripes."""
    found = []
    least = median(line.height for line in lines)
    for axis in (1, 0):
        length = (sheet.width, sheet.height)[axis]
        spans = sorted((min(c[axis] for c in line.corners), max(c[axis] for c in line.corners)) for line in lines)
        end = spans[0][1]
        for start, stop in spans[1:]:
            if start - end > least:
                found.append((start - end, axis, (start + end) / 2 / length))
            end = max(end, stop)
    found.sort(reverse=True)
    yield from ((axis, place) for _, axis, place in found[: 2 * GAPS])


def _are_two(sheet: Sheet, one: Lines, other: Lines) -> bool:
    """Whether two groups of lines are cards of different kinds, or of one kind with numbers of their own."""
    if not one or not other:
        return False
    first, second = (kinds.classify(replace(sheet, lines=tuple(lines))).kind for lines in (one, other))
    if not {first, second} <= CARDS:
        return False
    mine, theirs = _identifiers(one), _identifiers(other)
    return first != second or bool(mine and theirs and not mine & theirs)


def _identifiers(lines: Lines) -> set[str]:
    return {found for line in lines for found in _IDENTIFIER.findall(re.sub(r"\s+", "", fold(line.text)).upper())}


def _outlined(sheet: Sheet, lines: Lines, outlines: list[Corners]) -> Corners | None:
    """The outline that holds all these lines and no other."""
    members = set(map(id, lines))
    for outline in outlines:
        if {id(line) for line in sheet.lines if _holds(outline, _middle(sheet, line))} == members:
            return outline
    return None


def _around(sheet: Sheet, lines: Lines, half: Box) -> Box:
    boxes = [sheet.box(line.corners) for line in lines]
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    x1, y1 = max(box[2] for box in boxes), max(box[3] for box in boxes)
    wide, high = RIM * (x1 - x0), RIM * (y1 - y0)
    return max(x0 - wide, half[0]), max(y0 - high, half[1]), min(x1 + wide, half[2]), min(y1 + high, half[3])


def _corners(box: Box) -> Corners:
    x0, y0, x1, y1 = box
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _middle(sheet: Sheet, line: Line) -> Point:
    return sum(x for x, _ in line.corners) / 4 / sheet.width, sum(y for _, y in line.corners) / 4 / sheet.height


def _holds(corners: Corners, point: Point) -> bool:
    """Whether a point lies in a convex outline whose corners run clockwise."""
    x, y = point
    return all(
        (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0
        for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True)
    )


def _pairs(groups: Sequence[Lines]) -> Iterator[tuple[Lines, Lines]]:
    return ((one, other) for place, one in enumerate(groups) for other in groups[place + 1 :])


def _box(edges: list[float]) -> Box:
    x0, y0, x1, y1 = edges
    return x0, y0, x1, y1
