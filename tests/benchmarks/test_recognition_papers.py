"""The papers recognition is judged by: what is said to stand on them stands there, and a seed always gives the same."""

import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random

import numpy as np
import pytest

from benchmarks.recognition import case as cases
from benchmarks.recognition import conditions, grading, report, samples
from benchmarks.recognition.alignment import Errors, Read, distance, errors, plain
from benchmarks.recognition.paper import Page, Paper, Print
from benchmarks.recognition.press import MARK
from benchmarks.recognition.samples import KINDS, Seed
from benchmarks.recognition.verdict import Read as ReadValue
from benchmarks.recognition.verdict import Verdict, judge, lower_bound, tally
from carloan.archives.recognition.kinds import WRITINGS
from carloan.demonstration.specimens import FontMissing
from carloan.lib import identity_number, uscc, vin
from carloan.lib.fonts import font_file

EVERY = [
    Seed(split, kind, layout, "scan", 4)
    for split in samples.SPLITS
    for kind in KINDS
    for layout in range(samples.layouts(split, kind))
]


@pytest.fixture(scope="module", autouse=True)
def _typeface() -> None:
    try:
        font_file()
    except FontMissing as error:
        pytest.skip(str(error))


@cache
def paper_of(seed: Seed) -> Paper:
    return samples.paper(seed)


def stands(printed: str, text: str) -> bool:
    """Whether print stands in a text; what was filled in by hand stands there in pieces between preprinted words."""
    bare = plain(printed)
    return bare in text or ("年" in bare and set(re.findall(r"\d+", bare)) <= set(re.findall(r"\d+", text)))


@pytest.mark.parametrize("seed", EVERY, ids=str)
def test_what_is_said_to_stand_on_a_paper_stands_there(seed: Seed) -> None:
    paper = paper_of(seed)
    assert paper.kind == seed.kind
    assert paper.fields
    assert set(paper.fields) == set(paper.printed)
    text = "".join(plain(page.text) + "|" for page in paper.pages)
    text += plain("|".join(line.text for page in paper.pages for line in page.lines))
    assert [name for name, printed in paper.printed.items() if not stands(printed, text)] == []


@pytest.mark.parametrize("seed", EVERY, ids=str)
def test_every_page_says_that_it_is_a_specimen(seed: Seed) -> None:
    paper = paper_of(seed)
    for number, page in enumerate(paper.pages):
        marks = [line.box for line in page.lines if "SPECIMEN" in line.text.upper()]
        assert marks
        picture = np.asarray(paper.draw(number, 72).convert("L"))
        height, width = picture.shape
        # Ink, not only a claim.
        spread = [
            picture[int(y0 * height) : int(y1 * height) + 1, int(x0 * width) : int(x1 * width) + 1].std()
            for x0, y0, x1, y1 in marks
        ]
        assert max(spread) > 15


def test_the_mark_is_named_in_both_languages() -> None:
    assert MARK == "样本 SPECIMEN"


def test_a_seed_reads_as_it_is_written() -> None:
    seed = Seed("unseen", "loan_contract", 2, "photo-hard", 17)
    assert Seed.parse(str(seed)) == seed
    for wrong in ("seen/loan_contract/2/scan", "elsewhere/loan_contract/2/scan/1", "seen/passport/2/scan/1"):
        with pytest.raises(ValueError, match=r".*"):
            Seed.parse(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "seen/settlement_certificate/2/fold-hard/3", "seen/bank_card/1/finger-hard/3",
        "unseen/insurance_policy/2/digital/3", "unseen/id_card_front/0/pair-mild/3",
        "unseen/mortgage_contract/3/print-mild/3",
    ],
)  # fmt: skip
def test_a_seed_gives_the_same_file_twice(text: str) -> None:
    first, second = (conditions.shoot(Seed.parse(text)) for _ in range(2))
    assert first.fields == second.fields
    assert first.media == second.media
    assert first.data == second.data


def test_another_number_gives_another_paper() -> None:
    first, second = (samples.paper(Seed("seen", "loan_contract", 0, "scan", number)) for number in (1, 2))
    assert first.fields["borrower_id"] != second.fields["borrower_id"]


def test_both_sides_of_every_card_find_room_on_one_sheet() -> None:
    for layout in range(samples.layouts("unseen", "id_card_front")):
        seed = Seed("unseen", "id_card_front", layout, "pair-mild", 5)
        assert len(conditions.shoot(seed).papers) == 2


@pytest.mark.parametrize("condition", [name for name in conditions.CONDITIONS if not name.startswith("pair")])
def test_every_condition_makes_a_file(condition: str) -> None:
    shot = conditions.shoot(Seed("seen", "settlement_certificate", 2, condition, 5))
    assert shot.data.startswith(b"%PDF" if condition == "digital" else b"\xff\xd8")
    (picture,) = conditions.pictures(shot)
    assert min(picture.size) > 300


def test_conditions_differ_in_strength() -> None:
    paper = Seed("seen", "settlement_certificate", 2, "scan", 5)
    mild, hard = (
        np.asarray(conditions.pictures(conditions.shoot(replace(paper, condition=f"photo-{strength}")))[0].convert("L"))
        for strength in conditions.STRENGTHS
    )
    assert mild.mean() > hard.mean() + 5


@pytest.mark.parametrize("split", [one for one in samples.SPLITS if "insurance_policy" in samples.kinds(one)])
def test_numbers_bear_right_check_digits_unless_a_fault_is_wanted(split: str) -> None:
    for number in range(3):
        paper = samples.paper(Seed(split, "insurance_policy", number % 2, "scan", number))
        if paper.faults:
            continue
        assert not vin.problems(str(paper.fields["vin"]), check=True)
        insured = str(paper.fields["insured_id"])
        assert not (uscc.problems(insured) if insured.startswith("9") else identity_number.problems(insured))


def test_a_wanted_fault_stands_on_the_paper() -> None:
    module = samples._module("seen")
    case = module.cast.case(Random(1), as_of=samples.AS_OF)
    assert identity_number.problems(cases.spoil(case, "id_check").borrower.number)
    assert vin.problems(cases.spoil(case, "vin_check").car.vin, check=True)
    late = cases.spoil(case, "dates_out_of_order")
    assert late.compulsory.valid_from > late.compulsory.valid_to
    assert late.release_date < late.mortgage_date
    assert cases.spoil(case, "words_differ").principal_in_words != case.principal_in_words
    with pytest.raises(ValueError, match="unheard"):
        cases.spoil(case, "unheard")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in samples._SHOWN["id_check"]])
@pytest.mark.parametrize("company", [False, True])
def test_a_slip_in_a_number_stands_on_every_unseen_layout_that_prints_it(kind: str, *, company: bool) -> None:
    module = samples._module("unseen")
    case = module.cast.case(Random(3), as_of=samples.AS_OF, company=company and kind not in samples._PERSONS)
    shown = samples._SHOWN["id_check"][kind]
    for layout in module.LAYOUTS[kind]:
        for deal, wrong in ((case, False), (cases.spoil(case, "id_check"), True)):
            number = layout(deal, Random(3)).form.fields.get(shown)
            if number is not None:
                found = uscc.problems(number) if number.startswith("9") else identity_number.problems(number)
                assert bool(found) == wrong


@pytest.mark.parametrize(("one", "other"), list(combinations(samples.SPLITS, 2)))
def test_the_splits_share_no_layout_names_or_lenders(one: str, other: str) -> None:
    first, second = samples._module(one), samples._module(other)
    both = set(samples.NEW) & set(samples.kinds(one)) & set(samples.kinds(other))
    assert len(both) >= 3
    for kind in both:
        # A form of `varied` is there for the one thing that it names twice.
        least = 3 if kind in WRITINGS else 1
        assert len(first.LAYOUTS[kind]) >= (least if one == "varied" else 4)
        assert len(second.LAYOUTS[kind]) >= (least if other == "varied" else 4)
        assert not set(first.LAYOUTS[kind]) & set(second.LAYOUTS[kind])
    if {one, other} == {"seen", "varied"}:
        assert first.cast is second.cast, "whoever may be looked at in the one may be in the other"
        return
    assert not set(first.cast._LENDERS) & set(second.cast._LENDERS)
    assert not set(first.cast._INSURERS) & set(second.cast._INSURERS)


def test_the_unseen_split_draws_every_kind_itself() -> None:
    made = samples._module("unseen").LAYOUTS
    assert set(made) == set(KINDS)
    assert all(len(made[kind]) >= (4 if kind.endswith("invoice") else 2) for kind in samples.OLD)


def test_a_sample_is_the_same_each_time_and_covers_the_kinds() -> None:
    seeds = grading.sample("unseen", 2 * len(KINDS))
    assert seeds == grading.sample("unseen", 2 * len(KINDS))
    assert {seed.kind for seed in seeds} == set(KINDS)
    assert seeds != grading.sample("unseen", 2 * len(KINDS), seed=2)


# The judge


def verdict(read: dict[str, ReadValue], *, filed: bool = True, faults: tuple[str, ...] = ()) -> Verdict:
    return judge(
        seed="s", kind="loan_contract", condition="scan", faults=faults,
        truth={"contract_no": "HX-1", "principal": 12_300, "plate": "苏A12345"}, read_as="loan_contract", read=read,
        filed=filed, letters=Errors(0, 10), sure_from=0.9,
    )  # fmt: skip


def test_the_judge_sees_a_wrong_value_it_was_told_to_trust() -> None:
    made = verdict({"contract_no": ReadValue("HX-7", 0.99), "principal": ReadValue(12_300, 0.99)})
    assert [value.name for value in made.values if value.accepted_wrong] == ["contract_no"]
    counted = tally([made])
    assert (counted.right, counted.wrong, counted.missed, counted.sure, counted.sure_right) == (1, 1, 1, 2, 1)


def test_the_judge_sees_a_value_that_stands_nowhere() -> None:
    made = verdict({"vin": ReadValue("LSVAA0000A0000000", 0.95)})
    assert [value.name for value in made.values if value.accepted_wrong] == ["vin"]


@pytest.mark.parametrize(("split", "told"), [("former", True), ("unseen", False)])
def test_the_report_tells_no_paper_of_the_blind_split_unless_asked(split: str, told: bool) -> None:
    seed = f"{split}/loan_contract/1/scan/3"
    made = verdict({"contract_no": ReadValue("HX-7", 0.99)})
    made = replace(made, seed=seed, values=tuple(replace(value, seed=seed) for value in made.values), read_as="other")
    text = report.text(grading.Report(verdicts=[made]))
    assert "Accepted and wrong: 1" in text
    assert ("HX-7" in text, seed in text, "loan_contract scan" in text) == (told, told, told)
    assert "HX-7" in report.text(grading.Report(verdicts=[made]), every_value=True)


def test_a_doubted_wrong_value_was_not_accepted() -> None:
    made = verdict({"contract_no": ReadValue("HX-7", 0.5)}, filed=False)
    assert not any(value.accepted_wrong for value in made.values)
    assert tally([made]).wrong == 1


def test_only_stated_differences_are_forgiven() -> None:
    made = verdict({"plate": ReadValue("苏Ａ·12345", 0.99), "principal": ReadValue(12_301, 0.99)})
    assert {value.name: value.outcome for value in made.values} == {
        "contract_no": "missed", "principal": "wrong", "plate": "right",
    }  # fmt: skip


def test_a_paper_filed_with_a_fault_on_it_is_told() -> None:
    assert verdict({}, faults=("id_check",)).passed == ("id_check",)
    assert not verdict({}, faults=("id_check",), filed=False).passed


def test_the_bound_says_how_little_few_values_prove() -> None:
    assert lower_bound(0, 0) == 0
    assert lower_bound(100, 100) == pytest.approx(0.05 ** (1 / 100), abs=1e-6)
    assert lower_bound(99, 100) < lower_bound(100, 100) < lower_bound(3000, 3000)
    assert lower_bound(3000, 3000) > 0.999


# Letters


ROWS = (
    "汽车贷款合同编号甲乙",
    "借款人王小明身份证件",
    "贷款金额人民币壹万元",
    "贷款期限三十六个月整",
    "本合同自签字之日生效",
    "特此证明无误请予办理",
)
PAGE = Page(
    600,
    800,
    tuple(Print(row, (0.1, 0.1 * n + 0.1, 0.6, 0.1 * n + 0.13)) for n, row in enumerate(ROWS)),
    ((0.7, 0.7, 0.9, 0.9),),
)


def turned(rows: tuple[str, ...], *, order: int = 1) -> list[Read]:
    """The page as read from a picture that is turned, moved and larger."""

    def carry(x: float, y: float) -> tuple[float, float]:
        return 1000 * x * 0.98 - 1333 * y * 0.2 + 300, 1000 * x * 0.2 + 1333 * y * 0.98 + 50

    read = [Read(row, carry(0.1, 0.1 * n + 0.115), carry(0.6, 0.1 * n + 0.115), 40) for n, row in enumerate(rows)]
    return read[::order]


def test_letters_are_counted_whatever_the_order_and_the_turn() -> None:
    assert errors(PAGE, turned(ROWS)) == Errors(0, 60)
    assert errors(PAGE, turned(ROWS, order=-1)) == Errors(0, 60)


def test_a_wrong_letter_a_lost_line_and_an_invented_line_count() -> None:
    wrong = turned((*ROWS[:5], "特此证朋无误请予办理"))
    assert errors(PAGE, wrong) == Errors(1, 60)
    assert errors(PAGE, turned(ROWS)[:5]) == Errors(10, 60)
    extra = turned((*ROWS, "凭空多出一行"))
    assert errors(PAGE, extra) == Errors(6, 60)


def test_letters_of_seals_and_watermarks_are_nobodys_errors() -> None:
    def at(text: str, x: float, y: float) -> Read:
        spot = (1000 * x * 0.98 - 1333 * y * 0.2 + 300, 1000 * x * 0.2 + 1333 * y * 0.98 + 50)
        return Read(text, spot, (spot[0] + 60, spot[1] + 12), 30)

    assert errors(PAGE, [*turned(ROWS), at("专用章", 0.78, 0.8)]) == Errors(0, 60)
    stray = [*turned(ROWS), at("仅供核验", 0.7, 0.3)]
    assert errors(PAGE, stray).edits == 4
    assert errors(PAGE, stray, ("内部资料 仅供核验",)).edits == 0


def test_distance_is_levenshteins() -> None:
    assert [distance(a, b) for a, b in (("", "甲"), ("甲乙丙", "甲丙"), ("甲乙", "乙甲"), ("同", "同"))] == [1, 1, 2, 0]
