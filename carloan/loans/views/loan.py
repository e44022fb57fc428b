"""One loan: its page with tabs, its steps, its payments."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Forbidden, Invalid, NotFound
from carloan.loans.faces import STATE_TONES, age_tone, steps_of
from carloan.loans.forms import AllocationForm, PaymentForm, PayoutForm, ReasonForm, add_errors
from carloan.loans.models import Loan
from carloan.loans.policies.allocation import summed
from carloan.loans.policies.stages import MOVES, PAID_OUT, TAKES_PAYMENTS
from carloan.loans.selectors.allocations import shares_now
from carloan.loans.selectors.loans import borrowers_of, get_loan_for, get_payment, may, paid_since_told
from carloan.loans.services.loans import loan_move, move_obstacles
from carloan.loans.services.payments import payment_book, payment_reallocate, payment_reverse
from carloan.loans.tabs import tabs_for


@require_safe
@door("loans.view")
def detail(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id)
    tabs = tabs_for(request.actor, loan)
    key = request.GET.get("tab", "")
    tab = next((tab for tab in tabs if tab.key == key), tabs[0])
    links = [
        {
            "label": other.label,
            "url": f"?tab={other.key}",
            "current": other is tab,
            "count": other.count(request.actor, loan) if other.count else None,
        }
        for other in tabs
    ]
    context = {**head(request, loan), "tabs": links, "tab": tab, **tab.context(request.actor, loan, request.GET.dict())}
    return render(request, "loans/detail.html", context)


def head(request: ActorRequest, loan: Loan) -> dict[str, Any]:
    """What stands above every tab."""
    may_pay = may(request.actor, "loans.pay", loan)
    return {
        "loan": loan,
        "borrower": borrowers_of([loan.id]).get(loan.id),
        "tone": STATE_TONES[loan.state],
        "age": age_tone(loan.days_overdue),
        "steps": steps_of(loan),
        "details": may(request.actor, "loans.details", loan),
        "owed": loan.state in TAKES_PAYMENTS,
        "paid_since": bool(loan.overdue) and paid_since_told(loan).exists(),
        "may_edit": may(request.actor, "loans.edit", loan),
        "may_read_trail": request.actor.can("trail.view"),
        "may_see_rights": request.actor.can("person_rights.view") or request.actor.can("consents.view"),
        "may_grant": may(request.actor, "loans.grant", loan),
        "may_pay": may_pay and loan.state in TAKES_PAYMENTS,
        "may_undo": may_pay,
        "may_allocate": may_pay and loan.state in PAID_OUT,
        "moves": [move for move in MOVES.leaving(loan.state) if may(request.actor, move.capability, loan)],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.edit", "loans.decide")
def move(request: ActorRequest, loan_id: UUID, event: str) -> HttpResponse:
    """A page that names the step and its consequence, and takes it."""
    loan = get_loan_for(request.actor, loan_id)
    step = MOVES.find(loan.state, event)
    if step is None:
        raise NotFound
    if not may(request.actor, step.capability, loan):
        raise Forbidden(capability=step.capability)
    given = request.POST if request.method == "POST" else None
    if event == "disburse":
        form: ReasonForm = PayoutForm(given, initial={"disbursed_on": loan.disbursed_on or timezone.localdate()})
    else:
        form = ReasonForm(given)
    form.fields["reason"].required = step.ends
    if request.method == "POST" and form.is_valid():
        try:
            loan_move(actor=request.actor, loan=loan, event=event, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": step.label})
            return redirect("loans:detail", loan.id)
    context = {
        "loan": loan,
        "step": step,
        "form": form,
        "target": Loan.State(step.target).label,
        "tone": STATE_TONES[step.target],
        "obstacles": [] if request.method == "POST" else move_obstacles(loan, step),
    }
    return render(request, "loans/move.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.pay")
def pay(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.pay")
    if loan.state not in TAKES_PAYMENTS:
        # A form that cannot be booked must not be filled in first.
        messages.warning(request, _("The loan is not in repayment: nothing can be booked on it."))
        return redirect("loans:detail", loan.id)
    form = PaymentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        given = {name: values[name] for name in ("amount", "reference", "value_on", "channel")}
        try:
            payment_book(actor=request.actor, loan=loan, parts=form.parts(), **given)
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            messages.success(request, _("The payment is booked."))
            return redirect(f"{reverse('loans:detail', args=[loan.id])}?tab=payments")
    return render(
        request, "loans/pay.html", {"loan": loan, "form": form}, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.pay")
def unpay(request: ActorRequest, loan_id: UUID, payment_id: UUID) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id, "loans.pay")
    payment = get_payment(loan, payment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = True
    if request.method == "POST" and form.is_valid():
        payment_reverse(actor=request.actor, payment=payment, reason=form.cleaned_data["reason"])
        messages.success(request, _("The payment is undone by a booking of its own."))
        return redirect(f"{reverse('loans:detail', args=[loan.id])}?tab=payments")
    status = 422 if request.method == "POST" else 200
    return render(request, "loans/unpay.html", {"loan": loan, "payment": payment, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.pay")
def reallocate(request: ActorRequest, loan_id: UUID, payment_id: UUID) -> HttpResponse:
    """What a payment pays, told anew."""
    loan = get_loan_for(request.actor, loan_id, "loans.pay")
    payment = get_payment(loan, payment_id)
    now = summed(shares_now(payment))
    given = {name: part for name, part in asdict(now.parts).items() if part}
    form = AllocationForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        why = {name: form.cleaned_data[name] for name in ("because", "reason")}
        try:
            payment_reallocate(actor=request.actor, payment=payment, parts=form.parts(), **why)
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            messages.success(request, _("The payment is allocated anew. The allocation before it stays on record."))
            return redirect(f"{reverse('loans:detail', args=[loan.id])}?tab=payments")
    context = {"loan": loan, "payment": payment, "unallocated": now.unallocated, "form": form}
    return render(request, "loans/reallocate.html", context, status=422 if request.method == "POST" else 200)
