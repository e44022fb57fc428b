"""ID cards of the new world: of one language and of two, worn, and copied on one sheet with a word of warning."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.second import cast, faces
from benchmarks.recognition.second.faces import HEI, LIGHT, PEN, other_script, picture, portrait
from benchmarks.recognition.second.places import NAMES, WORDS, Place
from carloan.demonstration.specimens import decoration

CARD = "85.6mm 54mm"
INK = "#2a5d8c"
CSS = (
    "body{font-size:8.6pt;line-height:1.25} .a{position:absolute;white-space:nowrap} .k{color:#2a5d8c;font-size:7.2pt}"
    " .card{position:absolute;width:85.6mm;height:54mm;border-radius:3mm;overflow:hidden}"
)
_TINT = "linear-gradient(100deg, #e6eef4, #f3ece4 45%, #e4eef0)"


def at(x: float, y: float, inner: str, *, size: float = 8.6, css: str = "") -> str:
    """Something at a place of the card, in millimetres."""
    return f'<div class="a" style="left:{x}mm;top:{y}mm;font-size:{size}pt;{css}">{inner}</div>'


def block(x: float, y: float, width: float, inner: str, *, size: float = 8.6) -> str:
    css = f"white-space:normal;width:{width}mm;line-height:1.3"
    return at(x, y, inner, size=size, css=css)


def born(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def scratches(random: Random, count: int) -> str:
    """Wear: fine pale lines across the card and rubbed corners."""
    return "".join(
        f'<div class="a" style="left:{random.uniform(0, 60):.1f}mm;top:{random.uniform(4, 50):.1f}mm;width:{random.uniform(9, 38):.1f}mm;'
        f"height:{random.choice((0.12, 0.18, 0.26))}mm;background:#fff;opacity:{random.uniform(0.35, 0.75):.2f};"
        f'transform:rotate({random.uniform(-38, 38):.1f}deg)"></div>'
        for _ in range(count)
    )


def _face(case: Case, x: float, y: float, *, grey: bool = False) -> str:
    one = case.borrower
    css = f"position:absolute;left:{x}mm;top:{y}mm;width:20.5mm;height:26mm"
    return portrait(
        female=one.sex == "女", shade=int(one.number[-2]) * 3, css=css, background=(233, 238, 241), grey=grey
    )


def _front(
    form: Form, case: Case, *, left: float = 5.6, top: float = 6.6, number_size: float = 11.4, grey: bool = False
) -> str:
    one = case.borrower
    day, value, step = born(one.number), left + 10.6, 6.5
    spaced = f"{day.year}<span style='margin-left:2mm' class='k'>年</span>　{day.month}<span class='k'>　月</span>　{day.day}<span class='k'>　日</span>"
    form.put("birth", f"{day.year}年{day.month}月{day.day}日", day.isoformat())
    return (
        at(left, top + 0.4, '<span class="k">姓　名</span>') + at(value, top - 0.3, form.put("name", one.name), size=9.8)
        + at(left, top + step + 0.3, '<span class="k">性　别</span>') + at(value, top + step, form.put("sex", one.sex))
        + at(value + 10, top + step + 0.3, '<span class="k">民　族</span>') + at(value + 20, top + step, form.put("ethnicity", cast.nation(form.random, one.name)))
        + at(left, top + 2 * step + 0.3, '<span class="k">出　生</span>') + at(value, top + 2 * step, spaced)
        + at(left, top + 3 * step + 0.3, '<span class="k">住　址</span>') + block(value, top + 3 * step, 38, form.put("address", one.address), size=8.2)
        + at(left, 44.2, '<span class="k">公民身份号码</span>', size=7.4) + at(left + 22.5, 43.2, form.put("number", one.number), size=number_size, css="letter-spacing:.45mm;font-family:'Liberation Sans'")
        + _face(case, 58.6, 9, grey=grey)
    )  # fmt: skip


def front(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft("id_card_front", _front(form, case), form, css=CSS, font=HEI, size=CARD, margin="0 0 4.4mm", background=_TINT, faults=case.faults)  # fmt: skip


def front_worn(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = _front(form, case, left=5, top=7.2, number_size=10.6) + scratches(random, 9)
    return Draft("id_card_front", body, form, css=CSS, font=LIGHT, size=CARD, margin="0 0 4.4mm",
                 background="linear-gradient(80deg, #dfe7e9, #e9e3da 60%, #d9e2e4)", faults=case.faults)  # fmt: skip


def front_two_tongues(case: Case, random: Random) -> Draft:
    """Autonomous regions: each label and the name in the second language too."""
    case, place = cast.two_tongued(case, AS_OF)
    form, one = Form(random, PEN), case.borrower
    font, words, _, _ = WORDS[place.tongue]
    day, left, step = born(one.number), 5.2, 6.9
    own = dict(NAMES[place.tongue][1]).get(one.name, "")
    labels = ("姓　名", "性　别", "", "出　生", "住　址")
    body = ""
    for row, (label, number) in enumerate(zip((labels[0], labels[1], labels[3], labels[4]), (0, 1, 3, 4), strict=True)):
        y = 5 + row * step
        body += at(left, y, other_script(words[number], font, size=5, ink=INK))
        body += at(left, y + 2.5, f'<span class="k">{label}</span>')
    value = left + 12.5
    form.put("birth", f"{day.year}年{day.month}月{day.day}日", day.isoformat())
    body += (
        (at(value, 4.4, other_script(own, font, size=7)) if own else "")
        + at(value, 7.3, form.put("name", one.name), size=9.2)
        + at(value, 5 + step + 2.3, form.put("sex", one.sex))
        + at(value + 9, 5 + step, other_script(words[2], font, size=5, ink=INK)) + at(value + 9, 5 + step + 2.5, '<span class="k">民　族</span>')
        + at(value + 20, 5 + step + 2.3, form.put("ethnicity", cast.nation(random, one.name)))
        + at(value, 5 + 2 * step + 2.3, f"{day.year} 年 {day.month} 月 {day.day} 日") + block(value, 5 + 3 * step + 2.1, 37, form.put("address", one.address), size=7.6)
        + at(left, 43.2, other_script(words[5], font, size=4.6, ink=INK)) + at(left, 46, '<span class="k">公民身份号码</span>')
        + at(left + 23, 45.2, form.put("number", one.number), size=10.6, css="letter-spacing:.4mm;font-family:'Liberation Sans'")
        + _face(case, 60, 8.4)
    )  # fmt: skip
    return Draft("id_card_front", body, form, css=CSS, font=HEI, size=CARD, margin="0 0 3.6mm",
                 background=_TINT, faults=case.faults)  # fmt: skip


_WARNING = "仅供办理车辆贷款业务使用，他用无效"


def _sheet(inner: str, random: Random) -> str:
    """A copy in the middle of half a sheet, with a line of warning written over its edge."""
    tilt = random.uniform(-1.2, 1.2)
    return (
        f'<div class="card" style="left:30mm;top:20mm;background:#f0f0ef;border:.2mm solid #b5b5b5;transform:rotate({tilt:.2f}deg)">{inner}</div>'
        f'<div class="a" style="left:34mm;top:84mm;font-size:10pt;color:#444;border:.3mm solid #666;padding:1mm 2mm">{_WARNING}</div>'
    )


def front_copy(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    css = CSS + ".k{color:#777}"
    return Draft("id_card_front", _sheet(_front(form, case, grey=True), random), form, css=css, font=faces.PLAIN_SONG, size="148mm 105mm",
                 margin="0 0 6mm", background="#fafafa", faults=case.faults)  # fmt: skip


def _emblem(x: float, y: float, across: float, *, grey: bool = False) -> str:
    return picture(decoration.emblem(220), f"position:absolute;left:{x}mm;top:{y}mm;width:{across}mm", grey=grey)


def _back(form: Form, place: Place, *, left: float = 21.5, top: float = 36.6) -> str:
    random = form.random
    start = AS_OF - timedelta(days=random.randrange(60, 6800))
    years = random.choice((5, 10, 20)) if random.random() < 0.8 else 0
    end = start.replace(year=start.year + years, day=min(start.day, 28)) if years else None
    return (
        at(left - 1, top, '<span class="k">签发机关</span>') + at(left + 14, top - 0.3, form.put("authority", place.police))
        + at(left - 1, top + 6.4, '<span class="k">有效期限</span>') + at(left + 14, top + 6.1, f"{form.day('valid_from', start, '.')}-{form.day('valid_to', end, '.')}")
    )  # fmt: skip


def _state(top: float = 6) -> str:
    return at(29, top, "中华人民共和国", size=14.5, css="letter-spacing:1.2mm;font-family:'BabelStone Han'") + at(
        28, top + 10, "居民身份证", size=20, css="letter-spacing:2.4mm;font-family:'BabelStone Han';font-weight:bold"
    )


def back(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = _emblem(6.5, 6, 16) + _state() + _back(form, cast.home(case))
    return Draft("id_card_back", body, form, css=CSS + ".k{color:#222}", font=HEI, size=CARD, margin="0 0 4.4mm", background=_TINT)  # fmt: skip


def back_worn(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = _emblem(6, 6.6, 15) + _state(7) + _back(form, cast.home(case), left=19, top=37.4) + scratches(random, 11)
    return Draft("id_card_back", body, form, css=CSS + ".k{color:#333;font-size:7.8pt}", font=LIGHT, size=CARD, margin="0 0 4.4mm",
                 background="linear-gradient(80deg, #dde6e8, #ece2dc 60%, #d8e2e4)")  # fmt: skip


def back_two_tongues(case: Case, random: Random) -> Draft:
    _, place = cast.two_tongued(case, AS_OF)
    form = Form(random, PEN)
    font, _, state, card = WORDS[place.tongue]
    body = (
        _emblem(6, 6, 15) + at(28, 4, other_script(state, font, size=7.5)) + at(29, 8, "中华人民共和国", size=12.5, css="letter-spacing:1.4mm")
        + at(30, 16, other_script(card, font, size=10)) + at(28, 21, "居民身份证", size=17.5, css="letter-spacing:2.4mm")
        + _back(form, place, top=36)
    )  # fmt: skip
    return Draft("id_card_back", body, form, css=CSS + ".k{color:#222}", font=HEI, size=CARD, margin="0 0 4.4mm", background=_TINT)  # fmt: skip


def back_copy(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    inner = _emblem(6.5, 6, 16, grey=True) + _state() + _back(form, cast.home(case))
    css = CSS + ".k{color:#333} .card"
    return Draft(
        "id_card_back",
        _sheet(inner, random),
        form,
        css=css,
        font=HEI,
        size="148mm 105mm",
        margin="0 0 6mm",
        background="#fafafa",
    )


FRONTS = (front, front_worn, front_two_tongues, front_copy)
BACKS = (back, back_worn, back_two_tongues, back_copy)
