"""Invoices of the other world: 机动车销售统一发票 in two editions, the digital one among them, and a 数电票."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.former.loans import KAI, MICRO, SANS, SERIF
from benchmarks.recognition.press import Draft, Form, code, seal
from carloan.lib import money

_CSS = "td{font-size:9pt;line-height:1.3;height:8.4mm} h1{font-size:17pt;margin-bottom:2mm} .i{color:#7a3f34} .v{color:#20222c} table{table-layout:fixed}"


def _amounts(form: Form, case: Case) -> tuple[str, str, str, str]:
    """Total in words and figures, tax, price without tax."""
    net = (case.price * 100 + 56) // 113
    wrong = 1_000_000 if "words_differ" in case.faults else 0
    return (
        form.put("total_in_words", money.to_capitals(case.price + wrong)), form.amount("total", case.price, commas=False),
        form.amount("tax", case.price - net, commas=False), form.amount("price_without_tax", net, commas=False),
    )  # fmt: skip


def sales(case: Case, random: Random) -> Draft:
    """The stamped paper edition, code and number at the left."""
    form, car, one = Form(random, KAI), case.car, case.borrower
    words, total, tax, net = _amounts(form, case)
    number = f"{random.randrange(10**8):08}"
    body = (
        f'<div class="place i"><h1>机动车销售统一发票</h1><p class="middle">发 票 联</p><p>发票代码 <span class="v">{form.put("invoice_code", f"1{case.dealer.number[2:6]}{case.signed_on:%y}22{random.randrange(100, 999)}")}</span>　　发票号码 <span class="v">{form.put("invoice_number", number)}</span></p>'
        f'<p>开票日期 <span class="v">{form.day("issue_date", case.signed_on, "-")}</span></p><table class="grid"><tr><td>机打代码<br>机打号码</td><td class="v">{form.fields["invoice_code"]}<br>{number}</td><td>税控码</td><td class="v" colspan="3">{random.getrandbits(90):027X}</td></tr>'
        f'<tr><td>购买方名称</td><td class="v">{form.put("buyer_name", one.name)}</td><td>身份证号码/组织机构代码</td><td class="v" colspan="3">{form.put("buyer_id", one.number)}</td></tr>'
        f'<tr><td>车辆类型</td><td class="v">{form.put("vehicle_type", "多用途乘用车" if "客车" in car.vehicle_type else "轿车")}</td><td>厂牌型号</td><td class="v">{form.put("model", car.brand + car.model)}</td><td>产地</td><td class="v">{case.dealer.address[:3]}</td></tr>'
        f'<tr><td>合格证号</td><td class="v">{form.put("certificate_no", f"WAC{random.randrange(10**12):012}")}</td><td>进口证明书号</td><td></td><td>商检单号</td><td></td></tr>'
        f'<tr><td>发动机号码</td><td class="v">{form.put("engine_no", car.engine_no)}</td><td>车辆识别代号/车架号码</td><td class="v" colspan="3">{form.put("vin", car.vin)}</td></tr>'
        f'<tr><td>价税合计</td><td class="v" colspan="3">⊗{words}</td><td>小写</td><td class="v">{total}</td></tr>'
        f'<tr><td>销货单位名称</td><td class="v" colspan="3">{form.put("seller_name", case.dealer.name)}</td><td>电话</td><td class="v">{case.dealer.phone}</td></tr>'
        f'<tr><td>纳税人识别号</td><td class="v" colspan="3">{form.put("seller_tax_id", case.dealer.number)}</td><td>账号</td><td class="v">{case.account}</td></tr>'
        f'<tr><td>增值税税率或征收率</td><td class="v">13%</td><td>增值税税额</td><td class="v">{tax}</td><td>主管税务机关及代码</td><td class="v">{case.dealer.address[3:6]}税务局</td></tr>'
        f'<tr><td>不含税价</td><td class="v">{net}</td><td>完税凭证号码</td><td></td><td>限乘人数</td><td class="v">{car.seats}</td></tr></table>'
        f'<p>销货单位盖章　　　　　　　　开票人 <span class="v">{case.dealer.representative}</span>　　备注：一车一票</p>{seal(case.dealer.name, "发票专用章", x=30, y=112, across=36, oval=0.68, star=False)}</div>'
    )
    return Draft(
        "vehicle_sales_invoice",
        body,
        form,
        css=_CSS,
        font=SERIF,
        size="241mm 178mm",
        margin="8mm 14mm 10mm",
        background="#fefefb",
        mark="bottom-right",
        faults=case.faults,
    )


def digital_sales(case: Case, random: Random) -> Draft:
    """The fully digital edition: twenty digits, no code."""
    form, car, one = Form(random, KAI), case.car, case.borrower
    words, total, tax, net = _amounts(form, case)
    body = (
        f'<div class="place i">{code(case.contract_no, x=0, y=0, across=20)}<h1>电子发票（机动车销售统一发票）</h1><p class="right">发票号码：<span class="v">{form.put("invoice_number", f"{case.signed_on:%y}{case.dealer.number[2:4]}2000{random.randrange(10**12):012}")}</span></p>'
        f'<p class="right">开票日期：<span class="v">{form.day("issue_date", case.signed_on, "年0")}</span></p><table class="grid"><tr><td>购买方名称</td><td class="v">{form.put("buyer_name", one.name)}</td><td>统一社会信用代码/纳税人识别号/身份证件号码</td><td class="v">{form.put("buyer_id", one.number)}</td></tr>'
        f'<tr><td>销售方名称</td><td class="v">{form.put("seller_name", case.dealer.name)}</td><td>统一社会信用代码/纳税人识别号</td><td class="v">{form.put("seller_tax_id", case.dealer.number)}</td></tr>'
        f'<tr><td>车辆类型</td><td class="v">{form.put("vehicle_type", "多用途乘用车" if "客车" in car.vehicle_type else "轿车")}</td><td>厂牌型号</td><td class="v">{form.put("model", car.brand + car.model)}</td></tr>'
        f'<tr><td>车辆识别代号/车架号码</td><td class="v">{form.put("vin", car.vin)}</td><td>发动机号码</td><td class="v">{form.put("engine_no", car.engine_no)}</td></tr>'
        f'<tr><td>价税合计（大写）</td><td class="v">{words}</td><td>（小写）</td><td class="v">{total}</td></tr><tr><td>不含税价</td><td class="v">{net}</td><td>增值税税率 13%　增值税税额</td><td class="v">{tax}</td></tr></table><p>开票人：<span class="v">{case.dealer.representative}</span></p></div>'
    )
    return Draft(
        "vehicle_sales_invoice",
        body,
        form,
        css=_CSS,
        font=MICRO,
        size="241mm 150mm",
        margin="10mm 16mm 12mm",
        background="#ffffff",
        mark="bottom-left",
        faults=case.faults,
    )


def vat(case: Case, random: Random) -> Draft:
    """电子发票（普通发票） of a repair shop to the owner."""
    form, one = Form(random, KAI), case.borrower
    net = random.randrange(80_000, 900_000, 137)
    tax = (net * 6 + 50) // 100
    body = (
        f'<div class="place i">{code(case.mortgage_no, x=0, y=0, across=20)}<h1>电子发票（普通发票）</h1><p class="right">发票号码：<span class="v">{form.put("invoice_number", f"{case.signed_on:%y}{case.dealer.number[2:4]}2000{random.randrange(10**12):012}")}</span></p>'
        f'<p class="right">开票日期：<span class="v">{form.day("issue_date", case.signed_on, "年0")}</span></p>'
        f'<table class="grid"><tr><td style="width:8mm">购买方信息</td><td>名称：<span class="v">{form.put("buyer_name", one.name)}</span><br>统一社会信用代码/纳税人识别号：<span class="v">{form.put("buyer_id", one.number)}</span></td><td style="width:8mm">销售方信息</td>'
        f'<td>名称：<span class="v">{form.put("seller_name", case.dealer.name)}</span><br>统一社会信用代码/纳税人识别号：<span class="v">{form.put("seller_tax_id", case.dealer.number)}</span></td></tr></table>'
        f'<table class="grid"><tr><td>项目名称</td><td>单位</td><td>数量</td><td>金额</td><td>税率/征收率</td><td>税额</td></tr><tr><td class="v">*劳务*车辆保养服务</td><td class="v">次</td><td class="v">1</td><td class="v">{money.plain(net)}</td><td class="v">6%</td><td class="v">{money.plain(tax)}</td></tr>'
        f'<tr><td>合　　计</td><td></td><td></td><td class="v">{form.amount("price_without_tax", net, commas=False)}</td><td></td><td class="v">{form.amount("tax", tax, commas=False)}</td></tr>'
        f'<tr><td>价税合计（大写）</td><td class="v" colspan="3">⊗{form.put("total_in_words", money.to_capitals(net + tax))}</td><td>（小写）</td><td class="v">{form.amount("total", net + tax, commas=False)}</td></tr></table><p>开票人：<span class="v">{case.dealer.representative}</span></p></div>'
    )
    return Draft(
        "vat_invoice",
        body,
        form,
        css=_CSS,
        font=SANS,
        size="210mm 140mm",
        margin="8mm 10mm 11mm",
        background="#ffffff",
        faults=case.faults,
    )


SALES = (sales, digital_sales)
VAT = (vat,)
