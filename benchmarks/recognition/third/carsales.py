"""Further 机动车销售统一发票 of this split, which judged after it until they too were looked at: three on paper, two digital."""

from html import escape
from random import Random

from benchmarks.recognition import world
from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.drawing import WHITE, bare, billed, figure
from benchmarks.recognition.press import Draft, Form, code, dated, seal, square_seal
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.places import PLACES
from benchmarks.recognition.third.style import BOOK, DOTS, GOTHIC, KAI, MONO, OFFICE, PEN, SUNG, THIN

KIND = "vehicle_sales_invoice"
_CSS = (
    "h1{font-weight:normal;font-size:18pt;margin:0 0 1mm;letter-spacing:2mm} b{font-weight:normal} table{table-layout:fixed} .grid td{font-size:8.8pt;line-height:1.2;padding:.4mm 1mm;height:9.4mm}"
    " .hd{display:flex;justify-content:space-between;font-size:9.2pt;margin:0 0 1mm} .hd p{margin:0}"
)


def _sort(case: Case) -> str:
    """The sort of vehicle as makers' certificates have it."""
    kind = case.car.vehicle_type
    named = {"牵引": "牵引汽车", "自卸": "自卸汽车", "厢式": "厢式运输车", "栏板": "载货汽车", "轿车": "轿车"}
    return next((sort for word, sort in named.items() if word in kind), "多用途乘用车" if case.car.seats < 7 else "小型客车")  # fmt: skip


def _sums(form: Form, case: Case) -> dict[str, str]:
    net = (case.price * 100 + 56) // 113
    said = case.price + (1_000_000 if "words_differ" in case.faults else 0)
    return {
        "words": form.put("total_in_words", billed(said)), "total": form.put("total", "¥" + bare(case.price), case.price),
        "tax": form.put("tax", "¥" + bare(case.price - net), case.price - net), "net": form.put("price_without_tax", "¥" + bare(net), net),
    }  # fmt: skip


def _origin(form: Form, case: Case) -> tuple[str, str, str, str]:
    """Where it was built; its maker's certificate, or the customs' papers of an imported one."""
    random, car = form.random, case.car
    if car.origin == "进口":
        return "日本", "", f"KX{random.randrange(10**8):08}", f"{random.randrange(10**15):015}"  # fmt: skip
    maker = random.choice(("WDC", "WLH", "YB0", "WEQ"))
    number = form.put("certificate_no", f"{maker}{random.randrange(10**11):011}")
    return random.choice(("中国", f"{cast.home(case).short}市")), number, "", ""


def _office(random: Random) -> tuple[str, str]:
    place = random.choice(PLACES)
    return f"国家税务总局{place.seat}税务局", f"1{place.code}{random.randrange(1, 30):02}00"


def _secret(random: Random) -> str:
    return "<br>".join(escape("".join(random.choices("0123456789<>*/+-", k=38))) for _ in range(4))


def _paper(case: Case, random: Random, *, buyer: Party, old: bool, copy: str, typed: str, font: str, ink: str, frame: str, ground: str, over: str, shift: str = "") -> Draft:  # fmt: skip
    """The paper of six copies; before 2021 who bought stands in two fields, since then in one with a tax number beside it."""
    form, car, seller = Form(random, PEN), case.car, case.dealer
    serial = form.put("invoice_code", f"1{seller.number[2:6]}{case.signed_on:%y}2{random.randrange(10**4):04}")
    number = form.put("invoice_number", f"{random.randrange(10**8):08}")
    sums, (home, conformity, customs, inspected) = _sums(form, case), _origin(form, case)
    office, office_code = _office(random)
    name, proof = form.put("buyer_name", buyer.name), form.put("buyer_id", buyer.number)
    if old:
        who = f'<tr><td colspan="2">购货单位（人）</td><td colspan="5"><b>{name}</b></td><td colspan="2">身份证号码/<br>组织机构代码</td><td colspan="5"><b>{proof}</b></td></tr>'
    else:
        who = f'<tr><td colspan="3">购买方名称及身份证号码/组织机构代码</td><td colspan="5"><b>{name}<br>{proof}</b></td><td colspan="2">纳税人识别号</td><td colspan="4"><b>{buyer.number if buyer.is_company else ""}</b></td></tr>'
    body = (
        f'<div class="place i"><h1 style="text-align:center">机动车销售统一发票</h1><p class="middle" style="text-align:center;font-size:9pt">{copy}</p>'
        f'<div class="hd"><p>开票日期：<b>{form.day("issue_date", case.signed_on, "-" if old else "年0")}</b></p><p>发票代码 <span>{serial}</span><br>发票号码 <span>{number}</span></p></div><table class="grid">'
        f'<tr><td colspan="2">机打代码<br>机打号码<br>机器编号</td><td colspan="4"><b>{serial}<br>{number}<br>{random.randrange(10**12):012}</b></td><td>税<br>控<br>码</td><td colspan="7"><b style="font-size:7.4pt;line-height:1.05;display:block">{_secret(random)}</b></td></tr>{who}'
        f'<tr><td colspan="2">车辆类型</td><td colspan="4"><b>{form.put("vehicle_type", _sort(case))}</b></td><td colspan="2">厂牌型号</td><td colspan="4"><b>{form.put("model", car.brand + car.model)}</b></td><td>产地</td><td><b>{home}</b></td></tr>'
        f'<tr><td colspan="2">合格证号</td><td colspan="4"><b>{conformity}</b></td><td colspan="2">进口证明书号</td><td colspan="2"><b>{customs}</b></td><td>商检单号</td><td colspan="3"><b>{inspected}</b></td></tr>'
        f'<tr><td colspan="2">发动机号码</td><td colspan="4"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="3">车辆识别代号/车架号码</td><td colspan="5"><b>{form.put("vin", car.vin)}</b></td></tr>'
        f'<tr><td colspan="2">价税合计</td><td colspan="7"><b>⊗ {sums["words"]}</b></td><td>小写</td><td colspan="4"><b>{sums["total"]}</b></td></tr>'
        f'<tr><td colspan="2">销货单位名称</td><td colspan="7"><b>{form.put("seller_name", seller.name)}</b></td><td>电话</td><td colspan="4"><b>{seller.phone}</b></td></tr>'
        f'<tr><td colspan="2">纳税人识别号</td><td colspan="7"><b>{form.put("seller_tax_id", seller.number)}</b></td><td>账号</td><td colspan="4"><b>{cast.account(random)}</b></td></tr>'
        f'<tr><td colspan="2">地　　址</td><td colspan="5"><b style="font-size:8pt">{seller.address[:24]}</b></td><td colspan="2">开户银行</td><td colspan="5"><b style="font-size:8pt">{cast.bank(random, random.choice(PLACES))}</b></td></tr>'
        f'<tr><td colspan="2">增值税税率或征收率</td><td><b>13%</b></td><td colspan="2">增值税<br>税　额</td><td colspan="3"><b>{sums["tax"]}</b></td><td colspan="2">主管税务<br>机关及代码</td><td colspan="4"><b style="font-size:8pt">{office}<br>{office_code}</b></td></tr>'
        f'<tr><td colspan="2">不含税价</td><td colspan="4"><b>小写 {sums["net"]}</b></td><td colspan="2">完税凭证号码</td><td colspan="2"></td><td>吨位</td><td><b>{"1.3" if "货" in car.vehicle_type else ""}</b></td><td>限乘人数</td><td><b>{car.seats}</b></td></tr></table>'
        f'<div class="hd" style="margin-top:1.4mm"><p>销货单位盖章</p><p>开票人　<b>{cast.name(random, female=True)}</b></p><p>备注：一车一票</p></div>{over}</div>'
    )  # fmt: skip
    css = f'{_CSS} .i{{color:{frame}}} .grid td{{border-color:{frame}}} b{{font-family:"{typed}";color:{ink};{shift}}} .hd span{{color:#202020}}'
    return Draft(KIND, body, form, css=css, font=font, size="242mm 180mm", margin="6mm 11mm 8mm", background=ground, mark="bottom-left", faults=case.faults)  # fmt: skip


def _seller(case: Case, *, x: float, tilt: float, words: str = "发票专用章") -> str:
    return f'<div class="place">{seal(case.dealer.name, words, x=x, y=-20, across=38, oval=0.72, star=False, tilt=tilt)}</div>'


def matrix(case: Case, random: Random) -> Draft:
    """The buyer's copy; dots of a matrix printer slipped a little upwards."""
    return _paper(case, random, buyer=case.borrower, old=False, copy="第一联　发票联（购货单位付款凭证）", typed=DOTS, font=SUNG, ink="#2e2e4e", frame="#7a3f22",
                  ground="#fdfaf3", over=_seller(case, x=30, tilt=random.uniform(-14, 14)), shift="position:relative;top:-.5mm;left:.5mm")  # fmt: skip


def shops_copy(case: Case, random: Random) -> Draft:
    """The older edition, the shop's own copy in green, no seal, typed in a western face."""
    return _paper(case, random, buyer=case.borrower, old=True, copy="第五联　记账联（销货单位记账凭证）（手写无效）", typed=MONO, font=KAI, ink="#23233a", frame="#2f6b45", ground="#f7fbf5", over="")  # fmt: skip


def registers_copy(case: Case, random: Random) -> Draft:
    """The register's copy, grey, with its stamp over the table's end; a lessor may be the buyer."""
    buyer = case.borrower
    if random.random() < 0.3:
        case = cast.lent_by(case, random, "租赁")
        buyer = world.borrowed_by(case, case.lender).borrower
    over = f'<div class="place">{square_seal("机动车注册登记已受理", x=150, y=-26, across=22, columns=5)}</div>{_seller(case, x=36, tilt=-9)}'
    return _paper(case, random, buyer=buyer, old=False, copy="第四联　注册登记联（车辆登记单位留存）", typed=GOTHIC, font=GOTHIC, ink="#1f1f1f", frame="#565656", ground="#f3f3f2", over=over)  # fmt: skip


def _digital(case: Case, random: Random, *, font: str, size: str, margin: str, cell: float, columns: bool) -> Draft:
    """电子发票（机动车销售统一发票）: a number of twenty digits, no code. `columns`: buyer and seller side by side."""
    form, car, seller, buyer = Form(random, PEN), case.car, case.dealer, case.borrower
    sums, (home, conformity, customs, inspected) = _sums(form, case), _origin(form, case)
    office, office_code = _office(random)
    number = form.put("invoice_number", f"{case.signed_on:%y}{seller.number[2:4]}7{random.randrange(10**15):015}")
    buyer_name, buyer_id = form.put("buyer_name", buyer.name), form.put("buyer_id", buyer.number)
    seller_name, seller_id = form.put("seller_name", seller.name), form.put("seller_tax_id", seller.number)
    account = f"{cast.bank(random, random.choice(PLACES))}<br>{cast.account(random)}"
    if columns:
        who = (
            f'<tr><td rowspan="2">购买方<br>信　息</td><td colspan="5">名称：<b>{buyer_name}</b></td><td rowspan="2">销售方<br>信　息</td><td colspan="5">名称：<b>{seller_name}</b></td></tr>'
            f'<tr><td colspan="5">证件号码/统一社会信用代码：<b>{buyer_id}</b></td><td colspan="5">统一社会信用代码/纳税人识别号：<b>{seller_id}</b></td></tr>'
        )
        below = f'<tr><td colspan="2">销售方地址、电话</td><td colspan="4"><b>{seller.address[:22]}<br>{seller.phone}</b></td><td colspan="2">开户银行及账号</td><td colspan="4"><b>{account}</b></td></tr>'
    else:
        who = f'<tr><td colspan="2">购买方名称</td><td colspan="4"><b>{buyer_name}</b></td><td colspan="3">统一社会信用代码/纳税人识别号/身份证件号码</td><td colspan="3"><b>{buyer_id}</b></td></tr>'
        below = (
            f'<tr><td colspan="2">销货单位名称</td><td colspan="6"><b>{seller_name}</b></td><td>电话</td><td colspan="3"><b>{seller.phone}</b></td></tr><tr><td colspan="2">纳税人识别号</td><td colspan="4"><b>{seller_id}</b></td><td colspan="2">开户银行<br>及账号</td><td colspan="4"><b>{account}</b></td></tr>'
            f'<tr><td colspan="2">地址</td><td colspan="10"><b>{seller.address}</b></td></tr>'
        )
    body = (
        f'<div class="place">{code(number, x=2, y=-1, across=20)}<h1 style="text-align:center">电子发票（机动车销售统一发票）</h1><div style="margin-left:68%;font-size:9pt;line-height:1.5">发票号码：<b>{number}</b><br>开票日期：<b>{form.day("issue_date", case.signed_on, "年0")}</b></div><table class="grid" style="margin-top:3mm">{who}'
        f'<tr><td>车辆类型</td><td colspan="2"><b>{form.put("vehicle_type", _sort(case))}</b></td><td>厂牌型号</td><td colspan="4"><b>{form.put("model", car.brand + car.model)}</b></td><td>产地</td><td colspan="3"><b>{home}</b></td></tr>'
        f'<tr><td>合格证号</td><td colspan="3"><b>{conformity}</b></td><td>进口证明书号</td><td colspan="3"><b>{customs}</b></td><td>商检单号</td><td colspan="3"><b>{inspected}</b></td></tr>'
        f'<tr><td>发动机号码</td><td colspan="3"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="3">车辆识别代号/车架号码</td><td colspan="5"><b>{form.put("vin", car.vin)}</b></td></tr>'
        f'<tr><td>价税合计</td><td colspan="6"><b>⊗ {sums["words"]}</b></td><td>小写</td><td colspan="4"><b>{sums["total"]}</b></td></tr>{below}'
        f'<tr><td>增值税税率或征收率</td><td><b>13%</b></td><td>增值税税额</td><td colspan="3"><b>{sums["tax"]}</b></td><td colspan="2">主管税务机关及代码</td><td colspan="4"><b>{office} {office_code}</b></td></tr>'
        f'<tr><td>不含税价</td><td colspan="3"><b>{sums["net"]}</b></td><td>完税凭证号码</td><td colspan="3"></td><td>吨位</td><td></td><td>限乘人数</td><td><b>{car.seats}</b></td></tr>'
        f'<tr><td>备注</td><td colspan="11"><b>贷款机构：{case.lender.name}；贷款金额：{figure(case.principal)}；订单日期：{dated(case.signed_on, "/")}</b></td></tr></table><p style="font-size:9pt;margin-top:2mm">开票人：<b>{cast.name(random)}</b></p></div>'
    )  # fmt: skip
    css = f"{_CSS} h1{{font-size:15.5pt;letter-spacing:.2mm;color:#7c3325}} .grid td{{border-color:#9a5a4a;color:#7c3325;height:{cell}mm}} b{{color:#191919}}"
    return Draft(KIND, body, form, css=css, font=font, size=size, margin=margin, background=WHITE, mark="bottom-right", faults=case.faults)  # fmt: skip


def digital(case: Case, random: Random) -> Draft:
    return _digital(case, random, font=random.choice((OFFICE, BOOK)), size="242mm 160mm", margin="7mm 11mm 9mm", cell=8.4, columns=False)  # fmt: skip


def digital_lying(case: Case, random: Random) -> Draft:
    """Printed to fill a lying sheet of A4, buyer and seller beside each other."""
    return _digital(case, random, font=THIN, size="A4 landscape", margin="16mm 15mm 14mm", cell=12.5, columns=True)


LAYOUTS = (matrix, shops_copy, registers_copy, digital, digital_lying)
