"""A second engine (tesseract, where it is installed) for doubtful money and identifiers."""

import functools
import os
import shutil
from typing import Final

import numpy as np
import pytesseract
from PIL import Image

from carloan.archives.recognition.engine import Pixels
from carloan.archives.recognition.extract import Fields
from carloan.archives.recognition.sheet import Box

# The names whose single wrong character costs money or joins the wrong person.
CHECKED: Final = frozenset(
    {"number", "vin", "plate", "engine_no", "invoice_code", "invoice_number", "buyer_id", "seller_tax_id", "total",
     "tax", "price_without_tax", "principal", "contract_no", "borrower_id", "certificate_no"}
)  # fmt: skip
DOUBT: Final = 0.96
SECONDS: Final = 4


@functools.cache
def is_installed() -> bool:
    # One thread: the worker has its share of the machine already.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    return shutil.which("tesseract") is not None


def confirm(fields: Fields, page: int, pixels: Pixels) -> None:
    """Let the second engine read doubtful values again: agreement settles the doubt, disagreement deepens it."""
    if not is_installed():
        return
    for name, field in list(fields.items()):
        if name not in CHECKED or field.page != page or field.box is None or not 0.5 <= field.confidence < DOUBT:
            continue
        wanted = _signs(field.text or str(field.value))
        seen = _signs(_read(pixels, field.box))
        if wanted and wanted in seen:
            fields.proven(name)
        elif seen and len(seen) == len(wanted):
            fields.doubted(name, 0.7)


def _signs(text: str) -> str:
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def _read(pixels: Pixels, box: Box) -> str:
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = box
    rise = (y1 - y0) * 0.15
    crop = pixels[
        max(int((y0 - rise) * height), 0) : int((y1 + rise) * height) + 1,
        max(int(x0 * width) - 4, 0) : int(x1 * width) + 4,
    ]
    image = Image.fromarray(np.ascontiguousarray(crop)).convert("L")
    if image.height < 48:
        image = image.resize((image.width * 48 // max(image.height, 1), 48))
    try:
        return str(pytesseract.image_to_string(image, lang="eng", config="--psm 7", timeout=SECONDS))
    except (RuntimeError, pytesseract.TesseractError, OSError):
        # No opinion is not a contradiction: the value keeps its doubt.
        return ""
