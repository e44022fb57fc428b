"""The text a born-digital PDF carries, as lines with boxes on the rendered page."""

import ctypes
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Pixels = npt.NDArray[np.uint8]

# A scan that somebody's OCR has been over carries text too, but not better than ours: a page that is mostly one
# picture is read from its pixels.
PICTURE_SHARE = 0.5
FEWEST_CHARACTERS = 12
MOST_CHARACTERS = 50_000
# Nothing printed on a paper is longer; a longer run is a trap for whoever searches in it.
LONGEST_LINE = 400
# How far the darkest and the lightest point around some words are apart, of 255: the palest print has more.
INK = 24


def read_lines(page: pdfium.PdfPage, pixels: Pixels) -> list[dict[str, Any]] | None:
    """Lines `{"text", "box": [x0, y0, x1, y1] in pixels}`, or None when the page has to be read from its pixels.

    For a page that no picture fills (`picture_share`).
    """
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        if not FEWEST_CHARACTERS <= count <= MOST_CHARACTERS:
            return None
        return trusted(gathered(_characters(page, text_page, count, pixels)), pixels)
    finally:
        text_page.close()


def _characters(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, count: int, pixels: Pixels
) -> Iterator[tuple[str, list[float] | None]]:
    height, width = pixels.shape[:2]
    for index in range(count):
        character = chr(pdfium_c.FPDFText_GetUnicode(text_page, index))
        yield character, None if character.isspace() else _box(page, text_page, index, width, height)


def picture_share(page: pdfium.PdfPage) -> float:
    """How much of a page its largest picture covers."""
    width, height = page.get_size()
    covered = 0.0
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        covered = max(covered, abs(right - left) * abs(top - bottom))
    return float(covered / max(width * height, 1.0))


def gathered(characters: Iterable[tuple[str, list[float] | None]]) -> list[dict[str, Any]]:
    """Characters in their order, each with its box in pixels (None for a space), as lines."""
    lines: list[dict[str, Any]] = []
    spaced = False
    for character, box in characters:
        if box is None:
            spaced = True
            continue
        last = lines[-1] if lines else None
        if last is not None and len(last["text"]) < LONGEST_LINE and _continues(last["box"], box):
            wide = box[0] - last["box"][2] > 0.3 * (box[3] - box[1])
            last["text"] += (" " if spaced or wide else "") + character
            last["box"] = [
                min(last["box"][0], box[0]), min(last["box"][1], box[1]),
                max(last["box"][2], box[2]), max(last["box"][3], box[3]),
            ]  # fmt: skip
        else:
            lines.append({"text": character, "box": box})
        spaced = False
    return lines


def trusted(lines: list[dict[str, Any]], pixels: Pixels) -> list[dict[str, Any]] | None:
    """The lines that leave ink on the page, or None when the page is better read from its pixels.

    Words that cannot be seen (white, hidden, under nothing) are not on the paper. A page on which much of the text is
    such a layer, or is no text at all, is read like a scan.
    """
    seen = [line for line in lines if _has_ink(line["box"], pixels)]
    text = "".join(line["text"] for line in seen)
    written = sum(len(line["text"]) for line in lines)
    broken = sum(unicodedata.category(c) in ("Co", "Cn", "Cc") or c == "\ufffd" for c in text)
    # Turned text falls apart into lines of one character; the engine reads it better.
    whole = len(text) >= FEWEST_CHARACTERS and len(text) >= 2 * len(seen)
    return seen if whole and broken * 20 <= len(text) and 2 * len(text) >= written else None


def _has_ink(box: list[float], pixels: Pixels) -> bool:
    x0, y0, x1, y1 = (round(edge) for edge in box)
    patch = pixels[max(y0, 0) : y1 + 1, max(x0, 0) : x1 + 1]
    if not patch.size:
        return False
    # One colour after the other: most ink shows in the first.
    return any(int(colour.max()) - int(colour.min()) >= INK for colour in np.moveaxis(patch, 2, 0))


def _continues(line: list[float], box: list[float]) -> bool:
    size = max(box[3] - box[1], line[3] - line[1], 1.0)
    middle = (box[1] + box[3]) / 2
    return line[1] - 0.2 * size <= middle <= line[3] + 0.2 * size and -0.5 * size <= box[0] - line[2] <= 1.2 * size


def _box(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, index: int, width: int, height: int
) -> list[float] | None:
    """The character's loose box on the picture: full font height, so that a comma belongs to its line."""
    rect = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFText_GetLooseCharBox(text_page, index, rect):
        return None
    xs, ys = zip(
        _device(page, width, height, rect.left, rect.top), _device(page, width, height, rect.right, rect.bottom),
        strict=True,
    )  # fmt: skip
    box = [max(min(xs), 0.0), max(min(ys), 0.0), min(max(xs), float(width)), min(max(ys), float(height))]
    return box if box[2] > box[0] and box[3] > box[1] else None


def _device(page: pdfium.PdfPage, width: int, height: int, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
    return float(across.value), float(down.value)
