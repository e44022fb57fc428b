"""结清证明 in which more than one day, number, sum and person could be meant."""

from datetime import timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, dated, seal
from carloan.lib import money

KIND = "settlement_certificate"
SERIF, SANS, UMING = "AR PL SungtiL GB", "WenQuanYi Zen Hei", "AR PL UMing CN"


def _foot(form: Form, case: Case, written: int, style: str = "年") -> str:
    """The lender and the day of the letter, some days after the settlement."""
    day = case.settled_on + timedelta(days=written)
    return (
        f'<div class="place" style="margin-top:20mm"><p class="right">{form.put("lender_name", case.lender.name)}</p>'
        f'<p class="right">{form.day("issue_date", day, style)}</p>{seal(case.lender.name, "业务专用章", x=104, y=-12, across=40)}</div>'
    )


def since_then(case: Case, random: Random) -> Draft:
    """The first day of the sentence is that of the contract."""
    form, one = Form(random), case.borrower
    body = (
        f'<h1>贷款结清证明</h1><p class="in">借款人{form.put("borrower_name", one.name)}（证件号码：{form.put("borrower_id", one.number)}）于{dated(case.signed_on, "年")}'
        f"与我公司签订编号为{form.put('contract_no', case.contract_no)}的借款合同，借款{form.amount('principal', case.principal, sign='')}元，用于购买车辆。"
        f'截至{form.day("settled_on", case.settled_on)}，上述借款本息已全部结清。</p><p class="in">特此证明。</p>{_foot(form, case, random.randrange(1, 20))}'
    )
    return Draft(
        KIND, body, form, font=SERIF, css="body{font-size:13pt;line-height:2} .in{text-indent:2em}", faults=case.faults
    )


def to_the_office(case: Case, random: Random) -> Draft:
    """To the vehicle office: the owner of the car is not the borrower, and an agent comes with the letter."""
    form, one, owner, car = Form(random), case.borrower, case.co_borrower, case.car
    body = (
        f'<h1>贷款结清暨解除抵押通知书</h1><p>{case.authority}车辆管理所：</p><p class="in">抵押人{owner.name}（证件号码{owner.number}）名下车牌号{form.put("plate", car.plate)}、'
        f"车架号{form.put('vin', car.vin)}的机动车，为借款人{form.put('borrower_name', one.name)}（证件号码{form.put('borrower_id', one.number)}）在我公司的借款提供抵押"
        f"（抵押合同编号：{case.mortgage_no}）。该借款（借款合同编号：{form.put('contract_no', case.contract_no)}）已于{form.day('settled_on', case.settled_on)}全部结清，"
        f"现委托代理人{case.lender.representative}前往贵所办理解除抵押登记。</p>{_foot(form, case, random.randrange(2, 30))}"
    )
    return Draft(
        KIND,
        body,
        form,
        font=UMING,
        css="body{font-size:12.5pt;line-height:2} .in{text-indent:2em}",
        faults=case.faults,
    )


def statement(case: Case, random: Random) -> Draft:
    """A print-out of the whole loan: every day it ever had, every sum that was paid."""
    form, one = Form(random), case.borrower
    printed = case.settled_on + timedelta(days=random.randrange(3, 60))
    interest = case.principal * case.rate // 1_000_000
    rows = (
        ("客户名称", form.put("borrower_name", one.name), "证件号码", form.put("borrower_id", one.number)),
        ("贷款合同号", form.put("contract_no", case.contract_no), "放款账号", case.account),
        ("放款日期", case.signed_on.isoformat(), "到期日期", case.last_due.isoformat()),
        ("发放金额", form.amount("principal", case.principal, sign=""), "已还利息", money.plain(interest)),
        ("已还本金", money.plain(case.principal), "本息合计", money.plain(case.principal + interest)),
        ("结清日期", form.day("settled_on", case.settled_on, "-"), "结清方式", "提前结清"),
    )
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    body = (
        f'<h1 style="font-size:15pt">贷款结清凭证</h1><p>凭证号：{form.put("certificate_no", case.settlement_no)}　　打印时间：{form.day("issue_date", printed, "-")}</p>'
        f'<table class="grid">{lines}</table><p style="margin-top:5mm">上述贷款已结清，特此证明。</p>'
        f'<div class="place"><p>{form.put("lender_name", case.lender.name)}　经办：{case.lender.representative}　复核：{case.dealer.representative}</p>'
        f"{seal(case.lender.name, '业务讫章', x=60, y=-8, across=36)}</div>"
    )
    return Draft(KIND, body, form, font=SANS, css="td{font-size:9.5pt}", margin="18mm 16mm", faults=case.faults)


def two_of_them(case: Case, random: Random) -> Draft:
    """Two borrowers, a guarantor and the dealer; the sum in words is the car's price."""
    form, one, other = Form(random), case.borrower, case.co_borrower
    body = (
        f'<h1>结 清 证 明</h1><p>编号：{form.put("certificate_no", case.settlement_no)}</p><p class="in">兹证明我行客户{form.put("borrower_name", one.name)}、{other.name}（证件号码分别为'
        f"{form.put('borrower_id', one.number)}、{other.number}）向{case.dealer.name}购买汽车，车价{money.to_capitals(case.price)}，其中向我行贷款"
        f"{form.amount('principal', case.principal)}元（合同编号{form.put('contract_no', case.contract_no)}），该笔贷款已于{form.day('settled_on', case.settled_on)}提前结清。</p>"
        f"{_foot(form, case, random.randrange(0, 10))}"
    )
    return Draft(
        KIND, body, form, font=SERIF, css="body{font-size:13pt;line-height:2} .in{text-indent:2em}", faults=case.faults
    )


def after_a_transfer(case: Case, random: Random) -> Draft:
    """The debt was transferred: who signs is not who lent, and the first contract had another number."""
    form, one = Form(random), case.borrower
    moved = case.signed_on + timedelta(days=100)
    body = (
        f"<h1>还清通知</h1><p>{form.put('borrower_name', one.name)}：</p><p>　　您原于{dated(case.signed_on, '年')}向{case.dealer.name}申请的分期付款（申请编号：{case.mortgage_no}），"
        f"其债权已于{dated(moved, '年')}转让给{form.put('lender_name', case.lender.name)}，合同编号变更为{form.put('contract_no', case.contract_no)}。"
        f"您已于{form.day('settled_on', case.settled_on)}还清全部款项共计{money.plain(case.principal + 120_000)}元，其中本金{form.amount('principal', case.principal, sign='')}元。</p>"
        f'<p class="right">{case.dealer.name}（代章）</p><p class="right">{form.day("issue_date", case.settled_on + timedelta(days=4))}</p>'
    )
    return Draft(KIND, body, form, font=UMING, css="body{font-size:12pt;line-height:1.9}", faults=case.faults)


def card(case: Case, random: Random) -> Draft:
    """Labels in two columns set close together, the value under its label."""
    form, one = Form(random), case.borrower
    pairs = (
        ("借款人", form.put("borrower_name", one.name)), ("身份证件号码", form.put("borrower_id", one.number)),
        ("合同号码", form.put("contract_no", case.contract_no)), ("贷款本金", form.amount("principal", case.principal)),
        ("发放日", case.signed_on.isoformat()), ("结清日", form.day("settled_on", case.settled_on, "-")),
        ("车架号", form.put("vin", case.car.vin)), ("车牌号", form.put("plate", case.car.plate)),
    )  # fmt: skip
    cells = "".join(f'<div class="cell"><small>{label}</small><br>{value}</div>' for label, value in pairs)
    body = f'<h1>贷款结清告知函</h1><div class="cells">{cells}</div><p>该笔贷款已结清，无任何欠款。</p>{_foot(form, case, 1, "-")}'
    css = ".cells{display:grid;grid-template-columns:1fr 1fr;row-gap:4mm;margin:6mm 0} small{color:#777}"
    return Draft(KIND, body, form, font=SANS, css=css, faults=case.faults)


LAYOUTS = (since_then, to_the_office, statement, two_of_them, after_a_transfer, card)
