"""One request of a person: what is asked for, what the law says of it, what was done, and the acts on it."""

from collections.abc import Callable
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

from carloan.compliance.automated import automated_kinds, automated_label
from carloan.compliance.models import HumanReview, PersonRequest, ProcessingStop
from carloan.compliance.person_files import copy_zip, letter_pdf, transfer_zip
from carloan.compliance.policies.consents import PURPOSES
from carloan.compliance.policies.person_rights import GROUNDS, LAW, MOVES, OPEN, grounds_for
from carloan.compliance.policies.request_clocks import CLOCKS
from carloan.compliance.selectors import person_rights as selectors
from carloan.compliance.selectors.consents import withdrawals_of
from carloan.compliance.selectors.keeping import kept_of
from carloan.compliance.services import person_rights as services
from carloan.compliance.services.copies import COPIED, COPY, copy_ask, copy_take
from carloan.compliance.services.destruction import PROPOSE, batch_propose
from carloan.compliance.services.request_letters import LETTERED, letter_take
from carloan.compliance.services.stops import stop_place
from carloan.compliance.views.asked import add_faults
from carloan.compliance.views.person_requests import TONES
from carloan.compliance.views.transfer_forms import Forms, context_of
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, Unavailable
from carloan.core.selectors import members
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.core.transitions import history_of
from carloan.lib.pdf import PdfUnavailable

REVIEW = "person_rights.review"
NO_PDF = gettext_lazy("This installation lacks the libraries that make PDFs. Have them installed.")


def _words(label: Any, rows: int = 4, *, required: bool = True, most: int = services.MOST_WORDS) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows}))


class IdentifyForm(forms.Form):
    identity = forms.ChoiceField(
        label=gettext_lazy("How it was made sure who asks"),
        choices=[("", gettext_lazy("Choose how")), *[choice for choice in PersonRequest.Identity.choices if choice[0]]],
    )


class AssignForm(forms.Form):
    member: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Worked on by"), queryset=None, empty_label="—"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members()  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = _words(gettext_lazy("What the person is answered"))
    evidence = _words(gettext_lazy("What shows it (number of a letter, a paper, a recording)"), 2, required=False)


class RefuseForm(forms.Form):
    refusal = forms.ChoiceField(
        label=gettext_lazy("Reason that the law has for it"),
    )
    answer = _words(gettext_lazy("What the person is answered"))
    evidence = _words(gettext_lazy("What shows it (number of a letter, a paper, a recording)"), 2, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = [(code, ground.label) for code, ground in grounds_for(kind).items()]
        self.fields["refusal"].choices = [("", _("Choose a reason")), *grounds]  # type: ignore[attr-defined]


class StopForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Why it is stopped"), choices=ProcessingStop.Reason.choices)


class ProposeForm(forms.Form):
    opinion = _words(gettext_lazy("What the appraisal found"), 2, most=900)


class ReviewForm(forms.Form):
    decided = forms.ChoiceField(label=gettext_lazy("Decision that is looked at"))
    result = forms.ChoiceField(
        label=gettext_lazy("What comes of it"), choices=[("", gettext_lazy("Choose what")), *HumanReview.Result.choices]
    )
    words = _words(gettext_lazy("Reasons"), 3)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided"].choices = [("", _("Choose a decision")), *choices]  # type: ignore[attr-defined]


@require_safe
@door("person_rights.view")
def request(request: ActorRequest, request_id: UUID) -> HttpResponse:
    found, before = selectors.get_request_for(request.actor, request_id), typed_before(request)
    # Only a proposal asks who acts, and comes back with what was typed.
    return _show(request, found, **({"proposing": ProposeForm(before)} if before else {}))


def act(
    request: ActorRequest,
    request_id: UUID,
    form: forms.Form,
    *,
    name: str,
    do: Callable[[PersonRequest], Any],
    done: Any,
) -> HttpResponse:
    """The one shape of every act on a request: a form that may be wrong, a service, a word of success."""
    found = selectors.get_request_for(request.actor, request_id)
    if form.is_valid():
        try:
            do(found)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, done)
            return redirect("compliance:request", found.id)
    return _show(request, found, **{name: form})


@require_POST
@door("person_rights.manage")
def request_identify(request: ActorRequest, request_id: UUID) -> HttpResponse:
    form = IdentifyForm(request.POST)
    return act(
        request, request_id, form, name="identify",
        do=lambda found: services.request_identify(actor=request.actor, request=found, **form.cleaned_data),
        done=_("Noted. The request is worked on now."),
    )  # fmt: skip


@require_POST
@door("person_rights.manage")
def request_assign(request: ActorRequest, request_id: UUID) -> HttpResponse:
    form = AssignForm(request.POST)
    return act(
        request, request_id, form, name="assign",
        do=lambda found: services.request_assign(actor=request.actor, request=found, **form.cleaned_data),
        done=_("Handed over."),
    )  # fmt: skip


@require_POST
@door("person_rights.manage")
def request_answer(request: ActorRequest, request_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST)
    return act(
        request, request_id, form, name="answering",
        do=lambda found: services.request_answer(actor=request.actor, request=found, **form.cleaned_data),
        done=_("The request is answered."),
    )  # fmt: skip


@require_POST
@door("person_rights.manage")
def request_refuse(request: ActorRequest, request_id: UUID) -> HttpResponse:
    form = RefuseForm(request.POST, kind=selectors.get_request_for(request.actor, request_id).kind)
    return act(
        request, request_id, form, name="refusing",
        do=lambda found: services.request_refuse(actor=request.actor, request=found, **form.cleaned_data),
        done=_("The request is refused; the reason goes to the person with the answer."),
    )  # fmt: skip


@require_POST
@door("person_rights.manage")
def request_withdraw(request: ActorRequest, request_id: UUID) -> HttpResponse:
    found = selectors.get_request_for(request.actor, request_id)
    services.request_withdraw(actor=request.actor, request=found)
    messages.success(request, _("The request is over: the person took it back."))
    return redirect("compliance:request", found.id)


@require_POST
@door("person_rights.manage")
def request_stop(request: ActorRequest, request_id: UUID) -> HttpResponse:
    form = StopForm(request.POST)
    return act(
        request, request_id, form, name="stopping",
        do=lambda found: stop_place(
            actor=request.actor, party_id=found.party_id, request=found, **form.cleaned_data
        ),
        done=_("The processing of this person's data is stopped."),
    )  # fmt: skip


@require_POST
@door("person_rights.manage")
def request_propose(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """What may go is put on the list of a destruction, which goes its usual way over four more people."""
    found = selectors.get_request_for(request.actor, request_id)
    form = ProposeForm(request.POST)
    unit = "loan" if request.POST.get("unit") == "loan" else "party"
    if form.is_valid():
        if not recently_authenticated(request):
            back = reverse("compliance:request", args=[found.id])
            return reauthenticate(request, back=back, typed=request.POST)
        kept = kept_of(request.actor, found.party_id)
        ids = [each.id for each in kept if (each.unit, each.standing) == (unit, "free")]
        opinion = f"{form.cleaned_data['opinion']} ({_('request %(number)s') % {'number': found.number}})"
        try:
            batch = batch_propose(actor=request.actor, unit=unit, ids=ids, opinion=opinion)
        except Invalid as error:
            add_faults(form, Invalid(fields={"opinion": [line for lines in error.fields.values() for line in lines]}))
        else:
            messages.success(request, _("Destruction %(number)s is proposed.") % {"number": batch.number})
            return redirect("compliance:destruction", batch.id)
    return _show(request, found, proposing=form)


@require_POST
@door("person_rights.copy")
def request_copy(request: ActorRequest, request_id: UUID) -> HttpResponse:
    found = selectors.get_request_for(request.actor, request_id)
    copy_ask(actor=request.actor, request=found)
    return redirect("compliance:request", found.id)


@require_safe
@door("person_rights.copy")
def copy_file(request: ActorRequest, request_id: UUID, copy_id: UUID) -> HttpResponse:
    """The copy as a zip; whoever takes it confirms who they are first."""
    found = selectors.get_request_for(request.actor, request_id)
    copy = selectors.get_copy_for(request.actor, found, copy_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:request", args=[found.id]))
    try:
        zipped = transfer_zip if found.kind == PersonRequest.Kind.TRANSFER else copy_zip
        data = zipped(copy_take(actor=request.actor, copy=copy))
    except PdfUnavailable as error:
        raise Unavailable(NO_PDF) from error
    return _file(data, "application/zip", f"person-{found.kind}-{found.number}.zip")


@require_safe
@door("person_rights.manage")
def request_letter(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """The letter as a PDF to be printed; whoever takes it confirms who they are first."""
    found = selectors.get_request_for(request.actor, request_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:request", args=[found.id]))
    try:
        data = letter_pdf(letter_take(actor=request.actor, request=found))
    except PdfUnavailable as error:
        raise Unavailable(NO_PDF) from error
    return _file(data, "application/pdf", f"person-request-{found.number}.pdf")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@door("person_rights.review")
def request_review(request: ActorRequest, request_id: UUID) -> HttpResponse:
    found = selectors.get_request_for(request.actor, request_id)
    form = ReviewForm(request.POST, choices=_decided(found))

    def review(held: PersonRequest) -> None:
        decision, _sign, object_id = form.cleaned_data["decided"].partition(":")
        services.decision_review(
            actor=request.actor,
            request=held,
            decision=decision,
            object_id=UUID(object_id),
            result=form.cleaned_data["result"],
            words=form.cleaned_data["words"],
        )

    return act(request, request_id, form, name="reviewing", do=review, done=_("The review is on record."))


def _decided(found: PersonRequest) -> list[tuple[str, str]]:
    return [
        (f"{kind.code}:{each.object_id}", f"{timezone.localtime(each.at):%Y-%m-%d} · {each.outcome}")
        for kind in automated_kinds()
        for each in kind.decisions(found.party_id)
    ]


def _show(request: ActorRequest, found: PersonRequest, **typed: forms.Form) -> HttpResponse:
    actor = request.actor
    open_ = found.state in OPEN
    working = found.state == PersonRequest.State.WORKING
    manages = actor.can(services.MANAGE)
    # What an answer waits for is said before anybody writes one.
    before_answer = (
        MOVES.need(found.state, "answer").obstacles(selectors.facts_of(found)) if working and manages else []
    )
    context: dict[str, Any] = {
        "request_row": found,
        "named": selectors.party_named(actor, found.party_id),
        "gone": selectors.is_gone(found.party_id),
        "tone": TONES[found.state],
        "late": open_ and found.due_on < timezone.localdate(),
        "law": LAW[found.kind],
        "clock": CLOCKS[found.kind],
        "ground": GROUNDS.get(found.refusal),
        "grounds": grounds_for(found.kind).values(),
        "may_take_letter": manages and found.state in LETTERED,
        "history": [(each.recorded_at, PersonRequest.State(each.target).label) for each in history_of(found)],
        "stop": selectors.stop_of(found.party_id),
        "may_manage": manages,
        "may_read_trail": actor.can("trail.view"),
        "may_see_consents": actor.can("consents.view"),
        "working": working,
        "open": open_,
        "identify": _form(typed, "identify", IdentifyForm, manages and found.state == PersonRequest.State.RECEIVED),
        "assign": _form(typed, "assign", AssignForm, manages and open_, initial={"member": found.assigned_to_id}),
        "before_answer": before_answer,
        "answering": _form(typed, "answering", AnswerForm, manages and working and not before_answer),
        "refusing": _form(typed, "refusing", RefuseForm, manages and open_, kind=found.kind),
        **_of_kind(actor, found, typed, working=working, manages=manages),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compliance/request.html", context, status=status)


def _form(typed: Forms, name: str, form: type[forms.Form], shown: bool, **more: Any) -> forms.Form | None:
    """The form as it was typed, or an empty one; none where nothing can be done with it."""
    return typed.get(name) or (form(auto_id=f"{name}-%s", **more) if shown else None)


def _of_kind(actor: Actor, found: PersonRequest, typed: Forms, *, working: bool, manages: bool) -> dict[str, Any]:
    """What the page shows for this kind of request only."""
    kind = PersonRequest.Kind(found.kind)
    if kind in COPIED:
        job = selectors.copy_job_of(found)
        shown = {
            "copies": selectors.copies_of(found),
            "job": job,
            "busy": selectors.is_busy(job),
            "may_copy": actor.can(COPY) and working,
            "may_take": actor.can(COPY),
        }
        return shown if kind is PersonRequest.Kind.COPY else shown | context_of(actor, found, typed)
    if kind is PersonRequest.Kind.CORRECT:
        return {"corrections": selectors.corrections_of(found), "loans": _loans(actor, found)}
    if kind is PersonRequest.Kind.DELETE:
        kept = kept_of(actor, found.party_id)
        free = {each.unit for each in kept if each.standing == "free"}
        may_propose = working and actor.can(PROPOSE)
        return {
            "kept": kept,
            "free": [unit for unit in ("loan", "party") if unit in free] if may_propose else [],
            "proposing": _form(typed, "proposing", ProposeForm, bool(free) and may_propose),
            "stopping": _form(typed, "stopping", StopForm, working and manages),
        }
    if kind in (PersonRequest.Kind.EXPLAIN, PersonRequest.Kind.REVIEW):
        choices = _decided(found)
        reviewing = typed.get("reviewing") or (
            ReviewForm(choices=choices, auto_id="reviewing-%s")
            if kind is PersonRequest.Kind.REVIEW and working and choices and actor.can(REVIEW)
            else None
        )
        return {
            "automated": [(each, list(each.decisions(found.party_id))) for each in automated_kinds()],
            "purposes": PURPOSES.values() if kind is PersonRequest.Kind.EXPLAIN else [],
            "reviews": [(automated_label(each.decision), each) for each in selectors.reviews_of(found)],
            "reviewing": reviewing,
        }
    if kind is PersonRequest.Kind.WITHDRAW:
        return {"withdrawals": withdrawals_of(found)}
    if kind in (PersonRequest.Kind.OBJECTION, PersonRequest.Kind.COMPLAINT):
        return {"stopping": _form(typed, "stopping", StopForm, working and manages, initial={"reason": "disputed"})}
    return {}


def _loans(actor: Actor, found: PersonRequest) -> list[Any]:
    """The loans through which the person's data are corrected."""
    return [each.named for each in kept_of(actor, found.party_id) if each.unit == "loan" and each.named]
