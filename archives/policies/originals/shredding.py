"""How a shredding order goes on, and what stands before its end: count in is count out is what was witnessed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem


@dataclass(frozen=True, slots=True)
class Counted:
    """`listed`: the place on the batch's list of each original; `scanned`: how many of them were; `recorded`: the
    papers by place in the batch's record, None where there is none; `witnesses` of that record, of `needed`."""

    listed: Sequence[int]
    scanned: int
    recorded: Mapping[int, int] | None
    witnesses: int
    needed: int


def _whole(facts: Counted) -> list[Problem]:
    found = []
    if facts.scanned != len(facts.listed):
        words = _now("%(scanned)s of %(listed)s originals were scanned.")
        found.append(Problem("scanned", words % {"scanned": facts.scanned, "listed": len(facts.listed)}))
    if facts.recorded is None:
        found.append(Problem("record", _("How the papers went is not recorded with the destruction yet.")))
        return found
    if dict(facts.recorded) != dict(Counter(facts.listed)):
        found.append(Problem("counts", _("The papers in the record are not as many as were scanned, place by place.")))
    if facts.witnesses < facts.needed:
        words = _now("%(count)s more must witness the record.")
        found.append(Problem("witnesses", words % {"count": facts.needed - facts.witnesses}))
    return found


MOVES: Final = Moves(
    Move("open", "finish", "done", guard=_whole),
    Move("open", "withdraw", "withdrawn"),
    refusal=_("This shredding order has ended already."),
)


def papers_recorded(counts: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """The papers by place of a record's counts; places with boxes only count none."""
    return {each["place"]: each["papers"] for each in counts if each["papers"]}
