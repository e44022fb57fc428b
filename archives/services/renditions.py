"""Pictures of pages as they were drawn once, sealed beside the original. They carry no mark and never leave so."""

import io
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from carloan.archives.models import Paper, PaperPage
from carloan.core import vault

Pixels = npt.NDArray[np.uint8]

PART: Final = "page-{number}"


def rendition_kept(paper: Paper, page: PaperPage, key: bytes) -> Pixels | None:
    """The picture (BGR) drawn at an earlier look; None when there was none, or nothing of it can be opened any more."""
    if not page.rendition:
        return None
    try:
        kept = b"".join(vault.read(page.rendition, paper_key=key, paper_id=paper.id, part=_part(page)))
    except vault.FileLost:
        vault.remove(page.rendition)
        return None
    decoded = cv2.imdecode(np.frombuffer(kept, np.uint8), cv2.IMREAD_COLOR)
    return None if decoded is None else np.asarray(decoded, np.uint8)


def rendition_store(paper: Paper, page: PaperPage, picture: bytes, key: bytes) -> str:
    """Two first looks at once draw twice and keep one."""
    try:
        return vault.put(io.BytesIO(picture), paper_key=key, paper_id=paper.id, part=_part(page)).name
    except FileExistsError:
        return vault.name_of(paper.id, part=_part(page))


def _part(page: PaperPage) -> str:
    return PART.format(number=page.number)
