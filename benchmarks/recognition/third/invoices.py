"""增值税发票 of this split: special and common ones on paper, the electronic one of 2016, the digital ones since 2021, a copy without colour."""

from random import Random

from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.drawing import WHITE, bare, billed
from benchmarks.recognition.press import Draft, Form, code, seal
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.places import PLACES
from benchmarks.recognition.third.style import BOOK, DOTS, GOTHIC, OFFICE, PEN, STOUT, SUNG, THIN

KIND = "vat_invoice"
_CSS = (
    "td{font-size:8.4pt;line-height:1.28;padding:.5mm 1.1mm} b{font-weight:normal;color:#1d2033} .i{color:#8a5a34} h1{margin:0;font-size:16pt} .grid td{border-color:#9a6a42}"
    " .v{width:6mm;text-align:center;padding:.4mm} .n td{border-top:none;border-bottom:none} .r{text-align:right} .f{display:flex;justify-content:space-between;font-size:8.8pt;margin:.6mm 0} table{margin-bottom:-.3mm}"
)
# name, model, unit, most of them, percent
_GOODS = (
    ("*机动车*插电式混合动力轿车精品加装", "标准型", "套", 1, 13), ("*移动通信设备*车载终端", "BD-07", "台", 2, 13), ("*劳务*汽车维修费", "", "次", 1, 13),
    ("*保险服务*车辆保险费", "", "份", 1, 6), ("*经纪代理服务*上牌代理费", "", "次", 1, 6), ("*机动车配件*机油滤清器", "OC-1042", "个", 6, 13),
    ("*金融服务*融资租赁手续费", "", "笔", 1, 6), ("*经营租赁*小客车租赁", "6座以下", "天", 9, 13), ("*润滑油*发动机油", "5W-30 4L", "桶", 3, 13),
    ("*现代服务*二手车鉴定评估服务费", "", "项", 1, 6),
)  # fmt: skip


class _Bill:
    """Some lines, what they come to, and their tax."""

    def __init__(self, random: Random, count: int) -> None:
        self.net = self.tax = 0
        self.lines: list[tuple[str, ...]] = []
        for name, model, unit, most, percent in random.sample(_GOODS, count):
            quantity, price = random.randrange(1, most + 1), random.randrange(3_500, 310_000, 41)
            net = quantity * price
            tax = (net * percent + 50) // 100
            self.lines.append((name, model, unit, str(quantity), bare(price), bare(net), f"{percent}%", bare(tax)))
            self.net, self.tax = self.net + net, self.tax + tax


def _lines(form: Form, bill: _Bill, heads: tuple[str, ...], sign: str, gap: int) -> str:
    total = bill.net + bill.tax
    rows = "".join(
        '<tr class="n">' + "".join(f'<td{" class=r" if n > 2 else ""}><b>{cell}</b></td>' for n, cell in enumerate(line)) + "</tr>" for line in bill.lines
    )  # fmt: skip
    head = "".join(f'<td class="middle">{one}</td>' for one in heads)
    return (
        f'<table class="grid"><tr>{head}</tr>{rows}<tr class="n"><td style="height:{gap}mm"></td>{"<td></td>" * 7}</tr><tr class="n"><td class="middle">合　　计</td>{"<td></td>" * 4}'
        f'<td class="r"><b>{form.put("price_without_tax", sign + bare(bill.net), bill.net)}</b></td><td></td><td class="r"><b>{form.put("tax", sign + bare(bill.tax), bill.tax)}</b></td></tr>'
        f'<tr><td class="middle">价税合计（大写）</td><td colspan="4"><b>⊗ {form.put("total_in_words", billed(total))}</b></td><td colspan="3">（小写） <b>{form.put("total", sign + bare(total), total)}</b></td></tr></table>'
    )  # fmt: skip


_OLD = ("货物或应税劳务、服务名称", "规格型号", "单位", "数量", "单价", "金额", "税率", "税额")
_NEW = ("项目名称", "规格型号", "单位", "数量", "单价", "金额", "税率/征收率", "税额")


def _payer(case: Case, *, special: bool) -> Party:
    """Only firms are billed with a special invoice: for a person the lender pays."""
    return case.lender if special and not case.borrower.is_company else case.borrower


def _party(form: Form, one: Party, role: str) -> str:
    random = form.random
    full = one.is_company
    number = form.put({"buyer": "buyer_id", "seller": "seller_tax_id"}[role], one.number) if full else ""
    where = f"{one.address[:22]} {one.phone}" if full or random.random() < 0.3 else ""
    bank = f"{cast.bank(random, random.choice(PLACES))} {cast.account(random)}" if full else ""
    return (
        f"名　　　　称：<b>{form.put(f'{role}_name', one.name)}</b><br>纳税人识别号：<b>{number}</b><br>地 址 、电 话：<b>{where}</b><br>开户行及账号：<b>{bank}</b>"
    )  # fmt: skip


def _paper(case: Case, random: Random, *, title: str, head: str, special: bool, copy: str, typed: str, ink: str, font: str, size: str, grey: bool = False) -> Draft:  # fmt: skip
    form, buyer, seller = Form(random, PEN), _payer(case, special=special), case.dealer
    bill = _Bill(random, random.choice((1, 2, 4)))
    division = seller.number[2:6]
    serial = form.put("invoice_code", f"{division}{case.signed_on:%y}{random.randrange(1, 6)}1{random.choice('37')}0" if special else f"0{division}{case.signed_on:%y}00{random.choice(('104', '105', '411', '111'))}")  # fmt: skip
    number = form.put("invoice_number", f"{random.randrange(10**8):08}")
    day = form.day("issue_date", case.signed_on, "年0")
    secret = "<br>".join("".join(random.choice("0123456789+-*/<>") for _ in range(28)) for _ in range(4))
    top = head.format(serial=serial, number=number, day=day, title=title, copy=copy, check=" ".join(f"{random.randrange(10**5):05}" for _ in range(4)), machine=f"{random.randrange(10**12):012}")  # fmt: skip
    note = random.choice((case.car.plate, f"车架号{case.car.vin}", "", f"合同{case.contract_no}"))
    body = (
        f'<div class="place i">{code(number, x=0, y=0, across=17) if "电子" in title else ""}{top}<table class="grid"><tr><td class="v">购买方</td><td style="width:54%">{_party(form, buyer, "buyer")}</td><td class="v">密码区</td><td><b style="font-size:8pt;font-family:FreeMono">{secret}</b></td></tr></table>'
        f'{_lines(form, bill, _OLD, "￥", 24 if special else 14)}<table class="grid"><tr><td class="v">销售方</td><td style="width:54%">{_party(form, seller, "seller")}</td><td class="v">备注</td><td><b>{note}</b></td></tr></table>'
        f'<p class="f"><span>收款人：<b>{cast.name(random)}</b></span><span>复核：<b>{cast.name(random, female=True)}</b></span><span>开票人：<b>{seller.representative}</b></span><span>销售方：（章）</span></p>'
        f'<div class="place">{seal(seller.name, "发票专用章", x=152, y=-22, across=38, oval=0.7, star=False, tilt=random.uniform(-8, 8)) if not grey else ""}</div></div>'
    )  # fmt: skip
    css = f'{_CSS} b{{font-family:"{typed}";color:{ink}}}' + (
        " .i{color:#4a4a4a} .grid td{border-color:#6a6a6a}" if grey else ""
    )
    return Draft(KIND, body, form, css=css, font=font, size=size, margin="7mm 10mm 9mm", background="#f4f4f4" if grey else "#fdfbf5", faults=case.faults)  # fmt: skip


_PRINTED = (
    '<p class="f" style="font-size:12pt"><b>{serial}</b><span style="font-size:16pt">{title}</span><span>№ <b style="font-size:15pt">{number}</b></span></p>'
    '<p class="f"><span>机器编号：<b>{machine}</b></span><span>{copy}</span><span><b>{serial}<br>{number}</b></span></p><p class="right" style="font-size:8.8pt">开票日期：<b>{day}</b></p>'
)
_ELECTRONIC = '<h1>{title}</h1><p class="right" style="font-size:8.4pt;line-height:1.4;margin-top:-5mm">发票代码：<b>{serial}</b><br>发票号码：<b>{number}</b><br>开票日期：<b>{day}</b><br>校 验 码：<b>{check}</b></p><p style="font-size:8.4pt">机器编号：<b>{machine}</b></p>'


def _province(case: Case) -> str:
    """As the title of a printed invoice names it."""
    seat = next(place for place in PLACES if case.dealer.address.startswith(place.whole))
    name = seat.province or seat.city
    for tail in ("壮族自治区", "维吾尔自治区", "自治区", "省", "市"):
        name = name.removesuffix(tail)
    return name


def special(case: Case, random: Random) -> Draft:
    return _paper(case, random, title=f"{_province(case)}增值税专用发票", head=_PRINTED, special=True, copy="第二联：抵扣联　购买方扣税凭证", typed=DOTS, ink="#3a3a70",
                  font=SUNG, size="240mm 146mm")  # fmt: skip


def common(case: Case, random: Random) -> Draft:
    """The common one on paper, copied without colour."""
    return _paper(case, random, title=f"{_province(case)}增值税普通发票", head=_PRINTED, special=False, copy="第二联：发票联　购买方记账凭证", typed=STOUT, ink="#202020",
                  font=STOUT, size="240mm 142mm", grey=True)  # fmt: skip


def electronic(case: Case, random: Random) -> Draft:
    return _paper(case, random, title=f"{_province(case)}增值税电子普通发票", head=_ELECTRONIC, special=False, copy="", typed=OFFICE, ink="#15182a", font=OFFICE, size="216mm 144mm")  # fmt: skip


def _digital(case: Case, random: Random, *, title: str, lines: int, font: str, note: str, size: str, gap: int) -> Draft:
    form, buyer, seller = Form(random, PEN), _payer(case, special="专用" in title), case.dealer
    bill = _Bill(random, lines)
    number = f"{case.signed_on:%y}{seller.number[2:4]}7{random.randrange(10**15):015}"
    label = "统一社会信用代码/纳税人识别号："
    proof = form.put("buyer_id", buyer.number) if buyer.is_company else ""
    body = (
        f'<div class="place i">{code(number, x=0, y=-2, across=17)}<div style="display:flex"><div style="flex:1;padding-left:22mm"><h1>{title}</h1></div><div style="font-size:8.6pt;width:60mm">发票号码：<b>{form.put("invoice_number", number)}</b><br>开票日期：<b>{form.day("issue_date", case.signed_on, "年0")}</b></div></div>'
        f'<table class="grid" style="margin-top:7mm"><tr><td class="v">购买方信息</td><td style="width:46%">名称：<b>{form.put("buyer_name", buyer.name)}</b><br><br>{label}<b>{proof}</b></td><td class="v">销售方信息</td><td>名称：<b>{form.put("seller_name", seller.name)}</b><br><br>{label}<b>{form.put("seller_tax_id", seller.number)}</b></td></tr></table>'
        f'{_lines(form, bill, _NEW, "¥", gap)}<table class="grid"><tr><td class="v">备注</td><td style="height:15mm;vertical-align:top"><b>{note}</b></td></tr></table><p class="f"><span>开票人：<b>{cast.name(random, female=True)}</b></span></p></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_CSS, font=font, size=size, margin="9mm 10mm 10mm", background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def digital(case: Case, random: Random) -> Draft:
    seller = case.dealer
    note = f"购方地址:{case.borrower.address[:18]};销方开户银行:{cast.bank(random, random.choice(PLACES))};银行账号:{cast.account(random)};收款人:{cast.name(random)};复核人:{seller.representative}"
    return _digital(case, random, title="电子发票（普通发票）", lines=random.choice((1, 3)), font=random.choice((BOOK, THIN)), note=note, size="218mm 142mm", gap=10)  # fmt: skip


def digital_special(case: Case, random: Random) -> Draft:
    """As an office prints it: upright, half of the sheet empty below."""
    note = f"车牌号码：{case.car.plate}　车架号：{case.car.vin}　融资合同编号：{case.contract_no}"
    return _digital(case, random, title="电子发票（增值税专用发票）", lines=4, font=GOTHIC, note=note, size="A4", gap=22)  # fmt: skip


LAYOUTS = (special, common, electronic, digital, digital_special)
