"""抵押合同 of the other world: clauses with headings, a registration office's form, a table with the parties side by
side, and a guarantee and mortgage in one."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.former.loans import KAI, MICRO, SANS, SERIF
from benchmarks.recognition.press import Draft, Form, seal

KIND = "mortgage_contract"
_CLAUSES = (
    "抵押人保证对抵押物享有完整的所有权，抵押物不存在共有、查封、扣押等情形。",
    "抵押权的效力及于抵押物的从物、从权利、代位权、附合物以及孳息。",
    "抵押人应承担抵押物评估、保险、登记、保管、公证等费用。",
    "抵押物价值减少的，抵押权人有权要求恢复其价值或者另行提供与减少价值相当的担保。",
    "主合同变更的，除加重抵押人责任外，抵押人继续承担担保责任。",
    "主合同项下债务全部清偿后，本合同终止，抵押权人协助注销抵押登记。",
    "因本合同发生的争议，向抵押权人所在地有管辖权的人民法院起诉。",
)


def _some(random: Random, count: int) -> list[str]:
    return [_CLAUSES[place] for place in sorted(random.sample(range(len(_CLAUSES)), count))]


def headed(case: Case, random: Random) -> Draft:
    form, one, car = Form(random, KAI), case.borrower, case.car
    body = (
        f"<h1>汽车抵押担保合同</h1><p>抵押合同编号：{form.put('contract_no', case.mortgage_no)}</p>"
        f"<p>抵押权人（贷款人）：{form.put('mortgagee_name', case.lender.name)}</p><p>抵押人：{form.put('mortgagor_name', one.name)}</p>"
        f"<p>证件类型及号码：{one.paper}，{form.put('mortgagor_id', one.number)}</p>"
        f"<p>鉴于抵押权人与债务人签订了编号为 {form.put('loan_contract_no', case.contract_no)} 的汽车贷款合同，为确保债权实现，订立本合同。</p>"
        f"<h2>一　被担保的主债权</h2><p>主债权本金数额为人民币 {form.amount('principal', case.principal, sign='')} 元（大写：{form.put('total_in_words', case.principal_in_words)}）。</p>"
        f"<h2>二　抵押财产</h2><p>车辆品牌型号：{form.put('model', car.brand + car.model)}</p><p>车牌号：{form.put('plate', car.plate)}</p>"
        f"<p>发动机号：{form.put('engine_no', car.engine_no)}</p><p>车架号：{form.put('vin', car.vin)}</p><h2>三　其他约定</h2>"
        + "".join(f"<p>{c}</p>" for c in _some(random, 5))
        + f'<div class="place"><p>抵押权人：（公章）　　　　　　抵押人：{form.written(one.representative or one.name)}</p><p>签订时间：{form.day("issue_date", case.signed_on, "年0")}</p>{seal(case.lender.name, "合同专用章(3)", x=24, y=-14, across=40, tilt=-8)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=SERIF,
        css="h2{font-size:11.5pt;margin:2mm 0 1mm}",
        margin="22mm 26mm",
        mark="bottom-left",
        faults=case.faults,
    )


def side_by_side(case: Case, random: Random) -> Draft:
    form, one, car = Form(random, KAI), case.borrower, case.car
    body = (
        f'<h1>车 辆 抵 押 合 同</h1><table class="grid"><tr><td colspan="2">抵押权人</td><td colspan="2">抵押人</td></tr>'
        f"<tr><td>名称</td><td>{form.put('mortgagee_name', case.lender.name)}</td><td>姓名/名称</td><td>{form.put('mortgagor_name', one.name)}</td></tr>"
        f"<tr><td>信用代码</td><td>{case.lender.number}</td><td>证件号码</td><td>{form.put('mortgagor_id', one.number)}</td></tr>"
        f"<tr><td>合同编号</td><td>{form.put('contract_no', case.mortgage_no)}</td><td>主合同编号</td><td>{form.put('loan_contract_no', case.contract_no)}</td></tr>"
        f"<tr><td>债权金额</td><td>{form.amount('principal', case.principal)}</td><td>签署日</td><td>{form.day('issue_date', case.signed_on, '.')}</td></tr>"
        f"<tr><td>号牌号码</td><td>{form.put('plate', car.plate)}</td><td>厂牌型号</td><td>{form.put('model', car.brand + car.model)}</td></tr>"
        f"<tr><td>车辆识别代号</td><td>{form.put('vin', car.vin)}</td><td>发动机号码</td><td>{form.put('engine_no', car.engine_no)}</td></tr></table>"
        + "".join(f"<p>{n + 1}. {c}</p>" for n, c in enumerate(_some(random, 6)))
        + f'<div class="place" style="height:44mm"><p>抵押权人盖章：　　　　　　　　　　　　抵押人签名：{form.written(one.representative or one.name)}</p>{seal(case.lender.name, "抵押业务专用章", x=26, y=-4, across=40)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=MICRO,
        css="td{font-size:9.2pt} table{margin-bottom:5mm}",
        margin="20mm 16mm",
        mark="top-right",
        faults=case.faults,
    )


def penned(case: Case, random: Random) -> Draft:
    form, one, car = Form(random, KAI), case.borrower, case.car

    def blank(name: str, printed: str, value: str | int | None = None) -> str:
        return f'<span class="line">{form.put(name, printed, value, hand=True)}</span>'

    body = (
        f"<h1>机动车辆抵押协议</h1><p>协议号 {blank('contract_no', case.mortgage_no)}</p><p>抵押权人：{form.put('mortgagee_name', case.lender.name)}（下称甲方）</p>"
        f"<p>抵押人：{blank('mortgagor_name', one.name)}（下称乙方），身份证明号码 {blank('mortgagor_id', one.number)}</p>"
        f"<p>第1条 乙方将登记在其名下的机动车抵押给甲方：牌照号 {blank('plate', car.plate)}，车架号 {blank('vin', car.vin)}，发动机号 {blank('engine_no', car.engine_no)}。</p>"
        f"<p>第2条 担保的贷款合同号为 {blank('loan_contract_no', case.contract_no)}，贷款本金 {blank('principal', f'{case.principal // 100}元', case.principal // 100 * 100)}。</p>"
        + "".join(f"<p>第{n + 3}条 {c}</p>" for n, c in enumerate(_some(random, 5)))
        + f'<div class="place"><p>甲方盖章　　　　　　　　　乙方签字 {form.written(one.representative or one.name)}</p><p>日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "业务专用章", x=8, y=-8, across=40, tilt=14)}</div>'
    )
    return Draft(
        KIND, body, form, font=SANS, css="body{font-size:11.5pt;line-height:2}", margin="24mm 24mm", faults=case.faults
    )


def with_guarantee(case: Case, random: Random) -> Draft:
    """Two pages: who owes and who vouches, then the thing and the signatures."""
    form, one, car = Form(random, KAI), case.borrower, case.car
    body = (
        f'<div class="leaf"><p class="right">No.{form.put("contract_no", case.mortgage_no)}</p><h1>抵押及保证合同</h1><p>债权人暨抵押权人：{form.put("mortgagee_name", case.lender.name)}</p>'
        f"<p>抵押人：{form.put('mortgagor_name', one.name)}</p><p>身份证件号码：{form.put('mortgagor_id', one.number)}</p><p>保证人：{case.co_borrower.name}　身份证件号码：{case.co_borrower.number}</p>"
        f"<p>主合同：编号{form.put('loan_contract_no', case.contract_no)}的借款合同，借款本金{form.amount('principal', case.principal, sign='人民币')}元整。</p>"
        + "".join(f"<p>{c}</p>" for c in _some(random, 7))
        + f'</div><div class="leaf place"><p>抵押物</p><p>型号 {form.put("model", car.brand + car.model)}</p><p>识别代号 {form.put("vin", car.vin)}</p><p>发动机号 {form.put("engine_no", car.engine_no)}</p><p>号牌 {form.put("plate", car.plate)}</p>'
        f'<p style="margin-top:20mm">抵押人签字：{form.written(one.representative or one.name)}　　保证人签字：{form.written(case.co_borrower.name)}</p><p>抵押权人盖章：</p><p>{form.day("issue_date", case.signed_on)}</p>{seal(case.lender.name, "合同专用章", x=40, y=76, across=42)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=SERIF,
        margin="24mm 24mm",
        css="body{font-size:11pt}",
        mark="top-center",
        faults=case.faults,
    )


LAYOUTS = (headed, side_by_side, penned, with_guarantee)
