"""营业执照 of the new world: the framed original, its second copy, a sole trader's, a branch's, one of two languages, a copy."""

from dataclasses import replace
from random import Random

from benchmarks.recognition.case import Case, Company
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import HEI, LIGHT, PEN, PLAIN_SONG, SONG, other_script, picture
from benchmarks.recognition.second.places import WORDS
from carloan.demonstration.specimens import decoration
from carloan.lib import money, uscc

KIND = "business_licence"
_GOLD = "#b08d3c"
_FRAME = (
    f".f{{border:1mm solid {_GOLD};outline:.3mm solid {_GOLD};outline-offset:-2.6mm;padding:9mm 13mm;position:relative}} .k{{color:#6d5a2c}}"
    " p{text-align:left;margin:0 0 1mm} td{vertical-align:top;padding:1.1mm 1mm}"
)


def _emblem(across: float) -> str:
    return f'<p style="text-align:center">{picture(decoration.emblem(220), f"width:{across}mm")}</p>'


def _capital(form: Form, one: Company, style: str) -> str:
    wan = one.capital // 1_000_000
    words = money.to_capitals(one.capital)
    shown = {"words": words, "wan": f"{wan}万元人民币", "yuan": f"人民币{words}", "fine": f"{wan}.000000万人民币"}[
        style
    ]
    return form.put("registered_capital", shown, one.capital)


def _foot(form: Form, one: Company, *, x: float, tilt: float, style: str = "年 ") -> str:
    return (
        f'<div class="place" style="margin-top:7mm"><p style="text-align:right">登记机关　{form.put("authority", one.authority)}</p>'
        f'<p style="text-align:right">{form.day("issue_date", one.issued_on, style)}</p>{seal(one.authority, "", x=x, y=-14, across=38, tilt=tilt)}</div>'
    )


def _pairs(rows: tuple[tuple[str, str], ...], width: int) -> str:
    return (
        "<table>"
        + "".join(f'<tr><td class="k" style="width:{width}mm">{k}</td><td>{v}</td></tr>' for k, v in rows)
        + "</table>"
    )


def original(case: Case, random: Random) -> Draft:
    """正本 of 2019: lying, two columns, no term."""
    form, one = Form(random, PEN), case.company
    left = _pairs((
        ("名　　称", form.put("name", one.name)), ("类　　型", form.put("enterprise_type", one.enterprise_type)),
        ("法定代表人", form.put("legal_representative", one.legal_representative)), ("经 营 范 围", form.put("scope", one.scope)),
    ), 33)  # fmt: skip
    right = _pairs((
        ("注 册 资 本", _capital(form, one, random.choice(("words", "wan")))), ("成 立 日 期", form.day("established_on", one.established_on, "年0")), ("住　　所", form.put("address", one.address)),
    ), 33)  # fmt: skip
    body = (
        f'<div class="f" style="min-height:182mm">{code(one.uscc, x=222, y=16, across=24)}{_emblem(18)}<h1 style="font-size:32pt;letter-spacing:10mm;margin:0 0 2mm">营业执照</h1><p class="k">统一社会信用代码</p><p style="font-size:13pt">{form.put("uscc", one.uscc)}</p>'
        f'<div style="display:flex;gap:10mm"><div style="width:54%">{left}</div><div style="width:46%">{right}{_foot(form, one, x=62, tilt=6)}</div></div><p style="font-size:8pt;color:#777">国家企业信用信息公示系统网址：http://www.gsxt.gov.cn　　市场主体应当于每年1月1日至6月30日通过公示系统报送年度报告　　国家市场监督管理总局监制</p></div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        css=_FRAME + "body{font-size:13pt;line-height:1.6}",
        font=SONG,
        size="A4 landscape",
        margin="11mm 11mm 12mm",
        background="#fdfaf0",
        faults=case.faults,
    )


def second_copy(case: Case, random: Random) -> Draft:
    """副本 of 2014 upright, with its term and number."""
    form, one = Form(random, PEN), case.company
    rows = (
        ("统一社会信用代码", form.put("uscc", one.uscc)), ("名　　　　　称", form.put("name", one.name)), ("类　　　　　型", form.put("enterprise_type", one.enterprise_type)),
        ("住　　　　　所", form.put("address", one.address)), ("法 定 代 表 人", form.put("legal_representative", one.legal_representative)), ("注　册　资　本", _capital(form, one, "yuan")),
        ("成　立　日　期", form.day("established_on", one.established_on, "年0")),
        ("营　业　期　限", f"{dated(one.established_on, '年0')}至{form.day('valid_to', one.valid_to, '年0')}"), ("经　营　范　围", form.put("scope", one.scope)),
    )  # fmt: skip
    body = (
        f'<div class="f" style="min-height:262mm"><p style="text-align:right;font-size:8.6pt">编号 {one.number}（1-1）</p>{_emblem(20)}<h1 style="font-size:34pt;letter-spacing:8mm;margin:0">营业执照</h1><p class="middle" style="text-align:center">（副　本）</p><div style="height:5mm"></div>{_pairs(rows, 40)}'
        f'{_foot(form, one, x=96, tilt=-9)}{code(one.uscc, x=18, y=222, across=22)}</div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        css=_FRAME + "body{font-size:12pt;line-height:1.6}",
        font=HEI,
        margin="11mm 11mm 12mm",
        background="#fcf9ef",
        mark="top-left",
        faults=case.faults,
    )


def sole_trader(case: Case, random: Random) -> Draft:
    """个体工商户: 经营者 for the representative, no capital."""
    form, shop = Form(random, PEN), case.company
    who = shop.legal_representative
    title = f"{shop.authority.split('市场')[0].split('行政')[0]}{who[0]}记{random.choice(('汽车美容店', '建材经营部', '货运信息部', '小吃店'))}"
    one = replace(
        shop,
        name=title,
        uscc=f"92{shop.uscc[2:8]}MA{''.join(random.choice('0123456789ABCDEFGHJKLMN') for _ in range(7))}",
    )
    one = replace(one, uscc=one.uscc + uscc.check_character(one.uscc))
    rows = (
        ("统一社会信用代码", form.put("uscc", one.uscc)), ("名　　　称", form.put("name", one.name)), ("经　营　者", form.put("legal_representative", who)), ("类　　　型", form.put("enterprise_type", "个体工商户")),
        ("组成形式", "个人经营"), ("经营场所", form.put("address", one.address)), ("注册日期", form.day("established_on", one.established_on, "年0")), ("经营范围", form.put("scope", one.scope)),
    )  # fmt: skip
    body = f'<div class="f">{_emblem(16)}<h1 style="font-size:26pt;letter-spacing:5mm;margin:0">营业执照</h1><p style="text-align:center">（副本）</p>{code(one.uscc, x=132, y=12, across=22)}{_pairs(rows, 36)}{_foot(form, one, x=84, tilt=11)}</div>'
    return Draft(
        KIND,
        body,
        form,
        css=_FRAME + "body{font-size:11.4pt;line-height:1.55}",
        font=LIGHT,
        size="A4",
        margin="14mm 14mm 14mm",
        background="#fdfbf3",
        mark="top-right",
        faults=case.faults,
    )


def branch(case: Case, random: Random) -> Draft:
    """A branch has somebody in charge and a place of business."""
    form, one = Form(random, PEN), case.company
    one = replace(one, name=one.name + random.choice(("第一分公司", "新城分公司", "城南营业部")))
    rows = (
        ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", "有限责任公司分公司（自然人投资或控股）")), ("负责人", form.put("legal_representative", one.legal_representative)),
        ("成立日期", form.day("established_on", one.established_on, "年0")), ("营业期限", f"{dated(one.established_on, '年0')} 至 {form.day('valid_to', one.valid_to, '年0')}"),
        ("营业场所", form.put("address", one.address)), ("经营范围", form.put("scope", one.scope)),
    )  # fmt: skip
    body = f'<div class="f" style="min-height:182mm"><p style="text-align:right">证照编号：{one.number}</p><h1 style="font-size:30pt;letter-spacing:6mm;margin:2mm 0">营业执照</h1><p class="middle" style="text-align:center">统一社会信用代码　{form.put("uscc", one.uscc)}</p><div style="height:4mm"></div>{_pairs(rows, 30)}{_foot(form, one, x=178, tilt=-4)}</div>'
    return Draft(
        KIND,
        body,
        form,
        css=_FRAME + "body{font-size:13.5pt;line-height:1.6}",
        font=PLAIN_SONG,
        size="A4 landscape",
        margin="12mm 12mm 13mm",
        background="#fbf7ea",
        mark="bottom-left",
        faults=case.faults,
    )


def two_tongues(case: Case, random: Random) -> Draft:
    """Where official papers are in two languages the headings are too."""
    _, place = cast.two_tongued(case, AS_OF)
    form = Form(random, PEN)
    one = replace(
        case.company,
        authority=f"{place.seat}市场监督管理局",
        address=cast.address(random, place),
        name=cast.title(random, place),
        uscc=cast.credit_code(random, place.code),
    )
    font, words, state, _ = WORDS[place.tongue]

    def head(chinese: str, other: str) -> str:
        return f"{other_script(other, font, size=6.4, ink='#6d5a2c')}<br>{chinese}"

    rows = (
        (head("名　　称", words[0]), form.put("name", one.name)), ("类　　型", form.put("enterprise_type", one.enterprise_type)), ("法定代表人", form.put("legal_representative", one.legal_representative)),
        ("注册资本", _capital(form, one, "words")), (head("成立日期", words[3]), form.day("established_on", one.established_on, "年0")), (head("住　　所", words[4]), form.put("address", one.address)), ("经营范围", form.put("scope", one.scope)),
    )  # fmt: skip
    body = f'<div class="f" style="min-height:262mm">{_emblem(18)}<p style="text-align:center">{other_script(state, font, size=13, ink="#6d5a2c")}</p><h1 style="font-size:28pt;letter-spacing:7mm;margin:1mm 0 3mm">营业执照</h1><p style="text-align:center">统一社会信用代码　{form.put("uscc", one.uscc)}</p><div style="height:4mm"></div>{_pairs(rows, 34)}{_foot(form, one, x=92, tilt=4)}</div>'
    return Draft(
        KIND,
        body,
        form,
        css=_FRAME + "body{font-size:11.6pt;line-height:1.5}",
        font=SONG,
        margin="13mm 13mm 14mm",
        background="#fdfaf1",
        faults=case.faults,
    )


def copied(case: Case, random: Random) -> Draft:
    """Black and white on a larger sheet, stamped by the firm itself."""
    form, one = Form(random, PEN), case.company
    rows = (
        ("名称", form.put("name", one.name)), ("类型", form.put("enterprise_type", one.enterprise_type)), ("住所", form.put("address", one.address)), ("法定代表人", form.put("legal_representative", one.legal_representative)),
        ("注册资本", _capital(form, one, "fine")), ("成立日期", form.day("established_on", one.established_on, "年0")), ("营业期限", f"自 {dated(one.established_on, '年0')} 至 {form.day('valid_to', one.valid_to, '年0')}"), ("经营范围", form.put("scope", one.scope)),
    )  # fmt: skip
    body = (
        f'<div class="f" style="border-color:#888;outline-color:#888;width:150mm"><p style="font-size:8.6pt">注册号/统一社会信用代码 {form.put("uscc", one.uscc)}</p><h1 style="font-size:21pt;letter-spacing:4mm;margin:2mm 0">营业执照</h1>{_pairs(rows, 24)}<div>{_foot(form, one, x=70, tilt=-2)}</div></div>'
        f'<div class="place" style="margin-top:10mm;height:30mm"><p style="font-size:12pt">与原件核对一致　　仅供办理汽车贷款使用</p>{seal(one.name, "", x=74, y=-12, across=38, tilt=20)}</div>'
    )  # fmt: skip
    css = _FRAME + "body{font-size:9.6pt;line-height:1.45} .k{color:#555}"
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=HEI,
        margin="20mm 28mm 16mm",
        background="#f9f9f9",
        mark="top-center",
        faults=case.faults,
    )


LAYOUTS = (original, second_copy, sole_trader, branch, two_tongues, copied)
