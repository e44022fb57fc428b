"""Names of a tenant that one transaction at a time may hold."""

from django.db import connection

from .tenancy import current_tenant_id


def hold(*name: object) -> None:
    """Wait until no other transaction of the tenant holds this name, and hold it until the open one ends.

    Take it before rows are locked: whoever waits for it must have nothing that its holder may want.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_key(name)])


def try_hold(*name: object) -> bool:
    """Hold this name until the open transaction ends; False, at once, when another one of the tenant holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_key(name)])
        return bool(cursor.fetchone()[0])


def _key(name: tuple[object, ...]) -> str:
    return "|".join(map(str, (*name, current_tenant_id())))
