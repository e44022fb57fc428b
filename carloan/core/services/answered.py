"""The same request twice is one act: what `Idempotency-Key` promises (draft-ietf-httpapi-idempotency-key-header).

The key counts for its sender (an API key or a member), for one address of the API and for 24 hours.
"""

import hmac
import re
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
from carloan.core.root_keys import root_keys
from carloan.core.tenancy import tenant_atomic

KEPT_FOR: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255
_QUOTED: Final = re.compile(r'"(?:[ !#-\[\]-~]|\\[\\"])*+"')
_ESCAPED: Final = re.compile(r"\\(.)")
_BARE: Final = re.compile(r"[!#-+\--:<-\[\]-~]++")


class KeyUnreadable(AppError):
    code = "idempotency_key"
    default = _(
        "Idempotency-Key must be sent once, with 1 to 255 ASCII letters, digits and signs: without spaces, commas, "
        "semicolons and quotation marks, or all of it in quotation marks."
    )


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    default = _("This Idempotency-Key came with another body within the last 24 hours. Take a new key for a new act.")


class StillRunning(Conflict):
    code = "idempotency_in_progress"
    default = _("The request with this Idempotency-Key is still being carried out. Send it again in a moment.")
    retry_after = 2


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
    plain = _plain(key).encode()
    # While the root key is replaced, requests were remembered under either.
    digests = {_digest(root, "key", plain): _digest(root, "body", body) for root in root_keys()}
    key_digest = _digest(settings.ROOT_KEY, "key", plain)
    with tenant_atomic():
        if not try_hold("answered", place, sender, key_digest):
            raise StillRunning
        known = AnsweredRequest.objects.filter(caller_id=sender, place=place, key_digest__in=list(digests))
        known.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
        if (before := known.first()) is not None:
            if not hmac.compare_digest(before.body_digest, digests[before.key_digest]):
                raise KeyReused
            return before.made_id, False
        made_id = act()
        AnsweredRequest.objects.create(
            caller_id=sender, place=place, key_digest=key_digest, body_digest=digests[key_digest], made_id=made_id
        )
    return made_id, True


def answered_forget() -> int:
    """Remove what is older than 24 hours of the tenant at work; returns how many."""
    with tenant_atomic():
        return AnsweredRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _plain(key: str) -> str:
    """The key behind its two ways of writing: the draft's string of structured fields (RFC 9651), in quotation marks,
    and the bare word that most senders send.

    A header that came twice stands here with a comma between, which is neither.
    """
    key = key.strip(" \t")
    if _QUOTED.fullmatch(key):
        plain = _ESCAPED.sub(r"\1", key[1:-1])
    elif _BARE.fullmatch(key):
        plain = key
    else:
        raise KeyUnreadable
    if not 0 < len(plain) <= LONGEST_KEY:
        raise KeyUnreadable
    return plain


def _digest(root: bytes, purpose: str, content: bytes) -> str:
    # Keyed: a body is mostly known to whoever guesses, and the guess must prove nothing.
    return hmac.new(derive(root, f"answered {purpose}"), content, sha256).hexdigest()
