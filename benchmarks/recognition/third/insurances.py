"""保险单 of this split: 交强险 on its form and as a file, 商业险 as a file, for electric cars, typed on a form, taken out by a lessor."""

from random import Random

from benchmarks.recognition.case import Case, Policy
from benchmarks.recognition.drawing import WHITE, bare, figure, grid, words
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.style import BOOK, DOTS, FINE, GOTHIC, OFFICE, PEN, SUNG, THIN

KIND = "insurance_policy"
_CSS = "td{line-height:1.32;padding:.8mm 1.3mm} h1{margin:0 0 1.5mm;font-size:15.5pt} .s{font-size:8pt;line-height:1.4} p{text-align:left} .hd{display:flex;justify-content:space-between} .grid{margin-bottom:-.3mm}"


def _insures(form: Form, kind: str) -> None:
    form.fields["insurance_type"], form.printed["insurance_type"] = kind, ""


def _span(form: Form, policy: Policy, style: str, pattern: str) -> str:
    return pattern.format(
        form.day("valid_from", policy.valid_from, style), form.day("valid_to", policy.valid_to, style)
    )


def _use(form: Form, case: Case) -> str:
    """Most insurers name the use by their own classes, some as the register does."""
    used, firm = case.car.use_character, case.borrower.is_company
    classes = {"非营运": "非营业企业客车" if firm else "家庭自用汽车", "货运": "营业货车", "租赁": "营业出租租赁"}
    return form.put("use_character", classes.get(used, used) if form.random.random() < 0.7 else used)


def _stamp(policy: Policy, name: str, *, x: float, y: float, tilt: float = 0) -> str:
    return f'<div class="place">{seal(policy.insurer.name, name, x=x, y=y, across=38, tilt=tilt)}</div>'


def on_the_form(case: Case, random: Random) -> Draft:
    """交强险 as the trade body's form has it, typed by a dot printer."""
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    limits = "".join(
        f'<tr>{"<td rowspan=3>责任限额</td>" if n == 0 else ""}<td>{name}</td><td colspan="2"><b>{figure(full)}元</b></td><td colspan="2">无责任{name}</td><td colspan="2"><b>{figure(less)}元</b></td></tr>'
        for n, (name, full, less) in enumerate(policy.sums)
    )
    tax = policy.tax_paid
    body = (
        f'<div class="place"><h1>机动车交通事故责任强制保险单（正本）</h1><p class="hd s"><span>{form.put("insurer_name", policy.insurer.name)}</span><span>保险单号：<b>{form.put("policy_no", policy.policy_no)}</b></span></p><table class="grid">'
        f'<tr><td>被保险人</td><td colspan="7"><b>{form.put("insured_name", one.name)}</b></td></tr><tr><td colspan="2">被保险人身份证号码（统一社会信用代码）</td><td colspan="6"><b>{form.put("insured_id", one.number)}</b></td></tr><tr><td>地　　址</td><td colspan="4"><b>{one.address}</b></td><td>联系电话</td><td colspan="2"><b>{one.phone}</b></td></tr>'
        f'<tr><td rowspan="4">被保险机动车</td><td>号牌号码</td><td colspan="2"><b>{form.put("plate", car.plate)}</b></td><td>机动车种类</td><td><b>{"客车" if "客" in car.vehicle_type or "轿" in car.vehicle_type else "货车"}</b></td><td>使用性质</td><td><b>{_use(form, case)}</b></td></tr>'
        f'<tr><td>发动机号码</td><td colspan="2"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="2">识别代码（车架号）</td><td colspan="2"><b>{form.put("vin", car.vin)}</b></td></tr>'
        f'<tr><td>厂牌型号</td><td colspan="2"><b>{form.put("model", car.brand + car.model)}</b></td><td>核定载客</td><td><b>{car.seats}人</b></td><td>核定载质量</td><td><b>0.000千克</b></td></tr>'
        f'<tr><td>排　量</td><td colspan="2"><b>{f"{int(car.displacement) / 1000:.3f}L" if car.displacement else "0.000L"}</b></td><td>功　率</td><td><b>{car.power}.000KW</b></td><td>登记日期</td><td><b>{form.day("register_date", case.register_date, "-")}</b></td></tr>{limits}'
        f'<tr><td colspan="8">与道路交通安全违法行为和道路交通事故相联系的浮动比率　　<b>{random.choice((-50, -30, -20, -10, 0))}%</b></td></tr><tr><td colspan="8">保险费合计（人民币大写）：<b>{words(policy.premium)}</b>　　（￥：<b>{form.put("premium", bare(policy.premium), policy.premium)}</b> 元）其中救助基金（1%）￥：<b>{bare(policy.premium // 100)}</b> 元</td></tr>'
        f'<tr><td colspan="8">保险期间　自 <b>{_span(form, policy, "年", "{}</b> 0 时 0 分起至 <b>{}</b> 24 时 0 分止")}</td></tr><tr><td colspan="2">保险合同争议解决方式</td><td colspan="6"><b>诉讼</b></td></tr>'
        f'<tr><td rowspan="3">代收车船税</td><td>整备质量</td><td colspan="2"><b>{car.mass}.00千克</b></td><td colspan="2">纳税人识别号</td><td colspan="2"><b>{one.number}</b></td></tr><tr><td>当年应缴</td><td colspan="2">￥：<b>{form.put("tax_paid", bare(tax), tax)}</b> 元</td><td>往年补缴</td><td>￥：<b>0.00</b> 元</td><td>滞纳金</td><td>￥：<b>0.00</b> 元</td></tr>'
        f'<tr><td colspan="7">合计（人民币大写）：<b>{words(tax)}</b>（￥：<b>{bare(tax)}</b> 元）　完税凭证号（减免税证明号）　　开具税务机关 <b>国家税务总局{cast.home(case).seat}税务局</b></td></tr>'
        f'<tr><td>特别约定</td><td colspan="7" class="s" style="height:15mm"><b>1、本保单适用《机动车交通事故责任强制保险条款》。2、投保人：{one.name}。3、出险请拨打95XXX。</b></td></tr><tr><td>保险人</td><td colspan="7" class="s">公司地址：<b>{policy.insurer.address}</b>　邮政编码：　服务电话：95XXX<br>签单日期：<b>{form.day("issue_date", policy.issued_on, "-")}</b>　　（保险人签章）</td></tr></table>'
        f'<p class="hd s"><span>核保：自核</span><span>制单：<b>{case.dealer.representative}</b></span><span>经办：<b>{case.co_borrower.name}</b></span></p>{_stamp(policy, "承保专用章", x=128, y=-26, tilt=9)}</div>'
    )  # fmt: skip
    css = f'{_CSS} .grid td{{font-size:9pt;border-color:#3f6a94;height:8.4mm}} .place{{color:#2e5680}} b{{font-weight:normal;color:#23243a;font-family:"{DOTS}"}} .s{{font-size:8pt}}'
    return Draft(
        KIND, body, form, css=css, font=SUNG, margin="12mm 14mm 12mm", background="#f8fafc", faults=case.faults
    )


def compulsory_file(case: Case, random: Random) -> Draft:
    """交强险 as a file of an insurer: three framed parts, tax by itself, a code."""
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    person = grid(
        ("被保险人", form.put("insured_name", one.name), "证件号码", form.put("insured_id", one.number)), ("投保人", one.name, "联系电话", f"{one.phone[:3]}****{one.phone[-4:]}"),
    )  # fmt: skip
    vehicle = grid(
        ("号牌号码", form.put("plate", car.plate), "车辆种类", car.vehicle_type), ("厂牌型号", form.put("model", car.brand + car.model), "使用性质", _use(form, case)),
        ("车架号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)), ("初次登记日期", form.day("register_date", case.register_date, "年0"), "核定载客", f"{car.seats}人"),
    )  # fmt: skip
    cover = grid(
        *((f"{name}", f"{full // 100:,}元", f"无责{name}", f"{less // 100:,}元") for name, full, less in policy.sums),
        ("保险费合计", f"¥{form.put('premium', figure(policy.premium), policy.premium)}（大写：{words(policy.premium)}）"), ("保险期间", _span(form, policy, "年0", "自{}00时00分起至{}24时00分止")),
        ("代收车船税", f"当年应缴 ¥{form.put('tax_paid', figure(policy.tax_paid), policy.tax_paid)}　往年补缴 ¥0.00　滞纳金 ¥0.00　合计 ¥{figure(policy.tax_paid)}"), ("特别约定", f"本车为按揭车辆，抵押权人为{case.lender.name}。"),
    )  # fmt: skip
    body = (
        f'<div class="place">{code(policy.policy_no, x=156, y=-2, across=20)}<p style="font-size:14pt;color:#a3341f">{form.put("insurer_name", policy.insurer.name)}</p><p style="font-size:12.5pt">机动车交通事故责任强制保险电子保单</p><p>保险单号：{form.put("policy_no", policy.policy_no)}</p><p style="margin-bottom:4mm">签单日期：{form.day("issue_date", policy.issued_on, "年0")}</p>'
        f'<p class="t">被保险人信息</p>{person}<p class="t">车辆信息</p>{vehicle}<p class="t">承保信息</p>{cover}<p class="s" style="margin-top:3mm">保险人地址：{policy.insurer.address}　全国统一服务电话：95XXX　销售渠道：{case.dealer.name}　收费确认时间：{dated(policy.issued_on, "-")} 17:40:{random.randrange(10, 60)}</p>{_stamp(policy, "电子保单专用章", x=126, y=-20)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:10pt}} .t{{color:#a3341f;margin:3.4mm 0 1mm}} .grid td{{border-color:#d8b3aa;font-size:9.6pt;padding:1.8mm 1.4mm}} .grid td:nth-child(odd){{color:#7a5048;width:31mm}}"
    return Draft(KIND, body, form, css=css, font=THIN, margin="15mm 15mm 15mm", background=WHITE, mark="bottom-left", faults=case.faults)  # fmt: skip


def commercial_file(case: Case, random: Random) -> Draft:
    """商业险 as a file: rates, deductibles, the lender as beneficiary, owner and policy-holder beside the insured."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    title = "新能源汽车商业保险保险单（电子保单）" if "电" in car.fuel else "机动车商业保险保险单（电子保单）"
    lines = "".join(
        f"<tr><td>{name}</td><td class='r'>{f'{bare(amount)}/座×{car.seats - 1}座' if '乘客' in name else bare(amount)}</td><td class='m'>0%</td><td class='r'>{bare(price)}</td></tr>" for name, amount, price in policy.sums
    )  # fmt: skip
    head = grid(
        ("被保险人", form.put("insured_name", one.name), "被保险人证件号码", form.put("insured_id", one.number)), ("行驶证车主", one.name, "投保人", case.dealer.name if random.random() < 0.4 else one.name), ("号牌号码", form.put("plate", car.plate), "使用性质", _use(form, case)),
        ("厂牌型号", form.put("model", car.brand + car.model), "核定载客", f"{car.seats}人"), ("VIN/车架号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)), ("初次登记日期", form.day("register_date", case.register_date, "-"), "已使用年限", f"{max(0, policy.valid_from.year - case.register_date.year)}年"),
    )  # fmt: skip
    body = (
        f'<div class="place"><p class="hd"><span style="color:#1c4f8f;font-size:13pt">{form.put("insurer_name", policy.insurer.name)}</span><span class="s">保单号：{form.put("policy_no", policy.policy_no)}</span></p><h1>{title}</h1>{head}'
        f'<table class="grid" style="margin-top:2.6mm"><tr><td class="m">承保险种</td><td class="m">保险金额/责任限额（元）</td><td class="m">免赔率</td><td class="m">签单保费（元）</td></tr>{lines}<tr><td colspan="3">保险费合计（大写）：{words(policy.premium)}</td><td class="r">{form.put("premium", bare(policy.premium), policy.premium)}</td></tr></table>'
        + grid(
            ("保险期间", _span(form, policy, "年0", "自 {} 00:00 时起至 {} 24:00 时止")), ("特别约定", f"1. 本保险第一受益人为{case.lender.name}，未经其书面同意，不得退保、减保或变更受益人。<br>2. 单次事故赔款超过人民币10,000.00元的，须经第一受益人书面确认。"),
            ("重要提示", "本保险合同由保险条款、投保单、保险单、批单和特别约定组成。收到本保险单后请立即核对，如有不符或疏漏，请及时通知保险人并办理变更手续。"),
        ).replace('class="grid"', 'class="grid" style="margin-top:2.6mm"')
        + f'<p class="s" style="margin-top:3mm">公司地址：{policy.insurer.address}　服务热线：95XXX　签单日期：{form.day("issue_date", policy.issued_on, "-")}　核保：{cast.name(random)}　制单：系统　经办：{case.co_borrower.name}</p>{_stamp(policy, "保险合同专用章", x=128, y=-22, tilt=-6)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:9.6pt}} .grid td{{font-size:9.2pt;border-color:#8aa2bd;padding:1.5mm 1.3mm}} .r{{text-align:right}} .m{{text-align:center}}"
    return Draft(KIND, body, form, css=css, font=BOOK, margin="14mm 15mm 14mm", background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def typed(case: Case, random: Random) -> Draft:
    """商业险 typed over a preprinted landscape form; values stand a little beside their fields."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    lines = "".join(
        f'<tr><td colspan="4"><b>{name}</b></td><td colspan="2" class="r"><b>{figure(amount)}</b></td><td colspan="2" class="r"><b>{figure(price)}</b></td></tr>' for name, amount, price in policy.sums
    )  # fmt: skip
    body = (
        f'<div class="place"><h1>机动车辆商业保险单</h1><p class="hd"><span>{form.put("insurer_name", policy.insurer.name)}</span><span>保险单号码：<b>{form.put("policy_no", policy.policy_no)}</b></span></p><table class="grid"><tr><td>被保险人</td><td colspan="3"><b>{form.put("insured_name", one.name)}</b></td><td colspan="2">身份证号/组织机构代码</td><td colspan="2"><b>{form.put("insured_id", one.number)}</b></td></tr>'
        f'<tr><td>号牌号码</td><td><b>{form.put("plate", car.plate)}</b></td><td>厂牌型号</td><td colspan="2"><b>{form.put("model", car.brand + car.model)}</b></td><td>使用性质</td><td colspan="2"><b>{_use(form, case)}</b></td></tr>'
        f'<tr><td>车架号</td><td colspan="3"><b>{form.put("vin", car.vin)}</b></td><td>发动机号</td><td><b>{form.put("engine_no", car.engine_no)}</b></td><td>座位/吨位</td><td><b>{car.seats}/0.000</b></td></tr>'
        f'<tr><td colspan="4" class="m">承 保 险 别</td><td colspan="2" class="m">保险金额（责任限额）</td><td colspan="2" class="m">保险费</td></tr>{lines}<tr><td colspan="8">保险费合计（人民币大写）：<b>{words(policy.premium)}</b>　　（￥ <b>{form.put("premium", figure(policy.premium), policy.premium)}</b> 元）</td></tr>'
        f'<tr><td colspan="8">保险期间自 {_span(form, policy, "年 ", "<b>{}</b> 零时起至 <b>{}</b> 二十四时止")}</td></tr><tr><td>特别约定</td><td colspan="7"><b>第一受益人：{case.lender.name}</b></td></tr></table>'
        f'<p class="hd s"><span>签单日期：<b>{form.day("issue_date", policy.issued_on, "年0")}</b></span><span>业务员：<b>{case.co_borrower.name}</b></span><span>保险人（签章）</span></p>{_stamp(policy, "业务专用章", x=196, y=-26, tilt=-12)}</div>'
    )  # fmt: skip
    css = f'{_CSS} .place{{color:#45693c}} .grid td{{border-color:#6b8c60;font-size:10pt;height:9.4mm}} b{{font-weight:normal;color:#26263a;font-family:"{DOTS}";position:relative;top:.7mm;left:.8mm}} .r{{text-align:right}} .m{{text-align:center}}'
    return Draft(KIND, body, form, css=css, font=FINE, size="A4 landscape", margin="13mm 20mm 13mm", background="#fafbf6", mark="top-left", faults=case.faults)  # fmt: skip


def by_the_lender(case: Case, random: Random) -> Draft:
    """交强险 of one page in running rows without rules, the policy-holder a lessor with a number of its own."""
    case = cast.lent_by(case, random, "租赁")
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    rows = (
        ("投保人", case.lender.name), ("投保人证件号码", case.lender.number), ("被保险人", form.put("insured_name", one.name)), ("被保险人证件号码", form.put("insured_id", one.number)), ("号牌号码", form.put("plate", car.plate)), ("厂牌型号", form.put("model", car.brand + car.model)),
        ("发动机号码", form.put("engine_no", car.engine_no)), ("识别代码（车架号）", form.put("vin", car.vin)), ("使用性质", _use(form, case)), ("登记日期", form.day("register_date", case.register_date, "/")),
    )  # fmt: skip
    limits = "".join(f"<p>{name}　有责 {figure(full)}元　无责 {figure(less)}元</p>" for name, full, less in policy.sums)
    body = (
        f'<div class="place"><p style="color:#5a2d82;font-size:13pt">{form.put("insurer_name", policy.insurer.name)}</p>{code(policy.policy_no, x=150, y=-3, across=19)}<h1 style="text-align:left">机动车交通事故责任强制保险单（电子保单）</h1><p>保单号：{form.put("policy_no", policy.policy_no)}</p><p>签单日期：{form.day("issue_date", policy.issued_on, "/")}</p><div class="w">'
        + "".join(f"<p><i>{k}</i>{v}</p>" for k, v in rows)
        + f'</div><p class="t">责任限额</p>{limits}<p class="t">保险费</p><p>保险费合计（大写）{words(policy.premium)}，￥{form.put("premium", bare(policy.premium), policy.premium)}元</p><p class="t">保险期间</p><p>{_span(form, policy, "/", "自 {} 零时起至 {} 二十四时止")}</p>'
        f'<p class="t">代收车船税</p><p>当年应缴：{form.put("tax_paid", bare(policy.tax_paid), policy.tax_paid)}元　往年补缴：0.00元　滞纳金：0.00元</p><p class="s" style="margin-top:6mm">{policy.insurer.name}　{policy.insurer.address}　电话：{policy.insurer.phone}</p>{_stamp(policy, "电子保单章", x=118, y=-26, tilt=4)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:10.4pt;line-height:1.6}} .w{{display:flex;flex-wrap:wrap;margin-top:4mm}} .w p{{width:100%;margin:0;padding:.8mm 0;border-bottom:.12mm solid #ddd}} i{{font-style:normal;color:#777;display:inline-block;width:42mm}} .t{{color:#5a2d82;margin:3mm 0 .5mm}}"
    return Draft(KIND, body, form, css=css, font=GOTHIC, margin="16mm 18mm 15mm", background=WHITE, mark="bottom-center", faults=case.faults)  # fmt: skip


def plain_commercial(case: Case, random: Random) -> Draft:
    """商业险 of a small insurer: a sheet in an office's type, sums in words, the premium of each cover beside it."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    table = grid(
        ("被保险人名称", form.put("insured_name", one.name), "被保险人证件号码", form.put("insured_id", one.number)), ("号牌号码", form.put("plate", car.plate), "机动车种类", car.vehicle_type), ("厂牌型号", form.put("model", car.brand + car.model), "登记日期", form.day("register_date", case.register_date, "-")),
        ("车辆识别代号", form.put("vin", car.vin), "发动机号码", form.put("engine_no", car.engine_no)), ("使用性质", _use(form, case), "新车购置价", f"{figure(case.price)}元"),
        *((name, f"{figure(amount)}元{'/座' if '车上人员' in name else ''}", "保险费", f"{figure(price)}元") for name, amount, price in policy.sums),
        ("保险费合计", f"人民币{words(policy.premium)}（￥{form.put('premium', figure(policy.premium), policy.premium)}）"), ("保险期限", _span(form, policy, "-", "自{}零时起 至{}二十四时止")), ("争议处理", "提交保险人所在地仲裁委员会仲裁"),
    )  # fmt: skip
    body = (
        f'<div class="place"><h1>{form.put("insurer_name", policy.insurer.name)}</h1><p class="m">机动车综合商业保险保险单</p><p class="hd s"><span>保险单号：{form.put("policy_no", policy.policy_no)}</span><span>出单日期：{form.day("issue_date", policy.issued_on, "-")}</span></p>{table}<p class="s">抵押贷款机构：{case.lender.name}　经办网点：{policy.insurer.address}　联系电话：{policy.insurer.phone}</p>{_stamp(policy, "保单专用章", x=116, y=-28, tilt=-7)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:10.2pt}} .grid td{{font-size:9.8pt;padding:2mm 1.5mm}} .grid td:nth-child(odd){{width:31mm}} .m{{text-align:center;font-size:13pt;margin-bottom:3mm}}"
    return Draft(KIND, body, form, css=css, font=OFFICE, margin="18mm 19mm 16mm", background="#fcfcfa", mark="top-right", faults=case.faults)  # fmt: skip


LAYOUTS = (on_the_form, compulsory_file, commercial_file, typed, by_the_lender, plain_commercial)
