"""The lender's index key, under which equal values have equal keyed hashes: identifiers, text, rows of imports.

It has versions like the other keys, but what stands under it is no key that could be wrapped anew: each hash is made
again from the value that is sealed. While that goes on (services/index_rotation.py) two versions live. What is searched
is asked for under each version that a process knows (`index_keys`); a version is taken into use only once every process
has had the time to learn of it. What is written stands under those versions that the main database names
(`writing_keys`), and whoever takes one into use or retires one first waits for the transactions that asked before.
"""

import hmac
from typing import NamedTuple

from django.db import connection

from .keyring import KeyMissing, TenantSecret, derive, ring_of
from .keystore.models import TenantKey
from .models import KeyCeremony
from .tenancy import current_tenant_id

INDEX = TenantKey.Purpose.INDEX.value


class IndexKey(NamedTuple):
    """One version of the index key at hand."""

    version: int
    key: bytes

    def blind(self, field: str, value: str) -> bytes:
        """A keyed hash of a normalised value, 16 bytes: equality within a tenant and field is all that shows."""
        return hmac.digest(self.key, f"{field}|{value}".encode(), "sha256")[:16]

    def derived(self, purpose: str) -> bytes:
        """A key for another kind of blind index (runs of text, rows of imports)."""
        return derive(self.key, f"index|{purpose}")


def index_keys(*, kept: bool = False, fresh: bool = False) -> list[IndexKey]:
    """The versions under which the tenant's values are searched, the newest first.

    With `kept` those too that were retired and not emptied: rows that nobody may change, or that came back from a
    backup, stand under them. `fresh` looks past this process's memory. Raises KeyMissing, Tampered.
    """
    ring = ring_of(INDEX, fresh=fresh)
    return _in_order({**ring.versions, **(ring.kept if kept else {})})


def newest_index_key() -> IndexKey:
    """The newest version that this process knows, for what is found under each one that was ever made (the trail)."""
    return index_keys()[0]


def writing_keys() -> list[IndexKey]:
    """The versions under which what the open transaction writes must be found, the newest first.

    They stay these until it ends: whoever changes them waits for it. One query.
    """
    oldest, newest = _in_use()
    ring = ring_of(INDEX)
    if newest not in ring.versions:
        ring = ring_of(INDEX, fresh=True)
    # A main database that came back from a backup may not know yet what the key store has retired.
    oldest = max(oldest, ring.floor)
    newest = max(newest, oldest)
    if newest not in ring.versions:
        raise KeyMissing(f"tenant key {INDEX} {newest}")
    return _in_order({version: each for version, each in ring.versions.items() if oldest <= version <= newest})


def version_in_use() -> int:
    """The newest version that what is written now stands under."""
    return _in_use()[1]


def nobody_writes() -> None:
    """Wait until no open transaction of the tenant writes keyed hashes; none begins to before ours ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_lock()])


def _in_use() -> tuple[int, int]:
    """The oldest and the newest version in use. Two statements on one way to the server: the second one sees what was
    committed while the first one waited."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0));"
            " SELECT coalesce(max(version) FILTER (WHERE act = %s), 1),"
            " coalesce(max(version) FILTER (WHERE act = %s), 1)"
            " FROM core_keyceremony WHERE tenant_id = %s AND purpose = %s",
            [_lock(), KeyCeremony.Act.RETIRED, KeyCeremony.Act.USED, str(current_tenant_id()), INDEX],
        )
        oldest, newest = cursor.fetchone()
    return oldest, newest


def _lock() -> str:
    return f"index key|{current_tenant_id()}"


def _in_order(versions: dict[int, TenantSecret]) -> list[IndexKey]:
    return [IndexKey(version, secret.key) for version, secret in sorted(versions.items(), reverse=True)]
