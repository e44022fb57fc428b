"""增值税发票: the printed special invoice, the electronic ordinary one, and the fully digital one (数电票)."""

from random import Random

from carloan.demonstration.specimens import decoration
from carloan.demonstration.specimens.facts import VatInvoice
from carloan.demonstration.specimens.sheet import Colour, Sheet, Specimen, face_for
from carloan.lib import money

SIZE = (1680, 1080)
_INKS: tuple[Colour, ...] = ((112, 74, 52), (138, 56, 50), (128, 52, 52))
PRINT: Colour = (30, 44, 120)
BLACK: Colour = (34, 34, 38)
LEFT, RIGHT = 110, 1570
_COLUMNS = (LEFT, 500, 690, 770, 900, 1060, 1280, 1370, RIGHT)
_HEADS = ("货物或应税劳务、服务名称", "规格型号", "单位", "数 量", "单 价", "金 额", "税率", "税 额")


def draw(facts: VatInvoice, layout: int) -> Specimen:
    digital = not facts.invoice_code
    ink, printed = _INKS[layout % 3], BLACK if digital or layout % 3 == 1 else PRINT
    tint = ((252, 252, 250),) * 3 if digital else ((250, 248, 244), (252, 250, 248), (248, 248, 244))
    sheet = Sheet(decoration.paper(SIZE, (tint[0], tint[1], tint[2]), mark_strength=34))
    if digital:
        _digital_head(sheet, facts, ink)
    else:
        _printed_head(sheet, facts, ink, printed, special=layout % 3 == 0)
    _parties(sheet, facts, ink, printed, digital=digital)
    _items(sheet, facts, ink, printed)
    sheet.text(LEFT, 1010, "开票人:", 28, fill=ink)
    sheet.text(LEFT + 110, 1008, facts.clerk, 28, fill=printed)
    if not digital:
        sheet.text(1120, 1010, "销售方:(章)", 28, fill=ink)
        seal = decoration.round_seal(facts.seller_name, "发票专用章", diameter=250, oval=0.7, star=False)
        decoration.stamp(sheet.image, seal, 1250, 880, tilt=3, opacity=0.6)
    sheet.text(560, 1012, "样本 SPECIMEN", 28, fill=(190, 60, 60), bold=True)
    return sheet.finish(facts.kind, layout)


def _printed_head(sheet: Sheet, facts: VatInvoice, ink: Colour, printed: Colour, *, special: bool) -> None:
    sheet.image.paste(decoration.block_code(118, facts.invoice_number), (120, 50))
    title = f"{facts.province}增值税专用发票" if special else f"{facts.province}增值税电子普通发票"
    sheet.centred(830, 46, title, 52 if special else 44, fill=ink, tracking=8)
    sheet.rule(610, 112, 1070, 112, fill=ink)
    sheet.rule(610, 120, 1070, 120, fill=ink)
    oval = decoration.round_seal("全国统一发票监制章", "样本", diameter=210, oval=0.62, star=False)
    decoration.stamp(sheet.image, oval, 735, 46, opacity=0.6)
    if special:
        sheet.centred(840, 136, "抵扣联", 36, fill=ink, tracking=40)
        sheet.value("invoice_code", 290, 60, facts.invoice_code, 44, face="mono", tracking=3)
        sheet.text(1180, 60, "№", 44)
        sheet.value(
            "invoice_number", 1250, 58, facts.invoice_number, 48, fill=printed, face="mono", tracking=3, bold=True
        )
        top = 150
    else:
        for number, (label, name, value) in enumerate(
            (("发票代码:", "invoice_code", facts.invoice_code), ("发票号码:", "invoice_number", facts.invoice_number))
        ):
            sheet.text(1180, 40 + number * 42, label, 28, fill=ink)
            sheet.value(name, 1310, 38 + number * 42, value, 30, face="mono")
        top = 124
    sheet.text(1180, top, "开票日期:", 28, fill=ink)
    day = facts.issue_date
    sheet.value("issue_date", 1310, top - 2, f"{day:%Y年%m月%d日}", 30, value=day.isoformat(), fill=printed)


def _digital_head(sheet: Sheet, facts: VatInvoice, ink: Colour) -> None:
    sheet.image.paste(decoration.block_code(118, facts.invoice_number, (30, 30, 30)), (120, 44))
    sheet.centred(840, 56, "电子发票（增值税专用发票）", 48, fill=ink)
    sheet.rule(560, 124, 1120, 124, fill=ink)
    sheet.rule(560, 131, 1120, 131, fill=ink)
    oval = decoration.round_seal("全国统一发票监制章", "样本", diameter=200, oval=0.62, star=False)
    decoration.stamp(sheet.image, oval, 740, 40, opacity=0.55)
    sheet.text(1170, 70, "发票号码:", 28, fill=ink)
    sheet.value("invoice_number", 1300, 68, facts.invoice_number, 28, face="mono")
    sheet.text(1170, 116, "开票日期:", 28, fill=ink)
    day = facts.issue_date
    sheet.value("issue_date", 1300, 114, f"{day:%Y年%m月%d日}", 29, value=day.isoformat())


def _parties(sheet: Sheet, facts: VatInvoice, ink: Colour, printed: Colour, *, digital: bool) -> None:
    """Buyer on top and seller at the foot; on the digital invoice side by side."""
    buyer = (
        ("buyer_name", facts.buyer_name),
        ("buyer_id", facts.buyer_id),
        ("", facts.buyer_address),
        ("", facts.buyer_bank),
    )
    seller = (
        ("seller_name", facts.seller_name),
        ("seller_tax_id", facts.seller_tax_id),
        ("", facts.seller_address),
        ("", facts.seller_bank),
    )
    if digital:
        _digital_party(sheet, LEFT, "购买方信息", buyer[:2], ink=ink, printed=printed)
        _digital_party(sheet, 840, "销售方信息", seller[:2], ink=ink, printed=printed)
        return
    for top, word, lines in ((204, "购买方", buyer), (816, "销售方", seller)):
        sheet.draw.rectangle((LEFT, top, RIGHT, top + 170), outline=ink, width=2)
        sheet.rule(LEFT + 56, top, LEFT + 56, top + 170, fill=ink)
        sheet.column(LEFT + 14, top + 26, word, 28, fill=ink, step=44)
        for number, (label, (name, text)) in enumerate(
            zip(("名       称:", "纳税人识别号:", "地 址、电 话:", "开户行及账号:"), lines, strict=True)
        ):
            y = top + 14 + number * 40
            sheet.text(LEFT + 72, y, label, 27, fill=ink)
            size = 32 if number == 1 else 28
            if name:
                sheet.value(
                    name,
                    LEFT + 266,
                    y - 2,
                    text,
                    size,
                    fill=printed,
                    face=face_for(text),
                    tracking=3 if number == 1 else 0,
                )
            else:
                sheet.text(LEFT + 266, y, text, 26, fill=printed)
        sheet.rule(1000, top, 1000, top + 170, fill=ink)
        sheet.rule(1050, top, 1050, top + 170, fill=ink)
        sheet.column(1011, top + 26, "密码区" if word == "购买方" else "备注", 28, fill=ink, step=44)
    random = Random(facts.invoice_number)
    for number in range(4):
        code = "".join(random.choice("0123456789+-*/<>") for _ in range(27))
        sheet.text(1070, 222 + number * 38, code, 32, fill=printed, face="mono", note=False)


def _digital_party(
    sheet: Sheet, x: float, word: str, lines: tuple[tuple[str, str], ...], *, ink: Colour, printed: Colour
) -> None:
    sheet.draw.rectangle((x, 204, x + 730, 374), outline=ink, width=2)
    sheet.rule(x + 52, 204, x + 52, 374, fill=ink)
    sheet.column(x + 12, 214, word, 26, fill=ink, step=30)
    for number, (name, text) in enumerate(lines):
        label = ("名称:", "统一社会信用代码/纳税人识别号:")[number]
        y = 232 + number * 74
        sheet.text(x + 66, y, label, 24, fill=ink)
        at = x + 150 if number == 0 else x + 80 + sheet.width(label, 24)
        sheet.value(name, at, y - 2, text, 27, fill=printed, face=face_for(text))


def _items(sheet: Sheet, facts: VatInvoice, ink: Colour, printed: Colour) -> None:
    top, head, foot = 374, 426, 742
    sheet.draw.rectangle((LEFT, top, RIGHT, 816), outline=ink, width=2)
    for x in _COLUMNS[1:-1]:
        sheet.rule(x, top, x, foot, fill=ink)
    sheet.rule(LEFT, foot, RIGHT, foot, fill=ink)
    for number, label in enumerate(_HEADS):
        sheet.centred((_COLUMNS[number] + _COLUMNS[number + 1]) / 2, top + 14, label, 26, fill=ink)
    unit_price = facts.price_without_tax // facts.quantity
    row = (
        facts.item, facts.specification, facts.unit, str(facts.quantity), money.plain(unit_price),
        money.plain(facts.price_without_tax), f"{facts.tax_percent}%", money.plain(facts.tax),
    )  # fmt: skip
    for number, text in enumerate(row):
        left = number < 3
        at = _COLUMNS[number] + 10 if left else _COLUMNS[number + 1] - 10 - sheet.width(text, 26)
        sheet.text(at, head + 14, text, 26, fill=printed)
    sheet.centred((LEFT + 500) / 2, foot - 46, "合    计", 28, fill=ink)
    for name, right, amount in (("price_without_tax", 1280, facts.price_without_tax), ("tax", RIGHT, facts.tax)):
        text = f"¥{money.plain(amount)}"
        sheet.value(name, right - 14 - sheet.width(text, 30), foot - 48, text, 30, value=amount, fill=printed)
    sheet.centred((LEFT + 500) / 2, foot + 22, "价税合计（大写）", 28, fill=ink)
    sheet.rule(500, foot, 500, 816, fill=ink)
    sheet.draw.ellipse((524, foot + 22, 554, foot + 52), outline=printed, width=2)
    sheet.rule(529, foot + 27, 549, foot + 47, fill=printed)
    sheet.rule(549, foot + 27, 529, foot + 47, fill=printed)
    sheet.value("total_in_words", 568, foot + 21, facts.total_in_words, 31, fill=printed)
    sheet.text(1130, foot + 23, "（小写）", 28, fill=ink)
    sheet.value("total", 1240, foot + 20, f"¥{money.plain(facts.total)}", 32, value=facts.total, fill=printed)
