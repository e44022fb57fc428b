"""营业执照 of the other world."""

from random import Random

from benchmarks.recognition.case import Case, Company
from benchmarks.recognition.former.loans import KAI, MICRO, SANS, SERIF
from benchmarks.recognition.press import Draft, Form, code, dated, seal

KIND = "business_licence"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def words(minor: int) -> str:
    """Capital in 万, in capitals: 壹仟零捌拾万元整."""
    wan, text, gap = minor // 1_000_000, "", False
    for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = wan // place % 10
        text += ("零" if gap and text and digit else "") + (_DIGITS[digit] + unit if digit else "")
        gap = digit == 0
    return f"{text}万元整"


def _values(form: Form, one: Company, capital: str, *, term: bool) -> dict[str, str]:
    made = {
        "name": form.put("name", one.name), "type": form.put("enterprise_type", one.enterprise_type),
        "who": form.put("legal_representative", one.legal_representative), "scope": form.put("scope", one.scope),
        "capital": form.put("registered_capital", capital, one.capital), "since": form.day("established_on", one.established_on, "年0"),
        "where": form.put("address", one.address),
    }  # fmt: skip
    if term:
        made["term"] = f"{dated(one.established_on, '年0')} 至 {form.day('valid_to', one.valid_to, '年0')}"
    return made


def _foot(form: Form, one: Company, wide: float, tilt: float) -> str:
    return f'<div class="place" style="margin-top:12mm"><p class="right">登 记 机 关　{form.put("authority", one.authority)}</p><p class="right">{form.day("issue_date", one.issued_on, "年 ")}</p>{seal(one.authority, "", x=wide - 50, y=-16, across=40, tilt=tilt)}</div>'


def across(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.company
    v = _values(form, one, words(one.capital), term=False)
    body = (
        f'<div class="f">{code(one.uscc, x=8, y=6, across=24)}<h1>营 业 执 照</h1><p class="middle">统一社会信用代码 {form.put("uscc", one.uscc)}</p>'
        f'<table><tr><td class="k">名称</td><td>{v["name"]}</td><td class="k">注册资本</td><td>{v["capital"]}</td></tr><tr><td class="k">类型</td><td>{v["type"]}</td><td class="k">成立日期</td><td>{v["since"]}</td></tr>'
        f'<tr><td class="k">法定代表人</td><td>{v["who"]}</td><td class="k">住所</td><td>{v["where"]}</td></tr><tr><td class="k">经营范围</td><td colspan="3">{v["scope"]}</td></tr></table>{_foot(form, one, 226, 5)}</div>'
    )
    css = ".f{border:1.2mm solid #c9a85a;outline:.3mm solid #c9a85a;outline-offset:-2.4mm;padding:10mm;position:relative} h1{font-size:32pt} .k{color:#7d6a3f;width:24mm} td{font-size:11.5pt}"
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=SERIF,
        size="A4 landscape",
        margin="14mm",
        background="#fcfaf2",
        faults=case.faults,
    )


def upright(case: Case, random: Random) -> Draft:
    form, one = Form(random, KAI), case.company
    v = _values(form, one, f"人民币{one.capital // 1_000_000}万元", term=True)
    pairs = (
        ("名　　　称", "name"),
        ("类　　　型", "type"),
        ("住　　　所", "where"),
        ("法定代表人", "who"),
        ("注 册 资 本", "capital"),
        ("成 立 日 期", "since"),
        ("营 业 期 限", "term"),
        ("经 营 范 围", "scope"),
    )
    body = (
        f'<p class="right">证照编号：{one.number}</p><h1 style="font-size:34pt;margin-top:12mm">营业执照</h1><p class="middle">副 本</p><p class="middle">统一社会信用代码　{form.put("uscc", one.uscc)}</p>'
        + "".join(
            f'<p style="padding-left:32mm;text-indent:-32mm"><span style="display:inline-block;width:32mm;text-indent:0">{k}</span>{v[key]}</p>'
            for k, key in pairs
        )
        + _foot(form, one, 150, -6)
    )
    return Draft(
        KIND,
        body,
        form,
        css="p{font-size:12pt;line-height:1.8}",
        font=SANS,
        margin="18mm 24mm",
        background="#fffdf6",
        mark="top-left",
        faults=case.faults,
    )


def shop(case: Case, random: Random) -> Draft:
    """A copy handed in: small on the sheet, with a note and the firm's own seal."""
    form, one = Form(random, KAI), case.company
    v = _values(form, one, f"{one.capital // 1_000_000}万元整", term=True)
    body = (
        f'<div class="place" style="width:140mm;border:.5mm solid #999;padding:7mm"><h1 style="font-size:20pt">营业执照</h1><p>统一社会信用代码：{form.put("uscc", one.uscc)}</p><p>名称：{v["name"]}</p><p>主体类型：{v["type"]}</p><p>法定代表人：{v["who"]}</p>'
        f"<p>注册资本：{v['capital']}　成立日期：{v['since']}</p><p>营业期限：{v['term']}</p><p>住所：{v['where']}</p><p>经营范围：{v['scope']}</p>{_foot(form, one, 126, 0)}</div>"
        f'<div class="place" style="margin-top:14mm;height:50mm"><p>此复印件仅用于办理汽车贷款，再次复印无效。</p>{seal(one.name, "", x=70, y=-20, across=40, tilt=18)}</div>'
    )
    return Draft(
        KIND,
        body,
        form,
        css="p{font-size:10.2pt}",
        font=MICRO,
        margin="22mm 28mm",
        mark="top-right",
        faults=case.faults,
    )


def certificate(case: Case, random: Random) -> Draft:
    """An electronic licence, saved as a page from the official app."""
    form, one = Form(random, KAI), case.company
    v = _values(form, one, words(one.capital), term=True)
    rows = (
        ("统一社会信用代码", form.put("uscc", one.uscc)),
        ("名称", v["name"]),
        ("类型", v["type"]),
        ("法定代表人", v["who"]),
        ("注册资本", v["capital"]),
        ("成立日期", v["since"]),
        ("营业期限", v["term"]),
        ("住所", v["where"]),
        ("经营范围", v["scope"]),
    )
    body = (
        '<h1 style="font-size:20pt">营业执照</h1><p class="middle" style="color:#888">电子营业执照 · 副本</p><table>'
        + "".join(
            f'<tr><td style="width:38mm;color:#777;vertical-align:top">{k}</td><td>{val}</td></tr>' for k, val in rows
        )
        + f"</table>{_foot(form, one, 158, 3)}"
    )
    return Draft(
        KIND,
        body,
        form,
        css="td{border-bottom:.2mm solid #e4e0d4;padding:2.2mm 1mm}",
        font=SERIF,
        margin="20mm 24mm",
        background="#ffffff",
        mark="bottom-left",
        faults=case.faults,
    )


LAYOUTS = (across, upright, shop, certificate)
