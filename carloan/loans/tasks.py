"""Background work of the book."""

from uuid import UUID

from carloan.core.tasks import tenant_task


@tenant_task(lane="interactive")
def work_on_import(job_id: str) -> None:
    from .services.imports import import_work  # noqa: PLC0415  the pair of task and service

    import_work(job_id=UUID(job_id))
