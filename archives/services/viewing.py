"""Looking at a paper: its pages as marked pictures, its original as a file. Every look leaves an event."""

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext_lazy as _

from carloan.archives.models import Paper, PaperPage
from carloan.archives.recognition import sandbox
from carloan.archives.recognition.refusals import Refused
from carloan.archives.services.keeping import bytes_of, key_of
from carloan.archives.services.marking import look_record, mark
from carloan.archives.services.renditions import rendition_kept, rendition_store
from carloan.archives.services.shelf import SHELF
from carloan.archives.watermark import stamp
from carloan.compliance.services.reveals import require_reason
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import NotFound, Unavailable
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

Pixels = npt.NDArray[np.uint8]

# What is kept sealed is marked and compressed once more at each look.
KEPT_QUALITY: Final = 92
# Wide enough for a page beside its values; whoever looks closer asks for the whole.
SMALL: Final = 1600
VIEWED, DOWNLOADED = "archives.page.viewed", "archives.paper.downloaded"


def page_view(*, actor: Actor, paper: Paper, number: int, small: bool = False) -> bytes:
    """The upright picture of one page as JPEG, marked. Drawn on the first look and kept sealed beside the original.

    `small` is at most SMALL wide. The event stands before the bytes leave. A picture that the store has lost is drawn
    again. Raises NotFound for a page that does not exist, FileLost where the original is missing too.
    """
    page = _page(paper, number)
    with tenant_atomic():
        signature, marks = look_record(actor=actor, paper=paper, action=VIEWED, pages=[number], after={"page": number})
        ground = page_ground(paper, page, small=small and is_wide(page))
    return mark(ground, signature, marks[number])


def is_wide(page: PaperPage) -> bool:
    """Whether a smaller picture of the page is worth making."""
    return page.width > SMALL * 5 // 4


def page_received(*, actor: Actor, paper: Paper, number: int) -> bytes:
    """The page of the file on which page `number` was found, as it came: marked, but not turned, cut or laid straight.

    A look at the page like any other, with its event. Raises NotFound for a page that does not exist.
    """
    page = _page(paper, number)
    with tenant_atomic():
        signature, marks = look_record(
            actor=actor, paper=paper, action=VIEWED, pages=[number], after={"page": number, "as_received": True}
        )
        ground = stamp.ground_of(_pixels(paper, page, view={}))
    return mark(ground, signature, marks[number])


def original_download(*, actor: Actor, paper: Paper, reason_code: str, reason: str = "") -> bytes:
    """The bytes as they came, without any mark, with an event of their own that says why. Needs `papers.download`.

    Raises Invalid without a reason; the words of it go with the paper's key.
    """
    actor.require("papers.download")
    require_reason(reason_code, reason)
    with tenant_atomic():
        audit.record(
            actor=actor, action=DOWNLOADED, object_type="archives.paper", object_id=paper.id, loan_id=paper.loan_id,
            subject=paper.key_subject(), after={"sha256": paper.sha256}, reason_code=reason_code,
            reason=said(reason)[:500],
        )  # fmt: skip
        return bytes_of(paper)


def paper_viewed(*, actor: Actor, paper: Paper) -> None:
    """Somebody opened the page of a paper, or read its values through the API."""
    with tenant_atomic():
        audit.record(
            actor=actor, action="archives.paper.viewed", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id, subject=paper.key_subject(),
        )  # fmt: skip


def page_ground(paper: Paper, page: PaperPage, *, small: bool = False) -> stamp.Ground:
    """The decoded picture of a page, ready to be marked: from a moment ago, from the store, or drawn now.

    The paper's key is opened each time: what may not be opened any more is not shown from memory either.
    """
    key = key_of(paper)
    place = (paper.tenant_id, page.id, small)
    if ground := SHELF.take(place):
        return ground
    pixels = rendition_kept(paper, page, key)
    if pixels is None:
        pixels = _draw(paper, page)
        page.rendition = rendition_store(paper, page, stamp.jpeg(pixels, quality=KEPT_QUALITY), key)
        page.save(update_fields=["rendition"])
    if small:
        height = max(1, round(pixels.shape[0] * SMALL / pixels.shape[1]))
        pixels = np.asarray(cv2.resize(pixels, (SMALL, height), interpolation=cv2.INTER_AREA), np.uint8)
    ground = stamp.ground_of(pixels)
    SHELF.put(place, ground)
    return ground


def pictures_received(paper: Paper) -> Iterator[stamp.Ground]:
    """The pages of a paper as they came, ready to be marked. Raises Refused for a file that cannot be drawn."""
    for pixels in _frames(paper, view={}):
        yield stamp.ground_of(pixels)


def _page(paper: Paper, number: int) -> PaperPage:
    page = PaperPage.objects.filter(paper=paper, number=number).first()
    if page is None:
        raise NotFound
    return page


def _draw(paper: Paper, page: PaperPage) -> Pixels:
    """The page as it was read, so that the boxes of what was read lie where it stands."""
    if page.corners:
        return _pixels(paper, page, view={"corners": page.corners, "width": page.width, "height": page.height})
    return np.ascontiguousarray(np.rot90(_pixels(paper, page, view={}), k=-(page.turn // 90)))


def _pixels(paper: Paper, page: PaperPage, *, view: dict[str, Any]) -> Pixels:
    """Fresh pixels (BGR): they carry none of the original's metadata (place, device, thumbnail)."""
    number = page.source or page.number
    try:
        return next(_frames(paper, first=number, last=number, view=view))
    except (Refused, StopIteration) as error:
        raise Unavailable(_("This page cannot be shown. Download the original.")) from error


def _frames(paper: Paper, **asked: Any) -> Iterator[Pixels]:
    for head, body in sandbox.pages(bytes_of(paper), paper.media, **asked):
        pixels = np.frombuffer(body, dtype=np.uint8).reshape(int(head["height"]), int(head["width"]), 3)
        yield np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)
