"""Exceptional access to one loan: who has it, giving it, ending it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.loans.forms import GrantForm, add_errors
from carloan.loans.selectors.loans import get_granted_member, get_loan_for, grants_of
from carloan.loans.services.grants import loan_grant, loan_grant_end


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.grant")
def grants(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.grant")
    form = GrantForm(request.POST if request.method == "POST" else typed_before(request))
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            loan_grant(actor=request.actor, loan=loan, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            messages.success(request, _("Access is given."))
            return redirect("loans:grants", loan.id)
    context = {"loan": loan, "form": form, "grants": grants_of(loan)}
    return render(request, "loans/grants.html", context, status=422 if form.errors else 200)


@require_POST
@door("loans.grant")
def grant_end(request: ActorRequest, loan_id: UUID, grant_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.grant")
    loan_grant_end(actor=request.actor, loan=loan, member=get_granted_member(loan, grant_id))
    messages.success(request, _("Access is ended."))
    return redirect("loans:grants", loan.id)
