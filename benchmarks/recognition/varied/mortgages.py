"""抵押合同 in which more than one person, number, sum and day could be meant."""

from datetime import timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, dated, seal
from benchmarks.recognition.seen.clauses import MORTGAGE, some
from carloan.lib import money

KIND = "mortgage_contract"
SERIF, SANS, UMING = "AR PL SungtiL GB", "WenQuanYi Zen Hei", "AR PL UMing CN"


def _clauses(random: Random, count: int) -> str:
    return "".join(f"<p>{n + 1}. {clause}</p>" for n, clause in enumerate(some(random, MORTGAGE, count)))


def another_owner(case: Case, random: Random) -> Draft:
    """The car is another person's than the borrower's; both are named with their numbers, the borrower first."""
    form, one, owner, car = Form(random), case.borrower, case.co_borrower, case.car
    body = (
        f'<h1>机动车抵押合同</h1><p class="right">抵押合同编号：{form.put("contract_no", case.mortgage_no)}</p>'
        f'<p class="right">借款合同编号：{form.put("loan_contract_no", case.contract_no)}</p>'
        f"<p>债权人（抵押权人）：{form.put('mortgagee_name', case.lender.name)}</p>"
        f"<p>债务人（借款人）：{one.name}，证件号码：{one.number}</p>"
        f"<p>抵押人：{form.put('mortgagor_name', owner.name)}，证件号码：{form.put('mortgagor_id', owner.number)}，系债务人之亲属。</p>"
        f"<p>抵押人以其所有的{form.put('model', car.brand + car.model)}汽车（车牌号{form.put('plate', car.plate)}，"
        f"车架号{form.put('vin', car.vin)}，发动机号{form.put('engine_no', car.engine_no)}）为债务人向抵押权人的借款提供担保，"
        f"借款本金人民币{form.amount('principal', case.principal, sign='')}元，该车评估价人民币{money.plain(case.price)}元。</p>"
        f"{_clauses(random, 6)}"
        f'<div class="place"><p>抵押权人（盖章）：　　　　　抵押人（签字）：{form.written(owner.name)}</p>'
        f"<p>债务人（签字）：{form.written(one.representative or one.name)}　　　日期：{form.day('issue_date', case.signed_on)}</p>"
        f"{seal(case.lender.name, '合同专用章', x=20, y=-6, across=40)}</div>"
    )
    return Draft(KIND, body, form, font=SERIF, faults=case.faults)


def owner_first(case: Case, random: Random) -> Draft:
    """甲方 is the mortgagor here, 乙方 the lender; both numbers stand in one sentence that calls neither by its label."""
    form, one, car = Form(random), case.borrower, case.car
    body = (
        f"<h1>车辆抵押担保合同</h1><p>甲方（抵押人）：{form.put('mortgagor_name', one.name)}</p><p>证件号码：{form.put('mortgagor_id', one.number)}</p>"
        f"<p>乙方（抵押权人）：{form.put('mortgagee_name', case.lender.name)}</p><p>统一社会信用代码：{case.lender.number}</p>"
        f"<p>乙方经办人：{case.lender.representative}　联系电话：{case.lender.phone}</p>"
        f"<p>甲、乙双方于{form.day('issue_date', case.signed_on)}签订《汽车贷款合同》（合同编号：{form.put('loan_contract_no', case.contract_no)}），"
        f"并于同日签订本合同（合同编号：{form.put('contract_no', case.mortgage_no)}）。</p>"
        f"<p>贷款金额：人民币{form.put('total_in_words', case.principal_in_words)}（{form.amount('principal', case.principal)}）；"
        f"购车总价：人民币{money.to_capitals(case.price)}（¥{money.plain(case.price)}）。</p>"
        f"<p>抵押车辆：{form.put('model', car.brand + car.model)}，车架号：{form.put('vin', car.vin)}，发动机号：{form.put('engine_no', car.engine_no)}。</p>"
        f'{_clauses(random, 5)}<div class="place"><p>甲方签字：{form.written(one.representative or one.name)}　　　　　　乙方盖章：</p>'
        f"{seal(case.lender.name, '合同专用章', x=90, y=-10, across=40)}</div>"
    )
    return Draft(KIND, body, form, font=UMING, margin="24mm 24mm", faults=case.faults)


def loans_number_on_top(case: Case, random: Random) -> Draft:
    """The head bears the loan contract's number under a bare label; its own stands in the text."""
    form, one, agent, car = Form(random), case.borrower, case.co_borrower, case.car
    rows = (
        ("抵押权人", form.put("mortgagee_name", case.lender.name), "受托人", case.dealer.name),
        ("抵押人", form.put("mortgagor_name", one.name), "代理人", agent.name),
        ("证件号码", form.put("mortgagor_id", one.number), "证件号码", agent.number),
        ("车牌号", form.put("plate", car.plate), "品牌型号", form.put("model", car.brand + car.model)),
        ("车架号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)),
        (
            "首付金额",
            f"¥{money.plain(case.price - case.principal)}",
            "贷款金额",
            form.amount("principal", case.principal),
        ),
    )
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    body = (
        f'<p class="right">合同编号：{form.put("loan_contract_no", case.contract_no)}</p><h1>汽车贷款之抵押协议</h1>'
        f"<p>作为上述编号贷款合同的附件，抵押人与抵押权人订立本抵押协议（抵押协议编号：{form.put('contract_no', case.mortgage_no)}）。</p>"
        f'<table class="grid">{lines}</table>{_clauses(random, 6)}'
        f'<div class="place"><p>抵押权人：（盖章）</p><p>抵押人或其代理人（签字）：{form.written(agent.name)}</p>'
        f"<p>签署日期：{form.day('issue_date', case.signed_on, '-')}</p>{seal(case.lender.name, '抵押专用章', x=24, y=-14, across=40)}</div>"
    )
    return Draft(KIND, body, form, font=SANS, css="td{font-size:9.5pt}", margin="20mm 18mm", faults=case.faults)


def in_common(case: Case, random: Random) -> Draft:
    """Two owners in common; a bank keeps the account, a company guarantees; several days in the text."""
    form, one, other, car = Form(random), case.borrower, case.co_borrower, case.car
    start = case.signed_on + timedelta(days=3)
    body = (
        f"<h1>最高额抵押合同</h1><p>编号：{form.put('contract_no', case.mortgage_no)}</p>"
        f"<p>抵押权人：{form.put('mortgagee_name', case.lender.name)}　开户行：恒信商业银行股份有限公司营业部　账号：{case.account}</p>"
        f"<p>抵押人：{form.put('mortgagor_name', one.name)}　证件号码：{form.put('mortgagor_id', one.number)}</p>"
        f"<p>共有人：{other.name}　证件号码：{other.number}</p><p>保证人：{case.dealer.name}</p>"
        f"<p>为确保抵押权人与抵押人自{dated(start, '年')}至{dated(case.last_due, '年')}期间连续发生的债权，抵押人自愿提供抵押担保，"
        f"担保的最高债权额为{form.put('total_in_words', case.principal_in_words)}（小写{form.amount('principal', case.principal)}）。主合同编号为{form.put('loan_contract_no', case.contract_no)}。</p>"
        f"<p>抵押物：号牌号码 {form.put('plate', car.plate)}；车辆识别代号 {form.put('vin', car.vin)}；抵押物作价 ¥{money.plain(case.price)}。</p>"
        f'{_clauses(random, 6)}<div class="place"><table><tr><td>抵押权人（公章）</td><td>抵押人（签字）：{form.written(one.representative or one.name)}</td></tr>'
        f"<tr><td>{form.day('issue_date', case.signed_on)}</td><td>共有人（签字）：{form.written(other.name)}</td></tr></table>"
        f"{seal(case.lender.name, '合同专用章', x=10, y=-8, across=40)}</div>"
    )
    return Draft(KIND, body, form, font=SERIF, margin="22mm 22mm", css="body{font-size:11pt}", faults=case.faults)


def in_one_sentence(case: Case, random: Random) -> Draft:
    """A bank's long first sentence in which everything is said, and a title that names both contracts."""
    form, one, car = Form(random), case.borrower, case.car
    body = (
        f"<h1>个人汽车贷款借款及抵押合同之抵押分合同</h1><p>本合同由{form.put('mortgagee_name', case.lender.name)}（作为抵押权人）与"
        f"{form.put('mortgagor_name', one.name)}（作为抵押人，证件号码{form.put('mortgagor_id', one.number)}）在{case.lender.address[:6]}签订，"
        f"用以担保编号{form.put('loan_contract_no', case.contract_no)}的借款合同项下人民币{form.amount('principal', case.principal, sign='')}元借款的清偿，"
        f"本合同编号为{form.put('contract_no', case.mortgage_no)}，抵押登记编号为{car.certificate_no}。</p>"
        f"<p>抵押车辆为{form.put('model', car.brand + car.model)}，车辆识别代号{form.put('vin', car.vin)}，发动机号码{form.put('engine_no', car.engine_no)}。</p>"
        f'{_clauses(random, 7)}<div class="place"><p>抵押权人代表：{case.lender.representative}　　抵押人：{form.written(one.representative or one.name)}</p>'
        f'<p class="right">{form.day("issue_date", case.signed_on, "年0")}</p>{seal(case.lender.name, "合同专用章", x=30, y=-12, across=40)}</div>'
    )
    return Draft(KIND, body, form, font=UMING, css="body{font-size:12pt;line-height:1.8}", faults=case.faults)


LAYOUTS = (another_owner, owner_first, loans_number_on_top, in_common, in_one_sentence)
