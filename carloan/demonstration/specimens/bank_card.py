"""银行卡: debit cards of no real design, number embossed or printed, lying or upright."""

from PIL import Image, ImageDraw

from carloan.demonstration.specimens import decoration
from carloan.demonstration.specimens.facts import BankCard
from carloan.demonstration.specimens.sheet import Colour, Sheet, Specimen

LYING, UPRIGHT = (1012, 638), (638, 1012)
_TINTS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((24, 70, 132), (40, 112, 176), (18, 58, 112)),
    ((140, 28, 40), (186, 58, 60), (112, 20, 34)),
    ((30, 34, 42), (66, 70, 82), (22, 26, 34)),
    ((196, 168, 112), (226, 204, 156), (180, 150, 96)),
)


def draw(facts: BankCard, layout: int) -> Specimen:
    """Layouts 0 to 2 lie, layout 3 stands upright with the number in groups over two lines' width."""
    upright = layout == 3
    size = UPRIGHT if upright else LYING
    tints = _TINTS[layout % len(_TINTS)]
    light: Colour = (48, 40, 24) if layout % len(_TINTS) == 3 else (248, 248, 244)
    faint: Colour = (255, 255, 255) if light[0] > 200 else (110, 84, 30)
    paper = decoration.paper(
        size, tints, curves=faint, seed=71 + layout, lines=18, strength=36, mark=faint, mark_strength=30
    )
    sheet = Sheet(paper)
    sheet.value("bank_name", 52, 52, facts.bank_name, 48, fill=light, tracking=4, bold=True)
    sheet.text(52, 118, "借记卡 DEBIT CARD", 24, fill=light)
    _chip(sheet, 82, 214 if not upright else 240)
    number = _grouped(facts.number)
    y = 352 if not upright else 430
    size_px = 66 if not upright else 48
    x = 84 if not upright else 40
    if layout == 0:
        # Embossing: a dark edge below, a light one above, the metal tone on top.
        for shift, tone in ((2, (14, 30, 60)), (-2, (220, 230, 240))):
            sheet.text(x + shift, y + shift, number, size_px, fill=tone, face="mono", bold=True, note=False)
    sheet.value("number", x, y, number, size_px, value=facts.number, fill=light, face="mono", bold=layout == 0)
    below = y + 86
    sheet.text(x + 170, below, "VALID", 18, fill=light)
    sheet.text(x + 170, below + 24, "THRU", 18, fill=light)
    month, end = f"{facts.valid_to:%m/%y}", facts.valid_to.isoformat()
    sheet.value("valid_to", x + 250, below + 4, month, 34, value=end, fill=light, face="mono")
    corner = (size[0] - 230, size[1] - 150)
    for shift, tone in ((0, (200, 36, 48)), (58, (20, 84, 150)), (116, (20, 120, 110))):
        left, top = corner[0] + shift, corner[1]
        slanted = ((left + 18, top), (left + 78, top), (left + 60, top + 92), (left, top + 92))
        sheet.draw.polygon(slanted, fill=tone)
    sheet.text(corner[0] + 30, corner[1] + 34, "银联样本", 28, fill=(255, 255, 255), bold=True)
    sheet.text(52, size[1] - 78, "样本 SPECIMEN", 30, fill=light, bold=True)
    specimen = sheet.finish(facts.kind, layout)
    return specimen.moved(decoration.rounded(specimen.image, 40), radius=40)


def _grouped(number: str) -> str:
    """Sixteen digits stand in fours; the nineteen of a debit card too, with three at the end."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _chip(sheet: Sheet, x: int, y: int) -> None:
    chip = Image.new("RGB", (120, 96), (214, 176, 92))
    pen = Sheet(chip)
    for offset in (32, 64):
        pen.rule(0, offset, 44, offset, fill=(150, 116, 48))
        pen.rule(76, offset, 120, offset, fill=(150, 116, 48))
    pen.draw.rounded_rectangle((44, 22, 76, 74), 10, outline=(150, 116, 48), width=2)
    pen.rule(60, 0, 60, 22, fill=(150, 116, 48))
    pen.rule(60, 74, 60, 96, fill=(150, 116, 48))
    corners = Image.new("L", chip.size, 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, 119, 95), 14, fill=255)
    sheet.image.paste(chip, (x, y), corners)
