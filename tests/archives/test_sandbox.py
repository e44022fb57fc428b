"""The sandbox: a decoder may crash, hang or swell; the outcome is an ordinary refusal and the next file works."""

import io
import os
import signal
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from carloan.archives.recognition import guard, media, sandbox
from carloan.archives.recognition.engine import engine
from carloan.archives.recognition.limits import LIMITS, Limits
from carloan.archives.recognition.recognise import recognise
from carloan.archives.recognition.refusals import Refused
from carloan.archives.tasks import recognise_paper
from carloan.lib.sandbox import Nursery
from tests.archives.conftest import TODAY


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size and carries almost nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))

    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def photo(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def rogue() -> Iterator[None]:
    """A nursery whose children can be told to misbehave."""
    sandbox.PAPERS.shut_down()
    sandbox.PAPERS.nursery = Nursery("tests.archives.rogue")
    yield
    sandbox.PAPERS.shut_down()


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def works() -> bool:
    return guard.examine(photo(40, 30)).pages == 1


def test_a_picture_that_claims_too_much_is_refused_by_its_header() -> None:
    with pytest.raises(Refused) as caught:
        guard.examine(png(50_000, 50_000))
    assert caught.value.code == "too_many_pixels"


def test_a_child_that_swells_is_stopped_by_its_memory_limit() -> None:
    tight = Limits(memory_bytes=400 << 20)
    with pytest.raises(Refused) as caught:
        list(sandbox.pages(photo(9_000, 9_000), media.PNG, limits=tight))
    assert caught.value.code in ("too_heavy", "damaged")
    assert works()


def test_a_child_that_hangs_is_killed_and_refused(rogue: None) -> None:
    limits = Limits(frame_seconds=1)
    with pytest.raises(Refused) as caught:
        list(sandbox.run("hang", b"x", {}, limits=limits))
    assert caught.value.code == "too_heavy"
    assert works()


def test_a_child_that_burns_its_time_is_ended_by_the_kernel(rogue: None) -> None:
    started = time.monotonic()
    with pytest.raises(Refused):
        list(sandbox.run("burn", b"x", {}, limits=Limits(cpu_seconds=1)))
    assert time.monotonic() - started < 10
    assert works()


def test_a_child_that_crashes_is_a_damaged_file(rogue: None) -> None:
    with pytest.raises(Refused) as caught:
        list(sandbox.run("crash", b"x", {}))
    assert caught.value.code == "damaged"
    assert works()


def test_a_child_can_write_no_file_reach_no_network_and_sees_none_of_our_secrets(rogue: None) -> None:
    ((report, _),) = list(sandbox.run("probe", b"x", {}))
    assert report["file"] is False
    assert not any(name.startswith(("CARLOAN", "DATABASE", "KEYSTORE", "REDIS")) for name in report["environment"])
    if os.geteuid() == 0:
        assert report["network"] is False


def test_a_killed_nursery_is_replaced() -> None:
    assert works()
    nursery = sandbox.PAPERS.nursery
    assert nursery is not None
    os.kill(nursery.process.pid, signal.SIGKILL)
    nursery.process.wait(timeout=5)
    assert works()


def test_a_reader_that_walks_away_leaves_no_child_behind(shared_data: Path) -> None:
    data = (shared_data / "hostile/pdf/V4.pdf").read_bytes()
    frames = sandbox.pages(data, media.PDF)
    next(iter(frames))
    nursery = sandbox.PAPERS.nursery
    assert nursery is not None
    frames.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 10
    while (children := children_of(nursery.process.pid)) and time.monotonic() < deadline:
        os.sched_yield()
    assert children == []


def dense() -> bytes:
    """A page with some hundred lines to read."""
    image = Image.new("L", (1700, 2400), 255)
    pen = ImageDraw.Draw(image)
    for row in range(60):
        for column in range(4):
            pen.text((40 + column * 410, 20 + row * 39), f"No {row * 4 + column:05} 2026-11-22", fill=0, font_size=30)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.ocr
def test_no_page_holds_the_worker_longer_than_its_limit() -> None:
    engine().read(np.full((64, 64, 3), 255, np.uint8))
    before = time.process_time()
    with pytest.raises(Refused) as caught:
        recognise(dense(), media.PNG, today=TODAY, limits=Limits(page_seconds=0))
    assert caught.value.code == "too_heavy"
    # The lines were found; none of the hundreds is read any more, which would take twenty seconds.
    assert time.process_time() - before < 6


@pytest.mark.ocr
def test_a_paper_beyond_its_limit_ends_with_the_pages_it_has() -> None:
    pages = [Image.open(io.BytesIO(photo(500, 700))) for _ in range(4)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    result = recognise(buffer.getvalue(), media.TIFF, today=TODAY, limits=Limits(paper_seconds=0))
    assert len(result.sheets) == 1
    assert "page_unreadable" in {fault.code for fault in result.faults}


def test_the_task_of_a_paper_is_ended_after_the_limits_it_keeps_itself() -> None:
    assert LIMITS.paper_seconds + LIMITS.page_seconds < (recognise_paper.time_limit or 0) < 30 * 60
