"""State machines: tables that are asked, one statement that compares and sets; and jobs as the first of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from carloan.core import jobs, sweeps
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent, Job
from carloan.core.moves import Move, Moves, step
from carloan.lib.problems import Problem
from tests.cast import Lender
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def started(lender: Lender, kind: str = "sweep") -> Job:
    return jobs.start(actor=lender.system, kind=kind, total=1)


def taken(lender: Lender) -> Job:
    job = jobs.claim(started(lender).id)
    assert job is not None
    return job


def test_a_table_has_one_line_for_a_state_and_an_event() -> None:
    with pytest.raises(ValueError, match="two lines"):
        Moves(Move("waiting", "take", "running"), Move("waiting", "take", "done"))


def test_what_has_no_line_is_refused_in_the_words_of_the_table() -> None:
    moves = Moves(Move("waiting", "take", "running"), refusal="It runs.")
    assert moves.need("waiting", "take").target == "running"
    assert moves.find("running", "take") is None
    assert moves.leaving("running") == []
    with pytest.raises(Conflict) as refused:
        moves.need("running", "take")
    assert str(refused.value) == "It runs."


def test_a_step_compares_what_it_was_given_and_sets_all_at_once(bank: Lender) -> None:
    with bank.open():
        job, same = taken(bank), Job.objects.get()
        with pytest.raises(Conflict):
            step(job, jobs.MOVES, "finish", also={"attempts": 7}, done=1, audit_event_id=uuid7())
        assert Job.objects.values_list("state", "done").get() == ("running", 0)
        step(job, jobs.MOVES, "finish", also={"attempts": 1}, done=1, audit_event_id=uuid7())
        assert Job.objects.values_list("state", "done").get() == ("done", 1) == (job.state, job.done)
        with pytest.raises(Conflict):
            step(same, jobs.MOVES, "finish", audit_event_id=uuid7())


def test_a_guard_is_asked_by_the_step_itself(bank: Lender) -> None:
    late = Problem("late", "Too late.")
    moves = Moves(Move("waiting", "take", "running", guard=lambda hour: [late] if hour > 17 else []))
    with bank.open():
        job = started(bank)
        with pytest.raises(Invalid) as refused:
            step(job, moves, "take", facts=18, audit_event_id=uuid7())
        assert refused.value.fields == {"late": ["Too late."]}
        assert Job.objects.get().state == "waiting"
        step(job, moves, "take", facts=9, audit_event_id=uuid7())
        assert Job.objects.get().state == "running"


def act(job: Job, event: str) -> None:
    """What workers do with a job that is theirs, or whose lease ended."""
    if event == "take":
        Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        if jobs.claim(job.id) is None:
            Job.objects.filter(id=job.id).update(lease_until=job.lease_until)
            raise Conflict
    elif event == "finish":
        jobs.finish(job, {})
    elif event == "fail":
        jobs.fail(job, "broken")
    else:
        jobs.hand_over(job)


def test_a_jobs_events_in_all_its_states_go_by_the_table(bank: Lender) -> None:
    with bank.open():
        assert walk(taken(bank), jobs.MOVES, Job.State.values, act) == (6, 14)
    reached = {state for move in jobs.MOVES for state in (move.source, move.target)}
    assert reached == set(Job.State.values) - {"cancelled"}, "nobody cancels yet"


@pytest.mark.parametrize("state", Job.State.values)
def test_the_api_tells_the_state_as_it_is(bank: Lender, state: str) -> None:
    with bank.open():
        job = started(bank)
        Job.objects.filter(id=job.id).update(state=state)
    answer = Client().get(f"/api/v1/jobs/{job.id}/", headers={"Authorization": bank.key("admin")})
    assert answer.json()["state"] == state


@pytest.mark.parametrize("end", [jobs.hand_over, lambda job: jobs.finish(job, {}), lambda job: jobs.fail(job, "late")])
def test_a_worker_that_was_overtaken_ends_nothing(bank: Lender, end: Any) -> None:
    with bank.open():
        slow = taken(bank)
        Job.objects.filter(id=slow.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        quick = jobs.claim(slow.id)
        with pytest.raises(Conflict):
            end(slow)
        assert not AuditEvent.objects.filter(action__in=["core.job.finished", "core.job.failed"]).exists()
        assert quick is not None
        jobs.finish(quick, {})
        assert Job.objects.get().state == "done"


def test_a_job_of_an_unknown_kind_does_not_keep_the_sweep_from_the_others(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    class Task:
        def send(self, job_id: str) -> None:
            sent.append(job_id)

    monkeypatch.setitem(jobs._kinds, "known", jobs._Kind(Task(), None))
    with bank.open():
        started(bank, "of another version")
        known = started(bank, "known")
        Job.objects.update(created_at=timezone.now() - 2 * jobs.LEASE)
        sweeps.resend_stalled_jobs_of_tenant.run()
    assert sent == [str(known.id)]
