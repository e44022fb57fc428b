"""Reviews of access: what there is, what was decided, and the report that was signed."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError
from carloan.core.models import AccessReview, ReviewItem
from carloan.core.reviewed import kind_label
from carloan.core.selectors_reviews import REVIEW, SHOWN, get_review_for, items_of, reviews_for, standing
from carloan.core.services import reviews as services
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.lib.spreadsheet import Cell

from .forms_rights import ReviewFilter
from .rights import csv_answer
from .tiles import TileValue


@require_safe
@door(REVIEW)
def reviews(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    quarter = services.quarter_of(today)
    found = list(reviews_for(request.actor))
    context = {
        "reviews": found,
        "quarter": quarter,
        "today": today,
        "may_open": all(each.signed_at for each in found) and quarter not in {each.quarter for each in found},
    }
    return render(request, "core/reviews.html", context)


@require_POST
@door(REVIEW)
def review_opened(request: ActorRequest) -> HttpResponse:
    review = services.review_open(actor=request.actor)
    return redirect("core:review", review.id)


@require_safe
@door(REVIEW)
def review(request: ActorRequest, review_id: UUID) -> HttpResponse:
    return _show(request, get_review_for(request.actor, review_id))


def _show(request: ActorRequest, found: AccessReview, *, error: AppError | None = None) -> HttpResponse:
    asked = request.GET.copy()
    if found.signed_at and "only" not in asked:
        asked["only"] = "all"
    form = ReviewFilter(asked)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = items_of(found, text=wanted.get("q", ""), kind=wanted.get("kind", ""), only=wanted.get("only", ""))
    own = request.actor.hands(REVIEW)
    typed = request.POST or typed_before(request) or QueryDict()
    picked = typed.getlist("item")
    context = {
        "review": found,
        "form": form,
        "count": rows.count(),
        "rows": [_row(item, own, picked) for item in rows[:SHOWN]],
        "shown": SHOWN,
        "query": urlencode({name: value for name, value in wanted.items() if value}),
        "today": timezone.localdate(),
        "error": error,
        "reason": typed.get("reason", ""),
        "intact": services.digest_of(found) == found.digest if found.signed_at else None,
        "may_open_trail": request.actor.can("trail.view"),
    }
    return render(request, "core/review.html", context, status=error.status if error else 200)


def _row(item: ReviewItem, own: frozenset[UUID], picked: list[str]) -> dict[str, Any]:
    return {
        "picked": str(item.id) in picked,
        "item": item,
        "kind": kind_label(item.kind),
        "access": _access(item),
        "own": item.member_id in own,
        "url": reverse("core:person", args=[item.member_id]) if item.member_id else "",
        "tone": {"keep": "st-green", "take": "st-red"}.get(item.decision, "st-orange"),
    }


def _access(item: ReviewItem) -> str:
    """What was listed, for people: the frozen text knows no language and writes a star where no branch limits it."""
    return item.what.replace(" · *", f" · {_('Everywhere')}")


@require_POST
@door(REVIEW)
def review_decided(request: ActorRequest, review_id: UUID) -> HttpResponse:
    """`keep` or `take` names one right by its button; `decision` decides about all that are picked in `item`."""
    found = get_review_for(request.actor, review_id)
    decision = next((name for name in ("keep", "take") if name in request.POST), request.POST.get("decision", ""))
    one = request.POST.get("keep") or request.POST.get("take")
    if decision == "take" and not recently_authenticated(request, capability=REVIEW):
        return reauthenticate(request, back=_here(request, found), typed=request.POST, capability=REVIEW)
    try:
        count = services.review_decide(
            actor=request.actor,
            review=found,
            item_ids=_uuids([one] if one else request.POST.getlist("item")),
            decision=decision,
            reason=request.POST.get("reason", ""),
        )
    except AppError as error:
        if not error.fields and error.audited:
            raise
        return _show(request, found, error=error)
    kept = ngettext("%(count)s right kept.", "%(count)s rights kept.", count)
    taken = ngettext("%(count)s right taken away.", "%(count)s rights taken away.", count)
    messages.success(request, (kept if decision == "keep" else taken) % {"count": count})
    return redirect(_here(request, found))


def _here(request: ActorRequest, found: AccessReview) -> str:
    """The page of the review, filtered as the form that was sent."""
    query = request.GET.urlencode()
    return reverse("core:review", args=[found.id]) + (f"?{query}" if query else "")


@require_POST
@door(REVIEW)
def review_signed(request: ActorRequest, review_id: UUID) -> HttpResponse:
    found = get_review_for(request.actor, review_id)
    if not recently_authenticated(request, capability=REVIEW):
        return reauthenticate(request, back=reverse("core:review", args=[found.id]), capability=REVIEW)
    services.review_sign(actor=request.actor, review=found)
    messages.success(request, _("Signed. The report does not change any more."))
    return redirect("core:review", found.id)


@require_safe
@door(REVIEW)
def review_csv(request: ActorRequest, review_id: UUID) -> StreamingHttpResponse:
    found = get_review_for(request.actor, review_id)
    services.review_exported(actor=request.actor, review=found)
    return csv_answer(_lines(found), f"review-{found.quarter}-{request.tenant.slug}.csv")


def _lines(found: AccessReview) -> Iterator[list[Cell]]:
    yield [_("Quarter"), found.quarter, _("Signed by"), str(found.signed_by or ""), _("Digest"), found.digest]
    yield [
        _("Kind of access"), _("Whose"), _("Access"), _("Had since"), _("Until"), _("Last used"), _("Unchanged"),
        _("Decision"), _("Reason"), _("Reviewed by"), _("Reviewed at"),
    ]  # fmt: skip
    for item in items_of(found):
        yield [
            kind_label(item.kind), item.whose, _access(item), item.since, item.until, _at(item.last_used_at),
            _("yes") if item.unchanged else _("no"), item.get_decision_display() if item.decision else "", item.reason,
            str(item.decided_by or ""), _at(item.decided_at),
        ]  # fmt: skip


def _at(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _uuids(texts: Iterable[str | None]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts if text]
    except ValueError:
        return []


def review_tile(actor: Actor) -> TileValue | None:
    """What is left to review, and until when; that none has begun is told too."""
    today = timezone.localdate()
    quarter = services.quarter_of(today)
    found = standing(actor, today, quarter=quarter, due_on=services.last_day_of(quarter))
    if found is None:
        return None
    if found.review_id is None:
        hint = _("The review of %(quarter)s has not begun; due %(day)s") % {"quarter": quarter, "day": found.due_on}
        return TileValue("—", reverse("core:reviews"), hint)
    words = _("Overdue since %(day)s") if found.overdue else _("Due %(day)s")
    return TileValue(str(found.left), reverse("core:review", args=[found.review_id]), words % {"day": found.due_on})
