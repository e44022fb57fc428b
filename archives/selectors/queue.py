"""The desk's queue: what waits for a check, counted by kind and age, and which paper comes next for whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.archives.selectors.listing import PaperFilters, in_order, matching
from carloan.archives.selectors.papers import REVIEW
from carloan.core.actors import Actor
from carloan.core.models import Branch, Delegation, Membership, RoleAssignment
from carloan.core.sight import SIGHT

OLD = timedelta(days=1)
VERY_OLD = timedelta(days=3)
# How many papers that somebody else has just taken are passed over at most.
MOST_TRIED = 20


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much waits, how long, and of what; `mine` is what was handed to the actor."""

    waiting: int
    mine: int
    old: int
    very_old: int
    oldest: timedelta | None
    kinds: list[tuple[str, int]]


def queue(actor: Actor, filters: PaperFilters) -> "QuerySet[Paper]":
    """The papers that wait for a check by this actor, as the filters say."""
    return matching(actor, replace(filters, state=Paper.State.REVIEW, desk=False, q=""), REVIEW)


def queue_counts(actor: Actor) -> QueueCounts:
    """Three queries, whatever the length of the queue."""
    now = timezone.now()
    papers = queue(actor, PaperFilters()).select_related(None)
    told = papers.order_by().aggregate(
        waiting=Count("id"),
        mine=Count("id", filter=Q(assigned_to_id=actor.membership_id)),
        old=Count("id", filter=Q(received_at__lt=now - OLD)),
        very_old=Count("id", filter=Q(received_at__lt=now - VERY_OLD)),
        oldest=Min("received_at"),
    )
    kinds = papers.order_by().values_list("kind").annotate(count=Count("id")).order_by("-count", "kind")
    oldest = now - told["oldest"] if told["oldest"] else None
    return QueueCounts(
        told["waiting"], told["mine"], told["old"], told["very_old"], oldest, [(kind, n) for kind, n in kinds]
    )


def candidates(actor: Actor, filters: PaperFilters, *, current: Paper | None, back: bool = False) -> Iterable[UUID]:
    """Ids of the papers to open next: from the current one on, then from the beginning; never the current one itself.

    Passed over is what somebody else has open, and what was handed to somebody else unless the filters ask for it.
    """
    free = queue(actor, filters).filter(free_for(actor))
    if not filters.assigned:
        free = free.filter(Q(assigned_to=None) | Q(assigned_to_id=actor.membership_id))
    found: list[UUID] = []
    if current is not None:
        free = free.exclude(id=current.id)
        beyond = _before(free, filters, current) if back else _from(free, filters, current)
        found = list(beyond.values_list("id", flat=True)[:MOST_TRIED])
        if back:
            return found
    rest = in_order(free, replace(filters, after=None)).values_list("id", flat=True)[: MOST_TRIED * 2]
    return [*found, *(paper_id for paper_id in rest if paper_id not in set(found))]


def free_for(actor: Actor) -> Q:
    """Papers that nobody else has open."""
    return Q(claimed_until=None) | Q(claimed_until__lt=timezone.now()) | Q(claimed_by_id=actor.membership_id)


def _from(papers: "QuerySet[Paper]", filters: PaperFilters, current: Paper) -> "QuerySet[Paper]":
    return in_order(papers, replace(filters, after=current.id, after_risk=current.risk))


def _before(papers: "QuerySet[Paper]", filters: PaperFilters, current: Paper) -> "QuerySet[Paper]":
    if filters.by_risk:
        earlier = Q(risk__gt=current.risk) | Q(risk=current.risk, id__lt=current.id)
        return papers.filter(earlier).order_by("risk", "-id")
    return papers.filter(id__lt=current.id).order_by("-id")


def reviewers() -> list[Membership]:
    """People who may check papers somewhere, by name: to whom papers can be handed."""
    today = timezone.localdate()
    far = {"role__capabilities__capability": REVIEW, "role__capabilities__scope__in": ["all", "branch"]}
    held = RoleAssignment.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    lent = Delegation.objects.filter(ended_at=None, begins_on__lte=today, ends_on__gte=today)
    sighted = {"role__capabilities__capability": SIGHT}
    active = Membership.objects.filter(
        Q(id__in=held.filter(**far).values("membership_id")) | Q(id__in=lent.filter(**far).values("taker_id")),
        Q(id__in=held.filter(**sighted).values("membership_id")) | Q(id__in=lent.filter(**sighted).values("taker_id")),
        is_active=True,
        user__is_active=True,
    )
    return list(active.order_by("display_name", "id"))


def branches_of_queue(actor: Actor) -> list[Branch]:
    """The branches whose papers the actor may check, for the filter."""
    reached = actor.branches(REVIEW)
    branches = Branch.objects.order_by("code")
    return list(branches if reached is None else branches.filter(id__in=reached))
