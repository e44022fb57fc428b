"""Shredding orders: the list with the batches that need one, and one to scan into and to end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from carloan.archives.models import ShreddingOrder
from carloan.archives.originals_faces import original_code, original_kind, where_of
from carloan.archives.policies.originals.shredding import MOVES
from carloan.archives.selectors.originals.shredding import (
    batches_to_shred,
    counted,
    get_order_for,
    lines_of,
    orders_for,
)
from carloan.archives.services.originals import ordering
from carloan.compliance.selectors.destruction import get_batch_for
from carloan.compliance.services.shredding import CARRY_OUT
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.stepup import reauthenticate, recently_authenticated

TONES = {"open": "st-orange", "done": "st-green", "withdrawn": ""}


@require_safe
@door("destruction.view")
def shreddings(request: ActorRequest) -> HttpResponse:
    context = {
        "rows": [(each, TONES[each.state]) for each in orders_for(request.actor)],
        "batches": batches_to_shred(request.actor),
        "may_carry_out": request.actor.can(CARRY_OUT),
    }
    return render(request, "archives/originals/shreddings.html", context)


@require_POST
@door("destruction.carry_out")
def shredding_draw(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    batch = get_batch_for(request.actor, destruction_id)
    made = ordering.shredding_draw(actor=request.actor, batch=batch)
    messages.success(request, _("The order is drawn up. Scan each original at the shredder."))
    return redirect("archives:shredding", made.id)


@require_safe
@door("destruction.view")
def shredding(request: ActorRequest, shredding_id: UUID) -> HttpResponse:
    found = get_order_for(request.actor, shredding_id)
    is_open = found.state == ShreddingOrder.State.OPEN
    facts = counted(found)
    context = {
        "order": found,
        "tone": TONES[found.state],
        "lines": [
            {
                "line": line,
                "code": original_code(line.item.original),
                "kind": original_kind(line.item.original.kind),
                "where": where_of(line.item.original),
            }
            for line in lines_of(found)
        ],
        "facts": facts,
        "missing": MOVES.need(found.state, "finish").obstacles(facts) if is_open else [],
        "carries_out": is_open and request.actor.can(CARRY_OUT),
    }
    return render(request, "archives/originals/shredding.html", context)


@require_POST
@door("destruction.carry_out")
def shredding_scan(request: ActorRequest, shredding_id: UUID) -> HttpResponse:
    found = get_order_for(request.actor, shredding_id)
    try:
        ordering.shredding_scan(actor=request.actor, order=found, code=request.POST.get("code", ""))
    except Invalid as error:
        for line in error.sentences:
            messages.error(request, str(line))
    return redirect("archives:shredding", found.id)


@require_POST
@door("destruction.carry_out")
def shredding_finish(request: ActorRequest, shredding_id: UUID) -> HttpResponse:
    found = get_order_for(request.actor, shredding_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("archives:shredding", args=[found.id]))
    try:
        ordering.shredding_finish(actor=request.actor, order=found)
    except Invalid as error:
        for line in error.sentences:
            messages.error(request, str(line))
    else:
        messages.success(request, _("Every original of the order is shredded; its chain ends here."))
    return redirect("archives:shredding", found.id)


@require_POST
@door("destruction.carry_out")
def shredding_withdraw(request: ActorRequest, shredding_id: UUID) -> HttpResponse:
    found = get_order_for(request.actor, shredding_id)
    ordering.shredding_withdraw(actor=request.actor, order=found)
    messages.success(request, _("The order is withdrawn."))
    return redirect("archives:shreddings")
