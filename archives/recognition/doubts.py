"""Values that were read well but are not all there, or more than there is: half an address, a seal's letters."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.certainty import group
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.second import CHECKED
from carloan.archives.recognition.sheet import Sheet
from carloan.lib import divisions, surnames

_WARNING: Final = re.compile("仅[供限用].{2,14}|.{0,6}复印无效|他用无效|内部资料.{0,8}|.{0,4}核验")
_CHECK_DIGITS: Final = frozenset(
    {"number", "vin", "uscc", "borrower_id", "owner_id", "mortgagor_id", "mortgagee_id", "insured_id"}
)
# What the last place of an address is called. What follows is not of it: a seal, a neighbour.
_ENDS_ADDRESS: Final = re.compile(
    r".*[0-9A-Za-z号室楼栋幢层座户弄路街巷道村组屯队寨里园苑城厦场院区镇乡店铺厂社庄湾桥坊)营堡沟]"
)
_NAMES: Final = frozenset({"name", "owner_name", "buyer_name", "borrower_name", "mortgagor_name", "insured_name",
                           "legal_representative"})  # fmt: skip
_ORGANISATIONS: Final = frozenset({"seller_name", "lender_name", "mortgagee_name", "insurer_name", "maker"})
# Letters of labels that stand before names and addresses; nobody's name begins with them.
_OF_LABELS: Final = re.compile(
    "称|名称|名:|全称|单位|姓名|人名|方:|型|址|所:|人:|机关|.{0,3}(?:身份|证明|证件|号码|所有人)"
)
# 企业类型 as registers write them (codes of the market authority), each with what follows in brackets.
_ENTERPRISE_TYPE: Final = re.compile(
    "(?:其他|一人|国有|集体|内资|外商投资|港澳台投资)?(?:有限责任公司|股份有限公司|个体工商户|个人独资企业|全民所有制|集体所有制"
    "|股份合作制|联营|(?:普通|特殊普通|有限)合伙(?:企业)?|合伙企业|农民专业合作社|中外合资经营|中外合作经营|企业法人"
    r"|非公司企业法人|分支机构)(?:分公司|分支机构|企业)?(?:\([^)]*\))*"
)
# 车辆类型 of GA 802 and of certificates: size, build, and what it is.
_VEHICLE_TYPE: Final = re.compile(
    "(?:纯电动|插电式混合动力|增程式|混合动力|燃料电池|电动)?(?:特大型|大型|中型|小型|微型|重型|轻型|低速|三轮|二轮|普通)?"
    "(?:普通|双层|卧铺|铰接|越野|专用|厢式|封闭|罐式|平板|集装箱|自卸|仓栅式|特殊结构|半挂|全挂|中置轴|轮式|运动型|多用途"
    "|多功能|基本型|交叉型|两用|轻便|旅行|栏板)*(?:轿车|客车|货车|乘用车|挂车|摩托车|越野车|牵引车|作业车|面包车|汽车|校车|专用车)"
    r"(?:\([^)]*\))?"
)
_SHAPES: Final = {"address": _ENDS_ADDRESS, "enterprise_type": _ENTERPRISE_TYPE, "vehicle_type": _VEHICLE_TYPE}
# A company's name that goes on to a second company took in the line below; a branch's does.
_TWO_NAMES: Final = re.compile("公司.+(?<![分支])公司")
# Among figures the letters O and I are as good as never printed and often read.
_TWINS: Final = re.compile(r"[OI](?=\d)|(?<=\d)[OI]")
# A day written with 年 and 月 that ends in a figure has lost its 日, and what stood before that may be lost with it.
_CUT_DAY: Final = re.compile(r"月\d{1,2}$")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
# A day of one figure and, past a speck, another one.
_OPEN_DAY: Final = re.compile(r"[-./]\d$")
_MORE_OF_DAY: Final = re.compile(r"['’`´·.,] ?\d")
# Cards are embossed in groups of four figures or six: a shorter one at their head has lost some.
_CUT_CARD: Final = re.compile(r"\d{1,3}\s")
# A transcribed name (艾力·买买提) is so long; in a shorter one, and in a company's, the dot is a speck.
_LEAST_WITH_DOT: Final = 5
# Numbers and codes of any length, which a space does not end (FORESTER 2.5).
_OF_SIGNS: Final = frozenset({"engine_no", "engine_model", "model", "policy_no", "contract_no", "loan_contract_no",
                              "certificate_no"})  # fmt: skip
_SIGNS_BEFORE: Final = re.compile("[0-9A-Z]$|[0-9] $")
_SIGNS_AFTER: Final = re.compile("[.\\-/]? ?[0-9A-Z]")
# Numbers in whose form words stand (2024年个车贷字12号). What leads to a number in a sentence is none of it, nor what
# follows it.
_OF_WORDS: Final = frozenset({"contract_no", "loan_contract_no", "certificate_no"})
_WORDS_BEFORE: Final = re.compile(
    r"(?![第号码编为是了同议凭据照与和的该于在项书证件文函])[\u4e00-\u9fff]$|[年字借贷抵押]第$"
)
_WORDS_AFTER: Final = re.compile("[年第字借贷抵押保]")
# No place is called by a day, nor by so many figures.
_NO_PLACE: Final = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d|\d{7}")
# A sum in words goes on to 整 or 正 where it does not go down to 分 (Payment and Settlement Rules, annex 1); behind 角
# it may be left out.
_OPEN_SUM: Final = re.compile("[元圆]$")
_OPEN_IN_TENTHS: Final = re.compile("角$")
# So many letters of a name tell that another name of the page is the same one, read otherwise.
_TELLING: Final = 6
_WELL_READ: Final = 0.9
_DIGITAL_NUMBER: Final = 20
_AS_FIGURES: Final = str.maketrans("OQI", "001")
# Credit codes, and the older numbers of organisations and of traders; any other has lost a sign.
_TAX_NUMBERS: Final = frozenset({"buyer_id", "seller_tax_id"})
_LENGTHS_OF_TAX_NUMBERS: Final = frozenset({15, 18, 20})


def doubt_shapes(fields: Fields, sheet: Sheet) -> None:
    """Lower what does not look as such values do; the sheet tells what lies over the paper and what else is named."""
    strange = _warnings(sheet)
    for name, field in list(fields.items()):
        if any(_oddities(name, field, fields)) or _is_overrun(name, field, sheet, strange):
            fields.doubted(name, 0.9)
    if "address" in fields and not values.is_whole_address(str(fields["address"].value)):
        fields.doubted("address", 0.5)
    if "address" in fields and _may_go_on(fields["address"]):
        fields.doubted("address", 0.9)


def _oddities(name: str, field: Field, fields: Fields) -> Iterator[bool]:
    """What a value of this name does not look like, each True where this one does."""
    value = str(field.value)
    yield _has_check(name, value) and "check_digit" not in field.proofs
    yield name in ("address", "authority") and not divisions.begins(value)
    yield group(name) == "figures" and _TWINS.search(value) is not None
    yield name in CHECKED and isinstance(field.value, str) and _lacks_signs(name, field)
    yield name == "invoice_number" and not _is_of_its_year(value, fields)
    yield name in _SHAPES and not _SHAPES[name].fullmatch(value)
    yield name == "number" and _CUT_CARD.match(field.text.strip()) is not None
    cut = _DAY.fullmatch(value) is not None and _CUT_DAY.search(values.compact(field.text)) is not None
    yield cut and "id_number" not in field.proofs
    # Its label, or what stands behind the next one, was read with it.
    yield ":" in value and group(name) != "paragraph"
    yield name == "address" and _NO_PLACE.search(value) is not None
    yield name == "model" and (value.startswith("牌") or _TWINS.search(value) is not None)
    yield name == "total_in_words" and _lacks_its_end(value, field)
    yield name in _OF_SIGNS and _is_part_of_more(name, field)
    goes_on = bool(field.parts) and _MORE_OF_DAY.match(field.parts[-1].around[1]) is not None
    yield _DAY.fullmatch(value) is not None and goes_on and _OPEN_DAY.search(field.text) is not None


def _lacks_its_end(words: str, field: Field) -> bool:
    ends = bool(field.parts) and field.parts[-1].ends
    return _OPEN_SUM.search(words) is not None or (ends and _OPEN_IN_TENTHS.search(words) is not None)


def _is_part_of_more(name: str, field: Field) -> bool:
    """Whether signs that such a number may hold stand before or behind it in its line, and were not taken."""
    if not field.parts:
        return False
    before, after = (
        unicodedata.normalize("NFKC", side) for side in (field.parts[0].around[0], field.parts[-1].around[1])
    )
    if _SIGNS_BEFORE.search(before) or _SIGNS_AFTER.match(after):
        return True
    return name in _OF_WORDS and bool(_WORDS_BEFORE.search(before) or _WORDS_AFTER.match(after))


def _is_overrun(name: str, field: Field, sheet: Sheet, strange: set[str]) -> bool:
    """Whether words of a warning run through it, or a name is like none, or stands on the page otherwise."""
    if strange and group(name) != "figures" and _runs_into(strange, values.compact(field.text)):
        return True
    return (name in _NAMES or name in _ORGANISATIONS) and not _is_like_a_name(str(field.value), sheet)


def _lacks_signs(name: str, field: Field) -> bool:
    """Whether a sign that was read beside the number, past a speck, was left out, or it is as long as no such one."""
    value = str(field.value)
    odd = name in _TAX_NUMBERS and len(value) not in _LENGTHS_OF_TAX_NUMBERS
    return odd or _figures(value) != _figures(field.text)


def _figures(text: str) -> str:
    """The Latin letters and figures of a number, without what parts them and whichever of two twins was read."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_AS_FIGURES)
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def _is_of_its_year(number: str, fields: Fields) -> bool:
    """Numbers of twenty figures begin with the year of issue; otherwise a code and a number were read as one."""
    issued = fields.get("issue_date")
    return len(number) != _DIGITAL_NUMBER or issued is None or str(issued.value)[2:4] == number[:2]


def _may_go_on(field: Field) -> bool:
    """Whether an address of several lines ends in a figure at the edge of its column: the detector passes by a lone 室
    or 号 below."""
    edges = [part.corners[1][0] for part in field.parts]
    (x0, y0), _, _, (x3, y3) = field.parts[-1].corners if field.parts else ((0.0, 0.0),) * 4
    height = ((x0 - x3) ** 2 + (y0 - y3) ** 2) ** 0.5
    return len(edges) > 1 and str(field.value)[-1:].isdigit() and edges[-1] > max(edges[:-1]) - 1.5 * height


def _runs_into(strange: set[str], text: str) -> bool:
    return any(text[at : at + 2] in strange for at in range(len(text) - 1))


def _is_like_a_name(value: str, sheet: Sheet) -> bool:
    if _OF_LABELS.match(value) or _TWO_NAMES.search(value):
        return False
    if values.organisation(value) is None:
        return surnames.begins(value) and ("·" not in value or len(value) >= _LEAST_WITH_DOT)
    return "·" not in value and not _is_named_otherwise(value, sheet)


def _has_check(name: str, value: str) -> bool:
    """Whether such a number bears a check digit when it is read and printed right; the oldest tax numbers do not."""
    return name in _CHECK_DIGITS or (name in ("buyer_id", "seller_tax_id") and len(value) == 18)


def _is_named_otherwise(name: str, sheet: Sheet) -> bool:
    """Whether a well-read line holds the same name with one letter changed, or with letters more or fewer before it."""
    for line in sheet.lines:
        text = values.compact(line.text)
        if line.confidence < _WELL_READ or len(text) < _TELLING or name in text:
            continue
        if any(_differ(name, text[at : at + len(name)]) == 1 for at in range(len(text) - len(name) + 1)):
            return True
        other = values.organisation(re.split("[:/]", text)[-1])
        if other and len(other) >= _TELLING and name.endswith(other):
            return True
    return False


def _differ(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _warnings(sheet: Sheet) -> set[str]:
    """Pairs of characters of the words of warning that lie over a copy, which run into what they lie on."""
    said = (values.compact(line.text) for line in sheet.lines)
    found = {match for text in said for match in _WARNING.findall(text)}
    return {text[at : at + 2] for text in found for at in range(len(text) - 1)}
