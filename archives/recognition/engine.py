"""The reading engine: RapidOCR (PP-OCRv6), warm once a process. Pages come in any of four turns and leave upright."""

import functools
import logging
import math
import threading
import time
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from django.conf import settings
from rapidocr import RapidOCR
from rapidocr.utils.process_img import get_rotate_crop_image

from carloan.archives.recognition import models, script
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Corners, Line, Point, Turn

Pixels = npt.NDArray[np.uint8]
# Where a line was detected, its level picture, and whether that was turned upside down for reading.
_Found = tuple[npt.NDArray[np.float32], Pixels, bool]

LEAST_CONFIDENCE: Final = 0.3
# A crop this much taller than wide holds turned or vertical writing (RapidOCR turns it before reading).
TALL: Final = 1.5
MOST_LINES: Final = 1_500
SURE_FLIP: Final = 0.9
# So many lines tell that a page is turned.
SAMPLE: Final = 8


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line in the picture as it came: its corners begin where the reading begins."""

    text: str
    confidence: float
    corners: list[Point]
    signs: tuple[float, ...]
    places: tuple[float, ...]

    @property
    def quarter(self) -> int:
        """The direction of reading in quarter turns clockwise: 0 to the right, 1 downwards."""
        (x0, y0), (x1, y1) = self.corners[0], self.corners[1]
        return round(math.atan2(y1 - y0, x1 - x0) / (math.pi / 2)) % 4


class Engine:
    """One loaded model set. Not to be shared by threads that read at the same time: a lock makes them wait."""

    def __init__(self, *, threads: int = 1) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        self._engine = RapidOCR(params=models.parameters(threads))
        # Its share of the machine is for all that is reckoned here.
        cv2.setNumThreads(threads)
        self._lock = threading.Lock()

    def read(self, pixels: Pixels, *, until: float = math.inf) -> tuple[Turn, list[Line]]:
        """How far the page must be turned clockwise, and its lines in pixels of the turned page.

        A turned page is read a second time upright: the detector misses a third of small turned print. Raises
        `Refused` when it is not done at the moment `until` (of time.monotonic()); no page holds a worker longer.
        """
        with self._lock:
            readings, turn = self._look(pixels, until, hurried=True)
            if turn:
                again, rest = self._look(upright(pixels, turn), until)
                if rest == 0:
                    readings = again
                else:
                    (readings, _), turn = self._look(pixels, until), 0
        lines = [Line(r.text, r.confidence, _four(r.corners), r.signs, r.places) for r in readings]
        return turn, lines

    def _look(self, pixels: Pixels, until: float, *, hurried: bool = False) -> tuple[list[_Reading], Turn]:
        """The lines as they stand and the page's turn; in a hurry only enough of them to know that it is turned."""
        image = _bgr(pixels)
        boxes = models.detect(self._engine, image)[:MOST_LINES]
        if not boxes:
            return [], 0
        _in_time(until)
        crops, flipped = self._straighten([get_rotate_crop_image(image, box.copy()) for box in boxes])
        found = list(zip(boxes, crops, flipped, strict=True))
        askew = sum(flip or _is_tall(box) for box, _, flip in found)
        if hurried and len(found) >= 2 * SAMPLE and 2 * askew > len(found):
            by_width = sorted(found, key=lambda one: -one[1].shape[1])
            readings, turn = self._read_some(image, by_width[:: len(found) // SAMPLE], until)
            if turn:
                return readings, turn
        return self._read_some(image, found, until)

    def _read_some(self, image: Pixels, found: list[_Found], until: float) -> tuple[list[_Reading], Turn]:
        boxes, crops, flipped = ([*part] for part in zip(*found, strict=True))
        read = self._recognise(crops, until)
        self._doubt_flips(crops, flipped, read, until)
        if script.is_simplified(one.text for one in read):
            read = [one.simplified() for one in read]
        readings = [
            _Reading(one.text, one.confidence, _from_start(box, flip), one.signs, one.places_along(crop))
            for box, crop, flip, one in zip(boxes, crops, flipped, read, strict=True)
            if one.text and one.confidence >= LEAST_CONFIDENCE
        ]
        turn = _turn(readings)
        if turn in (90, 270) and self._is_vertical_writing(image, readings):
            turn = 0
        return readings, turn

    def read_at(self, pixels: Pixels, corners: Corners, *, pressed: float = 1.0) -> Line:
        """What stands between four corners of an upright page, without asking the detector; `pressed` (models.py) for
        clean print, whose letters stand narrower as well."""
        crop = cut_out(pixels, corners)
        read = models.NOTHING if crop is None else self.read_line(crop, pressed=pressed)
        return Line(read.text, read.confidence, corners, read.signs, () if crop is None else read.places_along(crop))

    def read_line(self, line: Pixels, *, pressed: float = 1.0) -> models.Reading:
        """What stands on the level picture of one line."""
        with self._lock:
            return models.recognise(self._engine, _bgr(line), pressed=pressed).stripped().simplified()

    def _straighten(self, crops: list[Pixels]) -> tuple[list[Pixels], list[bool]]:
        result = self._engine._load_cls_model()(crops)
        flipped = [label == "180" and score > 0.9 for label, score in result.cls_res]
        return result.img_list, flipped

    def _doubt_flips(self, crops: list[Pixels], flipped: list[bool], read: list[models.Reading], until: float) -> None:
        """Lines that were read badly upside down, read again as they stood: the better reading holds."""
        doubtful = [place for place, flip in enumerate(flipped) if flip and read[place].confidence < SURE_FLIP]
        again = self._recognise([np.ascontiguousarray(crops[place][::-1, ::-1]) for place in doubtful], until)
        for place, one in zip(doubtful, again, strict=True):
            if one.confidence > read[place].confidence:
                read[place], flipped[place] = one, False

    def _is_vertical_writing(self, image: Pixels, readings: list[_Reading]) -> bool:
        """Whether columns of upright characters look like a turned page: then a single character reads as it stands."""
        columns = sorted((r for r in readings if r.quarter % 2), key=lambda r: -r.confidence * len(r.text))[:3]
        crops, expected = [], []
        for column in columns:
            xs, ys = [x for x, _ in column.corners], [y for _, y in column.corners]
            step = (max(ys) - min(ys)) / len(column.text)
            for place in range(min(len(column.text), 3)):
                top = min(ys) + place * step
                crop = image[int(top) : int(top + step) + 1, int(min(xs)) : int(max(xs)) + 1]
                if crop.size:
                    crops.append(np.ascontiguousarray(crop))
                    expected.append(column.text[place])
        if not crops:
            return False
        read = self._recognise(crops)
        return sum(want in got.text for want, got in zip(expected, read, strict=True)) * 2 > len(crops)

    def _recognise(self, crops: list[Pixels], until: float = math.inf) -> list[models.Reading]:
        """What each line says; between the lines the clock is looked at."""
        read = []
        for crop in crops:
            _in_time(until)
            read.append(models.recognise(self._engine, crop).stripped())
        return read


def cut_out(pixels: Pixels, corners: Corners) -> Pixels | None:
    """What stands between four corners, level; None where that is off the page."""
    crop = get_rotate_crop_image(pixels, np.array(corners, dtype=np.float32))
    return np.asarray(crop, dtype=np.uint8) if crop.size else None


def _bgr(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), dtype=np.uint8)


def _in_time(until: float) -> None:
    if time.monotonic() >= until:
        raise Refused("too_heavy")


def _from_start(box: npt.NDArray[np.float32], flip: bool) -> list[Point]:
    # RapidOCR turns tall crops to the left before reading, so reading them begins at the top right.
    start = (1 if _is_tall(box) else 0) + (2 if flip else 0)
    points = [(float(x), float(y)) for x, y in box]
    return points[start % 4 :] + points[: start % 4]


def _is_tall(box: npt.NDArray[np.float32]) -> bool:
    across = max(float(np.linalg.norm(box[0] - box[1])), float(np.linalg.norm(box[2] - box[3])))
    down = max(float(np.linalg.norm(box[0] - box[3])), float(np.linalg.norm(box[1] - box[2])))
    return down / max(across, 1e-6) >= TALL


def _turn(readings: list[_Reading]) -> Turn:
    """The page's turn by the vote of its confidently read lines, long ones counting more."""
    votes = [0.0, 0.0, 0.0, 0.0]
    for reading in readings:
        if reading.confidence >= 0.8 and len(reading.text) >= 2:
            votes[reading.quarter] += min(len(reading.text), 20) * reading.confidence
    best = max(range(4), key=lambda quarter: votes[quarter])
    if votes[best] <= 1.5 * votes[0]:
        return 0
    turns: tuple[Turn, ...] = (0, 270, 180, 90)
    return turns[best]


def _four(corners: list[Point]) -> Corners:
    a, b, c, d = corners
    return a, b, c, d


def upright(pixels: Pixels, turn: Turn) -> Pixels:
    """The picture, turned clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, k=-(turn // 90))) if turn else pixels


_loading = threading.Lock()


def engine() -> Engine:
    """The engine of this process, loaded on first use (about 0.5 s) and kept."""
    with _loading:
        return _loaded()


@functools.cache
def _loaded() -> Engine:
    return Engine(threads=settings.OCR_THREADS)
