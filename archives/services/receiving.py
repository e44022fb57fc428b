"""Papers come in. Accepted means safe: sealed bytes on disk and a committed row before anybody hears "ok"."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from carloan.archives.models import Dossier, Paper
from carloan.archives.recognition import guard, media
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.unpack import unpack
from carloan.archives.services.keeping import bytes_keep, holder
from carloan.archives.tasks import recognise_paper
from carloan.core import audit, vault
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import safe_file_name
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may

UPLOAD = "papers.upload"
# How long an upload may look into a file; what takes longer is judged by the worker.
PATIENCE_SECONDS = 3.0


class Unreadable(Invalid):
    """A file that is not taken, with the guard's code and a sentence that says what to do."""

    audited = True

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.message, code=refused.code, fields={"file": [refused.message]})


@dataclass(frozen=True, slots=True)
class Received:
    """One paper that is safe now. `created` is False when the dossier held the same bytes already."""

    paper: Paper
    created: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an upload: one paper, or the members of an archive and those that were not taken, by name."""

    received: list[Received]
    refused: list[tuple[str, Refused]]
    archive: bool = False


def papers_receive(
    *, actor: Actor, data: bytes, name: str, loan: Loan | None = None, source: str = Paper.Source.PAGE
) -> Delivery:
    """Take one uploaded file; a zip becomes one paper a member. Raises Unreadable when nothing of it can be taken.

    Needs `papers.upload` (on the loan's branch when a loan is named). Members of an archive that cannot be read are
    reported by name; a trick in the archive itself refuses all of it.
    """
    check_may_upload(actor, loan)
    try:
        examined = guard.examine(data, patience=PATIENCE_SECONDS)
        if examined.media != media.ZIP:
            kept = paper_keep(actor=actor, data=data, name=name, loan=loan, examined=examined, source=source)
            return Delivery([kept], [])
        return _archive(actor, data, loan)
    except Refused as refused:
        raise Unreadable(refused) from refused


def paper_receive(
    *, actor: Actor, data: bytes, name: str, loan: Loan | None = None, source: str = Paper.Source.PAGE
) -> Received:
    """Take one picture or PDF. Raises Unreadable for anything else, archives included."""
    check_may_upload(actor, loan)
    try:
        examined = guard.examine(data, patience=PATIENCE_SECONDS)
        if examined.media == media.ZIP:
            raise Refused("zip_nested")
    except Refused as refused:
        raise Unreadable(refused) from refused
    return paper_keep(actor=actor, data=data, name=name, loan=loan, examined=examined, source=source)


def _archive(actor: Actor, data: bytes, loan: Loan | None) -> Delivery:
    """Each member in a transaction of its own (a savepoint inside a request), and one member in memory at a time."""
    received: list[Received] = []
    refused: list[tuple[str, Refused]] = []
    for member in unpack(data):
        try:
            if member.refused:
                raise member.refused
            examined = guard.examine(member.data, patience=PATIENCE_SECONDS)
        except Refused as reason:
            refused.append((member.name, reason))
            continue
        received.append(
            paper_keep(
                actor=actor, data=member.data, name=member.name, loan=loan, examined=examined,
                source=Paper.Source.ARCHIVE,
            )
        )  # fmt: skip
    if not received:
        raise refused[0][1] if len(refused) == 1 else Refused("zip_empty")
    return Delivery(received, refused, archive=True)


def check_may_upload(actor: Actor, loan: Loan | None) -> None:
    actor.require(UPLOAD)
    if loan is not None and not may(actor, UPLOAD, loan):
        raise Forbidden(capability=UPLOAD)


def paper_keep(
    *,
    actor: Actor,
    data: bytes,
    name: str,
    loan: Loan | None,
    examined: guard.Examined,
    source: str,
    to_read: bool = True,
) -> Received:
    """Bytes first, row second, both before the commit. A race for the same dossier is decided by the constraint."""
    digest = hashlib.sha256(data).hexdigest()
    branch_id = loan.branch_id if loan else actor.branch_id
    with tenant_atomic():
        if held := _held(loan, branch_id, digest):
            return Received(held, created=False)
        paper = Paper(
            id=uuid7(), loan=loan, branch_id=branch_id, sha256=digest, media=examined.media, size=len(data),
            pages=examined.pages or 0, source=source, uploaded_by_id=actor.membership_id,
        )  # fmt: skip
        subject = holder(paper.id, paper.loan_id)
        sealed, paper.wrapped_key = bytes_keep(subject=subject, paper_id=paper.id, data=data)
        paper.stored = sealed.name
        seal(paper, name=safe_file_name(name, fallback="paper"))
        try:
            with tenant_atomic():
                _enter(actor, paper)
        except IntegrityError:
            vault.remove(sealed.name)
            held = _held(loan, branch_id, digest)
            if held is None:
                raise
            return Received(held, created=False)
        if to_read:
            recognise_paper.send(paper_id=str(paper.id))
    return Received(paper, created=True)


def _enter(actor: Actor, paper: Paper) -> None:
    paper.audit_event_id = audit.record(
        actor=actor, action="archives.paper.received", object_type="archives.paper", object_id=paper.id,
        loan_id=paper.loan_id, subject=paper.key_subject(),
        after={"sha256": paper.sha256, "size": paper.size, "media": paper.media},
    )  # fmt: skip
    if paper.loan:
        paper.dossier = dossier_of(paper.loan, event_id=paper.audit_event_id)
    paper.save(force_insert=True)


def dossier_of(loan: Loan, *, event_id: UUID) -> Dossier:
    """The dossier of a loan, opened by whoever brings its first paper; two at once open one."""
    Dossier.objects.bulk_create([Dossier(loan=loan, audit_event_id=event_id)], ignore_conflicts=True)
    return Dossier.objects.get(loan=loan)


def _held(loan: Loan | None, branch_id: UUID | None, digest: str) -> Paper | None:
    papers = Paper.objects.filter(sha256=digest, loan=loan)
    return papers.first() if loan else papers.filter(Q(branch_id=branch_id)).first()
