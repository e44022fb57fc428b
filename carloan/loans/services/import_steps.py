"""The work of an import: a check or a run goes through the file by chunks, a minute a step; a killed one goes on where
it stopped."""

import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO
from uuid import UUID

from django.db import DatabaseError
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit, jobs
from carloan.core.access import actor_again
from carloan.core.actors import Actor
from carloan.core.errors import AppError, Conflict, Forbidden, TooMany, Unavailable
from carloan.core.keys import past_the_seal
from carloan.core.locks import hold
from carloan.core.models import Job
from carloan.core.moves import step
from carloan.core.postgres.bulk import insert_rows
from carloan.core.services.searching import answers_left, answers_told
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.loans.imports.booking import book, foresee, tells_of_masked
from carloan.loans.imports.faults import Fault
from carloan.loans.imports.judging import Outcome, Places, judge, places_for
from carloan.loans.imports.mapping import Reader
from carloan.loans.imports.opening import count_rows, rows
from carloan.loans.imports.reading import Row
from carloan.loans.imports.records import Record
from carloan.loans.imports.report import Totals, book_totals, differences, kinds_with
from carloan.loans.models import ImportBatch, ImportRow
from carloan.loans.policies.batches import CHECK, MOVES
from carloan.loans.selectors.imports import open_file, shape_of
from carloan.loans.tasks import work_on_import

TOO_MANY = _(
    "Too many rows do not fit what the book holds of borrowers and cars, or change it; rows like these count as "
    "searches. Let somebody who sees clear values import this file, or try again later."
)
CHUNK = 2_500
# A task ends before the broker believes its worker dead, and hands the rest to the next one.
STEP_SECONDS = 60.0
RENEW_SECONDS = 10.0
OUTCOMES = ("created", "updated", "unchanged", "kept", "rejected")
COUNTS = (*OUTCOMES, "warned")


@past_the_seal()
def import_work(*, job_id: UUID) -> None:
    """One step of a check or a run: chunks for a minute, then the next task goes on. Safe to repeat."""
    job = jobs.claim(job_id)
    if job is None:
        return
    try:
        _work(job)
    except Conflict:
        return  # another worker has taken over
    except Unavailable:
        with suppress(Conflict):
            jobs.hand_over(job)  # the store of the file is away, which is no try of the job: the sweep sends it again
    except AppError as error:
        with suppress(Conflict):  # another worker has taken over, and may come further
            jobs.fail(job, *error.sentences)


def import_failed(job: Job) -> None:
    """Free the import of a failed job, in the job's transaction: it can be mapped, checked and run again."""
    batch = ImportBatch.objects.select_for_update().filter(job_id=job.id, state="running").first()
    if batch is None:
        return
    event_id = audit.record(
        actor=Actor.system(current_tenant_id(), "worker"),
        action="loans.import.failed",
        object_type="loans.importbatch",
        object_id=batch.id,
        count=batch.cursor,
    )
    step(batch, MOVES, "fail", audit_event_id=event_id)


def _rows(job: Job, batch: ImportBatch, file: IO[bytes]) -> Iterator[Row]:
    """The rows of the file; while nothing is done with them, as in skipping, the lease is renewed."""
    renewed = time.monotonic()
    for row in rows(file, shape_of(batch)):
        if time.monotonic() - renewed > RENEW_SECONDS:
            jobs.advance(job, done=job.done)
            renewed = time.monotonic()
        yield row


def _count(job: Job, batch: ImportBatch) -> None:
    """Find out how long the work will be, once for each file, for those who watch."""
    with tenant_atomic():
        file = open_file(batch)
    total, renewed = 0, time.monotonic()
    with file:
        for counted in count_rows(file, shape_of(batch)):
            total = counted
            if time.monotonic() - renewed > RENEW_SECONDS:
                jobs.advance(job, done=job.done)
                renewed = time.monotonic()
    with tenant_atomic():
        ImportBatch.objects.filter(id=batch.id, job=job).update(total=total)
        jobs.advance(job, done=job.done, total=total)
    batch.total = total


def _actor_of(job: Job) -> Actor:
    """Whoever started the import, with the rights of this moment. Raises Forbidden when they are gone."""
    if job.started_by_id:
        actor = actor_again("person", job.started_by_id, name="import")
    elif key_id := job.params.get("key"):
        actor = actor_again("key", UUID(key_id), name="import")
    else:
        actor = actor_again("system", None, name="import")
    if actor is None or not actor.can("loans.import"):
        raise Forbidden(capability="loans.import")
    return actor


@dataclass(frozen=True, slots=True)
class _Pass:
    """One worker's step over a file: what stays the same from chunk to chunk."""

    job: Job
    batch: ImportBatch
    actor: Actor
    reader: Reader
    places: Places
    totals: Totals
    seen: dict[str, int]

    @property
    def dry(self) -> bool:
        return self.job.kind == CHECK


def _begin(job: Job) -> _Pass:
    with tenant_atomic():
        batch = ImportBatch.objects.get(id=job.params["batch"])
        actor = _actor_of(job)
        places = places_for(actor, UUID(job.params["branch"]) if job.params.get("branch") else None)
        numbered = ImportRow.objects.filter(batch=batch).exclude(contract_no="").values_list("contract_no")
        seen = dict(numbered.annotate(first=Min("number")).values_list("contract_no", "first"))
    reader = Reader(batch.spec, shape_of(batch).header, today=timezone.localdate())
    totals = Totals(batch.report.get("file"))
    return _Pass(job, batch, actor, reader, places, totals, seen)


def _work(job: Job) -> None:
    began = time.monotonic()
    work = _begin(job)
    batch = work.batch
    if not batch.total:
        _count(job, batch)
    with tenant_atomic():
        file = open_file(batch)
    with file, closing(_records(work, islice(_rows(job, batch, file), batch.cursor, None))) as chunks:
        for chunk, records in chunks:
            _chunk(work, chunk, records)
            jobs.advance(job, done=batch.cursor)
            if time.monotonic() - began > STEP_SECONDS:
                with tenant_atomic():
                    jobs.hand_over(job)
                    work_on_import.send(job_id=str(job.id))
                return
    _finish(work)


def _records(work: _Pass, stream: Iterator[Row]) -> Generator[tuple[list[Row], list[Record]]]:
    """The rows by chunks with their records. While one chunk is written, which is mostly waiting for the database, the
    next one is mapped beside it; that needs neither."""
    with ThreadPoolExecutor(1, thread_name_prefix="mapping") as beside:
        ahead: tuple[list[Row], Future[list[Record]]] | None = None
        while chunk := list(islice(stream, CHUNK)):
            following = (chunk, beside.submit(_mapped, work.reader, chunk))
            if ahead is not None:
                yield ahead[0], ahead[1].result()
            ahead = following
        if ahead is not None:
            yield ahead[0], ahead[1].result()


def _mapped(reader: Reader, chunk: list[Row]) -> list[Record]:
    return [reader.read(row) for row in chunk]


def _chunk(work: _Pass, chunk: list[Row], records: list[Record]) -> None:
    try:
        with tenant_atomic():
            # One import at a time books into a tenant: two files with the same loans must see each other.
            _lock(work.batch)
            left = answers_left(work.actor)
            outcomes = judge(records, work.places, work.seen, work.reader.column, booking=not work.dry)
            told = _taken(work, outcomes, left)
            if told:
                _keep(work, outcomes)
    except DatabaseError:
        # The database refused something that no rule foresaw: find the row, so that only that one is left out.
        refused = {row.number for row in chunk}
        for contract_no in [key for key, number in work.seen.items() if number in refused]:
            del work.seen[contract_no]
        if len(chunk) > 1:
            middle = len(chunk) // 2
            for half in (chunk[:middle], chunk[middle:]):
                # Judging and booking have written into the records: they are made anew.
                _chunk(work, half, _mapped(work.reader, half))
            return
        outcome = Outcome(work.reader.read(chunk[0]), "rejected")
        outcome.record.faults.append(Fault("", "writing"))
        with tenant_atomic():
            _lock(work.batch)
            _keep(work, [outcome])
        return
    if not told:
        # Outside the chunk's transaction, which keeps what the refusal cost.
        raise TooMany(TOO_MANY, code="search_quota")


class _TellsTooMuch(Exception):
    """Undoes what a chunk wrote."""


def _taken(work: _Pass, outcomes: list[Outcome], left: int | None) -> bool:
    """Foresee or book the rows, and count those that tell something of what is masked: they do not fit it, or change
    it. False, and nothing is written, when they are more than may be told.

    None left is no, whatever the rows are, and too many take all that is left: or a refusal would answer for nothing.
    """
    telling = sum(one.is_misfit for one in outcomes)
    if left is None or left >= max(telling, 1):
        try:
            with tenant_atomic():
                if work.dry:
                    foresee(outcomes, work.places)
                else:
                    book(work.batch, outcomes, work.actor)
                    telling += sum(tells_of_masked(one) for one in outcomes)
                if left is not None and telling > left:
                    raise _TellsTooMuch
        except _TellsTooMuch:
            pass
    if left is None:
        return True
    answers_told(actor=work.actor, place="loans.importbatch", count=min(telling, left))
    return left >= max(telling, 1)


def _lock(batch: ImportBatch) -> None:
    hold("loans.import")
    mine = ImportBatch.objects.select_for_update().filter(id=batch.id, cursor=batch.cursor)
    if mine.values_list("job_id", flat=True).first() != batch.job_id:
        raise Conflict


def _keep(work: _Pass, outcomes: list[Outcome]) -> None:
    """Store what became of each row and how far the file is done, in the chunk's own transaction."""
    batch, totals = work.batch, work.totals
    insert_rows(
        ImportRow,
        [
            "tenant_id",
            "batch_id",
            "number",
            "outcome",
            "contract_no",
            "loan_id",
            "paid_on",
            "changed",
            "errors",
            "warnings",
        ],
        (
            (
                batch.tenant_id,
                batch.id,
                one.record.number,
                one.outcome,
                one.record.contract_no,
                one.loan_id,
                one.record.payment["value_on"] if one.record.payment else None,
                list(dict.fromkeys(one.changed)) if one.outcome == "updated" else None,
                [fault.as_json() for fault in one.record.faults],
                [doubt.as_json() for doubt in one.warnings],
            )
            for one in outcomes
        ),
    )
    counts = {name: sum(one.outcome == name for one in outcomes) for name in OUTCOMES}
    counts["warned"] = sum(bool(one.warnings) for one in outcomes)
    after = Totals(totals.as_json())
    after.add(outcomes)
    report = {**batch.report, "file": after.as_json(), "told": kinds_with(batch.report.get("told"), outcomes)}
    ImportBatch.objects.filter(id=batch.id).update(
        cursor=batch.cursor + len(outcomes), report=report, **{name: F(name) + count for name, count in counts.items()}
    )
    totals.sums, totals.paid, totals.buckets, totals.loans = after.sums, after.paid, after.buckets, after.loans
    totals.unknown = after.unknown
    batch.report = report
    batch.cursor += len(outcomes)


def _finish(work: _Pass) -> None:
    job, batch, totals, actor, dry = work.job, work.batch, work.totals, work.actor, work.dry
    with tenant_atomic():
        batch.refresh_from_db()
        report = dict(batch.report) | {"file": totals.as_json()}
        if not dry:
            report["book"] = book_totals(batch)
            report["differences"] = differences(report["file"], report["book"])
        event_id = audit.record(
            actor=actor,
            action=f"loans.import.{'checked' if dry else 'finished'}",
            object_type="loans.importbatch",
            object_id=batch.id,
            count=batch.cursor,
            after={name: getattr(batch, name) for name in COUNTS},
        )
        event = "end_check" if dry else "end_booking"
        step(batch, MOVES, event, also={"job": job}, audit_event_id=event_id, report=report, total=batch.cursor)
        # Both or neither: an import that is done with a job that goes on would be finished, and told, once more.
        result = {name: getattr(batch, name) for name in COUNTS}
        jobs.finish(job, {**result, "batch": str(batch.id), "report": report})
