"""Care for the installation, by beat."""

from uuid import UUID

from django.core.management import call_command

from . import bursts, jobs
from .actors import Actor
from .services.answered import answered_forget
from .services.delegations import delegations_sweep
from .services.ending_again import access_end_again
from .services.key_care import keys_care
from .services.key_rotation import KIND, rotation_work
from .services.previews import previews_sweep
from .services.replaying import destroyed_replay
from .tasks import for_each_tenant, platform_task, tenant_task
from .tenancy import tenant_at_work


@platform_task(lane="sweep", reason="asks each tenant for its stalled jobs")
def resend_stalled_jobs() -> None:
    for_each_tenant(resend_stalled_jobs_of_tenant)


@tenant_task(lane="sweep")
def resend_stalled_jobs_of_tenant() -> None:
    for job in jobs.stalled():
        if task := jobs.task_of(job.kind):
            task.send(job_id=str(job.id))


@platform_task(lane="sweep", reason="removes ended sessions, which belong to no tenant")
def clear_sessions() -> None:
    call_command("clearsessions")


@platform_task(lane="sweep", reason="asks each tenant for keys without a row and rows without a key")
def care_for_keys() -> None:
    for_each_tenant(care_for_keys_of_tenant)


@tenant_task(lane="sweep")
def care_for_keys_of_tenant(step: str = "", after: str = "", missing: int = 0) -> None:
    if (rest := keys_care(step=step, after=after, missing=missing)) is not None:
        care_for_keys_of_tenant.send(**rest)


@platform_task(lane="sweep", reason="asks each tenant for requests that are too old to be answered again")
def forget_answers() -> None:
    for_each_tenant(forget_answers_of_tenant)


@tenant_task(lane="sweep")
def forget_answers_of_tenant() -> None:
    answered_forget()


@platform_task(lane="sweep", reason="asks the broker for refusals that nobody told yet, and then those lenders only")
def tell_bursts() -> None:
    for tenant_id in bursts.tenants_with_untold():
        tell_bursts_of_tenant.send(tenant_id=tenant_id)


@tenant_task(lane="sweep")
def tell_bursts_of_tenant() -> None:
    bursts.tell_untold()


@platform_task(lane="sweep", reason="asks each tenant for previews and lent duties whose time is over")
def end_what_is_over() -> None:
    for_each_tenant(end_what_is_over_of_tenant)


@tenant_task(lane="sweep")
def end_what_is_over_of_tenant() -> None:
    system = Actor.system(tenant_at_work(), "sweep")
    previews_sweep(actor=system)
    delegations_sweep(actor=system)


@platform_task(lane="sweep", reason="asks each tenant for keys that were destroyed and that a restore brought back")
def replay_destroyed() -> None:
    for_each_tenant(replay_destroyed_of_tenant)


@tenant_task(lane="sweep")
def replay_destroyed_of_tenant() -> None:
    destroyed_replay()
    access_end_again()


@tenant_task(lane="sweep")
def rotate_keys(job_id: str) -> None:
    rotation_work(job_id=UUID(job_id))


jobs.register_kind(KIND, rotate_keys)
