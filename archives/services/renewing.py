"""What finds papers, made anew under another version of the lender's index key: their terms and the text index.

A segment says what it says for ever, so that new segments are written beside those of the former version, some papers
at a time, and a search that finds a paper in both shows it once. A former segment is retired when all its papers stand
in new ones, and goes when searches that began before have long ended, as a merged one does.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from carloan.archives.models import Paper, SearchSegment, SearchSlot
from carloan.archives.selectors.papers import values_of
from carloan.archives.services.finding import terms_of, texts_of
from carloan.archives.services.indexing import paper_unindex, segment_write, segments_tidy
from carloan.core.indexed import Batch, Gathered, Terms, next_ids
from carloan.core.keys import KeyDestroyed, KeyMissing, Tampered, warm_keys
from carloan.core.tenancy import tenant_atomic
from carloan.loans.services.renewing import loans_held

AT_ONCE: Final = 100


def gather_papers(ids: Sequence[UUID], patient: bool) -> Gathered:
    """Papers by what identifies them."""
    found: list[Terms] = []
    gone, damaged = set(ids) - set(Paper.objects.filter(id__in=ids).values_list("id", flat=True)), 0
    for paper in _papers_held(ids, patient):
        try:
            found.append(terms_of(paper, values_of(paper)))
        except KeyDestroyed:
            gone.add(paper.id)
        except (KeyMissing, Tampered):
            damaged += 1
    return Gathered(found, gone, damaged)


def texts_renew(version: int, after: UUID | None, patient: bool) -> Batch:
    """One segment under this version of the next papers behind `after` that stand in former ones alone; behind the last
    of them the former segments that are not needed any more are retired."""
    most = 1 if patient else AT_ONCE
    with tenant_atomic():
        ids, place = next_ids(_behind(version), "paper_id", after, most)
        texts, damaged = [], 0
        for paper in _papers_held(ids, patient):
            try:
                texts.append((paper.id, texts_of(paper)))
            except KeyDestroyed:
                paper_unindex(paper, destroyed=True)
            except (KeyMissing, Tampered):
                damaged += 1
        if texts:
            segment_write(texts)
        done = len(texts)
        if place is None:
            needed = _behind(version).filter(segment=OuterRef("pk"))
            done += _former(version).filter(~Exists(needed)).update(retired_at=timezone.now())
    return Batch(done, damaged, place)


def texts_left(version: int) -> int:
    """How many papers stand in former segments alone, and how many of these are searched."""
    with tenant_atomic():
        return int(_behind(version).values("paper_id").distinct().count() + _former(version).count())


def texts_forget(version: int, after: UUID | None) -> Batch:
    """Remove what was retired long enough ago."""
    segments_tidy()
    return Batch(0, 0, None)


def texts_remain(version: int) -> bool:
    """Whether a segment of a former version is there, searched or not."""
    with tenant_atomic():
        return SearchSegment.objects.filter(index_version__lt=version).exists()


def _papers_held(ids: Sequence[UUID], patient: bool) -> list[Paper]:
    """Those of these papers that nobody else holds, held behind their loans: nobody destroys them meanwhile."""
    loan_ids = Paper.objects.filter(id__in=ids).exclude(loan=None).values_list("loan_id", flat=True)
    held = loans_held(set(loan_ids), patient)
    found = Paper.objects.select_for_update(no_key=True, skip_locked=not patient, of=("self",))
    # One that was filed at this moment stands in a loan that is not held: it comes in the next round.
    papers = list(found.filter(Q(loan=None) | Q(loan__in=list(held)), id__in=ids).order_by("id"))
    warm_keys({paper.key_subject() for paper in papers})
    return papers


def _former(version: int) -> "QuerySet[SearchSegment]":
    return SearchSegment.objects.filter(retired_at=None, index_version__lt=version)


def _behind(version: int) -> "QuerySet[SearchSlot]":
    """The slots in former segments of papers that have none in a segment of this version."""
    anew = SearchSlot.objects.filter(paper=OuterRef("paper"), segment__retired_at=None, segment__index_version=version)
    return SearchSlot.objects.filter(segment__retired_at=None, segment__index_version__lt=version).filter(~Exists(anew))
