"""Invented people, vehicles and organisations: one seed gives one world, and every identifier in it is well formed."""

from datetime import date
from random import Random

import pytest

from carloan.demonstration import organisations, people, places, samples, vehicles
from carloan.demonstration.specimens import LAYOUTS, facts
from carloan.lib import bank_card, identity_number, mobile, money, plates, uscc, vin

DAY = date(2026, 11, 22)


def test_the_same_seed_makes_the_same_person() -> None:
    first = [people.person(Random("one"), as_of=DAY) for _ in range(2)]
    assert first[0] == first[1]
    assert people.person(Random("two"), as_of=DAY) != first[0]


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_the_same_seed_makes_the_same_paper(kind: str) -> None:
    assert samples.paper(kind, Random(7), as_of=DAY) == samples.paper(kind, Random(7), as_of=DAY)


def test_every_identity_number_is_valid_and_agrees_with_its_person() -> None:
    random = Random("identity")
    for _ in range(800):
        person = people.person(random, as_of=DAY)
        assert identity_number.problems(person.id_number, today=DAY) == []
        read = identity_number.parse(person.id_number)
        assert read.birth == person.birth
        assert read.sex == ("F" if person.sex == "女" else "M")
        assert read.division == person.home.code
        assert identity_number.PROVINCES[read.division[:2]] == person.home.province


def test_no_identity_number_can_belong_to_a_living_person_of_that_age() -> None:
    random = Random("nobody")
    numbers = [people.person(random, as_of=DAY).id_number for _ in range(300)]
    assert {number[14:17] for number in numbers} == {"996", "997", "998", "999"}


def test_people_work_at_a_place_and_not_at_their_trade() -> None:
    random = Random("work")
    crowd = [people.person(random, as_of=DAY) for _ in range(300)]
    employed = [person for person in crowd if person.employer]
    assert 150 < len(employed) < 300  # some work for themselves
    for person in employed:
        assert person.employer.startswith(person.home.city.removesuffix("市"))
        assert person.employer != person.trade


def test_phones_and_cards_are_well_formed() -> None:
    random = Random("contact")
    for _ in range(500):
        person = people.person(random, as_of=DAY)
        assert mobile.kind(person.phone) == "mobile"
        assert bank_card.problems(person.card) == []
        assert bank_card.bank_name(person.card) == person.bank


def test_every_vin_has_its_check_digit_and_its_model_year() -> None:
    random = Random("vin")
    for number in range(600):
        made = date(2015 + number % 12, 5, 1)
        car = vehicles.vehicle(random, made=made, plate_area="苏A")
        assert vin.problems(car.vin, check=True) == []
        assert made.year in vin.parse(car.vin).model_years
        assert vin.parse(car.vin).wmi == car.model.wmi


def test_electric_cars_wear_the_long_green_plate() -> None:
    random = Random("plate")
    for model in vehicles.MODELS:
        for _ in range(40):
            plate = vehicles.plate(random, "浙A", electric=model.electric)
            assert plates.kind(plate) == ("new_energy_small" if model.electric else "ordinary"), plate
            assert len(plate) == (8 if model.electric else 7)


def test_credit_codes_have_their_check_character() -> None:
    random = Random("uscc")
    for _ in range(400):
        company = organisations.organisation(random, as_of=DAY)
        assert uscc.problems(company.uscc) == []
        assert uscc.parse(company.uscc).division == company.home.code


def test_every_place_lies_in_the_province_of_its_code() -> None:
    for place in places.DISTRICTS:
        assert identity_number.PROVINCES[place.code[:2]] == place.province
        assert plates.kind(f"{place.plate}12345") == "ordinary"


def test_the_sums_on_an_invoice_add_up() -> None:
    random = Random("sums")
    for _ in range(200):
        invoice = samples.paper("vehicle_sales_invoice", random, as_of=DAY)
        assert isinstance(invoice, facts.VehicleSalesInvoice)
        assert invoice.price_without_tax + invoice.tax == invoice.total
        assert money.from_capitals(invoice.total_in_words) == invoice.total
