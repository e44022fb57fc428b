"""营业执照: 正本 across, 副本 upright, the older form with a registration number's place, and a copy on A4."""

from datetime import date
from random import Random

from benchmarks.recognition.case import Case, Company
from benchmarks.recognition.press import Draft, Form, code, seal

KIND = "business_licence"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def capital_in_words(minor: int) -> str:
    """伍佰万元整: capital as the licence prints it, in whole 万."""
    wan, text, skipped = minor // 1_000_000, "", False
    for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = wan // place % 10
        if digit:
            text += ("零" if skipped and text else "") + _DIGITS[digit] + unit
            skipped = False
        else:
            skipped = True
    return f"{text}万元整"


def term(form: Form, one: Company) -> str:
    """营业期限; without an end it is 长期."""
    start = f"{one.established_on.year}年{one.established_on.month:02}月{one.established_on.day:02}日"
    return f"{start}至{form.day('valid_to', one.valid_to, '年0')}"


def _rows(
    form: Form, one: Company, *, labels: dict[str, str], capital: str, with_term: bool = True
) -> list[tuple[str, str]]:
    rows = [
        (labels["name"], form.put("name", one.name)),
        (labels["enterprise_type"], form.put("enterprise_type", one.enterprise_type)),
        (labels["address"], form.put("address", one.address)),
        (labels["legal_representative"], form.put("legal_representative", one.legal_representative)),
        (labels["registered_capital"], form.put("registered_capital", capital, one.capital)),
        (labels["established_on"], form.day("established_on", one.established_on, "年0")),
    ]
    if with_term:
        rows.append((labels["term"], term(form, one)))
    return [*rows, (labels["scope"], form.put("scope", one.scope))]


_NOW = {"name": "名　　称", "enterprise_type": "类　　型", "address": "住　　所", "legal_representative": "法定代表人",
        "registered_capital": "注册资本", "established_on": "成立日期", "term": "营业期限", "scope": "经营范围"}  # fmt: skip
_SHORT = {**_NOW, "name": "名称", "enterprise_type": "类型", "address": "住所"}
_BORDER = (
    ".frame { border: 1.6mm double #b08a3c; padding: 8mm 10mm; position: relative } h1 { letter-spacing: 5mm; font-size: 30pt; color: #2a2320 }"
    "td { font-size: 11pt; vertical-align: top } .label { color: #6b5a34; width: 26mm }"
)


def _authority(form: Form, one: Company, day: date, *, tilt: float = 0, wide: float = 240) -> str:
    """The office and its day, with the seal over both; `wide` is the width of the print in millimetres."""
    return (
        f'<div class="place">{seal(one.authority, "", x=wide - 56, y=-12, across=40, tilt=tilt)}<p class="right">登记机关　　{form.put("authority", one.authority)}</p>'
        f'<p class="right">{form.day("issue_date", day, "年 ")}</p></div>'
    )


def original(case: Case, random: Random) -> Draft:
    """正本: landscape, two columns of labels, code at the right."""
    form, one = Form(random), case.company
    rows = _rows(form, one, labels=_NOW, capital=capital_in_words(one.capital))
    left, right = rows[:4] + rows[-1:], rows[4:-1]
    cells = ["".join(f'<tr><td class="label">{k}</td><td>{v}</td></tr>' for k, v in half) for half in (left, right)]
    body = (
        f'<div class="frame"><p>统一社会信用代码</p><p style="font-size:14pt">{form.put("uscc", one.uscc)}</p>'
        f'<h1 style="margin-top:-14mm">营业执照</h1><p class="middle">（正　本）</p>{code(one.uscc, x=216, y=6)}'
        f'<div style="display:flex;gap:8mm"><table style="width:58%">{cells[0]}</table><table style="width:42%">{cells[1]}</table></div>'
        f'<div style="height:14mm"></div>{_authority(form, one, one.issued_on)}</div>'
        '<p style="font-size:7.5pt">国家企业信用信息公示系统网址：http://www.gsxt.gov.cn　　国家市场监督管理总局监制</p>'
    )
    return Draft(KIND, body, form, css=_BORDER, font="AR PL SungtiL GB", size="A4 landscape", margin="12mm 14mm",
                 background="#fbf8ee", faults=case.faults)  # fmt: skip


def duplicate(case: Case, random: Random) -> Draft:
    """副本: upright, one column."""
    form, one = Form(random), case.company
    rows = _rows(form, one, labels=_NOW, capital=capital_in_words(one.capital))
    lines = "".join(f'<tr><td class="label">{k}</td><td>{v}</td></tr>' for k, v in rows)
    body = (
        f'<div class="frame"><h1>营业执照</h1><p class="middle">（副　本）　编号 {one.number}</p>'
        f'<p class="middle">统一社会信用代码　{form.put("uscc", one.uscc)}</p>{code(one.uscc, x=8, y=8)}<table>{lines}</table>'
        f'<div style="height:18mm"></div>{_authority(form, one, one.issued_on, tilt=4, wide=150)}</div>'
        '<p style="font-size:8pt">市场主体应当于每年1月1日至6月30日通过国家企业信用信息公示系统报送公示年度报告。</p>'
    )
    return Draft(KIND, body, form, css=_BORDER, font="AR PL KaitiM GB", margin="16mm 16mm", background="#f9f6ea",
                 faults=case.faults)  # fmt: skip


def in_figures(case: Case, random: Random) -> Draft:
    """Copies print the capital in figures; labels with a colon, an office stamp says that the copy is true."""
    form, one = Form(random), case.company
    rows = _rows(form, one, labels=_SHORT, capital=f"{one.capital // 1_000_000}万元人民币")
    lines = "".join(f"<p>{k}：{v}</p>" for k, v in rows)
    body = (
        f'<div class="place"><h1>营业执照</h1><p class="middle">(副本)(1-1)</p><p>统一社会信用代码：{form.put("uscc", one.uscc)}</p>{lines}'
        f'{_authority(form, one, one.issued_on, wide=158)}<p style="color:#b33">复印件与原件核对一致</p>'
        f"{seal(one.name, '', x=52, y=120, across=42, tilt=-10)}{seal(one.authority, '', x=118, y=128, across=38)}</div>"
    )
    return Draft(KIND, body, form, css="h1{letter-spacing:3mm} p{font-size:12pt}", font="WenQuanYi Zen Hei", margin="24mm 26mm",
                 mark="top-right", faults=case.faults)  # fmt: skip


def newer_original(case: Case, random: Random) -> Draft:
    """正本 of the newer form, without a term; the code in a box of its own."""
    form, one = Form(random), case.company
    rows = _rows(form, one, labels=_SHORT, capital=capital_in_words(one.capital), with_term=False)
    order = [rows[0], rows[4], rows[1], rows[5], rows[3], rows[2]]
    pairs = "".join(
        f'<tr><td class="label">{a[0]}</td><td>{a[1]}</td><td class="label">{b[0]}</td><td>{b[1]}</td></tr>'
        for a, b in zip(order[::2], order[1::2], strict=True)
    )
    body = (
        f'<div class="frame"><h1>营业执照</h1><div class="head"><div style="border:.3mm solid #6b5a34;width:74mm;padding:2mm">统一社会信用代码<br>'
        f'<b style="font-size:13pt">{form.put("uscc", one.uscc)}</b></div></div><table>{pairs}'
        f'<tr><td class="label">{rows[-1][0]}</td><td colspan="3">{rows[-1][1]}</td></tr></table>{code(one.uscc, x=222, y=8, across=24)}'
        f"{_authority(form, one, one.issued_on, tilt=-5)}</div>"
    )
    return Draft(KIND, body, form, css=_BORDER, font="AR PL UMing CN", size="A4 landscape", margin="14mm 16mm",
                 background="#fdfaf0", mark="top-left", faults=case.faults)  # fmt: skip


LAYOUTS = (original, duplicate, in_figures, newer_original)
