"""Step-up: acts that show or give away much ask for the password or second factor again, if it was long ago."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

MINUTES = 5
TYPED = "typed_before_step_up"


def recently_authenticated(request: HttpRequest, *, minutes: int = MINUTES) -> bool:
    """Whether the person signed in or confirmed the password or second factor within the last minutes."""
    user: Any = request.user
    if not user.is_authenticated:
        return False
    moments = [record["at"] for record in get_authentication_records(request, user)]
    return bool(moments) and time.time() - max(moments) < minutes * 60


def reauthenticate(request: HttpRequest, *, back: str = "", typed: QueryDict | None = None) -> HttpResponse:
    """Send the person to confirm who they are, and then back to `back` (default: this page).

    `typed` is what they had filled in: `typed_before` gives it to that page, which shows it again to be sent once more.
    """
    back = back or request.get_full_path()
    if typed is not None:
        kept = typed.copy()
        kept.pop("csrfmiddlewaretoken", None)
        request.session[TYPED] = {"at": time.time(), "path": back, "data": kept.urlencode()}
    target = f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"
    if getattr(request, "htmx", False):
        # A fragment cannot show the page of another address: the whole window goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was filled in on this page before `reauthenticate`, given once and only for some minutes."""
    kept = request.session.get(TYPED)
    if request.method != "GET" or not kept or kept["path"] != request.get_full_path():
        return None
    del request.session[TYPED]
    return QueryDict(kept["data"]) if time.time() - kept["at"] < MINUTES * 60 else None
