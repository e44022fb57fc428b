"""保险单: 交强 and 商业, on the insurer's form or as an electronic policy."""

import re
from dataclasses import replace
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import phrases
from carloan.archives.recognition.extract.amounts import in_words
from carloan.archives.recognition.extract.contract import put_vehicle
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.extract.phrases import CAPITALS, DAY, MARK, PARTY, SEP
from carloan.archives.recognition.extract.prose import Prose
from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.sheet import Sheet

COMPULSORY, COMMERCIAL = "compulsory", "commercial"
_COMPULSORY: Final = re.compile("交通事故责任强制保险|交强险")
_COMMERCIAL: Final = re.compile("商业保险|商业险|综合保险|机动车辆?保险(?:单|保险单)|机动车损失保险|汽车保险")
_INSURER: Final = (
    r"((?:[\u3400-\u9fff·]|\([\u3400-\u9fff]{1,8}\)){2,20}?保险(?:股份|有限|责任|集团|\([\u3400-\u9fff]{1,8}\))*公司"
    r"(?:[\u3400-\u9fff()]{1,14}?(?:分公司|支公司|营业部|营业处))?)(?![\u3400-\u9fff])"
)
_TIME: Final = r"[\t ]*(?:零时|[二两]十四时|\d{1,2}时(?:\d{1,2}分)?|\d{1,2}:\d\d(?::\d\d)?)?(?:止|起|起至)?"
_MONEY: Final = r"(?:人民币)?[(]?[¥￥Y]?[\t :_]*(\d[\d,]*\.\d{2})[\t _]*(元|$|[\t,;)。、( ])"
_PREMIUM: Final = r"(?:保险费|保费)(?:合计|总计|总额)|总(?:保险费|保费)|(?:合计|实收|应收)(?:保险费|保费)|签单保费"
_HAN: Final = r"[\u3400-\u9fff]"
# What a policy calls its own number besides 保单号.
_OWN: Final = "(?:本|电子|交强险?|商业险?|强制险|商业保险|强制保险)?"
_NUMBER: Final = rf"(?:保险单|保单)(?:号码?|编号){SEP}([A-Z0-9]{{10,26}})(?![\t .]?[A-Z0-9])"
# Of the insurance before this one, which a renewal tells beside its own.
_PAST: Final = re.compile(r"(?:[上前]一?[年期次]|往年|[原旧]保)[^\t\n]{0,8}$")
_PERIOD: Final = re.compile("保险期|期间|期限")
_NOT_BOTH: Final = r"(?<!和车船税)"


def read(sheet: Sheet) -> Fields:
    """Which insurance, its number, insurer, insured, the car, premium, tax, the year it covers."""
    prose = Prose(Form(sheet, {}))
    fields = Fields()
    fields.put("insurance_type", _which(prose.form))
    fields.from_list("insurance_type")
    numbers = (
        rf"(?<!{_HAN}){_OWN}{_NUMBER}", r"(?:No|NO|№)[.:\t ]*([A-Z0-9]{12,26})(?![\t .]?[A-Z0-9])",
        rf"(?<={_HAN})(?<![投批]){_NUMBER}",
    )  # fmt: skip
    policies = prose.find(numbers, _policy_number)
    # Of a label that is the end of a longer one nobody knows whose it is.
    phrases.put(fields, "policy_no", [replace(hit, alone=hit.pattern == 2) for hit in policies])
    insurers = (
        rf"(?<!被)(?:保险人|保险公司|公司名称|承保公司|承保机构|承保单位|出单机构)(?:名称)?{SEP}{_INSURER}",
        rf"^(?:[^\n]*\t)?{_INSURER}(?:\t|$)", _INSURER,
    )  # fmt: skip
    named = prose.find(insurers, _insurer)
    # Behind its label or alone in its line it is the insurer; in a sentence it may be anybody's.
    phrases.put(fields, "insurer_name", named, doubt=phrases.GUESSED if named and named[0].pattern == 2 else 1.0)
    hits = prose.find((rf"被保险人(?:名称|姓名|姓名/名称)?{MARK}{PARTY}", rf"投保人{MARK}{PARTY}"), phrases.party)
    # Who takes out a policy is often whom it insures, not always.
    phrases.put_named(fields, "insured_name", hits)
    name = str(hits[0].value) if hits else None
    roles = {"insured": "被保险人|投保人|证件号码?|行驶证车主", "other": "保险人地址|公司地址|代理人"}
    # Nobody knows whose a number is when its bearer's name was not read, or whoever pays was mentioned last.
    known = bool(hits) and hits[0].pattern == 0
    bearer = phrases.whose(prose, {"insured": "被保险人|行驶证车主", "payer": "投保人"})
    found = [
        replace(hit, alone=not known or bearer(hit.start) == "payer")
        for hit in phrases.of_role(prose, roles, "insured", name)
    ]
    phrases.put(fields, "insured_id", found)
    put_vehicle(fields, prose)
    uses = (rf"使用性质{SEP}([\u4e00-\u9fff]{{2,8}})",)
    phrases.put(fields, "use_character", prose.find(uses, lambda m: values.use_character(m[1])))
    fields.from_list("use_character")
    registered = (rf"(?:初次?登记?|初次登记|注册|登记)(?:登记)?日期{SEP}{DAY}",)
    phrases.put(fields, "register_date", prose.find(registered, phrases.day))
    _put_money(fields, prose)
    _put_period(fields, prose)
    issued = (rf"(?:签单|出单|签发|制单)(?:日期|时间){SEP}{DAY}",)
    phrases.put(fields, "issue_date", prose.find(issued, phrases.day))
    return fields


def _which(form: Form) -> Found[str] | None:
    """By the title: the tallest of the lines that name either. Clauses of one name the other."""
    titled = [
        (piece.height, Found(kind, piece.text, (piece,), form.sheet))
        for piece in form.pieces
        for kind, words in ((COMPULSORY, _COMPULSORY), (COMMERCIAL, _COMMERCIAL))
        if words.search(values.compact(piece.text)) and len(values.compact(piece.text)) <= 30
    ]
    if not titled:
        return None
    tallest = max(height for height, _ in titled)
    named = [found for height, found in titled if height > 0.85 * tallest]
    return named[0] if len({found.value for found in named}) == 1 else None


def _insurer(match: re.Match[str]) -> str | None:
    """An organisation; the name of an insurance that runs into a label (强制保险 保险公司) is none."""
    is_insurance = _COMPULSORY.search(match[1]) or re.search("责任|机动车|事故|强制", match[1])
    return None if is_insurance else phrases.organisation(match)


def _policy_number(match: re.Match[str]) -> str | None:
    return match[1] if sum(sign.isdigit() for sign in match[1]) >= 8 and not _is_past(match) else None


def _is_past(match: re.Match[str]) -> bool:
    """Whether what stands before it, or its label, says that it is of an earlier insurance."""
    return _PAST.search(match.string[: match.start()]) is not None


def _start(match: re.Match[str]) -> str | None:
    return None if _is_past(match) else phrases.day(match)


def _put_money(fields: Fields, prose: Prose) -> None:
    premiums = (
        rf"{_NOT_BOTH}(?:{_PREMIUM})[^\n]{{0,40}}?{_MONEY}", rf"(?:{_PREMIUM})[^¥￥\n]{{0,12}}[¥￥]{SEP}{_MONEY}",
        rf"(?:交强险|强制险|商业险)(?:保险费|保费){SEP}{_MONEY}",
    )  # fmt: skip
    premium = [hit for hit in prose.find(premiums, phrases.amount) if hit.value >= 1_000]
    phrases.put(fields, "premium", premium)
    taxes = (
        rf"当年应缴[^\n\d]{{0,8}}{_MONEY}", rf"(?<!和)(?:代收)?车船税(?:金额|合计|税额)?(?:\([^)]*\))?{SEP}{_MONEY}",
    )  # fmt: skip
    phrases.put(fields, "tax_paid", prose.find(taxes, phrases.amount))
    words = prose.find((rf"(?:{_PREMIUM})[^\n]{{0,24}}?{CAPITALS}",), phrases.capitals)
    if words and "premium" in fields:
        if in_words(words[0].value) == fields["premium"].value:
            fields.proven("premium", by="words")
        else:
            fields.doubted("premium", 0.5)
    if "premium" in fields and _adds_up(prose, int(fields["premium"].value)):
        fields.proven("premium", by="sum")
    taxed = prose.find(
        (rf"(?:车船税|滞纳金)[^\n]{{0,40}}?{CAPITALS}", rf"合计[^\n]{{0,12}}?{CAPITALS}"), phrases.capitals
    )
    said = {in_words(hit.value) for hit in taxed}
    premium_alone: set[int | None] = {int(fields["premium"].value)} if "premium" in fields else set()
    if "tax_paid" in fields and fields["tax_paid"].value in said:
        fields.proven("tax_paid", by="words")
    elif said - premium_alone:
        fields.doubted("tax_paid", 0.5)


def _adds_up(prose: Prose, total: int) -> bool:
    """The premiums of the parts, each the last amount of its row, make the total; two or more parts."""
    last = [
        minor
        for row in prose.rows.text.split("\n")
        if "险" in row and not re.search(_PREMIUM, row)
        and (found := re.findall(r"\d[\d,]*\.\d{2}", row)) and len(found) >= 2
        and (minor := values.amount_with_cents(found[-1])) is not None
    ]  # fmt: skip
    return len(last) >= 2 and sum(last) == total


def _put_period(fields: Fields, prose: Prose) -> None:
    """From and to; a policy that ends at 零时 of a day ended with the day before."""
    starts = (
        rf"保险(?:期间|期限|期){SEP}(?:自|从)?{SEP}{DAY}", rf"(?:自|从)[\t ]*{DAY}{_TIME}[\t ]*(?:起|至|到|-)",
        rf"(?:保险起期|起保日期|保险起始日期|起保时间|生效日期|起始日期|保险开始日期){SEP}{DAY}",
    )  # fmt: skip
    ends = (
        rf"{DAY.replace('(', '(?:', 1)}{_TIME}[\t ]*(?:起)?[\t ]*(?:至|到|-|—)[\t ]*{DAY}({_TIME})",
        rf"(?:保险止期|终保日期|保险终止日期|终保时间|到期日期|终止日期|截止日期|保险结束日期){SEP}{DAY}({_TIME})",
    )
    rows = prose.rows.text
    # Days that no label calls the insurance's, by its own or in their row, may be another's.
    for name, patterns, convert, labelled in (("valid_from", starts, _start, (0, 2)), ("valid_to", ends, _end, (1,))):
        hits = [
            replace(hit, alone=hit.pattern not in labelled and not _PERIOD.search(_row_before(rows, hit.start)))
            for hit in prose.find(patterns, convert)
        ]
        phrases.put(fields, name, hits)


def _row_before(rows: str, at: int) -> str:
    return rows[:at].rpartition("\n")[2]


def _end(match: re.Match[str]) -> str | None:
    if _is_past(match):
        return None
    day = values.day(match[1])
    midnight = re.search(r"零时|(?<!\d)0{1,2}时(?:00分)?|00:00", match[2] or "")
    return phrases.day_before(day) if day and midnight else day
