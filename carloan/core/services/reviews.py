"""The quarterly review of access: everything that somebody may is kept or taken away by somebody else, and signed."""

import hashlib
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.models import AccessReview, ReviewItem
from carloan.core.reviewed import Held, all_kinds, kind_of
from carloan.core.selectors_reviews import REVIEW
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import require_passkey
from carloan.lib.text import said

MOST_AT_ONCE = 500


def quarter_of(day: date) -> str:
    """The quarter of a day: 2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def last_day_of(quarter: str) -> date:
    year, number = int(quarter[:4]), int(quarter[5])
    return date(year + number // 4, number * 3 % 12 + 1, 1) - timedelta(days=1)


def review_open(*, actor: Actor) -> AccessReview:
    """Open the review of this quarter with every right that there is now; due on the quarter's last day.

    Raises Conflict when it was opened before, and while an earlier one is not signed.
    """
    actor.require(REVIEW)
    quarter = quarter_of(timezone.localdate())
    with tenant_atomic():
        if AccessReview.objects.filter(quarter=quarter).exists():
            raise Conflict(_("The review of this quarter is there already."))
        if AccessReview.objects.filter(signed_at=None).exists():
            raise Conflict(_("An earlier review is not signed yet. Sign it first."))
        known = _kept_marks()
        review_id, items = uuid7(), []
        for kind in all_kinds():
            for held in kind.held():
                mark = _mark(kind.code, held)
                items.append(
                    ReviewItem(
                        review_id=review_id, kind=kind.code, object_id=held.object_id, member_id=held.member_id,
                        whose=held.whose[:120], what=held.what[:200], since=held.since, until=held.until,
                        last_used_at=held.last_used_at, mark=mark, unchanged=mark in known,
                    )
                )  # fmt: skip
        event_id = audit.record(
            actor=actor, action="core.review.opened", object_type="core.accessreview", object_id=review_id,
            count=len(items), digest=_digest([item.mark for item in items]), after={"quarter": quarter},
        )  # fmt: skip
        review = AccessReview.objects.create(
            id=review_id, quarter=quarter, due_on=last_day_of(quarter), opened_by_id=actor.membership_id,
            opened_at=timezone.now(), audit_event_id=event_id,
        )  # fmt: skip
        for item in items:
            item.audit_event_id = event_id
        ReviewItem.objects.bulk_create(items, batch_size=500)
    return review


def review_decide(
    *, actor: Actor, review: AccessReview, item_ids: Collection[UUID], decision: str, reason: str = ""
) -> int:
    """Keep or take away rights of an open review; what is taken ends at once. Returns how many.

    All or none. To take away needs a reason, and so does keeping several at once, which is for those that have not
    changed since the last signed review (Invalid). Raises Conflict for a signed review, for what was taken already and
    for one's own rights, also through a lent duty; NotFound for items of another review.
    """
    actor.require_person(REVIEW)
    if decision == ReviewItem.Decision.TAKE:
        require_passkey(actor, REVIEW)
    wanted, why = set(item_ids), said(reason)[:200]
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid(fields={"item": [_("Select between 1 and %(most)s rights.") % {"most": MOST_AT_ONCE}]})
    if not why and (decision == ReviewItem.Decision.TAKE or len(wanted) > 1):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic():
        _open_review(review)
        rows = ReviewItem.objects.select_for_update(of=("self",)).filter(review=review, id__in=wanted)
        items = list(rows.order_by("id"))
        if len(items) != len(wanted):
            raise NotFound
        _check(actor, items, decision)
        event_id = audit.record(
            actor=actor, action=f"core.review.{'kept' if decision == 'keep' else 'taken'}",
            object_type="core.accessreview", object_id=review.id, count=len(items),
            digest=_digest([item.mark for item in items]), reason=why,
        )  # fmt: skip
        if decision == ReviewItem.Decision.TAKE:
            for item in items:
                kind_of(item.kind).take(actor, item.object_id)
        ReviewItem.objects.filter(id__in=wanted).update(
            decision=decision, reason=why, decided_by_id=actor.membership_id, decided_at=timezone.now(),
            audit_event_id=event_id,
        )  # fmt: skip
    return len(items)


def review_sign(*, actor: Actor, review: AccessReview) -> AccessReview:
    """Sign a review in which everything is decided: its report is frozen by its digest, which stands in the event.

    Raises Conflict while something is undecided, or when it was signed.
    """
    actor.require_person(REVIEW)
    require_passkey(actor, REVIEW)
    with tenant_atomic():
        held = _open_review(review)
        if undecided := ReviewItem.objects.filter(review=held, decision="").count():
            raise Conflict(_("%(count)s rights are not decided yet.") % {"count": undecided})
        held.signed_by_id, held.signed_at = actor.membership_id, timezone.now()
        held.digest = digest_of(held)
        held.audit_event_id = audit.record(
            actor=actor, action="core.review.signed", object_type="core.accessreview", object_id=held.id,
            count=ReviewItem.objects.filter(review=held).count(), digest=held.digest, after={"quarter": held.quarter},
        )  # fmt: skip
        held.save(update_fields=["signed_by", "signed_at", "digest", "audit_event_id"])
    return held


def review_exported(*, actor: Actor, review: AccessReview) -> None:
    """A report leaves as a file: told before."""
    actor.require(REVIEW)
    with tenant_atomic():
        audit.record(
            actor=actor, action="core.review.exported", object_type="core.accessreview", object_id=review.id,
            count=ReviewItem.objects.filter(review=review).count(), digest=review.digest or None,
        )  # fmt: skip


def report_of(review: AccessReview) -> dict[str, Any]:
    """What is signed: the review and each of its rights with what was decided, in the order of their ids."""
    rows = ReviewItem.objects.filter(review=review).order_by("id")
    return {
        "quarter": review.quarter,
        "opened_at": _moment(review.opened_at),
        "signed_by": str(review.signed_by_id),
        "signed_at": _moment(review.signed_at),
        "items": [
            {
                "kind": item.kind, "id": str(item.object_id), "member": str(item.member_id or ""),
                "whose": item.whose, "what": item.what, "since": str(item.since or ""), "until": str(item.until or ""),
                "last_used_at": _moment(item.last_used_at), "unchanged": item.unchanged, "decision": item.decision,
                "reason": item.reason, "decided_by": str(item.decided_by_id), "decided_at": _moment(item.decided_at),
            }
            for item in rows
        ],
    }  # fmt: skip


def digest_of(review: AccessReview) -> str:
    """The SHA-256 of the report in the form of RFC 8785, in hex."""
    return hashlib.sha256(audit.canonical(report_of(review))).hexdigest()


def _check(actor: Actor, items: list[ReviewItem], decision: str) -> None:
    if decision not in ReviewItem.Decision.values:
        raise Invalid(fields={"decision": [_("Choose keep or take away.")]})
    own = actor.hands(REVIEW)
    if any(item.member_id in own for item in items):
        raise Conflict(_("Nobody reviews their own access. Leave it to a colleague."))
    if any(item.decision == ReviewItem.Decision.TAKE for item in items):
        raise Conflict(_("What was taken away in this review stays so. Give it anew on the person's page."))
    if decision == ReviewItem.Decision.KEEP and len(items) > 1 and not all(item.unchanged for item in items):
        raise Invalid(fields={"item": [_("What is new or has changed is decided one by one.")]})


def _open_review(review: AccessReview) -> AccessReview:
    held = AccessReview.objects.select_for_update(of=("self",)).get(id=review.id)
    if held.signed_at is not None:
        raise Conflict(_("This review is signed; it does not change any more."))
    return held


def _kept_marks() -> set[str]:
    """The marks of what the last signed review kept."""
    last = AccessReview.objects.exclude(signed_at=None).order_by("-quarter").first()
    if last is None:
        return set()
    kept = ReviewItem.objects.filter(review=last, decision=ReviewItem.Decision.KEEP)
    return set(kept.values_list("mark", flat=True))


def _mark(kind: str, held: Held) -> str:
    what = [kind, str(held.object_id), held.whose, held.what, str(held.since or ""), str(held.until or "")]
    return hashlib.sha256(audit.canonical({"held": what})).hexdigest()


def _digest(marks: list[str]) -> str:
    return hashlib.sha256(audit.canonical({"marks": sorted(marks)})).hexdigest()


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
