"""借款合同 of the other world: a bank's clause-numbered contract, elements on a cover sheet, a consumer's e-contract,
a finance lease's sister with its appendix, a dense page of small print, and one filled in by pen."""

from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, seal

KIND = "loan_contract"
SERIF, SANS, KAI, MICRO = "Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai", "WenQuanYi Micro Hei"
SMALL = (
    "贷款人按照国家有关规定审查借款申请，有权要求借款人提供真实、完整、有效的资料。",
    "借款人承诺其信用状况良好，无重大不良信用记录，且收入足以覆盖每期应还款项。",
    "放款以下列条件全部满足为前提：首付款已付清；车辆保险已投保；抵押登记申请已受理。",
    "借款人选择变更还款日的，须经贷款人同意，变更当期利息按实际天数计算。",
    "每期还款额先冲抵费用，再冲抵罚息、利息，最后冲抵本金，法律另有规定的除外。",
    "逾期利率为合同执行利率的1.5倍；对不能按时支付的利息，按逾期利率计收复利。",
    "借款人死亡、宣告失踪或丧失民事行为能力，且其继承人、财产代管人拒绝履行本合同的，贷款人可提前收回贷款。",
    "任何一方对因签订和履行本合同而知悉的对方商业秘密和个人信息负有保密义务。",
    "合同各方确认本合同首部所列地址为法院诉讼文书的送达地址，适用于一审、二审及执行程序。",
    "争议由合同签订地有管辖权的人民法院管辖，诉讼期间不涉及争议部分的条款仍须履行。",
    "以电子数据形式签订本合同的，可靠的电子签名与手写签名或者盖章具有同等的法律效力。",
    "本合同自各方签署之日起成立，自贷款人向借款人发放首笔贷款之日起生效。",
)


def rate(ppm: int, digits: int = 2) -> str:
    """A yearly rate without a needless zero, at least `digits` places."""
    whole, rest = divmod(ppm, 10_000)
    text = f"{rest:04}".rstrip("0")
    return f"{whole}.{text.ljust(digits, '0')}%"


def some(random: Random, count: int) -> list[str]:
    return [SMALL[place] for place in sorted(random.sample(range(len(SMALL)), count))]


def bank_clauses(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.borrower
    body = (
        f'<p class="right">合同号：{form.put("contract_no", case.contract_no)}</p><h1>汽车消费贷款合同</h1>'
        f"<p><b>贷 款 人</b>：{form.put('lender_name', case.lender.name)}</p><p>地　　址：{case.lender.address}</p><p>负 责 人：{case.lender.representative}</p>"
        f"<p><b>借 款 人</b>：{form.put('borrower_name', one.name)}</p><p>有效身份证件及号码：{one.paper} {form.put('borrower_id', one.number)}</p>"
        f"<p>通讯地址：{one.address}</p><h2>1 贷款要素</h2>"
        f"<p>1.1 贷款金额：人民币{form.put('principal', f'{case.principal // 100:,}.{case.principal % 100:02}', case.principal)}元（大写金额：{form.put('total_in_words', case.principal_in_words)}）。</p>"
        f"<p>1.2 贷款期限：{form.put('term_months', f'{case.term_months}个月', case.term_months)}，自放款日起算。</p>"
        f"<p>1.3 贷款用途：购买{case.car.brand}轿车，车架号 {form.put('vin', case.car.vin)}。</p>"
        f"<p>1.4 执行利率：年化{form.put('rate', rate(case.rate), case.rate)}（单利计算），合同期内固定。</p><h2>2 双方约定</h2>"
        + "".join(f"<p>2.{n + 1} {clause}</p>" for n, clause in enumerate(some(random, 7)))
        + f'<div class="place" style="margin-top:6mm"><p>贷款人（公章）　　　　　　　　　　借款人签名：{form.written(one.representative or one.name)}</p>'
        f"<p>签署日期：{form.day('issue_date', case.signed_on, '年0')}</p>{seal(case.lender.name, '信贷业务专用章', x=12, y=-10, across=41, tilt=11)}</div>"
    )
    return Draft(
        KIND,
        body,
        form,
        font=SERIF,
        margin="20mm 24mm",
        css="h2{font-size:11pt;margin:2mm 0 1mm}",
        mark="bottom-right",
        faults=case.faults,
    )


def element_sheet(case: Case, random: Random) -> Draft:
    """A cover sheet with its elements in four columns, general terms on the second page."""
    form, one = Form(random, KAI), case.borrower
    rows = (
        (
            "贷款合同编号",
            form.put("contract_no", case.contract_no),
            "签约日",
            form.day("issue_date", case.signed_on, "/"),
        ),
        ("贷款机构", form.put("lender_name", case.lender.name), "经销商", case.dealer.name),
        ("主借款人", form.put("borrower_name", one.name), "证件号", form.put("borrower_id", one.number)),
        ("共同借款人", case.co_borrower.name, "证件号", case.co_borrower.number),
        ("车型", f"{case.car.brand}{case.car.model}", "车架号(VIN)", form.put("vin", case.car.vin)),
        ("车辆售价(元)", f"{case.price // 100:,}", "首付款(元)", f"{(case.price - case.principal) // 100:,}"),
        (
            "贷款本金(元)",
            form.amount("principal", case.principal, sign=""),
            "期数",
            form.put("term_months", f"{case.term_months}期", case.term_months),
        ),
        ("年利率", form.put("rate", rate(case.rate, 4), case.rate), "还款日", "每月8日"),
        ("本金大写", form.put("total_in_words", case.principal_in_words), "还款账号", case.account),
    )
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    body = (
        f'<div class="leaf place"><h1>汽车贷款合同（要素表）</h1><table class="grid">{table}</table>'
        f'<p style="margin-top:8mm">借款人签字：{form.written(one.representative or one.name)}　　贷款人盖章：</p>{seal(case.lender.name, "合同专用章", x=96, y=92, across=38, tilt=-3)}</div>'
        '<div class="leaf"><h1 style="font-size:13pt">汽车贷款合同（通用条款）</h1>'
        + "".join(f"<p>第{n + 1}款　{c}</p>" for n, c in enumerate(some(random, 11)))
        + "</div>"
    )
    return Draft(
        KIND,
        body,
        form,
        font=SANS,
        margin="18mm 15mm",
        css="td{font-size:9pt} td:nth-child(odd){background:#f3f0e8;white-space:nowrap}",
        mark="top-center",
        faults=case.faults,
    )


def electronic(case: Case, random: Random) -> Draft:
    """An e-contract of a consumer finance company: no ruled lines, grey labels, a signing platform's code."""
    form, one = Form(random, KAI), case.borrower
    pairs = (
        ("协议编号", form.put("contract_no", case.contract_no)), ("出借人", form.put("lender_name", case.lender.name)),
        ("借款人", form.put("borrower_name", one.name)), ("身份证号" if not one.is_company else "统一社会信用代码", form.put("borrower_id", one.number)),
        ("借款金额", form.put("principal", f"{case.principal // 100:,}元", case.principal // 100 * 100)),
        ("金额大写", form.put("total_in_words", case.principal_in_words)), ("借款期数", form.put("term_months", f"{case.term_months}个月", case.term_months)),
        ("年化利率", form.put("rate", f"{rate(case.rate)}", case.rate)), ("签署时间", f"{form.day('issue_date', case.signed_on, '-')} 14:06:51"),
    )  # fmt: skip
    body = (
        '<h1 style="text-align:left;font-size:17pt">个人消费借款合同</h1>'
        + "".join(f'<p class="pair"><span>{k}</span>{v}</p>' for k, v in pairs)
        + "".join(f"<p>{c}</p>" for c in some(random, 6))
        + f'<div class="place" style="height:40mm"><p style="color:#777;font-size:8.5pt">本合同由第三方电子签约平台存证，存证编号 {random.getrandbits(60):016X}</p>{seal(case.lender.name, "电子合同专用章", x=110, y=-12, across=38)}</div>'
    )
    css = ".pair span { display: inline-block; width: 34mm; color: #888 } p { font-size: 10pt }"
    return Draft(
        KIND,
        body,
        form,
        font=MICRO,
        margin="22mm 25mm",
        css=css,
        mark="bottom-left",
        background="#ffffff",
        faults=case.faults,
    )


def dense(case: Case, random: Random) -> Draft:
    """A page so full of small print that the terms have to be looked for."""
    form, one = Form(random, KAI), case.borrower
    body = (
        f'<h1 style="font-size:14pt">个人汽车抵押借款合同</h1><p>合同编号 {form.put("contract_no", case.contract_no)}</p>'
        f"<p>甲方（贷款人）：{form.put('lender_name', case.lender.name)}；乙方（借款人）：{form.put('borrower_name', one.name)}，证件号码 {form.put('borrower_id', one.number)}，住址 {one.address}，手机 {one.phone}。</p>"
        f"<p>（一）乙方向甲方借款人民币 {form.amount('principal', case.principal, sign='￥')}，大写 {form.put('total_in_words', case.principal_in_words)}，用于购车，车辆识别代码 {form.put('vin', case.car.vin)}。"
        f"借款期限为 {form.put('term_months', str(case.term_months), case.term_months)} 个月，借款利率为年利率 {form.put('rate', rate(case.rate), case.rate)}，等额本金还款。</p>"
        + "".join(f"<p>（{n}）{c}</p>" for n, c in zip("二三四五六七八九十", some(random, 9), strict=True))
        + "".join(f"<p>补充约定{n + 1}　{c}</p>" for n, c in enumerate(some(random, 9)))
        + f'<div class="place"><p>甲方：（盖章）　　　　　　　　　　　　乙方：{form.written(one.representative or one.name)}</p><p>{form.day("issue_date", case.signed_on)}签于{case.lender.address[:6]}</p>{seal(case.lender.name, "合同专用章", x=18, y=-12, across=36, tilt=7)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=SERIF,
        margin="14mm 16mm",
        css="body{font-size:9.2pt;line-height:1.45}",
        faults=case.faults,
    )


def by_pen(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.borrower

    def blank(name: str, printed: str, value: str | int | None = None) -> str:
        return f'<span class="line">{form.put(name, printed, value, hand=True)}</span>'

    figure = f"{case.principal // 100}.{case.principal % 100:02}"
    body = (
        f'<h1 style="font-size:24pt">借 款 合 同</h1><p>编号 {blank("contract_no", case.contract_no)}</p>'
        f"<p>借款方 {blank('borrower_name', one.name)}（证件号码 {blank('borrower_id', one.number)}）向贷款方 {form.put('lender_name', case.lender.name)} 借款，经双方协商订立合同如下：</p>"
        f"<p>一、借款金额：￥{blank('principal', figure, case.principal)} 元，人民币大写 {blank('total_in_words', case.principal_in_words)}。</p>"
        f"<p>二、借款期限：{blank('term_months', str(case.term_months), case.term_months)} 个月。</p>"
        f"<p>三、利率：按年利率 {blank('rate', rate(case.rate), case.rate)} 计息。</p><p>四、所购车辆车架号码 {blank('vin', case.car.vin)}。</p>"
        + "".join(f"<p>{n}、{c}</p>" for n, c in zip("五六七八", some(random, 4), strict=True))
        + f'<div class="place"><p>借款方签章：{form.written(one.representative or one.name)}　　　　贷款方签章：</p><p class="right">{form.day("issue_date", case.signed_on, "年 ", hand=True)}</p>{seal(case.lender.name, "合同专用章", x=92, y=-8, across=42)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        font=SANS,
        margin="26mm 24mm",
        css="body{font-size:12pt;line-height:2}",
        mark="top-left",
        faults=case.faults,
    )


LAYOUTS = (bank_clauses, element_sheet, electronic, dense, by_pen)
