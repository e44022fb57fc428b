"""机动车行驶证 and 机动车驾驶证, each with its 副页: side by side, or one above the other."""

from dataclasses import replace
from datetime import date

from PIL import Image

from carloan.demonstration.specimens import decoration
from carloan.demonstration.specimens.facts import DrivingLicence, VehicleLicence
from carloan.demonstration.specimens.sheet import Colour, Sheet, Specimen, face_for

CARD = (1040, 710)
GAP = 48
LABEL: Colour = (64, 66, 72)
_VEHICLE_TINTS = ((222, 232, 232), (240, 222, 226), (218, 236, 232))
_DRIVING_TINTS = ((196, 222, 200), (214, 234, 210), (192, 220, 202))


def vehicle_licence(facts: VehicleLicence, layout: int) -> Specimen:
    main, second = _cards(_VEHICLE_TINTS, (170, 190, 186), 31 + layout)
    _title(main, "中华人民共和国机动车行驶证", "Vehicle License of the People's Republic of China")
    y = 122.0
    _row(main, 60, y, ("号牌号码", "Plate No."), ("plate", facts.plate), until=430)
    _row(main, 440, y, ("车辆类型", "Vehicle Type"), ("vehicle_type", facts.vehicle_type), until=985, at=610)
    _row(main, 60, y + 78, ("所 有 人", "Owner"), ("owner_name", facts.owner_name), until=985)
    _row(
        main,
        60,
        y + 156,
        ("住    址", "Address"),
        ("address", facts.address),
        until=985,
        size=_fitting(main, facts.address, 770, 34),
    )
    _row(main, 60, y + 234, ("使用性质", "Use Character"), ("use_character", facts.use_character), until=400)
    _row(main, 410, y + 234, ("品牌型号", "Model"), ("model", facts.model), until=985, at=570)
    _row(main, 340, y + 312, ("车辆识别代号", "VIN"), ("vin", facts.vin), until=985, at=560)
    _row(main, 340, y + 390, ("发动机号码", "Engine No."), ("engine_no", facts.engine_no), until=985, at=560)
    _row(
        main,
        340,
        y + 468,
        ("注册日期", "Register Date"),
        ("register_date", facts.register_date),
        until=650,
        at=490,
        size=30,
    )
    _row(main, 660, y + 468, ("发证日期", "Issue Date"), ("issue_date", facts.issue_date), until=985, at=810, size=30)
    _office(main, facts.authority)

    labels = (
        ("号牌号码", facts.plate, 60, 60),
        ("档案编号", facts.file_no, 560, 60),
        ("核定载人数", f"{facts.seats}人", 60, 130),
        ("总 质 量", f"{facts.mass + 375 + facts.seats * 15}kg", 560, 130),
        ("整备质量", f"{facts.mass}kg", 60, 200),
        ("核定载质量", "--", 560, 200),
        ("外廓尺寸", f"{facts.size}mm", 60, 270),
        ("准牵引总质量", "--", 640, 270),
        ("备    注", "", 60, 340),
        ("检验记录", "", 60, 470),
    )
    for label, printed, x, top in labels:
        second.text(x, top, label, 26, fill=LABEL)
        if printed:
            second.text(x + 30 + len(label) * 26, top - 4, printed, 32, face="mono")
        second.dotted(x + 20 + len(label) * 26, top + 40, 985 if x > 400 or top > 300 else 540, fill=(140, 150, 150))
    stamp = second.text(194, 466, "检验有效期至", 32, note=False)
    month = second.text(stamp[2] + 6, 466, f"{facts.inspected_to:%Y年%m月}", 32, face="mono", note=False)
    area = second.text(month[2] + 6, 466, facts.plate[:2], 32, note=False)
    inspected = f"检验有效期至{facts.inspected_to:%Y年%m月}{facts.plate[:2]}"
    second.printed(inspected, (stamp[0], stamp[1], area[2], area[3]))
    second.spread("valid_to", [month], f"{facts.inspected_to:%Y年%m月}", facts.inspected_to.isoformat())
    decoration.barcode(second.draw, 520, 560, width=440, height=70, text=facts.file_no)
    second.text(560, 642, f"*{facts.file_no}*", 26, face="mono")
    second.text(60, 640, "样本 SPECIMEN", 30, fill=(190, 60, 60), bold=True)
    return _joined(main, second, facts.kind, layout)


def driving_licence(facts: DrivingLicence, layout: int) -> Specimen:
    main, second = _cards(_DRIVING_TINTS, (150, 190, 158), 51 + layout)
    _title(main, "中华人民共和国机动车驾驶证", "Driving License of the People's Republic of China")
    _number(main, 300, 122, facts.number, named=True)
    _row(main, 60, 182, ("姓名", "Name"), ("name", facts.name), until=470, at=150)
    _row(main, 480, 182, ("性别", "Sex"), ("sex", facts.sex), until=640, at=560)
    _row(main, 650, 182, ("国籍", "Nationality"), (None, "中国"), until=985, at=790)
    _row(
        main,
        60,
        252,
        ("住址", "Address"),
        ("address", facts.address),
        until=985,
        at=150,
        size=_fitting(main, facts.address, 820, 34),
    )
    _row(main, 330, 326, ("出生日期", "Date of Birth"), ("birth", facts.birth), until=740, at=500)
    _row(
        main,
        330,
        390,
        ("初次领证日期", "Date of First Issue"),
        ("first_issue_date", facts.first_issue_date),
        until=740,
        at=540,
        size=32,
    )
    _row(main, 330, 466, ("准驾车型", "Class"), ("licence_class", facts.licence_class), until=740, at=540)
    main.text(60, 630, "有效期限", 26, fill=LABEL)
    main.text(60, 662, "Valid Period", 18, fill=LABEL)
    start = main.value("valid_from", 200, 628, facts.valid_from.isoformat(), 34, face="mono")
    word = main.text(start[2] + 16, 628, "至", 34)
    end = facts.valid_to.isoformat() if facts.valid_to else "长期"
    main.value(
        "valid_to",
        word[2] + 16,
        628,
        end,
        34,
        face="mono",
        value=facts.valid_to.isoformat() if facts.valid_to else "long_term",
    )
    _office(main, facts.authority)
    main.image.paste(
        decoration.portrait(210, 270, female=facts.sex == "女", shade=int(facts.number[-2]) * 3), (770, 390)
    )

    second.centred(CARD[0] / 2, 50, "中华人民共和国机动车驾驶证副页", 40, tracking=4)
    _number(second, 300, 112, facts.number, named=False)
    second.text(60, 182, "姓名", 26, fill=LABEL)
    second.text(150, 178, facts.name, 34)
    second.text(500, 182, "档案编号", 26, fill=LABEL)
    second.text(640, 178, facts.file_no, 34, face="mono")
    second.text(60, 260, "记录", 26, fill=LABEL)
    second.text(150, 256, "请于每个记分周期结束后三十日内接受审验。", 30)
    for top in (220, 300, 380, 460, 540):
        second.dotted(150, top, 985, fill=(130, 150, 134))
    second.text(60, 640, "样本 SPECIMEN", 30, fill=(190, 60, 60), bold=True)
    return _joined(main, second, facts.kind, layout)


def _cards(tints: tuple[Colour, Colour, Colour], curves: Colour, seed: int) -> tuple[Sheet, Sheet]:
    return (
        Sheet(decoration.paper(CARD, tints, curves=curves, seed=seed, lines=24, strength=110)),
        Sheet(decoration.paper(CARD, tints, curves=curves, seed=seed + 7, lines=24, strength=110)),
    )


def _title(sheet: Sheet, chinese: str, english: str) -> None:
    sheet.centred(CARD[0] / 2, 36, chinese, 40, tracking=6, bold=True)
    sheet.centred(CARD[0] / 2, 84, english, 24, fill=LABEL)


def _number(sheet: Sheet, x: float, y: float, number: str, *, named: bool) -> None:
    sheet.draw.rectangle((x - 8, y - 6, x + 84, y + 38), fill=(128, 112, 98))
    sheet.text(x, y, "证号", 32, fill=(244, 240, 232), tracking=8)
    if named:
        sheet.value("number", x + 104, y - 2, number, 36, face="mono", tracking=2)
    else:
        sheet.text(x + 104, y - 2, number, 36, face="mono", tracking=2)


def _row(
    sheet: Sheet,
    x: float,
    y: float,
    labels: tuple[str, str],
    field: tuple[str | None, str | date],
    *,
    until: float,
    at: float | None = None,
    size: int = 34,
) -> None:
    """A label in two languages, the value on a dotted line."""
    name, value = field
    printed = value.isoformat() if isinstance(value, date) else value
    sheet.text(x, y, labels[0], 26, fill=LABEL)
    sheet.text(x, y + 30, labels[1], 17, fill=LABEL)
    start = at if at is not None else x + 130
    face = face_for(printed)
    if name:
        sheet.value(name, start, y - 2, printed, size, face=face)
    else:
        sheet.text(start, y - 2, printed, size)
    sheet.dotted(start - 8, y + 44, until, fill=(140, 150, 150))


def _fitting(sheet: Sheet, text: str, width: float, size: int) -> int:
    """The largest size up to `size` at which the text fits one line."""
    while size > 22 and sheet.width(text, size) > width:
        size -= 1
    return size


def _office(sheet: Sheet, authority: str) -> None:
    columns = -(-len(authority) // 3)
    decoration.stamp(sheet.image, decoration.square_seal(authority, size=(250, 190), columns=columns), 56, 416)
    sheet.printed(authority, (56, 416, 306, 606))
    sheet.spread("authority", [(56, 416, 306, 606)], authority, authority)


def _joined(main: Sheet, second: Sheet, kind: str, layout: int) -> Specimen:
    """Both cards on one picture: next to each other (even layouts) or one above the other (odd)."""
    upright = layout % 2 == 1
    around = (250, 250, 248) if layout < 2 else (96, 92, 88)
    size = (CARD[0] + 2 * GAP, 2 * CARD[1] + 3 * GAP) if upright else (2 * CARD[0] + 3 * GAP, CARD[1] + 2 * GAP)
    page = Image.new("RGB", size, around)
    page.paste(decoration.rounded(main.image, 34, around), (GAP, GAP))
    place = (GAP, CARD[1] + 2 * GAP) if upright else (CARD[0] + 2 * GAP, GAP)
    page.paste(decoration.rounded(second.image, 34, around), place)
    first = main.finish(kind, layout).placed(page, (GAP, GAP))
    back = second.finish(kind, layout).placed(page, place)
    return replace(first, fields=first.fields | back.fields, lines=(*first.lines, *back.lines))
