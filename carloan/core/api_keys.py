"""Tokens of API keys: a token names its tenant, known so before anything is read; only a hash of it is stored."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from .ended_access import Kind, has_ended
from .models import ApiKey
from .tenancy import current_tenant_id
from .tightening import with_policy

PREFIX = "clk"
# A use is noted at most this often: a busy key must not write on every call.
NOTE_EVERY = timedelta(minutes=5)


def token_of(key: ApiKey, secret: str) -> str:
    """The token that carries a key: tenant and key in the open, then the secret."""
    return f"{PREFIX}_{_short(current_tenant_id())}_{_short(key.id)}_{secret}"


def opens(key: ApiKey, secret: str) -> bool:
    """Whether the secret is the key's own. Says nothing about whether the key still counts."""
    return hmac.compare_digest(bytes(key.digest), digest_of(secret))


def tenant_of_token(token: str) -> UUID | None:
    """The tenant a token claims; nothing is proven by it yet."""
    parts = token.split("_", 3)
    return _long(parts[1]) if len(parts) == 4 and parts[0] == PREFIX else None


def key_of_token(token: str, *, now: datetime | None = None) -> ApiKey | None:
    """The living key of a token inside the open tenant, or None. Compares in constant time, also for unknown keys."""
    now = now or timezone.now()
    parts = token.split("_", 3)
    key_id = _long(parts[2]) if len(parts) == 4 else None
    key = with_policy(ApiKey.objects.filter(id=key_id)).first() if key_id else None
    good = opens(key or ApiKey(digest=bytes(32)), parts[-1])
    if key is None or not good or key.confirmed_at is None or key.revoked_at is not None or key.expires_at <= now:
        return None
    if has_ended(Kind.API_KEY, key.id):  # an older backup of the main database does not know it
        return None
    if key.last_used_at is None or key.last_used_at < now - NOTE_EVERY:
        ApiKey.objects.filter(id=key.id).update(last_used_at=now)
    return key


def digest_of(secret: str) -> bytes:
    """What is stored of a key's secret."""
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).digest()


def _short(identity: UUID) -> str:
    return base64.b32encode(identity.bytes).decode().rstrip("=").lower()


def _long(text: str) -> UUID | None:
    try:
        return UUID(bytes=base64.b32decode(text.upper() + "=" * (-len(text) % 8)))
    except ValueError:
        return None
