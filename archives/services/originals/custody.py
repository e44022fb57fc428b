"""The one way in which an original changes hands: a row of its chain, and the original as it stands after it.

The database keeps the same rules (migration 0030): an original changes only beside a hand that says so, hands are never
changed, and what a legal hold keeps is neither given away nor shredded.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from carloan.archives.models import Custody, CustodyDetail, CustodyRequest, HandoverList, Original, StoragePlace
from carloan.archives.policies.originals.custody import MOVES, Event, Hand
from carloan.archives.recognition.media import IMAGES, sniff
from carloan.compliance.selectors.holds import require_unheld
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Invalid, Shredded
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed, Subject
from carloan.core.moves import step
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said
from carloan.loans.selectors.holding import around_loan

OBJECT: Final = "archives.original"
MOST_WORDS: Final = 500
MOST_PHOTO: Final = 10 * 1024 * 1024
PAST: Final[dict[str, str]] = {
    "receive": "archives.original.received",
    "shelve": "archives.original.shelved",
    "lend": "archives.original.lent",
    "extend": "archives.original.extended",
    "give_back": "archives.original.given_back",
    "send": "archives.original.sent",
    "arrive": "archives.original.arrived",
    "turn_back": "archives.original.turned_back",
    "seal": "archives.original.sealed",
    "lose": "archives.original.lost",
    "find": "archives.original.found",
    "release": "archives.original.released",
    "shred": "archives.original.shredded",
    "void": "archives.original.voided",
}
# What a legal hold keeps from happening; lending is allowed.
_FOR_GOOD: Final = frozenset({"release", "shred"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was seen at a hand: the number of the seal, a picture, and words. `photo_sha256` names a picture of a hand
    before, which still shows the seal."""

    seal_no: str = ""
    photo: bytes = b""
    photo_sha256: str = ""
    words: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.photo).hexdigest() if self.photo else self.photo_sha256


NOTHING: Final = Proof()


def original_hand(
    *,
    actor: Actor,
    original: Original,
    event: Event,
    place: StoragePlace | None = None,
    holder_id: UUID | None = None,
    due_on: date | None = None,
    purpose: str = "",
    proof: Proof = NOTHING,
    second_id: UUID | None = None,
    request: CustodyRequest | None = None,
    handover: HandoverList | None = None,
) -> Custody:
    """Let an original go through one more hand, to a place, to a holder, or to neither.

    The caller has asked whether the actor may. Raises Conflict where the original stands otherwise by now, Invalid with
    what a certificate lacks, for two people who are one and for a picture that is none, Held for what a legal hold
    keeps, Shredded for words about what was destroyed.
    """
    with tenant_atomic():
        held = Original.objects.select_for_update(no_key=True).get(id=original.id)
        MOVES.need(held.state, event)
        if event in _FOR_GOOD:
            own = [("paper", held.paper_id)] if held.paper_id else []
            require_unheld([*own, *around_loan(held.loan_id)])
        two = second_id is not None and second_id != actor.membership_id
        seal_no = said(proof.seal_no)[:40]
        media = _media(proof.photo)
        event_id = audit.record(
            actor=actor,
            action=PAST[event],
            object_type=OBJECT,
            object_id=held.id,
            loan_id=held.loan_id,
            # Nothing personal, and told also of originals whose loan was destroyed.
            subject=Subject("tenant", actor.tenant_id),
            after=_told(place=place, holder=holder_id, due_on=due_on, seal_no=seal_no, second=second_id),
            reason_code=purpose,
            digest=proof.digest or None,
        )
        hand = Custody.objects.create(
            original=held,
            number=held.hands + 1,
            act=event,
            by_id=actor.membership_id,
            second_id=second_id,
            from_place_id=held.place_id,
            from_holder_id=held.holder_id,
            to_place=place,
            to_holder_id=holder_id,
            purpose=purpose,
            due_on=due_on,
            seal_no=seal_no,
            photo_sha256=proof.digest,
            request=request,
            handover=handover,
            audit_event_id=event_id,
        )
        _keep_detail(hand, proof, media)
        step(
            held,
            MOVES,
            event,
            facts=Hand(held.kind, seal_no=seal_no, has_photo=bool(proof.digest), two_people=two),
            audit_event_id=event_id,
            hands=hand.number,
            place_id=place.id if place else None,
            holder_id=holder_id,
            due_on=due_on,
            seal_no=seal_no or held.seal_no,
        )
    return hand


def _told(**values: Any) -> dict[str, Any]:
    place, due_on = values.pop("place"), values.pop("due_on")
    told = {name: str(value) for name, value in values.items() if value}
    if place is not None:
        told["place"] = place.name
    if due_on is not None:
        told["due_on"] = due_on.isoformat()
    return told


def _media(photo: bytes) -> str:
    if not photo:
        return ""
    media = sniff(photo[:4096])
    if media not in IMAGES:
        raise Invalid(fields={"photo": [_("This is no picture. Take a photograph (JPEG, PNG, HEIC or WebP).")]})
    if len(photo) > MOST_PHOTO:
        raise Invalid(fields={"photo": [_("A picture has 10 MB at most.")]})
    return media


def _keep_detail(hand: Custody, proof: Proof, media: str) -> None:
    words = said(proof.words)[:MOST_WORDS]
    if not words and not proof.photo:
        return
    detail = CustodyDetail(id=uuid7(), custody=hand, media=media, audit_event_id=hand.audit_event_id)
    try:
        seal(detail, words=words, photo=proof.photo)
    except KeyDestroyed as error:
        raise Shredded from error
    detail.save(force_insert=True)


def last_proof(original: Original) -> Proof:
    """The seal that closes an original now and the picture that shows it, for hands in which the bag stays closed."""
    if not original.seal_no:
        return NOTHING
    rows = Custody.objects.filter(original=original, seal_no=original.seal_no).exclude(photo_sha256="")
    shown = rows.order_by("number").values_list("photo_sha256", flat=True).last()
    return Proof(seal_no=original.seal_no, photo_sha256=shown or "")
