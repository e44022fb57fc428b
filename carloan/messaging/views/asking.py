"""Asking somebody of a loan by one-time link: the form, what was made, and what can be done with a link."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError, NotFound
from carloan.core.sight import show
from carloan.lib.qr import symbol
from carloan.loans.models import ContactPoint, Loan, LoanParty
from carloan.loans.selectors.loans import get_loan_for
from carloan.messaging.errands import Errand, errands
from carloan.messaging.faces import link_wants
from carloan.messaging.forms import AskForm
from carloan.messaging.selectors.links import SEND, get_link_for, people_to_ask
from carloan.messaging.selectors.setup import channels_in_use
from carloan.messaging.services.links import Made, link_make, link_revoke, link_send_again, spoken_code_make
from carloan.messaging.services.sending import REACHES

Way = tuple[LoanParty, str, ContactPoint | None]


@require_http_methods(["GET", "HEAD", "POST"])
@door(SEND)
def ask(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    """The link and a code to tell are shown on the answer, once; they are kept nowhere."""
    loan, errand = get_loan_for(request.actor, loan_id, SEND), _errand()
    ways = _ways(request, loan)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        ways=[(key, _way_label(request, way)) for key, way in ways.items()],
        wants=[(want.code, want.label) for want in errand.wants()],
        initial={"wants": list(errand.usual), "to": next(iter(ways), None), "language": "zh-hans"},
    )
    if request.method == "POST" and form.is_valid():
        row, channel, contact = ways[form.cleaned_data["to"]]
        try:
            made = link_make(
                actor=request.actor,
                loan=loan,
                errand=errand,
                row=row,
                wants=form.cleaned_data["wants"],
                channel=channel,
                contact=contact,
                language=form.cleaned_data["language"],
                life=timedelta(days=form.cleaned_data["days"]),
            )
        except AppError as error:
            if error.status not in {409, 422}:
                raise
            for line in error.sentences:
                form.add_error(None, str(line))
        else:
            return _shown(request, loan, made)
    context = {"loan": loan, "form": form, "people": bool(ways)}
    return render(request, "messaging/ask.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@door(SEND)
def send_again(request: ActorRequest, link_id: UUID) -> HttpResponse:
    link = get_link_for(request.actor, link_id)
    return _shown(request, link.loan, link_send_again(actor=request.actor, link=link))


@require_POST
@door(SEND)
def code(request: ActorRequest, link_id: UUID) -> HttpResponse:
    link = get_link_for(request.actor, link_id)
    return _shown(request, link.loan, Made(link, "", spoken_code_make(actor=request.actor, link=link)))


@require_POST
@door(SEND)
def revoke(request: ActorRequest, link_id: UUID) -> HttpResponse:
    link = get_link_for(request.actor, link_id)
    link_revoke(actor=request.actor, link=link)
    messages.success(request, _("The link is revoked: it opens nothing any more."))
    return redirect(_tab(link.loan_id))


def _shown(request: ActorRequest, loan: Loan, made: Made) -> HttpResponse:
    screen = made.link.channel == "screen" and made.url
    context = {
        "loan": loan,
        "made": made,
        "wants": link_wants(made.link),
        "url": made.url if screen else "",
        "qr": symbol(made.url) if screen else None,
        "back": _tab(loan.id),
    }
    return render(request, "messaging/made.html", context)


def _tab(loan_id: UUID) -> str:
    return f"{reverse('loans:detail', args=[loan_id])}?tab=asked"


def _errand() -> Errand:
    found = errands()
    if not found:
        raise NotFound
    return found[0]


def _ways(request: ActorRequest, loan: Loan) -> dict[str, Way]:
    """Every way to everybody: numbers and mail addresses where a gateway is set up, and the screen."""
    in_use, ways = channels_in_use(), {}
    rows: list[Any] = people_to_ask(request.actor, loan)
    for row in rows:
        for channel, kind in REACHES.items():
            for contact in row.contacts:
                if contact.kind == kind and channel in in_use:
                    ways[f"{row.id}:{channel}:{contact.id}"] = (row, channel, contact)
        ways[f"{row.id}:screen"] = (row, "screen", None)
    return ways


def _way_label(request: ActorRequest, way: Way) -> str:
    row, channel, contact = way
    who = f"{show(request.actor, row.party, 'name')} ({row.get_role_display()})"
    if contact is None:
        return _("%(who)s · copy the link or show it as QR code") % {"who": who}
    by = {"sms": _("Text message"), "email": _("E-mail")}[channel]
    return f"{who} · {by} {show(request.actor, contact, 'value')}"
