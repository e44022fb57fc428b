"""A page of an OFD as a picture for people, and its characters with their places on it.

Text, lines, filled shapes and pictures are drawn; patterns, gradients and clips are not. A picture that is missing or
of an unknown format leaves a crossed frame.
"""

import io
import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from carloan.archives.recognition.ofd import Document, Leaf, Package, Rectangle, numbers
from carloan.lib.nursery import Unreadable

DPI: Final = 200
LONGEST_SIDE: Final = 2600
MOST_OBJECTS: Final = 60_000
MOST_CHARACTERS: Final = 50_000
MOST_POINTS: Final = 20_000
LARGEST_IMAGE: Final = 40_000_000
DEEPEST_UNIT: Final = 4
_FACES: Final = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)

Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[int, int, int, int]
Place = tuple[float, float]
# A character and its box in pixels; None for a space.
Character = tuple[str, list[float] | None]

BLACK: Final[Colour] = (0, 0, 0, 255)
MISSING: Final = (170, 170, 170, 255)


class Drawing:
    """One page being drawn. `characters` are those that leave ink; `pictured` the largest share of one picture."""

    def __init__(self, document: Document, number: int, *, inside: bool = False) -> None:
        self.document = document
        leaf = document.page(number)
        left, top, width, height = leaf.box
        self.scale = min(DPI / 25.4, LONGEST_SIDE / max(width, height))
        size = max(round(width * self.scale), 1), max(round(height * self.scale), 1)
        self.image = Image.new("RGBA", size, (255, 255, 255, 0 if inside else 255))
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.characters: list[Character] = []
        self.pictured = 0.0
        self._left = MOST_OBJECTS
        self._page: Matrix = (self.scale, 0.0, 0.0, self.scale, -left * self.scale, -top * self.scale)
        self._draw(leaf)
        if not inside:
            for box, name in document.stamps_on(number):
                self._stamp(box, name)

    def _draw(self, leaf: Leaf) -> None:
        for tree, _folder in leaf.parts:
            for layer in (*tree.iter("Layer"), *tree.iter("Appearance")):
                moved = self._page
                if box := numbers(layer.get("Boundary", ""), 4):
                    moved = _after((1, 0, 0, 1, box[0], box[1]), moved)
                self._objects(layer, moved, layer.get("DrawParam", ""), 0)

    def _objects(self, parent: Element, base: Matrix, param: str, depth: int) -> None:
        for item in parent:
            self._left -= 1
            if self._left < 0:
                raise Unreadable("too_heavy")
            if item.get("Visible", "true").lower() == "false" or depth > DEEPEST_UNIT:
                continue
            if item.tag == "PageBlock":
                self._objects(item, base, param, depth + 1)
                continue
            box = numbers(item.get("Boundary", ""), 4)
            if not box:
                continue
            matrix = _after((1, 0, 0, 1, box[0], box[1]), base)
            if own := numbers(item.get("CTM", ""), 6):
                matrix = _after((own[0], own[1], own[2], own[3], own[4], own[5]), matrix)
            style = item.get("DrawParam", param)
            if item.tag == "TextObject":
                self._text(item, matrix, style)
            elif item.tag == "PathObject":
                self._path(item, matrix, style)
            elif item.tag == "ImageObject":
                self._image(item, matrix)
            elif item.tag == "CompositeObject":
                unit = self.document.resources.units.get(item.get("ResourceID", ""))
                for content in () if unit is None else unit.iter("Content"):
                    self._objects(content, matrix, style, depth + 1)

    def _text(self, item: Element, matrix: Matrix, style: str) -> None:
        size = (numbers(item.get("Size", ""), 1) or [0.0])[0]
        colour = self._colour(item, "FillColor", style, BLACK) if item.get("Fill", "true") != "false" else None
        stretch = (numbers(item.get("HScale", "1"), 1) or [1.0])[0]
        across, down = math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3])
        pixels = size * down
        if not 1.0 <= pixels <= LONGEST_SIDE or colour is None:
            return
        font = _font(round(pixels))
        angle = -math.degrees(math.atan2(matrix[1], matrix[0]))
        for code in item.iter("TextCode"):
            for sign, x, y in _placed(code, size):
                if len(self.characters) >= MOST_CHARACTERS:
                    raise Unreadable("too_heavy")
                if sign.isspace():
                    self.characters.append((sign, None))
                    continue
                px, py = _at(matrix, x, y)
                wide = font.getlength(sign) * stretch * across / max(down, 1e-6)
                if abs(angle) < 1:
                    self.pen.text((px, py), sign, font=font, fill=colour, anchor="ls")
                    box = [px, py - 0.86 * pixels, px + wide, py + 0.14 * pixels]
                else:
                    box = self._turned(sign, font, colour, (px, py), angle)
                self._keep(sign, box)

    def _keep(self, sign: str, box: list[float]) -> None:
        width, height = self.image.size
        box = [max(box[0], 0.0), max(box[1], 0.0), min(box[2], float(width)), min(box[3], float(height))]
        if box[2] > box[0] and box[3] > box[1]:
            self.characters.append((sign, box))

    def _turned(
        self, sign: str, font: ImageFont.FreeTypeFont, colour: Colour, foot: Place, angle: float
    ) -> list[float]:
        side = max(round(font.size * 2.4), 4)
        tile = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text((side / 2, side / 2), sign, font=font, fill=colour, anchor="ls")
        tile = tile.rotate(angle, resample=Image.Resampling.BILINEAR)
        left, top = round(foot[0] - side / 2), round(foot[1] - side / 2)
        self.image.alpha_composite(*_clipped(tile, left, top, self.image.size))
        ink = tile.getbbox() or (0, 0, 0, 0)
        return [float(left + ink[0]), float(top + ink[1]), float(left + ink[2]), float(top + ink[3])]

    def _path(self, item: Element, matrix: Matrix, style: str) -> None:
        lines = [[_at(matrix, x, y) for x, y in line] for line in _outlines(item.findtext("AbbreviatedData") or "")]
        if item.get("Fill", "false").lower() == "true" and (fill := self._colour(item, "FillColor", style, None)):
            for line in lines:
                if len(line) > 2:
                    self.pen.polygon(line, fill=fill)
        if item.get("Stroke", "true").lower() != "false" and (ink := self._colour(item, "StrokeColor", style, BLACK)):
            width = numbers(item.get("LineWidth", ""), 1) or self._param(style, "LineWidth") or [0.353]
            thick = max(round(width[0] * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))), 1)
            for line in lines:
                if len(line) > 1:
                    self.pen.line(line, fill=ink, width=min(thick, 200))

    def _image(self, item: Element, matrix: Matrix) -> None:
        corners = [_at(matrix, x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
        name = self.document.resources.images.get(item.get("ResourceID", ""), "")
        self._paste(_opened(self.document.package.read(name) if name else None), (left, top, right, bottom))

    def _paste(self, picture: Image.Image | None, box: Rectangle) -> None:
        width, height = self.image.size
        left, top = max(round(box[0]), -width), max(round(box[1]), -height)
        right, bottom = min(round(box[2]), 2 * width), min(round(box[3]), 2 * height)
        if right <= left or bottom <= top:
            return
        if picture is None:
            self.pen.rectangle((left, top, right, bottom), outline=MISSING)
            self.pen.line((left, top, right, bottom), fill=MISSING)
            self.pen.line((left, bottom, right, top), fill=MISSING)
            return
        shown = max(min(right, width) - max(left, 0), 0) * max(min(bottom, height) - max(top, 0), 0)
        self.pictured = max(self.pictured, shown / (width * height))
        picture = picture.resize((right - left, bottom - top))
        self.image.alpha_composite(*_clipped(picture, left, top, self.image.size))

    def _stamp(self, box: Rectangle, name: str) -> None:
        """The picture inside an electronic seal: a raster one, or a small OFD of its own."""
        content = self.document.package.read(name) or b""
        left, top = _at(self._page, box[0], box[1])
        right, bottom = _at(self._page, box[0] + box[2], box[1] + box[3])
        for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM"):
            picture = _opened(content[at:]) if (at := content.find(magic)) >= 0 else None
            if picture is not None:
                self._paste(picture, (left, top, right, bottom))
                return
        if (at := content.find(b"PK\x03\x04")) >= 0:
            try:
                inner = Drawing(Document(Package(content[at:])), 1, inside=True)
            except Unreadable:
                return
            self._paste(inner.image, (left, top, right, bottom))

    def _colour(self, item: Element, name: str, style: str, missing: Colour | None) -> Colour | None:
        element = item.find(name)
        if element is None and (param := self.document.resources.params.get(style)) is not None:
            element = param.find(name)
        if element is None:
            return missing
        alpha = numbers(element.get("Alpha", item.get("Alpha", "255")), 1) or [255.0]
        values = numbers(element.get("Value", "0 0 0"))
        if len(values) == 4:
            cyan, magenta, yellow, black = (value / 255 for value in values)
            values = [255 * (1 - tone) * (1 - black) for tone in (cyan, magenta, yellow)]
        elif len(values) == 1:
            values *= 3
        red, green, blue = (int(min(max(value, 0), 255)) for value in (values if len(values) == 3 else (0, 0, 0)))
        return red, green, blue, int(min(max(alpha[0], 0), 255))

    def _param(self, style: str, name: str) -> list[float]:
        param = self.document.resources.params.get(style)
        return [] if param is None else numbers(param.get(name, ""), 1)


def _placed(code: Element, size: float) -> Iterator[tuple[str, float, float]]:
    """Each character with the start of its baseline, in the object's units."""
    x, y = ((numbers(code.get(name, "0"), 1) or [0.0])[0] for name in ("X", "Y"))
    text = code.text or ""
    right, down = _steps(code.get("DeltaX", ""), len(text)), _steps(code.get("DeltaY", ""), len(text))
    for place, sign in enumerate(text):
        yield sign, x, y
        # The last step goes on to the end; without any, a character is as wide as such characters are.
        own = 0.0 if down else (size if ord(sign) > 0x2E7F else size / 2)
        x += right[min(place, len(right) - 1)] if right else own
        y += down[min(place, len(down) - 1)] if down else 0.0


def _steps(text: str, most: int) -> list[float]:
    """Distances, where `g 3 2.5` stands for three times 2.5."""
    parts = text.split()
    steps: list[float] = []
    place = 0
    try:
        while place < len(parts) and len(steps) < most:
            if parts[place] == "g":
                steps += [float(parts[place + 2])] * min(int(parts[place + 1]), most)
                place += 3
            else:
                steps.append(float(parts[place]))
                place += 1
    except (ValueError, IndexError):
        return steps
    return steps


def _outlines(data: str) -> Iterator[list[Place]]:
    """The lines of a path, curves as short straight pieces; an arc is its chord."""
    parts = data.split()[:MOST_POINTS]
    line: list[Place] = []
    place = 0
    sizes = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    while place < len(parts):
        letter = parts[place]
        count = sizes.get(letter)
        values = [] if count is None else numbers(" ".join(parts[place + 1 : place + 1 + count]))
        if count is None or len(values) != count:
            break
        place += 1 + count
        if letter in "MS":
            if line:
                yield line
            line = [(values[0], values[1])]
        elif not line:
            continue
        elif letter == "C":
            line.append(line[0])
        elif letter in "QB":
            line += _curve([line[-1], *zip(values[::2], values[1::2], strict=True)])
        else:
            line.append((values[-2], values[-1]))
    if line:
        yield line


def _curve(points: list[Place]) -> list[Place]:
    made = []
    for step in range(1, 9):
        share, level = step / 8, points
        while len(level) > 1:
            level = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairwise(level)]
        made.append(level[0])
    return made


def _opened(content: bytes | None) -> Image.Image | None:
    try:
        if not content:
            return None
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > LARGEST_IMAGE:
                return None
            return picture.convert("RGBA")
    except Exception:  # noqa: BLE001 - whatever a decoder says of a broken picture, the page goes on without it
        return None


def _clipped(picture: Image.Image, left: int, top: int, size: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
    """The part of a picture that lies on the page, and where."""
    right, bottom = min(left + picture.width, size[0]), min(top + picture.height, size[1])
    from_left, from_top = max(-left, 0), max(-top, 0)
    box = (from_left, from_top, max(right - left, from_left), max(bottom - top, from_top))
    return picture.crop(box), (max(left, 0), max(top, 0))


def _after(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _at(matrix: Matrix, x: float, y: float) -> Place:
    a, b, c, d, e, f = matrix
    return float(np.clip(a * x + c * y + e, -1e5, 1e5)), float(np.clip(b * x + d * y + f, -1e5, 1e5))


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    """A face with Chinese characters, as the set-up installs one; without it they are drawn as boxes."""
    for face in _FACES:
        if Path(face).is_file():
            return ImageFont.truetype(face, size)
    default = ImageFont.load_default(size)
    if not isinstance(default, ImageFont.FreeTypeFont):
        raise Unreadable("damaged")
    return default
