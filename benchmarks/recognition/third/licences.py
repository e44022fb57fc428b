"""营业执照 of this split: lying originals, upright copies with a term, one of fifteen digits, a shop's, a branch's, the electronic one, a copy."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case, Company
from benchmarks.recognition.drawing import WHITE, emblem, years_on
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.places import PLACES
from benchmarks.recognition.third.style import BOOK, FINE, GOTHIC, PEN, SUNG, THIN
from carloan.lib import money

KIND = "business_licence"
_FRAME = (
    ".f{border:1.1mm double #a8842f;padding:8mm 12mm;position:relative} .k{color:#5f4a1c} p{text-align:left;margin:0 0 1mm} .grid td{border:none}"
    " td{vertical-align:top;padding:1.2mm 1mm;line-height:1.45} h1{margin:0;font-weight:normal}"
)


_TRADES = (
    "汽车维修；汽车美容；洗车服务；汽车零配件零售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    "一般项目：二手车经纪；机动车鉴定评估；信息咨询服务（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
    "预包装食品、散装食品、日用百货批发兼零售；普通货物道路运输。",
)


def _capital(form: Form, one: Company, style: str) -> str:
    wan, said = one.capital // 1_000_000, money.to_capitals(one.capital)
    shown = {
        "words": said,
        "wan": f"{wan}万元人民币",
        "fine": f"{wan}.000000万人民币",
        "yuan": f"人民币{said}",
        "short": f"{wan}万元整",
    }
    return form.put("registered_capital", shown[style], one.capital)


def _pairs(rows: tuple[tuple[str, str], ...], width: int) -> str:
    return (
        "<table>"
        + "".join(
            f'<tr><td class="k" style="width:{width}mm">{label}</td><td>{value}</td></tr>' for label, value in rows
        )
        + "</table>"
    )


def _office(form: Form, one: Company, *, x: float, tilt: float, style: str = "年 ", label: str = "登记机关", across: float = 38, stamped: bool = True) -> str:  # fmt: skip
    return (
        f'<div class="place" style="margin-top:16mm"><p style="text-align:right">{label}　{form.put("authority", one.authority)}</p><p style="text-align:right">{form.day("issue_date", one.issued_on, style)}</p>'
        f"{seal(one.authority, '', x=x, y=-13, across=across, tilt=tilt) if stamped else ''}</div>"
    )


def _term(form: Form, one: Company, style: str, pattern: str) -> str:
    if one.valid_to is None:
        return form.day("valid_to", None)
    return pattern.format(dated(one.established_on, style), form.day("valid_to", one.valid_to, style))


def _title(size: int, spacing: int, below: str = "") -> str:
    small = f'<p style="text-align:center;font-size:{size // 2}pt">{below}</p>' if below else ""
    return f'<h1 style="font-size:{size}pt;letter-spacing:{spacing}mm;text-align:center;line-height:1.25">营业执照</h1>{small}'


def original(case: Case, random: Random) -> Draft:
    """正本 since 2019: lying, code on the left, a square on the right, two columns without a term."""
    form, one = Form(random, PEN), case.company
    left = _pairs((
        ("名　　　称", form.put("name", one.name)), ("类　　　型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("经 营 范 围", form.put("scope", one.scope)),
    ), 31)  # fmt: skip
    right = _pairs((
        ("注 册 资 本", _capital(form, one, random.choice(("words", "wan", "short")))), ("成 立 日 期", form.day("established_on", one.established_on, "年0")), ("住　　　所", form.put("address", one.address)),
    ), 31)  # fmt: skip
    body = (
        f'<div class="f" style="min-height:176mm">{code(one.uscc, x=214, y=24, across=23)}<div style="text-align:center">{emblem("width:19mm")}</div>{_title(34, 9)}<div class="k" style="font-size:11pt">统一社会信用代码</div><div style="font-size:14pt">{form.put("uscc", one.uscc)}</div>'
        f'<div style="display:flex;gap:8mm;margin-top:4mm"><div style="width:55%">{left}</div><div style="width:45%">{right}{_office(form, one, x=66, tilt=random.uniform(-10, 10))}</div></div>'
        '<p style="font-size:8pt;color:#777;margin-top:3mm">国家企业信用信息公示系统网址：http://www.gsxt.gov.cn　　　　　　国家市场监督管理总局监制</p></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12.6pt}", font=SUNG, size="A4 landscape", margin="10mm 11mm 11mm", background="#fdfbf1", faults=case.faults)  # fmt: skip


def lying_copy(case: Case, random: Random) -> Draft:
    """副本 since 2019, lying too, with the number of the copy; the term where the firm has one."""
    form, one = Form(random, PEN), case.company
    left = _pairs((
        ("名　　称", form.put("name", one.name)), ("类　　型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("经营范围", form.put("scope", one.scope)),
    ), 25)  # fmt: skip
    right = _pairs((
        ("注册资本", _capital(form, one, "yuan")), ("成立日期", form.day("established_on", one.established_on, "年0")), ("营业期限", _term(form, one, "年0", "{}至{}")), ("住　　所", form.put("address", one.address)),
    ), 25)  # fmt: skip
    body = (
        f'<div class="f" style="min-height:174mm"><div style="display:flex"><div style="width:60mm;font-size:9.6pt"><span class="k">统一社会信用代码</span><br><span style="font-size:11.6pt">{form.put("uscc", one.uscc)}</span></div><div style="flex:1">{_title(26, 7, "（副　本）")}</div><div class="place" style="width:60mm;height:24mm;font-size:8.6pt;text-align:right">（{random.randrange(1, 4)}-{random.randrange(1, 4)}）{code(one.uscc, x=38, y=4, across=20)}</div></div>'
        f'<div style="display:flex;gap:8mm;margin-top:2mm"><div style="width:54%">{left}</div><div style="width:46%">{right}{_office(form, one, x=66, tilt=-6, across=36)}</div></div></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:11.4pt}", font=random.choice((BOOK, GOTHIC)), size="A4 landscape", margin="12mm 14mm 13mm", background="#fcf9ec", mark="bottom-right", faults=case.faults)  # fmt: skip


def upright_copy(case: Case, random: Random) -> Draft:
    """副本 of 2015-2018: upright, one column, term and number."""
    form = Form(random, PEN)
    issued = date(2015, 10, 8) + timedelta(days=random.randrange(1100))
    founded = min(case.company.established_on, issued - timedelta(days=random.choice((0, 700, 3100))))
    one = replace(
        case.company, established_on=founded, issued_on=issued,
        valid_to=case.company.valid_to and years_on(founded, random.choice((20, 30))) - timedelta(days=1),
    )  # fmt: skip
    rows = (
        ("名　　　　　称", form.put("name", one.name)), ("类　　　　　型", form.put("enterprise_type", one.enterprise_type)), ("住　　　　　所", form.put("address", one.address)), ("法 定 代 表 人", form.put("legal_representative", one.legal_representative)), ("注　册　资　本", _capital(form, one, "words")),
        ("成　立　日　期", form.day("established_on", one.established_on, "年0")), ("营　业　期　限", _term(form, one, "年0", "{}至{}")), ("经　营　范　围", form.put("scope", one.scope)),
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:266mm"><p style="text-align:right;font-size:8.8pt">编号：{one.number}</p><div style="text-align:center">{emblem("width:19mm")}</div>{_title(34, 8, "（副　　本）")}<p style="text-align:center;margin:3mm 0 5mm">统一社会信用代码　{form.put("uscc", one.uscc)}</p>{_pairs(rows, 40)}{_office(form, one, x=112, tilt=7)}'
        f'{code(one.uscc, x=14, y=222, across=21)}<p style="position:absolute;bottom:4mm;font-size:8pt;color:#777">提示：每年1月1日至6月30日通过企业信用信息公示系统报送上一年度年度报告</p></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12pt}", font=SUNG, margin="9mm 11mm 11mm", background="#fbf8eb", mark="top-left", faults=case.faults)  # fmt: skip


def _registration(random: Random, division: str) -> str:
    """A registration number of fifteen digits (GS 15-2006): its last digit checks the others, modulus 11 and 10."""
    body = f"{division}{random.choice((0, 1, 2))}{random.randrange(10**7):07}"
    rest = 10
    for digit in body:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return f"{body}{(11 - rest) % 10}"


def of_fifteen_digits(case: Case, random: Random) -> Draft:
    """企业法人营业执照 before 2014: a registration number instead of the code, paid-in capital, an office for industry and commerce."""
    form = Form(random, PEN)
    old = case.company
    founded = date(random.randrange(2003, 2013), random.randrange(1, 13), random.randrange(1, 29))
    issued = min(date(2013, 12, 20), founded.replace(year=founded.year + random.choice((0, 0, 1, 3))))
    seat = next(place for place in PLACES if old.address.startswith(place.whole))
    one = replace(
        old, established_on=founded, issued_on=issued, authority=f"{seat.seat}工商行政管理局",
        valid_to=None if old.valid_to is None else founded.replace(year=founded.year + random.choice((20, 30))),
    )  # fmt: skip
    rows = (
        ("名　　　　称", form.put("name", one.name)), ("住　　　　所", form.put("address", one.address)), ("法定代表人姓名", form.put("legal_representative", one.legal_representative)), ("注　册　资　本", _capital(form, one, "yuan")), ("实　收　资　本", f"人民币{money.to_capitals(one.capital // 2)}"),
        ("公　司　类　型", form.put("enterprise_type", one.enterprise_type)), ("经　营　范　围", form.put("scope", one.scope)), ("成　立　日　期", form.day("established_on", one.established_on, "年")), ("营　业　期　限", _term(form, one, "年", "自{}至{}")),
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:262mm"><div style="text-align:center">{emblem("width:20mm")}</div><h1 style="font-size:27pt;letter-spacing:3mm;text-align:center">企业法人营业执照</h1><p style="text-align:center">（副　本）</p><p style="text-align:right;margin:3mm 0">注册号：{_registration(random, seat.code)}</p>{_pairs(rows, 38)}'
        f'<p style="margin-top:3mm;font-size:9pt">须知：1.《企业法人营业执照》是企业法人资格和合法经营的凭证。2. 应当于每年三月一日至六月三十日接受年度检验。</p>{_office(form, one, x=108, tilt=-8, style="年", label="")}</div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12pt}", font=FINE, margin="10mm 12mm 12mm", background="#f8f2e2", mark="bottom-left", faults=case.faults)  # fmt: skip


def shop(case: Case, random: Random) -> Draft:
    """个体工商户 lying: who runs it and where, how it is made up, no capital."""
    form, base = Form(random, PEN), case.company
    seat = next(place for place in PLACES if base.address.startswith(place.whole))
    called = f"{seat.seat}{base.legal_representative[-1]}顺{random.choice(('汽车修理厂', '二手车经纪服务部', '副食批发部', '货物运输户'))}"
    one = replace(base, name=called, uscc=cast.credit_code(random, seat.code, "92"))
    left = _pairs((
        ("名　　　称", form.put("name", one.name)), ("类　　　型", form.put("enterprise_type", "个体工商户")), ("经　营　者", form.put("legal_representative", one.legal_representative)), ("经 营 范 围", form.put("scope", random.choice(_TRADES))),
    ), 29)  # fmt: skip
    right = _pairs((
        ("组 成 形 式", random.choice(("个人经营", "家庭经营"))), ("注 册 日 期", form.day("established_on", one.established_on, "年0")), ("经 营 场 所", form.put("address", one.address)),
    ), 29)  # fmt: skip
    body = (
        f'<div class="f" style="min-height:176mm">{code(one.uscc, x=216, y=18, across=22)}<div style="text-align:center">{emblem("width:17mm")}</div>{_title(30, 9)}<div style="font-size:12pt"><span class="k">统一社会信用代码</span><br>{form.put("uscc", one.uscc)}</div>'
        f'<div style="display:flex;gap:8mm;margin-top:5mm"><div style="width:54%">{left}</div><div style="width:46%">{right}{_office(form, one, x=64, tilt=12)}</div></div></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12.4pt}", font=THIN, size="A4 landscape", margin="11mm 12mm 12mm", background="#fdfaf0", mark="top-right", faults=case.faults)  # fmt: skip


def branch(case: Case, random: Random) -> Draft:
    """A branch: who is in charge, where it works, nothing of capital; set in two columns under the emblem."""
    form, one = Form(random, PEN), case.company
    one = replace(one, name=one.name + random.choice(("南区分公司", "第二营业部", "西北分公司")))
    rows = (
        ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", random.choice(("有限责任公司分公司", "有限责任公司分公司（自然人独资）")))), ("营业场所", form.put("address", one.address)), ("负责人", form.put("legal_representative", one.legal_representative)),
        ("成立日期", form.day("established_on", one.established_on, "年0")), ("营业期限", _term(form, one, "年0", "{} 至 {}")), ("经营范围", form.put("scope", one.scope)),
    )  # fmt: skip
    body = f'<div class="f" style="min-height:264mm"><p style="text-align:right;font-size:9pt">证照编号：{one.number}（1/1）</p>{_title(31, 8, "（副　本）")}<p style="margin:4mm 0">统一社会信用代码：{form.put("uscc", one.uscc)}</p>{_pairs(rows, 27)}{_office(form, one, x=108, tilt=-3)}</div>'
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12.2pt}", font=FINE, margin="10mm 13mm 12mm", background="#fcf8ea", mark="bottom-center", faults=case.faults)  # fmt: skip


def electronic(case: Case, random: Random) -> Draft:
    """Printed from the electronic licence: what it is and when it was printed stand below, no stamp over the print."""
    form, one = Form(random, PEN), case.company
    rows = (
        ("统一社会信用代码", form.put("uscc", one.uscc)), ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("注册资本", _capital(form, one, "fine")), ("成立日期", form.day("established_on", one.established_on, "-")),
        ("住所", form.put("address", one.address)), ("经营范围", form.put("scope", one.scope)), ("登记机关", form.put("authority", one.authority)), ("发照日期", form.day("issue_date", one.issued_on, "-")),
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:200mm;border:.5mm solid #a8842f">{code(one.uscc + one.name, x=126, y=10, across=30)}<div>{emblem("width:16mm")}</div><h1 style="font-size:26pt;letter-spacing:4mm;text-align:left">营业执照</h1><p>（电子副本）</p><div style="height:6mm"></div>{_pairs(rows, 36)}</div>'
        f'<p style="font-size:8.6pt;color:#777;margin-top:3mm">本电子营业执照由企业自行打印，打印日期：{dated(AS_OF, "年")}。使用“电子营业执照”小程序扫描二维码可验证真伪。</p>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:11.6pt}", font=GOTHIC, margin="14mm 17mm 14mm", background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def copied(case: Case, random: Random) -> Draft:
    """A lying licence copied small and grey onto upright paper, the firm's stamp and what the copy is for below."""
    form, one = Form(random, PEN), case.company
    left = _pairs((
        ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("经营范围", form.put("scope", one.scope)),
    ), 20)  # fmt: skip
    right = _pairs((
        ("注册资本", _capital(form, one, "wan")), ("成立日期", form.day("established_on", one.established_on, "年0")), ("住所", form.put("address", one.address)),
    ), 18)  # fmt: skip
    body = (
        f'<div class="f" style="border-color:#8c8c8c;padding:5mm 6mm;height:118mm"><div style="text-align:center">{emblem("width:12mm", grey=True)}</div>{_title(20, 5)}<p>统一社会信用代码 {form.put("uscc", one.uscc)}</p><div style="display:flex;gap:4mm"><div style="width:54%">{left}</div><div style="width:46%">{right}{_office(form, one, x=30, tilt=4, stamped=False)}</div></div></div>'
        f'<div class="place" style="margin-top:14mm"><p style="font-size:12pt">此件与原件一致，仅供申请车辆贷款使用，再次复印无效。</p><p style="font-size:12pt">经办人：{form.written(cast.name(random))}</p>{seal(one.name, "", x=84, y=-8, across=38, tilt=-16)}</div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:9.2pt} .k{color:#555} td{padding:.6mm .8mm}", font=BOOK, margin="22mm 20mm 18mm", background="#f8f8f8", mark="top-center", faults=case.faults)  # fmt: skip


LAYOUTS = (original, lying_copy, upright_copy, of_fifteen_digits, shop, branch, electronic, copied)
