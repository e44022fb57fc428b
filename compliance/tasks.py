"""Background work of compliance: the nightly look at every ledger."""

from typing import Any

from carloan.core.tasks import for_each_tenant, platform_task, tenant_task


@platform_task(lane="sweep", reason="asks each tenant whether its ledger is whole and complete")
def check_ledgers() -> None:
    for_each_tenant(check_ledger_of_tenant)


@tenant_task(lane="sweep")
def check_ledger_of_tenant(laid_down: dict[str, Any] | None = None) -> None:
    from carloan.compliance.services.ledger_care import ledger_care  # noqa: PLC0415

    if (rest := ledger_care(laid_down=laid_down)) is not None:
        check_ledger_of_tenant.send(laid_down=rest)
