"""Who stands in a loan: somebody added, corrected, taken out, and numbers that are no longer theirs."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.seen import as_seen, keep_as_seen
from carloan.core.sealed import sealed_fields
from carloan.core.sight import show
from carloan.loans.forms import PersonForm, ReasonForm, add_errors
from carloan.loans.models import Loan, LoanParty, Party
from carloan.loans.selectors.loans import contacts_of, get_contact, get_loan_for, get_loan_party
from carloan.loans.services.loan_people import FACTS, loan_party_change, loan_party_end
from carloan.loans.services.loans import loan_party_add
from carloan.loans.services.people import contact_point_end, party_change

from .asked import clear_or_empty, revision_of


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.edit")
def person_new(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.edit")
    form = PersonForm(request.POST if request.method == "POST" else None, initial={"role": "guarantor"})
    del form.fields["request_no"]
    if request.method == "POST" and form.is_valid():
        try:
            loan_party_add(actor=request.actor, loan=loan, person=form.person())
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            messages.success(request, _("The person is added."))
            return redirect("loans:detail", loan.id)
    context = {"loan": loan, "form": form, "row": None}
    return render(request, "loans/person.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.edit")
def person(request: ActorRequest, loan_id: UUID, row_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.edit")
    row = get_loan_party(loan, row_id)
    form = PersonForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in FACTS}
        | {"kind": row.party.kind, "id_kind": row.party.id_kind}
        | as_seen(request.actor, row, ["relation"])
        | as_seen(request.actor, row.party, ["occupation"]),
    )
    form.fields["role"].required = False
    for name in sealed_fields(Party):
        form.fields[name].widget.attrs["placeholder"] = show(request.actor, row.party, name).text
    if request.method == "POST" and form.is_valid():
        keep_as_seen(form, request.actor, row, ["relation"])
        keep_as_seen(form, request.actor, row.party, ["occupation"])
        try:
            _change(request, loan, row, form)
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            messages.success(request, _("The person is changed."))
            return redirect("loans:detail", loan.id)
    context = {
        "loan": loan,
        "form": form,
        "row": row,
        "contacts": contacts_of(row.party),
        "revision": request.POST.get("revision", row.party.revision),
        "row_revision": request.POST.get("row-revision", row.revision),
    }
    return render(request, "loans/person.html", context, status=422 if request.method == "POST" else 200)


def _change(request: ActorRequest, loan: Loan, row: LoanParty, form: PersonForm) -> None:
    """What was typed: about the person, and as what they stand in this loan."""
    if set(form.changed_data) - {*FACTS, "request_no"}:
        facts = form.facts()
        kept: dict[str, Any] = {
            name: getattr(facts, name) or clear_or_empty(row.party, name) for name in sealed_fields(Party)
        }
        kind = form.cleaned_data["id_kind"] if facts.id_number else row.party.id_kind
        party_change(
            actor=request.actor,
            loan=loan,
            party=row.party,
            facts=replace(facts, id_kind=kind, **kept),
            revision=revision_of(request),
            given=[name for name in kept if getattr(facts, name)],
            request_no=form.cleaned_data["request_no"],
        )
    wanted = {name: form.cleaned_data[name] if name in form.data else getattr(row, name) for name in FACTS}
    wanted["role"] = wanted["role"] or row.role
    if any(getattr(row, name) != value for name, value in wanted.items()):
        loan_party_change(
            actor=request.actor, loan=loan, row=row, revision=revision_of(request, "row-revision"), **wanted
        )


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.edit")
def person_end(request: ActorRequest, loan_id: UUID, row_id: UUID) -> HttpResponse:
    """A page that says who goes and what stays on record, and takes the person out."""
    loan = get_loan_for(request.actor, loan_id, "loans.edit")
    row = get_loan_party(loan, row_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = True
    if request.method == "POST" and form.is_valid():
        try:
            loan_party_end(
                actor=request.actor,
                loan=loan,
                row=row,
                revision=revision_of(request),
                reason=form.cleaned_data["reason"],
            )
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            messages.success(request, _("The person is taken out of the loan."))
            return redirect("loans:detail", loan.id)
    context = {
        "loan": loan,
        "row": row,
        "form": form,
        "revision": request.POST.get("revision", row.revision),
    }
    return render(request, "loans/person_end.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@door("loans.edit")
def contact_end(request: ActorRequest, loan_id: UUID, row_id: UUID, contact_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.edit")
    row = get_loan_party(loan, row_id)
    contact_point_end(actor=request.actor, loan=loan, contact=get_contact(row, contact_id))
    messages.success(request, _("The number is no longer used."))
    return redirect("loans:person", loan.id, row.id)
