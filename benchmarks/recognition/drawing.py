"""Small things that papers of several splits share: figures and words, tables, places on a card, pictures."""

import base64
import io
from datetime import date
from random import Random
from typing import Final

from PIL import Image

from carloan.demonstration.specimens import decoration
from carloan.lib import money

WHITE: Final = "#ffffff"
_ONES: Final = "零一二三四五六七八九"


def figure(minor: int) -> str:
    """12,345.60"""
    return f"{minor // 100:,}.{minor % 100:02}"


def bare(minor: int) -> str:
    """12345.60"""
    return f"{minor // 100}.{minor % 100:02}"


def percent(ppm: int, places: int = 2) -> str:
    """A yearly rate in percent without its sign; no needless zeros beyond `places`."""
    whole, rest = divmod(ppm, 10_000)
    return f"{whole}.{f'{rest:04}'.rstrip('0').ljust(places, '0')}"


def words(minor: int) -> str:
    return money.to_capitals(minor) if minor else "零元整"


def billed(minor: int) -> str:
    """A sum in words as the tax office's printers write it."""
    return money.to_capitals(minor).replace("元", "圆")


def ordinal(number: int) -> str:
    """The number of an article, below a hundred: 七, 十二, 二十一."""
    ten, one = divmod(number, 10)
    return ("" if ten < 2 else _ONES[ten]) + ("十" if ten else "") + (_ONES[one] if one or not ten else "")


def months_on(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))


def years_on(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def grid(*rows: tuple[str, ...], css: str = "grid") -> str:
    """A ruled table, a tuple of cells a row; the last cell of a short row goes on to the edge."""
    wide = max(len(row) for row in rows)
    body = ""
    for row in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in row[:-1])
        body += f'<tr>{cells}<td colspan="{wide - len(row) + 1}">{row[-1]}</td></tr>'
    return f'<table class="{css}">{body}</table>'


def ticked(chosen: str, every: tuple[str, ...], marks: str = "☑□") -> str:
    """The boxes of a form, one of them ticked."""
    return "　".join(f"{marks[0] if one == chosen else marks[1]}{one}" for one in every)


def some(random: Random, clauses: tuple[str, ...], count: int) -> list[str]:
    """So many of the clauses, in their order."""
    return [clauses[place] for place in sorted(random.sample(range(len(clauses)), min(count, len(clauses))))]


def picture(image: Image.Image, css: str, *, grey: bool = False) -> str:
    target = io.BytesIO()
    (image.convert("LA") if grey else image).save(target, "PNG")
    return f'<img style="{css}" src="data:image/png;base64,{base64.b64encode(target.getvalue()).decode()}">'


def face(number: str, *, female: bool, css: str, grey: bool = False) -> str:
    """A drawn portrait; the same one for the same number."""
    drawn = decoration.portrait(260, 330, female=female, shade=int(number[-3]) * 3, background=(238, 241, 244))
    return picture(drawn, f"position:absolute;{css}", grey=grey)


def emblem(css: str, *, grey: bool = False) -> str:
    return picture(decoration.emblem(220), css, grey=grey)


def at(x: float, y: float, inner: str, *, size: float = 8.4, css: str = "") -> str:
    """Something at a place of a card, in millimetres."""
    return f'<div class="a" style="left:{x}mm;top:{y}mm;font-size:{size}pt;{css}">{inner}</div>'


def box(x: float, y: float, width: float, inner: str, *, size: float = 8.4) -> str:
    """The same with lines that break at a width."""
    return at(x, y, inner, size=size, css=f"white-space:normal;width:{width}mm;line-height:1.25")


def worn(random: Random, count: int, *, width: float = 80, height: float = 50) -> str:
    """Pale scratches across a card."""
    return "".join(
        f'<div class="a" style="left:{random.uniform(0, width - 20):.1f}mm;top:{random.uniform(3, height):.1f}mm;'
        f"width:{random.uniform(8, 40):.1f}mm;height:{random.choice((0.1, 0.16, 0.22))}mm;background:#fff;"
        f'opacity:{random.uniform(0.3, 0.7):.2f};transform:rotate({random.uniform(-44, 44):.1f}deg)"></div>'
        for _ in range(count)
    )


CARDS: Final = (
    "body{font-size:8.4pt;line-height:1.2} .a{position:absolute;white-space:nowrap}"
    " .card{position:absolute;overflow:hidden}"
)
