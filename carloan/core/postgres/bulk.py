"""Many rows in one statement, under row-level security.

PostgreSQL refuses COPY FROM into a table whose row-level security binds the role, and the application's roles have no
right to make temporary tables. INSERT … SELECT FROM unnest(arrays) keeps both fences. Each column travels as one text
that the server splits: the driver would quote every element of an array by itself, which costs more than the insert.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, repeat
from operator import is_
from typing import Any
from uuid import UUID

from django.db import connections, models

BATCH = 5_000
# Unit and record separator: no text of ours holds them (a column that does takes the driver's way).
BETWEEN, NOTHING = "\x1f", "\x1e"


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
    table = quote(model._meta.db_table)
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_attname[name] for name in columns]
    names = ", ".join(quote(field.column) for field in fields)
    types = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    writers = [_writer(field, connection) for field in fields]
    inserted = 0
    iterator = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(iterator, BATCH)):
            arrays: list[str] = []
            parameters: list[Any] = []
            for kind, write, column in zip(types, writers, zip(*batch, strict=True), strict=True):
                first = column[0]
                if all(map(is_, column, repeat(first))):
                    # Tenant, event and moment are the same object in every row: written once, repeated by the server.
                    arrays.append(f"array_fill(%s::{kind}, ARRAY[{len(column)}])")
                    parameters.append(None if first is None else write(first))
                    continue
                texts = [NOTHING if value is None else write(value) for value in column]
                joined = BETWEEN.join(texts)
                nothings = sum(map(is_, column, repeat(None)))
                safe = joined.count(BETWEEN) == len(texts) - 1 and joined.count(NOTHING) == nothings
                if joined and safe:
                    arrays.append(f"string_to_array(%s, E'{BETWEEN}', E'{NOTHING}')::{kind}[]")
                    parameters.append(joined)
                else:
                    arrays.append(f"%s::text[]::{kind}[]")
                    parameters.append(
                        [None if value is None else text for value, text in zip(column, texts, strict=True)]
                    )
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT * FROM unnest({', '.join(arrays)}) {on_conflict}",
                parameters,
            )
            inserted += cursor.rowcount
    return inserted


def _writer(field: Any, connection: Any) -> Callable[[Any], str]:
    """How a value of a column is written as text that PostgreSQL reads back."""
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    if kind == "UUIDField":
        return _uuid_writer()
    if kind in ("CharField", "TextField", "SlugField"):
        return str
    if kind == "BinaryField":
        return lambda value: f"\\x{bytes(value).hex()}"
    if kind == "JSONField":
        return lambda value: json.dumps(value, cls=field.encoder)
    if kind in ("DateField", "DateTimeField"):
        return lambda value: str(value.isoformat())
    return lambda value: str(field.get_db_prep_save(value, connection))


def _uuid_writer() -> Callable[[Any], str]:
    """Rows of one thing follow each other: its id is written out once for all of them."""
    last, text = object(), ""

    def write(value: Any) -> str:
        nonlocal last, text
        if value is not last:
            last, text = value, f"{value.int:032x}" if isinstance(value, UUID) else str(value)
        return text

    return write
