"""Openings: what waits, what was decided, and the four buttons of one."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from carloan.compliance.models import Opening
from carloan.compliance.openings import openable
from carloan.compliance.policies.openings import MOVES
from carloan.compliance.selectors.openings import ASK, DECIDE, MOST_SHOWN, get_opening_for, openings_for
from carloan.compliance.services.openings import opening_decide, opening_use, opening_withdraw
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

TONES = {
    "asked": "st-blue",
    "approved": "st-orange",
    "refused": "st-red",
    "withdrawn": "",
    "opened": "st-green",
}


class NoteForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("In your words"), required=False, max_length=300)


@require_safe
@door(ASK, DECIDE)
def openings(request: ActorRequest) -> HttpResponse:
    rows = [(each, openable(each.kind).label, TONES[each.state]) for each in openings_for(request.actor)]
    context = {"rows": rows, "most": MOST_SHOWN, "may_decide": request.actor.can(DECIDE)}
    return render(request, "compliance/openings.html", context)


@require_safe
@door(ASK, DECIDE)
def opening(request: ActorRequest, opening_id: UUID) -> HttpResponse:
    return _show(request, get_opening_for(request.actor, opening_id))


def _show(request: ActorRequest, row: Opening, *, fault: str = "") -> HttpResponse:
    mine = row.asked_by_id == request.actor.membership_id
    events = set() if row.is_late else {move.event for move in MOVES.leaving(row.state)}
    context = {
        "opening": row,
        "openable": openable(row.kind),
        "label": openable(row.kind).label,
        "lines": openable(row.kind).words(row.asked),
        "tone": TONES[row.state],
        "form": NoteForm(request.POST or typed_before(request)),
        "fault": fault,
        "may_decide": "approve" in events and not mine and request.actor.can(DECIDE),
        "may_withdraw": "withdraw" in events and mine,
        "may_open": "open" in events and mine,
        "mine": mine,
    }
    return render(request, "compliance/opening.html", context, status=422 if fault else 200)


@require_POST
@door(DECIDE)
def opening_decided(request: ActorRequest, opening_id: UUID) -> HttpResponse:
    """A second person's word, with their own password or second factor of the last minutes."""
    row = get_opening_for(request.actor, opening_id)
    if not recently_authenticated(request, capability=DECIDE):
        back = reverse("compliance:opening", args=[row.id])
        return reauthenticate(request, back=back, typed=request.POST, capability=DECIDE)
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        opening_decide(actor=request.actor, opening=row, approve=request.POST.get("word") == "approve", note=note)
    except Invalid as error:
        return _show(request, row, fault=_sentence(error))
    messages.success(request, _("Your decision is recorded."))
    return redirect("compliance:opening", row.id)


@require_POST
@door(ASK)
def opening_withdrawn(request: ActorRequest, opening_id: UUID) -> HttpResponse:
    row = get_opening_for(request.actor, opening_id)
    try:
        opening_withdraw(actor=request.actor, opening=row)
    except Invalid as error:
        return _show(request, row, fault=_sentence(error))
    return redirect("compliance:opening", row.id)


@require_POST
@door(ASK)
def opening_opened(request: ActorRequest, opening_id: UUID) -> HttpResponseBase:
    """The one look: the step stands before the first value leaves."""
    row = get_opening_for(request.actor, opening_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:opening", args=[row.id]))
    try:
        opening_use(actor=request.actor, opening=row)
    except Invalid as error:
        return _show(request, row, fault=_sentence(error))
    return openable(row.kind).open(request.actor, row.asked, row.id)


def _sentence(error: Invalid) -> str:
    return " ".join(str(line) for lines in error.fields.values() for line in lines) or str(error.message)
