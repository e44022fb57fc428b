"""Stock-takes: the list, one to scan into, its differences, settled by somebody else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from carloan.archives.models import StockTake
from carloan.archives.originals_faces import original_kind, place_code, where_of
from carloan.archives.selectors.originals.originals import DECIDE, KEEP
from carloan.archives.selectors.originals.places import get_place_for, path_of
from carloan.archives.selectors.originals.stocktakes import (
    by_place,
    differences_of,
    get_stocktake_for,
    last_scans,
    progress_of,
    stocktakes_for,
    visible_stocktakes,
)
from carloan.archives.services.originals import stocktaking
from carloan.archives.services.originals.stocktaking import Scanned
from carloan.archives.views.named import id_of
from carloan.core.answers import wants_json
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.rights import csv_answer
from carloan.core.stepup import reauthenticate, recently_authenticated

TONES = {"open": "st-blue", "counted": "st-orange", "settled": "st-green", "withdrawn": ""}
KIND_TONES = {"missing": "st-red", "misplaced": "st-orange", "unexpected": "st-orange", "unknown": "st-dark"}


@require_safe
@door("originals.view")
def stocktakes(request: ActorRequest) -> HttpResponse:
    rows = [(each, path_of(each.place), TONES[each.state]) for each in stocktakes_for(request.actor)]
    return render(request, "archives/originals/stocktakes.html", {"rows": rows})


@require_POST
@door("originals.keep")
def stocktake_begin(request: ActorRequest, place_id: UUID) -> HttpResponse:
    place = get_place_for(request.actor, place_id, KEEP)
    try:
        begun = stocktaking.stocktake_begin(actor=request.actor, place=place)
    except Invalid as error:
        for line in error.sentences:
            messages.error(request, str(line))
        return redirect("archives:place", place.id)
    return redirect("archives:stocktake", begun.id)


@require_safe
@door("originals.view")
def stocktake(request: ActorRequest, stocktake_id: UUID) -> HttpResponse:
    found = get_stocktake_for(request.actor, stocktake_id)
    actor = request.actor
    counts = found.state == StockTake.State.OPEN and visible_stocktakes(actor, KEEP).filter(id=found.id).exists()
    here = id_of(request.GET.get("in"))
    places = by_place(found)
    current = next((place for place, _expected, _scanned in places if place.id == here), found.place)
    settles = (
        found.state == StockTake.State.COUNTED
        and found.counted_by_id != actor.membership_id
        and visible_stocktakes(actor, DECIDE).filter(id=found.id).exists()
    )
    context = {
        "stocktake": found,
        "tone": TONES[found.state],
        "path": path_of(found.place),
        "progress": progress_of(found),
        "places": [(place, place_code(place), expected, scanned) for place, expected, scanned in places],
        "current": current,
        "scans": last_scans(found) if found.state == StockTake.State.OPEN else [],
        "differences": _shown(found),
        "counts": counts,
        "settles": settles,
    }
    return render(request, "archives/originals/stocktake.html", context)


def _shown(found: StockTake) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "tone": KIND_TONES[row.kind],
            "what": original_kind(row.original.kind) if row.original else "",
            "should": path_of(row.should_lie) if row.should_lie else "",
            "lies": path_of(row.lies) if row.lies else "",
            # What the book says today, so that whoever settles sees what was done since.
            "now": (where_of(row.original) or str(row.original.get_state_display())) if row.original else "",
        }
        for row in differences_of(found)
    ]


@require_POST
@door("originals.keep")
def stocktake_scan(request: ActorRequest, stocktake_id: UUID) -> HttpResponse:
    """One code: from the page's script as JSON, or from the form without it."""
    found = get_stocktake_for(request.actor, stocktake_id, KEEP)
    here = id_of(request.POST.get("place"))
    try:
        scanned = stocktaking.stocktake_scan(
            actor=request.actor, stocktake=found, code=request.POST.get("code", ""), place_id=here
        )
    except Invalid as error:
        if wants_json(request):
            raise
        for line in error.sentences:
            messages.error(request, str(line))
        return redirect(_back(found, here))
    if wants_json(request):
        progress = progress_of(found)
        return JsonResponse(
            {
                "code": scanned.code,
                "message": _words(scanned),
                "tone": _tone(scanned),
                "place": str(scanned.place.id) if scanned.is_place else str(here or found.place_id),
                "place_name": path_of(scanned.place) if scanned.is_place else "",
                "expected": progress.expected,
                "found": progress.found,
                "others": progress.others,
            }
        )
    messages.info(request, f"{scanned.code}: {_words(scanned)}")
    return redirect(_back(found, scanned.place.id if scanned.is_place else here))


def _back(found: StockTake, here: UUID | None) -> str:
    return reverse("archives:stocktake", args=[found.id]) + (f"?in={here}" if here else "")


def _words(scanned: Scanned) -> str:
    if scanned.is_place:
        return _("Counting %(place)s now") % {"place": path_of(scanned.place)}
    if scanned.again:
        return _("Counted already")
    if scanned.original is None:
        return _("On nothing known")
    kind = original_kind(scanned.original.kind)
    return kind if scanned.is_expected else _("%(kind)s, should not be here") % {"kind": kind}


def _tone(scanned: Scanned) -> str:
    if scanned.is_place:
        return "st-blue"
    if scanned.again:
        return ""
    return "st-green" if scanned.is_expected else "st-orange"


@require_POST
@door("originals.keep")
def stocktake_count(request: ActorRequest, stocktake_id: UUID) -> HttpResponse:
    found = get_stocktake_for(request.actor, stocktake_id, KEEP)
    stocktaking.stocktake_count(actor=request.actor, stocktake=found)
    messages.success(request, _("The count has ended. Deal with the differences; somebody else settles them."))
    return redirect("archives:stocktake", found.id)


@require_POST
@door("originals.keep")
def stocktake_withdraw(request: ActorRequest, stocktake_id: UUID) -> HttpResponse:
    found = get_stocktake_for(request.actor, stocktake_id, KEEP)
    stocktaking.stocktake_withdraw(actor=request.actor, stocktake=found)
    messages.success(request, _("The stock-take is withdrawn."))
    return redirect("archives:stocktakes")


@require_POST
@door("originals.decide")
def stocktake_settle(request: ActorRequest, stocktake_id: UUID) -> HttpResponse:
    found = get_stocktake_for(request.actor, stocktake_id, DECIDE)
    if not recently_authenticated(request, capability=DECIDE):
        back = reverse("archives:stocktake", args=[found.id])
        return reauthenticate(request, back=back, capability=DECIDE)
    stocktaking.stocktake_settle(actor=request.actor, stocktake=found, digest=request.POST.get("digest", ""))
    messages.success(request, _("The stock-take is settled."))
    return redirect("archives:stocktake", found.id)


@require_safe
@door("originals.view")
def stocktake_csv(request: ActorRequest, stocktake_id: UUID) -> HttpResponseBase:
    """The differences as a file."""
    found = get_stocktake_for(request.actor, stocktake_id)
    lines: list[list[Any]] = [
        [
            _("Difference"),
            pgettext("label", "Code"),
            _("Loan"),
            _("What it is"),
            _("Should lie in"),
            _("Lies in"),
            _("Now"),
        ]
    ]
    for each in _shown(found):
        row = each["row"]
        contract_no = row.original.loan.contract_no if row.original else ""
        told = (str(row.get_kind_display()), row.code, contract_no, each["what"], each["should"], each["lies"])
        lines.append([*told, each["now"]])
    stocktaking.stocktake_exported(actor=request.actor, stocktake=found, count=len(lines) - 1)
    return csv_answer(iter(lines), f"stock-take-{found.number}.csv")
