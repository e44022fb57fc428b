"""Bank cards of this split: a plain debit card, a credit card with a rural design, one of raised figures, one on a form."""

from calendar import monthrange
from datetime import date
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, worn
from benchmarks.recognition.press import MARK, Draft, Form
from benchmarks.recognition.unseen.cast import BANKS
from benchmarks.recognition.unseen.style import CARD, HEI, KAI, PEN, SLIM, SONG

_SIZE = "85.6mm 54mm"
_CSS = CARDS + " .card{width:85.6mm;height:54mm;border-radius:3mm}"


def _number(form: Form, number: str, groups: tuple[int, ...]) -> str:
    shown, place = [], 0
    for size in groups:
        shown.append(number[place : place + size])
        place += size
    return form.put("number", " ".join(part for part in shown if part), number)


def _month(form: Form) -> str:
    month, year = form.random.randrange(1, 13), form.random.randrange(2027, 2037)
    return form.put(
        "valid_to", f"{month:02}/{year % 100:02}", date(year, month, monthrange(year, month)[1]).isoformat()
    )


def _chip(x: float, y: float) -> str:
    ground = "linear-gradient(90deg,#c9b06a,#efe2b4 50%,#c4a95e)"
    lines = "".join(
        f'<div style="position:absolute;left:0;right:0;top:{top}mm;border-top:.12mm solid #86733a"></div>'
        for top in (2.6, 5.4)
    )
    return f'<div class="a" style="left:{x}mm;top:{y}mm;width:11mm;height:8.4mm;border-radius:1.2mm;background:{ground}">{lines}</div>'


def _union(x: float, y: float, *, ink: str = "#fff") -> str:
    bands = "linear-gradient(100deg,#e21836 33%,#00447c 33%,#00447c 67%,#007b84 67%)"
    return f'<div class="a" style="left:{x}mm;top:{y}mm;width:14mm;height:8.8mm;border-radius:1mm;background:{bands}"></div>' + at(
        x + 1.4, y + 0.8, "UnionPay", size=6.2, css=f"color:{ink}"
    ) + at(x + 2.8, y + 3.8, "银联", size=8.6, css=f"color:{ink}")  # fmt: skip


def debit(case: Case, random: Random) -> Draft:
    """Printed flat; the number stands low in groups of four, the bank's name in two languages on top."""
    form, name = Form(random, PEN), random.choice(BANKS)
    body = (
        at(6, 5, form.put("bank_name", name), size=14, css=f"font-family:'{KAI}'") + at(6, 11.4, f"{''.join(random.choice('AEIKLNOSTUY') for _ in range(7))} BANK", size=6)
        + at(60, 6, "借记卡 DEBIT", size=7) + _chip(7, 18) + at(60, 20, "ATM 存款有息", size=5.6) + at(6, 32, _number(form, case.account, (4, 4, 4, 4, 3)), size=12.4, css=f"font-family:'{CARD}';word-spacing:-1mm")
        + at(6, 40.6, "有效期至 VALID THRU", size=4.8) + at(27, 39.6, _month(form), size=9) + at(6, 46, MARK, size=6.6) + _union(66.6, 41)
    )  # fmt: skip
    ground = random.choice(("linear-gradient(160deg,#a3161c,#d65a41)", "linear-gradient(160deg,#0d4f8a,#4fa0d6)", "linear-gradient(160deg,#1f6b45,#7ab884)"))  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .a{color:#fbf8f2}", font=HEI, size=_SIZE, margin="0 2mm 4.2mm 0", background=ground)  # fmt: skip


def pale_credit(case: Case, random: Random) -> Draft:
    """Pale ground, dark flat figures, the holder's name in capitals and a sixteen-sign group broken after the issuer."""
    form = Form(random, PEN)
    holder = random.choice(("WANG PEIYUAN", "LIU JIACHENG", "OUYANG WENLONG", "XU YATING", "QIN YUZHEN"))
    body = (
        at(59, 5, form.put("bank_name", random.choice(BANKS)), size=12) + at(6, 5, "ETC 车主卡", size=9) + at(6, 10, "PLATINUM", size=5) + _chip(8, 17)
        + at(6, 28.6, _number(form, case.account, (6, 4, 4, 5)), size=12.6, css=f"font-family:'{CARD}'") + at(6, 36, "VALID FROM", size=3.8) + at(17, 35.4, f"{random.randrange(1, 13):02}/{random.randrange(20, 26)}", size=8)
        + at(32, 36, "VALID THRU", size=3.8) + at(43, 35.4, _month(form), size=8) + at(6, 41.4, holder, size=8.6) + at(6, 47, MARK, size=6) + _union(66, 40)
    )  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .a{color:#2d3036}", font=SLIM, size=_SIZE, margin="0 2mm 4.2mm 0", mark="bottom-right", background="linear-gradient(30deg,#d8d3c7,#f2efe6 60%,#cfc9ba)")  # fmt: skip


def raised(case: Case, random: Random) -> Draft:
    """Silvered figures on a dark, scratched card; no year in letters."""
    form = Form(random, PEN)
    ink = f"font-family:'{CARD}';color:#e6e6ea"
    body = (
        at(6, 4.4, form.put("bank_name", random.choice(BANKS)), size=13) + at(58, 5.4, "信用卡 CREDIT", size=6.6) + _chip(8, 15)
        + at(7, 26, _number(form, case.account, (4, 4, 4, 4, 3)), size=12.4, css=ink + ";word-spacing:-1mm") + at(7, 33.4, case.account[:4], size=5) + at(34, 33.6, "月/年 MONTH/YEAR", size=4) + at(34, 35.6, _month(form), size=9, css=ink)
        + at(7, 42, MARK, size=6.2) + _union(66, 38) + worn(random, 9)
    )  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .a{color:#d8d4c8}", font=SONG, size=_SIZE, margin="0 2mm 4.2mm 0", background="linear-gradient(140deg,#2b2f38,#555b66 55%,#30343d)", mark="bottom-right")  # fmt: skip


def on_a_form(case: Case, random: Random) -> Draft:
    """A copy glued on the form that agrees to be debited; the account is written out again by hand below."""
    form, payer = Form(random, PEN), case.co_borrower if case.borrower.is_company else case.borrower
    inner = (
        at(6, 5, form.put("bank_name", random.choice(BANKS)), size=12.6) + at(60, 6, "储蓄卡", size=8) + at(6, 29, _number(form, case.account, (4, 4, 4, 4, 3)), size=12, css=f"font-family:'{CARD}';word-spacing:-1mm")
        + at(22, 38, "有效期", size=5.6) + at(31, 37, _month(form), size=9) + '<div class="a" style="left:8mm;top:16mm;width:11mm;height:8.4mm;background:#bdbdbd;border:.15mm solid #777"></div>' + at(68, 42, "银联", size=9)
    )  # fmt: skip
    body = (
        at(20, 12, "委托扣款授权书（银行卡粘贴处）", size=13)
        + f'<div class="card" style="left:22mm;top:24mm;background:#d9d9d9;border:.2mm solid #888;transform:rotate({random.uniform(-1.5, 1.5):.2f}deg)">{inner}</div>'
        + at(20, 88, f"户名：{form.written(payer.name)}", size=11) + at(20, 98, f"扣款用途：偿还合同 {case.contract_no} 项下款项", size=10)
        + at(20, 108, f"授权人签字：{form.written(payer.name)}　　日期：{form.written(f'{case.signed_on.year}.{case.signed_on.month}.{case.signed_on.day}')}", size=10.5)
    )  # fmt: skip
    return Draft("bank_card", body, form, css=_CSS + " .card .a{color:#333}", font=SONG, size="136mm 124mm", margin="0 2mm 7mm 0", background="#fbfbf9", mark="bottom-right")  # fmt: skip


LAYOUTS = (debit, pale_credit, raised, on_a_form)
