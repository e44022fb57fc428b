"""Papers that a leaver had to check: to a colleague who may check them, or back into the common queue."""

import hashlib

from django.db.models import Q, QuerySet

from carloan.archives.models import Paper
from carloan.archives.selectors.papers import visible_papers
from carloan.core import audit
from carloan.core.access import actor_of_person
from carloan.core.actors import Actor
from carloan.core.models import Membership
from carloan.core.sight import SIGHT
from carloan.core.tenancy import current_tenant_id, tenant_atomic


def papers_in_hand(member: Membership) -> "QuerySet[Paper]":
    """Papers that wait and were handed to this person, or that this person has open."""
    mine = Q(assigned_to=member) | Q(claimed_by=member)
    rows: QuerySet[Paper] = Paper.objects.filter(mine, state=Paper.State.REVIEW)
    return rows


def papers_hand_over(*, actor: Actor, member: Membership, successor: Membership | None) -> int:
    """Free what a leaver had open, and hand what was assigned to them on; how many were in hand.

    The successor gets those within their right to review and the sight of clear values, everybody the others. Called
    inside the act that lets the member leave, which has asked whether the actor may. One event for all.
    """
    with tenant_atomic():
        papers = list(papers_in_hand(member).select_for_update(of=("self",)).order_by("id"))
        if not papers:
            return 0
        ids = [paper.id for paper in papers]
        person = actor_of_person(successor.user, tenant_id=current_tenant_id()) if successor else None
        fit = set(visible_papers(person, SIGHT).filter(id__in=ids).values_list("id", flat=True)) if person else set()
        event_id = audit.record(
            actor=actor, action="archives.papers.assigned", object_type="archives.paper", count=len(ids),
            digest=hashlib.sha256(b"".join(each.bytes for each in ids)).hexdigest(),
            before={"member": member.id}, after={"member": successor.id if successor and fit else None},
        )  # fmt: skip
        assigned = [paper.id for paper in papers if paper.assigned_to_id == member.id]
        Paper.objects.filter(id__in=fit.intersection(assigned)).update(assigned_to=successor, audit_event_id=event_id)
        Paper.objects.filter(id__in=set(assigned) - fit).update(assigned_to=None, audit_event_id=event_id)
        Paper.objects.filter(id__in=ids, claimed_by=member).update(claimed_by=None, claimed_until=None)
    return len(ids)
