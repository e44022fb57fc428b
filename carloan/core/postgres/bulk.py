"""Many rows in one statement, under row-level security.

PostgreSQL refuses COPY FROM into a table whose row-level security binds the role, and the application's roles have no
right to make temporary tables. INSERT … SELECT FROM unnest(arrays) keeps both fences and runs at about half of COPY.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connections, models

BATCH = 5_000


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str = "default",
    on_conflict: str = "",
) -> int:
    """Insert `rows` (values in the order of `columns`, which are attnames) and return how many were inserted.

    `on_conflict` is appended as it is, for example "ON CONFLICT (tenant_id, contract_no) DO NOTHING"; only literals of
    our own code go there. Runs in the open transaction; the fence of row-level security checks each row.
    """
    connection = connections[using]
    quote = connection.ops.quote_name
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_attname[name] for name in columns]
    names = ", ".join(quote(field.column) for field in fields)
    arrays = ", ".join(f"%s::{str(field.db_type(connection)).partition('(')[0]}[]" for field in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM unnest({arrays}) {on_conflict}"
    prepare = [field.get_db_prep_save for field in fields]
    inserted = 0
    iterator = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(iterator, BATCH)):
            vectors = [
                [save(value, connection) for value in column]
                for save, column in zip(prepare, zip(*batch, strict=True), strict=True)
            ]
            cursor.execute(statement, vectors)
            inserted += cursor.rowcount
    return inserted

