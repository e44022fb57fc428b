"""Chinese identifiers against vectors from elsewhere, and properties that hold for every number."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carloan.lib import bank_card, identity_number, mobile, plates, uscc, vin
from carloan.lib.problems import codes
from tests.lib.vectors import load

# The vectors themselves say that only a county-by-year table would refuse these two; such a table refuses real people.
STRICT_REGION_ONLY = "strict region check only"


def test_every_valid_id_number_is_valid_and_says_what_the_vector_says() -> None:
    for vector in load("idcard.json")["valid"]:
        assert identity_number.problems(vector["n"]) == [], vector
        identity = identity_number.parse(vector["n"])
        assert identity.birth == date.fromisoformat(vector.get("birth", identity.birth.isoformat()))
        assert identity.sex == vector.get("sex", identity.sex)
        assert identity.division == vector.get("region", identity.division)
        if "normalised" in vector:
            assert identity.number == vector["normalised"]


def test_every_invalid_id_number_is_refused() -> None:
    judged = [vector for vector in load("idcard.json")["invalid"] if STRICT_REGION_ONLY not in vector["why"]]
    assert len(judged) > 5
    for vector in judged:
        assert identity_number.problems(vector["n"]), vector


def test_it_upgrades_a_number_of_fifteen_digits() -> None:
    number = load("idcard.json")["upgrade_15_to_18"]["input"]
    whole = identity_number.upgrade(number)
    assert len(whole) == 18
    assert identity_number.problems(whole) == []
    assert identity_number.parse(number) == identity_number.parse(whole)


def test_it_refuses_a_birth_in_the_future() -> None:
    number = "11010120991231" + "001"
    number += identity_number.check_digit(number)
    assert codes(identity_number.problems(number, today=date(2026, 1, 1))) == ["id_birth"]


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_of_an_id_number_is_noticed(place: int, shift: int) -> None:
    number = "440308199901101512"
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert identity_number.problems(wrong)


@given(st.text(max_size=40))
def test_no_text_crashes_a_validator(text: str) -> None:
    for module in (identity_number, uscc, vin, bank_card, plates, mobile):
        assert isinstance(module.problems(text), list)


@given(st.text(alphabet="京沪粤AaXx0１2３9 -·　．\n", max_size=24))
def test_a_normal_form_stays_as_it_is(text: str) -> None:
    for module in (identity_number, uscc, vin, bank_card, plates):
        assert module.normalise(module.normalise(text)) == module.normalise(text)


def test_every_valid_credit_code_is_valid() -> None:
    vectors = load("uscc.json")
    for code in [*vectors["valid"], *vectors["valid_after_cleaning"]]:
        assert uscc.problems(code) == [], code
    for vector in vectors["invalid"]:
        assert uscc.problems(vector["n"]), vector


@given(st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_any_single_wrong_character_of_a_credit_code_is_noticed(place: int, char: str) -> None:
    code = "91110000600037341L"
    wrong = code[:place] + char + code[place + 1 :]
    assert (uscc.problems(wrong) == []) == (wrong == code)


def test_every_vin_vector_is_judged_as_it_says() -> None:
    for vector in load("vin.json")["all"]:
        found = codes(vin.problems(vector["vin"], check=True))
        if vector["alphabet_ok"]:
            assert (found == []) == vector["checkdigit_ok"], vector
        else:
            assert found in (["vin_characters"], ["vin_length"]), vector


def test_the_check_digit_is_asked_of_makers_that_must_have_one() -> None:
    upstream = load("vin.json")["upstream_assertions"]
    for number in upstream["eu_vin_bad_checkdigit_but_accepted"]:
        assert vin.problems(number) == []
        assert codes(vin.problems(number, check=True)) == ["vin_check"]
    for number in upstream["checksum_fails"]:
        assert codes(vin.problems(number)) == ["vin_check"]
    assert vin.problems("LFGGF53W0WH228343") == []
    assert codes(vin.problems("LFGGF53W1WH228343")) == ["vin_check"]


def test_a_vin_names_its_country_and_possible_years() -> None:
    for prefix in load("wmi_china.json")["wmi"]:
        assert vin.country(prefix) == "CN", prefix
    parsed = vin.parse("LFGGF53W0WH228343")
    assert parsed == vin.Vin("LFG", "CN", (1998, 2028), "WH228343"[2:])
    assert vin.country("WBA") == "DE"
    assert vin.country("JSA") == "JP"
    assert vin.country("1M8") == "US"
    assert vin.country("ZAC") == "IT"


def test_every_plate_vector_is_a_plate() -> None:
    vectors = load("plates.json")
    for plate in [*vectors["generated_examples"], *vectors["lprnet_ground_truth"]["values"]]:
        assert plates.problems(plate) == [], plate


@pytest.mark.parametrize(
    ("plate", "kind"),
    [
        ("京A·12345", "ordinary"),
        ("云Q DQ0194", "new_energy_small"),
        ("藏A 49627F", "new_energy_large"),
        ("粤BD12345", "new_energy_small"),
        ("沪A1234挂", "trailer"),
        ("苏E1234学", "training"),
        ("京A1234警", "police"),
        ("京O1234警", "police"),
        ("粤Z1234港", "hong_kong_macao"),
        ("粤Z·AB12澳", "hong_kong_macao"),
        ("使014578", "embassy"),
        ("224001使", "embassy"),
        ("沪A0023领", "consulate"),
        ("京X1234应急", "emergency"),
        ("京A12345临", "temporary"),
        ("民航A1234", "civil_aviation"),
        ("ｊing", None),
        ("京A1234", None),
        ("京A123456", None),
        ("港A12345", None),
        ("京AI2345", None),
        ("京A1234O", None),
        ("", None),
        ("京a12345", "ordinary"),
    ],
)
def test_plate_kinds(plate: str, kind: str | None) -> None:
    assert plates.kind(plate) == kind


def test_a_plate_is_shown_with_its_dot() -> None:
    assert plates.display(" 京a 12345 ") == "京A·12345"
    assert plates.normalise("京A·１２３４５") == "京A12345"


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("138 0013 8000", "13800138000", "mobile"),
        ("+86-138-0013-8000", "13800138000", "mobile"),
        ("8613800138000", "13800138000", "mobile"),
        ("013800138000", "13800138000", "mobile"),
        ("１３８００１３８０００", "13800138000", "mobile"),
        ("021-6888 1234转12", "02168881234x12", "fixed"),
        ("400-800-1234", "4008001234", "service"),
        ("12345", "12345", "unknown"),
        ("10800138000", "10800138000", "unknown"),
    ],
)
def test_phone_numbers(text: str, number: str, kind: str) -> None:
    assert mobile.normalise(text) == number
    assert mobile.kind(number) == kind
    assert (mobile.problems(text) == []) == (kind != "unknown")


@given(st.text(alphabet=string.digits, min_size=15, max_size=18))
def test_luhn_notices_any_single_wrong_digit(body: str) -> None:
    number = next(body + digit for digit in string.digits if bank_card.luhn_ok(body + digit))
    wrong = str((int(number[0]) + 1) % 10) + number[1:]
    assert not bank_card.luhn_ok(wrong)


def test_bank_cards() -> None:
    assert bank_card.problems("4111 1111 1111 1111") == []
    assert codes(bank_card.problems("4111 1111 1111 1112")) == ["card_check"]
    assert codes(bank_card.problems("0000000000000000")) == ["card_check"]
    assert codes(bank_card.problems("1234")) == ["card_length"]
    assert bank_card.bank_name("6225 88") == "招商银行"
    assert bank_card.bank_name("000000") is None
