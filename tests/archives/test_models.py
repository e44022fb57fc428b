"""The models asked directly answer as they do in the library's own loop (docs/decisions/0012)."""

import io
import os
import unicodedata
from random import Random

import numpy as np
import pytest
from PIL import Image
from rapidocr import RapidOCR
from rapidocr.utils.process_img import get_rotate_crop_image

from carloan.archives.recognition import models
from carloan.demonstration import papers
from tests.archives.specimens import deal, drawn

pytestmark = pytest.mark.ocr


@pytest.fixture(scope="module")
def library() -> RapidOCR:
    return RapidOCR(params=models.parameters(os.cpu_count() or 1))


@pytest.fixture(scope="module")
def page() -> models.Pixels:
    _, data = drawn(papers.vehicle_sales_invoice(Random(1), deal()))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.uint8)[:, :, ::-1].copy()


def test_lines_stand_where_the_library_s_loop_finds_them(library: RapidOCR, page: models.Pixels) -> None:
    expected = np.array(library(page.copy(), use_det=True, use_cls=False, use_rec=False).boxes)
    found = np.array(models.detect(library, page))
    assert len(found) > 20
    assert found.shape == expected.shape
    assert float(np.abs(found - expected).max()) <= 1.5


def test_lines_are_read_as_the_library_s_loop_reads_them(library: RapidOCR, page: models.Pixels) -> None:
    crops = [get_rotate_crop_image(page, box.copy()) for box in models.detect(library, page)]
    told = 0
    for crop in crops:
        answer = library(crop.copy(), use_det=False, use_cls=False, use_rec=True)
        text, sure, signs, places, simple = models.recognise(library, crop)
        assert len(signs) == len(places) == len(text)
        assert len(simple) in (0, len(text))
        assert list(places) == sorted(places)
        assert all(0 <= at <= crop.shape[1] / crop.shape[0] for at in places)
        # Rings and ornaments are read as this letter or that by either way.
        if len(plain(answer.txts[0])) < 2:
            continue
        assert plain(text) == plain(answer.txts[0])
        assert sure == pytest.approx(answer.scores[0], abs=0.1)
        told += 1
    assert told > 60


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def test_a_page_without_ink_has_no_lines(library: RapidOCR) -> None:
    assert models.detect(library, np.full((640, 480, 3), 255, np.uint8)) == []
