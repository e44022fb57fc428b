"""A destruction for the tests: a lender of their own with a policy, people in every part, and the clock set forward."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg2
from django.utils import timezone

from carloan.compliance.models import DestructionBatch
from carloan.compliance.services.destruction import batch_propose, batch_speak
from carloan.core.actors import Actor
from carloan.loans.models import Loan
from tests.cast import Lender
from tests.compliance.held import another
from tests.compliance.retained import ended_loan, published, sweep
from tests.loans.book import person
from tests.plugin import owner_urls

LONG_AGO = date(2010, 5, 1)


def due_loans(lender: Lender, count: int, *, first: int = 1) -> list[Loan]:
    """Loans that are past their time by now."""
    with lender.open():
        published(lender)
        loans = [
            ended_loan(lender, serial, LONG_AGO, people=[person(serial)]) for serial in range(first, first + count)
        ]
        sweep(lender)
    return loans


def proposed(
    lender: Lender, *loans: Loan, unit: str = "loan", ids: list[UUID] | None = None, originals: bool = False
) -> DestructionBatch:
    with lender.open():
        return batch_propose(
            actor=another(lender, "compliance", "提议人"),
            unit=unit,
            ids=ids or [loan.id for loan in loans],
            opinion="保管期满，鉴定小组同意销毁",
            originals=originals,
        )


def speakers(lender: Lender) -> list[Callable[[], Actor]]:
    """Business, archive, and the two approvers, in their order. Call each inside the open lender."""
    return [
        lambda: lender.actor("officer"),
        lambda: lender.actor("archivist"),
        lambda: another(lender, "compliance", "批准人甲"),
        lambda: another(lender, "compliance", "批准人乙"),
    ]


def say(lender: Lender, batch: DestructionBatch, actor: Actor, **more: Any) -> DestructionBatch:
    given = {"digest": batch.list_digest, "agrees": True, "reason": "", **more}
    return batch_speak(actor=actor, batch=batch, **given)


def approved(lender: Lender, batch: DestructionBatch) -> DestructionBatch:
    with lender.open():
        for speaker in speakers(lender):
            batch = say(lender, batch, speaker())
    return batch


def cooled(batch: DestructionBatch) -> None:
    """The days pass: a superuser, whom no trigger binds, moves the committed cooling-off into the past."""
    past = timezone.now() - timedelta(days=8)
    with psycopg2.connect(owner_urls["DATABASE_URL"]) as link, link.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE compliance_destructionbatch SET approved_at = %s, cooling_until = %s WHERE id = %s",
            [past, past + timedelta(days=7), str(batch.id)],
        )
        assert cursor.rowcount == 1
    link.close()
