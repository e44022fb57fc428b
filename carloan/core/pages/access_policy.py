"""Separated administrators and how people confirm who acts: as it stands, what is in the way, and the switches."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError
from carloan.core.families import LABELS, mixtures
from carloan.core.selectors_access import (
    access_policy_for,
    families_for,
    keepings,
    roles_to_make,
    without_administrator,
)
from carloan.core.services import access_policy as services
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

from .forms import add_errors
from .forms_rights import AccessPolicyForm

MANAGE = services.MANAGE


@require_http_methods(["GET", "HEAD", "POST"])
@door("roles.view", MANAGE)
def access_policy(request: ActorRequest) -> HttpResponse:
    """GET shows the policy and what stands in the way of separating; POST sets it."""
    policy = access_policy_for(request.actor)
    now = {name: getattr(policy, name) for name in ("separated", "passkeys", "confirm_minutes")}
    now |= policy.session_rules.as_kept()
    form = AccessPolicyForm(request.POST if request.method == "POST" else typed_before(request), initial=now)
    form.fields["separated"].disabled = policy.separated
    if request.method == "POST":
        request.actor.require(MANAGE)
        if form.is_valid():
            if not recently_authenticated(request, capability=MANAGE):
                return reauthenticate(request, typed=request.POST, capability=MANAGE)
            try:
                services.access_policy_set(actor=request.actor, **form.policy())
            except AppError as error:
                add_errors(form, error.fields, error)
            else:
                messages.success(request, _("Saved. It counts from everybody's next page on."))
                return redirect("core:access-policy")
    context: dict[str, Any] = {
        "policy": policy,
        "form": form,
        "families": families_for(request.actor),
        "may_manage": request.actor.can(MANAGE),
    }
    if not policy.separated:
        found = mixtures()
        context |= {
            "roles_missing": roles_to_make(),
            "vacant": [LABELS[family] for family in without_administrator(found)],
            "mixed_roles": [(each.role, each.named, keepings(each)) for each in found if each.member is None],
            "mixed_people": [each for each in found if each.member is not None],
        }
    return render(request, "core/access_policy.html", context, status=422 if form.errors else 200)


@require_POST
@door(MANAGE)
def separated_roles(request: ActorRequest) -> HttpResponse:
    if not recently_authenticated(request, capability=MANAGE):
        return reauthenticate(request, back=request.path.removesuffix("roles/"), capability=MANAGE)
    services.separated_roles_add(actor=request.actor)
    messages.success(request, _("The roles are there. Give them to people now."))
    return redirect("core:access-policy")
