"""Signing in with a lender's own provider: the way there and back, and the page where an administrator sets it up."""

import time
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.core import bursts, oidc, selectors
from carloan.core.actors import Actor
from carloan.core.answers import respond
from carloan.core.doors import ActorRequest, door, open_door
from carloan.core.errors import AppError, Forbidden, NotFound
from carloan.core.middleware import client_address
from carloan.core.models import Membership, Tenant
from carloan.core.selectors_sign_on import active_tenant, sign_on_of, sign_on_people
from carloan.core.services import sign_on as services
from carloan.core.stepup import SIGNED_ON, reauthenticate, recently_authenticated, typed_before
from carloan.core.tenancy import tenant_atomic

from .entry import home_of
from .factor_changes import factors_changed
from .forms import add_errors
from .forms_rights import SignOnForm

TRY = "sign_on_try"
PATIENCE = 600  # seconds between leaving for the provider and coming back


class NotSignedOn(Forbidden):
    """Whoever came back from the provider is not let in; the trail of the lender says why."""

    code = "sign_on"
    audited = False
    default = gettext_lazy(
        "Signing in through your organisation did not work. If you have not linked your account yet, sign in here once "
        "with your own password or passkey and link it on your profile page; otherwise try again or ask your "
        "administrator."
    )


NOT_LINKED = gettext_lazy(
    "The account was not linked. Sign out, sign in with your own password or passkey, and link it on your profile "
    "page; if it is linked already, ask your administrator to remove that link."
)


@require_safe
@open_door("the way to a lender's own identity provider, for people who are not signed in", stepwise=("GET", "HEAD"))
def leave(request: Any) -> HttpResponse:
    """Go to the provider of the lender in the address. Whoever is signed in through it confirms who they are; whoever
    comes from the profile page links their account there."""
    tenant = active_tenant(request.tenant_slug)
    client = _client_at(tenant)
    if tenant is None or client is None:
        return respond(request, NotFound())
    mark = request.GET.get("link", "")
    if mark:
        if not may_link(request) or not constant_time_compare(mark, link_mark(request)):
            return _refused(request, tenant, "link", link=True)
        if not recently_authenticated(request):
            return reauthenticate(request, back=reverse("core:profile"))
    again = request.user.is_authenticated
    attempt = oidc.Attempt.new()
    try:
        url = oidc.way_out(client, attempt, back=_back(request), again=again)
    except oidc.Distrust as error:
        return _refused(request, tenant, error.code, link=bool(mark))
    request.session[TRY] = {
        **asdict(attempt),
        "tenant": str(tenant.id),
        "issuer": client.issuer,
        "next": _inside(request, request.GET.get("next", "")),
        "user": str(request.user.pk) if again else "",
        "link": bool(mark),
    }
    return redirect(url)


@require_safe
@open_door("leads who signed in through a provider there once more", stepwise=("GET", "HEAD"))
def once_more(request: Any) -> HttpResponse:
    """Between a form that was sent and the provider: goes on by itself, without being the form any more."""
    way = f"{reverse('sign_on')}?{urlencode({'next': _inside(request, request.GET.get('next', ''))})}"
    answer = render(request, "account/sign_on_again.html", {"way": way})
    answer.headers["Refresh"] = f"0; url={way}"
    return answer


def _client_at(tenant: Tenant | None) -> oidc.Client | None:
    """We, as the provider of this lender knows us, where it has one for signing in."""
    if tenant is None:
        return None
    with tenant_atomic(tenant.id):
        row = services.active_sign_on()
        return services.client_of(row) if row else None


def may_link(request: Any) -> bool:
    """Whether a provider's account may be linked in this session: one of a member, opened by their own means. In one
    that a provider opened, a next provider would be believed for the sake of the last one."""
    return request.actor is not None and not request.preview and SIGNED_ON not in request.session


def link_mark(request: Any) -> str:
    """Stands in the link of the profile page, so that no other page can send somebody to link an account. Not a form:
    browsers let none of ours lead to another host."""
    return str(salted_hmac("carloan.sign_on.link", request.session.session_key).hexdigest())


@require_safe
@open_door("the way back from a lender's own identity provider", stepwise=("GET", "HEAD"))
def back(request: Any) -> HttpResponse:
    """Whoever comes back with the answer to the question of this very browser is signed in, once."""
    tenant = active_tenant(request.tenant_slug)
    kept = request.session.pop(TRY, None)
    client = _client_at(tenant)
    here = str(tenant.id) if tenant else ""
    if not kept or kept["tenant"] != here or time.time() - kept["at"] > PATIENCE:
        return respond(request, NotSignedOn())
    if tenant is None or client is None:
        return respond(request, NotFound())
    attempt = oidc.Attempt(kept["state"], kept["nonce"], kept["verifier"], kept["at"])
    link = kept["link"]
    try:
        if client.issuer != kept["issuer"]:
            raise oidc.Distrust("issuer")
        claims = oidc.claims_of(client, attempt, request.GET.dict(), back=_back(request), about=link)
        if link:
            return _linked(request, client, claims, kept)
        with tenant_atomic(tenant.id):
            member = services.member_of_claims(issuer=client.issuer, claims=claims)
    except oidc.Distrust as error:
        return _refused(request, tenant, error.code, link=link)
    except Forbidden as error:
        return _refused(request, tenant, error.error_code, link=link)
    if request.user.is_authenticated:
        return _confirmed(request, tenant, member, claims, kept)
    if kept["user"]:  # who wanted to confirm has signed out meanwhile
        return respond(request, NotSignedOn())
    request.signed_on = True
    # The provider may have let in whom it still knew: step-up counts from when it last asked, if it says when.
    record_authentication(request, member.user, method="sign_on", asked_at=_asked_at(claims))
    answer: HttpResponse = perform_login(request, Login(user=member.user, redirect_url=kept["next"] or home_of(tenant)))
    request.session[SIGNED_ON] = str(tenant.id)
    return answer


def _linked(request: Any, client: oidc.Client, claims: dict[str, Any], kept: dict[str, Any]) -> HttpResponse:
    """The account of whom the provider asked just now: at a shared desk a colleague may still be signed in there."""
    if not may_link(request):
        raise Forbidden(code="sign_on_link")
    if str(request.user.pk) != kept["user"] or not _asked_anew(claims, kept):
        raise oidc.Distrust("again")
    services.sign_on_link(actor=request.actor, issuer=client.issuer, claims=claims)
    factors_changed(request)
    name = claims["email"] if isinstance(claims.get("email"), str) else claims["sub"]
    messages.success(request, _("Your account is linked with %(name)s at the provider.") % {"name": name})
    return redirect("core:profile")


def _asked_at(claims: dict[str, Any]) -> int:
    """When the provider says that it asked who somebody is, never in the future; 0 when it does not say."""
    said = claims.get("auth_time")
    return min(said, int(time.time())) if isinstance(said, int) else 0


def _asked_anew(claims: dict[str, Any], kept: dict[str, Any]) -> bool:
    return isinstance(claims.get("auth_time"), int) and claims["auth_time"] >= kept["at"] - oidc.LEEWAY


def _confirmed(
    request: Any, tenant: Tenant, member: Membership, claims: dict[str, Any], kept: dict[str, Any]
) -> HttpResponse:
    """Somebody signed in already has shown once more who they are: the same person, asked by the provider just now."""
    if str(request.user.pk) != kept["user"] or member.user_id != request.user.pk or not _asked_anew(claims, kept):
        return _refused(request, tenant, "again")
    record_authentication(request, request.user, method="sign_on", reauthenticated=True)
    return redirect(kept["next"] or home_of(tenant))


def _refused(request: Any, tenant: Tenant, code: str, *, link: bool = False) -> HttpResponse:
    """Told in the lender's trail, at most once a minute for one place; the person hears no more than that it failed,
    and whoever is signed in goes on where they are."""
    address = client_address(request)
    who = Actor(tenant_id=tenant.id, kind="person", name="unknown", request_id=request.id, address=address)
    bursts.refuse(
        actor=who, action="core.sign_on.refused", object_type="core.tenant", reason_code=_reason(code),
        source=("sign_on", address, code),
    )  # fmt: skip
    if request.user.is_authenticated:
        messages.error(request, str(NOT_LINKED if link else NotSignedOn.default))
        return redirect("core:profile") if link else redirect(home_of(tenant))
    return respond(request, NotSignedOn())


def _reason(code: str) -> str:
    return code if code.startswith("sign_on_") else f"sign_on_{code}"


def _back(request: HttpRequest) -> str:
    """The address that the provider sends people back to; it must be known there."""
    return request.build_absolute_uri(reverse("sign_on_back"))


def _inside(request: HttpRequest, url: str) -> str:
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def way_in(request: Any) -> str:
    """The address of the provider's door for the sign-in page, '' where no lender is named or it has none.

    The lender is that of the address, or of the page that somebody wanted to see.
    """
    wanted = request.GET.get("next", "")
    named = wanted[3:].partition("/")[0] if wanted.startswith("/t/") else None
    slug = getattr(request, "tenant_slug", None) or named
    tenant = active_tenant(slug)
    if tenant is None or sign_on_of(tenant) is None:
        return ""
    before = get_script_prefix()
    try:
        set_script_prefix("/" if getattr(request, "host_slug", None) else f"/t/{tenant.slug}/")
        address = reverse("sign_on")
    finally:
        set_script_prefix(before)
    return f"{address}?{urlencode({'next': wanted})}" if wanted else address


# Set up ---------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@door(services.MANAGE, stepwise=("POST",))
def sign_on_page(request: ActorRequest) -> HttpResponse:
    row = sign_on_of(request.tenant, active=False)
    known: dict[str, Any] = {
        "issuer": row.issuer, "client_id": row.client_id, "is_active": row.is_active,
        "passwords_closed": row.passwords_closed, "break_glass": row.break_glass_id,
    } if row else {}  # fmt: skip
    with tenant_atomic():
        if typed := typed_before(request):
            # Boxes that are not ticked are not sent.
            known |= {"is_active": False, "passwords_closed": False, **typed.dict()}
        form = SignOnForm(request.POST or None, initial=known)
        sent = request.method == "POST" and form.is_valid()
    if sent:
        if not recently_authenticated(request):
            kept = request.POST.copy()
            if kept.pop("client_secret", [""]) != [""]:
                messages.info(request, _("Confirm who you are. Then give the secret once more: it was not kept."))
            with tenant_atomic():
                return reauthenticate(request, typed=kept)
        try:
            services.sign_on_set(actor=request.actor, **form.cleaned_data)
        except AppError as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("core:sign-on")
    with tenant_atomic():
        context = {
            "form": form,
            "row": row,
            "back": request.build_absolute_uri(reverse("sign_on_back")),
            "sign_in": request.build_absolute_uri(reverse("account_login")),
            "links": sign_on_people(request.actor),
        }
        return render(request, "core/sign_on.html", context, status=422 if form.errors else 200)


@require_POST
@door(services.MANAGE)
def sign_on_unlinked(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    services.sign_on_unlink(actor=request.actor, membership=member)
    messages.success(
        request,
        _("The link is gone; the person signs in with their own password or passkey and links the account anew."),
    )
    return redirect("core:sign-on")
