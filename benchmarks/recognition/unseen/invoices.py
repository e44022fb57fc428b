"""增值税发票 of this split: a special one on paper, the electronic special and common ones of 2020, the digital ones on two sizes."""

from random import Random

from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.drawing import WHITE, bare, billed
from benchmarks.recognition.press import Draft, Form, code, seal
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.places import PLACES
from benchmarks.recognition.unseen.style import DOTS, FANG, HEI, KAI_OFFICE, PEN, SLIM, SONG, SONG_ALONE, TYPED

KIND = "vat_invoice"
_CSS = (
    "h1{font-weight:normal;margin:0;font-size:17pt} b{font-weight:normal} td{font-size:8.4pt;line-height:1.3;padding:.5mm 1mm} .v{width:6.4mm;text-align:center;padding:.3mm}"
    " .n td{border-top-color:transparent;border-bottom-color:transparent} .r{text-align:right} .m{text-align:center} .f{display:flex;justify-content:space-between;font-size:8.8pt;margin:.8mm 0} table{margin-bottom:-.3mm} p{text-align:left}"
)
# name, model, unit, most of them, percent
_GOODS = (
    ("*机动车配件*制动片", "前轮 4片装", "套", 2, 13), ("*橡胶制品*轮胎", "225/55R18", "条", 4, 13), ("*修理修配劳务*事故车维修", "", "次", 1, 13), ("*专用设备*行车记录仪", "4K 双镜头", "台", 1, 13),
    ("*物流辅助服务*车辆保管费", "", "月", 3, 6), ("*金融服务*贷款服务费", "", "期", 1, 6), ("*保险服务*机动车商业保险", "", "份", 1, 6), ("*信息技术服务*车载定位系统服务费", "", "年", 2, 6),
    ("*经营租赁*有形动产租赁", "轻型货车", "月", 2, 13), ("*石油制品*车用尿素溶液", "10KG", "桶", 8, 13), ("*玻璃制品*前挡风玻璃膜", "全车", "套", 1, 13), ("*居民日常服务*洗车卡", "", "张", 5, 6),
)  # fmt: skip
_OLD = ("货物或应税劳务、服务名称", "规格型号", "单位", "数量", "单价", "金额", "税率", "税额")
_NEW = ("项目名称", "规格型号", "单位", "数量", "单价", "金额", "税率/征收率", "税额")


class _Bill:
    """Some lines, what they come to, and their tax."""

    def __init__(self, random: Random, count: int) -> None:
        self.net = self.tax = 0
        self.lines: list[tuple[str, ...]] = []
        for name, model, unit, most, percent in random.sample(_GOODS, count):
            quantity, price = random.randrange(1, most + 1), random.randrange(2_800, 420_000, 37)
            net = quantity * price
            tax = (net * percent + 50) // 100
            self.lines.append((name, model, unit, str(quantity), bare(price), bare(net), f"{percent}%", bare(tax)))
            self.net, self.tax = self.net + net, self.tax + tax


def _table(form: Form, bill: _Bill, heads: tuple[str, ...], gap: int) -> str:
    rows = "".join(
        '<tr class="n">' + "".join(f'<td class="{"r" if n in (4, 5, 7) else "m" if n > 1 else ""}"><b>{cell}</b></td>' for n, cell in enumerate(line)) + "</tr>"
        for line in bill.lines
    )  # fmt: skip
    wide = (26, 12, 6, 8, 13, 14, 8, 13)
    head = "".join(f'<td class="m" style="width:{share}%">{one}</td>' for one, share in zip(heads, wide, strict=True))
    total = bill.net + bill.tax
    return (
        f'<table class="grid"><tr>{head}</tr>{rows}<tr class="n"><td style="height:{gap}mm"></td>{"<td></td>" * 7}</tr><tr class="n"><td class="m">合　　　计</td>{"<td></td>" * 4}<td class="r"><b>{form.put("price_without_tax", "¥" + bare(bill.net), bill.net)}</b></td><td></td><td class="r"><b>{form.put("tax", "¥" + bare(bill.tax), bill.tax)}</b></td></tr>'
        f'<tr><td class="m">价税合计（大写）</td><td colspan="4"><b>⊗ {form.put("total_in_words", billed(total))}</b></td><td colspan="3">（小写）<b>{form.put("total", "¥" + bare(total), total)}</b></td></tr></table>'
    )  # fmt: skip


def _payer(case: Case, *, special: bool) -> Party:
    """Special invoices are made out to firms; for a person the lender pays."""
    return case.lender if special and not case.borrower.is_company else case.borrower


def _party(form: Form, one: Party, role: str) -> str:
    """The four lines of who buys or sells; of a person only the name and now and then a telephone are known."""
    random, full = form.random, one.is_company
    number = form.put({"buyer": "buyer_id", "seller": "seller_tax_id"}[role], one.number) if full else ""
    where = f"{one.address[:20]} {one.phone}" if full else ""
    bank = f"{cast.bank(random, random.choice(PLACES))} {cast.account(random)}" if full else ""
    rows = (
        ("名　　　　称", form.put(f"{role}_name", one.name)),
        ("纳税人识别号", number),
        ("地址、电话", where),
        ("开户行及账号", bank),
    )
    return "<br>".join(f"{label}：<b>{value}</b>" for label, value in rows)


def _province(case: Case) -> str:
    """As the title of an invoice names it."""
    seat = next(place for place in PLACES if case.dealer.address.startswith(place.whole))
    name = seat.province or seat.city
    for tail in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"):
        name = name.removesuffix(tail)
    return name


def _numbers(form: Form, case: Case, *, electronic: bool) -> tuple[str, str]:
    random, division = form.random, case.dealer.number[2:6]
    serial = f"0{division}{case.signed_on:%y}00{random.choice(('113', '213', '311', '511'))}" if electronic else f"{division}{case.signed_on:%y}{random.randrange(1, 5)}1{random.choice('36')}0"  # fmt: skip
    return form.put("invoice_code", serial), form.put("invoice_number", f"{random.randrange(10**8):08}")


def _secret(random: Random) -> str:
    return "<br>".join("".join(random.choice("0123456789+-*/<>") for _ in range(27)) for _ in range(4))


def _sheet(case: Case, form: Form, bill: _Bill, *, top: str, note: str, gap: int, special: bool) -> str:
    """The table of 2009-2025, below whatever stands on top of it."""
    random, seller = form.random, case.dealer
    return (
        f'{top}<table class="grid"><tr><td class="v">购<br>买<br>方</td><td style="width:55%">{_party(form, _payer(case, special=special), "buyer")}</td><td class="v">密<br>码<br>区</td><td><b style="font-family:Cousine;font-size:8.2pt;line-height:1.35;display:block">{_secret(random)}</b></td></tr></table>{_table(form, bill, _OLD, gap)}'
        f'<table class="grid"><tr><td class="v">销<br>售<br>方</td><td style="width:55%">{_party(form, seller, "seller")}</td><td class="v">备<br>注</td><td style="vertical-align:top"><b>{note}</b></td></tr></table>'
        f'<div class="f"><span>收款人：<b>{cast.name(random)}</b></span><span>复核：<b>{cast.name(random)}</b></span><span>开票人：<b>{cast.name(random, female=True)}</b></span><span>销售方：（章）</span></div>'
    )  # fmt: skip


def special(case: Case, random: Random) -> Draft:
    """The buyer's books' copy of the special invoice, typed by a matrix printer, the seal over its foot."""
    form, bill = Form(random, PEN), _Bill(random, random.choice((1, 2, 3)))
    serial, number = _numbers(form, case, electronic=False)
    top = (
        f'<div class="f" style="align-items:flex-end"><span style="font-size:13pt;color:#333">{serial}</span><span style="font-size:17pt;letter-spacing:1mm;border-bottom:.9mm double">{_province(case)}增值税专用发票</span><span style="font-size:13pt">No <span style="color:#333">{number}</span></span></div>'
        f'<div class="f"><span>税总函〔2021〕样张印制</span><span>第三联：发票联　购买方记账凭证</span><span>开票日期：<b>{form.day("issue_date", case.signed_on, "年0")}</b></span></div>'
    )  # fmt: skip
    stamp = f'<div class="place">{seal(case.dealer.name, "发票专用章", x=158, y=-22, across=38, oval=0.72, star=False, tilt=random.uniform(-10, 10))}</div>'
    body = f'<div class="i">{_sheet(case, form, bill, top=top, note=random.choice((f"合同号：{case.contract_no}", f"车架号：{case.car.vin}", "")), gap=16, special=True)}{stamp}</div>'
    css = f'{_CSS} .i{{color:#8a4a2c}} .grid td{{border-color:#8a4a2c}} .n td{{border-top-color:transparent;border-bottom-color:transparent}} b{{font-family:"{DOTS}";color:#2b2b50;font-size:.98em}}'
    return Draft(KIND, body, form, css=css, font=SONG_ALONE, size="240mm 150mm", margin="7mm 10mm 9mm", background="#fdfaf4", faults=case.faults)  # fmt: skip


def _electronic(case: Case, random: Random, *, title: str, special_one: bool, font: str, lines: int, frame: str, typed: str) -> Draft:  # fmt: skip
    form, bill = Form(random, PEN), _Bill(random, lines)
    serial, number = _numbers(form, case, electronic=True)
    check = " ".join(f"{random.randrange(10**5):05}" for _ in range(4))
    top = (
        f'<div class="place" style="height:22mm">{code(serial + number, x=0, y=0, across=18)}<h1 style="text-align:center;padding-top:2mm">{_province(case)}{title}</h1><div style="position:absolute;right:0;top:0;font-size:8.6pt;line-height:1.45">发票代码：<b>{serial}</b><br>发票号码：<b>{number}</b><br>开票日期：<b>{form.day("issue_date", case.signed_on, "年 ")}</b><br>校 验 码：<b>{check}</b></div></div>'
        f'<p style="font-size:8.6pt;margin:0">机器编号：<b>{random.randrange(10**12):012}</b></p>'
    )  # fmt: skip
    note = random.choice(("", f"车牌号：{case.car.plate}", f"订单号：{random.randrange(10**10):010}"))
    body = f'<div class="i">{_sheet(case, form, bill, top=top, note=note, gap=12, special=special_one)}</div>'
    css = f'{_CSS} .i{{color:{frame}}} .grid td{{border-color:{frame}}} .n td{{border-top-color:transparent;border-bottom-color:transparent}} b{{font-family:"{typed}";color:#1c1c24}}'
    return Draft(KIND, body, form, css=css, font=font, size="216mm 148mm", margin="7mm 9mm 9mm", background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def electronic_special(case: Case, random: Random) -> Draft:
    """增值税电子专用发票 of 2020-2024."""
    return _electronic(case, random, title="增值税电子专用发票", special_one=True, font=FANG, lines=random.choice((1, 2)), frame="#7d3b1f", typed=SONG)  # fmt: skip


def electronic_common(case: Case, random: Random) -> Draft:
    """The common one as it is printed at a counter, without colour."""
    return _electronic(case, random, title="增值税电子普通发票", special_one=False, font=HEI, lines=random.choice((1, 3)), frame="#4c4c4c", typed=TYPED)  # fmt: skip


def _digital(case: Case, random: Random, *, title: str, lines: int, font: str, size: str, margin: str, gap: int, note: str) -> Draft:  # fmt: skip
    form, buyer, seller, bill = (
        Form(random, PEN),
        _payer(case, special="专用" in title),
        case.dealer,
        _Bill(random, lines),
    )
    number = form.put("invoice_number", f"{case.signed_on:%y}{seller.number[2:4]}2{random.randrange(10**15):015}")
    proof = form.put("buyer_id", buyer.number) if buyer.is_company else ""
    label = "统一社会信用代码/纳税人识别号："
    body = (
        f'<div class="place">{code(number, x=1, y=-1, across=19)}<h1 style="text-align:center;border-bottom:.8mm double #8a2d22;width:84mm;margin:0 auto;padding-bottom:.6mm">{title}</h1><div style="text-align:left;margin-left:70%;font-size:8.8pt;line-height:1.5">发票号码：<b>{number}</b><br>开票日期：<b>{form.day("issue_date", case.signed_on, "年0")}</b></div>'
        f'<table class="grid" style="margin-top:3.4mm"><tr><td class="v">购<br>买<br>方<br>信<br>息</td><td style="width:47%">名称：<b>{form.put("buyer_name", buyer.name)}</b><br><br>{label}<b>{proof}</b></td><td class="v">销<br>售<br>方<br>信<br>息</td><td>名称：<b>{form.put("seller_name", seller.name)}</b><br><br>{label}<b>{form.put("seller_tax_id", seller.number)}</b></td></tr></table>'
        f'{_table(form, bill, _NEW, gap)}<table class="grid"><tr><td class="v">备<br><br>注</td><td style="vertical-align:top;height:16mm"><b>{note}</b></td></tr></table><p style="font-size:8.8pt;margin:2mm 0 0 12mm">开票人：<b>{cast.name(random)}</b></p></div>'
    )  # fmt: skip
    css = f"{_CSS} h1,td,p,.place{{color:#8a2d22}} .grid td{{border-color:#a8645a}} .n td{{border-top-color:transparent;border-bottom-color:transparent}} b{{color:#161616}}"
    return Draft(KIND, body, form, css=css, font=font, size=size, margin=margin, background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def digital(case: Case, random: Random) -> Draft:
    return _digital(case, random, title="电子发票（普通发票）", lines=random.choice((1, 2)), font=random.choice((SONG, KAI_OFFICE)), size="214mm 142mm", margin="8mm 9mm 9mm", gap=18, note=random.choice(("", f"收款人：{cast.name(random)}；复核人：{cast.name(random)}")))  # fmt: skip


def digital_special(case: Case, random: Random) -> Draft:
    """Printed on an upright sheet, many lines, banks and addresses in the note."""
    seller, payer = case.dealer, _payer(case, special=True)
    note = f"购买方地址：{payer.address}　电话：{payer.phone}<br>销售方地址：{seller.address}　电话：{seller.phone}<br>销售方开户银行：{cast.bank(random, random.choice(PLACES))}　账号：{cast.account(random)}"
    return _digital(case, random, title="电子发票（增值税专用发票）", lines=5, font=SLIM, size="A4", margin="14mm 11mm 14mm", gap=30, note=note)  # fmt: skip


LAYOUTS = (special, electronic_special, electronic_common, digital, digital_special)
