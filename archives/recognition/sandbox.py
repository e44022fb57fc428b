"""Papers are opened in a child process that may crash, hang or swell and hurts nobody (carloan/lib/sandbox.py)."""

from collections.abc import Generator, Iterator
from typing import Any

from carloan.archives.recognition.limits import LIMITS, Limits
from carloan.archives.recognition.refusals import MESSAGES, Refused
from carloan.lib import sandbox
from carloan.lib.nursery import Frame

PAPERS = sandbox.Sandbox("carloan.archives.recognition.nursery")


def inspect(data: bytes, media: str, *, limits: Limits = LIMITS, patience: float | None = None) -> dict[str, Any]:
    """`{"pages", "pixels"}` of a file (pixels of its largest page), by its headers only."""
    for head, _ in run("inspect", data, {"media": media}, limits=limits, patience=patience):
        return head
    raise Refused("damaged")


def pages(data: bytes, media: str, *, limits: Limits = LIMITS, **options: Any) -> Iterator[Frame]:
    """Each page as `({"number", "width", "height", "lines"}, RGB bytes)`, while the child renders the next one."""
    yield from run("pages", data, {"media": media, **options}, limits=limits)


def leak(data: bytes, media: str, *, limits: Limits = LIMITS) -> Iterator[dict[str, Any]]:
    """`{"page", "code", "sure"}` of the pages of a leaked file in which the id of a look was found."""
    for head, _ in run("leak", data, {"media": media}, limits=limits):
        yield head


def run(
    task: str, data: bytes, options: dict[str, Any], *, limits: Limits = LIMITS, patience: float | None = None
) -> Generator[Frame, None, None]:
    """Frames of one task on one paper. Whatever the child does, the outcome is frames or `Refused`."""
    try:
        yield from PAPERS.run(task, data, options, bounds=limits, patience=patience)
    except sandbox.Refused as refused:
        raise Refused(refused.code if refused.code in MESSAGES else "damaged", **refused.data) from refused
