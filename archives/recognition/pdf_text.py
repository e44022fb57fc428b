"""The text a born-digital PDF carries, as lines with boxes on the rendered page."""

import ctypes
import unicodedata
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

# A scan that somebody's OCR has been over carries text too, but not better than ours: a page that is mostly one
# picture is read from its pixels.
PICTURE_SHARE = 0.5
FEWEST_CHARACTERS = 12
MOST_CHARACTERS = 50_000
# Nothing printed on a paper is longer; a longer run is a trap for whoever searches in it.
LONGEST_LINE = 400


def read_lines(page: pdfium.PdfPage, width: int, height: int) -> list[dict[str, Any]] | None:
    """Lines `{"text", "box": [x0, y0, x1, y1] in pixels}`, or None when the page has to be read from its pixels."""
    if _picture_share(page) > PICTURE_SHARE:
        return None
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        if not FEWEST_CHARACTERS <= count <= MOST_CHARACTERS:
            return None
        lines = _gather(page, text_page, count, width, height)
    finally:
        text_page.close()
    text = "".join(line["text"] for line in lines)
    broken = sum(unicodedata.category(c) in ("Co", "Cn", "Cc") or c == "\ufffd" for c in text)
    # Turned text falls apart into lines of one character; the engine reads it better.
    whole = len(text) >= FEWEST_CHARACTERS and len(text) >= 2 * len(lines)
    return lines if whole and broken * 20 <= len(text) else None


def _picture_share(page: pdfium.PdfPage) -> float:
    width, height = page.get_size()
    covered = 0.0
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        covered = max(covered, abs(right - left) * abs(top - bottom))
    return float(covered / max(width * height, 1.0))


def _gather(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, count: int, width: int, height: int
) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    spaced = False
    for index in range(count):
        character = chr(pdfium_c.FPDFText_GetUnicode(text_page, index))
        box = None if character.isspace() else _box(page, text_page, index, width, height)
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
