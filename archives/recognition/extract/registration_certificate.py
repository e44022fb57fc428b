"""机动车登记证书: summary, vehicle page, and the pages of the register with their liens (抵押登记)."""

import re
from dataclasses import replace
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import lien, phrases
from carloan.archives.recognition.extract.field import ALONE, Fields
from carloan.archives.recognition.extract.phrases import SEP
from carloan.archives.recognition.extract.prose import Prose
from carloan.archives.recognition.form import Form, Found, Grammar
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.sheet import Sheet

LABELS: Final = {
    "certificate_no": ("机动车登记证书编号", "登记证书编号", "证书编号", "编号"),
    "owner_name": ("机动车所有人/身份证明名称/号码", "机动车所有人", "所有人/身份证明名称/号码"),
    "owner_id": ("身份证明名称/号码", "身份证明号码"),
    "authority": ("登记机关",),
    "register_date": ("登记日期", "注册登记日期"),
    "plate": ("机动车登记编号", "号牌号码"),
    "vehicle_type": ("车辆类型",),
    "brand": ("车辆品牌",),
    "model": ("车辆型号",),
    "colour": ("车身颜色",),
    "vin": ("车辆识别代号/车架号", "车辆识别代号", "车架号"),
    "origin": ("国产/进口",),
    "engine_no": ("发动机号码", "发动机号"),
    "engine_model": ("发动机型号",),
    "fuel": ("燃料种类",),
    "maker": ("制造厂名称",),
    "use_character": ("使用性质",),
    "made_on": ("车辆出厂日期", "出厂日期"),
    "issue_date": ("发证日期",),
    "rest": (
        "排量/功率", "转向形式", "轮距", "轮胎数", "轮胎规格", "钢板弹簧片数", "轴距", "轴数", "外廓尺寸",
        "货厢内部尺寸", "总质量", "核定载质量", "核定载客", "准牵引总质量", "驾驶室载客", "车辆获得方式", "发证机关章",
        "注册登记机动车信息栏", "注册登记摘要信息栏", "转移登记摘要信息栏", "登记栏", "抵押权人姓名/名称", "抵押权人",
        "抵押登记日期", "解除抵押日期", "抵押登记", "解除抵押登记",
    ),
}  # fmt: skip
# What each registration names: of the first, and of every transfer to another owner.
_OF_AN_ENTRY: Final = ("owner_name", "authority", "register_date", "plate")


def read(sheet: Sheet) -> Fields:
    """Certificate, owner, office, the vehicle, and the last lien of the page."""
    form = Form(sheet, LABELS)
    fields = Fields()
    entries = {name: _beside(form, name, _GRAMMARS[name]) for name in _OF_AN_ENTRY}
    # Each registration names them all: where one of them was read less often, the last one may be missing.
    most = max(map(len, entries.values()))
    unequal = most > 1 and any(len(found) < most for found in entries.values())
    for name, grammar in _GRAMMARS.items():
        found = _value(form, name, grammar)
        fields.put(name, replace(found, alone=True) if found and unequal and name in _OF_AN_ENTRY else found)
    if not form.has("authority") and not form.has("plate"):
        # A page of the register alone: the dates on it are those of its entries.
        fields.pop("register_date", None)
    owner_line = _owner_line(form)
    if owner_line is not None:
        fields.put("owner_id", replace(owner_line, alone=owner_line.alone or unequal))
    if "vin" not in fields:
        fields.put("vin", form.anywhere(values.vin_number))
    fields.from_list("use_character", "origin", "fuel", "colour")
    prose = Prose(Form(sheet, {}))
    numbers = prose.find((rf"证书编号{SEP}(\d{{12,14}})(?!\d)", rf"编号{SEP}(\d{{12,14}})(?!\d)"), lambda m: m[1])
    if "certificate_no" not in fields:
        phrases.put(fields, "certificate_no", numbers)
    lien.put(fields, prose)
    lender = fields.get("mortgagee_id")
    if lender and "owner_id" in fields and fields["owner_id"].value == lender.value:
        del fields["owner_id"]
    if _is_anothers(fields, prose):
        fields.proven("owner_id", by=ALONE)
    return fields


def _is_anothers(fields: Fields, prose: Prose) -> bool:
    """Whether the owner's number has the form of another sort of party's, or below it another one stands that is no
    lender's: of an owner whose label was not read."""
    if "owner_id" not in fields or not fields["owner_id"].parts:
        return False
    own = fields["owner_id"]
    if "owner_name" in fields and not phrases.belongs(str(own.value), str(fields["owner_name"].value)):
        return True
    known = {own.value, *(one.number.value for one in lien.liens(prose) if one.number)}
    edge = prose.form.straight(own.parts[0].corners[3])[1]
    return any(
        hit.value not in known and phrases.is_proven(hit.value) and hit.pieces[0].middle > edge
        for hit in prose.find((phrases.IDENTITY,), phrases.identity)
    )


def _value(form: Form, name: str, grammar: Grammar[str]) -> Found[str] | None:
    """Beside its label, else under it. Of several owners or registrations that follow each other, the last counts."""
    beside = _beside(form, name, grammar)
    if not beside:
        return form.below(name, grammar, reach=2.4)
    if name in ("owner_name", "plate", "authority"):
        last = beside[-1]
        # A transfer page: the present owner is the last one, and a person should see that there are several.
        return last if last.value == beside[0].value else replace(last, doubt=0.8)
    return beside[0]


def _beside(form: Form, name: str, grammar: Grammar[str]) -> list[Found[str]]:
    rows = 1 if name in ("authority", "maker") else 0
    return [found for label in form.labels(name) if (found := form.beside_label(label, grammar, rows_down=rows))]


def _owner_line(form: Form) -> Found[str] | None:
    """The number in 王小明 / 居民身份证 / 110101…, where it stands behind the owner's label."""
    for label in reversed(form.labels("owner_name") + form.labels("owner_id")):
        if not _is_owners(form, label):
            continue
        found = form.beside_label(label, _number_of_owner) or _under(form, label)
        if found:
            return found
    return None


def _under(form: Form, label: Piece) -> Found[str] | None:
    below = [
        piece for piece in form.pieces
        if piece.label is None and 0.4 * label.height < piece.middle - label.middle < 2.4 * label.height
        and piece.right > label.left - label.height
    ]  # fmt: skip
    for piece in below:
        if (number := _number_of_owner(piece.text)) is not None:
            return Found(number, piece.text, (piece,), form.sheet)
    return None


def _is_owners(form: Form, label: Piece) -> bool:
    """Whether a bare 身份证明名称/号码 belongs to an owner's label beside or above it; otherwise it is the lender's."""
    return label.label == "owner_name" or any(
        -0.75 * label.height < label.middle - owner.middle < 3.5 * label.height for owner in form.labels("owner_name")
    )


def _number_of_owner(text: str) -> str | None:
    last = values.compact(text).split("/")[-1]
    return values.id_number(last) or values.tax_number(last)


def owner(text: str) -> str | None:
    """The name before the kind of identity paper: 王小明/居民身份证/11010…."""
    parts = [part for part in re.split(r"[/|]", values.compact(text)) if part]
    name = re.sub(r"(居民身份证|营业执照|统一社会信用代码|组织机构代码证).*$", "", parts[0]) if parts else ""
    return values.party(name) if name else None


def office(text: str) -> str | None:
    bare = values.compact(text)
    ends = ("支队", "大队", "总队", "管理所", "车管所", "公安局", "管理分所", "服务站", "管理局")
    return bare if re.fullmatch(r"[\u3400-\u9fff()]{6,40}", bare) and bare.endswith(ends) else None


def brand(text: str) -> str | None:
    bare = values.compact(text)
    return bare if re.fullmatch(r"[\u4e00-\u9fffA-Za-z()·\-]{1,20}牌", bare) else None


def model(text: str) -> str | None:
    """The model's code alone; a VIN that stands below is none."""
    bare = values.compact(text)
    found = values.model(bare)
    return None if found is None or values.vin_number(bare) or re.search("[/牌]", bare) else found


def engine_model(text: str) -> str | None:
    bare = values.compact(text).upper()
    return bare if re.fullmatch(r"[0-9A-Z][0-9A-Z\-./]{2,15}", bare) else None


_COLOURS: Final = "黑白灰银红蓝绿黄棕紫橙粉金褐米香槟深浅色珍珠"


def colour(text: str) -> str | None:
    bare = values.compact(text)
    is_one = bare and len(bare) <= 8 and all(sign in _COLOURS or sign in "/、" for sign in bare)
    # 深 is what is left of 深蓝.
    return bare if is_one and bare not in ("深", "浅") else None


def fuel(text: str) -> str | None:
    bare = values.compact(text)
    kinds = "汽油|柴油|电|天然气|液化石油气|甲醇|氢|混合动力|太阳能|纯电动|插电式混合动力|燃料电池|油"
    return bare if re.fullmatch(rf"(?:{kinds})(?:/?(?:{kinds}))?", bare) else None


def origin(text: str) -> str | None:
    bare = values.compact(text)
    return bare if bare in ("国产", "进口") else None


_GRAMMARS: Final[dict[str, Grammar[str]]] = {
    "certificate_no": values.digits(12, 14),
    "owner_name": owner,
    "authority": office,
    "register_date": values.day,
    "plate": values.plate,
    "vehicle_type": values.vehicle_type,
    "brand": brand,
    "model": model,
    "colour": colour,
    "vin": values.vin_number,
    "origin": origin,
    "engine_no": values.engine_number,
    "engine_model": engine_model,
    "fuel": fuel,
    "maker": values.organisation,
    "use_character": values.use_character,
    "made_on": values.day,
    "issue_date": values.day,
}
