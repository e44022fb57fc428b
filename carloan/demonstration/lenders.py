"""The lenders of the demonstration: their branches, their people and what they lend."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from carloan.demonstration import people

BUSINESS = ("officer", "archivist", "collector", "release_officer", "compliance", "service")
ROLES = ("admin", *BUSINESS)
# 三员分立: nobody administers all, and a manager decides for the business.
SEPARATED_ROLES = ("system_admin", "security_admin", "audit_admin", "manager", *BUSINESS)
# Whom a destruction needs besides: a second archivist, and two who approve what they did not propose.
SECONDS = ("archivist.2", "compliance.2", "compliance.3")


@dataclass(frozen=True)
class BranchPlan:
    """A place of the lender. `cities` are those whose customers it serves; a managing office has none."""

    code: str
    name: str
    parent: str = "000"
    cities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Staff:
    """A person at work: one role, everywhere or (with `branch`) in one place and below."""

    role: str
    username: str
    display_name: str
    employee_no: str
    branch: str | None = None


@dataclass(frozen=True)
class Product:
    """What is lent: yearly rates from and to in parts per million, months, share of the price that is paid down."""

    name: str
    rates: tuple[int, int]
    terms: tuple[int, ...]
    down_payment: tuple[int, int]
    weight: int
    used: bool = False
    electric: bool | None = None


@dataclass(frozen=True)
class Lender:
    """A demonstration tenant. `legal_name` signs contracts; `share` is its part of all loans in per cent.

    `archived` are loans that ended long ago, each by how many years ago its story is told. With `separated` it has
    three administrators in place of one, and no book: only the loans that are being decided about.
    """

    slug: str
    name: str
    name_en: str
    legal_name: str
    kind: Literal["bank", "auto_finance", "leasing"]
    head_office: str
    prefix: str
    share: int
    branches: tuple[BranchPlan, ...]
    products: tuple[Product, ...]
    archived: tuple[int, ...] = ()
    separated: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        return SEPARATED_ROLES if self.separated else ROLES

    @property
    def decider(self) -> str:
        """The role that decides about loans."""
        return "manager" if self.separated else "admin"

    @property
    def selling(self) -> tuple[BranchPlan, ...]:
        return tuple(branch for branch in self.branches if branch.cities)

    @property
    def staff(self) -> tuple[Staff, ...]:
        """One person a role for the whole house first, then the people of each branch, then the seconds."""
        made = [self._member(role, role, None, number) for number, role in enumerate(self.roles, start=1)]
        offices = [branch for branch in self.branches if not branch.cities] or list(self.branches[:2])
        local = [("officer", branch) for branch in self.selling]
        local += [("archivist", branch) for branch in offices] + [("collector", branch) for branch in self.selling[::2]]
        local += [("service", offices[0])]
        for number, (role, branch) in enumerate(local, start=len(made) + 1):
            made.append(self._member(role, f"{role}.{branch.code}", branch.code, number))
        for number, short in enumerate(SECONDS, start=len(made) + 1):
            made.append(self._member(short.partition(".")[0], short, None, number))
        return tuple(made)

    def _member(self, role: str, short: str, branch: str | None, number: int) -> Staff:
        username = f"{self.slug}.{short}"
        return Staff(role, username, people.given_name(Random(username)), f"{self.prefix}{number:04}", branch)


LENDERS: tuple[Lender, ...] = (
    Lender(
        slug="huaxin",
        name="华信银行汽车金融中心",
        name_en="Huaxin Bank Auto Finance Centre",
        legal_name="华信银行股份有限公司",
        kind="bank",
        head_office="总行",
        prefix="HX",
        share=70,
        branches=(
            BranchPlan("100", "华东分行"),
            BranchPlan("101", "杭州支行", "100", ("杭州市", "温州市")),
            BranchPlan("102", "宁波支行", "100", ("宁波市",)),
            BranchPlan("103", "南京支行", "100", ("南京市", "合肥市")),
            BranchPlan("104", "苏州支行", "100", ("苏州市", "无锡市", "上海市")),
            BranchPlan("200", "华南分行"),
            BranchPlan("201", "广州支行", "200", ("广州市", "佛山市")),
            BranchPlan("202", "深圳支行", "200", ("深圳市", "厦门市")),
            BranchPlan("300", "西南分行"),
            BranchPlan("301", "成都支行", "300", ("成都市",)),
            BranchPlan("302", "重庆支行", "300", ("重庆市",)),
        ),
        products=(
            Product("新车贷", (32_800, 58_800), (24, 36, 48, 60), (20, 40), 55, electric=False),
            Product("新能源专享贷", (21_900, 43_900), (36, 48, 60), (15, 30), 30, electric=True),
            Product("二手车贷", (58_800, 88_800), (12, 24, 36), (30, 50), 15, used=True),
        ),
        # Past their time, and sealed apart.
        archived=(*(12,) * 8, *(7,) * 3),
    ),
    Lender(
        slug="yuanda",
        name="远达启程融资租赁",
        name_en="Yuanda Qicheng Leasing",
        legal_name="远达启程融资租赁有限公司",
        kind="leasing",
        head_office="总部",
        prefix="YD",
        share=30,
        branches=(
            BranchPlan("010", "华北营业部", cities=("北京市", "天津市", "石家庄市", "济南市")),
            BranchPlan("020", "武汉营业部", cities=("武汉市", "长沙市", "南昌市")),
            BranchPlan("030", "西安营业部", cities=("西安市", "太原市")),
            BranchPlan("040", "郑州营业部", cities=("郑州市", "洛阳市")),
        ),
        products=(
            Product("直租", (68_000, 118_000), (24, 36, 48), (10, 30), 45),
            Product("售后回租", (79_800, 139_800), (12, 24, 36), (0, 20), 40, used=True),
            Product("网约车租购", (88_000, 128_000), (36, 48), (5, 15), 15, electric=True),
        ),
        archived=(12, 12, 7),
    ),
)
SEPARATED = Lender(
    slug="anhe",
    name="安和汽车金融",
    name_en="Anhe Auto Finance",
    legal_name="安和汽车金融有限公司",
    kind="auto_finance",
    head_office="总部",
    prefix="AH",
    share=0,
    branches=(BranchPlan("010", "济南营业部", cities=("济南市",)),),
    products=(Product("新车贷", (36_800, 62_800), (24, 36, 48), (20, 40), 100, electric=False),),
    separated=True,
)
EVERYBODY = (*LENDERS, SEPARATED)
