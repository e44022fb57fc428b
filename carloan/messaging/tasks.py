"""Background work of messaging: delivering, and the sweep that takes up what is due."""

from carloan.core.tasks import for_each_tenant, platform_task, tenant_task


@tenant_task(lane="deliver")
def deliver_message(message_id: str) -> None:
    from carloan.messaging.services.delivering import message_deliver  # noqa: PLC0415

    message_deliver(message_id=message_id)


@platform_task(lane="sweep", reason="asks each tenant for messages that are due and uploads that nobody ends")
def sweep_messages() -> None:
    for_each_tenant(sweep_messages_of_tenant)


@tenant_task(lane="sweep")
def sweep_messages_of_tenant() -> None:
    from carloan.messaging.services.sweeping import messages_sweep  # noqa: PLC0415

    messages_sweep()
