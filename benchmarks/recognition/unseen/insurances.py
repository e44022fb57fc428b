"""保险单 of this split: 交强险 of the trade body's form, as a file, an older copy; 商业险 as a file, typed lying, by an application."""

from random import Random

from benchmarks.recognition.case import Case, Policy
from benchmarks.recognition.drawing import WHITE, bare, figure, grid, words
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.style import DOTS, FANG, HEI, PEN, SLIM, SONG, SONG_ALONE, TYPED

KIND = "insurance_policy"
_CSS = "h1{font-weight:normal;font-size:16pt;margin:0 0 1.4mm} td{line-height:1.3;padding:.9mm 1.2mm} p{text-align:left;margin:0 0 .3em} b{font-weight:normal} .s{font-size:8pt;line-height:1.4} .hd{display:flex;justify-content:space-between} .grid{margin-bottom:-.3mm} .r{text-align:right} .m{text-align:center}"


def _insures(form: Form, kind: str) -> None:
    form.fields["insurance_type"], form.printed["insurance_type"] = kind, ""


def _span(form: Form, policy: Policy, style: str, pattern: str) -> str:
    return pattern.format(
        form.day("valid_from", policy.valid_from, style), form.day("valid_to", policy.valid_to, style)
    )


def _use(form: Form, case: Case) -> str:
    """By the insurers' classes or as the register says."""
    used, firm = case.car.use_character, case.borrower.is_company
    classes = {
        "非营运": "企业非营业用车" if firm else "家庭自用",
        "货运": "营业货运",
        "租赁": "租赁",
        "预约出租客运": "网约车",
    }
    return form.put("use_character", classes.get(used, used) if form.random.random() < 0.6 else used)


def _stamp(policy: Policy, name: str, *, x: float, y: float, tilt: float = 0) -> str:
    return f'<div class="place">{seal(policy.insurer.name, name, x=x, y=y, across=37, tilt=tilt)}</div>'


def _litres(case: Case) -> str:
    return f"{int(case.car.displacement) / 1000:.4f}L" if case.car.displacement else "0.0000L"


def _sort(case: Case) -> str:
    kind = case.car.vehicle_type
    if "牵引" in kind or "自卸" in kind:
        return "十吨以上货车" if "自卸" in kind else "牵引车"
    return "二吨以下货车" if "货车" in kind else "六座以下客车" if case.car.seats < 6 else "六座至十座以下客车"


def on_the_form(case: Case, random: Random) -> Draft:
    """交强险 as the trade body's form of 2020, typed by dots on green paper, the number of the paper itself printed above."""
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    limits = "".join(
        f'<tr>{f"<td rowspan={len(policy.sums)}>责任限额</td>" if n == 0 else ""}<td colspan="2">{name}赔偿限额</td><td colspan="2"><b>{figure(full)}元</b></td><td colspan="2">无责任{name}赔偿限额</td><td><b>{figure(less)}元</b></td></tr>' for n, (name, full, less) in enumerate(policy.sums)
    )  # fmt: skip
    tax = policy.tax_paid
    body = (
        f'<div class="place"><p class="hd s"><span>{form.put("insurer_name", policy.insurer.name)}</span><span>印刷流水号 {random.randrange(10**10):010}</span></p><h1 style="text-align:center">机动车交通事故责任强制保险单</h1><p class="hd s"><span>（正本）</span><span>保险单号：<b>{form.put("policy_no", policy.policy_no)}</b></span></p><table class="grid">'
        f'<tr><td colspan="2">被保险人</td><td colspan="6"><b>{form.put("insured_name", one.name)}</b></td></tr><tr><td colspan="3">被保险人身份证号码（组织机构代码）</td><td colspan="5"><b>{form.put("insured_id", one.number)}</b></td></tr><tr><td>地址</td><td colspan="4"><b>{one.address}</b></td><td>联系电话</td><td colspan="2"><b>{one.phone}</b></td></tr>'
        f'<tr><td rowspan="4" style="width:9mm">被<br>保险<br>机动车</td><td>号牌号码</td><td colspan="2"><b>{form.put("plate", car.plate)}</b></td><td>机动车种类</td><td><b>{_sort(case)}</b></td><td>使用性质</td><td><b>{_use(form, case)}</b></td></tr>'
        f'<tr><td>发动机号码</td><td colspan="2"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="2">识别代码（车架号）</td><td colspan="2"><b>{form.put("vin", car.vin)}</b></td></tr><tr><td>厂牌型号</td><td colspan="2"><b>{form.put("model", car.brand + car.model)}</b></td><td>核定载客</td><td><b>{car.seats}人</b></td><td>核定载质量</td><td><b>{"1300" if "货" in car.vehicle_type else "0"}.000千克</b></td></tr>'
        f'<tr><td>排量</td><td colspan="2"><b>{_litres(case)}</b></td><td>功率</td><td><b>{car.power}.0000KW</b></td><td>登记日期</td><td><b>{form.day("register_date", case.register_date, "-")}</b></td></tr>{limits}<tr><td colspan="6">与道路交通安全违法行为和道路交通事故相联系的浮动比率</td><td colspan="2"><b>{random.choice((-40, -30, -20, -10, 0, 10))} %</b></td></tr>'
        f'<tr><td colspan="8">保险费合计（人民币大写）：<b>{words(policy.premium)}</b>　（¥：<b>{form.put("premium", bare(policy.premium), policy.premium)}</b>元）　其中救助基金（2%）¥：<b>{bare(policy.premium // 50)}</b>元</td></tr><tr><td colspan="8">保险期间自<b>{_span(form, policy, "年0", "{}</b>零时起至<b>{}</b>二十四时止")}</td></tr><tr><td colspan="3">保险合同争议解决方式</td><td colspan="5"><b>诉讼</b></td></tr>'
        f'<tr><td rowspan="3">代收<br>车船税</td><td>整备质量</td><td colspan="2"><b>{car.mass}.000千克</b></td><td colspan="2">纳税人识别号</td><td colspan="2"><b>{one.number}</b></td></tr><tr><td>当年应缴</td><td colspan="2">¥：<b>{form.put("tax_paid", bare(tax), tax)}</b>元</td><td>往年补缴</td><td>¥：<b>0.00</b>元</td><td>滞纳金</td><td>¥：<b>0.00</b>元</td></tr><tr><td colspan="7">合计（人民币大写）：<b>{words(tax)}</b>（¥：<b>{bare(tax)}</b>元）　开具税务机关：<b>国家税务总局{cast.home(case).seat}税务局</b></td></tr>'
        f'<tr><td>特别<br>约定</td><td colspan="7" style="height:17mm"><b>投保人：{one.name}。尊敬的客户：请您核对保单信息，如有疑问请拨打客服电话955XX。</b></td></tr><tr><td>保险人</td><td colspan="7">公司地址：<b>{policy.insurer.address}</b><br>邮政编码：<b>{random.randrange(100_000, 850_000)}</b>　服务电话：<b>955XX</b>　签单日期：<b>{form.day("issue_date", policy.issued_on, "-")}</b></td></tr></table><p class="hd s"><span>核保：<b>{cast.name(random)}</b></span><span>制单：<b>{cast.name(random, female=True)}</b></span><span>经办：<b>{case.dealer.representative}</b></span></p>{_stamp(policy, "承保业务章", x=132, y=-28, tilt=-11)}</div>'
    )  # fmt: skip
    css = f'{_CSS} .grid td{{font-size:8.8pt;border-color:#4f7d5a;height:8mm}} .place{{color:#33613f}} b{{color:#26263a;font-family:"{DOTS}"}}'
    return Draft(KIND, body, form, css=css, font=SONG_ALONE, margin="11mm 13mm 12mm", background="#f6faf5", mark="bottom-right", faults=case.faults)  # fmt: skip


def compulsory_file(case: Case, random: Random) -> Draft:
    """交强险 as a file: the insurer's head, a table of six columns, the tax in its own part, when it was paid for."""
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    head = grid(
        ("被保险人", form.put("insured_name", one.name), "证件号码", form.put("insured_id", one.number)), ("联系地址", one.address), ("号牌号码", form.put("plate", car.plate), "机动车种类", _sort(case)), ("厂牌型号", form.put("model", car.brand + car.model), "使用性质", _use(form, case)),
        ("发动机号码", form.put("engine_no", car.engine_no), "车辆识别代码", form.put("vin", car.vin)), ("核定载客", f"{car.seats} 人", "登记日期", form.day("register_date", case.register_date, "-")), ("排量", _litres(case), "功率", f"{car.power} KW"),
    )  # fmt: skip
    limits = grid(("责任限额", "有责任（元）", "无责任（元）"), *((f"{name}赔偿限额", f"{full // 100:,}", f"{less // 100:,}") for name, full, less in policy.sums))  # fmt: skip
    rest = grid(
        ("保险费合计", f"（人民币大写）{words(policy.premium)}　¥{form.put('premium', bare(policy.premium), policy.premium)}"), ("保险期间", _span(form, policy, "-", "自 {} 00:00:00 起至 {} 24:00:00 止")),
        ("代收车船税", f"当年应缴¥{form.put('tax_paid', bare(policy.tax_paid), policy.tax_paid)}　往年补缴¥0.00　滞纳金¥0.00　合计¥{bare(policy.tax_paid)}（{words(policy.tax_paid)}）"), ("特别约定", "1. 本保险单为电子保险单，与纸质保险单具有同等法律效力。<br>2. 请随车携带交强险标志或下载电子标志。"), ("争议解决", "诉讼"),
    )  # fmt: skip
    body = (
        f'<div class="place"><div class="hd"><span style="font-size:13pt;color:#0b5c8a">{form.put("insurer_name", policy.insurer.name)}</span></div>{code(policy.policy_no, x=158, y=-2, across=20)}<h1>机动车交通事故责任强制保险单（电子保单）</h1><p>保单号：{form.put("policy_no", policy.policy_no)}</p><p class="s" style="margin-bottom:5mm">签单日期：{form.day("issue_date", policy.issued_on, "-")}　　投保确认时间：{dated(policy.issued_on, "-")} 09:{random.randrange(10, 60)}</p>'
        f'{head}<p class="t"></p>{limits}<p class="t"></p>{rest}<p class="s" style="margin-top:4mm">保险人：{policy.insurer.name}　地址：{policy.insurer.address}　客服：955XX　网址：www.example.cn<br>出单机构代理人：{case.dealer.name}　核保：系统核保　制单：{cast.name(random)}</p>{_stamp(policy, "电子保单专用章", x=130, y=-24)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:10pt}} .grid td{{border-color:#9fc1d6;font-size:9.4pt;padding:1.7mm 1.3mm}} .grid td:nth-child(odd){{background:#f0f7fb;color:#2b5a75;width:29mm}} .t{{height:2mm}}"
    return Draft(KIND, body, form, css=css, font=HEI, margin="14mm 14mm 14mm", background=WHITE, mark="bottom-left", faults=case.faults)  # fmt: skip


def commercial_file(case: Case, random: Random) -> Draft:
    """商业险 as a file: covers with sums and premiums, discounts beside the premium before them, the lender first in line."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    title = "新能源汽车商业保险电子保险单" if "电" in car.fuel else "机动车商业保险电子保险单"
    lines = "".join(
        f'<tr><td>{n}</td><td>{name}</td><td class="r">{figure(amount)}{f" ×{car.seats - 1}座" if "乘客" in name else ""}</td><td class="r">{figure(price * 10 // 7)}</td><td class="r">{figure(price)}</td></tr>' for n, (name, amount, price) in enumerate(policy.sums, 1)
    )  # fmt: skip
    who = grid(
        ("投保人", one.name), ("被保险人", form.put("insured_name", one.name)), ("被保险人证件号码", form.put("insured_id", one.number)), ("车主", one.name),
    )  # fmt: skip
    vehicle = grid(
        ("车牌号码", form.put("plate", car.plate), "车辆使用性质", _use(form, case)), ("厂牌型号", form.put("model", car.brand + car.model), "核定载客/载质量", f"{car.seats}人/0千克"), ("车架号/VIN码", form.put("vin", car.vin), "发动机号/电机号", form.put("engine_no", car.engine_no)), ("初次登记日期", form.day("register_date", case.register_date, "/"), "新车购置价", f"{figure(case.price)}元"),
    )  # fmt: skip
    body = (
        f'<div class="place">{code(policy.policy_no, x=160, y=0, across=18)}<p style="font-size:13pt;color:#a15a12">{form.put("insurer_name", policy.insurer.name)}</p><h1>{title}</h1><p>保险单号码 {form.put("policy_no", policy.policy_no)}</p><p style="margin-bottom:3mm">保险期间 {_span(form, policy, "/", "{} 00:00 至 {} 24:00")}</p>{who}{vehicle}'
        f'<table class="grid" style="margin-top:2.4mm"><tr><td class="m">序号</td><td class="m">承保险别</td><td class="m">保险金额/责任限额（元）</td><td class="m">标准保费（元）</td><td class="m">实收保费（元）</td></tr>{lines}<tr><td colspan="2">保险费合计</td><td colspan="2">（大写）{words(policy.premium)}</td><td class="r">{form.put("premium", figure(policy.premium), policy.premium)}</td></tr></table>'
        f'<p style="margin-top:3mm">特别约定：本保险合同第一受益人为{case.lender.name}，发生全损或一次赔款金额超过5,000元时，赔款支付须经其同意。</p><p class="s">1. 收到本保险单后请即核对。2. 无赔款优待系数0.{random.randrange(50, 95)}，自主定价系数0.{random.randrange(65, 99)}。3. 本保险单不含车船税。</p>'
        f'<p class="s">出单点：{policy.insurer.address}　签单时间：{form.day("issue_date", policy.issued_on, "/")}　经办人：{cast.name(random)}　核保人：{cast.name(random)}</p>{_stamp(policy, "保险单专用章", x=128, y=-22, tilt=7)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:9.8pt}} .grid td{{font-size:9.2pt;border-color:#d9bb96;padding:1.4mm 1.3mm}}"
    return Draft(KIND, body, form, css=css, font=SONG, margin="13mm 15mm 14mm", background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def typed_lying(case: Case, random: Random) -> Draft:
    """商业险 typed over a lying form of an insurer, the policy's number in its corner and the period above the covers."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    lines = "".join(
        f'<tr><td colspan="3"><b>{name}</b></td><td colspan="2" class="r"><b>{bare(amount)}</b></td><td class="m"><b>不适用</b></td><td colspan="2" class="r"><b>{bare(price)}</b></td></tr>' for name, amount, price in policy.sums
    )  # fmt: skip
    body = (
        f'<div class="place"><div class="hd"><span style="font-size:12pt">{form.put("insurer_name", policy.insurer.name)}</span><span>No. <b>{form.put("policy_no", policy.policy_no)}</b></span></div><h1 style="text-align:center">机动车综合商业保险单</h1><table class="grid"><tr><td>被保险人</td><td colspan="3"><b>{form.put("insured_name", one.name)}</b></td><td>证件号码</td><td colspan="3"><b>{form.put("insured_id", one.number)}</b></td></tr>'
        f'<tr><td>车牌号码</td><td><b>{form.put("plate", car.plate)}</b></td><td>厂牌型号</td><td colspan="2"><b>{form.put("model", car.brand + car.model)}</b></td><td>使用性质</td><td colspan="2"><b>{_use(form, case)}</b></td></tr><tr><td>车架号</td><td colspan="2"><b>{form.put("vin", car.vin)}</b></td><td>发动机号</td><td colspan="2"><b>{form.put("engine_no", car.engine_no)}</b></td><td>初登日期</td><td><b>{form.day("register_date", case.register_date, ".")}</b></td></tr>'
        f'<tr><td>保险期间</td><td colspan="7">自 {_span(form, policy, "年 ", "<b>{}</b> 零时起 至 <b>{}</b> 二十四时止")}</td></tr><tr><td colspan="3" class="m">承保险别</td><td colspan="2" class="m">保险金额/责任限额（元）</td><td class="m">绝对免赔</td><td colspan="2" class="m">保险费（元）</td></tr>{lines}<tr><td colspan="8">保险费合计（大写）<b>{words(policy.premium)}</b>　小写¥<b>{form.put("premium", bare(policy.premium), policy.premium)}</b></td></tr><tr><td>特别约定</td><td colspan="7"><b>本保单第一受益人：{case.lender.name}</b></td></tr></table>'
        f'<p class="hd s" style="margin-top:2mm"><span>签单日期：<b>{form.day("issue_date", policy.issued_on, ".")}</b></span><span>经办：<b>{cast.name(random)}</b></span><span>营业地址：<b>{policy.insurer.address}</b></span></p>{_stamp(policy, "业务专用章（2）", x=206, y=-30, tilt=14)}</div>'
    )  # fmt: skip
    css = f'{_CSS} .place{{color:#5a4a7a}} .grid td{{border-color:#8878a8;font-size:10pt;height:9mm}} b{{color:#20202c;font-family:"{TYPED}";position:relative;top:.5mm}}'
    return Draft(KIND, body, form, css=css, font=FANG, size="A4 landscape", margin="12mm 18mm 13mm", background="#fafafc", mark="top-left", faults=case.faults)  # fmt: skip


def of_electric_cars(case: Case, random: Random) -> Draft:
    """商业险 by an application: cards of label and value without rules, sums in the trade's 万元, the total in a band."""
    form, policy, car, one = Form(random, PEN), case.commercial, case.car, case.borrower
    _insures(form, "commercial")
    title = "新能源汽车商业保险" if "电" in car.fuel else "机动车商业保险"

    def cells(*pairs: tuple[str, str]) -> str:
        return '<div class="w">' + "".join(f"<div><span>{k}</span><br>{v}</div>" for k, v in pairs) + "</div>"

    covers = "".join(f'<p class="hd l"><span>{name}</span><span>{amount / 1_000_000:.2f}万元　保费 {bare(price)}元</span></p>' for name, amount, price in policy.sums)  # fmt: skip
    body = (
        f'<div class="place"><p class="g">{form.put("insurer_name", policy.insurer.name)}</p><h1>{title}保单</h1>{code(policy.policy_no, x=150, y=0, across=20)}<p>保单号 {form.put("policy_no", policy.policy_no)}</p><p class="t">被保险人</p>'
        + cells(("姓名/名称", form.put("insured_name", one.name)), ("证件号码", form.put("insured_id", one.number))) + '<p class="t">车辆</p>'
        + cells(("车牌号", form.put("plate", car.plate)), ("品牌型号", form.put("model", car.brand + car.model)), ("车架号", form.put("vin", car.vin)), ("发动机号", form.put("engine_no", car.engine_no)), ("使用性质", _use(form, case)), ("注册日期", form.day("register_date", case.register_date, "年")))
        + f'<p class="t">保障内容</p>{covers}<div class="band">合计保费 ¥{form.put("premium", figure(policy.premium), policy.premium)}　（{words(policy.premium)}）</div><p>保险期间：{_span(form, policy, "年", "{}0时至{}24时")}</p><p>出单日期：{form.day("issue_date", policy.issued_on, "年")}</p><p class="s" style="margin-top:5mm">贷款车辆，保险金请求权优先归属：{case.lender.name}。<br>{policy.insurer.address}　报案电话 955XX</p>{_stamp(policy, "电子保单章", x=120, y=-26, tilt=3)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:10.4pt;line-height:1.55}} .g{{color:#0f7a5f;font-size:12pt}} .t{{color:#0f7a5f;border-bottom:.3mm solid #0f7a5f;margin:3.4mm 0 1.4mm}} .w{{display:flex;flex-wrap:wrap}} .w div{{width:50%;margin-bottom:1.4mm}} .w span{{color:#7d8a86;font-size:8.6pt}} .band{{background:#e7f4ef;padding:2mm 3mm;margin:2mm 0;font-size:12pt}} .l{{border-bottom:.12mm dotted #999;margin:0;padding:.6mm 0}}"
    return Draft(KIND, body, form, css=css, font=SLIM, margin="16mm 19mm 15mm", background=WHITE, mark="bottom-center", faults=case.faults)  # fmt: skip


def plain_compulsory(case: Case, random: Random) -> Draft:
    """交强险 of an older file: labels and values in sentences and rows, taken out by the dealer."""
    form, policy, car, one = Form(random, PEN), case.compulsory, case.car, case.borrower
    _insures(form, "compulsory")
    body = (
        f'<div class="place"><h1 style="text-align:center">{form.put("insurer_name", policy.insurer.name)}</h1><p class="m" style="font-size:13pt">机动车交通事故责任强制保险单（副本）</p><p class="hd"><span>保险单号：{form.put("policy_no", policy.policy_no)}</span><span>签单日期：{form.day("issue_date", policy.issued_on, "年")}</span></p>'
        + grid(
            ("投保人名称", case.dealer.name, "投保人代码", case.dealer.number), ("被保险人名称", form.put("insured_name", one.name), "被保险人代码", form.put("insured_id", one.number)), ("号牌号码", form.put("plate", car.plate), "使用性质", _use(form, case)), ("厂牌型号", form.put("model", car.brand + car.model), "整备质量", f"{car.mass}千克"),
            ("车架号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)),
        )
        + f'<p style="margin-top:3mm">保险期间：{_span(form, policy, "年", "自{}零时起至{}二十四时止。")}</p><p>责任限额：' + "；".join(f"{name}{full / 1_000_000:g}万元（无责{less // 100:,}元）" if full >= 1_000_000 else f"{name}{full // 100:,}元（无责{less // 100:,}元）" for name, full, less in policy.sums)
        + f'。</p><p>保险费合计：{words(policy.premium)}（¥{form.put("premium", figure(policy.premium), policy.premium)}元）。</p><p>代收车船税：当年应缴{form.put("tax_paid", figure(policy.tax_paid), policy.tax_paid)}元，往年补缴0.00元，滞纳金0.00元；纳税人识别号{one.number}；税务机关：国家税务总局{cast.home(case).seat}税务局。</p><p>特别约定：本车在{case.lender.name}办理贷款，保单原件由其留存。</p>'
        f'<p class="s" style="margin-top:8mm">保险人地址：{policy.insurer.address}　电话：{policy.insurer.phone}</p>{_stamp(policy, "交强险专用章", x=112, y=-26, tilt=-6)}</div>'
    )  # fmt: skip
    css = f"{_CSS} body{{font-size:11pt;line-height:1.7}} .grid td{{font-size:10pt;padding:2mm 1.4mm}} .grid td:nth-child(odd){{width:27mm}}"
    return Draft(KIND, body, form, css=css, font=FANG, margin="18mm 19mm 16mm", background="#fcfcfa", mark="top-right", faults=case.faults)  # fmt: skip


LAYOUTS = (on_the_form, compulsory_file, commercial_file, typed_lying, of_electric_cars, plain_compulsory)
