"""营业执照 of this split: lying originals and copies of today, upright ones of 2014, a shop's, a branch's, the electronic one, a copy."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case, Company
from benchmarks.recognition.drawing import WHITE, emblem, years_on
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.places import PLACES
from benchmarks.recognition.unseen.style import FANG, FANG_ALONE, HEI, KAI, PEN, SLIM, SONG, SONG_ALONE
from carloan.lib import money

KIND = "business_licence"
_FRAME = (
    ".f{border:1.4mm solid #b99a4a;outline:.4mm solid #b99a4a;outline-offset:-2.4mm;padding:8mm 11mm;position:relative} .k{color:#6a5420} p{text-align:left;margin:0 0 1mm}"
    " td{vertical-align:top;padding:1.1mm .8mm;line-height:1.45} h1{margin:0;font-weight:normal}"
)
_TRADES = (
    "一般项目：洗车服务；机动车修理和维护；汽车装饰用品销售（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
    "汽车配件、润滑油零售；道路普通货物运输。",
    "许可项目：食品销售（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以审批结果为准）一般项目：日用百货销售；烟草制品零售。",
)


def _capital(form: Form, one: Company, style: str) -> str:
    wan, said = one.capital // 1_000_000, money.to_capitals(one.capital)
    shown = {
        "said": said,
        "wan": f"{wan}万人民币",
        "fine": f"{wan}.0000万元",
        "yuan": f"{said.removesuffix('整')}人民币",
        "both": f"人民币{wan}万元整",
    }
    return form.put("registered_capital", shown[style], one.capital)


def _pairs(*rows: tuple[str, str], width: float) -> str:
    cells = "".join(f'<tr><td class="k" style="width:{width}mm">{k}</td><td>{v}</td></tr>' for k, v in rows)
    return f"<table>{cells}</table>"


def _office(form: Form, one: Company, *, tilt: float, x: float, style: str = "年 ", label: str = "登 记 机 关", across: float = 37, gap: int = 13, stamped: bool = True) -> str:  # fmt: skip
    stamp = seal(one.authority, "", x=x, y=-11, across=across, tilt=tilt) if stamped else ""
    return f'<div class="place" style="margin-top:{gap}mm"><p style="text-align:right">{label}　{form.put("authority", one.authority)}</p><p style="text-align:right">{form.day("issue_date", one.issued_on, style)}</p>{stamp}</div>'


def _term(form: Form, one: Company, style: str, pattern: str = "{}至{}") -> str:
    if one.valid_to is None:
        return form.day("valid_to", None)
    return pattern.format(dated(one.established_on, style), form.day("valid_to", one.valid_to, style))


def _title(size: int, spacing: float, below: str = "") -> str:
    small = f'<p style="text-align:center;font-size:{size // 2}pt">{below}</p>' if below else ""
    return f'<h1 style="font-size:{size}pt;letter-spacing:{spacing}mm;text-align:center;line-height:1.2">营业执照</h1>{small}'


def _columns(left: str, right: str, *, share: int = 54) -> str:
    return f'<div style="display:flex;gap:7mm;margin-top:3mm"><div style="width:{share}%">{left}</div><div style="width:{100 - share}%">{right}</div></div>'


def _earlier(case: Case, random: Random, first: date, days: int) -> Company:
    """The firm with a licence that was issued in some earlier years."""
    issued = first + timedelta(days=random.randrange(days))
    founded = min(case.company.established_on, issued - timedelta(days=random.choice((0, 0, 400, 2900))))
    end = years_on(founded, random.choice((20, 30))) - timedelta(days=1)
    seat = next(place.seat for place in PLACES if case.company.address.startswith(place.whole))
    return replace(
        case.company, established_on=founded, issued_on=issued, valid_to=case.company.valid_to and end,
        authority=seat + random.choice(("市场监督管理局", "工商行政管理局")),
    )  # fmt: skip


def original(case: Case, random: Random) -> Draft:
    """正本 since 2019, lying: the code left above, the square right above, two columns, the office right below."""
    form, one = Form(random, PEN), case.company
    left = _pairs(
        ("名　　称", form.put("name", one.name)), ("类　　型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("经 营 范 围", form.put("scope", one.scope)), width=28,
    )  # fmt: skip
    right = _pairs(
        ("注 册 资 本", _capital(form, one, random.choice(("said", "both", "wan")))), ("成 立 日 期", form.day("established_on", one.established_on, "年0")), ("住　　　所", form.put("address", one.address)), width=28,
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:178mm">{code(one.uscc, x=212, y=16, across=24)}<p style="position:absolute;left:207mm;top:42mm;width:36mm;font-size:7pt;color:#666">扫描二维码登录“国家企业信用信息公示系统”了解更多登记、备案、许可、监管信息。</p><div style="text-align:center">{emblem("width:20mm")}</div>{_title(38, 10)}<p class="k" style="font-size:11pt;margin-top:-10mm">统一社会信用代码</p><p style="font-size:13.4pt;margin-bottom:4mm">{form.put("uscc", one.uscc)}</p>'
        f'{_columns(left, right + _office(form, one, tilt=random.uniform(-14, 14), x=62, gap=32))}</div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12.6pt}", font=SONG, size="A4 landscape", margin="9mm 11mm 11mm", background="#fcfaf0", faults=case.faults)  # fmt: skip


def lying_copy(case: Case, random: Random) -> Draft:
    """副本 since 2019 with its number of how many; the firm's term where it has one, 营业期限 before the address."""
    form, one = Form(random, PEN), case.company
    left = _pairs(
        ("名　　称", form.put("name", one.name)), ("类　　型", form.put("enterprise_type", one.enterprise_type)), ("住　　所", form.put("address", one.address)), ("法定代表人", form.put("legal_representative", one.legal_representative)), width=25,
    )  # fmt: skip
    right = _pairs(
        ("注册资本", _capital(form, one, "yuan")), ("成立日期", form.day("established_on", one.established_on, "年0")), ("营业期限", _term(form, one, "年0")), ("经营范围", form.put("scope", one.scope)), width=22,
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:172mm"><div style="display:flex;align-items:flex-start"><div style="width:58mm"><p class="k" style="font-size:9.6pt">统一社会信用代码</p><p style="font-size:11.6pt">{form.put("uscc", one.uscc)}</p></div><div style="flex:1">{_title(30, 8, f"（副　本）{random.randrange(1, 4)}-1")}</div><div class="place" style="width:58mm;height:23mm">{code(one.uscc, x=34, y=0, across=21)}</div></div>'
        f"{_columns(left + _office(form, one, tilt=-9, x=74, gap=24), right, share=47)}</div>"
    )
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:11.6pt}", font=random.choice((FANG, HEI)), size="A4 landscape", margin="11mm 13mm 12mm", background="#fbf8ea", mark="bottom-left", faults=case.faults)  # fmt: skip


def upright_original(case: Case, random: Random) -> Draft:
    """正本 of 2015-2018, upright: one column, the code in brackets below the title."""
    form = Form(random, PEN)
    one = _earlier(case, random, date(2015, 10, 10), 900)
    rows = _pairs(
        ("名　　　　称", form.put("name", one.name)), ("类　　　　型", form.put("enterprise_type", one.enterprise_type)), ("住　　　　所", form.put("address", one.address)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("注 册 资 本", _capital(form, one, "said")),
        ("成 立 日 期", form.day("established_on", one.established_on, "年0")), ("营 业 期 限", _term(form, one, "年0", "自{}至{}")), ("经 营 范 围", form.put("scope", one.scope)), width=36,
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:268mm"><div style="text-align:center">{emblem("width:22mm")}</div>{_title(42, 10)}<p style="text-align:center;margin:4mm 0 8mm">（统一社会信用代码 {form.put("uscc", one.uscc)}）</p>{rows}<p style="font-size:9pt;color:#666;margin-top:3mm">（依法须经批准的项目，经相关部门批准后方可开展经营活动）</p>{_office(form, one, tilt=11, x=104, across=40)}'
        f'<p style="position:absolute;top:258mm;font-size:8pt;color:#777">企业信用信息公示系统网址：http://gsxt.example.gov.cn　　　　　　　　　　中华人民共和国国家工商行政管理总局监制</p></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:13pt}", font=FANG_ALONE, margin="8mm 11mm 11mm", background="#faf6e6", mark="bottom-center", faults=case.faults)  # fmt: skip


def upright_copy(case: Case, random: Random) -> Draft:
    """副本 of 2016-2018, upright, small: number of the form right above, the square beside the office."""
    form = Form(random, PEN)
    one = _earlier(case, random, date(2016, 3, 1), 1000)
    rows = _pairs(
        ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", one.enterprise_type)), ("住所", form.put("address", one.address)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("注册资本", _capital(form, one, "both")),
        ("成立日期", form.day("established_on", one.established_on, "年")), ("营业期限", _term(form, one, "年", "{} 至 {}")), ("经营范围", form.put("scope", one.scope)), width=26,
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:262mm"><p style="text-align:right;font-size:9pt">编号 {one.number}</p><div style="text-align:center">{emblem("width:17mm")}</div>{_title(32, 8, "（副　本）")}<p style="margin:5mm 0 3mm">统一社会信用代码　{form.put("uscc", one.uscc)}</p>{rows}<div class="place">{code(one.uscc, x=6, y=14, across=24)}</div>{_office(form, one, tilt=-6, x=106, style="年")}'
        f'<p style="position:absolute;top:252mm;font-size:8pt;color:#777">请于每年1月1日至6月30日履行年报公示义务</p></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12.4pt}", font=SONG_ALONE, margin="10mm 13mm 12mm", background="#fbf7ea", mark="top-left", faults=case.faults)  # fmt: skip


def shop(case: Case, random: Random) -> Draft:
    """个体工商户 of 2016, upright: who runs it, how it is made up, the day of registration."""
    form = Form(random, PEN)
    base = _earlier(case, random, date(2016, 12, 1), 800)
    seat = next(place for place in PLACES if base.address.startswith(place.whole))
    called = f"{seat.seat}{random.choice(('老', '大', '小'))}{base.legal_representative[0]}{random.choice(('汽车美容店', '汽配经营部', '货运服务部', '便利店'))}"
    one = replace(base, name=called, uscc=cast.credit_code(random, seat.code, "92"))
    rows = _pairs(
        ("名　　　　　称", form.put("name", one.name)), ("类　　　　　型", form.put("enterprise_type", "个体工商户")), ("经　营　场　所", form.put("address", one.address)), ("经　　营　　者", form.put("legal_representative", one.legal_representative)),
        ("组　成　形　式", random.choice(("个人经营", "家庭经营"))), ("注　册　日　期", form.day("established_on", one.established_on, "年0")), ("经　营　范　围", form.put("scope", random.choice(_TRADES))), width=38,
    )  # fmt: skip
    body = f'<div class="f" style="min-height:262mm"><div style="text-align:center">{emblem("width:19mm")}</div>{_title(34, 9, "（副　本）")}<p style="text-align:center;margin:4mm 0 6mm">统一社会信用代码　{form.put("uscc", one.uscc)}</p>{rows}<div style="height:14mm"></div>{_office(form, one, tilt=16, x=108)}</div>'
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12.8pt}", font=KAI, margin="10mm 13mm 12mm", background="#fcf8ec", mark="bottom-right", faults=case.faults)  # fmt: skip


def branch(case: Case, random: Random) -> Draft:
    """A branch's original, lying: who is in charge, where it works, no capital."""
    form, one = Form(random, PEN), case.company
    where = random.choice(PLACES).short
    one = replace(one, name=f"{one.name}{where}{random.choice(('分公司', '第一分公司'))}")
    left = _pairs(
        ("名　　称", form.put("name", one.name)), ("类　　型", form.put("enterprise_type", random.choice(("有限责任公司分公司(自然人投资或控股)", "分公司")))), ("负 责 人", form.put("legal_representative", one.legal_representative)), ("经营范围", form.put("scope", one.scope)), width=25,
    )  # fmt: skip
    right = _pairs(("成立日期", form.day("established_on", one.established_on, "年0")), ("经营场所", form.put("address", one.address)), width=25)  # fmt: skip
    body = (
        f'<div class="f" style="min-height:176mm">{code(one.uscc, x=12, y=14, across=22)}<div style="text-align:center">{emblem("width:18mm")}</div>{_title(34, 9)}<p style="text-align:center;margin:2mm 0">统一社会信用代码　{form.put("uscc", one.uscc)}</p>{_columns(left, right + _office(form, one, tilt=5, x=60, gap=38))}</div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:12.4pt}", font=FANG, size="A4 landscape", margin="10mm 12mm 11mm", background="#fdfaf0", mark="top-right", faults=case.faults)  # fmt: skip


def electronic(case: Case, random: Random) -> Draft:
    """Printed from the electronic licence: labels above the values in two columns, when it was printed below."""
    form, one = Form(random, PEN), case.company
    pairs = (
        ("统一社会信用代码", form.put("uscc", one.uscc)), ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("注册资本", _capital(form, one, "fine")), ("成立日期", form.day("established_on", one.established_on, "-")),
    )  # fmt: skip
    cells = "".join(f'<div><span class="k">{k}</span><br>{v}</div>' for k, v in pairs)
    body = (
        f'<div class="f" style="min-height:190mm;outline:none">{code(one.uscc + one.name, x=122, y=12, across=32)}<div>{emblem("width:15mm")}</div><h1 style="font-size:28pt;letter-spacing:3mm;text-align:left">营业执照</h1><p style="margin-bottom:16mm">电子营业执照打印件</p><div class="w">{cells}</div>'
        f'<p><span class="k">住所</span><br>{form.put("address", one.address)}</p><p><span class="k">经营范围</span><br>{form.put("scope", one.scope)}</p><div class="w"><div><span class="k">登记机关</span><br>{form.put("authority", one.authority)}</div><div><span class="k">核准日期</span><br>{form.day("issue_date", one.issued_on, "-")}</div></div></div><p style="font-size:8.8pt;color:#777;margin-top:3mm">下载打印时间：{dated(AS_OF - timedelta(days=random.randrange(40)), "年")}　本件仅供查验，以公示系统登记信息为准。</p>'
    )  # fmt: skip
    css = (
        _FRAME
        + " body{font-size:11.8pt;line-height:1.5} .w{display:flex;flex-wrap:wrap} .w div{width:50%;margin-bottom:3mm} .k{font-size:9pt}"
    )
    return Draft(KIND, body, form, css=css, font=SLIM, margin="15mm 17mm 15mm", background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def copied(case: Case, random: Random) -> Draft:
    """A lying copy reduced and grey in the middle of an upright sheet, the firm's own seal across its lower edge."""
    form, one = Form(random, PEN), case.company
    left = _pairs(
        ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)), ("经营范围", form.put("scope", one.scope)), width=19,
    )  # fmt: skip
    right = _pairs(
        ("注册资本", _capital(form, one, "wan")), ("成立日期", form.day("established_on", one.established_on, "年0")), ("营业期限", _term(form, one, "年0", "{} 至 {}")), ("住所", form.put("address", one.address)), width=17,
    )  # fmt: skip
    body = (
        f'<p style="font-size:11pt;margin-bottom:26mm">附件：借款人主体资格证明</p><div class="f" style="border-color:#909090;outline-color:#909090;padding:6mm 8mm;min-height:116mm"><div style="text-align:center">{emblem("width:12mm", grey=True)}</div>{_title(22, 5, "（副本）")}<p>统一社会信用代码　{form.put("uscc", one.uscc)}</p>{_columns(left, right + _office(form, one, tilt=4, x=30, stamped=False))}</div>'
        f'<div class="place"><p style="font-size:11.4pt;margin-top:16mm">与原件相符，有效期内再次复印无效。　　{form.written(dated(AS_OF - timedelta(days=random.randrange(5, 200)), "."))}</p>{seal(one.name, "", x=100, y=6, across=38, tilt=-10)}</div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_FRAME + " body{font-size:9.4pt} .k{color:#4c4c4c} td{padding:.6mm .6mm}", font=SONG, margin="20mm 18mm 18mm", background="#f7f7f7", mark="bottom-left", faults=case.faults)  # fmt: skip


LAYOUTS = (original, lying_copy, upright_original, upright_copy, shop, branch, electronic, copied)
