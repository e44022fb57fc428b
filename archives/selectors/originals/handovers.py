"""Hand-over lists: those of an actor, what stands on one, and who confirmed it."""

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from carloan.archives.models import HandoverItem, HandoverList, HandoverSignature, Original
from carloan.archives.selectors.originals.originals import AT_HAND, KEEP, REGISTER, VIEW, visible_originals
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.models import Membership
from carloan.core.selectors import members

MOST: Final = 200


def visible_handovers(actor: Actor) -> "QuerySet[HandoverList]":
    """The lists of which the actor is a side; whoever keeps originals everywhere sees each."""
    actor.require(VIEW)
    rows = HandoverList.objects.select_related("giver", "taker")
    if actor.right(KEEP).everywhere:
        return rows
    return rows.filter(Q(giver_id=actor.membership_id) | Q(taker_id=actor.membership_id))


def get_handover_for(actor: Actor, handover_id: UUID) -> HandoverList:
    """One list. Raises NotFound."""
    found = visible_handovers(actor).filter(id=handover_id).first()
    if found is None:
        raise NotFound
    return found


def handovers_for(actor: Actor, *, state: str = "") -> list[HandoverList]:
    """The newest lists, at most MOST."""
    rows = visible_handovers(actor)
    if state:
        rows = rows.filter(state=state)
    return list(rows.order_by("-number")[:MOST])


def handovers_waiting(actor: Actor) -> "QuerySet[HandoverList]":
    """The lists that wait for the actor's own word: drawn up by them, or handed to them."""
    mine = Q(state=HandoverList.State.DRAWN, giver_id=actor.membership_id)
    theirs = Q(state=HandoverList.State.GIVEN, taker_id=actor.membership_id)
    return HandoverList.objects.select_related("giver", "taker").filter(mine | theirs).order_by("id")


def items_of(handover: HandoverList) -> list[HandoverItem]:
    """What stands on a list, in its order."""
    rows = HandoverItem.objects.select_related("original__loan").filter(handover=handover)
    return list(rows.order_by("position"))


def signatures_of(handover: HandoverList) -> dict[str, HandoverSignature]:
    """Who confirmed a list, by part."""
    rows = HandoverSignature.objects.select_related("member").filter(handover=handover)
    return {row.part: row for row in rows}


def to_hand_over(actor: Actor) -> "QuerySet[Original]":
    """What the actor may put on a list: what is in their own hands, and for whoever keeps originals what lies in its
    place."""
    own = visible_originals(actor, REGISTER).filter(holder_id=actor.membership_id, state=Original.State.RECEIVED)
    if not actor.can(KEEP):
        return own
    kept = visible_originals(actor, KEEP).filter(state=Original.State.SHELVED)
    return Original.objects.select_related("loan").filter(
        Q(id__in=own.order_by().values("id")) | Q(id__in=kept.order_by().values("id")), state__in=AT_HAND
    )


def colleagues_of(actor: Actor) -> "QuerySet[Membership]":
    """Who may be lent or handed originals: everybody who works here, but for the actor."""
    rows = members()
    return rows.exclude(id=actor.membership_id) if actor.membership_id else rows
