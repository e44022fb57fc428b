"""Background work of the book."""

from uuid import UUID

from carloan.core.actors import Actor
from carloan.core.tasks import for_each_tenant, platform_task, tenant_task
from carloan.core.tenancy import tenant_at_work


@tenant_task(lane="interactive")
def work_on_import(job_id: str) -> None:
    from .services.import_steps import import_work  # noqa: PLC0415  the pair of task and service

    import_work(job_id=UUID(job_id))


@tenant_task(lane="sweep")
def destroy_import_files_of_tenant() -> None:
    from .services.imports import import_files_destroy  # noqa: PLC0415  the pair of task and service

    import_files_destroy(actor=Actor.system(tenant_at_work(), "sweep"))


@platform_task(lane="sweep", reason="asks each tenant for import files whose time is over")
def destroy_import_files() -> None:
    for_each_tenant(destroy_import_files_of_tenant)
