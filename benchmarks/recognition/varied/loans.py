"""借款合同 in which more than one person, number, sum, rate and term could be meant."""

from datetime import timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, dated, seal
from benchmarks.recognition.seen.clauses import LOAN, some
from benchmarks.recognition.seen.loan import percent
from carloan.lib import money

KIND = "loan_contract"
SERIF, SANS, UMING = "AR PL SungtiL GB", "WenQuanYi Zen Hei", "AR PL UMing CN"


def _clauses(random: Random, count: int) -> str:
    return "".join(f"<p>{n + 1}. {clause}</p>" for n, clause in enumerate(some(random, LOAN, count)))


def with_everybody(case: Case, random: Random) -> Draft:
    """Co-borrower first, then the borrower, a guarantor and the dealer; the price in words above the loan."""
    form, one, other = Form(random), case.borrower, case.co_borrower
    body = (
        f"<h1>汽车贷款合同</h1><p>合同编号：{form.put('contract_no', case.contract_no)}　　抵押合同编号：{case.mortgage_no}</p>"
        f"<p>贷款人：{form.put('lender_name', case.lender.name)}</p><p>共同借款人：{other.name}　证件号码：{other.number}</p>"
        f"<p>借款人：{form.put('borrower_name', one.name)}　证件号码：{form.put('borrower_id', one.number)}</p><p>保证人：{case.dealer.name}</p>"
        f"<p>第一条　借款人购买汽车一辆，总价{money.to_capitals(case.price)}（¥{money.plain(case.price)}），首付款¥{money.plain(case.price - case.principal)}，"
        f"贷款金额{form.put('total_in_words', case.principal_in_words)}（{form.amount('principal', case.principal)}）。</p>"
        f"<p>第二条　贷款期限{form.put('term_months', f'{case.term_months}个月', case.term_months)}，宽限期6个月，自{dated(case.signed_on + timedelta(days=7), '年')}至{dated(case.last_due, '年')}。</p>"
        f"<p>第三条　贷款年利率{form.put('rate', percent(case.rate), case.rate)}，为LPR 3.45%加点确定，罚息利率上浮50%。</p>{_clauses(random, 5)}"
        f'<div class="place"><p>贷款人（盖章）：　　　　借款人（签字）：{form.written(one.representative or one.name)}</p><p>共同借款人（签字）：{form.written(other.name)}　　日期：{form.day("issue_date", case.signed_on)}</p>'
        f"{seal(case.lender.name, '合同专用章', x=20, y=-8, across=40)}</div>"
    )
    return Draft(KIND, body, form, font=SERIF, faults=case.faults)


def borrower_on_the_left(case: Case, random: Random) -> Draft:
    """甲方 borrows, 乙方 lends, 丙方 manages the money; a bank keeps the account."""
    form, one = Form(random), case.borrower
    body = (
        f"<h1>借款协议</h1><p>协议编号：{form.put('contract_no', case.contract_no)}</p><p>甲方（借款人）：{form.put('borrower_name', one.name)}</p><p>证件号码：{form.put('borrower_id', one.number)}</p>"
        f"<p>乙方（出借人）：{form.put('lender_name', case.lender.name)}</p><p>丙方（服务方）：{case.dealer.name}</p><p>甲方收款账户：{one.name}，开户行：恒信商业银行股份有限公司城东支行，账号{case.account}</p>"
        f"<p>一、乙方向甲方出借人民币{form.amount('principal', case.principal, sign='')}元，其中服务费{money.plain(case.principal // 50)}元由甲方支付给丙方。</p>"
        f"<p>二、借款分{form.put('term_months', f'{case.term_months}期', case.term_months)}归还，每期一个月。</p><p>三、综合年化利率{form.put('rate', percent(case.rate), case.rate)}，月服务费率0.35%。</p>"
        f'{_clauses(random, 6)}<div class="place"><p>甲方：{form.written(one.representative or one.name)}　　乙方：（盖章）　　丙方：（盖章）</p><p>{form.day("issue_date", case.signed_on, "年0")}</p>'
        f"{seal(case.lender.name, '合同专用章', x=60, y=-8, across=40)}</div>"
    )
    return Draft(KIND, body, form, font=UMING, faults=case.faults)


def renewed(case: Case, random: Random) -> Draft:
    """A second contract that replaces a first: both with number, sum and day."""
    form, one = Form(random), case.borrower
    before = case.signed_on - timedelta(days=400)
    body = (
        f'<h1>借款合同（展期）</h1><p class="right">{form.put("contract_no", case.contract_no)}</p><p>鉴于借款人{form.put("borrower_name", one.name)}（证件号码：{form.put("borrower_id", one.number)}）与贷款人'
        f"{form.put('lender_name', case.lender.name)}于{dated(before, '年')}签订了编号为HX{before:%Y%m%d}7731的借款合同，借款金额人民币{money.plain(case.principal + 3_000_000)}元，现双方约定：</p>"
        f"<p>1. 剩余借款本金为人民币{form.put('total_in_words', case.principal_in_words)}（{form.amount('principal', case.principal)}），展期后借款期限为{form.put('term_months', f'{case.term_months}个月', case.term_months)}。</p>"
        f"<p>2. 展期前年利率5.88%，展期后年利率{form.put('rate', percent(case.rate), case.rate)}。</p>{_clauses(random, 6)}"
        f'<div class="place"><p>贷款人（盖章）　　　　　借款人（签字）{form.written(one.representative or one.name)}</p><p>签订日期：{form.day("issue_date", case.signed_on, "-")}</p>{seal(case.lender.name, "合同专用章", x=12, y=-8, across=40)}</div>'
    )
    return Draft(KIND, body, form, font=SANS, margin="22mm 22mm", faults=case.faults)


LAYOUTS = (with_everybody, borrower_on_the_left, renewed)
