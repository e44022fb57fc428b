"""What comes with a request before anybody has been let in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from carloan.lib.bodies import SMALL_BODY

from .answers import respond
from .errors import AppError, TooLarge


class LengthRequired(AppError):
    status = 411
    code = "length_required"
    default = _("Say how long the body is: send it with Content-Length, not in chunks.")


class BodyMiddleware:
    """Refuses, before a byte of it is read, a body without a length, and a large one of somebody not signed in.

    Django reads a body without a length as empty; the check against forged forms reads one before a page's door is
    asked. The API reads nothing before its door.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return respond(request, LengthRequired())
        if (
            int(request.META.get("CONTENT_LENGTH") or 0) > SMALL_BODY
            and not request.path_info.startswith("/api/")
            and not request.user.is_authenticated
        ):
            message = _("More than %(limit)s KB before you are signed in. Sign in and send it again.")
            return respond(request, TooLarge(message % {"limit": SMALL_BODY // 1024}, limit=SMALL_BODY))
        return self.get_response(request)
