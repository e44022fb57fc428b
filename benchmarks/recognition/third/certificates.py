"""机动车登记证书 of this split: with a second owner and two lenders, opened, issued again, a plain copy, only its register."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.press import Draft, Form, code, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.third import cast
from benchmarks.recognition.third.places import PLACES
from benchmarks.recognition.third.style import BOOK, DOTS, FINE, GOTHIC, PEN, STOUT, SUNG, THIN

KIND = "vehicle_registration_certificate"
_CSS = (
    ".b{position:relative;color:#3d5348} .b i{font-style:normal;color:#14161a} .b table{table-layout:fixed} .b td{border:.22mm solid #5d7767;font-size:10pt;padding:.6mm 1.3mm;line-height:1.28;height:12mm}"
    " .b h2{font-size:12pt;font-weight:normal;text-align:center;margin:1.6mm 0 1mm;letter-spacing:.8mm} .b p{margin:0 0 .7mm;text-align:left} .n{font-size:7.6pt;color:#5d7767} .no{text-align:right}"
    " .e{vertical-align:top} .e p{font-size:10pt}"
)


def _no(form: Form, case: Case) -> str:
    return f'<p style="text-align:right">机动车登记证书编号：<i>{form.put("certificate_no", case.car.certificate_no)}</i></p>'


def _proof(one: Party) -> str:
    return "统一社会信用代码证书" if one.is_company else "居民身份证"


def _owners(form: Form, case: Case, *, empty: int, before: Party | None = None, moved: date | None = None) -> str:
    """The first owner and those after. With one `before`, the borrower is the second; the day of registration is the first's."""
    one = case.borrower
    office = form.put("authority", case.authority)
    known = f"{form.put('owner_name', one.name)}/{_proof(one)}/{form.put('owner_id', one.number)}"
    plate = form.put("plate", case.car.plate)
    first = form.day("register_date", case.register_date, "-")
    rows = [(known, office, first, plate)]
    if before and moved:
        old_plate = f"{case.car.plate[:2]}{form.random.randrange(10**5):05}"
        rows = [(f"{before.name}/{_proof(before)}/{before.number}", office, first, old_plate), (known, office, dated(moved, "-"), plate)]  # fmt: skip
    marks = "ⅠⅡⅢⅣⅤⅥⅦ"

    def row(number: int, cells: tuple[str, ...]) -> str:
        dots = ("1.", "2.", "3.", "4.") if number == 0 else ("", "", "", "")
        return (
            f'<tr><td rowspan="2" style="width:7mm" class="middle">{marks[number]}</td><td colspan="2">{dots[0]}机动车所有人/身份证明名称/号码</td><td colspan="4"><i>{cells[0]}</i></td></tr>'
            f"<tr><td>{dots[1]}登记机关</td><td><i>{cells[1]}</i></td><td>{dots[2]}登记日期</td><td><i>{cells[2]}</i></td><td>{dots[3]}机动车登记编号</td><td><i>{cells[3]}</i></td></tr>"
        )

    later = [row(n, cells) for n, cells in enumerate(rows)][1:]
    later += [row(n, ("", "", "", "")) for n in range(len(rows), len(rows) + empty)]
    return f"<h2>注册登记摘要信息栏</h2><table>{row(0, rows[0])}</table><h2>转移登记摘要信息栏</h2><table>{''.join(later)}</table>"


def _vehicle(form: Form, case: Case) -> str:
    car, random = case.car, form.random
    heavy, towing = "货车" in car.vehicle_type or "牵引" in car.vehicle_type, "牵引" in car.vehicle_type
    long, broad, high = car.size.split("×")
    track = random.randrange(1510, 1690)
    cells = (
        ("车辆类型", form.put("vehicle_type", car.vehicle_type)), ("车辆品牌", form.put("brand", car.brand)), ("车辆型号", form.put("model", car.model)), ("车身颜色", form.put("colour", car.colour)),
        ("车辆识别代号/车架号", form.put("vin", car.vin)), ("国产/进口", form.put("origin", car.origin)), ("发动机号", form.put("engine_no", car.engine_no)), ("发动机型号", form.put("engine_model", car.engine_model)),
        ("燃料种类", form.put("fuel", car.fuel)), ("排量/功率", f"{car.displacement or '--'} ml/ {car.power} kw"), ("制造厂名称", form.put("maker", car.maker)), ("转向形式", "方向盘"),
        ("轮距", f"前 {track} 后 {track + 4} mm"), ("轮胎数", "10" if towing else "6" if "栏板" in car.vehicle_type else "4"), ("轮胎规格", "12R22.5 18PR" if towing else "7.00R16LT" if heavy else random.choice(("215/60R17", "235/55R18"))), ("钢板弹簧片数", "后轴 8 片" if heavy else "后轴 -- 片"),
        ("轴距", f"{car.wheelbase} mm"), ("轴数", "3" if towing else "2"), ("外廓尺寸", f"长 {long} 宽 {broad} 高 {high} mm"), ("货厢内部尺寸", "长 -- 宽 -- 高 -- mm"),
        ("总质量", f"{car.mass + 70 * car.seats} kg"), ("核定载质量", "1495 kg" if car.vehicle_type.endswith("货车") else "-- kg"), ("核定载客", "-- 人" if heavy else f"{car.seats} 人"), ("准牵引总质量", "38700 kg" if towing else "-- kg"),
        ("驾驶室载客", f"{car.seats} 人" if heavy else "-- 人"), ("使用性质", form.put("use_character", car.use_character)), ("车辆获得方式", "购买"), ("车辆出厂日期", form.day("made_on", car.made_on, "-")),
    )  # fmt: skip
    rows = "".join(
        "<tr>" + "".join(f"<td>{n + k + 5}.{label}</td><td><i>{value}</i></td>" for k, (label, value) in enumerate(cells[n : n + 2])) + "</tr>"
        for n in range(0, len(cells), 2)
    )  # fmt: skip
    stamp = seal(case.authority, "车辆登记业务章", x=4, y=-9, across=30, tilt=random.uniform(-15, 15))
    return (
        f'<h2>注册登记机动车信息栏</h2><table><colgroup><col style="width:25%"><col style="width:29%"><col style="width:21%"><col style="width:25%"></colgroup>{rows}'
        f'<tr><td>33.发证机关章</td><td><div class="place" style="height:14mm">{stamp}</div></td><td>34.发证日期</td><td><i>{form.day("issue_date", case.register_date, "-")}</i></td></tr></table>'
    )


def _lien(form: Form, holder: Party, day: date, *, last: bool) -> str:
    """抵押登记; the last one on a paper is its truth."""
    shown = (holder.name, holder.number, dated(day, "-"))
    if last:
        shown = (
            form.put("mortgagee_name", holder.name),
            form.put("mortgagee_id", holder.number),
            form.day("mortgage_date", day, "-"),
        )
    return f"<p>抵押登记</p><p>抵押权人姓名/名称：<i>{shown[0]}</i></p><p>身份证明名称/号码：<i>统一社会信用代码证书/{shown[1]}</i></p><p>抵押登记日期：<i>{shown[2]}</i></p>"


def _released(form: Form, day: date, *, last: bool) -> str:
    return (
        f"<p>解除抵押</p><p>解除抵押日期：<i>{form.day('release_date', day, '-') if last else dated(day, '-')}</i></p>"
    )


def _moved(one: Party, plate: str, day: date) -> str:
    return (
        f"<p>转移登记</p><p>机动车所有人姓名/名称：<i>{one.name}</i></p><p>身份证明名称/号码：<i>{_proof(one)}/{one.number}</i></p><p>机动车获得方式：<i>购买</i></p>"
        f"<p>机动车登记编号：<i>{plate}</i></p><p>转移登记日期：<i>{dated(day, '-')}</i></p>"
    )


def _entry(case: Case, inner: str, *, height: float = 36, x: float = 119) -> str:
    stamp = seal(case.authority, "车辆登记业务章", x=x, y=1, across=28, tilt=len(inner) % 31 - 15) if inner else ""
    return f'<tr><td class="e" style="height:{height}mm"><div class="place">{inner}{stamp}</div></td></tr>'


def _pages(form: Form, pages: str) -> None:
    form.fields["lien_pages"], form.printed["lien_pages"] = pages, ""


def second_owner(case: Case, random: Random) -> Draft:
    """A used car, three pages: the first owner's loan was repaid and the car sold; the borrower is the second owner."""
    form = Form(random, PEN)
    before = cast.person(random, cast.home(case), AS_OF)
    moved = case.register_date + timedelta(days=random.randrange(200, 400))
    first = cast.firm(random, f"中垣银行股份有限公司{random.choice(PLACES).short}分行", random.choice(PLACES))
    entries = (
        _lien(form, first, case.register_date + timedelta(days=4), last=False), _released(form, moved - timedelta(days=9), last=False), _moved(case.borrower, case.car.plate, moved),
        _lien(form, case.lender, moved + timedelta(days=random.randrange(1, 30)), last=True),
    )  # fmt: skip
    _pages(form, "3")
    heights = (34, 22, 46, 34)
    body = (
        f'<div class="b leaf">{_no(form, case)}{_owners(form, case, empty=3, before=before, moved=moved)}<p class="n">1</p></div><div class="b leaf">{_vehicle(form, case)}<p class="n">2</p></div>'
        f'<div class="b leaf"><h2>登　记　栏</h2><table>{"".join(_entry(case, one, height=high) for one, high in zip(entries, heights, strict=True))}{_entry(case, "", height=40)}</table><p class="n">3</p></div>'
    )  # fmt: skip
    return Draft(KIND, body, form, css=_CSS, font=SUNG, size="176mm 250mm", margin="9mm 12mm 11mm", background="#eff4ee", faults=case.faults)  # fmt: skip


def opened(case: Case, random: Random) -> Draft:
    """The booklet opened on a landscape sheet, then the opening with the lien, which may be released already."""
    form = Form(random, PEN)
    entry = _lien(form, case.lender, case.mortgage_date, last=True)
    entries = [entry] + ([_released(form, case.release_date, last=True)] if random.random() < 0.5 else [])
    _pages(form, "2")
    rows = "".join(_entry(case, one, height=42, x=103) for one in entries) + _entry(case, "", height=40)
    css = (
        _CSS
        + " .two{display:flex;gap:9mm} .two>div{width:50%} .b td{height:8.6mm;font-size:8.6pt;padding:.1mm .8mm} .b h2{font-size:10pt;margin:.6mm 0} .e p{font-size:9.6pt}"
    )
    body = (
        f'<div class="b two leaf"><div>{_no(form, case)}{_owners(form, case, empty=4)}</div><div>{_vehicle(form, case)}</div></div>'
        f'<div class="b two leaf"><div><h2>登　记　栏</h2><table>{rows}</table></div><div><h2>登　记　栏</h2><table>{_entry(case, "", height=124)}</table></div></div>'
    )
    return Draft(KIND, body, form, css=css, font=GOTHIC, size="296mm 200mm", margin="9mm 11mm 11mm", background="#f2f2e8", mark="top-left", faults=case.faults)  # fmt: skip


def issued_again(case: Case, random: Random) -> Draft:
    """A lost certificate issued again: vehicle and owner on one sheet, reissue and lien on the next, a barcode's square."""
    form = Form(random, PEN)
    again = f"<p>补领机动车登记证书</p><p>补领原因：<i>遗失</i></p><p>补领日期：<i>{dated(case.register_date + timedelta(days=1), '-')}</i></p>"
    changed = f"<p>变更备案</p><p>备案事项：<i>机动车所有人联系方式</i></p><p>备案日期：<i>{dated(case.register_date + timedelta(days=1), '-')}</i></p>"
    entries = [again, changed, _lien(form, case.lender, case.mortgage_date, last=True)]
    if random.random() < 0.4:
        entries.append(_released(form, case.release_date, last=True))
    _pages(form, "2")
    css = _CSS + f' .b td{{height:7.8mm;font-size:8.8pt}} .b i{{font-family:"{STOUT}"}} .b h2{{margin:1mm 0}}'
    body = (
        f'<div class="b leaf">{code(case.car.certificate_no, x=0, y=-2, across=17)}{_no(form, case)}<div style="height:9mm"></div>{_owners(form, case, empty=1)}{_vehicle(form, case)}</div>'
        f'<div class="b leaf"><h2>登　记　栏</h2><table>{"".join(_entry(case, one, x=140) for one in entries)}{_entry(case, "", height=60)}</table></div>'
    )
    return Draft(KIND, body, form, css=css, font=BOOK, margin="11mm 18mm 12mm", background="#f3f6ef", mark="bottom-right", faults=case.faults)  # fmt: skip


def copied(case: Case, random: Random) -> Draft:
    """The first two pages copied in black and white onto one sheet before any lien, stamped by the dealer."""
    form = Form(random, PEN)
    css = (
        _CSS
        + " .b{color:#4a4a4a} .b td{border-color:#8a8a8a;height:6.6mm;font-size:8pt;padding:.1mm 1mm} .b h2{font-size:10pt;margin:.8mm 0}"
    )
    body = (
        f'<div class="b" style="padding:3mm;border:.3mm solid #9a9a9a">{_no(form, case)}{_owners(form, case, empty=2)}{_vehicle(form, case)}</div>'
        f'<div class="place" style="margin-top:4mm"><p style="font-size:11pt">已核对原件　　核对人：{form.written(cast.name(random))}</p>{seal(case.dealer.name, "业务专用章", x=104, y=-14, across=36, tilt=14)}</div>'
    )
    return Draft(KIND, body, form, css=css, font=random.choice((FINE, THIN)), margin="11mm 17mm 14mm", background="#f8f8f8", mark="top-center",
                 faults=case.faults)  # fmt: skip


def register_only(case: Case, random: Random) -> Draft:
    """Only leaves of the register, typed by a dot printer: two lenders one after the other, the last one perhaps repaid too."""
    form = Form(random, PEN)
    first = cast.firm(random, "蓝湾银行股份有限公司" + random.choice(("滨海支行", "科技支行")), random.choice(PLACES))
    pause = max(1, (case.mortgage_date - case.register_date).days // 2)
    one = [_lien(form, first, case.register_date, last=False), _released(form, case.register_date + timedelta(days=pause), last=False)]  # fmt: skip
    two = [_lien(form, case.lender, case.mortgage_date, last=True)]
    if random.random() < 0.6:
        two.append(_released(form, case.release_date, last=True))
    both = random.random() < 0.5
    leaves = (one, two) if both else (one + two,)
    _pages(form, "1,2" if both else "1")
    css = _CSS + f' .b i{{font-family:"{DOTS}";position:relative;top:.4mm}}'
    body = "".join(
        f'<div class="b leaf">{_no(form, case)}<h2>登　　记　　栏</h2><table>{"".join(_entry(case, entry, height=40, x=118) for entry in leaf)}{_entry(case, "", height=150 - 32 * len(leaf))}</table><p class="n">{n + 3}</p></div>'
        for n, leaf in enumerate(leaves)
    )
    return Draft(KIND, body, form, css=css, font=SUNG, size="176mm 250mm", margin="11mm 13mm 12mm", background="#edf3ec", mark="bottom-left", faults=case.faults)  # fmt: skip


LAYOUTS = (second_owner, opened, issued_again, copied, register_only)
