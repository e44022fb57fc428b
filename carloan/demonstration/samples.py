"""One invented deal, and any of its papers by kind: for tests, benchmarks and live demonstrations."""

from datetime import date, timedelta
from random import Random

from carloan.demonstration import organisations, papers, people, vehicles
from carloan.demonstration.specimens import facts
from carloan.demonstration.specimens.drawing import LAYOUTS


def deal(random: Random, *, as_of: date, company: bool = False) -> papers.Deal:
    """A settled purchase of some months ago with everything its papers need."""
    buyer = people.person(random, as_of=as_of)
    dealer = organisations.organisation(random, as_of=as_of, trade="dealer", home=buyer.home)
    bought = as_of - timedelta(days=random.randrange(400, 1400))
    car = vehicles.vehicle(random, made=bought - timedelta(days=40), plate_area=buyer.home.plate)
    price = car.model.price * 100 - random.randrange(0, 900_000, 10_000)
    return papers.Deal(
        contract_no=f"HX-{bought:%Y}-{random.randrange(10**6):06}",
        lender="华信银行股份有限公司",
        buyer=buyer,
        company=organisations.organisation(random, as_of=as_of, home=buyer.home) if company else None,
        vehicle=car,
        dealer=dealer,
        price=price,
        principal=price * 7 // 10 // 10_000 * 10_000,
        rate=random.randrange(28_000, 96_000, 100),
        term_months=random.choice((12, 24, 36, 48, 60)),
        bought_on=bought,
        signed_on=bought + timedelta(days=1),
        settled_on=as_of - timedelta(days=random.randrange(3, 200)),
    )


def paper(kind: str, random: Random, *, as_of: date) -> facts.Facts:
    """The facts of one paper of `kind`, of a new invented person. Raises KeyError for a kind nobody draws."""
    if kind not in LAYOUTS:
        raise KeyError(kind)
    one = deal(random, as_of=as_of, company=kind == "vat_invoice" and random.random() < 0.5)
    return papers_of(one, random, as_of=as_of)[kind]


def papers_of(one: papers.Deal, random: Random, *, as_of: date) -> dict[str, facts.Facts]:
    """The facts of every paper of a deal, by kind; `random` gives what the deal leaves open."""
    return {
        "id_card_front": papers.id_card_front(one.buyer),
        "id_card_back": papers.id_card_back(one.buyer),
        "driving_licence": papers.driving_licence(random, one.buyer, as_of),
        "vehicle_licence": papers.vehicle_licence(random, one, as_of),
        "vehicle_sales_invoice": papers.vehicle_sales_invoice(random, one),
        "vat_invoice": papers.vat_invoice(random, one, digital=random.random() < 0.4),
        "bank_card": papers.bank_card(one.buyer, as_of),
        "loan_contract": papers.loan_contract(one),
        "vehicle_registration_certificate": papers.registration_certificate(one),
        "settlement_certificate": papers.settlement_certificate(one, f"JQ{random.randrange(10**8):08}"),
    }
