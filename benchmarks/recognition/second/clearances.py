"""结清证明 of the new world: a bank's letter, a file with a code, a notice to the vehicle office, a lessor's, a form."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import HEI, LIGHT, PALE, PEN, PLAIN_SONG, SONG, bare, figure, table
from benchmarks.recognition.second.places import PLACES

KIND = "settlement_certificate"


def _issued(case: Case, random: Random) -> date:
    return min(AS_OF, case.settled_on + timedelta(days=random.choice((0, 1, 3, 9, 20))))


def _identity(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证号码"


def letter(case: Case, random: Random) -> Draft:
    """On a bank's letterhead, one paragraph."""
    case = cast.lent_by(cast.of_a_person(case), random, "银行")
    form, one = Form(random, PEN), case.borrower
    body = (
        f'<div class="head">{case.lender.name}</div><h1>贷款结清证明</h1><p class="right">编号：{form.put("certificate_no", case.settlement_no)}</p>'
        f'<p class="in">兹有借款人{form.put("borrower_name", one.name)}（{_identity(case)}：{form.put("borrower_id", one.number)}），于{dated(case.signed_on, "年")}在我行办理个人汽车贷款，合同编号为{form.put("contract_no", case.contract_no)}，'
        f"贷款金额为人民币{form.put('principal', figure(case.principal), case.principal)}元，到期日为{dated(case.last_due, '年')}。该笔贷款本息已于{form.day('settled_on', case.settled_on)}全部结清，特此证明。</p>"
        f'<p class="in">本证明仅用于证明上述贷款的结清情况，不作其他用途，涂改无效。</p><p class="in">经办人：{cast.name(random)}　　联系电话：{case.lender.phone}</p>'
        f'<div class="place" style="margin-top:22mm"><p class="right">{form.put("lender_name", case.lender.name)}</p><p class="right">{form.day("issue_date", _issued(case, random), "年")}</p>{seal(case.lender.name, "业务专用章（02）", x=106, y=-14, across=42, tilt=-7)}</div>'
        f'<p class="foot">地址：{case.lender.address}　　客服电话：955XX</p>'
    )  # fmt: skip
    css = "body{font-size:13pt;line-height:2} .in{text-indent:2em} .head{color:#9c2a2a;font-size:15pt;border-bottom:.5mm solid #9c2a2a;padding-bottom:2mm;margin-bottom:14mm} .foot{font-size:8.5pt;color:#777;margin-top:40mm;border-top:.2mm solid #bbb;text-align:left}"
    return Draft(KIND, body, form, font=SONG, css=css, margin="20mm 26mm 18mm", faults=case.faults)


def electronic(case: Case, random: Random) -> Draft:
    """From a lender's app: two columns of particulars, a code to check it by."""
    form, one, car = Form(random, PEN), case.borrower, case.car
    issued = _issued(case, random)
    rows = table((
        ("客户姓名", form.put("borrower_name", one.name), "证件号码", form.put("borrower_id", one.number)),
        ("合同编号", form.put("contract_no", case.contract_no), "贷款金额（元）", form.put("principal", bare(case.principal), case.principal)),
        ("放款日期", case.signed_on.isoformat(), "贷款期限", f"{case.term_months}个月"),
        ("结清日期", form.day("settled_on", case.settled_on, "-"), "当前贷款余额（元）", "0.00"),
        ("车牌号", form.put("plate", car.plate), "车架号", form.put("vin", car.vin)),
    ))  # fmt: skip
    check = "".join(random.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(12))
    body = (
        f'<div class="place">{code(case.settlement_no, x=140, y=-2, across=20)}<h1 style="text-align:left">电子结清证明</h1><p class="g">证明编号：{form.put("certificate_no", case.settlement_no)}　　验真码：{check}</p><div style="height:8mm"></div>{rows}'
        f"<p>尊敬的客户，您的上述贷款已结清，我公司与您就该合同的债权债务关系终止。请您尽快办理车辆抵押注销手续。</p>"
        f'<div class="place"><p style="margin-top:12mm">{form.put("lender_name", case.lender.name)}</p><p>开具时间：{form.day("issue_date", issued, "-")} 09:{random.randrange(10, 60)}:07</p>{seal(case.lender.name, "电子业务章", x=48, y=-8, across=38)}</div>'
        f'<p class="g" style="margin-top:20mm">扫描右上方二维码可查验本证明真伪。本证明由系统自动生成，与纸质证明具有同等效力。</p></div>'
    )  # fmt: skip
    css = "body{font-size:11pt} .grid td{padding:2.4mm 2mm;border-color:#c9d3de;font-size:9.6pt} .grid td:nth-child(odd){background:#f2f6fa;color:#5a6a7c;width:28mm} .g{font-size:8.6pt;color:#7d8894}"
    return Draft(
        KIND,
        body,
        form,
        font=LIGHT,
        css=css,
        margin="20mm 18mm 18mm",
        background=PALE,
        mark="bottom-left",
        faults=case.faults,
    )


def to_the_office(case: Case, random: Random) -> Draft:
    """A notice that the lien may be lifted; whom the lender sends is named with his number."""
    form, one, car = Form(random, PEN), case.borrower, case.car
    agent = cast.person(random, random.choice(PLACES), AS_OF)
    office = f"{case.authority.removesuffix('车辆管理所')}车辆管理所"
    body = (
        f'<h1>贷款结清及解除抵押通知书</h1><p>{office}：</p><p class="in">{form.put("borrower_name", one.name)}（证件号码 {form.put("borrower_id", one.number)}）所有的号牌号码为 {form.put("plate", car.plate)}、车辆识别代号为 {form.put("vin", car.vin)} 的机动车，因向我公司申请汽车贷款，已在贵所办理抵押登记，机动车登记证书编号 {car.certificate_no}。</p>'
        f'<p class="in">现借款人已于 {form.day("settled_on", case.settled_on, "年")} 还清 {form.put("contract_no", case.contract_no)} 号合同项下全部款项，我公司同意解除对该车的抵押，请予办理。</p>'
        f'<p class="in">兹委托 {agent.name}（身份证号 {agent.number}，电话 {agent.phone}）前往贵所代为办理解除抵押登记。委托期限三十日。</p>'
        f'<div class="place" style="margin-top:20mm"><p class="right">抵押权人：{form.put("lender_name", case.lender.name)}</p><p class="right">统一社会信用代码：{case.lender.number}</p><p class="right">{form.day("issue_date", _issued(case, random), "年 ")}</p>{seal(case.lender.name, "", x=98, y=-14, across=42, tilt=10)}</div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        font=PLAIN_SONG,
        css="body{font-size:13pt;line-height:2} .in{text-indent:2em} h1{font-size:19pt;margin-bottom:10mm}",
        margin="28mm 25mm 20mm",
        mark="top-right",
        faults=case.faults,
    )


def lessor(case: Case, random: Random) -> Draft:
    """租赁: all rent is paid, the car is the lessee's again."""
    case = cast.lent_by(case, random, "租赁")
    form, one, car = Form(random, PEN), case.borrower, case.car
    body = (
        f'<p class="right">{form.put("certificate_no", case.settlement_no)}</p><h1>租金结清证明暨所有权转移确认书</h1>'
        f"<p>承租人：{form.put('borrower_name', one.name)}</p><p>{_identity(case)}：{form.put('borrower_id', one.number)}</p><p>融资租赁合同编号：{form.put('contract_no', case.contract_no)}</p><p>融资金额：人民币{form.put('principal', figure(case.principal), case.principal)}元</p>"
        f"<p>租赁车辆：{car.brand}{car.model}　车架号：{form.put('vin', car.vin)}　车牌：{form.put('plate', car.plate)}</p>"
        f'<p class="in">我司确认，截至{form.day("settled_on", case.settled_on, "年0")}，承租人已付清上述合同项下全部租金及留购价款100.00元，租赁车辆所有权自该日起转移至承租人，合同终止。</p>'
        f'<p class="in">承租人的连带责任保证人{case.co_borrower.name}（身份证号码：{case.co_borrower.number}）的保证责任同时解除。</p>'
        f'<div class="place" style="margin-top:18mm"><p>出租人：{form.put("lender_name", case.lender.name)}（盖章）</p><p>出具日：{form.day("issue_date", _issued(case, random), "年0")}</p>{seal(case.lender.name, "资产管理部", x=34, y=-15, across=40, tilt=4)}</div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        font=HEI,
        css="body{font-size:11.6pt;line-height:2} .in{text-indent:2em} h1{font-size:17pt}",
        margin="26mm 24mm 20mm",
        mark="top-center",
        faults=case.faults,
    )


def slip(case: Case, random: Random) -> Draft:
    """A counter's printed slip on half a sheet, in duplicate, its blanks typed."""
    case = cast.lent_by(cast.of_a_person(case), random, "行")
    form, one = Form(random, PEN), case.borrower

    def typed(inner: str) -> str:
        return f'<span class="t">{inner}</span>'

    body = (
        f'<div class="place"><h1>个人贷款结清凭证</h1><p class="middle s">第二联　客户留存</p><table class="grid"><tr><td>户　　名</td><td>{typed(form.put("borrower_name", one.name))}</td><td>证件号码</td><td>{typed(form.put("borrower_id", one.number))}</td></tr>'
        f'<tr><td>借款合同号</td><td>{typed(form.put("contract_no", case.contract_no))}</td><td>贷款账号</td><td>{typed(case.account)}</td></tr><tr><td>发放金额</td><td>{typed(form.put("principal", figure(case.principal), case.principal))}</td><td>结清金额</td><td>{typed(figure(case.principal // case.term_months * 3))}</td></tr>'
        f'<tr><td>发放日期</td><td>{typed(dated(case.signed_on, "."))}</td><td>结清日期</td><td>{typed(form.day("settled_on", case.settled_on, "."))}</td></tr><tr><td>贷款余额</td><td>{typed("0.00")}</td><td>结清方式</td><td>{typed("提前还款")}</td></tr></table>'
        f'<p class="s">经办机构：{form.put("lender_name", case.lender.name)}　　打印日期：{form.day("issue_date", _issued(case, random), ".")}　　柜员：{random.randrange(10**6):06}</p>{seal(case.lender.name, "业务清讫", x=118, y=52, across=32, oval=0.74, star=False)}</div>'
    )  # fmt: skip
    css = ".t{font-family:'Liberation Mono','AR PL UKai CN';position:relative;top:.6mm;color:#26263a} td{font-size:9.4pt;padding:1.8mm} .s{font-size:8.8pt} h1{font-size:14pt;margin-bottom:1mm} .grid td:nth-child(odd){width:23mm} .grid td:nth-child(2){width:56mm}"
    return Draft(
        KIND,
        body,
        form,
        font=SONG,
        css=css,
        size="210mm 110mm",
        margin="10mm 14mm 12mm",
        background="#fbf9f2",
        mark="bottom-right",
        faults=case.faults,
    )


LAYOUTS = (letter, electronic, to_the_office, lessor, slip)
