"""Care for the installation, by beat."""

from django.core.management import call_command

from . import jobs
from .tasks import for_each_tenant, platform_task, tenant_task


@platform_task(lane="sweep", reason="asks each tenant for its stalled jobs")
def resend_stalled_jobs() -> None:
    for_each_tenant(resend_stalled_jobs_of_tenant)


@tenant_task(lane="sweep")
def resend_stalled_jobs_of_tenant() -> None:
    for job in jobs.stalled():
        jobs.task_of(job.kind).send(job_id=str(job.id))


@platform_task(lane="sweep", reason="removes ended sessions, which belong to no tenant")
def clear_sessions() -> None:
    call_command("clearsessions")
