"""机动车销售统一发票 of the new world: two printed editions, the digital one, an imported car bought by a lessor."""

from random import Random

from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.press import Draft, Form, code, seal
from benchmarks.recognition.second import cast
from benchmarks.recognition.second.faces import HEI, KAI, LIGHT, PALE, PEN, PLAIN_SONG, SONG, bare
from benchmarks.recognition.second.places import PLACES
from carloan.lib import money

KIND = "vehicle_sales_invoice"
_CSS = (
    "td{font-size:9.6pt;line-height:1.25;height:10.2mm;padding:.6mm 1.2mm} h1{font-size:16.5pt;margin-bottom:1mm;letter-spacing:1mm} .i{color:#8a3b2e} b{font-weight:normal;color:#1d2430}"
    " table{table-layout:fixed} .grid td{border-color:#8a3b2e}"
)


def _kind_of(case: Case) -> str:
    kind = case.car.vehicle_type
    if "货车" in kind or "牵引" in kind:
        return "货车" if "货车" in kind else "半挂牵引车"
    return "轿车" if "轿车" in kind else "多用途乘用车"


def _sums(form: Form, case: Case, sign: str = "￥") -> dict[str, str]:
    net = (case.price * 100 + 56) // 113
    wrong = 1_000_000 if "words_differ" in case.faults else 0
    return {
        "words": form.put("total_in_words", money.to_capitals(case.price + wrong)),
        "total": form.put("total", f"{sign}{bare(case.price)}", case.price),
        "tax": form.put("tax", f"{sign}{bare(case.price - net)}", case.price - net),
        "net": form.put("price_without_tax", f"{sign}{bare(net)}", net),
    }


def _office(random: Random, dealer: Party) -> tuple[str, str]:
    return f"国家税务总局{dealer.name[:2]}税务局第三税务所", f"1{dealer.number[2:8]}{random.randrange(10**4):04}"


def _conformity(form: Form) -> str:
    return form.put(
        "certificate_no", f"W{form.random.choice(('GB', 'DN', 'LA', 'EH'))}{form.random.randrange(10**12):012}"
    )


def _rows(form: Form, case: Case, buyer: Party, *, imported: bool) -> str:
    """The frame from the car to the seats, as both printed editions have it."""
    random, car, seller = form.random, case.car, case.dealer
    v, (office, office_code) = _sums(form, case), _office(random, seller)
    seal_no = f"{random.randrange(10**18):018}" if imported else ""
    return (
        f'<tr><td>车辆类型</td><td colspan="2"><b>{form.put("vehicle_type", _kind_of(case))}</b></td><td>厂牌型号</td><td colspan="3"><b>{form.put("model", car.brand + car.model)}</b></td><td>产　地</td><td><b>{"日本" if imported else case.dealer.name[:2]}</b></td></tr>'
        f'<tr><td>合格证号</td><td colspan="2"><b>{"" if imported else _conformity(form)}</b></td><td>进口证明书号</td><td colspan="2"><b>{"XIV" + seal_no[:9] if imported else ""}</b></td><td>商检单号</td><td colspan="2"><b>{seal_no}</b></td></tr>'
        f'<tr><td>发动机号码</td><td colspan="3"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="2">车辆识别代号/车架号码</td><td colspan="3"><b>{form.put("vin", car.vin)}</b></td></tr>'
        f'<tr><td>价税合计</td><td colspan="5"><b>⊗ {v["words"]}</b></td><td>小写</td><td colspan="2"><b>{v["total"]}</b></td></tr>'
        f'<tr><td>销货单位名称</td><td colspan="4"><b>{form.put("seller_name", seller.name)}</b></td><td>电话</td><td colspan="3"><b>{seller.phone}</b></td></tr>'
        f'<tr><td>纳税人识别号</td><td colspan="4"><b>{form.put("seller_tax_id", seller.number)}</b></td><td>账号</td><td colspan="3"><b>{cast.account(random)}</b></td></tr>'
        f'<tr><td>地　　址</td><td colspan="3"><b>{seller.address[:22]}</b></td><td>开户银行</td><td colspan="4"><b>{cast.bank(random, random.choice(PLACES))}</b></td></tr>'
        f'<tr><td>增值税税率<br>或征收率</td><td><b>13%</b></td><td>增值税<br>税额</td><td colspan="2"><b>{v["tax"]}</b></td><td>主管税务<br>机关及代码</td><td colspan="3"><b>{office}<br>{office_code}</b></td></tr>'
        f'<tr><td>不含税价</td><td colspan="2"><b>小写 {v["net"]}</b></td><td>完税凭证号码</td><td colspan="2"></td><td>吨位</td><td><b>{"3.5" if "货车" in car.vehicle_type else ""}</b></td><td>限乘人数 <b>{car.seats}</b></td></tr>'
    )  # fmt: skip


def _buyer(form: Form, buyer: Party, *, both: bool) -> str:
    """Name and number in one cell; a company's number stands under 纳税人识别号 besides."""
    return (
        '<tr><td colspan="2">购买方名称及<br>身份证号码/<br>组织机构代码</td>'
        f'<td colspan="4"><b>{form.put("buyer_name", buyer.name)}<br>{form.put("buyer_id", buyer.number)}</b></td><td>纳税人识别号</td><td colspan="2"><b>{buyer.number if both and buyer.is_company else ""}</b></td></tr>'
    )


def _printed(
    case: Case, random: Random, buyer: Party, *, copy: str, imported: bool, note: str, font: str, blue: str
) -> Draft:
    form = Form(random, PEN)
    number = f"{random.randrange(10**8):08}"
    serial = form.put(
        "invoice_code",
        f"1{case.dealer.number[2:6]}{case.signed_on:%y}2{random.randrange(10)}{random.randrange(100, 999)}",
    )
    noise = "<br>".join("".join(random.choice("0123456789<>*/+-") for _ in range(34)) for _ in range(3))
    body = (
        f'<div class="place i"><h1>机动车销售统一发票</h1><p class="middle" style="font-size:9pt">{copy}</p>'
        f'<p style="display:flex;justify-content:space-between"><span>开票日期 <b>{form.day("issue_date", case.signed_on, "-")}</b></span><span>发票代码 <b>{serial}</b>　发票号码 <b>{form.put("invoice_number", number)}</b></span></p>'
        f'<table class="grid"><tr><td colspan="2">机打代码<br>机打号码<br>机器编号</td><td colspan="3"><b>{serial}<br>{number}<br>{random.randrange(10**12):012}</b></td><td>税<br>控<br>码</td><td colspan="3"><b style="font-size:7.4pt">{noise}</b></td></tr>'
        f"{_buyer(form, buyer, both=True)}{_rows(form, case, buyer, imported=imported)}</table>"
        f'<p style="font-size:9pt">销货单位盖章　　　　　　开票人 <b>{case.dealer.representative}</b>　　备注：<b>{note}</b></p>'
        f'{seal(case.dealer.name, "发票专用章", x=24, y=132, across=38, oval=0.68, star=False, tilt=random.uniform(-8, 8))}</div>'
    )  # fmt: skip
    css = f'{_CSS} b{{font-family:"{font}";color:{blue}}}'
    return Draft(
        KIND,
        body,
        form,
        css=css,
        font=SONG,
        size="240mm 180mm",
        margin="7mm 13mm 8mm",
        background="#fdfcf8",
        mark="bottom-right",
        faults=case.faults,
    )


def classic(case: Case, random: Random) -> Draft:
    return _printed(
        case,
        random,
        case.borrower,
        copy="第一联　发票联（购货单位付款凭证）",
        imported=case.car.origin == "进口",
        note="一车一票",
        font=PLAIN_SONG,
        blue="#20242e",
    )


def lessor_buys(case: Case, random: Random) -> Draft:
    """The lessor is the buyer; who drives stands in the remarks."""
    case = cast.lent_by(case, random, "租赁")
    note = f"承租人：{case.borrower.name}　融资租赁"
    return _printed(
        case,
        random,
        cast.borrowed_by(case, case.lender).borrower,
        copy="第二联　抵扣联（购货单位扣税凭证）",
        imported=case.car.origin == "进口",
        note=note,
        font=KAI,
        blue="#2b2f6b",
    )


def dotted(case: Case, random: Random) -> Draft:
    """Typed by a dot printer whose paper has slipped: values stand low in their fields."""
    draft = _printed(
        case,
        random,
        case.borrower,
        copy="第四联　注册登记联（车辆登记单位留存）",
        imported=case.car.origin == "进口",
        note="",
        font='Liberation Mono","AR PL UKai CN',
        blue="#3b3a6a",
    )
    css = draft.css + " td b{position:relative;top:.9mm;left:1.2mm;opacity:.85}"
    return Draft(
        draft.kind,
        draft.body,
        draft.form,
        css=css,
        font=HEI,
        size=draft.size,
        margin=draft.margin,
        background="#fbf9f4",
        mark="bottom-right",
        faults=draft.faults,
    )


def digital(case: Case, random: Random) -> Draft:
    """电子发票（机动车销售统一发票） of the 2020s: twenty digits and no code."""
    form, car, seller, buyer = Form(random, PEN), case.car, case.dealer, case.borrower
    v, (office, office_code) = _sums(form, case, "¥"), _office(random, case.dealer)
    number = f"{case.signed_on:%y}{seller.number[2:4]}2000000{random.randrange(10**9):09}"
    body = (
        f'<div class="place i">{code(number, x=2, y=-1, across=19)}<h1>电子发票（机动车销售统一发票）</h1>'
        f'<p class="right">发票号码：<b>{form.put("invoice_number", number)}</b></p><p class="right">开票日期：<b>{form.day("issue_date", case.signed_on, "年0")}</b></p><table class="grid">'
        f'<tr><td>购买方名称</td><td colspan="3"><b>{form.put("buyer_name", buyer.name)}</b></td><td colspan="2">统一社会信用代码/纳税人识别号/身份证件号码</td><td colspan="3"><b>{form.put("buyer_id", buyer.number)}</b></td></tr>'
        f'<tr><td>车辆类型</td><td colspan="2"><b>{form.put("vehicle_type", _kind_of(case))}</b></td><td>厂牌型号</td><td colspan="3"><b>{form.put("model", car.brand + car.model)}</b></td><td>产地</td><td><b>{case.dealer.name[:2]}</b></td></tr>'
        f'<tr><td>合格证号</td><td colspan="3"><b>{_conformity(form)}</b></td><td>进口证明书号</td><td></td><td>商检单号</td><td colspan="2"></td></tr>'
        f'<tr><td>发动机号码</td><td colspan="3"><b>{form.put("engine_no", car.engine_no)}</b></td><td colspan="2">车辆识别代号/车架号码</td><td colspan="3"><b>{form.put("vin", car.vin)}</b></td></tr>'
        f'<tr><td>价税合计（大写）</td><td colspan="5"><b>{v["words"]}</b></td><td>（小写）</td><td colspan="2"><b>{v["total"]}</b></td></tr>'
        f'<tr><td>销售方名称</td><td colspan="4"><b>{form.put("seller_name", seller.name)}</b></td><td>电话</td><td colspan="3"><b>{seller.phone}</b></td></tr>'
        f'<tr><td>统一社会信用代码/<br>纳税人识别号</td><td colspan="4"><b>{form.put("seller_tax_id", seller.number)}</b></td><td>账号</td><td colspan="3"><b>{cast.account(random)}</b></td></tr>'
        f'<tr><td>地址</td><td colspan="4"><b>{seller.address[:24]}</b></td><td>开户银行</td><td colspan="3"><b>{cast.bank(random, random.choice(PLACES))}</b></td></tr>'
        f'<tr><td>增值税税率或征收率</td><td><b>13%</b></td><td>增值税税额</td><td colspan="2"><b>{v["tax"]}</b></td><td>主管税务机关及代码</td><td colspan="3"><b>{office} {office_code}</b></td></tr>'
        f'<tr><td>不含税价</td><td colspan="3"><b>{v["net"]}</b></td><td>完税凭证号码</td><td></td><td>吨位</td><td></td><td>限乘人数 <b>{car.seats}</b></td></tr>'
        f'<tr><td>备注</td><td colspan="8"><b>贷款机构：{case.lender.name}</b></td></tr></table><p style="font-size:9pt">开票人：<b>{seller.representative}</b></p></div>'
    )  # fmt: skip
    return Draft(
        KIND,
        body,
        form,
        css=_CSS + " td{height:9.2mm;font-size:9pt}",
        font=LIGHT,
        size="240mm 160mm",
        margin="7mm 13mm 9mm",
        background=PALE,
        mark="bottom-left",
        faults=case.faults,
    )


LAYOUTS = (classic, lessor_buys, dotted, digital)
