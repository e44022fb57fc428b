"""The states of a destruction and of the things on its list, and what a list says of itself."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem

APPROVERS: Final = 2
WITNESSES: Final = 2
# A day is stamped after its midnight (UTC), and an authority may be away for a while.
STAMP_PATIENCE: Final = timedelta(hours=48)
# Stamps are a day apart, and one may come late.
STAMPS_APART: Final = timedelta(hours=36)
MOST_ITEMS: Final = 500
_BEFORE = ("proposed", "business_reviewed", "archivist_reviewed", "cooling")
# Paper originals go while and after everything else goes, and are declared until the end.
SHREDS: Final = ("executing", "executed", "verified")
OPEN: Final = (*_BEFORE, *SHREDS)
# Why there is no notary is said once it is sure that there is something to be certified.
WITHOUT_NOTARY: Final = (*SHREDS, "certified")


@dataclass(frozen=True, slots=True)
class Cooling:
    """When the cooling-off ends, what time it is by our own clock, and at least by that of somebody else: the time of
    the last stamp of an authority that is not this machine. None where there never was one; a demonstration then goes
    by its own clock."""

    until: datetime | None
    now: datetime
    outside: datetime | None = None
    demonstration: bool = False


def cooled(facts: Cooling) -> list[Problem]:
    """What stands against the execution. Whoever sets our clock forward sets that of a sandbox beside it too, but not
    an authority's."""
    if facts.until is None or facts.now < facts.until:
        return [Problem("cooling", _("The cooling-off is not over."))]
    if facts.outside is None and not facts.demonstration:
        words = _(
            "No time-stamp authority outside this installation has stamped the ledger yet, so that only our own clock "
            "says that the cooling-off is over. It begins after the first stamp of one: have whoever runs the "
            "installation name an authority (CARLOAN_TSA, CARLOAN_TSA_ROOTS)."
        )
        return [Problem("no_outside", words)]
    if facts.outside is not None and facts.outside < facts.until - STAMPS_APART:
        words = _(
            "The cooling-off is over by the clock of this installation only: the last daily time stamp is from long "
            "before. It begins when a new one is there."
        )
        return [Problem("outside", words)]
    return []


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a certificate rests on: whether there are paper originals, how they went, and what the ledger says.

    `waited` runs since the batch's last event.
    """

    originals: bool
    recorded: bool
    witnesses: int
    sealed: bool
    stamped: bool
    waited: timedelta


def missing_evidence(facts: Evidence) -> list[Problem]:
    """What a certificate still waits for. The day's time stamp is waited for only so long: what was destroyed on a
    site without an authority is certified too, and the certificate says that it bears no time stamp."""
    if facts.originals and not facts.recorded:
        return [Problem("originals", _("The destruction of the paper originals is not recorded."))]
    if facts.originals and facts.witnesses < WITNESSES:
        return [Problem("witnesses", _("Two witnesses must say that they saw the paper originals go."))]
    if not facts.sealed:
        return [Problem("seal", _("Its events are not sealed in the ledger yet."))]
    if not facts.stamped and facts.waited < STAMP_PATIENCE:
        return [Problem("stamp", _("The next daily time stamp over the ledger is not there yet."))]
    return []


MOVES = Moves(
    Move("proposed", "review_business", "business_reviewed"),
    Move("business_reviewed", "review_archive", "archivist_reviewed"),
    Move("archivist_reviewed", "approve", "cooling"),
    *(Move(state, "amend", "proposed") for state in _BEFORE),
    *(Move(state, "refuse", "refused") for state in _BEFORE),
    Move("cooling", "execute", "executing", guard=cooled),
    Move("executing", "finish", "executed"),
    Move("executed", "verify", "verified"),
    Move("verified", "certify", "certified", guard=missing_evidence),
    Move("certified", "notarise", "notarised"),
    refusal=_("This step is not possible in the state the destruction is in now."),
)

# The way of a destruction that nobody refuses, as the stepper shows it; a deed of a notary may follow.
WAY: Final = (
    "proposed", "business_reviewed", "archivist_reviewed", "cooling", "executing", "verified", "certified",
)  # fmt: skip
# States of which the way shows what comes next.
_BETWEEN: Final = {"executed": "verified", "notarised": ""}


def steps(state: str) -> list[tuple[str, str]]:
    """Each step of the way with its mark: done, current, or none. Nothing for a destruction that was refused."""
    here = _BETWEEN.get(state, state)
    if here not in (*WAY, ""):
        return []
    at = WAY.index(here) if here else len(WAY)
    marks = ("done" if place < at else "current" if place == at else "" for place in range(len(WAY)))
    return list(zip(WAY, marks, strict=True))


# What a person says in a state, as which part.
PARTS: Final = {"proposed": "business", "business_reviewed": "archive", "archivist_reviewed": "approver"}
RIGHTS: Final = {
    "business": "destruction.review_business",
    "archive": "destruction.review_archive",
    "approver": "destruction.approve",
}
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
