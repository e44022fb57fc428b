"""结清证明: labelled lines, one paragraph, a bank's print-out, a table, with consent to release the lien."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, seal

KIND = "settlement_certificate"


def _foot(form: Form, case: Case, style: str, bottom: str = "业务专用章") -> str:
    return (
        f'<div class="place right" style="margin-top:22mm;padding-right:10mm"><p class="right">{form.put("lender_name", case.lender.name)}</p>'
        f'<p class="right">{form.day("issue_date", case.settled_on, style)}</p>'
        f"{seal(case.lender.name, bottom, x=104, y=-14, across=42, tilt=form.random.uniform(-12, 12))}</div>"
    )


def lines(case: Case, random: Random) -> Draft:
    form, one = Form(random), case.borrower
    rows = (
        ("合同编号", form.put("contract_no", case.contract_no)), ("借款人", form.put("borrower_name", one.name)),
        ("证件号码", form.put("borrower_id", one.number)),
        ("借款金额", form.put("principal", f"人民币{case.principal / 100:.2f}元", case.principal)),
        ("号牌号码", form.put("plate", case.car.plate)), ("车辆识别代号", form.put("vin", case.car.vin)),
    )  # fmt: skip
    body = (
        f'<h1>贷款结清证明</h1><p class="right">编号：{form.put("certificate_no", case.settlement_no)}</p>'
        + "".join(f'<p>{name}：<span class="line">{value}</span></p>' for name, value in rows)
        + f"<p>　　上述借款的本金、利息及其他应付款项已于{form.day('settled_on', case.settled_on)}全部结清。特此证明。</p>"
        + _foot(form, case, "年")
    )
    return Draft(KIND, body, form, font="AR PL SungtiL GB", css="body{font-size:14pt;line-height:2}", margin="30mm 26mm",
                 faults=case.faults)  # fmt: skip


def paragraph(case: Case, random: Random) -> Draft:
    form, one = Form(random), case.borrower
    who = "" if one.is_company else f"（身份证号码：{form.put('borrower_id', one.number)}）"
    body = (
        f'<h1 style="margin-top:20mm">结 清 证 明</h1><p style="text-indent:2em;line-height:2.2">兹证明{form.put("borrower_name", one.name)}{who}'
        f"与我公司签订的编号为{form.put('contract_no', case.contract_no)}的借款合同，贷款金额{form.amount('principal', case.principal, sign='')}元，"
        f"已于{form.day('settled_on', case.settled_on, '年0')}结清全部本息，双方债权债务关系终止。</p>"
        f'<p style="text-indent:2em;line-height:2.2">我公司同意办理车牌号码{form.put("plate", case.car.plate)}、车架号{form.put("vin", case.car.vin)}车辆的解除抵押手续。</p>'
        f'<p style="text-indent:2em">特此证明。</p>{_foot(form, case, "年", "财务专用章")}'
    )
    return Draft(
        KIND, body, form, font="AR PL UMing CN", css="body{font-size:15pt}", margin="28mm 28mm", faults=case.faults
    )


def print_out(case: Case, random: Random) -> Draft:
    """From a bank's counter: a small sheet, set in fixed rows, filled by the system."""
    form, one = Form(random), case.borrower
    rows = (
        ("客户姓名", form.put("borrower_name", one.name)), ("证件号码", form.put("borrower_id", one.number)),
        ("合同编号", form.put("contract_no", case.contract_no)), ("贷款金额", form.amount("principal", case.principal, sign="")),
        ("贷款余额", "0.00"), ("结清日期", form.day("settled_on", case.settled_on, "-")),
        ("打印日期", form.day("issue_date", case.settled_on, "-")),
    )  # fmt: skip
    body = (
        f'<div class="place"><h1 style="font-size:15pt">个人贷款结清证明</h1><p>证明编号：{form.put("certificate_no", case.settlement_no)}</p><table>'
        + "".join(f'<tr><td style="width:34%">{name}：</td><td>{value}</td></tr>' for name, value in rows)
        + f"</table><p>该客户在我行办理的上述贷款已结清，抵押权随主债权消灭。</p><p>{form.put('lender_name', case.lender.name)}</p>"
        f"{seal(case.lender.name, '业务办讫章', x=66, y=56, across=34, oval=0.7, star=False)}</div>"
    )
    return Draft(KIND, body, form, size="A5", margin="14mm 16mm", mark="top-center", faults=case.faults)


def table(case: Case, random: Random) -> Draft:
    form, one = Form(random), case.borrower
    rows = (
        ("借款人", form.put("borrower_name", one.name)), ("身份证号", form.put("borrower_id", one.number)),
        ("借款合同编号", form.put("contract_no", case.contract_no)),
        ("贷款本金（元）", form.amount("principal", case.principal, sign="")),
        ("贷款期限", f"{case.term_months}个月"), ("结清时间", form.day("settled_on", case.settled_on, "年0")),
        ("抵押车辆车牌号", form.put("plate", case.car.plate)), ("车架号", form.put("vin", case.car.vin)),
    )  # fmt: skip
    body = (
        '<h1>汽车贷款结清证明书</h1><table class="grid">'
        + "".join(f'<tr><td style="width:38%">{name}</td><td>{value}</td></tr>' for name, value in rows)
        + '</table><p style="margin-top:6mm">以上贷款本息已全部还清，请贵所协助办理解除抵押登记。</p>'
        + _foot(form, case, "年 ")
    )
    return Draft(KIND, body, form, css="td{padding:3mm} body{font-size:12pt}", margin="26mm 24mm", mark="top-right",
                 faults=case.faults)  # fmt: skip


LAYOUTS = (lines, paragraph, print_out, table)
