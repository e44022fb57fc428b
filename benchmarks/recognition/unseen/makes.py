"""What is bought and insured in this split."""

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from benchmarks.recognition import world
from benchmarks.recognition.case import Car, Party, Policy


class Model(NamedTuple):
    make: str
    code: str
    wmi: str
    vehicle_type: str
    price: int
    seats: int
    mass: int
    size: str
    fuel: str
    maker: str
    engine: str
    displacement: str
    power: str

    @property
    def is_heavy(self) -> bool:
        return any(word in self.vehicle_type for word in ("货车", "牵引", "自卸"))


MODELS: Final = (
    Model("标致", "DC7163LLBA", "LDC", "小型轿车", 138_700, 5, 1365, "4750×1820×1488", "汽油", "荆隆汽车有限公司", "5G06", "1598", "123"),
    Model("雪铁龙", "DC6466DLCA", "LDC", "小型普通客车", 158_700, 5, 1530, "4510×1860×1705", "汽油", "荆隆汽车有限公司", "5G08", "1751", "152"),
    Model("斯柯达", "SVW71414CK", "LSV", "小型轿车", 121_900, 5, 1290, "4687×1815×1465", "汽油", "申联汽车有限公司", "DJR", "1395", "110"),
    Model("凯迪拉克", "SGM6480CBEA", "LSG", "小型普通客车", 279_700, 5, 1870, "4813×1905×1678", "汽油", "浦通汽车有限公司", "LXH", "1998", "174"),
    Model("林肯", "CAF6470A62", "LVS", "小型普通客车", 266_800, 5, 1770, "4615×1886×1627", "汽油", "江北福晟汽车有限公司", "CAF488WQA6", "1999", "182"),
    Model("路虎", "CJL6440S1D2", "L2C", "小型普通客车", 358_800, 5, 1895, "4371×1904×1660", "汽油", "常路汽车有限公司", "PT204", "1997", "183"),
    Model("欧拉", "CC7000BJ00ABEV", "LGW", "小型轿车", 105_800, 5, 1510, "4235×1825×1596", "纯电动", "保冀汽车股份有限公司", "TZ180XSY01", "", "105"),
    Model("岚图", "EQ6490MCLBEV2", "LDN", "小型普通客车", 319_900, 5, 2280, "4905×1950×1660", "纯电动", "汉岚汽车科技有限公司", "TZ210XS3F", "", "160"),
    Model("阿维塔", "SC6481AAABEV", "LS5", "小型轿车", 265_900, 5, 2260, "4880×1970×1601", "纯电动", "江北维塔科技有限公司", "YS230XYB01", "", "195"),
    Model("腾势", "BYD6520SBHEV1", "LC0", "小型普通客车", 339_800, 7, 2565, "5250×1960×1920", "汽油/电", "鹏腾新能源汽车有限公司", "BYD476ZQC", "1497", "102"),
    Model("星途", "SQR6470T1E6", "LVV", "小型普通客车", 142_900, 5, 1590, "4781×1920×1671", "汽油", "芜星汽车股份有限公司", "SQRF4J20C", "1998", "187"),
    Model("东南", "DN6440L5L1", "LDN", "小型普通客车", 86_900, 5, 1430, "4420×1825×1660", "汽油", "闽驰汽车工业有限公司", "TNN4G15T", "1499", "115"),
    Model("MINI", "COOPER S 61GD", "WMW", "小型轿车", 283_800, 4, 1360, "3858×1756×1460", "汽油", "BAYERISCHE MOTOREN WERKE AG", "B48A20F", "1998", "150"),
    Model("英菲尼迪", "QX60 2.0T", "5N1", "小型普通客车", 389_800, 7, 2080, "5043×1984×1779", "汽油", "NISSAN NORTH AMERICA INC.", "KR20DDET", "1997", "185"),
    Model("庆铃", "QL1043ALHA", "LWL", "轻型栏板货车", 112_600, 3, 2610, "5995×1980×2260", "柴油", "渝庆商用汽车股份有限公司", "4KB1N6C60", "2999", "96"),
    Model("跃进", "SH5033XXYZGDCNZ3", "LSF", "轻型厢式货车", 79_800, 2, 1650, "5300×1750×2550", "汽油", "宁进商用车有限公司", "DAM16KR", "1597", "90"),
    Model("欧曼", "BJ4259Y6ZHL-16", "LRD", "重型半挂牵引车", 415_000, 2, 8800, "7290×2550×3980", "柴油", "怀曼重型汽车有限公司", "X13NS6B580", "12540", "427"),
    Model("红岩", "CQ3317SV12406", "LZF", "重型自卸货车", 438_000, 2, 15_370, "10900×2550×3450", "柴油", "涪岩商用车有限公司", "SFH12.520E", "11800", "382"),
)  # fmt: skip
_COLOURS: Final = ("白", "黑", "灰", "蓝", "红", "银", "棕", "紫", "白,黑", "绿,白")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_ABROAD: Final = {"WMW": "英国", "5N1": "美国"}


def plate(random: Random, area: str, model: Model) -> str:
    letter, digits = random.choice(_LETTERS), random.randrange(10**5)
    if "电" in model.fuel:
        return f"{area}{random.choice('DAB' if model.fuel == '纯电动' else 'FH')}{digits:05}"
    shapes = (
        f"{digits:05}",
        f"{digits:05}",
        f"{letter}{digits % 10**4:04}",
        f"{letter}{random.choice(_LETTERS)}{digits % 10**3:03}",
        f"{digits % 100:02}{letter}{digits % 89 + 10}",
        f"{digits % 10**4:04}{letter}",
    )
    return area + random.choice(shapes)


def car(random: Random, area: str, model: Model, made: date) -> Car:
    serial = random.randrange(10**7)
    engine_no = random.choice(
        (
            f"{serial:07}",
            f"{random.choice(_LETTERS)}{serial:07}",
            f"{model.engine.replace('-', '')[:6]}{serial % 10**5:05}",
            f"{made:%y}{random.choice(_LETTERS)}{serial % 10**6:06}",
            f"{random.choice('ABCDEFGHJK')}{random.choice('12345')}{random.choice(_LETTERS)}{serial % 10**5:05}",
        )
    )
    registry = random.choice((11, 14, 22, 23, 33, 34, 41, 43, 44, 51, 53, 61))
    used = (
        ("货运", "货运", "货运", "非营运") if model.is_heavy else ("非营运",) * 6 + ("租赁", "预约出租客运", "出租客运")
    )
    return Car(
        plate=plate(random, area, model), vin=world.vin(random, model.wmi, made.year), engine_no=engine_no,
        engine_model=model.engine, brand=f"{model.make}牌", model=model.code, vehicle_type=model.vehicle_type,
        colour=random.choice(_COLOURS), maker=model.maker, origin="进口" if model.wmi in _ABROAD else "国产", fuel=model.fuel,
        displacement=model.displacement, power=model.power, seats=model.seats, mass=model.mass, size=model.size,
        wheelbase=random.randrange(2480, 3200, 5), use_character=random.choice(used), made_on=made,
        certificate_no=f"{registry}{random.randrange(10**10):010}",
    )  # fmt: skip


def country(vin: str) -> str:
    """Where a car that came from abroad was built."""
    return _ABROAD[vin[:3]]


def compulsory(random: Random, insurer: Party, start: date, *, heavy: bool) -> Policy:
    sums = (
        ("死亡伤残", 18_000_000, 1_800_000),
        ("医疗费用", 1_800_000, 180_000),
        ("财产损失", 200_000, 10_000),
    )
    paid = (187_000, 240_500, 448_000) if heavy else (57_000, 66_500, 76_000, 85_500, 95_000, 104_500, 110_000)
    return Policy(
        insurer, _number(random, start, compulsory=True), random.choice(paid), random.choice((0, 0, 24_000, 30_000, 40_000, 48_000, 54_000, 120_000)),
        start, world.last_day(start), start - timedelta(days=random.randrange(0, 45)), sums,
    )  # fmt: skip


def commercial(random: Random, insurer: Party, start: date, *, electric: bool) -> Policy:
    word = "新能源汽车" if electric else "机动车"
    seat = random.choice((1_000_000, 1_500_000, 5_000_000))
    parts = [
        (f"{word}损失保险", random.randrange(4_800_000, 36_000_000, 3_170), random.randrange(88_000, 520_000)),
        (f"{word}第三者责任保险", random.choice((100, 200, 300, 400)) * 1_000_000, random.randrange(54_000, 230_000)),
        (f"{word}车上人员责任保险（驾驶人）", seat, random.randrange(1_500, 9_000)),
    ]
    if random.random() < 0.7:
        parts.append((f"{word}车上人员责任保险（乘客）", seat, random.randrange(3_000, 21_000)))
    if electric:
        parts.append(
            ("附加外部电网故障损失险", random.randrange(4_800_000, 36_000_000, 3_170), random.randrange(2_000, 6_000))
        )
    elif random.random() < 0.5:
        parts.append(("附加法定节假日限额翻倍险", 100_000_000, random.randrange(3_000, 9_000)))
    return Policy(
        insurer, _number(random, start, compulsory=False), sum(part[2] for part in parts), 0, start, world.last_day(start),
        start - timedelta(days=random.randrange(0, 45)), tuple(parts),
    )  # fmt: skip


def _number(random: Random, start: date, *, compulsory: bool) -> str:
    tail = random.randrange(10**9)
    return random.choice(
        (
            f"P{'DZA' if compulsory else 'DAA'}{start:%Y}{random.randrange(10**4):04}{tail % 10**8:08}",
            f"1{random.randrange(10**4):04}{'3' if compulsory else '8'}{random.randrange(10**4):04}{tail:09}",
            f"{'05' if compulsory else '03'}{random.randrange(10**8):08}{start:%y}{'C' if compulsory else 'V'}{tail % 10**6:06}",
            f"{random.randrange(10**4):04}-{'JQX' if compulsory else 'SYX'}-{start:%Y}-{tail % 10**7:07}",
        )
    )
