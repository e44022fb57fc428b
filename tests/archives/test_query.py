"""What people type into the text search means what they expect, also without spaces and in full width."""

import pytest

from carloan.archives.policies.query import holds, parse, words

TEXT = "借款人张三抵押登记证书身份证号110101199003078888合同HT-2024-001电子发票(普通发票)"


def finds(query: str, text: str = TEXT) -> bool:
    parsed = parse(query)
    assert parsed is not None
    return holds(parsed, lambda word: word in text)


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("抵押登记", True),
        ("抵押登记 张三", True),
        ("抵押登记　李四", False),
        ("抵押登记 -张三", False),
        ("抵押登记 －张三", False),
        ("抵押登记NOT张三", False),
        ("抵押登记NOT李四", True),
        ("抵押登记AND张三", True),
        ("李四OR张三", True),
        ("李四 OR 王五", False),
        ("(李四 AND NOT 张三) OR 抵押", True),
        ("(抵押 AND NOT 张三) OR 李四", False),
        ("-(李四 OR 王五) 张三", True),
        ("--张三 抵押", True),
        ("张", True),
        ("１１０１０１１９９００３０７８８８８", True),
        ("ht-2024-001", True),
        ("电子发票(普通发票)", True),
        ("电子发票（普通发票）", True),
        ("“抵押 登记”", True),
        ('"登记 抵押"', False),
    ],
)
def test_a_query_means_what_it_says(query: str, hit: bool) -> None:
    assert finds(query) is hit


@pytest.mark.parametrize("query", ["", "   ", "\u200b", "-张三", "NOT 张三", "-张三 -李四", '""', "()"])
def test_a_query_that_names_nothing_to_find_finds_nothing(query: str) -> None:
    assert parse(query) is None


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("NOT", ["NOT"]),
        ("OR 张三", ["OR", "张三"]),
        ("张三 AND", ["张三", "AND"]),
        ("张三)", ["张三"]),
        ("(张三", ["张三"]),
        ("ANDROID", ["ANDROID"]),
        ("-", ["-"]),
        ("HT-2024", ["HT-2024", "HT·2024", "HT2024"]),
        ("HT–2024)", ["HT–2024", "HT-2024", "HT·2024", "HT2024"]),
        ("买买提·吐尔逊", ["买买提·吐尔逊"]),
        ("6222--0000", ["6222--0000"]),
    ],
)
def test_what_makes_no_sense_as_an_expression_is_searched_for_as_it_stands(query: str, named: list[str]) -> None:
    parsed = parse(query)
    assert parsed is not None
    assert words(parsed) == named


def test_words_to_leave_out_are_told_apart() -> None:
    parsed = parse("抵押 -张三 NOT(李四 OR -王五)")
    assert parsed is not None
    assert words(parsed) == ["抵押", "王五"]
    assert words(parsed, wanted=False) == ["张三", "李四"]


def test_each_of_many_words_counts() -> None:
    signs = [chr(0x4E00 + at) for at in range(100)]
    parsed = parse(" ".join(signs))
    assert parsed is not None
    assert words(parsed) == signs
    assert not finds(" ".join(signs), "".join(signs[:-1]))
    # Also where the operators make no sense.
    assert not finds("OR " + " ".join(signs[:90]), "OR" + "".join(signs[:89]))


def test_what_nests_without_end_is_searched_for_as_words() -> None:
    parsed = parse("-" * 99 + "(" * 99 + "张")
    assert parsed is None or "张" in words(parsed)


def test_a_monstrous_query_is_cut() -> None:
    assert parse("(" * 100_000 + "张") is None
    parsed = parse(" ".join(["张三"] * 1_000))
    assert parsed is not None
    assert len(words(parsed)) == 1
