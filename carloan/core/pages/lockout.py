"""The page after too many wrong passwords."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from carloan.core.answers import respond
from carloan.core.errors import TooMany
from carloan.lib.text import fold_key


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Says how to go on without saying whether the name exists."""
    return respond(
        request,
        TooMany(
            _("Too many wrong passwords for this name. Wait 15 minutes, or ask your administrator for a new one."),
            code="locked_out",
        ),
    )


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that counts against the limit: however it is spelled, it is the same account."""
    found = (credentials or {}).get("username") or request.POST.get("login") or request.POST.get("username") or ""
    return fold_key(str(found)).casefold()[:255]
