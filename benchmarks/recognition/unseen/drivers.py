"""驾驶证 of this split: the card, a professional driver's with its second leaf below, the application's picture, the old card copied."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, box, face, worn, years_on
from benchmarks.recognition.press import Draft, Form, code, square_seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.style import FANG, HEI, HEI_ALONE, PEN, SLIM, SONG, SONG_ALONE
from benchmarks.recognition.world import Place

KIND = "driving_licence"
_SIZE = "88mm 60mm"
_CSS = (
    CARDS
    + " .card{width:88mm;height:60mm;border-radius:2.4mm} .l{display:block;font-size:5.8pt;line-height:1.15;color:#333} .e{display:block;font-size:4pt;line-height:1;color:#444}"
)
_GROUND = "linear-gradient(110deg,#e9f2ea,#f6f0ea 45%,#e6f0f2)"


def _two(chinese: str, english: str) -> str:
    return f'<span class="l">{chinese}</span><span class="e">{english}</span>'


def _terms(random: Random, number: str) -> tuple[date, date, date | None]:
    """First issue; from when and until when: six years, then ten, then without end."""
    first = min(world.born(number) + timedelta(days=random.randrange(6600, 12_000)), AS_OF - timedelta(days=90))
    start, years = first, 6
    while years and years_on(start, years) <= AS_OF:
        start, years = years_on(start, years), 10 if start == first else 0
    return first, start, years_on(start, years) if years else None


def _stamped(form: Form, place: Place, *, x: float, y: float, across: float = 15.6) -> str:
    """The office stands only in the red square."""
    office = place.traffic_police
    form.fields["authority"], form.printed["authority"] = office, ""
    return square_seal(office, x=x, y=y, across=across, columns=4 if len(office) <= 16 else 5)


def _card(form: Form, case: Case, place: Place, classes: tuple[str, ...], *, y: float = 3.2, grey: bool = False) -> str:
    random, one = form.random, case.borrower
    first, start, end = _terms(random, one.number)
    until = "至" if end is None else random.choice(("至", " 至 "))
    term = f"{form.day('valid_from', start, '-')}{until}{form.day('valid_to', end, '-')}"
    return (
        at(13.6, y, "中华人民共和国机动车驾驶证", size=11, css="letter-spacing:.5mm") + at(20, y + 4.8, "Driving License of the People's Republic of China", size=5.4)
        + at(20, y + 8.6, "证号", size=6) + at(21.4, y + 11, "", size=4) + at(28, y + 8, form.put("number", one.number), size=9.6, css="letter-spacing:.4mm")
        + at(4, y + 13.2, _two("姓名", "Name")) + at(12, y + 13.2, form.put("name", one.name), size=9 if len(one.name) < 7 else 7.4)
        + at(46, y + 13.2, _two("性别", "Sex")) + at(52.6, y + 13.2, form.put("sex", one.sex), size=9) + at(60, y + 13.2, _two("国籍", "Nationality")) + at(73, y + 13.2, "中国", size=8.8)
        + at(4, y + 19, _two("住址", "Address")) + box(12, y + 18.8, 72, form.put("address", one.address), size=7.8)
        + at(23, y + 27.6, _two("出生日期", "Date of Birth")) + at(41, y + 27.6, form.day("birth", world.born(one.number), "-"), size=8.6)
        + at(23, y + 33.4, _two("初次领证日期", "Date of First Issue")) + at(41, y + 33.4, form.day("first_issue_date", first, "-"), size=8.6)
        + at(23, y + 39.2, _two("准驾车型", "Class")) + at(41, y + 39.2, form.put("licence_class", random.choice(classes)), size=9.4)
        + at(4, y + 46.8, _two("有效期限", "Valid Period")) + at(17, y + 47, term, size=8.8)
        + _stamped(form, place, x=4.4, y=y + 27.6) + face(one.number, female=one.sex == "女", css=f"left:63mm;top:{y + 27}mm;width:20.6mm;height:25mm", grey=grey)
    )  # fmt: skip


def card(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    body = _card(form, case, cast.home(case), ("C1", "C1", "C2", "C1E", "C1D"))
    return Draft(KIND, body, form, css=_CSS, font=HEI_ALONE, size=_SIZE, margin="0 2mm 4.2mm 0", background=_GROUND, mark="bottom-right", faults=case.faults)  # fmt: skip


def of_a_trucker(case: Case, random: Random) -> Draft:
    """A professional driver's card and, below it, the leaf with its records and barcode."""
    form, one, place = Form(random, PEN), case.borrower, cast.home(case)
    year = AS_OF.year - random.randrange(1, 6)
    record = random.choice(
        (
            f"自{year}年05月19日起，增驾A2，实习期至{year + 1}年05月18日。请于每个记分周期结束后三十日内接受审验。",
            f"请于{AS_OF.year + 1}年03月26日前九十日内提交身体条件证明，每年提交一次。",
            "从业资格类别：经营性道路货物运输驾驶员　矫正视力",
        )
    )
    bars = '<div class="a" style="left:13mm;top:47mm;width:56mm;height:6.4mm;background:repeating-linear-gradient(90deg,#1c1c1c 0,#1c1c1c .3mm,#fff .3mm,#fff .9mm,#1c1c1c .9mm,#1c1c1c 1.2mm,#fff 1.2mm,#fff 1.5mm,#1c1c1c 1.5mm,#1c1c1c 2.1mm,#fff 2.1mm,#fff 2.6mm)"></div>'
    leaf = (
        at(10, 4.4, "中华人民共和国机动车驾驶证副页", size=10.6) + at(4, 12.6, "证号", size=6.2) + at(12, 12, one.number, size=9) + at(50, 12.6, "档案编号", size=6.2) + at(61, 12, f"{place.code[:4]}{random.randrange(10**8):08}", size=8.6)
        + at(4, 19, "姓名", size=6.2) + at(12, 18.6, one.name, size=8.4) + at(4, 26, "记录", size=6.2) + box(12, 25.6, 70, record, size=8.2) + bars
    )  # fmt: skip
    body = (
        f'<div class="card" style="left:6mm;top:6mm;background:{_GROUND}">{_card(form, case, place, ("A2", "A2", "B2", "A1A2", "A2D", "B1B2"))}</div>'
        f'<div class="card" style="left:6mm;top:70mm;background:{_GROUND}">{leaf}{worn(random, 4)}</div>'
    )
    return Draft(KIND, body, form, css=_CSS, font=SONG, size="100mm 140mm", margin="0 2mm 7mm 0", background="#efefec", faults=case.faults)  # fmt: skip


def on_the_phone(case: Case, random: Random) -> Draft:
    """The application's picture: the card's face in small over a grid of labels above their values."""
    form, one, place = Form(random, PEN), case.borrower, cast.home(case)
    first, start, end = _terms(random, one.number)
    cells = (
        ("姓名", form.put("name", one.name)), ("性别", form.put("sex", one.sex)), ("出生日期", form.day("birth", world.born(one.number), "-")), ("国籍", "中国"),
        ("初次领证日期", form.day("first_issue_date", first, "-")), ("准驾车型", form.put("licence_class", random.choice(("C1", "C2", "C1E", "B2", "C5")))),
        ("有效期始", form.day("valid_from", start, "-")), ("有效期止", form.day("valid_to", end, "-")), ("累积记分", f"{random.choice((0, 0, 1, 3, 6))} 分"), ("状态", "正常"),
    )  # fmt: skip
    body = (
        '<div class="top">‹　电子证照</div><div class="sheet"><p class="t">机动车驾驶证（电子版）</p><div class="place" style="height:30mm">'
        f'{face(one.number, female=one.sex == "女", css="left:30mm;top:0mm;width:22mm;height:28mm")}</div><p class="no"><span>证号</span>{form.put("number", one.number)}</p><div class="w">'
        + "".join(f"<div><span>{k}</span><br>{v}</div>" for k, v in cells)
        + f'</div><p class="ad"><span>住址</span><br>{form.put("address", one.address)}</p><p class="ad"><span>发证机关</span><br>{form.put("authority", place.traffic_police)}</p><div class="place" style="height:25mm">{code(one.number, x=29, y=0, across=24)}</div></div><p class="n">二维码每10分钟更新一次　生成时间 {AS_OF.isoformat()} 09:{random.randrange(10, 60)}</p>'
    )  # fmt: skip
    css = (
        "body{font-size:9.4pt;line-height:1.4} .top{background:#1668c4;color:#fff;margin:-7mm -6mm 4mm;padding:4mm 6mm;font-size:11pt} .sheet{background:#fff;padding:4mm;border:.2mm solid #d7e2ef}"
        " .t{text-align:center;font-size:12pt} span{color:#8593a5;font-size:8pt} .no span{margin-right:3mm} .w{display:flex;flex-wrap:wrap} .w div{width:50%;margin-bottom:1.6mm} .ad{margin:0 0 1.6mm;text-align:left} .n{font-size:7pt;color:#8593a5;text-align:center;margin-top:2mm}"
    )
    return Draft(KIND, body, form, css=css, font=SLIM, size="102mm 204mm", margin="7mm 6mm 9mm", background="#edf3fa", mark="bottom-right", faults=case.faults)  # fmt: skip


def _span_of_years(form: Form, number: str) -> str:
    """The edition before 2013: the day from which it runs and for how many years."""
    first, start, end = _terms(form.random, number)
    form.put("first_issue_date", first.isoformat())
    return f"{form.day('valid_from', start, '-')}|{form.day('valid_to', end, '-')}"


def old_copied(case: Case, random: Random) -> Draft:
    """The older card in its plastic cover, copied grey beside a dealer's note; labels without English."""
    form, one, place = Form(random, PEN), case.borrower, cast.home(case)
    start, end = _span_of_years(form, one.number).split("|")
    x = 5
    inner = (
        at(14, 4, "中华人民共和国机动车驾驶证", size=10.6) + at(24, 10.6, "证号", size=6.6) + at(32, 10, form.put("number", one.number), size=9)
        + at(x, 16, "姓 名", size=6.8) + at(15, 15.6, form.put("name", one.name), size=8.8 if len(one.name) < 7 else 7.2) + at(49, 16, "性 别", size=6.8) + at(58, 15.6, form.put("sex", one.sex), size=8.8)
        + at(x, 22, "住 址", size=6.8) + box(15, 21.6, 68, form.put("address", one.address), size=7.8)
        + at(25, 31, "出生日期", size=6.8) + at(41, 30.6, form.day("birth", world.born(one.number), "-"), size=8.6) + at(25, 36.4, "初次领证日期", size=6.8) + at(41, 36, form.printed["first_issue_date"], size=8.6)
        + at(25, 41.8, "准驾车型", size=6.8) + at(41, 41.4, form.put("licence_class", random.choice(("C1", "B1", "B2", "A1", "C1E"))), size=9) + at(x, 50, "有效期限", size=6.8) + at(18, 49.6, f"{start} 至 {end}", size=8.6)
        + _stamped(form, place, x=5.4, y=31, across=15) + face(one.number, female=one.sex == "女", css="left:65mm;top:30mm;width:19mm;height:24mm", grey=True)
    )  # fmt: skip
    body = (
        f'<div class="card" style="left:12mm;top:14mm;background:#e9e9e7;border:.3mm solid #8c8c8c;transform:rotate({random.uniform(-1.6, 1.6):.2f}deg)">{inner}{worn(random, 10)}</div>'
        + at(108, 24, "购车人驾驶证复印件", size=11.4) + at(108, 34, f"销售顾问：{form.written(cast.name(random))}", size=10.4) + at(108, 44, f"门店：{case.dealer.name[:12]}", size=9) + at(108, 54, "□ 原件已验　☑ 交车时补验", size=9.6)
    )  # fmt: skip
    return Draft(KIND, body, form, css=_CSS + " .card{color:#333}", font=random.choice((FANG, HEI, SONG_ALONE)), size="176mm 92mm", margin="0 2mm 6mm 0", background="#f9f9f9", mark="bottom-right", faults=case.faults)  # fmt: skip


LAYOUTS = (card, of_a_trucker, on_the_phone, old_copied)
