"""机动车销售统一发票 of this split: the paper of 2006 and the one in use since, its copy, the digital one lying and on an office's A4."""

from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.drawing import WHITE, bare, billed, figure
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.places import PLACES
from benchmarks.recognition.third.style import BOOK, DOTS, FINE, GOTHIC, OFFICE, PEN, STOUT, SUNG, THIN

KIND = "vehicle_sales_invoice"
_CSS = (
    "h1{font-size:17pt;margin:0;letter-spacing:1.4mm} .i{color:#7a4a2a} b{font-weight:normal;color:#22242c} table{table-layout:fixed}"
    " .grid td{border-color:#7a4a2a;font-size:9.2pt;line-height:1.22;padding:.5mm 1.2mm;height:9.8mm} .hd{display:flex;justify-content:space-between;font-size:9.6pt;margin:1mm 0}"
    " .s{font-size:8.8pt}"
)


def _class(case: Case) -> str:
    kind = case.car.vehicle_type
    if "牵引" in kind:
        return "半挂牵引车"
    return "载货汽车" if "货车" in kind else "轿车" if "轿车" in kind else "运动型多用途乘用车"


def _sums(form: Form, case: Case, sign: str) -> tuple[str, str, str, str]:
    """Words, total, tax and net as they are printed."""
    net = (case.price * 100 + 56) // 113
    said = case.price + (1_000_000 if "words_differ" in case.faults else 0)
    return (
        form.put("total_in_words", billed(said)), form.put("total", f"{sign}{bare(case.price)}", case.price),
        form.put("tax", f"{sign}{bare(case.price - net)}", case.price - net), form.put("price_without_tax", f"{sign}{bare(net)}", net),
    )  # fmt: skip


def _conformity(form: Form) -> str:
    maker = form.random.choice(("WAB", "WDT", "WKL", "YG1"))
    return form.put("certificate_no", f"{maker}{form.random.randrange(10**11):011}")


def _rest(form: Form, case: Case, sign: str) -> str:
    """From the car to the number of seats, as both printed editions have it."""
    random, car, seller = form.random, case.car, case.dealer
    said, total, tax, net = _sums(form, case, sign)
    abroad = car.origin == "进口"
    home = "日本" if abroad else f"{cast.home(case).short}市" if random.random() < 0.5 else "中国"
    papers = (
        ("", f"PX{random.randrange(10**9):09}", f"{random.randrange(10**15):015}")
        if abroad
        else (_conformity(form), "----", "----")
    )
    place = random.choice(PLACES)
    office = f"国家税务总局{place.seat}税务局<br>1{place.code}{random.randrange(100):02}00"
    return (
        f'<tr><td>车辆类型</td><td colspan="3"><b>{form.put("vehicle_type", _class(case))}</b></td><td>厂牌型号</td><td colspan="3"><b>{form.put("model", car.brand + car.model)}</b></td><td>产 地</td><td colspan="2"><b>{home}</b></td></tr>'
        f'<tr><td>合格证号</td><td colspan="3"><b>{papers[0]}</b></td><td colspan="2">进口证明书号</td><td colspan="2"><b>{papers[1]}</b></td><td>商检单号</td><td colspan="2"><b>{papers[2]}</b></td></tr>'
        f'<tr><td>发动机号码</td><td colspan="4"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="2">车辆识别代号/<br>车架号码</td><td colspan="4"><b>{form.put("vin", car.vin)}</b></td></tr>'
        f'<tr><td>价税合计</td><td colspan="6"><b>⊗{said}</b></td><td>小写</td><td colspan="3"><b>{total}</b></td></tr>'
        f'<tr><td>销货单位名称</td><td colspan="6"><b>{form.put("seller_name", seller.name)}</b></td><td>电话</td><td colspan="3"><b>{seller.phone}</b></td></tr>'
        f'<tr><td>纳税人识别号</td><td colspan="6"><b>{form.put("seller_tax_id", seller.number)}</b></td><td>账号</td><td colspan="3"><b>{cast.account(random)}</b></td></tr>'
        f'<tr><td>地　　址</td><td colspan="4"><b>{seller.address[:26]}</b></td><td>开户银行</td><td colspan="5"><b>{cast.bank(random, place)}</b></td></tr>'
        f'<tr><td>增值税税率<br>或征收率</td><td><b>13%</b></td><td>增值税<br>税　额</td><td colspan="2"><b>{tax}</b></td><td colspan="2">主管税务<br>机关及代码</td><td colspan="4"><b>{office}</b></td></tr>'
        f'<tr><td>不含税价</td><td colspan="3"><b>小写 {net}</b></td><td colspan="2">完税凭证号码</td><td></td><td>吨位</td><td><b>{"1.495" if car.vehicle_type.endswith("货车") else ""}</b></td><td>限乘人数</td><td><b>{car.seats}</b></td></tr>'
    )  # fmt: skip


def _numbers(form: Form, case: Case) -> tuple[str, str]:
    random = form.random
    serial = f"1{case.dealer.number[2:6]}{case.signed_on:%y}2{random.randrange(10**4):04}"
    return form.put("invoice_code", serial), form.put("invoice_number", f"{random.randrange(10**8):08}")


def _secret(random: Random, rows: int, width: int) -> str:
    return "<br>".join("".join(random.choice("0123456789*<>/-+") for _ in range(width)) for _ in range(rows))


def _paper(case: Case, random: Random, buyer: Party, *, old: bool, copy: str, note: str, typed: str, ink: str, font: str, shift: str = "", grey: bool = False) -> Draft:  # fmt: skip
    form = Form(random, PEN)
    serial, number = _numbers(form, case)
    machine = f"{random.randrange(10**12):012}"
    name, proof = form.put("buyer_name", buyer.name), form.put("buyer_id", buyer.number)
    taxpayer = buyer.number if buyer.is_company else ""
    who = (
        f'<tr><td>购货单位（人）</td><td colspan="4"><b>{name}</b></td><td colspan="3">身份证号码/组织机构代码</td><td colspan="3"><b>{proof}</b></td></tr>'
        if old
        else f'<tr><td colspan="2">购买方名称及<br>身份证号码/<br>组织机构代码</td><td colspan="4"><b>{name}<br>{proof}</b></td><td colspan="2">纳税人识别号</td><td colspan="3"><b>{taxpayer}</b></td></tr>'
    )
    body = (
        f'<div class="place i"><h1>机动车销售统一发票</h1><p class="middle s">{copy}</p>'
        f'<p class="hd"><span>开票日期　<b>{form.day("issue_date", case.signed_on, "-" if not old else "年0")}</b></span><span>发票代码　<b>{serial}</b><br>发票号码　<b>{number}</b></span></p><table class="grid">'
        f'<tr><td>机打代码<br>机打号码<br>机器编号</td><td colspan="3"><b>{serial}<br>{number}<br>{machine}</b></td><td>税控码</td><td colspan="6"><b style="font-size:7.6pt;line-height:1.1">{_secret(random, 4, 40)}</b></td></tr>'
        f'{who}{_rest(form, case, "￥" if old else "¥")}</table><p class="hd s"><span>销货单位盖章</span><span>开票人　<b>{case.dealer.representative}</b></span><span>备注：<b>{note}</b></span></p>'
        f'<div class="place">{seal(case.dealer.name, "发票专用章", x=22, y=-15, across=38, oval=0.7, star=False, tilt=random.uniform(-12, 12)) if not grey else ""}</div></div>'
    )  # fmt: skip
    css = f'{_CSS} b{{font-family:"{typed}";color:{ink};{shift}}}' + (
        " .i{color:#444} .grid td{border-color:#555}" if grey else ""
    )
    return Draft(KIND, body, form, css=css, font=font, size="242mm 178mm", margin="6mm 12mm 8mm", background="#f6f6f6" if grey else "#fdfbf4", mark="bottom-right",
                 faults=case.faults)  # fmt: skip


def of_2006(case: Case, random: Random) -> Draft:
    """Name and number of the buyer stand in two fields; a dot printer slipped to the right."""
    return _paper(case, random, case.borrower, old=True, copy="第一联　发票联（购货单位付款凭证）（手开无效）", note="一车一票", typed=DOTS, ink="#39396b",
                  font=SUNG, shift="position:relative;left:.8mm;top:-.5mm")  # fmt: skip


def in_use(case: Case, random: Random) -> Draft:
    return _paper(
        case,
        random,
        case.borrower,
        old=False,
        copy="第三联　报税联（车购税征收单位留存）",
        note="",
        typed=OFFICE,
        ink="#22242c",
        font=OFFICE,
    )


def copied(case: Case, random: Random) -> Draft:
    """A lessor buys; the register's copy, black and white, with what the lessor wants noted."""
    case = cast.lent_by(case, random, "租赁")
    buyer = world.borrowed_by(case, case.lender).borrower
    return _paper(case, random, buyer, old=False, copy="第四联　注册登记联（车辆登记单位留存）", note=f"实际使用人：{case.borrower.name}", typed=STOUT, ink="#1e1e1e",
                  font=FINE, grey=True)  # fmt: skip


def _digital(case: Case, random: Random, *, font: str, size: str, margin: str, tall: bool) -> Draft:
    """电子发票（机动车销售统一发票）: one number of twenty digits and no code; who buys and who sells side by side."""
    form, car, seller, buyer = Form(random, PEN), case.car, case.dealer, case.borrower
    said, total, tax, net = _sums(form, case, "¥")
    number = f"{case.signed_on:%y}{seller.number[2:4]}9{random.randrange(10**15):015}"
    abroad = car.origin == "进口"
    place = random.choice(PLACES)
    note = f"首付款{figure(case.price - case.principal)}元；按揭机构：{case.lender.name}；签约日{dated(case.signed_on, '-')}"
    body = (
        f'<div class="place i">{code(number, x=1, y=-2, across=19)}<h1>电子发票（机动车销售统一发票）</h1><p class="right s">发票号码：<b>{form.put("invoice_number", number)}</b></p><p class="right s">开票日期：<b>{form.day("issue_date", case.signed_on, "年0")}</b></p>'
        f'<table class="grid"><tr><td>购买方名称</td><td colspan="4"><b>{form.put("buyer_name", buyer.name)}</b></td><td>销售方名称</td><td colspan="4"><b>{form.put("seller_name", seller.name)}</b></td></tr>'
        f'<tr><td>统一社会信用代码/<br>纳税人识别号/<br>身份证件号码</td><td colspan="4"><b>{form.put("buyer_id", buyer.number)}</b></td><td>统一社会信用代码/<br>纳税人识别号</td><td colspan="4"><b>{form.put("seller_tax_id", seller.number)}</b></td></tr>'
        f'<tr><td>车辆类型</td><td colspan="2"><b>{form.put("vehicle_type", _class(case))}</b></td><td>厂牌型号</td><td colspan="3"><b>{form.put("model", car.brand + car.model)}</b></td><td>产地</td><td colspan="2"><b>{"日本" if abroad else "中国"}</b></td></tr>'
        f'<tr><td>合格证编号</td><td colspan="3"><b>{"" if abroad else _conformity(form)}</b></td><td>进口证明书号</td><td colspan="2"><b>{f"PX{random.randrange(10**9):09}" if abroad else ""}</b></td><td>商检单号</td><td colspan="2"></td></tr>'
        f'<tr><td>发动机号码</td><td colspan="3"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="2">车辆识别代号/车架号码</td><td colspan="4"><b>{form.put("vin", car.vin)}</b></td></tr>'
        f'<tr><td>价税合计（大写）</td><td colspan="5"><b>⊗ {said}</b></td><td>（小写）</td><td colspan="3"><b>{total}</b></td></tr>'
        f'<tr><td>不含税价（小写）</td><td colspan="2"><b>{net}</b></td><td>增值税税率或征收率</td><td><b>13%</b></td><td>增值税税额</td><td colspan="2"><b>{tax}</b></td><td>限乘人数</td><td><b>{car.seats}</b></td></tr>'
        f'<tr><td>销售方地址、电话</td><td colspan="4"><b>{seller.address[:24]} {seller.phone}</b></td><td>开户行及账号</td><td colspan="4"><b>{cast.bank(random, place)} {cast.account(random)}</b></td></tr>'
        f'<tr><td>主管税务机关及代码</td><td colspan="4"><b>国家税务总局{place.seat}税务局 1{place.code}0000</b></td><td>完税凭证号码</td><td colspan="2"></td><td>吨位</td><td></td></tr>'
        f'<tr><td>备注</td><td colspan="9"><b>{note}</b></td></tr></table><p class="s">开票人：<b>{seller.representative}</b></p></div>'
    )  # fmt: skip
    css = _CSS + (" .grid td{height:12mm}" if tall else "") + " h1{font-size:15.5pt;letter-spacing:.3mm}"
    return Draft(KIND, body, form, css=css, font=font, size=size, margin=margin, background=WHITE, mark="bottom-left", faults=case.faults)  # fmt: skip


def digital(case: Case, random: Random) -> Draft:
    return _digital(
        case, random, font=random.choice((BOOK, GOTHIC)), size="240mm 156mm", margin="7mm 12mm 8mm", tall=False
    )


def digital_on_a4(case: Case, random: Random) -> Draft:
    """Printed on the upper part of an office's sheet."""
    return _digital(case, random, font=THIN, size="A4", margin="18mm 11mm 14mm", tall=True)


LAYOUTS = (of_2006, in_use, copied, digital, digital_on_a4)
