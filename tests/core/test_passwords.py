"""Passwords hold nothing that somebody who knows the person, the house or the trade would try first."""

from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from carloan.core.models import Membership, Tenant, User
from carloan.lib.guessable import WORDS
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def person(bank: Lender) -> User:
    """Chen Li, who works for a lender called Huaxin Leasing."""
    user = User.objects.get(pk=bank.users["officer"].pk)
    user.username, user.email = "chen.lihua@bank", "lihua.chen88@example.com"
    with bank.open():
        Membership.objects.filter(user=user).update(display_name="陈丽华", employee_no="HX-20417")
    return user


def codes(password: str, user: Any = None) -> set[str | None]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {each.code for each in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "chen.lihua-copper", "CHEN LIHUA copper", "copperLihuaChen88", "ｃｈｅｎ-lihua-copper", "cheп lihua lantern",
        "L1HUA-copper-lantern", "copper-陈丽华-lantern", "copper-hx20417-lantern", "copper-B@nk-lantern",
    ],
)  # fmt: skip
def test_names_of_the_person_and_the_lender_however_they_are_written(person: User, password: str) -> None:
    assert "password_own_word" in codes(password, person)


def test_names_of_the_lender_in_both_languages(person: User, bank: Lender) -> None:
    tenant = Tenant.objects.get(id=bank.tenant.id)
    assert tenant.name
    assert "password_own_word" in codes(f"copper {tenant.name} lantern", person)


@pytest.mark.parametrize(
    "password",
    [
        "copper-carloan-9", "Car-L0an-copper", "C H E D A I copper", "ch3d@i-copper-tin", "copper车贷管家lantern",
        "daikuan!copper", "P@$$w0rd-lantern", "lantern-贷款-copper",
    ],
)  # fmt: skip
def test_words_of_product_and_trade(password: str) -> None:
    assert "password_trade_word" in codes(password)


@pytest.mark.parametrize(
    "password",
    [
        "copper2024tin", "copper-1987-tin", "copper20240131tin", "copper-2024/1/31-tin", "Summer24-copper",
        "copper 26 winter", "chuntian25-copper", "copper24年春lantern", "ｃｏｐｐｅｒ２０２４-tin",
    ],
)  # fmt: skip
def test_years_dates_and_seasons(password: str) -> None:
    assert "password_time" in codes(password)


@pytest.mark.parametrize(
    "password",
    ["copper-qwer-tin", "copper-9876-tin", "copper1qaz-tin", "copper-ABCD-tin", "copper-!@#$-tin", "copper-zzzz-t"],
)
def test_runs_of_keys_and_signs(password: str) -> None:
    assert "password_run" in codes(password)


def test_a_common_one_stays_common_with_other_letters() -> None:
    for password in ("chocolate1", "Ch0c0l@te1", "CH0COLATE!"):
        assert "password_too_common" in codes(password), password


@pytest.mark.parametrize(
    "password",
    [
        "own-lantern-52-meadow", "copper kettle under seven bridges", "correct horse battery staple",
        "青山绿水甲乙丙丁戊己庚", "Xk7#mQ9v!tR2w", "waterfall-52-lamp", "client-alien-copper-7",
    ],
)  # fmt: skip
def test_words_that_do_not_belong_together_are_fine(person: User, password: str) -> None:
    assert codes(password, person) == set()


def test_what_is_wrong_is_said_in_chinese_with_what_to_do(person: User) -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError) as caught:
        validate_password("chedai-lihua-2024-qwer", person)
    words = " ".join(caught.value.messages)
    assert "“lihua”" in words
    assert "“chedai”" in words
    assert words.count("请") == 4
    assert "This password" not in words


def test_the_guide_lists_the_words(settings: Any) -> None:
    """ASVS 6.1.2: the list is documented; in each language's guide stand those that are typed in it."""
    for name in ("guide.md", "guide.zh.md"):
        guide = (settings.BASE_DIR / "docs" / name).read_text()
        assert [word for word in WORDS if word not in guide] == [], name
