"""The files and the index of a destroyed loan's papers: removed behind its key, and looked for when it is verified."""

from collections.abc import Iterator
from uuid import UUID

from carloan.archives.models import Paper, PaperField, PaperPage, SearchSegment, SearchSlot
from carloan.archives.services.renditions import PART
from carloan.core import vault
from carloan.core.sealed import sealed_fields
from carloan.core.tenancy import tenant_atomic


def files_remove(loan_id: UUID) -> int:
    """Remove every container of a loan's papers, each version of the original and each picture; how many lay there.

    The rows name them until all are gone, so that a run that dies is followed by one that finds the rest. Raises
    StoreAway or Unavailable.
    """
    removed = 0
    with tenant_atomic():
        papers = list(Paper.objects.filter(loan_id=loan_id).exclude(stored="").order_by("id"))
    for paper in papers:
        with tenant_atomic():
            names = _names(paper)
        for name in names:
            if vault.exists(name):
                vault.remove(name)
                removed += 1
        with tenant_atomic():
            PaperPage.objects.filter(paper=paper).update(rendition="")
            Paper.objects.filter(id=paper.id).update(stored="")
    return removed


def _names(paper: Paper) -> list[str]:
    """Where its containers lie: also those that no row names, of a version or a picture before."""
    numbers = PaperPage.objects.filter(paper=paper).values_list("number", flat=True)
    originals = [vault.name_of(paper.id, version=each) for each in range(1, vault.version_of(paper.stored) + 1)]
    return [*originals, *(vault.name_of(paper.id, part=PART.format(number=number)) for number in numbers)]


def papers_left(loan_id: UUID) -> Iterator[str]:
    """`files` in the store, `columns` that hold something sealed, `index` of the text, also where the sweep has not
    written it anew yet."""
    papers = Paper.objects.filter(loan_id=loan_id)
    if any(_lies(paper) for paper in papers):
        yield "files"
    sealed = [
        papers.values_list(*sealed_fields(Paper)),
        PaperPage.objects.filter(paper__in=papers).values_list(*sealed_fields(PaperPage)),
        PaperField.objects.filter(paper__in=papers).values_list(*sealed_fields(PaperField)),
    ]
    if any(value is not None for rows in sealed for row in rows for value in row):
        yield "columns"
    if SearchSlot.objects.filter(paper__in=papers).exists() or (
        papers.exists() and SearchSegment.objects.filter(purge=True).exists()
    ):
        yield "index"


def _lies(paper: Paper) -> bool:
    """By its row, and at the place where its first container lay."""
    places = {paper.stored, vault.name_of(paper.id)} - {""}
    pictures = PaperPage.objects.filter(paper=paper).values_list("number", flat=True)
    places |= {vault.name_of(paper.id, part=PART.format(number=number)) for number in pictures}
    return any(vault.exists(place) for place in places)
