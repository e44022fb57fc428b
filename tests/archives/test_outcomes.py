"""Every file of the shared data goes the whole way and ends as `outcomes.json` says: accepted and as what, or why not.

How the outcomes of the hostile PDFs were judged stands in `outcomes.md`.

Each file has its own time and the process its memory. Many of qpdf's files are the same thirty pages packed
differently; a picture the engine has read in this session is not read again.
"""

import hashlib
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from carloan.archives.recognition import guard, media
from carloan.archives.recognition.engine import Engine, Pixels
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Line, Turn
from carloan.archives.recognition.unpack import unpack
from tests.archives.conftest import read_once

pytestmark = pytest.mark.ocr

FOLDERS = ("documents", "formats", "hostile", "barcodes")
EXPECTED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "outcomes.json").read_text())
JUDGED = Path(__file__).parent / "outcomes.md"
PDFS = "hostile/pdf/"
# Of the processor: for the file, and for each of its pages (a dense page takes two to three).
FILE_SECONDS, PAGE_SECONDS = 10, 8
MEMORY_MEGABYTES = 1_500
_read: dict[bytes, tuple[Turn, list[Line]]] = {}


@pytest.fixture(autouse=True)
def _each_picture_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Engine.read

    def read(self: Engine, pixels: Pixels, **options: Any) -> tuple[Turn, list[Line]]:
        key = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest()
        if key not in _read:
            _read[key] = plain(self, pixels, **options)
        return _read[key]

    monkeypatch.setattr(Engine, "read", read)


def outcome(data: bytes) -> dict[str, Any]:
    """What becomes of a file: `{"refused"}`, the members of an archive, or what is read of a paper."""
    try:
        examined = guard.examine(data)
        if examined.media == media.ZIP:
            return {
                "archive": {
                    member.name: {"refused": member.refused.code} if member.refused else outcome(member.data)
                    for member in unpack(data)
                }
            }
        found = read_once(data, examined.media)
    except Refused as refused:
        return {"refused": refused.code}
    told: dict[str, Any] = {
        "media": examined.media, "pages": examined.pages, "kind": found.kind,
        "problems": sorted({fault.code for fault in found.faults}),
    }  # fmt: skip
    if len(found.sheets) != examined.pages:
        told["sheets"] = len(found.sheets)
    if digital := [sheet.number for sheet in found.sheets if sheet.digital]:
        told["digital"] = len(digital)
    if any(turns := [sheet.turn for sheet in found.sheets]):
        told["turns"] = turns
    return told


def test_every_file_of_the_shared_data_has_its_outcome_written_down(shared_data: Path) -> None:
    there = {
        path.relative_to(shared_data).as_posix()
        for folder in FOLDERS
        for path in (shared_data / folder).rglob("*")
        if path.is_file()
    }
    assert there == set(EXPECTED)


def test_every_hostile_pdf_stands_in_one_group_of_those_that_were_judged() -> None:
    lists = [line for line in JUDGED.read_text().splitlines() if line.startswith("`")]
    judged = [name for line in lists for name in re.findall("`([^`]+)`", line)]
    assert sorted(judged) == sorted(name.removeprefix(PDFS) for name in EXPECTED if name.startswith(PDFS))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_ends_as_it_is_expected_to(shared_data: Path, name: str) -> None:
    data = (shared_data / name).read_bytes()
    before = time.process_time()
    # 5: the peak of memory begins anew, so that each file answers for its own.
    Path("/proc/self/clear_refs").write_text("5")
    assert outcome(data) == EXPECTED[name]
    pages = EXPECTED[name].get("pages") or 0
    assert time.process_time() - before < FILE_SECONDS + pages * PAGE_SECONDS
    assert peak_megabytes() < MEMORY_MEGABYTES


def peak_megabytes() -> float:
    (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kilobytes) / 1024
