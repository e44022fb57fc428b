"""保险单: 交强险 with its tax block, 商业险 with its table of sums, an electronic policy of each, and a short form."""

from random import Random

from benchmarks.recognition.case import Case, Policy
from benchmarks.recognition.press import Draft, Form, code, seal
from carloan.lib import money

KIND = "insurance_policy"
_CSS = """
table { table-layout: fixed } td { font-size: 9pt; line-height: 1.35; padding: 1mm 1.2mm } .small { font-size: 8pt }
.narrow { width: 9mm; text-align: center } h1 { font-size: 16pt } .head { display: flex; justify-content: space-between }
"""


def yuan(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


def _kind(form: Form, value: str) -> None:
    """交强 or 商业: told by the title of the paper, not by a line of its own."""
    form.fields["insurance_type"], form.printed["insurance_type"] = value, ""


def _span(form: Form, policy: Policy, style: str = "年") -> str:
    return f"自 {form.day('valid_from', policy.valid_from, style)} 零时起至 {form.day('valid_to', policy.valid_to, style)} 二十四时止"


def compulsory(case: Case, random: Random) -> Draft:
    """机动车交通事故责任强制保险单, the copy for the owner."""
    form, policy, car, one = Form(random), case.compulsory, case.car, case.borrower
    _kind(form, "compulsory")
    total = policy.premium + policy.tax_paid
    limits = "".join(
        f"<tr><td>{policy.sums[n][0]}</td><td>{yuan(policy.sums[n][1])}元</td>"
        f"<td>{policy.sums[n + 3][0]}</td><td>{yuan(policy.sums[n + 3][1])}元</td></tr>"
        for n in range(3)
    )
    body = (
        f'<div class="place"><h1>机动车交通事故责任强制保险单</h1><div class="head"><span>{form.put("insurer_name", policy.insurer.name)}</span>'
        f"<span>保险单号：{form.put('policy_no', policy.policy_no)}</span></div>"
        f'<table class="grid"><tr><td style="width:24mm">被保险人</td><td colspan="5">{form.put("insured_name", one.name)}</td></tr>'
        f'<tr><td colspan="2">被保险人身份证号码（统一社会信用代码）</td><td colspan="4">{form.put("insured_id", one.number)}</td></tr>'
        f'<tr><td>地址</td><td colspan="3">{one.address}</td><td>联系电话</td><td>{one.phone}</td></tr>'
        f"<tr><td>号牌号码</td><td>{form.put('plate', car.plate)}</td><td>机动车种类</td><td>客车</td><td>使用性质</td><td>{form.put('use_character', car.use_character)}</td></tr>"
        f'<tr><td>发动机号码</td><td colspan="2">{form.put("engine_no", car.engine_no)}</td><td>识别代码（车架号）</td><td colspan="2">{form.put("vin", car.vin)}</td></tr>'
        f'<tr><td>厂牌型号</td><td colspan="2">{form.put("model", car.brand + car.model)}</td><td>核定载客</td><td>{car.seats} 人</td><td></td></tr>'
        f'</table><table class="grid"><tr><td colspan="4">责任限额</td></tr>{limits}</table>'
        f'<table class="grid"><tr><td>与道路交通安全违法行为和道路交通事故相联系的浮动比率：-10%</td></tr>'
        f"<tr><td>保险费合计（人民币大写）：{money.to_capitals(policy.premium)}　（¥：{form.amount('premium', policy.premium, sign='')} 元）"
        "其中救助基金（1.00%）</td></tr>"
        f"<tr><td>保险期间　{_span(form, policy)}</td></tr><tr><td>保险合同争议解决方式：诉讼</td></tr></table>"
        f'<table class="grid"><tr><td rowspan="2" style="width:14mm">代收车船税</td><td>整备质量 {car.mass} 千克</td><td>纳税人识别号 {one.number}</td></tr>'
        f"<tr><td>当年应缴 ¥：{form.amount('tax_paid', policy.tax_paid, sign='')} 元　往年补缴 ¥：0.00 元　滞纳金 ¥：0.00 元</td>"
        f"<td>合计（人民币大写）：{money.to_capitals(policy.tax_paid)}</td></tr></table>"
        f'<p class="small">保险费和车船税合计：¥{yuan(total)}　特别约定：本保单第一受益人为{case.lender.name}。</p>'
        f'<p class="small">公司名称：{policy.insurer.name}　公司地址：{policy.insurer.address}　服务电话：{policy.insurer.phone}</p>'
        f'<p class="small">签单日期：{form.day("issue_date", policy.issued_on, "-")}　核保：自动核保　制单：系统　经办：{case.co_borrower.name}</p>'
        f"{seal(policy.insurer.name, '保单专用章', x=118, y=158, across=38, tilt=5)}{code(policy.policy_no, x=0, y=-6, across=16)}</div>"
    )
    return Draft(
        KIND,
        body,
        form,
        css=_CSS,
        font="AR PL SungtiL GB",
        margin="16mm 15mm",
        background="#fbf6f2",
        faults=case.faults,
    )


def _rows(policy: Policy) -> str:
    return "".join(f"<tr><td>{n}</td><td>{yuan(s)}</td><td>{yuan(p)}</td></tr>" for n, s, p in policy.sums)


def commercial(case: Case, random: Random) -> Draft:
    """机动车商业保险保险单, an electronic one with the parts in a table."""
    form, policy, car, one = Form(random), case.commercial, case.car, case.borrower
    _kind(form, "commercial")
    body = (
        f'<div class="place"><h1>机动车商业保险保险单（电子保单）</h1><p class="right">保险单号：{form.put("policy_no", policy.policy_no)}</p>'
        f'<p class="small">鉴于投保人已向保险人提出投保申请，并同意按约定交付保险费，保险人依照承保险种及其对应条款和特别约定承担赔偿责任。</p>'
        f'<table class="grid"><tr><td>被保险人</td><td>{form.put("insured_name", one.name)}</td><td>证件号码</td><td>{form.put("insured_id", one.number)}</td></tr>'
        f"<tr><td>号牌号码</td><td>{form.put('plate', car.plate)}</td><td>厂牌型号</td><td>{form.put('model', car.brand + car.model)}</td></tr>"
        f"<tr><td>VIN码/车架号</td><td>{form.put('vin', car.vin)}</td><td>发动机号</td><td>{form.put('engine_no', car.engine_no)}</td></tr>"
        f"<tr><td>初登日期</td><td>{form.day('register_date', case.register_date, '-')}</td><td>使用性质</td><td>{form.put('use_character', car.use_character)}</td></tr></table>"
        f'<table class="grid" style="margin-top:2mm"><tr><td>承保险种</td><td>保险金额/责任限额（元）</td><td>保险费小计（元）</td></tr>{_rows(policy)}'
        f'<tr><td>保险费合计</td><td colspan="2">人民币大写：{money.to_capitals(policy.premium)}　（¥{form.amount("premium", policy.premium, sign="")}）</td></tr>'
        f'<tr><td>保险期间</td><td colspan="2">{_span(form, policy, "年0")}</td></tr>'
        f'<tr><td>特别约定</td><td colspan="2">1. 本保险合同第一受益人为{case.lender.name}。2. 出险后请于48小时内报案。</td></tr></table>'
        f'<p class="small" style="margin-top:3mm">保险人：{form.put("insurer_name", policy.insurer.name)}</p>'
        f'<p class="small">地址：{policy.insurer.address}　客服电话：{policy.insurer.phone}　签单日期：{form.day("issue_date", policy.issued_on, "-")}</p>'
        f"{seal(policy.insurer.name, '电子保单专用章', x=60, y=146, across=38)}</div>"
    )
    return Draft(KIND, body, form, css=_CSS, margin="16mm 16mm", mark="top-left", faults=case.faults)


def electronic_compulsory(case: Case, random: Random) -> Draft:
    """交强险 as the insurer mails it: label and value in two columns, no ruled frame."""
    form, policy, car, one = Form(random), case.compulsory, case.car, case.borrower
    _kind(form, "compulsory")
    pairs = (
        ("保单号", form.put("policy_no", policy.policy_no)), ("被保险人", form.put("insured_name", one.name)),
        ("证件号码", form.put("insured_id", one.number)), ("车牌号码", form.put("plate", car.plate)),
        ("车辆识别代号", form.put("vin", car.vin)), ("发动机号", form.put("engine_no", car.engine_no)),
        ("保费合计", form.amount("premium", policy.premium)), ("代收车船税", form.amount("tax_paid", policy.tax_paid)),
        ("保险起期", f"{form.day('valid_from', policy.valid_from, '-')} 00:00"),
        ("保险止期", f"{form.day('valid_to', policy.valid_to, '-')} 24:00"),
        ("签单日期", form.day("issue_date", policy.issued_on, "-")), ("保险公司", form.put("insurer_name", policy.insurer.name)),
    )  # fmt: skip
    body = (
        '<div class="place"><h1 style="text-align:left;color:#1f4f8f">机动车交通事故责任强制保险<br>电子保险单</h1><table>'
        + "".join(f'<tr><td style="width:30%;color:#667">{k}</td><td>{v}</td></tr>' for k, v in pairs)
        + '</table><h2 style="font-size:11pt;color:#1f4f8f">责任限额</h2><table>'
        + "".join(f'<tr><td style="width:60%">{n}</td><td class="right">{yuan(s)}</td></tr>' for n, s, _ in policy.sums)
        + f"</table>{code(policy.policy_no, x=140, y=0, across=26)}"
        f"{seal(policy.insurer.name, '电子保单专用章', x=96, y=96, across=38, tilt=-8)}</div>"
    )
    return Draft(
        KIND, body, form, css=_CSS + "td{font-size:10.5pt}", margin="20mm 22mm", mark="bottom-left", faults=case.faults
    )


def commercial_landscape(case: Case, random: Random) -> Draft:
    """商业险 on a landscape sheet, car and owner side by side, premiums right."""
    form, policy, car, one = Form(random), case.commercial, case.car, case.borrower
    _kind(form, "commercial")
    body = (
        f'<div class="place"><div class="head"><span>{form.put("insurer_name", policy.insurer.name)}</span><span>No. {form.put("policy_no", policy.policy_no)}</span></div>'
        '<h1>机动车综合商业保险保险单</h1><div style="display:flex;gap:6mm"><div style="width:46%"><table class="grid">'
        f"<tr><td>被保险人</td><td>{form.put('insured_name', one.name)}</td></tr><tr><td>行驶证车主</td><td>{one.name}</td></tr>"
        f"<tr><td>号牌号码</td><td>{form.put('plate', car.plate)}</td></tr><tr><td>车架号</td><td>{form.put('vin', car.vin)}</td></tr>"
        f"<tr><td>发动机号</td><td>{form.put('engine_no', car.engine_no)}</td></tr><tr><td>核定载客</td><td>{car.seats}人</td></tr></table></div>"
        f'<div style="width:54%"><table class="grid"><tr><td>险种名称</td><td>保险金额（元）</td><td>保费（元）</td></tr>{_rows(policy)}</table></div></div>'
        f'<table class="grid" style="margin-top:3mm"><tr><td style="width:30mm">保险费合计</td><td>{money.to_capitals(policy.premium)}　¥{form.amount("premium", policy.premium, sign="")}</td></tr>'
        f"<tr><td>保险期限</td><td>{_span(form, policy, '年 ')}</td></tr><tr><td>签单时间</td><td>{form.day('issue_date', policy.issued_on, '-')} 10:24:36</td></tr></table>"
        f'<p class="small">收费确认码 {random.randrange(10**9):09}　请妥善保管本保险单</p>{seal(policy.insurer.name, "承保业务专用章", x=190, y=70, across=40)}</div>'
    )
    return Draft(
        KIND, body, form, css=_CSS, font="AR PL UMing CN", size="A4 landscape", margin="16mm 18mm", faults=case.faults
    )


LAYOUTS = (compulsory, commercial, electronic_compulsory, commercial_landscape)
