"""The API's side of the doors: the middleware has found the actor; DRF only asks and answers in our shape."""

from collections import Counter
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.parsers import JSONParser, MultiPartParser, get_encoding  # type: ignore[attr-defined]  # the stubs lag behind
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.utils import json

from .answers import BadRequest, CsrfFailed, broken_off, error_body, error_headers, lost_race, too_much, unreadable_form
from .errors import AppError, Forbidden, Invalid, NotFound, SignInRequired, TooLarge, TooMany, Unconfirmed
from .listing import GIVEN_TWICE, LONGEST_TOLD, MOST_TOLD
from .stepup import recently_authenticated


class KeyUser(AnonymousUser):
    """DRF wants a user behind a request; an API key has none."""

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True


class DoorAuthentication(BaseAuthentication):
    """An API key in `Authorization: Bearer …`, or the session of a page (with CSRF token) below /t/<slug>/."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        actor = getattr(request._request, "actor", None)
        if actor is None:
            theirs = request._request.user.is_authenticated or request._request.key_elsewhere
            if request._request.tenant_denied and theirs:
                raise NotFound
            return None
        if actor.kind == "key":
            return KeyUser(), actor
        check = CSRFCheck(lambda request: None)  # type: ignore[arg-type]
        check.process_request(request._request)
        if check.process_view(request._request, _no_view, (), {}):
            raise CsrfFailed
        return request._request.user, actor

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


def _stranger() -> SignInRequired:
    return SignInRequired(_("The API key is missing, unknown, expired or revoked. Send `Authorization: Bearer <key>`."))


class BehindDoor(BasePermission):
    """`doors = {"GET": "loans.view"}` on the view; a method without a door is refused. Methods in `confirmed` ask what
    their pages ask of people: who acts, within the last minutes. A key is no person who could say."""

    def has_permission(self, request: Any, view: Any) -> bool:
        actor = getattr(request._request, "actor", None)
        if actor is None:
            raise _stranger()
        capability = getattr(view, "doors", {}).get("GET" if request.method == "HEAD" else request.method)
        if capability is None:
            raise exceptions.MethodNotAllowed(request.method)
        actor.require(capability)
        asks = request.method in getattr(view, "confirmed", ())
        if asks and actor.kind == "person" and not recently_authenticated(request._request):
            raise Unconfirmed
        return True


class Unreadable(BadRequest):
    """A body that is not what it says it is, and why."""

    code = "parse_error"

    def __init__(self, reason: str = "") -> None:
        words = _("The body of this request cannot be read: %(reason)s") % {"reason": reason}
        super().__init__(words if reason else None)


class SafeJSONParser(JSONParser):
    """JSON whose depth or bytes PostgreSQL and Python cannot take is a wrong input, never an error of ours.

    A name that stands twice in an object is refused: readers differ in which one counts, and one may be money.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        request = (parser_context or {})["request"]._request
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        encoding = get_encoding(parser_context or {})
        try:
            text = stream.read().decode(encoding)
        except (LookupError, UnicodeError) as error:
            raise Unreadable(_("It is no text of the encoding that it names. Send UTF-8.")) from error
        try:
            found = json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_once)
        except JSONDecodeError as error:
            words = _("It is no JSON from line %(line)s, character %(column)s on.")
            raise Unreadable(words % {"line": error.lineno, "column": error.colno}) from error
        except ValueError as error:  # Python reads no numbers of more than some thousand digits
            raise Unreadable(_("JSON holds a number that is too long.")) from error
        except RecursionError as error:
            raise Unreadable(_("JSON is nested too deeply.")) from error
        if found is None:  # the serializers have no words of theirs for it
            raise Unreadable(_("JSON holds nothing but null."))
        if _holds_no_text(found):
            raise Unreadable(_("JSON holds a NUL character or half of one."))
        return found


class SafeMultiPartParser(MultiPartParser):
    """Forms with files; one that cannot be read is told in words of ours."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except exceptions.ParseError as error:
            raise unreadable_form(error.__context__ or error) or Unreadable() from error


def _no_number(constant: str) -> Any:
    raise Unreadable(_("JSON has no NaN and no Infinity."))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _value in pairs)
        twice = [name for name, count in counts.items() if count > 1][:MOST_TOLD]
        raise Invalid(fields={name[:LONGEST_TOLD]: [GIVEN_TWICE] for name in twice})
    return found


def _holds_no_text(value: Any) -> bool:
    """Whether a string in it is none to a database or to UTF-8: a NUL, a surrogate without its other half."""
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= character <= "\udfff" for character in value)
    parts = value if isinstance(value, list) else [*value, *value.values()] if isinstance(value, dict) else ()
    return any(_holds_no_text(part) for part in parts)


class StrictSerializer(serializers.Serializer[Any]):
    """Input whose names are all known: a misspelt `balloon` must not become a loan without one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [str(name) for name in data if name not in self.fields]):
            words = _("There is no field of this name; one of: %(known)s.") % {"known": ", ".join(self.fields)}
            raise serializers.ValidationError({name[:LONGEST_TOLD]: [words] for name in unknown[:MOST_TOLD]})
        return super().to_internal_value(data)


class WholeField(serializers.IntegerField):
    """A whole number of JSON. Text, floats and booleans are none: what looks like 1.0 may have been 0.9999."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class DoorScheme(OpenApiAuthenticationExtension):  # type: ignore[misc]
    target_class = DoorAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key of a tenant."}


def _no_view(request: Any) -> Any:
    """CSRFCheck asks whether the view is exempt; none of ours is."""


def exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API in one shape: {"error": {"code", "message", "fields"?, "request_id"}}."""
    request = context["request"]._request
    error = _as_app_error(exception)
    if error is None:
        return None
    if error.audited or error.folded:
        request.refusal = error
    headers = error_headers(error) | ({"WWW-Authenticate": "Bearer"} if error.status == 401 else {})
    if isinstance(exception, exceptions.MethodNotAllowed) and (doors := set(getattr(context["view"], "doors", ()))):
        # DRF would add OPTIONS, which has no door.
        context["view"].headers["Allow"] = ", ".join(sorted(doors | ({"HEAD"} if "GET" in doors else set())))
    return Response(error_body(request, error), status=error.status, headers=headers)


_PLAIN: tuple[tuple[type[Exception], type[AppError]], ...] = (
    (Http404, NotFound),
    (exceptions.NotFound, NotFound),
    (exceptions.PermissionDenied, Forbidden),
    (exceptions.Throttled, TooMany),
)


def _as_app_error(exception: Exception) -> AppError | None:
    if isinstance(exception, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return _stranger()
    for theirs, ours in _PLAIN:
        if isinstance(exception, theirs):
            return ours()
    match exception:
        case AppError():
            return exception
        case exceptions.ValidationError():
            return Invalid(fields=_fields(exception.detail))
        case exceptions.ParseError():
            return Unreadable()
        case exceptions.APIException():
            error = (TooLarge if exception.status_code == 413 else AppError)(
                str(exception.detail), code=str(exception.default_code)
            )
            error.status = exception.status_code  # type: ignore[misc]
            return error
    return too_much(exception) or broken_off(exception) or lost_race(exception)


def _fields(detail: Any, prefix: str = "") -> dict[str, list[Any]]:
    if isinstance(detail, list):
        if all(not isinstance(item, dict | list) for item in detail):
            return {prefix or "input": detail}
        pairs: Any = enumerate(detail)
    elif isinstance(detail, dict):
        pairs = detail.items()
    else:
        return {prefix or "input": [detail]}
    found: dict[str, list[Any]] = {}
    for name, inner in pairs:
        if inner:
            found |= _fields(inner, f"{prefix}.{name}" if prefix else str(name))
    return found
