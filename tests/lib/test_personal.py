"""Numbers of people in running text are found as people and machines write them; numbers of nobody are left alone."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from carloan.lib import masks, personal
from tests.lib import personal_corpus
from tests.lib.personal_corpus import Case

RECALL, PRECISION = 0.99, 0.98


def score(cases: Iterable[Case]) -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """Expected, rightly found and found numbers by kind, and what went wrong."""
    expected, right, found, wrong = Counter[str](), Counter[str](), Counter[str](), []
    for case in cases:
        # A paper prints a number twice; that it was found is one thing.
        told: set[tuple[str, str]] = {(kind, _bare(value)) for kind, value in case.told}
        seen: set[tuple[str, str]] = {(each.kind, _bare(each.value)) for each in personal.find(case.text)}
        expected.update(kind for kind, _value in told)
        found.update(kind for kind, _value in seen)
        right.update(kind for kind, _value in told & seen)
        if told != seen:
            wrong.append(f"{case.source}: {case.text!r}: {sorted(told - seen)} not, {sorted(seen - told)} too much")
    return expected, right, found, wrong


def _bare(value: str) -> str:
    value = value.upper()
    return re.sub(r"^(\+|00)?86(?=1\d{10}$)|[()]", "", value)


def hold(cases: list[Case], kinds: Iterable[str]) -> None:
    expected, right, found, wrong = score(cases)
    told = "\n".join(wrong[:40])
    for kind in kinds:
        assert expected[kind] > 0, kind
        assert right[kind] / expected[kind] >= RECALL, f"{kind}: {right[kind]} of {expected[kind]} found\n{told}"
        assert right[kind] / found[kind] >= PRECISION, f"{kind}: {found[kind] - right[kind]} too many\n{told}"


def test_every_kind_is_found_in_two_thousand_strings_of_ours() -> None:
    cases = list(chain(personal_corpus.made(), personal_corpus.nobodys(), personal_corpus.printed()))
    assert len(cases) >= 2_000
    hold(cases, personal_corpus.MAKERS)


def test_what_strangers_published_is_found_and_their_texts_hold_nobody(shared_data: Path) -> None:
    cases = list(personal_corpus.of_others(shared_data))
    hold(cases, ["id_number", "uscc", "vin", "plate"])
    quiet = [case for case in cases if not case.told]
    assert len(quiet) > 800
    assert sum(bool(personal.find(case.text)) for case in quiet) / len(quiet) <= 1 - PRECISION


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678手机",
        "请拨１３８　１２３４　５６７８",
        "手机138\n12345678",
        "客户\u200b138-1234-5678。",
        "tel13812345678",
        "138 1234 5678。5月",
    ],
)
def test_a_number_against_han_signs_in_full_width_or_in_parts_is_one(text: str) -> None:
    assert [(each.kind, each.value) for each in personal.find(text)] == [("phone", "13812345678")]


def test_a_word_before_a_number_is_believed_where_its_check_digit_was_misread() -> None:
    assert not personal.find("编号 110105194912310029")
    assert [each.kind for each in personal.find("身份证号：110105194912310029")] == ["id_number"]
    assert [each.kind for each in personal.find("卡号 6222 0210 0111 6245 703")] == ["card"]


def test_what_is_hidden_keeps_the_rest_of_the_sentence() -> None:
    text = "客户王小明（11010519491231002X）电话138-1234-5678，车牌京A12345。"
    assert masks.written(text) == "客户王小明（110***********002X）电话138****5678，车牌京A***45。"
    assert masks.written("金额138,000.00元，36期") == "金额138,000.00元，36期"
    assert masks.written("") == ""


# What begins like a number of somebody and does not become one.
BEGINNINGS = (
    "1", "1 ", "1-", "1.", "1\n", "4 ", "1 3 ", "13 8 ", "2010 ", "1919", "19 01 ", "6222 ", "4111 1111 1111 111",
    "110105194912310", "110105 19491231 00 ", "(010)", "0755-", "A", "1a", "A1 ", "L S V ", "LSVAA49J0E000001",
    "91 ", "91110105MA", "京", "京A", "京A·", "粤Z", "使", "民航", "E1", "H1", "@", "a@", "a.", "a@b.", "身份证",
    "身份证1", "卡号6 ", "tel1", "电话", " ", "\n", "１", "\u200b", "01a228cb-", "deadbeef",
)  # fmt: skip


class Steps:
    """Counts how often a check is asked and how many places the forms give: work, not time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0

        def counted(judge: Any) -> Any:
            def judging(value: str) -> bool:
                self.count += len(value)
                return bool(judge(value))

            return judging

        forms = tuple((kind, form, counted(judge)) for kind, form, judge in personal._FORMS)
        monkeypatch.setattr(personal, "_FORMS", forms)


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_work_grows_with_the_length_of_the_text_and_not_with_its_square(
    beginning: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(monkeypatch)
    work = []
    for size in (12_500, 50_000):
        steps.count = 0
        personal.find((beginning * size)[:size] + "!", doubtful=True)
        work.append(steps.count)
    assert work[1] <= 4.4 * work[0] + 200
    assert work[1] <= 20 * 50_000, "each place is judged for a bounded number of forms"
