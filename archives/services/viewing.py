"""Looking at a paper: its pages as pictures, its original as a file. Every look leaves an event."""

import io
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext_lazy as _
from PIL import Image

from carloan.archives.models import Paper, PaperPage
from carloan.archives.recognition import sandbox
from carloan.archives.recognition.refusals import Refused
from carloan.archives.services.keeping import bytes_of, key_of
from carloan.core import audit, vault
from carloan.core.actors import Actor
from carloan.core.errors import NotFound, Unavailable
from carloan.core.tenancy import tenant_atomic

Pixels = npt.NDArray[np.uint8]

PART = "page-{number}"
QUALITY = 80
# Wide enough for a page beside its values; whoever looks closer asks for the whole.
SMALL = 1600


def page_view(*, actor: Actor, paper: Paper, number: int, small: bool = False) -> bytes:
    """The upright picture of one page as WebP. Drawn on the first look and kept sealed beside the original.

    `small` is at most SMALL wide. The event stands before the bytes leave. A picture that the store has lost is drawn
    again. Raises NotFound for a page that does not exist, FileLost where the original is missing too.
    """
    page = PaperPage.objects.filter(paper=paper, number=number).first()
    if page is None:
        raise NotFound
    with tenant_atomic():
        _record(actor, paper, "archives.page.viewed", after={"page": number})
        part = PART.format(number=number)
        picture = _kept(paper, page, part)
        if picture is None:
            picture = _draw(paper, page)
            page.rendition = _store(paper, picture, part)
            page.save(update_fields=["rendition"])
    return _narrowed(picture) if small and is_wide(page) else picture


def is_wide(page: PaperPage) -> bool:
    """Whether a smaller picture of the page is worth making."""
    return page.width > SMALL * 5 // 4


def page_received(*, actor: Actor, paper: Paper, number: int) -> bytes:
    """The page of the file on which page `number` was found, as it came: not turned, not cut, not laid straight.

    A look at the page like any other, with its event. Raises NotFound for a page that does not exist.
    """
    page = PaperPage.objects.filter(paper=paper, number=number).first()
    if page is None:
        raise NotFound
    with tenant_atomic():
        _record(actor, paper, "archives.page.viewed", after={"page": number, "as_received": True})
        return _webp(_pixels(paper, page, view={}))


def original_download(*, actor: Actor, paper: Paper) -> bytes:
    """The bytes as they came, with an event of their own. Needs `papers.download`."""
    actor.require("papers.download")
    with tenant_atomic():
        _record(actor, paper, "archives.paper.downloaded", after={"sha256": paper.sha256})
        return bytes_of(paper)


def picture_opened(*, actor: Actor, paper: Paper, opening_id: UUID) -> bytes:
    """The bytes as they came, for who asked for them and whom somebody else let see them (`compliance.openings`): the
    step of the opening was taken before. The event names the opening."""
    with tenant_atomic():
        _record(actor, paper, "archives.paper.downloaded", after={"sha256": paper.sha256, "opening": str(opening_id)})
        return bytes_of(paper)


def paper_viewed(*, actor: Actor, paper: Paper) -> None:
    """Somebody opened the page of a paper, or read its values through the API."""
    with tenant_atomic():
        _record(actor, paper, "archives.paper.viewed")


def _record(actor: Actor, paper: Paper, action: str, after: dict[str, object] | None = None) -> UUID:
    return audit.record(
        actor=actor, action=action, object_type="archives.paper", object_id=paper.id, loan_id=paper.loan_id,
        subject=paper.key_subject(), after=after,
    )  # fmt: skip


def _draw(paper: Paper, page: PaperPage) -> bytes:
    """The page as it was read, so that the boxes of what was read lie where it stands."""
    if page.corners:
        view = {"corners": page.corners, "width": page.width, "height": page.height}
        return _webp(_pixels(paper, page, view=view))
    return _webp(np.ascontiguousarray(np.rot90(_pixels(paper, page, view={}), k=-(page.turn // 90))))


def _pixels(paper: Paper, page: PaperPage, *, view: dict[str, Any]) -> Pixels:
    number = page.source or page.number
    try:
        frames = sandbox.pages(bytes_of(paper), paper.media, first=number, last=number, view=view)
        head, body = next(iter(frames))
    except (Refused, StopIteration) as error:
        raise Unavailable(_("This page cannot be shown. Download the original.")) from error
    return np.frombuffer(body, dtype=np.uint8).reshape(int(head["height"]), int(head["width"]), 3)


def _webp(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    # Fresh pixels carry none of the original's metadata (place, device, thumbnail).
    Image.fromarray(pixels).save(buffer, "WEBP", quality=QUALITY, method=2)
    return buffer.getvalue()


def _narrowed(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as whole:
        height = max(1, round(whole.height * SMALL / whole.width))
        narrow = whole.resize((SMALL, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    narrow.save(buffer, "WEBP", quality=QUALITY, method=1)
    return buffer.getvalue()


def _kept(paper: Paper, page: PaperPage, part: str) -> bytes | None:
    """The picture drawn at an earlier look; None when there was none, or nothing of it can be opened any more."""
    if not page.rendition:
        return None
    try:
        return b"".join(vault.read(page.rendition, paper_key=key_of(paper), paper_id=paper.id, part=part))
    except vault.FileLost:
        vault.remove(page.rendition)
        return None


def _store(paper: Paper, picture: bytes, part: str) -> str:
    """Two first looks at once draw twice and keep one."""
    try:
        return vault.put(io.BytesIO(picture), paper_key=key_of(paper), paper_id=paper.id, part=part).name
    except FileExistsError:
        return vault.name_of(paper.id, part=part)
