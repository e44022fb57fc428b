"""营业执照: original and duplicate, with the capital in words or figures, with or without a term."""

import re
from dataclasses import replace
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import phrases
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.extract.phrases import DAY, SEP
from carloan.archives.recognition.extract.prose import Prose
from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.sheet import Sheet
from carloan.lib import divisions, money

LABELS: Final = {
    "uscc": ("统一社会信用代码", "社会信用代码", "注册号"),
    "name": ("企业名称", "名称", "字号名称"),
    "enterprise_type": ("市场主体类型", "主体类型", "企业类型", "公司类型", "类型"),
    "legal_representative": ("法定代表人姓名", "法定代表人", "负责人", "经营者", "投资人", "执行事务合伙人"),
    "registered_capital": ("注册资本(万元)", "注册资本", "注册资金", "出资额"),
    "established_on": ("成立日期", "注册日期"),
    "term": ("营业期限", "经营期限", "合伙期限"),
    "address": ("主要经营场所", "经营场所", "营业场所", "住所", "地址"),
    "scope": ("经营范围", "业务范围"),
    "authority": ("登记机关", "发照机关"),
    "title": ("营业执照", "(副本)", "(正本)"),
    "rest": (
        "编号", "证照编号", "扫描二维码登录", "国家企业信用信息公示系统", "组成形式", "登记日期", "核准日期",
        "发照日期",
    ),
}  # fmt: skip
_OFFICE: Final = (
    r"([\u4e00-\u9fff()]{2,24}(?:市场监督管理局|行政审批服务局|行政审批局|工商行政管理局|市场监督管理委员会|审批服务管理局"
    r"|数据局)(?:[\u4e00-\u9fff]{2,8}分局)?)"
)
# 类型 as registers print it: the form, and whose company it is, from the list of the market authority. A company
# without what follows in brackets may have lost it.
_LISTED_TYPE: Final = re.compile(
    r"(?:其他)?(?:有限责任公司|股份有限公司)(?:分公司)?"
    r"\((?:(?:非)?自然人投资或控股(?:的法人独资)?|自然人独资|法人独资|国有独资|国有控股|外商投资(?:企业法人独资)?|外国法人独资"
    r"|台港澳(?:法人独资|自然人独资|与境内合资)|中外合资|非?上市)(?:[、,](?:非?上市|自然人投资或控股|国有控股))?\)"
    r"|个体工商户|个人独资企业|普通合伙企业|有限合伙企业|农民专业合作社|全民所有制|集体所有制"
)
_ROWS_OF_SCOPE: Final = 9
# So many values that begin at one edge make a column.
_COLUMN: Final = 3


def read(sheet: Sheet) -> Fields:
    """Name, code, type, representative, capital, founding, term, address, scope, office and its day."""
    form = Form(sheet, LABELS)
    prose = Prose(Form(sheet, {}))
    fields = Fields()
    code = form.beside("uscc", _credit_code) or form.anywhere(_credit_code)
    # The licence of a branch names the enterprise it belongs to, with its 注册号; any other has one code.
    several = "隶属" in prose.rows.text or len({found.value for found in form.everywhere(_credit_code)}) > 1
    if code:
        of_another = code.alone or code.doubt < 1 or (code.label is not None and code.label.text.endswith("注册号"))
        fields.put("uscc", replace(code, alone=several and of_another))
    fields.put("name", form.beside("name", values.organisation, rows_down=1))
    fields.put("enterprise_type", form.beside("enterprise_type", _type, rows_down=1))
    if "enterprise_type" in fields and _LISTED_TYPE.fullmatch(values.compact(str(fields["enterprise_type"].value))):
        fields.from_list("enterprise_type")
    fields.put("legal_representative", form.beside("legal_representative", values.person))
    fields.put("registered_capital", form.beside("registered_capital", capital))
    fields.put("established_on", form.beside("established_on", values.day))
    _put_term(fields, form)
    fields.put("address", form.beside("address", values.address, rows_down=2))
    _put_scope(fields, form)
    offices = [hit for hit in prose.find((_OFFICE,), _office) if "总局" not in hit.value]
    bare = [hit for hit in offices if not hit.value.startswith("登记机关")]
    whole = prose.find((rf"登记机关{SEP}{_OFFICE}",), _office)
    phrases.put(fields, "authority", [*whole, *bare])
    taken = {str(fields[name].value) for name in ("established_on", "valid_to") if name in fields}
    alone = prose.find((rf"(?:^|\t){DAY}$", rf"(?:发照|核准|登记)日期{SEP}{DAY}"), phrases.day)
    # The day of the licence stands lowest; a founding day stands beside its label, not alone.
    lowest = sorted(alone, key=lambda hit: hit.pieces[0].middle)
    later = [hit for hit in lowest if not _labelled(form, hit.pieces[0])] or [h for h in lowest if h.value not in taken]
    # A founding day that was not found beside its label may be the one that stands alone.
    lost = form.has("established_on") and "established_on" not in fields
    certain = len({hit.value for hit in later}) == 1 and not lost and not _is_of_a_column(form, later[-1].pieces[0])
    phrases.put(fields, "issue_date", later[-1:], doubt=1.0 if certain else phrases.GUESSED)
    return fields


def capital(text: str) -> int | None:
    """伍佰万元整, 500万元人民币, 人民币500.00万元, 壹仟万圆."""
    bare = values.compact(text)
    words = re.fullmatch(r"(?:人民币)?([零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆]?[整正]?)(?:人民币)?", bare)
    try:
        if words:
            said = re.sub("[元圆]?[整正]?$", "", words[1])
            return money.from_capitals(f"{said}元整")
        figures = re.fullmatch(r"(?:人民币)?[¥￥]?(\d[\d,]*(?:\.\d+)?)(万|亿)?(?:元|圆)?整?(?:\(?人民币\)?)?", bare)
        return money.parse(f"{figures[1]}{figures[2] or ''}") if figures else None
    except ValueError:
        return None


def _office(match: re.Match[str]) -> str:
    """Without letters of its label, some of which a seal left standing before it (机烟台市…)."""
    name = match[1]
    bare = re.sub("^[登记机关]{1,3}", "", name)
    return bare if divisions.begins(bare) and not divisions.begins(name) else name


def _credit_code(text: str) -> str | None:
    found = values.tax_number(text)
    return found if found and len(found) == 18 else None


def _type(text: str) -> str | None:
    bare = values.compact(text)
    return bare if re.match(r".*(公司|企业|个体|工商户|合伙|合作社|分支机构|独资)", bare) and len(bare) <= 40 else None


def _put_term(fields: Fields, form: Form) -> None:
    """The end of 2015年03月02日至2035年03月01日, 长期, or 自…至长期."""
    found = form.beside("term", _end, rows_down=1)
    fields.put("valid_to", found)


def _end(text: str) -> str | None:
    bare = values.compact(text)
    if re.search("长期|永久|无固定期限|不约定期限", bare):
        return "long_term"
    period = values.period(bare)
    return period[1] if period else None


def _put_scope(fields: Fields, form: Form) -> None:
    """The text beside 经营范围 and below it, as long as it goes on in its column."""
    for label in form.labels("scope"):
        first = form.beside_label(label, _some)
        if first is None:
            continue
        pieces = list(first.pieces)
        while len(pieces) < _ROWS_OF_SCOPE and (
            following := _line_below(form, (pieces[0].left, label.left), pieces[-1])
        ):
            pieces.append(following)
        text = "".join(piece.text for piece in pieces)
        scope = re.sub(r"\s+", "", text).strip("*")
        fields.put("scope", Found(scope, text, tuple(pieces), form.sheet))
        return


def _some(text: str) -> str | None:
    bare = values.compact(text)
    return bare if len(bare) >= 4 else None


def _line_below(form: Form, edges: tuple[float, float], last: Piece) -> Piece | None:
    """The next line of a paragraph: below, at the edge of the value or of its label; no label, no office, no day."""
    size = last.height
    under = [
        piece for piece in form.pieces
        if 0.5 * size < piece.middle - last.middle < 2.0 * size
        and min(abs(piece.left - edge) for edge in edges) < 1.6 * size
        and 0.7 < piece.height / size < 1.4
    ]  # fmt: skip
    if not under:
        return None
    following = min(under, key=lambda piece: min(abs(piece.left - edge) for edge in edges))
    stands_alone = following.label is not None or values.day(following.text) or re.search("管理局|样本", following.text)
    return None if stands_alone else following


def _is_of_a_column(form: Form, piece: Piece) -> bool:
    """Whether values that stand beside labels begin at the same edge: then it had a label too, and it was not read."""
    others = [
        other for other in form.pieces
        if other.label is None and abs(other.left - piece.left) < 0.7 * piece.height and form.label_beside(other)
    ]  # fmt: skip
    return len(others) >= _COLUMN


def _labelled(form: Form, piece: Piece) -> bool:
    return any(
        other.label in ("established_on", "term") and abs(other.middle - piece.middle) < 0.8 * piece.height
        and other.left < piece.left
        for other in form.pieces
    )  # fmt: skip
