"""Races of people and workers about one thing, each act on a connection of its own, begun at the same moment or a few
milliseconds apart. Who wins is chance; what has to hold whoever wins is asserted after each round.

The rounds share one lender with many ended loans; each takes loans that no other round touched.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from django.db import connections

from carloan.compliance.models import (
    DestructionBatch,
    DestructionItem,
    DestructionVoice,
    HoldRelease,
    LegalHold,
    Opening,
)
from carloan.compliance.selectors.holds import notices_on
from carloan.compliance.services.destruction import item_drop
from carloan.compliance.services.executing import batch_execute
from carloan.compliance.services.holds import hold_release
from carloan.compliance.services.openings import opening_decide, opening_use, opening_withdraw
from carloan.core.errors import AppError
from carloan.core.keys import Subject, is_destroyed
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import Loan
from tests.cast import Lender
from tests.compliance.destroyed import cooled, proposed, say, speakers
from tests.compliance.held import another, place
from tests.compliance.test_openings import asked

Act = Callable[[], object]
# Acts that begin so many seconds apart still meet in the middle of each other.
APART: Final = 0.012


@dataclass(frozen=True)
class Arena:
    """A lender, its ended loans that no round has taken, and the chance that decides who begins first."""

    lender: Lender
    loans: Iterator[Loan]
    chance: Random

    def meet(self, *acts: Act) -> list[AppError | None]:
        """Run acts at once; what each was refused with, in their order. Any other fault ends the round."""
        start = threading.Barrier(len(acts), timeout=30)
        ends: list[BaseException | None] = [None] * len(acts)

        def run(place: int, late: float) -> None:
            try:
                start.wait()
                time.sleep(late)
                acts[place]()
            except BaseException as error:  # noqa: BLE001  whatever it is, the round looks at it
                ends[place] = error
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=run, args=[place, self.chance.uniform(0, APART)]) for place in range(len(acts))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "two of them wait for each other"
        for end in ends:
            if end is not None and not isinstance(end, AppError):
                raise end
        return [end for end in ends if end is None or isinstance(end, AppError)]

    def inside(self, act: Act) -> Act:
        """An act in one transaction of the lender, as a request's is."""

        def run() -> object:
            with self.lender.open():
                return act()

        return run


def _reviewed(arena: Arena, *loans: Loan) -> DestructionBatch:
    """A list that waits for its two approvers."""
    batch = proposed(arena.lender, *loans)
    with arena.lender.open():
        for speaker in speakers(arena.lender)[:2]:
            batch = say(arena.lender, batch, speaker())
    return batch


def _approve(arena: Arena, batch: DestructionBatch, who: int) -> Act:
    return arena.inside(lambda: say(arena.lender, batch, speakers(arena.lender)[who]()))


def _ready(arena: Arena, *loans: Loan) -> DestructionBatch:
    batch = _reviewed(arena, *loans)
    with arena.lender.open():
        for who in (2, 3):
            batch = say(arena.lender, batch, speakers(arena.lender)[who]())
    cooled(batch)
    return batch


def _execute(arena: Arena, batch: DestructionBatch) -> Act:
    def run() -> None:
        with tenant_scope(arena.lender.tenant.id):
            batch_execute(actor=arena.lender.system, batch_id=batch.id)

    return run


def _approvals(batch: DestructionBatch, digest: str) -> list[Any]:
    rows = DestructionVoice.objects.filter(batch=batch, part="approver", list_digest=digest, agrees=True)
    return list(rows.values_list("member_id", flat=True))


def approvers_at_once(arena: Arena) -> None:
    """Two approvers at the same moment, one of them with two windows: two voices of two people, no third."""
    batch = _reviewed(arena, next(arena.loans))
    arena.meet(_approve(arena, batch, 2), _approve(arena, batch, 3), _approve(arena, batch, 2))
    with arena.lender.open():
        after = DestructionBatch.objects.get(id=batch.id)
        voices = _approvals(after, after.list_digest)
        assert (after.state, len(voices), len(set(voices))) == ("cooling", 2, 2)


def approval_of_a_changing_list(arena: Arena) -> None:
    """An approval while the proposer takes a thing off the list: nothing cools that two people did not see as it is."""
    loans = [next(arena.loans), next(arena.loans)]
    batch = _reviewed(arena, *loans)
    with arena.lender.open():
        item = DestructionItem.objects.filter(batch=batch).order_by("place")[0]

    def drop() -> None:
        proposer = another(arena.lender, "compliance", "提议人")
        item_drop(actor=proposer, batch=batch, item=item, reason="列错了")

    arena.meet(_approve(arena, batch, 2), arena.inside(drop), _approve(arena, batch, 3))
    with arena.lender.open():
        after = DestructionBatch.objects.get(id=batch.id)
        if after.state == "cooling":
            assert len(set(_approvals(after, after.list_digest))) == 2
        else:
            assert (after.state, _approvals(after, after.list_digest)) == ("proposed", [])


def hold_and_execution(arena: Arena) -> None:
    """A hold is placed while two workers execute: the loan is held and whole, or gone and the hold refused."""
    loan = next(arena.loans)
    batch = _ready(arena, loan)
    *_workers, refused = arena.meet(
        _execute(arena, batch), _execute(arena, batch), arena.inside(lambda: place(arena.lender, ("loan", loan.id)))
    )
    with arena.lender.open():
        (state,) = DestructionItem.objects.filter(batch=batch).values_list("state", flat=True)
        held, gone = bool(notices_on([("loan", loan.id)])), is_destroyed(Subject("loan", loan.id))
        assert held != gone
        assert held == (refused is None)
        assert state in (("destroyed", "verified") if gone else ("listed", "spared"))
        told = AuditEvent.objects.filter(object_id=loan.id, action="compliance.destruction.item_destroyed").count()
        assert told <= 1, "nothing is told to have gone twice"


def releases_at_once(arena: Arena) -> None:
    """Two people release a hold, one of them twice and the one who placed it too: two voices, none of the placer."""
    loan = next(arena.loans)
    with arena.lender.open():
        hold = place(arena.lender, ("loan", loan.id))
        first, second = (another(arena.lender, "compliance", name) for name in ("批准人甲", "批准人乙"))
        placer = arena.lender.actor("compliance")

    def release(actor: Any) -> Act:
        return arena.inside(lambda: hold_release(actor=actor, hold=hold, reason="案件已结"))

    arena.meet(release(first), release(second), release(first), release(placer))
    with arena.lender.open():
        voices = list(HoldRelease.objects.filter(hold=hold).values_list("member_id", flat=True))
        assert sorted(voices, key=str) == sorted((first.membership_id, second.membership_id), key=str)
        assert LegalHold.objects.get(id=hold.id).state == "released"


def opening_in_many_windows(arena: Arena) -> None:
    """Who asked withdraws and opens in two windows while a second person decides: opened once at most, and only when it
    was approved."""
    lender = arena.lender
    with lender.open():
        row = asked(lender)

    def fresh() -> Opening:
        return Opening.objects.get(id=row.id)

    def use() -> None:
        opening_use(actor=lender.actor("officer"), opening=fresh())

    arena.meet(
        arena.inside(lambda: opening_decide(actor=lender.actor("compliance"), opening=fresh(), approve=True)),
        arena.inside(use),
        arena.inside(use),
        arena.inside(lambda: opening_withdraw(actor=lender.actor("officer"), opening=fresh())),
    )
    with lender.open():
        acts = list(AuditEvent.objects.filter(object_id=row.id).values_list("action", flat=True))
        opened = acts.count("compliance.opening.opened")
        assert opened <= 1
        assert fresh().state == ("opened" if opened else fresh().state)
        if opened:
            assert acts.count("compliance.opening.approved") == 1
            assert "compliance.opening.withdrawn" not in acts


RACES: Final[dict[str, Callable[[Arena], None]]] = {
    race.__name__: race
    for race in (
        approvers_at_once,
        approval_of_a_changing_list,
        hold_and_execution,
        releases_at_once,
        opening_in_many_windows,
    )
}
# How many loans a round of each takes.
TAKES: Final = {"approval_of_a_changing_list": 2, "opening_in_many_windows": 0}
