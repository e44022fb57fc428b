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
    grid = _Grid(sheet, ink)
    _machine_block(grid, facts)
    _buyer_and_car(grid, facts)
    _sums_and_seller(grid, facts)
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


FIRST = 330
_HEIGHTS = (190, 92, 66, 64, 66, 66, 66, 66, 66, 76, 62)
_TOPS = tuple(TOP + sum(_HEIGHTS[:row]) for row in range(len(_HEIGHTS) + 1))


class _Grid:
    """The frame of eleven rows: label cells and value cells, each behind its column line."""

    def __init__(self, sheet: Sheet, ink: Colour) -> None:
        self.sheet, self.ink = sheet, ink
        sheet.draw.rectangle((LEFT, TOP, RIGHT, _TOPS[-1]), outline=ink, width=3)
        for top in _TOPS[1:-1]:
            sheet.rule(LEFT, top, RIGHT, top, fill=ink)

    def bar(self, row: int, x: float) -> None:
        self.sheet.rule(x, _TOPS[row], x, _TOPS[row + 1], fill=self.ink)

    def cell(self, row: int, x: float, *labels: str, size: int = 27) -> None:
        """A label of one or more lines, centred between the row's lines."""
        if x > LEFT:
            self.bar(row, x)
        step = _HEIGHTS[row] / (len(labels) + 0.4)
        for number, label in enumerate(labels):
            self.sheet.text(x + 14, _TOPS[row] + step * (number + 0.7) - size / 2, label, size, fill=self.ink)

    def put(
        self,
        row: int,
        x: float,
        printed: str,
        *,
        name: str = "",
        value: str | int | None = None,
        size: int = 31,
        drop: float = 0,
    ) -> None:
        """Print in the cell that begins at x; with a `name` it is a field of the paper."""
        self.bar(row, x)
        middle = _TOPS[row] + _HEIGHTS[row] / 2 - size / 2 + drop
        face = face_for(printed)
        if name:
            self.sheet.value(name, x + 18, middle, printed, size, value=value, fill=PRINT, face=face)
        else:
            self.sheet.text(x + 18, middle, printed, size, fill=PRINT, face=face)


def _machine_block(grid: _Grid, facts: VehicleSalesInvoice) -> None:
    """机打代码 and the tax control code, which is noise here."""
    sheet = grid.sheet
    grid.cell(0, LEFT, "机打代码", "机打号码", "机器编号")
    grid.bar(0, FIRST)
    for number, printed in enumerate((facts.invoice_code, facts.invoice_number, f"66160{facts.invoice_number[:7]}")):
        sheet.text(FIRST + 18, TOP + 26 + number * 54, printed, 30, fill=PRINT, face="mono")
    grid.bar(0, 760)
    sheet.column(774, TOP + 34, "税控码", 27, fill=grid.ink, step=44)
    grid.bar(0, 816)
    random = Random(facts.invoice_number)
    for number in range(4):
        code = "".join(random.choice(_DIGITS) for _ in range(38))
        sheet.text(836, TOP + 16 + number * 42, code, 30, fill=PRINT, face="mono", note=False)


def _buyer_and_car(grid: _Grid, facts: VehicleSalesInvoice) -> None:
    grid.cell(1, LEFT, "购买方名称及", "身份证号码/", "组织机构代码", size=24)
    grid.put(1, FIRST, facts.buyer_name, name="buyer_name", size=30, drop=-21)
    grid.sheet.value("buyer_id", FIRST + 18, _TOPS[1] + 52, facts.buyer_id, 31, fill=PRINT, face="mono")
    grid.cell(1, 960, "纳税人识别号")
    grid.put(1, 1150, facts.buyer_id if facts.buyer_id.startswith("9") else "")
    grid.cell(2, LEFT, "车 辆 类 型")
    grid.put(2, FIRST, facts.vehicle_type, name="vehicle_type")
    grid.cell(2, 650, "厂牌型号")
    grid.put(2, 790, facts.model, name="model")
    grid.cell(2, 1240, "产 地")
    grid.put(2, 1330, facts.origin)
    grid.cell(3, LEFT, "合 格 证 号")
    grid.put(3, FIRST, facts.conformity_no, name="certificate_no")
    grid.cell(3, 650, "进口证明书号")
    grid.bar(3, 840)
    grid.cell(3, 1190, "商检单号")
    grid.bar(3, 1330)
    grid.cell(4, LEFT, "发动机号码")
    grid.put(4, FIRST, facts.engine_no, name="engine_no")
    grid.cell(4, 800, "车辆识别代号/车架号码", size=25)
    grid.put(4, 1090, facts.vin, name="vin", size=34)


def _sums_and_seller(grid: _Grid, facts: VehicleSalesInvoice) -> None:
    grid.cell(5, LEFT, "价 税 合 计")
    grid.put(5, FIRST, facts.total_in_words, name="total_in_words", size=31)
    _small(grid, 5, 1130, "total", facts.total)
    for row, labels, printed, name in (
        (6, "销货单位名称", facts.seller_name, "seller_name"),
        (7, "纳税人识别号", facts.seller_tax_id, "seller_tax_id"),
        (8, "地       址", facts.seller_address, ""),
    ):
        grid.cell(row, LEFT, labels, size=26)
        grid.put(row, FIRST, printed, name=name, size=31 if name else 27)
    for row, label, printed, at in (
        (6, "电话", facts.seller_phone, 1140),
        (7, "账号", facts.seller_account, 1140),
        (8, "开户银行", facts.seller_bank, 1190),
    ):
        grid.cell(row, 1060, label, size=25)
        grid.put(row, at, printed, size=29)
    grid.cell(9, LEFT, "增值税税率", "或征收率", size=25)
    grid.put(9, FIRST, "13%")
    grid.cell(9, 500, "增值税", "税 额", size=25)
    grid.put(9, 610, f"¥{money.plain(facts.tax)}", name="tax", value=facts.tax)
    grid.cell(9, 930, "主管税务", "机关及代码", size=25)
    grid.put(9, 1080, facts.tax_office, size=27)
    grid.cell(10, LEFT, "不 含 税 价")
    grid.bar(10, FIRST)
    _small(grid, 10, FIRST + 16, "price_without_tax", facts.price_without_tax)
    grid.cell(10, 680, "完税凭证号码")
    grid.bar(10, 880)
    grid.cell(10, 1170, "吨位")
    grid.put(10, 1250, "-")
    grid.cell(10, 1320, "限乘人数", size=25)
    grid.put(10, 1446, str(facts.seats))


def _small(grid: _Grid, row: int, x: float, name: str, amount: int) -> None:
    """小写: an amount in digits behind its preprinted word."""
    y = _TOPS[row] + _HEIGHTS[row] / 2 - 15
    grid.sheet.text(x, y, "小写", 27, fill=grid.ink, tracking=5)
    grid.sheet.value(name, x + 88, y - 2, f"¥{money.plain(amount)}", 32, value=amount, fill=PRINT, face="mono")


def _holes(sheet: Sheet, layout: int) -> None:
    """The sprocket holes of continuous paper; layout 2 is a torn-off sheet without them."""
    if layout % 3 == 2:
        return
    for x in (44, SIZE[0] - 44):
        for y in range(40, SIZE[1], 88):
            sheet.draw.ellipse((x - 14, y - 14, x + 14, y + 14), fill=(96, 90, 82))
