"""What people may know of a lender's keys above its subjects: their versions, and who did what to them."""

from dataclasses import dataclass
from datetime import datetime

from .index_keys import INDEX
from .keystore.models import TenantKey
from .models import KeyCeremony
from .postgres.wrapping import living_by_version
from .suites import SUITES, Suite
from .tenancy import tenant_atomic


@dataclass(frozen=True)
class KeyVersion:
    """One version of a key of the lender and how many living keys stand under it: none stands under the index key.

    One that is `kept` is retired and still there, because hashes in the trail are compared under it.
    """

    version: int
    suite: Suite
    created_at: datetime
    retired_at: datetime | None
    keys: int
    is_newest: bool
    is_kept: bool


def key_versions(purpose: str) -> list[KeyVersion]:
    """The versions of the open tenant's key of a purpose, the newest first; of the keys themselves nothing."""
    with tenant_atomic(using="keystore"):
        rows = list(TenantKey.objects.filter(purpose=purpose).order_by("-version"))
        living = {} if purpose == INDEX else living_by_version(purpose)
    return [
        KeyVersion(
            row.version,
            SUITES[row.suite],
            row.created_at,
            row.retired_at,
            living.get(row.version, 0),
            row is rows[0],
            row.retired_at is not None and bool(row.wrapped),
        )
        for row in rows
    ]


def key_ceremonies(most: int = 200) -> list[KeyCeremony]:
    """The newest acts on the open tenant's keys, with who did them."""
    return list(KeyCeremony.objects.select_related("by").order_by("-created_at", "-id")[:most])
