"""Long work that people watch: started with a row, led by a lease, finished with a result or an error in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from . import audit
from .actors import Actor
from .errors import Conflict, NotFound
from .ids import uuid7
from .models import Job
from .moves import Move, Moves, step
from .sentences import kept
from .tenancy import current_tenant_id, tenant_atomic

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
STOPPED = gettext_lazy("The work stopped several times without an end.")

# `take`: a worker leases it, also one whose lease ended. Nothing leads to `cancelled` yet.
MOVES: Final = Moves(
    Move("waiting", "take", "running", lease=True),
    Move("running", "take", "running", lease=True),
    Move("running", "hand_over", "waiting", lease=True),
    Move("running", "finish", "done"),
    Move("waiting", "fail", "failed"),
    Move("running", "fail", "failed"),
)


def start(*, actor: Actor, kind: str, total: int = 0, params: Mapping[str, Any] | None = None) -> Job:
    """A waiting job of `total` units. The caller sends the task that works on it after commit.

    A key that started it stands in `params` as `key`: it is no member.
    """
    job_id = uuid7()
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action="core.job.started",
            object_type="core.job",
            object_id=job_id,
            after={"kind": kind, "total": total},
        )
        return Job.objects.create(
            id=job_id,
            kind=kind,
            total=total,
            params={**({"key": str(actor.id)} if actor.kind == "key" else {}), **(params or {})},
            started_by_id=actor.membership_id,
            audit_event_id=event_id,
        )


def claim(job_id: UUID) -> Job | None:
    """Take a waiting job, or a running one whose worker's lease ended, for LEASE; None when somebody else has it.

    After MOST_ATTEMPTS claims without an end the job fails: a poisonous one must not go round for ever.
    """
    now = timezone.now()
    with tenant_atomic():
        free = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, lease_until__lt=now)
        job = Job.objects.select_for_update(skip_locked=True).filter(free, id=job_id).first()
        if job is None:
            return None
        if job.attempts - job.params.get("handed_over", 0) >= MOST_ATTEMPTS:
            fail(job, STOPPED)
            return None
        _step(job, "take", lease_until=now + LEASE, attempts=job.attempts + 1)
        return job


def advance(job: Job, *, done: int, total: int | None = None) -> None:
    """Note progress and prolong the lease. Raises Conflict when the job was cancelled or taken over meanwhile.

    `total` is given by work that finds out only on its way how much there is.
    """
    total = job.total if total is None else total
    with tenant_atomic():
        mine = Job.objects.filter(id=job.id, state=Job.State.RUNNING, attempts=job.attempts)
        if not mine.update(done=done, total=total, lease_until=timezone.now() + LEASE):
            raise Conflict
    job.done, job.total = done, total


def hand_over(job: Job) -> None:
    """End one step of long work and let the next task go on at once: no task may outlast the broker's patience.

    Raises Conflict when the job was taken over meanwhile.
    """
    params = {**job.params, "handed_over": job.params.get("handed_over", 0) + 1}
    with tenant_atomic():
        _step(job, "hand_over", lease_until=None, params=params)


def finish(job: Job, result: Mapping[str, Any]) -> None:
    """End the job with its result. Raises Conflict when it was taken over meanwhile: its new worker ends it."""
    with tenant_atomic():
        event_id = audit.record(
            actor=Actor.system(current_tenant_id(), "worker"),
            action="core.job.finished",
            object_type="core.job",
            object_id=job.id,
            count=job.done,
        )
        ended = {"finished_at": timezone.now(), "lease_until": None, "audit_event_id": event_id}
        _step(job, "finish", result=dict(result), **ended)


def fail(job: Job, *sentences: Any) -> None:
    """End the job with what people read of it; what was done before stays done and is told by its rows.

    Sentences are kept in English, so that each reader gets them in a language of their own (`Job.error_shown`).

    What the kind registered as `on_failed` runs in the same transaction, so that the thing worked on is not left busy.
    Raises Conflict when the job has ended or was taken over meanwhile: its new worker may still succeed.
    """
    error = "\n".join(kept(sentence) for sentence in sentences)
    with tenant_atomic():
        event_id = audit.record(
            actor=Actor.system(current_tenant_id(), "worker"),
            action="core.job.failed",
            object_type="core.job",
            object_id=job.id,
        )
        ended = {"finished_at": timezone.now(), "lease_until": None, "audit_event_id": event_id}
        _step(job, "fail", error=error[:2000], **ended)
        on_failed = _kinds[job.kind].on_failed if job.kind in _kinds else None
        if on_failed is not None:
            on_failed(job)


def _step(job: Job, event: str, **values: Any) -> None:
    """The job's next state, unless another worker took it over: each claim counts one attempt more."""
    step(job, MOVES, event, also={"attempts": job.attempts}, **values)


def stalled() -> list[Job]:
    """Jobs that wait unsent or whose worker died: the sweep sends them again."""
    now = timezone.now()
    with tenant_atomic():
        waiting = Q(state=Job.State.WAITING, created_at__lt=now - LEASE)
        return list(Job.objects.filter(waiting | Q(state=Job.State.RUNNING, lease_until__lt=now)).order_by("id")[:100])


def get_job_for(actor: Actor, job_id: UUID) -> Job:
    """A job the actor may watch: all, or those the actor started. Raises NotFound otherwise."""
    jobs = Job.objects.filter(id=job_id)
    if actor.branches("jobs.view") is not None:
        jobs = jobs.filter(_started_by(actor)) if actor.owns("jobs.view") else jobs.none()
    if (job := jobs.first()) is None:
        raise NotFound
    return job


def _started_by(actor: Actor) -> Q:
    """A key's jobs are the key's own: another key of the same role does not see them."""
    return Q(params__key=str(actor.id)) if actor.kind == "key" else Q(started_by_id=actor.membership_id or actor.id)


@dataclass(frozen=True, slots=True)
class _Kind:
    task: Any
    on_failed: Callable[[Job], None] | None


_kinds: dict[str, _Kind] = {}


def register_kind(kind: str, task: Any, on_failed: Callable[[Job], None] | None = None) -> None:
    """Say which task works on jobs of a kind (it takes job_id), so that the sweep can send stalled ones again.

    `on_failed` runs in the transaction that fails a job: there the thing it worked on becomes free again.
    """
    _kinds[kind] = _Kind(task, on_failed)


def task_of(kind: str) -> Any | None:
    """The task of a kind; None for one that this version does not know, whose jobs wait for one that does."""
    return _kinds[kind].task if kind in _kinds else None
