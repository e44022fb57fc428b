"""Errors as answers: one shape for JSON, a fragment for htmx, a page for people."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from .errors import AppError, Forbidden, Held, NotFound, Taken, TooLarge, TooSlow, Unavailable
from .postgres.outage import is_outage

logger = logging.getLogger(__name__)
UNIQUE_VIOLATION = "23505"
# What the triggers of both databases call themselves that refuse for a legal hold.
LEGAL_HOLD = "legal_hold"


class BadRequest(AppError):
    pass


class ServerError(AppError):
    status = 500
    code = "server_error"
    default = _(
        "Something went wrong on our side. Nothing half done was kept. "
        "Try again, and tell us the number below if it stays."
    )


class CsrfFailed(AppError):
    status = 403
    code = "csrf"
    # A page that was open too long, or another site that sends a person's browser here again and again.
    folded = True
    default = _("This page was open too long or in another window. Load it again and repeat what you did.")


def error_body(request: HttpRequest, error: AppError) -> dict[str, Any]:
    """The one JSON shape of every error."""
    fields = {name: [str(line) for line in lines] for name, lines in error.fields.items()}
    body: dict[str, Any] = {
        "code": error.error_code,
        "message": str(error.message),
        "request_id": str(getattr(request, "id", "")),
    }
    if missing := error.data.get("capability"):
        body["missing"] = str(missing)
    return {"error": body | ({"fields": fields} if fields else {}), **error.details}


def wants_json(request: HttpRequest) -> bool:
    if request.path_info.startswith("/api/"):
        return True
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def respond(request: HttpRequest, error: AppError) -> HttpResponse:
    """The answer to an error; the tenant middleware rolls back and records audited refusals."""
    if error.audited or error.folded:
        request.refusal = error  # type: ignore[attr-defined]
    response = _body(request, error)
    response.headers["Cache-Control"] = "no-store"
    for name, value in error_headers(error).items():
        response.headers[name] = value
    return response


def error_headers(error: AppError) -> dict[str, str]:
    """What an answer to an error says beside its body, at pages and at the API."""
    return {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}


def _body(request: HttpRequest, error: AppError) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(error_body(request, error), status=error.status)
    fields = [(name, [str(line) for line in lines]) for name, lines in error.fields.items()]
    context = {"error": error, "fields": fields, "status": error.status, "phrase": HTTPStatus(error.status).phrase}
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        return HttpResponse(render_to_string("errors/_error.html", context, request=request), status=error.status)
    return render(request, "errors/error.html", context, status=error.status)


# Django's own errors, through the same shape ------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also asked when a session cannot be saved, which Django takes for one that was deleted meanwhile."""
    if _is_away(exception):
        return server_error(request)
    return respond(request, too_much(exception) or unreadable_form(exception) or BadRequest())


def too_much(exception: Exception) -> AppError | None:
    """Django's limits of one request, in words that name the limit and say what to do."""
    if isinstance(exception, TooManyFilesSent):
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        message = _("More than %(limit)s files at once. Send them in several goes, or as a zip.")
    elif isinstance(exception, TooManyFieldsSent):
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        message = _("More than %(limit)s fields at once. Send them in several goes.")
    elif isinstance(exception, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1 << 20)
        message = _("More than %(limit)s MB outside of files. Send it in several goes, or as a file.")
    else:
        return None
    return TooLarge(message % {"limit": limit}, limit=limit)


def unreadable_form(exception: BaseException) -> AppError | None:
    """A form with files that does not keep to its format. Django tells why in English only, by the exception's text."""
    if not isinstance(exception, MultiPartParserError):
        return None
    if "header" in str(exception):
        return BadRequest(_("The name of a file is too long. Shorten it and send the file again."), code="parse_error")
    return BadRequest(
        _("This form with files was cut off, or is not written as multipart/form-data. Send it again."),
        code="parse_error",
    )


def broken_off(exception: Exception) -> AppError | None:
    """A body that did not arrive: the sender was too slow or went away, which is no error of ours."""
    return TooSlow() if isinstance(exception, UnreadablePostError) else None


def lost_race(exception: Exception) -> AppError | None:
    """A name or number that was free when a service looked and taken when it wrote, or a thing that a legal hold holds;
    any other rule is ours to keep."""
    cause: Any = exception.__cause__
    if not isinstance(exception, IntegrityError):
        return None
    if is_held(exception):
        return Held()
    if getattr(cause, "pgcode", "") != UNIQUE_VIOLATION:
        return None
    logger.warning("two at once: %s of %s", cause.diag.constraint_name, cause.diag.table_name)
    return Taken()


def is_held(exception: IntegrityError) -> bool:
    """Whether one of the databases refused for a legal hold."""
    diagnosis = getattr(exception.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == LEGAL_HOLD


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(request, Forbidden())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(request, NotFound())


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return respond(request, CsrfFailed())


def server_error(request: HttpRequest) -> HttpResponse:
    """Without database, session or context processors: any of them may be what failed.

    Django asks for this answer while it handles the error. A part that was away where no view could tell it (at the
    session, at a commit) is told as that.
    """
    error = Unavailable() if _is_away(sys.exception()) else ServerError()
    if wants_json(request):
        return JsonResponse(error_body(request, error), status=error.status)
    context = {"error": error, "status": error.status, "request_id": getattr(request, "id", "")}
    return HttpResponse(render_to_string("errors/500.html", context), status=error.status)


def _is_away(error: BaseException | None) -> bool:
    """Whether an error, or one on its way, came of a part that does not answer."""
    while error is not None and not is_outage(error) and not isinstance(error, RedisError):
        error = error.__cause__ or error.__context__
    return error is not None
