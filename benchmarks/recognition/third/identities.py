"""ID cards of this split: laid flat, of a long name, worn, and copied with the bank clerk's stamp."""

from datetime import timedelta
from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, box, emblem, face, worn, years_on
from benchmarks.recognition.press import Draft, Form, square_seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.places import PLACES
from benchmarks.recognition.third.style import BOOK, GOTHIC, PEN, STOUT, SUNG, THIN

_CARD = "85.6mm 54mm"
_SKY = "linear-gradient(115deg,#e3ecf4,#f6efe8 55%,#e2edf3)"
_CSS = CARDS + " .k{color:#3a6ea5;font-size:7pt} .card{width:85.6mm;height:54mm;border-radius:2.6mm}"


def _k(label: str) -> str:
    return f'<span class="k">{label}</span>'


def _front(form: Form, case: Case, *, x: float = 5, y: float = 6, figures: str = GOTHIC, grey: bool = False) -> str:
    one = case.borrower
    day, at_value = world.born(one.number), x + 11
    form.put("birth", f"{day.year}年{day.month}月{day.day}日", day.isoformat())
    long = len(one.name) > 6
    return (
        at(x, y + 0.5, _k("姓　名")) + at(at_value, y - 0.2, form.put("name", one.name), size=8.6 if long else 10)
        + at(x, y + 7.2, _k("性　别")) + at(at_value, y + 7, form.put("sex", one.sex)) + at(at_value + 9.5, y + 7.2, _k("民　族"))
        + at(at_value + 19.5, y + 7, form.put("ethnicity", cast.nation(form.random, one.name)))
        + at(x, y + 13.6, _k("出　生")) + at(at_value, y + 13.4, f"{day.year}<span class='k'>&ensp;年&ensp;</span>{day.month}<span class='k'>&ensp;月&ensp;</span>{day.day}<span class='k'>&ensp;日</span>")
        + at(x, y + 20.2, _k("住　址")) + box(at_value, y + 19.8, 37, form.put("address", one.address), size=8)
        + at(x, y + 38.6, _k("公民身份号码")) + at(x + 21.5, y + 37.6, form.put("number", one.number), size=11.6, css=f"letter-spacing:.5mm;font-family:'{figures}'")
        + face(one.number, female=one.sex == "女", css=f"left:{x + 54}mm;top:{y + 2}mm;width:20mm;height:26mm", grey=grey)
    )  # fmt: skip


def front(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft("id_card_front", _front(form, case), form, css=_CSS, font=THIN, size=_CARD, margin="0 0 4.4mm", background=_SKY, faults=case.faults)  # fmt: skip


def front_far(case: Case, random: Random) -> Draft:
    """Somebody from where names are long, in the second printing of the card: values lower and closer."""
    place = random.choice([place for place in PLACES if place.nations in ("哈萨克", "蒙古", "藏", "傣")])
    case = world.borrowed_by(case, cast.person(random, place, AS_OF))
    form = Form(random, PEN)
    return Draft("id_card_front", _front(form, case, x=6, y=6.6, figures=SUNG), form, css=_CSS + " .k{color:#55708c;font-size:6.6pt}", font=GOTHIC, size=_CARD,
                 margin="0 0 4.4mm", background="linear-gradient(95deg,#dfe9ef,#f1ebe0 50%,#dde9ea)", faults=case.faults)  # fmt: skip


def front_worn(case: Case, random: Random) -> Draft:
    """Carried for twenty years: faded print, scratched."""
    form = Form(random, PEN)
    body = _front(form, case, x=5.4, y=6.8) + worn(random, 14)
    return Draft("id_card_front", body, form, css=_CSS + " .a{color:#43464c}", font=BOOK, size=_CARD, margin="0 0 4.4mm",
                 background="linear-gradient(100deg,#d9dfdc,#e8e0d2 60%,#d5dcd8)", faults=case.faults)  # fmt: skip


def _sheet(inner: str, form: Form, word: str) -> str:
    """The upper half of a copied sheet, with the clerk's stamp and signature beside the card."""
    tilt = form.random.uniform(-1.6, 1.6)
    return (
        f'<div class="card" style="left:24mm;top:16mm;background:#ececec;border:.25mm solid #8e8e8e;transform:rotate({tilt:.2f}deg)">{inner}</div>'
        f'<div class="a" style="left:116mm;top:30mm;width:60mm;white-space:normal;font-size:10pt;color:#333">{word}</div>'
        f"{square_seal('与原件核对一致', x=122, y=48, across=24, columns=4)}"
        f'<div class="a" style="left:24mm;top:82mm;font-size:10.5pt">经办人：{form.written(cast.name(form.random))}　　{AS_OF.year - 1}.{form.random.randrange(1, 13)}.{form.random.randrange(1, 28)}</div>'
    )


def front_copied(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = _sheet(_front(form, case, grey=True), form, "此复印件仅用于办理购车分期，不得移作他用。")
    return Draft("id_card_front", body, form, css=_CSS + " .k{color:#6a6a6a}", font=STOUT, size="190mm 110mm", margin="0 0 6mm",
                 background="#fbfbfa", faults=case.faults)  # fmt: skip


def _back(form: Form, case: Case, *, x: float = 20, y: float = 36.4, grey: bool = False, song: str = BOOK) -> str:
    random = form.random
    start = AS_OF - timedelta(days=random.randrange(40, 6900))
    years = random.choice((10, 10, 20, 20, 20, 0))
    end = years_on(start, years) if years else None
    term = f"{form.day('valid_from', start, '.')}-{form.day('valid_to', end, '.')}"
    return (
        emblem("position:absolute;left:6mm;top:5.6mm;width:15.4mm", grey=grey)
        + at(27, 6, "中华人民共和国", size=15, css=f"letter-spacing:1.5mm;font-family:'{song}'")
        + at(26, 16, "居民身份证", size=21, css=f"letter-spacing:2.6mm;font-family:'{song}'")
        + at(x, y + 0.3, "签发机关", size=7.6) + at(x + 14.6, y, form.put("authority", cast.home(case).police), size=8.8)
        + at(x, y + 6.6, "有效期限", size=7.6) + at(x + 14.6, y + 6.3, term, size=8.8)
    )  # fmt: skip


def back(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft("id_card_back", _back(form, case), form, css=_CSS, font=THIN, size=_CARD, margin="0 0 4.4mm", background=_SKY)  # fmt: skip


def back_far(case: Case, random: Random) -> Draft:
    place = random.choice([place for place in PLACES if place.nations])
    case = world.borrowed_by(case, cast.person(random, place, AS_OF))
    form = Form(random, PEN)
    return Draft("id_card_back", _back(form, case, x=22, y=37, song=SUNG), form, css=_CSS, font=GOTHIC, size=_CARD, margin="0 0 4.4mm",
                 background="linear-gradient(95deg,#dfe9ef,#f1ebe0 50%,#dde9ea)")  # fmt: skip


def back_worn(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = _back(form, case, x=19, y=36) + worn(random, 16)
    return Draft("id_card_back", body, form, css=_CSS + " .a{color:#4a4440}", font=BOOK, size=_CARD, margin="0 0 4.4mm",
                 background="linear-gradient(100deg,#d9dfdc,#e8e0d2 60%,#d5dcd8)")  # fmt: skip


def back_copied(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = _sheet(_back(form, case, grey=True, song=STOUT), form, "仅供车辆抵押登记使用")
    return Draft("id_card_back", body, form, css=_CSS, font=STOUT, size="190mm 110mm", margin="0 0 6mm", background="#fbfbfa")  # fmt: skip


FRONTS = (front, front_far, front_worn, front_copied)
BACKS = (back, back_far, back_worn, back_copied)
