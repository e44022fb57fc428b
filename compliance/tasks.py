"""Background work of compliance."""

from typing import Any

from carloan.compliance.retention import record_class, record_classes
from carloan.core.actors import Actor
from carloan.core.tasks import for_each_tenant, platform_task, tenant_task
from carloan.core.tenancy import current_tenant_id


@tenant_task(lane="sweep")
def sweep_retention_of_class(code: str) -> None:
    from carloan.compliance.services.sweeping import retention_sweep  # noqa: PLC0415  the pair of task and service

    retention_sweep(actor=Actor.system(current_tenant_id(), "sweep"), record_class=record_class(code))


@tenant_task(lane="sweep")
def sweep_retention_of_tenant() -> None:
    """A message a record class: each is one transaction, and a killed one comes again alone."""
    for each in record_classes():
        sweep_retention_of_class.send(code=each.code)


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

    anomalies_find(actor=Actor.system(current_tenant_id(), "sweep"))
