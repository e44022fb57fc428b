"""保险单 of the other world."""

from random import Random

from benchmarks.recognition.case import Case, Policy
from benchmarks.recognition.former.loans import KAI, MICRO, SANS, SERIF
from benchmarks.recognition.press import Draft, Form, code, seal
from carloan.lib import money

KIND = "insurance_policy"
_CSS = "td{font-size:9.3pt;line-height:1.35} h1{font-size:15pt} .s{font-size:8.2pt} table{margin-bottom:2mm}"


def _y(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


def _kind(form: Form, value: str) -> None:
    form.fields["insurance_type"], form.printed["insurance_type"] = value, ""


def framed(case: Case, random: Random) -> Draft:
    """交强险, blue frame, labels in a narrow first column."""
    form, policy, car, one = Form(random, KAI), case.compulsory, case.car, case.borrower
    _kind(form, "compulsory")
    limits = "；".join(f"{name}赔偿限额{_y(amount)}元" for name, amount, _ in policy.sums)
    body = (
        f'<div class="place"><p class="s right">保单号码 {form.put("policy_no", policy.policy_no)}</p><h1>机动车交通事故责任强制保险单（电子保单）</h1>'
        f'<table class="grid"><tr><td>保险公司</td><td colspan="3">{form.put("insurer_name", policy.insurer.name)}</td></tr>'
        f"<tr><td>被保险人</td><td>{form.put('insured_name', one.name)}</td><td>证件号码</td><td>{form.put('insured_id', one.number)}</td></tr>"
        f"<tr><td>号牌号码</td><td>{form.put('plate', car.plate)}</td><td>厂牌型号</td><td>{form.put('model', car.brand + car.model)}</td></tr>"
        f"<tr><td>识别代码(车架号)</td><td>{form.put('vin', car.vin)}</td><td>发动机号码</td><td>{form.put('engine_no', car.engine_no)}</td></tr>"
        f"<tr><td>使用性质</td><td>{form.put('use_character', car.use_character)}</td><td>登记日期</td><td>{form.day('register_date', case.register_date, '-')}</td></tr>"
        f'<tr><td>责任限额</td><td colspan="3">{limits}</td></tr>'
        f'<tr><td>保险费合计(人民币大写)</td><td colspan="3">{money.to_capitals(policy.premium)}（￥：{form.amount("premium", policy.premium, sign="")}元）</td></tr>'
        f'<tr><td>保险期间</td><td colspan="3">自{form.day("valid_from", policy.valid_from, "年0")}00时00分起至{form.day("valid_to", policy.valid_to, "年0")}24时00分止</td></tr>'
        f'<tr><td>代收车船税</td><td colspan="3">当年应缴：￥{form.amount("tax_paid", policy.tax_paid, sign="")}元　合计（大写）：{money.to_capitals(policy.tax_paid) if policy.tax_paid else "零元整"}</td></tr>'
        f'<tr><td>特别约定</td><td colspan="3">第一受益人：{case.lender.name}。本保单为电子保单，可登录官网查验真伪。</td></tr></table>'
        f'<p class="s">保险人地址：{policy.insurer.address}　签单日期：{form.day("issue_date", policy.issued_on, "年0")}</p>{seal(policy.insurer.name, "承保专用章(电子)", x=116, y=116, across=38, tilt=4)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        css=_CSS + ".grid td{border-color:#4a78b5}",
        font=SANS,
        margin="18mm 16mm",
        background="#ffffff",
        faults=case.faults,
    )


def letterhead(case: Case, random: Random) -> Draft:
    """商业险 with the insurer's head, two blocks and a schedule."""
    form, policy, car, one = Form(random, KAI), case.commercial, case.car, case.borrower
    _kind(form, "commercial")
    parts = "".join(f"<tr><td>{n}</td><td>{_y(s)}</td><td>否</td><td>{_y(p)}</td></tr>" for n, s, p in policy.sums)
    body = (
        f'<div class="place"><p style="font-size:13pt;color:#a33">{form.put("insurer_name", policy.insurer.name)}</p><h1>机动车商业保险保险单</h1><p>保险单号 {form.put("policy_no", policy.policy_no)}　　收费确认时间 {policy.issued_on.isoformat()} 09:12</p>'
        f"<p>被保险人：{form.put('insured_name', one.name)}　　证件号：{form.put('insured_id', one.number)}</p><p>车牌号：{form.put('plate', car.plate)}　　车辆型号：{form.put('model', car.brand + car.model)}</p>"
        f"<p>车架号：{form.put('vin', car.vin)}　　发动机号：{form.put('engine_no', car.engine_no)}</p>"
        f'<table class="grid"><tr><td>投保险种</td><td>保险金额（元）</td><td>绝对免赔</td><td>保险费（元）</td></tr>{parts}</table>'
        f"<p>保费合计：RMB {form.amount('premium', policy.premium, sign='')}　（{money.to_capitals(policy.premium)}）</p><p>保险期间：{form.day('valid_from', policy.valid_from, '-')} 0时 至 {form.day('valid_to', policy.valid_to, '-')} 24时</p>"
        f'<p class="s">特别约定：本车发生全损时，赔款优先支付给{case.lender.name}。</p><p class="s">签单日期：{form.day("issue_date", policy.issued_on, "/")}</p>{seal(policy.insurer.name, "保险单专用章", x=112, y=122, across=40, tilt=-7)}</div>'
    )
    return Draft(KIND, body, form, css=_CSS, font=SERIF, margin="20mm 20mm", mark="top-right", faults=case.faults)


def phone_screen(case: Case, random: Random) -> Draft:
    """What an insurer's mini-program saves as a picture: one column, grey labels, on a narrow page."""
    form, policy, car, one = Form(random, KAI), case.compulsory, case.car, case.borrower
    _kind(form, "compulsory")
    pairs = (
        ("保险公司", form.put("insurer_name", policy.insurer.name)), ("交强险保单号", form.put("policy_no", policy.policy_no)), ("被保险人", form.put("insured_name", one.name)),
        ("车牌号", form.put("plate", car.plate)), ("车架号", form.put("vin", car.vin)), ("保险起期", form.day("valid_from", policy.valid_from, "-")),
        ("保险止期", form.day("valid_to", policy.valid_to, "-")), ("交强险保费", f"{form.amount('premium', policy.premium, sign='')}元"), ("车船税", f"{form.amount('tax_paid', policy.tax_paid, sign='')}元"),
    )  # fmt: skip
    body = (
        '<h1 style="font-size:13pt">交强险电子保单</h1><p style="color:#888">机动车交通事故责任强制保险</p>'
        + "".join(
            f'<p style="border-bottom:.2mm solid #ddd;padding:2mm 0"><span style="color:#888;display:inline-block;width:30mm">{k}</span>{v}</p>'
            for k, v in pairs
        )
    )
    return Draft(
        KIND,
        body,
        form,
        css="body{font-size:10.5pt}",
        font=MICRO,
        size="110mm 190mm",
        margin="10mm 9mm 14mm",
        background="#ffffff",
        faults=case.faults,
    )


def _group(form: Form, policy: Policy) -> str:
    return f"{form.day('valid_from', policy.valid_from, '年 ')}零时起至{form.day('valid_to', policy.valid_to, '年 ')}二十四时止"


def old_print(case: Case, random: Random) -> Draft:
    """商业险 typed into a preprinted form: labels pale, values in another typeface, a little off their lines."""
    form, policy, car, one = Form(random, KAI), case.commercial, case.car, case.borrower
    _kind(form, "commercial")

    def typed(inner: str) -> str:
        return f'<span class="t">{inner}</span>'

    lines = "".join(
        f"<tr><td>{typed(n)}</td><td>{typed(_y(s))}</td><td>{typed(_y(p))}</td></tr>" for n, s, p in policy.sums
    )
    body = (
        f'<div class="place" style="color:#7a5b4a"><h1>机动车辆商业保险保险单（正本）</h1><p>No.{typed(form.put("policy_no", policy.policy_no))}</p><table class="grid"><tr><td>被保险人</td><td colspan="2">{typed(form.put("insured_name", one.name))}</td></tr>'
        f"<tr><td>牌照号码</td><td>{typed(form.put('plate', car.plate))}</td><td>车架号码 {typed(form.put('vin', car.vin))}</td></tr><tr><td>发动机号</td><td>{typed(form.put('engine_no', car.engine_no))}</td><td>厂牌型号 {typed(form.put('model', car.brand + car.model))}</td></tr>"
        f'<tr><td>承保险别</td><td>保险金额/赔偿限额(元)</td><td>保险费(元)</td></tr>{lines}<tr><td>保险费合计</td><td colspan="2">（大写）{typed(money.to_capitals(policy.premium))} ￥{typed(form.amount("premium", policy.premium, sign=""))}</td></tr>'
        f'<tr><td>保险期限</td><td colspan="2">自{typed(_group(form, policy))}</td></tr></table><p>保险人：{form.put("insurer_name", policy.insurer.name)}</p>{code(policy.policy_no, x=146, y=0, across=18)}{seal(policy.insurer.name, "业务专用章", x=100, y=98, across=40)}</div>'
    )
    css = _CSS + f'.t{{font-family:"{KAI}";color:#1c1c22;position:relative;top:.5mm}}'
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=SERIF,
        size="A4 landscape",
        margin="16mm 40mm 14mm 20mm",
        background="#fdf8f0",
        mark="top-left",
        faults=case.faults,
    )


LAYOUTS = (framed, letterhead, phone_screen, old_print)
