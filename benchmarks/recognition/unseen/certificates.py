"""机动车登记证书 of this split: with one lien, a third owner, a changed colour, all on one sheet, a leaf of the register."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Case, Party
from benchmarks.recognition.press import Draft, Form, dated, seal
from benchmarks.recognition.samples import AS_OF
from benchmarks.recognition.unseen import cast
from benchmarks.recognition.unseen.places import PLACES
from benchmarks.recognition.unseen.style import DOTS, FANG, HEI_ALONE, PEN, SONG_ALONE, TYPED

KIND = "vehicle_registration_certificate"
_BOOK = "178mm 252mm"
_CSS = (
    ".b{color:#36566b} .b i{font-style:normal;color:#17181c} .b table{table-layout:fixed} .b td{border:.25mm solid #6f8ba0;font-size:9.6pt;line-height:1.25;height:11.4mm;padding:.4mm 1.2mm}"
    " .b h2{font-weight:normal;font-size:12pt;text-align:center;margin:2mm 0 1mm;letter-spacing:1mm} .b p{margin:0 0 .8mm;text-align:left} .pg{text-align:center !important;font-size:8pt;color:#6f8ba0}"
)
_MARKS = "ⅠⅡⅢⅣⅤⅥ"
# Who owned it, under which plate, since when.
Owned = tuple[Party, str, date]


def _proof(one: Party) -> str:
    return "营业执照" if one.is_company else "居民身份证"


def _head(form: Form, case: Case) -> str:
    return f'<p style="text-align:right">编号：<i>{form.put("certificate_no", case.car.certificate_no)}</i></p>'


def _owners(form: Form, case: Case, *, rows: int, before: tuple[Owned, ...] = (), moved: date | None = None) -> str:
    """The summary of owners: those before, the borrower, and empty rows up to `rows`."""
    office = form.put("authority", case.authority)
    last = f"{form.put('owner_name', case.borrower.name)}/{_proof(case.borrower)}/{form.put('owner_id', case.borrower.number)}"
    plate = form.put("plate", case.car.plate)
    first_day = form.day("register_date", case.register_date, "-")
    filled = [(f"{one.name}/{_proof(one)}/{one.number}", office, dated(day, "-"), old) for one, old, day in before]
    filled.append((last, office, dated(moved or case.register_date, "-"), plate))
    filled[0] = (*filled[0][:2], first_day, filled[0][3])
    filled += [("", "", "", "")] * (rows - len(filled))
    parts = []
    for n, (who, where, day, number) in enumerate(filled):
        label = "1.机动车所有人/身份证明名称/号码" if n == 0 else "机动车所有人/身份证明名称/号码"
        names = (
            ("2.登记机关", "3.登记日期", "4.机动车登记编号") if n == 0 else ("登记机关", "登记日期", "机动车登记编号")
        )
        parts.append(
            f'<tr><td rowspan="2" class="middle">{_MARKS[n]}</td><td colspan="3">{label}</td><td colspan="5"><i>{who}</i></td></tr>'
            f'<tr><td>{names[0]}</td><td colspan="2"><i>{where}</i></td><td>{names[1]}</td><td><i>{day}</i></td><td colspan="2">{names[2]}</td><td><i>{number}</i></td></tr>'
        )
    columns = "".join(f'<col style="width:{share}%">' for share in (5, 11, 12, 11, 11, 16, 8, 8, 18))
    return f"<h2>注册登记摘要信息栏</h2><table>{columns}{parts[0]}</table><h2>转移登记摘要信息栏</h2><table>{columns}{''.join(parts[1:])}</table>"


def _vehicle(form: Form, case: Case, *, stamp: float = 28) -> str:
    car, random = case.car, form.random
    towing, tipping, cargo = ("牵引" in car.vehicle_type), ("自卸" in car.vehicle_type), ("货车" in car.vehicle_type)
    big = towing or tipping
    long, broad, high = car.size.split("×")
    track = random.randrange(1495, 1680)
    cells = (
        ("车辆类型", form.put("vehicle_type", car.vehicle_type)), ("车辆品牌", form.put("brand", car.brand)), ("车辆型号", form.put("model", car.model)), ("车身颜色", form.put("colour", car.colour)),
        ("车辆识别代号/车架号", form.put("vin", car.vin)), ("国产/进口", form.put("origin", car.origin)), ("发动机号", form.put("engine_no", car.engine_no)), ("发动机型号", form.put("engine_model", car.engine_model)),
        ("燃料种类", form.put("fuel", car.fuel)), ("排量/功率", f"{car.displacement or '--'} ml/ {car.power} kw"), ("制造厂名称", form.put("maker", car.maker)), ("转向形式", "方向盘"),
        ("轮距", f"前 {track} 后 {track + 7} mm"), ("轮胎数", "12" if tipping else "10" if towing else "6" if cargo else "4"), ("轮胎规格", "12.00R20" if big else "7.00R16LT" if cargo else random.choice(("205/55R17", "225/50R18", "245/45R20"))), ("钢板弹簧片数", "后轴 9 片" if big or cargo else "后轴 -- 片"),
        ("轴距", f"{car.wheelbase} mm"), ("轴数", "4" if tipping else "3" if towing else "2"), ("外廓尺寸", f"长 {long} 宽 {broad} 高 {high} mm"), ("货厢内部尺寸", "长 7600 宽 2300 高 1500 mm" if tipping else "长 -- 宽 -- 高 -- mm"),
        ("总质量", f"{31_000 if tipping else 25_000 if towing else car.mass + 75 * car.seats} kg"), ("核定载质量", "15500 kg" if tipping else "1300 kg" if cargo else "-- kg"), ("核定载客", "-- 人" if big or cargo else f"{car.seats} 人"), ("准牵引总质量", "40000 kg" if towing else "-- kg"),
        ("驾驶室载客", f"{car.seats} 人" if big or cargo else "-- 人"), ("使用性质", form.put("use_character", car.use_character)), ("车辆获得方式", "购买"), ("车辆出厂日期", form.day("made_on", car.made_on, "-")),
    )  # fmt: skip
    rows = "".join(
        f"<tr><td>{n + 5}.{cells[n][0]}</td><td><i>{cells[n][1]}</i></td><td>{n + 6}.{cells[n + 1][0]}</td><td><i>{cells[n + 1][1]}</i></td></tr>"
        for n in range(0, len(cells), 2)
    )
    mark = seal(case.authority, "车辆登记专用章", x=8, y=-8, across=stamp, tilt=random.uniform(-12, 12))
    return (
        f'<h2>注册登记机动车信息栏</h2><table><colgroup><col style="width:24%"><col style="width:29%"><col style="width:22%"><col style="width:25%"></colgroup>{rows}'
        f'<tr><td>33.发证机关章</td><td><div class="place" style="height:13mm">{mark}</div></td><td>34.发证日期</td><td><i>{form.day("issue_date", case.register_date, "-")}</i></td></tr></table>'
    )


def _lien(form: Form, holder: Party, day: date, *, last: bool) -> str:
    """抵押登记; the last one on a paper is its truth."""
    name, number, since = holder.name, holder.number, dated(day, "-")
    if last:
        name, number = form.put("mortgagee_name", name), form.put("mortgagee_id", number)
        since = form.day("mortgage_date", day, "-")
    return f"<p>抵押登记</p><p>抵押权人姓名/名称：<i>{name}</i></p><p>身份证明名称/号码：<i>营业执照/{number}</i></p><p>抵押登记日期：<i>{since}</i></p>"


def _release(form: Form, day: date, *, last: bool) -> str:
    shown = form.day("release_date", day, "-") if last else dated(day, "-")
    return f"<p>解除抵押</p><p>解除抵押日期：<i>{shown}</i></p>"


def _entry(case: Case, inner: str, *, height: float = 38, x: float = 112) -> str:
    mark = seal(case.authority, "车辆登记专用章", x=x, y=2, across=27, tilt=len(inner) % 27 - 13) if inner else ""
    return f'<tr><td style="height:{height}mm;vertical-align:top"><div class="place">{inner}{mark}</div></td></tr>'


def _pages(form: Form, pages: str) -> None:
    form.fields["lien_pages"], form.printed["lien_pages"] = pages, ""


def _bank(random: Random) -> Party:
    place = random.choice(PLACES)
    return cast.firm(random, f"{random.choice(('瀚江银行', '东岱银行'))}股份有限公司{place.short}分行", place)


def fresh(case: Case, random: Random) -> Draft:
    """Three pages of the booklet, typed by dots; the loan's lien, which may be released below it."""
    form = Form(random, PEN)
    entries = [_lien(form, case.lender, case.mortgage_date, last=True)]
    if random.random() < 0.4:
        entries.append(_release(form, case.release_date, last=True))
    _pages(form, "3")
    body = (
        f'<div class="b leaf">{_head(form, case)}{_owners(form, case, rows=5)}<p class="pg">第 1 页</p></div><div class="b leaf">{_vehicle(form, case)}<p class="pg">第 2 页</p></div>'
        f'<div class="b leaf"><h2>登 记 栏</h2><table>{"".join(_entry(case, one) for one in entries)}{_entry(case, "", height=180 - 38 * len(entries))}</table><p class="pg">第 3 页</p></div>'
    )  # fmt: skip
    css = f'{_CSS} .b i{{font-family:"{DOTS}"}}'
    return Draft(KIND, body, form, css=css, font=SONG_ALONE, size=_BOOK, margin="10mm 12mm 12mm", background="#eef5f6", faults=case.faults)  # fmt: skip


def third_owner(case: Case, random: Random) -> Draft:
    """Sold twice within the city: the borrower is the third owner, and only his lien is on the leaf that was copied."""
    form, place = Form(random, PEN), cast.home(case)
    one, two = (cast.person(random, place, AS_OF) for _ in range(2))
    first, second = (f"{case.car.plate[:2]}{random.randrange(10**5):05}" for _ in range(2))
    between = case.register_date + timedelta(days=random.randrange(60, 150))
    moved = between + timedelta(days=random.randrange(60, 200))
    lien = moved + timedelta(days=random.randrange(0, 12))
    moving = f"<p>转移登记</p><p>姓名/名称：<i>{case.borrower.name}</i></p><p>身份证明名称/号码：<i>{_proof(case.borrower)}/{case.borrower.number}</i></p><p>获得方式：<i>购买</i>　机动车登记编号：<i>{case.car.plate}</i></p><p>转移登记日期：<i>{dated(moved, '-')}</i></p>"
    _pages(form, "2")
    body = (
        f'<div class="b leaf">{_head(form, case)}{_owners(form, case, rows=4, before=((one, first, case.register_date), (two, second, between)), moved=moved)}{_vehicle(form, case)}</div>'
        f'<div class="b leaf"><h2>登 记 栏</h2><table>{_entry(case, moving, height=44, x=128)}{_entry(case, _lien(form, case.lender, lien, last=True), x=128)}{_entry(case, "", height=120)}</table></div>'
    )  # fmt: skip
    css = f'{_CSS} .b td{{height:6.7mm;font-size:8.2pt;padding:.1mm 1mm}} .b h2{{font-size:10.5pt;margin:.8mm 0}} .b p{{font-size:9.6pt}} .b i{{font-family:"{TYPED}"}}'
    return Draft(KIND, body, form, css=css, font=FANG, margin="9mm 15mm 12mm", background="#f1f5ee", mark="bottom-right", faults=case.faults)  # fmt: skip


def recoloured(case: Case, random: Random) -> Draft:
    """A bank's lien, released; the colour changed; then the lender's. What changed stands only in the register."""
    form = Form(random, PEN)
    pause = (case.mortgage_date - case.register_date).days // 2
    early, later = case.register_date, case.register_date + timedelta(days=pause)
    changed = f"<p>变更登记</p><p>变更项目：<i>车身颜色</i></p><p>变更内容：<i>{random.choice([one for one in ('白', '黑', '灰') if one != case.car.colour])}</i></p><p>变更登记日期：<i>{dated(later, '-')}</i></p>"
    rows = (
        _entry(case, _lien(form, _bank(random), early, last=False)), _entry(case, _release(form, later, last=False), height=30), _entry(case, changed), _entry(case, _lien(form, case.lender, case.mortgage_date, last=True)),
    )  # fmt: skip
    end = _entry(case, _release(form, case.release_date, last=True), height=34) if random.random() < 0.5 else _entry(case, "", height=34)  # fmt: skip
    _pages(form, "3")
    body = (
        f'<div class="b leaf">{_head(form, case)}{_owners(form, case, rows=4)}<p class="pg">1</p></div><div class="b leaf">{_vehicle(form, case)}<p class="pg">2</p></div>'
        f'<div class="b leaf"><h2>登 记 栏</h2><table>{"".join(rows)}{end}</table><p class="pg">3</p></div>'
    )
    css = f"{_CSS} .b{{color:#4d6a52}} .b td{{border-color:#7d9a82}} .pg{{color:#7d9a82}}"
    return Draft(KIND, body, form, css=css, font=HEI_ALONE, size=_BOOK, margin="10mm 12mm 12mm", background="#eff5ec", mark="top-left", faults=case.faults)  # fmt: skip


def one_sheet(case: Case, random: Random) -> Draft:
    """All three pages copied grey onto one lying sheet of A3, side by side, with the clerk's note."""
    form = Form(random, PEN)
    _pages(form, "1")
    rows = _entry(case, _lien(form, case.lender, case.mortgage_date, last=True), height=44, x=84) + _entry(
        case, "", height=150
    )
    body = (
        f'<div class="b three"><div>{_head(form, case)}{_owners(form, case, rows=5)}</div><div>{_vehicle(form, case, stamp=24)}</div><div><h2>登 记 栏</h2><table>{rows}</table></div></div>'
        f'<p style="font-size:11pt;margin-top:4mm">复印自原件，原件由抵押权人保管。　　档案员：{form.written(cast.name(random))}</p>'
    )
    css = f"{_CSS} .b{{color:#555}} .b td{{border-color:#8c8c8c;height:9.6mm;font-size:8.6pt;padding:.2mm .8mm}} .three{{display:flex;gap:7mm}} .three>div{{width:126mm;flex:none}} .b p{{font-size:9pt}}"
    return Draft(KIND, body, form, css=css, font=SONG_ALONE, size="A3 landscape", margin="12mm 12mm 13mm", background="#f7f7f7", mark="bottom-right", faults=case.faults)  # fmt: skip


def leaf_of_the_register(case: Case, random: Random) -> Draft:
    """Only a leaf of the register: a lost certificate issued again, another lender's lien released, and the last one."""
    form = Form(random, PEN)
    pause = (case.mortgage_date - case.register_date).days // 2
    again = f"<p>补领登记证书</p><p>补领原因：<i>丢失</i>　补领日期：<i>{dated(case.register_date, '-')}</i></p>"
    rows = (
        _entry(case, again, height=32), _entry(case, _lien(form, _bank(random), case.register_date, last=False)),
        _entry(case, _release(form, case.register_date + timedelta(days=pause), last=False), height=32), _entry(case, _lien(form, case.lender, case.mortgage_date, last=True)),
        _entry(case, _release(form, case.release_date, last=True) if random.random() < 0.6 else "", height=34),
    )  # fmt: skip
    _pages(form, "1")
    body = f'<div class="b">{_head(form, case)}<h2>登　记　栏</h2><table>{"".join(rows)}</table><p class="pg">第 4 页</p></div>'
    return Draft(KIND, body, form, css=f'{_CSS} .b i{{font-family:"{DOTS}"}}', font=FANG, size=_BOOK, margin="11mm 13mm 12mm", background="#f0f4f6", mark="bottom-left", faults=case.faults)  # fmt: skip


LAYOUTS = (fresh, third_owner, recoloured, one_sheet, leaf_of_the_register)
