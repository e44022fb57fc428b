"""What is bought and insured in this split."""

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from benchmarks.recognition import world
from benchmarks.recognition.case import Car, Party, Policy
from benchmarks.recognition.world import last_day


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

    @property
    def is_heavy(self) -> bool:
        return "货车" in self.vehicle_type or "牵引" in self.vehicle_type


MODELS: Final = (
    Model("现代", "BH7150TAV", "LBE", "小型轿车", 112_800, 5, 1270, "4680×1810×1415", "汽油", "北元现代汽车有限公司", "G4FL"),
    Model("马自达", "CAM7202ABE6", "LVR", "小型轿车", 129_900, 5, 1385, "4662×1797×1445", "汽油", "渝江马自达汽车有限公司", "PE"),
    Model("福特", "CAF6480B65", "LVS", "小型普通客车", 226_800, 7, 1825, "4878×1925×1734", "汽油", "渝江福特汽车有限公司", "CAF479WQ5"),
    Model("雪佛兰", "SGM7137LDAA", "LSG", "小型轿车", 99_900, 5, 1225, "4630×1798×1484", "汽油", "沪申通用汽车有限公司", "LIV"),
    Model("名爵", "CSA7154SDAB", "LSJ", "小型轿车", 103_900, 5, 1318, "4727×1842×1473", "汽油", "沪申汽车集团股份有限公司", "15FMC"),
    Model("沃尔沃", "VCC6473F16PHEV", "LYV", "小型普通客车", 396_900, 5, 2105, "4708×1902×1660", "汽油/电", "盛沃汽车制造（台州）有限公司", "B4204T24"),
    Model("捷途", "SQR6472J22T5", "LVT", "小型普通客车", 119_900, 7, 1548, "4749×1900×1720", "汽油", "皖途汽车股份有限公司", "SQRF4J16"),
    Model("零跑", "FZ7000BEVA44", "LFZ", "小型轿车", 119_800, 5, 1748, "4820×1880×1509", "纯电动", "婺零新能源汽车有限公司", "TZ213XYC01"),
    Model("极氪", "MR7002BEV07", "L6T", "小型轿车", 299_000, 5, 2235, "4970×1999×1560", "纯电动", "甬曜汽车制造有限公司", "TZ235XYC02"),
    Model("问界", "SKE6490SSHEVB", "LM8", "小型普通客车", 269_800, 5, 2340, "5020×1945×1760", "汽油/电", "嘉陵赛驰汽车有限公司", "H15RT"),
    Model("深蓝", "SC7003DAABHEV", "LS4", "小型轿车", 145_900, 5, 1685, "4820×1890×1480", "汽油/电", "渝蓝汽车科技有限公司", "JL469Q1"),
    Model("斯巴鲁", "FORESTER 2.5I", "JF2", "小型普通客车", 248_800, 5, 1609, "4640×1815×1730", "汽油", "SUBARU CORPORATION", "FB25"),
    Model("江铃全顺", "JX5036XXYTH-M6", "LJX", "小型厢式货车", 134_600, 3, 1990, "5341×2032×2110", "柴油", "赣铃汽车股份有限公司", "JX4D22A6L"),
    Model("解放", "CA1041P40K61L2E6A84", "LFN", "轻型栏板货车", 105_800, 3, 2540, "5990×2180×2390", "柴油", "青岛长腾商用车有限公司", "CA4DB1-14E6"),
    Model("汕德卡", "ZZ4256V323HF1B", "LZZ", "重型半挂牵引车", 372_000, 2, 8805, "7010×2550×3900", "柴油", "泉城重型商用车有限公司", "MC13.54-61"),
)  # fmt: skip
_COLOURS: Final = ("白", "黑", "灰", "蓝", "红", "银", "绿", "黄", "灰,黑", "橙")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def plate(random: Random, area: str, model: Model) -> str:
    letter, digits = random.choice(_LETTERS), random.randrange(10**5)
    if "电" in model.fuel:
        return f"{area}{random.choice('DAC' if model.fuel == '纯电动' else 'FG')}{digits:05}"
    shapes = (
        f"{letter}{digits % 10**4:04}",
        f"{digits:05}",
        f"{digits % 10**3:03}{letter}{random.choice(_LETTERS)}",
        f"{digits % 10}{letter}{digits % 997:03}",
    )
    return area + random.choice(shapes)


def car(random: Random, area: str, model: Model, made: date) -> Car:
    engine_no = random.choice(
        (
            f"{random.randrange(10**7):07}",
            f"{model.engine[:5].replace('-', '')}{random.choice(_LETTERS)}{random.randrange(10**6):06}",
            f"{random.choice(_LETTERS)}{random.choice(_LETTERS)}{random.randrange(10**6):06}{random.choice(_LETTERS)}",
        )
    )
    return Car(
        plate=plate(random, area, model), vin=world.vin(random, model.wmi, made.year), engine_no=engine_no,
        engine_model=model.engine, brand=f"{model.make}牌", model=model.code, vehicle_type=model.vehicle_type,
        colour=random.choice(_COLOURS), maker=model.maker, origin="进口" if model.wmi == "JF2" else "国产", fuel=model.fuel,
        displacement="" if model.fuel == "纯电动" else random.choice(("1353", "1482", "1499", "1969")),
        power=random.choice(("84", "108", "121", "147", "160")), seats=model.seats, mass=model.mass, size=model.size,
        wheelbase=random.randrange(2610, 3090, 5),
        use_character=random.choice(("货运", "货运", "非营运")) if model.is_heavy else random.choice(("非营运",) * 5 + ("租赁", "预约出租客运", "营转非")),
        made_on=made, certificate_no=f"{random.choice((13, 15, 21, 32, 36, 37, 42, 45, 52, 65))}{random.randrange(10**10):010}",
    )  # fmt: skip


def compulsory(random: Random, insurer: Party, start: date) -> Policy:
    sums = (
        ("死亡伤残赔偿限额", 18_000_000, 1_800_000),
        ("医疗费用赔偿限额", 1_800_000, 180_000),
        ("财产损失赔偿限额", 200_000, 10_000),
    )
    return Policy(
        insurer, _number(random, start, compulsory=True), random.choice((66_500, 71_250, 80_750, 85_500, 95_000, 99_000, 110_000, 128_700)),
        random.choice((0, 18_000, 30_000, 36_000, 42_000, 90_000)), start, last_day(start), start - timedelta(days=random.randrange(0, 40)), sums,
    )  # fmt: skip


def commercial(random: Random, insurer: Party, start: date, *, electric: bool) -> Policy:
    word = "新能源汽车" if electric else "机动车"
    seat = random.choice((1_000_000, 2_000_000, 3_000_000))
    parts = [
        (f"{word}损失保险", random.randrange(5_200_000, 34_000_000, 4_320), random.randrange(92_000, 460_000)),
        (f"{word}第三者责任保险", random.choice((100, 150, 200, 300, 500)) * 1_000_000, random.randrange(60_000, 210_000)),
        (f"{word}车上人员责任保险（司机）", seat, random.randrange(1_800, 8_800)),
        (f"{word}车上人员责任保险（乘客）", seat, random.randrange(3_400, 19_000)),
    ]  # fmt: skip
    if random.random() < 0.6:
        parts.append(("附加医保外医疗费用责任险（第三者）", 10_000_000, random.randrange(3_000, 9_900)))
    return Policy(
        insurer, _number(random, start, compulsory=False), sum(part[2] for part in parts), 0, start, last_day(start),
        start - timedelta(days=random.randrange(0, 40)), tuple(parts),
    )  # fmt: skip


def _number(random: Random, start: date, *, compulsory: bool) -> str:
    tail = random.randrange(10**9)
    return random.choice(
        (
            f"{'AJINQ' if compulsory else 'ASHZQ'}{random.randrange(10**3):03}CTP{start:%y}B{tail % 10**6:06}Z",
            f"2{random.randrange(10**5):05}{'0507' if compulsory else '0511'}{start:%Y}{tail % 10**8:08}",
            f"{'DZAX' if compulsory else 'DZBA'}{start:%y}{random.randrange(10**4):04}QY{tail:09}",
        )
    )
