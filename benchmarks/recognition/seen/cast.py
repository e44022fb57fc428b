"""Who and what stands on the seen papers: the people of the demonstration, and lenders and insurers of its world."""

from datetime import date, timedelta
from random import Random

from benchmarks.recognition.case import Car, Case, Company, Party, Policy, schedule
from carloan.demonstration import organisations, people, places, samples
from carloan.lib import money

_LENDERS = ("华信银行股份有限公司", "远驰汽车金融有限公司", "泽润融资租赁有限公司", "江川农村商业银行股份有限公司")
_INSURERS = ("恒岳财产保险股份有限公司", "汇澜财产保险股份有限公司", "东屿财产保险股份有限公司")
_TYPES = (
    "有限责任公司(自然人独资)",
    "有限责任公司(自然人投资或控股)",
    "有限责任公司",
    "股份有限公司(非上市、自然人投资或控股)",
)
_SCOPES = (
    "汽车新车销售；汽车旧车销售；汽车零配件零售；汽车装饰用品销售；机动车修理和维护；洗车服务",
    "道路货物运输（不含危险货物）；国内货物运输代理；普通货物仓储服务（不含危险化学品等需许可审批的项目）；装卸搬运",
    "建筑材料销售；五金产品零售；室内外装饰装修工程施工；住房租赁；非居住房地产租赁",
    "技术服务、技术开发、技术咨询、技术转让；软件开发；计算机系统服务；广告设计、代理；会议及展览服务",
)
_ENDING = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
_POWERS = ("85", "96", "110", "132", "140")


def case(random: Random, *, as_of: date, company: bool = False) -> Case:
    """One deal; `company` lets a firm borrow."""
    deal = samples.deal(random, as_of=as_of, company=company)
    signed, registered, mortgaged, settled = schedule(random, as_of=as_of, term_months=deal.term_months)
    car = deal.vehicle
    lender_home = places.district(random)
    borrower = (
        Party(deal.company.name, deal.company.uscc, deal.company.address, deal.company.phone, "营业执照",
              representative=deal.company.legal_person.name)
        if deal.company
        else _person(deal.buyer)
    )  # fmt: skip
    start = as_of - timedelta(days=random.randrange(10, 300))
    return Case(
        borrower=borrower,
        co_borrower=_person(people.person(random, as_of=as_of, home=deal.buyer.home)),
        lender=_firm(random, random.choice(_LENDERS), lender_home),
        dealer=Party(deal.dealer.name, deal.dealer.uscc, deal.dealer.address, deal.dealer.phone, "营业执照"),
        car=Car(
            plate=car.plate, vin=car.vin, engine_no=car.engine_no, engine_model=car.engine_no[:5],
            brand=f"{car.model.make}牌", model=car.model.code, vehicle_type=car.model.vehicle_type,
            colour=car.colour, maker=f"{car.model.make}汽车有限公司", origin="国产",
            fuel="电" if car.model.electric else "汽油", displacement="--" if car.model.electric else "1498",
            power=random.choice(_POWERS), seats=car.model.seats, mass=car.model.mass, size=car.model.size,
            wheelbase=random.randrange(2600, 2900, 5),
            use_character="货运" if "货车" in car.model.vehicle_type else "非营运",
            made_on=signed - timedelta(days=random.randrange(20, 90)), certificate_no=car.certificate_no,
        ),
        company=licensed(random, as_of=as_of),
        compulsory=_compulsory(random, start),
        commercial=_commercial(random, start),
        authority=f"{deal.home.city}公安局交通警察支队车辆管理所",
        register_date=registered,
        contract_no=f"{random.choice(('HX', 'YC', 'QD'))}-{signed:%Y}-{random.randrange(10**6):06}",
        mortgage_no=f"DY{signed:%Y%m}{random.randrange(10**5):05}",
        price=deal.price,
        principal=deal.principal,
        rate=deal.rate,
        term_months=deal.term_months,
        signed_on=signed,
        account=deal.buyer.card,
        mortgage_date=mortgaged,
        release_date=min(as_of, settled + timedelta(days=random.randrange(3, 30))),
        settled_on=settled,
        settlement_no=f"JQ{settled:%Y}{random.randrange(10**6):06}",
        principal_in_words=money.to_capitals(deal.principal),
    )  # fmt: skip


def licensed(random: Random, *, as_of: date) -> Company:
    one = organisations.organisation(random, as_of=as_of, trade=random.choice(("dealer", "firm")))
    years = random.choice((None, 20, 30))
    founded = one.founded
    return Company(
        name=one.name,
        uscc=one.uscc,
        enterprise_type=random.choice(_TYPES),
        legal_representative=one.legal_person.name,
        capital=random.choice((50, 100, 200, 500, 1000, 3000)) * 1_000_000,
        established_on=founded,
        valid_to=None if years is None else founded.replace(year=founded.year + years, day=min(founded.day, 28)),
        address=one.address,
        scope=random.choice(_SCOPES) + random.choice(("", _ENDING)),
        authority=f"{one.home.city}{one.home.name}市场监督管理局",
        issued_on=min(as_of, founded + timedelta(days=random.randrange(0, 300))),
        number=f"{one.home.code}{random.randrange(10**9):09}",
    )


def _person(one: people.Person) -> Party:
    return Party(one.name, one.id_number, one.address, one.phone, sex=one.sex)


def _firm(random: Random, name: str, home: places.District) -> Party:
    signer = people.given_name(random)
    code = organisations.credit_code(random, home.code)
    phone = f"9{random.randrange(5000, 6000)}"
    return Party(name, code, places.office(random, home), phone, "营业执照", representative=signer)


def _compulsory(random: Random, start: date) -> Policy:
    premium = random.choice((66_500, 76_000, 85_500, 95_000, 110_000))
    sums = (
        ("死亡伤残赔偿限额", 18_000_000, 0), ("医疗费用赔偿限额", 1_800_000, 0), ("财产损失赔偿限额", 200_000, 0),
        ("无责任死亡伤残赔偿限额", 1_800_000, 0), ("无责任医疗费用赔偿限额", 180_000, 0),
        ("无责任财产损失赔偿限额", 10_000, 0),
    )  # fmt: skip
    return Policy(
        insurer=_insurer(random), policy_no=f"PDZA{start:%Y}{random.randrange(10**14):014}", premium=premium,
        tax_paid=random.choice((30_000, 36_000, 42_000, 48_000)), valid_from=start,
        valid_to=_a_year_on(start), issued_on=start - timedelta(days=random.randrange(1, 20)), sums=sums,
    )  # fmt: skip


def _commercial(random: Random, start: date) -> Policy:
    value = random.randrange(60_000, 320_000) * 100
    parts = (
        ("机动车损失保险", value, random.randrange(120_000, 420_000)),
        ("机动车第三者责任保险", random.choice((100, 200, 300)) * 1_000_000, random.randrange(70_000, 190_000)),
        ("机动车车上人员责任保险(司机)", 1_000_000, random.randrange(2_000, 9_000)),
        ("机动车车上人员责任保险(乘客)", 1_000_000, random.randrange(4_000, 19_000)),
    )
    return Policy(
        insurer=_insurer(random), policy_no=f"PDAA{start:%Y}{random.randrange(10**14):014}",
        premium=sum(part[2] for part in parts), tax_paid=0, valid_from=start, valid_to=_a_year_on(start),
        issued_on=start - timedelta(days=random.randrange(1, 20)), sums=parts,
    )  # fmt: skip


def _insurer(random: Random) -> Party:
    home = places.district(random)
    return _firm(random, f"{random.choice(_INSURERS)}{home.city.removesuffix('市')}分公司", home)


def _a_year_on(start: date) -> date:
    return start.replace(year=start.year + 1, day=min(start.day, 28)) - timedelta(days=1)
