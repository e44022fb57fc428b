"""Which facts stand on the papers of a person, a vehicle and a loan."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from carloan.demonstration import organisations, people, places, vehicles
from carloan.demonstration.specimens import facts
from carloan.lib import money


@dataclass(frozen=True)
class Deal:
    """One financed purchase, as far as its papers need it. Money in minor units, `rate` in parts per million a year."""

    contract_no: str
    lender: str
    buyer: people.Person
    company: organisations.Organisation | None
    vehicle: vehicles.Vehicle
    dealer: organisations.Organisation
    price: int
    principal: int
    rate: int
    term_months: int
    bought_on: date
    signed_on: date
    settled_on: date | None = None

    @property
    def owner(self) -> str:
        return self.company.name if self.company else self.buyer.name

    @property
    def owner_id(self) -> str:
        return self.company.uscc if self.company else self.buyer.id_number

    @property
    def owner_address(self) -> str:
        return self.company.address if self.company else self.buyer.address

    @property
    def home(self) -> places.District:
        return self.company.home if self.company else self.buyer.home

    @property
    def registered_on(self) -> date:
        return self.bought_on + timedelta(days=6)


def id_card_front(person: people.Person) -> facts.IdCardFront:
    return facts.IdCardFront(person.name, person.sex, person.ethnicity, person.birth, person.address, person.id_number)


def id_card_back(person: people.Person) -> facts.IdCardBack:
    return facts.IdCardBack(person.id_authority, person.id_valid_from, person.id_valid_to)


def bank_card(person: people.Person, as_of: date) -> facts.BankCard:
    """Cards are valid to the end of a month; the day stored is the month's last."""
    following = date(as_of.year + 3 + int(person.card[-2]) % 5, 1 + int(person.card[-3]), 1)
    return facts.BankCard(person.card, person.bank, following - timedelta(days=1))


def driving_licence(random: Random, person: people.Person, as_of: date) -> facts.DrivingLicence:
    """First issued between the ages of 19 and 30; renewed after six years, then ten."""
    first = person.birth + timedelta(days=random.randrange(19 * 366, 20 * 366 + 300))
    first = min(first, as_of - timedelta(days=200))
    start, years = first, 6
    while _later(start, years) <= as_of:
        start, years = _later(start, years), 10
    return facts.DrivingLicence(
        number=person.id_number,
        name=person.name,
        sex=person.sex,
        address=person.address,
        birth=person.birth,
        first_issue_date=first,
        licence_class=random.choices(("C1", "C2", "B2", "C1E"), (74, 14, 9, 3))[0],
        valid_from=start,
        valid_to=_later(start, years),
        authority=traffic_police(person.home),
        file_no=f"{person.home.code[:4]}{random.randrange(10**8):08}",
    )


def vehicle_licence(random: Random, deal: Deal, as_of: date) -> facts.VehicleLicence:
    """Inspected every two years; the newest stamp is the one that still counts on `as_of`."""
    car = deal.vehicle
    return facts.VehicleLicence(
        plate=car.plate,
        vehicle_type=car.model.vehicle_type,
        owner_name=deal.owner,
        address=deal.owner_address,
        use_character="货运" if "货车" in car.model.vehicle_type else "非营运",
        model=car.model.brand_model,
        vin=car.vin,
        engine_no=car.engine_no,
        register_date=deal.registered_on,
        issue_date=deal.registered_on,
        authority=traffic_police(deal.home),
        file_no=f"{deal.home.code[:4]}{random.randrange(10**8):08}",
        seats=car.model.seats,
        mass=car.model.mass,
        size=car.model.size,
        inspected_to=inspected_to(deal.registered_on, as_of),
    )


def vehicle_sales_invoice(random: Random, deal: Deal) -> facts.VehicleSalesInvoice:
    car, dealer = deal.vehicle, deal.dealer
    net, tax = without_tax(deal.price, 13)
    return facts.VehicleSalesInvoice(
        invoice_code=f"1{dealer.home.code[:4]}{deal.bought_on:%y}20{random.randrange(700, 800)}",
        invoice_number=f"{random.randrange(10**8):08}",
        issue_date=deal.bought_on,
        buyer_name=deal.owner,
        buyer_id=deal.owner_id,
        vehicle_type="轿车" if "轿车" in car.model.vehicle_type else "多用途乘用车",
        model=car.model.brand_model,
        origin=car.model.origin,
        conformity_no=car.conformity_no,
        engine_no=car.engine_no,
        vin=car.vin,
        total=deal.price,
        tax=tax,
        price_without_tax=net,
        seller_name=dealer.name,
        seller_tax_id=dealer.uscc,
        seller_phone=dealer.phone,
        seller_address=dealer.address,
        seller_bank=f"{dealer.bank}{dealer.home.name}支行",
        seller_account=dealer.account,
        tax_office=f"{dealer.home.city}{dealer.home.name}税务局",
        seats=car.model.seats,
        total_in_words=money.to_capitals(deal.price),
    )


def vat_invoice(random: Random, deal: Deal, *, digital: bool) -> facts.VatInvoice:
    """What the dealer adds to the car: the fitting of accessories, billed to the buyer's company or to the buyer."""
    dealer = deal.dealer
    item, specification, unit = random.choice(
        (
            ("*修理修配劳务*汽车装饰", "全车", "项"),
            ("*机动车配件*车载定位终端", "GT-06", "台"),
            ("*保险服务*代办服务费", "一年", "次"),
        )
    )
    total = random.randrange(180_000, 1_280_000, 10_000)
    net, tax = without_tax(total, 13)
    return facts.VatInvoice(
        invoice_code="" if digital else f"{dealer.home.code[:4]}{deal.bought_on:%y}{random.randrange(1000, 4000)}",
        invoice_number=f"{deal.bought_on:%y}{dealer.home.code[:2]}2000{random.randrange(10**12):012}"
        if digital
        else f"{random.randrange(10**8):08}",
        issue_date=deal.bought_on,
        province=dealer.home.province.removesuffix("省").removesuffix("市"),
        buyer_name=deal.owner,
        buyer_id=deal.owner_id,
        buyer_address=f"{deal.home.full_name} {deal.buyer.phone}",
        buyer_bank=f"{deal.buyer.bank} {deal.buyer.card}",
        seller_name=dealer.name,
        seller_tax_id=dealer.uscc,
        seller_address=f"{dealer.home.full_name} {dealer.phone}",
        seller_bank=f"{dealer.bank} {dealer.account}",
        item=item,
        specification=specification,
        unit=unit,
        quantity=1,
        tax_percent=13,
        price_without_tax=net,
        tax=tax,
        total=total,
        total_in_words=money.to_capitals(total),
        clerk=dealer.legal_person.name,
    )


def loan_contract(deal: Deal) -> facts.LoanContract:
    return facts.LoanContract(
        contract_no=deal.contract_no,
        lender=deal.lender,
        borrower_name=deal.owner,
        borrower_id=deal.owner_id,
        borrower_address=deal.owner_address,
        borrower_phone=deal.buyer.phone,
        principal=deal.principal,
        principal_in_words=money.to_capitals(deal.principal),
        term_months=deal.term_months,
        rate=deal.rate,
        issue_date=deal.signed_on,
        vehicle=deal.vehicle.model.brand_model,
        vin=deal.vehicle.vin,
    )


def registration_certificate(deal: Deal) -> facts.RegistrationCertificate:
    car = deal.vehicle
    return facts.RegistrationCertificate(
        certificate_no=car.certificate_no,
        owner_name=deal.owner,
        owner_id=deal.owner_id,
        authority=traffic_police(deal.home),
        register_date=deal.registered_on,
        plate=car.plate,
        vehicle_type=car.model.vehicle_type,
        model=car.model.brand_model,
        colour=car.colour,
        vin=car.vin,
        engine_no=car.engine_no,
        maker=f"{car.model.make}汽车有限公司",
        seats=car.model.seats,
        mass=car.model.mass,
        size=car.model.size,
        use_character="货运" if "货车" in car.model.vehicle_type else "非营运",
        made=car.made,
        issue_date=deal.registered_on,
        mortgagee=deal.lender,
        mortgaged_on=deal.registered_on + timedelta(days=3),
    )


def settlement_certificate(deal: Deal, number: str) -> facts.SettlementCertificate:
    """Raises ValueError for a loan that is not settled."""
    if deal.settled_on is None:
        raise ValueError("a settlement certificate needs a settled loan")
    return facts.SettlementCertificate(
        certificate_no=number,
        lender=deal.lender,
        contract_no=deal.contract_no,
        borrower_name=deal.owner,
        borrower_id=deal.owner_id,
        principal=deal.principal,
        settled_on=deal.settled_on,
        issue_date=deal.settled_on + timedelta(days=1),
        plate=deal.vehicle.plate,
        vin=deal.vehicle.vin,
    )


def inspected_to(registered_on: date, as_of: date) -> date:
    """The end of the month in which the next two-yearly inspection after `as_of` falls due."""
    years = 2
    while _later(registered_on, years) <= as_of:
        years += 2
    due = _later(registered_on, years)
    return (due.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def traffic_police(where: places.District) -> str:
    province = "" if where.city == where.province else where.province
    return f"{province}{where.city}公安局交通警察支队"


def without_tax(total: int, percent: int) -> tuple[int, int]:
    """Price without tax and the tax in it, both rounded to a minor unit and adding up to `total`."""
    net = (total * 100 + (100 + percent) // 2) // (100 + percent)
    return net, total - net


def _later(day: date, years: int) -> date:
    """The same day `years` on; 29 February becomes the 28th."""
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
