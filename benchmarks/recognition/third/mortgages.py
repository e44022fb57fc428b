"""抵押合同 of this split: a bank's, somebody else's debt, a finance company's landscape sheet, a lessee's, one by pen, a file."""

from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import WHITE, bare, figure, grid, ordinal, some
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.clauses import PLEDGE
from benchmarks.recognition.third.style import BOOK, FINE, GOTHIC, KAI, OFFICE, PEN, SUNG, THIN

KIND = "mortgage_contract"


def _proof(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证号码"


def _u(inner: str) -> str:
    return f'<span class="line">&ensp;{inner}&ensp;</span>'


def _articles(random: Random, count: int, first: int) -> str:
    return "".join(f"<p>第{ordinal(n)}条　{one}</p>" for n, one in enumerate(some(random, PLEDGE, count), first))


def bank(case: Case, random: Random) -> Draft:
    """A bank's two pages: parties with their blanks, the debt, a table of the car, articles, names."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "分行", "农村商业银行")
    form, one, car = Form(random, PEN), case.borrower, case.car
    goods = grid(
        ("车辆类型", car.vehicle_type, "品牌型号", form.put("model", car.brand + car.model)), ("车牌号码", form.put("plate", car.plate), "车身颜色", car.colour),
        ("车架号码", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)), ("登记证书编号", car.certificate_no, "抵押时评估价值", f"{figure(case.price)}元"),
    )  # fmt: skip
    body = (
        f'<div class="leaf"><p style="text-align:right">合同编号：{form.put("contract_no", case.mortgage_no)}</p><h1>个人汽车抵押合同</h1><p>抵押权人：{_u(form.put("mortgagee_name", case.lender.name))}</p><p>负责人：{case.lender.representative}　住所：{case.lender.address}</p>'
        f"<p>抵押人：{_u(form.put('mortgagor_name', one.name))}</p><p>{_proof(case)}：{_u(form.put('mortgagor_id', one.number))}</p><p>住所：{one.address}　电话：{one.phone}</p>"
        f"<p>　　为确保抵押人与抵押权人于{dated(case.signed_on, '年')}签订的《个人汽车消费借款合同》（编号：{_u(form.put('loan_contract_no', case.contract_no))}，以下称主合同）的履行，抵押人自愿以其所有的汽车提供抵押担保。</p>"
        f"<p>第一条　被担保的主债权种类为个人汽车消费贷款，本金数额为人民币{_u(form.put('principal', figure(case.principal), case.principal))}元（大写{_u(form.put('total_in_words', case.principal_in_words))}），债务履行期限自{dated(case.signed_on, '年')}至{dated(case.last_due, '年')}。</p>"
        f"<p>第二条　抵押财产如下：</p>{goods}</div><div class='leaf'>{_articles(random, 12, 3)}"
        f'<div class="place" style="margin-top:14mm"><table><tr><td>抵押权人（盖章）：</td><td>抵押人（签字）：{form.written(one.name)}</td></tr><tr><td style="height:15mm">授权代理人：{form.written(cast.name(random))}</td><td></td></tr><tr><td colspan="2">合同签订日：{form.day("issue_date", case.signed_on, "年0")}</td></tr></table>{seal(case.lender.name, "合同专用章（03）", x=20, y=-6, across=41, tilt=5)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.8} .grid td{font-size:9.6pt;padding:1.4mm;line-height:1.3} .grid{margin:2mm 0} .line{padding:0}"
    return Draft(
        KIND, body, form, font=OFFICE, margin="21mm 24mm 18mm", css=css, mark="bottom-right", faults=case.faults
    )


def for_another(case: Case, random: Random) -> Draft:
    """The debtor is another than the owner who pledges; the dealer stands surety."""
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    body = (
        f'<h1>机动车抵押担保合同</h1><p class="middle" style="text-align:center">（{form.put("contract_no", case.mortgage_no)}）</p>'
        f"<p><b>抵押权人（债权人）</b>　{form.put('mortgagee_name', case.lender.name)}<br>统一社会信用代码　{case.lender.number}</p><p><b>抵押人（车辆所有权人）</b>　{form.put('mortgagor_name', one.name)}<br>{_proof(case)}　{form.put('mortgagor_id', one.number)}<br>地址　{one.address}</p>"
        f"<p><b>债务人</b>　{two.name}<br>身份证号码　{two.number}</p><p><b>保证人</b>　{case.dealer.name}</p>"
        f"<p>债务人与抵押权人签署了{form.put('loan_contract_no', case.contract_no)}号借款合同，借款本金为人民币{form.put('total_in_words', case.principal_in_words)}（￥{form.put('principal', bare(case.principal), case.principal)}）。抵押人愿以自有车辆为债务人的债务提供抵押。</p>"
        f"<p>抵押车辆：号牌号码{form.put('plate', car.plate)}；厂牌型号{form.put('model', car.brand + car.model)}；车辆识别代号（车架号）{form.put('vin', car.vin)}；发动机号码{form.put('engine_no', car.engine_no)}；使用性质{car.use_character}；机动车登记证书编号{car.certificate_no}。</p>"
        + _articles(random, 9, 1)
        + f'<div class="place" style="margin-top:7mm"><p>抵押权人（盖章）：　　　　　　　　　　　保证人（盖章）：</p><p style="margin-top:16mm">抵押人（签章）：{form.written(world.signer(one))}　　　　债务人（签字）：{form.written(two.name)}</p><p>签订日期：{form.day("issue_date", case.signed_on, "-")}</p>'
        f"{seal(case.lender.name, '合同专用章', x=18, y=-6, across=38, tilt=-8)}{seal(case.dealer.name, '', x=112, y=-8, across=36, tilt=10)}</div>"
    )  # fmt: skip
    css = "body{font-size:10.6pt;line-height:1.68} h1{font-size:18pt;margin-bottom:1mm}"
    return Draft(KIND, body, form, font=BOOK, margin="18mm 22mm 17mm", css=css, background=WHITE, mark="top-right", faults=case.faults)  # fmt: skip


def landscape(case: Case, random: Random) -> Draft:
    """The car as a row of its particulars on a landscape sheet; the price, what it is worth and the debt are three sums."""
    case = cast.lent_by(case, random, "汽车金融")
    form, one, car = Form(random, PEN), case.borrower, case.car
    goods = grid(
        ("车牌号", "品牌型号", "车辆识别代号", "发动机号", "车身颜色", "发票价（元）", "评估值（元）"),
        (form.put("plate", car.plate), form.put("model", car.brand + car.model), form.put("vin", car.vin), form.put("engine_no", car.engine_no), car.colour, figure(case.price), figure(case.price * 9 // 10)),
    )  # fmt: skip
    head = grid(
        ("抵押合同编号", form.put("contract_no", case.mortgage_no), "主合同编号", form.put("loan_contract_no", case.contract_no)),
        ("抵押权人", form.put("mortgagee_name", case.lender.name), "联系电话", case.lender.phone),
        ("抵押人", form.put("mortgagor_name", one.name), _proof(case), form.put("mortgagor_id", one.number)),
        ("主债权本金", f"人民币 {form.put('principal', figure(case.principal), case.principal)} 元", "大写", form.put("total_in_words", case.principal_in_words)),
    )  # fmt: skip
    body = (
        f'<div class="place"><p class="lh">{case.lender.name}　|　客户服务 {case.lender.phone}</p><h1>汽车抵押合同</h1>{head}<p style="margin-top:3mm">抵押人以下列车辆向抵押权人提供抵押，担保主合同项下全部债务的履行：</p>{goods}<div style="columns:2;column-gap:9mm;margin-top:3mm">'
        + "".join(f"<p>{n}. {clause}</p>" for n, clause in enumerate(some(random, PLEDGE, 11), 1))
        + f'</div><div class="place" style="margin-top:4mm"><p>抵押权人（盖章）：　　　　　　　　　　　　抵押人（签字/盖章）：{form.written(world.signer(one))}　　　　　　日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "抵押业务专用章", x=28, y=-14, across=36, tilt=12)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:9.4pt;line-height:1.5} h1{font-size:16pt;margin:1mm 0 3mm} .grid td{font-size:9pt;padding:1.2mm;line-height:1.3} .lh{color:#345;border-bottom:.4mm solid #345;font-size:9pt}"
    return Draft(KIND, body, form, font=THIN, size="A4 landscape", margin="14mm 18mm 14mm", css=css, mark="bottom-left", faults=case.faults)  # fmt: skip


def of_a_lessee(case: Case, random: Random) -> Draft:
    """A lessee pledges to the lessor; all in running text, with a page header."""
    case = cast.lent_by(case, random, "租赁")
    form, one, car = Form(random, PEN), case.borrower, case.car
    body = (
        f'<p class="lh">{case.lender.name}　附件五</p><h1>抵 押 合 同</h1><p style="text-align:right">编号：{form.put("contract_no", case.mortgage_no)}</p>'
        f"<p>甲方（抵押权人）：{form.put('mortgagee_name', case.lender.name)}</p><p>法定代表人：{case.lender.representative}</p><p>乙方（抵押人）：{form.put('mortgagor_name', one.name)}</p><p>{_proof(case)}：{form.put('mortgagor_id', one.number)}</p>"
        f"<p class='in'>鉴于甲乙双方已签署编号为{form.put('loan_contract_no', case.contract_no)}的《车辆融资租赁合同》（“主合同”），租赁车辆登记于乙方名下，为保障甲方在主合同项下的权利，乙方同意将租赁车辆抵押给甲方，双方约定如下：</p>"
        f"<p class='in'>1. 抵押物为{form.put('model', car.brand + car.model)}壹辆，车架号为{form.put('vin', car.vin)}，发动机号为{form.put('engine_no', car.engine_no)}，号牌号码为{form.put('plate', car.plate)}。</p>"
        f"<p class='in'>2. 抵押担保的主债权为主合同项下融资金额人民币{form.put('principal', figure(case.principal), case.principal)}元（大写：{form.put('total_in_words', case.principal_in_words)}），租赁期限{case.term_months}个月。</p>"
        + "".join(f"<p class='in'>{n}. {clause}</p>" for n, clause in enumerate(some(random, PLEDGE, 9), 3))
        + f'<div class="place" style="margin-top:9mm;display:flex"><div style="width:52%"><p>甲方：（盖章）</p><p style="height:15mm"></p><p>日期：{dated(case.signed_on, "年")}</p></div><div><p>乙方：（签字或盖章）{form.written(world.signer(one))}</p><p style="height:15mm"></p><p>日期：{form.day("issue_date", case.signed_on, "年")}</p></div>{seal(case.lender.name, "合同专用章", x=12, y=-8, across=40, tilt=3)}</div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.8} .in{text-indent:2em} .lh{font-size:8.8pt;color:#777;border-bottom:.2mm solid #aaa} h1{font-size:19pt;margin:3mm 0}"
    return Draft(KIND, body, form, font=FINE, margin="17mm 24mm 17mm", css=css, mark="top-right", faults=case.faults)


def by_pen(case: Case, random: Random) -> Draft:
    case = cast.lent_by(case, random, "小额贷款", "农村商业银行")
    form, one, car = Form(random, PEN), case.borrower, case.car

    def pen(name: str, text: str, value: str | int | None = None) -> str:
        return form.put(name, text, value, hand=True)

    table = grid(
        ("车牌号", pen("plate", car.plate), "厂牌型号", pen("model", car.brand + car.model)), ("发动机号", pen("engine_no", car.engine_no), "车身颜色", form.written(car.colour)), ("车架号", pen("vin", car.vin)),
    )  # fmt: skip
    body = (
        f'<h1>车辆抵押合同书</h1><p style="text-align:right">No. {form.put("contract_no", case.mortgage_no)}</p><p>抵押权人：{form.put("mortgagee_name", case.lender.name)}</p><p>抵 押 人：{_u(pen("mortgagor_name", one.name))}　证件号码：{_u(pen("mortgagor_id", one.number))}</p>'
        f"<p>　　根据编号 {_u(pen('loan_contract_no', case.contract_no))} 借款合同，抵押人向抵押权人借款人民币 {_u(pen('principal', bare(case.principal), case.principal))} 元整，现以下列车辆作抵押：</p>{table}"
        + _articles(random, 7, 1)
        + f'<div class="place" style="margin-top:8mm"><p>抵押权人（盖章）：　　　　　　　抵押人（签名、指模）：{form.written(world.signer(one))}</p><p style="margin-top:12mm">经办人：{form.written(cast.name(random))}　　　签订日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "", x=24, y=-10, across=40, tilt=-6)}</div>'
    )  # fmt: skip
    css = "body{font-size:11.2pt;line-height:1.85} .grid td{padding:2.2mm 1.6mm} .grid{margin:2mm 0} .line{padding:0}"
    return Draft(KIND, body, form, font=KAI, margin="19mm 23mm 18mm", css=css, background="#fbfaf5", mark="top-left", faults=case.faults)  # fmt: skip


def file(case: Case, random: Random) -> Draft:
    """Signed on a screen: a square code, small heads in colour, electronic seals."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "消费金融", "汽车金融")
    form, one, car = Form(random, PEN), case.borrower, case.car
    rows = (
        ("抵押权人", form.put("mortgagee_name", case.lender.name)), ("抵押人", form.put("mortgagor_name", one.name)), ("抵押人身份证号", form.put("mortgagor_id", one.number)), ("对应借款合同编号", form.put("loan_contract_no", case.contract_no)),
        ("借款本金（元）", form.put("principal", figure(case.principal), case.principal)), ("车牌号码", form.put("plate", car.plate)), ("品牌型号", form.put("model", car.brand + car.model)), ("车架号（VIN）", form.put("vin", car.vin)), ("发动机号", form.put("engine_no", car.engine_no)),
    )  # fmt: skip
    body = (
        f'<div class="place">{code(case.mortgage_no, x=146, y=-3, across=18)}<h1 style="text-align:left">车辆抵押合同</h1><p class="g">合同编号 {form.put("contract_no", case.mortgage_no)}</p><p class="t">合同要素</p>' + "".join(f'<p class="r"><span>{k}</span>{v}</p>' for k, v in rows)
        + '<p class="t">合同条款</p>' + _articles(random, 12, 1)
        + f'<p class="t">签署信息</p><div class="place"><p>抵押权人：{case.lender.name}　　抵押人：{one.name}（电子签名）</p><p>签署日期：{form.day("issue_date", case.signed_on, "年")}</p>{seal(case.lender.name, "电子合同专用章", x=70, y=-10, across=34)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:9.8pt;line-height:1.6} h1{font-size:17pt} .g{color:#7a8694;font-size:8.6pt} .t{color:#1f5fae;font-size:11pt;margin:3mm 0 1mm} .r{margin:0;border-bottom:.12mm solid #d5dce4;padding:.6mm 0} .r span{display:inline-block;width:40mm;color:#66717d}"
    return Draft(KIND, body, form, font=random.choice((GOTHIC, SUNG)), margin="17mm 20mm 15mm", css=css, background=WHITE, mark="bottom-center", faults=case.faults)  # fmt: skip


LAYOUTS = (bank, for_another, landscape, of_a_lessee, by_pen, file)
