"""One paper judged: its kind, every value, its letters; and many of them counted."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from benchmarks.recognition.alignment import Errors, plain
from benchmarks.recognition.paper import Value

Outcome = Literal["right", "wrong", "missed", "stray"]
# Printed on many papers only to be read past, and told in many ways; judged when read, never missed.
OPTIONAL: Final = frozenset({"lien_pages", "engine_model", "colour", "fuel", "maker", "origin", "made_on"})


@dataclass(frozen=True, slots=True)
class Read:
    """A value as the pipeline answers it."""

    value: Value
    confidence: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One value: what stands there, what was read, how sure; `stray` stands nowhere on the paper."""

    seed: str
    name: str
    wanted: Value | None
    got: Value | None
    confidence: float
    outcome: Outcome
    sure: bool
    filed: bool

    @property
    def accepted_wrong(self) -> bool:
        return self.sure and self.outcome in ("wrong", "stray")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One paper. `filed`: a machine would have filed it. `passed`: filed although something is wrong on it."""

    seed: str
    kind: str
    condition: str
    read_as: str
    filed: bool
    passed: tuple[str, ...]
    values: tuple[Judged, ...]
    letters: Errors
    beside: Errors | None = None
    page_seconds: tuple[tuple[int, float], ...] = ()

    @property
    def kind_right(self) -> bool:
        return self.kind == self.read_as


def same(name: str, wanted: Value, got: Value) -> bool:
    """Exact after this: numbers as they are; text in NFKC without white space, its dots and dashes in one form, a plate
    without its dot. Nothing else is forgiven."""
    if isinstance(wanted, int) or isinstance(got, int):
        return str(wanted) == str(got)
    one, other = plain(wanted), plain(got)
    if name == "plate":
        one, other = one.replace("·", ""), other.replace("·", "")
    return one == other


def judge(
    *,
    seed: str,
    kind: str,
    condition: str,
    faults: tuple[str, ...],
    truth: Mapping[str, Value],
    read_as: str,
    read: Mapping[str, Read],
    filed: bool,
    letters: Errors,
    sure_from: float,
    beside: Errors | None = None,
    page_seconds: tuple[tuple[int, float], ...] = (),
) -> Verdict:
    """Compare what was read of a paper with what stands on it. `sure_from` is the confidence that needs no person."""
    values = []
    for name in {**truth, **read}:
        wanted, got = truth.get(name), read.get(name)
        outcome: Outcome
        if got is None or wanted is None:
            outcome = "missed" if got is None else "stray"
        else:
            outcome = "right" if same(name, wanted, got.value) else "wrong"
        if outcome == "missed" and name in OPTIONAL:
            continue
        sure = got is not None and got.confidence >= sure_from
        values.append(
            Judged(
                seed, name, wanted, got.value if got else None, got.confidence if got else 0.0, outcome, sure,
                filed and sure,
            )
        )  # fmt: skip
    passed = faults if filed else ()
    return Verdict(
        seed, kind, condition, read_as, filed, passed, tuple(values), letters, beside, page_seconds
    )  # fmt: skip


@dataclass
class Tally:
    """Counts of some papers, for one row of the report."""

    papers: int = 0
    kinds_right: int = 0
    filed: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    stray: int = 0
    sure: int = 0
    sure_right: int = 0
    letters: Errors = field(default_factory=lambda: Errors(0, 0))
    beside: Errors = field(default_factory=lambda: Errors(0, 0))
    read_beside: Errors = field(default_factory=lambda: Errors(0, 0))

    def add(self, verdict: Verdict) -> None:
        self.papers += 1
        self.kinds_right += verdict.kind_right
        self.filed += verdict.filed
        self.letters += verdict.letters
        if verdict.beside is not None:
            self.beside += verdict.beside
            self.read_beside += verdict.letters
        for value in verdict.values:
            setattr(self, value.outcome, getattr(self, value.outcome) + 1)
            self.sure += value.sure
            self.sure_right += value.sure and value.outcome == "right"

    @property
    def precision(self) -> float:
        return share(self.right, self.right + self.wrong + self.stray)

    @property
    def recall(self) -> float:
        return share(self.right, self.right + self.wrong + self.missed)


def tally(verdicts: Iterable[Verdict]) -> Tally:
    made = Tally()
    for verdict in verdicts:
        made.add(verdict)
    return made


def share(part: int, whole: int) -> float:
    """A share; of nothing it is 1: nothing was wrong."""
    return part / whole if whole else 1.0


def lower_bound(right: int, count: int, *, trust: float = 0.95) -> float:
    """The share that holds with this trust (one-sided Clopper-Pearson); 0 when nothing was counted."""
    if count == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_least(right, count, middle) > 1 - trust:
            high = middle
        else:
            low = middle
    return low


def _at_least(right: int, count: int, chance: float) -> float:
    """How likely that many or more would be right by this chance."""
    if chance <= 0:
        return 0.0 if right else 1.0
    if chance >= 1:
        return 1.0
    return sum(
        math.exp(
            math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
            + k * math.log(chance) + (count - k) * math.log1p(-chance)
        )
        for k in range(right, count + 1)
    )  # fmt: skip
