"""The answers after too many tries: when to come again, without saying whether a name exists."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from carloan.core.answers import respond
from carloan.core.errors import TooMany
from carloan.core.services.sign_in import name_key

LONGEST_WAIT = 300
# The limits of allauth behind a page, by the page's name.
LIMITS = {
    "account_login": "login",
    "account_reauthenticate": "reauthenticate",
    "account_change_password": "change_password",
}


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Says how to go on without saying whether the name exists."""
    error = TooMany(
        _("Too many wrong passwords for this name. Wait 15 minutes, or ask your administrator for a new one."),
        code="locked_out",
        retry_after=int(settings.AXES_COOLOFF_TIME * 3600),
    )
    return respond(request, error)


def too_many(request: HttpRequest) -> HttpResponse:
    """Called by allauth when a limit of its own is reached."""
    seconds = _seconds_left(request)
    return respond(request, TooMany(wait_words(seconds), code="rate_limited", retry_after=seconds))


def wait_words(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    return ngettext(
        "Too many attempts from this place. Try again in %(minutes)d minute.",
        "Too many attempts from this place. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _seconds_left(request: HttpRequest) -> int:
    """Until the oldest try that counts against the page's limit is forgotten."""
    action = LIMITS.get(request.resolver_match.view_name if request.resolver_match else "", "login")
    waits = [1.0]
    for rate in get_rates(app="allauth.account", action=action, config=app_settings.RATE_LIMITS):
        tries = cache.get(get_cache_key(request, app="allauth.account", action=action, rate=rate), [])
        if len(tries) >= rate.amount:
            waits.append(tries[rate.amount - 1] + rate.duration - time.time())
    return int(max(waits)) + 1


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that counts against the limit."""
    found = (credentials or {}).get("username") or request.POST.get("login") or request.POST.get("username") or ""
    return name_key(str(found))
