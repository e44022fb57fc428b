"""Names of a tenant that one transaction at a time may hold."""

from django.db import connection

from .tenancy import current_tenant_id


def hold(*name: object) -> None:
    """Wait until no other transaction of the tenant holds this name, and hold it until the open one ends.

    Take it before rows are locked: whoever waits for it must have nothing that its holder may want.
    """
    key = "|".join(map(str, (*name, current_tenant_id())))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
