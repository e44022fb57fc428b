"""保险单 of the new world: 交强险 in its printed form and as a file, 商业险 with a table of what is covered, for electric cars, typed."""

from random import Random

from benchmarks.recognition.case import Case, Policy
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.second.faces import HEI, LIGHT, PALE, PEN, PLAIN_SONG, SONG, bare, figure, table
from carloan.lib import money

KIND = "insurance_policy"
_CSS = "td{font-size:9.4pt;line-height:1.35;padding:.9mm 1.4mm;height:8.2mm} h1{font-size:15pt;margin:0 0 2mm} .s{font-size:8pt;line-height:1.4} table{margin-bottom:0} p{text-align:left}"


def _insures(form: Form, value: str) -> None:
    form.fields["insurance_type"], form.printed["insurance_type"] = value, ""


def _words(minor: int) -> str:
    return money.to_capitals(minor) if minor else "零元整"


def _span(form: Form, policy: Policy, style: str, pattern: str) -> str:
    return pattern.format(
        form.day("valid_from", policy.valid_from, style), form.day("valid_to", policy.valid_to, style)
    )


def printed(case: Case, random: Random) -> Draft:
    """交强险, the form of the national body: limits with and without fault, tax and the office it goes to."""
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    limits = "".join(
        f'<tr><td colspan="2">{name}</td><td>{figure(full)}元</td><td colspan="2">无责任{name}</td><td>{figure(less)}元</td></tr>' for name, full, less in policy.sums
    )  # fmt: skip
    tax = policy.tax_paid
    body = (
        f'<div class="place"><h1>机动车交通事故责任强制保险单</h1><p style="display:flex;justify-content:space-between" class="s"><span>POLICY 正本</span><span>保险单号：{form.put("policy_no", policy.policy_no)}</span></p><table class="grid">'
        f'<tr><td>被保险人</td><td colspan="5">{form.put("insured_name", one.name)}</td></tr><tr><td>被保险人身份证号码<br>（统一社会信用代码）</td><td colspan="3">{form.put("insured_id", one.number)}</td><td>联系电话</td><td>{one.phone}</td></tr>'
        f'<tr><td>地址</td><td colspan="5">{one.address}</td></tr><tr><td rowspan="3">被保险<br>机动车</td><td>号牌号码</td><td>{form.put("plate", car.plate)}</td><td>机动车种类</td><td colspan="2">{car.vehicle_type}</td></tr>'
        f'<tr><td>发动机号码</td><td>{form.put("engine_no", car.engine_no)}</td><td>识别代码（车架号）</td><td colspan="2">{form.put("vin", car.vin)}</td></tr><tr><td>厂牌型号</td><td>{form.put("model", car.brand + car.model)}</td><td>使用性质</td><td colspan="2">{form.put("use_character", car.use_character)}</td></tr>'
        f'<tr><td>登记日期</td><td>{form.day("register_date", case.register_date, "-")}</td><td>核定载客</td><td>{car.seats}人</td><td>核定载质量</td><td>0.000千克</td></tr>{limits}'
        f'<tr><td colspan="6">与道路交通安全违法行为和道路交通事故相联系的浮动比率　{random.choice((-30, -20, -10, 0))}%</td></tr><tr><td colspan="6">保险费合计（人民币大写）：{_words(policy.premium)}　（￥：{form.put("premium", bare(policy.premium), policy.premium)}元）　其中救助基金（2%）￥：{bare(policy.premium * 2 // 100)}元</td></tr>'
        f'<tr><td colspan="6">保险期间　{_span(form, policy, "年", "自 {}零时起至 {}二十四时止")}</td></tr><tr><td colspan="6">保险合同争议解决方式　诉讼</td></tr>'
        f'<tr><td rowspan="3">代收<br>车船税</td><td>整备质量</td><td>{car.mass}千克</td><td>纳税人识别号</td><td colspan="2">{one.number}</td></tr><tr><td>当年应缴</td><td>￥：{form.put("tax_paid", bare(tax), tax)}元</td><td>往年补缴　￥：0.00元</td><td colspan="2">滞纳金　￥：0.00元</td></tr>'
        f'<tr><td colspan="5">合计（人民币大写）：{_words(tax)}　（￥：{bare(tax)}元）　开具税务机关：国家税务总局{case.authority[:2]}税务局</td></tr>'
        f'<tr><td>特别约定</td><td colspan="5" class="s">1. 本保单已设置电子保单，扫码可查。2. 投保人：{one.name}。</td></tr><tr><td rowspan="2">保险人</td><td colspan="5">公司名称：{form.put("insurer_name", policy.insurer.name)}　　公司地址：{policy.insurer.address[:18]}</td></tr>'
        f'<tr><td colspan="5">服务电话：95XXX　　签单日期：{form.day("issue_date", policy.issued_on, "年")}　　（保险人签章）</td></tr></table><p class="s">核保：自动核保　　制单：{case.dealer.representative}　　经办：{case.dealer.name}</p><div class="place">{seal(policy.insurer.name, "承保业务专用章", x=126, y=-22, across=38, tilt=-4)}</div></div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        css=_CSS + " .grid td{border-color:#4d6d9a}",
        font=SONG,
        margin="13mm 14mm 12mm",
        background="#f7f9fc",
        faults=case.faults,
    )


def file(case: Case, random: Random) -> Draft:
    """交强险 as an electronic policy: its tax printed apart, company and code on top."""
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    rows = table((
        ("被保险人", form.put("insured_name", one.name), "证件号码", form.put("insured_id", one.number)),
        ("号牌号码", form.put("plate", car.plate), "使用性质", form.put("use_character", car.use_character)),
        ("厂牌型号", form.put("model", car.brand + car.model), "核定载客", f"{car.seats}人"),
        ("车辆识别代号", form.put("vin", car.vin), "发动机号码", form.put("engine_no", car.engine_no)),
        ("保险期间", _span(form, policy, "-", "{} 00:00 起至 {} 24:00 止")),
        ("责任限额", "；".join(f"{name}{figure(full)}元" for name, full, _ in policy.sums)),
        ("保险费合计", f"￥{form.put('premium', figure(policy.premium), policy.premium)}（{_words(policy.premium)}），含税额￥{figure(policy.premium * 6 // 106)}"),
        ("车船税", f"当年应缴￥{form.put('tax_paid', figure(policy.tax_paid), policy.tax_paid)}，合计￥{figure(policy.tax_paid)}"),
        ("特别约定", f"保险标的已抵押，第一受益人为{case.lender.name}（证件号码{case.lender.number}）。"),
    ))  # fmt: skip
    body = (
        f'<div class="place"><p style="font-size:12.5pt;color:#17603f">{form.put("insurer_name", policy.insurer.name)}</p>{code(policy.policy_no, x=152, y=-3, across=20)}<h1 style="text-align:left">机动车交通事故责任强制保险电子保单</h1><p>保单号：{form.put("policy_no", policy.policy_no)}　　签单日期：{form.day("issue_date", policy.issued_on, "-")}</p>{rows}'
        f'<p class="s">投保确认时间：{policy.issued_on.isoformat()} 16:08　生成保单时间：{policy.issued_on.isoformat()} 16:10　销售渠道：{case.dealer.name}（兼业代理）</p><div class="place">{seal(policy.insurer.name, "电子保单专用章", x=118, y=-22, across=38)}</div></div>'
    )  # fmt: skip
    css = (
        _CSS
        + " .grid td{border-color:#9fc0ae;padding:2.4mm;font-size:10pt} .grid td:first-child,.grid td:nth-child(3){color:#3e6b55}"
    )
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=LIGHT,
        margin="15mm 16mm 14mm",
        background=PALE,
        mark="bottom-right",
        faults=case.faults,
    )


def coverages(case: Case, random: Random) -> Draft:
    """商业险 of the 2020 edition: a line for each cover, rate of no claims, agreements between insurer and lender."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    title = "新能源汽车商业保险保险单" if car.fuel == "电" else "机动车综合商业保险保险单"
    parts = "".join(
        f"<tr><td>{name}</td><td class='right'>{f'{figure(amount)}元/座×{car.seats - 1}座' if '乘客' in name else figure(amount)}</td><td class='middle'>—</td><td class='right'>{figure(price)}</td></tr>"
        for name, amount, price in policy.sums
    )  # fmt: skip
    body = (
        f'<div class="place"><p class="right s">保险单号：{form.put("policy_no", policy.policy_no)}</p><h1>{title}</h1><p class="s">鉴于投保人已向保险人提出投保申请，并同意按约定交付保险费，保险人依照承保险种及其对应条款和特别约定承担赔偿责任。</p>'
        f'<table class="grid"><tr><td>被保险人</td><td colspan="3">{form.put("insured_name", one.name)}</td></tr><tr><td>证件号码</td><td>{form.put("insured_id", one.number)}</td><td>行驶证车主</td><td>{one.name}</td></tr><tr><td>号牌号码</td><td>{form.put("plate", car.plate)}</td><td>厂牌型号</td><td>{form.put("model", car.brand + car.model)}</td></tr>'
        f'<tr><td>VIN码/车架号</td><td>{form.put("vin", car.vin)}</td><td>发动机号</td><td>{form.put("engine_no", car.engine_no)}</td></tr><tr><td>初次登记日期</td><td>{form.day("register_date", case.register_date, "年0")}</td><td>使用性质</td><td>{form.put("use_character", car.use_character)}</td></tr></table>'
        f'<table class="grid"><tr class="middle"><td>承保险种</td><td>保险金额/责任限额（元）</td><td>绝对免赔率</td><td>保险费（元）</td></tr>{parts}<tr><td>机动车增值服务特约条款（道路救援）</td><td class="right">7次</td><td class="middle">—</td><td class="right">0.00</td></tr></table>'
        f'<table class="grid"><tr><td>保险费合计</td><td>（大写）：{_words(policy.premium)}　（小写）：￥{form.put("premium", figure(policy.premium), policy.premium)}元</td></tr><tr><td>保险期间</td><td>{_span(form, policy, "年", "自{}0时0分起至{}24时0分止")}</td></tr>'
        f'<tr><td>特别约定</td><td class="s">1. 本保单第一受益人为{case.lender.name}，未经其书面同意不得退保、批改。2. 收费确认时间：{dated(policy.issued_on, "-")} 11:02:55。</td></tr><tr><td>重要提示</td><td class="s">本保险合同由保险条款、投保单、保险单、批单和特别约定组成。请您核对以上内容，如有不符，请在48小时内通知保险人。</td></tr></table>'
        f'<p class="s">保险公司名称：{form.put("insurer_name", policy.insurer.name)}　　网址：www.example.cn</p><p class="s">公司地址：{policy.insurer.address}　　联系电话：95XXX</p><p class="s">签单日期：{form.day("issue_date", policy.issued_on, "年0")}　　核保：{case.lender.representative}　　制单：{case.dealer.representative}</p><div class="place">{seal(policy.insurer.name, "保险合同专用章", x=124, y=-22, across=39, tilt=8)}</div></div>'
    )  # fmt: skip
    css = (
        _CSS
        + " .grid{margin-bottom:2mm} .grid td{border-color:#8a8f98} td.right{text-align:right} .middle td{text-align:center}"
    )
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=HEI,
        margin="15mm 16mm 14mm",
        background=PALE,
        mark="top-left",
        faults=case.faults,
    )


def typed(case: Case, random: Random) -> Draft:
    """商业险 typed on an insurer's preprinted landscape sheet; the beneficiary is the lender."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    lines = "".join(
        f"<tr><td colspan='3'><b>{name}</b></td><td colspan='2'><b>{bare(amount)}</b></td><td><b>{bare(price)}</b></td></tr>"
        for name, amount, price in policy.sums
    )
    body = (
        f'<div class="place"><h1>{form.put("insurer_name", policy.insurer.name)}<br>机动车保险单</h1><p style="display:flex;justify-content:space-between"><span>保单号 <b>{form.put("policy_no", policy.policy_no)}</b></span><span>出单日期 <b>{form.day("issue_date", policy.issued_on, "/")}</b></span></p><table class="grid">'
        f'<tr><td>投保人</td><td colspan="2"><b>{one.name}</b></td><td>被保险人</td><td colspan="2"><b>{form.put("insured_name", one.name)}</b></td></tr><tr><td>号牌号码</td><td colspan="2"><b>{form.put("plate", car.plate)}</b></td><td>厂牌型号</td><td colspan="2"><b>{form.put("model", car.brand + car.model)}</b></td></tr>'
        f'<tr><td>车架号</td><td colspan="2"><b>{form.put("vin", car.vin)}</b></td><td>发动机号</td><td colspan="2"><b>{form.put("engine_no", car.engine_no)}</b></td></tr><tr><td colspan="3" class="middle">险别名称</td><td colspan="2" class="middle">保险金额／赔偿限额（元）</td><td class="middle">保费（元）</td></tr>{lines}'
        f'<tr><td>保险费合计</td><td colspan="3">人民币大写：<b>{_words(policy.premium)}</b></td><td colspan="2">￥：<b>{form.put("premium", bare(policy.premium), policy.premium)}</b></td></tr><tr><td>保险期限</td><td colspan="5">{_span(form, policy, "年 ", "自 <b>{}</b> 零时起至 <b>{}</b> 二十四时止")}</td></tr><tr><td>第一受益人</td><td colspan="5"><b>{case.lender.name}</b></td></tr></table>'
        f'<p class="s">代理人：<b>{case.dealer.name}</b>　　复核：<b>{case.co_borrower.name}</b>　　（保险人签章）</p><div class="place">{seal(policy.insurer.name, "业务专用章", x=176, y=-22, across=38, tilt=-10)}</div></div>'
    )  # fmt: skip
    css = (
        _CSS
        + " .place{color:#2f6f8f} .grid td{border-color:#2f6f8f} b{font-weight:normal;font-family:'Liberation Mono','AR PL UKai CN';color:#23232e;position:relative;top:.6mm;left:.6mm} .grid td{font-size:10.2pt;height:10mm} p{font-size:10pt} .middle{text-align:center}"
    )
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=PLAIN_SONG,
        size="A4 landscape",
        margin="13mm 22mm 14mm",
        background="#fafbf7",
        mark="bottom-left",
        faults=case.faults,
    )


def for_another(case: Case, random: Random) -> Draft:
    """商业险 without rules: the dealer took it out for the insured; owner and agent have names and numbers too."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    parts = "".join(
        f"<tr><td>{n}. {name}</td><td>{figure(amount)}</td><td>{figure(price)}</td></tr>"
        for n, (name, amount, price) in enumerate(policy.sums, 1)
    )
    body = (
        f'<div class="place">{code(policy.policy_no, x=150, y=-2, across=22)}<p style="font-size:14pt;color:#7a1f3d">{form.put("insurer_name", policy.insurer.name)}</p><h1 style="text-align:left">机动车商业保险电子保险单</h1>'
        f'<div class="two"><p><i>保单号码</i>{form.put("policy_no", policy.policy_no)}</p><p><i>签单日期</i>{form.day("issue_date", policy.issued_on, "/")}</p><p><i>投保人</i>{case.dealer.name}</p><p><i>投保人证件号</i>{case.dealer.number}</p>'
        f'<p><i>被保险人</i>{form.put("insured_name", one.name)}</p><p><i>被保险人证件号</i>{form.put("insured_id", one.number)}</p><p><i>号牌号码</i>{form.put("plate", car.plate)}</p><p><i>厂牌型号</i>{form.put("model", car.brand + car.model)}</p>'
        f'<p><i>车架号（VIN）</i>{form.put("vin", car.vin)}</p><p><i>发动机号</i>{form.put("engine_no", car.engine_no)}</p><p><i>使用性质</i>{form.put("use_character", car.use_character)}</p><p><i>初登日期</i>{form.day("register_date", case.register_date, "/")}</p></div>'
        f'<p class="h">承保信息</p><table class="l"><tr><td>险种</td><td>保额（元）</td><td>保费（元）</td></tr>{parts}</table><p class="h">合计保费　{form.put("premium", figure(policy.premium), policy.premium)}元（{_words(policy.premium)}）</p>'
        f'<p>保险期间　{_span(form, policy, "年", "{}00时00分00秒 至 {}24时00分00秒")}</p><p>特别约定　发生全损、推定全损或一次事故损失金额超过5000元时，赔款须经第一受益人{case.lender.name}书面同意。</p>'
        f'<p class="s">服务机构：{policy.insurer.name}　{policy.insurer.address}　电话 {policy.insurer.phone}</p><p class="s">业务员：{case.co_borrower.name}　执业证号：{random.randrange(10**14):014}</p><div class="place">{seal(policy.insurer.name, "电子保单专用章", x=112, y=-14, across=38, tilt=5)}</div></div>'
    )  # fmt: skip
    css = (
        _CSS
        + " body{font-size:10pt} .two{display:flex;flex-wrap:wrap;margin:3mm 0} .two p{width:50%;margin:0 0 1.8mm} i{font-style:normal;color:#8a7a80;display:inline-block;width:29mm} .h{font-weight:bold;color:#7a1f3d;margin:3mm 0 1mm} .l td{border-bottom:.2mm solid #ddd0d5}"
    )
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=LIGHT,
        margin="17mm 17mm 15mm",
        background=PALE,
        mark="bottom-center",
        faults=case.faults,
    )


LAYOUTS = (printed, file, coverages, typed, for_another)
