"""The text search finds exactly what a plain scan would: every query, every fence, however the index is merged."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from django.test.utils import CaptureQueriesContext

from carloan.archives.models import Paper, SearchBlock, SearchSegment, SearchSlot
from carloan.archives.policies import postings
from carloan.archives.policies.grams import normal
from carloan.archives.policies.query import holds, parse
from carloan.archives.selectors import text_index, text_search
from carloan.archives.selectors.text_search import papers_containing, text_hits
from carloan.archives.services import indexing
from carloan.archives.services.indexing import segments_tidy
from carloan.core.actors import Actor, Right
from carloan.loans.models import Loan
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

# The cases on which open archives were found wrong: see the reference, "Chinese text", "Search".
PAPERS = {
    "whole": "抵押登记证明 所有人张三 身份证号110101199003078888",
    "scattered": "抵押合同 押登字第3号 登记日期",
    "scattered in threes": "抵押登一次 另有押登记一次",
    "spaced": "抵 押 登 记",
    "broken": "抵押登\n记证书",
    "full width": "合同号ＨＴ－２０２４－００１ 李四",
    "two pages": "借款人王五\f签字日期 抵押登记",
    "long clause": "甲方应当承担全部的诉讼费和律师费以及因此产生的其他一切费用" * 5
    + "识别代号LFGGF53W0WH228343金额120000元",
    # A clause that never ends, with the number glued into it.
    "glued": "本合同项下抵押人自愿以其所有的机动车为借款人履行债务提供担保" * 3 + "身份证号110101199003077774住址广州",
    # Characters of names beyond the basic plane, and radicals that fonts of PDF put in place of characters.
    "rare": "所有人𠮷田\n𬱖 与 㙓𡛟",
    "dashes": "号牌粤B·12345 卡号6222 0000 1234 5678",
    "radicals": "⼈⺠法院车⾠",
}


@pytest.fixture
def archive(bank: Lender) -> dict[str, Paper]:
    with bank.open():
        return {name: transcribed(bank, {"name": name}, text=text, serial=name) for name, text in PAPERS.items()}


def found(actor: Actor, query: str) -> list[Paper]:
    return papers_containing(actor, query, limit=1_000)


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("抵押登记", ["whole", "spaced", "broken", "two pages"]),
        ("抵押登记 张三", ["whole"]),
        ("抵押登记NOT张三", ["spaced", "broken", "two pages"]),
        ("抵押登记 -张三", ["spaced", "broken", "two pages"]),
        ("张", ["whole"]),
        ("抵", ["whole", "scattered", "scattered in threes", "spaced", "broken", "two pages", "glued"]),
        ("登记证书", ["broken"]),
        ("110101199003078888", ["whole"]),
        ("1101011990", ["whole", "glued"]),
        ("ht-2024-001", ["full width"]),
        ("ＨＴ-2024", ["full width"]),
        ("诉讼费", ["long clause"]),
        ("LFGGF53W0WH228343", ["long clause"]),
        ("120000元", ["long clause"]),
        ("王五 抵押登记", ["two pages"]),
        ("王五抵押", []),
        ("(张三 OR 李四) -身份证", ["full width"]),
        ("押登记 -登记证", ["scattered in threes", "spaced", "two pages"]),
        ("110101199003077774", ["glued"]),
        ("身份证号110101199003077774住址", ["glued"]),
        ("110101 19900307 7774", ["glued"]),
        ("1990-0307", ["whole", "glued"]),
        ("1990-0308", []),
        ("粤B-12345", ["dashes"]),
        ("6222-0000–1234", ["dashes"]),
        ("HT–2024–001", ["full width"]),
        ("抵押-登记", []),
        ("𠮷", ["rare"]),
        ("田𬱖与", ["rare"]),
        ("𡛟 -𬱖", []),
        ("人", ["whole", "two pages", "glued", "rare", "radicals"]),
        ("车辰", ["radicals"]),
        ("抵押登记" * 40, []),
        ("不在任何地方", []),
    ],
)
def test_queries_that_open_archives_get_wrong(
    bank: Lender, archive: dict[str, Paper], query: str, hits: list[str]
) -> None:
    with bank.open():
        for _merged in range(2):
            assert {paper.id for paper in found(bank.actor("officer"), query)} == {archive[name].id for name in hits}
            segments_tidy()


def test_every_query_finds_what_a_plain_scan_finds_newest_first(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few characters, so that everything is scattered everywhere; small batches, so that the search goes on and on."""
    for module in (text_search, text_index):
        monkeypatch.setattr(module, "BATCH", 2)
        monkeypatch.setattr(module, "MOST_BATCH", 3)
    for name in ("FIRST", "LEAST", "FEW"):
        monkeypatch.setattr(text_index, name, 1)
    random = Random(11)

    def text(most: int) -> str:
        return "".join(random.choice("抵押登记 1A\n") for _ in range(random.randint(1, most)))

    with bank.open():
        made: list[tuple[Paper, list[str]]] = []
        for number in range(60):
            pages = [text(30) for _ in range(random.randint(1, 3))]
            made.append((transcribed(bank, {"name": "-"}, text="\f".join(pages), serial=str(number)), pages))
            if number in (20, 40):
                segments_tidy()
        gone = made.pop(7)[0]
        Paper.objects.filter(id=gone.id).delete()
        officer = bank.actor("officer")
        for _ in range(150):
            query = random.choice(["{}", "{} {}", "{} -{}", "{} OR {}", "({} OR {}) NOT {}"]).replace("{}", "%s")
            query %= tuple(text(6).replace("\n", "") or "抵" for _ in range(query.count("%s")))
            parsed = parse(query)
            hits = [hit.paper.id for hit in text_hits(officer, query)]
            scanned = [] if parsed is None else [
                paper.id for paper, pages in reversed(made)
                if holds(parsed, lambda word, pages=pages: any(word in normal(page) for page in pages))  # type: ignore[misc]
            ]  # fmt: skip
            assert hits == scanned, query


def test_a_hit_names_the_first_page_with_a_wanted_word(bank: Lender) -> None:
    with bank.open():
        transcribed(bank, {"name": "-"}, text="封面\f目录\f抵押登记\f抵押登记")
        (hit,) = text_hits(bank.actor("officer"), "抵押登记 -张三")
        assert hit.page == 3


def test_a_paper_that_is_read_again_is_found_by_its_new_text_only(bank: Lender, archive: dict[str, Paper]) -> None:
    with bank.open():
        officer = bank.actor("officer")
        segments_tidy()
        indexing.paper_index(archive["whole"], [(1, "过户证明")])
        # Confirmed on what is sealed, which still says the old: neither index alone is believed.
        assert archive["whole"].id not in {paper.id for paper in found(officer, "110101199003078888")}
        assert found(officer, "过户证明") == []


def test_a_page_of_many_equal_grams_and_an_empty_page_do_no_harm(bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, {"name": "-"}, text="的" * 5_000 + "\f\f的尾")
        assert [hit.page for hit in text_hits(bank.actor("officer"), "的尾")] == [3]
        assert found(bank.actor("officer"), "的" * 150) == [paper]


def test_other_tenants_find_nothing_and_share_no_gram(bank: Lender, other: Lender, archive: dict[str, Paper]) -> None:
    with bank.open():
        grams = list(SearchBlock.objects.values_list("first", flat=True))
    with other.open():
        transcribed(other, {"name": "-"}, text=PAPERS["whole"])
        assert len(found(other.actor("officer"), "抵押登记")) == 1
        assert not set(SearchBlock.objects.values_list("first", flat=True)) & set(grams)


def test_a_branch_finds_only_what_its_people_reach(bank: Lender) -> None:
    with bank.open():
        mine, foreign = (
            loan_for(bank, contract_no=number, branch="west", people=[], vehicle=None)
            for number in ("HX-W-1", "HX-W-2")
        )
        Loan.objects.filter(id=mine.id).update(officer_id=bank.members["officer"].id)
        of_mine, _, uploaded = (
            transcribed(bank, {"name": "王小明"}, text="抵押登记证明", role=role, loan=loan, serial=serial)
            for role, loan, serial in (("archivist", mine, "a"), ("archivist", foreign, "b"), ("officer", None, "c"))
        )
        Paper.objects.filter(id=uploaded.id).update(branch_id=bank.branches["west"].id)
        rights = {"papers.view": Right(own=True), "sight.clear": Right(everywhere=True)}
        actor = replace(bank.actor("officer"), rights=rights)
        assert {paper.id for paper in found(actor, "抵押登记")} == {of_mine.id, uploaded.id}


def test_a_reader_of_masked_values_cannot_guess_by_searching(bank: Lender, archive: dict[str, Paper]) -> None:
    with bank.open():
        actor = replace(bank.actor("officer"), rights={"papers.view": Right(everywhere=True)})
        assert found(actor, "张三") == []


def test_an_index_that_says_too_much_still_finds_only_what_is_there(bank: Lender) -> None:
    with bank.open():
        right = transcribed(bank, {"name": "-"}, text="抵押登记证明", serial="1")
        wrong = transcribed(bank, {"name": "-"}, text="别的文字", serial="2")
        slots = SearchSlot.objects.filter(paper=right).get(), SearchSlot.objects.filter(paper=wrong).get()
        SearchBlock.objects.filter(segment=slots[1].segment_id).delete()
        for block in SearchBlock.objects.filter(segment=slots[0].segment_id):
            SearchBlock.objects.create(segment_id=slots[1].segment_id, first=block.first, body=block.body)
        assert found(bank.actor("officer"), "抵押登记") == [right]


def test_a_merge_that_dies_leaves_everything_findable(
    bank: Lender, archive: dict[str, Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = indexing._stretch

    def dying(sources: list[indexing._Source], part: int) -> object:
        if part == 40:
            raise OSError("no space left on device")
        return real(sources, part)

    with bank.open():
        monkeypatch.setattr(indexing, "_stretch", dying)
        with pytest.raises(OSError, match="no space"):
            segments_tidy()
        assert {paper.id for paper in found(bank.actor("officer"), "张三")} == {archive["whole"].id}
        monkeypatch.setattr(indexing, "_stretch", real)
        assert segments_tidy() == len(archive)
        assert segments_tidy() == 0
        assert SearchSegment.objects.filter(retired_at=None).count() == 1


def test_a_search_that_began_before_a_merge_ends_well(bank: Lender, archive: dict[str, Paper]) -> None:
    with bank.open():
        hits = text_hits(bank.actor("officer"), "抵押登记")
        first = next(hits)
        segments_tidy()
        assert len({first.paper.id, *(hit.paper.id for hit in hits)}) == 4


@pytest.mark.parametrize("query", ["抵押登记", "的", "抵押登记 张三 -李四"])
def test_a_search_costs_the_same_number_of_statements_however_many_papers_there_are(
    bank: Lender, query: str, django_assert_max_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    with bank.open():
        for number in range(30):
            transcribed(bank, {"name": "-"}, text=f"的 抵押登记 张三 第{number}号", serial=str(number))
        segments_tidy()
        officer = bank.actor("officer")
        found(officer, query)
        with django_assert_max_num_queries(8):
            assert len(found(officer, query)) == 30


@pytest.mark.parametrize("query", ["抵押登记", "的", "110101199003078888", "抵押登记 张三 -李四"])
def test_a_search_costs_the_same_number_of_statements_however_many_segments_there_are(
    bank: Lender, query: str, django_assert_max_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    """Between two sweeps each paper is a segment of its own."""
    with bank.open():
        for number in range(20):
            text = f"的 抵押登记 张三 110101199003078888 第{number}号"
            transcribed(bank, {"name": "-"}, text=text, serial=str(number))
        officer = bank.actor("officer")
        found(officer, query)
        with django_assert_max_num_queries(8):
            assert len(found(officer, query)) == 20
        assert SearchSegment.objects.filter(retired_at=None).count() == 20


def test_a_long_number_reads_the_blocks_that_cover_it_and_the_others_only_where_pages_are_many(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "110101199003078888"
    read: list[int] = []
    real = postings.pick

    def counting(body: bytes, gram: int) -> postings.Pages:
        read.append(len(body))
        return real(body, gram)

    with bank.open():
        paper = transcribed(bank, {"name": "-"}, text=f"身份证号{number}")
        monkeypatch.setattr(postings, "pick", counting)
        assert found(bank.actor("officer"), number) == [paper]
        assert len(read) <= len(number) / 3
        assert sum(read) <= len(read) * (postings.BLOCK_BYTES + 32)
        read.clear()
        monkeypatch.setattr(text_index, "FEW", 0)
        assert found(bank.actor("officer"), number) == [paper]
        # All its runs of three but one that is there twice.
        assert len(read) == len({number[at : at + 3] for at in range(len(number) - 2)})


def test_blocks_lie_on_both_sides_of_the_edges_of_a_merge(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "BLOCK_BYTES", 100_000)
    with bank.open():
        papers = [transcribed(bank, {"name": "-"}, text=PAPERS["whole"] + str(at), serial=str(at)) for at in range(8)]
        assert segments_tidy() == 8
        for query in ("抵押登记", "张", "110101199003078888"):
            assert len(found(bank.actor("officer"), query)) == len(papers)
