"""A dry run of a draft over many records: a job, a record class at a time, whose result stays to be looked at."""

import time
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import RetentionPolicy
from carloan.compliance.policies.retention import MOVES
from carloan.compliance.retention import record_classes
from carloan.compliance.selectors.retention_dry_runs import (
    KIND,
    classes_left,
    compared,
    is_current,
    last_dry_run,
    moment_of,
)
from carloan.compliance.services.retention import MANAGE
from carloan.core import jobs
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.locks import hold
from carloan.core.models import Job
from carloan.core.tenancy import tenant_atomic

# A task must be far shorter than the broker's patience: then the next one goes on.
STEP_SECONDS: Final = 20.0
GONE: Final = _("The draft was changed or published meanwhile. Run it again over what it says now.")


def dry_run_begin(*, actor: Actor, policy: RetentionPolicy) -> Job:
    """Begin a dry run over a draft as it is saved now. Needs `retention.manage`.

    Raises Conflict for a published policy and while a dry run of the same draft is under way.
    """
    actor.require(MANAGE)
    with tenant_atomic():
        hold("retention dry run")  # two people at once: the second one finds the job of the first
        MOVES.need(policy.state, "publish")
        running = last_dry_run(actor, policy)
        if running is not None and running.state in (Job.State.WAITING, Job.State.RUNNING):
            raise Conflict(_("A dry run of this draft is under way. Wait for its end."))
        codes = [each.code for each in record_classes()]
        params = {
            "policy": str(policy.id),
            "revision": policy.revision,
            "now": moment_of(policy).isoformat(),
            "classes": codes,
            "found": {},
        }
        job = jobs.start(actor=actor, kind=KIND, total=len(codes), params=params)
        _send(job)
    return job


def dry_run_work(*, job_id: UUID) -> None:
    """Look at one record class after the other and hand over after some seconds, or end the job. Nothing but the job
    is written; killed anywhere, the class that was being looked at is looked at again."""
    job = jobs.claim(job_id)
    if job is None:
        return
    began, now = time.monotonic(), datetime.fromisoformat(job.params["now"])
    for each in classes_left(job):
        with tenant_atomic():
            policy = RetentionPolicy.objects.get(id=job.params["policy"])
            if policy.state != RetentionPolicy.State.DRAFT or not is_current(job, policy):
                jobs.fail(job, GONE)
                return
            rows = compared(each, policy, now)
        job.params["found"][each.code] = rows
        jobs.advance(job, done=len(job.params["found"]))
        if classes_left(job) and time.monotonic() - began > STEP_SECONDS:
            with tenant_atomic():
                jobs.hand_over(job)
                _send(job)
            return
    jobs.finish(job, {"found": job.params["found"]})


def _send(job: Job) -> None:
    from carloan.compliance.tasks import work_on_retention_dry_run  # noqa: PLC0415  the pair of task and service

    work_on_retention_dry_run.send(job_id=str(job.id))
