"""Pages with a few words on them. On an almost empty page the detector sees nothing; nearer to its ink it does."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from carloan.archives.recognition.engine import Pixels, engine
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Box, Line, Sheet

# Darker than this is ink; what is nearer together than a letter is one word, and what is smaller than one is a speck.
INK: Final = 160
LETTER: Final = 25
SPECK: Final = (6, 60)
# What is larger than this in both directions and mostly dark is a picture.
PICTURE: Final = 300
# A page on which words stand everywhere is not one of a few words.
MOST_WORDS: Final = 60
MARGIN: Final = 60
# Signs that the engine sees in boxes, rules and dots.
_SHAPES: Final = frozenset("口日目田一二三丨工□■1lI7")
_CLEARLY: Final = 0.95


def look_closer(sheet: Sheet, pixels: Pixels, *, until: float) -> Sheet:
    """The page with the lines around its ink, when nothing was read there, there is some, and it is read in time."""
    place = inked(pixels)
    if place is None:
        return sheet
    x0, y0, x1, y1 = place
    try:
        turn, lines = engine().read(np.ascontiguousarray(pixels[y0:y1, x0:x1]), until=until)
    except Refused:
        return sheet
    return replace(sheet, lines=tuple(_moved(line, x0, y0) for line in lines)) if turn == 0 else sheet


def is_blank(lines: Sequence[Line]) -> bool:
    """Whether nothing on the page can be read: no word, and no clear letter that is no shape of a box or a rule."""
    return not any(_says_something(line) for line in lines)


def _says_something(line: Line) -> bool:
    signs = [sign for sign in line.text if sign.isalnum()]
    telling = [sign for sign in signs if sign not in _SHAPES]
    return bool(telling) and (len(signs) > 1 or line.confidence >= _CLEARLY)


def inked(pixels: Pixels) -> tuple[int, int, int, int] | None:
    """The pixels around all words, None where there are none, or as many as on any page."""
    ink = (pixels.min(axis=2) < INK).astype(np.uint8)
    words = cv2.dilate(ink, np.ones((LETTER, LETTER), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(words)
    boxes: list[Box] = []
    for x, y, width, height, _area in stats[1:count]:
        inside = int(ink[y : y + height, x : x + width].sum())
        is_speck = inside < SPECK[1] or min(width, height) - LETTER < SPECK[0]
        is_picture = min(width, height) > PICTURE and 2 * inside > width * height
        if not is_speck and not is_picture:
            boxes.append((x, y, x + width, y + height))
    if not boxes or len(boxes) > MOST_WORDS:
        return None
    tall, wide = ink.shape
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return (
        max(int(left) - MARGIN, 0), max(int(top) - MARGIN, 0),
        min(int(right) + MARGIN, wide), min(int(bottom) + MARGIN, tall),
    )  # fmt: skip


def _moved(line: Line, across: int, down: int) -> Line:
    a, b, c, d = ((x + across, y + down) for x, y in line.corners)
    return replace(line, corners=(a, b, c, d))
