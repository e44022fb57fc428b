# ruff: noqa: N999  `script/bench import` names it
"""Claims: 100,000 loans from CSV cost little more than COPY of the same rows into the same tables; the real tape takes
at most a minute.

The import is the product's own (`script/manage` and the API run the same services): the file is sealed, every row is
read, judged, sealed under keys of its own and indexed, as `worker` under row-level security. The floor copies the very
rows that came of it into another tenant, as the administrator, binary, with all indexes and foreign keys in place.
"""

import csv
import io
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from os import environ
from pathlib import Path
from typing import IO, Any

import psycopg2

from benchmarks import Claim
from carloan.core.actors import Actor
from carloan.core.models import Job, Tenant
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import identity_number, vin
from carloan.loans.models import ImportBatch
from carloan.loans.services.import_steps import import_work
from carloan.loans.services.imports import import_run_start, import_upload

TAPE = Path(__file__).resolve().parents[2] / "shared" / "data" / "loans" / "auto_loans_us_abs.csv"
SIZES = {"small": 2_000, "full": 100_000}
HEADER = [
    "合同编号",
    "借款人姓名",
    "证件号码",
    "手机号",
    "住址",
    "车架号",
    "车牌号",
    "品牌",
    "车型",
    "贷款金额",
    "年利率",
    "期数",
    "放款日期",
    "还款方式",
    "当前余额",
    "已还期数",
    "逾期天数",
    "数据日期",
]
# Parents before children, as foreign keys want it.
TABLES = (
    "loans_loan",
    "loans_party",
    "loans_contactpoint",
    "loans_loanparty",
    "loans_vehicle",
    "loans_openingposition",
    # Allocations before their payments, which the database takes only with them.
    "loans_allocation",
    "loans_payment",
    "loans_importbatch",
    "loans_importrow",
    "core_lookupterm",
)


@dataclass(frozen=True)
class Timed:
    seconds: float
    batch: ImportBatch
    tenant: Tenant


def run(scale: str) -> list[Claim]:
    claims = []
    if TAPE.exists():
        with TAPE.open("rb") as file:
            tape = timed_import("tape", file)
        assert (tape.batch.created, tape.batch.rejected) == (7_572, 0), tape.batch.report
        assert tape.batch.report["differences"] == []
        claims.append(Claim("import: the real tape of 7,572 loans", round(tape.seconds, 2), "s", target=60.0))
    count = SIZES[scale]
    with tempfile.TemporaryFile() as file:
        write_book(file, count)
        file.seek(0)
        book = timed_import("book", file)
    assert (book.batch.created, book.batch.rejected) == (count, 0), book.batch.report
    assert book.batch.report["differences"] == []
    floor = copy_floor(book.tenant)
    claims.append(
        Claim(
            f"import: {count:,} loans from CSV over COPY of the same rows",
            round(book.seconds, 2),
            "s",
            target=2.0,
            floor=round(floor, 2),
        )
    )
    return claims


def timed_import(slug: str, file: IO[bytes]) -> Timed:
    """From the upload to the last row booked and the sums reconciled."""
    tenant = tenant_create(slug=f"bench-{slug}", name="Bench", name_en="Bench", kind=Tenant.Kind.BANK)
    actor = Actor.system(tenant.id, "bench")
    began = time.perf_counter()
    with tenant_atomic(tenant.id):
        batch = import_upload(actor=actor, file=file, name="book.csv")
        job = import_run_start(actor=actor, batch=batch)
    with tenant_scope(tenant.id):
        while True:
            import_work(job_id=job.id)
            with tenant_atomic():
                job = Job.objects.get(id=job.id)
            if job.state not in (Job.State.WAITING, Job.State.RUNNING):
                break
    seconds = time.perf_counter() - began
    assert job.state == Job.State.DONE, job.error
    with tenant_atomic(tenant.id):
        batch.refresh_from_db()
    return Timed(seconds, batch, tenant)


def write_book(out: IO[bytes], count: int) -> None:
    """A core-system export of `count` loans, each with its own borrower and car, all numbers valid."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_rows(count))
    text.flush()
    text.detach()


def _rows(count: int) -> Iterator[list[Any]]:
    surnames, given = "王李张刘陈杨赵黄周吴", "伟芳娜秀英敏静丽强磊军洋勇艳杰"
    for n in range(count):
        born = date(1960, 1, 1) + timedelta(days=n % 14_000)
        body = f"44{n // 1_400_000:02d}08{born:%Y%m%d}{n // 14_000 % 1000:03d}"
        car = f"LSVAA49J0E{n:07d}"
        yield [
            f"BENCH{n:09d}",
            surnames[n % 10] + given[n // 10 % 15] + given[n // 150 % 15],
            body + identity_number.check_digit(body),
            f"1{3 + n % 6}{n:09d}",
            f"广东省深圳市南山区科技园路{n % 500}号{n % 40}栋",
            car[:8] + vin.check_digit(car) + car[9:],
            f"粤B{n % 100_000:05d}",
            "大众",
            "朗逸",
            f"{80_000 + n % 90_000}.50",
            "5.88%",
            36,
            "2024-03-15",
            "等额本息",
            f"{50_000 + n % 30_000}.25",
            12,
            n % 7 * 10 if n % 9 == 0 else 0,
            "2026-10-31",
        ]


def copy_floor(tenant: Tenant) -> float:
    """Seconds of COPY FROM alone for the tenant's rows into a second tenant (made and removed outside the clock)."""
    twin = tenant_create(slug="bench-floor", name="Floor", name_en="Floor", kind=Tenant.Kind.BANK)
    connection = psycopg2.connect(environ["CARLOAN_ADMIN_URL"])
    connection.autocommit = False
    total = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            columns = _columns(cursor, table)
            chosen = ", ".join(
                f"'{twin.id}'::uuid"
                if name == "tenant_id"
                else "NULL"
                if name in ("job_id", "branch_id")
                else f'"{name}"'
                for name in columns
            )
            names = ", ".join(f'"{name}"' for name in columns)
            with tempfile.TemporaryFile() as file:
                cursor.copy_expert(
                    f"COPY (SELECT {chosen} FROM {table} WHERE tenant_id = '{tenant.id}') TO STDOUT (FORMAT binary)",
                    file,
                )
                file.seek(0)
                began = time.perf_counter()
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", file)
                total += time.perf_counter() - began
        began = time.perf_counter()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.commit()
        total += time.perf_counter() - began
    connection.close()
    return total


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]
