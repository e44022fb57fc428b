"""机动车登记证书 of the new world, with its leaves of liens."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import HEI, KAI, LIGHT, PEN, PLAIN_SONG, SONG
from benchmarks.recognition.second.places import PLACES

KIND = "vehicle_registration_certificate"
_CSS = (
    ".b{position:relative;color:#3f4a44} .b i{font-style:normal;color:#111} .b table{table-layout:fixed}"
    " .b td{border:.2mm solid #6b7a70;font-size:10.2pt;padding:.7mm 1.4mm;line-height:1.3;height:12.6mm}"
    " .b h2{font-size:12pt;font-weight:normal;text-align:center;margin:2mm 0 1mm;letter-spacing:.6mm}"
    " .b p{margin:0 0 .8mm;text-align:left} .note{font-size:7.6pt;color:#6b7a70}"
)


def _number(form: Form, case: Case, label: str = "机动车登记证书编号") -> str:
    return f'<p class="right" style="text-align:right">{label}：<i>{form.put("certificate_no", case.car.certificate_no)}</i></p>'


def _summary(form: Form, case: Case, empty: int) -> str:
    """注册登记摘要信息栏 and the empty rows for who comes after."""
    one = case.borrower
    who = f"{form.put('owner_name', one.name)}/{'居民身份证' if not one.is_company else '统一社会信用代码'}/{form.put('owner_id', one.number)}"
    rest = "".join(
        f'<tr><td rowspan="2" style="width:7mm">{mark}</td><td colspan="2">机动车所有人/身份证明名称/号码</td><td colspan="4"></td></tr>'
        "<tr><td>登记机关</td><td></td><td>登记日期</td><td></td><td>机动车登记编号</td><td></td></tr>"
        for mark in ("Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ")[:empty]
    )
    return (
        '<h2>注册登记摘要信息栏</h2><table><tr><td rowspan="2" style="width:7mm">Ⅰ</td><td colspan="2">1.机动车所有人/身份证明名称/号码</td>'
        f'<td colspan="4"><i>{who}</i></td></tr><tr><td>2.登记机关</td><td><i>{form.put("authority", case.authority)}</i></td><td>3.登记日期</td>'
        f"<td><i>{form.day('register_date', case.register_date, '-')}</i></td><td>4.机动车登记编号</td><td><i>{form.put('plate', case.car.plate)}</i></td></tr></table>"
        + (f"<h2>转移登记摘要信息栏</h2><table>{rest}</table>" if rest else "")
    )


def _vehicle(form: Form, case: Case, *, dots: str = ".") -> str:
    car = case.car
    heavy, random = "客" not in car.vehicle_type and "轿" not in car.vehicle_type, form.random
    track = random.randrange(1480, 1660)
    cells = [
        ("车辆类型", form.put("vehicle_type", car.vehicle_type)), ("车辆品牌", form.put("brand", car.brand)),
        ("车辆型号", form.put("model", car.model)), ("车身颜色", form.put("colour", car.colour)),
        ("车辆识别代号/车架号", form.put("vin", car.vin)), ("国产/进口", form.put("origin", car.origin)),
        ("发动机号", form.put("engine_no", car.engine_no)), ("发动机型号", form.put("engine_model", car.engine_model)),
        ("燃料种类", form.put("fuel", car.fuel)), ("排量/功率", f"{car.displacement} ml/{car.power} kw"),
        ("制造厂名称", form.put("maker", car.maker)), ("转向形式", "方向盘"), ("轮距", f"前 {track} 后 {track + 7} mm"), ("轮胎数", "10" if "牵引" in car.vehicle_type else "4"),
        ("轮胎规格", "12R22.5" if "牵引" in car.vehicle_type else random.choice(("205/55R16", "225/60R18", "235/50ZR19"))), ("钢板弹簧片数", "后轴 9 片" if heavy else "后轴 -- 片"),
        ("轴距", f"{car.wheelbase} mm"), ("轴数", "3" if "牵引" in car.vehicle_type else "2"), ("外廓尺寸", f"长 {car.size.split('×')[0]} 宽 {car.size.split('×')[1]} 高 {car.size.split('×')[2]} mm"),
        ("货厢内部尺寸", "长 -- 宽 -- 高 -- mm"), ("总质量", f"{car.mass + 75 * car.seats} kg"), ("核定载质量", "-- kg"), ("核定载客", f"{car.seats} 人" if not heavy else "-- 人"),
        ("准牵引总质量", "-- kg"), ("驾驶室载客", f"{car.seats} 人" if heavy else "-- 人"), ("使用性质", form.put("use_character", car.use_character)),
        ("车辆获得方式", "购买"), ("车辆出厂日期", form.day("made_on", car.made_on, "-")),
    ]  # fmt: skip
    rows = "".join(
        "<tr>" + "".join(f"<td>{n + k + 5}{dots}{label}</td><td><i>{value}</i></td>" for k, (label, value) in enumerate(cells[n : n + 2])) + "</tr>"
        for n in range(0, len(cells), 2)
    )  # fmt: skip
    return (
        f'<h2>注册登记机动车信息栏</h2><table><colgroup><col style="width:26%"><col style="width:30%"><col style="width:22%"><col style="width:22%"></colgroup>{rows}<tr><td>33{dots}发证机关章</td><td><div class="place" style="height:17mm">{seal(case.authority, "车辆登记专用章", x=5, y=-8, across=31, tilt=form.random.uniform(-12, 12))}</div></td>'
        f"<td>34{dots}发证日期</td><td><i>{form.day('issue_date', case.register_date, '-')}</i></td></tr></table>"
    )


def _lien(form: Form, holder: Party, day: date, *, last: bool) -> str:
    """One 抵押登记; only the last one of a paper is its truth."""
    called, number, on = holder.name, holder.number, dated(day, "-")
    if last:
        called, number, on = (
            form.put("mortgagee_name", called),
            form.put("mortgagee_id", number),
            form.day("mortgage_date", day, "-"),
        )
    return (
        f"<p>抵押权人姓名/名称：<i>{called}</i></p><p>身份证明名称/号码：<i>{'统一社会信用代码' if form.random.random() < 0.5 else '营业执照'}/{number}</i></p>"
        f"<p>抵押登记日期：<i>{on}</i></p>"
    )


def _pages(form: Form, pages: str) -> None:
    form.fields["lien_pages"], form.printed["lien_pages"] = pages, ""


def _row(word: str, inner: str, *, stamp: str = "") -> str:
    return f'<tr><td style="width:26mm" class="middle">{word}</td><td><div class="place" style="min-height:27mm">{inner}{stamp}</div></td></tr>'


def _office(case: Case, *, x: float = 92, y: float = -5) -> str:
    return seal(case.authority, "车辆登记专用章", x=x, y=y, across=29, tilt=len(case.contract_no) - 9)


def booklet(case: Case, random: Random) -> Draft:
    """Pages 1 to 4 scanned one by one: the car is pledged, released, and pledged again to another lender."""
    form = Form(random, PEN)
    first = cast.firm(random, "江左银行股份有限公司" + random.choice(("东城", "新区")) + "支行", random.choice(PLACES))
    rows = _row("抵押登记", _lien(form, first, case.register_date, last=False), stamp=_office(case))
    rows += _row("解除抵押", f"<p>解除抵押日期：<i>{dated(case.mortgage_date, '-')}</i></p>", stamp=_office(case))
    rows += _row("抵押登记", _lien(form, case.lender, case.mortgage_date, last=True), stamp=_office(case))
    if random.random() < 0.4:
        rows += _row(
            "解除抵押",
            f"<p>解除抵押日期：<i>{form.day('release_date', case.release_date, '-')}</i></p>",
            stamp=_office(case),
        )
    _pages(form, "3")
    body = (
        f'<div class="b leaf">{_number(form, case)}{_summary(form, case, 4)}<p class="note">第 1 页</p></div><div class="b leaf">{_vehicle(form, case)}<p class="note">第 2 页</p></div>'
        f'<div class="b leaf"><h2>登 记 栏</h2><table>{rows}<tr><td style="height:34mm"></td><td></td></tr></table><p class="note">第 3 页</p></div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        css=_CSS,
        font=SONG,
        size="176mm 250mm",
        margin="10mm 12mm 12mm",
        background="#f1f5ee",
        faults=case.faults,
    )


def spread(case: Case, random: Random) -> Draft:
    """The opened booklet on a landscape sheet, then its next opening with the lien on the right page."""
    form = Form(random, PEN)
    css = (
        _CSS
        + " .two{display:flex;gap:8mm} .two>div{width:50%} .b td{height:9.2mm;font-size:8.8pt;padding:.2mm .9mm} .b h2{font-size:10pt}"
    )
    lien = _lien(form, case.lender, case.mortgage_date, last=True)
    if random.random() < 0.5:
        lien += f"<p>解除抵押日期：<i>{form.day('release_date', case.release_date, '-')}</i></p>"
    _pages(form, "2")
    change = f"<p>变更登记</p><p>变更事项：机动车所有人联系方式</p><p>变更登记日期：{dated(case.register_date + timedelta(days=1), '-')}</p>"
    body = (
        f'<div class="b two leaf"><div>{_number(form, case)}{_summary(form, case, 2)}{code(case.car.certificate_no, x=6, y=136, across=22)}</div><div>{_vehicle(form, case)}</div></div>'
        f'<div class="b two leaf"><div><h2>机动车登记栏</h2><table><tr><td style="padding:2mm;height:74mm;vertical-align:top;font-size:9.6pt">{change}</td></tr><tr><td style="height:66mm"></td></tr></table></div>'
        f'<div class="place"><h2>机动车登记栏</h2><table><tr><td style="padding:2mm;height:74mm;vertical-align:top;font-size:9.6pt"><p>抵押登记</p>{lien}</td></tr><tr><td style="height:66mm"></td></tr></table>{_office(case, x=92, y=14)}</div></div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=HEI,
        size="292mm 196mm",
        margin="11mm 11mm 12mm",
        background="#f3f3ea",
        mark="top-left",
        faults=case.faults,
    )


def copied(case: Case, random: Random) -> Draft:
    """Pages 1 and 2 on one upright sheet, a black-and-white copy with the owner's word across its foot; no lien yet."""
    form = Form(random, PEN)
    css = (
        _CSS
        + " .b td{height:6.4mm;font-size:8pt;padding:.2mm 1mm;border-color:#777} .b{color:#444} .b h2{font-size:10pt;margin:1mm 0}"
    )
    body = (
        f'<div class="b" style="border:.3mm solid #999;padding:4mm">{_number(form, case)}{_summary(form, case, 2)}{_vehicle(form, case, dots="、")}</div>'
        f'<p style="margin-top:5mm;font-size:11pt">复印件与原件一致，仅用于{case.lender.name}贷款抵押。　签字：{form.written(case.borrower.representative or case.borrower.name)}</p>'
    )
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=PLAIN_SONG,
        size="A4",
        margin="12mm 18mm 14mm",
        background="#f9f9f9",
        mark="top-center",
        faults=case.faults,
    )


def liens_only(case: Case, random: Random) -> Draft:
    """Only the leaves of the register are handed in: values typed over the form, an older lien on the first of them."""
    form = Form(random, PEN)
    css = (
        _CSS
        + f' .b i{{font-family:"{KAI}";font-size:10.4pt;position:relative;top:.5mm}} .b td{{padding:2mm;vertical-align:top}}'
    )
    again = f"<p>补领机动车登记证书</p><p>原因：丢失</p><p>补领日期：<i>{dated(case.register_date + timedelta(days=1), '-')}</i></p>"
    first, pages = again, "2"
    if random.random() < 0.5:
        before = cast.firm(random, "江左银行股份有限公司开发区支行", random.choice(PLACES))
        first = f"<p>抵押登记</p>{_lien(form, before, case.register_date, last=False)}<p>解除抵押日期：<i>{dated(case.mortgage_date, '-')}</i></p>"
        pages = "1,2"
    rows = [first, again] if pages == "1,2" else [first, ""]
    last = [f"<p>抵押登记</p>{_lien(form, case.lender, case.mortgage_date, last=True)}"]
    if random.random() < 0.6:
        last.append(
            f"<p>解除抵押登记</p><p>解除抵押日期：<i>{form.day('release_date', case.release_date, '-')}</i></p>"
        )
    _pages(form, pages)
    leaves = "".join(
        f'<div class="b leaf">{_number(form, case)}<h2>登　记　栏</h2><table>'
        + "".join(
            f'<tr><td style="height:52mm"><div class="place">{row}{_office(case, x=104, y=3) if row else ""}</div></td></tr>'
            for row in [*leaf, "", ""][:4]
        )
        + "</table></div>"
        for leaf in (rows, last)
    )
    return Draft(
        KIND, leaves, form, css=css, font=LIGHT, size="176mm 250mm", margin="12mm 14mm 12mm", background="#eef3ec",
        mark="bottom-right", faults=case.faults,
    )  # fmt: skip


LAYOUTS = (booklet, spread, copied, liens_only)
