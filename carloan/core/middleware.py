"""From a request to a tenant, an actor and a transaction; from an error to an answer."""

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _

from . import audit, bursts, preview
from .access import actor_of_key, actor_of_person
from .actors import Actor, ActorKind
from .answers import BadRequest, broken_off, lost_race, respond, wants_json
from .api_keys import key_of_token, tenant_of_token
from .doors import Door, door_of
from .errors import AppError, Forbidden, NotFound, NotThisWay, SignInRequired, Unavailable
from .ids import uuid7
from .models import Tenant, TenantHost
from .stepup import SIGNED_ON, confirmed_by_passkey
from .tenancy import tenant_atomic, tenant_scope

Next = Callable[[HttpRequest], HttpResponseBase]
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# Views of libraries that have no door of ours: sign-in and the API's description.
OPEN_MODULES = ("allauth.", "drf_spectacular.", "django.views.i18n")


class RequestIdMiddleware:
    """Gives each request a number that ties its events, logs and error pages together.

    And no answer is kept by anybody unless it says otherwise: one's own account and sessions are personal too.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.id = uuid7()
        # PostgreSQL has no NUL in text: such a request can mean nothing here, and must not end as an error of ours.
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            response: HttpResponseBase = respond(request, BadRequest())
        else:
            response = self.get_response(request)
        response.headers["X-Request-ID"] = str(request.id)
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        return response


class TenantPathMiddleware:
    """Takes `/t/<slug>` off the path and into the script prefix, so that URL patterns and links need not know it.

    A mapped host leads to its tenant without a slug, and to no other. Two tabs of two tenants cannot mix: the tenant is
    in the address.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._hosts: tuple[float, dict[str, str]] = (0.0, {})

    def __call__(self, request: Any) -> HttpResponseBase:
        request.tenant_slug = request.host_slug = self._slug_of_host(request)
        before = get_script_prefix()
        try:
            if request.path_info.startswith("/t/"):
                slug, slash, rest = request.path_info[3:].partition("/")
                if slug and slash and request.host_slug in {None, slug}:
                    request.tenant_slug = slug
                    request.path_info = f"/{rest}"
                    set_script_prefix(f"{before}t/{slug}/")
            return self.get_response(request)
        finally:
            set_script_prefix(before)

    def _slug_of_host(self, request: HttpRequest) -> str | None:
        until, hosts = self._hosts
        if until < time.monotonic():
            try:
                hosts = dict(TenantHost.objects.values_list("host", "lender__slug"))
            except (OperationalError, InterfaceError):
                return None  # health and error pages must still answer
            self._hosts = (time.monotonic() + 60, hosts)
        return hosts.get(request.get_host().partition(":")[0]) if hosts else None


class TenantMiddleware:
    """Opens the tenant of the path or host, else of the API key. A door without an actor leads to sign-in, the chooser
    or nothing.

    The transaction is rolled back when the answer is an error (Django has turned exceptions into answers by then); the
    refusal is recorded afterwards, in a transaction of its own. A `stepwise` door gets the tenant and no transaction.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.actor = request.tenant = request.refusal = request.preview = None
        request.tenant_denied = request.key_elsewhere = False
        request.visitor = None
        token = _bearer(request)
        try:
            tenant = self._tenant(request, token)
        except (OperationalError, InterfaceError):
            return respond(request, Unavailable())
        if tenant is not None and not token and _is_for_visitors(request):
            return self._visited(request, tenant)
        if tenant is None or not (token or request.user.is_authenticated):
            request.tenant_denied = tenant is None and request.tenant_slug is not None
            response = self.get_response(request)
        else:
            response = self._inside(request, tenant, token)
            if request.actor is None:
                self._record_stranger(request, tenant, token)
            elif request.refusal is not None:
                self._record_refusal(request)
        if token and response.status_code == SignInRequired.status:
            too_many = bursts.wrong_key(client_address(request))
            return respond(request, too_many) if too_many else response
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        door = door_of(view)
        if door is None:
            return None if _module(view).startswith(OPEN_MODULES) else respond(request, Forbidden())
        if door.capabilities is None:
            return None
        actor = request.actor
        by_person = actor is not None and actor.kind == "person"
        if by_person and request.tenant.require_mfa and not _has_second_factor(request.user):
            return self._without_second_factor(request)
        if request.preview and request.method not in preview.SAFE:
            return respond(request, preview.NotInPreview())
        if actor is None and not hasattr(view, "cls"):  # DRF answers for its own views, with the same rights
            return self._without_actor(request)
        return None

    def _without_second_factor(self, request: Any) -> HttpResponseBase:
        if wants_json(request):
            return respond(request, Forbidden(_("This lender requires a second factor. Set one up in your profile.")))
        return redirect(f"{reverse('mfa_index')}?required=1")

    def _tenant(self, request: Any, token: str) -> Tenant | None:
        tenants = Tenant.objects.filter(state=Tenant.State.ACTIVE)
        slug = request.tenant_slug
        at = tenants.filter(slug=slug).first() if slug and SLUG.fullmatch(slug) else None
        if not token:
            return at
        named = tenant_of_token(token)
        if not named or not request.path_info.startswith("/api/"):
            return None
        if slug is None:
            return tenants.filter(id=named).first()
        # Below the address of one lender the key of another one is a stranger's.
        request.key_elsewhere = at is None or at.id != named
        return at

    def _inside(self, request: Any, tenant: Tenant, token: str) -> HttpResponseBase:
        stepwise = _is_stepwise(request)
        with tenant_atomic(tenant.id), ExitStack() as ended:
            with timezone.override(tenant.time_zone):  # a role ends by the lender's day
                self._enter(request, tenant, token)
            if not stepwise:
                response = self._answer(request, tenant)
                if response.status_code >= 400:
                    ended.callback(transaction.set_rollback, True)
                elif request.actor and not token:
                    _note_entry(request, tenant.id)
        if stepwise:
            with tenant_scope(tenant.id):
                response = self._answer(request, tenant)
                if response.status_code < 400 and request.actor and not token:
                    with tenant_atomic():
                        _note_entry(request, tenant.id)
        return response

    def _visited(self, request: Any, tenant: Tenant) -> HttpResponseBase:
        """A page for people without an account: whoever is signed in in this browser counts for nothing here."""
        request.tenant = tenant
        with tenant_scope(tenant.id):
            response = self._answer(request, tenant)
        if request.refusal is not None and request.visitor is not None:
            who = request.visitor
            bursts.refuse(actor=who, action="core.request.refused", source=("visitor", who.id), **_where(request))
        return response

    def _enter(self, request: Any, tenant: Tenant, token: str) -> None:
        context = {"request_id": request.id, "address": client_address(request)}
        if token:
            key = None if request.key_elsewhere else key_of_token(token)
            request.actor = actor_of_key(key, **context) if key else None
        else:
            # A session that one lender's provider opened opens that lender only.
            if request.session.get(SIGNED_ON) in (None, str(tenant.id)):
                request.actor = actor_of_person(request.user, tenant_id=tenant.id, **context)
            if request.actor is not None:
                if request.actor.passkeys:
                    request.actor = replace(request.actor, by_passkey=confirmed_by_passkey(request, request.actor))
                request.actor, request.preview = preview.of_request(request, request.actor)
        request.tenant = tenant if request.actor else None
        request.tenant_denied = request.actor is None

    def _answer(self, request: Any, tenant: Tenant) -> HttpResponseBase:
        with timezone.override(tenant.time_zone):
            response = self.get_response(request)
            if request.preview and preview.takes_away(response):
                return respond(request, preview.NotInPreview())
            return response

    def _without_actor(self, request: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if wants_json(request) or request.htmx:
                return respond(request, SignInRequired(request.session_ended))
            set_script_prefix("/")
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()}, safe='/')}")
        if request.tenant_denied:
            return respond(request, NotFound())
        set_script_prefix("/")
        return redirect("core:chooser")

    def _record_stranger(self, request: Any, tenant: Tenant, token: str) -> None:
        """Somebody of another lender, a leaver, or a key that does not count knocked at this lender's door."""
        kind: ActorKind = "key" if token else "person"
        who = Actor(
            tenant_id=tenant.id, kind=kind, name="unknown", id=None if token else request.user.pk,
            request_id=request.id, address=client_address(request),
        )  # fmt: skip
        bursts.refuse(
            actor=who, action="core.entry.refused", object_type="core.tenant", reason_code="not_a_member",
            source=(kind, client_address(request) if token else request.user.pk),
        )  # fmt: skip

    def _record_refusal(self, request: Any) -> None:
        error: AppError = request.refusal
        where = _where(request)
        if error.folded:
            who = request.actor
            bursts.refuse(actor=who, action="core.form.refused", source=(error.error_code, who.kind, who.id), **where)
            return
        reason = str(error.data.get("capability", ""))
        audit.refuse(actor=request.actor, action="core.request.refused", reason=reason, **where)


class ErrorMiddleware:
    """Turns errors that people may see into answers, and a dead database into a 503 that says so."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):  # Django's own has no words
            told = respond(request, NotThisWay())
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, AppError):
            return respond(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            return respond(request, Unavailable())
        error = broken_off(exception) or lost_race(exception)
        return respond(request, error) if error else None


def client_address(request: HttpRequest) -> str:
    """The caller's address, read past exactly our own proxies: what a caller adds in front is never believed."""
    if settings.PROXIES:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(chain) >= settings.PROXIES:
            return chain[-settings.PROXIES][:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _bearer(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _door_asked(request: HttpRequest) -> Door | None:
    try:
        return door_of(resolve(request.path_info).func)
    except Resolver404:
        return None


def _is_stepwise(request: HttpRequest) -> bool:
    found = _door_asked(request)
    return found is not None and request.method in found.stepwise


def _is_for_visitors(request: HttpRequest) -> bool:
    found = _door_asked(request)
    return found is not None and found.visitors


def _where(request: Any) -> dict[str, Any]:
    """Of a refusal: at which page, about what, and why."""
    match = request.resolver_match
    return {
        "object_type": (match.view_name if match else "")[:40] or "unknown",
        "object_id": _first_uuid(match.kwargs.values() if match else ()),
        "reason_code": request.refusal.error_code[:30],
    }


def _module(view: Any) -> str:
    return str(getattr(getattr(view, "view_class", None) or getattr(view, "cls", None) or view, "__module__", ""))


def _has_second_factor(user: Any) -> bool:
    return bool(is_mfa_enabled(user))


def _first_uuid(values: Any) -> UUID | None:
    return next((value for value in values if isinstance(value, UUID)), None)


def _note_entry(request: Any, tenant_id: UUID) -> None:
    """One event for each session that enters a tenant: who was signed in, when and from where."""
    if not request.user.is_authenticated:
        return  # this request has signed them out
    entered = request.session.get("entered", [])
    if str(tenant_id) not in entered:
        audit.record(
            actor=request.actor,
            action="core.session.opened",
            object_type="core.membership",
            object_id=request.actor.id,
        )
        request.session["entered"] = [*entered, str(tenant_id)]
