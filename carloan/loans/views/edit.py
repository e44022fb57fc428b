"""Opening and changing a loan and its car, with a look at the plan that follows."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.seen import as_seen, keep_as_seen
from carloan.core.sealed import sealed_fields
from carloan.core.selectors import currency, members
from carloan.core.sight import show
from carloan.lib import money
from carloan.loans.forms import PersonForm, TermsForm, VehicleForm, add_errors
from carloan.loans.models import Vehicle
from carloan.loans.policies.facts import VEHICLE_PLAIN, VehicleFacts
from carloan.loans.policies.schedule import Due, ImpossibleTerms, Terms, custom_plan, plan
from carloan.loans.selectors.loans import get_loan_for, officers_for, vehicles_of
from carloan.loans.services.loans import loan_change, loan_open, vehicle_set

from .asked import clear_or_empty, revision_of

People = formset_factory(PersonForm, extra=4, max_num=8, absolute_max=8, validate_max=True)
TERM_FIELDS = (
    "product",
    "principal",
    "rate_ppm",
    "term",
    "method",
    "balloon",
    "opened_on",
    "disbursed_on",
    "due_day",
    "first_due_on",
)
CAR_WORDS = ("make", "model")


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.edit")
def new(request: ActorRequest) -> HttpResponse:
    right = request.actor.right("loans.edit")
    data = request.POST if request.method == "POST" else None
    form = TermsForm(
        data,
        branches=request.actor.branches("loans.edit"),
        officers=list(members()) if right.everywhere or right.branches else None,
        initial={"branch": str(request.actor.branch_id or ""), "officer": str(request.actor.membership_id or "")},
    )
    vehicle = VehicleForm(data, prefix="vehicle")
    people = People(
        data,
        prefix="people",
        initial=[{"role": role} for role in ("borrower", "co_borrower", "guarantor", "emergency_contact")],
    )
    valid = data is not None and form.is_valid() & vehicle.is_valid() & people.is_valid()
    if valid and "preview" not in request.POST:
        named = [(place, person.person()) for place, person in enumerate(people) if person.cleaned_data.get("name")]
        if not any(person.role == "borrower" for _place, person in named):
            people[0].add_error("name", _("A loan needs a borrower."))
        else:
            try:
                loan = loan_open(
                    actor=request.actor,
                    people=[person for _place, person in named],
                    vehicle=vehicle.facts() or None,
                    **form.facts(),
                )
            except Invalid as error:
                _spread(error, form, vehicle, {index: people[place] for index, (place, _person) in enumerate(named)})
            else:
                messages.success(request, _("Loan %(number)s is open.") % {"number": loan.contract_no})
                return redirect("loans:detail", loan.id)
    context = {
        "form": form,
        "vehicle": vehicle,
        "people": people,
        "plan": _preview(form) if data else [],
        "currency": currency(),
        "loan": None,
    }
    bad = data is not None and not (valid and "preview" in request.POST)
    return render(request, "loans/edit.html", context, status=422 if bad else 200)


@require_POST
@door("loans.edit")
def preview(request: ActorRequest) -> HttpResponse:
    """The plan that would follow from what stands in the form now, as a fragment."""
    form = TermsForm(request.POST, branches=request.actor.branches("loans.edit"))
    named = request.POST.get("currency")
    context = {"plan": _preview(form), "currency": named if named in money.SYMBOLS else currency()}
    return render(request, "loans/_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.edit")
def edit(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.edit")
    data = request.POST if request.method == "POST" else None
    car = vehicles_of([loan.id]).get(loan.id)
    initial = {name: getattr(loan, name) for name in TERM_FIELDS} | as_seen(request.actor, loan, ["product"])
    initial |= {"branch": str(loan.branch_id or ""), "officer": str(loan.officer_id or "")}
    form = TermsForm(
        data,
        branches=request.actor.branches("loans.edit"),
        officers=officers_for(request.actor, loan),
        loan=loan,
        initial=initial,
    )
    del form.fields["contract_no"]
    vehicle = VehicleForm(
        data,
        prefix="vehicle",
        initial={name: getattr(car, name) for name in VEHICLE_PLAIN} | as_seen(request.actor, car, CAR_WORDS)
        if car
        else {},
    )
    for name in sealed_fields(Vehicle):
        vehicle.fields[name].widget.attrs["placeholder"] = show(request.actor, car, name).text if car else ""
    if data is not None and form.is_valid() & vehicle.is_valid() and "preview" not in data:
        keep_as_seen(form, request.actor, loan, ["product"])
        if car:
            keep_as_seen(vehicle, request.actor, car, CAR_WORDS)
        try:
            facts_now = form.facts()
            rows = facts_now.pop("rows")
            loan_change(actor=request.actor, loan=loan, revision=revision_of(request), changes=facts_now, rows=rows)
            facts = _kept(car, vehicle.facts())
            if facts:
                vehicle_set(
                    actor=request.actor, loan=loan, facts=facts, revision=revision_of(request, "vehicle-revision")
                )
        except Invalid as error:
            _spread(error, form, vehicle, {})
        else:
            messages.success(request, _("The loan is changed."))
            return redirect("loans:detail", loan.id)
    context = {
        "form": form,
        "vehicle": vehicle,
        "vehicle_revision": request.POST.get("vehicle-revision", car.revision if car else 0),
        "loan": loan,
        "plan": _preview(form) if data else [],
        "currency": loan.currency,
    }
    bad = data is not None and "preview" not in data
    return render(request, "loans/edit.html", context, status=422 if bad else 200)


def _kept(car: Vehicle | None, facts: VehicleFacts) -> VehicleFacts:
    """Identifiers that were left empty stay as they are."""
    if car is None:
        return facts
    kept: dict[str, Any] = {name: getattr(facts, name) or clear_or_empty(car, name) for name in sealed_fields(Vehicle)}
    return replace(facts, **kept)


def _preview(form: TermsForm) -> list[Due]:
    """The plan of a form; empty while its terms are incomplete or impossible (the form says why)."""
    if not form.is_valid():
        return []
    facts: dict[str, Any] = form.facts()
    start: date = facts["disbursed_on"] or facts["opened_on"]
    try:
        if facts["method"] == "custom":
            return custom_plan(facts["principal"], facts["rows"])
        return plan(
            Terms(
                facts["principal"],
                facts["rate_ppm"],
                facts["term"],
                facts["method"],
                start,
                facts["due_day"],
                facts["first_due_on"],
                facts["balloon"],
            )
        )
    except ImpossibleTerms as error:
        add_errors(form, {problem.code: [problem.message] for problem in error.problems})
        return []


def _spread(error: Invalid, form: TermsForm, vehicle: VehicleForm, people: dict[int, PersonForm]) -> None:
    """A service's faults to the forms they belong to: `vehicle.vin`, `people.0.name`, the rest to the terms."""
    for name, found in error.fields.items():
        if name.startswith("vehicle."):
            add_errors(vehicle, {name: found}, "vehicle.")
        elif name.startswith("people."):
            _label, place, field = name.split(".", 2)
            add_errors(people[int(place)], {field: found})
        else:
            add_errors(form, {name: found})
