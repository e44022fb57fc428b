"""机动车登记证书 as lenders get it: single pages, the opened booklet, only the lien page, the older booklet."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, code, dated, seal, square_seal

KIND = "vehicle_registration_certificate"
_GREEN = "#f1f6ee"
_CSS = """
.page { position: relative; color: #2f5a41 } .page b { font-weight: normal; color: #16181c }
.page table { table-layout: fixed } .page td, .page th { border: .25mm solid #3c6b50; height: 10mm; padding: .8mm 1.4mm;
 font-size: 9pt; line-height: 1.35 } .page h2 { text-align: center; font-size: 13pt; letter-spacing: 1.5mm; margin: 2mm 0;
 font-weight: normal } .no { text-align: right; font-size: 11pt } .dot b { font-family: "AR PL SungtiL GB" }
.note { font-size: 8pt }
"""


def summary(form: Form, case: Case, *, later: int = 5) -> str:
    """注册登记摘要信息栏 and the empty rows for transfers."""
    owner, car = case.borrower, case.car
    who = f"{form.put('owner_name', owner.name)} / {owner.paper} / {form.put('owner_id', owner.number)}"
    rows = (
        '<tr><td rowspan="2" style="width:8mm">Ⅰ</td><td colspan="6">1.机动车所有人/身份证明名称/号码</td>'
        f'<td colspan="10"><b>{who}</b></td></tr>'
        f'<tr><td colspan="2">2.登记机关</td><td colspan="5"><b>{form.put("authority", case.authority)}</b></td>'
        f'<td colspan="2">3.登记日期</td><td colspan="2"><b>{form.day("register_date", case.register_date, "-")}</b></td>'
        f'<td colspan="3">4.机动车登记编号</td><td colspan="2"><b>{form.put("plate", car.plate)}</b></td></tr>'
    )
    for number in "ⅡⅢⅣⅤⅥⅦ"[:later]:
        rows += (
            f'<tr><td rowspan="2">{number}</td><td colspan="6">机动车所有人/身份证明名称/号码</td>'
            '<td colspan="10"></td></tr><tr><td colspan="2">登记机关</td><td colspan="5"></td>'
            '<td colspan="2">登记日期</td><td colspan="2"></td><td colspan="3">机动车登记编号</td>'
            '<td colspan="2"></td></tr>'
        )
    head, rest = rows.split('<tr><td rowspan="2">Ⅱ', 1) if later else (rows, "")
    transfers = (
        f'<h2>转移登记摘要信息栏</h2><table><tr><td rowspan="2" style="width:8mm">Ⅱ{rest}</table>' if later else ""
    )
    return f"<h2>注册登记摘要信息栏</h2><table>{head}</table>{transfers}"


def vehicle(form: Form, case: Case, stamp: str) -> str:
    """注册登记机动车信息栏, two columns of numbered boxes, with the issuing office's stamp in box 33."""
    car = case.car
    cells = (
        ("5.车辆类型", form.put("vehicle_type", car.vehicle_type)), ("6.车辆品牌", form.put("brand", car.brand)),
        ("7.车辆型号", form.put("model", car.model)), ("8.车身颜色", form.put("colour", car.colour)),
        ("9.车辆识别代号/车架号", form.put("vin", car.vin)), ("10.国产/进口", form.put("origin", car.origin)),
        ("11.发动机号", form.put("engine_no", car.engine_no)), ("12.发动机型号", form.put("engine_model", car.engine_model)),
        ("13.燃料种类", form.put("fuel", car.fuel)), ("14.排量/功率", f"{car.displacement} ml/ {car.power} kw"),
        ("15.制造厂名称", form.put("maker", car.maker)), ("16.转向形式", "方向盘"),
        ("17.轮距", "前 1540 后 1546 mm"), ("18.轮胎数", "4"),
        ("19.轮胎规格", "205/55R16"), ("20.钢板弹簧片数", "后轴 -- 片"),
        ("21.轴距", f"{car.wheelbase} mm"), ("22.轴数", "2"),
        ("23.外廓尺寸", f"长 {' 宽 '.join(car.size.split('×')[:2])} 高 {car.size.split('×')[2]} mm"),
        ("24.货厢内部尺寸", "长 -- 宽 -- 高 -- mm"),
        ("25.总质量", f"{car.mass + 450} kg"), ("26.核定载质量", "-- kg"),
        ("27.核定载客", f"{car.seats} 人"), ("28.准牵引总质量", "-- kg"),
        ("29.驾驶室载客", "-- 人"), ("30.使用性质", form.put("use_character", car.use_character)),
        ("31.车辆获得方式", "购买"), ("32.车辆出厂日期", form.day("made_on", car.made_on, "-")),
    )  # fmt: skip
    rows = ""
    for number in range(0, len(cells), 2):
        pair = "".join(f'<td style="width:19%">{label}</td><td style="width:31%"><b>{value}</b></td>'
                       for label, value in cells[number : number + 2])  # fmt: skip
        rows += f"<tr>{pair}</tr>"
    rows += (
        '<tr><td style="height:24mm">33.发证机关章</td><td><div class="place" style="height:20mm">'
        + stamp
        + "</div></td><td>34.发证日期</td>"
        f"<td><b>{form.day('issue_date', case.register_date, '-')}</b></td></tr>"
    )
    return f"<h2>注册登记机动车信息栏</h2><table>{rows}</table>"


def liens(form: Form, case: Case, *, released: bool, page: int, style: str = "-") -> str:
    """The register's free lines: the mortgage, and what ended it."""
    lender = case.lender
    lines = [
        "抵押登记",
        f"抵押权人姓名/名称：<b>{form.put('mortgagee_name', lender.name)}</b>",
        f"身份证明名称/号码：<b>统一社会信用代码/{form.put('mortgagee_id', lender.number)}</b>",
        f"抵押登记日期：<b>{form.day('mortgage_date', case.mortgage_date, style)}</b>",
    ]
    if released:
        lines += ["解除抵押登记", f"解除抵押日期：<b>{form.day('release_date', case.release_date, style)}</b>"]
    form.fields["lien_pages"] = form.printed["lien_pages"] = str(page)
    form.printed["lien_pages"] = ""
    return "".join(f"<p>{line}</p>" for line in lines)


def _stamp(case: Case, tilt: float) -> str:
    return seal(case.authority[:18], "登记专用章", x=4, y=-8, across=34, tilt=tilt)


def _number(form: Form, case: Case, label: str = "机动车登记证书编号") -> str:
    return f'<p class="no">{label}：<b>{form.put("certificate_no", case.car.certificate_no)}</b></p>'


def single_pages(case: Case, random: Random) -> Draft:
    """Three pages one after the other: summary, vehicle, register with the lien."""
    form = Form(random)
    lines = liens(form, case, released=random.random() < 0.4, page=3)
    body = (
        f'<div class="page leaf dot">{_number(form, case)}{summary(form, case)}</div>'
        f'<div class="page leaf dot place">{vehicle(form, case, _stamp(case, -4))}</div>'
        f'<div class="page leaf dot place"><h2>登记栏</h2><table><tr><td style="height:120mm;vertical-align:top">{lines}'
        f'</td></tr><tr><td style="height:60mm"></td></tr></table>'
        f"{seal(case.authority[:18], '登记专用章', x=70, y=40, across=34, tilt=7)}</div>"
    )
    return Draft(KIND, body, form, css=_CSS, background=_GREEN, margin="14mm 16mm 14mm", faults=case.faults)


def opened_booklet(case: Case, random: Random) -> Draft:
    """Pages 1 and 2 side by side on a landscape sheet, pages 3 and 4 on the next."""
    form = Form(random)
    lines = liens(form, case, released=random.random() < 0.5, page=2, style="年0")
    css = _CSS + (
        ".spread { display: flex; gap: 8mm } .spread > div { width: 50%; position: relative }"
        ".page td { font-size: 7.4pt; height: 7mm; padding: .4mm 1mm } .page h2 { font-size: 11pt }"
    )
    body = (
        f'<div class="page leaf spread"><div>{_number(form, case, "编号")}{summary(form, case)}</div>'
        f"<div>{vehicle(form, case, square_seal(case.authority[:14], x=6, y=-2, across=22))}</div></div>"
        '<div class="page leaf spread"><div><h2>登 记 栏</h2><table><tr><td style="height:150mm;vertical-align:top">'
        f"{lines}</td></tr></table>{seal(case.authority[:18], '登记专用章', x=52, y=34, across=32)}</div>"
        '<div><h2>登 记 栏</h2><table><tr><td style="height:150mm"></td></tr></table></div></div>'
    )
    return Draft(KIND, body, form, css=css, font="AR PL SungtiL GB", size="A4 landscape", margin="10mm 10mm 12mm",
                 background="#f4f5ea", mark="top-center", faults=case.faults)  # fmt: skip


def older_booklet(case: Case, random: Random) -> Draft:
    """Summary above and vehicle below on one page, as the older certificates have it; no lien page in the file."""
    form = Form(random)
    css = _CSS + ".page td { height: 7mm; font-size: 8.2pt } .page h2 { font-size: 11pt; margin: 1mm 0 }"
    body = (
        f'<div class="page place"><h1 style="font-size:17pt;letter-spacing:3mm">机动车登记证书</h1>'
        f"{_number(form, case, '编号')}{summary(form, case, later=0)}{vehicle(form, case, _stamp(case, 3))}</div>"
    )
    return Draft(KIND, body, form, css=css, font="AR PL UMing CN", background="#f6f3e6", margin="12mm 18mm",
                 faults=case.faults)  # fmt: skip


def lien_page_only(case: Case, random: Random) -> Draft:
    """Only the register page was scanned: an earlier lien that ended, and the one that counts."""
    form = Form(random)
    earlier = f"{case.register_date.year - 2}-0{random.randrange(1, 10)}-1{random.randrange(10)}"
    lines = liens(form, case, released=random.random() < 0.5, page=1)
    past = (
        "<p>抵押登记</p><p>抵押权人姓名/名称：<b>盛源汽车金融有限公司</b></p><p>身份证明名称/号码：<b>营业执照/91110105MA99XT7K9U</b></p>"
        f"<p>抵押登记日期：<b>{earlier}</b></p><p>解除抵押登记</p>"
        f"<p>解除抵押日期：<b>{dated(case.register_date, '-')}</b></p>"
    )
    body = (
        f'<div class="page dot place">{_number(form, case)}<h2>登 记 栏</h2><table>'
        f'<tr><td style="vertical-align:top">{past}</td></tr>'
        f'<tr><td style="vertical-align:top;height:90mm">{lines}</td></tr><tr><td style="height:30mm"></td></tr></table>'
        f"{seal(case.authority[:18], '登记专用章', x=95, y=34, across=34)}"
        f"{seal(case.authority[:18], '登记专用章', x=92, y=92, across=34, tilt=-6)}</div>"
    )
    return Draft(KIND, body, form, css=_CSS, background=_GREEN, margin="16mm 18mm", faults=case.faults)


def reissued(case: Case, random: Random) -> Draft:
    """A certificate issued again: labels beside values in one column, a code in the corner, the lien on the same page."""
    form = Form(random)
    owner, car = case.borrower, case.car
    rows = (
        ("机动车所有人", form.put("owner_name", owner.name)),
        ("身份证明名称/号码", f"{owner.paper}/{form.put('owner_id', owner.number)}"),
        ("机动车登记编号", form.put("plate", car.plate)),
        ("登记机关", form.put("authority", case.authority)),
        ("登记日期", form.day("register_date", case.register_date, "年0")),
        ("车辆类型", form.put("vehicle_type", car.vehicle_type)),
        ("车辆品牌", form.put("brand", car.brand)),
        ("车辆型号", form.put("model", car.model)),
        ("车身颜色", form.put("colour", car.colour)),
        ("车辆识别代号/车架号", form.put("vin", car.vin)),
        ("发动机号", form.put("engine_no", car.engine_no)),
        ("国产/进口", form.put("origin", car.origin)),
        ("使用性质", form.put("use_character", car.use_character)),
        ("发证日期", form.day("issue_date", case.register_date, "年0")),
    )
    table = "".join(f'<tr><td style="width:36%">{label}</td><td><b>{value}</b></td></tr>' for label, value in rows)
    body = (
        f'<div class="page place"><h1 style="font-size:18pt">机动车登记证书</h1>{_number(form, case)}'
        f'<table>{table}</table><h2>抵押登记</h2><div style="border:.25mm solid #3c6b50;padding:3mm">'
        f"{liens(form, case, released=False, page=1, style='年0')}</div>"
        f'<p class="note">补领机动车登记证书，原证书作废。</p>'
        f"{code(case.car.certificate_no, x=2, y=2, across=18)}"
        f"{seal(case.authority[:18], '登记专用章', x=108, y=142, across=36)}</div>"
    )
    return Draft(KIND, body, form, css=_CSS, font="WenQuanYi Zen Hei", background="#eef4f0", margin="16mm 24mm",
                 mark="top-right", faults=case.faults)  # fmt: skip


LAYOUTS = (single_pages, opened_booklet, older_booklet, lien_page_only, reissued)
