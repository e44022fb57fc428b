"""Words of a query are marked where they stand, in the text as it was read and on its picture."""

import json

import pytest

from carloan.archives.policies.marks import MOST_LINES, boxes, snippet, spans
from carloan.archives.policies.query import parse, words
from carloan.archives.recognition.sheet import Line, Sheet
from carloan.archives.services.reading import lines_as_json


def marked(text: str, query: str) -> str:
    parsed = parse(query)
    assert parsed is not None
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in snippet(text, words(parsed)))


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("办理抵押登记手续", "抵押登记", "办理[抵押登记]手续"),
        ("办理抵 押 登记手续", "抵押登记", "办理[抵 押 登记]手续"),
        ("办理抵押登\n记手续", "抵押登记", "办理[抵押登 记]手续"),
        ("合同号ＨＴ－２０２４", "ht-2024", "合同号[ＨＴ－２０２４]"),
        ("张三与李四", "李四 张三", "[张三]与[李四]"),
        ("抵押登记", "抵押登 押登记", "[抵押登记]"),
        ("张三", "李四", ""),
        (
            "张三" + "甲" * 200 + "李四" + "乙" * 90, "张三 李四",
            "[张三]" + "甲" * 94 + "…" + "甲" * 12 + "[李四]" + "乙" * 12 + "…",
        ),
        ("张三" + "甲" * 100 + "李四", "张三 李四", "[张三]" + "甲" * 100 + "[李四]"),
        ("甲" * 60 + "张三" + "乙" * 200, "张三", "…" + "甲" * 24 + "[张三]" + "乙" * 70 + "…"),
    ],
)  # fmt: skip
def test_a_snippet_shows_the_words_in_their_neighbourhood(text: str, query: str, shown: str) -> None:
    assert marked(text, query) == shown


def test_one_character_that_folds_to_several_is_marked_whole() -> None:
    assert spans("共㈠份", ["(一)"]) == [(1, 2)]


def line(text: str, x: float, y: float) -> Line:
    return Line(text, 1.0, ((x, y), (x + 20 * len(text), y), (x + 20 * len(text), y + 20), (x, y + 20)))


def test_words_are_boxed_on_their_lines_also_across_two_of_them() -> None:
    # Stored in the order of the engine, which is not the order of reading; one text stands twice.
    lines = (line("记手续", 100, 140), line("办理抵押登", 100, 100), line("登记", 600, 100), line("登记", 600, 140))
    sheet = Sheet(1, 1000, 1000, lines)
    content = json.loads(lines_as_json(sheet))
    assert content["text"] == "办理抵押登 登记\n记手续 登记"
    assert boxes(content, ["手续登"]) == [(0.12, 0.14, 0.16, 0.16), (0.6, 0.14, 0.62, 0.16)]
    assert boxes(content, ["登登"]) == [(0.18, 0.1, 0.2, 0.12), (0.6, 0.1, 0.62, 0.12)]
    assert boxes(content, ["登记"]) == [(0.6, 0.1, 0.64, 0.12), (0.6, 0.14, 0.64, 0.16)]
    assert boxes(content, ["张三"]) == []


def test_letters_and_digits_are_half_as_wide_as_characters() -> None:
    one = Line("身份证号110101199003078888", 1.0, ((100, 100), (750, 100), (750, 120), (100, 120)))
    content = json.loads(lines_as_json(Sheet(1, 1000, 1000, (one,))))
    assert boxes(content, ["110101199003078888"]) == [(0.3, 0.1, 0.75, 0.12)]
    assert boxes(content, ["身份"]) == [(0.1, 0.1, 0.2, 0.12)]


def test_vertical_writing_and_pages_of_very_many_lines_are_marked_by_lines() -> None:
    tall = Line("抵押登记", 1.0, ((100, 100), (120, 100), (120, 300), (100, 300)))
    content = json.loads(lines_as_json(Sheet(1, 1000, 1000, (tall,))))
    assert boxes(content, ["登"]) == [(0.1, 0.1, 0.12, 0.3)]
    many = tuple(line(f"第{number}号登记" if number % 2 else "-", 100, number) for number in range(MOST_LINES + 1))
    content = json.loads(lines_as_json(Sheet(1, 1000, 1000, many)))
    assert len(boxes(content, ["登记"])) == MOST_LINES // 2
