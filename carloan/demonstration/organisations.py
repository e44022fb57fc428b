"""Invented companies: dealers that sell cars and firms that buy them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from carloan.demonstration import people, places
from carloan.lib import uscc

_WORDS_A = ("恒", "盛", "瑞", "鼎", "鸿", "嘉", "宏", "众", "祥", "启", "博", "远", "荣", "昊", "泰", "卓")
_WORDS_B = ("达", "通", "隆", "丰", "晟", "源", "诚", "翔", "坤", "成", "腾", "润", "凯", "川", "畅", "运")
_TRADES = {
    "dealer": ("汽车销售服务有限公司", "汽车贸易有限公司", "新能源汽车销售有限公司"),
    "firm": (
        "物流有限公司",
        "汽车租赁有限公司",
        "建材有限公司",
        "科技有限公司",
        "餐饮管理有限公司",
        "装饰工程有限公司",
        "冷链运输有限公司",
    ),
}
# Organisation codes of new companies begin with MA and climb from MA00; MA99 lies far above what has been given out.
_UNUSED = "MA99"


@dataclass(frozen=True)
class Organisation:
    """One invented company. `legal_person` signs for it."""

    name: str
    short_name: str
    uscc: str
    home: places.District
    address: str
    phone: str
    founded: date
    legal_person: people.Person
    bank: str
    account: str


def organisation(
    random: Random, *, as_of: date, trade: str = "firm", home: places.District | None = None
) -> Organisation:
    """A company of the given trade (`dealer` or `firm`) with a valid credit code."""
    home = home or places.district(random)
    short = random.choice(_WORDS_A) + random.choice(_WORDS_B)
    signer = people.person(random, as_of=as_of, home=home)
    return Organisation(
        name=f"{home.city.removesuffix('市')}{short}{random.choice(_TRADES[trade])}",
        short_name=short,
        uscc=credit_code(random, home.code),
        home=home,
        address=places.office(random, home),
        phone=f"400-000-{random.randrange(10_000):04}",
        founded=as_of - timedelta(days=random.randrange(400, 8000)),
        legal_person=signer,
        bank=signer.bank,
        account=signer.card,
    )


def credit_code(random: Random, division: str) -> str:
    """A unified social credit code of a company (91…) with the right check character."""
    body = f"91{division}{_UNUSED}{''.join(random.choice(uscc.ALPHABET) for _ in range(5))}"
    return body + uscc.check_character(body)
