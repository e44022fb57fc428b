"""机动车销售统一发票 of this split: the tax office's and the buyer's copy, a lessor's for the register, two digital ones."""

from html import escape
from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.drawing import WHITE, bare, billed, figure
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.unseen import cast, makes, style
from benchmarks.recognition.unseen.places import PLACES

KIND = "vehicle_sales_invoice"
_CSS = (
    "h1{font-weight:normal;margin:0;text-align:center} b{font-weight:normal} p{margin:0;text-align:left} table{table-layout:fixed}"
    " .grid td{line-height:1.18;padding:.3mm .9mm} .f{display:flex;justify-content:space-between;align-items:flex-end} .v{text-align:center}"
)
_SORTS = (
    ("牵引", "重型半挂牵引车"), ("自卸", "自卸汽车"), ("厢式", "厢式货车"), ("栏板", "普通货车"), ("轿车", "小型轿车"),
)  # fmt: skip


def _values(form: Form, case: Case, buyer: Party, *, digital: bool, day: str, sign: str) -> dict[str, str]:
    """What is typed into every form, whatever the form."""
    random, car, seller = form.random, case.car, case.dealer
    place, tax_place = cast.home(case), random.choice(PLACES)
    net = (case.price * 100 + 56) // 113
    said = case.price + (1_000_000 if "words_differ" in case.faults else 0)
    sort = next((sort for word, sort in _SORTS if word in car.vehicle_type), "越野乘用车" if car.mass > 1800 else "乘用车")  # fmt: skip
    typed = {
        "date": form.day("issue_date", case.signed_on, day), "buyer": form.put("buyer_name", buyer.name),
        "proof": form.put("buyer_id", buyer.number), "taxpayer": buyer.number if buyer.is_company else "",
        "sort": form.put("vehicle_type", sort), "model": form.put("model", car.brand + car.model),
        "engine": form.put("engine_no", car.engine_no), "vin": form.put("vin", car.vin),
        "words": form.put("total_in_words", billed(said)), "total": form.put("total", sign + bare(case.price), case.price),
        "tax": form.put("tax", sign + bare(case.price - net), case.price - net),
        "net": form.put("price_without_tax", sign + bare(net), net),
        "seller": form.put("seller_name", seller.name), "seller_no": form.put("seller_tax_id", seller.number),
        "phone": seller.phone, "address": seller.address, "bank": cast.bank(random, place),
        "account": f"{random.randrange(10**8, 10**9)}{random.randrange(10**8):08}",
        "office": f"国家税务总局{tax_place.seat}税务局{random.choice(('', '第一税务分局', '办税服务厅'))}",
        "office_no": f"1{tax_place.code}{random.randrange(10**4):04}",
        "tons": f"{car.mass / 2000:.2f}" if "货" in car.vehicle_type else "", "seats": str(car.seats),
        "clerk": cast.name(random, female=random.random() < 0.7),
        "made_in": random.choice(("中国", place.province or place.city)), "conformity": "", "customs": "", "inspected": "",
    }  # fmt: skip
    if car.origin == "进口":
        typed |= {"made_in": makes.country(car.vin), "customs": f"XH{random.randrange(10**9):09}", "inspected": f"{random.randrange(10**12):012}"}  # fmt: skip
    else:
        maker = f"{random.choice(('WAC', 'WBM', 'WFV', 'YH2'))}{random.randrange(100):02}{random.choice('ABCEGJ')}"
        typed["conformity"] = form.put("certificate_no", f"{maker}{random.randrange(10**8):08}")
    if digital:
        number = f"{case.signed_on:%y}{seller.number[2:4]}3{random.randrange(10**15):015}"
    else:
        number = f"{random.randrange(10**8):08}"
        typed["code"] = form.put("invoice_code", f"1{seller.number[2:6]}{case.signed_on:%y}2{random.randrange(10**4):04}")  # fmt: skip
        typed["machine"] = f"{random.choice(('661', '499', '539'))}{random.randrange(10**9):09}"
        typed["secret"] = "<br>".join(escape("".join(random.choices("0123456789+-*/<>", k=42))) for _ in range(4))
    typed["number"] = form.put("invoice_number", number)
    return {name: f"<b>{text}</b>" for name, text in typed.items()}


def _row(*cells: tuple[int, str]) -> str:
    return "<tr>" + "".join(f'<td colspan="{wide}">{inner}</td>' for wide, inner in cells) + "</tr>"


def _side(label: str, *rows: str) -> str:
    """Rows of which one narrow cell at their left says whose they are."""
    upright = "<br>".join(label)
    return rows[0].replace("<tr>", f'<tr><td class="v" rowspan="{len(rows)}">{upright}</td>', 1) + "".join(rows[1:])


def _sealed(case: Case, *, x: float, y: float, tilt: float) -> str:
    picture = seal(case.dealer.name, "发票专用章", x=x, y=y, across=39, oval=0.7, star=False, tilt=tilt)
    return f'<div class="place">{picture}</div>'


def tax_office_copy(case: Case, random: Random) -> Draft:
    """The edition of 2014, the tax office's copy: the dots of the printer stand low and too far left, on some rules."""
    form = Form(random, style.PEN)
    v = _values(form, case, case.borrower, digital=False, day="-", sign="￥")
    stamp = seal(f"{cast.home(case).short}市车辆购置税征收管理分局".replace("市市", "市"), "征税专用章", x=166, y=-17, across=32, tilt=random.uniform(-20, 20))  # fmt: skip
    table = (
        _row((2, "机打代码<br>机打号码<br>机器编号"), (5, f"{v['code']}<br>{v['number']}<br>{v['machine']}"), (1, "税控码"), (8, f'<div class="s">{v["secret"]}</div>'))
        + _row((3, "购买方名称及<br>身份证号码/<br>组织机构代码"), (6, f"{v['buyer']}<br>{v['proof']}"), (2, "纳税人识别号"), (5, v["taxpayer"]))
        + _row((2, "车 辆 类 型"), (4, v["sort"]), (2, "厂牌型号"), (4, v["model"]), (1, "产地"), (3, v["made_in"]))
        + _row((2, "合 格 证 号"), (4, v["conformity"]), (2, "进口证明书号"), (3, v["customs"]), (2, "商检单号"), (3, v["inspected"]))
        + _row((2, "发动机号码"), (5, v["engine"]), (3, "车辆识别代号/车架号码"), (6, v["vin"]))
        + _row((2, "价 税 合 计"), (9, f"<b>⊗</b>{v['words']}"), (1, "小写"), (4, v["total"]))
        + _row((2, "销货单位名称"), (8, v["seller"]), (2, "电　话"), (4, v["phone"]))
        + _row((2, "纳税人识别号"), (8, v["seller_no"]), (2, "账　号"), (4, v["account"]))
        + _row((2, "地　　　址"), (7, v["address"]), (2, "开户银行"), (5, v["bank"]))
        + _row((2, "增值税税率<br>或 征 收 率"), (1, "<b>13%</b>"), (2, "增 值 税<br>税　　额"), (4, v["tax"]), (2, "主管税务<br>机关及代码"), (5, f"{v['office']}<br>{v['office_no']}"))
        + _row((2, "不 含 税 价"), (4, f"小写 {v['net']}"), (2, "完税凭证号码"), (3, ""), (1, "吨位"), (1, v["tons"]), (2, "限乘人数"), (1, v["seats"]))
    )  # fmt: skip
    body = (
        f'<h1>机动车销售统一发票</h1><p class="v" style="text-align:center;font-size:10pt">报 税 联</p>'
        f'<div class="f"><p>开票日期 {v["date"]}</p><p style="font-size:8pt">第三联　报税联（车购税征收单位留存）（手开无效）</p><p class="n">发票代码　{form.printed["invoice_code"]}<br>发票号码　{form.printed["invoice_number"]}</p></div>'
        f'<table class="grid">{table}</table><div class="f" style="margin-top:1.5mm"><p>销货单位盖章</p><p>开票人　{v["clerk"]}</p><p style="width:60mm">备注：一车一票</p></div>{_sealed(case, x=26, y=-11, tilt=random.uniform(-10, 10))}<div class="place">{stamp}</div>'
    )  # fmt: skip
    css = (
        f'{_CSS} body{{color:#68407c;font-size:9.4pt;line-height:1.35}} h1{{font-size:19pt;letter-spacing:1.2mm}} .grid td{{font-size:8.8pt;height:9.5mm}} .n{{color:#262226;font-size:10.5pt}}'
        f' b{{font-family:"{style.DOTS}";color:#34324a;position:relative;top:1mm;left:-.6mm}} .s{{font-size:7.2pt;line-height:1.1}}'
    )  # fmt: skip
    return Draft(KIND, body, form, css=css, font=style.FANG_ALONE, size="240mm 180mm", margin="6mm 10mm 8mm", background="#fcfafc", mark="bottom-center", faults=case.faults)  # fmt: skip


def buyers_copy(case: Case, random: Random) -> Draft:
    """The edition of 2021 out of a laser printer: one number for persons and firms; a firm hands in its copy for deduction."""
    form, firm = Form(random, style.PEN), case.borrower.is_company
    v = _values(form, case, case.borrower, digital=False, day="年 ", sign="¥")
    copy, ink = ("第二联　抵扣联（购买方扣税凭证）", "#2c6a58") if firm else ("第一联　发票联（购买方付款凭证）", "#84502a")  # fmt: skip
    note = f"按揭车辆　放款机构：{case.lender.name}" if random.random() < 0.6 else "一车一票"
    table = (
        f'<tr><td colspan="2">机打代码</td><td colspan="3">{v["code"]}</td><td rowspan="3">税控码</td><td colspan="6" rowspan="3"><div class="s">{v["secret"]}</div></td></tr>'
        + _row((2, "机打号码"), (3, v["number"])) + _row((2, "机器编号"), (3, v["machine"]))
        + _row((2, "购买方名称"), (4, v["buyer"]), (3, "纳税人识别号/统一社会信用代码/身份证明号码"), (3, v["proof"]))
        + _row((2, "车辆类型"), (2, v["sort"]), (1, "厂牌型号"), (4, v["model"]), (1, "产地"), (2, v["made_in"]))
        + _row((2, "合格证号"), (2, v["conformity"]), (2, "进口证明书号"), (2, v["customs"]), (2, "商检单号"), (2, v["inspected"]))
        + _row((2, "发动机号码"), (3, v["engine"]), (3, "车辆识别代号/车架号码"), (4, v["vin"]))
        + _row((2, "价税合计"), (6, f"<b>⊗ </b>{v['words']}"), (4, f"小写　{v['total']}"))
        + _row((2, "销货单位名称"), (5, v["seller"]), (1, "电话"), (4, v["phone"]))
        + _row((3, "纳税人识别号/统一社会信用代码"), (4, v["seller_no"]), (1, "账号"), (4, v["account"]))
        + _row((1, "地址"), (6, v["address"]), (1, "开户银行"), (4, v["bank"]))
        + _row((2, "增值税税率或征收率"), (1, "<b>13%</b>"), (1, "增值税税额"), (2, v["tax"]), (2, "主管税务机关及代码"), (4, f"{v['office']} {v['office_no']}"))
        + _row((1, "不含税价"), (2, f"小写 {v['net']}"), (2, "完税凭证号码"), (2, ""), (1, "吨位"), (1, v["tons"]), (2, "限乘人数"), (1, v["seats"]))
    )  # fmt: skip
    body = (
        f'<div class="f"><p class="n">{form.printed["invoice_code"]}</p><h1>机动车销售统一发票</h1><p class="n">№ <span style="font-size:15pt;color:#b03030">{form.printed["invoice_number"]}</span></p></div>'
        f'<div class="f" style="margin:1mm 0"><p>{copy}</p><p>开票日期：{v["date"]}</p></div><table class="grid">{table}</table>'
        f'<div class="f" style="margin-top:1.5mm"><p>销货单位（盖章）</p><p>开票人：{v["clerk"]}</p><p style="width:118mm">备注：<b>{note}</b></p></div>{_sealed(case, x=5, y=-13, tilt=random.uniform(-16, 4))}'
    )  # fmt: skip
    css = (
        f'{_CSS} body{{color:{ink};font-size:9pt;line-height:1.3}} h1{{font-size:20pt;letter-spacing:.8mm}} .grid td{{font-size:8.8pt;height:9mm}} .n{{color:#222;font-size:13pt;width:56mm}}'
        f' .n:last-child{{text-align:right}} b{{font-family:"{style.KAI_OFFICE}";color:#1d1d20;position:relative;left:.4mm;top:-.3mm}} .s{{font-size:7.4pt;line-height:1.15}}'
    )  # fmt: skip
    return Draft(KIND, body, form, css=css, font=style.SONG_ALONE, size="241mm 177mm", margin="7mm 9mm 9mm", background="#fdfcf8", mark="bottom-right", faults=case.faults)  # fmt: skip


def lessors(case: Case, random: Random) -> Draft:
    """A lessor buys; the register's copy in blue, name and number of the buyer above each other, who drives in the remarks."""
    case = cast.lent_by(case, random, "租赁")
    buyer, form = world.borrowed_by(case, case.lender).borrower, Form(random, style.PEN)
    v = _values(form, case, buyer, digital=False, day="/", sign="¥")
    note = random.choice((f"承租人：{case.borrower.name}（融资租赁直租）", f"车辆登记在{case.borrower.name}名下，租赁合同号{case.contract_no}"))  # fmt: skip
    table = (
        _row((3, "机打代码、号码<br>机器编号"), (5, f"{v['code']}　{v['number']}<br>{v['machine']}"), (2, "税控码"), (8, f'<div class="s">{v["secret"]}</div>'))
        + _row((4, "购买方名称"), (14, v["buyer"]))
        + _row((4, "纳税人识别号/统一社会<br>信用代码/身份证明号码"), (14, v["proof"]))
        + _row((3, "车辆类型"), (4, v["sort"]), (2, "厂牌型号"), (5, v["model"]), (2, "产　地"), (2, v["made_in"]))
        + _row((3, "发动机号码"), (5, v["engine"]), (4, "车辆识别代号/车架号码"), (6, v["vin"]))
        + _row((3, "合格证号"), (4, v["conformity"]), (3, "进口证明书号"), (3, v["customs"]), (2, "商检单号"), (3, v["inspected"]))
        + _row((3, "不含税价（小写）"), (4, v["net"]), (3, "增值税税率或征收率"), (2, "<b>13%</b>"), (2, "增值税税额"), (4, v["tax"]))
        + _row((3, "价税合计（大写）"), (9, f"<b>⊗</b>{v['words']}"), (2, "（小写）"), (4, v["total"]))
        + _row((3, "销售方名称"), (9, v["seller"]), (2, "电　话"), (4, v["phone"]))
        + _row((3, "纳税人识别号"), (6, v["seller_no"]), (3, "主管税务机关及代码"), (6, f"{v['office']}<br>{v['office_no']}"))
        + _row((2, "开户银行"), (7, v["bank"]), (2, "账　号"), (7, v["account"]))
        + _row((2, "地　址"), (10, v["address"]), (1, "吨位"), (1, v["tons"]), (3, "限乘人数"), (1, v["seats"]))
    )  # fmt: skip
    body = (
        f'<div class="f"><p style="width:62mm">开票日期：{v["date"]}</p><div><h1>机动车销售统一发票</h1><p style="text-align:center">注册登记联</p></div><p class="n" style="width:62mm">发票代码：{form.printed["invoice_code"]}<br>发票号码：{form.printed["invoice_number"]}</p></div>'
        f'<table class="grid" style="margin-top:1.5mm">{table}</table><div class="f" style="margin-top:1.5mm"><p>备注：<b>{note}</b></p><p style="width:44mm">开票人：{v["clerk"]}</p></div><p style="font-size:7.6pt;margin-top:1mm">第四联（车辆登记单位留存）　销售方盖章处</p>{_sealed(case, x=142, y=-22, tilt=random.uniform(-5, 12))}'
    )  # fmt: skip
    css = (
        f'{_CSS} body{{color:#2d5288;font-size:9.2pt;line-height:1.35}} h1{{font-size:18pt;letter-spacing:.6mm}} .grid td{{font-size:9pt;height:9.2mm}} .n{{color:#2a2a2c;padding-left:12mm}}'
        f' b{{font-family:"{style.TYPED}";color:#26262c;position:relative;left:1.3mm;top:.5mm}} .s{{font-size:6.8pt;line-height:1.15}}'
    )  # fmt: skip
    return Draft(KIND, body, form, css=css, font=style.KAI, size="243mm 180mm", margin="7mm 11mm 8mm", background="#f8fafd", mark="bottom-left", faults=case.faults)  # fmt: skip


def _head(v: dict[str, str], number: str, *, across: float, left: float) -> str:
    """Of a digital invoice: the square, the title under the tax office's seal, number and day."""
    watched = seal("全国统一发票监制章", "国家税务总局", x=left, y=-4, across=27, oval=0.66, star=False)
    return (
        f'<div class="place">{code(number, x=0, y=-2, across=across)}{watched}</div><div class="f" style="align-items:center;min-height:{across + 1}mm"><div style="width:25mm"></div><h1>电子发票（机动车销售统一发票）</h1>'
        f'<p style="width:56mm;line-height:1.6">发票号码：{v["number"]}<br>开票日期：{v["date"]}</p></div>'
    )


def digital_upright(case: Case, random: Random) -> Draft:
    """On an upright sheet of A4, in groups: who bought, the vehicle, the sums, who sold."""
    form = Form(random, style.PEN)
    v = _values(form, case, case.borrower, digital=True, day="年0", sign="¥")
    note = f"贷款银行（机构）：{case.lender.name}<br>贷款合同编号：{case.contract_no}；首付：{figure(case.price - case.principal)}元，贷款：{figure(case.principal)}元"
    table = (
        _side("购买方", _row((15, f"名称：{v['buyer']}")), _row((15, f"统一社会信用代码/纳税人识别号/身份证件号码：{v['proof']}")))
        + _side(
            "车辆信息",
            _row((3, "车辆类型"), (4, v["sort"]), (3, "厂牌型号"), (5, v["model"])),
            _row((3, "车辆识别代号/<br>车架号码"), (5, v["vin"]), (2, "发动机号码"), (5, v["engine"])),
            _row((3, "合格证号"), (5, v["conformity"]), (2, "产地"), (5, v["made_in"])),
            _row((3, "进口证明书号"), (5, v["customs"]), (2, "商检单号"), (5, v["inspected"])),
            _row((3, "吨位"), (5, v["tons"]), (2, "限乘人数"), (5, v["seats"])),
        )
        + _side(
            "金额",
            _row((3, "不含税价"), (4, v["net"]), (2, "税率/<br>征收率"), (1, "<b>13%</b>"), (2, "税额"), (3, v["tax"])),
            _row((3, "价税合计（大写）"), (7, f"<b>⊗</b>{v['words']}"), (2, "（小写）"), (3, v["total"])),
        )
        + _side(
            "销售方",
            _row((15, f"名称：{v['seller']}")),
            _row((15, f"统一社会信用代码/纳税人识别号：{v['seller_no']}")),
            _row((15, f"开户银行：{v['bank']}　账号：{v['account']}")),
            _row((15, f"地址：{v['address']}　电话：{v['phone']}")),
            _row((15, f"主管税务机关及代码：{v['office']}　{v['office_no']}")),
        )
        + _side("备注", _row((15, f'<div style="min-height:15mm"><b>{note}</b></div>')))
    )  # fmt: skip
    body = f'{_head(v, form.printed["invoice_number"], across=22, left=61)}<table class="grid" style="margin-top:5mm">{table}</table><div class="f" style="margin-top:3mm"><p>开票人：{v["clerk"]}</p><p>完税凭证号码：</p><p style="width:30mm"></p></div>'  # fmt: skip
    css = f'{_CSS} body{{color:#8a2f2f;font-size:9pt;line-height:1.3}} h1{{font-size:13.5pt;width:96mm}} .grid td{{font-size:9pt;height:9.6mm;line-height:1.25;border-width:.2mm}} .grid .v{{line-height:1.3}} b{{font-family:"{style.SONG_ALONE}";color:#141414}}'
    return Draft(KIND, body, form, css=css, font=style.KAI, size="A4", margin="17mm 14mm 16mm", background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def digital_wide(case: Case, random: Random) -> Draft:
    """A low lying sheet: who bought and who sold beside each other, the sums at the foot."""
    form = Form(random, style.PEN)
    v = _values(form, case, case.borrower, digital=True, day="年0", sign="¥")
    note = random.choice((f"金融方案：{case.lender.name}，{case.term_months}期", f"抵押权人：{case.lender.name}；交车日期{dated(case.register_date, '-')}", f"车身颜色：{case.car.colour}"))  # fmt: skip
    table = (
        _row((3, "购买方名称"), (7, v["buyer"]), (3, "销售方名称"), (7, v["seller"]))
        + _row((3, "纳税人识别号/统一社会信用代码/身份证明号码"), (7, v["proof"]), (3, "纳税人识别号/<br>统一社会信用代码"), (7, v["seller_no"]))
        + _row((3, "车辆类型"), (4, v["sort"]), (2, "厂牌型号"), (6, v["model"]), (2, "产地"), (3, v["made_in"]))
        + _row((3, "发动机号码"), (5, v["engine"]), (4, "车辆识别代号/车架号码"), (8, v["vin"]))
        + _row((3, "合格证编号"), (5, v["conformity"]), (3, "进口证明书号"), (3, v["customs"]), (2, "商检单号"), (4, v["inspected"]))
        + _row((3, "销售方电话"), (4, v["phone"]), (3, "开户银行及账号"), (10, f"{v['bank']} {v['account']}"))
        + _row((3, "销售方地址"), (9, v["address"]), (2, "吨位"), (2, v["tons"]), (3, "限乘人数"), (1, v["seats"]))
        + _row((3, "税率/征收率"), (2, "<b>13%</b>"), (2, "税额"), (4, v["tax"]), (3, "主管税务机关<br>及代码"), (6, f"{v['office']}<br>{v['office_no']}"))
        + _row((3, "不含税价"), (4, v["net"]), (2, "价税合计"), (6, f"<b>⊗</b>{v['words']}"), (1, "小写"), (4, v["total"]))
        + _row((3, "备　　注"), (10, f"<b>{note}</b>"), (3, "完税凭证号码"), (4, ""))
    )  # fmt: skip
    body = f'{_head(v, form.printed["invoice_number"], across=19, left=81)}<table class="grid" style="margin-top:2.5mm">{table}</table><p style="margin:1.5mm 0 0 12mm">开票人：{v["clerk"]}</p>'  # fmt: skip
    css = f'{_CSS} body{{color:#7a3a2a;font-size:8.8pt;line-height:1.3}} h1{{font-size:15pt}} .grid td{{font-size:8.6pt;height:9.3mm;border-width:.25mm}} b{{font-family:"{style.SONG}";color:#1a1a1a}}'
    return Draft(KIND, body, form, css=css, font=style.HEI_ALONE, size="240mm 145mm", margin="7mm 10mm 9mm", background=WHITE, mark="bottom-left", faults=case.faults)  # fmt: skip


LAYOUTS = (tax_office_copy, buyers_copy, lessors, digital_upright, digital_wide)
