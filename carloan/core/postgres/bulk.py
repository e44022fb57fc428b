"""Many rows in one statement, under row-level security.

PostgreSQL refuses COPY FROM into a table whose row-level security binds the role, and the application's roles have no
right to make temporary tables. INSERT … SELECT FROM unnest(arrays) keeps both fences. Each column travels as one text
that the server splits: the driver would quote every element of an array by itself, which costs more than the insert.
Bytes travel in one piece, out of which the server cuts each row's.

The server keeps the plans of the checks of foreign keys (and of triggers) for as long as a connection lives or until
somebody analyses the tables: planned while a table is tiny, they read it from end to end for each row. Before many
rows they are planned anew.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, islice, repeat
from operator import is_
from typing import Any
from uuid import UUID

from django.db import connections, models

BATCH = 5_000
# From so many rows on a plan that reads a whole table for each of them costs more than planning.
MANY = 200
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
            if len(batch) >= MANY:
                cursor.execute("DISCARD PLANS")
            sent = _Sent()
            for kind, write, column in zip(types, writers, zip(*batch, strict=True), strict=True):
                first = column[0]
                if all(map(is_, column, repeat(first))):
                    # Tenant, event and moment are the same object in every row: written once, repeated by the server.
                    value = None if first is None else first if write is None else write(first)
                    sent.array(f"array_fill(%s::{kind}, ARRAY[{len(column)}])", value)
                elif write is None:
                    sent.pieces(column)
                else:
                    sent.texts(kind, column, [NOTHING if value is None else write(value) for value in column])
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(sent.chosen)} FROM unnest({', '.join(sent.arrays)})"
                f" AS sent({', '.join(sent.named)}) {on_conflict}",
                [*sent.bodies, *sent.parameters],
            )
            inserted += cursor.rowcount
    return inserted


class _Sent:
    """Columns on their way: what the statement chooses, the arrays it chooses from, and their parameters in order."""

    def __init__(self) -> None:
        self.chosen: list[str] = []
        self.arrays: list[str] = []
        self.named: list[str] = []
        self.bodies: list[bytes] = []
        self.parameters: list[Any] = []

    def array(self, expression: str, parameter: Any, *, chosen: bool = True) -> str:
        """One more array; its name in the statement."""
        name = f"c{len(self.named)}"
        self.arrays.append(expression)
        self.named.append(name)
        self.parameters.append(parameter)
        if chosen:
            self.chosen.append(name)
        return name

    def texts(self, kind: str, column: Sequence[Any], texts: list[str]) -> None:
        joined = BETWEEN.join(texts)
        nothings = sum(map(is_, column, repeat(None)))
        safe = joined.count(BETWEEN) == len(texts) - 1 and joined.count(NOTHING) == nothings
        if joined and safe:
            self.array(_split(kind), joined)
        else:
            given = [None if value is None else text for value, text in zip(column, texts, strict=True)]
            self.array(f"%s::text[]::{kind}[]", given)

    def pieces(self, column: Sequence[Any]) -> None:
        """Bytes, or None, of each row."""
        bodies = [b"" if value is None else bytes(value) for value in column]
        starts = BETWEEN.join(map(str, accumulate((len(body) for body in bodies[:-1]), initial=1)))
        sizes = BETWEEN.join(
            NOTHING if value is None else str(len(body)) for value, body in zip(column, bodies, strict=True)
        )
        start = self.array(_split("integer"), starts, chosen=False)
        size = self.array(_split("integer"), sizes, chosen=False)
        self.chosen.append(f"substring(%s::bytea FROM {start} FOR {size})")
        self.bodies.append(b"".join(bodies))


def _split(kind: str) -> str:
    return f"string_to_array(%s, E'{BETWEEN}', E'{NOTHING}')::{kind}[]"


def _writer(field: Any, connection: Any) -> Callable[[Any], str] | None:
    """How a value of a column is written as text that PostgreSQL reads back; None for bytes, which are not."""
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    if kind == "UUIDField":
        return _uuid_writer()
    if kind in ("CharField", "TextField", "SlugField"):
        return str
    if kind == "BinaryField":
        return None
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
