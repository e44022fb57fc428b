"""Amounts: what is read, what is refused, and capitals that read back to the same 分."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carloan.lib import money


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("¥1,234.56", 123456),
        ("￥１,２３４．５６", 123456),
        ("1234.5元", 123450),
        ("1.2万", 1200000),
        ("人民币 3 元整", 300),
        ("-¥5", -500),
        ("¥-5", -500),
        ("USD 3.10", 310),
        ("4,280.00万元", 4280000000),
        ("1.5亿", 15000000000),
        ("0", 0),
        ("7.500", 750),
        ("+1", 100),
    ],
)
def test_amounts_that_are_read(text: str, minor: int) -> None:
    assert money.parse(text) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12,34",
        "1,2345",
        "1e5",
        "1.234",
        "壹",
        "1 2.3.4",
        "--1",
        "-¥-1",
        "1/2",
        "nan",
        "¥",
        "٣",
        "9" * 30,
        "1元2",
        "0x10",
        "1.00001万元1",
    ],
)
def test_amounts_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any reason is right
        money.parse(text)


@given(st.integers(-money.LARGEST, money.LARGEST))
def test_a_shown_amount_reads_back(minor: int) -> None:
    assert money.parse(money.show(minor)) == minor
    assert money.parse(money.plain(minor)) == minor


@given(st.integers(0, money.LARGEST) | st.integers(0, 10**9))
def test_capitals_read_back(minor: int) -> None:
    capitals = money.to_capitals(minor)
    assert money.from_capitals(capitals) == minor
    assert "零零" not in capitals
    assert not capitals.startswith("零") or minor == 0


@pytest.mark.parametrize(
    ("minor", "capitals"),
    [
        (0, "零元整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元零叁角贰分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (10000000000, "壹亿元整"),
        (5, "伍分"),
        (-100, "负壹元整"),
    ],
)
def test_capitals_are_written_as_the_payment_rules_say(minor: int, capitals: str) -> None:
    assert money.to_capitals(minor) == capitals


@pytest.mark.parametrize(
    ("capitals", "minor"),
    [
        ("人民币壹拾万柒仟元零伍角叁分", 10700053),
        ("壹拾万零柒仟元伍角叁分", 10700053),
        ("壹仟陆佰捌拾元叁角贰分", 168032),
        ("拾万元正", 10000000),
        ("壹佰万圆整", 100000000),
        ("⊗壹拾柒万捌仟捌佰圆整", 17880000),
        ("一万二千元", 1200000),
        ("贰拾叁万零仟零佰零拾零元零角零分", 23000000),
        ("壹拾 贰万\n元整", 12000000),
    ],
)
def test_spellings_that_papers_use_are_read(capitals: str, minor: int) -> None:
    assert money.from_capitals(capitals) == minor


@pytest.mark.parametrize(
    "capitals",
    [
        "",
        "元",
        "整",
        "壹仟贰元整",
        "壹万贰万元",
        "贰壹元",
        "壹元贰元",
        "万元",
        "壹拾佰元",
        "abc",
        "壹亿贰亿元",
        "壹分贰角",
    ],
)
def test_malformed_capitals_are_refused(capitals: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any reason is right
        money.from_capitals(capitals)


@given(st.text(alphabet="零壹贰叁拾佰仟万亿元角分整正负人民币 0", max_size=16))
def test_no_capitals_crash(capitals: str) -> None:
    try:
        minor = money.from_capitals(capitals)
    except ValueError:
        return
    assert money.from_capitals(money.to_capitals(minor)) == minor


def test_rates_are_parts_per_million() -> None:
    assert money.parse_rate("6.87%") == money.parse_rate("0.0687") == money.parse_rate("68.7‰") == 68700
    assert money.show_rate(68700) == "6.87%"
    assert money.show_rate(68705) == "6.8705%"
    for text in ("0.00000001", "-1%", "six", "1200%", "1..2"):
        with pytest.raises(ValueError):  # noqa: PT011  any reason is right
            money.parse_rate(text)


def test_large_sums_are_short() -> None:
    assert money.show_large(42_800_000_000) == "¥4.28 亿"
    assert money.show_large(42_800_000_000, language="en") == "¥428.00 M"
    assert money.show_large(123456) == "¥1,234.56"
    assert money.show_large(-1_200_000_00) == "-¥120.00 万"
