"""增值税发票: special, ordinary, rolls and the digital invoice."""

import re
from dataclasses import replace
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import amounts
from carloan.archives.recognition.extract.claims import doubt_beside_unclaimed
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.sheet import Sheet

LABELS = {
    "invoice_code": ("发票代码",),
    "invoice_number": ("发票号码",),
    "issue_date": ("开票日期",),
    "party": ("名称",),
    "buyer_name": ("购买方名称",),
    "seller_name": ("销售方名称",),
    "tax_id": ("统一社会信用代码/纳税人识别号", "纳税人识别号"),
    "sum": ("合计",),
    "words": ("价税合计(大写)", "合计金额(大写)", "价税合计"),
    "total": ("(小写)", "合计金额(小写)"),
    "rest": (
        "地址、电话", "开户行及账号", "密码区", "货物或应税劳务、服务名称", "规格型号", "单位", "数量", "单价",
        "金额", "税率/征收率", "税率",
        "税额", "收款人", "复核", "开票人", "销售方:(章)", "备注", "校验码", "机器编号", "机打号码", "收款员",
        "项目名称", "项目",
    ),
}  # fmt: skip
_COLUMNS: Final = ("规格型号", "单位", "数量", "单价", "金额", "税率", "税率/征收率", "税额")
# Where a lone label of two stands, as a share of the form's width: the digital form is cut in the middle.
_LEFT_EDGE: Final = 0.3
_RIGHT_HALF: Final = 0.45
# Invoices are printed so many years before they are used at most.
_YEARS_OF_STOCK: Final = 3
# Codes of provinces (GB/T 2260).
_PROVINCE: Final = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]")


def read(sheet: Sheet) -> Fields:
    """invoice_code, invoice_number, issue_date, buyer and seller, price_without_tax, tax, total, total_in_words."""
    form = Form(sheet, LABELS)
    fields = Fields()
    fields.put("issue_date", form.beside("issue_date", values.day))
    _numbers(form, fields)
    _parties(form, fields)
    doubt_beside_unclaimed(fields, sheet, "buyer_id", "seller_tax_id")
    amounts.put_words(fields, form)
    fields.put("total", form.beside("total", values.amount_with_cents) or amounts.beside_words(form))
    _sums(form, fields)
    amounts.prove(fields)
    return fields


def _numbers(form: Form, fields: Fields) -> None:
    """Code and number stand behind labels on some layouts, bare at the top of the page on others, often twice."""
    fields.put("invoice_code", form.beside("invoice_code", values.digits(10, 12), reach=15))
    fields.put("invoice_number", form.beside("invoice_number", values.digits(8, 20), reach=15))
    head = min((p.middle for p in form.labels("tax_id") + form.labels("party")), default=0.0)
    top = [p for p in form.pieces if p.label is None and p.middle < head]
    for name, lengths in (("invoice_code", (10, 12)), ("invoice_number", (8,))):
        if name in fields:
            continue
        found = [
            Found(v, p.text, (p,), form.sheet) for p in top if (v := values.digits(*lengths)(_before_title(p.text)))
        ]
        # Printed twice and read alike is certain; two different readings are none.
        if found and len({f.value for f in found}) == 1:
            certain = len(found) > 1 or _is_marked(found[0].text) or _is_code(found[0].value, fields)
            fields.put(name, found[0] if certain else replace(found[0], alone=True))
        elif not found and name == "invoice_number":
            fields.put(name, _number_beside_code(form, fields))


def _is_marked(text: str) -> bool:
    """No of a number's own, or the title beside which a code stands."""
    return re.match("N[o0O]|№|Nº", values.compact(text)) is not None or "增值税" in text


def _is_code(number: str, fields: Fields) -> bool:
    """Whether a bare number is written as codes of invoices are: region and year (of twelve figures behind a 0); what
    else stands bare at the head is a machine's number or a check code."""
    region, year = (number[1:5], number[5:7]) if len(number) == 12 else (number[:4], number[4:6])
    issued = str(fields["issue_date"].value)[2:4] if "issue_date" in fields else ""
    zero = len(number) == 10 or number[0] == "0"
    is_recent = bool(issued) and 0 <= int(issued) - int(year) <= _YEARS_OF_STOCK
    return len(number) > 8 and zero and is_recent and bool(_PROVINCE.match(region))


def _before_title(text: str) -> str:
    """The code that was read together with the title: 3702253062山东增值税专用发票."""
    return re.sub(r"(?<=\d)[\u4e00-\u9fff]{0,4}增值税.*", "", values.compact(text))


def _number_beside_code(form: Form, fields: Fields) -> Found[str] | None:
    """ "No 60543644" glued to the code printed again behind it."""
    code = fields.get("invoice_code")
    for piece in form.pieces:
        match = re.fullmatch(r"(?:No\.?|NO\.?|№)?(\d{8})(\d{10}|\d{12})", values.compact(piece.text))
        if match and code and match[2] == code.value:
            return Found(match[1], piece.text, (piece,), form.sheet, doubt=0.99)
    return None


def _parties(form: Form, fields: Fields) -> None:
    """Buyer before seller: above it on the classic form, left of it on the digital one. A roll names both."""
    fields.put("buyer_name", form.beside("buyer_name", values.party))
    fields.put("seller_name", form.beside("seller_name", values.party))
    buyer, seller = _pair(form, "party")
    for name, label in (("buyer_name", buyer), ("seller_name", seller)):
        if label and name not in fields:
            fields.put(name, form.beside_label(label, values.party))
    buyer, seller = _pair(form, "tax_id")
    if buyer and seller and form.has("seller_name"):
        seller_first = "seller_name" not in fields or form.labels("seller_name")[0].middle < seller.middle
        buyer, seller = (seller, buyer) if seller_first else (buyer, seller)
    for name, label in (("buyer_id", buyer), ("seller_tax_id", seller)):
        if label:
            fields.put(name, form.beside_label(label, _number))


def _pair(form: Form, name: str) -> tuple[Piece | None, Piece | None]:
    """The label of the buyer and of the seller. Of a pair of which one was not read, the place tells which is left:
    below the sums or in the right half it is the seller's, at the left edge above them the buyer's."""
    labels = _reading_order(form, name)
    if len(labels) != 1:
        return (labels[0], labels[-1]) if labels else (None, None)
    (label,) = labels
    sums = [piece.middle for name in ("sum", "words", "total") for piece in form.labels(name)]
    if sums and label.middle > max(sums):
        return None, label
    start, end = min(piece.left for piece in form.pieces), max(piece.right for piece in form.pieces)
    across = (label.left - start) / max(end - start, 1.0)
    is_above = bool(sums) and label.middle < min(sums)
    if is_above and across > _RIGHT_HALF:
        return None, label
    return (label, None) if is_above and across < _LEFT_EDGE else (None, None)


def _number(text: str) -> str | None:
    """A number alone. Behind words it is that of whoever they name: their label was read badly."""
    return None if re.search("[\u3400-\u9fff]", text) else values.tax_number(text)


def _reading_order(form: Form, name: str) -> list[Piece]:
    """Rows from the top, each from the left; labels that stand within a line and a half are one row."""
    rows: list[list[Piece]] = []
    for label in form.labels(name):
        if _heads_goods(form, label):
            continue
        if rows and label.middle - rows[-1][0].middle < 1.5 * max(label.height, rows[-1][0].height):
            rows[-1].append(label)
        else:
            rows.append([label])
    return [label for row in rows for label in sorted(row, key=lambda label: label.left)]


def _heads_goods(form: Form, label: Piece) -> bool:
    """Whether a 名称 is what is left of 货物或应税劳务、服务名称: the heads of other columns stand in its row."""
    heads = [p for p in form.labels("rest") if abs(p.middle - label.middle) < 0.75 * label.height]
    return sum("".join(p.text.split()) in _COLUMNS for p in heads) > 1


def _sums(form: Form, fields: Fields) -> None:
    """The row 合计 holds the price and the tax; 价税合计 stands in a row of its own."""
    for label in form.labels("sum"):
        row = [
            Found(value, p.text, (p,), form.sheet)
            for p in sorted(form.pieces, key=lambda p: p.left)
            if p.label is None and p.left > label.right and abs(p.middle - label.middle) < 0.9 * p.height
            and (value := values.amount_with_cents(p.text)) is not None
        ]  # fmt: skip
        if len(row) == 2:
            fields.put("price_without_tax", row[0])
            fields.put("tax", row[1])
            return
