"""机动车销售统一发票: the six-part printed form, and the plain sheet of the paperless one."""

from random import Random

from carloan.demonstration.specimens import decoration
from carloan.demonstration.specimens.facts import VehicleSalesInvoice
from carloan.demonstration.specimens.sheet import Colour, Sheet, Specimen, face_for
from carloan.lib import money

SIZE = (1680, 1220)
# Preprinted lines and labels: brown (older stock), blue-grey and dark red.
_INKS: tuple[Colour, ...] = ((120, 84, 66), (70, 88, 112), (128, 58, 58))
_TINTS = (
    ((236, 238, 232), (246, 240, 238), (232, 238, 236)),
    ((240, 243, 246), (246, 246, 248), (238, 242, 246)),
    ((248, 240, 236), (250, 244, 242), (246, 240, 238)),
)
PRINT: Colour = (44, 46, 66)
LEFT, TOP, RIGHT = 130, 224, 1550
_DIGITS = "0123456789+-*/<>"


def draw(facts: VehicleSalesInvoice, layout: int) -> Specimen:
    ink = _INKS[layout % 3]
    sheet = Sheet(decoration.paper(SIZE, _TINTS[layout % 3], curves=None, mark_strength=38))
    _holes(sheet, layout)
    _head(sheet, facts, ink)
    _grid(sheet, facts, ink)
    sheet.text(LEFT, 1130, "销货单位盖章", 28, fill=ink, tracking=4)
    sheet.text(720, 1130, "开票人", 28, fill=ink, tracking=4)
    sheet.text(840, 1128, "管理员", 28, fill=PRINT)
    sheet.text(1180, 1130, "备注:一车一票", 28, fill=ink, tracking=4)
    sheet.column(1572, 400, "第一联发票联（购货单位付款凭证）", 24, fill=ink, step=31)
    seal = decoration.round_seal(facts.seller_name, "发票专用章", diameter=250, oval=0.72, star=False)
    decoration.stamp(sheet.image, seal, 380, 1010, tilt=-4, opacity=0.62)
    sheet.text(LEFT, 1172, "样本 SPECIMEN", 28, fill=(190, 60, 60), bold=True)
    return sheet.finish(facts.kind, layout)


def _head(sheet: Sheet, facts: VehicleSalesInvoice, ink: Colour) -> None:
    sheet.centred(840, 58, "机动车销售统一发票", 52, fill=ink, tracking=26)
    sheet.centred(840, 130, "发票联", 40, fill=ink, tracking=60)
    oval = decoration.round_seal("全国统一发票监制章", "样本", diameter=230, oval=0.62, star=False)
    decoration.stamp(sheet.image, oval, 725, 40, opacity=0.6)
    sheet.text(LEFT + 6, 176, "开票日期", 28, fill=ink, tracking=6)
    sheet.value("issue_date", 300, 174, facts.issue_date.isoformat(), 32, fill=PRINT, face="mono", tracking=2)
    sheet.text(1180, 128, "发票代码", 28, fill=ink, tracking=4)
    sheet.value("invoice_code", 1320, 124, facts.invoice_code, 34, fill=PRINT, face="mono", tracking=2)
    sheet.text(1180, 172, "发票号码", 28, fill=ink, tracking=4)
    sheet.value("invoice_number", 1320, 168, facts.invoice_number, 34, fill=PRINT, face="mono", tracking=2)


def _grid(sheet: Sheet, facts: VehicleSalesInvoice, ink: Colour) -> None:
    """Twelve rows of label and value cells, from the top of the frame to its foot."""
    heights = (190, 92, 66, 64, 66, 66, 66, 66, 66, 76, 62)
    tops = [TOP]
    for height in heights:
        tops.append(tops[-1] + height)
    sheet.draw.rectangle((LEFT, TOP, RIGHT, tops[-1]), outline=ink, width=3)
    for top in tops[1:-1]:
        sheet.rule(LEFT, top, RIGHT, top, fill=ink)

    def cell(row: int, x: float, *labels: str, size: int = 27) -> None:
        """A column line at x with its label beside it."""
        if x > LEFT:
            sheet.rule(x, tops[row], x, tops[row + 1], fill=ink)
        step = (tops[row + 1] - tops[row]) / (len(labels) + 0.4)
        for number, label in enumerate(labels):
            sheet.text(x + 14, tops[row] + step * (number + 0.7) - size / 2, label, size, fill=ink)

    def put(
        name: str, row: int, x: float, printed: str, *, value: str | int | None = None, size: int = 31, drop: float = 0
    ) -> None:
        middle = (tops[row] + tops[row + 1]) / 2 - size / 2 + drop
        sheet.rule(x, tops[row], x, tops[row + 1], fill=ink)
        face = face_for(printed)
        if name:
            sheet.value(name, x + 18, middle, printed, size, value=value, fill=PRINT, face=face)
        else:
            sheet.text(x + 18, middle, printed, size, fill=PRINT, face=face)

    first = 330
    cell(0, LEFT, "机打代码", "机打号码", "机器编号")
    sheet.rule(first, tops[0], first, tops[1], fill=ink)
    for number, printed in enumerate((facts.invoice_code, facts.invoice_number, f"66160{facts.invoice_number[:7]}")):
        sheet.text(first + 18, tops[0] + 26 + number * 54, printed, 30, fill=PRINT, face="mono")
    sheet.rule(760, tops[0], 760, tops[1], fill=ink)
    sheet.column(774, tops[0] + 34, "税控码", 27, fill=ink, step=44)
    sheet.rule(816, tops[0], 816, tops[1], fill=ink)
    random = Random(facts.invoice_number)
    for number in range(4):
        sheet.text(
            836,
            tops[0] + 16 + number * 42,
            "".join(random.choice(_DIGITS) for _ in range(38)),
            30,
            fill=PRINT,
            face="mono",
            note=False,
        )

    cell(1, LEFT, "购买方名称及", "身份证号码/", "组织机构代码", size=24)
    put("buyer_name", 1, first, facts.buyer_name, size=30, drop=-21)
    sheet.value("buyer_id", first + 18, tops[1] + 52, facts.buyer_id, 31, fill=PRINT, face="mono")
    cell(1, 960, "纳税人识别号")
    put("", 1, 1150, facts.buyer_id if facts.buyer_id.startswith("9") else "")
    cell(2, LEFT, "车 辆 类 型")
    put("vehicle_type", 2, first, facts.vehicle_type)
    cell(2, 650, "厂牌型号")
    put("model", 2, 790, facts.model)
    cell(2, 1240, "产 地")
    put("", 2, 1330, facts.origin)
    cell(3, LEFT, "合 格 证 号")
    put("certificate_no", 3, first, facts.conformity_no)
    cell(3, 650, "进口证明书号")
    put("", 3, 840, "")
    cell(3, 1190, "商检单号")
    put("", 3, 1330, "")
    cell(4, LEFT, "发动机号码")
    put("engine_no", 4, first, facts.engine_no)
    cell(4, 800, "车辆识别代号/车架号码", size=25)
    put("vin", 4, 1090, facts.vin, size=34)
    cell(5, LEFT, "价 税 合 计")
    put("total_in_words", 5, first, facts.total_in_words, size=31)
    sheet.text(1130, tops[5] + 20, "小写", 28, fill=ink, tracking=6)
    sheet.value(
        "total", 1222, tops[5] + 17, f"¥{money.plain(facts.total)}", 33, value=facts.total, fill=PRINT, face="mono"
    )
    cell(6, LEFT, "销货单位名称", size=26)
    put("seller_name", 6, first, facts.seller_name)
    cell(6, 1060, "电话")
    put("", 6, 1140, facts.seller_phone)
    cell(7, LEFT, "纳税人识别号", size=26)
    put("seller_tax_id", 7, first, facts.seller_tax_id)
    cell(7, 1060, "账号")
    put("", 7, 1140, facts.seller_account)
    cell(8, LEFT, "地       址")
    put("", 8, first, facts.seller_address, size=27)
    cell(8, 1060, "开户银行", size=24)
    put("", 8, 1190, facts.seller_bank, size=28)
    cell(9, LEFT, "增值税税率", "或征收率", size=25)
    put("", 9, first, "13%")
    cell(9, 500, "增值税", "税 额", size=25)
    put("tax", 9, 610, f"¥{money.plain(facts.tax)}", value=facts.tax)
    cell(9, 930, "主管税务", "机关及代码", size=25)
    put("", 9, 1080, facts.tax_office, size=27)
    cell(10, LEFT, "不 含 税 价")
    sheet.rule(first, tops[10], first, tops[11], fill=ink)
    sheet.text(first + 16, tops[10] + 18, "小写", 27, fill=ink, tracking=4)
    sheet.value("price_without_tax", first + 96, tops[10] + 15, f"¥{money.plain(facts.price_without_tax)}", 31, value=facts.price_without_tax, fill=PRINT, face="mono")  # fmt: skip
    cell(10, 680, "完税凭证号码")
    put("", 10, 880, "")
    cell(10, 1170, "吨位")
    put("", 10, 1250, "-")
    cell(10, 1320, "限乘人数", size=25)
    put("", 10, 1446, str(facts.seats))


def _holes(sheet: Sheet, layout: int) -> None:
    """The sprocket holes of continuous paper; layout 2 is a torn-off sheet without them."""
    if layout % 3 == 2:
        return
    for x in (44, SIZE[0] - 44):
        for y in range(40, SIZE[1], 88):
            sheet.draw.ellipse((x - 14, y - 14, x + 14, y + 14), fill=(96, 90, 82))
