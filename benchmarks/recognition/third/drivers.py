"""驾驶证 of this split: the card of 2019, the older card with its second leaf, the application's picture, a copy in an office's file."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, box, face, worn, years_on
from benchmarks.recognition.press import Draft, Form, code, square_seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.style import FINE, GOTHIC, PEN, STOUT, SUNG, THIN
from benchmarks.recognition.world import Place

KIND = "driving_licence"
_SIZE = "88mm 60mm"
_CSS = (
    CARDS
    + " .card{width:88mm;height:60mm;border-radius:2.4mm} .l{display:block;font-size:6pt;line-height:1.1} .e{display:block;font-size:4.2pt;line-height:1}"
)
_CLASSES = ("C1", "C1", "C1", "C2", "B2", "A2", "A2D", "B1B2", "C1D", "C5")


def _two(chinese: str, english: str) -> str:
    return f'<span class="l">{chinese}</span><span class="e">{english}</span>'


def _terms(random: Random, number: str) -> tuple[date, date, date | None]:
    """First issue; from when and until when: six years, then ten, then without end."""
    first = min(world.born(number) + timedelta(days=random.randrange(18 * 366, 33 * 366)), AS_OF - timedelta(days=120))
    start, years = first, 6
    while years and years_on(start, years) <= AS_OF:
        start, years = years_on(start, years), 10 if start == first else 0
    return first, start, years_on(start, years) if years else None


def _stamped(form: Form, place: Place, *, x: float, y: float, across: float) -> str:
    """The office stands only in the red square."""
    office = place.traffic_police
    form.fields["authority"], form.printed["authority"] = office, ""
    return square_seal(office, x=x, y=y, across=across, columns=4 if len(office) <= 16 else 5)


def _card(form: Form, case: Case, place: Place, *, y: float = 3, old: bool = False) -> str:
    """The card. Before 2019 the term stood as a day and a number of years only on the earliest; here as from and to."""
    random, one = form.random, case.borrower
    first, start, end = _terms(random, one.number)
    term = f"{form.day('valid_from', start, '-')} {'至' if old else '至 '}{form.day('valid_to', end, '-')}"
    long = len(one.name) > 6
    return (
        at(15, y, "中华人民共和国机动车驾驶证", size=10.8, css="letter-spacing:.45mm") + at(21, y + 4.6, "Driving License of the People's Republic of China", size=5.2)
        + at(25, y + 8.4, "证号", size=6.2) + at(33, y + 7.8, form.put("number", one.number), size=9.4, css="letter-spacing:.3mm")
        + at(4, y + 13, _two("姓名", "Name")) + at(13, y + 13, form.put("name", one.name), size=7.4 if long else 9) + at(47, y + 13, _two("性别", "Sex")) + at(54, y + 13, form.put("sex", one.sex), size=9)
        + at(61, y + 13, _two("国籍", "Nationality")) + at(74, y + 13, "中国", size=8.6)
        + at(4, y + 18.6, _two("住址", "Address")) + box(13, y + 18.4, 71, form.put("address", one.address), size=7.6)
        + at(26, y + 27.2, _two("出生日期", "Date of Birth")) + at(43, y + 27.2, form.day("birth", world.born(one.number), "-"), size=8.4)
        + at(26, y + 32.8, _two("初次领证日期", "Date of First Issue")) + at(43, y + 32.8, form.day("first_issue_date", first, "-"), size=8.4)
        + at(26, y + 38.4, _two("准驾车型", "Class")) + at(43, y + 38.4, form.put("licence_class", random.choice(_CLASSES)), size=9.4)
        + at(4, y + 46.4, _two("有效期限", "Valid Period")) + at(18, y + 46.6, term, size=8.8)
        + _stamped(form, place, x=5, y=y + 27, across=16) + face(one.number, female=one.sex == "女", css=f"left:64mm;top:{y + 26.4}mm;width:20mm;height:24.6mm")
    )  # fmt: skip


def card(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft(KIND, _card(form, case, cast.home(case)), form, css=_CSS, font=GOTHIC, size=_SIZE, margin="0 0 4.4mm",
                 background="linear-gradient(100deg,#e6f0ea,#f8f1ea 50%,#e4efea)", faults=case.faults)  # fmt: skip


def old_pair(case: Case, random: Random) -> Draft:
    """Card and second leaf beside each other in their cover of plastic, scratched."""
    form, one, place = Form(random, PEN), case.borrower, cast.home(case)
    record = random.choice(("请于2027年内前往办理审验", "自2021年10月13日起，申请增加准驾车型，实习期至2022年10月12日", "准驾车型 B2 注销，降为 C1", ""))  # fmt: skip
    leaf = (
        at(13, 4, "中华人民共和国机动车驾驶证副页", size=10.4) + at(25, 11, "证号", size=6.4) + at(33, 10.4, one.number, size=9.2)
        + at(5, 17, "姓名", size=6.4) + at(14, 16.6, one.name, size=7.2 if len(one.name) > 6 else 8.8) + at(46, 17, "档案编号", size=6.4) + at(59, 16.6, f"{place.code[:4]}{random.randrange(10**8):08}", size=8.8)
        + at(5, 25, "记录", size=6.4) + box(14, 24.6, 68, record, size=8.2)
        + '<div class="a" style="left:14mm;top:46mm;width:60mm;height:7mm;background:repeating-linear-gradient(90deg,#222 0,#222 .4mm,#fff .4mm,#fff .9mm,#222 .9mm,#222 1.5mm,#fff 1.5mm,#fff 2.3mm)"></div>'
    )  # fmt: skip
    ground = "linear-gradient(100deg,#dde8e0,#eee7da 50%,#dbe6df)"
    body = (
        f'<div class="card" style="left:4mm;top:4mm;background:{ground}">{_card(form, case, place, y=3.4, old=True)}{worn(random, 8)}</div>'
        f'<div class="card" style="left:96mm;top:4mm;background:{ground}">{leaf}{worn(random, 6)}</div>'
    )
    return Draft(KIND, body, form, css=_CSS, font=SUNG, size="188mm 74mm", margin="0 0 7mm", background="#f3f3f0", faults=case.faults)  # fmt: skip


def on_the_phone(case: Case, random: Random) -> Draft:
    """电子驾驶证: the shot of a screen, labels left in grey and values right, points and state below."""
    form, one, place = Form(random, PEN), case.borrower, cast.home(case)
    first, start, end = _terms(random, one.number)
    rows = (
        ("证号", form.put("number", one.number)), ("姓名", form.put("name", one.name)), ("性别", form.put("sex", one.sex)), ("国籍", "中国"), ("出生日期", form.day("birth", world.born(one.number), "-")),
        ("住址", form.put("address", one.address)), ("初次领证日期", form.day("first_issue_date", first, "-")), ("准驾车型", form.put("licence_class", random.choice(_CLASSES))),
        ("有效起始日期", form.day("valid_from", start, "-")), ("有效截止日期", form.day("valid_to", end, "-")), ("发证机关", form.put("authority", place.traffic_police)),
        ("档案编号", f"{place.code[:4]}{random.randrange(10**8):08}"), ("累积记分", str(random.choice((0, 0, 2, 3, 9)))), ("驾驶证状态", "正常"),
    )  # fmt: skip
    body = (
        f'<div class="top"><span>10:{random.randrange(10, 60)}</span><span>电子驾驶证</span><span>5G {random.randrange(20, 99)}%</span></div><div class="sheet"><p class="t">中华人民共和国机动车驾驶证</p>'
        f'<div class="place" style="height:31mm">{face(one.number, female=one.sex == "女", css="left:4mm;top:1mm;width:22mm;height:28mm")}{code(one.number + one.name, x=50, y=2, across=26)}</div>'
        + "".join(f'<div class="r"><span>{k}</span><b>{v}</b></div>' for k, v in rows)
        + f'</div><p class="n">{AS_OF.isoformat()} 生成　截屏仅供本次业务留存</p>'
    )
    css = (
        "body{font-size:9pt;line-height:1.3} .top{display:flex;justify-content:space-between;color:#fff;background:#2a7de1;margin:-6mm -5mm 3mm;padding:3mm 5mm}"
        " .sheet{background:#fff;border-radius:2mm;padding:3mm 4mm} .t{text-align:center;font-size:11pt} .r{display:flex;border-bottom:.15mm solid #e6ebf2;padding:1.2mm 0}"
        " .r span{color:#8b95a3;flex:0 0 27mm} .r b{font-weight:normal} .n{font-size:7pt;color:#8b95a3;text-align:center;margin-top:2mm}"
    )
    return Draft(KIND, body, form, css=css, font=THIN, size="98mm 196mm", margin="6mm 5mm 9mm", background="#eaf1fb", faults=case.faults)  # fmt: skip


def in_the_file(case: Case, random: Random) -> Draft:
    """Copied in black and white onto a form of the lender's file that tells whose it is."""
    form, place = Form(random, PEN), cast.home(case)
    body = (
        at(16, 9, f"附件{random.choice('三四五')}　申请人驾驶证复印件粘贴处", size=11)
        + f'<div class="card" style="left:40mm;top:20mm;background:#ededed;border:.25mm solid #777;transform:rotate({random.uniform(-1.4, 1.4):.2f}deg)">{_card(form, case, place)}</div>'
        + at(
            16,
            90,
            f"客户经理：{form.written(cast.name(random))}　　双人核验：{form.written(cast.name(random))}",
            size=10.5,
        )
        + at(16, 98, f"业务编号 {random.randrange(10**10):010}", size=9)
    )
    return Draft(KIND, body, form, css=_CSS + " .card{color:#2c2c2c}", font=random.choice((STOUT, FINE)), size="168mm 114mm", margin="0 0 6mm",
                 background="#fbfbfb", faults=case.faults)  # fmt: skip


LAYOUTS = (card, old_pair, on_the_phone, in_the_file)
