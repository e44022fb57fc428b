"""The list of loans, its saved views and its exports."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.saved_views import drop_asked, keep_asked, view_tabs
from carloan.core.services.searching import search_asked
from carloan.core.stepup import reauthenticate, recently_authenticated
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import MEDIA, csv_lines, xlsx_chunks
from carloan.loans.faces import STATE_TONES, age_tone
from carloan.loans.forms import ORDERS, LoanFilterForm
from carloan.loans.selectors.listing import AMOUNT_SORTS, SORTS, Filters, loan_page
from carloan.loans.selectors.loans import DETAILS, amounts_open, may
from carloan.loans.services.exports import export_begin, export_rows

VIEWS = "loans"


def list_form(request: ActorRequest, capability: str = "loans.view") -> tuple[LoanFilterForm, Filters]:
    form = LoanFilterForm(
        request.GET,
        branches=request.actor.branches(capability),
        amounts=amounts_open(request.actor, capability),
    )
    return form, form.filters() if form.is_valid() else Filters()


@require_safe
@door("loans.view")
def loans(request: ActorRequest) -> HttpResponse:
    form, filters = list_form(request)
    search_asked(actor=request.actor, place="loans.loan", query=filters.q)
    page = loan_page(request.actor, filters, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    rows = [
        {
            "line": line,
            "url": reverse("loans:detail", args=[line.loan.id]),
            "tone": STATE_TONES[line.loan.state],
            "age": age_tone(line.loan.days_overdue),
            "details": may(request.actor, DETAILS, line.loan),
        }
        for line in page.lines
    ]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "views": view_tabs(request, VIEWS),
        "orders": _orders(filters.sort),
        "sorts": [
            (sort, label, sort == filters.sort)
            for sort, label in ORDERS.items()
            if form.amounts or sort.lstrip("-") not in AMOUNT_SORTS
        ],
        "kept": [(name, value) for name, value in request.GET.items() if name in form.fields and name != "sort"],
        "amounts": form.amounts,
        "details": request.actor.can(DETAILS),
        "may": {act: request.actor.can(f"loans.{act}") for act in ("export", "import", "edit")}
        | {"ask": request.actor.can("openings.ask") and request.actor.can("sight.clear")},
        "narrowed": any(value for key, value in request.GET.items() if key != "sort"),
    }
    return render(request, "loans/list.html", context, status=200 if form.is_valid() else 422)


@require_safe
@door("loans.export")
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The filtered list as a file. It is told in the trail before the first byte leaves.

    With amounts it shows much at once: who signed in long ago confirms who they are and comes back to the list.
    """
    form, filters = list_form(request, "loans.export")
    if not form.is_valid():
        raise Invalid(fields={name: list(lines) for name, lines in form.errors.items()})
    if request.actor.can(DETAILS) and not recently_authenticated(request):
        # A file as the answer to the password would leave the person on that page.
        messages.info(request, _("Confirm who you are. Then export the list again."))
        return reauthenticate(request, back=f"{reverse('loans:list')}?{request.GET.urlencode()}")
    begun = export_begin(actor=request.actor, filters=filters, kind=kind)
    name = f"loans-{timezone.localtime():%Y%m%d-%H%M}.{kind}"

    def body() -> Iterator[bytes]:
        # The body leaves when the request's own transaction is over.
        with tenant_atomic(request.actor.tenant_id):
            if kind == "xlsx":
                yield from xlsx_chunks(export_rows(begun), title=name)
            else:
                yield from (line.encode() for line in csv_lines(export_rows(begun)))

    response = StreamingHttpResponse(body(), content_type=MEDIA[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@door("loans.view")
def view_keep(request: ActorRequest) -> HttpResponse:
    view = keep_asked(request, VIEWS)
    return redirect(f"{reverse('loans:list')}?{view.query}")


@require_POST
@door("loans.view")
def view_drop(request: ActorRequest, view_id: UUID) -> HttpResponse:
    drop_asked(request, view_id)
    return redirect("loans:list")


def _orders(sort: str) -> dict[str, dict[str, str]]:
    """For each sortable column: the next sort of its heading and how it is sorted now."""
    found = {}
    for name in SORTS:
        now = "ascending" if sort == name else "descending" if sort == f"-{name}" else ""
        found[name] = {"next": name if sort == f"-{name}" else f"-{name}", "now": now}
    return found
