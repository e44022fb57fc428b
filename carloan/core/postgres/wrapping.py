"""Statements over the keys of a lender's subjects that are too many for the ORM, and the lock around their wrapping."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

# Taken shared by whoever writes keys (triggers of keystore's migrations 0003 and 0007), alone by whoever retires a
# version.
LOCK = "hashtextextended('wrapping ' || current_setting('app.tenant_id'), 0)"
_MINE = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"
# The living keys under a key of the lender, by its purpose: those kept apart stand under the sealing key.
_UNDER = {"wrap": "destroyed_at IS NULL AND NOT apart", "seal": "destroyed_at IS NULL AND apart"}


class WrappedKey(NamedTuple):
    id: UUID
    kind: Any
    version: int
    wrapped: memoryview


def nobody_wraps() -> None:
    """Wait until no open transaction has written keys of the tenant, and let none begin to before ours ends."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")


def wrapped_below(purpose: str, version: int) -> bool:
    """Whether a living key of the tenant stands under an older version of the key of a purpose."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM keystore_subjectkey WHERE {_MINE}"
            f" AND {_UNDER[purpose]} AND tenant_key_version < %s)",
            [version],
        )
        return bool(cursor.fetchone()[0])


def keys_below(purpose: str, version: int, after: UUID | None, most: int) -> list[WrappedKey]:
    """The next living keys of the tenant behind `after` that stand under an older version, by id."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute(
            f"SELECT id, kind, tenant_key_version, wrapped FROM keystore_subjectkey WHERE {_MINE}"
            f" AND {_UNDER[purpose]} AND tenant_key_version < %s AND id > %s ORDER BY id LIMIT %s",
            [version, str(after or UUID(int=0)), most],
        )
        return [WrappedKey(*row) for row in cursor.fetchall()]


def put_under(purpose: str, version: int, rewrapped: Sequence[tuple[UUID, bytes]]) -> int:
    """Write keys as they stand under a newer version; those that were destroyed or moved on meanwhile stay as they are.

    Returns how many were written. Ids and wraps travel as one text each: the driver would quote every element.
    """
    with connections["keystore"].cursor() as cursor:
        cursor.execute(
            "UPDATE keystore_subjectkey old SET wrapped = fresh.wrapped, tenant_key_version = %s"
            " FROM unnest(string_to_array(%s, ',')::uuid[], string_to_array(%s, ',')::bytea[]) fresh (id, wrapped)"
            f" WHERE old.{_MINE} AND old.id = fresh.id AND {_UNDER[purpose]} AND old.tenant_key_version < %s",
            [
                version,
                ",".join(str(key_id) for key_id, _wrapped in rewrapped),
                ",".join(f"\\x{wrapped.hex()}" for _key_id, wrapped in rewrapped),
                version,
            ],
        )
        return int(cursor.rowcount)


def move_apart(moved: Sequence[tuple[UUID, int, int, bytes]], *, apart: bool) -> list[UUID]:
    """Write keys as they stand under the sealing key, or back under the wrapping key: (id, version before, version now,
    wrap). Those that were destroyed or moved meanwhile stay as they are; the ids of the others are returned."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute(
            "UPDATE keystore_subjectkey old SET wrapped = fresh.wrapped, tenant_key_version = fresh.version,"
            " apart = %s, open_until = NULL, opened_by = NULL, approved_by = NULL"
            " FROM unnest(string_to_array(%s, ',')::uuid[], string_to_array(%s, ',')::int[],"
            " string_to_array(%s, ',')::int[], string_to_array(%s, ',')::bytea[]) fresh (id, before, version, wrapped)"
            f" WHERE old.{_MINE} AND old.id = fresh.id AND old.destroyed_at IS NULL AND old.apart <> %s"
            " AND old.tenant_key_version = fresh.before RETURNING old.id",
            [
                apart,
                ",".join(str(key_id) for key_id, _before, _version, _wrapped in moved),
                ",".join(str(before) for _id, before, _version, _wrapped in moved),
                ",".join(str(version) for _id, _before, version, _wrapped in moved),
                ",".join(f"\\x{wrapped.hex()}" for _id, _before, _version, wrapped in moved),
                apart,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def living_by_version(purpose: str) -> dict[int, int]:
    """How many living keys of the tenant stand under each version of its key of a purpose."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute(
            f"SELECT tenant_key_version, count(*) FROM keystore_subjectkey WHERE {_MINE} AND {_UNDER[purpose]}"
            " GROUP BY tenant_key_version ORDER BY tenant_key_version"
        )
        return dict(cursor.fetchall())
