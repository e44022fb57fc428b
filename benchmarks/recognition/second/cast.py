"""Who stands on the second papers that judged: other names, lenders, dealers and insurers than anywhere else, all of them invented."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks.recognition import case as cases
from benchmarks.recognition.case import Case, Company, Party, schedule
from benchmarks.recognition.second import cars
from benchmarks.recognition.second.places import BILINGUAL, EVERY, NAMES, PLACES, WOMEN, Place
from carloan.lib import bank_card, identity_number, money, uscc

_SURNAMES: tuple[str, ...] = (
    *"王李张刘陈杨周吴马仝亓隗阚缪蔺郗逄昌妥尉麻卓佘荀戚湛",
    "欧阳",
    "司马",
    "上官",
    "尉迟",
    "令狐",
    "皇甫",
    "端木",
)
_MEN = (
    "磊",
    "国栋",
    "建设",
    "志远",
    "小军",
    "伟",
    "文彬",
    "铁柱",
    "海生",
    "思源",
    "一鸣",
    "长江",
    "宝林",
    "少聪",
    "昊",
)
_LADIES = ("静", "婷", "玉兰", "小燕", "雅琴", "春花", "丽", "梦洁", "秋菊", "嘉怡", "雪梅", "红霞", "若男", "妍")
_ROADS = (
    "人民中路",
    "解放南街",
    "创业大道",
    "滨河东路",
    "学府街",
    "工业北路",
    "康庄路",
    "迎宾大道",
    "新华西街",
    "育才巷",
)
_HOMES = ("阳光花园", "金地名苑", "绿洲国际", "书香门第", "万和新城", "东方明珠小区", "机械厂家属院")
_LENDERS = (
    "恒驭融资租赁（上海）有限公司",
    "顺澜农村商业银行股份有限公司大良支行",
    "星衡汽车金融有限公司",
    "中岳商业银行股份有限公司洛阳分行",
    "众炬消费金融股份有限公司",
    "平陆国际融资租赁有限公司",
    "珂驰汽车金融（中国）有限公司",
)
_INSURERS = (
    "锦屿财产保险股份有限公司",
    "太岳联保财产保险股份有限公司",
    "众泰源财产保险有限公司",
    "禾安互联财产保险股份有限公司",
)
_SCOPES = (
    "一般项目：汽车销售；新能源汽车整车销售；二手车经销；机动车修理和维护；洗车服务；保险代理业务（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以审批结果为准）",
    "普通货物道路运输；货物仓储（不含危险化学品）；装卸搬运；国内货运代理；集装箱租赁服务。",
    "许可项目：建设工程施工；住宅室内装饰装修（依法须经批准的项目，经相关部门批准后方可开展经营活动）一般项目：建筑材料销售；五金产品批发；门窗制造加工；信息咨询服务（不含许可类信息咨询服务）（除许可业务外，可自主依法经营法律法规非禁止或限制的项目）",
    "餐饮服务；预包装食品零售；卷烟、雪茄烟零售；会议及展览服务",
    "计算机软硬件开发、销售；电子产品、通讯设备（不含卫星地面接收设施）的销售；企业管理咨询；从事货物与技术的进出口业务。",
)
_KINDS = (
    "有限责任公司（自然人独资）", "有限责任公司(自然人投资或控股)", "股份有限公司(非上市、自然人投资或控股)",
    "有限责任公司(非自然人投资或控股的法人独资)", "有限责任公司（港澳台法人独资）",
)  # fmt: skip


def name(random: Random, *, female: bool = False) -> str:
    return random.choice(_SURNAMES) + random.choice(_LADIES if female else _MEN)


def person(random: Random, place: Place, as_of: date) -> Party:
    born = as_of - timedelta(days=random.randrange(22 * 365, 62 * 365))
    female = random.random() < 0.4
    called = name(random, female=female)
    if place.tongue and random.random() < 0.7:
        called = random.choice(NAMES[place.tongue][1])[0]
        female = called in WOMEN
    body = f"{place.code}{born:%Y%m%d}{random.choice(('002', '044', '286') if female else ('001', '033', '517'))}"
    phone = f"{random.choice(('130', '158', '177', '182', '191'))}000{random.randrange(10**5):05}"
    return Party(
        called, body + identity_number.check_digit(body), address(random, place), phone, sex="女" if female else "男"
    )


def nation(random: Random, called: str) -> str:
    for nation, names in NAMES.values():
        if called in {chinese for chinese, _ in names}:
            return nation
    return random.choice(("汉", "汉", "汉", "汉", "满", "土家", "苗", "布依", "侗", "瑶", "白", "哈尼", "俄罗斯"))


def address(random: Random, place: Place) -> str:
    road, number = random.choice(_ROADS), random.randrange(1, 700)
    return place.whole + random.choice(
        (
            f"{road}{number}号{random.choice(_HOMES)}{random.randrange(1, 30)}栋{random.randrange(1, 5)}单元{random.randrange(1, 33)}0{random.randrange(1, 5)}室",
            f"{road}{number}号",
            f"{random.choice('石柳沙杏')}{random.choice('桥林河湾')}镇{random.choice('上下前后')}{random.choice('坪庄沟岗')}村{random.randrange(1, 12)}组{random.randrange(1, 90)}号",
            f"{random.choice(_HOMES)}{random.randrange(1, 60)}号楼{random.randrange(101, 2600)}",
        )
    )


def credit_code(random: Random, division: str) -> str:
    body = f"91{division}{random.choice(('MA5', '078', '753', 'MAC'))}{''.join(random.choice(uscc.ALPHABET) for _ in range(6))}"
    return body + uscc.check_character(body)


def firm(random: Random, title: str, place: Place) -> Party:
    phone = f"0{random.randrange(310, 999)}-{random.randrange(8 * 10**6, 9 * 10**6)}"
    return Party(
        title, credit_code(random, place.code), address(random, place), phone, "营业执照", representative=name(random)
    )


def account(random: Random) -> str:
    body = f"{random.choice(('622908', '621098', '623668'))}{random.randrange(10**12):012}"
    return next(number for digit in range(10) if bank_card.luhn_ok(number := f"{body}{digit}"))


def bank(random: Random, place: Place) -> str:
    return f"{random.choice(('中岳商业银行', '顺澜农商银行', '江左银行'))}{place.short}{random.choice(_ROADS)[:2]}支行"


def dealer(random: Random, place: Place) -> Party:
    title = f"{place.short}{random.choice(('鸿运', '广源', '车之家园', '众诚', '宝利德'))}汽车{random.choice(('销售服务', '贸易', '销售'))}有限公司"
    return firm(random, title, place)


def insurer(random: Random, place: Place) -> Party:
    return firm(
        random, random.choice(_INSURERS) + place.short + random.choice(("分公司", "中心支公司", "市分公司")), place
    )


def title(random: Random, place: Place) -> str:
    start = random.choice((place.short, f"{place.short}市" if place.city.endswith("市") else place.short))
    middle = random.choice(("宏图", "聚鑫源", "一路顺", "四海通", "瑞丰祥", "天工", "禾木"))
    end = random.choice(
        ("物流有限公司", "建材有限责任公司", "装饰工程有限公司", "网络科技股份有限公司", "餐饮管理有限公司")
    )
    return start + middle + end


def licensed(random: Random, as_of: date) -> Company:
    place = random.choice(EVERY)
    founded = as_of - timedelta(days=random.randrange(400, 8000))
    office = "行政审批服务局" if random.random() < 0.25 else "市场监督管理局"
    return Company(
        name=title(random, place), uscc=credit_code(random, place.code), enterprise_type=random.choice(_KINDS),
        legal_representative=name(random), capital=random.choice((50, 100, 208, 500, 1000, 1500, 5000)) * 1_000_000,
        established_on=founded,
        valid_to=None if random.random() < 0.5 else founded.replace(year=founded.year + random.choice((10, 20, 30)), day=min(founded.day, 28)) - timedelta(days=1),
        address=address(random, place), scope=random.choice(_SCOPES), authority=place.seat + office,
        issued_on=min(as_of, founded + timedelta(days=random.choice((0, 0, random.randrange(30, 1500))))),
        number=f"{place.code}000{random.randrange(10**9):09}",
    )  # fmt: skip


def case(random: Random, *, as_of: date, company: bool = False) -> Case:
    """One deal of the new world."""
    place, far = random.choice(EVERY), random.choice(PLACES)
    model = random.choice(cars.MODELS)
    term = random.choice((12, 24, 24, 36, 36, 48, 60))
    signed, registered, mortgaged, settled = schedule(random, as_of=as_of, term_months=term)
    borrower = firm(random, title(random, place), place) if company else person(random, place, as_of)
    paid = model.price * 100 + random.randrange(-600_000, 900_000, 10_000)
    principal = paid * random.choice((40, 55, 70, 75, 80)) // 100 // 100_000 * 100_000 + random.choice(
        (0, 0, 23_000, 6_850)
    )
    start = as_of - timedelta(days=random.randrange(3, 340))
    number, year = random.randrange(10**6), signed.year
    kind = random.choice(("HYZL", "XHQJ", "PLGJ"))
    return Case(
        borrower=borrower, co_borrower=person(random, place, as_of), lender=firm(random, random.choice(_LENDERS), far),
        dealer=dealer(random, place), car=cars.car(random, place.plate, model, signed - timedelta(days=random.randrange(20, 150))),
        company=licensed(random, as_of), compulsory=cars.compulsory(random, insurer(random, place), start),
        commercial=cars.commercial(random, insurer(random, place), start, electric=model.fuel == "电"),
        authority=place.traffic_police, register_date=registered,
        contract_no=random.choice((f"{kind}-{year}-ZZ-{number:06}", f"{signed:%Y%m%d}{number:06}{term:02}8", f"（{year}）恒车贷借字第{number % 10**4:04}号", f"CL{signed:%y%m}{number:06}")),
        mortgage_no=random.choice((f"{kind}-{year}-DY-{number:06}", f"（{year}）恒车贷抵字第{number % 10**4:04}号", f"CL{signed:%y%m}{number:06}-D1")),
        price=paid, principal=principal, rate=random.randrange(28_800, 119_000, 60), term_months=term, signed_on=signed,
        account=account(random), mortgage_date=mortgaged, release_date=min(as_of, settled + timedelta(days=random.randrange(1, 60))),
        settled_on=settled, settlement_no=random.choice((f"JQ{settled:%Y%m%d}{number % 10**5:05}", f"结清字[{settled.year}]第{number % 10**4:04}号")),
        principal_in_words=money.to_capitals(principal),
    )  # fmt: skip


def lent_by(case: Case, random: Random, word: str) -> Case:
    """The same deal with a lender of the kind whose form it is: 银行, 租赁, 汽车金融, 消费金融."""
    return replace(
        case, lender=firm(random, random.choice([one for one in _LENDERS if word in one]), random.choice(PLACES))
    )


def home(case: Case) -> Place:
    """Where the borrower lives, so that both sides of a card and their office agree."""
    return next(place for place in EVERY if case.borrower.address.startswith(place.whole))


def borrowed_by(case: Case, other: Party) -> Case:
    """The same deal of another borrower; a slip in the borrower's number is now one in the other's."""
    moved = replace(case, borrower=other, faults=())
    if "id_check" in case.faults:
        moved = cases.spoil(moved, "id_check")
    return replace(moved, faults=case.faults)


def of_a_person(case: Case) -> Case:
    """The same deal on a form that only persons sign."""
    return borrowed_by(case, case.co_borrower) if case.borrower.is_company else case


def two_tongued(case: Case, as_of: date) -> tuple[Case, Place]:
    """The same deal of somebody whose papers are in two languages; the same one for both sides of a card."""
    random = Random(case.contract_no)
    place = random.choice(BILINGUAL)
    return borrowed_by(case, person(random, place, as_of)), place
