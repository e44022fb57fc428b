"""行驶证 of this split: the card, both leaves beside each other, the application's picture, a truck's leaves on a carrier's form."""

from calendar import monthrange
from datetime import date
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, box, worn
from benchmarks.recognition.press import Draft, Form, code, seal, square_seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.style import FANG, HEI_ALONE, PEN, SLIM, SONG, TYPED

KIND = "vehicle_licence"
_CSS = (
    CARDS
    + " .card{width:88mm;height:60mm;border-radius:2.4mm} .l{display:block;font-size:5.6pt;line-height:1.15;color:#2d3b4a} .e{display:block;font-size:4pt;line-height:1;color:#3d4b5a}"
)
_GROUND = "linear-gradient(105deg,#e7eff6,#f4efe6 52%,#e5eef0)"


def _two(chinese: str, english: str) -> str:
    return f'<span class="l">{chinese}</span><span class="e">{english}</span>'


def _stamped(form: Form, case: Case, *, x: float, y: float, across: float = 16) -> str:
    form.fields["authority"], form.printed["authority"] = case.authority, ""
    return square_seal(case.authority, x=x, y=y, across=across, columns=4 if len(case.authority) <= 16 else 5)


def _card(form: Form, case: Case, *, y: float = 3.2, figures: str = "") -> str:
    """Values of the printed card; `figures` is the face of the office's printer."""
    car, one = case.car, case.borrower
    css = f"font-family:'{figures}'" if figures else ""
    return (
        at(13.6, y, "中华人民共和国机动车行驶证", size=11, css="letter-spacing:.5mm") + at(20, y + 4.8, "Vehicle License of the People's Republic of China", size=5.4)
        + at(4, y + 9.4, _two("号牌号码", "Plate No.")) + at(15, y + 9.4, form.put("plate", car.plate), size=9.4, css=css) + at(43, y + 9.4, _two("车辆类型", "Vehicle Type")) + at(56, y + 9.6, form.put("vehicle_type", car.vehicle_type), size=8.2, css=css)
        + at(4, y + 15, _two("所有人", "Owner")) + at(15, y + 15.2, form.put("owner_name", one.name), size=8.2, css=css)
        + at(4, y + 20.6, _two("住 址", "Address")) + box(15, y + 20.4, 70, form.put("address", one.address), size=7.4)
        + at(4, y + 27.6, _two("使用性质", "Use Character")) + at(16, y + 27.8, form.put("use_character", car.use_character), size=8.2, css=css)
        + at(37, y + 27.6, _two("品牌型号", "Model")) + at(48, y + 28, form.put("model", car.brand + car.model), size=7.2, css=css)
        + at(24, y + 33.8, _two("车辆识别代号", "VIN")) + at(41, y + 33.8, form.put("vin", car.vin), size=8.8, css=css)
        + at(24, y + 40, _two("发动机号码", "Engine No.")) + at(41, y + 40, form.put("engine_no", car.engine_no), size=8.6, css=css)
        + at(24, y + 46.8, _two("注册日期", "Register Date")) + at(36, y + 47, form.day("register_date", case.register_date, "-"), size=7.8, css=css)
        + at(56, y + 46.8, _two("发证日期", "Issue Date")) + at(67, y + 47, form.day("issue_date", case.register_date, "-"), size=7.8, css=css)
        + _stamped(form, case, x=4.6, y=y + 34.6)
    )  # fmt: skip


def _month_end(random: Random) -> date:
    year, month = AS_OF.year + random.choice((0, 1, 1, 2)), random.randrange(1, 13)
    if year == AS_OF.year:
        month = 12
    return date(year, month, monthrange(year, month)[1])


def _leaf(form: Form, case: Case, *, old: bool) -> str:
    """The second leaf. The record of inspections is printed on it; an older line may stand above the one that counts."""
    random, car = form.random, case.car
    heavy = any(word in car.vehicle_type for word in ("货车", "自卸"))
    towing = "牵引" in car.vehicle_type
    rows = (
        ("号牌号码", car.plate, "档案编号", f"{cast.home(case).code[:4]}{random.randrange(10**8):08}"),
        ("核定载人数", f"{car.seats}人", "总质量", f"{car.mass + (9000 if '自卸' in car.vehicle_type else 1500 if heavy else 75 * car.seats)}kg"),
        ("整备质量", f"{car.mass}kg", "核定载质量", f"{9000 - 150 if '自卸' in car.vehicle_type else 1300}kg" if heavy else "--"),
        ("外廓尺寸", f"{car.size}mm", "准牵引总质量", "40000kg" if towing else "--"),
    )  # fmt: skip
    head = "".join(
        at(4, 5 + n * 6.2, a, size=6.2) + at(16.4, 4.7 + n * 6.2, b, size=7.4) + at(49, 5 + n * 6.2, c, size=6.2) + at(63, 4.7 + n * 6.2, d, size=7.4)
        for n, (a, b, c, d) in enumerate(rows)
    )  # fmt: skip
    end = _month_end(random)
    shown = form.put("valid_to", f"{end.year}年{end.month:02}月", end.isoformat())
    place = f"{case.car.plate[:2]}({random.randrange(1, 40):02})"
    before = (
        at(
            16.4,
            39.4,
            f"检验有效期至{end.year - 1}年{end.month:02}月{case.car.plate[:2]}({random.randrange(1, 40):02})",
            size=7.6,
        )
        if old
        else ""
    )
    note = random.choice(("强制报废期止：2036-08-31" if heavy else "", f"燃料：{car.fuel}", ""))
    return (
        head + at(4, 30.4, "备　注", size=6.2) + at(16.4, 30, note, size=7.6) + at(4, 40, "检验记录", size=6.2) + before
        + at(16.4, 44.6, f"检验有效期至{shown}{place}", size=7.6) + at(16.4, 51.4, f"*{random.randrange(10**13):013}*", size=9, css="font-family:'Cousine'")
    )  # fmt: skip


def card(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft(KIND, _card(form, case), form, css=_CSS, font=HEI_ALONE, size="88mm 60mm", margin="0 2mm 4.2mm 0", background=_GROUND, mark="bottom-right", faults=case.faults)  # fmt: skip


def beside(case: Case, random: Random) -> Draft:
    """Both leaves unfolded beside each other, typed by the office's printer."""
    form = Form(random, PEN)
    body = (
        f'<div class="card" style="left:5mm;top:5mm;background:{_GROUND}">{_card(form, case, figures=TYPED.split(chr(34))[0])}</div>'
        f'<div class="card" style="left:95mm;top:5mm;background:{_GROUND}">{_leaf(form, case, old=random.random() < 0.5)}{worn(random, 4)}</div>'
    )
    return Draft(KIND, body, form, css=_CSS, font=SONG, size="188mm 76mm", margin="0 2mm 7mm 0", background="#f1f1ee", faults=case.faults)  # fmt: skip


def on_the_phone(case: Case, random: Random) -> Draft:
    """The application's picture: labels above values in two columns, the end of the inspection in a band of its own."""
    form, car, one = Form(random, PEN), case.car, case.borrower
    cells = (
        ("车辆类型", form.put("vehicle_type", car.vehicle_type)), ("使用性质", form.put("use_character", car.use_character)), ("品牌型号", form.put("model", car.brand + car.model)), ("发动机号码", form.put("engine_no", car.engine_no)),
        ("注册日期", form.day("register_date", case.register_date, "-")), ("发证日期", form.day("issue_date", case.register_date, "-")), ("核定载人数", f"{car.seats}人"), ("整备质量", f"{car.mass}kg"),
    )  # fmt: skip
    body = (
        f'<div class="top">‹　电子证照</div><div class="pl">{form.put("plate", car.plate)}</div><div class="band">检验有效期止：{form.day("valid_to", _month_end(random), "-")}　状态：正常</div><div class="sheet"><p><span>所有人</span><br>{form.put("owner_name", one.name)}</p><p><span>车辆识别代号</span><br>{form.put("vin", car.vin)}</p><div class="w">'
        + "".join(f"<div><span>{k}</span><br>{v}</div>" for k, v in cells)
        + f'</div><p><span>住址</span><br>{form.put("address", one.address)}</p><p><span>发证机关</span><br>{form.put("authority", case.authority)}</p><div class="place" style="height:23mm">{code(car.vin, x=29, y=0, across=22)}</div></div>'
    )  # fmt: skip
    css = (
        "body{font-size:9.4pt;line-height:1.4} .top{background:#1668c4;color:#fff;margin:-7mm -6mm 4mm;padding:4mm 6mm;font-size:11pt} .pl{font-size:20pt;text-align:center;letter-spacing:1mm} .band{background:#dcebdc;color:#2b6b34;padding:1.4mm 3mm;margin:2mm 0}"
        " .sheet{background:#fff;padding:4mm;border:.2mm solid #d7e2ef} span{color:#8593a5;font-size:8pt} .w{display:flex;flex-wrap:wrap} .w div{width:50%;margin-bottom:1.4mm} .sheet p{text-align:left;margin:0 0 1.4mm}"
    )
    return Draft(KIND, body, form, css=css, font=SLIM, size="102mm 192mm", margin="7mm 6mm 9mm", background="#edf3fa", mark="bottom-right", faults=case.faults)  # fmt: skip


def on_a_form(case: Case, random: Random) -> Draft:
    """Both leaves copied one below the other on a carrier's form, with the carrier's seal beside them."""
    form = Form(random, PEN)
    body = (
        at(14, 10, f"挂靠（自有）车辆证件登记表　　编号：{random.randrange(10**6):06}", size=12)
        + f'<div class="card" style="left:14mm;top:20mm;background:#ebebea;border:.2mm solid #777;transform:rotate({random.uniform(-0.9, 0.9):.2f}deg)">{_card(form, case)}</div>'
        f'<div class="card" style="left:14mm;top:84mm;background:#ebebea;border:.2mm solid #777">{_leaf(form, case, old=True)}</div>'
        + at(108, 30, f"车队：{random.choice('一二三四')}队", size=10.5) + at(108, 40, f"登记人：{form.written(cast.name(random))}", size=10.5) + at(108, 50, f"联系电话：{case.co_borrower.phone}", size=9.6)
        + f'<div style="position:absolute;left:108mm;top:92mm">{seal(case.dealer.name, "行政专用章", x=0, y=0, across=36, tilt=11)}</div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_CSS + " .card{color:#2a2a2a}", font=FANG, size="164mm 158mm", margin="0 2mm 7mm 0", background="#fbfbfa", mark="bottom-right", faults=case.faults)  # fmt: skip


LAYOUTS = (card, beside, on_the_phone, on_a_form)
