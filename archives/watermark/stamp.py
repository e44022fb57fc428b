"""The mark that anybody can read: who looked at what when, across the whole picture and into its pixels.

On light ground it darkens, so that dark ink under it stays as dark as it was; on dark ground it lightens.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from carloan.archives.watermark import weave
from carloan.lib.fonts import font

Pixels = npt.NDArray[np.uint8]

ANGLE: Final = 24
# Letters are readable where a page is shown as wide as a column of text.
_LETTER, _SMALLEST = 1 / 54, 13
_DARKER, _LIGHTER = 30, 52
_DARK_GROUND: Final = 112
_PATCH: Final = 24
_STRIP: Final = 64
QUALITY: Final = 80


@dataclass(frozen=True, slots=True)
class Ground:
    """A picture (BGR) that waits for a mark, and which patches of it are dark; None where none is.

    Its white is taken down a little: what is added to white would not be seen.
    """

    pixels: Pixels
    dark: Pixels | None

    @property
    def size(self) -> int:
        """In memory, in bytes."""
        return self.pixels.nbytes


def ground_of(pixels: Pixels) -> Ground:
    """A picture (BGR) as it can be marked again and again."""
    height, width = pixels.shape[:2]
    patches = (max(1, width // _PATCH), max(1, height // _PATCH))
    lightness = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), patches, interpolation=cv2.INTER_AREA)
    dark = np.asarray((np.asarray(lightness) < _DARK_GROUND) * np.uint8(255), np.uint8)
    return Ground(np.minimum(pixels, np.uint8(255 - weave.PEAK)), dark if dark.any() else None)


def marked(ground: Ground, lines: tuple[str, str], code: str) -> Pixels:
    """The picture with `lines` over it and `code` hidden in it."""
    height, width = ground.pixels.shape[:2]
    ink = _across(_tile(lines, max(_SMALLEST, round(width * _LETTER))), width)
    lighter, darker = (_across(part, width) for part in weave.pattern(code))
    darkening, lightening = (cv2.convertScaleAbs(ink, alpha=levels / 255) for levels in (_DARKER, _LIGHTER))
    dark = None if ground.dark is None else cv2.resize(ground.dark, (width, height))
    made = np.empty_like(ground.pixels)
    # Strip by strip: what is worked on stays near the processor, which is three times as fast.
    for top in range(0, height, _STRIP):
        rows = np.arange(top, min(top + _STRIP, height))
        less, more = darker[rows % weave.TILE], lighter[rows % weave.TILE]
        words, bright = darkening[rows % len(ink)], None
        if dark is not None:
            there = dark[rows]
            bright = cv2.multiply(lightening[rows % len(ink)], there, scale=1 / 255)
            words = cv2.multiply(words, cv2.bitwise_not(there), scale=1 / 255)
        less = cv2.add(less, words)
        more = more if bright is None else cv2.add(more, bright)
        strip = cv2.add(ground.pixels[top : top + _STRIP], cv2.merge([more] * 3))
        made[top : top + _STRIP] = cv2.subtract(strip, cv2.merge([less] * 3))
    return made


def _across(part: Pixels, width: int) -> Pixels:
    return np.ascontiguousarray(np.tile(part, (1, -(-width // part.shape[1])))[:, :width])


def jpeg(pixels: Pixels, *, quality: int = QUALITY) -> bytes:
    """Pixels (BGR) as they leave. WebP is a third smaller and takes ten times as long, at each look anew."""
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _tile(lines: tuple[str, str], letter: int) -> Pixels:
    """How much of the mark lies where, repeating itself; every second row is shifted by half."""
    face = font(letter)
    width = max(int(face.getlength(line)) for line in lines)
    strip = Image.new("L", (width + letter, int(letter * 2.9)))
    draw = ImageDraw.Draw(strip)
    for place, line in enumerate(lines):
        draw.text((letter // 2, int(letter * (0.2 + 1.35 * place))), line, font=face, fill=255)
    turned = np.asarray(strip.rotate(ANGLE, Image.Resampling.BILINEAR, expand=True))
    rows, columns = turned.shape
    row = np.zeros((rows + letter * 2, columns + letter * 3), np.uint8)
    row[:rows, :columns] = turned
    return np.vstack([row, np.roll(row, row.shape[1] // 2, 1)])
