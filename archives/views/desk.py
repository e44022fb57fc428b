"""The intake desk: what waits for somebody, and the door through which files come."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from carloan.archives import faces
from carloan.archives.forms import QUEUE, PaperFilterForm
from carloan.archives.models import Paper
from carloan.archives.selectors.listing import PaperFilters, papers_page
from carloan.archives.selectors.papers import REVIEW, VIEW
from carloan.archives.selectors.queue import branches_of_queue, queue_counts, reviewers
from carloan.archives.services.receiving import Delivery, files_receive
from carloan.archives.services.ticking import Spot
from carloan.archives.uploads import InMemory, files_of, keep_in_memory, part_text
from carloan.archives.views.named import id_of
from carloan.archives.views.showing import filed_before, next_url, queue_of
from carloan.archives.words import kind_label
from carloan.core.answers import wants_json
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.services.searching import search_asked
from carloan.core.tenancy import tenant_atomic
from carloan.loans.selectors.loans import get_loan_by_number_for, get_loan_for

# The id of the queue's head on the page, by which it asks for itself.
QUEUE_HEAD = "queue-head"


@require_safe
@door("papers.view")
def desk(request: ActorRequest) -> HttpResponse:
    """The queue, oldest or dearest first; with another state or words, whatever they find, newest first.

    Its head asks for itself again, and gets only itself.
    """
    actor, asked = request.actor, request.GET
    if _is_fragment(request) and request.htmx.target == QUEUE_HEAD:
        return render(request, "archives/_queue_head.html", _queue_head(request))
    on_desk = not any(asked.get(name) for name in ("q", "state", "kind"))
    waiting = asked.get("state") == Paper.State.REVIEW and not asked.get("q")
    filters = PaperFilters.of_desk(asked, desk=on_desk, oldest_first=on_desk or waiting)
    search_asked(actor=actor, place="archives.paper", query=filters.q)
    # What waits for a check is counted for those who may check it, and listed as it is counted.
    own = waiting and actor.can(REVIEW)
    found = papers_page(actor, filters, capability=REVIEW if own else VIEW)
    queue = queue_of(asked)
    along = urlencode(queue | ({"q": filters.q} if filters.q else {}))
    rows = faces.rows_of(actor, found.papers, query=f"?{along}" if along else "", words=filters.q)
    context: dict[str, Any] = {
        "rows": rows,
        "next": found.next,
        "narrowed": any(asked.get(name) for name in ("q", "state", *QUEUE)),
        # A list that asks by itself again would search again each time.
        "busy": any(row.is_busy for row in rows) and not filters.q,
        "fragment_url": request.get_full_path(),
        "show_loan": True,
        "may_assign": actor.can("papers.assign"),
        "people": reviewers() if actor.can("papers.assign") else [],
        "here": request.get_full_path(),
    }
    if _is_fragment(request):
        return render(request, "archives/_papers.html", context)
    context |= {
        "form": PaperFilterForm(asked, branches=branches_of_queue(actor), people=context["people"]),
        "may_upload": actor.can("papers.upload"),
        **_queue_head(request),
        **filed_before(request),
    }
    return render(request, "archives/desk.html", context)


def _queue_head(request: ActorRequest) -> dict[str, Any]:
    """What waits for a check by this actor; nothing for somebody who checks no papers."""
    counts = queue_counts(request.actor) if request.actor.can("papers.review") else None
    return {
        "counts": counts,
        "kinds": [(kind, kind_label(kind), count) for kind, count in counts.kinds] if counts else [],
        "start_url": next_url(None, queue_of(request.GET)),
        "head_url": request.get_full_path(),
    }


@require_safe
@door("papers.view")
def loan_papers(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    """The list in the loan's tab, asked again while papers are being read."""
    loan = get_loan_for(request.actor, loan_id)
    return render(request, "archives/_papers.html", faces.papers_list(request.actor, loan))


@csrf_exempt
@require_POST
@door("papers.upload", stepwise=("POST",))
def upload(request: ActorRequest) -> HttpResponse:
    """One file at a time from the drop zone, several from the form without script; each paper is safe by itself.

    The bytes stay in memory, so the handler comes before the CSRF check.
    """
    handler = keep_in_memory(request)
    checked: Any = csrf_protect(lambda inner: _take(inner, handler))
    response: HttpResponse = checked(request)
    return response


def _take(request: ActorRequest, handler: InMemory) -> HttpResponse:
    files = files_of(request, handler)
    number = part_text(request.POST, "loan")
    with tenant_atomic():
        loan = get_loan_by_number_for(request.actor, number) if number else None
    delivery = files_receive(actor=request.actor, files=files, loan=loan, spot=_spot(request) if loan else None)
    if wants_json(request):
        with tenant_atomic():
            return JsonResponse(_answer(request, delivery), status=201 if delivery.created else 200)
    if delivery.many:
        messages.success(request, _taken(delivery))
    for line in delivery.lines:
        messages.warning(request, line)
    return redirect(f"{reverse('loans:detail', args=[loan.id])}?tab=papers" if loan else "archives:desk")


def _spot(request: ActorRequest) -> Spot | None:
    """For which item of the loan's checklist the files are brought."""
    item, party = part_text(request.POST, "item"), part_text(request.POST, "party")
    if not item:
        return None
    party_id = id_of(party)
    if party and party_id is None:
        raise Invalid(fields={"party": [_("Nobody of this name is asked for this paper.")]})
    return Spot(item, party_id)


def _taken(delivery: Delivery) -> str:
    count = len(delivery.received)
    return ngettext("%(count)s paper taken", "%(count)s papers taken", count) % {"count": count}


def _answer(request: ActorRequest, delivery: Delivery) -> dict[str, Any]:
    if not delivery.many:
        (one,) = delivery.received
        return faces.answer_of(request.actor, one.paper, created=one.created)
    told = {"label": _taken(delivery), "url": reverse("archives:desk"), "message": " ".join(delivery.lines)}
    return {"state": "unpacked", **told, **delivery.as_dict()}


def _is_fragment(request: Any) -> bool:
    return bool(request.htmx and not request.htmx.boosted)
