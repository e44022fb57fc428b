"""Bank cards of the new world: embossed, flat with everything on one side, upright, and the photo copy of both sides."""

from calendar import monthrange
from datetime import date
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import MARK, Draft, Form
from benchmarks.recognition.second.faces import HEI, LIGHT, PEN
from benchmarks.recognition.second.idcards import CARD, CSS, at, scratches

_BANKS = ("中岳商业银行", "顺澜农商银行", "江左银行", "北辰银行")
_COLOURS = ("linear-gradient(120deg,#1d4f7c,#2f7fb0)", "linear-gradient(120deg,#7d1f28,#b2473f)", "linear-gradient(120deg,#20302f,#3f5a55)",
            "linear-gradient(120deg,#b99b54,#d8c48c)")  # fmt: skip
_CHIP = '<div class="a" style="left:{}mm;top:{}mm;width:11.5mm;height:8.8mm;border-radius:1.3mm;background:linear-gradient(90deg,#d9bd77,#efdcae,#c7a75d)"></div>'


def _number(form: Form, number: str) -> str:
    return form.put("number", " ".join(number[n : n + 4] for n in range(0, len(number), 4)), number)


def _until(form: Form) -> str:
    month, year = form.random.randrange(1, 13), 2000 + form.random.randrange(27, 37)
    return form.put("valid_to", f"{month:02}/{year % 100}", date(year, month, monthrange(year, month)[1]).isoformat())


def _union(x: float, y: float) -> str:
    return (
        f'<div class="a" style="left:{x}mm;top:{y}mm;width:15mm;height:9.4mm;border-radius:1.2mm;background:linear-gradient(105deg,#c8303a 36%,#1d5fa0 36%,#1d5fa0 68%,#16806c 68%)"></div>'
        + at(x + 1.4, y + 0.6, "UnionPay", size=6.4, css="color:#fff;font-style:italic") + at(x + 3.4, y + 4.2, "银联", size=8.6, css="color:#fff")
    )  # fmt: skip


def embossed(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = (
        at(6, 4.6, form.put("bank_name", random.choice(_BANKS)), size=13) + at(64, 5.4, "借记卡", size=8) + at(64, 9, "DEBIT CARD", size=5)
        + _CHIP.format(9, 16.4)
        + at(6.4, 27.8, _number(form, case.account), size=14.6, css="font-family:'Liberation Mono';letter-spacing:-.25mm;text-shadow:.25mm .25mm 0 #0004,-.15mm -.15mm 0 #fff6")
        + at(24, 35.8, "VALID<br>THRU", size=4.4, css="line-height:1") + at(31, 35.4, _until(form), size=9.4, css="font-family:'Liberation Mono'")
        + at(50, 35.6, "0016", size=8) + _union(65, 39) + at(6, 45.4, MARK, size=7)
        + scratches(random, random.choice((0, 5)))
    )  # fmt: skip
    return Draft("bank_card", body, form, css=CSS + ".a{color:#f6f4ea}", font=HEI, size=CARD, margin="0 0 4.4mm",
                 background=random.choice(_COLOURS[:3]))  # fmt: skip


def flat(case: Case, random: Random) -> Draft:
    """A newer card: name and logo right, the number small at the foot, no date."""
    form = Form(random, PEN)
    body = (
        at(44, 5, form.put("bank_name", random.choice(_BANKS)), size=14) + at(56, 11.4, "乡村振兴主题卡", size=7.4) + _CHIP.format(7, 18)
        + at(20.4, 20, ")))", size=9) + at(6, 38, _number(form, case.account), size=11.4, css="letter-spacing:.1mm") + at(6, 43.6, "CVN 见背面　客服热线 955XX", size=5.4)
        + _union(66, 38.4)
    )  # fmt: skip
    return Draft("bank_card", body, form, css=CSS + ".a{color:#2d2a22}", font=LIGHT, size=CARD, margin="0 0 4.4mm",
                 background="linear-gradient(60deg,#e9e3d2,#f5f1e4 60%,#d7e2cf)")  # fmt: skip


def upright(case: Case, random: Random) -> Draft:
    """Stands upright; the number runs in two rows."""
    form, number = Form(random, PEN), case.account
    groups = [number[n : n + 4] for n in range(0, len(number), 4)]
    rows = " ".join(groups[:2]), " ".join(groups[2:])
    form.put("number", "".join(rows), number)
    body = (
        at(5, 6, form.put("bank_name", random.choice(_BANKS)), size=13) + _CHIP.format(7, 20)
        + at(5, 40, rows[0], size=14, css="font-family:'Liberation Mono'") + at(5, 46.6, rows[1], size=14, css="font-family:'Liberation Mono'")
        + at(5, 57, "有效期至", size=6) + at(15, 56.2, _until(form), size=9) + _union(33, 66) + at(5, 70, MARK, size=7)
    )  # fmt: skip
    return Draft(
        "bank_card",
        body,
        form,
        css=CSS + ".a{color:#fff}",
        font=HEI,
        size="54mm 85.6mm",
        margin="0 0 6mm",
        background=random.choice(_COLOURS[:3]),
    )


def copied(case: Case, random: Random) -> Draft:
    """Front on half a sheet with the owner's line that the account is for the instalments."""
    form, one = Form(random, PEN), case.borrower
    inner = (
        at(6, 5, form.put("bank_name", random.choice(_BANKS)), size=12.5) + at(62, 6, "储蓄卡", size=7.6) + _CHIP.format(8, 17)
        + at(6, 29, _number(form, case.account), size=13.4, css="font-family:'Liberation Mono'") + at(26, 37.4, "有效期", size=5.6) + at(35, 36.4, _until(form), size=9)
        + _union(66, 40)
    )  # fmt: skip
    body = (
        f'<div class="card" style="left:30mm;top:12mm;background:#d8d8d8;border:.2mm solid #999">{inner}</div>'
        f'<div class="a" style="left:30mm;top:72mm;font-size:10.5pt">本人确认此卡用于偿还车贷月供。签名：{form.written(one.name)}</div>'
    )
    css = CSS + ".card .a{color:#3a3a3a}"
    return Draft("bank_card", body, form, css=css, font=HEI, size="148mm 105mm", margin="0 0 6mm", background="#fbfbfb")


LAYOUTS = (embossed, flat, upright, copied)
