"""Driving and vehicle licences of the new world: card and second leaf, an older print, the phone's."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, code, square_seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import HEI, LIGHT, PEN, PLAIN_SONG, SONG, portrait
from benchmarks.recognition.second.idcards import CSS, at, block, born, scratches
from benchmarks.recognition.second.places import Place

_CARD = "88mm 60mm"
_GREEN = "linear-gradient(90deg,#eaf2ea,#f7f0ea 50%,#e6efe9)"
_BLUE = "linear-gradient(90deg,#e8eff5,#f5f0e8 50%,#e7eef3)"
_CLASSES = ("C1", "C1", "C2", "B1", "B2", "A2", "C1E", "A1A2", "C6", "C5")


def _two(chinese: str, english: str) -> str:
    return f'<span style="display:block;font-size:6.2pt;line-height:1.15;color:#24302a">{chinese}</span><span style="display:block;font-size:4.4pt;line-height:1;color:#24302a">{english}</span>'


def _stamp(form: Form, authority: str, *, x: float, y: float, across: float = 15.5) -> str:
    form.fields["authority"], form.printed["authority"] = authority, ""
    return square_seal(authority, x=x, y=y, across=across, columns=4 if len(authority) <= 16 else 5)


def _terms(random: Random, number: str) -> tuple[date, date, date | None]:
    """First issue; from when and until when it is valid: six years, ten, without end."""
    first = min(born(number) + timedelta(days=random.randrange(18 * 366, 21 * 366)), AS_OF - timedelta(days=90))
    start, years = first, 6
    while years and _later(start, years) <= AS_OF:
        start, years = _later(start, years), 10 if start == first else 0
    return first, start, _later(start, years) if years else None


def _later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _driver(form: Form, case: Case, place: Place, *, shift: float = 0) -> str:
    random, one = form.random, case.borrower
    first, start, end = _terms(random, one.number)
    y = 12 + shift
    return (
        at(14, 3 + shift, "中华人民共和国机动车驾驶证", size=11, css="letter-spacing:.5mm") + at(20, 7.6 + shift, "Driving License of the People's Republic of China", size=5.6)
        + at(24, y, "证号", size=6.6) + at(31, y - 0.6, form.put("number", one.number), size=9.6, css="letter-spacing:.25mm")
        + at(4, y + 4.6, _two("姓名", "Name")) + at(12, y + 4.6, form.put("name", one.name), size=9 if len(one.name) < 8 else 7.2) + at(46, y + 4.6, _two("性别", "Sex")) + at(53, y + 4.6, form.put("sex", one.sex), size=9)
        + at(61, y + 4.6, _two("国籍", "Nationality")) + at(73, y + 4.6, "中国", size=9)
        + at(4, y + 10, _two("住址", "Address")) + block(12, y + 9.6, 72, form.put("address", one.address), size=7.8)
        + at(26, y + 18, _two("出生日期", "Date of Birth")) + at(44, y + 18, form.day("birth", born(one.number), "-"), size=8.4)
        + at(26, y + 23.4, _two("初次领证日期", "Date of First Issue")) + at(44, y + 23.4, form.day("first_issue_date", first, "-"), size=8.4)
        + at(26, y + 28.8, _two("准驾车型", "Class")) + at(44, y + 28.8, form.put("licence_class", random.choice(_CLASSES)), size=9.4)
        + at(4, y + 36.5, _two("有效期限", "Valid Period")) + at(17, y + 36.5, f"{form.day('valid_from', start, '-')} 至 {form.day('valid_to', end, '-')}", size=9)
        + _stamp(form, place.traffic_police, x=5.5, y=y + 18)
        + portrait(female=one.sex == "女", shade=int(one.number[-2]) * 3, css=f"position:absolute;left:64mm;top:{y + 17.4}mm;width:20mm;height:25mm")
    )  # fmt: skip


def driver(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft("driving_licence", _driver(form, case, cast.home(case)), form, css=CSS, font=HEI, size=_CARD, margin="0 0 4mm", background=_GREEN, faults=case.faults)  # fmt: skip


def driver_both(case: Case, random: Random) -> Draft:
    """Card and second leaf, copied one below the other, worn; the second leaf with a stamp of delay."""
    form, one, place = Form(random, PEN), case.borrower, cast.home(case)
    body = (
        f'<div class="card" style="left:9mm;top:8mm;width:88mm;height:60mm;background:#eef1ec">{_driver(form, case, place, shift=1)}{scratches(random, 6)}</div>'
        '<div class="card" style="left:9mm;top:74mm;width:88mm;height:60mm;background:#eef1ec">'
        + at(12, 4, "中华人民共和国机动车驾驶证副页", size=10.6)
        + at(24, 11, "证号", size=6.6) + at(31, 10.4, one.number, size=9) + at(5, 16, "姓名", size=6.6) + at(14, 15.6, one.name, size=8.6 if len(one.name) < 8 else 7)
        + at(50, 16, "档案编号", size=6.6) + at(62, 15.6, f"{place.code[:4]}{random.randrange(10**8):08}", size=9)
        + at(5, 22, "记录", size=6.6) + block(14, 21.6, 70, "请于每个记分周期结束后三十日内接受审验，无记分的，免予本次审验。", size=8)
        + "</div>"
    )  # fmt: skip
    return Draft("driving_licence", body, form, css=CSS, font=PLAIN_SONG, size="106mm 148mm", margin="0 0 6mm", background="#f8f8f6",
                 faults=case.faults)  # fmt: skip


def driver_phone(case: Case, random: Random) -> Draft:
    """电子驾驶证 on the traffic police's app, saved as a picture."""
    form, one, place = Form(random, PEN), case.borrower, cast.home(case)
    first, start, end = _terms(random, one.number)
    pairs = (
        ("姓名", form.put("name", one.name)), ("性别", form.put("sex", one.sex)), ("国籍", "中国"), ("证号", form.put("number", one.number)),
        ("出生日期", form.day("birth", born(one.number), "-")), ("住址", form.put("address", one.address)), ("初次领证日期", form.day("first_issue_date", first, "-")),
        ("准驾车型", form.put("licence_class", random.choice(_CLASSES))), ("有效期限", f"{form.day('valid_from', start, '-')} 至 {form.day('valid_to', end, '-')}"),
        ("发证机关", form.put("authority", place.traffic_police)), ("档案编号", f"{place.code[:4]}{random.randrange(10**8):08}"),
        ("状态", "正常"), ("累积记分", f"{random.choice((0, 0, 1, 3, 6))}分"),
    )  # fmt: skip
    rows = "".join(f'<tr><td class="l">{k}</td><td>{v}</td></tr>' for k, v in pairs)
    body = (
        '<p class="middle" style="font-size:12pt">电子驾驶证</p><p class="middle" style="font-size:8pt;color:#5d7a68">中华人民共和国机动车驾驶证</p>'
        f'<div class="place" style="height:28mm">{portrait(female=one.sex == "女", shade=9, css="position:absolute;left:8mm;top:1mm;width:20mm;height:25mm")}{code(one.number, x=52, y=2, across=22)}</div>'
        f"<table>{rows}</table><p style='color:#8a8a8a;font-size:7pt'>生成时间：{AS_OF.isoformat()} 10:21:07　仅供出示使用</p>"
    )
    css = "body{font-size:8.8pt;line-height:1.35} td{padding:1mm;border-bottom:.15mm solid #dbe5de;vertical-align:top} .l{color:#6f7f76;width:24mm}"
    return Draft(
        "driving_licence",
        body,
        form,
        css=css,
        font=LIGHT,
        size="96mm 178mm",
        margin="9mm 8mm 11mm",
        background="#f4f9f5",
        faults=case.faults,
    )


def _vehicle(form: Form, case: Case, *, narrow: bool = False) -> str:
    car, one = case.car, case.borrower
    size = 7.6 if narrow else 8.4
    return (
        at(14, 3, "中华人民共和国机动车行驶证", size=11, css="letter-spacing:.5mm") + at(20, 7.6, "Vehicle License of the People's Republic of China", size=5.6)
        + at(4, 11.4, _two("号牌号码", "Plate No.")) + at(15, 11.4, form.put("plate", car.plate), size=9.2) + at(43, 11.4, _two("车辆类型", "Vehicle Type")) + at(55, 11.4, form.put("vehicle_type", car.vehicle_type), size=size)
        + at(4, 17, _two("所有人", "Owner")) + at(15, 17, form.put("owner_name", one.name), size=size)
        + at(4, 22.4, _two("住址", "Address")) + block(15, 22.2, 70, form.put("address", one.address), size=7.2)
        + at(4, 29.4, _two("使用性质", "Use Character")) + at(16, 29.4, form.put("use_character", car.use_character), size=size) + at(38, 29.4, _two("品牌型号", "Model")) + at(48, 29.4, form.put("model", car.brand + car.model), size=7.4)
        + at(25, 35.2, _two("车辆识别代号", "VIN")) + at(40, 35.2, form.put("vin", car.vin), size=8.6, css="letter-spacing:.15mm")
        + at(25, 41, _two("发动机号码", "Engine No.")) + at(40, 41, form.put("engine_no", car.engine_no), size=size)
        + at(25, 47, _two("注册日期", "Register Date")) + at(36, 47, form.day("register_date", case.register_date, "-"), size=7.6)
        + at(56, 47, _two("发证日期", "Issue Date")) + at(67, 47, form.day("issue_date", case.register_date, "-"), size=7.6)
        + _stamp(form, case.authority, x=5, y=35.5)
    )  # fmt: skip


def vehicle(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft("vehicle_licence", _vehicle(form, case) + scratches(random, 4), form, css=CSS, font=HEI, size=_CARD, margin="0 0 4.4mm", background=_BLUE, faults=case.faults)  # fmt: skip


def vehicle_both(case: Case, random: Random) -> Draft:
    """Card and second leaf side by side as they lie in their cover, with the stamp of the last inspection."""
    form, car = Form(random, PEN), case.car
    year, month = AS_OF.year + random.choice((0, 1, 1, 2)), random.randrange(1, 13)
    end = date(year, month, monthrange(year, month)[1])
    heavy = "牵引" in car.vehicle_type
    stamped = f"检验有效期至{form.put('valid_to', f'{end:%Y年%m月}', end.isoformat())}{car.plate[:2]}"
    rows = (
        ("号牌号码", car.plate, "档案编号", f"{case.borrower.number[2:6] if case.borrower.is_company else case.borrower.number[:4]}{random.randrange(10**8):08}"),
        ("核定载人数", f"{car.seats}人", "总质量", "--" if heavy else f"{car.mass + 375}kg"),
        ("整备质量", f"{car.mass}kg", "核定载质量", "--"), ("外廓尺寸", f"{car.size}mm", "准牵引总质量", "40000kg" if heavy else "--"),
    )  # fmt: skip
    second = "".join(
        at(4, 6 + n * 6.4, a, size=6.4) + at(16, 5.6 + n * 6.4, b, size=8) + at(47, 6 + n * 6.4, c, size=6.4) + at(61, 5.6 + n * 6.4, d, size=8)
        for n, (a, b, c, d) in enumerate(rows)
    )  # fmt: skip
    second += at(4, 32, "备注", size=6.4) + at(
        16, 31.6, random.choice(("", "使用强制报废期止：2037-05-30", f"{car.fuel}")), size=7.6
    )
    second += at(4, 42, "检验记录", size=6.4) + at(17, 41.4, stamped, size=8.4, css="font-family:'AR PL UKai CN'")
    body = (
        f'<div class="card" style="left:3mm;top:3mm;width:88mm;height:58mm;background:{_BLUE}">{_vehicle(form, case, narrow=True)}</div>'
        f'<div class="card" style="left:93mm;top:3mm;width:88mm;height:58mm;background:{_BLUE}">{second}</div>'
    )
    dark = random.random() < 0.3
    # The mark's red is no ink on a dark table.
    css = CSS + ("@page{@bottom-center{color:#ffd8d0}}" if dark else "")
    return Draft("vehicle_licence", body, form, css=css, font=SONG, size="184mm 70mm", margin="0 0 6mm", background="#4a4038" if dark else "#f4f4f2",
                 faults=case.faults)  # fmt: skip


def vehicle_phone(case: Case, random: Random) -> Draft:
    """电子行驶证, two columns of small labels over their values."""
    form, car = Form(random, PEN), case.car
    pairs = (
        ("号牌号码", form.put("plate", car.plate)), ("车辆类型", form.put("vehicle_type", car.vehicle_type)), ("所有人", form.put("owner_name", case.borrower.name)),
        ("使用性质", form.put("use_character", car.use_character)), ("品牌型号", form.put("model", car.brand + car.model)), ("发动机号码", form.put("engine_no", car.engine_no)),
        ("车辆识别代号", form.put("vin", car.vin)), ("核定载人数", f"{car.seats}人"), ("注册日期", form.day("register_date", case.register_date, "-")),
        ("发证日期", form.day("issue_date", case.register_date, "-")),
    )  # fmt: skip
    cells = "".join(f'<div class="c"><span>{k}</span><br>{v}</div>' for k, v in pairs)
    body = (
        f'<div class="place"><p style="font-size:12pt">中华人民共和国机动车行驶证</p><p style="font-size:7.5pt;color:#5a7390">电子凭证</p>{code(car.vin, x=76, y=0, across=16)}</div>'
        f'<div class="w">{cells}</div><div class="c" style="width:96mm"><span>住址</span><br>{form.put("address", case.borrower.address)}</div>'
        f'<div class="c" style="width:96mm"><span>发证机关</span><br>{form.put("authority", case.authority)}</div>'
    )
    css = "body{font-size:9.4pt;line-height:1.35} .w{display:flex;flex-wrap:wrap} .c{width:48mm;margin-bottom:2.4mm} .c span{color:#7488a0;font-size:7.4pt}"
    return Draft(
        "vehicle_licence",
        body,
        form,
        css=css,
        font=LIGHT,
        size="112mm 128mm",
        margin="9mm 8mm 11mm",
        background="#eef4fb",
        faults=case.faults,
    )


DRIVERS = (driver, driver_both, driver_phone)
VEHICLES = (vehicle, vehicle_both, vehicle_phone)
