"""Duties lent to colleagues: what one lent and was lent, everybody's for those who see people, lend, end early."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError
from carloan.core.models import Delegation
from carloan.core.selectors_rights import delegations_for, lent_today, own_roles
from carloan.core.services.delegations import LEND, delegation_end, delegation_give, lendable
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

from .forms import add_errors
from .forms_rights import DelegationForm
from .tiles import TileValue

DOOR = ("home.view", LEND, "people.view", "people.manage")


@require_http_methods(["GET", "HEAD", "POST"])
@door(*DOOR)
def duties(request: ActorRequest) -> HttpResponse:
    """GET lists, ?all=1 everybody's; POST lends."""
    actor = request.actor
    form = _form(request)
    if request.method == "POST":
        actor.require(LEND)
        if form is not None and form.is_valid():
            if not recently_authenticated(request):
                return reauthenticate(request, typed=request.POST)
            wanted = form.cleaned_data
            try:
                delegation_give(
                    actor=actor,
                    taker=wanted["taker"],
                    assignment_ids=[UUID(each) for each in wanted["roles"]],
                    begins_on=wanted["begins_on"],
                    ends_on=wanted["ends_on"],
                    reason=wanted["reason"],
                )
            except AppError as error:
                add_errors(form, error.fields, error)
            else:
                messages.success(
                    request, _("%(name)s has these duties from the first day on.") % {"name": wanted["taker"]}
                )
                return redirect("core:duties")
    sees_all = actor.can("people.view") or actor.can("people.manage")
    everybody = sees_all and bool(request.GET.get("all"))
    today = timezone.localdate()
    context = {
        "rows": [_row(actor, each, today) for each in delegations_for(actor, everybody=everybody)],
        "form": form,
        "tabs": [
            {"label": _("My own"), "url": reverse("core:duties"), "current": not everybody},
            {"label": _("Everybody's"), "url": f"{reverse('core:duties')}?all=1", "current": everybody},
        ]
        if sees_all
        else [],
    }
    return render(request, "core/duties.html", context, status=422 if form is not None and form.errors else 200)


def _form(request: ActorRequest) -> DelegationForm | None:
    """None for those who hold nothing that they may lend."""
    if not request.actor.can(LEND):
        return None
    held = lendable(own_roles(request.actor))
    typed = request.POST or typed_before(request)
    return DelegationForm(typed, held=held, giver=request.actor.membership_id) if held else None


def _row(actor: Actor, each: Delegation, today: Any) -> dict[str, Any]:
    open_now = each.ended_at is None and each.ends_on >= today
    if not open_now:
        label, tone = (_("Ended early") if each.ended_by_id else _("Ran out")), ""
    elif each.begins_on > today:
        label, tone = _("Begins later"), "st-blue"
    else:
        label, tone = _("Counts"), "st-green"
    own = actor.membership_id in (each.giver_id, each.taker_id)
    return {
        "delegation": each,
        "label": label,
        "tone": tone,
        "may_end": open_now and (own or actor.can("people.manage")),
        "to_me": each.taker_id == actor.membership_id,
    }


@require_POST
@door(*DOOR)
def duty_ended(request: ActorRequest, delegation_id: UUID) -> HttpResponse:
    ended = delegation_end(actor=request.actor, delegation_id=delegation_id)
    messages.success(
        request, _("It has ended: %(role)s counts no more for %(name)s.") % {"role": ended.role, "name": ended.taker}
    )
    return redirect("core:duties")


def lent_to_me(actor: Actor) -> TileValue | None:
    """How many duties of colleagues somebody has today; nothing where there are none."""
    count = lent_today(actor, timezone.localdate())
    return TileValue(str(count), reverse("core:duties")) if count else None
