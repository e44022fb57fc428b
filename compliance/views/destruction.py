"""Pages of destruction: the batches, proposing one, and one batch with its list and what was said about it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.destruction_words import next_of
from carloan.compliance.holds import holdable
from carloan.compliance.models import DestructionBatch, DestructionItem, DestructionVoice
from carloan.compliance.names import Named, names_of
from carloan.compliance.policies.destruction import APPROVERS, MOST_ITEMS, MOVES, PARTS, RIGHTS, steps
from carloan.compliance.retention import class_label, units
from carloan.compliance.selectors.destruction import (
    approvals_missing,
    batches_for,
    clock_doubt,
    counts_of,
    due_units,
    get_batch_for,
    get_item,
    items_of,
    voices_of,
    waiting_for,
)
from carloan.compliance.services import destruction as services
from carloan.compliance.views.asked import add_faults
from carloan.compliance.views.certificates import ending
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.sealed import clear
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

BATCH_TONES = {
    "proposed": "st-blue",
    "business_reviewed": "st-blue",
    "archivist_reviewed": "st-blue",
    "cooling": "st-yellow",
    "executing": "st-orange st-busy",
    "executed": "st-orange",
    "verified": "st-yellow",
    "certified": "st-green",
    "notarised": "st-green",
    "refused": "",
}
ITEM_TONES = {
    "listed": "st-blue",
    "dropped": "",
    "spared": "st-yellow",
    "destroyed": "st-orange",
    "verified": "st-green",
}


class ProposeForm(forms.Form):
    """Which kind of unit, how many at most, and what the appraisal found."""

    unit = forms.ChoiceField(label=gettext_lazy("What is destroyed"), choices=lambda: units().items())
    most = forms.IntegerField(label=gettext_lazy("At most"), min_value=1, max_value=MOST_ITEMS, initial=100)
    originals = forms.BooleanField(
        label=gettext_lazy("Papers of these lie in boxes too and are shredded with them"), required=False
    )
    opinion = forms.CharField(
        label=gettext_lazy("Opinion of the appraisal group"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SpeakForm(forms.Form):
    """A voice about the list whose hash the page showed."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agrees = forms.ChoiceField(
        label=gettext_lazy("What you say"),
        choices=[("yes", gettext_lazy("Agree")), ("no", gettext_lazy("Refuse: the destruction ends"))],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A thing on the list, as this actor may see it."""

    item: DestructionItem
    named: Named | None
    unit: Any
    tone: str
    records: list[str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the stepper."""

    label: Any
    state: str


@require_safe
@door("destruction.view")
def batches(request: ActorRequest) -> HttpResponse:
    """The batches with what comes next; on asking, those that wait for a word of whoever asks."""
    mine, only = waiting_for(request.actor), request.GET.get("only") == "waiting"
    found = batches_for(request.actor, ids=mine if only else None)
    missing = approvals_missing(found)
    rows = [(row, BATCH_TONES[row.state], next_of(row, missing.get(row.id, 0)), row.id in mine) for row in found]
    context = {
        "rows": rows,
        "only": only,
        "tabs": [
            {"label": _("All"), "url": "?", "current": not only},
            {"label": _("Waiting for my word"), "url": "?only=waiting", "current": only, "count": len(mine)},
        ],
        "may_propose": request.actor.can(services.PROPOSE),
    }
    return render(request, "compliance/destructions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("destruction.propose")
def batch_new(request: ActorRequest) -> HttpResponse:
    """Propose what is due: the longest due first, as counted at this moment."""
    form = ProposeForm(request.POST if request.method == "POST" else typed_before(request))
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        unit = form.cleaned_data["unit"]
        ids = due_units(request.actor, unit, form.cleaned_data["most"])
        if not ids:
            form.add_error(None, _("Nothing of this kind may be destroyed now."))
        else:
            try:
                made = services.batch_propose(
                    actor=request.actor,
                    unit=unit,
                    ids=ids,
                    opinion=form.cleaned_data["opinion"],
                    originals=form.cleaned_data["originals"],
                )
            except Invalid as error:
                add_faults(form, error)
            else:
                messages.success(request, _("Destruction %(number)s is proposed.") % {"number": made.number})
                return redirect("compliance:destruction", made.id)
    return render(request, "compliance/destruction_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@door("destruction.view")
def batch(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    return _show(request, get_batch_for(request.actor, destruction_id))


@require_POST
@door(*RIGHTS.values())
def batch_speak(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, destruction_id)
    form = SpeakForm(request.POST)
    if form.is_valid():
        right = RIGHTS[PARTS.get(found.state, "approver")]
        if not recently_authenticated(request, capability=right):
            back = reverse("compliance:destruction", args=[found.id])
            return reauthenticate(request, back=back, typed=request.POST, capability=right)
        try:
            services.batch_speak(
                actor=request.actor,
                batch=found,
                digest=form.cleaned_data["digest"],
                agrees=form.cleaned_data["agrees"] == "yes",
                reason=form.cleaned_data["reason"],
            )
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("What you said is on record."))
            return redirect("compliance:destruction", found.id)
    return _show(request, found, form)


@require_POST
@door("destruction.propose")
def item_drop(request: ActorRequest, destruction_id: UUID, item_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, destruction_id)
    item = get_item(found, item_id)
    try:
        services.item_drop(actor=request.actor, batch=found, item=item, reason=request.POST.get("reason", "")[:500])
    except Invalid as error:
        for line in error.sentences:
            messages.error(request, line)
    else:
        messages.success(request, _("The list is shorter now and is reviewed anew."))
    return redirect("compliance:destruction", found.id)


def _show(request: ActorRequest, found: DestructionBatch, form: SpeakForm | None = None) -> HttpResponse:
    actor = request.actor
    items, voices = items_of(found), voices_of(found)
    names = names_of(actor, [(holdable(item.unit).object_type, item.object_id) for item in items])
    part = PARTS.get(found.state, "approver" if found.state == DestructionBatch.State.COOLING else "")
    current = [voice for voice in voices if voice.list_digest == found.list_digest]
    silent = actor.membership_id not in {found.proposed_by_id, *(voice.member_id for voice in current)}
    may_speak = bool(part) and actor.can(RIGHTS[part]) and silent
    if form is None and may_speak:
        form = SpeakForm(typed_before(request), initial={"digest": found.list_digest})
    if form is not None and found.state == DestructionBatch.State.COOLING:
        only = [("no", _("Refuse while it cools off: the destruction ends"))]
        form.fields["agrees"].choices = only  # type: ignore[attr-defined]
    approvals = sum(voice.part == DestructionVoice.Part.APPROVER and voice.agrees for voice in current)
    context: dict[str, Any] = {
        "batch": found,
        "tone": BATCH_TONES[found.state],
        "next": next_of(found, max(0, APPROVERS - approvals)),
        "steps": [Step(DestructionBatch.State(state).label, mark) for state, mark in steps(found.state)],
        "opinion": clear(found, "opinion"),
        "clock_doubt": clock_doubt(found),
        "rows": [
            Row(
                item,
                names.get(item.object_id),
                holdable(item.unit).label,
                ITEM_TONES[item.state],
                [
                    _("%(records)s until %(day)s")
                    % {"records": class_label(each["class"]), "day": each["keep_until"] or "—"}
                    for each in item.records
                ],
            )
            for item in items
        ],
        "counts": [
            (DestructionItem.State(state).label, ITEM_TONES[state], count) for state, count in counts_of(items).items()
        ],
        "voices": [(voice, clear(voice, "reason"), voice.list_digest == found.list_digest) for voice in voices],
        "missing": max(0, APPROVERS - approvals),
        "part": DestructionVoice.Part(part).label if part else "",
        "form": form if may_speak else None,
        "may_drop": actor.can(services.PROPOSE) and MOVES.find(found.state, "amend") is not None,
        "may_read_trail": actor.can("trail.view"),
        **ending(actor, found, items),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compliance/destruction.html", context, status=status)
