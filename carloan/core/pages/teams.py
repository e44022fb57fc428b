"""Teams of a lender: the list, a new one, and what changes about one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core import selectors
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError
from carloan.core.models import Branch, Membership, Team
from carloan.core.selectors_teams import get_team_for, people_of, teams_for
from carloan.core.services import teams as services

from .forms import add_errors, choose_from

MANAGE = services.MANAGE


class TeamForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Team name"), max_length=60)
    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(label=gettext_lazy("Branch"), queryset=None)
    people: "forms.ModelMultipleChoiceField[Membership]" = forms.ModelMultipleChoiceField(
        label=gettext_lazy("People"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=gettext_lazy("People of the branch and of those below it."),
    )
    lead: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=gettext_lazy("Lead"), queryset=None, required=False
    )

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["branch"], selectors.branches(also=team.branch_id if team else None))
        everybody = selectors.members()
        choose_from(self.fields["lead"], everybody)
        chosen = self.fields["people"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)
        chosen.queryset = everybody


@require_http_methods(["GET", "HEAD", "POST"])
@door("people.view", MANAGE)
def teams(request: ActorRequest) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if request.method == "POST":
        request.actor.require(MANAGE)
        if form.is_valid() and (made := _set(request, None, form)) is not None:
            messages.success(request, _("Team %(name)s is added.") % {"name": made.name})
            return redirect("core:teams")
    context = {"form": form, "teams": teams_for(request.actor), "may_manage": request.actor.can(MANAGE)}
    return render(request, "core/teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("people.view", MANAGE)
def team(request: ActorRequest, team_id: UUID) -> HttpResponse:
    found = get_team_for(request.actor, team_id)
    people = people_of(found)
    now = {"name": found.name, "branch": found.branch_id, "lead": found.lead_id, "people": [each.id for each in people]}
    form = TeamForm(request.POST or None, initial=now, team=found)
    if request.method == "POST":
        request.actor.require(MANAGE)
        if form.is_valid() and _set(request, found, form) is not None:
            messages.success(request, _("Saved."))
            return redirect("core:team", found.id)
    context = {"form": form, "team": found, "people": people, "may_manage": request.actor.can(MANAGE)}
    return render(request, "core/team.html", context, status=422 if form.errors else 200)


@require_POST
@door(MANAGE)
def team_close(request: ActorRequest, team_id: UUID) -> HttpResponse:
    return _after(services.team_close, request, team_id, _("Team %(name)s is closed."))


@require_POST
@door(MANAGE)
def team_reopen(request: ActorRequest, team_id: UUID) -> HttpResponse:
    return _after(services.team_reopen, request, team_id, _("Team %(name)s is open again."))


def _set(request: ActorRequest, found: Team | None, form: TeamForm) -> Team | None:
    wanted = form.cleaned_data | {"people": list(form.cleaned_data["people"])}
    try:
        return services.team_set(actor=request.actor, team=found, **wanted)
    except AppError as error:
        add_errors(form, error.fields, error)
        return None


def _after(act: Callable[..., object], request: ActorRequest, team_id: UUID, words: str) -> HttpResponse:
    found = get_team_for(request.actor, team_id)
    try:
        act(actor=request.actor, team=found)
    except AppError as error:
        for line in error.sentences:
            messages.error(request, str(line))
    else:
        messages.success(request, words % {"name": found.name})
    return redirect("core:team", found.id)
