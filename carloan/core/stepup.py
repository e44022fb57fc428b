"""Step-up: acts that show or give away much ask for the password or second factor again, if it was long ago."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

MINUTES = 5


def recently_authenticated(request: HttpRequest, *, minutes: int = MINUTES) -> bool:
    """Whether the person signed in or confirmed the password or second factor within the last minutes."""
    user: Any = request.user
    if not user.is_authenticated:
        return False
    moments = [record["at"] for record in get_authentication_records(request, user)]
    return bool(moments) and time.time() - max(moments) < minutes * 60


def reauthenticate(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """Send the person to confirm who they are, and then back to `back` (default: this page)."""
    target = f"{reverse('account_reauthenticate')}?{urlencode({'next': back or request.get_full_path()})}"
    if getattr(request, "htmx", False):
        # A fragment cannot show the page of another address: the whole window goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
