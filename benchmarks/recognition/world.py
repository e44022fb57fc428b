"""What the worlds of several splits are made of: divisions and their offices, numbers with their check digits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from benchmarks.recognition import case as cases
from benchmarks.recognition.case import Case, Party
from carloan.lib import bank_card, identity_number, uscc
from carloan.lib import vin as vin_rules

# How the seats of government are named that are cities of their own.
_CAPITALS: Final = {
    "北京市": "公安局公安交通管理局", "上海市": "公安局交通警察总队", "重庆市": "公安局交通管理局",
    "天津市": "公安局交通管理局",
}  # fmt: skip
_PREFECTURES: Final = (
    "土家族苗族自治州", "蒙古族藏族自治州", "哈萨克自治州", "回族自治州", "傣族自治州", "苗族侗族自治州",
    "壮族苗族自治州", "蒙古自治州", "市",
)  # fmt: skip
_YEARS: Final = "ABCDEFGHJKLMNPRSTUVWXY123456789"


class Place(NamedTuple):
    """A real division (GB/T 2260). `province` is empty for a municipality. `nations` are the peoples whose names are
    common there."""

    province: str
    city: str
    district: str
    code: str
    plate: str
    nations: str = ""

    @property
    def whole(self) -> str:
        return self.province + self.city + self.district

    @property
    def short(self) -> str:
        """The city as firms name it: 南通, 湘西."""
        return next((self.city.removesuffix(tail) for tail in _PREFECTURES if self.city.endswith(tail)), self.city)

    @property
    def seat(self) -> str:
        """The district as its offices name it: 南通市崇川区, 景洪市."""
        return self.district if self.district.endswith("市") else self.city + self.district

    @property
    def police(self) -> str:
        """Who issues identity cards there."""
        if self.district.endswith("市"):
            return f"{self.district}公安局"
        return f"{self.city}公安局{self.district.removesuffix('区') if len(self.district) > 2 else self.district}分局"

    @property
    def traffic_police(self) -> str:
        return f"{self.province}{self.city}{_CAPITALS.get(self.city, '公安局交通警察支队')}"


def home(case: Case, places: Sequence[Place]) -> Place:
    """Where the borrower lives, so that both sides of a card and its office agree."""
    return next(place for place in places if case.borrower.address.startswith(place.whole))


def born(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def identity(random: Random, place: Place, as_of: date, *, female: bool) -> str:
    """An identity number of somebody between 21 and 63."""
    day = as_of - timedelta(days=random.randrange(21 * 365, 63 * 365))
    middle = random.randrange(2, 900) // 2 * 2 + (0 if female else 1)
    body = f"{place.code}{day:%Y%m%d}{middle:03}"
    return body + identity_number.check_digit(body)


def credit_code(random: Random, division: str, bodies: Sequence[str], kind: str = "91") -> str:
    """`bodies`: how the nine signs of the organisation may begin."""
    start = random.choice(bodies)
    rest = 9 - len(start)
    body = f"{kind}{division}{start}{''.join(random.choice(uscc.ALPHABET) for _ in range(rest))}"
    return body + uscc.check_character(body)


def account(random: Random, issuers: Sequence[str]) -> str:
    """A bank card's number of nineteen digits."""
    issuer = random.choice(issuers)
    body = f"{issuer}{random.randrange(10 ** (18 - len(issuer))):0{18 - len(issuer)}}"
    return next(number for digit in range(10) if bank_card.luhn_ok(number := f"{body}{digit}"))


def vin(random: Random, wmi: str, year: int) -> str:
    body = wmi + "".join(random.choice(vin_rules.ALPHABET) for _ in range(5))
    body += f"0{_YEARS[(year - 1980) % 30]}{random.choice('ABCDEFGHJKLMNPRST')}{random.randrange(10**6):06}"
    return body[:8] + vin_rules.check_digit(body) + body[9:]


def last_day(start: date) -> date:
    """Of a year of insurance."""
    leap = (start.month, start.day) == (2, 29)
    return date(start.year + 1, 2, 28) if leap else start.replace(year=start.year + 1) - timedelta(days=1)


def borrowed_by(case: Case, other: Party) -> Case:
    """The same deal of another borrower; a slip in the borrower's number is now one in the other's."""
    moved = replace(case, borrower=other, faults=())
    if "id_check" in case.faults:
        moved = cases.spoil(moved, "id_check")
    return replace(moved, faults=case.faults)


def signer(one: Party) -> str:
    """Who puts a name under a paper for a party."""
    return one.representative or one.name
