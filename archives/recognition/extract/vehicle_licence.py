"""行驶证: main page and supplementary page, on one picture or two."""

import re
from dataclasses import replace

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import seal
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Found, Grammar
from carloan.archives.recognition.sheet import Sheet

LABELS = {
    "plate": ("号牌号码",),
    "vehicle_type": ("车辆类型",),
    "owner_name": ("所有人",),
    "address": ("住址",),
    "use_character": ("使用性质",),
    "model": ("品牌型号",),
    "vin": ("车辆识别代号",),
    "engine_no": ("发动机号码", "发动机号"),
    "authority": ("发证机关",),
    "register_date": ("注册日期",),
    "issue_date": ("发证日期",),
    "inspection": ("检验记录",),
    "title": ("中华人民共和国机动车行驶证副页", "中华人民共和国机动车行驶证"),
    "rest": (
        "档案编号", "核定载人数", "总质量", "整备质量", "核定载质量", "外廓尺寸", "准牵引总质量", "备注", "证芯编号",
        "能源种类",
    ),
}  # fmt: skip
NOISE = (
    r"(plate|vehicle|owner|address|use|model|mode\)?|vin|engine|register|issue)"
    r"[ .]*(no\.?|type|character|date|license.*)?\.?"
    r"|.*licen[sc]e of the.*|.*people'?s republic.*"
)


def read(sheet: Sheet) -> Fields:
    """plate, vehicle_type, owner_name, address, use_character, model, vin, engine_no, dates, authority, valid_to."""
    form = Form(sheet, LABELS, NOISE)
    fields = Fields()
    plate = _value(form, "plate", values.plate) or form.anywhere(values.plate)
    fields.put("plate", plate)
    for name, grammar in (("vehicle_type", values.vehicle_type), ("use_character", values.use_character)):
        fields.put(name, _value(form, name, grammar) or form.anywhere(grammar))
    address = _value(form, "address", values.address) or form.anywhere(values.begins_with_place, doubt=0.96)
    fields.put("address", address)
    fields.put("owner_name", _value(form, "owner_name", values.party) or _between(form, plate, address))
    fields.put("model", _value(form, "model", values.model))
    fields.put("vin", _value(form, "vin", values.vin_number) or form.anywhere(values.vin_number))
    for name, grammar in (
        ("engine_no", values.engine_number), ("register_date", values.day), ("issue_date", values.day),
    ):  # fmt: skip
        fields.put(name, _value(form, name, grammar))
    seal.put(fields, form)
    fields.put("valid_to", _last_inspection(form))
    fields.from_list("use_character")
    return fields


def _value(form: Form, name: str, grammar: Grammar[str]) -> Found[str] | None:
    """Beside its label; on the telephone's licence, whose labels are small and stand over their values, below it."""
    rows = 1 if name == "address" else 0
    found = form.beside(name, grammar, rows_down=rows)
    return found or (form.below(name, grammar, rows_down=rows) if form.heads_values() else None)


def _last_inspection(form: Form) -> Found[str] | None:
    """The latest of the stamps of inspection. Of several a later one may not have been read."""
    stamps = form.everywhere(inspected_until)
    if not stamps:
        return None
    last = max(stamps, key=lambda found: found.value)
    return last if len({found.value for found in stamps}) == 1 else replace(last, alone=True)


def inspected_until(text: str) -> str | None:
    """检验有效期至2015年06月: valid until the last day of that month."""
    match = re.search(r"(?:检验)?有效期至(\d{4})年(\d{1,2})月", values.compact(text))
    if not match or not 1 <= int(match[2]) <= 12:
        return None
    return values.last_of_month(int(match[1]), int(match[2]))


def plates(sheet: Sheet) -> set[str]:
    """Every plate printed on the page: main and supplementary page must name the same."""
    return {found.value.upper() for found in Form(sheet, LABELS, NOISE).everywhere(values.plate)}


def _between(form: Form, plate: Found[str] | None, address: Found[str] | None) -> Found[str] | None:
    """The owner stands between plate and address in the same column; a small 所有人 label is often lost."""
    if plate is None or address is None:
        return None
    above, under = plate.pieces[0], address.pieces[0]
    for piece in form.pieces:
        level = above.middle + 0.5 * above.height < piece.middle < under.middle - 0.5 * under.height
        in_column = piece.label is None and abs(piece.left - under.left) < 2 * under.height
        if level and in_column and (value := values.party(piece.text)) is not None:
            return Found(value, piece.text, (piece,), form.sheet, doubt=0.97)
    return None
