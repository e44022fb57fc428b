"""Folding, dates, masks and working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carloan.lib import dates, masks, text, workdays
from tests.lib.vectors import load


def test_it_folds_what_people_paste() -> None:
    assert text.fold("　王 小\n明　") == "王小明"
    assert text.fold("ＡＢＣ　１２３") == "ABC 123"
    assert text.fold("合同 编号：HT 001") == "合同编号:HT 001"
    assert text.fold("a\u202egpj.exe\u200b") == "agpj.exe"
    assert text.fold_key("买买提•吐尔逊") == text.fold_key("买买提·吐尔逊")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(value: str) -> None:
    assert text.fold(text.fold(value)) == text.fold(value)


@given(
    st.text(max_size=60)
    | st.text("e\u0301\u0308ｱﾞㄱㅏ가\u1100\u1161 \t\n\x0b\x1c\x85\u2028\u3000\u200b㎡ß抵押•·A", max_size=12)
)
def test_a_key_is_the_folded_text_without_its_spaces(value: str) -> None:
    """Also where a clean text is not folded at all."""
    plain = text.fold(value).upper().replace(" ", "")
    assert text.fold_key(value) == (plain if plain.isascii() else text._DOTS.sub("·", plain))


@given(st.text(max_size=400))
def test_any_text_becomes_a_safe_file_name(value: str) -> None:
    name = text.safe_file_name(value)
    assert name
    assert len(name.encode()) <= text.MAX_FILE_NAME_BYTES
    assert not set(name) & set('/\\:*?"<>|\0\n\r\u202e')
    assert not name.startswith(".")


def test_file_names() -> None:
    assert text.safe_file_name("../../etc/passwd") == "passwd"
    assert text.safe_file_name("C:\\照片\\身份证 正面.JPG") == "身份证_正面.JPG"
    assert text.safe_file_name("名" * 300 + ".pdf").endswith(".pdf")
    assert text.safe_file_name("CON.txt") == "_CON.txt"
    assert text.safe_file_name("\u202e") == "file"


@pytest.mark.parametrize(
    "written",
    [
        "2024年2月29日",
        "2024-02-29",
        "2024/2/29",
        "2024.02.29",
        "20240229",
        "二〇二四年二月二十九日",
        "贰零贰肆年零贰月贰拾玖日",
        "２０２４年２月２９日",
        "2024-02-29T08:00:00+08:00",
        "2024-02-29 08:00",
        "2024 年 2 月 29 日",
    ],
)
def test_dates_that_are_read(written: str) -> None:
    assert dates.parse(written) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2023-02-29",
        "20230230",
        "03/04/2020",
        "2020-13-01",
        "0000-00-00",
        "2024-1",
        "9999-12-31",
        "长期",
        "二〇二四年十三月一日",
        "٢٠٢٤-٠١-٠١",
    ],
)
def test_dates_that_are_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any reason is right
        dates.parse(written)


@given(st.dates(dates.EARLIEST, dates.LATEST), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日"]))
def test_every_date_reads_back(day: date, form: str) -> None:
    assert dates.parse(day.strftime(form)) == day


def test_an_open_end() -> None:
    assert dates.parse_open_end("长 期") == dates.LONG_TERM
    assert dates.parse_open_end("2030.01.02") == date(2030, 1, 2)


@pytest.mark.parametrize(
    ("rule", "value", "masked"),
    [
        ("name", "王小明", "王**"),
        ("name", "欧阳娜娜", "欧阳**"),
        ("name", "李四", "李*"),
        ("name", "John Smith", "J*** *****"),
        ("phone", "13800138000", "138****8000"),
        ("id_number", "440308199901101512", "440***********1512"),
        ("card", "6225880123456789", "622588******6789"),
        ("plate", "京A12345", "京A***45"),
        ("vin", "LFGGF53W0WH228343", "LFG**********8343"),
        ("address", "广东省深圳市南山区科技园路1号3栋502", "广东省深圳市南山区******"),
        ("address", "上海市浦东新区世纪大道8号", "上海市浦东新区******"),
        ("address", "8 Main Street", "******"),
        ("text", "anything", "******"),
        ("text", "", ""),
        ("date", "1999-01-10", "1999-**-**"),
        ("email", "wang@example.com", "w****@example.com"),
        ("phone", "123", "****"),
    ],
)
def test_mask_rules(rule: str, value: str, masked: str) -> None:
    assert masks.MASKS[rule](value) == masked


@given(st.sampled_from(sorted(masks.MASKS.keys() - {"written"})), st.text(min_size=1, max_size=30))
def test_a_mask_never_shows_the_whole_value(rule: str, value: str) -> None:
    assert masks.MASKS[rule](value) != value or set(value) <= {"*"}


def _table() -> workdays.WorkdayTable:
    rows = []
    for year in range(2007, 2028):
        rows += [(date.fromisoformat(row["date"]), row["isOffDay"]) for row in load(f"holiday-cn/{year}.json")["days"]]
    return workdays.WorkdayTable.of(rows)


def test_make_up_days_count_and_holidays_do_not() -> None:
    table = _table()
    assert not table.is_workday(date(2026, 1, 1))
    make_up = next(day for day, off in sorted(table.off.items()) if not off and day.year == 2026)
    assert make_up.weekday() >= 5
    assert table.is_workday(make_up)
    assert table.next_workday(date(2026, 1, 1)).day > date(2026, 1, 2)
    assert table.next_workday(date(2026, 1, 1)).certain


def test_a_year_without_data_warns_and_falls_back_to_weekdays() -> None:
    reckoned = _table().add(date(2027, 5, 31), 5)
    assert reckoned.day == date(2027, 6, 7)
    assert reckoned.assumed_years == {2027}
    assert not workdays.WorkdayTable().next_workday(date(2027, 10, 1)).certain


@given(st.dates(date(2008, 1, 1), date(2025, 12, 31)), st.integers(1, 40))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    table = _table()
    end = table.add(day, count).day
    assert table.between(day, end)[0] == count
    assert table.is_workday(end)
    assert table.add(end + timedelta(0), -count).day <= day + timedelta(days=20)
