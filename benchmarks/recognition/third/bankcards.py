"""Bank cards of this split: a debit card of today, a credit card with raised figures, one that stands upright, both sides copied."""

from calendar import monthrange
from datetime import date
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, worn
from benchmarks.recognition.press import MARK, Draft, Form
from benchmarks.recognition.third.cast import BANKS
from benchmarks.recognition.third.style import GOTHIC, MONO, PEN, SLANT, STOUT, THIN

_SIZE = "85.6mm 54mm"
_CSS = CARDS + " .card{width:85.6mm;height:54mm;border-radius:3mm}"
_GROUNDS = ("linear-gradient(135deg,#16345c,#3b6ea8)", "linear-gradient(135deg,#5a1030,#a83a52)", "linear-gradient(120deg,#0f4a3c,#2f8a6c)",
            "linear-gradient(140deg,#26262b,#4d4d58)")  # fmt: skip


def _number(form: Form, number: str, groups: tuple[int, ...] = (4, 4, 4, 4, 3)) -> str:
    shown, place = [], 0
    for size in groups:
        shown.append(number[place : place + size])
        place += size
    return form.put("number", " ".join(part for part in shown if part), number)


def _month(form: Form) -> str:
    month, year = form.random.randrange(1, 13), form.random.randrange(2027, 2036)
    return form.put(
        "valid_to", f"{month:02}/{year % 100:02}", date(year, month, monthrange(year, month)[1]).isoformat()
    )


def _chip(x: float, y: float, ink: str = "#d9c07c") -> str:
    return f'<div class="a" style="left:{x}mm;top:{y}mm;width:12mm;height:9mm;border-radius:1.4mm;background:linear-gradient(100deg,{ink},#f3e6bb 55%,{ink});border:.15mm solid #8f7c42"></div>'


def _union(x: float, y: float) -> str:
    bands = "linear-gradient(100deg,#d7282f 34%,#00508e 34%,#00508e 66%,#007b84 66%)"
    return f'<div class="a" style="left:{x}mm;top:{y}mm;width:14.4mm;height:9mm;border-radius:1.1mm;background:{bands}"></div>' + at(
        x + 1.6, y + 0.8, "UnionPay", size=6, css="color:#fff"
    ) + at(x + 3.2, y + 4, "银联", size=8.4, css="color:#fff")  # fmt: skip


def debit(case: Case, random: Random) -> Draft:
    """Everything printed flat: bank and kind of card on top, the number across the middle."""
    form = Form(random, PEN)
    body = (
        at(7, 5, form.put("bank_name", random.choice(BANKS)), size=13.5) + at(57, 5.6, "储蓄卡　Ⅰ类户", size=7.6) + at(57, 9.4, "DEBIT", size=5.4)
        + _chip(8, 16) + at(22, 18, "闪付 QuickPass", size=6.4) + at(7, 29, _number(form, case.account), size=14, css=f"font-family:'{MONO}';letter-spacing:-.1mm")
        + at(7, 37, "有效期 GOOD THRU", size=4.8) + at(25, 36, _month(form), size=9) + at(7, 43, MARK, size=6.6) + _union(66, 40)
    )  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .a{color:#f4f2ec}", font=GOTHIC, size=_SIZE, margin="0 0 4.4mm", background=random.choice(_GROUNDS))  # fmt: skip


def credit(case: Case, random: Random) -> Draft:
    """Raised figures and the holder in capitals; since when and until when."""
    form = Form(random, PEN)
    raised = f"font-family:'{MONO}';color:#fbf3d8"
    holder = random.choice(("ZHAO YONGSHENG", "XIE JIAYI", "HAN PENGFEI", "GONG SUFEN", "TENG YI"))
    since = f"{random.randrange(1, 13):02}/{random.randrange(20, 26)}"
    body = (
        at(6, 4.6, form.put("bank_name", random.choice(BANKS)), size=12) + at(62, 5, "车主信用卡", size=8) + at(62, 9, "金卡 GOLD", size=5.6) + _chip(7, 14)
        + at(6, 26.4, _number(form, case.account), size=14.6, css=raised)
        + at(7, 34, "MONTH/YEAR", size=3.8) + at(20, 33.4, since, size=8.6, css=raised) + at(36, 33.6, "至 VALID THRU", size=4.4) + at(50, 33.4, _month(form), size=8.6, css=raised)
        + at(6, 41, holder, size=9.6, css=raised) + at(6, 46.6, MARK, size=6) + _union(67, 38.4) + worn(random, random.choice((0, 6)))
    )  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .a{color:#f7edd0}", font=THIN, size=_SIZE, margin="0 0 4.4mm", background="linear-gradient(125deg,#8a6a2a,#c9a85a 60%,#9c7b36)")  # fmt: skip


def upright(case: Case, random: Random) -> Draft:
    """Stands upright, name of the bank in a slanted face, the number small at the foot in one row, no date."""
    form = Form(random, PEN)
    body = (
        at(5, 7, form.put("bank_name", random.choice(BANKS)), size=15, css=f"font-family:'{SLANT}'") + at(5, 14.6, "社会保障·乡村振兴联名卡", size=6.6) + _chip(36, 22, "#c9c9cf")
        + at(5, 60, _number(form, case.account, (6, 13)), size=11.4, css=f"font-family:'{MONO}'") + at(5, 66.6, "客户服务热线 955XX", size=5.4) + _union(34, 70) + at(5, 72, MARK, size=6)
    )  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .a{color:#243040}", font=THIN, size="54mm 85.6mm", margin="0 0 4.4mm",
                 background="linear-gradient(20deg,#cfe3ee,#f4f7f2 55%,#dfe8d6)")  # fmt: skip


def both_sides(case: Case, random: Random) -> Draft:
    """Front and back copied one below the other; on the back the strip, a signature and small print."""
    form, one = Form(random, PEN), case.borrower
    front = (
        at(6, 5, form.put("bank_name", random.choice(BANKS)), size=12.4) + at(60, 6, "借记卡", size=8) + _chip(8, 16, "#b9b9b9")
        + at(6, 29, _number(form, case.account), size=13.6, css=f"font-family:'{MONO}'") + at(24, 37.6, "有效期至", size=5.6) + at(34, 36.8, _month(form), size=9) + _union(66, 40)
    )  # fmt: skip
    back = (
        '<div class="a" style="left:0;top:5mm;width:85.6mm;height:10mm;background:#3c3c3c"></div><div class="a" style="left:5mm;top:19mm;width:52mm;height:8mm;background:#fff"></div>'
        + at(8, 20.4, form.written(case.co_borrower.name if one.is_company else one.name), size=11) + at(60, 21, f"{random.randrange(1000):03}", size=9)
        + '<div class="a" style="left:5mm;top:31mm;width:74mm;white-space:normal;font-size:5.6pt;line-height:1.4">本卡仅限本人使用，持卡人须遵守本行借记卡章程。拾获者请交当地任一营业网点。挂失及咨询请拨打 955XX，境外请拨 86-755-8888XXXX。</div>'
    )  # fmt: skip
    body = (
        f'<div class="card" style="left:22mm;top:14mm;background:#d4d4d4;border:.2mm solid #888">{front}</div>'
        f'<div class="card" style="left:22mm;top:76mm;background:#dcdcdc;border:.2mm solid #888">{back}</div>'
        f'<div class="a" style="left:22mm;top:136mm;font-size:10.5pt">扣款账户，户名与借款人一致。</div>'
    )  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .card .a{color:#333}", font=STOUT, size="130mm 160mm", margin="0 0 7mm", background="#fafaf8")  # fmt: skip


LAYOUTS = (debit, credit, upright, both_sides)
