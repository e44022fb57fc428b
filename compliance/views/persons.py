"""The page of a person's rights: what they agreed to, what they asked, whether processing is stopped."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from carloan.compliance.models import Consent
from carloan.compliance.names import id_by_number, names_of
from carloan.compliance.policies.consents import CHANNELS, PURPOSES
from carloan.compliance.selectors import person_rights as selectors
from carloan.compliance.selectors.consents import MANAGE as CONSENTS
from carloan.compliance.selectors.consents import VIEW as CONSENTS_SEEN
from carloan.compliance.selectors.consents import consents_of, newest_for, reaches, table_of
from carloan.compliance.services import person_rights as services
from carloan.compliance.services.consents import consent_record
from carloan.compliance.services.stops import stop_lift
from carloan.compliance.views.asked import add_faults, uuid_asked
from carloan.compliance.views.person_requests import TONES, FindForm
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound

NEWEST = 50
_CHOOSE = gettext_lazy("Choose what")


class ConsentForm(forms.Form):
    """What a person said; giving and withdrawing are one form, so that the one is as easy as the other."""

    given = forms.TypedChoiceField(
        label=gettext_lazy("The person said"),
        coerce=lambda value: value == "yes",
        choices=[
            ("", _CHOOSE),
            ("yes", gettext_lazy("Consent given")),
            ("no", gettext_lazy("Consent withdrawn")),
        ],
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=[("", _CHOOSE), *((code, purpose.label) for code, purpose in PURPOSES.items())],
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=[("", _CHOOSE), *CHANNELS.items()])
    said_at = forms.DateTimeField(
        label=gettext_lazy("Said at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    proof = forms.ChoiceField(
        label=gettext_lazy("Shown by"),
        required=False,
        choices=Consent.Proof.choices,
        help_text=gettext_lazy("Needed to give; to withdraw, saying so is enough."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Number of the paper, recording or form"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Needed for a consent that was given before today."),
    )
    separate = forms.BooleanField(
        label=gettext_lazy("Separate consent: given by itself, for this alone (needed for sensitive data)"),
        required=False,
    )
    request = forms.ChoiceField(label=gettext_lazy("Under request"), required=False)

    def __init__(self, *args: Any, numbers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request"].choices = [("", "—"), *numbers]  # type: ignore[attr-defined]


class AskerForm(forms.Form):
    """Somebody whom no contract number leads to."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    id_number = forms.CharField(
        label=gettext_lazy("ID number"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Finds whoever is in the book already; without it the person is always a new one."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )


class MomentForm(forms.Form):
    """At which moment the consents are looked at: that of an act whose lawfulness is asked about."""

    at = forms.DateTimeField(
        label=gettext_lazy("As they stood at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class LiftForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


@require_safe
@door("person_rights.view", "consents.view")
def person_find(request: ActorRequest) -> HttpResponse:
    """The people of a loan, to go on with one of them; or somebody in none."""
    return _find(request, AskerForm() if request.actor.can(services.MANAGE) else None)


@require_POST
@door("person_rights.manage")
def person_enter(request: ActorRequest) -> HttpResponse:
    """Somebody whom no loan leads to; goes on to the request of whoever it turns out to be."""
    form = AskerForm(request.POST)
    if form.is_valid():
        try:
            party_id = services.asker_enter(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            return redirect(f"{reverse('compliance:request-new')}?person={party_id}")
    return _find(request, form)


def _find(request: ActorRequest, entering: AskerForm | None) -> HttpResponse:
    form = FindForm(request.GET or None)
    number = form.cleaned_data["contract_no"].strip() if form.is_valid() else ""
    loan_id = id_by_number(request.actor, "loans.loan", number) if number else None
    context = {
        "form": form,
        "number": number,
        "people": selectors.people_of_loan(request.actor, loan_id) if loan_id else [],
        "to_request": request.GET.get("then") == "request" and request.actor.can(services.MANAGE),
        "entering": entering,
        "newest": [] if number else _newest(request.actor),
    }
    return render(request, "compliance/person_find.html", context, status=422 if request.method == "POST" else 200)


def _newest(actor: Actor) -> list[tuple[Consent, Any]]:
    """What was entered last in the consent register, each with the person; nothing for who may not see it."""
    rows = newest_for(actor, NEWEST) if actor.can(CONSENTS_SEEN) else []
    names = names_of(actor, [(selectors.PARTY, row.party_id) for row in rows])
    return [(row, names.get(row.party_id)) for row in rows]


@require_safe
@door("person_rights.view", "consents.view")
def person(request: ActorRequest, party_id: UUID) -> HttpResponse:
    selectors.require_party(request.actor, party_id)
    return _show(request, party_id)


@require_POST
@door("consents.manage")
def consent_new(request: ActorRequest, party_id: UUID) -> HttpResponse:
    selectors.require_party(request.actor, party_id)
    form = ConsentForm(request.POST, numbers=_numbers(request.actor, party_id))
    if form.is_valid():
        values = form.cleaned_data
        asked = values.pop("request")
        try:
            row = consent_record(
                actor=request.actor, party_id=party_id, request=selectors.open_request(party_id, asked), **values
            )
        except Invalid as error:
            add_faults(form, error)
        else:
            done = _("The consent is on record.") if row.given else _("The withdrawal counts from now on.")
            messages.success(request, done)
            return redirect(f"{reverse('compliance:person-rights', args=[party_id])}#consents")
    return _show(request, party_id, consent_form=form)


@require_POST
@door("person_rights.manage")
def person_lift(request: ActorRequest, party_id: UUID) -> HttpResponse:
    selectors.require_party(request.actor, party_id)
    form, stop = LiftForm(request.POST), selectors.stop_of(party_id)
    if stop is None:
        raise NotFound
    if form.is_valid():
        try:
            stop_lift(actor=request.actor, stop=stop, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The data are processed again."))
            return redirect("compliance:person-rights", party_id)
    return _show(request, party_id, lift_form=form)


def _numbers(actor: Actor, party_id: UUID) -> list[tuple[str, str]]:
    """The open requests that something may be entered under; none for whoever sees no requests."""
    return selectors.request_numbers(party_id) if actor.can(selectors.VIEW) else []


def _show(
    request: ActorRequest,
    party_id: UUID,
    *,
    consent_form: ConsentForm | None = None,
    lift_form: LiftForm | None = None,
) -> HttpResponse:
    actor = request.actor
    sees_requests, sees_consents = actor.can(selectors.VIEW), reaches(actor, CONSENTS_SEEN, party_id)
    asked = str(uuid_asked(request, "request") or "")
    initial = {
        "request": asked,
        "given": "no" if asked else "",
        "said_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    moment = MomentForm(request.GET or None)
    at = moment.cleaned_data["at"] if moment.is_valid() else None
    manages, enters = actor.can(services.MANAGE), reaches(actor, CONSENTS, party_id)
    stop = selectors.stop_of(party_id)
    context = {
        "party_id": party_id,
        "named": selectors.party_named(actor, party_id),
        "stop": stop,
        "lift_form": lift_form or (LiftForm() if stop and manages else None),
        "requests": [(row, TONES[row.state]) for row in selectors.requests_of(party_id)] if sees_requests else [],
        "sees_requests": sees_requests,
        "sees_consents": sees_consents,
        "table": table_of(party_id, at) if sees_consents else [],
        "moment": moment,
        "at": at,
        "consents": consents_of(party_id) if sees_consents else [],
        "consent_form": consent_form
        or (ConsentForm(initial=initial, numbers=_numbers(actor, party_id)) if enters else None),
        "may_register": manages,
        "may_read_trail": actor.can("trail.view"),
    }
    return render(request, "compliance/person_rights.html", context, status=422 if request.method == "POST" else 200)
