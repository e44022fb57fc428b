"""Who has a paper of the queue open: a lease that ends by itself, so that two people do not get the same paper.

A lease is a courtesy, not a lock: it steers the queue and is shown by name. What keeps one person's work from
overwriting another's is the paper's revision.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from carloan.archives.models import Paper
from carloan.archives.selectors.listing import PaperFilters
from carloan.archives.selectors.papers import REVIEW, may_review, visible_papers
from carloan.archives.selectors.queue import candidates, free_for
from carloan.core.actors import Actor
from carloan.core.tenancy import tenant_atomic

LEASE = timedelta(minutes=2)


def paper_claim(*, actor: Actor, paper: Paper) -> bool:
    """Take or prolong the lease of a paper that waits; False when somebody else has it, or there is nothing to take."""
    return bool(papers_claim(actor=actor, paper_ids=[paper.id]))


def papers_claim(*, actor: Actor, paper_ids: Iterable[UUID]) -> list[UUID]:
    """Take or prolong several leases at once; returns the papers that are the actor's now. Only people have any."""
    if actor.membership_id is None:
        return []
    with tenant_atomic():
        mine = visible_papers(actor, REVIEW).filter(free_for(actor), id__in=list(paper_ids), state=Paper.State.REVIEW)
        # Locked and asked again by the same statement: of two people at the same moment one gets it.
        got = list(mine.select_for_update(of=("self",), skip_locked=True).values_list("id", flat=True))
        Paper.objects.filter(id__in=got).update(claimed_by_id=actor.membership_id, claimed_until=timezone.now() + LEASE)
    return got


def papers_release(*, actor: Actor, paper_ids: Iterable[UUID]) -> None:
    """End leases of the actor's own; those of others stay."""
    if actor.membership_id is None:
        return
    with tenant_atomic():
        mine = Paper.objects.filter(id__in=list(paper_ids), claimed_by_id=actor.membership_id)
        mine.update(claimed_by_id=None, claimed_until=None)


def paper_next(
    *, actor: Actor, filters: PaperFilters, current: Paper | None = None, back: bool = False
) -> Paper | None:
    """Take the next paper of the queue for the actor, or None when nothing is left. `back` goes the other way."""
    for paper_id in candidates(actor, filters, current=current, back=back):
        paper = visible_papers(actor, REVIEW).filter(id=paper_id).first()
        if paper is not None and may_review(actor, paper) and paper_claim(actor=actor, paper=paper):
            return paper
    return None
