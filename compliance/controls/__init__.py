"""The map of controls (合规控制映射): what frameworks ask for, whether this product does it, and what shows that.

The rows are data, a file a framework; what shows it is said once, in proofs.toml. Words are our own, never a standard's
text. Nothing here asks a database: results of tests and facts of the installation are put beside it by the selectors.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language

FOLDER: Final = Path(__file__).parent
FRAMEWORKS: Final = ("asvs", "mlps", "gbt39786", "jrt0171", "nfra2024")


class Status(StrEnum):
    """How the product stands to a control. `organisational`: the lender, or whoever runs the installation, does it."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    ORGANISATIONAL = "organisational"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Words:
    """A sentence in both languages; it shows in the reader's."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Proof:
    """What shows that controls are met: tests by their pytest node (a file stands for all of its tests), chapters of
    the documentation as `file#anchor`, and facts that the running installation is asked for (facts.py)."""

    key: str
    words: Words
    tests: tuple[str, ...]
    docs: tuple[str, ...]
    live: tuple[str, ...]


@dataclass(frozen=True)
class Control:
    """One row. `level` only where the framework has some; `why` says what is missing, or why it does not apply.
    `confirmed`: its number was read in the framework itself; `counsel`: its meaning is for counsel to confirm."""

    id: str
    chapter: str
    words: Words
    status: Status
    proofs: tuple[Proof, ...]
    why: Words | None
    level: int | None
    confirmed: bool
    counsel: bool


@dataclass(frozen=True)
class Framework:
    """A framework with its rows, in its own order."""

    code: str
    title: Words
    source: str
    chapters: Mapping[str, Words]
    controls: tuple[Control, ...]

    @property
    def counts(self) -> dict[Status, int]:
        """How many rows have each status, every status named."""
        found = Counter(control.status for control in self.controls)
        return {status: found[status] for status in Status}

    def control(self, control_id: str) -> Control | None:
        return next((each for each in self.controls if each.id == control_id), None)


def _words(said: Mapping[str, str]) -> Words:
    return Words(said["en"], said["zh"])


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def proofs() -> dict[str, Proof]:
    """Every proof by its key."""
    return {
        key: Proof(
            key, _words(said), tuple(said.get("tests", ())), tuple(said.get("docs", ())), tuple(said.get("live", ()))
        )
        for key, said in _read("proofs").items()
    }


@cache
def framework(code: str) -> Framework:
    """A framework by its code. Raises KeyError for one that there is not and for a row that names what is not there."""
    if code not in FRAMEWORKS:
        raise KeyError(code)
    data, known = _read(code), proofs()
    chapters, confirmed = data["chapters"], data["framework"]["confirmed"]
    rows = [
        Control(
            id=control_id,
            chapter=_chapter(control_id, chapters),
            words=_words(row),
            status=Status(row["status"]),
            proofs=tuple(known[key] for key in row.get("by", ())),
            why=_words(data["why"][row["why"]]) if "why" in row else None,
            level=row.get("level"),
            confirmed=row.get("confirmed", confirmed),
            counsel=row.get("counsel", not row.get("confirmed", confirmed)),
        )
        for control_id, row in data["controls"].items()
    ]
    return Framework(
        code,
        _words(data["framework"]["title"]),
        data["framework"]["source"],
        {key: _words(said) for key, said in chapters.items()},
        tuple(rows),
    )


def _chapter(control_id: str, chapters: Mapping[str, Any]) -> str:
    """The longest chapter that the number begins with."""
    fitting = [key for key in chapters if control_id == key or control_id.startswith((f"{key}.", f"{key}-"))]
    return max(fitting, key=len)


def frameworks() -> list[Framework]:
    """All of them, in the order in which they are shown."""
    return [framework(code) for code in FRAMEWORKS]
