"""Step-up: acts that show or give away much ask for the password or second factor again, if it was long ago; approvals
for a passkey, where the lender says so."""

import base64
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from redis.exceptions import RedisError

from .actors import USUAL, Actor
from .keys import Subject, open_bytes, seal_bytes, secrets_of
from .tenancy import current_tenant_id
from .voices import needs_passkey

TYPED_SECONDS = 300
TYPED = "typed_before_step_up"
SIGNED_ON = "signed_on"  # in a session: the lender whose provider opened it; it opens no other one


def recently_authenticated(request: HttpRequest, *, capability: str = "") -> bool:
    """Whether the person signed in or confirmed who they are within the minutes of the lender's policy: by any means,
    or by passkey where the lender asks for one before acts with this capability."""
    actor: Actor | None = getattr(request, "actor", None)
    last = _last_confirmation(request, actor.confirm_minutes if actor else USUAL)
    if capability and actor and needs_passkey(actor, capability):
        return _is_passkey(last)
    return last is not None


def confirmed_by_passkey(request: HttpRequest, actor: Actor) -> bool:
    """Whether the last confirmation of this session was by passkey and still counts."""
    return _is_passkey(_last_confirmation(request, actor.confirm_minutes))


def _last_confirmation(request: HttpRequest, minutes: int) -> dict[str, Any] | None:
    user: Any = request.user
    records = get_authentication_records(request, user) if user.is_authenticated else []
    last: dict[str, Any] | None = max(records, key=_asked_at, default=None)
    return last if last and time.time() - _asked_at(last) < minutes * 60 else None


def _asked_at(record: dict[str, Any]) -> float:
    """When somebody was asked who they are. A provider lets in silently whom it still knows, so that a sign-in through
    it counts from when it says that it asked."""
    return float(record.get("asked_at", record["at"]))


def _is_passkey(record: dict[str, Any] | None) -> bool:
    return record is not None and record["method"] == "mfa" and record.get("type") == Authenticator.Type.WEBAUTHN


def reauthenticate(
    request: HttpRequest, *, back: str = "", typed: QueryDict | None = None, capability: str = ""
) -> HttpResponse:
    """Send the person to confirm who they are, and then back to `back` (default: this page).

    `typed` is what they had filled in: `typed_before` gives it to that page, which shows it again to be sent once more.
    It waits sealed in the cache, which forgets it after some minutes whether or not the person comes back. For a
    `capability` that asks for a passkey they confirm with theirs, or are told how to add one.
    """
    back = back or request.get_full_path()
    if typed is not None:
        kept = typed.copy()
        kept.pop("csrfmiddlewaretoken", None)
        _keep(request, back, kept)
    target = f"{_way(request, capability)}{urlencode({'next': back})}"
    if getattr(request, "htmx", False):
        # A fragment cannot show the page of another address: the whole window goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _way(request: HttpRequest, capability: str) -> str:
    actor: Actor | None = getattr(request, "actor", None)
    if capability and actor and needs_passkey(actor, capability):
        has_one = is_mfa_enabled(request.user, types=[Authenticator.Type.WEBAUTHN])
        return f"{reverse('mfa_reauthenticate_webauthn' if has_one else 'mfa_index')}?passkey=1&"
    if not request.session.get(SIGNED_ON):
        return f"{reverse('account_reauthenticate')}?"
    # Who came through the lender's provider confirms there, and may have no password here. A form that was sent may not
    # lead to another host (form-action, which browsers keep through redirects): a page of ours stands between.
    return f"{reverse('sign_on' if request.method == 'GET' else 'sign_on_again')}?"


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
        cache.set(_name(key), base64.b64encode(sealed).decode(), TYPED_SECONDS)
    except RedisError:
        return  # without the cache people fill in again; the session, which lasts for hours, is no place for it
    request.session[TYPED] = {"path": path, "key": key}


def _name(key: str) -> str:
    return f"typed|{key}"


def _secret() -> bytes:
    return secrets_of(Subject("tenant", current_tenant_id())).field
