"""Pages of persons' requests: the register, a new one, one with what is done about it, and the days for answering."""

from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from carloan.compliance.models import PersonRequest
from carloan.compliance.policies.person_rights import GROUNDS, LAW, OPEN
from carloan.compliance.policies.request_clocks import CLOCKS
from carloan.compliance.selectors import person_rights as selectors
from carloan.compliance.services import person_rights as services
from carloan.compliance.views.asked import add_faults, uuid_asked
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.listing import one_of
from carloan.core.pages.rights import csv_answer
from carloan.lib.spreadsheet import Cell

TONES = {"received": "st-yellow", "working": "st-blue", "answered": "st-green", "refused": "st-orange", "withdrawn": ""}


class RequestFilterForm(forms.Form):
    """What narrows the register."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Any")), *PersonRequest.Kind.choices],
        widget=forms.Select(attrs={"data-filter": True}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            ("open", gettext_lazy("Waiting for an answer")),
            *PersonRequest.State.choices,
        ],
    )
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Only overdue"), required=False)


class RequestForm(forms.Form):
    """A new request."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of request"),
        choices=[("", gettext_lazy("Choose what")), *PersonRequest.Kind.choices],
    )
    asker = forms.ChoiceField(label=gettext_lazy("Who asks"), choices=PersonRequest.Asker.choices)
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"), choices=[("", gettext_lazy("Choose how")), *PersonRequest.Channel.choices]
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The clock runs from the day after."),
    )
    words = forms.CharField(
        label=gettext_lazy("In the person's words"),
        max_length=services.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FindForm(forms.Form):
    """Whose data it is about: found by a loan."""

    contract_no = forms.CharField(
        label=gettext_lazy("Contract number"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"data-filter": True, "type": "search", "autocomplete": "off"}),
    )


def filters_of(request: ActorRequest) -> selectors.RequestFilters:
    """Raises Invalid for a kind or state that is none."""
    return selectors.RequestFilters(
        kind=one_of(request.GET, "kind", PersonRequest.Kind.values),
        state=one_of(request.GET, "state", ["open", *PersonRequest.State.values]),
        mine=bool(request.GET.get("mine")),
        overdue=bool(request.GET.get("overdue")),
    )


@require_safe
@door("person_rights.view")
def requests(request: ActorRequest) -> HttpResponse:
    found = selectors.requests_for(request.actor, filters_of(request))
    rows, today = list(found[: selectors.MOST]), timezone.localdate()
    names = selectors.parties_named(request.actor, [row.party_id for row in rows])
    context = {
        "rows": [
            {
                "request": row,
                "named": names.get(row.party_id),
                "tone": TONES[row.state],
                "late": row.state in OPEN and row.due_on < today,
            }
            for row in rows
        ],
        "total": found.order_by().count(),
        "most": selectors.MOST,
        "filters": RequestFilterForm(request.GET or None),
        "narrowed": bool(request.GET),
        "may_register": request.actor.can(services.MANAGE),
        "query": request.GET.urlencode(),
    }
    return render(request, "compliance/requests.html", context)


@require_safe
@door("person_rights.manage")
def requests_csv(request: ActorRequest) -> StreamingHttpResponse:
    rows = services.requests_exported(actor=request.actor, filters=filters_of(request))
    return csv_answer(_lines(rows), f"person-requests-{timezone.localdate():%Y%m%d}.csv")


def _lines(rows: list[PersonRequest]) -> Iterator[list[Cell]]:
    """Neither names nor words: what the register says of how requests are handled."""
    yield [
        _("Number"), _("Kind"), _("How it came"), _("Received on"), _("To be answered by"), _("State"), _("Identity"),
        _("Worked on by"), _("Ended on"), _("Reason of the refusal"), _("Article"),
    ]  # fmt: skip
    for row in rows:
        ground = GROUNDS.get(row.refusal)
        yield [
            row.number, row.get_kind_display(), row.get_channel_display(), row.received_on, row.due_on,
            row.get_state_display(), row.get_identity_display(), str(row.assigned_to or ""), row.ended_on,
            str(ground.label) if ground else "", str(ground.citation if ground else LAW[row.kind]),
        ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@door("person_rights.manage")
def request_new(request: ActorRequest) -> HttpResponse:
    """Whose data it is about comes with the address; without, the person is found by a loan first."""
    party_id = uuid_asked(request, "person")
    if party_id is None:
        return redirect(f"{reverse('compliance:person-find')}?then=request")
    selectors.require_party(request.actor, party_id)
    form = RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.request_register(actor=request.actor, party_id=party_id, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            words = _("Request %(number)s is registered, to be answered by %(day)s.")
            messages.success(request, words % {"number": made.number, "day": made.due_on.isoformat()})
            return redirect("compliance:request", made.id)
    context = {
        "form": form,
        "party_id": party_id,
        "named": selectors.party_named(request.actor, party_id),
        "clocks": [
            (PersonRequest.Kind(kind).label, clock, days) for kind, clock, days in selectors.clocks_for(request.actor)
        ],
    }
    return render(request, "compliance/request_new.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@door("person_rights.view")
def copy_state(request: ActorRequest, request_id: UUID) -> JsonResponse:
    """How far the copy of a request is, for the page that waits for it."""
    job = selectors.copy_job_of(selectors.get_request_for(request.actor, request_id))
    if job is None:
        raise NotFound
    return JsonResponse({"state": job.state, "done": job.done, "total": job.total})


@require_http_methods(["GET", "HEAD", "POST"])
@door("person_rights.view")
def request_clocks(request: ActorRequest) -> HttpResponse:
    kind = str(request.POST.get("kind", ""))
    fault = ""
    if request.method == "POST":
        field = forms.IntegerField(min_value=0, max_value=999)
        try:
            services.clock_set(actor=request.actor, kind=kind, days=field.clean(request.POST.get("days", "")))
        except Invalid as error:
            fault = " ".join(str(line) for line in error.fields.get(kind, []))
        except forms.ValidationError as error:
            fault = " ".join(error.messages)
        else:
            messages.success(request, _("This counts for requests that come in from now on."))
            return redirect("compliance:request-clocks")
    rows = [
        {
            "kind": code,
            "label": PersonRequest.Kind(code).label,
            "clock": CLOCKS[code],
            "days": days,
            "typed": request.POST.get("days", "") if code == kind else days,
            "fault": fault if code == kind else "",
        }
        for code, _clock, days in selectors.clocks_for(request.actor)
    ]
    context = {"rows": rows, "may_set": request.actor.can(services.MANAGE)}
    return render(request, "compliance/request_clocks.html", context, status=422 if fault else 200)
