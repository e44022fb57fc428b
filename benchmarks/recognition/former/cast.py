"""Who and what stands on the papers of the former unseen split: other names, places, makes, lenders and insurers than anywhere else."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Car, Case, Company, Party, Policy, schedule
from carloan.lib import bank_card, identity_number, money, uscc
from carloan.lib import vin as vin_rules

# province, city, district, division, plate
PLACES = (
    ("云南省", "昆明市", "五华区", "530102", "云A"), ("云南省", "昆明市", "官渡区", "530111", "云A"),
    ("贵州省", "贵阳市", "南明区", "520102", "贵A"), ("甘肃省", "兰州市", "城关区", "620102", "甘A"),
    ("内蒙古自治区", "呼和浩特市", "赛罕区", "150105", "蒙A"), ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "650102", "新A"),
    ("广西壮族自治区", "南宁市", "青秀区", "450103", "桂A"), ("宁夏回族自治区", "银川市", "兴庆区", "640104", "宁A"),
    ("海南省", "海口市", "龙华区", "460106", "琼A"), ("青海省", "西宁市", "城东区", "630102", "青A"),
    ("辽宁省", "大连市", "沙河口区", "210204", "辽B"), ("山东省", "烟台市", "芝罘区", "370602", "鲁F"),
    ("福建省", "泉州市", "鲤城区", "350502", "闽C"), ("湖北省", "襄阳市", "襄城区", "420602", "鄂F"),
    ("江苏省", "徐州市", "泉山区", "320311", "苏C"), ("四川省", "绵阳市", "涪城区", "510703", "川B"),
    ("河北省", "唐山市", "路南区", "130202", "冀B"), ("江西省", "赣州市", "章贡区", "360702", "赣B"),
)  # fmt: skip
_SURNAMES = "覃岑阮柯骆翁殷鲍路甄祁柏饶辛耿焦褚滕应卞祝奚涂昝"
_GIVEN = (
    "昱辰", "沐阳", "槿", "清妍", "弘毅", "予安", "芷若", "皓轩", "鸣谦", "蔚然", "楚楚", "君悦", "翊", "晏清", "怀瑾",
    "明澈", "攸宁", "知行", "韵寒", "彦廷", "煜城", "曼殊", "凌霄", "之航", "淑贤", "桂珍", "大勇", "炳坤", "庆余", "喜凤",
)  # fmt: skip
_NATIONS = ("汉", "汉", "汉", "汉", "彝", "傣", "回", "维吾尔", "蒙古", "壮", "黎", "藏", "畲", "水")
_ROADS = ("盘龙路", "北京西路", "观山大街", "腾飞一路", "雁塔北巷", "滨江南路", "丝路大道", "鼎新街", "老城西门里")
_HOMES = ("澜庭", "紫薇郡", "半山听雨", "碧云天", "时代欣城", "御景豪庭", "棠樾", "麓湖里")
_LENDERS = (
    "滇原村镇银行股份有限公司",
    "朗途汽车金融有限公司",
    "晋陇融资租赁（天津）有限公司",
    "广信达消费金融有限公司",
    "瀚途国际租赁有限公司",
)
_INSURERS = ("瑞禾财产保险股份有限公司", "中衡联合财产保险股份有限公司", "海砺财产保险有限公司")
_BRANCHES = ("分公司", "中心支公司")
# make, _series, code, wmi, type, price, seats, mass, size, fuel
MODELS = (
    ("红旗", "HS5", "CA6470HA6T", "LFP", "小型普通客车", 189_800, 5, 1757, "4760×1907×1700", "汽油"),
    ("领克", "03", "LYK7152E5", "LB3", "小型轿车", 142_600, 5, 1420, "4639×1840×1460", "汽油"),
    ("起亚", "K3", "YQZ7157AE6", "LJD", "小型轿车", 106_900, 5, 1200, "4666×1780×1450", "汽油"),
    ("东风", "风神奕炫", "DFM7156G5B", "LGJ", "小型轿车", 89_900, 5, 1320, "4660×1812×1490", "汽油"),
    ("荣威", "RX5", "CSA6460NDBN", "LSJ", "小型普通客车", 117_900, 5, 1560, "4571×1855×1719", "汽油"),
    ("蔚来", "ES6", "HFC6482ECEV9-W", "LJ1", "小型普通客车", 358_000, 5, 2230, "4850×1965×1731", "电"),
    ("小鹏", "P7", "NHQ7000BEVXA", "L1N", "小型轿车", 229_900, 5, 1950, "4880×1896×1450", "电"),
    ("福田", "奥铃", "BJ5048XXY9JEA-AB1", "LVB", "轻型厢式货车", 98_600, 3, 2650, "5995×2240×3150", "柴油"),
)  # fmt: skip
_YEARS = "ABCDEFGHJKLMNPRSTUVWXY123456789"
_SCOPES = (
    "许可项目：道路旅客运输经营；小微型客车租赁经营服务。一般项目：汽车销售；二手车经纪；机动车充电销售。",
    "农副产品销售；食品销售（仅销售预包装食品）；日用百货销售；互联网销售（除销售需要许可的商品）",
    "工程机械设备租赁；建筑工程用机械销售；金属结构制造；园林绿化工程施工；土石方工程施工",
    "一般项目：汽车拖车、求援、清障服务；轮胎销售；润滑油销售；代驾服务；停车场服务（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
)


def name(random: Random) -> str:
    return random.choice(_SURNAMES) + random.choice(_GIVEN)


def person(random: Random, place: tuple[str, ...], as_of: date) -> Party:
    born = as_of - timedelta(days=random.randrange(23 * 365, 60 * 365))
    female = random.random() < 0.45
    body = f"{place[3]}{born:%Y%m%d}{random.choice(('996', '998') if female else ('997', '999'))}"
    return Party(
        name(random), body + identity_number.check_digit(body), address(random, place),
        f"{random.choice(('137', '151', '186', '199'))}000{random.randrange(10**5):05}", sex="女" if female else "男",
    )  # fmt: skip


def address(random: Random, place: tuple[str, ...]) -> str:
    where = "".join(place[:3])
    return where + random.choice(
        (
            f"{random.choice(_ROADS)}{random.randrange(1, 900)}号附{random.randrange(1, 20)}号",
            f"{random.choice(_HOMES)}{random.randrange(1, 40)}座{random.randrange(1, 30)}0{random.randrange(1, 6)}",
            f"{random.choice(_ROADS)}与{random.choice(_ROADS)}交汇处{random.choice(_HOMES)}{random.randrange(1, 20)}-{random.randrange(1, 4)}-{random.randrange(101, 999)}",
        )
    )


def nation(random: Random) -> str:
    return random.choice(_NATIONS)


def credit_code(random: Random, division: str) -> str:
    body = f"91{division}MA98{''.join(random.choice(uscc.ALPHABET) for _ in range(5))}"
    return body + uscc.check_character(body)


def firm(random: Random, title: str, place: tuple[str, ...]) -> Party:
    return Party(title, credit_code(random, place[3]), address(random, place), f"400-001-{random.randrange(10**4):04}",
                 "营业执照", representative=name(random))  # fmt: skip


def card(random: Random) -> str:
    body = f"{random.choice(('621799', '623058', '621483'))}{random.randrange(10**12):012}"
    return next(number for digit in range(10) if bank_card.luhn_ok(number := f"{body}{digit}"))


def case(random: Random, *, as_of: date, company: bool = False) -> Case:
    """One deal of the other world."""
    place, far = random.choice(PLACES), random.choice(PLACES)
    make, _series, code, wmi, kind, price, seats, mass, size, fuel = random.choice(MODELS)
    term = random.choice((12, 18, 24, 36, 48, 60))
    signed, registered, mortgaged, settled = schedule(random, as_of=as_of, term_months=term)
    borrower = firm(random, _title(random, place), place) if company else person(random, place, as_of)
    made = signed - timedelta(days=random.randrange(25, 120))
    paid = price * 100 - random.randrange(0, 1_500_000, 5_000)
    principal = paid * random.choice((50, 60, 70, 80)) // 100 // 10_000 * 10_000 + random.choice((0, 0, 50_000, 8_800))
    start = as_of - timedelta(days=random.randrange(5, 330))
    dealer = firm(
        random, f"{far[1].removesuffix('市')}{random.choice('骏驰凯')}{random.choice('捷迅腾')}汽车销售有限公司", far
    )
    return Case(
        borrower=borrower, co_borrower=person(random, place, as_of),
        lender=firm(random, random.choice(_LENDERS), far), dealer=dealer,
        car=Car(
            plate=_plate(random, place[4], electric=fuel == "电"), vin=_vin(random, wmi, made.year),
            engine_no=f"{random.choice(('CA4GC', 'JLH3G', 'YS210', '20L4E', '4F28T'))}{random.randrange(10**6):06}",
            engine_model=random.choice(("CA4GC20TD", "JLH-3G15TD", "G4FG", "TZ204XS2A1")), brand=f"{make}牌", model=code,
            vehicle_type=kind, colour=random.choice(("珍珠白", "深灰", "墨绿", "香槟", "蓝", "黑")),
            maker=f"{make}汽车股份有限公司", origin=random.choice(("国产", "国产", "进口")), fuel=fuel,
            displacement="-" if fuel == "电" else random.choice(("1498", "1969", "1395")), power=random.choice(("124", "165", "190")),
            seats=seats, mass=mass, size=size, wheelbase=random.randrange(2650, 3000, 5),
            use_character="货运" if "货车" in kind else random.choice(("非营运", "非营运", "预约出租客运", "租赁")),
            made_on=made, certificate_no=f"{random.randrange(45, 62)}{random.randrange(10**10):010}",
        ),
        company=_company(random, as_of), compulsory=_compulsory(random, start), commercial=_commercial(random, start),
        authority=f"{place[0]}{place[1]}公安局交通警察支队", register_date=registered,
        contract_no=random.choice((f"LT{signed:%Y%m%d}{random.randrange(10**6):06}", f"（{signed:%Y}）车贷字第{random.randrange(10**5):05}号",
                                   f"GXD-QC{signed:%y%m}-{random.randrange(10**5):05}")),
        mortgage_no=random.choice((f"（{signed:%Y}）抵字第{random.randrange(10**5):05}号", f"LTDY{signed:%Y%m%d}{random.randrange(10**4):04}")),
        price=paid, principal=principal, rate=random.randrange(31_000, 128_000, 50), term_months=term, signed_on=signed,
        account=card(random), mortgage_date=mortgaged, release_date=min(as_of, settled + timedelta(days=random.randrange(2, 40))),
        settled_on=settled, settlement_no=f"{settled:%Y%m}第{random.randrange(10**4):04}号",
        principal_in_words=money.to_capitals(principal),
    )  # fmt: skip


def _title(random: Random, place: tuple[str, ...]) -> str:
    return (
        place[1].removesuffix("市")
        + random.choice(("锦程", "云岭", "朔方", "山海", "百川", "古道"))
        + random.choice(("商贸有限公司", "运输服务有限责任公司", "农业发展有限公司", "工程机械租赁有限公司"))
    )


def _company(random: Random, as_of: date) -> Company:
    place = random.choice(PLACES)
    founded = as_of - timedelta(days=random.randrange(300, 9000))
    kinds = ("有限责任公司(自然人投资或控股)", "个人独资企业", "有限责任公司(法人独资)", "其他有限责任公司")
    return Company(
        name=_title(random, place), uscc=credit_code(random, place[3]), enterprise_type=random.choice(kinds),
        legal_representative=name(random), capital=random.choice((10, 80, 120, 300, 600, 1080, 2000)) * 1_000_000,
        established_on=founded,
        valid_to=None if random.random() < 0.5 else founded.replace(year=founded.year + 50, day=min(founded.day, 28)),
        address=address(random, place), scope=random.choice(_SCOPES),
        authority=f"{place[1]}{place[2]}{random.choice(('市场监督管理局', '行政审批局'))}",
        issued_on=min(as_of, founded + timedelta(days=random.randrange(0, 900))), number=f"{place[3]}{random.randrange(10**8):08}",
    )  # fmt: skip


def _insurer(random: Random) -> Party:
    place = random.choice(PLACES)
    return firm(random, f"{random.choice(_INSURERS)}{place[1].removesuffix('市')}{random.choice(_BRANCHES)}", place)


def _compulsory(random: Random, start: date) -> Policy:
    sums = (("死亡伤残", 18_000_000, 0), ("医疗费用", 1_800_000, 0), ("财产损失", 200_000, 0))
    return Policy(
        _insurer(random), f"8{start:%y}{random.randrange(10**8):08}AJQ{random.randrange(10**8):08}",
        random.choice((66_500, 71_250, 95_000, 118_750, 143_000)), random.choice((0, 30_000, 39_000, 45_000, 62_500)), start,
        start.replace(year=start.year + 1, day=min(start.day, 28)) - timedelta(days=1), start - timedelta(days=random.randrange(2, 25)), sums,
    )  # fmt: skip


def _commercial(random: Random, start: date) -> Policy:
    parts = (
        ("机动车损失保险", random.randrange(5_000_000, 35_000_000, 12_345), random.randrange(90_000, 520_000)),
        ("第三者责任保险", random.choice((150, 200, 500)) * 1_000_000, random.randrange(60_000, 240_000)),
        ("附加医保外医疗费用责任险", 10_000_000, random.randrange(2_000, 12_000)),
    )
    return Policy(
        _insurer(random), f"8{start:%y}{random.randrange(10**8):08}ASY{random.randrange(10**8):08}",
        sum(part[2] for part in parts), 0, start, start.replace(year=start.year + 1, day=min(start.day, 28)) - timedelta(days=1),
        start - timedelta(days=random.randrange(2, 25)), parts,
    )  # fmt: skip


def _vin(random: Random, wmi: str, year: int) -> str:
    body = wmi + "".join(random.choice(vin_rules.ALPHABET) for _ in range(5))
    body += f"0{_YEARS[(year - 1980) % 30]}{random.choice('ABCDEFGHJKLMN0123456789')}{random.randrange(10**6):06}"
    return body[:8] + vin_rules.check_digit(body) + body[9:]


def _plate(random: Random, area: str, *, electric: bool) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    if electric:
        return f"{area}{random.choice('DF')}{random.randrange(10**5):05}"
    return area + random.choice(
        (
            f"{random.choice(letters)}{random.randrange(10**4):04}",
            f"{random.randrange(10**3):03}{random.choice(letters)}{random.choice(letters)}",
        )
    )
