"""Openings as those may see them who asked for them or decide about them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from carloan.compliance.models import Opening
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

ASK, DECIDE = "openings.ask", "openings.decide"
MOST_SHOWN = 100
TOLD_FOR = timedelta(days=1)  # so long a refusal stands on the home page of who asked


def _visible(actor: Actor) -> Any:
    """Who decides sees all of them, who asks their own."""
    actor.require(ASK, DECIDE)
    rows = Opening.objects.select_related("asked_by", "decided_by")
    return rows if actor.can(DECIDE) else rows.filter(asked_by_id=actor.membership_id)


def openings_for(actor: Actor) -> list[Opening]:
    """Newest first, what still waits before what is over: decided, opened, or past its time."""
    in_time = Q(state__in=["asked", "approved"], expires_at__gt=timezone.now())
    waiting = list(_visible(actor).filter(in_time).order_by("-id")[:MOST_SHOWN])
    over = _visible(actor).exclude(in_time).order_by("-id")
    return waiting + list(over[: MOST_SHOWN - len(waiting)])


def get_opening_for(actor: Actor, opening_id: UUID) -> Opening:
    """Raises NotFound for one that the actor neither asked for nor decides about."""
    opening: Opening | None = _visible(actor).filter(id=opening_id).first()
    if opening is None:
        raise NotFound
    return opening


def own_openings(actor: Actor) -> list[Opening]:
    """What a person asked for and has reason to look at: it waits, was approved and counts, or was refused within a
    day. Newest first."""
    now = timezone.now()
    in_time = Q(state__in=["asked", "approved"], expires_at__gt=now)
    refused = Q(state="refused", decided_at__gt=now - TOLD_FOR)
    return list(Opening.objects.filter(in_time | refused, asked_by_id=actor.membership_id).order_by("-id")[:MOST_SHOWN])


def own_opening_of(actor: Actor, *, kind: str, asked: Mapping[str, Any]) -> Opening | None:
    """The person's own question for exactly this that waits or was approved and can still be used."""
    return next(
        (each for each in own_openings(actor) if each.kind == kind and each.asked == dict(asked) and each.is_open), None
    )


def opening_stands(actor: Actor, *, kind: str, asked: Mapping[str, Any]) -> bool:
    """Whether somebody else let this person open exactly this, and the time for it is not over; they may have looked
    already."""
    return (
        actor.membership_id is not None
        and Opening.objects.filter(
            kind=kind,
            asked=dict(asked),
            asked_by_id=actor.membership_id,
            state__in=["approved", "opened"],
            expires_at__gt=timezone.now(),
        ).exists()
    )


def undecided_count(actor: Actor) -> int:
    """How many wait for this person's word."""
    mine = Q(asked_by_id=actor.membership_id)
    return Opening.objects.filter(state="asked", expires_at__gt=timezone.now()).exclude(mine).count()
