"""What becomes of a picture on its way out of the house."""

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Leak = Callable[[Pixels], Pixels]


def opened(data: bytes) -> Pixels:
    """A picture file as RGB."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def encoded(pixels: Pixels, form: str = "PNG", **how: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, form, **how)
    return buffer.getvalue()


def jpeg(quality: int) -> Leak:
    return lambda pixels: opened(encoded(pixels, "JPEG", quality=quality))


def scaled(share: float) -> Leak:
    def leak(pixels: Pixels) -> Pixels:
        size = (round(pixels.shape[1] * share), round(pixels.shape[0] * share))
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))

    return leak


def cropped(share: float) -> Leak:
    def leak(pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        top, left = int(height * (1 - share) / 2) + 7, int(width * (1 - share) / 2) + 3
        return np.ascontiguousarray(pixels[top : top + int(height * share), left : left + int(width * share)])

    return leak


def turned(degrees: float) -> Leak:
    def leak(pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=(90, 90, 90)), np.uint8)

    return leak


def in_a_window(pixels: Pixels) -> Pixels:
    """A screenshot: the picture in the frame of a program, with something beside it."""
    height, width = pixels.shape[:2]
    screen = np.full((height + 140, width + 260, 3), 238, np.uint8)
    screen[:64] = (52, 58, 70)
    for row in range(90, height, 34):
        screen[row : row + 9, 20:190] = 96
    screen[90 : 90 + height, 230 : 230 + width] = pixels
    return screen


def after(*leaks: Leak) -> Leak:
    def leak(pixels: Pixels) -> Pixels:
        for each in leaks:
            pixels = each(pixels)
        return pixels

    return leak


LEAKS: dict[str, Leak] = {
    "as it left": lambda pixels: pixels,
    "JPEG q90": jpeg(90),
    "JPEG q70": jpeg(70),
    "JPEG q50": jpeg(50),
    "JPEG q30": jpeg(30),
    "scaled to 75 %": scaled(0.75),
    "scaled to 50 %": scaled(0.5),
    "scaled to 40 %": scaled(0.4),
    "JPEG q50, 50 %, screenshot": after(jpeg(50), scaled(0.5), in_a_window, jpeg(80)),
    "50 %, JPEG q30": after(scaled(0.5), jpeg(30)),
    "cropped to 60 %": cropped(0.6),
    "cropped to 60 %, 50 %, JPEG q50": after(cropped(0.6), scaled(0.5), jpeg(50)),
    "turned by 1.2 degrees": turned(1.2),
    "turned by 2 degrees, 60 %, JPEG q60": after(turned(-2), scaled(0.6), jpeg(60)),
    "lying on its side": lambda pixels: np.ascontiguousarray(np.rot90(pixels)),
}
