"""What the room keeps of a loan or a person goes with their key."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from carloan.core.moves import step
from carloan.core.sealed import sealed_fields
from carloan.loans.models import Loan, Party
from carloan.messaging.models import LinkUpload, Message, OneTimeLink, UploadPiece
from carloan.messaging.policies.delivery import MOVES, UNDERWAY
from carloan.messaging.services.uploads import uploads_forget


def loan_forget(loan: Loan, event_id: UUID) -> None:
    """Links of a shredded loan open nothing any more, messages about it do not leave, and pieces of files are gone.
    May run twice."""
    _call_off(Message.objects.filter(loan=loan), event_id)
    links = OneTimeLink.objects.filter(loan=loan)
    links.filter(revoked_at=None).update(revoked_at=timezone.now(), audit_event_id=event_id)
    uploads = LinkUpload.objects.filter(link__loan=loan)
    uploads_forget(uploads, event_id, why="shredded")
    uploads.update(name=None)


def party_forget(party: Party, event_id: UUID) -> None:
    """What was written to a shredded person: that it was sent stays, words and address go. May run twice."""
    links = OneTimeLink.objects.filter(party=party, revoked_at=None)
    links.update(revoked_at=timezone.now(), audit_event_id=event_id)
    rows = Message.objects.filter(party=party)
    _call_off(rows, event_id)
    rows.update(**dict.fromkeys(sealed_fields(Message)), audit_event_id=event_id)


def _call_off(messages: "QuerySet[Message]", event_id: UUID) -> None:
    """What has not left does not; what is on its way at this moment is not asked about any more."""
    for message in messages.select_for_update().filter(state__in=UNDERWAY):
        step(
            message, MOVES, "call_off", audit_event_id=event_id, why="person_gone", secret=None, lease_until=None,
            ended_at=timezone.now(),
        )  # fmt: skip


def loan_left(loan_id: UUID) -> Iterator[str]:
    named = LinkUpload.objects.filter(loan_id=loan_id, name__isnull=False).exists()
    if named or UploadPiece.objects.filter(loan_id=loan_id).exists():
        yield "columns"


def party_left(party_id: UUID) -> Iterator[str]:
    rows = Message.objects.filter(party_id=party_id).values_list(*sealed_fields(Message))
    if any(value is not None for row in rows for value in row):
        yield "columns"
