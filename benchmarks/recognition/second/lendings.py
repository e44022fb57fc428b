"""借款合同 of the new world: a bank's, an auto-finance company's table, a sale and lease-back, one filled in by pen, a signed file."""

from datetime import date
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, code, seal
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import (
    HEI,
    LIGHT,
    PALE,
    PEN,
    PLAIN_SONG,
    SONG,
    bare,
    figure,
    rate,
    some,
    table,
    tick,
)
from benchmarks.recognition.second.places import PLACES
from benchmarks.recognition.second.wording import LEASING, LENDING, numeral

KIND = "loan_contract"


def _identity(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证号码"


def _signer(case: Case) -> str:
    return case.borrower.representative or case.borrower.name


def _month_on(day: date, months: int) -> str:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28)).isoformat()


def bank(case: Case, random: Random) -> Draft:
    """A bank's contract over two pages: parties, a guarantor, price over a reference rate, figures after words."""
    case = cast.lent_by(cast.of_a_person(case), random, "行")
    form, one, dealer = Form(random, PEN), case.borrower, case.dealer
    spread = (case.rate - 31_000) // 100
    lpr = f"以合同签订日前一日全国银行间同业拆借中心公布的1年期贷款市场报价利率（LPR）3.10%{'加' if spread >= 0 else '减'}{abs(spread)}基点确定"
    articles = "".join(f"<p>第{numeral(n)}条　{c}</p>" for n, c in enumerate(some(random, LENDING, 14), 5))
    body = (
        f'<div class="leaf"><p class="right">合同编号：{form.put("contract_no", case.contract_no)}</p><h1>个人购车担保借款合同</h1>'
        f"<p>贷款人（全称）：{form.put('lender_name', case.lender.name)}</p><p>负责人：{case.lender.representative}　　电话：{case.lender.phone}</p><p>住所：{case.lender.address}</p>"
        f"<p>借款人（全称）：{form.put('borrower_name', one.name)}</p><p>{_identity(case)}：{form.put('borrower_id', one.number)}　　电话：{one.phone}</p><p>住所：{one.address}</p>"
        f"<p>保证人（全称）：{dealer.name}</p><p>统一社会信用代码：{dealer.number}　　法定代表人：{dealer.representative}</p><p>住所：{dealer.address}</p>"
        "<p>　　借款人因购买车辆向贷款人申请借款，保证人自愿提供连带责任保证。各方经协商一致，订立本合同。</p>"
        f"<p>第一条　借款金额　人民币（大写）{form.put('total_in_words', case.principal_in_words)}（小写：¥{form.put('principal', figure(case.principal), case.principal)}元）。</p>"
        f"<p>第二条　借款期限　{form.put('term_months', str(case.term_months), case.term_months)}个月，自{case.signed_on.year}年{case.signed_on.month}月{case.signed_on.day}日起至{case.last_due.year}年{case.last_due.month}月{case.last_due.day}日止，实际放款日与此不一致的，以借款凭证为准。</p>"
        f"<p>第三条　借款利率　{lpr}，即年利率{form.put('rate', rate(case.rate, 4) + '%', case.rate)}，借款期限内利率不变。</p>"
        f"<p>第四条　借款用途　购买{case.car.brand}{case.car.model}，车架号{form.put('vin', case.car.vin)}，购车总价¥{figure(case.price)}元，售车方：{dealer.name}。</p></div>"
        f'<div class="leaf">{articles}<p>第十九条　{tick("等额本息", ("等额本息", "等额本金", "按月付息到期还本"))}。还款账户：{case.account}。</p>'
        f'<div class="place sign"><p>贷款人（签章）：　　　　　　　　　　　保证人（签章）：</p><p style="height:20mm"></p><p>借款人（签字）：{form.written(_signer(case))}</p><p>签订日期：{form.day("issue_date", case.signed_on, "年0")}　　签订地点：{case.lender.address[:9]}</p>'
        f"{seal(case.lender.name, '合同专用章', x=16, y=2, across=40, tilt=8)}{seal(dealer.name, '合同专用章', x=104, y=0, across=38, tilt=-11)}</div></div>"
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        font=SONG,
        margin="22mm 25mm 20mm",
        css="body{font-size:11pt;line-height:1.72} .sign{margin-top:14mm;break-inside:avoid}",
        faults=case.faults,
    )


def finance_table(case: Case, random: Random) -> Draft:
    """An auto-finance company's key terms: units in the heads, a co-borrower and the dealer beside the borrower."""
    case = cast.lent_by(case, random, "汽车金融")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    down, fee = case.price - case.principal, case.principal * 2 // 100
    people = table((
        ("", "姓名/名称", "证件类型", "证件号码", "联系电话"),
        ("借款人", form.put("borrower_name", one.name), one.paper.replace("居民", ""), form.put("borrower_id", one.number), one.phone),
        ("共同借款人", two.name, "身份证", two.number, two.phone),
        ("经销商", case.dealer.name, "营业执照", case.dealer.number, case.dealer.phone),
    ))  # fmt: skip
    goods = table((
        ("品牌", "车型代码", "车辆识别代号（VIN）", "颜色", "新车/二手车"),
        (car.brand, car.model, form.put("vin", car.vin), car.colour, "新车"),
    ))  # fmt: skip
    sums = table((
        ("车辆价格（元）", "首付款（元）", "贷款本金（元）", "手续费（元）", "尾款（元）"),
        (figure(case.price), figure(down), form.put("principal", figure(case.principal), case.principal), figure(fee), "0.00"),
        ("贷款期限（月）", "年利率（%）", "罚息利率（%）", "每月还款日", "还款方式"),
        (form.put("term_months", str(case.term_months), case.term_months), form.put("rate", rate(case.rate), case.rate), rate(case.rate * 3 // 2), f"{random.randrange(1, 29)}日", "等额本息"),
    ))  # fmt: skip
    body = (
        f'<div class="place"><p style="font-size:13pt;color:#1e3c66">{form.put("lender_name", case.lender.name)}</p><p class="s">地址：{case.lender.address}　客服：{case.lender.phone}</p>'
        f'<h1>汽车抵押贷款合同<span style="font-size:10pt">（关键条款）</span></h1><p class="s">合同编号 {form.put("contract_no", case.contract_no)}</p>'
        f"<p class='t'>一、当事人</p>{people}<p class='t'>二、贷款车辆</p>{goods}<p class='t'>三、贷款信息</p>{sums}<p class='t'>四、声明</p>"
        + '<div class="two">'
        + "".join(f'<p class="s">{n}. {c}</p>' for n, c in enumerate(some(random, LENDING, 22), 1))
        + "</div>"
        + f'<div class="place"><table style="margin-top:4mm"><tr><td>借款人签字：{form.written(_signer(case))}</td><td>共同借款人签字：{form.written(two.name)}</td></tr><tr><td>贷款人（盖章）：</td><td>日期：{form.day("issue_date", case.signed_on, "/")}</td></tr></table>'
        f"{seal(case.lender.name, '汽车贷款专用章', x=30, y=-4, across=37, tilt=-6)}</div></div>"
    )
    css = "body{font-size:9.4pt} h1{font-size:15pt;margin:2mm 0} .grid td{font-size:8.6pt;padding:1mm 1.2mm} .grid tr:nth-child(odd) td{background:#eaf0f7} .grid tr:nth-child(2) td{background:none} .s{font-size:8.4pt;line-height:1.4} .t{font-weight:bold;margin:2.4mm 0 1mm} .two{columns:2;column-gap:6mm}"
    return Draft(
        KIND,
        body,
        form,
        font=HEI,
        margin="15mm 15mm 14mm",
        css=css,
        background=PALE,
        mark="top-right",
        faults=case.faults,
    )


def lease_back(case: Case, random: Random) -> Draft:
    """融资租赁合同（售后回租）: lessor and lessee, what is financed beside the car, an appendix with the leased things."""
    case = cast.lent_by(case, random, "租赁")
    form, one, car = Form(random, PEN), case.borrower, case.car
    gps = 198_000
    rent = (case.principal * (1_000_000 + case.rate * case.term_months // 12) // 1_000_000) // case.term_months
    goods = table((
        ("序号", "租赁物名称", "规格型号", "车架号/序列号", "发动机号", "数量", "金额（元）"),
        ("1", f"{car.brand}{car.vehicle_type}", car.model, form.put("vin", car.vin), car.engine_no, "1辆", figure(case.principal - gps)),
        ("2", "车载定位终端", "T9-4G", f"{random.randrange(10**12):012}", "—", "2套", figure(gps)),
        ("合计", "", "", "", "", "", form.put("principal", figure(case.principal), case.principal)),
    ))  # fmt: skip
    plan = table((
        ("期次", "支付日", "租金（元）", "期次", "支付日", "租金（元）"),
        *(
            tuple(cell for n in (row, row + 6) for cell in (str(n + 1), _month_on(case.signed_on, n + 1), figure(rent)))
            for row in range(6)
        ),
    ))  # fmt: skip
    body = (
        f'<div class="leaf"><h1>融资租赁合同<br><span style="font-size:12pt">（售后回租）</span></h1><p class="right">合同号：{form.put("contract_no", case.contract_no)}</p>'
        f"<p>出租人（甲方）：{form.put('lender_name', case.lender.name)}</p><p>统一社会信用代码：{case.lender.number}</p><p>法定代表人：{case.lender.representative}</p><p>承租人（乙方）：{form.put('borrower_name', one.name)}</p><p>{'统一社会信用代码' if one.is_company else '身份证号'}：{form.put('borrower_id', one.number)}</p><p>联系地址：{one.address}</p>"
        f"<p>1. 乙方以筹措资金为目的，将其自有车辆转让给甲方，再由甲方出租给乙方使用。租赁物转让价款（即融资总额）为人民币{form.put('total_in_words', case.principal_in_words)}。</p>"
        f"<p>2. 甲方根据乙方委托，将转让价款支付至售车方{case.dealer.name}账户。</p>"
        f"<p>3. 租赁期限共{form.put('term_months', f'{case.term_months}期', case.term_months)}，每期一个月；每期租金人民币{figure(rent)}元，租金总额{figure(rent * case.term_months)}元；年化租赁利率（内部收益率）{form.put('rate', rate(case.rate) + '%', case.rate)}；留购价款100.00元；租赁保证金0.00元。</p>"
        + "".join(f"<p>{n}. {c}</p>" for n, c in enumerate(some(random, LEASING, 11), 4))
        + f'<div class="place" style="margin-top:5mm"><p>甲方（盖章）：　　　　　　　　　　　乙方（签字/盖章）：{form.written(_signer(case))}</p><p>签订日：{form.day("issue_date", case.signed_on, "-")}</p>{seal(case.lender.name, "合同专用章（3）", x=20, y=-12, across=40, tilt=5)}</div></div>'
        f'<div class="leaf"><p>附件一</p><h1 style="font-size:14pt">租赁物清单</h1><p>融资租赁合同号：{case.contract_no}</p>{goods}<p>承租人确认：{form.written(_signer(case))}</p>'
        f"<p>连带责任保证人：{case.co_borrower.name}（身份证号：{case.co_borrower.number}）</p><h1 style='font-size:14pt;margin-top:8mm'>租金支付表（第1至12期）</h1>{plan}</div>"
    )  # fmt: skip
    css = "body{font-size:10.6pt;line-height:1.66} .grid td{font-size:8.4pt;padding:1.2mm 1mm} .grid td:nth-child(4){min-width:38mm}"
    return Draft(
        KIND, body, form, font=PLAIN_SONG, margin="20mm 22mm 18mm", css=css, mark="bottom-right", faults=case.faults
    )


def by_pen(case: Case, random: Random) -> Draft:
    """A rural bank's printed form, its blanks filled in by pen: 佰拾万 boxes are left out, words and figures stand alone."""
    case = cast.lent_by(case, random, "银行")
    form, one = Form(random, PEN), case.borrower

    def blank(name: str, printed: str, value: str | int | None = None) -> str:
        return f'<span class="line">{form.put(name, printed, value, hand=True)}</span>'

    def pen(text: str) -> str:
        return f'<span class="line">{form.written(text)}</span>'

    monthly = f"{case.rate / 12_000:.3f}".rstrip("0").rstrip(".")
    body = (
        f'<h1>汽车消费借款合同</h1><p class="right">编号：{blank("contract_no", case.contract_no)}</p><p>借款人：{blank("borrower_name", one.name)}（以下简称甲方）</p><p>证件号码：{blank("borrower_id", one.number)}　电话：{pen(one.phone)}</p>'
        f"<p>贷款人：{form.put('lender_name', case.lender.name)}（以下简称乙方）</p><p>担保人：{pen(case.co_borrower.name)}（以下简称丙方）</p><p>证件号码：{pen(case.co_borrower.number)}</p>"
        f"<p>一、乙方同意向甲方发放借款人民币（大写）{blank('total_in_words', case.principal_in_words)}，（小写）¥{blank('principal', bare(case.principal), case.principal)}。</p>"
        f"<p>二、借款期限{blank('term_months', str(case.term_months), case.term_months)}个月。</p><p>三、借款利率：月利率{pen(monthly)}‰（折合年利率{blank('rate', rate(case.rate), case.rate)}%）。</p>"
        f"<p>四、借款用途：{tick('购买家用轿车', ('购买家用轿车', '购买经营车辆', '其他'))}，车架号{blank('vin', case.car.vin)}。</p><p>五、担保方式：{tick('抵押+保证', ('抵押', '保证', '抵押+保证'))}。</p>"
        + "".join(f"<p>{n}、{c.replace('借款人', '甲方').replace('贷款人', '乙方')}</p>" for n, c in zip("六七八九", some(random, LENDING, 4), strict=True))
        + f'<div class="place" style="margin-top:6mm"><p>甲方签名：{form.written(_signer(case))}　　　丙方签名：{form.written(case.co_borrower.name)}　　　乙方（公章）</p><p>经办人：{form.written(cast.name(random))}</p><p class="right">{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "", x=106, y=-8, across=40, tilt=15)}</div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        font=SONG,
        margin="20mm 22mm 16mm",
        css="body{font-size:11.4pt;line-height:1.85} h1{font-size:19pt}",
        background="#fbfaf4",
        faults=case.faults,
    )


def signed_file(case: Case, random: Random) -> Draft:
    """A file from a signing platform: an agent and a platform are parties too, and a certificate closes it."""
    case = cast.lent_by(cast.of_a_person(case), random, "消费金融")
    form, one = Form(random, PEN), case.borrower
    agent = cast.firm(random, f"{case.dealer.name[:2]}通达汽车金融服务有限公司", random.choice(PLACES))
    rows = (
        ("合同编号", form.put("contract_no", case.contract_no)), ("甲方（出借人）", form.put("lender_name", case.lender.name)), ("乙方（借款人）", form.put("borrower_name", one.name)),
        ("乙方证件号码", form.put("borrower_id", one.number)), ("丙方（贷款服务机构）", agent.name), ("丙方统一社会信用代码", agent.number),
        ("借款本金", f"人民币{form.put('principal', bare(case.principal), case.principal)}元（{form.put('total_in_words', case.principal_in_words)}）"),
        ("借款期数", form.put("term_months", f"{case.term_months}期（月）", case.term_months)), ("年化利率", f"{form.put('rate', rate(case.rate) + '%', case.rate)}（单利，以365天计）"),
        ("车辆识别代号", form.put("vin", case.car.vin)), ("收款账户", case.account),
    )  # fmt: skip
    body = (
        f'<div class="place">{code(case.contract_no, x=138, y=-4, across=20)}<h1 style="text-align:left">个人汽车分期借款合同</h1>' + "".join(f'<p class="p"><span>{k}</span><b>{v}</b></p>' for k, v in rows)
        + "".join(f"<p>{n}　{c}</p>" for n, c in enumerate(some(random, LENDING, 13), 1))
        + f'<div class="place"><p style="margin-top:5mm">甲方：{case.lender.name}（电子签章）</p><p>乙方：{_signer(case)}（电子签名）</p><p>签署日期：{form.day("issue_date", case.signed_on, "-")}</p>{seal(case.lender.name, "电子合同专用章", x=92, y=-8, across=34)}</div>'
        f'<p class="g">文件哈希 {random.getrandbits(128):032x}　签名算法 SM2　时间戳 {case.signed_on.isoformat()} 15:32:08</p></div>'
    )  # fmt: skip
    css = "body{font-size:9.8pt} .p{border-bottom:.15mm dotted #aaa;margin:0;padding:.9mm 0} .p span{display:inline-block;width:44mm;color:#667} .p b{font-weight:normal} .g{font-size:7.4pt;color:#889}"
    return Draft(
        KIND,
        body,
        form,
        font=LIGHT,
        margin="18mm 24mm 16mm",
        css=css,
        background=PALE,
        mark="bottom-left",
        faults=case.faults,
    )


def card_instalments(case: Case, random: Random) -> Draft:
    """The car is paid by a bank's card in instalments: issuer and holder, the dealer as merchant, a fee for interest."""
    case = cast.lent_by(cast.of_a_person(case), random, "银行")
    form, one, shop = Form(random, PEN), case.borrower, case.dealer
    each = case.principal // case.term_months
    rows = table((
        ("持卡人姓名", form.put("borrower_name", one.name), "证件号码", form.put("borrower_id", one.number)),
        ("卡号", case.account, "手机号码", one.phone),
        ("特约商户", shop.name, "商户统一社会信用代码", shop.number),
        ("车辆品牌型号", f"{case.car.brand}{case.car.model}", "车架号", form.put("vin", case.car.vin)),
        ("车辆总价（元）", figure(case.price), "首付金额（元）", figure(case.price - case.principal)),
        ("分期金额（元）", form.put("principal", figure(case.principal), case.principal), "分期期数", form.put("term_months", f"{case.term_months}期", case.term_months)),
        ("每期应还本金（元）", figure(each), "年化利率（近似折算）", form.put("rate", rate(case.rate) + "%", case.rate)),
    ))  # fmt: skip
    body = (
        f'<p class="n">NO. {form.put("contract_no", case.contract_no)}</p><h1>信用卡汽车专项分期付款合同</h1><p>甲方（发卡行）：{form.put("lender_name", case.lender.name)}　　负责人：{case.lender.representative}</p><p>乙方（持卡人）：{one.name}　　通讯地址：{one.address}</p>{rows}'
        f'<p style="margin-top:3mm">乙方向甲方申请办理汽车专项分期付款业务，分期金额（大写）{form.put("total_in_words", case.principal_in_words)}，由甲方一次性支付至特约商户账户，乙方授权甲方按月从上述卡片账户收取。</p>'
        + "".join(f"<p>{n}）{c.replace('借款人', '乙方').replace('贷款人', '甲方').replace('贷款', '分期')}</p>" for n, c in enumerate(some(random, LENDING, 9), 1))
        + f'<div class="place" style="margin-top:5mm"><p>乙方（持卡人）签名：{form.written(_signer(case))}　　　共同还款人签名：{form.written(case.co_borrower.name)}</p><p>甲方（签章）：</p><p>签署日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "信用卡业务专用章", x=34, y=2, across=38, tilt=7)}</div>'
    )  # fmt: skip
    css = "body{font-size:10pt;line-height:1.6} .grid td{font-size:9.2pt;padding:1.6mm 1.4mm} .grid td:nth-child(odd){width:33mm;color:#444} .n{text-align:left;color:#a02828;font-size:11pt}"
    return Draft(KIND, body, form, font=HEI, margin="18mm 19mm 16mm", css=css, mark="top-right", faults=case.faults)


LAYOUTS = (bank, finance_table, lease_back, by_pen, signed_file, card_instalments)
