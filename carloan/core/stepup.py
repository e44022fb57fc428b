"""Step-up: acts that show or give away much ask for the password or second factor again, if it was long ago."""

import base64
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from redis.exceptions import RedisError

from .keys import Subject, open_bytes, seal_bytes, secrets_of
from .tenancy import current_tenant_id

MINUTES = 5
TYPED = "typed_before_step_up"
SIGNED_ON = "signed_on"  # in a session: the lender whose provider opened it; it opens no other one


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
    It waits sealed in the cache, which forgets it after some minutes whether or not the person comes back.
    """
    back = back or request.get_full_path()
    if typed is not None:
        kept = typed.copy()
        kept.pop("csrfmiddlewaretoken", None)
        _keep(request, back, kept)
    # Who came through the lender's provider confirms there, and may have no password here.
    way = "sign_on" if request.session.get(SIGNED_ON) else "account_reauthenticate"
    target = f"{reverse(way)}?{urlencode({'next': back})}"
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
    try:
        sealed = cache.get(_name(kept["key"]))
        cache.delete(_name(kept["key"]))
    except RedisError:
        return None
    return QueryDict(open_bytes(_secret(), base64.b64decode(sealed), _name(kept["key"]))) if sealed else None


def _keep(request: HttpRequest, path: str, typed: QueryDict) -> None:
    key = secrets.token_hex(16)
    sealed = seal_bytes(_secret(), typed.urlencode().encode(), _name(key))
    try:
        cache.set(_name(key), base64.b64encode(sealed).decode(), MINUTES * 60)
    except RedisError:
        return  # without the cache people fill in again; the session, which lasts for hours, is no place for it
    request.session[TYPED] = {"path": path, "key": key}


def _name(key: str) -> str:
    return f"typed|{key}"


def _secret() -> bytes:
    return secrets_of(Subject("tenant", current_tenant_id())).field
