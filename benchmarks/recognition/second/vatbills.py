"""增值税发票 of the new world: two printed editions and two digital ones."""

from random import Random

from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.press import Draft, Form, code, seal
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import HEI, LIGHT, PALE, PEN, SONG, bare
from benchmarks.recognition.second.places import PLACES
from carloan.lib import money

KIND = "vat_invoice"
_CSS = (
    "td{font-size:8.4pt;line-height:1.3;padding:.6mm 1.2mm} h1{font-size:16pt;margin:0} .i{color:#8c5a3c} b{font-weight:normal;color:#1b2140}"
    " .grid td{border-color:#a5714f} .n td{border-top:none;border-bottom:none} .r{text-align:right} .side{width:6.5mm;text-align:center;padding:.5mm}"
)
# name, model, unit, quantity at most, tax in percent
_GOODS = (
    ("*机动车*小型轿车保养套餐", "5000km", "次", 2, 13), ("*机动车配件*行车记录仪", "A800S", "台", 2, 13), ("*劳务*钣金喷漆", "", "项", 3, 13),
    ("*保险服务*机动车商业保险费", "", "年", 1, 6), ("*经营租赁*车辆租赁费", "", "月", 6, 13), ("*金融服务*贷款手续费", "", "笔", 1, 6),
    ("*机动车配件*轮胎", "225/55R18", "条", 4, 13), ("*现代服务*代办上牌服务费", "", "次", 1, 6),
)  # fmt: skip


class _Bill:
    """Some lines and their sums."""

    def __init__(self, random: Random, count: int) -> None:
        self.lines: list[tuple[str, ...]] = []
        self.net = self.tax = 0
        for name, model, unit, most, percent in random.sample(_GOODS, count):
            quantity, price = random.randrange(1, most + 1), random.randrange(4_000, 260_000, 37)
            net = quantity * price
            tax = (net * percent + 50) // 100
            self.lines.append((name, model, unit, str(quantity), bare(price), bare(net), f"{percent}%", bare(tax)))
            self.net, self.tax = self.net + net, self.tax + tax


def _table(form: Form, bill: _Bill, *, heads: tuple[str, ...], sign: str, empty: int) -> str:
    rows = "".join(
        "<tr class='n'>" + "".join(f'<td class="{"r" if place > 2 else ""}"><b>{cell}</b></td>' for place, cell in enumerate(line)) + "</tr>"
        for line in bill.lines
    )  # fmt: skip
    total = bill.net + bill.tax
    return (
        '<table class="grid"><tr>' + "".join(f'<td class="middle">{head}</td>' for head in heads) + f'</tr>{rows}<tr class="n"><td style="height:{empty}mm"></td>{"<td></td>" * 7}</tr>'
        f'<tr class="n"><td class="middle">合　　　计</td><td></td><td></td><td></td><td></td><td class="r"><b>{form.put("price_without_tax", sign + bare(bill.net), bill.net)}</b></td><td></td><td class="r"><b>{form.put("tax", sign + bare(bill.tax), bill.tax)}</b></td></tr>'
        f'<tr><td class="middle">价税合计（大写）</td><td colspan="4"><b>⊗ {form.put("total_in_words", money.to_capitals(total))}</b></td><td colspan="3">（小写）<b>{form.put("total", sign + bare(total), total)}</b></td></tr></table>'
    )  # fmt: skip


_OLD_HEADS = ("货物或应税劳务、服务名称", "规格型号", "单位", "数 量", "单 价", "金 额", "税率", "税 额")
_NEW_HEADS = ("项目名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率/征收率", "税 额")


def _buyer(case: Case, *, special: bool) -> Party:
    """A special invoice is only given to firms: what a person's dealer bills then, the lender pays."""
    return case.lender if special and not case.borrower.is_company else case.borrower


def _party(form: Form, one: Party, role: str, *, number: bool = True) -> str:
    tax_name = {"buyer": "buyer_id", "seller": "seller_tax_id"}[role]
    shown = form.put(tax_name, one.number) if number else ""
    account = f"{cast.bank(form.random, form.random.choice(PLACES))} {cast.account(form.random)}" if number else ""
    return (
        f"名　　　　称：<b>{form.put(f'{role}_name', one.name)}</b><br>纳税人识别号：<b>{shown}</b><br>地 址、电 话：<b>{one.address[:20]} {one.phone}</b><br>开户行及账号：<b>{account}</b>"
    )  # fmt: skip


def _old(case: Case, random: Random, *, special: bool) -> Draft:
    form, one, seller = Form(random, PEN), _buyer(case, special=special), case.dealer
    bill = _Bill(random, random.choice((1, 2, 3)))
    province = seller.address.split("省")[0] if "省" in seller.address[:4] else seller.address[:2]
    serial = (
        f"{seller.number[2:6]}{case.signed_on:%y}{random.randrange(1, 4)}1{random.randrange(10, 60)}0"
        if special
        else f"0{seller.number[2:6]}{case.signed_on:%y}00{random.randrange(100, 999)}"
    )
    secret = "<br>".join("".join(random.choice("0123456789+-*/<>") for _ in range(26)) for _ in range(4))
    number = form.put("invoice_number", f"{random.randrange(10**8):08}")
    day = form.day("issue_date", case.signed_on, "年0")
    serial = form.put("invoice_code", serial)
    if special:
        head = (
            f'<p style="display:flex;justify-content:space-between;font-size:12pt"><b>{serial}</b><span style="font-size:15pt;color:#8c5a3c">{province}增值税专用发票</span><span>№ <b style="font-size:14pt">{number}</b></span></p>'
            f'<p style="display:flex;justify-content:space-between;font-size:8.4pt"><span></span><span>发 票 联</span><span>开票日期：<b>{day}</b></span></p>'
        )
    else:
        check = " ".join(f"{random.randrange(10**5):05}" for _ in range(4))
        head = (
            f'{code(number, x=0, y=0, across=19)}<h1>{province}增值税电子普通发票</h1><div style="text-align:right;font-size:8.4pt;line-height:1.3">发票代码：<b>{serial}</b><br>发票号码：<b>{number}</b><br>开票日期：<b>{day}</b><br>校 验 码：<b>{check}</b></div>'
            f'<p style="font-size:8.4pt">机器编号：<b>{random.randrange(10**12):012}</b></p>'
        )
    body = (
        f'<div class="place i">{head}<table class="grid"><tr><td class="side">购买方</td><td style="width:112mm">{_party(form, one, "buyer", number=one.is_company)}</td><td class="side">密码区</td><td><b style="font-family:Liberation Mono;font-size:8pt">{secret}</b></td></tr></table>'
        f"{_table(form, bill, heads=_OLD_HEADS, sign='￥', empty=16 if special else 10)}"
        f'<table class="grid"><tr><td class="side">销售方</td><td style="width:112mm">{_party(form, seller, "seller")}</td><td class="side">备注</td><td><b>{case.car.plate if random.random() < 0.5 else ""}</b></td></tr></table>'
        f'<p style="font-size:8.8pt;display:flex;justify-content:space-between"><span>收款人：<b>{cast.name(random)}</b></span><span>复核：<b>{cast.name(random)}</b></span><span>开票人：<b>{seller.representative}</b></span><span>销售方：（章）</span></p>'
        f'{seal(seller.name, "发票专用章", x=160, y=92, across=38, oval=0.68, star=False, tilt=-4)}</div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        css=_CSS,
        font=SONG,
        size="240mm 140mm" if special else "220mm 140mm",
        margin="7mm 10mm 9mm",
        background="#fdfcf8",
        faults=case.faults,
    )


def special(case: Case, random: Random) -> Draft:
    return _old(case, random, special=True)


def electronic(case: Case, random: Random) -> Draft:
    return _old(case, random, special=False)


def _new(case: Case, random: Random, *, title: str, lines: int, font: str, note: str, upright: bool) -> Draft:
    form, one, seller = Form(random, PEN), _buyer(case, special="专用" in title), case.dealer
    bill = _Bill(random, lines)
    number = f"{case.signed_on:%y}{seller.number[2:4]}2000000{random.randrange(10**9):09}"
    name, tax_id = "名称：", "统一社会信用代码/纳税人识别号："
    buyer_id = form.put("buyer_id", one.number) if one.is_company else ""
    body = (
        f'<div class="place i">{code(number, x=0, y=-1, across=18)}<h1>{title}</h1><p class="right" style="font-size:8.8pt">发票号码：<b>{form.put("invoice_number", number)}</b></p><p class="right" style="font-size:8.8pt">开票日期：<b>{form.day("issue_date", case.signed_on, "年0")}</b></p>'
        f'<table class="grid"><tr><td class="side">购买方信息</td><td style="width:45%">{name}<b>{form.put("buyer_name", one.name)}</b><br><br>{tax_id}<b>{buyer_id}</b></td><td class="side">销售方信息</td><td>{name}<b>{form.put("seller_name", seller.name)}</b><br><br>{tax_id}<b>{form.put("seller_tax_id", seller.number)}</b></td></tr></table>'
        f"{_table(form, bill, heads=_NEW_HEADS, sign='¥', empty=28 if upright else 6)}"
        f'<table class="grid"><tr><td class="side">备注</td><td style="height:14mm"><b>{note}</b></td></tr></table><p style="font-size:8.8pt">　　开票人：<b>{seller.representative}</b></p></div>'
    )  # fmt: skip
    size, margin = ("A4", "16mm 10mm 12mm") if upright else ("220mm 140mm", "8mm 10mm 10mm")
    return Draft(KIND, body, form, css=_CSS, font=font, size=size, margin=margin, background=PALE, faults=case.faults)


def digital(case: Case, random: Random) -> Draft:
    note = f"销方开户银行：{cast.bank(random, random.choice(PLACES))}；银行账号：{cast.account(random)}；"
    return _new(
        case, random, title="电子发票（普通发票）", lines=random.choice((1, 2)), font=HEI, note=note, upright=False
    )


def digital_special(case: Case, random: Random) -> Draft:
    """The sheet as it comes from the office's printer: upright, the bill on its upper part."""
    note = f"车牌号：{case.car.plate}；车架号：{case.car.vin}；合同号：{case.contract_no}"
    return _new(case, random, title="电子发票（增值税专用发票）", lines=3, font=LIGHT, note=note, upright=True)


LAYOUTS = (special, electronic, digital, digital_special)
