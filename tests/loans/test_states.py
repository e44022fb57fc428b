"""Stages of loans and states of imports change only along their tables, whoever takes the step."""

import io
from typing import Any

import pytest

from carloan.core import jobs
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden
from carloan.loans.models import ContactPoint, ImportBatch, Loan
from carloan.loans.policies import batches, contacts, stages
from carloan.loans.services import import_steps, imports, people
from carloan.loans.services import loans as services
from tests.cast import Lender
from tests.loans.book import core_file, open_loan, phone
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def uploaded(lender: Lender) -> ImportBatch:
    return imports.import_upload(actor=lender.actor("admin"), file=io.BytesIO(core_file(1)), name="台账.csv")


def test_every_event_of_a_loan_in_every_stage(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = stages.Facts(has_borrower=True, has_terms=True, disbursed=True, outstanding=0)
    monkeypatch.setattr(services, "_facts", lambda loan: ready)

    def act(loan: Loan, event: str) -> None:
        services.loan_move(actor=admin, loan=loan, event=event, reason="测试", disbursed_on=loan.disbursed_on)

    with bank.open():
        admin = bank.actor("admin")
        loan = open_loan(admin)
        assert walk(loan, stages.MOVES, Loan.State.values, act) == (11, 61)
    assert {state for move in stages.MOVES for state in (move.source, move.target)} == set(Loan.State.values)


def test_no_machine_ends_what_a_person_must_answer_for(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"))
        machine = Actor.system(bank.tenant.id, "worker")
        for move in stages.MOVES:
            if move.ends:
                Loan.objects.filter(id=loan.id).update(state=move.source)
                with pytest.raises(Forbidden):
                    services.loan_move(actor=machine, loan=Loan.objects.get(id=loan.id), event=move.event, reason="x")


@pytest.mark.parametrize(
    ("event", "state", "missing", "told"),
    [
        ("submit", "application", {"has_borrower": False}, {"borrower"}),
        ("submit", "application", {"has_terms": False}, {"terms"}),
        ("disburse", "disbursal", {"has_borrower": False, "has_terms": False}, {"borrower", "terms"}),
        ("disburse", "disbursal", {"disbursed": False}, {"disbursed_on"}),
        ("settle", "servicing", {"outstanding": 1}, {"outstanding"}),
        ("settle", "servicing", {"overdue": 1, "unallocated": 1}, {"overdue", "unallocated"}),
        ("approve", "approval", {"has_borrower": False, "outstanding": 1}, set()),
    ],
)
def test_what_stands_in_the_way_of_a_stage_is_named(
    event: str, state: str, missing: dict[str, Any], told: set[str]
) -> None:
    ready: dict[str, Any] = {"has_borrower": True, "has_terms": True, "disbursed": True, "outstanding": 0}
    move = stages.MOVES.need(state, event)
    assert {problem.code for problem in move.obstacles(stages.Facts(**(ready | missing)))} == told
    assert move.obstacles(stages.Facts(**ready)) == []


def test_every_event_of_an_import_in_every_state(bank: Lender) -> None:
    def act(batch: ImportBatch, event: str) -> None:
        if event == "map":
            imports.import_map(actor=admin, batch=batch, spec=batch.spec)
        elif event == "check":
            imports.import_check_start(actor=admin, batch=batch)
        elif event == "book":
            imports.import_run_start(actor=admin, batch=batch)
        else:
            end(batch, event)

    def end(batch: ImportBatch, event: str) -> None:
        """Its job, whose worker comes to an end while the import stands where it stands."""
        kind = batches.CHECK if event == "end_check" else batches.RUN
        job = jobs.claim(jobs.start(actor=admin, kind=kind, params={"batch": str(batch.id)}).id)
        assert job is not None
        before = ImportBatch.objects.values("job_id").get(id=batch.id)
        ImportBatch.objects.filter(id=batch.id).update(job=job)
        try:
            if event == "fail":
                import_steps.import_failed(job)
                if ImportBatch.objects.get(id=batch.id).state == batch.state:
                    raise Conflict
            else:
                import_steps._finish(import_steps._begin(job))
        except Conflict:
            ImportBatch.objects.filter(id=batch.id).update(**before)
            raise

    with bank.open():
        admin = bank.actor("admin")
        assert walk(uploaded(bank), batches.MOVES, ImportBatch.State.values, act) == (13, 17)
    assert {state for move in batches.MOVES for state in (move.source, move.target)} == set(ImportBatch.State.values)


def test_every_event_of_a_telephone_number(bank: Lender) -> None:
    def act(contact: ContactPoint, event: str) -> None:
        if event == "end":
            people.contact_point_end(actor=admin, loan=loan, contact=contact)
        elif not people.contacts_add(actor=admin, party=contact.party, phones=[phone(1)], source="entry"):
            raise Conflict

    with bank.open():
        admin = bank.actor("admin")
        loan = open_loan(admin)
        contact = ContactPoint.objects.get()
        assert walk(contact, contacts.MOVES, ContactPoint.State.values, act) == (2, 2)


def test_an_import_ends_only_by_the_job_that_works_on_it(bank: Lender) -> None:
    with bank.open():
        admin, batch = bank.actor("admin"), uploaded(bank)
        first = jobs.claim(imports.import_check_start(actor=admin, batch=batch).id)
        assert first is not None
        work = import_steps._begin(first)
        other = jobs.start(actor=admin, kind=batches.CHECK)
        ImportBatch.objects.filter(id=batch.id).update(job=other)
        with pytest.raises(Conflict):
            import_steps._finish(work)
        assert ImportBatch.objects.get().state == "running"


def test_a_page_that_is_behind_starts_what_may_be_started_now_and_nothing_else(bank: Lender) -> None:
    with bank.open():
        admin, batch = bank.actor("admin"), uploaded(bank)
        behind, late = ImportBatch.objects.get(), ImportBatch.objects.get()
        imports.import_check_start(actor=admin, batch=batch)
        with pytest.raises(Conflict):
            imports.import_run_start(actor=admin, batch=behind)
        ImportBatch.objects.update(state="checked")
        imports.import_run_start(actor=admin, batch=late)
        assert ImportBatch.objects.get().state == "running"
