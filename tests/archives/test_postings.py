"""The packed posting lists give back what went in, in small blocks, whatever the density."""

import numpy as np
import pytest

from carloan.archives.policies import postings
from carloan.archives.policies.postings import Grams, Pages


def pairs(random: np.random.Generator, *, grams: int, pages: int, many: int) -> tuple[Grams, Pages]:
    """`grams` rare grams, and `many` that stand on most pages."""
    rare = random.integers(-(1 << 63), 1 << 63, size=grams, dtype=np.int64)
    named = np.concatenate((np.repeat(rare, 3), np.repeat(random.integers(0, 1 << 62, size=many), pages)))
    where = np.concatenate(
        (random.integers(0, pages, size=3 * grams), np.concatenate([np.arange(pages)] * many) if many else [])
    )
    unique = np.unique(np.stack((named.astype(np.int64), where.astype(np.int64))), axis=1)
    order = np.lexsort((unique[1], unique[0]))
    return unique[0][order], unique[1][order].astype(np.uint16)


@pytest.mark.parametrize(("grams", "pages", "many"), [(1, 1, 0), (500, 20, 3), (3_000, 60_000, 5), (0, 5_000, 2)])
def test_what_is_packed_is_found_again(grams: int, pages: int, many: int) -> None:
    named, where = pairs(np.random.default_rng(7), grams=grams, pages=pages, many=many)
    blocks = list(postings.pack(named, where))
    firsts = [first for first, _ in blocks]
    assert firsts == sorted(set(firsts))
    again = [postings.unpack(body) for _, body in blocks]
    assert np.array_equal(np.concatenate([part for part, _ in again]), named)
    assert np.array_equal(np.concatenate([part for _, part in again]), where)
    for gram in np.unique(named)[:: max(len(named) // 200, 1)]:
        body = blocks[int(np.searchsorted(firsts, gram, side="right")) - 1][1]
        assert np.array_equal(postings.pick(body, int(gram)), where[named == gram])
        assert postings.pick(body, int(gram) + 1).size == 0 or int(gram) + 1 in named


def test_a_block_stays_small_and_a_common_gram_costs_a_bit_a_page() -> None:
    named, where = pairs(np.random.default_rng(8), grams=5_000, pages=65_536, many=4)
    for _, body in postings.pack(named, where):
        assert len(body) <= max(postings.BLOCK_BYTES + 32, 2 + 10 + 65_536 // 8)


def test_nothing_packs_to_nothing() -> None:
    assert list(postings.pack(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint16))) == []


def test_pages_that_are_gone_are_left_out_when_sources_are_joined() -> None:
    grams, pages = postings.sort_pairs(
        [
            (np.array([5, 9], dtype=np.int64), np.array([3, -1], dtype=np.int64)),
            (np.array([5, 7], dtype=np.int64), np.array([1, 2], dtype=np.int64)),
        ]
    )
    assert (grams.tolist(), pages.tolist()) == ([5, 5, 7], [1, 3, 2])


def test_merging_keeps_segments_few_and_rewrites_each_page_seldom() -> None:
    sizes: list[int] = []
    rewritten = 0
    arrivals = 20_000
    for _ in range(arrivals):
        sizes.append(3)
        while chosen := postings.merge_choice(sizes):
            total = sum(sizes[index] for index in chosen)
            assert total <= postings.MOST_PAGES
            rewritten += total
            sizes = [size for index, size in enumerate(sizes) if index not in set(chosen)] + [total]
    assert sum(sizes) == 3 * arrivals
    assert len(sizes) <= 45
    assert rewritten <= 7 * 3 * arrivals
