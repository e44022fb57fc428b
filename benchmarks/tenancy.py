"""Claim: statements in an open transaction cost at most 1.10 times as much with row-level security as without.

The real loans table holds a million rows of fifty lenders, one of which has a fifth of them. The same statements, with
the same values, run as `app` behind the fence and as a role with the same grants that no policy binds; both with the
tenant in the WHERE, as the application writes them. One server process runs both, in turns and block by block: its
caches, its place on the processor and the machine's other work then meet both alike. Two processes do not do: which of
them shares a core with the client decides more than the fence does (ratios from 0.8 to 1.4 for the same statement).

The bound is asked of the mix and of each kind; the shortest kinds miss it. A fence costs 6 to 10 µs a statement,
whatever that does (docs/decisions/0010), which is more than a tenth of 65 µs; "fence over its condition by hand" shows
that the policy itself adds nothing to what PostgreSQL takes for the same condition in a WHERE.
"""

import random
import statistics
import time
from itertools import product
from os import environ
from typing import Any
from uuid import UUID

import psycopg2

from benchmarks import Claim
from carloan.core.models import Tenant
from carloan.core.postgres.schema import TENANT
from carloan.core.services.tenants import tenant_create

SIZES = {"small": 20_000, "full": 1_000_000}
TENANTS = 50
BIG_SHARE = 5
ROUNDS, WARM_UP, STATEMENTS, BLOCK = 15, 2, 240, 12
TARGET = 1.10
ROLES = FENCED, BARE = "app", "bench_bare"

FILL = """
INSERT INTO loans_loan (
    id, tenant_id, contract_no, external_no, product, state, currency, principal, rate_ppm, term, method, balloon,
    due_day, opened_on, disbursed_on, first_due_on, matures_on, outstanding, overdue, days_overdue, periods_paid,
    next_due, revision, created_at, audit_event_id)
SELECT gen_random_uuid(), %s, 'T' || n, '', 'bench', CASE WHEN n %% 5 = 0 THEN 'settled' ELSE 'servicing' END, 'CNY',
    5000000 + n * 7 %% 9000000, 58800, 36, 'equal_instalment', 0, 15,
    date '2020-01-01' + (n * 13 %% 2000)::int, date '2020-01-01', date '2020-02-15', date '2023-01-15',
    n * 11 %% 5000000, 0, CASE WHEN n %% 9 = 0 THEN n %% 120 ELSE 0 END, 3, 0, 1, now(), gen_random_uuid()
FROM generate_series(1, %s) n
"""
OWN = "FROM loans_loan WHERE tenant_id = %(tenant)s"
NEWEST = "ORDER BY opened_on DESC, id DESC LIMIT 50"
BEHIND = "opened_on <= %(day)s AND (opened_on < %(day)s OR (opened_on = %(day)s AND id < %(id)s))"
KINDS: dict[str, str] = {
    "loan by id": f"SELECT * {OWN} AND id = %(id)s",
    "loan by number": f"SELECT * {OWN} AND contract_no = %(number)s",
    "page of 50, newest first": f"SELECT * {OWN} {NEWEST}",
    "page of 50 by stage": f"SELECT * {OWN} AND state = 'settled' {NEWEST}",
    "page of 50 behind a cursor": f"SELECT * {OWN} AND {BEHIND} {NEWEST}",
    "change of one loan": "UPDATE loans_loan SET revision = revision + 1 WHERE tenant_id = %(tenant)s AND id = %(id)s",
}


def run(scale: str) -> list[Claim]:
    tenants = _fill(SIZES[scale])
    connection = _connect(environ["CARLOAN_ADMIN_URL"])
    _make_bare_role(connection)
    samples = {tenant: _sample(connection, tenant) for tenant in (tenants[0], tenants[7])}
    pairs = {name: (statement, statement) for name, statement in KINDS.items()}
    read = KINDS["loan by id"]
    pairs["loan by id, fence over its condition by hand"] = (read, f"{read} AND tenant_id = {TENANT}")
    found = _measure(connection, pairs, samples)
    fenced, bare = (sum(found[name][side] for name in KINDS) for side in (0, 1))
    return [
        *(_claim(name, *times, TARGET) for name, times in found.items()),
        _claim("all statements together", fenced, bare, TARGET),
    ]


def _claim(name: str, value: float, floor: float, target: float) -> Claim:
    return Claim(f"tenancy: {name}", round(value, 1), "µs", target=target, floor=round(floor, 1))


def _fill(count: int) -> list[UUID]:
    made = [
        tenant_create(slug=f"bench-{n}", name="Bench", name_en="Bench", kind=Tenant.Kind.BANK).id
        for n in range(TENANTS)
    ]
    connection = _connect(environ["CARLOAN_ADMIN_URL"])
    with connection.cursor() as cursor:
        for place, tenant in enumerate(made):
            cursor.execute(
                FILL, [str(tenant), count // BIG_SHARE if place == 0 else (count - count // BIG_SHARE) // (TENANTS - 1)]
            )
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE loans_loan")
    connection.close()
    return made


def _connect(url: str) -> Any:
    return psycopg2.connect(url)


def _sample(connection: Any, tenant: UUID) -> list[dict[str, Any]]:
    chooser = random.Random(7)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, contract_no, opened_on FROM loans_loan WHERE tenant_id = %s ORDER BY id LIMIT 5000",
            [str(tenant)],
        )
        rows = cursor.fetchall()
    connection.rollback()
    return [
        {"tenant": str(tenant), "id": str(row[0]), "number": row[1], "day": row[2]}
        for row in chooser.sample(rows, min(STATEMENTS, len(rows)))
    ]


def _make_bare_role(connection: Any) -> None:
    """The floor's role: `app` in everything but the fence. A superuser would also skip the look at grants."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {BARE} NOLOGIN NOSUPERUSER BYPASSRLS")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {BARE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON loans_loan TO {BARE}")
    connection.commit()


def _measure(
    connection: Any, pairs: dict[str, tuple[str, str]], samples: dict[UUID, list[dict[str, Any]]]
) -> dict[str, tuple[float, float]]:
    """µs of each pair's first statement behind the fence and of its second without it.

    Each block of rows is done by one role and then by the other, which goes first in every second block. A block is a
    transaction of its own, rolled back, so that nobody meets the row versions of the other. The kinds take turns within
    a round: a server process that has only ever run short statements gives memory back to the system after each, which
    costs more than they do, and processes behind a site never are like that.
    """
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in pairs}
    with connection.cursor() as cursor:
        for number in range(ROUNDS + WARM_UP):
            for tenant, values in samples.items():
                for start, (name, pair) in product(range(0, len(values), BLOCK), pairs.items()):
                    block = values[start : start + BLOCK]
                    for side in (0, 1) if (start // BLOCK + number) % 2 else (1, 0):
                        cursor.execute(f"SET LOCAL ROLE {ROLES[side]}; SET LOCAL app.tenant_id = '{tenant}'")
                        spent = [_timed(cursor, pair[side], value) for value in block]
                        connection.rollback()
                        if number >= WARM_UP:
                            # The first of a block also pays for what the change of role left cold.
                            times[name][side].extend(spent[1:])
    return {name: (_quarter(fenced), _quarter(bare)) for name, (fenced, bare) in times.items()}


def _quarter(times: list[float]) -> float:
    """The lower quartile: what the machine's other work interrupts lies above it."""
    return statistics.quantiles(times, n=4)[0]


def _timed(cursor: Any, statement: str, value: dict[str, Any]) -> float:
    began = time.perf_counter()
    cursor.execute(statement, value)
    if cursor.description:
        cursor.fetchall()
    return (time.perf_counter() - began) * 1e6
