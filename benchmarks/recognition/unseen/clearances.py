"""结清证明 of this split: a bank's, one to the register, with its counterfoil, a lessor's, an application's, one with payments."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import WHITE, bare, figure, grid, months_on
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.style import FANG, HEI, KAI, PEN, SLIM, SONG, SONG_ALONE

KIND = "settlement_certificate"


def _issued(case: Case, random: Random) -> date:
    return min(AS_OF, case.settled_on + timedelta(days=random.choice((0, 1, 3, 7, 20, 45))))


def _proof(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证件号码"


def bank(case: Case, random: Random) -> Draft:
    """A bank's letter: what was lent in a sentence, that nothing is owed in the next, number and day at the foot."""
    case = cast.lent_by(case, random, "东岱银行", "支行", "农村商业")
    form, one = Form(random, PEN), case.borrower
    body = (
        f'<h1>贷款结清证明</h1><p class="in" style="margin-top:14mm">兹证明借款人{form.put("borrower_name", one.name)}（{_proof(case)}：{form.put("borrower_id", one.number)}）在我行办理的汽车贷款，合同号：{form.put("contract_no", case.contract_no)}，贷款金额{form.put("principal", figure(case.principal), case.principal)}元，放款日{dated(case.signed_on, "年")}，贷款到期日{dated(case.last_due, "年")}，已于{form.day("settled_on", case.settled_on, "年")}全部结清，贷款余额为零。</p>'
        f'<p class="in">本证明仅用于办理抵押物解除手续，对贷款期间的还款记录不作评价。</p><div class="place" style="margin-top:26mm;margin-left:74mm"><p>{form.put("lender_name", case.lender.name)}</p><p>{form.day("issue_date", _issued(case, random), "年")}</p>{seal(case.lender.name, "贷款业务专用章", x=20, y=-16, across=41, tilt=-8)}</div>'
        f'<p style="margin-top:22mm;font-size:10pt">证明编号：{form.put("certificate_no", case.settlement_no)}　　查询电话：{case.lender.phone}</p>'
    )  # fmt: skip
    css = "body{font-size:14pt;line-height:2.1} .in{text-indent:2em} h1{font-size:22pt}"
    return Draft(KIND, body, form, font=FANG, css=css, margin="28mm 27mm 20mm", mark="bottom-right", faults=case.faults)


def to_the_register(case: Case, random: Random) -> Draft:
    """A finance company writes to the office that registers liens: the car first, then the loan."""
    case = cast.lent_by(case, random, "汽车金融", "财务")
    form, one, car = Form(random, PEN), case.borrower, case.car
    body = (
        f'<div class="place"><p class="lh">{case.lender.name}</p><p style="text-align:right;font-size:10pt">编号：{form.put("certificate_no", case.settlement_no)}</p><h1>汽车贷款结清及解除抵押证明</h1><p>{case.authority}车辆管理所：</p><p class="in">下列车辆在贵所登记的抵押权人为我司，现该车辆所担保的贷款已结清，我司同意解除抵押登记，请予办理。</p>'
        f'<p>车　牌　号：{form.put("plate", car.plate)}</p><p>车辆识别代号：{form.put("vin", car.vin)}</p><p>机动车所有人（借款人）：{form.put("borrower_name", one.name)}</p><p>{_proof(case)}：{form.put("borrower_id", one.number)}</p><p>贷款合同编号：{form.put("contract_no", case.contract_no)}</p><p>贷款本金：人民币{form.put("principal", figure(case.principal), case.principal)}元</p><p>抵押登记日期：{dated(case.mortgage_date, "-")}</p><p>贷款结清日期：{form.day("settled_on", case.settled_on, "-")}</p>'
        f'<div class="place" style="margin-top:18mm"><p>抵押权人（公章）：{form.put("lender_name", case.lender.name)}</p><p>签发日期：{form.day("issue_date", _issued(case, random), "-")}</p><p>代办人：{form.written(cast.name(random))}（持授权委托书）</p>{seal(case.lender.name, "", x=62, y=-16, across=42, tilt=12)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:12pt;line-height:1.95} .in{text-indent:2em} .lh{font-size:15pt;color:#8a1c2a;border-bottom:.8mm double #8a1c2a;text-align:center} h1{font-size:18pt;margin:6mm 0}"
    return Draft(KIND, body, form, font=SONG, css=css, margin="20mm 24mm 18mm", mark="bottom-left", faults=case.faults)


def with_counterfoil(case: Case, random: Random) -> Draft:
    """A credit union's or a small lender's: the counterfoil above a dashed line, the certificate with more in it below."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "联社", "小额贷款")
    form, one = Form(random, PEN), case.borrower
    issued = _issued(case, random)
    number = form.put("certificate_no", case.settlement_no)
    stub = grid(
        ("编号", number, "借款人", form.put("borrower_name", one.name)), ("合同编号", form.put("contract_no", case.contract_no), "金额（元）", form.put("principal", bare(case.principal), case.principal)),
        ("结清日期", form.day("settled_on", case.settled_on, "."), "领取人", form.written(one.name)),
    )  # fmt: skip
    body = (
        f'<p style="text-align:center;font-size:13pt">结清证明（存根）</p>{stub}<div style="border-top:.3mm dashed #666;margin:8mm -10mm;text-align:center;font-size:9pt;color:#666">……………… {number} ………………</div>'
        f'<h1>结 清 证 明</h1><p style="text-align:right;font-size:10.4pt">{number}</p><p class="in">{form.printed["borrower_name"]}（身份证号{form.put("borrower_id", one.number)}）于{dated(case.signed_on, ".")}向我单位借款人民币{form.printed["principal"]}元用于购车，合同编号{form.printed["contract_no"]}，该笔借款本息已于{form.printed["settled_on"]}全部还清。</p><p class="in">特此证明。</p>'
        f'<div class="place" style="margin-top:18mm;text-align:right"><p style="text-align:right">{form.put("lender_name", case.lender.name)}</p><p style="text-align:right">{form.day("issue_date", issued, "年 ", hand=True)}</p>{seal(case.lender.name, "", x=104, y=-14, across=40, tilt=5)}</div>'
    )  # fmt: skip
    css = "body{font-size:12.6pt;line-height:2} .in{text-indent:2em} .grid td{font-size:10.6pt;padding:1.6mm;line-height:1.3} h1{font-size:20pt;margin:0 0 2mm}"
    return Draft(KIND, body, form, font=KAI, css=css, margin="18mm 24mm 19mm", mark="top-left", faults=case.faults)


def handed_over(case: Case, random: Random) -> Draft:
    """A lessor's: that the lease is over and whose the car is now, in numbered points with two days in them."""
    case = cast.lent_by(case, random, "租赁")
    form, one, car = Form(random, PEN), case.borrower, case.car
    body = (
        f'<h1>租赁物所有权转移暨结清证明</h1><p style="text-align:center;font-size:10.4pt">（{form.put("certificate_no", case.settlement_no)}）</p><p>承租人：{form.put("borrower_name", one.name)}　　{_proof(case)}：{form.put("borrower_id", one.number)}</p><p>一、承租人与我公司签订的《融资租赁合同》（合同编号：{form.put("contract_no", case.contract_no)}），融资总额人民币{form.put("principal", figure(case.principal), case.principal)}元，起租日{dated(case.signed_on, "年0")}。</p>'
        f"<p>二、截至{form.day('settled_on', case.settled_on, '年0')}，承租人已履行完毕合同项下全部支付义务，包括租金、手续费及留购价。</p><p>三、租赁物{car.brand}{car.model}（车牌号{form.put('plate', car.plate)}，车架号{form.put('vin', car.vin)}，发动机号{car.engine_no}）的所有权自结清之日起归承租人所有，我公司配合办理抵押注销。</p><p>四、本证明自盖章之日起生效，复印件无效。</p>"
        f'<div class="place" style="margin-top:20mm"><p>出租人：{form.put("lender_name", case.lender.name)}</p><p>地　址：{case.lender.address}</p><p>出具日：{form.day("issue_date", _issued(case, random), "年0")}</p>{seal(case.lender.name, "业务专用章", x=44, y=-15, across=41, tilt=-14)}</div>'
    )  # fmt: skip
    css = "body{font-size:12pt;line-height:2.05} h1{font-size:19pt;margin:6mm 0 2mm}"
    return Draft(KIND, body, form, font=SONG_ALONE, css=css, margin="24mm 25mm 19mm", mark="top-right", faults=case.faults)  # fmt: skip


def downloaded(case: Case, random: Random) -> Draft:
    """Made by an application on demand: a lying half sheet with a table of four columns and a code to check it."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "消费金融", "汽车金融", "消费金融中心")
    form, one = Form(random, PEN), case.borrower
    issued = _issued(case, random)
    table = grid(
        ("客户姓名", form.put("borrower_name", one.name), "证件号码", form.put("borrower_id", one.number)), ("合同编号", form.put("contract_no", case.contract_no), "贷款金额（元）", form.put("principal", figure(case.principal), case.principal)),
        ("放款日期", dated(case.signed_on, "-"), "结清日期", form.day("settled_on", case.settled_on, "-")), ("当前余额（元）", "0.00", "结清类型", "提前结清" if case.settled_on < case.last_due else "正常结清"),
    )  # fmt: skip
    body = (
        f'<div class="place">{code(case.settlement_no, x=146, y=0, across=20)}<p class="hd">{form.put("lender_name", case.lender.name)}</p><h1>个人贷款结清证明</h1><p class="g">流水号：{form.put("certificate_no", case.settlement_no)}</p>{table}<p style="margin-top:5mm">您在我机构的上述贷款已结清，感谢您的信任。</p>'
        f'<div class="place" style="margin-top:7mm;text-align:right"><p style="text-align:right">开具时间：{form.day("issue_date", issued, "-")} {random.randrange(9, 20):02}:{random.randrange(60):02}</p>{seal(case.lender.name, "电子业务章", x=100, y=-14, across=35)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.7} .hd{color:#c0501e;font-size:13pt} h1{text-align:left;font-size:20pt;margin:2mm 0 0} .g{color:#8a8580;font-size:9pt} .grid td{border-color:#e3d2c6;padding:2mm 1.6mm;line-height:1.3;font-size:10.4pt} .grid td:nth-child(odd){background:#fbf4ef;width:28mm;color:#7a5a48}"
    return Draft(KIND, body, form, font=SLIM, css=css, size="210mm 148mm", margin="14mm 19mm 14mm", background=WHITE, mark="bottom-left", faults=case.faults)  # fmt: skip


def with_payments(case: Case, random: Random) -> Draft:
    """A group's finance company: the loan in a table, its last payments in another, and the sentence between them."""
    case = cast.lent_by(case, random, "财务", "汽车金融", "消费金融")
    form, one, car = Form(random, PEN), case.borrower, case.car
    rent = case.principal * (1_000_000 + case.rate * case.term_months // 24) // 1_000_000 // case.term_months
    days = [months_on(case.signed_on, n) for n in range(1, 90)]
    last = [day for day in days if day < case.settled_on][-2:]
    loan = grid(
        ("借款人名称", form.put("borrower_name", one.name), _proof(case), form.put("borrower_id", one.number)), ("贷款合同号", form.put("contract_no", case.contract_no), "贷款本金", f"{form.put('principal', figure(case.principal), case.principal)}元"),
        ("车架号", form.put("vin", car.vin), "号牌号码", form.put("plate", car.plate)), ("贷款发放日", dated(case.signed_on, "/"), "合同约定期数", f"{case.term_months}期"),
    )  # fmt: skip
    paid = grid(("还款日", "还款金额（元）", "摘要"), *((dated(day, "/"), figure(rent), "按期还款") for day in last), (dated(case.settled_on, "/"), figure(rent * 3 + 1_234), "结清还款"))  # fmt: skip
    body = (
        f'<div class="place"><p style="text-align:right">证明编号 {form.put("certificate_no", case.settlement_no)}</p><h1>汽车贷款还清证明</h1>{loan}<p style="margin-top:4mm">经核对，上述贷款本金、利息已于{form.day("settled_on", case.settled_on, "/")}清偿完毕，贷款账户已销户。最近还款明细：</p>{paid}<p style="margin-top:4mm">请持本证明及相关材料办理车辆解押，如有遗失可申请补开。</p>'
        f'<div class="place" style="margin-top:14mm;margin-left:90mm"><p>{form.put("lender_name", case.lender.name)}</p><p>日期：{form.day("issue_date", _issued(case, random), "/")}</p>{seal(case.lender.name, "结算专用章", x=10, y=-14, across=40, tilt=9)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11.4pt;line-height:1.8} h1{font-size:18pt;margin:4mm 0} .grid td{font-size:10pt;padding:1.6mm;line-height:1.3}"
    return Draft(KIND, body, form, font=HEI, css=css, margin="20mm 21mm 18mm", mark="bottom-right", faults=case.faults)


LAYOUTS = (bank, to_the_register, with_counterfoil, handed_over, downloaded, with_payments)
