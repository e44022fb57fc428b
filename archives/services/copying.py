"""A copy of a paper to take away: all its pages as marked pictures in one PDF, one look with an id a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.archives.models import Paper
from carloan.archives.recognition import sandbox
from carloan.archives.recognition.refusals import Refused
from carloan.archives.selectors.papers import pages_of
from carloan.archives.services.keeping import bytes_of
from carloan.archives.services.marking import Signature, look_record, mark
from carloan.archives.services.viewing import page_ground, pictures_received
from carloan.archives.watermark.pdf import Picture, pdf_of
from carloan.core.actors import Actor
from carloan.core.errors import Unavailable
from carloan.core.tenancy import tenant_atomic

COPIED = "archives.paper.copied"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is on record. `marks` are the ids of its pages, by number."""

    paper: Paper
    signature: Signature
    marks: dict[int, str]
    received: bool


def copy_begin(*, actor: Actor, paper: Paper, opening_id: UUID | None = None) -> Copy:
    """Record that a copy leaves; only then it may be written. The event names the opening by which it was allowed.

    A paper that nobody has read yet is copied as it came. Raises Unavailable for one that cannot be drawn.
    """
    with tenant_atomic():
        numbers = [page.number for page in pages_of(paper)]
        received = not numbers
        if received:
            try:
                numbers = list(range(1, int(sandbox.inspect(bytes_of(paper), paper.media)["pages"]) + 1))
            except Refused as error:
                raise Unavailable(_("This paper cannot be shown. Download the original.")) from error
        opened = {"opening": str(opening_id)} if opening_id else {}
        signature, marks = look_record(
            actor=actor, paper=paper, action=COPIED, pages=numbers, after={"pages": len(numbers), **opened}
        )
    return Copy(paper, signature, marks, received)


def copy_chunks(copy: Copy) -> Iterator[bytes]:
    """The PDF as it is written, one page in memory at a time."""
    yield from pdf_of(_received(copy) if copy.received else _shown(copy))


def _shown(copy: Copy) -> Iterator[Picture]:
    tenant_id = copy.paper.tenant_id
    with tenant_atomic(tenant_id):
        pages = pages_of(copy.paper)
    for page in pages:
        with tenant_atomic(tenant_id):
            ground = page_ground(copy.paper, page)
        height, width = ground.pixels.shape[:2]
        yield mark(ground, copy.signature, copy.marks[page.number]), width, height


def _received(copy: Copy) -> Iterator[Picture]:
    with tenant_atomic(copy.paper.tenant_id):
        pictures = pictures_received(copy.paper)
        for number, ground in zip(copy.marks, pictures, strict=False):
            height, width = ground.pixels.shape[:2]
            yield mark(ground, copy.signature, copy.marks[number]), width, height
