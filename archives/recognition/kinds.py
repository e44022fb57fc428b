"""Which kind of paper a page is, by the words printed on every such paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.archives.recognition.sheet import Sheet, rows
from carloan.lib.text import fold

LABELS: Final = {
    "id_card_front": _("ID card, front"),
    "id_card_back": _("ID card, back"),
    "driving_licence": _("Driving licence"),
    "vehicle_licence": _("Vehicle licence"),
    "vehicle_sales_invoice": _("Vehicle sales invoice"),
    "vat_invoice": _("VAT invoice"),
    "bank_card": _("Bank card"),
    "vehicle_registration_certificate": _("Vehicle registration certificate"),
    "loan_contract": _("Loan contract"),
    "mortgage_contract": _("Mortgage contract"),
    "settlement_certificate": _("Settlement certificate"),
    "insurance_policy": _("Insurance policy"),
    "business_licence": _("Business licence"),
    "other": _("Other paper"),
}
KINDS: Final = tuple(LABELS)
# Weights add up; a page is of a kind from 1.0 on.
ENOUGH: Final = 1.0
# So much makes a page go on with the paper before it.
SOME: Final = 0.5
_OF_SEVERAL_PAGES: Final = frozenset(
    {"loan_contract", "mortgage_contract", "insurance_policy", "vehicle_registration_certificate"}
)

Anchor = tuple[str, float]
_ANCHORS: Final[dict[str, Sequence[Anchor]]] = {
    "id_card_front": (
        ("公民身份.?号码", 0.6), ("公民身份", 0.1), ("姓名", 0.2), ("性别[男女]?", 0.15), ("民族", 0.3),
        ("出生", 0.2), ("住址", 0.2),
        (r"出生.{0,3}\d{4}年\d{1,2}月\d{1,2}日", 0.3), (r"(?<!\d)\d{17}[\dX](?!\d)", 0.2),
    ),
    "id_card_back": (
        ("居民身份证", 0.6), ("中华人民共和国", 0.1), ("签发机关", 0.5), ("有效期限", 0.2),
        (r"\d{4}\.\d\d\.\d\d[-—–一至]", 0.3),
    ),
    "driving_licence": (
        ("机动车驾驶证", 1.0), ("DrivingLicen[sc]e", 0.5), ("准驾车型", 0.6), ("初次领证", 0.5), ("证号", 0.15),
        ("国籍", 0.15),
        ("DateofFirst", 0.2), ("档案编号", 0.1), ("驾驶证副页", 0.5),
    ),
    "vehicle_licence": (
        ("机动车行驶证", 1.0), ("行驶证副页", 0.6), ("VehicleLicen[sc]e", 0.5), ("号牌号码", 0.3), ("所有人", 0.2),
        ("使用性质", 0.3),
        ("品牌型号", 0.2), ("核定载人数", 0.3), ("检验记录", 0.3), ("整备质量", 0.3), ("注册日期", 0.2),
        ("发证日期", 0.1),
        ("车辆识别代号", 0.1), ("发动机号码", 0.1), ("PlateNo", 0.1),
    ),
    "vehicle_sales_invoice": (
        ("机动车销售统.{0,2}发票", 1.2), ("机动车销售", 0.5), ("厂牌型号", 0.4), ("合格证号", 0.4),
        ("不含税价", 0.3), ("完税凭证号码", 0.3),
        ("限乘人数", 0.3), ("车架号码", 0.2), ("进口证明书号", 0.2), ("商检单号", 0.2),
        ("销货单位名称", 0.2), ("销售方名称", 0.1), ("车辆识别代号", 0.1),
    ),
    "vat_invoice": (
        ("增值税.{0,4}发票", 0.9), (r"电子发票\((增值税|普通发票)", 0.9), ("价税合计", 0.4), ("货物或应税劳务", 0.4),
        ("项目名称", 0.1),
        ("密码区", 0.2), ("纳税人识别号", 0.2), ("统一社会信用代码", 0.05), ("税率", 0.15), ("开票人", 0.15),
        ("收款人", 0.1), ("购买方", 0.15),
        ("销售方", 0.15), ("发票代码", 0.15), ("发票号码", 0.15), ("开票日期", 0.15),
    ),
    "bank_card": (
        (r"(?<!\d)(62|4|5)\d{2,3}\d{4}\d{4}\d{3,7}(?!\d)", 0.5), ("银联|UnionPay", 0.4), ("闪付|QuickPass", 0.4),
        ("VALID.{0,12}THRU", 0.5),
        ("THRU", 0.2), ("MONTH/?YEAR", 0.3), ("借记卡|信用卡|储蓄卡|贷记卡|灵通卡|龙卡|一卡通", 0.3), ("银行", 0.25),
        ("DEBIT|CREDIT", 0.15),
        (r"(?<!\d)(0[1-9]|1[0-2])/\d\d(?!\d)", 0.3), ("VISA|MasterCard", 0.3), ("ATM", 0.15),
    ),
    "vehicle_registration_certificate": (
        (r"(?m)^[^,。:;、]{0,6}机动车登记证书[^,。;、]{0,24}$", 0.8), ("机动车登记证书", 0.4),
        ("注册登记摘要信息栏", 0.8), ("机动车登记编号", 0.5), ("登记机关", 0.3),
        ("转移登记摘要", 0.5), ("抵押登记日期", 0.6), ("解除抵押(登记)?日期", 0.4), ("抵押权人姓名/?名称", 0.5),
        ("登记栏", 0.4), ("注册登记机动车信息栏", 0.6), ("车辆获得方式", 0.4), ("身份证明名称", 0.3),
        ("发证机关章", 0.3),
        ("钢板弹簧片数|轮胎规格", 0.3), ("国产/进口", 0.3),
    ),
    "loan_contract": (
        ("(借款|贷款|融资租赁).{0,4}(合同|协议)", 0.9), ("(?<!抵押)合同编?号", 0.2), ("借款人|承租人", 0.3),
        ("贷款人|出借人|出租人", 0.3), ("甲方|乙方", 0.15), ("违约责任", 0.2),
        ("(借款|贷款|融资)(总?金额|本金)", 0.3), ("(借款|贷款|租赁)期限", 0.3), ("年利率|月利率|利率", 0.2),
        ("还款方式|还款日|还款账户", 0.2), ("借款用途", 0.2), ("罚息|逾期", 0.1),
    ),
    "mortgage_contract": (
        ("抵押(担保)?(合同|协议)", 1.0), ("抵押权人", 0.4), ("抵押人", 0.4), ("抵押(车辆|物)", 0.3),
        ("抵押物清单", 0.5),
        ("主债权|担保债权|最高额抵押", 0.3), ("主合同", 0.2), ("抵押担保", 0.2), ("优先受偿", 0.1),
    ),
    "settlement_certificate": (
        ("(结清|还清|清偿)([暨及并和][\u4e00-\u9fff]{2,8})?(证明|通知|确认|凭证|告知)[书函单]?", 1.2),
        ("结清", 0.2), ("已(全部)?(结清|还清|清偿)", 0.5),
        ("特此证明|兹证明", 0.3),
        ("本息", 0.15), ("解除抵押|解押", 0.2), ("贷款余额0?[.]?0*", 0.1), ("债权债务(关系)?(终止|消灭|了结)", 0.2),
    ),
    "insurance_policy": (
        ("交通事故责任强制保险", 0.8), ("(商业|综合|机动车)(保险)?.{0,6}(保险单|保单)", 0.7), ("保险单号|保单号", 0.5),
        ("被保险人", 0.5), ("保险期(间|限)|保险起期", 0.4), ("保险费合计|保费合计", 0.4), ("保险单|保单", 0.2),
        ("责任限额|保险金额", 0.2), ("车船税", 0.2), ("签单日期|出单日期", 0.2), ("财产保险", 0.15), ("承保险种", 0.3),
    ),
    "business_licence": (
        ("营业执照", 1.0), ("统一社会信用代码", 0.2), ("法定代表人|负责人|经营者", 0.2), ("注册资[本金]", 0.4),
        ("成立日期", 0.3), ("经营范围", 0.5), ("登记机关", 0.15), ("市场监督管理局|行政审批局", 0.2),
        ("营业期限", 0.3), ("企业信用信息公示系统", 0.3), ("市场主体", 0.2),
    ),
}  # fmt: skip
_COMPILED: Final = {
    kind: tuple((re.compile(pattern, re.IGNORECASE), weight) for pattern, weight in anchors)
    for kind, anchors in _ANCHORS.items()
}
# The printed title of a kind decides against words it shares with another: an invoice names the bank, a card does not
# name an invoice.
_STRANGERS: Final = {
    "bank_card": re.compile("发票|合同|证明|存根|POS|商户|终端|凭证号|交易|账单|明细|批次|身份证|保险|执照|登记"),
    "vat_invoice": re.compile("机动车销售|厂牌型号|合格证号|不含税价|限乘人数|完税凭证|车辆识别代号/车架号码"),
    "loan_contract": re.compile("特此证明|兹证明|结清证明|已结清|保险单号|抵押权人姓名/?名称|身份证明名称"),
    "mortgage_contract": re.compile("特此证明|兹证明|结清证明|已结清|登记栏|身份证明名称|抵押登记日期|保险单号"),
    "id_card_front": re.compile("驾驶证|行驶证|营业执照|户口|结婚|合同|保险|登记证书|结清"),
    "id_card_back": re.compile("驾驶证|行驶证|机动车|合同"),
    "vehicle_licence": re.compile("登记证书|机动车登记编号|保险单|合同|发票|结清证明|登记栏|发证机关章"),
    "settlement_certificate": re.compile("保险单号|发票代码"),
    "business_licence": re.compile("合同编?号|保险单|结清证明|身份证明名称|发票"),
    "insurance_policy": re.compile("合同编号|结清证明|发票代码|注册资本"),
}

# Kinds whose values stand in sentences, letters and tables of any wording.
WRITINGS: Final = frozenset({"loan_contract", "mortgage_contract", "settlement_certificate"})
# Of these a kind is beyond doubt from this certainty on: a third kind of contract shares most words with both.
_BEYOND_DOUBT: Final = 0.8
_PARTY_TO_MORTGAGE: Final = re.compile(r"抵押权?人(?:\([^)]{1,14}\))?[:\t]")

# How contracts, letters and policies call themselves, in a line of their own at the head. Of 抵押借款合同 the last word
# counts; what calls itself a contract of both (借款及抵押合同) says neither.
_BOTH: Final = re.compile(r".*(?:(?:借款|贷款)[暨及与和、]抵押|抵押[暨及与和、](?:借款|贷款)).{0,6}(?:合同|协议).*")
# What extends or changes a contract tells that one's terms beside its own.
_OF_ANOTHER: Final = re.compile(
    r"[^,。:;]{0,16}(?:合同|协议)书?\(?(?:展期|补充|变更|续期).{0,8}|[^,。:;]{0,12}(?:展期|补充|变更)(?:合同|协议)书?"
)
_TITLES: Final = {
    "settlement_certificate": re.compile(
        r"[^,。:;]{0,14}(?:结清|还清|清偿)[^,。:;]{0,10}(?:证明|通知|确认|凭证|告知|函)[书函单]?(?:\(.{1,12}\))?"
    ),
    "loan_contract": re.compile(
        r"[^,。:;]{0,16}(?:借款|贷款|融资|租赁|分期|信贷)(?:(?!抵押|担保|保证|质押)[^,。:;]){0,8}(?:合同|协议)书?"
        r"(?:\(.{1,12}\))?"
    ),
    "mortgage_contract": re.compile(
        r"[^,。:;]{0,16}抵押(?:(?!借款|贷款)[^,。:;]){0,8}(?:合同|协议)书?(?:\(.{1,12}\))?"
    ),
    "insurance_policy": re.compile(r"[^,。:;]{0,30}(?:保险单|保单)(?:\(.{1,12}\))?(?:正本|副本)?"),
}
# The first rows of a page, among which a title stands; and what one is worth beside the words of a kind.
_HEAD: Final = 8
_TITLE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best kind and how far it leads: `certainty` 0-1. `title`: what a contract, letter or policy calls
    itself."""

    kind: str
    certainty: float
    scores: dict[str, float]
    title: str | None = None


def classify(sheet: Sheet) -> Verdict:
    """The kind of one page; `other` when no kind has enough of its words on it."""
    text = re.sub(r"\s+", "", fold(sheet.text))
    # A number that ends a line is none with the number that begins the next.
    lines = "\n".join(re.sub(r"\s+", "", fold(line.text)) for line in sheet.lines)
    title = _title(sheet)
    scores = {kind: _score(kind, text, lines, title) for kind in _COMPILED}
    if title:
        scores[title] = round(scores[title] + _TITLE, 3)
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    best, second = ranked[0], ranked[1]
    # Both sides of one card on one picture: the front carries the identity.
    if {best, second} == {"id_card_front", "id_card_back"} and scores[second] >= 0.6:
        best, second = "id_card_front", ranked[2]
    if scores[best] < ENOUGH:
        return Verdict("other", round(1.0 - min(scores[best], 1.0) / 2, 3), scores, title)
    lead = (scores[best] - scores[second]) / scores[best]
    return Verdict(best, round(min(1.0, 0.5 + lead), 3), scores, title)


def _title(sheet: Sheet) -> str | None:
    """The one kind that a line at the head of the page names as a title does."""
    named: set[str] = set()
    for row in rows(sheet.lines)[:_HEAD]:
        for text in (re.sub(r"\s+", "", fold(part)) for part in ("".join(line.text for line in row), row[0].text)):
            if _BOTH.fullmatch(text) or _OF_ANOTHER.fullmatch(text):
                return None
            named |= {kind for kind, pattern in _TITLES.items() if pattern.fullmatch(text)}
    return named.pop() if len(named) == 1 else None


def going_on(verdict: Verdict, before: Verdict | None) -> Verdict:
    """A page of no kind of its own that bears words of the paper before it (a list, signatures) is one of its pages."""
    if before is None or verdict.kind != "other" or before.kind not in _OF_SEVERAL_PAGES:
        return verdict
    return replace(before, scores=verdict.scores) if verdict.scores[before.kind] >= SOME else verdict


def is_beyond_doubt(kind: str, verdicts: Sequence[Verdict], text: str) -> bool:
    """Whether a paper of these pages is of this kind and nothing else could be: what is taken for another kind is read
    by its rules, and then every value of it stands for something else, however well it was read.

    A contract or letter has to call itself so, and one of a loan has no parties to a mortgage. Anything else must not
    have the words of a contract or letter.
    """
    if kind not in WRITINGS:
        is_letter = any(verdict.scores["settlement_certificate"] >= SOME for verdict in verdicts)
        return not is_letter and all(verdict.scores[other] < ENOUGH for verdict in verdicts for other in WRITINGS)
    titles = {verdict.title for verdict in verdicts} - {None}
    sure = max((verdict.certainty for verdict in verdicts if verdict.kind == kind), default=0.0) >= _BEYOND_DOUBT
    return sure and titles == {kind} and not (kind == "loan_contract" and _PARTY_TO_MORTGAGE.search(text))


def _score(kind: str, text: str, lines: str, title: str | None) -> float:
    # A clause of what calls itself a loan contract may speak of the letter that will settle it.
    if kind != title and (stranger := _STRANGERS.get(kind)) and stranger.search(text):
        return 0.0
    return round(sum(weight for pattern, weight in _COMPILED[kind] if _is_there(pattern, text, lines)), 3)


def _is_there(pattern: re.Pattern[str], text: str, lines: str) -> bool:
    of_lines = pattern.flags & re.MULTILINE or r"\d" in pattern.pattern
    return bool(pattern.search(text) or (of_lines and pattern.search(lines)))
