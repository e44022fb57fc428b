"""Tasks of a tenant: sent after commit with tenant and arguments signed, run in its scope, safe to run twice."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from celery.utils import uuid as new_task_id
from django.db import transaction
from django.utils import timezone

from .broker_link import open_broker
from .models import Tenant
from .signing import sign, verify
from .tenancy import scoped_tenant_id, tenant_scope

LANES = ("interactive", "recognise", "deliver", "sweep")


class TenantTask(Task[Any, Any]):
    """Opens the scope of the tenant that its message names; the service inside opens transactions as it needs them."""

    abstract = True
    lane: str

    def send(self, *, tenant_id: UUID | None = None, **arguments: Any) -> None:
        """Queue after the open transaction commits (at once when there is none); for the tenant at work by default."""
        tenant_id = tenant_id or scoped_tenant_id()
        if tenant_id is None:
            raise ValueError(f"{self.name} needs a tenant")
        task_id = new_task_id()
        signature = sign(task_id, str(self.name), str(tenant_id), arguments)
        headers = {"carloan_tenant": str(tenant_id), "carloan_signature": signature}

        def publish() -> None:
            self.apply_async(kwargs=arguments, task_id=task_id, queue=self.lane, headers=headers)

        # What is committed stands even when the broker is away; the sweeps send again what nobody took up. Django asks
        # a callback that failed for its name, which a partial has not.
        transaction.on_commit(publish, robust=True)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tenant_id = verify(
            self.request.headers or {},
            task_id=str(self.request.id),
            name=str(self.name),
            arguments=kwargs,
            places=args,
        )
        tenant = Tenant.objects.filter(id=tenant_id, state=Tenant.State.ACTIVE).first()
        if tenant is None:
            return None
        with tenant_scope(tenant_id), timezone.override(tenant.time_zone):
            return super().__call__(*args, **kwargs)


def tenant_task(*, lane: str, **options: Any) -> Callable[[Callable[..., Any]], TenantTask]:
    """A task for one tenant in a lane. Its body calls one service and can run twice."""
    if lane not in LANES:
        raise ValueError(lane)

    def decorate(function: Callable[..., Any]) -> TenantTask:
        task: TenantTask = shared_task(base=TenantTask, **options)(function)  # type: ignore[no-untyped-call]
        task.lane = lane
        return task

    return decorate


def queued(lane: str) -> int:
    """How many messages of a lane wait at the broker for a worker. Raises RedisError when it does not answer."""
    with open_broker() as broker:
        return int(broker.llen(lane))


# Tasks without a tenant: they fan out one message a tenant, or care for the installation itself.
PLATFORM_TASKS: dict[str, str] = {}


def platform_task(*, lane: str, reason: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A task of the installation, on the list that a test prints. It touches no tenant's table itself."""

    def decorate(function: Callable[..., Any]) -> Any:
        task = shared_task(**options)(function)
        task.lane = lane
        PLATFORM_TASKS[task.name] = reason
        return task

    return decorate


def for_each_tenant(task: TenantTask, **arguments: Any) -> int:
    """Send one message for every active tenant and return how many."""
    tenants = list(Tenant.objects.filter(state=Tenant.State.ACTIVE).values_list("id", flat=True))
    for tenant_id in tenants:
        task.send(tenant_id=tenant_id, **arguments)
    return len(tenants)
