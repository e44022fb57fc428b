"""ID cards of this split: new, of a long name, glued on a form of the file, and a dark copy with a seal below it."""

from datetime import timedelta
from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, box, emblem, face, worn, years_on
from benchmarks.recognition.press import Draft, Form, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.places import PLACES
from benchmarks.recognition.unseen.style import CARD, FAINT, FANG, HEI, HEI_ALONE, PEN, SLIM, SONG_ALONE

_CARD = "85.6mm 54mm"
_GROUNDS = (
    "linear-gradient(120deg,#e6eef3,#f3ece6 48%,#e1eef0)",
    "linear-gradient(80deg,#dfeaf0,#efe6dc 60%,#e6efe9)",
    "linear-gradient(130deg,#e9e9e0,#dde7ea 55%,#efe4dc)",
)
_CSS = (
    CARDS + " .k{color:#2f6fae;font-size:7.2pt;letter-spacing:.2mm} .card{width:85.6mm;height:54mm;border-radius:3mm}"
)


def _k(label: str) -> str:
    return f'<span class="k">{label}</span>'


def _front(form: Form, case: Case, *, x: float = 5.4, y: float = 5.6, size: float = 9, figures: str = CARD, grey: bool = False) -> str:  # fmt: skip
    """The personal side; an address takes up to three lines, a long name a smaller type."""
    one = case.borrower
    day, left = world.born(one.number), x + 11.4
    form.put("birth", f"{day.year}年{day.month}月{day.day}日", day.isoformat())
    gap = "&ensp;"
    return (
        at(x, y + 0.8, _k("姓 名")) + at(left, y, form.put("name", one.name), size=size + (0.8 if len(one.name) < 5 else -0.8))
        + at(x, y + 7.6, _k("性 别")) + at(left, y + 7.2, form.put("sex", one.sex), size=size) + at(left + 9, y + 7.6, _k("民 族"))
        + at(left + 20, y + 7.2, form.put("ethnicity", cast.nation(form.random, one.name)), size=size)
        + at(x, y + 14.4, _k("出 生")) + at(left, y + 14, f"{day.year}{gap}{_k('年')}{gap}{day.month}{gap}{_k('月')}{gap}{day.day}{gap}{_k('日')}", size=size)
        + at(x, y + 21, _k("住 址")) + box(left, y + 20.6, 38, form.put("address", one.address), size=size - 0.6)
        + at(x, y + 39.2, _k("公民身份号码")) + at(x + 23, y + 38.3, form.put("number", one.number), size=10.4, css=f"letter-spacing:0;font-family:'{figures}'")
        + face(one.number, female=one.sex == "女", css=f"left:{x + 53}mm;top:{y + 3}mm;width:21.5mm;height:27mm", grey=grey)
    )  # fmt: skip


def front(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft("id_card_front", _front(form, case), form, css=_CSS, font=HEI_ALONE, size=_CARD, margin="0 2mm 4.2mm 0",
                 background=random.choice(_GROUNDS), mark="bottom-right", faults=case.faults)  # fmt: skip


def _of_far(case: Case) -> Case:
    """The same deal of somebody from where names are not like the Han's; one person for both sides of a card."""
    random = Random(case.contract_no)
    place = random.choice([place for place in PLACES if place.nations])
    return world.borrowed_by(case, cast.person(random, place, AS_OF))


def front_far(case: Case, random: Random) -> Draft:
    """Printed a little lower and in lighter ink."""
    case = _of_far(case)
    form = Form(random, PEN)
    return Draft("id_card_front", _front(form, case, x=6.2, y=6.4, size=8.6, figures="Tinos"), form, css=_CSS + " .k{color:#6a86a4}", font=SLIM,
                 size=_CARD, margin="0 2mm 4.2mm 0", background=_GROUNDS[1], faults=case.faults)  # fmt: skip


def _glued(inner: str, form: Form, what: str, *, whose: str) -> str:
    """A form of the lender's file with a frame where the copy is glued, and a table of who looked at the original."""
    random = form.random
    frame = (
        f'<div class="a" style="left:18mm;top:26mm;width:92mm;height:60mm;border:.25mm dashed #888"></div>'
        f'<div class="card" style="left:21mm;top:29mm;background:#efefef;border:.2mm solid #b5b5b5;transform:rotate({random.uniform(-1.2, 1.2):.2f}deg)">{inner}</div>'
    )
    rows = "".join(
        f'<div class="a" style="left:118mm;top:{28 + 13 * n}mm;width:62mm;height:13mm;border:.2mm solid #777;margin-top:-.2mm"></div>'
        + at(120, 31 + 13 * n, label, size=9.4) + at(144, 30 + 13 * n, value, size=10)
        for n, (label, value) in enumerate(
            (("核对结果", "☑ 一致　□ 不一致"), ("核对人", form.written(cast.name(random))), ("核对日期", form.written(dated(AS_OF - timedelta(days=random.randrange(2, 400)), "."))), ("客户姓名", whose))
        )
    )  # fmt: skip
    return at(18, 12, f"身份证件影印件留存表（{what}）", size=13) + frame + rows


def front_glued(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    inner = _front(form, case, size=8.6, grey=True)
    body = _glued(inner, form, "人像面", whose=case.borrower.name)
    return Draft("id_card_front", body, form, css=_CSS + " .k{color:#5e5e5e}", font=HEI, size="196mm 104mm", margin="0 2mm 6mm 0", background="#fcfcfa", mark="bottom-right", faults=case.faults)  # fmt: skip


def front_sheet(case: Case, random: Random) -> Draft:
    """A dark copy on a small sheet, a line of its purpose and a firm's seal below it."""
    form = Form(random, PEN)
    inner = _front(form, case, x=5.2, y=6, figures="Arimo", grey=True) + worn(random, 7)
    body = (
        f'<div class="card" style="left:31mm;top:9mm;background:#e2e2e0;border:.3mm solid #6f6f6f;transform:rotate({random.uniform(-2, 2):.2f}deg)">{inner}</div>'
        + at(31, 71, "本复印件只供办理机动车抵押登记", size=11) + at(31, 79, f"本人签名：{form.written(case.borrower.name)}", size=11)
        + f'<div class="place" style="position:absolute;left:96mm;top:64mm">{seal(case.dealer.name, "业务章", x=0, y=0, across=34, tilt=random.uniform(-20, 20))}</div>'
    )  # fmt: skip
    return Draft("id_card_front", body, form, css=_CSS + " .k{color:#575757} .a{color:#222}", font=FANG, size="148mm 104mm", margin="0 2mm 7mm 0", background="#f4f4f2", mark="bottom-right", faults=case.faults)  # fmt: skip


def _back(form: Form, case: Case, *, x: float = 21, y: float = 37, title: str = SONG_ALONE, grey: bool = False) -> str:
    random = form.random
    grown = years_on(world.born(case.borrower.number), 16)
    start = max(grown, AS_OF - timedelta(days=random.randrange(30, 3640)))
    age = (start - world.born(case.borrower.number)).days // 365
    years = 10 if age < 26 else 20 if age < 46 else 0
    end = years_on(start, years) if years else None
    term = f"{form.day('valid_from', start, '.')}-{form.day('valid_to', end, '.')}"
    return (
        emblem("position:absolute;left:5.6mm;top:5mm;width:16mm", grey=grey)
        + at(26, 5.4, "中华人民共和国", size=15.4, css=f"letter-spacing:1.2mm;font-family:'{title}'")
        + at(25, 15, "居 民 身 份 证", size=20, css=f"letter-spacing:.6mm;font-family:'{title}'")
        + at(x, y + 0.3, "签发机关", size=7.6) + at(x + 15, y, form.put("authority", cast.home(case).police), size=8.8)
        + at(x, y + 6.8, "有效期限", size=7.6) + at(x + 15, y + 6.5, term, size=8.8)
    )  # fmt: skip


def back(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft("id_card_back", _back(form, case), form, css=_CSS, font=HEI_ALONE, size=_CARD, margin="0 2mm 4.2mm 0", background=random.choice(_GROUNDS), mark="bottom-right")  # fmt: skip


def back_far(case: Case, random: Random) -> Draft:
    case = _of_far(case)
    form = Form(random, PEN)
    return Draft("id_card_back", _back(form, case, x=19, y=36.4, title=FAINT), form, css=_CSS, font=SLIM, size=_CARD, margin="0 2mm 4.2mm 0", background=_GROUNDS[1])  # fmt: skip


def back_glued(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    inner = _back(form, case, grey=True)
    return Draft("id_card_back", _glued(inner, form, "国徽面", whose=case.borrower.name), form, css=_CSS, font=HEI, size="196mm 104mm", margin="0 2mm 6mm 0", background="#fcfcfa", mark="bottom-right")  # fmt: skip


def back_sheet(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    inner = _back(form, case, x=22, y=36, grey=True) + worn(random, 9)
    body = (
        f'<div class="card" style="left:31mm;top:9mm;background:#e2e2e0;border:.3mm solid #6f6f6f;transform:rotate({random.uniform(-2, 2):.2f}deg)">{inner}</div>'
        + at(31, 71, "与原件核对无误，再复印无效。", size=11) + at(31, 79, f"经办人：{form.written(cast.name(random))}", size=11)
    )  # fmt: skip
    return Draft("id_card_back", body, form, css=_CSS + " .a{color:#222}", font=FANG, size="148mm 104mm", margin="0 2mm 7mm 0", background="#f4f4f2", mark="bottom-right")  # fmt: skip


FRONTS = (front, front_far, front_glued, front_sheet)
BACKS = (back, back_far, back_glued, back_sheet)
