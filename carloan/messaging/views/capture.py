"""Files through a one-time link, in pieces, for the script of the capture page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core.errors import AppError, Invalid
from carloan.messaging.services.uploads import piece_put, upload_begin, upload_drop, upload_of

from .visitors import VisitorRequest, at_the_door

REASON = "files of people without an account, behind a one-time link and its code"
# Where a piece begins in the file.
START = "X-Start"


class VisitOver(AppError):
    status = 401
    code = "visit_over"
    default = _("You were away for a while. Type a new code to go on; what has arrived is kept.")


@require_POST
@at_the_door(REASON)
def begin(request: VisitorRequest, token: str) -> HttpResponse:
    _require_inside(request)
    given = request.POST
    progress = upload_begin(
        actor=request.visitor,
        link=request.guest.link,
        want=given.get("want", ""),
        name=given.get("name", ""),
        size=_number(given.get("size", "")),
        sha256=given.get("sha256", ""),
    )
    return JsonResponse(progress.as_dict(), status=201)


@require_http_methods(["GET", "HEAD", "PUT", "DELETE"])
@at_the_door(REASON)
def upload(request: VisitorRequest, token: str, upload_id: UUID) -> HttpResponse:
    """Where a file stands (GET), its next piece (PUT, with X-Start), or away with it (DELETE)."""
    _require_inside(request)
    link = request.guest.link
    if request.method == "DELETE":
        upload_drop(actor=request.visitor, link=link, upload_id=upload_id)
        return HttpResponse(status=204)
    if request.method == "PUT":
        start = _number(request.headers.get(START, ""))
        progress = piece_put(actor=request.visitor, link=link, upload_id=upload_id, start=start, data=request.body)
        return JsonResponse(progress.as_dict())
    return JsonResponse(upload_of(link, upload_id).as_dict())


def _require_inside(request: VisitorRequest) -> None:
    if not request.guest.inside:
        raise VisitOver


def _number(text: Any) -> int:
    if not (isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 16):
        raise Invalid(fields={"file": [_("Say where the piece begins and how long the file is.")]})
    return int(text)
