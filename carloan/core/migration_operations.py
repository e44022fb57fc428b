"""Operations that migrations of several apps need."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.migrations.operations import RunSQL

from .ids import first_at
from .postgres.schema import SERVICE_ROLES, fence_sql

REFUSE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: corrections are new rows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def append_only(table: str) -> RunSQL:
    """Rows of this table are facts: nobody may change or remove them, the owner included; corrections are new rows."""
    revoke = ", ".join(SERVICE_ROLES)
    call = f"EXECUTE FUNCTION {table}_refuse()"
    return RunSQL(
        [
            REFUSE.format(name=f"{table}_refuse"),
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
            f"REVOKE UPDATE, DELETE ON {table} FROM {revoke}",
        ],
        [
            f"DROP TRIGGER refuse_change ON {table}",
            f"DROP TRIGGER refuse_truncate ON {table}",
            f"DROP FUNCTION {table}_refuse()",
            f"GRANT UPDATE, DELETE ON {table} TO {revoke}",
        ],
    )


def kept_rows(table: str) -> RunSQL:
    """Rows of this table change and are never removed, the owner included: what ended says so in its row."""
    roles = ", ".join(SERVICE_ROLES)
    call = f"EXECUTE FUNCTION {table}_stay()"
    return RunSQL(
        [
            f"CREATE FUNCTION {table}_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION '% forgets nothing', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
            f"CREATE TRIGGER stay BEFORE DELETE ON {table} FOR EACH ROW {call}",
            f"CREATE TRIGGER stay_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
            f"REVOKE DELETE ON {table} FROM {roles}",
        ],
        [
            f"GRANT DELETE ON {table} TO {roles}",
            f"DROP TRIGGER stay_whole ON {table}",
            f"DROP TRIGGER stay ON {table}",
            f"DROP FUNCTION {table}_stay()",
        ],
    )


def fill(table: str, statement: str, *, reads: Sequence[str] = (), back: str = "") -> RunSQL:
    """Give a new column of `table` its values in the rows of every tenant; `reads` are the other tables it looks at.

    Or let rows go that are made anew from others.

    The owner is fenced like everybody and may change no fact: both are lifted for the one statement and closed again
    before the transaction ends, during which nobody else reaches the tables. Going back needs nothing where the column
    goes; where it stays, `back` is the statement that undoes this one.
    """
    undo = _past_the_fence([table, *reads], _past_the_refusal(table, back)) if back else RunSQL.noop
    return RunSQL(_past_the_fence([table, *reads], _past_the_refusal(table, statement)), undo)


def between(source: str, target: str, *, forward: str, back: str) -> RunSQL:
    """Move what rows of `source` hold into `target`, for every tenant, and `back`; both past the fences like `fill`."""
    return RunSQL(
        _past_the_fence([source, target], [forward]),
        _past_the_fence([source, target], _past_the_refusal(source, back)),
    )


def guard_inserts(table: str, name: str, wrong: str, fault: str, *, first: str = "") -> RunSQL:
    """Refuse a statement that inserts rows of which `wrong` finds one: it selects from `fresh`, the rows inserted, and
    names the first that is not right.

    Once a statement, not once a row. It runs with the rights of whoever inserts, behind the fence. The rows it looks up
    beside `fresh` are found by their keys: the server keeps the plan that it made while a table was small. `first` is a
    statement before the look, such as one that locks what must not change behind it.
    """
    return _guard(table, name, wrong, fault, event="INSERT", first=first)


def guard_updates(table: str, name: str, wrong: str, fault: str, *, first: str = "") -> RunSQL:
    """As `guard_inserts`, of a statement that changes rows; `fresh` are the rows as it leaves them."""
    return _guard(table, name, wrong, fault, event="UPDATE", first=first)


def _guard(table: str, name: str, wrong: str, fault: str, *, event: str, first: str) -> RunSQL:
    function = f"{table}_{name}"
    plan = " ".join(f"SET enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin"))
    return RunSQL(
        [
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
            f" SET search_path = pg_catalog, public {plan} AS $$"
            f" DECLARE found_wrong text; BEGIN {first} found_wrong := ({wrong}); IF found_wrong IS NOT NULL THEN"
            f" RAISE EXCEPTION '% {fault}', found_wrong USING ERRCODE = 'check_violation', CONSTRAINT = '{function}',"
            f" TABLE = '{table}'; END IF; RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING NEW TABLE AS fresh"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        ],
        [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {function}()"],
    )


def guard_moves(table: str, begins: str, steps: Sequence[tuple[str, str]]) -> RunSQL:
    """Rows of this table begin in one state and go on by these steps (from, to) alone, whoever writes.

    A state that stays as it is is no step. The function `<table>_step(source, target)` says which there are; the
    catalogue's linter holds it against the machine that is registered for the table (`register_kept`, core/moves.py).
    """
    pairs = ", ".join(f"('{source}', '{target}')" for source, target in steps)
    refuse = f"EXECUTE FUNCTION {table}_no_step()"
    return RunSQL(
        [
            f"CREATE FUNCTION {table}_step(source text, target text) RETURNS boolean LANGUAGE sql IMMUTABLE"
            f" PARALLEL SAFE AS $$ SELECT (source, target) IN ({pairs}) $$",
            f"CREATE FUNCTION {table}_no_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION '% takes no step from % to %', TG_TABLE_NAME, coalesce(OLD.state, 'nothing'), NEW.state"
            f" USING ERRCODE = 'restrict_violation', CONSTRAINT = '{table}_step'; END $$",
            f"CREATE TRIGGER begins BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.state <> '{begins}') {refuse}",
            f"CREATE TRIGGER a_step BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN (NEW.state <> OLD.state AND NOT {table}_step(OLD.state, NEW.state)) {refuse}",
        ],
        [
            f"DROP TRIGGER a_step ON {table}",
            f"DROP TRIGGER begins ON {table}",
            f"DROP FUNCTION {table}_no_step()",
            f"DROP FUNCTION {table}_step(text, text)",
        ],
    )


def composite_key(name: str, table: str, columns: Sequence[str], to_table: str, to_columns: Sequence[str]) -> RunSQL:
    """A foreign key between tenant tables whose target has a natural key; both sides name the tenant first.

    Checked at once, not at commit: the row it points at is written before. Old rows are checked past the fence, behind
    which the owner would see none and call the key whole.
    """
    own, theirs = ", ".join(["tenant_id", *columns]), ", ".join(["tenant_id", *to_columns])
    add = f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({own}) REFERENCES {to_table} ({theirs})"
    return RunSQL(
        _past_the_fence([table, to_table], [add]),
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def _past_the_fence(tables: Sequence[str], statements: Sequence[str]) -> tuple[str, ...]:
    return (
        *(f"ALTER TABLE {each} NO FORCE ROW LEVEL SECURITY" for each in tables),
        *statements,
        *(f"ALTER TABLE {each} FORCE ROW LEVEL SECURITY" for each in tables),
    )


def _past_the_refusal(table: str, statement: str) -> list[str]:
    """USER means the triggers that we made, of which only facts have any; checks of foreign keys go on."""
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER", statement, f"ALTER TABLE {table} ENABLE TRIGGER USER"]


def month_partitions(table: str, months: Iterable[tuple[int, int]]) -> list[str]:
    """Statements for monthly partitions, with fences of their own, of a table partitioned by version 7 ids."""
    statements = []
    for year, month in months:
        name, start, end = month_bounds(table, year, month)
        statements.append(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES FROM ('{start}') TO ('{end}')"
        )
        statements += partition_fence(name)
    return statements


def month_bounds(table: str, year: int, month: int) -> tuple[str, UUID, UUID]:
    """The name of a month's partition, its first id and the first one behind it."""
    start = first_at(datetime(year, month, 1, tzinfo=UTC))
    end = first_at(datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC))
    return f"{table}_{year}_{month:02d}", start, end


def partition_fence(name: str) -> list[str]:
    """Partitions are tables: without a fence and with grants of their own they would be a way around the parent's."""
    return [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = '{name}'::regclass) THEN "
        + "; ".join(fence_sql(name))
        + "; END IF; END $$"
    ]


def next_months(start: datetime, count: int) -> list[tuple[int, int]]:
    first = start.year * 12 + start.month - 1
    return [((first + step) // 12, (first + step) % 12 + 1) for step in range(count)]
