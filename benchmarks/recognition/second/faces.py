"""Typefaces of the new world, and small things its papers share."""

import base64
import io
from functools import lru_cache
from random import Random
from typing import Final

import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from benchmarks.recognition import typefaces
from carloan.demonstration.specimens import decoration

# An office sets figures in a western face and letters in a Chinese one: two families, as CSS reads them.
SONG: Final = 'Liberation Serif", "BabelStone Han'
HEI: Final = 'Liberation Sans", "Droid Sans Fallback'
PLAIN_SONG: Final = "BabelStone Han"
KAI: Final = "AR PL UKai CN"
PEN: Final = "TW-Kai"
LIGHT: Final = "WenQuanYi Micro Hei"
PALE: Final = "#ffffff"


def figure(minor: int) -> str:
    """12,345.60"""
    return f"{minor // 100:,}.{minor % 100:02}"


def bare(minor: int) -> str:
    """12345.60"""
    return f"{minor // 100}.{minor % 100:02}"


def rate(ppm: int, places: int = 2) -> str:
    """A yearly rate in percent without its sign, no needless zeros beyond `places`."""
    whole, rest = divmod(ppm, 10_000)
    return f"{whole}.{f'{rest:04}'.rstrip('0').ljust(places, '0')}"


def table(rows: "tuple[tuple[str, ...], ...]", *, css: str = "grid") -> str:
    """A ruled table, a tuple of cells a row; the last cell of a short row goes on to the edge."""
    wide = max(len(row) for row in rows)
    body = ""
    for row in rows:
        rest = wide - len(row) + 1
        body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in row[:-1])
        body += f'<td colspan="{rest}">{row[-1]}</td></tr>'
    return f'<table class="{css}">{body}</table>'


def tick(chosen: str, every: "tuple[str, ...]") -> str:
    """Boxes of a form, one of them ticked."""
    return "　".join(f"{'√' if one == chosen else '□'}{one}" for one in every)


def some(random: Random, clauses: "tuple[str, ...]", count: int) -> list[str]:
    return [clauses[place] for place in sorted(random.sample(range(len(clauses)), count))]


def picture(image: Image.Image, css: str, *, grey: bool = False) -> str:
    if grey:
        image = image.convert("LA")
    target = io.BytesIO()
    image.save(target, "PNG")
    return f'<img style="{css}" src="data:image/png;base64,{base64.b64encode(target.getvalue()).decode()}">'


def portrait(
    *, female: bool, shade: int, css: str, background: tuple[int, int, int] = (244, 246, 248), grey: bool = False
) -> str:
    return picture(decoration.portrait(260, 330, female=female, shade=shade, background=background), css, grey=grey)


def other_script(text: str, face: str, *, size: float, ink: str = "#1c1c20") -> str:
    """Words of a second language as a picture: a reader of Chinese is not asked to read them."""
    image, height = _set(text, face, size, ink)
    return picture(image, f"height:{height:.2f}mm;vertical-align:middle")


@lru_cache(maxsize=256)
def _set(text: str, face: str, size: float, ink: str) -> tuple[Image.Image, float]:
    typefaces.prepare()
    import weasyprint  # noqa: PLC0415 - fontconfig is read at its import

    page = (
        "<style>@page{size:160mm 14mm;margin:2mm}"
        f"body{{margin:0;font:{size}pt '{face}';white-space:nowrap}}</style><body>{text}</body>"
    )
    with pdfium.PdfDocument(weasyprint.HTML(string=page).write_pdf()) as document:
        grey = np.asarray(document[0].render(scale=400 / 72).to_pil().convert("L"))
    rows, columns = np.nonzero(grey < 200)
    dark = 255 - grey[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    colour = tuple(int(ink[place : place + 2], 16) for place in (1, 3, 5))
    image = Image.new("RGBA", (dark.shape[1], dark.shape[0]), colour)
    image.putalpha(Image.fromarray(dark))
    return image, dark.shape[0] / 400 * 25.4
