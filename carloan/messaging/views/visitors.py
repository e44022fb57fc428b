"""How pages of the borrower's door know who stands there, and the one answer for everything that does not work."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carloan.core import bursts
from carloan.core.answers import respond, wants_json
from carloan.core.doors import visitor_door
from carloan.core.middleware import client_address
from carloan.messaging.errands import Errand, errand_of
from carloan.messaging.policies.links import VISIT_LIFE
from carloan.messaging.services.visits import DeadLink, Guest, guest_at, visitor

COOKIE = f"{'__Secure-' if settings.HTTPS else ''}visit"


class VisitorRequest(HttpRequest):
    """A request of somebody who holds an open link."""

    guest: Guest
    errand: Errand
    visitor: Any
    tenant: Any


View = Callable[..., HttpResponse]


def at_the_door(reason: str) -> Callable[[View], View]:
    """A page of the borrower's door: whoever holds no open link gets the one answer, the same for every reason.

    Wrong links are counted by address, as wrong keys are; living ones of the same address go on working.
    """

    def decorate(view: View) -> View:
        @visitor_door(reason)
        @wraps(view)
        def wrapper(request: Any, token: str, **kwargs: Any) -> HttpResponse:
            try:
                if request.tenant is None:
                    raise DeadLink
                request.guest = guest_at(token=token, cookie=request.COOKIES.get(COOKIE, ""))
                errand = errand_of(request.guest.link.errand)
                if errand is None:
                    raise DeadLink
                request.errand = errand
                request.visitor = visitor(request.guest.link, request_id=request.id, address=client_address(request))
                response = view(request, token, **kwargs)
            except DeadLink as dead:
                response = _dead(request, dead)
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return wrapper

    return decorate


def _dead(request: Any, dead: DeadLink) -> HttpResponse:
    if too_many := bursts.wrong_key(client_address(request), of="link"):
        return respond(request, too_many)
    # Nothing on the page tells whose link it may have been.
    request.tenant = None
    if wants_json(request):
        return respond(request, dead)
    return render(request, "messaging/dead.html", {"error": dead}, status=dead.status)


def keep_cookie(response: HttpResponse, token: str, secret: str) -> None:
    """The browser's secret: sent to the pages of this one link, gone with the visit."""
    response.set_cookie(
        COOKIE, secret, max_age=int(VISIT_LIFE.total_seconds()), path=reverse("door:door", args=[token]),
        secure=settings.HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip
