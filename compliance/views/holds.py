"""Pages of legal holds: the list, placing one, and one hold with what it holds and who spoke for its release."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.holds import Thing, holdable, is_holdable
from carloan.compliance.models import LegalHold
from carloan.compliance.names import id_by_number, names_of
from carloan.compliance.policies.holds import VOICES_TO_RELEASE
from carloan.compliance.selectors.holds import get_hold_for, holds_for, releases_of, things_of
from carloan.compliance.services import holds as services
from carloan.compliance.views.asked import add_faults
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.listing import one_of
from carloan.core.sealed import clear
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

MOST_LINES = 1_000


class ThingsForm(forms.Form):
    """What is held: loans by their numbers, and the thing on whose page somebody began."""

    things = forms.CharField(
        label=gettext_lazy("Contract numbers of loans, one a line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=70 * MOST_LINES,
    )
    thing = forms.CharField(widget=forms.HiddenInput, required=False, max_length=50)

    def found(self, actor: Actor) -> list[Thing]:
        """(kind, id) of what the form names. Raises Invalid for numbers that the actor sees no loan of."""
        found = [one] if (one := thing_of(self.cleaned_data["thing"])) else []
        numbers = [line.strip() for line in self.cleaned_data["things"].splitlines() if line.strip()]
        if len(numbers) > MOST_LINES:
            raise Invalid(fields={"things": [_("At most %(most)s loans at once.") % {"most": MOST_LINES}]})
        missing = []
        for number in numbers:
            loan_id = id_by_number(actor, "loans.loan", number)
            if loan_id is None:
                missing.append(number[:64])
            else:
                found.append(("loan", loan_id))
        if missing:
            words = _("There is no loan with these numbers: %(numbers)s.")
            raise Invalid(fields={"things": [words % {"numbers": ", ".join(missing[:20])}]})
        return found


class HoldForm(ThingsForm):
    """A new hold."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Why it is held"), choices=[("", gettext_lazy("Choose why")), *LegalHold.Kind.choices]
    )
    name = forms.CharField(label=gettext_lazy("Name of the matter"), max_length=200)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("kind", "name", "reason", "things", "thing")


class VoiceForm(forms.Form):
    """A word for the release of a hold."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for the release"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def thing_of(text: str) -> Thing | None:
    """`loan:<id>` as a page writes it into its link; None for anything else."""
    kind, _colon, number = text.partition(":")
    try:
        return (kind, UUID(number)) if is_holdable(kind) else None
    except ValueError:
        return None


@require_safe
@door("holds.view")
def holds(request: ActorRequest) -> HttpResponse:
    state = one_of(request.GET, "state", LegalHold.State.values)
    rows = holds_for(request.actor, state=state)
    tabs = [
        {"label": label, "url": f"?state={code}" if code else "?", "current": code == state}
        for code, label in [("", _("All")), *LegalHold.State.choices]
    ]
    context = {
        "rows": [(row, _name(row)) for row in rows],
        "tabs": tabs,
        "may_place": request.actor.can(services.MANAGE),
    }
    return render(request, "compliance/holds.html", context)


def _name(hold: LegalHold) -> str:
    return clear(hold, "name")


@require_http_methods(["GET", "HEAD", "POST"])
@door("holds.manage")
def hold_new(request: ActorRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else typed_before(request)
    form = HoldForm(given, initial={"thing": request.GET.get("thing", "")})
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            values = {name: form.cleaned_data[name] for name in ("kind", "name", "reason")}
            hold = services.hold_place(actor=request.actor, things=form.found(request.actor), **values)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Hold %(number)s is in force.") % {"number": hold.number})
            return redirect("compliance:hold", hold.id)
    thing = thing_of(str(form["thing"].value() or ""))
    if thing is not None and not holdable(thing[0]).sees(request.actor, thing[1]):
        raise NotFound
    named = names_of(request.actor, [(holdable(thing[0]).object_type, thing[1])]).get(thing[1]) if thing else None
    context = {
        "form": form,
        "named": named,
        "thing_label": holdable(thing[0]).label if thing else "",
    }
    return render(request, "compliance/hold_new.html", context, status=422 if form.errors else 200)


@require_safe
@door("holds.view")
def hold(request: ActorRequest, hold_id: UUID) -> HttpResponse:
    return _show(request, get_hold_for(request.actor, hold_id))


@require_POST
@door("holds.manage")
def hold_extend(request: ActorRequest, hold_id: UUID) -> HttpResponse:
    held = get_hold_for(request.actor, hold_id)
    form = ThingsForm(request.POST)
    if form.is_valid():
        try:
            services.hold_extend(actor=request.actor, hold=held, things=form.found(request.actor))
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The hold holds more now."))
            return redirect("compliance:hold", held.id)
    return _show(request, held, things_form=form)


@require_POST
@door("holds.release")
def hold_release(request: ActorRequest, hold_id: UUID) -> HttpResponse:
    held = get_hold_for(request.actor, hold_id)
    form = VoiceForm(request.POST)
    if form.is_valid():
        if not recently_authenticated(request, capability=services.RELEASE):
            back = reverse("compliance:hold", args=[held.id])
            return reauthenticate(request, back=back, typed=request.POST, capability=services.RELEASE)
        held = services.hold_release(actor=request.actor, hold=held, **form.cleaned_data)
        done = held.state == LegalHold.State.RELEASED
        messages.success(
            request, _("The hold is released.") if done else _("Noted. A second person must release it too.")
        )
        return redirect("compliance:hold", held.id)
    return _show(request, held, voice_form=form)


def _show(
    request: ActorRequest,
    held: LegalHold,
    *,
    things_form: ThingsForm | None = None,
    voice_form: VoiceForm | None = None,
) -> HttpResponse:
    active = held.state == LegalHold.State.ACTIVE
    releases = releases_of(held)
    context: dict[str, Any] = {
        "hold": held,
        "name": _name(held),
        "reason": clear(held, "reason"),
        "things": [
            {"label": holdable(each.kind).label, "named": each.named, "id": each.id}
            for each in things_of(request.actor, held)
        ],
        "releases": [(each, clear(each, "reason")) for each in releases],
        "missing": max(0, VOICES_TO_RELEASE - len(releases)),
        "things_form": things_form or (ThingsForm() if active and request.actor.can(services.MANAGE) else None),
        "voice_form": voice_form
        or (VoiceForm(typed_before(request)) if active and request.actor.can(services.RELEASE) else None),
        "may_read_trail": request.actor.can("trail.view"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compliance/hold.html", context, status=status)
