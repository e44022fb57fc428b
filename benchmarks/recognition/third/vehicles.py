"""行驶证 of this split: the card, both leaves one below the other, the application's picture, the second leaf's back with inspections."""

from calendar import monthrange
from datetime import date
from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import CARDS, at, box, worn
from benchmarks.recognition.press import Draft, Form, code, square_seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.style import BOOK, GOTHIC, PEN, STOUT, SUNG, THIN

KIND = "vehicle_licence"
_SIZE = "88mm 60mm"
_CSS = (
    CARDS
    + " .card{width:88mm;height:60mm;border-radius:2.4mm} .l{display:block;font-size:5.8pt;line-height:1.1} .e{display:block;font-size:4pt;line-height:1}"
)
_GROUND = "linear-gradient(100deg,#e4ecf4,#f6f1e8 50%,#e2ebf3)"


def _two(chinese: str, english: str) -> str:
    return f'<span class="l">{chinese}</span><span class="e">{english}</span>'


def _stamped(form: Form, case: Case, *, x: float, y: float) -> str:
    form.fields["authority"], form.printed["authority"] = case.authority, ""
    return square_seal(case.authority, x=x, y=y, across=16.4, columns=4 if len(case.authority) <= 16 else 5)


def _card(form: Form, case: Case, *, y: float = 3) -> str:
    car, one = case.car, case.borrower
    issued = case.register_date
    return (
        at(15, y, "中华人民共和国机动车行驶证", size=10.8, css="letter-spacing:.45mm") + at(21, y + 4.6, "Vehicle License of the People's Republic of China", size=5.2)
        + at(4, y + 9, _two("号牌号码", "Plate No.")) + at(16, y + 9, form.put("plate", car.plate), size=9) + at(44, y + 9, _two("车辆类型", "Vehicle Type")) + at(57, y + 9.2, form.put("vehicle_type", car.vehicle_type), size=8.2)
        + at(4, y + 14.6, _two("所有人", "Owner")) + at(16, y + 14.8, form.put("owner_name", one.name), size=8)
        + at(4, y + 20.2, _two("住址", "Address")) + box(16, y + 20, 69, form.put("address", one.address), size=7.2)
        + at(4, y + 27.2, _two("使用性质", "Use Character")) + at(17, y + 27.4, form.put("use_character", car.use_character), size=8) + at(37, y + 27.2, _two("品牌型号", "Model")) + at(48, y + 27.6, form.put("model", car.brand + car.model), size=7)
        + at(26, y + 33.4, _two("车辆识别代号", "VIN")) + at(42, y + 33.4, form.put("vin", car.vin), size=8.6)
        + at(26, y + 39.6, _two("发动机号码", "Engine No.")) + at(42, y + 39.6, form.put("engine_no", car.engine_no), size=8.4)
        + at(26, y + 46.4, _two("注册日期", "Register Date")) + at(37, y + 46.6, form.day("register_date", case.register_date, "-"), size=7.6)
        + at(57, y + 46.4, _two("发证日期", "Issue Date")) + at(68, y + 46.6, form.day("issue_date", issued, "-"), size=7.6)
        + _stamped(form, case, x=5, y=y + 34)
    )  # fmt: skip


def _inspected(form: Form, case: Case) -> str:
    """The stamp of the inspection that still counts, and an older one above it."""
    random = form.random
    year, month = AS_OF.year + random.choice((1, 1, 2)), random.randrange(1, 13)
    end = date(year, month, monthrange(year, month)[1])
    shown = form.put("valid_to", f"{end.year}年{end.month:02}月", end.isoformat())
    return f"检验有效期至{shown} {case.car.plate[:2]}({random.randrange(1, 30):02})"


def _leaf(form: Form, case: Case) -> str:
    random, car, one = form.random, case.car, case.borrower
    towing = "牵引" in car.vehicle_type
    division = cast.home(case).code
    rows = (
        ("号牌号码", car.plate, "档案编号", f"{division[:4]}{random.randrange(10**8):08}"), ("核定载人数", f"{car.seats}人", "总 质 量", "--" if towing else f"{car.mass + 70 * car.seats}kg"),
        ("整备质量", f"{car.mass}kg", "核定载质量", "1495kg" if car.vehicle_type.endswith("货车") else "--"), ("外廓尺寸", f"{car.size}mm", "准牵引总质量", "38700kg" if towing else "--"),
    )  # fmt: skip
    body = "".join(
        at(4, 6 + n * 6.6, a, size=6.2) + at(17, 5.7 + n * 6.6, b, size=7.4) + at(52, 6 + n * 6.6, c, size=6.2) + at(65.5, 5.7 + n * 6.6, d, size=7.4)
        for n, (a, b, c, d) in enumerate(rows)
    )  # fmt: skip
    note = random.choice(
        ("", f"{car.fuel}", "使用性质为非营运。", f"所有人联系电话{one.phone[:3]}****{one.phone[-4:]}")
    )
    return body + at(4, 33, "备　　注", size=6.2) + at(17, 32.6, note, size=7.6) + at(4, 40, "检验记录", size=6.2) + at(17, 39.4, _inspected(form, case), size=8.2, css=f"font-family:'{SUNG}'") + at(
        17, 48, f"*{random.randrange(10**13):013}*", size=8.6)  # fmt: skip


def card(case: Case, random: Random) -> Draft:
    form = Form(random, PEN)
    return Draft(KIND, _card(form, case), form, css=_CSS, font=GOTHIC, size=_SIZE, margin="0 0 4.4mm", background=_GROUND, faults=case.faults)  # fmt: skip


def both_leaves(case: Case, random: Random) -> Draft:
    """Card above, second leaf below, as they are laid on a scanner."""
    form = Form(random, PEN)
    body = (
        f'<div class="card" style="left:8mm;top:7mm;background:{_GROUND}">{_card(form, case)}{worn(random, 5)}</div>'
        f'<div class="card" style="left:8mm;top:72mm;background:{_GROUND}">{_leaf(form, case)}</div>'
    )
    return Draft(KIND, body, form, css=_CSS, font=BOOK, size="104mm 142mm", margin="0 0 7mm", background="#f6f6f4", faults=case.faults)  # fmt: skip


def on_the_phone(case: Case, random: Random) -> Draft:
    """电子行驶证: plate in large letters on a blue plate, rows below, the inspection's end as a day."""
    form, car, one = Form(random, PEN), case.car, case.borrower
    year, month = AS_OF.year + random.choice((1, 2)), random.randrange(1, 13)
    rows = (
        ("车辆类型", form.put("vehicle_type", car.vehicle_type)), ("使用性质", form.put("use_character", car.use_character)), ("所有人", form.put("owner_name", one.name)), ("住址", form.put("address", one.address)),
        ("品牌型号", form.put("model", car.brand + car.model)), ("车辆识别代号", form.put("vin", car.vin)), ("发动机号码", form.put("engine_no", car.engine_no)),
        ("注册日期", form.day("register_date", case.register_date, "-")), ("发证日期", form.day("issue_date", case.register_date, "-")), ("发证机关", form.put("authority", case.authority)),
        ("核定载人数", f"{car.seats}人"), ("整备质量", f"{car.mass}kg"), ("检验有效期至", form.day("valid_to", date(year, month, monthrange(year, month)[1]), "-")), ("机动车状态", "正常"),
    )  # fmt: skip
    body = (
        f'<p class="t">电子行驶证</p><div class="place p"><span class="no">{form.put("plate", car.plate)}</span>{code(car.vin, x=64, y=-3, across=18)}</div>'
        + "".join(f'<div class="r"><span>{k}</span><b>{v}</b></div>' for k, v in rows)
        + '<p class="n">本页面由公安交管部门签发，与纸质行驶证具有同等效力</p>'
    )
    css = (
        "body{font-size:8.8pt;line-height:1.3} .t{text-align:center;font-size:12pt;margin-bottom:3mm} .p{height:17mm} .no{display:inline-block;background:#1d4fa3;color:#fff;border-radius:1.5mm;padding:1.6mm 4mm;font-size:14pt}"
        " .r{display:flex;border-bottom:.15mm solid #dde4ec;padding:1.2mm 0} .r span{color:#7f8b99;flex:0 0 26mm} .r b{font-weight:normal} .n{font-size:7pt;color:#8a94a0;margin-top:3mm}"
    )
    return Draft(KIND, body, form, css=css, font=THIN, size="98mm 180mm", margin="8mm 7mm 10mm", background="#f7fafd", faults=case.faults)  # fmt: skip


def in_the_file(case: Case, random: Random) -> Draft:
    """Both leaves side by side in a black-and-white copy."""
    form = Form(random, PEN)
    tilt = random.uniform(-1, 1)
    body = (
        f'<div class="card" style="left:10mm;top:14mm;background:#ededee;border:.2mm solid #777;transform:rotate({tilt:.2f}deg)">{_card(form, case)}</div>'
        f'<div class="card" style="left:104mm;top:14mm;background:#ededee;border:.2mm solid #777">{_leaf(form, case)}</div>' + at(10, 82, "复印件与原件相符，仅用于贷后抵押手续。", size=10.5)
        + at(110, 82, f"车主签字：{form.written(world.signer(case.borrower))}", size=10.5)
    )  # fmt: skip
    return Draft(KIND, body, form, css=_CSS + " .card{color:#2b2b2b}", font=STOUT, size="202mm 98mm", margin="0 0 6mm", background="#fbfbfb", faults=case.faults)  # fmt: skip


LAYOUTS = (card, both_leaves, on_the_phone, in_the_file)
