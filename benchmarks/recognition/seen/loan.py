"""借款合同: terms in prose, in a table, filled in by hand, in two columns, and as a contract with its annex."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, seal
from benchmarks.recognition.seen.clauses import LOAN, some
from carloan.lib import money

KIND = "loan_contract"


def percent(rate: int) -> str:
    """Parts per million as a contract writes a rate: 68700 -> 6.87%."""
    text = f"{rate / 10_000:.4f}".rstrip("0")
    return f"{text}{'00'[: max(0, 2 - len(text.split('.')[1]))]}%"


def _clauses(random: Random, count: int, first: int) -> str:
    names = "一二三四五六七八九十"
    return "".join(
        f"<p>第{names[first + place - 1]}条　{clause}</p>" for place, clause in enumerate(some(random, LOAN, count))
    )


def _signatures(form: Form, case: Case, *, hand: bool = True, style: str = "年") -> str:
    sign = form.written(case.borrower.representative or case.borrower.name) if hand else ""
    return (
        '<table style="margin-top:8mm"><tr><td>贷款人（盖章）：</td><td>借款人（签字）：' + sign + "</td></tr>"
        f"<tr><td>法定代表人或授权代理人：</td><td>签订日期：{form.day('issue_date', case.signed_on, style)}</td></tr></table>"
    )


def prose(case: Case, random: Random) -> Draft:
    """Every term inside a sentence, values underlined."""
    form, one = Form(random), case.borrower
    body = (
        "<h1>个人汽车贷款借款合同</h1>"
        f'<p class="right">合同编号：<span class="line">{form.put("contract_no", case.contract_no)}</span></p>'
        f'<p>贷款人：<span class="line">{form.put("lender_name", case.lender.name)}</span></p>'
        f'<p>借款人：<span class="line">{form.put("borrower_name", one.name)}</span>　证件号码：'
        f'<span class="line">{form.put("borrower_id", one.number)}</span></p><p>住址：{one.address}　联系电话：{one.phone}</p>'
        "<p>借款人因购买汽车向贷款人申请借款，双方经协商一致，订立本合同。</p>"
        f"<p>第一条　借款金额：人民币（大写）{form.put('total_in_words', case.principal_in_words)}，"
        f"（小写）{form.amount('principal', case.principal)}。</p>"
        f"<p>第二条　借款期限为{form.put('term_months', f'{case.term_months}个月', case.term_months)}，"
        "自贷款人实际放款之日起计算。</p>"
        f"<p>第三条　借款年利率为{form.put('rate', percent(case.rate), case.rate)}（单利），合同期内不作调整，采用等额本息方式按月归还。</p>"
        f"<p>第四条　借款用途为购买{case.car.brand}{case.car.model}车辆一辆，车辆识别代号：{form.put('vin', case.car.vin)}，"
        f"购车总价人民币{money.plain(case.price)}元，销售方为{case.dealer.name}。</p>"
        f'{_clauses(random, 6, 5)}<div class="place">{_signatures(form, case)}'
        f"{seal(case.lender.name, '合同专用章', x=28, y=2, across=42, tilt=-6)}</div>"
    )
    return Draft(KIND, body, form, font="AR PL SungtiL GB", faults=case.faults)


def table(case: Case, random: Random) -> Draft:
    """A page of key terms in a ruled table, the small print on the second page."""
    form, one = Form(random), case.borrower
    rows = (
        ("合同编号", form.put("contract_no", case.contract_no)),
        ("贷款人（甲方）", form.put("lender_name", case.lender.name)),
        ("借款人（乙方）", form.put("borrower_name", one.name)),
        ("身份证件号码" if not one.is_company else "统一社会信用代码", form.put("borrower_id", one.number)),
        ("联系地址", one.address),
        ("借款金额（大写）", form.put("total_in_words", case.principal_in_words)),
        ("借款金额（小写）", form.amount("principal", case.principal)),
        ("借款期限", form.put("term_months", f"{case.term_months}个月", case.term_months)),
        ("年利率", form.put("rate", percent(case.rate), case.rate)),
        ("还款方式", "等额本息，每月15日还款"),
        ("还款账户", case.account),
        ("所购车辆", f"{case.car.brand}{case.car.model}"),
        ("车架号", form.put("vin", case.car.vin)),
        ("签订日期", form.day("issue_date", case.signed_on, "-")),
    )
    lines = "".join(
        f'<tr><td style="width:32%;background:#eef1f5">{name}</td><td>{value}</td></tr>' for name, value in rows
    )
    body = (
        f'<div class="leaf place"><h1>汽车消费借款合同</h1><table class="grid">{lines}</table>'
        f"{seal(case.lender.name, '合同专用章', x=110, y=36, across=40, tilt=8)}"
        f'<p style="margin-top:6mm">乙方已阅读并理解本合同全部条款，自愿签署。</p></div>'
        f'<div class="leaf"><h1 style="font-size:14pt">合同条款</h1>{_clauses(random, 9, 1)}</div>'
    )
    return Draft(KIND, body, form, margin="22mm 20mm", mark="top-right", faults=case.faults)


def by_hand(case: Case, random: Random) -> Draft:
    """A preprinted form whose blanks were filled in with a pen."""
    form, one = Form(random), case.borrower

    def blank(inner: str) -> str:
        return f'<span class="line">{inner}</span>'

    body = (
        f'<h1 style="letter-spacing:4mm">借款合同</h1><p class="right">编号：'
        f"{blank(form.put('contract_no', case.contract_no, hand=True))}</p>"
        f"<p>甲方（出借人）：{form.put('lender_name', case.lender.name)}</p>"
        f"<p>乙方（借款人）：{blank(form.put('borrower_name', one.name, hand=True))}</p>"
        f"<p>身份证号码：{blank(form.put('borrower_id', one.number, hand=True))}</p>"
        f"<p>一、甲方同意向乙方提供借款人民币{blank(form.put('total_in_words', case.principal_in_words, hand=True))}"
        f"（¥{blank(form.amount('principal', case.principal, sign='', hand=True))}）。</p>"
        f"<p>二、借款期限共 {blank(form.put('term_months', str(case.term_months), case.term_months, hand=True))} 个月。</p>"
        f"<p>三、借款年利率 {blank(form.put('rate', percent(case.rate), case.rate, hand=True))}，按月结息。</p>"
        f"<p>四、借款用于购买车辆，车架号：{blank(form.put('vin', case.car.vin, hand=True))}</p>"
        + "".join(f"<p>{'五六七八九'[n]}、{c}</p>" for n, c in enumerate(some(random, LOAN, 5)))
        + f'<div class="place"><p style="margin-top:12mm">甲方（公章）：　　　　　　　　乙方（签名并按指印）：{form.written(one.representative or one.name)}</p>'
        f"<p>签订日期：{form.day('issue_date', case.signed_on, '年 ', hand=True)}</p>"
        f"{seal(case.lender.name, '合同专用章', x=16, y=0, across=40)}</div>"
    )
    return Draft(KIND, body, form, font="AR PL UMing CN", margin="24mm 26mm", css="body{font-size:12pt;line-height:1.9}",
                 faults=case.faults)  # fmt: skip


def two_columns(case: Case, random: Random) -> Draft:
    """Small print in two columns below a head with the parties."""
    form, one = Form(random), case.borrower
    body = (
        f'<h1 style="font-size:16pt">汽车金融借款合同</h1><p style="font-size:9pt">合同编号：{form.put("contract_no", case.contract_no)}</p>'
        f'<table class="grid" style="font-size:9pt"><tr><td>贷款人</td><td>{form.put("lender_name", case.lender.name)}</td>'
        f"<td>借款人</td><td>{form.put('borrower_name', one.name)}</td></tr><tr><td>住所</td><td>{case.lender.address}</td>"
        f'<td>证件号码</td><td>{form.put("borrower_id", one.number)}</td></tr></table><div class="cols">'
        f"<p>1. 贷款金额为{form.amount('principal', case.principal, sign='人民币')}元，大写{form.put('total_in_words', case.principal_in_words)}。</p>"
        f"<p>2. 贷款期限为{form.put('term_months', f'{case.term_months}个月', case.term_months)}，首期还款日为放款次月对应日。</p>"
        f"<p>3. 贷款利率为{form.put('rate', percent(case.rate), case.rate)}/年，固定利率。</p>"
        f"<p>4. 抵押车辆车架号码：{form.put('vin', case.car.vin)}。</p>"
        + "".join(f"<p>{n + 5}. {c}</p>" for n, c in enumerate(some(random, LOAN, 10)))
        + f'</div><div class="place">{_signatures(form, case, style="年0")}'
        f"{seal(case.lender.name, '合同专用章', x=22, y=-4, across=38, tilt=5)}</div>"
    )
    css = ".cols { column-count: 2; column-gap: 8mm; font-size: 9pt; margin-top: 4mm; line-height: 1.5 }"
    return Draft(KIND, body, form, css=css, font="WenQuanYi Zen Hei", margin="18mm 16mm", faults=case.faults)


def long_contract(case: Case, random: Random) -> Draft:
    """Parties on the first page, terms on the second, signatures on the third."""
    form, one = Form(random), case.borrower
    body = (
        f'<div class="leaf" style="padding-top:40mm"><p class="right">{form.put("contract_no", case.contract_no)}</p>'
        f'<h1 style="font-size:28pt;margin-top:30mm">个人借款合同</h1><p class="middle" style="margin-top:70mm">'
        f"{case.lender.name}</p></div>"
        f'<div class="leaf"><p>合同编号：{case.contract_no}</p><p>贷款人：{form.put("lender_name", case.lender.name)}</p>'
        f"<p>借款人：{form.put('borrower_name', one.name)}</p><p>身份证件号码：{form.put('borrower_id', one.number)}</p>"
        f"<p>共同借款人：{case.co_borrower.name}　身份证件号码：{case.co_borrower.number}</p>"
        f"<p>一、借款本金：人民币{form.put('total_in_words', case.principal_in_words)}（小写{form.amount('principal', case.principal)}）</p>"
        f"<p>二、借款期限：{form.put('term_months', f'{case.term_months}个月', case.term_months)}</p>"
        f"<p>三、借款利率：年利率{form.put('rate', percent(case.rate), case.rate)}</p>{_clauses(random, 7, 4)}</div>"
        f'<div class="leaf place"><p>（本页无正文，为合同{case.contract_no}签署页）</p>{_signatures(form, case)}'
        f"{seal(case.lender.name, '合同专用章', x=20, y=10, across=44)}</div>"
    )
    return Draft(KIND, body, form, font="AR PL SungtiL GB", margin="25mm 26mm", css="body{font-size:12pt;line-height:1.8}",
                 faults=case.faults)  # fmt: skip


LAYOUTS = (prose, table, by_hand, two_columns, long_contract)
