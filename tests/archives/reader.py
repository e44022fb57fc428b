"""A process that reads files as a worker does, for tests that judge many: it answers for its own time and memory."""

import hashlib
import pickle
import re
import time
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from carloan.archives.recognition import guard, media
from carloan.archives.recognition.engine import Engine, Pixels
from carloan.archives.recognition.recognise import recognise
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Line, Turn
from carloan.archives.recognition.unpack import unpack

AS_OF = date(2026, 11, 28)


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a file (see `outcome`), the seconds of processor it took, and the most megabytes it held."""

    outcome: dict[str, Any]
    seconds: float
    megabytes: float


def read(file: Path, pictures: Path) -> Ending:
    """Read one file; pictures that any process with the same folder `pictures` has read are not read again."""
    _read_each_picture_once(pictures)
    data = file.read_bytes()
    # 5: the peak of memory begins anew, so that each file answers for its own.
    Path("/proc/self/clear_refs").write_text("5")
    before = time.process_time()
    found = outcome(data)
    return Ending(found, time.process_time() - before, _peak_megabytes())


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
        found = recognise(data, examined.media, today=AS_OF)
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


@cache
def _read_each_picture_once(pictures: Path) -> None:
    plain = Engine.read

    def read_anew_or_remember(self: Engine, pixels: Pixels, **options: Any) -> tuple[Turn, list[Line]]:
        kept = pictures / hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()
        if kept.exists():
            known: tuple[Turn, list[Line]] = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this very test
            return known
        answer = plain(self, pixels, **options)
        written = kept.with_suffix(f".{time.monotonic_ns()}")
        written.write_bytes(pickle.dumps(answer))
        written.rename(kept)
        return answer

    Engine.read = read_anew_or_remember  # type: ignore[method-assign]


def _peak_megabytes() -> float:
    (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kilobytes) / 1024
