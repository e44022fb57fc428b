"""Claims: the nightly sweep of retention moves a million records within a minute, and a night without change is cheap.

Invented loans, most of them ended on days of the last twenty years, each with its borrower; every record class of the
book is swept. Then the same again: nothing moved, so nothing is written. The floor is the query of the clocks alone.
"""

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks import Claim
from carloan.compliance.models import RetentionPolicy, RetentionRecord
from carloan.compliance.retention import record_classes
from carloan.compliance.selectors.retention import asked, legal, policy_in_force, rules_of
from carloan.compliance.services.retention import policy_draft, policy_publish
from carloan.compliance.services.retention_dry_runs import dry_run_begin, dry_run_work
from carloan.compliance.services.sweeping import retention_sweep
from carloan.core.actors import Actor
from carloan.core.models import Job
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic, tenant_scope

# Loans; each has three records: contract, transactions, the identity of its borrower.
LOANS = {"small": 5_000, "full": 334_000}
# For the size of the full run, in seconds.
TARGET = {"small": 5.0, "full": 60.0}
_PARTIES = """
INSERT INTO loans_party (tenant_id, id, kind, id_kind, id_place, occupation, revision, created_at, audit_event_id)
SELECT %(tenant)s, md5('p' || n)::uuid, 'person', 'none', 0, '', 1, now(), md5('e')::uuid
FROM generate_series(1, %(count)s) n
"""
_LOANS = """
INSERT INTO loans_loan (tenant_id, id, contract_no, external_no, product, state, currency, principal, rate_ppm, term,
    method, balloon, due_day, opened_on, settled_on, outstanding, revision, created_at, audit_event_id)
SELECT %(tenant)s, md5('l' || n)::uuid, 'B' || n, '', '', 'settled', 'CNY', 100000, 50000, 36,
    'equal_instalment', 0, 1, %(today)s::date - 8000, %(today)s::date - (n %% 7300), 0, 1, now(), md5('e')::uuid
FROM generate_series(1, %(count)s) n
"""
_ROLES = """
INSERT INTO loans_loanparty (tenant_id, id, loan_id, party_id, role, guarantee, relation, created_at, audit_event_id)
SELECT %(tenant)s, md5('r' || n)::uuid, md5('l' || n)::uuid, md5('p' || n)::uuid, 'borrower', '', '', now(),
    md5('e')::uuid
FROM generate_series(1, %(count)s) n
"""


def run(scale: str) -> list[Claim]:
    count = LOANS[scale]
    tenant = tenant_create(slug="bench-retention", name="基准", name_en="Bench")
    actor = Actor.system(tenant.id, "bench")
    with tenant_scope(tenant.id), timezone.override(tenant.time_zone):
        _fill(count, tenant.id)
        with tenant_atomic():
            policy = policy_draft(actor=actor)
        _run_dry(actor, policy)
        with tenant_atomic():
            policy_publish(actor=actor, policy=policy, revision=policy.revision)
        floor = _timed(_clocks)
        first = _timed(lambda: _sweep(actor))
        again = _timed(lambda: _sweep(actor))
        with tenant_atomic():
            records = RetentionRecord.objects.count()
    assert records == count * 3, records
    return [
        Claim("sweep of records that all move", first, f"s for {records:,} records", TARGET[scale]),
        Claim("sweep of records that stay", again, "s", 6.0, floor=floor),
    ]


def _run_dry(actor: Actor, policy: RetentionPolicy) -> None:
    """As a person must before publishing; the worker's task goes on until the job is done."""
    job = dry_run_begin(actor=actor, policy=policy)
    while job.state != Job.State.DONE:
        dry_run_work(job_id=job.id)
        with tenant_atomic():
            job.refresh_from_db()
        assert job.state != Job.State.FAILED, job.error


def _fill(count: int, tenant_id: Any) -> None:
    given = {"tenant": tenant_id, "count": count, "today": timezone.localdate() - timedelta(days=1)}
    with tenant_atomic(), connection.cursor() as cursor:
        for statement in (_PARTIES, _LOANS, _ROLES):
            cursor.execute(statement, given)


def _clocks() -> None:
    """What any sweep must read: since when the time of every unit runs."""
    with tenant_atomic():
        policy = policy_in_force(timezone.localdate())
        assert policy is not None
        rules, view = list(rules_of(policy).values()), legal()
        for each in record_classes():
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(since), max(today) FROM ({each.clocks}) c", asked(each, rules, view, timezone.now())
                )


def _sweep(actor: Actor) -> None:
    for each in record_classes():
        retention_sweep(actor=actor, record_class=each)


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
