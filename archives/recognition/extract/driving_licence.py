"""驾驶证: main page and supplementary page, the layouts of 2008 and 2022."""

import re

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import seal
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Sheet

LABELS = {
    "number": ("证号",),
    "name": ("姓名",),
    "sex": ("性别",),
    "address": ("住址",),
    "birth": ("出生日期",),
    "first_issue_date": ("初次领证日期",),
    "licence_class": ("准驾车型",),
    "valid": ("有效期限",),
    "valid_from": ("有效起始日期",),
    "issue_date": ("发证日期", "本次发证日期"),
    "authority": ("发证机关",),
    "title": ("中华人民共和国机动车驾驶证副页", "中华人民共和国机动车驾驶证"),
    "rest": ("国籍", "档案编号", "记录"),
}
NOISE = (
    r"(name|sex|nationality|address|class|valid|record)[ .]*(period|from|for)?\.?|date of .*|issue date"
    r"|.*driving licen[sc]e.*|.*p.?o.?n?ple'?s r.*|.*republic of.*"
)


def read(sheet: Sheet) -> Fields:
    """number, name, sex, address, birth, first_issue_date, licence_class, valid_from, valid_to, authority."""
    form = Form(sheet, LABELS, NOISE)
    fields = Fields()
    fields.put("number", form.beside("number", values.id_number) or form.anywhere(values.id_number))
    fields.put("name", form.beside("name", values.person))
    fields.put("sex", form.beside("sex", values.sex, joined=False))
    fields.put("address", form.beside("address", values.address, rows_down=1))
    fields.put("birth", form.beside("birth", values.day))
    fields.put("first_issue_date", form.beside("first_issue_date", values.day))
    fields.put("licence_class", form.beside("licence_class", values.licence_class))
    fields.from_list("sex", "licence_class")
    seal.put(fields, form)
    fields.put("issue_date", form.beside("issue_date", values.day))
    valid = form.beside("valid", values.period) or form.anywhere(values.period)
    if valid:
        fields.put("valid_from", valid, value=valid.value[0])
        fields.put("valid_to", valid, value=valid.value[1])
    else:
        _by_length(form, fields)
    return fields


def _by_length(form: Form, fields: Fields) -> None:
    """The older layout prints a first day and a length: 有效期限 10年, 长期."""
    start = form.beside("valid_from", values.day)
    fields.put("valid_from", start)
    length = form.beside("valid", _length)
    if start and length:
        year = int(start.value[:4]) + length.value
        end = "long_term" if length.value == 0 else f"{year}{start.value[4:]}".replace("-02-29", "-02-28")
        fields.put("valid_to", length, value=end)


def _length(text: str) -> int | None:
    bare = values.compact(text)
    if bare == "长期":
        return 0
    match = re.fullmatch(r"(6|10|六|十)年", bare)
    return {"6": 6, "10": 10, "六": 6, "十": 10}[match[1]] if match else None
