"""Settings of messages: gateways, quiet hours, words."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.pages.forms import add_errors
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.messaging.forms import GatewayForm, QuietHoursForm, WordsForm
from carloan.messaging.kinds import CHANNELS, LANGUAGES, find_kind, kinds
from carloan.messaging.models import Gateway, Message
from carloan.messaging.policies.words import filled, length
from carloan.messaging.selectors.setup import MANAGE, gateways, quiet_hours, versions_of, words_of
from carloan.messaging.services.sending import lender_in
from carloan.messaging.services.setup import gateway_set, quiet_hours_set, template_save

# What stands for each variable where a length is counted.
SAMPLES = {"link": "https://www.example.com/t/lender/d/" + "x" * 43 + "/", "until": "2026-12-31", "code": "123456"}


@require_safe
@door(MANAGE)
def setup(request: ActorRequest) -> HttpResponse:
    return _page(request, QuietHoursForm(initial=_hours()))


@require_POST
@door(MANAGE)
def quiet(request: ActorRequest) -> HttpResponse:
    form = QuietHoursForm(request.POST)
    if form.is_valid():
        try:
            quiet_hours_set(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("Quiet hours are set."))
            return redirect("messaging:setup")
    return _page(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@door(MANAGE)
def gateway(request: ActorRequest, channel: str) -> HttpResponse:
    """Whoever could set this could read every link and code that is sent: it asks who acts."""
    if channel not in CHANNELS:
        raise NotFound
    row = gateways().get(channel)
    known = {"is_active": True} if row is None else {
        name: getattr(row, name) for name in ("address", "account", "sender", "is_active")
    }  # fmt: skip
    form = GatewayForm(request.POST or typed_before(request), channel=channel, initial=known)
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            gateway_set(actor=request.actor, channel=channel, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("The gateway is set."))
            return redirect("messaging:setup")
    sandbox = settings.SMS_SANDBOX if channel == "sms" else ""
    context = {"form": form, "label": Message.Channel(channel).label, "row": row, "sandbox": sandbox}
    return render(request, "messaging/gateway.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(MANAGE)
def template(request: ActorRequest, kind: str, channel: str, language: str) -> HttpResponse:
    versions = versions_of(kind, channel, language)
    known = find_kind(kind)
    assert known is not None
    chosen = words_of(known, channel, language)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        channel=channel,
        initial={"subject": chosen.words.subject, "body": chosen.words.body, "version": chosen.version},
    )
    if request.method == "POST" and form.is_valid():
        given = {"subject": "", **form.cleaned_data}
        try:
            template_save(actor=request.actor, kind=known, channel=channel, language=language, **given)
        except Invalid as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("The words are saved and count from the next message on."))
            return redirect("messaging:template", kind, channel, language)
    body = request.POST.get("body", "") if request.method == "POST" else chosen.words.body
    sample = filled(body, {**SAMPLES, "lender": lender_in(language), "minutes": "10"})
    context = {
        "form": form,
        "kind": known,
        "channel": channel,
        "channel_label": Message.Channel(channel).label,
        "language": dict(_languages())[language],
        "sample": sample,
        "length": length(sample),
        "versions": versions,
        "in_force": chosen.version,
    }
    return render(request, "messaging/template.html", context, status=422 if request.method == "POST" else 200)


def _languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


def _hours() -> dict[str, Any]:
    quiet_from, quiet_until = quiet_hours()
    return {"quiet_from": quiet_from, "quiet_until": quiet_until}


def _page(request: ActorRequest, form: QuietHoursForm, status: int = 200) -> HttpResponse:
    known: dict[str, Gateway] = gateways()
    lines = [(channel, Message.Channel(channel).label, known.get(channel)) for channel in CHANNELS]
    names = dict(_languages())
    words = [
        (kind, channel, Message.Channel(channel).label, language, names[language], words_of(kind, channel, language))
        for kind in kinds()
        for channel in CHANNELS
        for language in LANGUAGES
        if (channel, language) in kind.words
    ]
    context = {"gateways": lines, "form": form, "words": words}
    return render(request, "messaging/setup.html", context, status=status)
