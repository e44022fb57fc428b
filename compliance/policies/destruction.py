"""The states of a destruction and of the things on its list, and what a list says of itself."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem

APPROVERS: Final = 2
MOST_ITEMS: Final = 500
_BEFORE = ("proposed", "business_reviewed", "archivist_reviewed", "cooling")


@dataclass(frozen=True, slots=True)
class Cooling:
    """When the cooling-off ends, and what time it is."""

    until: datetime | None
    now: datetime


def _cooled(facts: Cooling) -> list[Problem]:
    if facts.until is None or facts.now < facts.until:
        return [Problem("cooling", _("The cooling-off is not over."))]
    return []


MOVES = Moves(
    Move("proposed", "review_business", "business_reviewed"),
    Move("business_reviewed", "review_archive", "archivist_reviewed"),
    Move("archivist_reviewed", "approve", "cooling"),
    *(Move(state, "amend", "proposed") for state in _BEFORE),
    *(Move(state, "refuse", "refused") for state in _BEFORE),
    Move("cooling", "execute", "executing", guard=_cooled),
    Move("executing", "finish", "executed"),
    Move("executed", "verify", "verified"),
    refusal=_("This step is not possible in the state the destruction is in now."),
)

# What a person says in a state, as which part.
PARTS: Final = {"proposed": "business", "business_reviewed": "archive", "archivist_reviewed": "approver"}
STEPS: Final = {"business": "review_business", "archive": "review_archive", "approver": "approve"}


def list_digest(digests: Iterable[str]) -> str:
    """The hash of a list from those of its things, in their order; the database counts the same (migration 0007)."""
    return hashlib.sha256(",".join(digests).encode()).hexdigest()


def item_facts(
    *, batch: int, place: int, unit: str, object_id: str, policy: int, records: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the hash of a listed thing is made of."""
    return {
        "v": 1,
        "batch": batch,
        "place": place,
        "unit": unit,
        "id": object_id,
        "policy": policy,
        "records": [dict(each) for each in records],
    }
