"""Tokens, codes and cookies of the borrower's door: made by chance, kept as keyed hashes only."""

import hmac
import secrets
from typing import Final
from uuid import UUID

from django.conf import settings

from carloan.core.keys import Subject, secrets_of
from carloan.core.models import Tenant
from carloan.core.tenancy import current_tenant_id

BYTES: Final = 32
CODE_DIGITS: Final = 6
# What stands in the words of a message where the log must not show what opens a door.
HIDDEN: Final = "••••"


def new_token() -> str:
    """256 bits of chance, for an address or a cookie."""
    return secrets.token_urlsafe(BYTES)


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def digest(use: str, value: str, *, of: UUID | None = None) -> bytes:
    """The keyed hash of a token or code for one use, of one link or browser. The key is the lender's own; it never
    changes, whatever wraps it does."""
    key = secrets_of(Subject("tenant", current_tenant_id())).links
    return hmac.digest(key, f"{use}|{of or ''}|{value}".encode(), "sha256")


def is_same(stored: bytes | memoryview | None, wanted: bytes) -> bool:
    """In constant time, also against nothing."""
    return hmac.compare_digest(bytes(stored or b"\0" * len(wanted)), wanted)


def door_url(token: str) -> str:
    """The whole address that a borrower opens."""
    return f"{settings.BASE_URL}/t/{_slug()}/d/{token}/"


def receipts_url() -> str:
    """Where the SMS gateway tells what became of messages."""
    return f"{settings.BASE_URL}/t/{_slug()}/messages/receipts/sms/"


def _slug() -> str:
    return Tenant.objects.values_list("slug", flat=True).get(id=current_tenant_id())
