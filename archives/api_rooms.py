"""The API of door controllers: one signed event a request."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from carloan.archives.models import RoomEvent
from carloan.archives.services.originals.rooms import room_report
from carloan.core.errors import Invalid
from carloan.core.listing import check_names

FIELDS = ("kind", "happened_at", "badge", "video_sha256")


class RoomEventIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=RoomEvent.Kind.values)
    happened_at = serializers.DateTimeField(help_text="With its offset from UTC.")
    badge = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    video_sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}\Z", required=False, allow_blank=True, default="", help_text="Of the segment of the film."
    )


class RoomEventOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()


_HEADERS = (
    ("X-Device", "The id of the door's controller."),
    ("X-Timestamp", "When it is sent, ISO 8601 with offset; within five minutes of now."),
    ("X-Nonce", "16 to 64 letters, digits, - and _; the same one again is the same event."),
    (
        "X-Signature",
        "HMAC-SHA256 (hexadecimal) with the secret of the device over device, timestamp, nonce and body, each behind "
        "its length in bytes and a colon.",
    ),
)


class RoomEventsView(APIView):
    """What happened at a door of the archive."""

    doors = {"POST": "rooms.report"}

    @extend_schema(  # type: ignore[untyped-decorator]
        request=RoomEventIn,
        responses={201: RoomEventOut, 200: RoomEventOut},
        parameters=[OpenApiParameter(name, str, "header", True, about) for name, about in _HEADERS],
        summary="Report an event of a door",
        description="Takes one event, signed by the door's controller. The same again answers 200 and the same id.",
    )
    def post(self, request: Any) -> Response:
        body = request._request.body
        check_names(request._request.GET, known=())
        if unknown := set(request.data) - set(FIELDS):
            raise Invalid(fields={name[:60]: [_("There is no field of this name.")] for name in sorted(unknown)[:20]})
        given = RoomEventIn(data=request.data)
        given.is_valid(raise_exception=True)
        event, created = room_report(
            actor=request._request.actor,
            device_id=_device(request.headers.get("X-Device", "")),
            timestamp=request.headers.get("X-Timestamp", ""),
            nonce=request.headers.get("X-Nonce", ""),
            given=request.headers.get("X-Signature", ""),
            body=body,
            **given.validated_data,
        )
        return Response(RoomEventOut({"id": event.id}).data, status=201 if created else 200)


def _device(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(fields={"X-Device": [_("Send the id of the door's controller.")]}) from error
