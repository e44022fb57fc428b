"""Who stands on the papers of this split: other people, lenders, dealers and insurers than anywhere else, all of them invented."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from benchmarks.recognition import world
from benchmarks.recognition.case import Case, Company, Party, schedule
from benchmarks.recognition.third import makes
from benchmarks.recognition.third.places import NAMES, NATIONS, PLACES
from benchmarks.recognition.world import Place
from carloan.lib import money

_SURNAMES: Final[tuple[str, ...]] = (
    *"赵孙徐高林郑谢韩于董程沈彭蔡魏段龚尹武盛项靳邬宫柴冀苗惠耶车",
    "诸葛",
    "东方",
    "慕容",
    "司徒",
    "夏侯",
)
_MEN = (
    "鹏飞", "永胜", "兆丰", "景行", "超", "学良", "立群", "振华", "福贵", "泽宇", "浩然", "根生", "一凡", "德厚", "洪波",
    "子骞", "冠霖", "江", "卫东", "毅",
)  # fmt: skip
_LADIES = (
    "娟", "佩玲", "晓霞", "慧敏", "思琪", "凤英", "雨桐", "巧云", "素芬", "诗涵", "琳", "冬梅", "翠花", "语嫣", "瑞雪", "洁",
)  # fmt: skip
_ROADS = (
    "建国东路", "和平大街", "长江西路", "文昌路", "环城南路", "五一路", "胜利街", "青年大道", "滨湖路", "纬三路", "朝阳巷",
    "商贸北街", "科技二路",
)  # fmt: skip
_HOMES = ("锦绣江南", "翰林府", "世纪城", "中央公馆", "凤凰新村", "供电局宿舍", "水岸豪庭", "福临苑", "保利香榭里")
_LENDERS = (
    "汇穗商业银行股份有限公司惠州分行",
    "北澄农村商业银行股份有限公司",
    "云岫银行股份有限公司信用卡中心",
    "启骐汽车金融有限公司",
    "万骏汽车金融（中国）有限公司",
    "鲲腾融资租赁（天津）有限公司",
    "海琅国际融资租赁股份有限公司",
    "融裕消费金融有限公司",
    "临淄区惠民小额贷款有限责任公司",
)
_INSURERS = (
    "永泽财产保险股份有限公司",
    "国衡财产保险有限责任公司",
    "海晏互助财产保险股份有限公司",
    "诚拓财产保险（中国）有限公司",
)
BANKS = ("汇穗商业银行", "云岫银行", "北澄农商银行", "蓝湾银行", "中垣银行")
_SCOPES = (
    "一般项目：汽车销售；汽车零配件批发；汽车装饰用品销售；二手车交易市场经营；小微型客车租赁经营服务（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）许可项目：道路货物运输（不含危险货物）（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以相关部门批准文件或许可证件为准）",
    "批发、零售：水果、蔬菜、冷冻食品；普通货运。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    "水电安装工程、市政公用工程、土石方工程、环保工程的设计与施工；机械设备租赁；建筑劳务分包。",
    "一般项目：技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广；人工智能应用软件开发；信息系统集成服务；物联网设备销售；广告制作。",
    "纺织品、服装、鞋帽、箱包加工、销售；自营和代理各类商品和技术的进出口，但国家限定公司经营或禁止进出口的商品和技术除外。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    "养殖、销售：牛、羊；牧草种植；农业机械服务；农产品的生产、销售、加工、运输、贮藏及其他相关服务。",
)
# Of limited companies, then of those limited by shares.
_KINDS = (
    ("有限责任公司（自然人投资或控股）", "有限责任公司(自然人独资)", "有限责任公司（国有控股）", "有限责任公司（外商投资、非独资）", "其他有限责任公司"),
    ("其他股份有限公司(非上市)", "股份有限公司（非上市、自然人投资或控股）"),
)  # fmt: skip


def name(random: Random, *, female: bool = False) -> str:
    return random.choice(_SURNAMES) + random.choice(_LADIES if female else _MEN)


def person(random: Random, place: Place, as_of: date) -> Party:
    female = random.random() < 0.42
    called = name(random, female=female)
    if place.nations and random.random() < 0.75:
        called = random.choice(NAMES[place.nations][female])
    phone = f"{random.choice(('135', '147', '159', '166', '178', '189', '193'))}000{random.randrange(10**5):05}"
    number = world.identity(random, place, as_of, female=female)
    return Party(called, number, address(random, place), phone, sex="女" if female else "男")


def nation(random: Random, called: str) -> str:
    """The people somebody belongs to: told by the name where it tells, by chance elsewhere."""
    return next((nation for nation, both in NAMES.items() if called in (*both[0], *both[1])), random.choice(NATIONS))


def address(random: Random, place: Place) -> str:
    road, number, home = random.choice(_ROADS), random.randrange(1, 580), random.choice(_HOMES)
    return place.whole + random.choice(
        (
            f"{road}{number}号",
            f"{road}{number}号{home}{random.choice('ABC')}区{random.randrange(1, 26)}幢{random.randrange(1, 4)}单元{random.randrange(2, 27)}0{random.randrange(1, 5)}室",
            f"{road}{number}弄{random.randrange(1, 60)}号{random.randrange(101, 1808)}室",
            f"{home}{random.randrange(1, 40)}#{random.randrange(1, 4)}-{random.randrange(101, 1204)}",
            f"{random.choice('大小新老')}{random.choice('营堡湾塘')}乡{random.choice('东西南北')}{random.choice('寨洼坝垛')}村第{random.choice('一二三四五')}村民小组{random.randrange(1, 120)}号",
            f"{random.choice(('经济技术开发区', '高新区', '工业园'))}{road}{number}号{random.randrange(1, 9)}号厂房{random.randrange(1, 5)}层",
        )
    )


def credit_code(random: Random, division: str, kind: str = "91") -> str:
    return world.credit_code(random, division, ("MA4", "MA6", "MAD", "596", "712", "061"), kind)


def firm(random: Random, title: str, place: Place) -> Party:
    phone = f"0{random.randrange(310, 999)}-{random.randrange(2 * 10**6, 7 * 10**6)}"
    return Party(
        title, credit_code(random, place.code), address(random, place), phone, "营业执照", representative=name(random)
    )


def account(random: Random) -> str:
    return world.account(random, ("621337", "623185", "622568", "625072"))


def bank(random: Random, place: Place) -> str:
    return f"{random.choice(BANKS)}{place.short}{random.choice(('营业部', '城北支行', '开发区支行', random.choice(_ROADS) + '支行'))}"


def dealer(random: Random, place: Place) -> Party:
    style = random.choice(("永骏", "恒通达", "众悦", "腾越", "弘信", "万里达"))
    return firm(
        random,
        f"{place.short}{style}{random.choice(('汽车销售服务有限公司', '新能源汽车有限公司', '汽车贸易有限责任公司', '二手车经销有限公司'))}",
        place,
    )


def insurer(random: Random, place: Place) -> Party:
    return firm(
        random,
        random.choice(_INSURERS)
        + random.choice((f"{place.short}中心支公司", f"{place.short}分公司", f"{place.short}中心支公司营业部")),
        place,
    )


def title(random: Random, place: Place) -> str:
    start = random.choice(
        (place.short, place.short, f"{place.province}{place.short}" if place.province else place.city)
    )
    middle = random.choice(("鼎盛", "海纳", "卓越达", "金穗丰", "合众", "远景", "大漠红", "三江源", "亿帆"))
    end = random.choice(
        ("国际贸易有限公司", "供应链管理有限公司", "建设工程集团有限公司", "生物科技股份有限公司", "农牧开发有限公司",
         "汽车租赁服务有限责任公司")
    )  # fmt: skip
    return start + middle + end


def licensed(random: Random, as_of: date) -> Company:
    """Its licence is of the edition in use since March 2019, whenever it was founded."""
    place = random.choice(PLACES)
    founded = as_of - timedelta(days=random.randrange(500, 7800))
    end = date(founded.year + random.choice((20, 30, 50)), founded.month, min(founded.day, 28)) - timedelta(days=1)
    first = max(founded, date(2019, 3, 1))
    later = random.randrange(1 + (as_of - first).days)
    issued = first + timedelta(days=later if founded < first else random.choice((0, 0, later)))
    office = random.choice(("市场监督管理局",) * 4 + ("行政审批服务局", "行政审批局"))
    called = title(random, place)
    return Company(
        name=called, uscc=credit_code(random, place.code), enterprise_type=random.choice(_KINDS["股份" in called]),
        legal_representative=name(random), capital=random.choice((30, 60, 100, 200, 350, 800, 1000, 2180, 6000)) * 1_000_000,
        established_on=founded, valid_to=None if random.random() < 0.5 else end, address=address(random, place),
        scope=random.choice(_SCOPES), authority=place.seat + office, issued_on=issued,
        number=f"{place.code}{random.randrange(10**9):09}",
    )  # fmt: skip


def case(random: Random, *, as_of: date, company: bool = False) -> Case:
    """One deal of this world."""
    place, far = random.choice(PLACES), random.choice(PLACES)
    model = random.choice(makes.MODELS)
    term = random.choice((12, 18, 24, 36, 36, 36, 48, 60))
    signed, registered, mortgaged, settled = schedule(random, as_of=as_of, term_months=term)
    borrower = firm(random, title(random, place), place) if company else person(random, place, as_of)
    other = next(one for _ in range(99) if (one := person(random, place, as_of)).name != borrower.name)
    paid = model.price * 100 + random.randrange(-800_000, 1_200_000, 20_000)
    principal = paid * random.choice((45, 60, 70, 80)) // 100 // 100_000 * 100_000 + random.choice(
        (0, 0, 0, 50_000, 12_345)
    )
    start = as_of - timedelta(days=random.randrange(2, 350))
    number, year = random.randrange(10**6), signed.year
    return Case(
        borrower=borrower, co_borrower=other, lender=firm(random, random.choice(_LENDERS), far),
        dealer=dealer(random, place), car=makes.car(random, place.plate, model, signed - timedelta(days=random.randrange(15, 200))),
        company=licensed(random, as_of), compulsory=makes.compulsory(random, insurer(random, place), start),
        commercial=makes.commercial(random, insurer(random, place), start, electric="电" in model.fuel),
        authority=place.traffic_police, register_date=registered,
        contract_no=random.choice((f"QC{signed:%Y%m%d}{number:06}", f"XF-{year}-{number:06}-01", f"{year}年个车贷字{number % 10**5:05}号", f"KT[{year}]HZ-{number:06}", f"{place.code[:4]}{signed:%y%m}{number:06}")),
        mortgage_no=random.choice((f"QC{signed:%Y%m%d}{number:06}D", f"XF-{year}-{number:06}-02", f"{year}年个车抵字{number % 10**5:05}号", f"KT[{year}]DY-{number:06}")),
        price=paid, principal=principal, rate=random.randrange(29_800, 138_000, 100), term_months=term, signed_on=signed,
        account=account(random), mortgage_date=mortgaged, release_date=min(as_of, settled + timedelta(days=random.randrange(1, 45))),
        settled_on=settled, settlement_no=random.choice((f"JQ-{settled:%Y%m}-{number % 10**5:05}", f"{settled.year}第{number % 10**4:04}号", f"ZM{settled:%Y%m%d}{number:06}")),
        principal_in_words=money.to_capitals(principal),
    )  # fmt: skip


def lent_by(case: Case, random: Random, *words: str) -> Case:
    """The same deal with a lender whose form it is: one whose name has one of the words."""
    fitting = [one for one in _LENDERS if any(word in one for word in words)]
    return replace(case, lender=firm(random, random.choice(fitting), random.choice(PLACES)))


def of_a_person(case: Case, as_of: date) -> Case:
    """The same deal on a form that only persons sign."""
    if not case.borrower.is_company:
        return case
    random = Random(case.contract_no)
    return replace(world.borrowed_by(case, case.co_borrower), co_borrower=person(random, random.choice(PLACES), as_of))


def home(case: Case) -> Place:
    return world.home(case, PLACES)
