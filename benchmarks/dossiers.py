"""Claims: a night counts a hundred thousand dossiers anew within a minute, near the bare query; one takes a moment.

Invented loans of new cars with their borrowers, each with a dossier on the ready pack and four ticks, some of which
have run out. The floor is a query that reads the same rows and counts them, without conditions and without writing.
"""

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks import Claim
from carloan.archives.models import Dossier, PackVersion
from carloan.archives.services.packs import packs_install
from carloan.archives.services.reckoning import dossier_reckon, dossiers_reckon
from carloan.core.actors import Actor
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic, tenant_scope

DOSSIERS = {"small": 2_000, "full": 100_000}
TARGET = {"small": 5.0, "full": 60.0}
MOST_TO_FLOOR = 1.5
ONE = 0.050
TIMES = 40
_TICKED = ("borrower_id_front", "borrower_id_back", "contract", "insurance_in_force")
_ROWS = (
    """
    INSERT INTO loans_party (tenant_id, id, kind, id_kind, id_place, occupation, revision, created_at, audit_event_id)
    SELECT %(tenant)s, md5('p' || n)::uuid, 'person', 'none', 0, '', 1, now(), md5('e')::uuid
    FROM generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO loans_loan (tenant_id, id, contract_no, external_no, product, state, currency, principal, rate_ppm,
        term, method, balloon, due_day, opened_on, outstanding, revision, created_at, audit_event_id)
    SELECT %(tenant)s, md5('l' || n)::uuid, 'B' || n, '', '新车贷', 'servicing', 'CNY', 10000000, 50000,
        36, 'equal_instalment', 0, 1, %(today)s::date - 300, 0, 1, now(), md5('e')::uuid
    FROM generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO loans_loanparty (tenant_id, id, loan_id, party_id, role, guarantee, relation, created_at,
        audit_event_id)
    SELECT %(tenant)s, md5('r' || n)::uuid, md5('l' || n)::uuid, md5('p' || n)::uuid, 'borrower', '', '', now(),
        md5('e')::uuid
    FROM generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO archives_dossier (tenant_id, id, loan_id, pack_version_id, opened_at, audit_event_id)
    SELECT %(tenant)s, md5('d' || n)::uuid, md5('l' || n)::uuid, %(version)s, now(), md5('e')::uuid
    FROM generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO archives_paper (tenant_id, id, dossier_id, loan_id, media, size, sha256, stored, wrapped_key, state,
        kind, certainty, pages, problems, reason, source, attempts, risk, revision, received_at, filed_at,
        audit_event_id)
    SELECT %(tenant)s, md5('a' || n || '-' || k)::uuid, md5('d' || n)::uuid, md5('l' || n)::uuid, 'image/png', 1,
        md5(n || '-' || k), '', '', 'filed', '', 1000, 1, '[]', '', 'seed', 0, 0, 1, now(), now(), md5('e')::uuid
    FROM generate_series(1, %(count)s) n, generate_series(1, 4) k
    """,
    """
    INSERT INTO archives_papertick (tenant_id, id, paper_id, dossier_id, item_key, stage, party_id, valid_until,
        audit_event_id)
    SELECT %(tenant)s, md5('t' || n || '-' || k)::uuid, md5('a' || n || '-' || k)::uuid, md5('d' || n)::uuid,
        (%(keys)s::text[])[k], 'application', CASE WHEN k <= 2 THEN md5('p' || n)::uuid END,
        CASE k WHEN 4 THEN %(today)s::date + (n %% 60) - 10 END, md5('e')::uuid
    FROM generate_series(1, %(count)s) n, generate_series(1, 4) k
    """,
)
_FLOOR = """
WITH asked AS (
    SELECT d.id, d.loan_id, i.key, i.of FROM archives_dossier d
    JOIN archives_packitem i ON i.tenant_id = d.tenant_id AND i.version_id = d.pack_version_id AND i.required
    WHERE d.tenant_id = %(tenant)s AND i.of = 'loan'
    UNION ALL
    SELECT d.id, d.loan_id, i.key, i.of FROM archives_dossier d
    JOIN loans_loanparty lp ON lp.tenant_id = d.tenant_id AND lp.loan_id = d.loan_id
    JOIN archives_packitem i ON i.tenant_id = d.tenant_id AND i.version_id = d.pack_version_id AND i.of = lp.role
        AND i.required
    WHERE d.tenant_id = %(tenant)s
), ticked AS (
    SELECT t.dossier_id, t.item_key, max(coalesce(t.valid_until, 'infinity')) AS until
    FROM archives_papertick t JOIN archives_paper p ON p.tenant_id = t.tenant_id AND p.id = t.paper_id
    WHERE t.tenant_id = %(tenant)s AND p.state = 'filed' GROUP BY t.dossier_id, t.item_key
), counted AS (
    SELECT a.id, count(*) AS asked, count(t.until) AS done, min(t.until) AS until
    FROM asked a LEFT JOIN ticked t ON t.dossier_id = a.id AND t.item_key = a.key GROUP BY a.id
)
SELECT sum(asked), sum(done), min(until) FROM counted
"""


def run(scale: str) -> list[Claim]:
    count = DOSSIERS[scale]
    tenant = tenant_create(slug="bench-dossiers", name="基准", name_en="Bench")
    today = timezone.localdate()
    with tenant_scope(tenant.id), timezone.override(tenant.time_zone):
        with tenant_atomic():
            packs_install(actor=Actor.system(tenant.id, "bench"))
            version = PackVersion.objects.get(pack__code="new_car")
        _fill({"tenant": tenant.id, "count": count, "today": today, "version": version.id, "keys": list(_TICKED)})
        first = _timed(lambda: _count(today))
        floor = _timed(lambda: _floor(tenant.id))
        night = _timed(lambda: _count(today + timedelta(days=1)))
        with tenant_atomic():
            ids = list(Dossier.objects.order_by("id").values_list("id", flat=True)[:TIMES])
            assert not Dossier.objects.filter(done=0).exists()
        one = sorted(_timed(lambda each=each: _one(each, today)) for each in ids)  # type: ignore[misc]
    return [
        Claim("dossiers counted for the first time", first, f"s for {count:,} dossiers", TARGET[scale]),
        Claim("dossiers counted on the next day", night, "s", MOST_TO_FLOOR, floor=floor),
        Claim("one dossier after a change, median", one[len(one) // 2], "s", ONE),
    ]


def _fill(given: dict[str, Any]) -> None:
    with tenant_atomic(), connection.cursor() as cursor:
        for statement in _ROWS:
            cursor.execute(statement, given)
    with connection.cursor() as cursor:
        for table in ("loans_loan", "loans_loanparty", "archives_dossier", "archives_paper", "archives_papertick"):
            cursor.execute(f"ANALYZE {table}")


def _count(today: Any) -> None:
    with tenant_atomic():
        dossiers_reckon(None, today=today)


def _floor(tenant_id: Any) -> None:
    with tenant_atomic(), connection.cursor() as cursor:
        cursor.execute(_FLOOR, {"tenant": tenant_id})
        cursor.fetchone()


def _one(dossier_id: Any, today: Any) -> None:
    with tenant_atomic():
        dossier_reckon(dossier_id, today=today)


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
