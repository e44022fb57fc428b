"""Who stands on the papers of this split: other people, lenders, dealers and insurers than anywhere else, all invented."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from benchmarks.recognition import world
from benchmarks.recognition.case import Case, Company, Party, schedule
from benchmarks.recognition.unseen import makes
from benchmarks.recognition.unseen.places import NAMES, NATIONS, PLACES
from benchmarks.recognition.world import Place
from carloan.lib import money

_SURNAMES: Final[tuple[str, ...]] = (
    *"王李张刘陈杨黄周吴胡朱何郭罗梁宋唐许邓冯曹曾肖田潘袁蒋余杜叶苏吕丁任卢姚钟崔陆廖石金贾付方邹熊白孟秦邱尚侯",
    "欧阳",
    "上官",
    "令狐",
    "尉迟",
)
_MEN = (
    "培元", "俊峰", "有财", "嘉诚", "玉良", "宏伟", "文龙", "广平", "金水", "昌盛", "梓轩", "少华", "保国", "仲尼", "守信",
    "万林", "家宝", "士勇", "凯", "东", "利民", "木火", "汝霖", "启明",
)  # fmt: skip
_LADIES = (
    "雅婷", "月娥", "桂芳", "小芹", "银花", "艳萍", "可馨", "淑敏", "佳慧", "玉珍", "晨曦", "莉", "霞", "筱雨", "爱华", "腊梅", "一诺",
)  # fmt: skip
_ROADS = (
    "人民北路", "中山东路", "解放大道", "迎宾路", "凤凰大街", "体育路", "兴业街", "站前路", "沿江路", "东风南路", "南环二路", "崇文巷",
    "振兴街", "光明西路", "古城路",
)  # fmt: skip
_HOMES = (
    "碧水湾",
    "春晖花园",
    "金域蓝湾",
    "紫荆城",
    "教师新村",
    "铁路小区",
    "万和国际",
    "香樟名苑",
    "梧桐郡",
    "和谐家园",
)
_LENDERS = (
    "瀚江银行股份有限公司泰州海陵支行",
    "东岱银行股份有限公司",
    "赣源农村商业银行股份有限公司",
    "浔阳区农村信用合作联社",
    "蜀川银行股份有限公司汽车消费金融中心",
    "骊驰汽车金融有限公司",
    "奥迈汽车金融（中国）有限公司",
    "铭程汽车集团财务有限公司",
    "辰途融资租赁（上海）有限公司",
    "远航国际融资租赁有限公司",
    "优禾消费金融股份有限公司",
    "新乡市红旗区金渡小额贷款股份有限公司",
)
_INSURERS = (
    "恒睿财产保险股份有限公司",
    "众启财产保险股份有限公司",
    "信泽财产保险有限公司",
    "江淮平泰财产保险股份有限公司",
    "联诺（中国）财产保险有限公司",
)
BANKS = ("瀚江银行", "东岱银行", "蜀川银行", "赣源农商银行", "浔阳农信")
_SCOPES = (
    "许可项目：道路货物运输（不含危险货物）；道路旅客运输经营（依法须经批准的项目，经相关部门批准后方可开展经营活动）。一般项目：国内货物运输代理；装卸搬运；停车场服务；机动车修理和维护；轮胎销售（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）。",
    "新车销售；二手车经销；汽车零配件零售；代办车辆上牌、年检、过户手续；保险兼业代理；会议及展览服务。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    "建筑材料、五金交电、化工产品（不含危险化学品）、机电设备销售；室内外装饰装修工程施工；道路普通货物运输。",
    "一般项目：粮食收购；谷物销售；食用农产品初加工；低温仓储（不含危险化学品等需许可审批的项目）；供应链管理服务。",
    "从事计算机科技领域内的技术开发、技术转让、技术咨询、技术服务，计算机网络工程，电子商务（不得从事金融业务），汽车租赁，广告设计、制作、代理、发布。【依法须经批准的项目，经相关部门批准后方可开展经营活动】",
    "茶叶种植、加工、销售；水果、苗木种植；农家乐餐饮服务；休闲农业观光旅游（以上项目国家法律法规禁止的不得经营，涉及许可的凭许可证经营）",
)
_KINDS = (
    ("有限责任公司（自然人独资）", "有限责任公司(自然人投资或控股)", "有限责任公司（法人独资）", "有限责任公司(台港澳与境内合资)", "有限责任公司"),
    ("股份有限公司(上市、国有控股)", "其他股份有限公司（非上市）"),
)  # fmt: skip


def name(random: Random, *, female: bool = False) -> str:
    return random.choice(_SURNAMES) + random.choice(_LADIES if female else _MEN)


def person(random: Random, place: Place, as_of: date) -> Party:
    female = random.random() < 0.4
    called = name(random, female=female)
    if place.nations and random.random() < 0.7:
        called = random.choice(NAMES[place.nations][female])
    phone = f"{random.choice(('133', '138', '150', '156', '173', '181', '187', '199'))}000{random.randrange(10**5):05}"
    number = world.identity(random, place, as_of, female=female)
    return Party(called, number, address(random, place), phone, sex="女" if female else "男")


def nation(random: Random, called: str) -> str:
    """The people somebody belongs to: told by the name where it tells, by chance elsewhere."""
    return next((nation for nation, both in NAMES.items() if called in (*both[0], *both[1])), random.choice(NATIONS))


def address(random: Random, place: Place) -> str:
    road, number, estate = random.choice(_ROADS), random.randrange(1, 900), random.choice(_HOMES)
    flat = f"{random.randrange(1, 30)}0{random.randrange(1, 6)}"
    return place.whole + random.choice(
        (
            f"{road}{number}号",
            f"{road}{number}号{estate}{random.randrange(1, 30)}号楼{random.randrange(1, 5)}单元{flat}号",
            f"{road}{number}号{random.randrange(1, 30)}栋{flat}房",
            f"{estate}{random.choice('东西南北')}区{random.randrange(1, 40)}-{random.randrange(1, 5)}-{flat}",
            f"{random.choice('石双龙清太')}{random.choice('桥河泉水平')}镇{random.choice('上下前后')}{random.choice('洋坑屯庄')}村{random.randrange(1, 17)}组{random.randrange(1, 90)}号附{random.randrange(1, 4)}号",
            f"{road}与{random.choice(_ROADS)}交叉口{random.choice('东西南北')}{random.randrange(50, 600, 50)}米{random.choice(('路北', '路南', '物流园内'))}",
            f"{road}街道{road[:2]}社区{random.choice('甲乙丙')}{random.randrange(1, 30)}号",
        )
    )


def credit_code(random: Random, division: str, kind: str = "91") -> str:
    return world.credit_code(random, division, ("MA1", "MA5", "MA9", "MAC", "578", "690", "755"), kind)


def firm(random: Random, title: str, place: Place) -> Party:
    phone = f"0{random.randrange(310, 999)}-{random.randrange(2 * 10**6, 8 * 10**6)}"
    return Party(
        title, credit_code(random, place.code), address(random, place), phone, "营业执照", representative=name(random)
    )


def account(random: Random) -> str:
    return world.account(random, ("621462", "622126", "623052", "621082"))


def bank(random: Random, place: Place) -> str:
    return f"{random.choice(BANKS)}{place.short}{random.choice(('分行营业部', '城东支行', '高新支行', random.choice(_ROADS) + '分理处'))}"


def dealer(random: Random, place: Place) -> Party:
    style = random.choice(("荣骏", "广达", "顺驰", "华宇", "百得利通", "宝晟"))
    kind = random.choice(("汽车销售有限公司", "汽车服务有限公司", "商用车销售服务有限公司", "新能源汽车销售有限公司"))
    return firm(random, f"{place.short}{style}{kind}", place)


def insurer(random: Random, place: Place) -> Party:
    branch = random.choice((f"{place.short}市分公司", f"{place.short}中心支公司", f"{place.short}支公司", f"{place.short}分公司电子商务营业部"))  # fmt: skip
    return firm(random, random.choice(_INSURERS) + branch.replace("市市", "市"), place)


def title(random: Random, place: Place) -> str:
    start = random.choice(
        (place.short, f"{place.short}市" if place.city.endswith("市") else place.city, place.province + place.short)
    )
    middle = random.choice(("嘉禾", "通泰", "瑞丰源", "博远", "八方", "新天地", "云顶", "盛和", "力行"))
    end = random.choice(
        ("物流有限公司", "商贸有限公司", "建材有限责任公司", "汽车运输有限公司", "信息科技股份有限公司", "农业发展有限公司", "茶业有限公司")
    )  # fmt: skip
    return start + middle + end


def licensed(random: Random, as_of: date) -> Company:
    """Its licence is of the edition in use since March 2019, whenever it was founded."""
    place = random.choice(PLACES)
    founded = as_of - timedelta(days=random.randrange(400, 8200))
    end = date(founded.year + random.choice((10, 20, 30)), founded.month, min(founded.day, 28)) - timedelta(days=1)
    first = max(founded, date(2019, 3, 1))
    later = random.randrange(1 + (as_of - first).days)
    issued = first + timedelta(days=later if founded < first else random.choice((0, 0, later)))
    office = random.choice(
        ("市场监督管理局",) * 4 + ("行政审批服务局", "数据局" if issued.year > 2023 else "行政审批局")
    )
    called = title(random, place)
    return Company(
        name=called, uscc=credit_code(random, place.code), enterprise_type=random.choice(_KINDS["股份" in called]),
        legal_representative=name(random, female=random.random() < 0.3), capital=random.choice((10, 50, 108, 300, 500, 600, 1200, 3000, 10_000)) * 1_000_000,
        established_on=founded, valid_to=None if random.random() < 0.45 else end, address=address(random, place),
        scope=random.choice(_SCOPES), authority=place.seat + office, issued_on=issued,
        number=f"{place.code}{random.randrange(10**9):09}",
    )  # fmt: skip


def case(random: Random, *, as_of: date, company: bool = False) -> Case:
    """One deal of this world."""
    place, far = random.choice(PLACES), random.choice(PLACES)
    model = random.choice(makes.MODELS)
    term = random.choice((12, 24, 24, 36, 36, 36, 48, 60))
    signed, registered, mortgaged, settled = schedule(random, as_of=as_of, term_months=term)
    borrower = firm(random, title(random, place), place) if company else person(random, place, as_of)
    other = next(one for _ in range(99) if (one := person(random, place, as_of)).name != borrower.name)
    paid = model.price * 100 + random.randrange(-900_000, 1_500_000, 10_000)
    principal = paid * random.choice((40, 50, 60, 70, 80)) // 100 // 100_000 * 100_000 + random.choice(
        (0, 0, 0, 0, 60_000, 38_880)
    )
    start = as_of - timedelta(days=random.randrange(2, 350))
    number, year = random.randrange(10**6), signed.year
    return Case(
        borrower=borrower, co_borrower=other, lender=firm(random, random.choice(_LENDERS), far),
        dealer=dealer(random, place), car=makes.car(random, place.plate, model, signed - timedelta(days=random.randrange(12, 240))),
        company=licensed(random, as_of), compulsory=makes.compulsory(random, insurer(random, place), start, heavy=model.is_heavy),
        commercial=makes.commercial(random, insurer(random, place), start, electric="电" in model.fuel),
        authority=place.traffic_police, register_date=registered,
        contract_no=random.choice((f"CD{year}{number:06}", f"（{year}）信字第{number % 10**5:05}号", f"AL-{signed:%y%m}-{number:06}", f"RZZL-{year}-HT-{number % 10**5:05}", f"8{signed:%y%m%d}{number:06}{number % 97:02}", f"GC{place.code[:4]}{signed:%Y}{number % 10**5:05}")),
        mortgage_no=random.choice((f"DY{year}{number:06}", f"（{year}）抵字第{number % 10**5:05}号", f"AL-{signed:%y%m}-{number:06}-M", f"RZZL-{year}-DY-{number % 10**5:05}", f"9{signed:%y%m%d}{number:06}{number % 89:02}")),
        price=paid, principal=principal, rate=random.randrange(27_500, 158_000, 250), term_months=term, signed_on=signed,
        account=account(random), mortgage_date=mortgaged, release_date=min(as_of, settled + timedelta(days=random.randrange(1, 60))),
        settled_on=settled, settlement_no=random.choice((f"{settled.year}-{number % 10**4:04}", f"JQZM{settled:%y%m}{number:06}", f"信结〔{settled.year}〕{number % 10**3}号", f"AFS{number:06}{settled:%m%d}")),
        principal_in_words=money.to_capitals(principal),
    )  # fmt: skip


def lent_by(case: Case, random: Random, *words: str) -> Case:
    """The same deal with a lender whose form it is: one whose name has one of the words."""
    fitting = [one for one in _LENDERS if any(word in one for word in words)]
    return replace(case, lender=firm(random, random.choice(fitting), random.choice(PLACES)))


def home(case: Case) -> Place:
    return world.home(case, PLACES)


def of_a_person(case: Case, as_of: date) -> Case:
    """The same deal on a form that only persons sign."""
    if not case.borrower.is_company:
        return case
    random = Random(case.contract_no)
    return replace(world.borrowed_by(case, case.co_borrower), co_borrower=person(random, random.choice(PLACES), as_of))
