"""身份证: both sides of the resident's card, on one picture or two."""

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Sheet

LABELS = {
    "name": ("姓名",),
    "sex": ("性别",),
    "ethnicity": ("民族",),
    "birth": ("出生",),
    "address": ("住址",),
    "number": ("公民身份号码", "公民身份证号码"),
    "authority": ("签发机关",),
    "valid": ("有效期限",),
    "title": ("中华人民共和国", "居民身份证"),
}


def read(sheet: Sheet) -> Fields:
    """name, sex, ethnicity, birth, address, number; authority, valid_from, valid_to."""
    form = Form(sheet, LABELS)
    fields = Fields()
    fields.put("name", form.beside("name", values.person))
    fields.put("sex", form.beside("sex", values.sex, joined=False))
    fields.put("ethnicity", form.beside("ethnicity", values.ethnicity))
    fields.put("birth", form.beside("birth", values.day))
    fields.put("address", form.beside("address", values.address, rows_down=3))
    fields.put("number", form.beside("number", values.id_number) or form.anywhere(values.id_number))
    fields.put("authority", form.beside("authority", authority, rows_down=1))
    valid = form.beside("valid", values.period) or form.anywhere(values.period)
    if valid:
        fields.put("valid_from", valid, value=valid.value[0])
        fields.put("valid_to", valid, value=valid.value[1])
    fields.from_list("sex", "ethnicity")
    return fields


def authority(text: str) -> str | None:
    bare = values.compact(text)
    return bare if len(bare) >= 4 and bare.endswith(("公安局", "分局", "公安厅", "公安处", "管理局")) else None
