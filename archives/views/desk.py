"""The intake desk: what waits for somebody, and the door through which files come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from carloan.archives import faces
from carloan.archives.forms import PaperFilterForm
from carloan.archives.selectors.listing import PaperFilters, papers_page
from carloan.archives.services.receiving import Delivery, files_receive
from carloan.archives.uploads import InMemory, files_of, keep_in_memory, part_text
from carloan.core.answers import wants_json
from carloan.core.doors import ActorRequest, door
from carloan.core.services.searching import search_asked
from carloan.core.tenancy import tenant_atomic
from carloan.loans.selectors.loans import get_loan_by_number_for, get_loan_for


@require_GET
@door("papers.view")
def desk(request: ActorRequest) -> HttpResponse:
    """What waits for somebody, oldest first; with a filter, whatever it finds, newest first."""
    narrowed = any(request.GET.get(name) for name in ("q", "state", "kind"))
    filters = PaperFilters.of(request.GET, desk=not narrowed, oldest_first=not narrowed)
    search_asked(actor=request.actor, place="archives.paper", query=filters.q)
    found = papers_page(request.actor, filters)
    rows = faces.rows_of(request.actor, found.papers)
    context = {
        "form": PaperFilterForm(request.GET),
        "rows": rows,
        "next": found.next,
        "narrowed": narrowed,
        # A list that asks by itself again would search again each time.
        "busy": any(row.is_busy for row in rows) and not filters.q,
        "may_upload": request.actor.can("papers.upload"),
        "fragment_url": request.get_full_path(),
        "show_loan": True,
    }
    return render(request, "archives/_papers.html" if _is_fragment(request) else "archives/desk.html", context)


@require_GET
@door("papers.view")
def loan_papers(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    """The list in the loan's tab, asked again while papers are being read."""
    loan = get_loan_for(request.actor, loan_id)
    return render(request, "archives/_papers.html", faces.papers_tab(request.actor, loan, {}))


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
    delivery = files_receive(actor=request.actor, files=files, loan=loan)
    if wants_json(request):
        with tenant_atomic():
            return JsonResponse(_answer(request, delivery), status=201 if delivery.created else 200)
    if delivery.many:
        messages.success(request, _("%(count)s papers taken") % {"count": len(delivery.received)})
    for line in delivery.lines:
        messages.warning(request, line)
    return redirect(f"{reverse('loans:detail', args=[loan.id])}?tab=papers" if loan else "archives:desk")


def _answer(request: ActorRequest, delivery: Delivery) -> dict[str, Any]:
    if not delivery.many:
        (one,) = delivery.received
        return faces.answer_of(request.actor, one.paper, created=one.created)
    label = _("%(count)s papers taken") % {"count": len(delivery.received)}
    told = {"label": label, "url": reverse("archives:desk"), "message": " ".join(delivery.lines)}
    return {"state": "unpacked", **told, **delivery.as_dict()}


def _is_fragment(request: Any) -> bool:
    return bool(request.htmx and not request.htmx.boosted)
