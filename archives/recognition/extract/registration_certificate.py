"""机动车登记证书: the registration pages. Later pages (transfers, liens) are read by their dates in a later version."""

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Grammar
from carloan.archives.recognition.sheet import Sheet

LABELS = {
    "certificate_no": ("机动车登记证书编号", "登记证书编号", "编号"),
    "owner_name": ("机动车所有人/身份证明名称/号码", "机动车所有人", "身份证明名称/号码"),
    "authority": ("登记机关",),
    "register_date": ("登记日期",),
    "plate": ("机动车登记编号",),
    "vehicle_type": ("车辆类型",),
    "brand": ("车辆品牌",),
    "model": ("车辆型号",),
    "vin": ("车辆识别代号/车架号", "车辆识别代号"),
    "engine_no": ("发动机号",),
    "use_character": ("使用性质",),
    "issue_date": ("发证日期",),
    "rest": (
        "车身颜色", "国产/进口", "发动机型号", "燃料种类", "排量/功率", "制造厂名称", "转向形式", "轮距", "轮胎数",
        "轮胎规格", "钢板弹簧片数", "轴距",
        "轴数", "外廓尺寸", "货厢内部尺寸", "总质量", "核定载质量", "核定载客", "准牵引总质量", "驾驶室载客",
        "车辆获得方式", "车辆出厂日期", "发证机关章",
        "注册登记机动车信息栏", "注册登记摘要信息栏",
    ),
}  # fmt: skip


def read(sheet: Sheet) -> Fields:
    """certificate_no, owner_name, plate, vehicle_type, model, vin, engine_no, use_character, dates, authority."""
    form = Form(sheet, LABELS)
    fields = Fields()
    for name, grammar in _GRAMMARS.items():
        fields.put(name, form.below(name, grammar, reach=2.2) or form.beside(name, grammar))
    if "vin" not in fields:
        fields.put("vin", form.anywhere(values.vin_number))
    fields.from_list("use_character")
    return fields


def owner(text: str) -> str | None:
    """The name before the kind of identity paper: 王小明/居民身份证/11010…."""
    return values.party(values.compact(text).split("/")[0])


def office(text: str) -> str | None:
    bare = values.compact(text)
    return bare if len(bare) >= 6 and bare.endswith(("支队", "大队", "总队", "管理所", "车管所", "公安局")) else None


# Values stand under their labels on the printed certificate and beside them on copies.
_GRAMMARS: dict[str, Grammar[str]] = {
    "certificate_no": values.digits(12, 14),
    "owner_name": owner,
    "authority": office,
    "register_date": values.day,
    "plate": values.plate,
    "vehicle_type": values.vehicle_type,
    "model": values.model,
    "vin": values.vin_number,
    "engine_no": values.engine_number,
    "use_character": values.use_character,
    "issue_date": values.day,
}
