"""The book of originals: the list and its file, the archivist's desk, a scanned code, a pile put into one place."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from carloan.archives.forms_originals import BatchShelveForm, OriginalFilterForm
from carloan.archives.models import Original
from carloan.archives.originals_faces import original_code, rows_of, where_of
from carloan.archives.originals_faces import original_kind as kind_word
from carloan.archives.policies.originals.codes import ORIGINAL, read_code
from carloan.archives.policies.originals.reminding import SOON_DAYS
from carloan.archives.selectors.originals.handovers import handovers_waiting
from carloan.archives.selectors.originals.originals import (
    KEEP,
    REGISTER,
    OriginalFilters,
    branches_of_originals,
    desk_of,
    matching_originals,
    original_by_code,
    originals_page,
)
from carloan.archives.selectors.originals.places import place_by_code
from carloan.archives.services.originals import keeping
from carloan.archives.services.originals.looking import originals_export
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.rights import csv_answer
from carloan.lib.spreadsheet import Cell


@require_safe
@door("originals.view")
def originals(request: ActorRequest) -> HttpResponse:
    filters = OriginalFilters.of(request.GET)
    found, after = originals_page(request.actor, filters)
    context = {
        "form": OriginalFilterForm(request.GET, branches=branches_of_originals(request.actor)),
        "rows": rows_of(found),
        "total": matching_originals(request.actor, filters).order_by().count(),
        "next": after,
        "narrowed": any(request.GET.get(name) for name in ("q", "state", "kind", "branch", "whose")),
        "may_register": request.actor.can(REGISTER),
    }
    return render(request, "archives/originals/list.html", context)


@require_safe
@door("originals.view")
def originals_csv(request: ActorRequest) -> HttpResponseBase:
    rows = originals_export(actor=request.actor, filters=OriginalFilters.of(request.GET))
    return csv_answer(_lines(rows), "originals.csv")


def _lines(rows: list[Original]) -> Iterator[list[Cell]]:
    yield [
        pgettext("label", "Code"), _("Loan"), _("Kind"), _("Sheets"), _("State"), _("Where"), _("due back on"),
        _("Seal number"),
    ]  # fmt: skip
    for row in rows:
        yield [
            original_code(row),
            row.loan.contract_no,
            kind_word(row.kind),
            row.sheets,
            str(row.get_state_display()),
            where_of(row),
            row.due_on,
            row.seal_no,
        ]


@require_safe
@door("originals.keep")
def originals_desk(request: ActorRequest) -> HttpResponse:
    """What waits today: what is late, what comes back, what has to be shelved, what somebody asks."""
    desk = desk_of(request.actor, soon=SOON_DAYS)
    context = {
        "desk": desk,
        "lists": [
            (code, title, rows_of(rows), desk.counts[code], query)
            for code, title, rows, query in (
                ("overdue", _("Overdue"), desk.overdue, "state=overdue"),
                ("due_today", _("Due today"), desk.due_today, "state=lent"),
                ("due_soon", _("Due soon"), desk.due_soon, "state=lent"),
                ("to_shelve", _("To shelve"), desk.to_shelve, "state=received"),
                ("expected", _("Expected"), desk.expected, "state=expected"),
            )
        ],
        "requests": [(each, original_code(each.original), kind_word(each.original.kind)) for each in desk.requests],
        "handovers": handovers_waiting(request.actor),
    }
    return render(request, "archives/originals/desk.html", context)


@require_safe
@door("originals.view")
def originals_find(request: ActorRequest) -> HttpResponse:
    """Whatever a scanned or typed code is on; a label that is on nothing yet leads to entering its original."""
    text = request.GET.get("code", "").strip()
    if (place := place_by_code(request.actor, text)) is not None:
        return redirect("archives:place", place.id)
    if (found := original_by_code(request.actor, text)) is not None:
        return redirect("archives:original-chain", found.id)
    code = read_code(text)
    if code is not None and code.letter == ORIGINAL and request.actor.can(REGISTER):
        messages.info(request, _("Nothing you can see has this label. Enter what it is on."))
        answer = redirect("archives:original-new")
        answer["Location"] += f"?code={text.upper().replace(' ', '')}"
        return answer
    messages.warning(request, _("No original and no place has this code. Scan it again or type it from the label."))
    return redirect("archives:originals-desk" if request.actor.can(KEEP) else "archives:originals")


@require_http_methods(["GET", "HEAD", "POST"])
@door("originals.keep")
def originals_shelve(request: ActorRequest) -> HttpResponse:
    """Scan a place, then what is put there: all of it, or nothing and what is wrong with which."""
    form = BatchShelveForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        place = place_by_code(request.actor, form.cleaned_data["place"], KEEP)
        if place is None:
            form.add_error("place", _("No open place has this code."))
        else:
            codes = form.cleaned_data["codes"].splitlines()
            try:
                done = keeping.originals_shelve(actor=request.actor, place=place, codes=codes)
            except Invalid as error:
                add_faults(form, error)
            else:
                told = ngettext(
                    "%(count)s original is in its place.", "%(count)s originals are in their place.", len(done)
                )
                messages.success(request, told % {"count": len(done)})
                return redirect("archives:place", place.id)
    return render(
        request, "archives/originals/shelve.html", {"form": form}, status=422 if request.method == "POST" else 200
    )
