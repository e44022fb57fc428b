"""Background work over the trail."""

from carloan.core.actors import Actor
from carloan.core.tasks import for_each_tenant, platform_task, tenant_task
from carloan.core.tenancy import current_tenant_id


@platform_task(lane="sweep", reason="asks each tenant for what stands out in its trail")
def find_anomalies() -> None:
    for_each_tenant(find_anomalies_of_tenant)


@tenant_task(lane="sweep")
def find_anomalies_of_tenant() -> None:
    from carloan.compliance.services.anomalies import anomalies_find  # noqa: PLC0415  the pair of task and service

    anomalies_find(actor=Actor.system(current_tenant_id(), "sweep"))
