"""Background work of compliance."""

from typing import Any
from uuid import UUID

from carloan.compliance.retention import record_class, record_classes, units
from carloan.core.actors import Actor
from carloan.core.tasks import for_each_tenant, platform_task, tenant_task
from carloan.core.tenancy import tenant_at_work, tenant_atomic


@tenant_task(lane="sweep")
def sweep_retention_of_class(code: str) -> None:
    from carloan.compliance.services.sweeping import retention_sweep  # noqa: PLC0415  the pair of task and service

    retention_sweep(actor=_sweep(), record_class=record_class(code))


@tenant_task(lane="sweep")
def sweep_retention_of_tenant() -> None:
    """A message a record class: each is one transaction, and a killed one comes again alone."""
    for each in record_classes():
        sweep_retention_of_class.send(code=each.code)


@tenant_task(lane="deliver")
def make_pack(job_id: str) -> None:
    from carloan.compliance.services.auditor_packs import pack_make  # noqa: PLC0415  the pair of task and service

    pack_make(job_id=UUID(job_id))


@tenant_task(lane="interactive")
def work_on_retention_dry_run(job_id: str) -> None:
    from carloan.compliance.services.retention_dry_runs import dry_run_work  # noqa: PLC0415

    dry_run_work(job_id=UUID(job_id))


@tenant_task(lane="sweep")
def seal_apart_unit(unit: str, after: str = "") -> None:
    """A turn of sealing one kind of unit apart; what is left gets a message of its own."""
    from carloan.compliance.services.sealing_apart import units_seal_apart  # noqa: PLC0415

    rest = units_seal_apart(actor=_sweep(), unit=unit, after=UUID(after) if after else None)
    if rest is not None:
        seal_apart_unit.send(unit=unit, after=str(rest))


@tenant_task(lane="sweep")
def join_again_unit(unit: str, after: str = "") -> None:
    """A turn of giving back what is in use again."""
    from carloan.compliance.services.sealing_apart import units_join_again  # noqa: PLC0415

    rest = units_join_again(actor=_sweep(), unit=unit, after=UUID(after) if after else None)
    if rest is not None:
        join_again_unit.send(unit=unit, after=str(rest))


@tenant_task(lane="sweep")
def seal_apart_of_tenant() -> None:
    for unit in units():
        join_again_unit.send(unit=unit)
        seal_apart_unit.send(unit=unit)


@platform_task(lane="sweep", reason="asks each tenant which units are to be sealed apart or joined again")
def seal_apart() -> None:
    for_each_tenant(seal_apart_of_tenant)


@tenant_task(lane="sweep")
def work_on_archive_backup(job_id: str) -> None:
    from carloan.compliance.services.archive_backups import backup_work  # noqa: PLC0415  the pair of task and service

    backup_work(job_id=UUID(job_id))


@tenant_task(lane="interactive")
def work_on_unit_restore(job_id: str) -> None:
    from carloan.compliance.services.unit_restoring import restore_work  # noqa: PLC0415  the pair of task and service

    restore_work(job_id=UUID(job_id))


@tenant_task(lane="sweep")
def back_up_archives_of_tenant() -> None:
    from carloan.compliance.services.archive_backups import backup_care  # noqa: PLC0415  the pair of task and service

    backup_care(actor=_sweep())


@platform_task(lane="sweep", reason="asks each tenant whether this quarter's backup of its archive is due")
def back_up_archives() -> None:
    for_each_tenant(back_up_archives_of_tenant)


@tenant_task(lane="sweep")
def mend_held_keys_of_tenant() -> None:
    from carloan.compliance.services.held_keys import held_keys_mend  # noqa: PLC0415  the pair of task and service

    held_keys_mend()


@tenant_task(lane="interactive")
def work_on_person_copy(job_id: str) -> None:
    from carloan.compliance.services.copies import copy_work  # noqa: PLC0415  the pair of task and service

    copy_work(job_id=UUID(job_id))


@tenant_task(lane="sweep")
def work_on_destruction(batch_id: str) -> None:
    """A turn of a destruction; what is left gets a message of its own."""
    from carloan.compliance.services.executing import batch_execute  # noqa: PLC0415  the pair of task and service

    if batch_execute(actor=_sweep(), batch_id=UUID(batch_id)):
        work_on_destruction.send(batch_id=batch_id)


@tenant_task(lane="sweep")
def verify_destruction(batch_id: str) -> None:
    from carloan.compliance.services.executing import batch_verify  # noqa: PLC0415  the pair of task and service

    batch_verify(actor=_sweep(), batch_id=UUID(batch_id))


@tenant_task(lane="sweep")
def certify_destruction(batch_id: str) -> None:
    from carloan.compliance.services.certifying import batch_certify  # noqa: PLC0415  the pair of task and service

    batch_certify(actor=_sweep(), batch_id=UUID(batch_id))


@tenant_task(lane="sweep")
def go_on_with_destructions_of_tenant() -> None:
    from carloan.compliance.selectors.certificates import to_certify  # noqa: PLC0415
    from carloan.compliance.selectors.destruction import to_execute, to_verify  # noqa: PLC0415

    with tenant_atomic():
        for batch_id in to_execute():
            work_on_destruction.send(batch_id=str(batch_id))
        for batch_id in to_verify():
            verify_destruction.send(batch_id=str(batch_id))
        for batch_id in to_certify():
            certify_destruction.send(batch_id=str(batch_id))


@platform_task(
    lane="sweep", reason="asks each tenant for destructions to begin, to go on with, to verify or to certify"
)
def go_on_with_destructions() -> None:
    for_each_tenant(go_on_with_destructions_of_tenant)


@tenant_task(lane="sweep")
def seal_openings_of_tenant() -> None:
    from carloan.compliance.services.openings import MOST_AT_ONCE, openings_seal  # noqa: PLC0415

    if openings_seal(actor=_sweep()) == MOST_AT_ONCE:
        seal_openings_of_tenant.send()


@platform_task(lane="sweep", reason="asks each tenant for what older versions kept of openings in clear")
def seal_openings() -> None:
    for_each_tenant(seal_openings_of_tenant)


@platform_task(lane="sweep", reason="asks each tenant whether the key store holds what its legal holds need")
def mend_held_keys() -> None:
    for_each_tenant(mend_held_keys_of_tenant)


@platform_task(lane="sweep", reason="asks each tenant which records change their phase of retention")
def sweep_retention() -> None:
    for_each_tenant(sweep_retention_of_tenant)


@platform_task(lane="sweep", reason="asks each tenant whether its ledger is whole and complete")
def check_ledgers() -> None:
    for_each_tenant(check_ledger_of_tenant)


@tenant_task(lane="sweep")
def check_ledger_of_tenant(laid_down: dict[str, Any] | None = None) -> None:
    from carloan.compliance.services.ledger_care import ledger_care  # noqa: PLC0415

    if (rest := ledger_care(laid_down=laid_down)) is not None:
        check_ledger_of_tenant.send(laid_down=rest)


@platform_task(lane="sweep", reason="asks each tenant for what stands out in its trail")
def find_anomalies() -> None:
    for_each_tenant(find_anomalies_of_tenant)


@tenant_task(lane="sweep")
def find_anomalies_of_tenant() -> None:
    from carloan.compliance.services.anomalies import anomalies_find  # noqa: PLC0415  the pair of task and service

    anomalies_find(actor=_sweep())


def _sweep() -> Actor:
    return Actor.system(tenant_at_work(), "sweep")
