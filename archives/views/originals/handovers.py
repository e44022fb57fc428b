"""Hand-over lists: those of a person, a new one, one to print and to confirm by both sides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.archives.forms_originals import HandoverForm
from carloan.archives.models import HandoverList
from carloan.archives.originals_faces import original_code, original_kind, purpose_word, rows_of
from carloan.archives.policies.originals.handovers import MOST
from carloan.archives.selectors.originals.handovers import (
    colleagues_of,
    get_handover_for,
    handovers_for,
    handovers_waiting,
    items_of,
    signatures_of,
    to_hand_over,
)
from carloan.archives.selectors.originals.originals import REGISTER
from carloan.archives.services.originals import handing
from carloan.archives.views.named import ids_of
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.listing import one_of
from carloan.core.stepup import reauthenticate, recently_authenticated

MINE = "mine"  # those that wait for the actor's own word
TONES = {"drawn": "st-yellow", "given": "st-blue", "taken": "st-green", "refused": "st-red", "withdrawn": ""}


@require_safe
@door("originals.view")
def handovers(request: ActorRequest) -> HttpResponse:
    state = one_of(request.GET, "state", [MINE, *HandoverList.State.values])
    choices = [("", _("All")), (MINE, _("For me")), *HandoverList.State.choices]
    found = list(handovers_waiting(request.actor)) if state == MINE else handovers_for(request.actor, state=state)
    context = {
        "rows": [(each, TONES[each.state], purpose_word(each.purpose)) for each in found],
        "tabs": [
            {"label": label, "url": f"?state={code}" if code else "?", "current": code == state}
            for code, label in choices
        ],
        "state": state,
        "may_draw": request.actor.can(REGISTER),
    }
    return render(request, "archives/originals/handovers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("originals.register")
def handover_new(request: ActorRequest) -> HttpResponse:
    """Choose what is handed over, to whom and for what; nothing moves before both have confirmed."""
    actor = request.actor
    chosen = request.POST.getlist("original")
    form = HandoverForm(request.POST if request.method == "POST" else None, people=colleagues_of(actor))
    if request.method == "POST" and form.is_valid():
        try:
            made = handing.handover_draw(actor=actor, ids=ids_of(chosen, most=MOST + 1), **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The list is drawn up. Look at it, print it, and confirm it."))
            return redirect("archives:handover", made.id)
    rows = to_hand_over(actor).select_related("loan", "holder", "place__parent__parent__parent")
    context = {"form": form, "rows": rows_of(rows.order_by("state", "-number")[:MOST]), "chosen": chosen}
    return render(
        request, "archives/originals/handover_new.html", context, status=422 if request.method == "POST" else 200
    )


@require_safe
@door("originals.view")
def handover(request: ActorRequest, handover_id: UUID) -> HttpResponse:
    found = get_handover_for(request.actor, handover_id)
    me, signatures = request.actor.membership_id, signatures_of(found)
    items = items_of(found)
    context = {
        "handover": found,
        "tone": TONES[found.state],
        "purpose": purpose_word(found.purpose),
        "items": [(item, original_code(item.original), original_kind(item.original.kind)) for item in items],
        "sheets": sum(item.sheets for item in items),
        "giver": signatures.get("giver"),
        "taker": signatures.get("taker"),
        "may_give": found.state == HandoverList.State.DRAWN and found.giver_id == me,
        "may_take": found.state == HandoverList.State.GIVEN and found.taker_id == me,
        "may_withdraw": found.state in (HandoverList.State.DRAWN, HandoverList.State.GIVEN) and found.giver_id == me,
    }
    return render(request, "archives/originals/handover.html", context)


@require_POST
@door("originals.view")
def handover_sign(request: ActorRequest, handover_id: UUID) -> HttpResponse:
    """Confirm as the side one is, having just shown who one is; the form names the hash of the list it showed."""
    found = get_handover_for(request.actor, handover_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("archives:handover", args=[found.id]))
    try:
        handing.handover_sign(actor=request.actor, handover=found, digest=request.POST.get("digest", ""))
    except Invalid as error:
        for line in error.sentences:
            messages.error(request, str(line))
    else:
        messages.success(request, _("Your confirmation is on record."))
    return redirect("archives:handover", found.id)


@require_POST
@door("originals.view")
def handover_refuse(request: ActorRequest, handover_id: UUID) -> HttpResponse:
    found = get_handover_for(request.actor, handover_id)
    handing.handover_refuse(actor=request.actor, handover=found, words=request.POST.get("words", ""))
    messages.success(request, _("Refused: everything on the list is with whoever gave it."))
    return redirect("archives:handover", found.id)


@require_POST
@door("originals.view")
def handover_withdraw(request: ActorRequest, handover_id: UUID) -> HttpResponse:
    found = get_handover_for(request.actor, handover_id)
    handing.handover_withdraw(actor=request.actor, handover=found)
    messages.success(request, _("The list is withdrawn."))
    return redirect("archives:handover", found.id)
