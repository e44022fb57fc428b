"""借款合同 of this split: particulars at the end, two columns, a sale and lease back, a card's instalments, a file, a form."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import (
    WHITE,
    bare,
    figure,
    grid,
    months_on,
    ordinal,
    percent,
    some,
    ticked,
)
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.clauses import LEASE, LOAN
from benchmarks.recognition.unseen.style import FANG, HEI, KAI, PEN, SLIM, SONG, SONG_ALONE
from benchmarks.recognition.world import signer

KIND = "loan_contract"


def _proof(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "居民身份证号码"


def _u(inner: str) -> str:
    return f'<span class="line">&ensp;{inner}&ensp;</span>'


def particulars_last(case: Case, random: Random) -> Draft:
    """A bank's: general terms fill the first pages, the special terms with all that was agreed and the names stand last."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "东岱银行", "支行", "农村商业", "联社")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    terms = some(random, LOAN, 22)
    heads = ("贷款的发放与使用", "利息与还款", "借款人的义务", "违约责任", "其他")
    general = "".join(
        (f"<p class='h'>第{ordinal(n // 5 + 1)}章　{heads[n // 5]}</p>" if n % 5 == 0 else "") + f"<p>第{ordinal(n + 1)}条　{text}</p>"
        for n, text in enumerate(terms)
    )  # fmt: skip
    body = (
        f'<div class="leaf"><p class="no">编号：{form.put("contract_no", case.contract_no)}</p><h1>个人汽车贷款借款合同</h1><p class="middle" style="text-align:center">第一部分　通用条款</p>{general}</div>'
        f'<div class="leaf"><p class="middle" style="text-align:center;font-size:13pt">第二部分　专用条款</p><p>借款人：{_u(form.put("borrower_name", one.name))}　证件类型：居民身份证</p><p>证件号码：{_u(form.put("borrower_id", one.number))}　联系电话：{one.phone}</p><p>住址：{one.address}</p>'
        f"<p>共同借款人：{_u(two.name)}　证件号码：{_u(two.number)}</p><p>贷款人：{_u(form.put('lender_name', case.lender.name))}　负责人：{case.lender.representative}</p><p>住所：{case.lender.address}</p>"
        f"<p>1. 本合同项下借款金额为人民币（大写）{_u(form.put('total_in_words', case.principal_in_words))}（小写¥{_u(form.put('principal', figure(case.principal), case.principal))}）。</p>"
        f"<p>2. 借款期限为{_u(form.put('term_months', str(case.term_months), case.term_months))}个月，自{_u(dated(case.signed_on, '年'))}起至{_u(dated(case.last_due, '年'))}止。</p>"
        f"<p>3. 借款利率为固定利率，年利率{_u(form.put('rate', percent(case.rate), case.rate))}%，逾期罚息利率在此基础上加收{_u('50')}%。</p>"
        f"<p>4. 借款用途：购买{ticked('新车', ('新车', '二手车', '商用车'))}，车辆品牌型号{_u(car.brand + car.model)}，车架号{_u(form.put('vin', car.vin))}，车辆总价{_u(figure(case.price))}元，首付款{_u(figure(case.price - case.principal))}元。</p>"
        f"<p>5. 收款人名称{_u(case.dealer.name)}，账号{_u(cast.account(random))}。</p><p>6. 还款方式：{ticked('等额本息', ('等额本息', '等额本金', '净息还款'))}；还款日为每月{_u(str(min(case.signed_on.day, 28)))}日；还款账号{_u(case.account)}。</p><p>7. 担保方式：以所购车辆抵押，另行签订抵押合同。</p>"
        f'<div class="place" style="margin-top:9mm"><table><tr><td style="width:48%">借款人（签字）：{form.written(one.name)}</td><td>贷款人（盖章）：</td></tr><tr><td style="height:16mm">共同借款人（签字）：{form.written(two.name)}</td><td>经办人：{form.written(cast.name(random))}</td></tr><tr><td colspan="2">合同签订日期：{form.day("issue_date", case.signed_on, "年")}</td></tr></table>{seal(case.lender.name, "合同专用章", x=94, y=-4, across=40, tilt=-7)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:10.8pt;line-height:1.72} .h{font-weight:bold;margin-top:2mm} .no{text-align:right} h1{font-size:19pt;margin:4mm 0 3mm} .line{padding:0}"
    return Draft(KIND, body, form, font=SONG, margin="20mm 23mm 18mm", css=css, mark="bottom-right", faults=case.faults)


def two_columns(case: Case, random: Random) -> Draft:
    """A finance company's sheet: particulars in a narrow table over the width, then two columns of small print."""
    case = cast.lent_by(case, random, "汽车金融", "财务")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    rows = grid(
        ("贷款人", form.put("lender_name", case.lender.name), "合同号", form.put("contract_no", case.contract_no)),
        ("借款人", form.put("borrower_name", one.name), _proof(case), form.put("borrower_id", one.number)), ("共同借款人/担保人", two.name, "居民身份证号码", two.number),
        ("车辆品牌及型号", car.brand + car.model, "车辆识别代号（VIN）", form.put("vin", car.vin)), ("经销商", case.dealer.name, "车辆价格（人民币元）", figure(case.price)),
        ("贷款本金（人民币元）", form.put("principal", figure(case.principal), case.principal), "大写", form.put("total_in_words", case.principal_in_words)),
        ("贷款期限（月）", form.put("term_months", str(case.term_months), case.term_months), "年利率（单利）", form.put("rate", percent(case.rate) + "%", case.rate)), ("还款方式", ticked("等额本息", ("等额本息", "等额本金", "气球贷"), "■□"), "首次还款日", dated(months_on(case.signed_on, 1), "-")),
    )  # fmt: skip
    body = (
        f'<div class="place"><p class="lh">{case.lender.name}<span style="float:right">客户热线 400-000-{random.randrange(10**4):04}</span></p><h1>汽车抵押贷款合同</h1>{rows}<div class="c">'
        + "".join(f"<p><b>{n}.</b> {text}</p>" for n, text in enumerate(some(random, LOAN, 25), 1))
        + f'</div><table class="sg"><tr><td>借款人签字（盖章）：{form.written(signer(one))}</td><td>共同借款人/担保人签字：{form.written(two.name)}</td><td>签署日期：{form.day("issue_date", case.signed_on, "-")}</td></tr></table><div class="place"><p>贷款人盖章处：</p>{seal(case.lender.name, "贷款合同专用章", x=30, y=-9, across=33, tilt=8)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:8.6pt;line-height:1.45} h1{font-size:15pt;margin:1mm 0 2mm;text-align:left} .lh{color:#20406a;border-bottom:.5mm solid #20406a} .grid td{font-size:8.4pt;padding:.8mm 1mm;line-height:1.25;border-color:#9fb0c4} .grid td:nth-child(odd){color:#20406a;width:31mm} .c{columns:2;column-gap:6mm;margin-top:2.6mm} .c p{margin-bottom:.2em} .sg td{padding:1.6mm 0}"
    return Draft(KIND, body, form, font=HEI, margin="12mm 14mm 13mm", css=css, background=WHITE, faults=case.faults)


def lease_back(case: Case, random: Random) -> Draft:
    """融资租赁合同（售后回租）: the lessee sells the car to the lessor and leases it; annexes with the car and the plan of rents."""
    case = cast.lent_by(case, random, "租赁")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    rent = case.principal * (1_000_000 + case.rate * case.term_months // 22) // 1_000_000 // case.term_months
    plan = grid(
        ("期次", "应付日期", "租金金额（元）", "期次", "应付日期", "租金金额（元）"),
        *(tuple(cell for n in (row, row + 6) for cell in (str(n), dated(months_on(case.signed_on, n), "/"), figure(rent))) for row in range(1, 7)),
    )  # fmt: skip
    goods = grid(
        ("租赁物名称", "品牌型号", "车架号", "发动机号", "数量"), ("机动车", car.brand + car.model, form.put("vin", car.vin), car.engine_no, "1辆"),
    )  # fmt: skip
    body = (
        f'<div class="leaf"><h1>融资租赁合同</h1><p style="text-align:center">（售后回租）</p><p style="text-align:center">合同编号：{form.put("contract_no", case.contract_no)}</p><p>出租人：{form.put("lender_name", case.lender.name)}（下称“甲方”）<br>统一社会信用代码：{case.lender.number}<br>住所：{case.lender.address}</p>'
        f"<p>承租人：{form.put('borrower_name', one.name)}（下称“乙方”）<br>{_proof(case)}：{form.put('borrower_id', one.number)}<br>联系地址：{one.address}　电话：{one.phone}</p><p>保证人：{two.name}，居民身份证号码：{two.number}</p><p>　　乙方为融通资金，将其自有车辆出售给甲方并自甲方租回使用，各方协商一致，订立本合同。</p>"
        f"<p class='h'>一、转让价款与融资金额</p><p>甲方以人民币{form.put('principal', figure(case.principal), case.principal)}元（大写：{form.put('total_in_words', case.principal_in_words)}）受让附件一所列租赁物，该价款即为乙方的融资金额，由甲方支付至{case.dealer.name}。</p>"
        f"<p class='h'>二、租赁期限与租赁利率</p><p>租赁期限共计{form.put('term_months', str(case.term_months), case.term_months)}个月，自甲方支付转让价款之日起算。租赁年利率为{form.put('rate', percent(case.rate) + '%', case.rate)}，每期租金人民币{figure(rent)}元，按月后付。</p><p class='h'>三、保证金及留购价</p><p>乙方于签约当日支付保证金人民币{figure(case.principal // 10)}元；留购价为人民币壹元整。</p>"
        + "".join(f"<p>{ordinal(n)}、{text}</p>" for n, text in enumerate(some(random, LEASE, 6), 4))
        + f"</div><div class='leaf'><p class='h'>附件一　租赁物清单</p>{goods}<p class='h' style='margin-top:4mm'>附件二　租金支付计划（前十二期）</p>{plan}"
        + f'<div class="place" style="margin-top:12mm"><p>甲方（公章）：</p><p style="margin-top:15mm">乙方（签字/公章）：{form.written(signer(one))}</p><p>保证人（签字）：{form.written(two.name)}</p><p>签订日：{form.day("issue_date", case.signed_on, "年0")}　　签订地：{case.lender.address[:9]}</p>{seal(case.lender.name, "合同专用章", x=22, y=-9, across=41, tilt=12)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.75} .h{font-weight:bold} h1{font-size:20pt;margin-bottom:0} .grid td{font-size:9.4pt;padding:1.2mm;line-height:1.3;text-align:center}"
    return Draft(KIND, body, form, font=FANG, margin="20mm 22mm 17mm", css=css, mark="top-right", faults=case.faults)


def instalments(case: Case, random: Random) -> Draft:
    """汽车专项分期: what is paid by instalments, its fee and the yearly rate it comes to; all in running text."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "汽车消费金融中心")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    fee = case.principal * case.rate * case.term_months // 24 // 1_000_000
    body = (
        f'<p class="lh">汽车专项分期业务合同文本（个人）　版本 2024-02</p><h1>汽车专项分期付款合同</h1><p style="text-align:right">合同编号 {form.put("contract_no", case.contract_no)}</p><p>甲方（债权人）：{_u(form.put("lender_name", case.lender.name))}</p><p>乙方（持卡人）：{_u(form.put("borrower_name", one.name))}　身份证件号码：{_u(form.put("borrower_id", one.number))}</p><p>丙方（共同偿债人）：{_u(two.name)}　身份证件号码：{_u(two.number)}</p>'
        f"<p class='in'>第一条　乙方向{case.dealer.name}购买{car.brand}{car.model}汽车一辆，车架号{_u(form.put('vin', car.vin))}，车辆成交价人民币{_u(figure(case.price))}元，乙方已自付人民币{_u(figure(case.price - case.principal))}元。</p>"
        f"<p class='in'>第二条　甲方同意为乙方办理汽车专项分期，分期金额人民币{_u(form.put('principal', bare(case.principal), case.principal))}元，大写{_u(form.put('total_in_words', case.principal_in_words))}；分期期数{_u(form.put('term_months', str(case.term_months), case.term_months))}期（每月一期）；分期手续费总额人民币{_u(figure(fee))}元，按期平均收取，折合年化利率{_u(form.put('rate', percent(case.rate) + '%', case.rate))}。</p>"
        f"<p class='in'>第三条　乙方指定在甲方开立的卡号为{_u(case.account)}的信用卡作为分期还款账户。</p>"
        + "".join(f"<p class='in'>第{ordinal(n)}条　{text.replace('借款人', '乙方').replace('贷款人', '甲方').replace('贷款', '分期款项').replace('共同还款人', '丙方')}</p>" for n, text in enumerate(some(random, LOAN, 8), 4))
        + f'<div class="place" style="margin-top:6mm;break-inside:avoid"><p>甲方（盖章）：　　　　　　　　乙方（签名）：{form.written(one.name)}　　　　丙方（签名）：{form.written(two.name)}</p><p style="margin-top:14mm">日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "专项分期合同章", x=16, y=-8, across=38, tilt=-5)}</div>'
    )  # fmt: skip
    css = "body{font-size:10.6pt;line-height:1.74} .in{text-indent:2em} .lh{color:#777;font-size:8.6pt;border-bottom:.2mm solid #aaa} h1{font-size:17.5pt;margin:3mm 0} .line{padding:0}"
    return Draft(KIND, body, form, font=SONG_ALONE, margin="17mm 23mm 17mm", css=css, mark="bottom-left", faults=case.faults)  # fmt: skip


def file(case: Case, random: Random) -> Draft:
    """Born as a file: a summary of what was agreed beside a code, numbered chapters, who signed when on the last page."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "消费金融", "汽车金融")
    form, one, car = Form(random, PEN), case.borrower, case.car
    rows = grid(
        ("合同编号", form.put("contract_no", case.contract_no)), ("贷款人", form.put("lender_name", case.lender.name)), ("借款人", form.put("borrower_name", one.name)), ("居民身份证号码", form.put("borrower_id", one.number)),
        ("贷款金额", f"人民币{form.put('principal', figure(case.principal), case.principal)}元（{form.put('total_in_words', case.principal_in_words)}）"), ("贷款期限", f"{form.put('term_months', str(case.term_months), case.term_months)}个月"), ("年化利率（单利）", form.put("rate", percent(case.rate) + "%", case.rate)),
        ("贷款用途", f"购买{car.brand}{car.model}"), ("车架号", form.put("vin", car.vin)), ("还款账户", f"{cast.bank(random, cast.home(case))} {case.account}"), ("受托支付对象", case.dealer.name),
    )  # fmt: skip
    articles = some(random, LOAN, 15)
    heads = ("贷款发放", "还款", "承诺与保证", "违约", "通知与争议")
    body = (
        f'<div class="leaf place">{code(case.contract_no, x=148, y=0, across=17)}<h1>个人汽车消费贷款合同</h1><p class="g">（电子合同）</p><p class="t">一、合同要素</p>{rows}'
        + "".join((f"<p class='t'>{ordinal(n // 3 + 2)}、{heads[n // 3]}</p>" if n % 3 == 0 else "") + f"<p>{n // 3 + 2}.{n % 3 + 1} {text}</p>" for n, text in enumerate(articles))
        + f'<div class="place" style="break-inside:avoid"><p class="t">签署信息</p><p>借款人通过贷款人官方应用以电子签名方式签署本合同，与纸质合同具有同等法律效力。</p><p style="margin-top:8mm">贷款人：{case.lender.name}（电子签章）</p><p style="margin-top:22mm">借款人：{one.name}（电子签名）</p><p>签署日期：{form.day("issue_date", case.signed_on, "年0")}</p>'
        f'<p class="g" style="margin-top:24mm">存证编号 {random.getrandbits(72):018x}　签名算法 SM2　时间戳由国家授时中心提供</p>{seal(case.lender.name, "电子合同专用章", x=58, y=14, across=38)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:10pt;line-height:1.62} h1{font-size:18pt;text-align:left;margin-bottom:0} .g{color:#808890;font-size:8.6pt} .t{color:#0f5a52;font-size:11.4pt;margin:3mm 0 1mm} .grid td{border-color:#cfd8d6;font-size:9.6pt;padding:1mm 1.4mm;line-height:1.35} .grid td:first-child{width:38mm;background:#f0f5f4}"
    return Draft(KIND, body, form, font=SLIM, margin="17mm 21mm 16mm", css=css, background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def filled_in(case: Case, random: Random) -> Draft:
    """A small lender's or a credit union's form: a table of blanks filled in by pen, clauses below it, thumb prints."""
    case = cast.lent_by(case, random, "小额贷款", "联社")
    form, one, two = Form(random, PEN), case.borrower, case.co_borrower

    def pen(name: str, text: str, value: str | int | None = None) -> str:
        return form.put(name, text, value, hand=True)

    table = grid(
        ("借 款 人", pen("borrower_name", one.name), "证件号码", pen("borrower_id", one.number)), ("保 证 人", form.written(two.name), "证件号码", form.written(two.number)),
        ("借款金额（大写）", pen("total_in_words", case.principal_in_words), "（小写）¥", pen("principal", bare(case.principal), case.principal)),
        ("借款期限", f"{pen('term_months', str(case.term_months), case.term_months)} 个月", "年利率（%）", pen("rate", percent(case.rate), case.rate)), ("借款用途", form.written("购车"), "车架号", pen("vin", case.car.vin)),
    )  # fmt: skip
    body = (
        f'<h1>借款合同</h1><div style="display:flex;justify-content:space-between"><span>贷款人：{form.put("lender_name", case.lender.name)}</span><span>No：{form.put("contract_no", case.contract_no)}</span></div>{table}<p style="margin-top:3mm">　　借款人向贷款人申请上述借款，贷款人经调查同意发放，双方共同遵守以下约定：</p>'
        + "".join(f"<p>{n}. {text}</p>" for n, text in enumerate(some(random, LOAN, 6), 1))
        + f'<div class="place" style="margin-top:6mm"><p>贷款人（公章）：　　　　　　　　　　借款人（签章并按指印）：{form.written(signer(one))}</p><p style="margin-top:9mm">信贷员：{form.written(cast.name(random))}　　　　　　　　　　　保证人（签字并按指印）：{form.written(two.name)}</p><p>签约日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "", x=20, y=-8, across=39, tilt=9)}</div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.8} h1{font-size:22pt;letter-spacing:4mm;margin-bottom:3mm} .grid td{padding:1.8mm 1.2mm;font-size:9.8pt;line-height:1.3} .grid td:nth-child(odd){width:24mm} .grid td:nth-child(2){width:56mm}"
    return Draft(KIND, body, form, font=KAI, margin="18mm 20mm 17mm", css=css, background="#fbfaf3", mark="top-left", faults=case.faults)  # fmt: skip


LAYOUTS = (particulars_last, two_columns, lease_back, instalments, file, filled_in)
