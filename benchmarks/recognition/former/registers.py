"""机动车登记证书 of the other world: other rulings of the same official boxes, copies cut differently, other stamps."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.former.loans import KAI, MICRO, SANS, SERIF
from benchmarks.recognition.press import Draft, Form, code, dated, seal

KIND = "vehicle_registration_certificate"
_CSS = """
.b { position: relative; color: #46506a } .b i { font-style: normal; color: #111 } .b table { table-layout: fixed }
.b td { border: .2mm solid #54607c; font-size: 9.4pt; padding: .9mm 1.2mm; line-height: 1.3; height: 9.4mm }
.b h2 { font-size: 12.5pt; font-weight: normal; text-align: center; margin: 2.5mm 0 1.5mm }
"""


def _head(form: Form, case: Case) -> str:
    return f'<p style="text-align:right">机动车登记证书编号　<i>{form.put("certificate_no", case.car.certificate_no)}</i></p>'


def _summary(form: Form, case: Case, empty: int) -> str:
    one = case.borrower
    rest = "".join(
        f'<tr><td rowspan="2" style="width:7mm">{mark}</td><td colspan="3">机动车所有人/身份证明名称/号码</td><td colspan="5"></td></tr>'
        '<tr><td>登记机关</td><td colspan="3"></td><td>登记日期</td><td></td><td>机动车登记编号</td><td></td></tr>'
        for mark in "ⅡⅢⅣ"[:empty]
    )
    return (
        '<h2>注册登记摘要信息栏</h2><table><tr><td rowspan="2" style="width:7mm">Ⅰ</td><td colspan="3">1.机动车所有人/身份证明名称/号码</td>'
        f'<td colspan="5"><i>{form.put("owner_name", one.name)}/{one.paper}/{form.put("owner_id", one.number)}</i></td></tr>'
        f'<tr><td>2.登记机关</td><td colspan="3"><i>{form.put("authority", case.authority)}</i></td><td>3.登记日期</td><td><i>{form.day("register_date", case.register_date, "-")}</i></td>'
        f"<td>4.机动车登记编号</td><td><i>{form.put('plate', case.car.plate)}</i></td></tr></table>"
        + (f"<h2>转移登记摘要信息栏</h2><table>{rest}</table>" if rest else "")
    )


def _vehicle(form: Form, case: Case, *, short: bool = False) -> str:
    car = case.car
    cells = [
        ("5.车辆类型", form.put("vehicle_type", car.vehicle_type)), ("6.车辆品牌", form.put("brand", car.brand)),
        ("7.车辆型号", form.put("model", car.model)), ("8.车身颜色", form.put("colour", car.colour)),
        ("9.车辆识别代号/车架号", form.put("vin", car.vin)), ("10.国产/进口", form.put("origin", car.origin)),
        ("11.发动机号", form.put("engine_no", car.engine_no)), ("12.发动机型号", form.put("engine_model", car.engine_model)),
        ("13.燃料种类", form.put("fuel", car.fuel)), ("14.排量/功率", f"{car.displacement}ml/{car.power}kw"),
        ("15.制造厂名称", form.put("maker", car.maker)), ("16.转向形式", "方向盘"), ("17.轮距", "前 1588 后 1590 mm"), ("18.轮胎数", "4"),
        ("19.轮胎规格", "225/55R18 98V"), ("20.钢板弹簧片数", "后轴 - 片"), ("21.轴距", f"{car.wheelbase} mm"), ("22.轴数", "2"),
        ("23.外廓尺寸", f"{car.size} mm"), ("24.货厢内部尺寸", "- mm"), ("25.总质量", f"{car.mass + 375} kg"), ("26.核定载质量", "- kg"),
        ("27.核定载客", f"{car.seats} 人"), ("28.准牵引总质量", "- kg"), ("29.驾驶室载客", "- 人"), ("30.使用性质", form.put("use_character", car.use_character)),
        ("31.车辆获得方式", "购买"), ("32.车辆出厂日期", form.day("made_on", car.made_on, "-")),
    ]  # fmt: skip
    if short:
        cells = cells[:16] + cells[-4:]
    rows = "".join(
        "<tr>" + "".join(f"<td>{k}</td><td><i>{v}</i></td>" for k, v in cells[n : n + 2]) + "</tr>"
        for n in range(0, len(cells), 2)
    )
    return (
        f'<h2>注册登记机动车信息栏</h2><table>{rows}<tr><td>33.发证机关章</td><td><div class="place" style="height:22mm">{seal(case.authority, "业务专用章", x=6, y=-6, across=32, tilt=9)}</div></td>'
        f"<td>34.发证日期</td><td><i>{form.day('issue_date', case.register_date, '-')}</i></td></tr></table>"
    )


def _lien(form: Form, case: Case, page: int, *, released: bool, colon: str = ":") -> str:
    lender = case.lender
    lines = [
        f"抵押权人姓名/名称{colon}<i>{form.put('mortgagee_name', lender.name)}</i>",
        f"身份证明名称/号码{colon}<i>营业执照/{form.put('mortgagee_id', lender.number)}</i>",
        f"抵押登记日期{colon}<i>{form.day('mortgage_date', case.mortgage_date, '-')}</i>",
    ]
    if released:
        lines.append(f"解除抵押日期{colon}<i>{form.day('release_date', case.release_date, '-')}</i>")
    form.fields["lien_pages"], form.printed["lien_pages"] = str(page), ""
    return "".join(f"<p>{line}</p>" for line in lines)


def upright_pages(case: Case, random: Random) -> Draft:
    form = Form(random, KAI)
    body = (
        f'<div class="b leaf">{_head(form, case)}{_summary(form, case, 3)}</div><div class="b leaf">{_vehicle(form, case)}</div>'
        f'<div class="b leaf place"><h2>登　记　栏</h2><table><tr><td style="width:24mm">抵押登记</td><td>{_lien(form, case, 3, released=random.random() < 0.5)}</td></tr><tr><td style="height:60mm"></td><td></td></tr></table>{seal(case.authority, "业务专用章", x=110, y=16, across=32)}</div>'
    )
    return Draft(KIND, body, form, css=_CSS, font=SERIF, background="#f0f3f8", margin="15mm 15mm", faults=case.faults)


def half_and_half(case: Case, random: Random) -> Draft:
    """Both leaves of the booklet copied one below the other on upright A4."""
    form = Form(random, KAI)
    css = (
        _CSS + ".b td { height: 6.6mm; font-size: 8.4pt; padding: .3mm 1mm } .b h2 { font-size: 10.5pt; margin: 1mm 0 }"
    )
    body = f'<div class="b">{_head(form, case)}{_summary(form, case, 1)}<div style="height:6mm;border-bottom:.3mm dashed #999"></div>{_vehicle(form, case)}</div>'
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=MICRO,
        background="#fbfbf9",
        margin="12mm 18mm",
        mark="top-left",
        faults=case.faults,
    )


def lien_history(case: Case, random: Random) -> Draft:
    """Two rows of the register: a change of colour, then the lien with its release."""
    form = Form(random, KAI)
    lien = _lien(form, case, 1, released=random.random() < 0.6, colon="：")
    body = (
        f'<div class="b place">{_head(form, case)}<h2>机 动 车 登 记 栏</h2><table><tr><td><p>变更登记</p><p>车身颜色：由白变更为{case.car.colour}</p><p>变更登记日期：{dated(case.register_date, "-")}</p></td></tr>'
        f'<tr><td><p>抵押登记</p>{lien}</td></tr><tr><td style="height:70mm"></td></tr></table>{seal(case.authority, "业务专用章", x=116, y=20, across=30)}{seal(case.authority, "业务专用章", x=112, y=62, across=30, tilt=-14)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        css=_CSS + ".b td{padding:3mm}",
        font=SERIF,
        background="#eef2ea",
        margin="18mm 18mm",
        mark="top-right",
        faults=case.faults,
    )


def wide(case: Case, random: Random) -> Draft:
    """The opened booklet, vehicle left and lien right."""
    form = Form(random, KAI)
    css = (
        _CSS
        + ".two { display: flex; gap: 10mm } .two > div { width: 50% } .b td { height: 6.4mm; font-size: 8pt; padding: .2mm 1mm } .b h2 { font-size: 10.5pt; margin: 1mm }"
    )
    body = (
        f'<div class="b two"><div>{_head(form, case)}{_summary(form, case, 0)}{_vehicle(form, case, short=True)}</div><div class="place"><h2>登记栏</h2><table><tr><td style="font-size:9pt"><p>抵押登记</p>{_lien(form, case, 1, released=False)}</td></tr></table>'
        f"{code(case.car.certificate_no, x=100, y=120, across=18)}{seal(case.authority, '业务专用章', x=78, y=8, across=30)}</div></div>"
    )
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=SANS,
        size="A4 landscape",
        background="#f6f6ee",
        margin="12mm 12mm",
        faults=case.faults,
    )


LAYOUTS = (upright_pages, half_and_half, lien_history, wide)
