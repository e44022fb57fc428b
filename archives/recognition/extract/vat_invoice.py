"""增值税发票: special, ordinary, rolls and the digital invoice."""

import re

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import amounts
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Found, Grammar, Piece
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


def read(sheet: Sheet) -> Fields:
    """invoice_code, invoice_number, issue_date, buyer and seller, price_without_tax, tax, total, total_in_words."""
    form = Form(sheet, LABELS)
    fields = Fields()
    _numbers(form, fields)
    fields.put("issue_date", form.beside("issue_date", values.day))
    _parties(form, fields)
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
            fields.put(name, found[0])
        elif not found and name == "invoice_number":
            fields.put(name, _number_beside_code(form, fields))


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
    """Buyer before seller: above it on the classic form, left of it on the digital one."""
    fields.put("buyer_name", form.beside("buyer_name", values.party))
    fields.put("seller_name", form.beside("seller_name", values.party))
    names = _each(form, "party", values.party)
    numbers = _each(form, "tax_id", values.tax_number)
    labels = _reading_order(form, "party")
    if "buyer_name" not in fields and labels:
        fields.put("buyer_name", names.get(0))
    if "seller_name" not in fields and len(labels) > 1:
        fields.put("seller_name", names.get(len(labels) - 1))
    places = _reading_order(form, "tax_id")
    if len(places) > 1:
        first, last = (0, len(places) - 1) if not form.has("seller_name") else (len(places) - 1, 0)
        if fields.get("seller_name") and form.has("seller_name"):
            seller_first = form.labels("seller_name")[0].middle < places[-1].middle
            first, last = (len(places) - 1, 0) if seller_first else (0, len(places) - 1)
        fields.put("buyer_id", numbers.get(first))
        fields.put("seller_tax_id", numbers.get(last))


def _reading_order(form: Form, name: str) -> list[Piece]:
    """Rows from the top, each from the left; labels that stand within a line and a half are one row."""
    rows: list[list[Piece]] = []
    for label in form.labels(name):
        if rows and label.middle - rows[-1][0].middle < 1.5 * max(label.height, rows[-1][0].height):
            rows[-1].append(label)
        else:
            rows.append([label])
    return [label for row in rows for label in sorted(row, key=lambda label: label.left)]


def _each(form: Form, name: str, grammar: Grammar[str]) -> dict[int, Found[str]]:
    found = {}
    for index, label in enumerate(_reading_order(form, name)):
        if value := form.beside_label(label, grammar):
            found[index] = value
    return found


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
