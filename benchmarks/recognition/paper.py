"""What a judged paper is: its pages, every line printed on them, and the values a reader should find."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PIL import Image

Value = str | int
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Print:
    """One run of print and where it stands, as fractions of its flat page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """One flat page. `silent`: seals, portraits and codes, whose letters nobody is asked to read."""

    width: float
    height: float
    lines: tuple[Print, ...]
    silent: tuple[Box, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Paper:
    """One rendered paper. `fields`: the values as the API names and writes them; `printed`: as they stand there.

    `pdf` is the born-digital file (absent for papers that only exist as cards and prints); `faults` are the codes of
    what was made wrong on purpose. `draw(page, dpi)` is the flat page as a picture, pages counted from 0.
    """

    kind: str
    pages: tuple[Page, ...]
    fields: Mapping[str, Value]
    printed: Mapping[str, str]
    draw: Callable[[int, int], Image.Image] = field(repr=False)
    pdf: bytes | None = field(default=None, repr=False)
    faults: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)
