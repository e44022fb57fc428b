"""Whether what stands in the book was recorded: each row names the event of the act that wrote it last.

The other way round, an event without its row, proves nothing: rows go (a telephone number that was wrong), events stay.
"""

from typing import Final

from django.apps import apps
from django.db import connection

from carloan.core.tenancy import current_tenant_id

COLUMN: Final = "audit_event_id"
_LOST: Final = """
SELECT count(*) FROM {table} t WHERE t.tenant_id = %(tenant)s AND NOT EXISTS (
    SELECT 1 FROM core_auditevent e WHERE e.tenant_id = t.tenant_id AND e.id = t.audit_event_id)
"""


def tables_of_acts() -> list[str]:
    """The tables whose rows name their event."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == COLUMN for field in model._meta.concrete_fields)
    )


def rows_without_event() -> dict[str, int]:
    """How many rows of the open tenant name an event that is not there, by table; whole tables are left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables_of_acts():
            cursor.execute(_LOST.format(table=table), {"tenant": current_tenant_id()})
            found[table] = int(cursor.fetchone()[0])
    return {table: count for table, count in found.items() if count}
