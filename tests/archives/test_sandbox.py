"""The sandbox: a decoder may crash, hang or swell; the outcome is an ordinary refusal and the next file works."""

import io
import os
import signal
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from carloan.archives.recognition import guard, media, sandbox
from carloan.archives.recognition.limits import Limits
from carloan.archives.recognition.refusals import Refused
from carloan.lib.sandbox import Nursery


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
