"""Reads of access reviews: which there are, what is decided, what is late."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from .actors import Actor
from .errors import NotFound
from .models import AccessReview, ReviewItem

REVIEW = "rights.review"
SHOWN = 200


def reviews_for(actor: Actor) -> "QuerySet[AccessReview]":
    """All reviews of the lender, newest first, with the number of rights (`rights`) and of undecided ones (`left`)."""
    actor.require(REVIEW)
    rows: QuerySet[AccessReview] = AccessReview.objects.select_related("opened_by", "signed_by")
    counted = rows.annotate(rights=Count("items"), left=Count("items", filter=Q(items__decision="")))
    return counted.order_by("-quarter")


def get_review_for(actor: Actor, review_id: UUID) -> AccessReview:
    """One review. Raises NotFound."""
    review = reviews_for(actor).filter(id=review_id).first()
    if review is None:
        raise NotFound
    return review


def items_of(review: AccessReview, *, text: str = "", kind: str = "", only: str = "all") -> "QuerySet[ReviewItem]":
    """The rights of a review: `only` is a decision, "" undecided, "new" and "same" of these, "all"."""
    rows: QuerySet[ReviewItem] = ReviewItem.objects.filter(review=review).select_related("decided_by")
    if text:
        rows = rows.filter(Q(whose__icontains=text) | Q(what__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    if only in ("new", "same"):
        rows = rows.filter(decision="", unchanged=only == "same")
    elif only != "all":
        rows = rows.filter(decision=only)
    return rows.order_by("unchanged", "whose", "kind", "id")


@dataclass(frozen=True)
class Standing:
    """How the reviews stand on a day: the open one with what is left, or the quarter that has none."""

    quarter: str
    due_on: date
    left: int | None
    review_id: UUID | None
    overdue: bool


def standing(actor: Actor, today: date, *, quarter: str, due_on: date) -> Standing | None:
    """What waits for the actor; None when this quarter's review is signed and none is open."""
    open_one = reviews_for(actor).filter(signed_at=None).order_by("quarter").first()
    if open_one is not None:
        left = ReviewItem.objects.filter(review=open_one, decision="").count()
        return Standing(open_one.quarter, open_one.due_on, left, open_one.id, open_one.due_on < today)
    if AccessReview.objects.filter(quarter=quarter).exists():
        return None
    return Standing(quarter, due_on, None, None, False)
