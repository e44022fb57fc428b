"""A file's pages as people see them, read: laid straight, turned upright, and several papers on one cut apart.

Boxes of a sheet are fractions of the very picture that is shown beside it; `Sheet.corners` say how to draw it again.
"""

import math
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Final

import numpy as np

from carloan.archives.recognition import rectify, sandbox, split
from carloan.archives.recognition.engine import Pixels, engine, upright
from carloan.archives.recognition.limits import LIMITS, Limits
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Corners, Line, Sheet

# A page that leans less looks level; one that leans more has been read as something else.
LEAST_LEAN: Final = math.radians(0.6)
MOST_LEAN: Final = math.radians(40)
# Lines of one page lean alike, by this much; a seal's or a watermark's do not.
ALIKE: Final = math.radians(1.5)
_BEHEADED: Final = re.compile("(东|西|南|北|徽|苏|江|建|川|州|林|宁|海|肃)省")


def sheets(data: bytes, media: str, *, limits: Limits = LIMITS) -> Iterator[tuple[Sheet, Pixels]]:
    """Each paper on each page, with its upright pixels. The child decodes the next page while this one is read.

    Raises `Refused` when a page or the file needs more time than its limit.
    """
    number, end = 0, time.monotonic() + limits.paper_seconds
    for head, body in sandbox.pages(data, media, limits=limits):
        source, width, height = int(head["number"]), int(head["width"]), int(head["height"])
        pixels = np.frombuffer(body, dtype=np.uint8).reshape(height, width, 3)
        if head["lines"] is not None:
            number += 1
            lines = tuple(_digital(line) for line in head["lines"])
            yield Sheet(number, width, height, lines, digital=True, source=source), pixels
            continue
        corners = head["corners"] and _corners(head["corners"])
        obscured = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in head["obscured"])
        until = min(end, time.monotonic() + limits.page_seconds)
        received = Sheet(source, width, height, (), source=source, corners=corners, obscured=obscured)
        for sheet, picture in _apart(*_read(received, pixels, until), until):
            number += 1
            yield replace(sheet, number=number), picture
        if time.monotonic() >= end:
            raise Refused("too_heavy")


def _read(sheet: Sheet, pixels: Pixels, until: float) -> tuple[Sheet, Pixels]:
    """A picture read, turned upright and levelled."""
    turn, lines = engine().read(pixels, until=until)
    pixels = upright(pixels, turn)
    upside = rectify.turned(rectify.WHOLE, turn)
    sheet = replace(
        sheet, turn=turn, width=pixels.shape[1], height=pixels.shape[0],
        lines=tuple(_whole(line, pixels) for line in lines),
        corners=rectify.turned(sheet.corners, turn) if sheet.corners else None,
        obscured=tuple(rectify.moved_box(box, upside, rectify.WHOLE) for box in sheet.obscured),
    )  # fmt: skip
    return _level(sheet, pixels)


def _whole(line: Line, pixels: Pixels) -> Line:
    """A line whose province lost its first character (东省 of a seal), read again a little wider."""
    if not _BEHEADED.match(line.text):
        return line
    again = engine().read_at(pixels, line.part(-0.8 * line.height / max(line.length, 1.0), 1.0))
    return again if again.text.endswith(line.text) and len(again.text) == len(line.text) + 1 else line


def _level(sheet: Sheet, pixels: Pixels) -> tuple[Sheet, Pixels]:
    """The page turned back by the lean of its lines. They were read where they lean, and go along."""
    angle = lean(sheet)
    if not LEAST_LEAN < abs(angle) < MOST_LEAN:
        return sheet, pixels
    corners, width, height = rectify.levelled(sheet.width, sheet.height, angle)
    held = sheet.corners or rectify.turned(rectify.WHOLE, sheet.turn)
    pixels = rectify.warp(pixels, corners, width, height)
    lines = tuple(
        replace(line, corners=_gone_along(line.corners, sheet, corners, width, height)) for line in sheet.lines
    )
    obscured = tuple(rectify.moved_box(box, corners, rectify.WHOLE) for box in sheet.obscured)
    level = rectify.within(held, corners)
    return replace(sheet, width=width, height=height, lines=lines, obscured=obscured, corners=level), pixels


def lean(sheet: Sheet) -> float:
    """How far the page leans (radians) when its longer lines agree; 0 when they do not."""
    angles = [line.angle for line in sheet.lines if line.length > 4 * line.height and abs(line.angle) < math.pi / 4]
    if len(angles) < 3:
        return 0.0
    middle = median(angles)
    return middle if median(abs(angle - middle) for angle in angles) < ALIKE else 0.0


def _apart(sheet: Sheet, pixels: Pixels, until: float) -> Iterator[tuple[Sheet, Pixels]]:
    """The papers on a page, each read again for itself; the page when it is one paper."""
    regions = split.regions(sheet, pixels)
    if not regions:
        yield sheet, pixels
        return
    held = sheet.corners or rectify.turned(rectify.WHOLE, sheet.turn)
    for region in regions:
        width, height = rectify.extent(region, sheet.width, sheet.height, longest=max(sheet.width, sheet.height))
        piece = replace(
            sheet, width=width, height=height, lines=(), corners=rectify.within(held, region),
            obscured=tuple(rectify.moved_box(box, region, rectify.WHOLE) for box in sheet.obscured),
        )  # fmt: skip
        yield _read(piece, rectify.warp(pixels, region, width, height), until)


def _gone_along(corners: Corners, sheet: Sheet, view: Corners, width: int, height: int) -> Corners:
    points = [(x / sheet.width, y / sheet.height) for x, y in corners]
    a, b, c, d = ((x * width, y * height) for x, y in rectify.moved(points, view, rectify.WHOLE))
    return a, b, c, d


def _corners(points: list[list[float]]) -> Corners:
    a, b, c, d = ((float(x), float(y)) for x, y in points)
    return a, b, c, d


def _digital(line: dict[str, object]) -> Line:
    x0, y0, x1, y1 = (float(value) for value in line["box"])  # type: ignore[attr-defined]
    return Line(str(line["text"]), 1.0, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
