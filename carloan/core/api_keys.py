"""API keys: the token names its tenant, which is so known before anything is read; only a hash is stored."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import audit
from .actors import Actor
from .errors import Invalid, NotFound
from .ids import uuid7
from .models import ApiKey, Branch, Role
from .services.roles import require_what_is_given
from .tenancy import current_tenant_id, tenant_atomic

PREFIX = "clk"
LONGEST = timedelta(days=366)
# A use is noted at most this often: a busy key must not write on every call.
NOTE_EVERY = timedelta(minutes=5)


def api_key_make(
    *,
    actor: Actor,
    name: str,
    role: Role,
    branch: Branch | None = None,
    scopes: list[str] | None = None,
    days: int = 90,
    secret: str | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for another system; returns it and its token, which is shown once and never stored.

    It acts with `role`, in `branch` and below when given, only with `scopes` (capability codes) when given, and expires
    after `days` (at most 366; ASVS 5.0 13.2). `secret` lets the demonstration keep its keys from one start to the next.
    Raises Forbidden when the role holds more than the actor has.
    """
    actor.require("keys.manage")
    require_what_is_given(actor=actor, roles=[role])
    if not 1 <= days <= LONGEST.days:
        raise Invalid(fields={"days": [_("A key lives between 1 and 366 days.")]})
    if not name.strip() or ApiKey.objects.filter(name=name.strip()).exists():
        raise Invalid(fields={"name": [_("Give the key a name that no other key has.")]})
    secret = secret or secrets.token_urlsafe(32)
    key_id = uuid7()
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action="core.api_key.made",
            object_type="core.apikey",
            object_id=key_id,
            after={"name": name.strip(), "role": role.key, "scopes": scopes or [], "days": days},
        )
        key = ApiKey.objects.create(
            id=key_id,
            name=name.strip(),
            role=role,
            branch=branch,
            digest=_digest(secret),
            scopes=scopes or [],
            expires_at=timezone.now() + timedelta(days=days),
            audit_event_id=event_id,
        )
    return key, token_of(key, secret)


def token_of(key: ApiKey, secret: str) -> str:
    """The token that carries a key: tenant and key in the open, then the secret."""
    return f"{PREFIX}_{_short(current_tenant_id())}_{_short(key.id)}_{secret}"


def opens(key: ApiKey, secret: str) -> bool:
    """Whether the secret is the key's own. Says nothing about whether the key still counts."""
    return hmac.compare_digest(bytes(key.digest), _digest(secret))


def api_key_revoke(*, actor: Actor, key_id: UUID) -> None:
    """End a key at once; its history stays."""
    actor.require("keys.manage")
    with tenant_atomic():
        event_id = audit.record(actor=actor, action="core.api_key.revoked", object_type="core.apikey", object_id=key_id)
        if not ApiKey.objects.filter(id=key_id, revoked_at=None).update(
            revoked_at=timezone.now(), audit_event_id=event_id
        ):
            raise NotFound


def tenant_of_token(token: str) -> UUID | None:
    """The tenant a token claims; nothing is proven by it yet."""
    parts = token.split("_", 3)
    return _long(parts[1]) if len(parts) == 4 and parts[0] == PREFIX else None


def key_of_token(token: str, *, now: datetime | None = None) -> ApiKey | None:
    """The living key of a token inside the open tenant, or None. Compares in constant time, also for unknown keys."""
    now = now or timezone.now()
    parts = token.split("_", 3)
    key_id = _long(parts[2]) if len(parts) == 4 else None
    key = ApiKey.objects.filter(id=key_id).first() if key_id else None
    good = opens(key or ApiKey(digest=bytes(32)), parts[-1])
    if key is None or not good or key.revoked_at is not None or key.expires_at <= now:
        return None
    if key.last_used_at is None or key.last_used_at < now - NOTE_EVERY:
        ApiKey.objects.filter(id=key.id).update(last_used_at=now)
    return key


def _digest(secret: str) -> bytes:
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).digest()


def _short(identity: UUID) -> str:
    return base64.b32encode(identity.bytes).decode().rstrip("=").lower()


def _long(text: str) -> UUID | None:
    try:
        return UUID(bytes=base64.b32decode(text.upper() + "=" * (-len(text) % 8)))
    except ValueError:
        return None
