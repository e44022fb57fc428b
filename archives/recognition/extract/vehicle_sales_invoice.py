"""机动车销售统一发票, printed on the classic form or as a digital invoice."""

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import amounts
from carloan.archives.recognition.extract.claims import doubt_beside_unclaimed
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.sheet import Sheet
from carloan.lib import identity_number, uscc

LABELS = {
    "invoice_code": ("发票代码", "机打代码"),
    "invoice_number": ("发票号码", "机打号码"),
    "issue_date": ("开票日期",),
    "buyer_name": ("购买方名称及", "购买方名称", "购货单位(人)", "购买方信息", "购买方"),
    "buyer_id": (
        "身份证号码/", "身份证号码", "身份证号码/组织机构代码", "组织机构代码",
        "统一社会信用代码/纳税人识别号/身份证明号码", "身份证明号码", "身份证件号码",
        "证件号码/统一社会信用代码",
    ),
    "vehicle_type": ("车辆类型",),
    "model": ("厂牌型号",),
    "certificate_no": ("合格证号",),
    "engine_no": ("发动机号码",),
    "vin": ("车辆识别代号/车架号码", "车辆识别代号", "车架号码"),
    "words": ("价税合计",),
    "total": ("小写",),
    "seller_name": ("销货单位名称", "销售方名称", "销售方信息"),
    "seller_tax_id": ("纳税人识别号", "统一社会信用代码/纳税人识别号"),
    "tax": ("增值税税额", "增值税额", "增值税"),
    "price_without_tax": ("不含税价",),
    "rest": (
        "机器编号", "税控码", "产地", "进口证明书号", "商检单号", "电话", "账号", "地址", "开户银行", "增值税税率",
        "或征收率", "税额",
        "主管税务", "机关及代码", "完税凭证号码", "吨位", "限乘人数", "销货单位盖章", "开票人", "备注",
        "机动车销售统一发票", "发票联",
    ),
}  # fmt: skip

# Names that lie no further below each other (heights of a label) stand side by side; one may be broken over two lines.
_SIDE_BY_SIDE = 1.5


def read(sheet: Sheet) -> Fields:
    """Codes, buyer, vehicle, seller and the three amounts with the total in words."""
    form = Form(sheet, LABELS)
    fields = Fields()
    fields.put("invoice_code", form.beside("invoice_code", values.digits(10, 12), reach=15))
    fields.put("invoice_number", form.beside("invoice_number", values.digits(8, 20), reach=15))
    fields.put("issue_date", form.beside("issue_date", values.day))
    fields.put("buyer_name", form.beside("buyer_name", values.party))
    fields.put("buyer_id", _number_of(form, "buyer") or form.below("buyer_name", values.buyer_number))
    fields.put("vehicle_type", form.beside("vehicle_type", values.vehicle_type))
    fields.put("model", form.beside("model", values.model))
    fields.put("certificate_no", form.beside("certificate_no", values.certificate))
    fields.put("engine_no", form.beside("engine_no", values.engine_number))
    fields.put("vin", form.beside("vin", values.vin_number) or form.anywhere(values.vin_number))
    fields.put("seller_name", form.beside("seller_name", values.organisation))
    fields.put("seller_tax_id", _number_of(form, "seller"))
    doubt_beside_unclaimed(fields, sheet, "buyer_id", "seller_tax_id")
    amounts.put_words(fields, form)
    fields.put("total", amounts.beside_words(form) or _total(form))
    fields.put("price_without_tax", amounts.beside_price(form))
    fields.put("tax", form.beside("tax", values.amount_with_cents))
    amounts.prove(fields)
    return fields


def _total(form: Form) -> Found[int] | None:
    """Beside a 小写 that stands in no row of the price without tax, which has a 小写 of its own."""
    others = form.labels("price_without_tax") + form.labels("tax")
    for label in form.labels("total"):
        if not any(abs(other.middle - label.middle) < 0.75 * label.height for other in others):
            return form.beside_label(label, values.amount_with_cents)
    return None


def _number_of(form: Form, party: str) -> Found[str] | None:
    """The number beside a label in the rows of a party: buyer and seller share 纳税人识别号, and only the row tells."""
    grammar = values.buyer_number if party == "buyer" else _seller_number
    every = form.labels("buyer_id") + form.labels("seller_tax_id")
    for label in sorted(every, key=lambda piece: piece.middle):
        if _bearer(form, label) == party and (found := form.beside_label(label, grammar)):
            return found
    return None


def _bearer(form: Form, label: Piece) -> str | None:
    """Whose name stands in the row of a label, or last above it; nobody's, where neither does. Of two that stand side
    by side each heads a half of the form."""
    names = [(name, "buyer") for name in form.labels("buyer_name")]
    names += [(name, "seller") for name in form.labels("seller_name")]
    above = [(name, party) for name, party in names if name.middle < label.middle + 0.75 * label.height]
    if not above:
        return None
    lowest = max(name.middle for name, _ in above)
    level = [(name.left, party) for name, party in above if lowest - name.middle < _SIDE_BY_SIDE * name.height]
    left = [each for each in level if each[0] < label.left + label.height]
    return max(left)[1] if left else None


def _seller_number(text: str) -> str | None:
    """A dealer is no person."""
    number = values.tax_number(text)
    return None if number and not identity_number.problems(number) and uscc.problems(number) else number
