"""A page that remembers where each value was written."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from carloan.lib.fonts import Face, font

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
INK: Colour = (28, 28, 30)


@dataclass(frozen=True)
class Truth:
    """One field as it stands on the paper.

    `value` is what the API answers (dates ISO, money in minor units, rates in parts per million); `printed` is what the
    eye reads; `box` is (x0, y0, x1, y1) as fractions of the page.
    """

    value: str | int
    printed: str
    box: Box
    page: int = 1


@dataclass(frozen=True)
class PrintedLine:
    """One run of print, label or value, and where it stands (fractions of the page)."""

    text: str
    box: Box


@dataclass(frozen=True)
class Specimen:
    """A drawn paper and the truth on it. `radius` is the roundness of its corners in pixels, for cards."""

    kind: str
    layout: int
    image: Image.Image
    fields: dict[str, Truth]
    lines: tuple[PrintedLine, ...] = field(default=(), repr=False)
    radius: int = 0

    @property
    def text(self) -> str:
        """Everything printed on the page, a line each, in drawing order."""
        return "\n".join(line.text for line in self.lines)

    def jpeg(self, quality: int = 85) -> bytes:
        target = BytesIO()
        self.image.save(target, "JPEG", quality=quality, dpi=(300, 300))
        return target.getvalue()

    def png(self) -> bytes:
        target = BytesIO()
        self.image.save(target, "PNG", dpi=(300, 300))
        return target.getvalue()

    def moved(self, image: Image.Image, carry: Callable[[Box], Box] | None = None, *, radius: int = 0) -> "Specimen":
        """The same paper on another picture; `carry` says where a box of the old page lies on the new one."""
        if carry is None:
            return replace(self, image=image, radius=radius)
        fields = {name: replace(truth, box=carry(truth.box)) for name, truth in self.fields.items()}
        lines = tuple(PrintedLine(line.text, carry(line.box)) for line in self.lines)
        return replace(self, image=image, fields=fields, lines=lines, radius=radius)

    def placed(self, page: Image.Image, at: tuple[int, int]) -> "Specimen":
        """The same paper laid on a larger page at a point, unscaled."""
        width, height = self.image.size

        def carry(box: Box) -> Box:
            return (
                round((box[0] * width + at[0]) / page.width, 5),
                round((box[1] * height + at[1]) / page.height, 5),
                round((box[2] * width + at[0]) / page.width, 5),
                round((box[3] * height + at[1]) / page.height, 5),
            )

        return self.moved(page, carry)


class Sheet:
    """Draws labels and values on a paper; every value leaves its box behind."""

    def __init__(self, paper: Image.Image) -> None:
        self.image = paper
        self.draw = ImageDraw.Draw(paper)
        self.fields: dict[str, Truth] = {}
        self.lines: list[PrintedLine] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        *,
        fill: Colour = INK,
        face: Face = "sans",
        tracking: float = 0,
        bold: bool = False,
        note: bool = True,
    ) -> Box:
        """Write one line with its top left at (x, y); the answer is the ink's box in pixels."""
        letters = font(size, face)
        stroke = max(1, size // 24) if bold else 0
        baseline = y + _rise(size, face)
        if not tracking:
            self.draw.text((x, baseline), text, font=letters, fill=fill, stroke_width=stroke, anchor="ls")
            box = self.draw.textbbox((x, baseline), text, font=letters, stroke_width=stroke, anchor="ls")
            if note and text.strip():
                self.printed(text, box)
            return box
        boxes: list[Box] = []
        for letter in text:
            self.draw.text((x, baseline), letter, font=letters, fill=fill, stroke_width=stroke, anchor="ls")
            boxes.append(self.draw.textbbox((x, baseline), letter, font=letters, stroke_width=stroke, anchor="ls"))
            x += letters.getlength(letter) + tracking
        if note:
            self.printed(text, _union(boxes))
        return _union(boxes)

    def centred(
        self, x: float, y: float, text: str, size: int, *, fill: Colour = INK, tracking: float = 0, bold: bool = False
    ) -> Box:
        return self.text(
            x - self.width(text, size, tracking=tracking) / 2, y, text, size, fill=fill, tracking=tracking, bold=bold
        )

    def column(
        self, x: float, y: float, text: str, size: int, *, fill: Colour = INK, step: float | None = None
    ) -> None:
        """Write a label downwards, one character below the other."""
        boxes = [
            self.text(x, y + number * (step or size * 1.25), letter, size, fill=fill, note=False)
            for number, letter in enumerate(text)
        ]
        self.printed(text, _union(boxes))

    def value(
        self,
        name: str,
        x: float,
        y: float,
        printed: str,
        size: int,
        *,
        value: str | int | None = None,
        width: float | None = None,
        leading: float = 1.35,
        fill: Colour = INK,
        face: Face = "sans",
        tracking: float = 0,
        bold: bool = False,
    ) -> Box:
        """Write a field's value, wrapped at `width` pixels, and note its truth. An empty value leaves none."""
        if not printed:
            return (x, y, x, y)
        boxes = [
            self.text(x, y + number * size * leading, line, size, fill=fill, face=face, tracking=tracking, bold=bold)
            for number, line in enumerate(self._wrap(printed, size, width, face, tracking))
        ]
        box = _union(boxes)
        self.fields[name] = Truth(printed if value is None else value, printed, self._fractions(box))
        return box

    def spread(self, name: str, parts: list[Box], printed: str, value: str | int) -> None:
        """Note the truth of a value that was written in several pieces between preprinted words."""
        self.fields[name] = Truth(value, printed, self._fractions(_union(parts)))

    def width(self, text: str, size: int, *, face: Face = "sans", tracking: float = 0) -> float:
        return font(size, face).getlength(text) + tracking * max(0, len(text) - 1)

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, fill: Colour, width: int = 2) -> None:
        self.draw.line((x0, y0, x1, y1), fill=fill, width=width)

    def dotted(self, x0: float, y: float, x1: float, *, fill: Colour, step: int = 6) -> None:
        for x in range(int(x0), int(x1), step):
            self.draw.line((x, y, x + step // 2, y), fill=fill, width=1)

    def finish(self, kind: str, layout: int) -> Specimen:
        return Specimen(kind, layout, self.image, self.fields, tuple(self.lines))

    def printed(self, text: str, box: Box) -> None:
        """Note print that was drawn in pieces or as a picture."""
        self.lines.append(PrintedLine(text, self._fractions(box)))

    def _wrap(self, text: str, size: int, width: float | None, face: Face, tracking: float) -> list[str]:
        if width is None:
            return [text]
        lines = [""]
        for letter in text:
            if lines[-1] and self.width(lines[-1] + letter, size, face=face, tracking=tracking) > width:
                lines.append("")
            lines[-1] += letter
        return lines

    def _fractions(self, box: Box, pad: float = 3) -> Box:
        width, height = self.image.size
        x0, y0, x1, y1 = box
        return (
            round(max(0, x0 - pad) / width, 5),
            round(max(0, y0 - pad) / height, 5),
            round(min(width, x1 + pad) / width, 5),
            round(min(height, y1 + pad) / height, 5),
        )


def face_for(text: str) -> Face:
    """Numbers and dates are printed in fixed width, as office printers do."""
    return "mono" if text.isascii() else "sans"


@lru_cache(maxsize=256)
def _rise(size: int, face: Face) -> float:
    """How far the baseline lies below the top of a full-height character."""
    return -font(size, face).getbbox("国", anchor="ls")[1]


def _union(boxes: list[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
