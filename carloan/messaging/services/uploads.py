"""A file comes in through a one-time link in pieces: what arrived stays, and the browser goes on from there."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid, NotFound, TooLarge
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.sealed import clear, clear_bytes, seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.bodies import SMALL_BODY
from carloan.lib.file_names import given_name
from carloan.messaging.errands import Errand, NotTaken, errand_of
from carloan.messaging.models import LinkUpload, OneTimeLink, UploadPiece
from carloan.messaging.policies.uploads import MOVES

OBJECT: Final = "messaging.linkupload"
MEGABYTE: Final = 1 << 20
# Of one link: files that were kept, files on their way at once, and bytes of all on their way.
MOST_KEPT: Final = 100
MOST_COMING: Final = 20
MOST_BYTES_COMING: Final = 200 * MEGABYTE
# No larger than what the site takes from somebody who is not signed in: the web server gathers such a piece without
# keeping a thread for a slow telephone.
PIECE: Final = SMALL_BODY
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class OutOfPlace(Conflict):
    """A piece that does not begin where the last one ended; `details` says where to go on."""

    code = "out_of_place"
    default = gettext_lazy("A part of the file was lost on the way. It goes on from there.")


class Spoilt(Invalid):
    """The whole file is not what the browser said it would be, or is not taken by who asked for it."""

    code = "spoilt"
    audited = True


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an upload stands, for the browser."""

    upload: LinkUpload

    def as_dict(self) -> dict[str, Any]:
        one = self.upload
        return {
            "id": str(one.id), "want": one.want, "state": one.state, "received": one.received, "size": one.size,
            "piece": PIECE,
        }  # fmt: skip


def upload_begin(*, actor: Actor, link: OneTimeLink, want: str, name: str, size: int, sha256: str) -> Progress:
    """Begin a file, or go on with the same one (same thing, same SHA-256): where to go on stands in the answer.

    Raises Invalid for what nobody asked for and for impossible sizes, TooLarge, Conflict for too many files.
    """
    errand = _errand(link)
    if want not in link.wants:
        raise Invalid(fields={"want": [_("Nobody asked for this.")]})
    if size <= 0 or not _SHA256.fullmatch(sha256):
        raise Invalid(fields={"file": [_("Choose a file.")]})
    if size > errand.most_bytes:
        raise TooLarge(
            _("The file is larger than %(limit)s MB. Take the picture again, a little smaller.")
            % {"limit": errand.most_bytes // MEGABYTE}
        )
    with tenant_atomic():
        # One at a time begins a file of a link, so that its limits hold.
        OneTimeLink.objects.select_for_update(of=("self",)).get(id=link.id)
        known = link.uploads.exclude(state=LinkUpload.State.DROPPED).filter(want=want, sha256=sha256).first()
        if known is not None:
            return Progress(known)
        coming = link.uploads.filter(state=LinkUpload.State.COMING)
        total = coming.aggregate(total=Sum("size"))["total"] or 0
        kept = link.uploads.filter(state=LinkUpload.State.KEPT).count()
        if kept >= MOST_KEPT or coming.count() >= MOST_COMING or total + size > MOST_BYTES_COMING:
            raise Conflict(_("Too many files at once. Wait until the others have arrived."), code="too_many_files")
        upload = LinkUpload(id=uuid7(), link=link, loan_id=link.loan_id, want=want, size=size, sha256=sha256)
        seal(upload, name=given_name(name))
        upload.audit_event_id = audit.record(
            actor=actor, action="messaging.upload.begun", object_type=OBJECT, object_id=upload.id,
            loan_id=link.loan_id, after={"want": want, "size": size},
        )  # fmt: skip
        upload.save(force_insert=True)
    return Progress(upload)


def upload_of(link: OneTimeLink, upload_id: UUID) -> Progress:
    """Where an upload of this link stands. Raises NotFound."""
    with tenant_atomic():
        upload = link.uploads.filter(id=upload_id).first()
    if upload is None:
        raise NotFound
    return Progress(upload)


def uploads_of(link: OneTimeLink) -> list[LinkUpload]:
    """What came and what is on its way, the first first."""
    return list(link.uploads.exclude(state=LinkUpload.State.DROPPED).order_by("id"))


def piece_put(*, actor: Actor, link: OneTimeLink, upload_id: UUID, start: int, data: bytes) -> Progress:
    """Take a piece that begins at `start`. It is safe when this returns; the last one ends the file (upload_end).

    A piece that came before is answered with where to go on and not written twice. Raises OutOfPlace for one that
    begins further on, TooLarge, NotFound, and what upload_end raises.
    """
    if len(data) > PIECE:
        raise TooLarge
    with tenant_atomic():
        upload = _held(link, upload_id)
        if upload.state == LinkUpload.State.DROPPED:
            raise NotFound
        if upload.state == LinkUpload.State.COMING and data and start >= upload.received:
            if start > upload.received:
                wrong = OutOfPlace()
                wrong.details = Progress(upload).as_dict()
                raise wrong
            if upload.received + len(data) > upload.size:
                raise Invalid(fields={"file": [_("More arrived than the file holds. Take the picture again.")]})
            piece = UploadPiece(id=uuid7(), upload=upload, loan_id=upload.loan_id, start=start)
            seal(piece, body=data)
            piece.save(force_insert=True)
            upload.received += len(data)
            upload.save(update_fields=["received"])
    if upload.state == LinkUpload.State.COMING and upload.received == upload.size:
        return upload_end(actor=actor, link=link, upload_id=upload_id)
    return Progress(upload)


def upload_end(*, actor: Actor, link: OneTimeLink, upload_id: UUID) -> Progress:
    """Hand the whole file to the errand. Killed or refused by a part of ours in between, it is asked for again: the
    pieces stay until the errand has the file, and the errand takes the same file once.

    Raises Spoilt, with the reason for people, when the bytes are not those that were announced or are not taken; the
    pieces are gone then.
    """
    errand = _errand(link)
    with tenant_atomic():
        upload = _held(link, upload_id)
        if upload.state != LinkUpload.State.COMING or upload.received != upload.size:
            return Progress(upload)
        data = b"".join(clear_bytes(piece, "body") for piece in upload.pieces.order_by("start"))
        name = clear(upload, "name")
    try:
        if hashlib.sha256(data).hexdigest() != upload.sha256:
            raise NotTaken("spoilt", _("The picture was damaged on the way. Take it again."))
        result_id = errand.receive(actor, link.loan, upload.want, name, data)
    except NotTaken as reason:
        _end(actor, link, upload_id, event="drop", why=reason.code)
        raise Spoilt(reason.message, code=reason.code, fields={"file": [reason.message]}) from reason
    return Progress(_end(actor, link, upload_id, event="keep", result_id=result_id))


def upload_drop(*, actor: Actor, link: OneTimeLink, upload_id: UUID) -> None:
    """Throw away a file that is on its way. What was kept stays: it is the lender's paper. Raises NotFound."""
    _end(actor, link, upload_id, event="drop", why="taken_again")


def uploads_forget(uploads: "QuerySet[LinkUpload]", event_id: UUID, *, why: str) -> int:
    """Drop what is on its way of these files; how many. Inside the caller's transaction, whose event it is."""
    left = list(uploads.select_for_update(of=("self",), skip_locked=True).filter(state=LinkUpload.State.COMING))
    UploadPiece.objects.filter(upload__in=left).delete()
    for upload in left:
        step(upload, MOVES, "drop", audit_event_id=event_id, why=why, name=None)
    return len(left)


def _end(
    actor: Actor, link: OneTimeLink, upload_id: UUID, *, event: str, why: str = "", result_id: UUID | None = None
) -> LinkUpload:
    """Once: whoever comes second finds the file as it is."""
    with tenant_atomic():
        upload = _held(link, upload_id)
        if upload.state != LinkUpload.State.COMING:
            return upload
        upload.pieces.all().delete()
        event_id = audit.record(
            actor=actor,
            action=f"messaging.upload.{MOVES.need(upload.state, event).target}",
            object_type=OBJECT,
            object_id=upload.id,
            loan_id=link.loan_id,
            reason_code=why[:30],
            after={"want": upload.want, "paper": str(result_id)} if result_id else None,
        )
        step(upload, MOVES, event, audit_event_id=event_id, why=why[:30], result_id=result_id, name=None)
    return upload


def _held(link: OneTimeLink, upload_id: UUID) -> LinkUpload:
    upload = LinkUpload.objects.select_for_update(of=("self",)).filter(link=link, id=upload_id).first()
    if upload is None:
        raise NotFound
    return upload


def _errand(link: OneTimeLink) -> Errand:
    if (errand := errand_of(link.errand)) is None:
        raise NotFound
    return errand
