"""The execution of a destruction: what goes, what is kept back, what a killed run leaves, and who bears witness."""

import io
import os
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from carloan.archives.models import Paper, SearchSegment
from carloan.compliance.models import DestructionBatch, RetentionRecord
from carloan.compliance.selectors.destruction import items_of, to_execute, to_verify
from carloan.compliance.services.executing import batch_execute, batch_verify
from carloan.core import lookup, vault
from carloan.core.errors import Conflict
from carloan.core.keys import KeyDestroyed, is_destroyed, secrets_of
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import Loan, Party, Vehicle
from carloan.loans.services.loans import loan_move
from tests.archives.conftest import received
from tests.at_once import at_once
from tests.cast import Lender
from tests.compliance.destroyed import approved, cooled, due_loans, proposed
from tests.compliance.held import place
from tests.compliance.retained import borrower, sweep
from tests.killed import killed
from tests.loans.book import id_number, vin_number
from tests.tenancy.routes import BLANK_PAGE

State = DestructionBatch.State

# A run that dies by kill -9 at one step: behind the key, when the rows are emptied but not committed; or behind the
# commit, before the files go; or when the files are gone and nobody was told.
DYING = """
from carloan.compliance import destroying
from carloan.compliance.services import executing
from carloan.core.actors import Actor
tenant_id, batch_id, step = UUID(sys.argv[1]), UUID(sys.argv[2]), sys.argv[3]
if step == "key":
    dies(destroying, "destroy", behind=True)
else:
    dies(*{"files": (destroying, "clean"), "told": (executing, "_tell")}[step])
with tenant_scope(tenant_id):
    executing.batch_execute(actor=Actor.system(tenant_id, "sweep"), batch_id=batch_id)
"""


def execute(lender: Lender, batch: DestructionBatch, **more: Any) -> bool:
    with tenant_scope(lender.tenant.id):
        return batch_execute(actor=lender.system, batch_id=batch.id, **more)


def verify(lender: Lender, batch: DestructionBatch) -> list[tuple[int, list[str]]]:
    with tenant_scope(lender.tenant.id):
        return batch_verify(actor=lender.system, batch_id=batch.id)


def ready(lender: Lender, *loans: Loan, **more: Any) -> DestructionBatch:
    """Approved, with its cooling-off over."""
    batch = approved(lender, proposed(lender, *loans, **more))
    cooled(batch)
    return batch


def with_paper(lender: Lender, loan: Loan) -> Paper:
    """A paper whose bytes lie in the store, of a loan that ended."""
    with lender.open():
        return received(lender, BLANK_PAGE, loan=loan)


def states(lender: Lender, batch: DestructionBatch) -> tuple[str, list[str]]:
    with lender.open():
        return DestructionBatch.objects.get(id=batch.id).state, [item.state for item in items_of(batch)]


def text_index_is_tidy(lender: Lender) -> None:
    with lender.open():
        SearchSegment.objects.update(purge=False)


def test_a_loan_goes_with_its_papers_files_and_index_and_leaves_a_tombstone(committed: Lender) -> None:
    (loan,) = due_loans(committed, 1)
    paper = with_paper(committed, loan)
    with committed.open():
        sweep(committed)
        assert RetentionRecord.objects.get(record_class="papers", object_id=loan.id).phase == "due"
        batch = proposed(committed, loan)
        assert to_execute() == []
    batch = approved(committed, batch)
    cooled(batch)
    with committed.open():
        assert to_execute() == [batch.id]
        assert vault.exists(paper.stored)
    assert execute(committed, batch) is False
    with committed.open():
        assert not vault.exists(paper.stored)
        assert Paper.objects.get(id=paper.id).stored == ""
        with pytest.raises(KeyDestroyed):
            secrets_of(loan.key_subject())
        assert lookup.find(vin_number(1)) == []
        assert Vehicle.objects.get(loan=loan).vin is None
        (item,) = items_of(batch)
        assert (item.state, item.files, item.object_id) == ("destroyed", 1, loan.id)
        assert AuditEvent.objects.get(id=item.audit_event_id).action == "compliance.destruction.item_destroyed"
        assert to_verify() == [batch.id]
    assert verify(committed, batch) == []
    assert states(committed, batch) == ("verified", ["verified"])
    with committed.open():
        sweep(committed)
        phases = set(RetentionRecord.objects.filter(object_id=loan.id).values_list("phase", flat=True))
        assert phases == {"destroyed"}
        assert to_verify() == []
    with pytest.raises(Conflict):
        verify(committed, batch)


def test_a_person_goes_and_can_be_entered_anew(committed: Lender) -> None:
    (loan,) = due_loans(committed, 1)
    with committed.open():
        who = borrower(loan)
    batch = ready(committed, unit="party", ids=[who.id])
    execute(committed, batch)
    assert verify(committed, batch) == []
    with committed.open():
        gone = Party.objects.get(id=who.id)
        assert (gone.name, gone.id_number, gone.id_digest) == (None, None, None)
        assert lookup.find(id_number(1)) == []
        assert not is_destroyed(loan.key_subject())


def test_what_was_held_or_reopened_since_the_approval_is_kept_back(committed: Lender) -> None:
    held, reopened, gone = due_loans(committed, 3)
    batch = ready(committed, held, reopened, gone)
    with committed.open():
        place(committed, ("loan", held.id))
        loan_move(actor=committed.actor("admin"), loan=reopened, event="reopen", reason="误结清")
    execute(committed, batch)
    with committed.open():
        found = [(item.state, item.spared) for item in items_of(batch)]
        assert found == [("spared", "held"), ("spared", "early"), ("destroyed", "")]
        assert not is_destroyed(held.key_subject())
        assert Vehicle.objects.get(loan=held).vin is not None
        event = AuditEvent.objects.get(action="compliance.destruction.item_spared", reason_code="held")
        assert event.object_id == items_of(batch)[0].id


def test_a_paper_that_is_held_keeps_its_loan(committed: Lender) -> None:
    """The loan's own app knows no papers; the database of the archive refuses."""
    (loan,) = due_loans(committed, 1)
    paper = with_paper(committed, loan)
    with committed.open():
        sweep(committed)
    batch = ready(committed, loan)
    with committed.open():
        place(committed, ("paper", paper.id))
    execute(committed, batch)
    with committed.open():
        assert [(item.state, item.spared) for item in items_of(batch)] == [("spared", "held")]
        assert vault.exists(paper.stored)
        assert not is_destroyed(loan.key_subject())


def test_a_long_list_is_done_in_turns(committed: Lender) -> None:
    batch = ready(committed, *due_loans(committed, 3))
    assert execute(committed, batch, most=2) is True
    assert states(committed, batch) == ("executing", ["destroyed", "destroyed", "listed"])
    assert execute(committed, batch, most=2) is False
    assert states(committed, batch)[0] == "executed"
    with pytest.raises(Conflict):
        execute(committed, batch)


@pytest.mark.parametrize("step", ["key", "files", "told"])
def test_a_killed_run_converges_and_tells_nothing_twice(committed: Lender, step: str) -> None:
    one, two = due_loans(committed, 2)
    papers = [with_paper(committed, loan) for loan in (one, two)]
    with committed.open():
        sweep(committed)
    batch = ready(committed, one, two)
    killed(DYING, committed.tenant.id, batch.id, step)
    assert states(committed, batch) == ("executing", ["listed", "listed"])
    with committed.open():
        assert is_destroyed(one.key_subject()), "it died behind the key"
        assert (Vehicle.objects.get(loan=one).vin is None) is (step != "key")
        with pytest.raises(Conflict):
            place(committed, ("loan", one.id))
    execute(committed, batch)
    text_index_is_tidy(committed)
    assert verify(committed, batch) == []
    with committed.open():
        told = AuditEvent.objects.filter(action="compliance.destruction.item_destroyed")
        assert {event.object_id for event in told} == {item.id for item in items_of(batch)}
        assert told.count() == 2
        assert AuditEvent.objects.filter(action="compliance.destruction.executed").count() == 1
        assert not any(vault.exists(paper.stored) for paper in papers)


def test_two_runs_at_once_destroy_once(committed: Lender) -> None:
    batch = ready(committed, *due_loans(committed, 3))
    with committed.open():
        batch_id: UUID = batch.id
    faults = at_once(
        committed, *[lambda: batch_execute(actor=committed.system, batch_id=batch_id) for _turn in range(2)]
    )
    assert all(isinstance(fault, Conflict) for fault in faults if fault)
    if states(committed, batch)[0] != "executed":
        execute(committed, batch)
    with committed.open():
        assert AuditEvent.objects.filter(action="compliance.destruction.executed").count() == 1
        assert AuditEvent.objects.filter(action="compliance.destruction.item_destroyed").count() == 3
    connections.close_all()


def test_the_witness_sees_what_is_left(committed: Lender) -> None:
    """Whatever says that it was destroyed: a file that came back, a row that holds something again."""
    (loan,) = due_loans(committed, 1)
    paper = with_paper(committed, loan)
    with committed.open():
        sweep(committed)
        vin = Vehicle.objects.get(loan=loan).vin
    batch = ready(committed, loan)
    execute(committed, batch)
    text_index_is_tidy(committed)
    with committed.open():
        key = os.urandom(32)
        again = vault.put(io.BytesIO(b"x"), paper_key=key, paper_id=paper.id)
        Vehicle.objects.filter(loan=loan).update(vin=vin)
    assert verify(committed, batch) == [(1, ["columns", "files"])]
    with pytest.raises(CommandError):
        call_command("verify_destruction", committed.tenant.slug, batch.number)
    assert states(committed, batch) == ("executed", ["destroyed"])
    with committed.open():
        vault.remove(again.name)
        Vehicle.objects.filter(loan=loan).update(vin=None)
    call_command("verify_destruction", committed.tenant.slug, batch.number)
    assert states(committed, batch) == ("verified", ["verified"])
