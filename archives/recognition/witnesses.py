"""Who else says it: in running text no value is sure by its label alone.

On a card or a form a value has its one printed place. A contract or a letter names several parties, numbers, sums and
days in sentences of any wording, and which of them is the borrower, its own number, the debt, the day of settlement is
one reading of one phrase. A check digit says that a number is a number, not whose it is. So the part that a value plays
needs a witness of its own: a second place that says the same, words and figures that agree, name and number that stand
together, or that nothing else on the paper could be meant. Without one a person looks, or the book of the loan speaks.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.amounts import in_words
from carloan.archives.recognition.extract.contract import BORROWER, MORTGAGOR
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.extract.phrases import CAPITALS, DAY, IDENTITY, PLATE, VIN, is_company
from carloan.archives.recognition.kinds import WRITINGS
from carloan.lib import money
from carloan.lib import vin as vehicle_number

# Proofs that come from elsewhere and say which part a value plays: a second place of the paper, another page.
TWICE: Final = ("repeated", "pages")

_OF_THE_PART: Final = frozenset({"words", "sum", "list", "id_number"})
# So many signs after a name its number begins at the latest.
_REACH: Final = 60
# Months below are grace, not a term; sums of money below are fees.
_BRANCH: Final = "(?:分公司|支公司|分行|支行|营业部|分中心|卡中心)"
_LEAST_MONTHS: Final = 6
_LEAST_SUM: Final = 10_000
_NOTE: Final = re.compile(r"\([^()]{0,12}\)")
_PARTIES: Final = re.compile(
    "借款[人方]|贷款[人方]|抵押|出[借租]人|承租人|债[权务]人|保证人|担保人|共有|共同|配偶|代理|经办|联系人|法定代表|负责人|受托|委托"
    "|见证|[甲乙丙丁]方|销售|购车|车主|所有人|客户|收款"
)
# Parts of people beside the two parties: with one of them named, a lone number may be that person's.
_FURTHER: Final = re.compile(
    r"共同|共有|配偶|代理人|经办|保证人|担保人|联系人|受托人|见证|车主|(?:借款人|债务人)(?:\([^)]*\))?[:\t]"
)
_SIGNS: Final = r"[^\n。]{0,6}[签盖章印][^\n。\u3400-\u9fff]{0,3}[\u3400-\u9fff]{0,4}[^\n。\u3400-\u9fff]{0,12}"
# Names of those who lend by trade; the central bank, whose credit register contracts speak of, does not.
_LENDER: Final = re.compile(
    r"(?<!人民)(?:银行|金融|租赁|信托|财务|贷款|典当|担保|管理)(?:\([^()\n]{1,6}\))?(?:股份|有限)|信用社|联合社"
    r"|(?<!人民)银行[^\n,。;:、]{0,10}(?:支行|分行|营业部)"
)
_MONTHS: Final = re.compile(r"(?<!\d)(\d{1,3})[\t _]*(?:个月|期(?!限))")
_PERCENT: Final = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d{1,4})?)[\t _]*%")
_MONEY: Final = re.compile(
    r"([¥￥]|人民币|RMB|CNY)?[\t _]*(?<![\d.,\-/])(\d[\d,]*+(?:\.\d{1,2})?+)(?![\d.\-/%])[\t _]*(万?元)?"
)
_PLATE: Final = re.compile(PLATE)
_LEAST_DIGITS: Final = 3
# A run of signs that could be a contract's number.
_CODE: Final = re.compile(r"(?<![A-Za-z0-9\-_/])[A-Za-z0-9][A-Za-z0-9\-_/]{4,38}")
# Before numbers that no contract bears.
_OTHER_NUMBERS: Final = re.compile(
    "(?:登记证书|发动机|车架|识别代|识别码|VIN|车牌|号牌|牌照|证件|身份证|账[号户]|卡号|电话|手机|信用代码|代码|传真|存证|保险?单"
    "|邮编|型号|牌|客服|热线)[^。;\n]{0,12}$"
)
_FORM_OF_NO_CODE: Final = re.compile(
    r"1\d{10}|0\d{2,3}-\d{7,8}|400-\d{3}-\d{4}|\d{16,19}|\d{4}[-/]\d{1,2}[-/]\d{1,2}|[0-9A-Z]{17}[0-9A-Zx]|\d{17}[xX]"
)
# What a number's own letters say it is of; it then is of nothing else.
_OF_MORTGAGE: Final = re.compile("抵|DY")
_OF_LOAN: Final = re.compile("借|贷|JK|DK")
_OF_SETTLEMENT: Final = re.compile("结|JQ")


@dataclass(frozen=True, slots=True)
class Said:
    """Everything on a paper that has the form of a value, whatever it is said of."""

    texts: tuple[str, ...]
    days: frozenset[str]
    persons: frozenset[str]
    companies: frozenset[str]
    vins: frozenset[str]
    plates: frozenset[str]
    words: frozenset[int]
    sums: frozenset[int]
    months: frozenset[int]
    rates: frozenset[int]
    # What could be a contract's number, by its form alone.
    codes: frozenset[str]

    @classmethod
    def of(cls, pages: Sequence[Sequence[str]]) -> "Said":
        """Figures are looked for in the rows alone (the first text of a page): further streams set cells together."""
        texts, rows = [text for page in pages for text in page], [page[0] for page in pages]
        numbers = _every(IDENTITY, texts)
        companies = {number for number in numbers if is_company(number)}
        persons = {number.upper() for number in numbers - companies if re.fullmatch(r"\d{17}[\dXx]", number)}
        vins = _every(rf"(?<![0-9A-Za-z])(?=\d*[A-Z]){VIN}", texts)
        months = {int(count) for text in rows for count in _MONTHS.findall(text)}
        return cls(
            texts=tuple(texts),
            days=frozenset(filter(None, map(values.day, _every(DAY, texts)))),
            persons=frozenset(persons),
            companies=frozenset(companies),
            vins=frozenset(vin for vin in vins if not vehicle_number.problems(vin)),
            plates=frozenset(filter(None, map(values.plate, _every(PLATE, texts)))),
            words=frozenset(filter(None, map(in_words, _every(CAPITALS, texts)))),
            sums=frozenset(filter(None, (_sum(match) for text in rows for match in _MONEY.finditer(text)))),
            months=frozenset(count for count in months if count >= _LEAST_MONTHS),
            rates=frozenset(money.parse_rate(f"{rate}%") for text in rows for rate in _PERCENT.findall(text)),
            codes=frozenset(
                _bare(match) for text in rows for match in _CODE.finditer(text) if _is_code(match, text)
            ),
        )  # fmt: skip

    def has_strange_code(self, known: Sequence[str]) -> bool:
        """Whether a number could be a contract's that is none of the `known`, nor part of one broken over two lines."""
        whole = [values.compact(one) for one in known]
        return any(not any(code in one for one in whole) for code in self.codes)


def _every(pattern: str, texts: Sequence[str]) -> set[str]:
    return {match[1] for text in texts for match in re.finditer(pattern, text)}


def _bare(match: re.Match[str]) -> str:
    return match[0].strip("-_/")


def _is_code(match: re.Match[str], text: str) -> bool:
    """Whether a run of signs may be the number of a contract, and not a sum, a day, a telephone, a car's."""
    code, before, after = _bare(match), text[: match.start()][-24:], text[match.end() : match.end() + 2]
    if sum(sign.isdigit() for sign in code) < _LEAST_DIGITS or _FORM_OF_NO_CODE.fullmatch(code):
        return False
    if re.match(r"[,.]\d|%|万?元|年", after) or re.search(r"[¥￥]$|\d[.,]$", before[-2:]):
        return False
    return not (_OTHER_NUMBERS.search(before) or _PLATE.match(text, max(0, match.start() - 1)))


def _sum(match: re.Match[str]) -> int | None:
    if not (match[1] or match[3] or "." in match[2] or "," in match[2]):
        return None
    try:
        minor = money.parse(match[2]) * (10_000 if (match[3] or "").startswith("万") else 1)
    except ValueError:
        return None
    return minor if minor >= _LEAST_SUM else None


def hear(kind: str, fields: Fields, pages: Sequence[Sequence[str]], *, known: bool) -> None:
    """Note for each value of running text who witnesses its part, or that nobody does (`ALONE`).

    `pages` are the texts of each page as they were searched, its rows first. Of a paper that was not
    read whole, or whose kind is not `known` beyond doubt, no part is, whatever the kind.
    """
    if kind not in WRITINGS:
        if not known:
            fields.proven(*fields, by=ALONE)
            return
        for name, field in list(fields.items()):
            # Another's amount neither is what the words say nor adds up, and no rest of a label is on a list.
            if _OF_THE_PART & set(field.proofs):
                fields[name] = replace(field, proofs=tuple(code for code in field.proofs if code != ALONE))
        return
    said = Said.of(pages)
    # A party's name first: its number leans on it.
    for name in sorted(fields, key=lambda name: not name.endswith("_name")):
        witness = _witness(kind, name, fields, said) if known else None
        fields.proven(name, by=witness or ALONE)


def _witness(kind: str, name: str, fields: Fields, said: Said) -> str | None:
    field = fields[name]
    if field.trust < 1:
        return None
    if name in _NUMBERS:
        return _number(kind, name, fields, said)
    if name in _CAR:
        return _of_one_car(name, fields, said)
    twice = next((code for code in TWICE if code in field.proofs), None)
    rule = _RULES.get(name)
    return twice or (rule(name, fields, said) if rule else None)


def is_witnessed(field: Field) -> bool:
    return ALONE not in field.proofs


def _party(name: str, fields: Fields, said: Said) -> str | None:
    """A borrower or mortgagor: who signs as such, or whose number stands behind the name and nobody else's does."""
    who = str(fields[name].value)
    if values.organisation(who) is None and _signs(name, who, said):
        return "signed"
    number = fields.get(name.removesuffix("_name") + "_id")
    if number and _stand_together(who, str(number.value), said) and not _rivals(str(number.value), fields, said):
        return "together"
    return None


def _number_of_party(name: str, fields: Fields, said: Said) -> str | None:
    """Whose number: it stands behind its bearer's name, or no other one of its form is on the paper."""
    number, holder = str(fields[name].value), fields.get(name.removesuffix("_id") + "_name")
    if holder is None:
        return None
    rivals = _rivals(number, fields, said)
    # Who was found by a lesser name of the part may be somebody else.
    known = is_witnessed(holder) or (not rivals and holder.trust >= 1)
    if known and _stand_together(str(holder.value), number, said):
        return "together"
    is_persons = number in said.persons and values.organisation(str(holder.value)) is None
    alone = is_persons and not rivals and not any(map(_FURTHER.search, said.texts))
    return "sole" if alone and "check_digit" in fields[name].proofs else None


def _rivals(number: str, fields: Fields, said: Said) -> frozenset[str]:
    """The other numbers of the same form, but for those behind the lender's name."""
    if number in said.persons:
        return said.persons - {number}
    lenders = [str(fields[name].value) for name in ("lender_name", "mortgagee_name") if name in fields]
    theirs = {other for other in said.companies for lender in lenders if _stand_together(lender, other, said)}
    return said.companies - {number} - theirs


def _signs(name: str, who: str, said: Said) -> bool:
    """Whether somebody of this name signs in this part, also as the side (乙方) that the paper gives to it."""
    part = MORTGAGOR if name == "mortgagor_name" else BORROWER
    for text in said.texts:
        given = re.search(
            rf"([甲乙丙])方\((?:{part})|(?:{part})[^\n。]{{0,24}}\((?:以?下?简?称)?[“\"]?([甲乙丙])方", text
        )
        side = f"|{given[1] or given[2]}方" if given else ""
        if re.search(rf"(?:{part}{side}){_SIGNS}{re.escape(who)}(?![\u3400-\u9fff])", text):
            return True
    return False


def _stand_together(who: str, number: str, said: Said) -> bool:
    """Whether the number follows the name with no other party and no other number between."""
    for text in said.texts:
        for match in re.finditer(re.escape(who), text):
            after = _NOTE.sub("", text[match.end() : match.end() + _REACH])
            between, found, _ = after.partition(number)
            if found and not ("。" in between or _PARTIES.search(between) or re.search(IDENTITY, between)):
                return True
    return False


def _lender(name: str, fields: Fields, said: Said) -> str | None:
    """A lender by its own name, when nobody else on the paper lends by trade."""
    who = str(fields[name].value)
    if not _LENDER.search(who):
        return None
    if any(re.search(rf"{re.escape(who)}[\n\t]?[\u3400-\u9fff]{{1,10}}{_BRANCH}", text) for text in said.texts):
        # Its branch is part of the name, and was not read with it.
        return None
    for text in said.texts:
        rest = text.replace(who, "\n")
        if any(rest[max(0, m.start() - 2) : m.end()].rpartition("\n")[2] not in who for m in _LENDER.finditer(rest)):
            return None
    return "trade"


def _number(kind: str, name: str, fields: Fields, said: Said) -> str | None:
    """A contract's or a letter's number: every number on the paper is accounted for, and none says it is another's."""
    number, proofs = str(fields[name].value), fields[name].proofs
    if any(pattern.search(number) for pattern in _NUMBERS[name][kind == "mortgage_contract"]):
        return None
    if kind == "mortgage_contract" and not {"contract_no", "loan_contract_no"} <= set(fields):
        return None
    if not said.has_strange_code(_known(fields)):
        return "sole"
    return next((code for code in TWICE if code in proofs and kind != "mortgage_contract"), None)


def _of_one_car(name: str, fields: Fields, said: Said) -> str | None:
    """What is told of the one car that the paper names. Of a form of its own are a VIN, a plate and 大众牌SVW6471APD;
    an engine's number is one when no other number is left over."""
    if len(said.vins) > 1 or len(said.plates) > 1 or (name == "vin" and "check_digit" not in fields[name].proofs):
        return None
    has_form = name in ("vin", "plate") or "牌" in str(fields[name].value)
    return "sole" if has_form or not said.has_strange_code(_known(fields)) else None


def _known(fields: Fields) -> list[str]:
    """Every value that is text: a number that is one of them is no stranger."""
    return [str(field.value) for field in fields.values() if isinstance(field.value, str)]


def _debt(name: str, fields: Fields, said: Said) -> str | None:
    if "words" in fields[name].proofs:
        return "words" if len(said.words) == 1 else None
    return "sole" if said.sums == {fields[name].value} and len(said.words) <= 1 else None


def _only(of: Callable[[Said], frozenset[int]]) -> "Rule":
    return lambda name, fields, said: "sole" if of(said) <= {int(fields[name].value)} else None


def _day_of_contract(name: str, fields: Fields, said: Said) -> str | None:
    return "sole" if said.days == {fields[name].value} else None


def _day_of_settlement(name: str, fields: Fields, said: Said) -> str | None:
    """The one day of the letter beside its own."""
    letters = {str(fields["issue_date"].value)} if "issue_date" in fields else set[str]()
    return "sole" if said.days - letters <= {fields[name].value} else None


def _day_of_letter(name: str, fields: Fields, said: Said) -> str | None:
    """A letter is written after all that it tells."""
    return "latest" if said.days and max(said.days) == fields[name].value else None


def _day(name: str, fields: Fields, said: Said) -> str | None:
    return (_day_of_letter if "settled_on" in fields else _day_of_contract)(name, fields, said)


Rule = Callable[[str, Fields, Said], str | None]
_CAR: Final = frozenset({"vin", "plate", "engine_no", "model"})
# What the letters of each number must not say: on any other paper, on a mortgage contract.
_NUMBERS: Final[Mapping[str, tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]]] = {
    "contract_no": ((_OF_MORTGAGE, _OF_SETTLEMENT), (_OF_LOAN, _OF_SETTLEMENT)),
    "loan_contract_no": ((_OF_MORTGAGE,), (_OF_MORTGAGE,)),
    "certificate_no": ((_OF_LOAN, _OF_MORTGAGE), (_OF_LOAN, _OF_MORTGAGE)),
}
_RULES: Final[Mapping[str, Rule]] = {
    "borrower_name": _party, "mortgagor_name": _party,
    "borrower_id": _number_of_party, "mortgagor_id": _number_of_party,
    "lender_name": _lender, "mortgagee_name": _lender,
    "principal": _debt, "total_in_words": _debt,
    "term_months": _only(lambda said: said.months), "rate": _only(lambda said: said.rates),
    "settled_on": _day_of_settlement, "issue_date": _day,
}  # fmt: skip
