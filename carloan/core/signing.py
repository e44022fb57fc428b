"""Which tenant a task works for, and on what, travels in its message, signed; a forged message is refused at once."""

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings


class ForgedMessage(Exception):
    """A task's tenant or arguments do not match its signature."""


def sign(task_id: str, name: str, tenant_id: str, arguments: Mapping[str, Any], places: Sequence[Any] = ()) -> str:
    """Of everything that decides what a task does. Raises TypeError for arguments that JSON does not hold."""
    whole = [task_id, name, tenant_id, list(places), dict(arguments)]
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hmac.digest(settings.TASK_KEY, text.encode(), "sha256").hex()


def verify(
    headers: Mapping[str, Any], *, task_id: str, name: str, arguments: Mapping[str, Any], places: Sequence[Any] = ()
) -> UUID:
    """The tenant of a message. Raises ForgedMessage when it names none or its signature is wrong.

    Also for a message that an older version signed otherwise: what it asked for is sent again by the sweeps.
    """
    tenant_id, signature = str(headers.get("carloan_tenant", "")), str(headers.get("carloan_signature", ""))
    try:
        right = sign(task_id, name, tenant_id, arguments, places)
    except (TypeError, ValueError) as error:
        raise ForgedMessage(name) from error
    if not tenant_id or not hmac.compare_digest(right.encode(), signature.encode()):
        raise ForgedMessage(name)
    return UUID(tenant_id)
