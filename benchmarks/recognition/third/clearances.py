"""结清证明 of this split: a bank's letter, a finance company's form, a letter to a firm, a lessor's, a file from an application, one in two languages."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import WHITE, bare, figure, grid
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.style import BOOK, FINE, GOTHIC, OFFICE, PEN, SLANT, STOUT, SUNG, THIN

KIND = "settlement_certificate"


def _issued(case: Case, random: Random) -> date:
    return min(AS_OF, case.settled_on + timedelta(days=random.choice((0, 0, 2, 5, 14, 31))))


def _proof(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证号码"


def letter(case: Case, random: Random) -> Draft:
    """A bank's letter on plain paper with a number, one paragraph, a clerk and a manager."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "分行", "农村商业银行")
    form, one, two = Form(random, PEN), case.borrower, case.co_borrower
    issued = _issued(case, random)
    body = (
        f'<p style="text-align:right">编号：{form.put("certificate_no", case.settlement_no)}</p><h1>个人汽车贷款结清证明</h1><p style="margin-top:10mm">致有关单位：</p>'
        f'<p class="in">客户{form.put("borrower_name", one.name)}，身份证号码{form.put("borrower_id", one.number)}，与共同借款人{two.name}（身份证号码{two.number}）于{dated(case.signed_on, "年")}向我行申请个人汽车消费贷款，借款合同编号{form.put("contract_no", case.contract_no)}，'
        f"发放贷款金额人民币{form.put('principal', figure(case.principal), case.principal)}元，贷款期限{case.term_months}个月。截至{form.day('settled_on', case.settled_on, '年')}，上述贷款本金、利息及费用已全部还清，我行与其不再存在该笔债权债务关系。</p>"
        f'<p class="in">特此证明。</p><div class="place" style="margin-top:24mm"><p style="text-align:right">{form.put("lender_name", case.lender.name)}</p><p style="text-align:right">{form.day("issue_date", issued, "年")}</p>{seal(case.lender.name, "个人贷款业务章", x=100, y=-15, across=41, tilt=8)}</div>'
        f'<p style="margin-top:26mm;font-size:10pt">经办：{cast.name(random)}　复核：{cast.name(random, female=True)}　联系电话：{case.lender.phone}</p>'
    )  # fmt: skip
    css = "body{font-size:13.4pt;line-height:2.05} .in{text-indent:2em} h1{font-size:20pt}"
    return Draft(KIND, body, form, font=OFFICE, css=css, margin="24mm 27mm 19mm", faults=case.faults)


def form_sheet(case: Case, random: Random) -> Draft:
    """A finance company's sheet: a table of the loan with its dates, then what to do about the lien."""
    case = cast.lent_by(case, random, "汽车金融")
    form, one, car = Form(random, PEN), case.borrower, case.car
    table = grid(
        ("借款人", form.put("borrower_name", one.name), _proof(case), form.put("borrower_id", one.number)), ("合同号码", form.put("contract_no", case.contract_no), "合同签订日", dated(case.signed_on, "-")),
        ("贷款本金", f"CNY {form.put('principal', figure(case.principal), case.principal)}", "贷款期数", f"{case.term_months}"), ("合同到期日", dated(case.last_due, "-"), "实际结清日", form.day("settled_on", case.settled_on, "-")),
        ("车牌号码", form.put("plate", car.plate), "车辆型号", car.brand + car.model), ("车架号码", form.put("vin", car.vin), "剩余本金", "CNY 0.00"),
    )  # fmt: skip
    body = (
        f'<div class="place"><p class="lh">{case.lender.name}</p><p class="g">{case.lender.address}　电话 {case.lender.phone}</p><h1>贷款结清证明</h1><p class="g">证明编号：{form.put("certificate_no", case.settlement_no)}</p>{table}'
        f'<p style="margin-top:6mm">兹证明上述借款人已履行完毕贷款合同项下的全部还款义务，该合同已结清。</p><p>请借款人凭本证明、机动车登记证书原件及本公司出具的解除抵押材料，到车辆登记地车管所办理解除抵押登记。</p><p>本证明一式一份，遗失不补。</p>'
        f'<div class="place" style="margin-top:20mm;margin-left:84mm"><p>{form.put("lender_name", case.lender.name)}（盖章）</p><p>出具日期：{form.day("issue_date", _issued(case, random), "年0")}</p>{seal(case.lender.name, "客户服务专用章", x=14, y=-16, across=40, tilt=-10)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11.4pt;line-height:1.8} .lh{font-size:14pt;color:#14407a;margin:0} .g{font-size:9pt;color:#667} .grid td{padding:2.2mm 1.8mm;font-size:10.4pt;line-height:1.3} .grid td:nth-child(odd){background:#f1f4f8;width:25mm} h1{margin:12mm 0 4mm}"
    return Draft(KIND, body, form, font=THIN, css=css, margin="20mm 20mm 18mm", mark="bottom-right", faults=case.faults)


def to_a_firm(case: Case, random: Random) -> Draft:
    """Addressed to who borrowed; several days in a row: made, paid out, due, paid, issued."""
    form, one, car = Form(random, PEN), case.borrower, case.car
    paid_out = case.signed_on + timedelta(days=3)
    body = (
        f'<h1>还 款 结 清 证 明</h1><p style="margin-top:12mm">{form.put("borrower_name", one.name)}（{_proof(case)}：{form.put("borrower_id", one.number)}）：</p>'
        f'<p class="in">贵方与我单位于{dated(case.signed_on, "年0")}签订编号为{form.put("contract_no", case.contract_no)}的车辆贷款合同，我单位于{dated(paid_out, "年0")}发放贷款{form.put("principal", bare(case.principal), case.principal)}元，用于购买{car.brand}{car.model}（车架号{form.put("vin", car.vin)}，车牌号{form.put("plate", car.plate)}），原定还款日为{dated(case.last_due, "年0")}。</p>'
        f'<p class="in">现查明，贵方已于{form.day("settled_on", case.settled_on, "年0")}将该合同项下贷款本息结清，无拖欠。车辆抵押登记手续可凭本证明解除。</p><p class="in">特此证明</p>'
        f'<div class="place" style="margin-top:22mm"><p>证明单位：{form.put("lender_name", case.lender.name)}</p><p>日　　期：{form.day("issue_date", _issued(case, random), "年0")}</p><p style="font-size:9.6pt">文号：{form.put("certificate_no", case.settlement_no)}</p>{seal(case.lender.name, "", x=34, y=-14, across=42, tilt=15)}</div>'
    )  # fmt: skip
    css = "body{font-size:13pt;line-height:2.1} .in{text-indent:2em} h1{font-size:21pt}"
    return Draft(KIND, body, form, font=SUNG, css=css, margin="30mm 26mm 20mm", mark="top-right", faults=case.faults)


def lessor(case: Case, random: Random) -> Draft:
    """A lessor confirms that the lease is over, the car the lessee's, the lien to be lifted; a guarantor is freed."""
    case = cast.lent_by(case, random, "租赁")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    rows = grid(
        ("承租人", form.put("borrower_name", one.name)), (_proof(case), form.put("borrower_id", one.number)), ("租赁合同编号", form.put("contract_no", case.contract_no)), ("融资金额", f"人民币{form.put('principal', figure(case.principal), case.principal)}元"),
        ("租赁车辆", f"{car.brand}{car.model}，{car.colour}色"), ("车辆识别代号", form.put("vin", car.vin)), ("号牌号码", form.put("plate", car.plate)),
    )  # fmt: skip
    body = (
        f'<p class="lh">{case.lender.name}<span style="float:right">{form.put("certificate_no", case.settlement_no)}</span></p><h1>融资租赁合同结清证明</h1>{rows}'
        f'<p class="in" style="margin-top:5mm">承租人已于{form.day("settled_on", case.settled_on, "-")}付清上述合同项下全部租金、留购价款及其他应付款项。自该日起，租赁车辆的所有权由本公司转移至承租人，保证人{two.name}（身份证号码{two.number}）的保证责任解除，本公司同意办理车辆解除抵押登记。</p>'
        f'<p class="in">除本证明外，本公司未就该车辆另行设立任何权利负担。</p><div class="place" style="margin-top:16mm;text-align:right"><p style="text-align:right">出租人（盖章）：{form.put("lender_name", case.lender.name)}</p><p style="text-align:right">{form.day("issue_date", _issued(case, random), "年 ")}</p>{seal(case.lender.name, "资产管理专用章", x=92, y=-14, across=41, tilt=-5)}</div>'
    )  # fmt: skip
    css = "body{font-size:12pt;line-height:1.95} .in{text-indent:2em} .lh{font-size:10pt;color:#555;border-bottom:.3mm solid #888} h1{font-size:18pt;margin:10mm 0 6mm} .grid td{padding:1.8mm 2mm;line-height:1.35;font-size:11pt} .grid td:first-child{width:36mm}"
    return Draft(KIND, body, form, font=FINE, css=css, margin="18mm 24mm 18mm", mark="bottom-left", faults=case.faults)


def application(case: Case, random: Random) -> Draft:
    """Downloaded from an application: a slanted head, labels over values in two columns, a code to prove it by."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "消费金融", "汽车金融")
    form, one = Form(random, PEN), case.borrower
    issued = _issued(case, random)
    cells = (
        ("借款人姓名", form.put("borrower_name", one.name)), ("证件号码", form.put("borrower_id", one.number)), ("借款合同编号", form.put("contract_no", case.contract_no)), ("借款金额", f"{form.put('principal', figure(case.principal), case.principal)}元"),
        ("借款日期", dated(case.signed_on, "/")), ("约定到期日", dated(case.last_due, "/")), ("结清日期", form.day("settled_on", case.settled_on, "/")), ("车架号", form.put("vin", case.car.vin)),
    )  # fmt: skip
    body = (
        f'<div class="place"><p class="hd">电子贷款结清证明</p>{code(case.settlement_no, x=142, y=0, across=22)}<p class="g">证明编号 {form.put("certificate_no", case.settlement_no)}</p><div class="w">'
        + "".join(f"<div><span>{k}</span><br>{v}</div>" for k, v in cells)
        + f'</div><p style="margin-top:6mm">经核查，您在我公司的上述借款已全部结清，当前应还金额为0.00元，无逾期欠款。</p><div class="place" style="margin-top:14mm"><p>{form.put("lender_name", case.lender.name)}</p><p>开具日期 {form.day("issue_date", issued, "/")}</p>{seal(case.lender.name, "电子证明专用章", x=40, y=-12, across=37)}</div>'
        f'<p class="g" style="margin-top:30mm">本证明由借款人于 {dated(issued, "/")} 14:{random.randrange(10, 60)}:{random.randrange(10, 60)} 通过官方应用申请开具，有效期三十天。如有疑问请致电 {case.lender.phone}。</p></div>'
    )  # fmt: skip
    css = f"body{{font-size:11.4pt;line-height:1.6}} .hd{{font-family:'{SLANT}';font-size:24pt;color:#0d6b5e;text-align:left}} .g{{font-size:8.8pt;color:#7c8a86}} .w{{display:flex;flex-wrap:wrap;margin-top:14mm}} .w div{{width:50%;margin-bottom:4mm}} .w span{{font-size:9pt;color:#7c8a86}}"
    return Draft(KIND, body, form, font=GOTHIC, css=css, margin="20mm 20mm 18mm", background=WHITE, mark="bottom-center", faults=case.faults)  # fmt: skip


def two_languages(case: Case, random: Random) -> Draft:
    """A card centre's certificate, each label with its English."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "信用卡中心")
    form, one = Form(random, PEN), case.borrower

    def both(chinese: str, english: str) -> str:
        return f'{chinese}<br><span class="en">{english}</span>'

    table = grid(
        (both("客户姓名", "Customer Name"), form.put("borrower_name", one.name)), (both("身份证件号码", "ID Number"), form.put("borrower_id", one.number)), (both("汽车分期合同号", "Contract No."), form.put("contract_no", case.contract_no)),
        (both("分期卡号末四位", "Card No. (last four)"), case.account[-4:]), (both("分期本金", "Principal Amount"), f"RMB {form.put('principal', figure(case.principal), case.principal)}"), (both("分期办理日", "Date of Transaction"), dated(case.signed_on, "-")),
        (both("结清日", "Date of Settlement"), form.day("settled_on", case.settled_on, "-")),
    )  # fmt: skip
    body = (
        f'<div class="place"><p style="text-align:right;font-size:9.6pt">编号 No. {form.put("certificate_no", case.settlement_no)}</p><h1 style="margin-bottom:1mm">汽车分期付款结清证明</h1><p style="text-align:center" class="en">Certificate of Auto Instalment Settlement</p>{table}'
        f'<p style="margin-top:6mm">兹证明上述客户在本中心办理的汽车分期业务已全部结清。</p><p class="en">This is to certify that the instalment plan above has been fully settled.</p><div class="place" style="margin-top:14mm"><p>出具机构 Issued by：{form.put("lender_name", case.lender.name)}</p><p>出具日期 Date：{form.day("issue_date", _issued(case, random), "-")}</p>{seal(case.lender.name, "证明专用章", x=62, y=-14, across=40, tilt=6)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11.6pt;line-height:1.7} .en{font-size:8.6pt;color:#666} .grid td{padding:1.6mm 2mm;line-height:1.25} .grid td:first-child{width:56mm} .grid{margin-top:8mm}"
    return Draft(KIND, body, form, font=random.choice((BOOK, STOUT)), css=css, margin="24mm 24mm 19mm", mark="top-left", faults=case.faults)  # fmt: skip


LAYOUTS = (letter, form_sheet, to_a_firm, lessor, application, two_languages)
