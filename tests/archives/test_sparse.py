"""Pages of a few words, and pages of none."""

import time

import cv2
import numpy as np
import pytest

from carloan.archives.recognition import sparse
from carloan.archives.recognition.sheet import Line, Sheet

CORNERS = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


@pytest.mark.parametrize(
    ("text", "confidence", "blank"),
    [
        ("口", 0.98, True),
        ("—", 0.8, True),
        ("e", 0.6, True),
        ("A", 1.0, False),
        ("page 1", 0.7, False),
        ("11", 1.0, True),
    ],
)
def test_the_shape_of_a_box_or_a_doubtful_letter_is_no_word(text: str, confidence: float, blank: bool) -> None:
    assert sparse.is_blank([Line(text, confidence, CORNERS)]) is blank


def page(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """White, with dark boxes (left, top, right, bottom)."""
    pixels = np.full((2000, 1400, 3), 255, np.uint8)
    for x0, y0, x1, y1 in boxes:
        pixels[y0:y1, x0:x1] = 20
    return pixels


def test_words_are_found_between_specks_and_pictures() -> None:
    word, speck, picture = (200, 150, 360, 180), (1200, 1800, 1203, 1803), (200, 700, 1200, 1700)
    found = sparse.inked(page(word, speck, picture))
    assert found is not None
    x0, y0, x1, y1 = found
    assert (100 < x0 < 200, 360 < x1 < 500, 50 < y0 < 150, 180 < y1 < 300) == (True, True, True, True)
    assert sparse.inked(page(speck, picture)) is None


@pytest.mark.ocr
def test_a_second_look_that_takes_too_long_leaves_the_page_as_it_was() -> None:
    pixels = cv2.putText(page(), "CONTRACT 2026", (200, 180), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 20), 3)
    sheet = Sheet(1, 1400, 2000, ())
    assert sparse.look_closer(sheet, pixels, until=time.monotonic() + 60).lines
    assert sparse.look_closer(sheet, pixels, until=time.monotonic() - 1) is sheet
