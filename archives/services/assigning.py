"""Handing papers of the queue out to people."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from carloan.archives.models import Paper
from carloan.archives.selectors.papers import REVIEW, visible_papers
from carloan.core import audit
from carloan.core.access import actor_of_person
from carloan.core.actors import Actor
from carloan.core.errors import Invalid, NotFound
from carloan.core.models import Membership
from carloan.core.sight import SIGHT
from carloan.core.tenancy import current_tenant_id, tenant_atomic

ASSIGN = "papers.assign"
MOST_AT_ONCE = 500


def papers_assign(*, actor: Actor, paper_ids: Collection[UUID], member: Membership | None) -> int:
    """Hand papers that wait to somebody, or take them back into the common queue (None); returns how many changed.

    All or none: raises NotFound when a paper is out of the actor's reach, Invalid when the person may not check one of
    them. One event with the count stands for all. Needs `papers.assign`.
    """
    actor.require(ASSIGN)
    wanted = set(paper_ids)
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid(fields={"id": [_("Select between 1 and %(most)s papers.") % {"most": MOST_AT_ONCE}]})
    with tenant_atomic():
        papers = visible_papers(actor, ASSIGN).filter(id__in=wanted)
        found = {paper.id: paper for paper in papers.select_for_update(of=("self",)).order_by("id")}
        if set(found) != wanted:
            raise NotFound
        if member is not None and (outside := len(wanted) - _covered(member, wanted)):
            raise Invalid(
                fields={"member": [
                    ngettext(
                        "%(count)s of these papers lies outside of what %(name)s may check.",
                        "%(count)s of these papers lie outside of what %(name)s may check.",
                        outside,
                    )
                    % {"count": outside, "name": member.display_name}
                ]}
            )  # fmt: skip
        changed = [
            paper.id for paper in found.values()
            if paper.state == Paper.State.REVIEW and paper.assigned_to_id != (member.id if member else None)
        ]  # fmt: skip
        if changed:
            digest = hashlib.sha256(b"".join(paper_id.bytes for paper_id in changed)).hexdigest()
            event_id = audit.record(
                actor=actor, action="archives.papers.assigned", object_type="archives.paper",
                object_id=changed[0] if len(changed) == 1 else None, count=len(changed), digest=digest,
                after={"member": member.id if member else None},
            )  # fmt: skip
            Paper.objects.filter(id__in=changed).update(assigned_to=member, audit_event_id=event_id)
    return len(changed)


def _covered(member: Membership, paper_ids: Collection[UUID]) -> int:
    """How many of the papers the person may check: within the right to review and the sight of clear values."""
    person = actor_of_person(member.user, tenant_id=current_tenant_id())
    if person is None or person.membership_id != member.id:
        return 0
    seen = visible_papers(person, SIGHT).filter(id__in=paper_ids).values("id")
    return visible_papers(person, REVIEW).filter(id__in=paper_ids).filter(id__in=seen).count()
