"""Which tenant a task works for travels in its message, signed; a forged message is refused at once."""

import hmac
from typing import Any
from uuid import UUID

from django.conf import settings


class ForgedMessage(Exception):
    """A task's tenant does not match its signature."""


def sign(task_id: str, name: str, tenant_id: str) -> str:
    return hmac.digest(settings.TASK_KEY, f"{task_id}|{name}|{tenant_id}".encode(), "sha256").hex()


def verify(headers: dict[str, Any], *, task_id: str, name: str) -> UUID:
    """The tenant of a message. Raises ForgedMessage when it names none or its signature is wrong."""
    tenant_id, signature = str(headers.get("carloan_tenant", "")), str(headers.get("carloan_signature", ""))
    if not tenant_id or not hmac.compare_digest(sign(task_id, name, tenant_id), signature):
        raise ForgedMessage(name)
    return UUID(tenant_id)
