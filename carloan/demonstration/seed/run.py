"""The whole seed, step by step; what is there already is left alone."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

from django.utils import timezone

from carloan.core.models import Counter, Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import LENDERS, SEPARATED, Lender
from carloan.demonstration.seed import (
    activity,
    book,
    checklists,
    dossiers,
    house,
    keeping,
    messages,
    originals,
    oversight,
    persons,
    registers,
    teamwork,
)
from carloan.demonstration.stories import TURNS, stories

LOANS = 1_200
# Counts the loans of a finished seed: what tells a whole demonstration from one that was interrupted.
MARK = "demonstration.loans"

Tell = Callable[[str], None]


def seeded() -> int | None:
    """How many loans a finished seed made; None when there is none or it was interrupted."""
    total = 0
    for lender in LENDERS:
        tenant = Tenant.objects.filter(slug=lender.slug, is_demonstration=True).first()
        if tenant is None:
            return None
        with tenant_atomic(tenant.id):
            mark = Counter.objects.filter(name=MARK).first()
        if mark is None:
            return None
        total += mark.value
    return total


def holds_other_lenders() -> bool:
    """Whether somebody works here already who is no demonstration."""
    return Tenant.objects.filter(is_demonstration=False).exists()


def seed(loans: int, *, tell: Tell) -> None:
    """Make or mend the demonstration of `loans` loans over the lenders with a book, and the lender without one."""
    with ThreadPoolExecutor(1) as pool:
        hashed_first = house.hash_passwords(SEPARATED, pool)
        hashed = [house.hash_passwords(lender, pool) for lender in LENDERS]
        # What a finished seed is told by stands in the lenders with a book, so that they come last.
        with _timed(tell, SEPARATED.name):
            _seed_separated(SEPARATED, hashed_first, tell)
        for lender, count, passwords in zip(LENDERS, shares(loans), hashed, strict=True):
            with _timed(tell, f"{lender.name}: {count}"):
                _seed_lender(lender, count, passwords, tell)


def shares(loans: int) -> list[int]:
    first = [loans * lender.share // 100 for lender in LENDERS[:-1]]
    return [*first, loans - sum(first)]


def _seed_lender(lender: Lender, count: int, passwords: dict[str, Future[str]], tell: Tell) -> None:
    tenant = house.tenant_of(lender)
    with _timed(tell, "  people"):
        house.furnish(lender, tenant)
    # Histories end on the day of the first seed: mending tomorrow must not tell other stories.
    as_of: date = timezone.localdate(tenant.created_at)
    everything = list(stories(lender, count, as_of=as_of, archived=lender.archived))
    told = everything[:count]
    with _timed(tell, "  ledger"):
        book.import_ledger(lender, tenant, everything, as_of)
    with _timed(tell, "  histories"):
        book.take_over_histories(lender, tenant, everything)
    with _timed(tell, "  applications"):
        book.open_applications(lender, tenant, told)
    with _timed(tell, "  dossiers"):
        dossiers.fill_dossiers(lender, tenant, told, as_of)
    with _timed(tell, "  checklists"):
        checklists.waive_and_close(lender, tenant)
    with _timed(tell, "  uploads"):
        dossiers.drop_fresh_papers(lender, tenant, told, as_of)
    with _timed(tell, "  traces"):
        activity.leave_traces(lender, tenant, as_of)
    with _timed(tell, "  retention"):
        keeping.keep_and_destroy(lender, tenant)
    with _timed(tell, "  registers"):
        registers.keep_registers(lender, tenant)
        persons.ask_and_agree(lender, tenant)
        teamwork.work_together(lender, tenant)
        oversight.oversee(lender, tenant)
        originals.keep_originals(lender, tenant)
        messages.reach_people(lender, tenant)
    house.set_passwords(passwords)
    with tenant_atomic(tenant.id):
        Counter.objects.update_or_create(name=MARK, defaults={"value": count})


def _seed_separated(lender: Lender, passwords: dict[str, Future[str]], tell: Tell) -> None:
    """Three administrators, the loans that are being decided about, and the registers of the house."""
    tenant = house.tenant_of(lender)
    with _timed(tell, "  people"):
        house.furnish(lender, tenant)
    as_of = timezone.localdate(tenant.created_at)
    told = [story for story in stories(lender, len(TURNS), as_of=as_of) if not story.dues]
    with _timed(tell, "  registers"):
        book.open_applications(lender, tenant, told)
        registers.keep_registers(lender, tenant)
        teamwork.work_together(lender, tenant)
        oversight.oversee(lender, tenant)
    house.set_passwords(passwords)


@contextmanager
def _timed(tell: Tell, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    tell(f"{what} {time.monotonic() - began:.1f} s")
