"""借款合同 of this split: a bank's of three pages, a page full of clauses, a lease from the maker, instalments of a card, a signed file, one by pen."""

from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case
from benchmarks.recognition.drawing import WHITE, bare, figure, grid, months_on, ordinal, percent, some, ticked
from benchmarks.recognition.press import Draft, Form, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.clauses import LEASE, LOAN
from benchmarks.recognition.third.places import PLACES
from benchmarks.recognition.third.style import BOOK, FINE, GOTHIC, OFFICE, PEN, SUNG, THIN

KIND = "loan_contract"


def _proof(case: Case) -> str:
    return "统一社会信用代码" if case.borrower.is_company else "身份证号码"


def _u(inner: str) -> str:
    return f'<span class="line">&ensp;{inner}&ensp;</span>'


def bank(case: Case, random: Random) -> Draft:
    """A bank's form: a warning first, blanks underlined, choices ticked, articles, and the names on the last page."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "分行", "农村商业银行")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    articles = some(random, LOAN, 21)
    lpr = 31_000
    points = (case.rate - lpr) // 100
    kind = ticked("新车", ("新车", "二手车", "新能源汽车"))
    body = (
        f'<div class="leaf"><p class="g">{case.lender.name}　　　　　　　个人贷款业务格式文本（2023年版）</p><p style="text-align:right">合同编号：{form.put("contract_no", case.contract_no)}</p><h1 style="margin-top:16mm">个人汽车消费借款合同</h1>'
        "<p style='font-weight:bold'>特别提示：签署本合同前，请借款人仔细阅读全部条款，特别是加黑条款。如有疑义，请及时提请贷款人说明。</p>"
        f"<p style='margin-top:12mm'>贷款人：{_u(form.put('lender_name', case.lender.name))}</p><p>住所：{case.lender.address}</p><p>法定代表人（负责人）：{case.lender.representative}</p><p>联系电话：{case.lender.phone}</p>"
        f"<p style='margin-top:8mm'>借款人：{_u(form.put('borrower_name', one.name))}</p><p>有效身份证件及号码：居民身份证 {_u(form.put('borrower_id', one.number))}</p><p>家庭住址：{one.address}</p><p>移动电话：{one.phone}</p>"
        f"<p style='margin-top:8mm'>共同借款人：{_u(two.name)}　与借款人关系：{'配偶' if two.sex != one.sex else '兄弟姐妹'}</p><p>有效身份证件及号码：居民身份证 {_u(two.number)}</p><p>移动电话：{two.phone}</p></div>"
        "<div class='leaf'><p>　　借款人因购置汽车向贷款人申请借款，贷款人经审查同意发放。为明确双方权利义务，依照《中华人民共和国民法典》《汽车贷款管理办法》等规定，订立本合同。</p>"
        f"<p class='h'>第一条　借款用途</p><p>1.1　借款用于购买{kind}。品牌型号{_u(car.brand + car.model)}，车架号{_u(form.put('vin', car.vin))}，成交价格{_u(figure(case.price))}元，销售商{_u(case.dealer.name)}。</p>"
        f"<p class='h'>第二条　借款金额与期限</p><p>2.1　借款金额为人民币{_u(form.put('principal', figure(case.principal), case.principal))}元，大写{_u(form.put('total_in_words', case.principal_in_words))}。大小写不一致时，以大写为准。</p>"
        f"<p>2.2　借款期限共{_u(form.put('term_months', str(case.term_months), case.term_months))}个月，自{_u(dated(case.signed_on, '年'))}至{_u(dated(case.last_due, '年'))}。</p>"
        f"<p class='h'>第三条　利率</p><p>3.1　本合同利率以最近一期1年期LPR（{percent(lpr)}%）{'加' if points >= 0 else '减'}{_u(str(abs(points)))}个基点（1基点＝0.01%）确定，执行年利率{_u(form.put('rate', percent(case.rate, 3) + '%', case.rate))}（单利）。</p>"
        f"<p>3.2　罚息利率：逾期为执行利率上浮50%，挪用为执行利率上浮100%。</p><p class='h'>第四条　还款</p><p>4.1　还款方式：{ticked('等额本息', ('等额本息', '等额本金', '按月结息、到期还本'))}。还款账号{_u(case.account)}。</p><p class='h'>第五条　其他约定</p>"
        + "".join(f"<p>5.{n}　{one_of}</p>" for n, one_of in enumerate(articles[:9], 1))
        + "</div><div class='leaf'>" + "".join(f"<p>5.{n}　{one_of}</p>" for n, one_of in enumerate(articles[9:], 10))
        + f'<div class="place" style="margin-top:12mm;break-inside:avoid"><table><tr><td style="width:50%">贷款人（公章或合同专用章）：</td><td>借款人（签字）：{form.written(one.name)}</td></tr><tr><td style="height:16mm">负责人或授权代理人：{form.written(case.lender.representative)}</td><td>共同借款人（签字）：{form.written(two.name)}</td></tr>'
        f'<tr><td>签订日期：{form.day("issue_date", case.signed_on, "年")}</td><td>签订地点：{case.lender.address[:10]}</td></tr></table>{seal(case.lender.name, "合同专用章（01）", x=22, y=-14, across=41, tilt=6)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11pt;line-height:1.75} .h{font-weight:bold} .g{font-size:8.6pt;color:#666;border-bottom:.2mm solid #999} .line{padding:0}"
    return Draft(KIND, body, form, font=SUNG, margin="20mm 24mm 18mm", css=css, faults=case.faults)


def full_page(case: Case, random: Random) -> Draft:
    """An auto-finance company's one page: particulars in a frame, below it all the clauses in small print."""
    case = cast.lent_by(case, random, "汽车金融")
    form, one, two, car = Form(random, PEN), case.borrower, case.co_borrower, case.car
    monthly = case.principal * (1_000_000 + case.rate * case.term_months // 24) // 1_000_000 // case.term_months
    frame = grid(
        ("合同编号", form.put("contract_no", case.contract_no), "签约日期", form.day("issue_date", case.signed_on, "/")),
        ("贷款人", form.put("lender_name", case.lender.name), "统一社会信用代码", case.lender.number),
        ("借款人", form.put("borrower_name", one.name), _proof(case), form.put("borrower_id", one.number)),
        ("共同借款人", two.name, "身份证号码", two.number), ("联系地址", one.address, "手机", one.phone),
        ("车辆品牌型号", car.brand + car.model, "车辆识别代号", form.put("vin", car.vin)), ("经销商", case.dealer.name, "车辆成交价", f"{figure(case.price)}元"),
        ("贷款金额（小写）", f"¥{form.put('principal', figure(case.principal), case.principal)}", "贷款金额（大写）", form.put("total_in_words", case.principal_in_words)),
        ("贷款期限", f"{form.put('term_months', str(case.term_months), case.term_months)}个月", "贷款年利率", form.put("rate", percent(case.rate) + "%", case.rate)),
        ("首期还款日", dated(months_on(case.signed_on, 1), "/"), "每期还款额", f"约{figure(monthly)}元"), ("还款方式", ticked("等额本息", ("等额本息", "等额本金", "弹性尾款"))),
    )  # fmt: skip
    body = (
        f'<div class="place"><h1>汽车贷款合同</h1>{frame}<div class="c">'
        + "".join(f"<p>{n}. {one_of}</p>" for n, one_of in enumerate(some(random, LOAN, 24), 1))
        + f'</div><p style="margin-top:3mm">借款人已阅读并理解上述全部内容。　借款人签字/盖章：{form.written(world.signer(one))}　　共同借款人签字：{form.written(two.name)}</p><div class="place"><p>贷款人盖章：</p>{seal(case.lender.name, "汽车贷款合同专用章", x=22, y=-10, across=34, tilt=-7)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:8.8pt;line-height:1.42} h1{font-size:15pt;margin-bottom:2mm} .grid td{font-size:8.4pt;padding:.7mm 1.2mm;line-height:1.25} .grid td:nth-child(odd){background:#eef1f4;width:27mm} .c{margin-top:2.4mm} .c p{margin-bottom:.15em}"
    return Draft(KIND, body, form, font=GOTHIC, margin="12mm 15mm 13mm", css=css, background=WHITE, mark="top-right", faults=case.faults)  # fmt: skip


def lease(case: Case, random: Random) -> Draft:
    """融资租赁合同（直租）: lessor, lessee, seller and guarantor; what is financed is less than the price; the plan of rents."""
    case = cast.lent_by(case, random, "租赁")
    form, one, two, car, shop = Form(random, PEN), case.borrower, case.co_borrower, case.car, case.dealer
    rent = case.principal * (1_000_000 + case.rate * case.term_months // 20) // 1_000_000 // case.term_months
    deposit = case.principal // 20
    parties = grid(
        ("出租人（甲方）", form.put("lender_name", case.lender.name), "统一社会信用代码", case.lender.number),
        ("承租人（乙方）", form.put("borrower_name", one.name), _proof(case), form.put("borrower_id", one.number)),
        ("出卖人（丙方）", shop.name, "统一社会信用代码", shop.number), ("保证人（丁方）", two.name, "身份证号码", two.number),
    )  # fmt: skip
    plan = grid(
        ("期数", "租金支付日", "租金（元）", "期数", "租金支付日", "租金（元）"),
        *(tuple(cell for n in (row, row + 4) for cell in (f"第{n}期", dated(months_on(case.signed_on, n), "-"), figure(rent))) for row in range(1, 5)),
        ("……", "", "", f"第{case.term_months}期", dated(months_on(case.signed_on, case.term_months), "-"), figure(rent)),
    )  # fmt: skip
    body = (
        f'<div class="leaf"><p class="no">合同编号：{form.put("contract_no", case.contract_no)}</p><h1>车辆融资租赁合同</h1>{parties}'
        f"<p class='h'>第一条　租赁车辆</p><p>甲方根据乙方的选择，向丙方购买下列车辆出租给乙方使用：厂牌型号{car.brand}{car.model}，车身颜色{car.colour}，车架号{form.put('vin', car.vin)}，发动机号{car.engine_no}，数量壹辆，购车价款人民币{figure(case.price)}元。</p>"
        f"<p class='h'>第二条　融资额与租金</p><p>2.1 乙方自付首期款人民币{figure(case.price - case.principal)}元，甲方提供的融资金额为人民币{form.put('principal', figure(case.principal), case.principal)}元（大写：{form.put('total_in_words', case.principal_in_words)}）。</p>"
        f"<p>2.2 租赁期限为{form.put('term_months', str(case.term_months), case.term_months)}个月，自起租日起算；租赁年利率为{form.put('rate', percent(case.rate) + '%', case.rate)}，租赁期内固定不变。</p><p>2.3 履约保证金人民币{figure(deposit)}元，留购价款人民币100.00元，手续费人民币{figure(case.principal // 100)}元。</p>"
        f"<p>2.4 租金支付计划如下：</p>{plan}</div><div class='leaf'>"
        + "".join(f"<p>第{ordinal(n)}条　{one_of}</p>" for n, one_of in enumerate(some(random, LEASE, 12), 3))
        + f'<div class="place" style="margin-top:12mm"><table><tr><td>甲方（盖章）：</td><td>乙方（签字/盖章）：{form.written(world.signer(one))}</td></tr><tr><td style="height:18mm">丙方（盖章）：</td><td>丁方（签字）：{form.written(two.name)}</td></tr><tr><td colspan="2">签署日期：{form.day("issue_date", case.signed_on, "年0")}</td></tr></table>'
        f'{seal(case.lender.name, "合同专用章", x=26, y=-8, across=39, tilt=-9)}{seal(shop.name, "合同专用章", x=44, y=24, across=36, tilt=13)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:10.6pt;line-height:1.7} .grid td{font-size:9pt;padding:1mm 1.2mm;line-height:1.3} .grid{margin:1.5mm 0} .h{font-weight:bold} .no{text-align:left;color:#555} h1{font-size:18pt}"
    return Draft(KIND, body, form, font=FINE, margin="19mm 20mm 17mm", css=css, mark="bottom-right", faults=case.faults)


def by_card(case: Case, random: Random) -> Draft:
    """信用卡购车分期: application and contract in one; filled in by hand, what the bank decides below in print."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "信用卡中心")
    form, one, car, shop = Form(random, PEN), case.borrower, case.car, case.dealer
    applied = grid(
        ("申请人姓名", form.put("borrower_name", one.name, hand=True), "身份证件号码", form.put("borrower_id", one.number, hand=True)),
        ("手机号码", form.written(one.phone), "婚姻状况", ticked("已婚", ("未婚", "已婚", "离异"))), ("现居住地址", form.written(one.address[:20])),
        ("所购车辆", f"{car.brand}{car.model}", "车架号", form.put("vin", car.vin)), ("合作商户", shop.name, "车辆净车价", f"{figure(case.price)}元"),
    )  # fmt: skip
    granted = grid(
        ("分期本金（元）", form.put("principal", figure(case.principal), case.principal), "大写金额", form.put("total_in_words", case.principal_in_words)),
        ("分期期数", form.put("term_months", f"{case.term_months}期", case.term_months), "折算年化利率", form.put("rate", f"{percent(case.rate)}%", case.rate)),
        ("分期卡号", case.account, "每期本金（元）", figure(case.principal // case.term_months)), ("分期手续费率", f"每期{percent(case.rate * 6 // 120)}%", "首付比例", f"{(case.price - case.principal) * 100 // case.price}%"),
    )  # fmt: skip
    body = (
        f'<div class="place"><div style="display:flex;justify-content:space-between"><span style="color:#a1262c;font-size:12pt">{form.put("lender_name", case.lender.name)}</span><span>编号：{form.put("contract_no", case.contract_no)}</span></div><h1>信用卡购车分期付款申请表暨合同</h1>'
        f"<p class='h'>一、申请信息（由申请人填写）</p>{applied}<p class='h'>二、分期信息（由发卡行核定）</p>{granted}<p class='h'>三、合同条款</p>"
        + "".join(f"<p>（{ordinal(n)}）{one_of.replace('借款人', '持卡人').replace('贷款人', '发卡行').replace('贷款', '分期款')}</p>" for n, one_of in enumerate(some(random, LOAN, 9), 1))
        + f'<p class="h">四、申请人声明</p><p>本人已完整阅读本合同，同意发卡行将分期款项支付至合作商户指定账户。</p><div class="place"><p>申请人（持卡人）签名：{form.written(one.name)}　　共同还款人签名：{form.written(case.co_borrower.name)}</p><p>日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p><p>发卡行（盖章）：</p>{seal(case.lender.name, "分期业务专用章", x=104, y=-6, across=37, tilt=9)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:9.6pt;line-height:1.5} h1{font-size:15.5pt;margin:3mm 0} .grid td{font-size:9.2pt;padding:1.5mm 1.2mm;border-color:#b98a8a} .grid td:nth-child(odd){width:27mm;background:#fbf1ef} .h{color:#a1262c;margin:2mm 0 1mm}"
    return Draft(KIND, body, form, font=THIN, margin="15mm 17mm 15mm", css=css, mark="bottom-left", faults=case.faults)


def signed_file(case: Case, random: Random) -> Draft:
    """Born as a file: particulars as a list, clauses, a page of signatures with their times and a guarantee company."""
    case = cast.lent_by(cast.of_a_person(case, AS_OF), random, "消费金融")
    form, one = Form(random, PEN), case.borrower
    surety = cast.firm(random, f"{random.choice(('湘江', '皖北', '津门'))}中合融资担保有限公司", random.choice(PLACES))
    rows = (
        ("贷款人", form.put("lender_name", case.lender.name)), ("贷款人统一社会信用代码", case.lender.number), ("借款人", form.put("borrower_name", one.name)), ("借款人证件类型", "居民身份证"), ("借款人证件号码", form.put("borrower_id", one.number)),
        ("借款人手机号", f"{one.phone[:3]}****{one.phone[-4:]}"), ("保证人", surety.name), ("贷款本金金额", f"{form.put('principal', bare(case.principal), case.principal)}元"), ("贷款本金金额（大写）", form.put("total_in_words", case.principal_in_words)),
        ("贷款期限", f"{form.put('term_months', str(case.term_months), case.term_months)}个月"), ("贷款年化利率（单利）", form.put("rate", percent(case.rate) + "%", case.rate)), ("贷款用途", f"购车（{case.car.brand}{case.car.model}）"), ("车架号", form.put("vin", case.car.vin)),
        ("放款账户", f"户名 {case.dealer.name}，账号 {cast.account(random)}"), ("还款账户", f"户名 {one.name}，账号 {case.account}"),
    )  # fmt: skip
    body = (
        f'<div class="leaf"><h1>个人汽车消费贷款借款合同</h1><p class="g">合同编号：{form.put("contract_no", case.contract_no)}</p><div class="l">' + "".join(f"<p><span>{k}</span>{v}</p>" for k, v in rows)
        + "</div>" + "".join(f"<p>{n}、{one_of}</p>" for n, one_of in enumerate(some(random, LOAN, 12), 1))
        + f'</div><div class="leaf place"><p>（本页无正文，为《个人汽车消费贷款借款合同》签署页）</p><p style="margin-top:14mm">贷款人（电子签章）：{case.lender.name}</p><p style="margin-top:24mm">借款人（电子签名）：{one.name}</p><p>保证人（电子签章）：{surety.name}</p><p style="margin-top:12mm">签署时间：{form.day("issue_date", case.signed_on, "-")}</p>'
        f'<p class="g" style="margin-top:30mm">数字证书序列号 {random.getrandbits(80):020x}　摘要 {random.getrandbits(96):024x}</p>{seal(case.lender.name, "电子合同章", x=52, y=10, across=38)}{seal(surety.name, "电子合同章", x=70, y=58, across=36)}</div>'
    )  # fmt: skip
    css = "body{font-size:10pt;line-height:1.65} h1{font-size:17pt} .g{color:#777;font-size:8.4pt} .l p{margin:0;padding:.7mm 0;border-bottom:.12mm solid #ccc} .l span{display:inline-block;width:52mm;color:#556}"
    return Draft(KIND, body, form, font=BOOK, margin="20mm 23mm 17mm", css=css, background=WHITE, mark="bottom-left", faults=case.faults)  # fmt: skip


def by_pen(case: Case, random: Random) -> Draft:
    """A small lender's printed form whose blanks were filled in with a pen; a firm may borrow."""
    case = cast.lent_by(case, random, "小额贷款")
    form, one, two = Form(random, PEN), case.borrower, case.co_borrower

    def pen(name: str, text: str, value: str | int | None = None) -> str:
        return _u(form.put(name, text, value, hand=True))

    body = (
        f'<div class="place"><h1>借 款 合 同</h1><p style="text-align:right">合同编号 {form.put("contract_no", case.contract_no)}</p><p>出借人（甲方）：{form.put("lender_name", case.lender.name)}</p><p>借款人（乙方）：{pen("borrower_name", one.name)}</p><p>{_proof(case)}：{pen("borrower_id", one.number)}</p><p>担保人（丙方）：{_u(form.written(two.name))}　身份证号码：{_u(form.written(two.number))}</p>'
        f"<p>　　乙方因购车周转需要向甲方借款，经三方协商达成如下协议：</p><p>一、借款金额：人民币（大写）{pen('total_in_words', case.principal_in_words)}，（小写）¥{pen('principal', bare(case.principal), case.principal)}元。</p>"
        f"<p>二、借款期限：{pen('term_months', str(case.term_months), case.term_months)}个月，自{_u(form.written(dated(case.signed_on, '.')))}起至{_u(form.written(dated(case.last_due, '.')))}止。</p><p>三、借款年利率：{pen('rate', percent(case.rate), case.rate)}％，按月付息。</p>"
        f"<p>四、所购车辆车架号：{pen('vin', case.car.vin)}。</p>"
        + "".join(f"<p>{ordinal(n)}、{one_of.replace('贷款人', '甲方').replace('借款人', '乙方').replace('贷款', '借款')}</p>" for n, one_of in enumerate(some(random, LOAN, 6), 5))
        + f'<div class="place" style="margin-top:6mm"><p>甲方（盖章）：　　　　　　　　　乙方（签字、捺印）：{form.written(world.signer(one))}</p><p style="margin-top:10mm">丙方（签字、捺印）：{form.written(two.name)}</p><p>签订日期：{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "", x=26, y=-10, across=39, tilt=-11)}</div></div>'
    )  # fmt: skip
    css = "body{font-size:11.4pt;line-height:1.95} h1{font-size:21pt} .line{padding:0}"
    return Draft(KIND, body, form, font=OFFICE, margin="18mm 23mm 17mm", css=css, background="#fbfaf4", mark="top-left", faults=case.faults)  # fmt: skip


LAYOUTS = (bank, full_page, lease, by_card, signed_file, by_pen)
