"""What is measured: sealing under load, an act's cost, and a check by the one-file verifier."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
from django.db import connection

from benchmarks import Claim
from benchmarks.ledger.writers import Task, write
from carloan.compliance.proofs import carloan_verify
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.compliance.services.bundle import bundle_write
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent, Tenant
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.supervisor.bench import Stage
from carloan.supervisor.home import ROOT

# Seconds of writing, rounds of each side of an act, and events that are checked.
SIZES = {"small": (6.0, 2, 20_000), "full": (60.0, 6, 200_000)}
ACT_SECONDS, ACT_HOLD = 5.0, 0.010
PLAIN = "bench_plain"
PATIENCE = 300.0

_WAITS = """
SELECT e.created_at, c.signed_at FROM compliance_ledgerleaf l
JOIN core_auditevent e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
JOIN LATERAL (SELECT signed_at FROM compliance_ledgercheckpoint c WHERE c.tenant_id = l.tenant_id AND c.size > l.index
    ORDER BY c.size LIMIT 1) c ON true
WHERE l.tenant_id = %s AND l.index >= %s
"""


def run(scale: str, stage: Stage) -> list[Claim]:
    seconds, rounds, checked = SIZES[scale]
    tenant = tenant_create(slug="bench", name="Bench", name_en="Bench", kind=Tenant.Kind.BANK)
    _make_plain(stage)
    url = stage.services.environment("worker")["DATABASE_URL"]
    with _sealer(stage):
        sealed, waits = _under_load(Task(url, str(tenant.id), "core_auditevent", seconds), tenant.id)
        act, plain = _act(url, tenant.id, rounds)
        while _sealed(tenant.id) < checked:
            write(Task(url, str(tenant.id), "core_auditevent", 5.0))
        _until_sealed(tenant.id)
    verified = _verify(tenant)
    return [
        Claim("ledger: events recorded by 16 writers and sealed", round(sealed), "1/s", target=4_000, better="higher"),
        Claim("ledger: until 99 % of them are signed", round(_percentile(waits, 99), 2), "s", target=5.0),
        Claim(
            "ledger: acts of 10 ms by 16 writers, sealed, over a plain insert", round(act), "1/s", target=1 / 1.15,
            floor=round(plain), better="higher",
        ),
        Claim("ledger: events checked by the verifier", round(verified), "1/s", target=150_000, better="higher"),
    ]  # fmt: skip


def _make_plain(stage: Stage) -> None:
    with psycopg2.connect(stage.services.addresses.database) as link, link.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {PLAIN} (LIKE core_auditevent INCLUDING INDEXES)")
        cursor.execute(f"GRANT SELECT, INSERT ON {PLAIN} TO worker")
    link.close()


@contextmanager
def _sealer(stage: Stage) -> Iterator[None]:
    with stage.home.open_log("sealer") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "carloan.sealer"], cwd=ROOT, env=stage.services.environment("sealer"), stdout=log,
            stderr=log,
        )  # fmt: skip
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def _under_load(task: Task, tenant_id: UUID) -> tuple[float, list[float]]:
    """Events a second from the first one recorded to the last one sealed, and how long each waited to be signed."""
    _until_sealed(tenant_id)
    first = _sealed(tenant_id)
    count = write(task)
    _until_sealed(tenant_id)
    with tenant_atomic(tenant_id), connection.cursor() as cursor:
        cursor.execute(_WAITS, [tenant_id, first])
        rows: list[tuple[datetime, datetime]] = cursor.fetchall()
    assert len(rows) == count, "every event is sealed once"
    spent = max(signed for _at, signed in rows) - min(at for at, _signed in rows)
    return count / spent.total_seconds(), [(signed - at).total_seconds() for at, signed in rows]


def _act(url: str, tenant_id: UUID, rounds: int) -> tuple[float, float]:
    """Acts a second that record and are sealed, and the same without; in turns, since a disk has moods."""
    found: dict[str, list[float]] = {"core_auditevent": [], PLAIN: []}
    for _ in range(rounds):
        for table, rates in found.items():
            rates.append(write(Task(url, str(tenant_id), table, ACT_SECONDS, ACT_HOLD)) / ACT_SECONDS)
    sealed, plain = (statistics.median(rates) for rates in found.values())
    return sealed, plain


def _verify(tenant: Tenant) -> float:
    """Events a second of processor time, from the zip to the verdict."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        with path.open("wb") as file, tenant_scope(tenant.id):
            checkpoint = bundle_write(actor=Actor.system(tenant.id, "benchmark"), file=file)
        rates = []
        for _ in range(3):
            began = time.process_time()
            found = carloan_verify.verify(str(path), carloan_verify.read_key(checkpoint.signed_by))
            rates.append(found["events"] / (time.process_time() - began))
    return statistics.median(rates)


def _sealed(tenant_id: UUID) -> int:
    with tenant_atomic(tenant_id):
        last = last_checkpoint()
        return last.size if last else 0


def _until_sealed(tenant_id: UUID) -> None:
    deadline = time.monotonic() + PATIENCE
    with tenant_atomic(tenant_id):
        count = AuditEvent.objects.count()
    while _sealed(tenant_id) < count:
        if time.monotonic() > deadline:
            raise TimeoutError("the sealer does not keep up")
        time.sleep(0.1)


def _percentile(values: list[float], percent: int) -> Any:
    return statistics.quantiles(values, n=100)[percent - 1]
