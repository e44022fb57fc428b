"""What the tests of this very program said: a file that a release carries, made by the run itself.

`script/test --results` writes it beside the map after a run of the whole suite (tests/results.py), and the image that
is built next carries it. It names the release and a digest of the sources that ran; for other sources it says nothing,
so that no result of another program is taken for one of this.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

FORMAT: Final = "carloan-test-results/1"
PLACE: Final = Path(__file__).parent / "results.json"
# What decides what the program does; documentation and translations do not.
SOURCES: Final = ("*.py", "*.toml", "*.html")


class Outcome(StrEnum):
    """What is known of the tests of a proof. `unknown`: this installation carries no results of them."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Results:
    """A run: when it ended, of which release, and the outcome of each test by its node, parameters left out."""

    release: str
    ended_at: datetime
    tests: Mapping[str, Outcome]

    def of(self, node: str) -> Outcome:
        """Of one test, or of all of a file or class: failed if one failed, passed if one passed and none failed."""
        inside = (node, f"{node}::")
        found = {told for name, told in self.tests.items() if name == node or name.startswith(inside[1])}
        return worst(found)


def worst(found: Iterable[Outcome]) -> Outcome:
    """What several say together; nothing is unknown."""
    told = set(found)
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED, Outcome.SKIPPED):
        if outcome in told:
            return outcome
    return Outcome.UNKNOWN


@cache
def source_digest() -> str:
    """The SHA-256 over names and contents of the program's sources, as they lie here."""
    root, whole = settings.BASE_DIR, hashlib.sha256()
    folders = ("carloan", "archives", "collections", "release", "compliance", "templates")
    found = (path for folder in folders for pattern in SOURCES for path in (root / folder).rglob(pattern))
    # The apps lie behind links too.
    for path in sorted({path.resolve() for path in found}, key=lambda each: each.as_posix()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def written(tests: Mapping[str, str], *, ended_at: datetime) -> dict[str, Any]:
    """The content of the file for a run of these sources."""
    return {
        "format": FORMAT,
        "release": settings.VERSION,
        "sources": source_digest(),
        "ended_at": ended_at.isoformat(timespec="seconds"),
        "tests": dict(sorted(tests.items())),
    }


def read(data: Any) -> Results | None:
    """The results in the content of a file; None when they are of other sources. Raises ValueError for what is none."""
    try:
        if data["format"] != FORMAT:
            raise ValueError("these are no results of tests")
        if data["sources"] != source_digest():
            return None
        tests = {str(node): Outcome(told) for node, told in data["tests"].items()}
        return Results(str(data["release"]), datetime.fromisoformat(data["ended_at"]), tests)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("these are no results of tests") from error


@cache
def results() -> Results | None:
    """Those that this installation carries; None without any, or with those of other sources."""
    if not PLACE.exists():
        return None
    return read(json.loads(PLACE.read_text()))
