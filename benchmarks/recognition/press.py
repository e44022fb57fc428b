"""From a draft (HTML and the values in it) to a paper: a PDF, its pages as pictures, and every line's place."""

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from random import Random
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from benchmarks.recognition import typefaces
from benchmarks.recognition.paper import Box, Page, Paper, Print, Value
from carloan.demonstration.specimens import decoration
from carloan.lib import money

MARK: Final = "样本 SPECIMEN"
_COMMON: Final = """
* { box-sizing: border-box }
body { margin: 0; font-size: 10.5pt; line-height: 1.6; color: #1c1c20 }
p { margin: 0 0 .35em; text-align: justify }
table { border-collapse: collapse; width: 100% }
td, th { vertical-align: middle; padding: 1.2mm 1.6mm; font-weight: normal; text-align: left }
h1 { text-align: center; margin: 0 0 4mm; font-size: 20pt }
.grid td, .grid th { border: .3mm solid currentColor }
.right { text-align: right } .middle { text-align: center }
.line { display: inline-block; border-bottom: .25mm solid #444; padding: 0 1mm; line-height: 1.25 }
.seal { position: absolute; opacity: .72 }
.place { position: relative }
.leaf { break-after: page } .leaf:last-child { break-after: auto }
.hand span { display: inline-block }
"""


@dataclass
class Form:
    """Collects the values of one paper while its HTML is written: whatever is printed through it is truth."""

    random: Random
    hand: str = "AR PL KaitiM GB"
    fields: dict[str, Value] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, printed: str, value: Value | None = None, *, hand: bool = False) -> str:
        """The value in print (or filled in by hand), as HTML. Its truth is kept under `name`."""
        self.fields[name] = printed if value is None else value
        self.printed[name] = printed
        return self.written(printed) if hand else html.escape(printed)

    def day(self, name: str, day: date | None, style: str = "年", *, hand: bool = False) -> str:
        """A date in one of the ways papers print one; None is 长期."""
        text = "长期" if day is None else dated(day, style)
        value = "long_term" if day is None else day.isoformat()
        self.fields[name], self.printed[name] = value, text
        if not hand or day is None:
            return html.escape(text)
        return "".join(self.written(part) if part.isdigit() else html.escape(part) for part in parts(text))

    def amount(self, name: str, minor: int, *, sign: str = "¥", commas: bool = True, hand: bool = False) -> str:
        text = f"{minor // 100:,}.{minor % 100:02}" if commas else money.plain(minor)
        return self.put(name, f"{sign}{text}", minor, hand=hand)

    def written(self, text: str) -> str:
        """As a pen would leave it: every character a little turned, raised and scaled."""
        ink = self.random.choice(("#1d2a6b", "#20242e", "#24418f"))
        letters = []
        for letter in text:
            turn, rise = self.random.uniform(-5, 5), self.random.uniform(-0.5, 0.5)
            size = self.random.uniform(1.05, 1.25)
            letters.append(
                f'<span style="transform:rotate({turn:.1f}deg) translateY({rise:.2f}mm);font-size:{size:.2f}em">'
                f"{html.escape(letter)}</span>"
            )
        return f'<span class="hand" style="font-family:\'{self.hand}\';color:{ink}">{"".join(letters)}</span>'


@dataclass(frozen=True)
class Draft:
    """A paper before it is printed. `size` as CSS `@page` wants it; `mark` is where the SPECIMEN mark stands."""

    kind: str
    body: str
    form: Form
    css: str = ""
    font: str = "WenQuanYi Zen Hei"
    size: str = "A4"
    margin: str = "20mm 22mm 18mm"
    mark: str = "bottom-center"
    background: str = "#fdfdfc"
    faults: tuple[str, ...] = ()


def dated(day: date, style: str) -> str:
    return {
        "年": f"{day.year}年{day.month}月{day.day}日",
        "年0": f"{day:%Y年%m月%d日}",
        "年 ": f"{day.year} 年 {day.month:02} 月 {day.day:02} 日",
        "-": day.isoformat(),
        ".": f"{day:%Y.%m.%d}",
        "/": f"{day:%Y/%m/%d}",
    }[style]


def parts(text: str) -> list[str]:
    """Runs of digits and what stands between them."""
    found: list[str] = []
    for letter in text:
        if found and found[-1].isdigit() == letter.isdigit():
            found[-1] += letter
        else:
            found.append(letter)
    return found


def seal(
    text: str,
    bottom: str,
    *,
    x: float,
    y: float,
    across: float = 40,
    oval: float = 1.0,
    tilt: float = 0,
    star: bool = True,
) -> str:
    """A red round seal laid over the print; x, y and `across` in millimetres from the nearest `.place`."""
    picture = decoration.round_seal(text, bottom, diameter=420, oval=oval, star=star)
    return _image(picture, x=x, y=y, across=across, tilt=tilt)


def square_seal(text: str, *, x: float, y: float, across: float = 30, columns: int = 5) -> str:
    return _image(decoration.square_seal(text, size=(300, 300), columns=columns), x=x, y=y, across=across)


def code(text: str, *, x: float, y: float, across: float = 22) -> str:
    """A square that looks like a QR code."""
    return _image(decoration.block_code(220, text, (30, 30, 34)), x=x, y=y, across=across, opacity=1)


def _image(picture: Image.Image, *, x: float, y: float, across: float, tilt: float = 0, opacity: float = 0.72) -> str:
    if tilt:
        picture = picture.rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    target = io.BytesIO()
    picture.save(target, "PNG")
    data = base64.b64encode(target.getvalue()).decode()
    return (
        f'<img class="seal" style="left:{x}mm;top:{y}mm;width:{across}mm;opacity:{opacity}" '
        f'src="data:image/png;base64,{data}">'
    )


def press(draft: Draft) -> Paper:
    """Print the draft. The SPECIMEN mark stands on every page, whatever the draft says."""
    typefaces.prepare()
    import weasyprint  # noqa: PLC0415 - fontconfig is read at its import

    place = draft.mark
    css = (
        f"@page {{ size: {draft.size}; margin: {draft.margin}; background: {draft.background}; "
        f'@{place} {{ content: "{MARK}"; color: #c23b3b; font: bold 11pt "WenQuanYi Zen Hei"; white-space: nowrap }} }}'
        f'html {{ font-family: "{draft.font}", "WenQuanYi Zen Hei", sans-serif }}'
    )
    page = f'<html lang="zh-CN"><head><style>{css}{_COMMON}{draft.css}</style></head><body>{draft.body}</body></html>'
    pdf = weasyprint.HTML(string=page).write_pdf(pdf_identifier=b"specimen")
    return Paper(
        draft.kind, lay_out(pdf), dict(draft.form.fields), dict(draft.form.printed), Pictures(pdf), pdf, draft.faults
    )


@dataclass(frozen=True)
class Pictures:
    """Pages of a PDF as pictures; can be sent to another process."""

    pdf: bytes

    def __call__(self, page: int, dpi: int) -> Image.Image:
        return _drawn(self.pdf, page, dpi)


@lru_cache(maxsize=4)
def _drawn(pdf: bytes, page: int, dpi: int) -> Image.Image:
    with pdfium.PdfDocument(pdf) as document:
        drawn: Image.Image = document[page].render(scale=dpi / 72).to_pil()
        return drawn.convert("RGB")


def lay_out(pdf: bytes) -> tuple[Page, ...]:
    """Where every run of print stands on every page."""
    with pdfium.PdfDocument(pdf) as document:
        return tuple(_page(document[number]) for number in range(len(document)))


def _page(page: pdfium.PdfPage) -> Page:
    width, height = page.get_size()
    pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4)
    silent = tuple(_share(_placed(item), width, height) for item in pictures)
    text = page.get_textpage()
    runs: list[tuple[str, list[float]]] = []
    for number in range(text.count_chars()):
        letter = chr(pdfium_c.FPDFText_GetUnicode(text, number))
        if letter.isspace() or letter == "\0":
            continue
        left, bottom, right, top = text.get_charbox(number, loose=True)
        last = runs[-1] if runs else None
        if last and _goes_on(last[1], (left, bottom, right, top)):
            box = last[1]
            runs[-1] = (
                last[0] + letter,
                [min(box[0], left), min(box[1], bottom), max(box[2], right), max(box[3], top)],
            )
        else:
            runs.append((letter, [left, bottom, right, top]))
    text.close()
    return Page(width, height, tuple(Print(run, _share(box, width, height)) for run, box in runs), silent)


def _placed(item: pdfium.PdfObject) -> tuple[float, float, float, float]:
    """The bounds of a picture on the page: inside a group they are told in the group's own frame."""
    left, bottom, right, top = item.get_bounds()
    within = item.container
    while within is not None:
        matrix = within.get_matrix()
        corners = [matrix.on_point(x, y) for x in (left, right) for y in (bottom, top)]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        bottom, top = min(y for _, y in corners), max(y for _, y in corners)
        within = within.container
    return left, bottom, right, top


def _goes_on(box: Sequence[float], letter: Sequence[float]) -> bool:
    size = max(letter[3] - letter[1], 1.0)
    middle = (letter[1] + letter[3]) / 2
    return box[1] <= middle <= box[3] and -0.4 * size < letter[0] - box[2] < 0.8 * size


def _share(box: Sequence[float], width: float, height: float) -> Box:
    left, bottom, right, top = box
    return left / width, 1 - top / height, right / width, 1 - bottom / height
