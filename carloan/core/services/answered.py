"""The same request twice is one act: what `Idempotency-Key` promises (draft-ietf-httpapi-idempotency-key-header).

The key counts for its sender (an API key or a member), for one address of the API and for 24 hours.
"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core.actors import Actor
from carloan.core.errors import AppError, Conflict, Invalid
from carloan.core.keys import derive
from carloan.core.locks import try_hold
from carloan.core.models import AnsweredRequest
from carloan.core.tenancy import tenant_atomic

KEPT_FOR: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255


class KeyUnreadable(AppError):
    code = "idempotency_key"
    default = _("Idempotency-Key must be 1 to 255 printable characters, with or without quotation marks.")


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    default = _("This Idempotency-Key came with another body within the last 24 hours. Take a new key for a new act.")


class StillRunning(Conflict):
    code = "idempotency_in_progress"
    default = _("The request with this Idempotency-Key is still being carried out. Send it again in a moment.")


def answered_once(
    *, actor: Actor, place: str, key: str | None, body: bytes, act: Callable[[], UUID]
) -> tuple[UUID, bool]:
    """Do `act`, which returns the id of what it made, unless this request did it before; the id, and whether it is new.

    Without a key it is always done. Act and memory are one transaction: what failed may be sent again with the same
    key. Raises KeyUnreadable (400), KeyReused (422) for another body and StillRunning (409) while the first request is
    at work.
    """
    if key is None:
        return act(), True
    sender = actor.membership_id or actor.id
    assert sender is not None
    key_digest, body_digest = _digest("key", _plain(key).encode()), _digest("body", body)
    with tenant_atomic():
        if not try_hold("answered", place, sender, key_digest):
            raise StillRunning
        known = AnsweredRequest.objects.filter(caller_id=sender, place=place, key_digest=key_digest)
        known.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
        if (before := known.first()) is not None:
            if not hmac.compare_digest(before.body_digest, body_digest):
                raise KeyReused
            return before.made_id, False
        made_id = act()
        AnsweredRequest.objects.create(
            caller_id=sender, place=place, key_digest=key_digest, body_digest=body_digest, made_id=made_id
        )
    return made_id, True


def answered_forget() -> int:
    """Remove what is older than 24 hours of the tenant at work; returns how many."""
    with tenant_atomic():
        return AnsweredRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _plain(key: str) -> str:
    """The draft writes the key as a string of structured fields, in quotation marks; most senders leave them out."""
    plain = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not 0 < len(plain) <= LONGEST_KEY or not plain.isascii() or not plain.isprintable():
        raise KeyUnreadable
    return plain


def _digest(purpose: str, content: bytes) -> str:
    # Keyed: a body is mostly known to whoever guesses, and the guess must prove nothing.
    return hmac.new(derive(settings.ROOT_KEY, f"answered {purpose}"), content, sha256).hexdigest()
