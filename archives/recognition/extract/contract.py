"""借款合同 and 抵押合同: terms in sentences, tables and filled-in blanks."""

import re
from dataclasses import replace
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import phrases
from carloan.archives.recognition.extract.amounts import in_words
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.extract.phrases import (
    BARE_CODE,
    CAPITALS,
    CODE,
    DAY,
    FIGURE,
    KNOWN_BY,
    MARK,
    ORGANISATION,
    PARTY,
    PLATE,
    SEP,
    VIN,
)  # fmt: skip
from carloan.archives.recognition.extract.prose import Hit, Prose
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.sheet import Sheet
from carloan.lib import money
from carloan.lib import vin as vehicle_number

_NOTE: Final = r"(?:\((?![^)]*[签章盖印])[^)]{1,14}\))?"
_NAME: Final = r"(?:姓名|名称|姓名/名称|全称)?"


# What a party is called too, before the part it plays: 乙方(借款人), 债权人(抵押权人).
_SIDE: Final = "(?:[甲乙丙]方|债权人|债务人|贷款人|借款人|出租人|承租人|抵押权人|抵押人)"


def role(*names: str, side: str = _SIDE) -> str:
    """A party as contracts call it: 借款人, 借款人(乙方), 乙方(借款人)."""
    called = "|".join(names)
    return rf"(?<![共同原主新债])(?:(?:{called}){_NOTE}|{side}\((?:{called})[^)]{{0,6}}\)){_NAME}"


LENDER: Final = role("贷款人", "出借人", "贷款方", "债权人", "出租人", "授信人", "放款人", "贷款机构", "出借方")
BORROWER: Final = role("借款人", "借款方", "承租人", "债务人", "受信人", "主借款人", "借款人姓名")
OTHERS: Final = r"共同借款人|共同还款人|保证人|担保人|联系人|经办人|销售方|收款人"
MORTGAGEE: Final = role("抵押权人", "抵押权人姓名")
MORTGAGOR: Final = role("抵押人", "抵押物所有人", "抵押人姓名")
_SUM: Final = (
    r"(?:借款|贷款|融资|发放|放款|授信|主债权|主债务|担保债权|被担保债权|被担保的?主债权|最高债权|债权|担保主债权|融资本金)(?:的)?"
    r"(?:总?金额|本金|数额|额度|限额|总额|本金数额|本金金额|本金余额|最高额)(?:\([^)]{1,6}\))?"
)
_PRICES: Final = re.compile("总价|价款|价格|评估|作价|首付|车价|售价|保证金|租金|手续费|月供|每期")
_CLAUSE: Final = 16
# The patterns of a debt up to this one stand behind its own label, or behind its words.
_BEHIND_ITS_LABEL: Final = 2
_FILLER: Final = r"[^。;\n\d]{0,40}?"
SIGNED: Final = (
    rf"(?:签订|签署|签约|订立|立约|合同签订|合同签署)(?:日期|时间|日){SEP}{DAY}",
    # What was signed (签订了) is another paper.
    rf"(?:于|在){DAY}[^。]{{0,16}}(?:签订|签署|订立)(?!了)",
    rf"(?:签订|签署|订立)于{SEP}{DAY}",
    rf"{DAY}签于",
    rf"(?<![\u4e00-\u9fff])日期{SEP}{DAY}",
)  # fmt: skip
VEHICLE_VIN: Final = rf"(?:车辆识别代[号码]|车架号码?|识别代码|VIN码?)(?:[/(](?:车架号码?|VIN码?)\)?)?{SEP}{VIN}"
VEHICLE_PLATE: Final = rf"(?:车牌号码?|号牌号码|号牌|车牌|牌照号码?|车号)(?:\([^)]{{1,6}}\))?{SEP}{PLATE}"
VEHICLE_ENGINE: Final = rf"发动机号码?{SEP}([0-9A-Z][0-9A-Z\-]{{4,19}})(?! ?[0-9A-Za-z]|[,.]\d)"
_OWN: Final = r"(?<!借款)(?<!贷款)(?<!主)(?<!债权)"
# What may follow the name of a model in its cell: FORESTER 2.5I.
_VERSION: Final = r"(?: [0-9A-Z][0-9A-Z.\-]{0,7}(?=[\t\n]|$| [\u4e00-\u9fff]))?"
_MORTGAGE_NUMBER: Final = rf"抵押(?:担保)?(?:合同|协议)(?:书)?(?:编号|号码?){SEP}{CODE}"
# How a paper names the loan contract it belongs to; after the first of these a number is only followed by its name.
_NAMES_THE_LOAN: Final = 3
LOAN_NUMBER: Final = (
    rf"(?:主|借款|贷款|融资|融资租赁|消费贷款)(?:合同|协议)(?:编号|号码?|编码){SEP}{CODE}",
    rf"(?:主|借款|贷款)(?:合同|协议)[^。\n]{{0,8}}?\((?:合同)?(?:编?号|编号){SEP}{CODE}\)",
    rf"(?:编号|合同号){SEP}[《\"“]?{BARE_CODE}[》\"”]?的?[^。\n]{{0,6}}《?[^。\n》]{{0,10}}(?:借款|贷款|融资)[^。\n]{{0,6}}合同",
    rf"(?:依据|根据|按照|凭)(?:编号)?{SEP}{BARE_CODE}号?的?《?[^。\n]{{0,8}}(?:借款|贷款|融资)[^。\n]{{0,6}}合同",
    rf"第?{BARE_CODE}(?<=号)《?[^。\n]{{0,8}}(?:借款|贷款|融资)[^。\n]{{0,6}}合同",
)  # fmt: skip


def read_loan(sheet: Sheet) -> Fields:
    """Number, lender, borrower, principal in figures and words, months, rate, car, day of signing."""
    prose = Prose(Form(sheet, {}))
    fields = Fields()
    fields.texts = prose.texts
    own = (
        rf"(?:合同|协议)(?:书)?(?:编号|号码?|编码){SEP}{CODE}", rf"^(?:[^\n]*\t)?(?:编号|No\.?){SEP}{CODE}",
        rf"合同{CODE}(?:号|签署页|之)",
    )  # fmt: skip
    phrases.put(fields, "contract_no", prose.find(own, phrases.code))
    lender = (rf"{LENDER}{SEP}{ORGANISATION}", rf"甲方{_NOTE}{MARK}{ORGANISATION}")
    phrases.put_named(fields, "lender_name", prose.find(lender, phrases.organisation))
    borrower = (
        rf"{BORROWER}{MARK}{PARTY}", rf"乙方{_NOTE}{_NAME}{MARK}{PARTY}", rf"{BORROWER}{SEP}{PARTY}{KNOWN_BY}",
    )  # fmt: skip
    roles = {"lender": f"{LENDER}|甲方", "borrower": f"{BORROWER}|乙方", "other": OTHERS}
    name = _party(fields, "borrower_name", prose, borrower, roles)
    if "lender_name" not in fields:
        phrases.put(fields, "lender_name", phrases.named_in_columns(prose, roles, "lender"))
    phrases.put(fields, "borrower_id", phrases.of_role(prose, roles, "borrower", name))
    put_principal(fields, prose)
    phrases.put(fields, "term_months", prose.find(_TERMS, _months))
    phrases.put(fields, "rate", prose.find(_RATES, _rate))
    phrases.put(fields, "vin", prose.find((VEHICLE_VIN,), phrases.vin) or only_vin(prose))
    phrases.put(fields, "plate", prose.find((VEHICLE_PLATE,), phrases.plate))
    phrases.put(fields, "issue_date", prose.find(SIGNED, phrases.day) or phrases.foot_day(prose))
    return fields


def read_mortgage(sheet: Sheet) -> Fields:
    """Its number and the loan contract's, mortgagee, mortgagor, the car, the debt, day of signing."""
    prose = Prose(Form(sheet, {}))
    fields = Fields()
    fields.texts = prose.texts
    named = prose.find((_MORTGAGE_NUMBER,), phrases.code)
    its_own = {hit.value for hit in named}
    loans = [hit for hit in prose.find(LOAN_NUMBER, phrases.code) if hit.value not in its_own]
    phrases.put(fields, "loan_contract_no", loans)
    strangers = {hit.value for hit in loans}
    own = (
        _MORTGAGE_NUMBER,
        rf"{_OWN}(?:合同|协议)(?:书)?(?:编号|号码?|编码){SEP}{CODE}",
        rf"^(?:[^\n]*\t)?(?:编号|No\.?){SEP}{CODE}",
    )  # fmt: skip
    numbers = [hit for hit in prose.find(own, phrases.code) if hit.value not in strangers]
    phrases.put(fields, "contract_no", numbers)
    # Two contracts, and labels that name neither: which number is whose, a person says.
    if not named and not _heads(numbers, prose):
        fields.doubted("contract_no", 0.9)
    if all(hit.pattern > _NAMES_THE_LOAN for hit in loans):
        fields.doubted("loan_contract_no", 0.9)
    mortgagee = (rf"{MORTGAGEE}{SEP}{ORGANISATION}", rf"甲方{_NOTE}{MARK}{ORGANISATION}")
    phrases.put_named(fields, "mortgagee_name", prose.find(mortgagee, phrases.organisation))
    mortgagor = (
        rf"{MORTGAGOR}{MARK}{PARTY}", rf"乙方{_NOTE}{_NAME}{MARK}{PARTY}", rf"{MORTGAGOR}{SEP}{PARTY}{KNOWN_BY}",
    )  # fmt: skip
    roles = {"mortgagee": f"{MORTGAGEE}|甲方", "mortgagor": f"{MORTGAGOR}|乙方", "other": f"{OTHERS}|{BORROWER}"}
    name = _party(fields, "mortgagor_name", prose, mortgagor, roles)
    if "mortgagee_name" not in fields:
        phrases.put(fields, "mortgagee_name", phrases.named_in_columns(prose, roles, "mortgagee"))
    phrases.put(fields, "mortgagor_id", phrases.of_role(prose, roles, "mortgagor", name))
    put_principal(fields, prose)
    put_vehicle(fields, prose)
    phrases.put(fields, "issue_date", prose.find(SIGNED, phrases.day) or phrases.foot_day(prose))
    return fields


def _heads(numbers: list[Hit[str]], prose: Prose) -> bool:
    """Whether the first number stands above the parties, as the number of a contract itself does."""
    parties = [match.start() for match in re.finditer(f"{MORTGAGEE}|{MORTGAGOR}", prose.rows.text)]
    return bool(numbers) and bool(parties) and numbers[0].start < min(parties)


def put_vehicle(fields: Fields, prose: Prose) -> None:
    """The car, in a sentence or under the heads of a table."""
    phrases.put(fields, "plate", prose.find((VEHICLE_PLATE,), phrases.plate))
    phrases.put(fields, "vin", prose.find((VEHICLE_VIN,), phrases.vin))
    phrases.put(fields, "engine_no", prose.find((VEHICLE_ENGINE,), lambda m: values.engine_number(m[1])))
    models = (
        rf"(?:厂牌型号|品牌型号|车辆型号|型号){SEP}([\u4e00-\u9fff()·]{{0,12}}牌?[A-Za-z0-9()/\-.]{{5,24}}{_VERSION})",
    )
    phrases.put(fields, "model", prose.find(models, lambda m: values.model(m[1])))
    table = Form(prose.form.sheet, _HEADS)
    for name, grammar in (
        ("plate", values.plate), ("vin", values.vin_number), ("engine_no", values.engine_number),
        ("model", values.model),
    ):  # fmt: skip
        if name not in fields and any(is_whole_line(label) for label in table.labels(name)):
            fields.put(name, table.below(name, grammar, reach=4.0) or table.beside(name, grammar))
    if "vin" not in fields:
        phrases.put(fields, "vin", only_vin(prose))


def only_vin(prose: Prose) -> list[Hit[str]]:
    """The one number on the page that its check digit makes a VIN, where its label was not read."""
    every = [
        hit for hit in prose.find((rf"(?<![0-9A-Za-z]){VIN}",), phrases.vin) if not vehicle_number.problems(hit.value)
    ]
    return every if len({hit.value for hit in every}) == 1 else []


def is_whole_line(label: Piece) -> bool:
    """The head of a column is a line of its own; in a sentence more follows."""
    return values.compact(label.line.text) == values.compact(label.text)


def put_principal(fields: Fields, prose: Prose) -> None:
    """The debt in figures and in the words that stand nearest: both must say the same."""
    figures = (
        rf"{_SUM}[^。;\n]{{0,60}}?(?:小写\)?|[¥￥]){SEP}[¥￥Y]?{FIGURE}",
        rf"{_SUM}(?:为|是|:|共计|计)?{SEP}(?:人民币)?{FIGURE}",
        rf"{CAPITALS.replace('([', '(?:[')}[^。;\n\d]{{0,6}}\n?\(?[^。;\n\d]{{0,4}}[¥￥]{FIGURE}",
        rf"{_SUM}{_FILLER}{FIGURE}",
        rf"(?:借款|贷款|融资)[^。;\n\d]{{0,30}}?人民币{_FILLER}{FIGURE}",
        rf"(?:借款|贷款)[^。;\n]{{0,60}}?[(¥￥]{FIGURE}",
        rf"(?:借款|贷款|融资|其中本金){SEP}{FIGURE}",
    )  # fmt: skip
    # A sum somewhere behind the word for a loan is a guess.
    found = [
        replace(hit, doubt=phrases.GUESSED) if hit.pattern > _BEHIND_ITS_LABEL else hit
        for hit in prose.find(figures, _sum_of_money)
    ]
    phrases.put(fields, "principal", found)
    words = prose.find(
        (
            rf"{_SUM}[^。;\n]{{0,40}}?{CAPITALS}",
            rf"(?:借款|贷款|融资)[^。;\n]{{0,30}}?(?:人民币|大写\)?){SEP}{CAPITALS}",
        ),
        phrases.capitals,
    ) or _only_words(prose)  # fmt: skip
    phrases.put(fields, "total_in_words", words)
    principal, said = fields.get("principal"), fields.get("total_in_words")
    if principal and said and in_words(str(said.value)) == principal.value:
        fields.proven("principal", "total_in_words", by="words")
    elif found and found[0].pattern > 1:
        # Without its words and not right behind its label, it may be another sum.
        fields.doubted("principal", 0.9)


def _only_words(prose: Prose) -> list[Hit[str]]:
    every = [replace(hit, doubt=phrases.GUESSED) for hit in prose.find((CAPITALS,), phrases.capitals)]
    return every if len({hit.value for hit in every}) == 1 else []


def _sum_of_money(match: re.Match[str]) -> int | None:
    """Bare small numbers are months or counts: a debt has its sign, its 元 or its decimals, and more than ¥100. What a
    price is told by in the same clause is none."""
    if _is_price(match):
        return None
    minor = phrases.amount(match)
    said = "元" in match[2] or "." in match[1] or "," in match[1] or re.search("[¥￥]", match[0])
    return minor if minor is not None and minor >= 10_000 and said else None


def _is_price(match: re.Match[str]) -> bool:
    """Whether a sum without a debt's own label stands behind a word for a price, a payment or a fee."""
    clause = re.split("[。;\n,]", match.string[max(0, match.start() - _CLAUSE) : match.start()])[-1]
    return not re.match(_SUM, match[0]) and _PRICES.search(clause) is not None


def _party(fields: Fields, name: str, prose: Prose, patterns: tuple[str, ...], roles: dict[str, str]) -> str | None:
    hits = prose.find(patterns, phrases.party)
    hits = hits or phrases.named_in_columns(prose, roles, name.removesuffix("_name"))
    phrases.put_named(fields, name, hits)
    return str(hits[0].value) if hits else None


# Parts per million a year: what no court has ever enforced more of (24 %, and 36 % before 2020).
_HIGHEST_RATE: Final = 360_000
_HAN_NUMBERS: Final = "零一二三四五六七八九"
_TERMS: Final = (
    rf"(?:借款|贷款|租赁|融资|还款)?期限{_NOTE}{SEP}共?计?{SEP}(\d{{1,3}}){SEP}\(?[^)\n]{{0,8}}\)?(个?月|期)",
    rf"(?:借款|贷款|租赁|融资|还款)?期限{_NOTE}{SEP}共?计?{SEP}([一二三四五六七八九十]{{1,4}})(个月)",
    rf"(?:借款|贷款|租赁|融资|还款)?期限{_NOTE}{SEP}共?计?{SEP}(\d{{1,2}}|[一二三四五六七八九十]{{1,2}})(年)",
    r"期限[^。;\n]{0,40}?(?:共|计|即|为)[\t :]*(\d{1,3})[\t ]*(个?月|期)",
    r"(?:分|共)[\t :]*(\d{1,3})[\t ]*(期)",
    rf"(?:还款)?期数{SEP}(\d{{1,3}})(期?)",
)
_RATES: Final = (
    rf"(?:年|借款|贷款|执行|合同)(?:化)?(?:固定)?利率(?:\([^)]{{1,8}}\))?[^。;\n\d]{{0,16}}?(\d{{1,2}}(?:\.\d{{1,4}})?{SEP}%)",
    rf"(?<![月日罚息])利率[^。;\n\d]{{0,12}}?(\d{{1,2}}(?:\.\d{{1,4}})?{SEP}%)",
)
_HEADS: Final = {
    "plate": ("号牌号码", "车牌号码", "车牌号"),
    "vin": ("车辆识别代号(VIN)", "车辆识别代号/车架号", "车辆识别代号", "识别代码(车架号)", "车架号码", "车架号"),
    "engine_no": ("发动机号码", "发动机号"),
    "model": ("品牌型号", "厂牌型号", "车辆型号"),
    "rest": ("序号", "车辆类型", "车身颜色", "评估价值", "登记证书编号", "所有人", "抵押物价值", "数量"),
}


def _months(match: re.Match[str]) -> int | None:
    text = match[1]
    number = int(text) if text.isdigit() else _han(text)
    if number is None or not 1 <= number <= 360:
        return None
    return number * 12 if match[2] == "年" else number


def _han(text: str) -> int | None:
    """十二, 三十六, 六."""
    if "十" not in text:
        return _HAN_NUMBERS.index(text) if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_HAN_NUMBERS.index(tens) if tens else 1) * 10 + (_HAN_NUMBERS.index(ones) if ones else 0)


def _rate(match: re.Match[str]) -> int | None:
    try:
        rate = money.parse_rate(values.compact(match[1]))
    except ValueError:
        return None
    # A share above that (罚息利率上浮50%) is none of a loan's rates.
    return rate if rate <= _HIGHEST_RATE else None
