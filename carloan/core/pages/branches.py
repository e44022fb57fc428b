"""Branches of a lender: the tree, a new one below another, and what changes about one."""

from collections.abc import Callable
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
from carloan.core.errors import Conflict, Invalid
from carloan.core.models import Branch
from carloan.core.services import branches as services
from carloan.core.services.zones import zone_called, zone_choices
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

from .forms import ListedInput, add_errors, choose_from


class BranchForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Branch code"), max_length=30)
    name = forms.CharField(label=gettext_lazy("Branch name"), max_length=120)
    parent: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(label=gettext_lazy("Belongs to"), queryset=None)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=40,
        required=False,
        widget=ListedInput(zone_choices, attrs={"placeholder": gettext_lazy("Search, for example Shanghai")}),
        help_text=gettext_lazy("Choose one of the list. Empty: the lender's."),
    )

    def __init__(self, *args: object, branch: Branch | None = None, **kwargs: object) -> None:
        """`branch` is the one to change; only the head office belongs to none."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if branch is None:
            choose_from(self.fields["parent"], selectors.branches())
        elif branch.parent_id is None:
            del self.fields["parent"]
        else:
            choose_from(self.fields["parent"], selectors.branches(also=branch.parent_id).exclude(id=branch.id))

    def clean_time_zone(self) -> str:
        return zone_called(self.cleaned_data["time_zone"])


@require_http_methods(["GET", "HEAD", "POST"])
@door("people.view", "people.manage")
def branches(request: ActorRequest) -> HttpResponse:
    form = BranchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            branch = services.branch_add(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("Branch %(name)s is added.") % {"name": branch.name})
            return redirect("core:branches")
    context = {"form": form, "tree": selectors.branch_tree(), "may_manage": request.actor.can("people.manage")}
    return render(request, "core/branches.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("people.manage")
def branch(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    """Rename a branch or move it; moving asks for the password again, because it changes who reaches what."""
    found = selectors.get_branch_for(request.actor, branch_id)
    now = {"code": found.code, "name": found.name, "parent": found.parent_id, "time_zone": found.time_zone}
    form = BranchForm(request.POST or typed_before(request), initial=now, branch=found)
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data.pop("parent", None)
        if parent != found.parent and not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            changed = services.branch_change(actor=request.actor, branch=found, parent=parent, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error)
        else:
            if changed:
                messages.success(request, _("Branch %(name)s is changed.") % {"name": form.cleaned_data["name"]})
            return redirect("core:branches")
    context = {"form": form, "branch": found}
    return render(request, "core/branch.html", context, status=422 if form.errors else 200)


@require_POST
@door("people.manage")
def branch_close(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    return _after(services.branch_close, request, branch_id, _("Branch %(name)s is closed."))


@require_POST
@door("people.manage")
def branch_reopen(request: ActorRequest, branch_id: UUID) -> HttpResponse:
    return _after(services.branch_reopen, request, branch_id, _("Branch %(name)s is open again."))


def _after(act: Callable[..., object], request: ActorRequest, branch_id: UUID, words: str) -> HttpResponse:
    """Close or reopen the branch; where that cannot be, its page says why."""
    found = selectors.get_branch_for(request.actor, branch_id)
    try:
        act(actor=request.actor, branch=found)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("core:branch", found.id)
    messages.success(request, words % {"name": found.name})
    return redirect("core:branches")
