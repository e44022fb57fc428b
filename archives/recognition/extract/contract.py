"""借款合同 and 结清证明: running text with labelled values inside sentences."""

import re
from collections.abc import Callable
from typing import TypeVar

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.amounts import in_words
from carloan.archives.recognition.extract.field import Fields, Value
from carloan.archives.recognition.form import Form, Found, Piece
from carloan.archives.recognition.sheet import Sheet, rows
from carloan.lib import money

T = TypeVar("T")

_AMOUNT = r"(?:人民币)?(?:\(?小写\)?)?[:：]?(?:人民币)?[¥￥]?\s*(\d[\d,]*(?:\.\d{1,2})?)\s*(万?元|$|[,，。;；)）])"
CONTRACT_RULES: dict[str, tuple[str, ...]] = {
    "contract_no": (r"合同编?号(?:为|是)?[:：]?\s*([A-Za-z0-9][A-Za-z0-9\-_/()（）\[\]〔〕第字号]{4,38})",),
    "borrower_name": (
        r"(?:借款人|承租人|乙方)(?:\((?:借款人|承租人|乙方|抵押人)\)|（[^）]{2,8}）)?(?:姓名|名称)?[:：]\s*([\u4e00-\u9fff·]{2,20})",
        r"(?:兹证明|借款人|客户)[:：]?\s*([\u4e00-\u9fff·]{2,4}?)(?:[\(（,，]|先生|女士|\s*身份证|于)",
    ),
    "borrower_id": (r"(?:身份证号码?|公民身份号码|证件号码|身份证件号码|身份证)[:：为]?\s*(\d{17}[\dXx])",),
    "principal": (
        r"(?:借款|贷款|融资)(?:金额|本金)[^。;；]{0,60}?小写[)）]?[:：]?\s*(?:人民币)?[¥￥]?\s*(\d[\d,]*(?:\.\d{1,2})?)\s*(万?元|$|[,，。;；)）])",
        rf"(?:借款金额|贷款金额|融资金额|借款本金|贷款本金|本金)(?:为|是)?[:：]?{_AMOUNT}",
    ),
    "total_in_words": (
        r"(?:借款|贷款|融资)(?:金额|本金)[^。;；]{0,20}?([零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]{4,})",
    ),
    "term_months": (
        r"(?:借款期限|贷款期限|租赁期限|期限)(?:为|共|是)?[:：]?\s*(\d{1,3})\s*(?:个月|期)",
        r"(?:借款期限|贷款期限|租赁期限|期限)(?:为|共|是)?[:：]?\s*(\d{1,2})\s*年",
    ),
    "rate": (r"(?:年利率|贷款利率|借款利率)(?:\(单利\))?(?:为|是|按)?[:：]?\s*(\d{1,2}(?:\.\d{1,4})?\s*%)",),
    "issue_date": (
        r"(?:签订日期|签署日期|签约日期|开具日期|出具日期)[:：]?\s*(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-./]\d{1,2}[-./]\d{1,2})",
    ),
    "vin": (r"(?:车辆识别代号|车架号码?|VIN码?)(?:\(?车架号\)?)?[:：为]?\s*([0-9A-Za-z]{17})(?![0-9A-Za-z])",),
    "plate": (r"(?:车牌号码?|号牌号码)[:：为]?\s*([\u4e00-\u9fff][A-Z][·•]?[A-Z0-9]{5,6})",),
}
SETTLEMENT_RULES: dict[str, tuple[str, ...]] = {
    **{
        name: CONTRACT_RULES[name]
        for name in ("contract_no", "borrower_name", "borrower_id", "principal", "vin", "plate")
    },
    "settled_on": (
        r"(?:已?于|截至|截止|至)\s*(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-./]\d{1,2}[-./]\d{1,2})[^。]{0,30}?(?:结清|还清|清偿)",
        r"结清(?:日期|时间)[:：]?\s*(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-./]\d{1,2}[-./]\d{1,2})",
    ),
    "issue_date": (*CONTRACT_RULES["issue_date"], r"^(\d{4}年\d{1,2}月\d{1,2}日)$"),
}


def read_contract(sheet: Sheet) -> Fields:
    """contract_no, borrower_name, borrower_id, principal, term_months, rate, issue_date, vin, plate."""
    return _read(sheet, CONTRACT_RULES)


def read_settlement(sheet: Sheet) -> Fields:
    """contract_no, borrower_name, borrower_id, principal, settled_on, issue_date, vin, plate."""
    return _read(sheet, SETTLEMENT_RULES)


_READERS: dict[str, Callable[[re.Match[str]], Value | None]] = {
    "contract_no": lambda m: values.code(m[1]),
    "borrower_name": lambda m: values.party(m[1]),
    "borrower_id": lambda m: values.id_number(m[1]),
    "principal": lambda m: _money(m[1], m[2]),
    "term_months": lambda m: int(m[1]) * (12 if m[0].rstrip().endswith("年") else 1),
    "rate": lambda m: _rate(m[1]),
    "issue_date": lambda m: values.day(m[1]),
    "settled_on": lambda m: values.day(m[1]),
    "vin": lambda m: values.vin_number(m[1]),
    "plate": lambda m: values.plate(m[1]),
    "total_in_words": lambda m: m[1] if in_words(m[1]) else None,
}


def _read(sheet: Sheet, rules: dict[str, tuple[str, ...]]) -> Fields:
    text, spans = _stream(Form(sheet, {}))
    fields = Fields()
    for name, patterns in rules.items():
        for pattern in patterns:
            for match in re.finditer(pattern, text, re.MULTILINE):
                value = _READERS[name](match)
                if value is not None:
                    pieces = tuple(p for start, end, p in spans if start < match.end(1) and end > match.start(1))
                    fields.put(name, Found(value, match[1], pieces, sheet))
                    break
            if name in fields:
                break
    _prove_principal(fields, text)
    return fields


def _prove_principal(fields: Fields, text: str) -> None:
    principal = fields.get("principal")
    words = values.capitals(text)
    if principal and words and in_words(words[0]) == principal.value:
        fields.proven("principal")


def _stream(form: Form) -> tuple[str, list[tuple[int, int, Piece]]]:
    """The page as one text in reading order, with the piece behind each stretch. A row ends a line."""
    pieces = {id(piece.line): piece for piece in form.pieces}
    text, spans = "", []
    for row in rows([piece.line for piece in form.pieces]):
        for line in row:
            plain = re.sub(r"(?<=[\u4e00-\u9fff:：)）])\s+(?=[\u4e00-\u9fff])", "", pieces[id(line)].text)
            spans.append((len(text), len(text) + len(plain), pieces[id(line)]))
            text += plain
        text += "\n"
    return text, spans


def _money(figure: str, unit: str) -> int | None:
    try:
        minor = money.parse(figure)
    except ValueError:
        return None
    return minor * 10_000 if unit.startswith("万") else minor


def _rate(text: str) -> int | None:
    try:
        return money.parse_rate(values.compact(text))
    except ValueError:
        return None
