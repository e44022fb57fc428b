"""Branches of a lender: the tree, and a new one below another."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carloan.core import selectors
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.models import Branch
from carloan.core.services.people import branch_add

from .forms import add_errors, choose_from


class BranchForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Branch code"), max_length=30)
    name = forms.CharField(label=gettext_lazy("Branch name"), max_length=120)
    parent: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(label=gettext_lazy("Belongs to"), queryset=None)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choose_from(self.fields["parent"], selectors.branches())


@require_http_methods(["GET", "POST"])
@door("people.view", "people.manage")
def branches(request: ActorRequest) -> HttpResponse:
    form = BranchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            branch = branch_add(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("Branch %(name)s is added.") % {"name": branch.name})
            return redirect("core:branches")
    context = {"form": form, "tree": selectors.branch_tree(), "may_manage": request.actor.can("people.manage")}
    return render(request, "core/branches.html", context, status=422 if form.errors else 200)
