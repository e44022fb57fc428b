"""Cards of the other world: ID cards, licences and bank cards set again, in other typefaces and at other places."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.former import cast
from benchmarks.recognition.former.loans import KAI, MICRO, SANS, SERIF
from benchmarks.recognition.press import MARK, Draft, Form, square_seal

_CARD = "85.6mm 54mm"
_LABEL = '<span style="display:block;font-size:5.2pt;line-height:1.1">{}</span>'
_BASE = "body{font-size:8.4pt;line-height:1.25} .a{position:absolute;white-space:nowrap} .k{color:#2c6a9c} .face{position:absolute;background:#c9d3db;border-radius:3mm}"
_TINT = "linear-gradient(120deg, #dcebf2, #f4ebe6 55%, #dfeaf4)"


def at(x: float, y: float, inner: str, *, size: float = 8.4, css: str = "") -> str:
    """Something at a place of the card, in millimetres."""
    return f'<div class="a" style="left:{x}mm;top:{y}mm;font-size:{size}pt;{css}">{inner}</div>'


def _stamped(form: Form, authority: str, *, x: float, y: float, across: float) -> str:
    """The office stands only in its stamp."""
    form.fields["authority"], form.printed["authority"] = authority, ""
    return square_seal(authority, x=x, y=y, across=across, columns=4 if len(authority) <= 16 else 5)


def _person(case: Case) -> tuple[date, str]:
    number = case.borrower.number
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14])), number


def _front(form: Form, case: Case, *, left: float, top: float, step: float) -> str:
    born, number = _person(case)
    one, value = case.borrower, left + 11
    birth = f"{born.year} 年 {born.month} 月 {born.day} 日"
    return (
        at(left, top, '<span class="k">姓名</span>') + at(value, top - 0.4, form.put("name", one.name), size=10)
        + at(left, top + step, '<span class="k">性别</span>') + at(value, top + step, form.put("sex", one.sex))
        + at(value + 12, top + step, '<span class="k">民族</span>') + at(value + 22, top + step, form.put("ethnicity", cast.nation(form.random)))
        + at(left, top + 2 * step, '<span class="k">出生</span>') + at(value, top + 2 * step, form.put("birth", birth, born.isoformat()))
        + at(left, top + 3 * step, '<span class="k">住址</span>')
        + f'<div class="a" style="left:{value}mm;top:{top + 3 * step}mm;width:37mm;white-space:normal">{form.put("address", one.address)}</div>'
        + at(left, 45, '<span class="k">公民身份号码</span>') + at(left + 22, 44.4, form.put("number", number), size=11, css="letter-spacing:.5mm")
        + '<div class="face" style="left:60mm;top:9mm;width:20mm;height:26mm"></div>'
    )  # fmt: skip


def front_plain(case: Case, random: Random) -> Draft:
    form = Form(random, KAI)
    return Draft("id_card_front", _front(form, case, left=5.5, top=6.5, step=6.9), form, css=_BASE, font=MICRO, size=_CARD,
                 margin="0 0 5mm", background=_TINT, faults=case.faults)  # fmt: skip


def front_copy(case: Case, random: Random) -> Draft:
    """A grey copy on a half sheet."""
    form = Form(random, KAI)
    inner = _front(form, case, left=6.5, top=7, step=6.5)
    body = f'<div style="position:relative;width:85.6mm;height:54mm;border:.2mm solid #aaa;background:#ececec">{inner}</div>'
    return Draft("id_card_front", body, form, css=_BASE + ".k{color:#666}", font=SANS, size="148mm 105mm", margin="18mm 30mm",
                 background="#f7f7f7", faults=case.faults)  # fmt: skip


def _back(form: Form, *, left: float) -> str:
    place = form.random.choice(cast.PLACES)
    start = date(2026, 11, 22) - timedelta(days=form.random.randrange(100, 3500))
    end = (
        None
        if form.random.random() < 0.25
        else start.replace(year=start.year + form.random.choice((10, 20)), day=min(start.day, 28))
    )
    return (
        at(26, 7, "中华人民共和国", size=14, css="letter-spacing:1.4mm") + at(26, 16, "居民身份证", size=19, css="letter-spacing:2.6mm")
        + '<div class="a" style="left:6mm;top:6mm;width:15mm;height:15mm;border-radius:8mm;background:#bf3b33"></div>'
        + at(left, 37, "签发机关") + at(left + 17, 36.8, form.put("authority", f"{place[1]}公安局{place[2].removesuffix('区')}分局"))
        + at(left, 43.6, "有效期限") + at(left + 17, 43.4, form.day("valid_from", start, ".") + "-" + form.day("valid_to", end, "."))
    )  # fmt: skip


def back_plain(case: Case, random: Random) -> Draft:
    form = Form(random, KAI)
    return Draft(
        "id_card_back", _back(form, left=20), form, css=_BASE, font=SANS, size=_CARD, margin="0 0 5mm", background=_TINT
    )


def back_copy(case: Case, random: Random) -> Draft:
    form = Form(random, KAI)
    body = f'<div style="position:relative;width:85.6mm;height:54mm;border:.2mm solid #aaa;background:#efefef">{_back(form, left=17)}</div>'
    return Draft(
        "id_card_back", body, form, css=_BASE, font=SERIF, size="148mm 105mm", margin="18mm 30mm", background="#f7f7f7"
    )


def driving(case: Case, random: Random) -> Draft:
    """中华人民共和国机动车驾驶证, main sheet."""
    form = Form(random, KAI)
    born, number = _person(case)
    one, place = case.borrower, random.choice(cast.PLACES)
    first = min(born + timedelta(days=random.randrange(19 * 366, 22 * 366)), date(2024, 1, 1))
    start = date(2026, 11, 22) - timedelta(days=random.randrange(60, 1900))
    start = max(start, first)
    k = _LABEL.format
    body = (
        at(13, 3, "中华人民共和国机动车驾驶证", size=11, css="letter-spacing:.6mm") + at(22, 8, "Driving License of the People's Republic of China", size=5)
        + at(6, 11.4, "证号") + at(15, 11.2, form.put("number", number), size=9.4)
        + at(5, 16, k("姓名<br>Name")) + at(14, 16.4, form.put("name", one.name), size=9) + at(40, 16, k("性别<br>Sex")) + at(47, 16.4, form.put("sex", one.sex))
        + at(56, 16, k("国籍<br>Nationality")) + at(68, 16.4, "中国") + at(5, 22.4, k("住址<br>Address"))
        + f'<div class="a" style="left:14mm;top:22.4mm;width:64mm;white-space:normal">{form.put("address", one.address)}</div>'
        + at(31, 31.6, k("出生日期 Date of Birth")) + at(63, 31.0, form.day("birth", born, "-"))
        + at(31, 36.2, k("初次领证日期 Date of First Issue")) + at(63, 35.6, form.day("first_issue_date", first, "-"))
        + at(31, 40.8, k("准驾车型 Class")) + at(63, 40.0, form.put("licence_class", random.choice(("C1", "C2", "B2", "C1D"))), size=10)
        + at(5, 46, k("有效期限<br>Valid Period")) + at(18, 46, form.day("valid_from", start, "-") + " 至 " + form.day("valid_to", start.replace(year=start.year + 10, day=min(start.day, 28)), "-"))
        + _stamped(form, f"{place[1]}公安局交通警察支队", x=6, y=29, across=15)
    )  # fmt: skip
    return Draft(
        "driving_licence",
        body,
        form,
        css=_BASE,
        font=MICRO,
        size=_CARD,
        margin="0 0 3.6mm",
        background="linear-gradient(90deg,#eef3ee,#f6efe9)",
        faults=case.faults,
    )


def vehicle(case: Case, random: Random) -> Draft:
    """中华人民共和国机动车行驶证, main sheet."""
    form, car, one = Form(random, KAI), case.car, case.borrower
    k = _LABEL.format
    body = (
        at(13, 3, "中华人民共和国机动车行驶证", size=11, css="letter-spacing:.6mm") + at(22, 7.8, "Vehicle License of the People's Republic of China", size=5)
        + at(5, 11, k("号牌号码<br>Plate No.")) + at(16, 11.2, form.put("plate", car.plate), size=9.4) + at(43, 11, k("车辆类型<br>Vehicle Type")) + at(56, 11.2, form.put("vehicle_type", car.vehicle_type))
        + at(5, 16, k("所有人<br>Owner")) + at(16, 16.2, form.put("owner_name", one.name)) + at(5, 21, k("住址<br>Address"))
        + f'<div class="a" style="left:16mm;top:21.2mm;width:66mm;white-space:normal;font-size:7.4pt">{form.put("address", one.address)}</div>'
        + at(5, 28, k("使用性质<br>Use Character")) + at(20, 28.2, form.put("use_character", car.use_character)) + at(40, 28, k("品牌型号<br>Model")) + at(49, 28.2, form.put("model", car.brand + car.model), size=7.6)
        + at(29, 33, k("车辆识别代号<br>VIN")) + at(44, 33.2, form.put("vin", car.vin), size=9) + at(29, 38, k("发动机号码<br>Engine No.")) + at(44, 38.2, form.put("engine_no", car.engine_no))
        + at(29, 43.4, k("注册日期<br>Register Date")) + at(42, 43.6, form.day("register_date", case.register_date, "-"), size=7.6)
        + at(59, 43.4, k("发证日期<br>Issue Date")) + at(69, 43.6, form.day("issue_date", case.register_date, "-"), size=7.6)
        + _stamped(form, case.authority, x=6, y=33, across=16)
    )  # fmt: skip
    return Draft(
        "vehicle_licence",
        body,
        form,
        css=_BASE,
        font=SANS,
        size="95mm 60mm",
        margin="0 0 5mm",
        background="linear-gradient(90deg,#edf2f6,#f6f1ea)",
        faults=case.faults,
    )


def bank(case: Case, random: Random) -> Draft:
    form, number = Form(random, KAI), case.account
    month = f"{random.randrange(1, 13):02}"
    year = random.randrange(28, 36)
    end = date(2000 + year + int(month) // 12, int(month) % 12 + 1, 1) - timedelta(days=1)
    grouped = " ".join(number[n : n + 4] for n in range(0, len(number), 4))
    body = (
        at(6, 5, form.put("bank_name", random.choice(("滇原银行", "海砺银行", "瀚途银行"))), size=14) + at(60, 6, "储蓄卡", size=8)
        + '<div class="a" style="left:8mm;top:17mm;width:11mm;height:8.6mm;border-radius:1.4mm;background:#d8b569"></div>'
        + at(7, 29, form.put("number", grouped, number), size=13.5, css="letter-spacing:.2mm")
        + at(30, 37, "有效期 VALID THRU", size=5) + at(50, 36.2, form.put("valid_to", f"{month}/{year}", end.isoformat()), size=9)
        + at(62, 43, "银联 UnionPay", size=8)
        + at(6, 44, MARK, size=8)
    )  # fmt: skip
    return Draft(
        "bank_card",
        body,
        form,
        css=_BASE + ".a{color:#fff}",
        font=SANS,
        size=_CARD,
        margin="0 0 4.4mm",
        background=random.choice(("#3a4a63", "#6d2230", "#1f5c50")),
    )


FRONTS = (front_plain, front_copy)
BACKS = (back_plain, back_copy)
DRIVING = (driving,)
VEHICLE = (vehicle,)
BANK = (bank,)
