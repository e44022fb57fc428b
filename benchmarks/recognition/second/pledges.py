"""抵押合同 of the new world: a bank's with the car in a table, somebody pledging for another, a lessor's, one by pen, two columns."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, seal
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import HEI, LIGHT, PALE, PEN, PLAIN_SONG, SONG, bare, figure, some, table
from benchmarks.recognition.second.wording import PLEDGING, numeral

KIND = "mortgage_contract"


def _identity(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证号码"


def _signer(case: Case) -> str:
    return case.borrower.representative or case.borrower.name


def _numbered(random: Random, count: int, pattern: str, first: int = 1) -> str:
    return "".join(f"<p>{pattern.format(n)}{c}</p>" for n, c in enumerate(some(random, PLEDGING, count), first))


def bank(case: Case, random: Random) -> Draft:
    case = cast.lent_by(cast.of_a_person(case), random, "银行")
    form, one, car = Form(random, PEN), case.borrower, case.car
    goods = table((
        ("抵押物名称", "号牌号码", "厂牌型号", "车架号码", "发动机号码", "评估价值（元）"),
        (car.vehicle_type, form.put("plate", car.plate), form.put("model", car.brand + car.model), form.put("vin", car.vin), form.put("engine_no", car.engine_no), figure(case.price)),
    ))  # fmt: skip
    body = (
        f'<p class="right">编号：{form.put("contract_no", case.mortgage_no)}</p><h1>机动车抵押合同</h1>'
        f"<p>抵押权人：{form.put('mortgagee_name', case.lender.name)}</p><p>负责人：{case.lender.representative}　　统一社会信用代码：{case.lender.number}</p><p>抵押人：{form.put('mortgagor_name', one.name)}</p><p>{_identity(case)}：{form.put('mortgagor_id', one.number)}　　电话：{one.phone}</p><p>住所：{one.address}</p>"
        f"<p>第一条　主债权。抵押权人与借款人签订的编号为{form.put('loan_contract_no', case.contract_no)}的《个人购车担保借款合同》项下的债权，本金为人民币（大写）{form.put('total_in_words', case.principal_in_words)}，¥{form.put('principal', figure(case.principal), case.principal)}元。</p>"
        f"<p>第二条　抵押财产。抵押人以下列机动车设定抵押：</p>{goods}"
        + "".join(f"<p>第{numeral(n)}条　{c}</p>" for n, c in enumerate(some(random, PLEDGING, 9), 3))
        + f'<div class="place" style="margin-top:8mm"><p>抵押权人（公章）　　　　　　　　　抵押人（签字）：{form.written(_signer(case))}</p><p>签订日期：{form.day("issue_date", case.signed_on, "年0")}</p>{seal(case.lender.name, "合同专用章", x=14, y=-10, across=40, tilt=9)}</div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.75} .grid td{font-size:8.6pt;padding:1.4mm 1mm} .grid{margin:2mm 0} .grid td:nth-child(4){width:41mm}"
    return Draft(KIND, body, form, font=SONG, margin="20mm 22mm", css=css, mark="bottom-right", faults=case.faults)


def for_another(case: Case, random: Random) -> Draft:
    """Who pledges is not who owes: the debtor stands on the paper too, with a number of his own."""
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    goods = table((
        ("号牌号码", form.put("plate", car.plate), "车辆类型", car.vehicle_type), ("车辆型号", form.put("model", f"{car.brand}{car.model}"), "车身颜色", car.colour),
        ("车辆识别代号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)), ("登记证书编号", car.certificate_no, "所有权人", one.name),
    ))  # fmt: skip
    body = (
        f'<div class="leaf"><h1>车辆抵押担保合同</h1><p class="middle">合同编号 {form.put("contract_no", case.mortgage_no)}</p>'
        f"<p><b>债权人（抵押权人）：</b>{form.put('mortgagee_name', case.lender.name)}</p><p>法定代表人/负责人：{case.lender.representative}</p><p>住所地：{case.lender.address}</p>"
        f"<p><b>债务人：</b>{two.name}</p><p>身份证号码：{two.number}</p><p><b>抵押人：</b>{form.put('mortgagor_name', one.name)}</p><p>{_identity(case)}：{form.put('mortgagor_id', one.number)}</p><p>联系地址：{one.address}</p>"
        f"<p>鉴于债务人与债权人签订了编号为 {form.put('loan_contract_no', case.contract_no)} 的借款合同（下称主合同），抵押人自愿以其名下车辆为债务人提供抵押担保。</p>"
        f"<p>1.1 主合同借款本金为 {form.put('principal', bare(case.principal), case.principal)} 元，借款期限自{case.signed_on.isoformat()}至{case.last_due.isoformat()}。</p>{_numbered(random, 5, '1.{} ', 2)}</div>"
        f'<div class="leaf"><p>2.1 抵押车辆情况：</p>{goods}{_numbered(random, 3, "2.{} ", 2)}<div class="place" style="margin-top:14mm"><p>债权人盖章：</p><p style="height:16mm"></p><p>债务人签字：{form.written(two.name)}　　　抵押人签字：{form.written(_signer(case))}</p><p>签约日期 {form.day("issue_date", case.signed_on, "-")}</p>{seal(case.lender.name, "合同专用章", x=22, y=-8, across=41, tilt=-5)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:10.8pt;line-height:1.8} .grid td{padding:2mm} .grid td:nth-child(odd){background:#f4f4f0;width:28mm}"
    return Draft(KIND, body, form, font=HEI, margin="22mm 24mm 18mm", css=css, background=PALE, faults=case.faults)


def lessor(case: Case, random: Random) -> Draft:
    """A lessor has the leased car pledged to itself: 甲方 and 乙方, the lease's number, everything in running text."""
    case = cast.lent_by(case, random, "租赁")
    form, one, car = Form(random, PEN), case.borrower, case.car
    body = (
        f'<h1>抵押合同</h1><p class="right">合同编号：{form.put("contract_no", case.mortgage_no)}</p>'
        f"<p>甲方（抵押权人/出租人）：{form.put('mortgagee_name', case.lender.name)}，统一社会信用代码：{case.lender.number}，住所：{case.lender.address}。</p>"
        f"<p>乙方（抵押人/承租人）：{form.put('mortgagor_name', one.name)}，{_identity(case)}：{form.put('mortgagor_id', one.number)}，住所：{one.address}，联系电话：{one.phone}。</p>"
        f"<p>为确保乙方履行甲乙双方签订的合同号为{form.put('loan_contract_no', case.contract_no)}的《融资租赁合同（售后回租）》，乙方同意将租赁车辆抵押给甲方。</p>"
        f"<p>一、抵押车辆：品牌型号{form.put('model', car.brand + car.model)}，车辆识别代号{form.put('vin', car.vin)}，发动机号码{form.put('engine_no', car.engine_no)}，车牌号{form.put('plate', car.plate)}，登记在乙方名下。</p>"
        f"<p>二、被担保的主债权为租赁合同项下融资总额人民币{form.put('principal', figure(case.principal), case.principal)}元（大写：{form.put('total_in_words', case.principal_in_words)}）及相应租赁利息、违约金。</p>"
        + "".join(f"<p>{n}、{c}</p>" for n, c in zip("三四五六七八九", some(random, PLEDGING, 7), strict=True))
        + f'<div class="place" style="margin-top:10mm;display:flex"><div style="width:50%"><p>甲方（盖章）</p><p style="height:14mm"></p><p>授权代表：{form.written(cast.name(random))}</p></div><div><p>乙方（签字或盖章）</p><p>{form.written(_signer(case))}</p><p>{form.day("issue_date", case.signed_on, "年 ")}</p></div>{seal(case.lender.name, "业务合同专用章", x=10, y=-4, across=40)}</div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        font=PLAIN_SONG,
        margin="22mm 24mm 18mm",
        css="body{font-size:11pt;line-height:1.9}",
        mark="top-right",
        faults=case.faults,
    )


def by_pen(case: Case, random: Random) -> Draft:
    form, one, car = Form(random, PEN), case.borrower, case.car

    def blank(name: str, printed: str, value: str | int | None = None) -> str:
        return f'<span class="line">{form.put(name, printed, value, hand=True)}</span>'

    body = (
        f'<h1>车 辆 抵 押 合 同</h1><p class="right">（{case.signed_on.year}）第 {blank("contract_no", case.mortgage_no)} 号</p>'
        f"<p>抵押人（甲方）{blank('mortgagor_name', one.name)} 证件号码 {blank('mortgagor_id', one.number)}</p><p>抵押权人（乙方）{form.put('mortgagee_name', case.lender.name)}</p>"
        f"<p>见证人（丙方）{case.dealer.name}</p><p>　　为保证 {blank('loan_contract_no', case.contract_no)} 号借款合同的履行，甲方愿将自有机动车抵押给乙方，担保借款本金人民币 {blank('principal', bare(case.principal), case.principal)} 元。</p>"
        f'<table class="grid"><tr><td>车牌号码</td><td>{form.put("plate", car.plate, hand=True)}</td><td>品牌型号</td><td>{form.put("model", car.brand + car.model, hand=True)}</td></tr>'
        f'<tr><td>车架号</td><td colspan="3">{form.put("vin", car.vin, hand=True)}</td></tr><tr><td>发动机号</td><td>{form.put("engine_no", car.engine_no, hand=True)}</td><td>购车发票价</td><td>{form.written(bare(case.price))}</td></tr></table>'
        + _numbered(random, 5, "{}、")
        + f'<div class="place" style="margin-top:8mm"><p>甲方签名（按指印）：{form.written(_signer(case))}　　　乙方（盖章）：</p><p>签订日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "", x=98, y=-8, across=41, tilt=12)}</div>'
    )  # fmt: skip
    css = "body{font-size:12pt;line-height:2} .grid td{padding:2.4mm 2mm} .grid{margin:3mm 0}"
    return Draft(
        KIND,
        body,
        form,
        font=SONG,
        margin="20mm 22mm 18mm",
        css=css,
        background="#fbfaf5",
        mark="top-left",
        faults=case.faults,
    )


def two_columns(case: Case, random: Random) -> Draft:
    """Small print in two columns under a box with the particulars."""
    case = cast.lent_by(case, random, "汽车金融")
    form, one, car = Form(random, PEN), case.borrower, case.car
    box = table((
        ("抵押合同编号", form.put("contract_no", case.mortgage_no), "贷款合同编号", form.put("loan_contract_no", case.contract_no)),
        ("抵押权人", form.put("mortgagee_name", case.lender.name), "抵押人", form.put("mortgagor_name", one.name)),
        ("抵押人证件号码", form.put("mortgagor_id", one.number), "抵押人电话", one.phone),
        ("抵押车辆", form.put("model", car.brand + car.model), "车牌号", form.put("plate", car.plate)),
        ("VIN码", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)),
        ("主债权本金（元）", form.put("principal", figure(case.principal), case.principal), "签署日期", form.day("issue_date", case.signed_on, "/")),
    ))  # fmt: skip
    body = (
        f'<h1>汽车抵押合同</h1>{box}<div style="columns:2;column-gap:8mm;margin-top:4mm">{_numbered(random, 14, "{}. ")}</div>'
        f'<div class="place" style="margin-top:6mm"><p>抵押人签字：{form.written(_signer(case))}　　　　　抵押权人（盖章）：</p>{seal(case.lender.name, "抵押合同专用章", x=108, y=-10, across=38, tilt=-8)}</div>'
    )
    css = "body{font-size:9pt;line-height:1.5} .grid td{padding:1.4mm} .grid td:nth-child(odd){color:#556;width:27mm} h1{font-size:15pt}"
    return Draft(
        KIND,
        body,
        form,
        font=LIGHT,
        margin="16mm 15mm 26mm",
        css=css,
        background=PALE,
        mark="bottom-left",
        faults=case.faults,
    )


LAYOUTS = (bank, for_another, lessor, by_pen, two_columns)
