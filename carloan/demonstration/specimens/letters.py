"""A4 pages: 借款合同 (the page with the terms), 机动车登记证书 (first page) and 结清证明."""

from datetime import date

from carloan.demonstration.specimens import decoration
from carloan.demonstration.specimens.facts import LoanContract, RegistrationCertificate, SettlementCertificate
from carloan.demonstration.specimens.sheet import Colour, Sheet, Specimen, face_for
from carloan.lib import money

A4 = (1240, 1754)
LEFT, RIGHT = 140, 1100
GREEN: Colour = (60, 96, 72)
_WHITE = ((252, 252, 250), (253, 253, 252), (251, 252, 251))


def loan_contract(facts: LoanContract, layout: int) -> Specimen:
    """Layout 0 states the terms in sentences, layout 1 in a table."""
    sheet = Sheet(decoration.paper(A4, _WHITE, mark_strength=32))
    sheet.centred(
        620,
        120,
        "个人汽车借款合同"
        if len(facts.borrower_id) == 18 and not facts.borrower_id.startswith("9")
        else "汽车借款合同",
        52,
        bold=True,
    )
    y = _line(sheet, 214, "合同编号：", ("contract_no", facts.contract_no, None), left=700)
    y = _line(sheet, y + 40, "贷款人（甲方）：", (None, facts.lender, None))
    y = _line(sheet, y, "借款人（乙方）：", ("borrower_name", facts.borrower_name, None))
    y = _line(sheet, y, "证件号码：", ("borrower_id", facts.borrower_id, None))
    y = _line(sheet, y, "住    址：", (None, facts.borrower_address, None))
    y = _line(sheet, y, "联系电话：", (None, facts.borrower_phone, None))
    sheet.text(LEFT, y + 10, "甲乙双方经协商一致，就乙方向甲方借款购买机动车事宜订立本合同，共同遵守。", 26)
    y += 76
    y = _clauses(sheet, y, facts) if layout % 2 == 0 else _terms_table(sheet, y, facts)
    for clause in (
        "第五条  乙方以所购车辆为本合同项下债务提供抵押担保，并于车辆登记后三十日内办理抵押登记。",
        "第六条  乙方未按期足额还款的，甲方有权就逾期部分自逾期之日起按合同利率加收百分之五十的罚息。",
        "第七条  本合同自双方签字或盖章之日起生效，一式两份，双方各执一份。",
    ):
        for number, part in enumerate(_broken(sheet, clause, 26, RIGHT - LEFT)):
            sheet.text(LEFT, y + number * 42, part, 26)
        y += 42 * len(_broken(sheet, clause, 26, RIGHT - LEFT)) + 16
    y = max(y + 40, 1430)
    sheet.text(LEFT, y, "甲方（盖章）：", 28)
    sheet.text(680, y, "乙方（签字）：", 28)
    sheet.text(860, y - 6, facts.borrower_name, 36, fill=(40, 50, 110))
    sheet.text(LEFT, y + 80, "签订日期：", 28)
    _day(sheet, "issue_date", LEFT + 150, y + 80, facts.issue_date)
    decoration.stamp(
        sheet.image, decoration.round_seal(facts.lender, "合同专用章", diameter=270), 480, y - 130, tilt=-5, opacity=0.7
    )
    return _signed(sheet, facts.kind, layout)


def settlement_certificate(facts: SettlementCertificate, layout: int) -> Specimen:
    sheet = Sheet(decoration.paper(A4, _WHITE, mark_strength=32))
    sheet.centred(620, 190, "贷款结清证明" if layout % 2 == 0 else "结 清 证 明", 60, bold=True)
    _line(sheet, 300, "编号：", (None, facts.certificate_no, None), left=760)
    y = 400.0
    for label, name, printed, value in (
        ("合同编号：", "contract_no", facts.contract_no, None),
        ("借款人：", "borrower_name", facts.borrower_name, None),
        ("证件号码：", "borrower_id", facts.borrower_id, None),
        ("借款金额：", "principal", f"人民币{money.plain(facts.principal)}元", facts.principal),
        ("号牌号码：", "plate", facts.plate, None),
        ("车辆识别代号：", "vin", facts.vin, None),
    ):
        y = _line(sheet, y, label, (name, printed, value))
    day = facts.settled_on
    sheet.text(LEFT, y + 40, "上述借款的本金、利息及其他应付款项已于", 30)
    at = sheet.value("settled_on", LEFT, y + 96, f"{day.year}年{day.month}月{day.day}日", 30, value=day.isoformat())
    sheet.text(at[2] + 4, y + 96, "全部结清，借款合同项下权利义务终止。", 30)
    sheet.text(LEFT, y + 172, "我单位同意解除上述车辆的抵押登记。特此证明。", 30)
    foot = y + 330 + (layout % 2) * 60
    sheet.text(1100 - sheet.width(facts.lender, 32), foot, facts.lender, 32)
    _day(sheet, "issue_date", 860, foot + 64, facts.issue_date)
    decoration.stamp(
        sheet.image,
        decoration.round_seal(facts.lender, "业务专用章", diameter=280),
        790,
        foot - 120,
        tilt=4,
        opacity=0.7,
    )
    return _signed(sheet, facts.kind, layout)


def registration_certificate(facts: RegistrationCertificate, layout: int) -> Specimen:
    """登记摘要 with owner rows on top, the vehicle's facts below; a lien stands in the second registration row."""
    tints = (
        ((232, 242, 232), (244, 246, 236), (228, 240, 232))
        if layout % 2 == 0
        else ((240, 240, 228), (246, 244, 236), (236, 240, 230))
    )
    sheet = Sheet(decoration.paper(A4, tints, curves=(170, 196, 176), seed=91 + layout, lines=40, strength=80))
    sheet.centred(620, 70, "机动车登记证书", 54, fill=GREEN, tracking=14, bold=True)
    sheet.text(680, 160, "编号", 28, fill=GREEN)
    sheet.value("certificate_no", 760, 156, facts.certificate_no, 36, face="mono", tracking=4)
    sheet.centred(620, 220, "注 册 登 记 摘 要 信 息 栏", 30, fill=GREEN)
    top = 280
    sheet.draw.rectangle((100, top, 1140, 620), outline=GREEN, width=3)
    paper = "/ 营业执照 /" if facts.owner_id.startswith("9") else "/ 居民身份证 /"
    rows = (
        (
            "1.机动车所有人/身份证明名称/号码",
            [("owner_name", facts.owner_name), ("", paper), ("", facts.owner_id)],
        ),
        ("2.登记机关", [("authority", facts.authority)]),
        ("3.登记日期", [("register_date", facts.register_date.isoformat())]),
        ("4.机动车登记编号", [("plate", facts.plate)]),
    )
    for number, (label, values) in enumerate(rows):
        y = top + number * 85
        sheet.rule(100, y, 1140, y, fill=GREEN)
        sheet.text(116, y + 10, label, 24, fill=GREEN)
        _run(sheet, 140, y + 44, values)
    sheet.rule(100, 620, 1140, 620, fill=GREEN)
    lien = f"抵押权人:{facts.mortgagee}  抵押登记日期:{facts.mortgaged_on.isoformat()}" if facts.mortgaged_on else ""
    sheet.text(116, 632, "抵押登记", 24, fill=GREEN)
    sheet.text(240, 630, lien, 26)
    sheet.draw.rectangle((100, 676, 1140, 1532), outline=GREEN, width=3)
    sheet.centred(620, 690, "注 册 登 记 机 动 车 信 息 栏", 30, fill=GREEN)
    _vehicle_rows(sheet, facts)
    decoration.stamp(
        sheet.image,
        decoration.round_seal(facts.authority[:14], "登记专用章", diameter=240),
        860,
        1290,
        tilt=-3,
        opacity=0.6,
    )
    return _signed(sheet, facts.kind, layout)


def _vehicle_rows(sheet: Sheet, facts: RegistrationCertificate) -> None:
    pairs = (
        ("5.车辆类型", "vehicle_type", facts.vehicle_type, "6.车辆品牌", "", facts.model.split("牌")[0] + "牌"),
        ("7.车辆型号", "model", facts.model.split("牌")[-1], "8.车身颜色", "", facts.colour),
        ("9.车辆识别代号/车架号", "vin", facts.vin, "10.国产/进口", "", "国产"),
        ("11.发动机号", "engine_no", facts.engine_no, "12.发动机型号", "", facts.engine_no[:5]),
        ("18.制造厂名称", "", facts.maker, "20.总质量", "", f"{facts.mass + 450} 千克"),
        ("22.轴数", "", "2", "23.轴距", "", "2700 毫米"),
        ("24.外廓尺寸", "", f"{facts.size} 毫米", "25.核定载客", "", f"{facts.seats} 人"),
        ("30.使用性质", "use_character", facts.use_character, "31.车辆获得方式", "", "购买"),
        ("32.车辆出厂日期", "", facts.made.isoformat(), "33.发证日期", "issue_date", facts.issue_date.isoformat()),
    )
    for number, (label, name, printed, label2, name2, printed2) in enumerate(pairs):
        y = 740 + number * 88
        sheet.rule(100, y, 1140, y, fill=GREEN)
        sheet.rule(660, y, 660, y + 88, fill=GREEN)
        for x, one, key, text in ((116, label, name, printed), (676, label2, name2, printed2)):
            sheet.text(x, y + 10, one, 24, fill=GREEN)
            _run(sheet, x + 24, y + 44, [(key, text)])


def _run(sheet: Sheet, x: float, y: float, values: list[tuple[str, str]]) -> None:
    """Values one after the other on a line; those without a name are only print."""
    for name, text in values:
        face = face_for(text)
        box = sheet.value(name, x, y, text, 30, face=face) if name else sheet.text(x, y, text, 28, face=face)
        x = box[2] + 18


def _line(
    sheet: Sheet, y: float, label: str, field: tuple[str | None, str, str | int | None], *, left: float = LEFT
) -> float:
    """Label and underlined value; the answer is where the next line begins."""
    name, printed, value = field
    box = sheet.text(left, y, label, 30)
    at = max(box[2] + 8, left + 90)
    if name:
        sheet.value(name, at, y, printed, 30, value=value)
    else:
        sheet.text(at, y, printed, 28)
    sheet.rule(at - 4, y + 42, RIGHT, y + 42, fill=(90, 90, 94), width=1)
    return y + 62


def _clauses(sheet: Sheet, y: float, facts: LoanContract) -> float:
    sheet.text(LEFT, y, "第一条  借款金额为人民币（大写）", 28)
    sheet.value("total_in_words", LEFT + 450, y, facts.principal_in_words, 28)
    sheet.text(LEFT + 90, y + 48, "（小写）", 28)
    sheet.value("principal", LEFT + 200, y + 48, f"¥{money.plain(facts.principal)}", 30, value=facts.principal)
    y += 110
    box = sheet.text(LEFT, y, "第二条  借款期限为", 28)
    box = sheet.value("term_months", box[2] + 10, y, f"{facts.term_months}个月", 28, value=facts.term_months)
    sheet.text(box[2] + 10, y, "，自实际放款日起算，按月等额归还。", 28)
    y += 62
    box = sheet.text(LEFT, y, "第三条  借款年利率为", 28)
    box = sheet.value("rate", box[2] + 10, y, money.show_rate(facts.rate), 28, value=facts.rate)
    sheet.text(box[2] + 10, y, "（单利），固定不变。", 28)
    y += 62
    sheet.text(LEFT, y, "第四条  借款仅用于购买以下车辆：", 28)
    sheet.text(LEFT + 440, y, facts.vehicle, 28)
    box = sheet.text(LEFT + 90, y + 50, "车辆识别代号：", 28)
    sheet.value("vin", box[2] + 8, y + 50, facts.vin, 28, face="mono")
    return y + 116


def _terms_table(sheet: Sheet, y: float, facts: LoanContract) -> float:
    rows: tuple[tuple[str, str, str, str | int | None], ...] = (
        ("借款金额（大写）", "total_in_words", facts.principal_in_words, None),
        ("借款金额（小写）", "principal", f"¥{money.plain(facts.principal)}", facts.principal),
        ("借款期限", "term_months", f"{facts.term_months}个月", facts.term_months),
        ("年利率（单利）", "rate", money.show_rate(facts.rate), facts.rate),
        ("所购车辆", "", facts.vehicle, None),
        ("车辆识别代号", "vin", facts.vin, None),
    )
    for number, (label, name, printed, value) in enumerate(rows):
        top = y + number * 62
        sheet.draw.rectangle((LEFT, top, RIGHT, top + 62), outline=(70, 70, 74), width=2)
        sheet.rule(LEFT + 300, top, LEFT + 300, top + 62, fill=(70, 70, 74))
        sheet.text(LEFT + 16, top + 16, label, 28)
        if name:
            sheet.value(name, LEFT + 320, top + 16, printed, 28, value=value)
        else:
            sheet.text(LEFT + 320, top + 16, printed, 28)
    return y + len(rows) * 62 + 30


def _broken(sheet: Sheet, text: str, size: int, width: float) -> list[str]:
    lines = [""]
    for letter in text:
        if sheet.width(lines[-1] + letter, size) > width and letter not in "，。、；":
            lines.append("")
        lines[-1] += letter
    return lines


def _day(sheet: Sheet, name: str, x: float, y: float, day: date) -> None:
    sheet.value(name, x, y, f"{day.year}年{day.month}月{day.day}日", 30, value=day.isoformat())


def _signed(sheet: Sheet, kind: str, layout: int) -> Specimen:
    sheet.text(LEFT, 1680, "样本 SPECIMEN  仅供演示，无任何效力", 28, fill=(190, 60, 60), bold=True)
    return sheet.finish(kind, layout)
