"""Papers come in. Accepted means safe: sealed bytes on disk and a committed row before anybody hears "ok"."""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carloan.archives.models import Dossier, Paper
from carloan.archives.recognition import guard, media
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.unpack import unpack
from carloan.archives.selectors.papers import visible_papers
from carloan.archives.services.keeping import bytes_keep, bytes_stand, holder
from carloan.archives.services.restoring import paper_restore
from carloan.archives.services.ticking import Spot, paper_place, paper_put
from carloan.archives.tasks import recognise_paper
from carloan.core import audit, vault
from carloan.core.actors import Actor
from carloan.core.destroyed import ListAway
from carloan.core.errors import Forbidden, Invalid, SealedApart, Unavailable
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed, Subject, destroy_key
from carloan.core.models import AuditEvent
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.file_names import given_name, shown_name
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may

logger = logging.getLogger(__name__)
UPLOAD = "papers.upload"
UNNAMED = "paper"
RECEIVED = "archives.paper.received"
# How long an upload may look into a file; what takes longer is judged by the worker.
PATIENCE_SECONDS = 3.0
# How long somebody without an answer may still be trying.
SENT_AGAIN_WITHIN = timedelta(hours=1)


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


@dataclass(slots=True)
class Delivery:
    """What became of an upload: its papers, and by name what was not taken. `many`: several files or an archive."""

    received: list[Received] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    refused: list[tuple[str, Refused]] = field(default_factory=list)
    many: bool = False

    @property
    def created(self) -> bool:
        return any(one.created for one in self.received)

    @property
    def lines(self) -> list[str]:
        """One sentence for each file that was not taken."""
        return [f"{shown_name(name)}: {reason.message}" for name, reason in self.refused]

    def as_dict(self) -> dict[str, Any]:
        """For answers of programs: which papers are safe, and which files were not taken and why."""
        papers = [{"id": one.paper.id, "state": one.paper.state, "sha256": one.paper.sha256} for one in self.received]
        refused = [{"name": name, "code": why.code, "message": why.message} for name, why in self.refused]
        return {"papers": papers, "refused": refused}


class NothingTaken(Invalid):
    """Several files, none of which can be taken; each is told with its reason."""

    audited = True

    def __init__(self, delivery: Delivery) -> None:
        message = _("None of the %(count)s files can be taken.") % {"count": len(delivery.refused)}
        super().__init__(message, code="nothing_taken", fields={"file": delivery.lines})
        self.details = delivery.as_dict()


class Interrupted(Unavailable):
    """Something failed on the way through many files. What was taken before stays; the rest was not looked at."""

    def __init__(self, delivery: Delivery) -> None:
        count = len(delivery.received)
        message = ngettext(
            "%(count)s paper is safe, then a part of the system did not answer. "
            "Send the same files again: what is safe is not taken twice.",
            "%(count)s papers are safe, then a part of the system did not answer. "
            "Send the same files again: what is safe is not taken twice.",
            count,
        )
        lines = [_("%(name)s: safe") % {"name": shown_name(name)} for name in delivery.names]
        super().__init__(message % {"count": count}, code="interrupted", fields={"file": [*lines, *delivery.lines]})
        self.details = delivery.as_dict()


def files_receive(
    *,
    actor: Actor,
    files: Sequence[tuple[str, bytes]],
    loan: Loan | None = None,
    spot: Spot | None = None,
    source: str = Paper.Source.PAGE,
) -> Delivery:
    """Take uploaded files (name, bytes); a zip becomes one paper a member. Each paper has a transaction of its own.

    `spot` says for which item of the loan's checklist they were brought.

    Needs `papers.upload` (on the loan's branch when a loan is named) and a tenant in scope; called outside of a
    transaction, what was taken is safe whatever happens to the files behind it. Files that cannot be read are reported
    by name; a trick in an archive refuses all of that archive. Raises Unreadable or NothingTaken when nothing can be
    taken, Interrupted when something of ours failed after the first paper was safe.
    """
    check_may_upload(actor, loan)
    taking = _Taking(actor, loan, spot, source, Delivery(many=len(files) > 1))
    try:
        for name, data in files:
            taking.take(name, data)
    except Exception as error:
        # Whatever it was: people must hear what is safe. A single file has nothing else to tell.
        if not taking.delivery.received:
            raise
        logger.exception("an upload of many files was interrupted")
        raise Interrupted(taking.delivery) from error
    return taking.end()


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


@dataclass(frozen=True, slots=True)
class _Taking:
    """Files on their way in, one after the other."""

    actor: Actor
    loan: Loan | None
    spot: Spot | None
    source: str
    delivery: Delivery

    def take(self, name: str, data: bytes) -> None:
        try:
            examined = guard.examine(data, patience=PATIENCE_SECONDS)
            if examined.media == media.ZIP:
                self._unpack(name, data)
            else:
                self._keep(name, data, examined, self.source)
        except Refused as reason:
            self._refuse(given_name(name), reason)

    def end(self) -> Delivery:
        delivery = self.delivery
        if delivery.received:
            return delivery
        if len(delivery.refused) == 1:
            raise Unreadable(delivery.refused[0][1])
        raise NothingTaken(delivery)

    def _unpack(self, archive: str, data: bytes) -> None:
        """One member in memory at a time."""
        members = unpack(data)
        self.delivery.many, found = True, False
        for member in members:
            found = True
            try:
                if member.refused:
                    raise member.refused
                examined = guard.examine(member.data, patience=PATIENCE_SECONDS)
            except Refused as reason:
                self._refuse(member.name, reason)
                continue
            self._keep(member.name, member.data, examined, Paper.Source.ARCHIVE)
        if not found:
            raise Refused("zip_empty")

    def _keep(self, name: str, data: bytes, examined: guard.Examined, source: str) -> None:
        kept = paper_keep(
            actor=self.actor, data=data, name=name, loan=self.loan, spot=self.spot, examined=examined, source=source
        )
        self.delivery.received.append(kept)
        self.delivery.names.append(given_name(name))

    def _refuse(self, name: str, reason: Refused) -> None:
        self.delivery.refused.append((name, reason))
        if self.delivery.many:  # a single file's refusal is the answer's, and is recorded with it
            audit.refuse(
                actor=self.actor, action="core.request.refused", object_type="archives.paper", reason_code=reason.code
            )


def check_may_upload(actor: Actor, loan: Loan | None) -> None:
    """Raise Forbidden unless the actor may send papers, and to this very loan when one is named."""
    actor.require(UPLOAD)
    with tenant_atomic():
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
    spot: Spot | None = None,
    to_read: bool = True,
) -> Received:
    """Bytes first, row second, both before the commit. A race for the same dossier is decided by the constraint.

    Bytes that are here already are looked at, and stored again where the store has lost them.
    """
    digest = hashlib.sha256(data).hexdigest()
    branch_id = loan.branch_id if loan else actor.branch_id
    with tenant_atomic():
        held = _held(loan, branch_id, digest) or _filed_meanwhile(actor, loan, digest) or _lost(actor, loan, digest)
        if held:
            paper_restore(actor=actor, paper=held, data=data)
            if spot is not None and loan is not None and held.loan_id == loan.id:
                paper_place(actor=actor, paper=held, spot=spot)
            return Received(held, created=False)
        paper = Paper(
            id=uuid7(), loan=loan, branch_id=branch_id, sha256=digest, media=examined.media, size=len(data),
            pages=examined.pages or 0, source=source, uploaded_by_id=actor.membership_id,
        )  # fmt: skip
        subject = holder(paper.id, paper.loan_id)
        try:
            sealed, paper.wrapped_key = bytes_keep(subject=subject, paper_id=paper.id, data=data)
        except Exception:
            _forget_key(subject)
            raise
        paper.stored = sealed.name
        seal(paper, name=given_name(name) or UNNAMED)
        try:
            with tenant_atomic():
                _enter(actor, paper, spot)
        except IntegrityError:
            vault.remove(sealed.name)
            _forget_key(subject)
            held = _held(loan, branch_id, digest)
            if held is None:
                raise
            return Received(held, created=False)
        if to_read:
            recognise_paper.send(paper_id=str(paper.id))
    return Received(paper, created=True)


def _forget_key(subject: Subject) -> None:
    """The key of a paper that never came to be, unless it is that of a loan.

    What kept the paper out, such as a full disk, may keep the key from the list of destroyed ones too: then the nightly
    look for keys without a row takes it, and whoever sent the paper hears what really happened.
    """
    if subject.kind == "desk":
        with suppress(ListAway):
            destroy_key(subject)


def _enter(actor: Actor, paper: Paper, spot: Spot | None) -> None:
    paper.audit_event_id = audit.record(
        actor=actor, action=RECEIVED, object_type="archives.paper", object_id=paper.id,
        loan_id=paper.loan_id, subject=paper.key_subject(),
        after={"sha256": paper.sha256, "size": paper.size, "media": paper.media},
    )  # fmt: skip
    if paper.loan:
        paper.dossier = dossier_of(paper.loan, event_id=paper.audit_event_id)
    paper.save(force_insert=True)
    if spot is not None:
        paper_put(actor=actor, paper=paper, spot=spot, event_id=paper.audit_event_id)


def dossier_of(loan: Loan, *, event_id: UUID) -> Dossier:
    """The dossier of a loan, opened by whoever brings its first paper; two at once open one."""
    Dossier.objects.bulk_create([Dossier(loan=loan, audit_event_id=event_id)], ignore_conflicts=True)
    return Dossier.objects.get(loan=loan)


def _held(loan: Loan | None, branch_id: UUID | None, digest: str) -> Paper | None:
    papers = Paper.objects.filter(sha256=digest, loan=loan)
    return papers.first() if loan else papers.filter(Q(branch_id=branch_id)).first()


def _lost(actor: Actor, loan: Loan | None, digest: str) -> Paper | None:
    """A paper on another desk that the actor may bring papers to, whose bytes the store has lost.

    Whoever is told to send a file again need not be who sent it first, nor sit where it lay.
    """
    if loan is not None:
        return None
    papers = visible_papers(actor, UPLOAD).filter(sha256=digest, loan=None)
    return next((paper for paper in papers if _is_lost(paper)), None)


def _is_lost(paper: Paper) -> bool:
    try:
        return not bytes_stand(paper)
    except (KeyDestroyed, SealedApart):
        return False  # nobody misses what was destroyed


def _filed_meanwhile(actor: Actor, loan: Loan | None, digest: str) -> Paper | None:
    """What the actor dropped on the desk a moment ago and the machine has filed since.

    Whoever got no answer sends the same again; that is no second paper. Later, or from somebody else, it may be meant
    for another loan.
    """
    if loan is not None:
        return None
    since = timezone.now() - SENT_AGAIN_WITHIN
    recent = Paper.objects.filter(sha256=digest, received_at__gt=since).exclude(loan=None).select_related("loan")
    came = AuditEvent.objects.filter(action=RECEIVED, actor_id=actor.id, loan_id=None)
    return next(
        (
            paper
            for paper in recent
            if paper.loan and may(actor, UPLOAD, paper.loan) and came.filter(object_id=paper.id).exists()
        ),
        None,
    )
