"""A password that somebody else made opens one page only: the one where the person chooses their own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.core.answers import respond, wants_json
from carloan.core.errors import Forbidden
from carloan.core.middleware import Next
from carloan.core.stepup import SIGNED_ON

OPEN = frozenset({"account_change_password", "account_logout", "core:language", "core:session-life", "healthz"})


class FirstPasswordMiddleware:
    """Stands behind the tenant's middleware: it holds for every page, with and without a lender, and for the API.

    An API key is not a person and has no password.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        by_key = request.actor is not None and request.actor.kind == "key"
        if by_key or not getattr(request.user, "must_change_password", False):
            return None
        if request.resolver_match.view_name in OPEN or request.session.get(SIGNED_ON):
            return None  # who came through the lender's provider used no password
        if wants_json(request) or request.htmx:
            return respond(
                request, Forbidden(_("Choose a password of your own first."), code="password_change_required")
            )
        return redirect(reverse("account_change_password"))
