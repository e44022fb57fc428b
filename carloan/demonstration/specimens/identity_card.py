"""居民身份证, second generation: portrait side and emblem side, in the three ways it reaches a lender."""

from datetime import date

from PIL import Image, ImageOps

from carloan.demonstration.specimens import decoration
from carloan.demonstration.specimens.facts import IdCardBack, IdCardFront
from carloan.demonstration.specimens.sheet import Colour, Sheet, Specimen

SIZE = (1012, 638)
BLUE: Colour = (36, 92, 148)
_FRONT_TINTS = (
    ((222, 234, 240), (240, 232, 234), (218, 234, 242)),
    ((214, 230, 240), (236, 226, 232), (226, 238, 240)),
)
_BACK_TINTS = (((206, 228, 238), (244, 232, 234), (204, 228, 240)), ((212, 236, 236), (238, 230, 236), (210, 230, 240)))
# Left edges and tops of the rows: production batches differ by a millimetre or two.
_PLACES = ((72, 78, 78), (66, 70, 80))


def front(facts: IdCardFront, layout: int) -> Specimen:
    batch = layout % 2
    left, top, row = _PLACES[batch]
    paper = decoration.paper(SIZE, _FRONT_TINTS[batch], curves=(150, 176, 206), seed=11 + batch, lines=34, strength=110)
    sheet = Sheet(paper)
    at = left + 118
    for number, label in enumerate(("姓 名", "性 别", "出 生", "住 址")):
        sheet.text(left, top + number * row, label, 32, fill=BLUE)
    sheet.value("name", at, top - 3, facts.name, 40, tracking=6)
    sheet.value("sex", at, top + row - 1, facts.sex, 35)
    sheet.text(at + 120, top + row, "民 族", 32, fill=BLUE)
    sheet.value("ethnicity", at + 230, top + row - 1, facts.ethnicity, 35)
    _birth(sheet, at, top + 2 * row, facts.birth)
    sheet.value("address", at, top + 3 * row - 1, facts.address, 35, width=400, leading=1.4, tracking=1)
    sheet.text(left, 538, "公民身份号码", 34, fill=BLUE)
    sheet.value("number", left + 262, 534, facts.number, 42, face="mono", tracking=5, bold=True)
    _portrait(sheet, facts)
    sheet.text(700, 478, "样本 SPECIMEN", 28, fill=(190, 60, 60), bold=True)
    return _mounted(sheet.finish(facts.kind, layout), layout)


def back(facts: IdCardBack, layout: int) -> Specimen:
    batch = layout % 2
    paper = decoration.paper(SIZE, _BACK_TINTS[batch], curves=(168, 190, 214), seed=23 + batch, lines=34, strength=120)
    sheet = Sheet(paper)
    disc = decoration.emblem(196)
    paper.paste(disc, (66, 56), disc)
    sheet.text(330, 76, "中华人民共和国", 56, tracking=22, bold=True)
    sheet.text(312, 190, "居民身份证", 82, tracking=44, bold=True)
    sheet.text(76, 286, "样本 SPECIMEN", 26, fill=(190, 60, 60), bold=True)
    left = 236 + batch * 12
    sheet.text(left, 468, "签发机关", 34, bold=True)
    sheet.value("authority", left + 176, 468, facts.authority, 36)
    sheet.text(left, 548, "有效期限", 34, bold=True)
    end = f"{facts.valid_to:%Y.%m.%d}" if facts.valid_to else "长期"
    start = sheet.text(left + 176, 548, f"{facts.valid_from:%Y.%m.%d}", 36, note=False)
    dash = sheet.text(start[2] + 4, 548, "-", 36, note=False)
    stop = sheet.text(dash[2] + 6, 548, end, 36, note=False)
    sheet.spread("valid_from", [start], f"{facts.valid_from:%Y.%m.%d}", facts.valid_from.isoformat())
    sheet.spread("valid_to", [stop], end, facts.valid_to.isoformat() if facts.valid_to else "long_term")
    sheet.printed(f"{facts.valid_from:%Y.%m.%d}-{end}", (start[0], start[1], stop[2], stop[3]))
    return _mounted(sheet.finish(facts.kind, layout), layout)


def _birth(sheet: Sheet, x: float, y: float, birth: date) -> None:
    """Digits in black between the preprinted 年 月 日."""
    parts = []
    for number, unit in ((birth.year, "年"), (birth.month, "月"), (birth.day, "日")):
        parts.append(sheet.text(x, y, str(number), 35, note=False))
        x = parts[-1][2] + 16
        parts.append(sheet.text(x, y + 1, unit, 32, fill=BLUE, note=False))
        x = parts[-1][2] + 16
    printed = f"{birth.year}年{birth.month}月{birth.day}日"
    sheet.printed(printed, (parts[0][0], parts[0][1], parts[-1][2], parts[-1][3]))
    sheet.spread("birth", parts, printed, birth.isoformat())


def _portrait(sheet: Sheet, facts: IdCardFront) -> None:
    face = decoration.portrait(
        290, 360, female=facts.sex == "女", shade=int(facts.number[-2]) * 3, background=(226, 232, 238)
    )
    sheet.image.paste(face, (655, 96))


def _mounted(card: Specimen, layout: int) -> Specimen:
    """Layouts 2 and 3 are copies: the card in grey on a white sheet, as copiers and scanners leave it."""
    image = decoration.rounded(card.image, 36)
    if layout < 2:
        return card.moved(image, radius=36)
    grey = ImageOps.autocontrast(ImageOps.grayscale(image), cutoff=(2, 1)) if layout == 3 else image
    width, height = 1240, 900
    x, y = (width - SIZE[0]) // 2, 110
    page = Image.new("RGB", (width, height), (252, 252, 250))
    page.paste(grey.convert("RGB"), (x, y))
    note = Sheet(page)
    note.text(x, height - 90, "样本 SPECIMEN  仅供演示", 26, fill=(150, 150, 150))
    return card.placed(page, (x, y))
