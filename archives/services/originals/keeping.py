"""What whoever keeps originals does with them: into their place, out to a borrower, back, sealed anew, found again."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Custody, Original, StoragePlace
from carloan.archives.policies.originals.requests import LONGEST_LOAN, PURPOSES
from carloan.archives.selectors.originals.originals import KEEP, original_by_code
from carloan.archives.selectors.originals.places import held_in
from carloan.archives.services.originals.custody import NOTHING, Proof, last_proof, original_hand
from carloan.archives.services.originals.rights import require_with
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.models import Membership
from carloan.core.tenancy import tenant_atomic

MOST_SCANNED: Final = 200


def original_shelve(*, actor: Actor, original: Original, place: StoragePlace, proof: Proof = NOTHING) -> Custody:
    """Put an original into a place, or from one into another.

    Raises Invalid for a place that is closed, full or the one where it lies, Conflict where the original cannot be put
    anywhere now, Forbidden without the right.
    """
    require_with(actor=actor, original=original, capability=KEEP)
    with tenant_atomic():
        _require_room(place, 1)
        if original.place_id == place.id:
            raise Invalid(fields={"place": [_("It lies there already.")]})
        return original_hand(
            actor=actor, original=original, event="shelve", place=place, proof=_closed(original, proof)
        )


def originals_shelve(*, actor: Actor, place: StoragePlace, codes: Sequence[str]) -> list[Custody]:
    """Put what was scanned into one place, all of it or, with what is wrong by line, nothing. A code that was scanned
    twice counts once. Raises Invalid, Forbidden.
    """
    actor.require_person(KEEP)
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if not 0 < len(wanted) <= MOST_SCANNED:
        raise Invalid(fields={"codes": [_("From 1 to %(most)s codes.") % {"most": MOST_SCANNED}]})
    faults, done = [], []
    with tenant_atomic():
        _require_room(place, len(wanted))
        for code in wanted:
            original = original_by_code(actor, code, KEEP)
            if original is None:
                faults.append(_("%(code)s: no original with this code that you keep.") % {"code": code[:40]})
            elif original.place_id == place.id:
                faults.append(_("%(code)s: it lies there already.") % {"code": code[:40]})
            elif original.state not in (Original.State.RECEIVED, Original.State.SHELVED):
                faults.append(
                    _("%(code)s: %(state)s, receive it first.")
                    % {"code": code[:40], "state": original.get_state_display()}
                )
            elif not faults:
                done.append(original_shelve(actor=actor, original=original, place=place))
        if faults:
            raise Invalid(fields={"codes": faults})
    return done


def original_lend(
    *,
    actor: Actor,
    original: Original,
    borrower: Membership,
    due_on: date,
    purpose: str,
    proof: Proof = NOTHING,
    words: str = "",
) -> Custody:
    """Lend an original over the counter to a colleague. A registration certificate is lent only on the borrower's own
    request (`request_grant`).

    Raises Invalid for a day or purpose that cannot be, for lending to oneself and for what a certificate lacks.
    """
    member_id = require_with(actor=actor, original=original, capability=KEEP)
    faults = loan_faults(due_on, purpose)
    if borrower.id == member_id or not borrower.is_active:
        faults["borrower"] = [_("Choose a colleague: whoever lends is not the borrower.")]
    if faults:
        raise Invalid(fields=faults)
    return original_hand(
        actor=actor,
        original=original,
        event="lend",
        holder_id=borrower.id,
        due_on=due_on,
        purpose=purpose,
        proof=Proof(seal_no=proof.seal_no, photo=proof.photo, words=words),
    )


def original_give_back(*, actor: Actor, original: Original, proof: Proof = NOTHING) -> Custody:
    """A lent original came back to whoever keeps it. Nobody receives from themselves.

    Raises Conflict for one that is not lent and for its own borrower, Forbidden without the right.
    """
    member_id = require_with(actor=actor, original=original, capability=KEEP)
    if original.holder_id in actor.hands(KEEP):
        raise Conflict(_("Whoever borrowed it does not receive it back. Somebody else must."))
    return original_hand(
        actor=actor,
        original=original,
        event="give_back",
        holder_id=member_id,
        second_id=original.holder_id,
        proof=proof,
    )


def original_seal(*, actor: Actor, original: Original, proof: Proof) -> Custody:
    """Close the bag of an original with a new seal, and keep its picture. Raises Invalid without either."""
    require_with(actor=actor, original=original, capability=KEEP)
    faults = {}
    if not proof.seal_no.strip():
        faults["seal_no"] = [_("Enter the number of the new seal.")]
    if not proof.photo:
        faults["photo"] = [_("Take a picture of the sealed bag.")]
    if faults:
        raise Invalid(fields=faults)
    return original_hand(
        actor=actor,
        original=original,
        event="seal",
        place=original.place,
        holder_id=original.holder_id,
        proof=proof,
    )


def original_find(*, actor: Actor, original: Original, words: str, proof: Proof = NOTHING) -> Custody:
    """A missing original turned up and is in the hands of whoever says so. Raises Invalid without where it was."""
    member_id = require_with(actor=actor, original=original, capability=KEEP)
    if not words.strip():
        raise Invalid(fields={"words": [_("Say where it was found.")]})
    return original_hand(
        actor=actor,
        original=original,
        event="find",
        holder_id=member_id,
        proof=Proof(seal_no=proof.seal_no, photo=proof.photo, words=words),
    )


def loan_faults(due_on: date | None, purpose: str) -> dict[str, list[str]]:
    """What is wrong with until when and for what an original is to be lent."""
    today, faults = timezone.localdate(), {}
    if due_on is None or not today <= due_on <= today + timedelta(days=LONGEST_LOAN):
        faults["due_on"] = [_("Choose a day from today to %(days)s days from now.") % {"days": LONGEST_LOAN}]
    if purpose not in PURPOSES:
        faults["purpose"] = [_("Say what it is needed for.")]
    return faults


def _require_room(place: StoragePlace, count: int) -> None:
    """Under lock, so that two who put something there at once do not both find the last room."""
    held = StoragePlace.objects.select_for_update(no_key=True).get(id=place.id)
    if held.closed_at is not None:
        raise Invalid(fields={"place": [_("This place is closed.")]})
    if held.capacity is not None and held_in(held) + count > held.capacity:
        raise Invalid(fields={"place": [_("This place is full: it holds %(most)s.") % {"most": held.capacity}]})


def _closed(original: Original, proof: Proof) -> Proof:
    """On the shelf the bag stays closed as it is: the seal is read, and a new picture is not asked for."""
    if proof.seal_no or proof.photo:
        return proof
    return last_proof(original)
