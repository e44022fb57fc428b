"""结清证明 of the other world: a letter to the vehicle office, a notice, a bilingual one, a system slip with a code."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.former.loans import KAI, MICRO, SANS, SERIF
from benchmarks.recognition.press import Draft, Form, code, seal

KIND = "settlement_certificate"


def letter(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.borrower
    body = (
        f'<h1>贷款结清证明书</h1><p class="right">（{form.put("certificate_no", case.settlement_no)}）</p><p>致：{case.authority}车辆管理所</p>'
        f'<p class="in">我公司客户{form.put("borrower_name", one.name)}，证件号码{form.put("borrower_id", one.number)}，于{case.signed_on.year}年{case.signed_on.month}月与我公司签订汽车贷款合同（合同编号：{form.put("contract_no", case.contract_no)}），'
        f"贷款金额人民币{form.amount('principal', case.principal, sign='')}元，所购车辆车架号为{form.put('vin', case.car.vin)}，车牌号为{form.put('plate', case.car.plate)}。</p>"
        f'<p class="in">截至{form.day("settled_on", case.settled_on)}，该客户已还清上述合同项下全部贷款本息。请贵所为其办理车辆解押手续。</p>'
        f'<div class="place right" style="margin-top:24mm"><p class="right">{form.put("lender_name", case.lender.name)}</p><p class="right">{form.day("issue_date", case.settled_on, "年 ")}</p>{seal(case.lender.name, "贷后管理专用章", x=104, y=-12, across=42, tilt=6)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=SERIF,
        css="body{font-size:13pt;line-height:2.1} .in{text-indent:2em}",
        margin="30mm 26mm",
        faults=case.faults,
    )


def notice(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.borrower
    body = (
        f"<h1>结清通知书</h1><p>{form.put('borrower_name', one.name)} 先生/女士：</p><p>您在我司办理的汽车贷款已于 {form.day('settled_on', case.settled_on, '-')} 结清，特此证明。贷款信息如下：</p>"
        f'<table class="grid"><tr><td>合同号</td><td>{form.put("contract_no", case.contract_no)}</td></tr><tr><td>证件号码</td><td>{form.put("borrower_id", one.number)}</td></tr>'
        f"<tr><td>贷款金额</td><td>{form.amount('principal', case.principal)}</td></tr><tr><td>贷款起止</td><td>{case.signed_on.isoformat()} 至 {case.last_due.isoformat()}</td></tr>"
        f"<tr><td>车架号</td><td>{form.put('vin', case.car.vin)}</td></tr><tr><td>剩余本金</td><td>￥0.00</td></tr></table>"
        f'<div class="place" style="margin-top:16mm"><p>{form.put("lender_name", case.lender.name)}</p><p>开具日期：{form.day("issue_date", case.settled_on, "-")}</p>{seal(case.lender.name, "客户服务专用章", x=6, y=-16, across=38, tilt=-9)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=SANS,
        css="td{padding:2.4mm 3mm}",
        margin="26mm 28mm",
        mark="top-left",
        background="#ffffff",
        faults=case.faults,
    )


def bilingual(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.borrower
    pairs = (
        ("借款人 Borrower", form.put("borrower_name", one.name)), ("证件号码 ID No.", form.put("borrower_id", one.number)),
        ("合同编号 Contract No.", form.put("contract_no", case.contract_no)), ("贷款本金 Principal", form.amount("principal", case.principal, sign="CNY ")),
        ("结清日期 Settlement Date", form.day("settled_on", case.settled_on, "/")),
    )  # fmt: skip
    body = (
        '<h1>贷款结清证明<br><span style="font-size:12pt">Certificate of Loan Settlement</span></h1>'
        + "".join(f'<p><span style="display:inline-block;width:62mm">{k}：</span>{v}</p>' for k, v in pairs)
        + f'<p>兹证明上述借款人已结清该笔贷款的全部本金及利息。</p><div class="place" style="margin-top:18mm"><p>{form.put("lender_name", case.lender.name)}</p><p>出具日期 Date: {form.day("issue_date", case.settled_on, "-")}</p>{seal(case.lender.name, "业务章", x=34, y=-14, across=40)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=MICRO,
        css="body{font-size:11.5pt;line-height:2}",
        margin="28mm 24mm",
        mark="bottom-right",
        faults=case.faults,
    )


def slip(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.borrower
    body = (
        f'<div class="place"><h1 style="font-size:14pt;text-align:left">个人汽车贷款结清证明</h1>{code(case.settlement_no, x=98, y=0, across=22)}<p>编号 {form.put("certificate_no", case.settlement_no)}</p>'
        f"<p>姓名 {form.put('borrower_name', one.name)}</p><p>证件号 {form.put('borrower_id', one.number)}</p><p>贷款合同编号 {form.put('contract_no', case.contract_no)}</p>"
        f"<p>原贷款金额（元） {form.amount('principal', case.principal, sign='')}</p><p>车牌号码 {form.put('plate', case.car.plate)}</p><p>结清时间 {form.day('settled_on', case.settled_on, '年0')}</p>"
        f"<p>以上贷款已全部结清，本证明加盖公章后生效。</p><p>{form.put('lender_name', case.lender.name)}　{form.day('issue_date', case.settled_on, '-')}</p>{seal(case.lender.name, '柜面业务章', x=58, y=70, across=36, oval=0.72, star=False)}</div>"
    )
    return Draft(
        KIND, body, form, font=SERIF, size="148mm 160mm", margin="14mm 12mm", mark="top-center", faults=case.faults
    )


LAYOUTS = (letter, notice, bilingual, slip)
