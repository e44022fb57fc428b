"""Invented vehicles of makes that are common in China, with VINs whose check digit is right."""

from dataclasses import dataclass
from datetime import date
from random import Random

from carloan.lib import vin as vin_rules

_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"


@dataclass(frozen=True)
class Model:
    """A model as certificates name it. Price in yuan, masses in kg, `electric` decides the kind of plate."""

    make: str
    series: str
    code: str
    wmi: str
    vehicle_type: str
    price: int
    seats: int
    mass: int
    size: str
    origin: str
    weight: int = 4
    electric: bool = False

    @property
    def brand_model(self) -> str:
        """品牌型号 as printed: 大众牌SVW7147BPD."""
        return f"{self.make}牌{self.code}"


_CAR = "小型轿车"
_SUV = "小型普通客车"

MODELS: tuple[Model, ...] = (
    Model("大众", "朗逸", "SVW71412CR", "LSV", _CAR, 112_900, 5, 1330, "4678×1806×1474", "上海市", 8),
    Model("大众", "速腾", "FV7144FBDBG", "LFV", _CAR, 139_800, 5, 1420, "4791×1801×1465", "长春市", 6),
    Model("大众", "途观L", "SVW6471APD", "LSV", _SUV, 218_900, 5, 1680, "4735×1842×1682", "上海市"),
    Model("丰田", "卡罗拉", "TV7126GLHEVD", "LFM", _CAR, 119_800, 5, 1405, "4635×1780×1435", "天津市", 7),
    Model("丰田", "凯美瑞", "GTM7206HEVS", "LVG", _CAR, 189_800, 5, 1585, "4885×1840×1455", "广州市", 5),
    Model("本田", "雅阁", "HG7154ABC6A", "LHG", _CAR, 179_800, 5, 1488, "4980×1862×1449", "广州市", 5),
    Model("本田", "CR-V", "DHW6471R3ASE", "LVH", _SUV, 195_900, 5, 1602, "4703×1866×1680", "武汉市", 4),
    Model("日产", "轩逸", "DFL7168VBL4", "LGB", _CAR, 108_600, 5, 1243, "4641×1815×1450", "广州市", 7),
    Model("别克", "君威", "SGM7154LAA1", "LSG", _CAR, 175_800, 5, 1480, "4904×1863×1461", "上海市", 3),
    Model("别克", "GL8", "SGM6522UBA3", "LSG", _SUV, 299_900, 7, 1950, "5219×1878×1799", "上海市", 3),
    Model("宝马", "3系", "BMW7201AM", "LBV", _CAR, 329_900, 5, 1605, "4838×1827×1454", "沈阳市", 3),
    Model("奔驰", "C级", "BJ7154HEL1", "LE4", _CAR, 348_100, 5, 1700, "4882×1820×1461", "北京市", 3),
    Model("奥迪", "A4L", "FV7203BDDBG", "LFV", _CAR, 321_800, 5, 1605, "4858×1847×1439", "长春市", 3),
    Model("长安", "CS75", "SC6469BBA6", "LS5", _SUV, 129_900, 5, 1560, "4700×1865×1710", "重庆市", 5),
    Model("吉利", "星越L", "MR6480D03", "L6T", _SUV, 149_700, 5, 1695, "4770×1895×1689", "宁波市", 5),
    Model("哈弗", "H6", "CC6463BM02C", "LGW", _SUV, 124_900, 5, 1548, "4703×1886×1730", "保定市", 5),
    Model("奇瑞", "瑞虎8", "SQR6471T1D6", "LVV", _SUV, 126_900, 7, 1586, "4722×1860×1745", "芜湖市", 4),
    Model("传祺", "M8", "GAC6520CHEV6A", "LMG", _SUV, 219_800, 7, 2050, "5149×1879×1823", "广州市", 3),
    Model("五菱", "宏光", "LZW6449BTY", "LZW", "小型面包车", 55_800, 7, 1310, "4491×1612×1790", "柳州市", 4),
    Model("江淮", "骏铃", "HFC1045P92K1C2V", "LJ1", "轻型厢式货车", 108_800, 3, 2870, "5995×2180×3080", "合肥市", 3),
    Model("比亚迪", "秦PLUS", "BYD7152WT6HEV1", "LGX", _CAR, 119_800, 5, 1620, "4765×1837×1495", "深圳市", 8, True),
    Model("比亚迪", "宋PLUS", "BYD6480STHEV2", "LGX", _SUV, 154_800, 5, 1830, "4775×1890×1670", "长沙市", 7, True),
    Model("比亚迪", "汉", "BYD7009BEV1", "LGX", _CAR, 219_800, 5, 2170, "4995×1910×1495", "深圳市", 5, True),
    Model("特斯拉", "Model 3", "TSL7000BEVAR1", "LRW", _CAR, 231_900, 5, 1760, "4720×1848×1442", "上海市", 6, True),
    Model("特斯拉", "Model Y", "TSL6480BEVAR2", "LRW", _SUV, 263_900, 5, 1921, "4750×1921×1624", "上海市", 7, True),
    Model("传祺", "AION S", "GAM7000BEVA0C", "LMG", _CAR, 149_800, 5, 1650, "4863×1890×1515", "广州市", 5, True),
    Model("大众", "ID.4", "SVW6461BEV", "LSV", _SUV, 195_888, 5, 2160, "4612×1852×1640", "上海市", 3, True),
)  # fmt: skip
_MODEL_WEIGHTS = [model.weight for model in MODELS]
_SERIES = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_COLOURS = ("白", "黑", "灰", "银", "蓝", "红", "棕", "绿")


@dataclass(frozen=True)
class Vehicle:
    """One invented car. `plate` is empty until it is registered; `certificate_no` is the 登记证书's number."""

    model: Model
    vin: str
    engine_no: str
    plate: str
    colour: str
    made: date
    conformity_no: str
    certificate_no: str


def vehicle(random: Random, *, made: date, plate_area: str, model: Model | None = None) -> Vehicle:
    """A car made on `made`, with the plate of `plate_area` (two characters such as 苏A)."""
    model = model or random.choices(MODELS, _MODEL_WEIGHTS)[0]
    return Vehicle(
        model=model,
        vin=vin(random, model.wmi, made.year),
        engine_no=engine_no(random, electric=model.electric),
        plate=plate(random, plate_area, electric=model.electric),
        colour=random.choice(_COLOURS),
        made=made,
        conformity_no=f"W{model.wmi}{random.randrange(10**10):010}",
        certificate_no=f"{random.randrange(32, 45) * 10**10 + random.randrange(10**10):012}",
    )


def vin(random: Random, wmi: str, year: int) -> str:
    """Maker, five describing characters, check digit, model year, plant, six-digit serial."""
    describing = "".join(random.choice(vin_rules.ALPHABET) for _ in range(5))
    body = f"{wmi}{describing}0{_YEAR_CODES[(year - 1980) % 30]}{random.choice('ABCDEFGHJKLMNPRSTUVWXYZ0123456789')}"
    body += f"{random.randrange(1_000_000):06}"
    return body[:8] + vin_rules.check_digit(body) + body[9:]


def engine_no(random: Random, *, electric: bool) -> str:
    if electric:
        return f"TZ{random.choice(('200', '220', '180'))}XS{random.randrange(10**7):07}"
    return f"{random.choice(('EA211', 'CSS', 'L15B8', 'HR16', '4G15', 'M20A'))}{random.randrange(10**6):06}"


def plate(random: Random, area: str, *, electric: bool) -> str:
    """Seven characters, or the green eight of electric cars (D pure, F other)."""
    if electric:
        sign = random.choice(_SERIES + "0123456789")
        return f"{area}{random.choice('DDDF')}{sign}{random.randrange(10_000):04}"
    forms = ("LDDDD", "DLDDD", "DDDLL", "LLDDD", "DDDDL")
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return area + "".join(
        random.choice(letters) if sign == "L" else str(random.randrange(10)) for sign in random.choice(forms)
    )
