"""Invented natural persons: names by frequency, ID numbers, phones, employers, cards.

The sequence part of every ID number is 996 to 999. GB 11643 keeps these for people over a hundred years
old; everybody here is younger, so that the numbers are valid in form and nobody's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from carloan.demonstration import places
from carloan.lib import bank_card, identity_number

# Surnames with their share of the population in per mille, roughly.
_SURNAMES = {
    "王": 72, "李": 71, "张": 67, "刘": 53, "陈": 45, "杨": 31, "赵": 23, "黄": 22, "周": 21, "吴": 20, "徐": 17,
    "孙": 15, "胡": 13, "朱": 13, "高": 12, "林": 12, "何": 12, "郭": 11, "马": 11, "罗": 9, "梁": 8, "宋": 8,
    "郑": 8, "谢": 7, "韩": 7, "唐": 7, "冯": 6, "于": 6, "董": 6, "萧": 5, "程": 5, "曹": 5, "袁": 5, "邓": 5,
    "许": 5, "傅": 5, "沈": 5, "曾": 5, "彭": 5, "吕": 5, "苏": 5, "卢": 5, "蒋": 5, "蔡": 5, "贾": 4, "丁": 4,
    "魏": 4, "薛": 4, "叶": 4, "阎": 4, "余": 4, "潘": 4, "杜": 4, "戴": 4, "夏": 4, "钟": 4, "汪": 4, "田": 4,
    "任": 4, "姜": 4, "范": 4, "方": 4, "石": 4, "姚": 4, "谭": 4, "廖": 4, "邹": 4, "熊": 4, "金": 4, "陆": 4,
    "郝": 3, "孔": 3, "白": 3, "崔": 3, "康": 3, "毛": 3, "邱": 3, "秦": 3, "江": 3, "史": 3, "顾": 3, "侯": 3,
    "邵": 3, "孟": 3, "龙": 3, "万": 3, "段": 3, "雷": 3, "钱": 3, "汤": 3, "欧阳": 1, "上官": 1, "司马": 1,
    "诸葛": 1,
}  # fmt: skip
_MALE = (
    "伟", "强", "磊", "军", "勇", "杰", "涛", "超", "明", "刚", "平", "辉", "鹏", "华", "飞", "鑫", "波", "斌", "宇",
    "浩", "凯", "健", "俊", "帆", "宁", "建国", "志强", "建华", "志刚", "建军", "永强", "国强", "海涛", "文斌",
    "晓东", "俊杰", "子轩", "浩然", "宇航", "博文", "天佑", "家豪", "嘉伟", "泽宇", "明轩", "立群", "振华", "少波",
    "世杰", "新民", "德胜", "兴旺", "思远", "景行", "承志", "一鸣", "瑞林", "启明", "国栋", "春生", "金龙", "东升",
    "长青", "永康", "光明", "向阳", "学文", "卫东", "正阳", "子豪", "云鹏", "锦程", "伟杰", "建平", "成龙", "小龙",
    "志远", "海波", "文涛", "佳明",
)  # fmt: skip
_FEMALE = (
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "燕", "玲", "婷", "雪", "颖", "琳", "倩", "慧", "洁", "梅", "红",
    "萍", "莉", "云", "秀英", "桂英", "秀兰", "玉兰", "桂兰", "秀珍", "玉梅", "海燕", "晓燕", "丽娟", "春梅", "雪梅",
    "淑芬", "欣怡", "梓涵", "诗涵", "雨桐", "佳怡", "思琪", "梦洁", "婉婷", "若曦", "晓雯", "雅静", "慧敏", "美玲",
    "玉婷", "佳琪", "文静", "静怡", "语嫣", "可欣", "秋月", "冬梅", "晓红", "丹丹", "莹莹", "圆圆", "晶晶", "露",
    "瑶", "璐", "薇", "月华", "彩云", "素芬", "玉洁", "小芳", "莉莉", "丽华", "艳红", "爱华", "春燕",
)  # fmt: skip
_ETHNICITIES = {
    "汉": 915,
    "壮": 12,
    "回": 8,
    "满": 8,
    "苗": 8,
    "土家": 7,
    "彝": 7,
    "蒙古": 5,
    "布依": 2,
    "侗": 2,
    "瑶": 2,
    "朝鲜": 2,
    "白": 2,
}
_MOBILE_PREFIXES = (
    "134", "135", "136", "137", "138", "139", "147", "150", "151", "152", "157", "158", "159", "178", "182", "183",
    "187", "188", "198", "130", "131", "132", "155", "156", "166", "175", "176", "185", "186", "196", "133", "149",
    "153", "173", "177", "180", "181", "189", "191", "193", "199",
)  # fmt: skip
_CARD_RANGES = (
    "622202", "621226", "622848", "621661", "622700", "621700", "622262", "622588", "622622", "622150", "622690",
    "622521", "622908", "622663",
)  # fmt: skip
# What people do, and the name that their place of work carries; "" works for themselves.
_TRADES = {
    "网约车司机": "", "个体工商户": "", "快递网点负责人": "快递服务有限公司", "中学教师": "中学", "护士": "医院",
    "软件工程师": "软件技术有限公司", "销售经理": "商贸有限公司", "机械工程师": "机械制造有限公司",
    "餐饮店主": "餐饮店", "会计": "会计师事务所", "物流调度": "物流有限公司", "公务员": "街道办事处",
    "装修承包人": "", "货运司机": "", "房产经纪人": "房产经纪有限公司",
    "车间主任": "汽车零部件有限公司", "设计师": "建筑设计有限公司", "自由职业": "",
}  # fmt: skip
_WORK_WORDS = ("安和", "博雅", "长信", "德诚", "丰润", "广汇", "恒益", "佳宁", "凯瑞", "联创", "明德", "启航", "同泽")


@dataclass(frozen=True)
class Person:
    """One invented person. `sex` as printed on an ID card (男, 女); `id_valid_to` is None for 长期."""

    name: str
    sex: str
    ethnicity: str
    birth: date
    home: places.District
    address: str
    id_number: str
    id_authority: str
    id_valid_from: date
    id_valid_to: date | None
    phone: str
    trade: str
    card: str

    @property
    def bank(self) -> str:
        return bank_card.bank_name(self.card) or "华信银行"

    @property
    def employer(self) -> str:
        """The place of work; it follows from the person, so that a person has the same one in every paper."""
        kind = _TRADES[self.trade]
        word = _WORK_WORDS[int(self.card[-6:]) % len(_WORK_WORDS)]
        return f"{self.home.city.removesuffix('市')}{word}{kind}" if kind else ""


def person(random: Random, *, as_of: date, home: places.District | None = None, surname: str | None = None) -> Person:
    """An adult of 20 to 63 on `as_of`; `home` and `surname` make relatives and neighbours."""
    home = home or places.district(random)
    female = random.random() < 0.36
    birth = as_of - timedelta(days=int(random.triangular(20, 63, 34) * 365.25))
    valid_from, valid_to = _validity(random, birth, as_of)
    return Person(
        name=(surname or random.choices(tuple(_SURNAMES), tuple(_SURNAMES.values()))[0])
        + random.choice(_FEMALE if female else _MALE),
        sex="女" if female else "男",
        ethnicity=random.choices(tuple(_ETHNICITIES), tuple(_ETHNICITIES.values()))[0],
        birth=birth,
        home=home,
        address=places.address(random, home),
        id_number=id_number(random, home.code, birth, female=female),
        id_authority=f"{home.city}公安局{home.name.removesuffix('区')}分局",
        id_valid_from=valid_from,
        id_valid_to=valid_to,
        phone=mobile(random),
        trade=random.choice(tuple(_TRADES)),
        card=card(random),
    )


def id_number(random: Random, division: str, birth: date, *, female: bool) -> str:
    """A number with the right check digit in the sequence kept for centenarians (even for women, odd for men)."""
    body = f"{division}{birth:%Y%m%d}{random.choice(('996', '998') if female else ('997', '999'))}"
    return body + identity_number.check_digit(body)


def mobile(random: Random) -> str:
    """A well-formed mobile number; the exchange 000x keeps it away from the densely used ranges."""
    return f"{random.choice(_MOBILE_PREFIXES)}000{random.randrange(100_000):05}"


def card(random: Random) -> str:
    """A 19-digit debit card number of a known range that passes Luhn."""
    body = f"{random.choice(_CARD_RANGES)}00{random.randrange(10**10):010}"
    return next(number for digit in range(10) if bank_card.luhn_ok(number := f"{body}{digit}"))


def given_name(random: Random) -> str:
    """A whole name without a person behind it, for staff."""
    return random.choices(tuple(_SURNAMES), tuple(_SURNAMES.values()))[0] + random.choice(
        random.choice((_MALE, _FEMALE))
    )


def _validity(random: Random, birth: date, as_of: date) -> tuple[date, date | None]:
    """Ten years for those under 26, twenty under 46, without end above; most cards are still valid."""
    start = max(date(2005, 1, 1), as_of - timedelta(days=random.randrange(60, 3400)))
    age = (start - birth).days // 365.25
    if age >= 46:
        return start, None
    years = 10 if age < 26 else 20
    # A card issued on 29 February ends on the 28th where that year has no 29th.
    day = start.day if (start.month, start.day) != (2, 29) else 28
    return start, date(start.year + years, start.month, day)
