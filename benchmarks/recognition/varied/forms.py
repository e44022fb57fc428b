"""Forms that name more than one value of a sort: an earlier owner, an earlier policy, the enterprise a branch belongs to."""

from datetime import timedelta
from random import Random

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft, Form, dated, seal
from carloan.lib import money

SERIF, SANS, UMING = "AR PL SungtiL GB", "WenQuanYi Zen Hei", "AR PL UMing CN"
_GRID = "td{font-size:9.6pt;line-height:1.35;padding:1mm 1.4mm} h1{font-size:16pt}"


def _rows(*rows: tuple[str, ...]) -> str:
    return "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)


def _kind(form: Form, value: str) -> None:
    form.fields["insurance_type"], form.printed["insurance_type"] = value, ""


def renewed_policy(case: Case, random: Random) -> Draft:
    """A renewed 商业险: last year's policy and premium stand beside this one's, and who pays is not who is insured."""
    form, policy, car, one, payer = Form(random), case.commercial, case.car, case.borrower, case.co_borrower
    _kind(form, "commercial")
    before = f"{policy.policy_no[:-6]}{random.randrange(10**6):06}"
    last = policy.premium + random.randrange(5_000, 90_000)
    table = _rows(
        ("投保人", payer.name, "投保人证件号码", payer.number),
        ("被保险人", form.put("insured_name", one.name), "被保险人证件号码", form.put("insured_id", one.number)),
        ("号牌号码", form.put("plate", car.plate), "厂牌型号", form.put("model", car.brand + car.model)),
        ("车架号", form.put("vin", car.vin), "发动机号", form.put("engine_no", car.engine_no)),
        ("上年保单号", before, "上年保费", f"¥{money.plain(last)}"),
        ("使用性质", form.put("use_character", car.use_character), "初次登记日期",
         form.day("register_date", case.register_date, "-")),
    )  # fmt: skip
    parts = _rows(*((name, f"{money.plain(limit)}", f"{money.plain(cost)}") for name, limit, cost in policy.sums))
    body = (
        f'<div class="place"><p>{form.put("insurer_name", policy.insurer.name)}</p><h1>机动车商业保险保险单（续保）</h1>'
        f'<p class="right">保险单号：{form.put("policy_no", policy.policy_no)}</p><table class="grid">{table}</table>'
        f'<table class="grid"><tr><td>承保险种</td><td>保险金额(元)</td><td>保险费(元)</td></tr>{parts}</table>'
        f"<p>保险费合计：{money.to_capitals(policy.premium)}（{form.amount('premium', policy.premium)}元）</p>"
        f"<p>上年保险期间：{dated(policy.valid_from - timedelta(days=365), '年')}至{dated(policy.valid_from - timedelta(days=1), '年')}</p>"
        f"<p>保险期间：自{form.day('valid_from', policy.valid_from)}0时起至{form.day('valid_to', policy.valid_to)}24时止</p>"
        f"<p>收费确认时间：{dated(policy.issued_on - timedelta(days=1), '-')} 10:21　签单日期：{form.day('issue_date', policy.issued_on, '-')}"
        f"　打印日期：{dated(policy.issued_on + timedelta(days=3), '-')}</p>{seal(policy.insurer.name, '承保专用章', x=118, y=150, across=36)}</div>"
    )
    return Draft("insurance_policy", body, form, css=_GRID, font=SANS, margin="16mm 18mm", faults=case.faults)


def sold_on(case: Case, random: Random) -> Draft:
    """机动车登记证书 of a car that was sold: two owners, two plates, days of registration, of transfer and of change."""
    form, car, one, first = Form(random), case.car, case.borrower, case.co_borrower
    sold = case.register_date + timedelta(days=random.randrange(200, 400))
    other = f"{car.plate[:2]}{random.randrange(10**5):05}"
    head = f'<p class="right">机动车登记证书编号：{form.put("certificate_no", car.certificate_no)}</p>'
    summary = _rows(
        ("1.机动车所有人/身份证明名称/号码", f"{first.name}/{first.paper}/{first.number}"),
        ("2.登记机关", case.authority),
        ("3.登记日期", form.day("register_date", case.register_date, "-")),
        ("4.机动车登记编号", other),
    )
    transfer = _rows(
        ("Ⅱ.机动车所有人/身份证明名称/号码",
         f"{form.put('owner_name', one.name)}/{one.paper}/{form.put('owner_id', one.number)}"),
        ("登记机关", form.put("authority", case.authority)), ("转移登记日期", dated(sold, "-")),
        ("机动车登记编号", form.put("plate", car.plate)), ("变更登记日期", dated(sold + timedelta(days=9), "-")),
    )  # fmt: skip
    vehicle = _rows(
        ("5.车辆类型", form.put("vehicle_type", car.vehicle_type), "6.车辆品牌", form.put("brand", car.brand)),
        ("7.车辆型号", form.put("model", car.model), "8.车身颜色", form.put("colour", car.colour)),
        ("9.车辆识别代号/车架号", form.put("vin", car.vin), "10.国产/进口", form.put("origin", car.origin)),
        ("11.发动机号", form.put("engine_no", car.engine_no), "30.使用性质", form.put("use_character", car.use_character)),
        ("32.车辆出厂日期", form.day("made_on", car.made_on, "-"), "34.发证日期",
         form.day("issue_date", case.register_date, "-")),
    )  # fmt: skip
    body = (
        f'<div class="leaf">{head}<h1>注册登记摘要信息栏</h1><table class="grid">{summary}</table>'
        f'<h1>转移登记摘要信息栏</h1><table class="grid">{transfer}</table></div>'
        f'<div class="leaf"><h1>注册登记机动车信息栏</h1><table class="grid">{vehicle}</table></div>'
    )
    return Draft(
        "vehicle_registration_certificate", body, form, css=_GRID, font=SERIF, margin="16mm 16mm", faults=case.faults
    )


def branch(case: Case, random: Random) -> Draft:
    """营业执照 of a branch: the enterprise it belongs to with its code, and days of founding, approval and issue."""
    form, one = Form(random), case.company
    name = f"{one.name}{random.choice(('城南', '开发区', '第二'))}分公司"
    opened = one.established_on + timedelta(days=random.randrange(100, 300))
    table = _rows(
        ("名称", form.put("name", name)), ("类型", form.put("enterprise_type", "有限责任公司分公司")),
        ("负责人", form.put("legal_representative", case.co_borrower.name)),
        ("经营范围", form.put("scope", one.scope)), ("成立日期", form.day("established_on", opened)),
        ("营业场所", form.put("address", one.address)), ("隶属企业名称", one.name), ("隶属企业注册号", case.dealer.number),
        ("隶属企业负责人", one.legal_representative), ("核准日期", dated(one.issued_on - timedelta(days=3), "年")),
    )  # fmt: skip
    body = (
        f'<div class="place"><h1>营 业 执 照</h1><p>统一社会信用代码：{form.put("uscc", one.uscc)}</p><table>{table}</table>'
        f'<p class="right">登记机关：{form.put("authority", one.authority)}</p>'
        f'<p class="right">{form.day("issue_date", one.issued_on)}</p>{seal(one.authority, "", x=110, y=130, across=40)}</div>'
    )
    return Draft("business_licence", body, form, css=_GRID, font=UMING, margin="24mm 22mm", faults=case.faults)


def inspected_often(case: Case, random: Random) -> Draft:
    """行驶证, both pages on one sheet, with the stamps of three inspections and the days of an earlier issue."""
    form, car, one = Form(random), case.car, case.borrower
    years = sorted(random.sample(range(2021, 2029), 3))
    month = random.randrange(1, 13)
    area = car.plate[:2]
    end = (30, 31, 28)[(month == 2) * 2 or month in (1, 3, 5, 7, 8, 10, 12)]
    end = 29 if month == 2 and years[-1] % 4 == 0 else end
    form.put("valid_to", f"{years[-1]}年{month:02}月", f"{years[-1]}-{month:02}-{end}")
    stamps = "".join(f"<p>检验有效期至{year}年{month:02}月{area}</p>" for year in years)
    body = (
        '<h1>中华人民共和国机动车行驶证</h1><table>'
        + _rows(
            ("号牌号码", form.put("plate", car.plate), "车辆类型", form.put("vehicle_type", car.vehicle_type)),
            ("所有人", form.put("owner_name", one.name), "", ""), ("住址", form.put("address", one.address), "", ""),
            ("使用性质", form.put("use_character", car.use_character), "品牌型号", form.put("model", car.brand + car.model)),
            ("车辆识别代号", form.put("vin", car.vin), "发动机号码", form.put("engine_no", car.engine_no)),
            ("注册日期", form.day("register_date", case.register_date, "-"), "发证日期",
             form.day("issue_date", case.register_date, "-")),
        )
        + f"</table><h1>中华人民共和国机动车行驶证副页</h1><table>{_rows(('号牌号码', car.plate, '档案编号', '370100000000'))}"
        f"{_rows(('核定载人数', f'{car.seats}人', '总质量', f'{car.mass + 375}kg'), ('检验记录', stamps, '', ''))}</table>"
    )  # fmt: skip
    return Draft("vehicle_licence", body, form, css=_GRID, font=SANS, margin="30mm 24mm", faults=case.faults)
