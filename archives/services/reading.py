"""The worker's side: lease a paper, read it without holding a transaction, write the outcome at once.

A worker that dies leaves a lease that ends within seconds (holding.py); then the paper is sent again. Three tries
without an end make a paper poisonous: it goes to a person with the reason, never round for ever.
"""

import json
import logging
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.recognition import guard
from carloan.archives.recognition.proof import Fault
from carloan.archives.recognition.reader import stamp
from carloan.archives.recognition.recognise import Recognition, recognise
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Sheet
from carloan.archives.services.finding import text_renew
from carloan.archives.services.holding import LEASE, Lease, held
from carloan.archives.services.keeping import bytes_of
from carloan.archives.services.placing import place
from carloan.archives.services.states import paper_step
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import AppError, Unavailable
from carloan.core.ids import uuid7
from carloan.core.keys import past_the_seal
from carloan.core.postgres.outage import is_outage
from carloan.core.sealed import seal
from carloan.core.tenancy import scoped_tenant_id, tenant_atomic
from carloan.core.vault import FileLost

MOST_ATTEMPTS = 3
WORKER_LOST = "worker lost"
# A database that goes while a paper is read says nothing about the paper, unless it goes each time: perhaps the paper's
# own work breaks it. The waits grow, so that this many last about ten hours.
MOST_OUTAGES = 50
OUTAGE_WAIT = timedelta(seconds=30)
# A file that is away is looked for without end, every five minutes at last.
MOST_WAITS = 10

logger = logging.getLogger(__name__)


@past_the_seal()
def paper_recognise(*, paper_id: str | UUID) -> None:
    """Read one paper and decide what becomes of it. Does nothing when somebody else reads it or it is done."""
    lease = _claim(UUID(str(paper_id)))
    if lease is None:
        return
    try:
        with held(lease):
            result = _read(lease.paper)
        _finish(lease, result)
    except Refused as refused:
        _refuse(lease, refused)
    except (Unavailable, FileLost) as error:
        _wait_for_file(lease, error)
    except Exception as error:
        _give_up_this_time(lease, error)
        raise


def _claim(paper_id: UUID) -> Lease | None:
    now = timezone.now()
    with tenant_atomic():
        free = Q(state=Paper.State.RECEIVED) | Q(state=Paper.State.RECOGNISING, lease_until__lt=now)
        paper = Paper.objects.select_for_update(skip_locked=True, of=("self",)).filter(free, id=paper_id).first()
        if paper is None:
            return None
        if paper.attempts >= MOST_ATTEMPTS:
            _poison(paper)
            return None
        paper.lease_until, paper.attempts = now + LEASE, paper.attempts + 1
        paper_step(paper, "take")
        return Lease(paper, paper.attempts)


def _read(paper: Paper) -> Recognition:
    with tenant_atomic():
        data = bytes_of(paper)
    if not paper.pages:
        guard.examine(data)
    return recognise(data, paper.media, today=timezone.localdate())


def _poison(paper: Paper) -> None:
    """Three workers did not come back from this paper: a person types it, and sees why."""
    event_id = audit.record(
        actor=_worker(), action="archives.paper.given_up", object_type="archives.paper", object_id=paper.id,
        loan_id=paper.loan_id, subject=paper.key_subject(), reason_code="recognition_failed", count=paper.attempts,
        after={"error": paper.reason or WORKER_LOST},
    )  # fmt: skip
    faults = [Fault("recognition_failed").as_dict()]
    paper.kind, paper.problems, paper.lease_until = paper.kind or "other", faults, None
    paper.recognised_at, paper.audit_event_id = timezone.now(), event_id
    paper_step(paper, "give_up")


def _give_up_this_time(lease: Lease, error: Exception) -> None:
    """An error of ours: remember its name, end the lease, let the sweep try again.

    A database that is away is no try, up to MOST_OUTAGES times.
    """
    outages = lease.paper.outages
    spared = is_outage(error) and outages < MOST_OUTAGES
    wait = OUTAGE_WAIT * outages if spared else timedelta()
    with tenant_atomic():
        Paper.objects.filter(lease.mine).update(
            lease_until=timezone.now() + wait, reason=type(error).__name__,
            attempts=lease.attempt - spared, outages=outages + spared,
        )  # fmt: skip


def _wait_for_file(lease: Lease, error: AppError) -> None:
    """The store or this one file is away, which says nothing about the paper: no try, however long it takes.

    People see why nothing happens. The waits grow, so that papers without a file do not keep others from being sent;
    whoever brings the file back sends the paper at once (restoring.py).
    """
    waits = lease.paper.outages
    logger.warning("paper %s waits: %s", lease.paper.id, error.error_code)
    with tenant_atomic():
        Paper.objects.filter(lease.mine).update(
            lease_until=timezone.now() + OUTAGE_WAIT * min(waits, MOST_WAITS), reason=error.error_code,
            attempts=lease.attempt - 1, outages=max(waits, min(waits + 1, MOST_WAITS)),
            problems=[Fault(error.error_code).as_dict()],
        )  # fmt: skip


def _refuse(lease: Lease, refused: Refused) -> None:
    """The file turned out to be unreadable: an ordinary end, visible with its reason."""
    with tenant_atomic():
        paper = Paper.objects.select_for_update(of=("self",)).filter(lease.mine).first()
        if paper is None:
            return
        event_id = audit.record(
            actor=_worker(), action="archives.paper.refused", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id, subject=paper.key_subject(), reason_code=refused.code[:30], rules=stamp(),
        )  # fmt: skip
        paper.reason, paper.problems = refused.code, [Fault(refused.code, data=refused.data).as_dict()]
        paper.reader = stamp()
        paper.lease_until, paper.recognised_at, paper.audit_event_id = None, timezone.now(), event_id
        paper_step(paper, "unreadable")


def _finish(lease: Lease, result: Recognition) -> None:
    with tenant_atomic():
        paper = Paper.objects.select_for_update(of=("self",)).filter(lease.mine).first()
        if paper is None:
            return
        reading_keep(actor=_worker(), paper=paper, result=result)


def reading_keep(*, actor: Actor, paper: Paper, result: Recognition) -> None:
    """Write what was read of a paper that is locked or new, and place it, in the open transaction."""
    event_id = audit.record(
        actor=actor, action="archives.paper.recognised", object_type="archives.paper", object_id=paper.id,
        loan_id=paper.loan_id, subject=paper.key_subject(), count=len(result.sheets), after={"kind": result.kind},
        rules=result.reader,
    )  # fmt: skip
    _write_pages(paper, result.sheets, event_id)
    _write_fields(paper, result, event_id)
    text_renew(paper)
    paper.kind, paper.certainty, paper.reader = result.kind, round(result.certainty * 1000), result.reader
    paper.pages, paper.recognised_at, paper.lease_until, paper.reason = len(result.sheets), timezone.now(), None, ""
    paper.note, paper.note_code = None, ""
    place(actor=actor, paper=paper, faults=result.faults, event_id=event_id)


def _write_pages(paper: Paper, sheets: list[Sheet], event_id: UUID) -> None:
    PaperPage.objects.filter(paper=paper).delete()
    pages = []
    for sheet in sheets:
        page = PaperPage(
            id=uuid7(), paper=paper, number=sheet.number, width=sheet.width, height=sheet.height, turn=sheet.turn,
            digital=sheet.digital, source=sheet.source or sheet.number, corners=sheet.corners,
            audit_event_id=event_id,
        )  # fmt: skip
        seal(page, lines=lines_as_json(sheet))
        pages.append(page)
    PaperPage.objects.bulk_create(pages)


def lines_as_json(sheet: Sheet) -> str:
    """The page's text and its lines as [text, confidence in thousandths, box]."""
    lines = [[line.text, round(line.confidence * 1000), sheet.box(line.corners)] for line in sheet.lines]
    return json.dumps({"text": sheet.text, "lines": lines}, ensure_ascii=False)


def _write_fields(paper: Paper, result: Recognition, event_id: UUID) -> None:
    """What the machine read; a value that a person entered stays as it is."""
    entered = set(
        PaperField.objects.filter(paper=paper, source=PaperField.Source.PERSON).values_list("name", flat=True)
    )
    PaperField.objects.filter(paper=paper).exclude(source=PaperField.Source.PERSON).delete()
    rows = []
    for name, field in result.fields.items():
        if name in entered:
            continue
        row = PaperField(
            id=uuid7(), paper=paper, name=name, confidence=round(field.confidence * 1000), page=field.page,
            box=list(field.box) if field.box else None, source=field.source, proofs=list(field.proofs),
            audit_event_id=event_id,
        )  # fmt: skip
        seal(row, value=str(field.value))
        rows.append(row)
    PaperField.objects.bulk_create(rows)


def _worker() -> Actor:
    tenant_id = scoped_tenant_id()
    assert tenant_id is not None
    return Actor.system(tenant_id, "worker")
