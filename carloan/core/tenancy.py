"""The first fence: which tenant is at work, and the one way to the database.

A *scope* says for whom this thread works (a request, a task); the database is *open* for that tenant inside
`tenant_atomic()`, which begins a transaction and sets `app.tenant_id` for it alone. A query of a tenant's table outside
an open tenant raises, so that a forgotten scope is an error and never a list of nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connections, transaction

_scope: ContextVar[UUID | None] = ContextVar("tenant_scope", default=None)
_open: ContextVar[UUID | None] = ContextVar("tenant_open", default=None)


class NoTenant(RuntimeError):
    """A tenant's table was touched while no tenant is open: the caller forgot tenant_atomic()."""


class CrossTenant(RuntimeError):
    """A second tenant was opened inside the first, or a row of another tenant was written."""


def current_tenant_id() -> UUID:
    """The open tenant. Raises NoTenant outside tenant_atomic()."""
    if (tenant_id := _open.get()) is None:
        raise NoTenant("no tenant is open: wrap this in tenant_atomic()")
    return tenant_id


def scoped_tenant_id() -> UUID | None:
    return _open.get() or _scope.get()


def tenant_at_work() -> UUID:
    """The tenant for whom this thread works, opened or not: for tasks, whose services open their transactions
    themselves. Raises NoTenant without a scope."""
    if (tenant_id := scoped_tenant_id()) is None:
        raise NoTenant("nobody is worked for: wrap this in tenant_scope()")
    return tenant_id


@contextmanager
def tenant_scope(tenant_id: UUID) -> Iterator[None]:
    """Work for one tenant without holding a transaction (tasks with long steps). tenant_atomic() inside takes it."""
    if (current := scoped_tenant_id()) not in (None, tenant_id):
        raise CrossTenant(f"tenant {tenant_id} inside tenant {current}")
    token = _scope.set(tenant_id)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def beside_tenants() -> Iterator[None]:
    """Step out of the tenant at work, for the few acts that touch several lenders one after the other (sign-in).

    Nothing is open inside; each `tenant_atomic(id)` there sets its own tenant and gives the outer one back behind it.
    """
    scope, opened = _scope.set(None), _open.set(None)
    try:
        yield
    finally:
        _open.reset(opened)
        _scope.reset(scope)


@contextmanager
def tenant_atomic(tenant_id: UUID | None = None, *, using: str = "default") -> Iterator[None]:
    """A transaction for one tenant: begins it, sets `app.tenant_id` for it alone, nests with the same tenant.

    Without an argument it takes the open tenant or the scope. Raises NoTenant when there is none and CrossTenant when
    another tenant is open. `SET LOCAL` with a validated literal (not set_config) because Citus hands it to its workers
    and because it ends with the transaction, so that a pooled connection never carries it on.
    """
    wanted = tenant_id or scoped_tenant_id()
    if wanted is None:
        raise NoTenant("tenant_atomic() needs a tenant: none is in scope")
    if (current := scoped_tenant_id()) not in (None, wanted):
        raise CrossTenant(f"tenant {wanted} inside tenant {current}")
    token = _open.set(wanted)
    connection: Any = connections[using]
    try:
        with transaction.atomic(using=using):
            nested = bool(connection.savepoint_ids)
            before: UUID | None = connection.open_tenant if nested else None
            if before != wanted:
                _set_local(using, str(UUID(str(wanted))))
            connection.open_tenant = wanted
            try:
                yield
            finally:
                connection.open_tenant = before
            # After an error the savepoint's rollback restores the setting; after success inside somebody's outer
            # transaction nothing would.
            if nested and before != wanted and not connection.needs_rollback:
                _set_local(using, str(before) if before else "")
    finally:
        _open.reset(token)


def _set_local(using: str, value: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(f"SET LOCAL app.tenant_id = '{value}'")
