"""Claim: statements in an open transaction cost together at most 1.10 times as much with row-level security as without.

The fence costs some microseconds of planning a statement, which weigh most on the shortest ones: each kind alone is
shown beside a bound of its own.

The real loans table holds a million rows of fifty lenders, one of which has a fifth of them. The same statements, with
the same values and in turns, run as `app` behind the fence and as an administrator, whom no policy binds; both with the
tenant in the WHERE, as the application writes them. A figure is the median over rounds of the time of many statements.
"""

import random
import statistics
import time
from os import environ
from typing import Any
from uuid import UUID

import psycopg2

from benchmarks import Claim
from carloan.core.models import Tenant
from carloan.core.services.tenants import tenant_create

SIZES = {"small": 20_000, "full": 1_000_000}
TENANTS = 50
BIG_SHARE = 5
ROUNDS, WARM_UP, STATEMENTS = 15, 2, 240
TARGET, TARGET_ALONE = 1.10, 1.25

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
    claims = []
    fenced, open_ = _connect(environ["DATABASE_URL"]), _connect(environ["CARLOAN_ADMIN_URL"])
    samples = {tenant: _sample(open_, tenant) for tenant in (tenants[0], tenants[7])}
    behind, without = 0.0, 0.0
    for name, statement in KINDS.items():
        with_fence, bare = _measure(fenced, open_, statement, samples)
        behind, without = behind + with_fence, without + bare
        claims.append(Claim(f"tenancy: {name}", round(with_fence, 1), "µs", target=TARGET_ALONE, floor=round(bare, 1)))
    claims.append(
        Claim("tenancy: all statements together", round(behind, 1), "µs", target=TARGET, floor=round(without, 1))
    )
    return claims


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


def _measure(fenced: Any, bare: Any, statement: str, samples: dict[UUID, list[dict[str, Any]]]) -> tuple[float, float]:
    """Median µs of one statement behind the fence and without it.

    The two stand back to back, in turns first and second, so that the machine's other work meets both alike; each
    round is one transaction of each side with its tenant set, rolled back at the end.
    """
    times: tuple[list[float], list[float]] = ([], [])
    with fenced.cursor() as behind, bare.cursor() as free:
        for number in range(ROUNDS + WARM_UP):
            for tenant, values in samples.items():
                behind.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
                free.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
                # Two rows a turn: both transactions are open, and an update of one row would wait for the other.
                for place, pair in enumerate(zip(values[::2], values[1::2], strict=False)):
                    for side in (0, 1) if place % 2 else (1, 0):
                        spent = _timed((behind, free)[side], statement, pair[(side + number) % 2])
                        if number >= WARM_UP:
                            times[side].append(spent)
                fenced.rollback()
                bare.rollback()
    return statistics.median(times[0]), statistics.median(times[1])


def _timed(cursor: Any, statement: str, value: dict[str, Any]) -> float:
    began = time.perf_counter()
    cursor.execute(statement, value)
    if cursor.description:
        cursor.fetchall()
    return (time.perf_counter() - began) * 1e6
