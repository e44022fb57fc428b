"""What is bought and insured on the second papers that judged."""

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from benchmarks.recognition.case import Car, Party, Policy
from carloan.lib import vin as vin_rules


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


MODELS: Final = (
    Model("埃安", "GAM7000BEVB0F", "LNA", "小型轿车", 139_800, 5, 1580, "4810×1880×1515", "电", "穗安新能源汽车有限公司", "TZ220XS000"),
    Model("奇瑞", "SQR7151T1CT6", "LVV", "小型轿车", 84_900, 5, 1285, "4650×1825×1482", "汽油", "皖瑞汽车股份有限公司", "SQRE4T15C"),
    Model("长安", "SC6471AAA6", "LS5", "小型普通客车", 124_900, 5, 1565, "4700×1865×1710", "汽油", "渝长汽车股份有限公司", "JL473ZQ5"),
    Model("坦克", "CC2030BE21A", "LGW", "小型越野客车", 203_000, 5, 2112, "4760×1930×1903", "汽油", "冀原汽车股份有限公司", "E20CB"),
    Model("理想", "LXA6500SHEVX1", "LW4", "小型普通客车", 329_800, 5, 2450, "5050×1995×1750", "混合动力", "常理汽车制造有限公司", "L2E15M"),
    Model("五菱", "LZW6447BYF", "LZW", "小型普通客车", 62_800, 7, 1330, "4475×1719×1770", "汽油", "桂五汽车工业有限公司", "LJO"),
    Model("宝来", "FV7146BADEG", "LFV", "小型轿车", 118_300, 5, 1315, "4672×1815×1478", "汽油", "吉众汽车有限公司", "DLS"),
    Model("哪吒", "THZ7000BEVS058", "LUZ", "小型轿车", 96_900, 5, 1490, "4425×1810×1550", "电", "桐众新能源汽车有限公司", "TZ180XSF01"),
    Model("奔腾", "CA6465B5", "LFB", "小型普通客车", 109_800, 5, 1450, "4562×1835×1615", "汽油", "长腾轿车有限公司", "CA4GB15TD-31"),
    Model("雷克萨斯", "ES 260", "JTH", "小型轿车", 309_900, 5, 1655, "4975×1866×1447", "汽油", "TOYOTA MOTOR CORPORATION", "A25A-FKS"),
    Model("江淮", "HFC1048P31K1C7S", "LJ1", "轻型栏板货车", 92_800, 3, 2470, "5995×2020×2380", "柴油", "淮江汽车集团有限公司", "Q23-132E60"),
    Model("陕汽", "SX4189XE1", "LZG", "重型半挂牵引车", 338_000, 2, 8800, "6980×2525×3850", "天然气", "秦陕重型汽车有限公司", "WP13NG460E61"),
)  # fmt: skip
_COLOURS: Final = ("白", "灰", "黑", "银", "红", "蓝", "绿", "棕", "白/黑", "紫")
_YEARS: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def vin(random: Random, wmi: str, year: int) -> str:
    body = wmi + "".join(random.choice(vin_rules.ALPHABET) for _ in range(5))
    body += f"0{_YEARS[(year - 1980) % 30]}{random.choice('ABCDEFGHJKLMN0123456789')}{random.randrange(10**6):06}"
    return body[:8] + vin_rules.check_digit(body) + body[9:]


def plate(random: Random, area: str, model: Model) -> str:
    if model.fuel in ("电", "混合动力"):
        letter = random.choice("DABF" if model.fuel == "电" else "FGH")
        return f"{area}{letter}{random.randrange(10**5):05}"
    return area + random.choice(
        (
            f"{random.randrange(10**4):04}{random.choice(_LETTERS)}",
            f"{random.choice(_LETTERS)}{random.choice(_LETTERS)}{random.randrange(10**3):03}",
            f"{random.randrange(10**5):05}",
            f"{random.randrange(10)}{random.choice(_LETTERS)}{random.randrange(10**3):03}",
        )
    )


def car(random: Random, area: str, model: Model, made: date) -> Car:
    heavy = "货车" in model.vehicle_type or "牵引" in model.vehicle_type
    motor = model.fuel == "电"
    number = random.choice(
        (f"{model.engine.split('-')[0][:6]}{random.randrange(10**6):06}", f"{random.randrange(10**8):08}",
         f"{random.choice(_LETTERS)}{random.randrange(10**2):02}{random.choice(_LETTERS)}{random.randrange(10**5):05}")
    )  # fmt: skip
    return Car(
        plate=plate(random, area, model), vin=vin(random, model.wmi, made.year),
        engine_no=number, engine_model=model.engine, brand=f"{model.make}牌", model=model.code,
        vehicle_type=model.vehicle_type, colour=random.choice(_COLOURS), maker=model.maker,
        origin="进口" if model.wmi == "JTH" else "国产", fuel=model.fuel,
        displacement="--" if motor else random.choice(("1499", "1598", "1997", "2487")), power=random.choice(("85", "115", "138", "150")),
        seats=model.seats, mass=model.mass, size=model.size, wheelbase=random.randrange(2600, 3100, 5),
        use_character=random.choice(("货运", "营转非")) if heavy else random.choice(("非营运", "非营运", "非营运", "租赁", "预约出租客运")),
        made_on=made, certificate_no=f"{random.choice((11, 33, 34, 41, 44, 51, 61))}{random.randrange(10**10):010}",
    )  # fmt: skip


def compulsory(random: Random, insurer: Party, start: date) -> Policy:
    sums = (
        ("死亡伤残赔偿限额", 18_000_000, 1_800_000),
        ("医疗费用赔偿限额", 1_800_000, 180_000),
        ("财产损失赔偿限额", 200_000, 10_000),
    )
    return Policy(
        insurer, _number(random, start, "01"), random.choice((66_500, 76_000, 85_500, 95_000, 104_500, 110_000, 123_500)),
        random.choice((0, 30_000, 36_000, 42_000, 48_000, 66_000)), start, _last_day(start),
        start - timedelta(days=random.randrange(1, 30)), sums,
    )  # fmt: skip


def commercial(random: Random, insurer: Party, start: date, *, electric: bool) -> Policy:
    seats = random.choice((1_000_000, 2_000_000, 5_000_000))
    word = "新能源汽车" if electric else "机动车"
    parts = (
        (f"{word}损失保险", random.randrange(4_800_000, 36_000_000, 6_150), random.randrange(80_000, 480_000)),
        (f"{word}第三者责任保险", random.choice((100, 150, 200, 300)) * 1_000_000, random.randrange(55_000, 190_000)),
        (f"{word}车上人员责任保险（驾驶人）", seats, random.randrange(1_500, 9_000)),
        (f"{word}车上人员责任保险（乘客）", seats, random.randrange(3_000, 21_000)),
    )
    return Policy(
        insurer, _number(random, start, "02"), sum(part[2] for part in parts), 0, start, _last_day(start),
        start - timedelta(days=random.randrange(1, 30)), parts,
    )  # fmt: skip


def _number(random: Random, start: date, line: str) -> str:
    tail = random.randrange(10**10)
    return random.choice(
        (f"PD{'ZA' if line == '01' else 'AA'}{start:%Y}{random.randrange(10**4):04}0000{tail % 10**6:06}",
         f"1{random.randrange(10**4):04}{line}03900{tail:010}", f"6{line}5008{start:%Y%m}0{tail % 10**7:07}")
    )  # fmt: skip


def _last_day(start: date) -> date:
    return start.replace(year=start.year + 1, day=min(start.day, 28)) - timedelta(days=1)
