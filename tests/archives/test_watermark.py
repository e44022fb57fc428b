"""Marks by themselves: ids and their code, what is seen and what is hidden, and what of it survives."""

import tracemalloc
from datetime import date
from functools import cache
from random import Random
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest

from benchmarks.leaks import LEAKS, Pixels, after, encoded, jpeg, opened, scaled
from carloan.archives.services.shelf import Shelf
from carloan.archives.watermark import codes, stamp, weave
from carloan.archives.watermark.pdf import pdf_of
from carloan.demonstration import samples
from carloan.demonstration.specimens import photo, render

LINES = ("王小明 A1024 · 华信汽车金融", "2026-11-30 22:52 · ")


def paper(kind: str, seed: int = 1, *, photographed: bool = False) -> Pixels:
    specimen = render(samples.paper(kind, Random(seed), as_of=date(2026, 11, 22)), layout=seed)
    return np.asarray((photo(specimen, Random(seed)) if photographed else specimen).image.convert("RGB"))


def leaving(pixels: Pixels, code: str) -> Pixels:
    """The picture as somebody gets it."""
    ground = stamp.ground_of(np.ascontiguousarray(pixels[..., ::-1]))
    return opened(stamp.jpeg(stamp.marked(ground, (LINES[0], LINES[1] + codes.shown(code)), code)))


def test_an_id_is_read_as_it_was_given_however_it_is_typed() -> None:
    for _ in range(50):
        code = codes.new_code()
        assert codes.text_of(codes.number_of(code)) == code
        assert codes.typed(f" {codes.shown(code).lower()} ") == code
    assert codes.typed("oi1L-0000-00000") == codes.typed("0111-0000-00000")
    for wrong in ("", "7K3M", "7K3M-9QXD-2F4BAX", "UUUU-UUUU-UUUUU", "张三"):
        assert codes.typed(wrong) is None, wrong
    assert len({codes.new_code() for _ in range(1_000)}) == 1_000


def test_bits_that_were_lost_or_turned_round_are_set_right_and_noise_is_no_id() -> None:
    random = np.random.default_rng(5)
    code = codes.text_of(0x0123_4567_89AB_CDEF)
    sent = codes.spread(code)
    assert len(sent) == codes.CODED
    assert codes.gather(sent) == (code, 1.0)
    worn = sent.copy()
    worn[random.permutation(codes.CODED)[: codes.CODED // 5]] = 0
    worn[random.permutation(codes.CODED)[: codes.CODED // 20]] *= -1
    found = codes.gather(worn)
    assert found is not None
    assert found[0] == code
    noise = [codes.gather(random.normal(size=codes.CODED).astype(np.float32)) for _ in range(60)]
    assert not any(noise)


@cache
def marked_papers() -> list[tuple[Pixels, str]]:
    given = [codes.new_code(), codes.new_code()]
    pictures = paper("loan_contract"), paper("id_card_front", photographed=True)
    return [(leaving(picture, code), code) for picture, code in zip(pictures, given, strict=True)]


@pytest.mark.parametrize("leak", LEAKS)
def test_the_hidden_id_survives(leak: str) -> None:
    """On two papers; `script/bench viewer` says how often on many."""
    for picture, code in marked_papers():
        found = weave.find(LEAKS[leak](picture))
        assert found is not None
        assert found.code == code
        assert found.sure > 0.6


def unmarked() -> list[Pixels]:
    random = np.random.default_rng(7)
    papers = [paper(kind, seed) for kind in ("loan_contract", "vat_invoice") for seed in (5, 6)]
    photos = [paper("id_card_front", seed, photographed=True) for seed in range(4)]
    noise = [random.integers(0, 255, (700, 900, 3)).astype(np.uint8) for _ in range(2)]
    ruled = np.full((900, 1200, 3), 250, np.uint8)
    ruled[::32], ruled[:, ::32] = 200, 200
    return [*papers, *photos, *noise, ruled, np.full((600, 800, 3), 255, np.uint8), ruled[:1, :1]]


def test_a_picture_without_mark_has_no_id() -> None:
    for picture in unmarked():
        assert weave.find(picture) is None
        if picture.size > 3:
            assert weave.find(after(scaled(0.5), jpeg(50))(picture)) is None


def test_what_is_seen_darkens_light_ground_lightens_dark_and_never_hides_ink() -> None:
    page = np.full((1200, 1000, 3), 255, np.uint8)
    page[:, 500:] = 20
    cv2.putText(page, "4403031990", (40, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3)
    made = leaving(page, codes.new_code()).astype(int)
    light, dark = made[:, :450], made[:, 550:]
    ink = page[:, :450, 0] == 0
    near = cv2.dilate(ink.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0  # what JPEG draws around letters
    assert light[~near].min() > 190, "a faint mark, that no value is lost under"
    assert (light[~near] < 235).mean() > 0.005, "and one that can be read"
    assert light[ink].mean() < 30, "ink stays as dark as it was"
    assert (dark > 50).mean() > 0.005
    assert dark.max() < 120


def test_a_mark_lies_everywhere_on_a_page() -> None:
    made = leaving(np.full((1400, 1000, 3), 255, np.uint8), codes.new_code())
    for top in range(0, 1400, 350):
        for left in range(0, 1000, 500):
            assert (made[top : top + 350, left : left + 500] < 236).mean() > 0.004, (top, left)


def test_marking_takes_little_more_memory_than_the_page() -> None:
    ground = stamp.ground_of(np.full((2339, 1654, 3), 250, np.uint8))
    tracemalloc.start()
    stamp.jpeg(stamp.marked(ground, LINES, codes.new_code()))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2.2 * ground.size, most


def test_the_shelf_holds_no_more_and_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    page = stamp.ground_of(np.full((100, 100, 3), 250, np.uint8))
    shelf = Shelf(room=page.size * 2, seconds=10)
    now = [0.0]
    monkeypatch.setattr("carloan.archives.services.shelf.time.monotonic", lambda: now[0])
    for name in "abc":
        shelf.put(name, page)
    assert [shelf.take(name) is None for name in "abc"] == [True, False, False]
    assert shelf.size == page.size * 2
    shelf.put("large", stamp.ground_of(np.full((300, 300, 3), 250, np.uint8)))
    assert shelf.take("large") is None
    now[0] = 10.0
    assert [shelf.take(name) for name in "abc"] == [None] * 3
    assert shelf.size == 0


def test_a_pdf_of_pictures_is_one_that_others_read() -> None:
    pictures: list[Any] = [
        (encoded(np.full((height, 400, 3), shade, np.uint8), "JPEG"), 400, height)
        for height, shade in ((600, 90), (300, 200))
    ]
    pdf = pypdfium2.PdfDocument(b"".join(pdf_of(pictures)))
    assert [tuple(round(side) for side in page.get_size()) for page in pdf] == [(144, 216), (144, 108)]
    shades = [int(np.asarray(page.render(scale=1).to_numpy())[..., :3].mean()) for page in pdf]
    assert shades == pytest.approx([90, 200], abs=3)
