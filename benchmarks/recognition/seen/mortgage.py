"""抵押合同: standard form, table of the car, filled in by hand, maximum-amount mortgage, table of two columns."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, seal
from benchmarks.recognition.seen.clauses import MORTGAGE, some

KIND = "mortgage_contract"


def _clauses(random: Random, count: int, first: int) -> str:
    names = "一二三四五六七八九十"
    return "".join(
        f"<p>第{names[first + n - 1]}条　{clause}</p>" for n, clause in enumerate(some(random, MORTGAGE, count))
    )


def _foot(form: Form, case: Case, style: str, *, hand: bool = False) -> str:
    name = case.borrower.representative or case.borrower.name
    return (
        f'<div class="place"><table style="margin-top:10mm"><tr><td>抵押权人（盖章）：</td><td>抵押人（签字）：{form.written(name)}</td></tr>'
        f"<tr><td>授权代理人：</td><td>签订日期：{form.day('issue_date', case.signed_on, style, hand=hand)}</td></tr></table>"
        f"{seal(case.lender.name, '合同专用章', x=24, y=0, across=42, tilt=form.random.uniform(-9, 9))}</div>"
    )


def standard(case: Case, random: Random) -> Draft:
    form, one, car = Form(random), case.borrower, case.car
    body = (
        f'<h1>机动车抵押合同</h1><p class="right">合同编号：{form.put("contract_no", case.mortgage_no)}</p>'
        f"<p>抵押权人（甲方）：{form.put('mortgagee_name', case.lender.name)}</p><p>住所：{case.lender.address}</p>"
        f"<p>抵押人（乙方）：{form.put('mortgagor_name', one.name)}</p><p>身份证号码：{form.put('mortgagor_id', one.number)}</p>"
        f"<p>为担保编号为{form.put('loan_contract_no', case.contract_no)}的《借款合同》（以下简称主合同）项下债务的履行，"
        "乙方自愿以其所有的机动车向甲方提供抵押担保，双方订立本合同。</p>"
        f"<p>第一条　抵押车辆：号牌号码{form.put('plate', car.plate)}，厂牌型号{form.put('model', car.brand + car.model)}，"
        f"车辆识别代号{form.put('vin', car.vin)}，发动机号{form.put('engine_no', car.engine_no)}。</p>"
        f"<p>第二条　主债权本金为人民币（小写）{form.amount('principal', case.principal)}，大写：{form.put('total_in_words', case.principal_in_words)}。</p>"
        f"{_clauses(random, 6, 3)}{_foot(form, case, '年')}"
    )
    return Draft(KIND, body, form, font="AR PL SungtiL GB", faults=case.faults)


def car_table(case: Case, random: Random) -> Draft:
    form, one, car = Form(random), case.borrower, case.car
    rows = (
        ("号牌号码", form.put("plate", car.plate), "车辆类型", car.vehicle_type),
        ("品牌型号", form.put("model", car.brand + car.model), "车身颜色", car.colour),
        ("车辆识别代号", form.put("vin", car.vin), "发动机号码", form.put("engine_no", car.engine_no)),
        ("评估价值", f"¥{case.price // 100:,}.00", "登记证书编号", car.certificate_no),
    )
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    body = (
        f'<h1>汽车贷款抵押合同</h1><table class="grid"><tr><td>合同编号</td><td>{form.put("contract_no", case.mortgage_no)}</td></tr>'
        f"<tr><td>抵押权人</td><td>{form.put('mortgagee_name', case.lender.name)}</td></tr>"
        f"<tr><td>抵押人</td><td>{form.put('mortgagor_name', one.name)}</td></tr>"
        f"<tr><td>证件号码</td><td>{form.put('mortgagor_id', one.number)}</td></tr>"
        f"<tr><td>主合同编号</td><td>{form.put('loan_contract_no', case.contract_no)}</td></tr>"
        f"<tr><td>担保债权金额</td><td>{form.amount('principal', case.principal)}（大写：{form.put('total_in_words', case.principal_in_words)}）</td></tr></table>"
        f'<h2 style="font-size:12pt">抵押物清单</h2><table class="grid">{lines}</table><div style="height:4mm"></div>'
        f"{_clauses(random, 5, 1)}{_foot(form, case, '-')}"
    )
    return Draft(KIND, body, form, margin="18mm 18mm", mark="top-left", faults=case.faults)


def by_hand(case: Case, random: Random) -> Draft:
    form, one, car = Form(random), case.borrower, case.car

    def blank(name: str, printed: str, value: str | int | None = None) -> str:
        return f'<span class="line">{form.put(name, printed, value, hand=True)}</span>'

    figure = f"{case.principal // 100:,}.{case.principal % 100:02}"
    body = (
        f'<h1>车辆抵押合同书</h1><p class="right">编号：{blank("contract_no", case.mortgage_no)}</p>'
        f"<p>甲方（抵押权人）：{form.put('mortgagee_name', case.lender.name)}</p>"
        f"<p>乙方（抵押人）：{blank('mortgagor_name', one.name)}　身份证号：{blank('mortgagor_id', one.number)}</p>"
        f"<p>乙方以其名下车牌号为 {blank('plate', car.plate)} 的车辆（车架号 {blank('vin', car.vin)}，发动机号 {blank('engine_no', car.engine_no)}）"
        f"抵押给甲方，用以担保借款合同（合同号 {blank('loan_contract_no', case.contract_no)}）项下借款人民币 {blank('principal', figure, case.principal)} 元。</p>"
        + "".join(f"<p>{n + 1}、{c}</p>" for n, c in enumerate(some(random, MORTGAGE, 6)))
        + _foot(form, case, "年 ", hand=True)
    )
    return Draft(KIND, body, form, font="WenQuanYi Zen Hei", margin="22mm 24mm", css="body{font-size:11.5pt;line-height:1.9}",
                 faults=case.faults)  # fmt: skip


def maximum(case: Case, random: Random) -> Draft:
    """最高额抵押 over two pages, the car in an annex."""
    form, one, car = Form(random), case.borrower, case.car
    body = (
        f'<div class="leaf"><h1>最高额抵押合同</h1><p>合同编号：{form.put("contract_no", case.mortgage_no)}</p>'
        f"<p>抵押权人：{form.put('mortgagee_name', case.lender.name)}</p><p>统一社会信用代码：{case.lender.number}</p>"
        f"<p>抵押人：{form.put('mortgagor_name', one.name)}</p><p>证件号码：{form.put('mortgagor_id', one.number)}</p>"
        f"<p>1.1 本合同所担保的主债权为抵押权人依据{form.put('loan_contract_no', case.contract_no)}号借款合同发放的贷款，"
        f"最高债权限额为人民币{form.put('total_in_words', case.principal_in_words)}（{form.amount('principal', case.principal)}）。</p>"
        + "".join(f"<p>1.{n + 2} {c}</p>" for n, c in enumerate(some(random, MORTGAGE, 7)))
        + f"{_foot(form, case, '年0')}</div>"
        f'<div class="leaf"><p>附件一：抵押物清单</p><table class="grid"><tr><td>序号</td><td>车牌号码</td><td>车辆识别代号（VIN）</td>'
        f"<td>发动机号</td><td>品牌型号</td></tr><tr><td>1</td><td>{form.put('plate', car.plate)}</td><td>{form.put('vin', car.vin)}</td>"
        f"<td>{form.put('engine_no', car.engine_no)}</td><td>{form.put('model', car.brand + car.model)}</td></tr></table></div>"
    )
    return Draft(KIND, body, form, font="AR PL UMing CN", margin="24mm 20mm", faults=case.faults)


LAYOUTS = (standard, car_table, by_hand, maximum)
