"""A task as the worker runs it: from its signed message, in the scope of its lender and with nothing opened for it."""

from typing import Any
from uuid import uuid4

from carloan.core.signing import sign
from carloan.core.tasks import TenantTask
from tests.cast import Lender


def as_worker(task: TenantTask, lender: Lender, **arguments: Any) -> Any:
    """Call it outside the open lender: a service that forgot to open it fails here as it does in the worker."""
    task_id, tenant_id = str(uuid4()), str(lender.tenant.id)
    signature = sign(task_id, str(task.name), tenant_id, arguments)
    task.push_request(id=task_id, headers={"carloan_tenant": tenant_id, "carloan_signature": signature})
    try:
        return task(**arguments)
    finally:
        task.pop_request()
