"""抵押合同 of this split: with a list of its own page, a lessor's, a band beside clauses, with the spouse's consent, filled in, a file."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import (
    WHITE,
    bare,
    figure,
    grid,
    ordinal,
    some,
    ticked,
)
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.clauses import PLEDGE
from benchmarks.recognition.unseen.style import FANG, FANG_ALONE, HEI, KAI, PEN, SLIM, SONG, SONG_ALONE
from benchmarks.recognition.world import signer

KIND = "mortgage_contract"


def _proof(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证号"


def _u(inner: str) -> str:
    return f'<span class="line">&ensp;{inner}&ensp;</span>'


def with_a_list(case: Case, random: Random) -> Draft:
    """A bank's: the contract names the debt and refers to a list; the list with the car is a page of its own, signed again."""
    case = cast.lent_by(case, random, "东岱银行", "支行", "农村商业", "联社")
    form, one, car = Form(random, PEN), case.borrower, case.car
    goods = grid(
        ("序号", "1"), ("抵押物名称", car.vehicle_type), ("号牌号码", form.put("plate", car.plate)), ("厂牌型号", form.put("model", car.brand + car.model)), ("车辆识别代号", form.put("vin", car.vin)), ("发动机号码", form.put("engine_no", car.engine_no)),
        ("登记证书编号", car.certificate_no), ("购置价值", f"{figure(case.price)}元"), ("抵押人确认价值", f"{figure(case.price * 85 // 100)}元"), ("抵押率", f"{case.principal * 100 // case.price}%"),
    )  # fmt: skip
    body = (
        f'<div class="leaf"><p style="text-align:right">合同编号：{form.put("contract_no", case.mortgage_no)}</p><h1>抵押合同</h1><p>抵押人：{form.put("mortgagor_name", one.name)}</p><p>{_proof(case)}：{form.put("mortgagor_id", one.number)}　住所：{one.address}</p><p>抵押权人：{form.put("mortgagee_name", case.lender.name)}</p><p>住所：{case.lender.address}　负责人：{case.lender.representative}</p>'
        f"<p>　　为担保抵押权人与债务人所签{_u(form.put('loan_contract_no', case.contract_no))}号《个人汽车贷款借款合同》项下债权的实现，抵押人愿意提供抵押担保。</p><p>第一条　主债权本金为人民币（大写）{_u(form.put('total_in_words', case.principal_in_words))}，小写{_u(form.put('principal', figure(case.principal), case.principal))}元；主债务履行期为{dated(case.signed_on, '年')}至{dated(case.last_due, '年')}。</p><p>第二条　抵押财产详见后附《抵押物清单》，清单为本合同不可分割的组成部分。</p>"
        + "".join(f"<p>第{ordinal(n)}条　{text}</p>" for n, text in enumerate(some(random, PLEDGE, 8), 3))
        + f'<div class="place" style="margin-top:7mm"><p>抵押人（签章）：{form.written(signer(one))}　　　　　　　　　抵押权人（盖章）：</p><p>签订日期：{form.day("issue_date", case.signed_on, "年0")}</p>{seal(case.lender.name, "合同专用章", x=104, y=-14, across=39, tilt=6)}</div></div>'
        f'<div class="leaf place"><h1 style="font-size:17pt">抵押物清单</h1>{goods}<p style="margin-top:8mm">抵押人（签章）：{form.written(signer(one))}</p><p>抵押权人（盖章）：</p>{seal(case.lender.name, "合同专用章", x=40, y=148, across=39, tilt=-9)}</div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.75} .grid td{font-size:10.8pt;padding:2.2mm} .grid td:first-child{width:44mm} .line{padding:0}"
    return Draft(KIND, body, form, font=SONG, margin="19mm 23mm 17mm", css=css, mark="bottom-right", faults=case.faults)


def of_a_carrier(case: Case, random: Random) -> Draft:
    """A lessor's: the car stands in one sentence, what it secures in another; parties by letters, a head and a foot."""
    case = cast.lent_by(case, random, "租赁")
    form, one, car = Form(random, PEN), case.borrower, case.car
    body = (
        f'<h1>机动车抵押合同</h1><p style="text-align:center">编号：{form.put("contract_no", case.mortgage_no)}</p><p><b>甲方（抵押权人）：</b>{form.put("mortgagee_name", case.lender.name)}<br>统一社会信用代码：{case.lender.number}　联系电话：{case.lender.phone}</p><p><b>乙方（抵押人）：</b>{form.put("mortgagor_name", one.name)}<br>{_proof(case)}：{form.put("mortgagor_id", one.number)}　联系电话：{one.phone}</p>'
        f"<p>鉴于甲、乙双方于{dated(case.signed_on, '年')}签订了编号为{form.put('loan_contract_no', case.contract_no)}的《融资租赁合同》（简称“主合同”），经友好协商，就乙方提供抵押事宜达成本合同。</p>"
        f"<p>1、抵押车辆：品牌型号{form.put('model', car.brand + car.model)}，车牌号{form.put('plate', car.plate)}，车辆识别代号（车架号）{form.put('vin', car.vin)}，发动机号{form.put('engine_no', car.engine_no)}，车身颜色{car.colour}，登记在乙方名下。</p><p>2、担保的主债权：主合同项下租赁本金{form.put('total_in_words', case.principal_in_words)}（¥{form.put('principal', figure(case.principal), case.principal)}）及相应租息。</p>"
        + "".join(f"<p>{n}、{text.replace('抵押权人', '甲方').replace('抵押人', '乙方')}</p>" for n, text in enumerate(some(random, PLEDGE, 10), 3))
        + f'<div class="place" style="margin-top:8mm"><table><tr><td style="width:50%">甲方（盖章）：<br><br>授权代表：{form.written(cast.name(random))}</td><td>乙方（签字/盖章）：{form.written(signer(one))}<br><br>签署日期：{form.day("issue_date", case.signed_on, "/")}</td></tr></table>{seal(case.lender.name, "合同专用章", x=20, y=-7, across=40, tilt=-4)}</div>'
    )  # fmt: skip
    css = "body{font-size:10.8pt;line-height:1.75} h1{font-size:18pt;margin-bottom:1mm}"
    return Draft(KIND, body, form, font=FANG, margin="18mm 22mm 17mm", css=css, mark="top-right", faults=case.faults)


def two_columns(case: Case, random: Random) -> Draft:
    """A finance company's sheet in small print: a band of particulars left, clauses right."""
    case = cast.lent_by(case, random, "汽车金融", "财务")
    form, one, car = Form(random, PEN), case.borrower, case.car
    pairs = (
        ("抵押合同编号", form.put("contract_no", case.mortgage_no)), ("主合同编号", form.put("loan_contract_no", case.contract_no)), ("抵押权人", form.put("mortgagee_name", case.lender.name)), ("抵押人", form.put("mortgagor_name", one.name)), (_proof(case), form.put("mortgagor_id", one.number)),
        ("通讯地址", one.address), ("贷款本金", f"人民币{form.put('principal', figure(case.principal), case.principal)}元"), ("大写", form.put("total_in_words", case.principal_in_words)), ("车牌号", form.put("plate", car.plate)), ("品牌型号", form.put("model", car.brand + car.model)),
        ("车架号", form.put("vin", car.vin)), ("发动机号", form.put("engine_no", car.engine_no)), ("登记证书编号", car.certificate_no), ("颜色", car.colour), ("签署日期", form.day("issue_date", case.signed_on, "-")),
    )  # fmt: skip
    left = "".join(f'<p class="k">{k}</p><p class="v">{v}</p>' for k, v in pairs)
    body = (
        f'<div class="place"><h1>车辆抵押合同</h1><div class="two"><div class="l">{left}</div><div class="rt"><p>抵押人同意以左列车辆为左列贷款向抵押权人提供抵押担保，双方约定如下：</p>'
        + "".join(f"<p>{n}. {text}</p>" for n, text in enumerate(some(random, PLEDGE, 14), 1))
        + f'<div class="place" style="margin-top:6mm"><p>抵押人签字（盖章）：{form.written(signer(one))}</p><p style="margin-top:12mm">抵押权人（盖章）：</p>{seal(case.lender.name, "抵押合同专用章", x=40, y=2, across=36, tilt=10)}</div></div></div></div>'
    )  # fmt: skip
    css = "body{font-size:9.6pt;line-height:1.6} h1{font-size:17pt} .two{display:flex;gap:7mm} .l{width:62mm;background:#eef3f7;padding:3mm 4mm} .rt{flex:1} .k{color:#56708a;font-size:8.2pt;margin:0} .v{margin:0 0 1.6mm;text-align:left;line-height:1.3}"
    return Draft(KIND, body, form, font=HEI, margin="15mm 16mm 15mm", css=css, background=WHITE, mark="bottom-left", faults=case.faults)  # fmt: skip


def with_consent(case: Case, random: Random) -> Draft:
    """A person's, with a paragraph in which the spouse agrees and signs beneath."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "消费金融中心", "东岱银行", "联社")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    table = grid(
        ("号牌号码", form.put("plate", car.plate), "厂牌型号", form.put("model", car.brand + car.model)), ("车辆识别代号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)), ("车辆价款", f"{figure(case.price)}元", "保险到期日", dated(case.commercial.valid_to, "-")),
    )  # fmt: skip
    body = (
        f'<p style="font-size:9pt;color:#777">合同编号：{form.put("contract_no", case.mortgage_no)}</p><h1>汽车分期抵押担保合同</h1><p>抵押权人　{_u(form.put("mortgagee_name", case.lender.name))}</p><p>抵　押　人　{_u(form.put("mortgagor_name", one.name))}　{_proof(case)}　{_u(form.put("mortgagor_id", one.number))}</p>'
        f"<p class='in'>抵押人因购车在抵押权人处办理分期付款业务，签有编号{_u(form.put('loan_contract_no', case.contract_no))}的主合同，分期本金人民币{_u(form.put('principal', bare(case.principal), case.principal))}元（大写{_u(form.put('total_in_words', case.principal_in_words))}），期限{case.term_months}个月。现抵押人以下列车辆提供抵押：</p>{table}"
        + "".join(f"<p class='in'>第{ordinal(n)}条　{text}</p>" for n, text in enumerate(some(random, PLEDGE, 8), 1))
        + f'<p class="in"><b>共有人声明：</b>本人{two.name}（身份证号{two.number}）系抵押人之{ticked("配偶", ("配偶", "其他"), "☑□")}，知悉并同意以上述车辆设立抵押。</p><div class="place" style="margin-top:6mm"><p>抵押权人（盖章）：</p><p style="margin-top:9mm">抵押人（签字）：{form.written(one.name)}　　　　共有人（签字）：{form.written(two.name)}</p><p>日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "业务合同章", x=36, y=-10, across=38, tilt=-12)}</div>'
    )  # fmt: skip
    css = "body{font-size:10.8pt;line-height:1.74} .in{text-indent:2em} .grid td{font-size:9.8pt;padding:1.5mm;line-height:1.3} .grid{margin:2mm 0} .line{padding:0} h1{font-size:18pt}"
    return Draft(KIND, body, form, font=SONG_ALONE, margin="17mm 23mm 17mm", css=css, mark="bottom-left", faults=case.faults)  # fmt: skip


def filled_in(case: Case, random: Random) -> Draft:
    """A printed form of a small lender whose blanks were filled in by pen."""
    case = cast.lent_by(case, random, "小额贷款", "联社")
    form, one, car = Form(random, PEN), case.borrower, case.car

    def pen(name: str, text: str, value: str | int | None = None) -> str:
        return _u(form.put(name, text, value, hand=True))

    body = (
        f'<h1>车辆抵押合同</h1><p style="text-align:right">编号：{form.put("contract_no", case.mortgage_no)}</p><p>抵押权人：{form.put("mortgagee_name", case.lender.name)}</p><p>抵押人：{pen("mortgagor_name", one.name)}　证件号：{pen("mortgagor_id", one.number)}</p><p>一、抵押人因向抵押权人借款（借款合同编号 {pen("loan_contract_no", case.contract_no)}），金额人民币 {pen("principal", bare(case.principal), case.principal)} 元，大写 {pen("total_in_words", case.principal_in_words)}，自愿以自有机动车抵押。</p>'
        f"<p>二、抵押车辆情况：</p><p>　　车牌号 {pen('plate', car.plate)}　厂牌型号 {pen('model', car.brand + car.model)}</p><p>　　车架号 {pen('vin', car.vin)}　发动机号 {pen('engine_no', car.engine_no)}</p>"
        + "".join(f"<p>{ordinal(n)}、{text}</p>" for n, text in enumerate(some(random, PLEDGE, 7), 3))
        + f'<div class="place" style="margin-top:7mm"><p>抵押权人（盖章）：　　　　　　　　　抵押人（签字按印）：{form.written(signer(one))}</p><p style="margin-top:9mm">见证人：{form.written(cast.name(random))}</p><p>签订时间：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "", x=24, y=-10, across=40, tilt=7)}</div>'
    )  # fmt: skip
    css = "body{font-size:11.2pt;line-height:1.9} h1{font-size:21pt} .line{padding:0}"
    return Draft(KIND, body, form, font=random.choice((FANG_ALONE, KAI)), margin="18mm 22mm 17mm", css=css, background="#fbfaf4", mark="top-left", faults=case.faults)  # fmt: skip


def file(case: Case, random: Random) -> Draft:
    """Signed on a screen: three framed parts one below the other, clauses, electronic seals with their times."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "消费金融", "汽车金融")
    form, one, car = Form(random, PEN), case.borrower, case.car
    parties = grid(
        ("抵押权人", form.put("mortgagee_name", case.lender.name), "信用代码", case.lender.number),
        ("抵押人", form.put("mortgagor_name", one.name), "身份证号码", form.put("mortgagor_id", one.number)),
    )
    debt = grid(
        ("借款合同编号", form.put("loan_contract_no", case.contract_no), "借款期限", f"{case.term_months}个月"),
        ("借款本金", f"¥{form.put('principal', figure(case.principal), case.principal)}", "大写金额", form.put("total_in_words", case.principal_in_words)),
    )  # fmt: skip
    vehicle = grid(
        ("车牌号", form.put("plate", car.plate), "品牌型号", form.put("model", car.brand + car.model)),
        ("车架号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)),
    )
    body = (
        f'<div class="place">{code(case.mortgage_no, x=150, y=-2, across=17)}<h1>机动车抵押合同（电子版）</h1><p class="g">合同编号：{form.put("contract_no", case.mortgage_no)}</p><p class="t">当事人</p>{parties}<p class="t">主债权</p>{debt}<p class="t">抵押车辆</p>{vehicle}<p class="t">条款</p>'
        + "".join(f"<p>{n}. {text}</p>" for n, text in enumerate(some(random, PLEDGE, 11), 1))
        + f'<p class="t">签署</p><div class="place"><p>抵押人：{one.name}　{dated(case.signed_on, "-")} 10:{random.randrange(10, 60)}</p><p>抵押权人：{case.lender.name}</p><p>合同签署日：{form.day("issue_date", case.signed_on, "-")}</p>{seal(case.lender.name, "电子合同章", x=92, y=-12, across=34)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:9.8pt;line-height:1.6} h1{font-size:16.5pt;text-align:left;margin:0} .g{color:#80868c;font-size:8.8pt} .t{color:#7a2f6a;font-size:10.6pt;margin:3mm 0 1mm} .grid td{font-size:9.2pt;border-color:#d6cbd3;padding:1mm 1.3mm;line-height:1.3} .grid td:nth-child(odd){width:26mm;background:#f7f2f6}"
    return Draft(KIND, body, form, font=SLIM, margin="16mm 20mm 15mm", css=css, background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


LAYOUTS = (with_a_list, of_a_carrier, two_columns, with_consent, filled_in, file)
