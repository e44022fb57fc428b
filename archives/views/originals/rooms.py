"""Who went into the rooms: the list with filters and its file, the doors, a new one with its secret, revoked."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.archives.forms_rooms import DeviceForm, RoomFilterForm
from carloan.archives.models import RoomEvent
from carloan.archives.selectors.originals.places import path_of
from carloan.archives.selectors.originals.rooms import (
    MANAGE,
    RoomFilters,
    devices_for,
    events_page,
    get_device_for,
    places_for_doors,
)
from carloan.archives.services.originals import rooms as services
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.rights import csv_answer
from carloan.core.stepup import reauthenticate, recently_authenticated
from carloan.lib.spreadsheet import Cell

TONES = {"opened": "st-green", "closed": "", "denied": "st-orange", "forced": "st-red", "held_open": "st-orange"}


@require_safe
@door("rooms.view")
def rooms(request: ActorRequest) -> HttpResponse:
    filters = RoomFilters.of(request.GET)
    found, after = events_page(request.actor, filters)
    devices = devices_for(request.actor)
    context = {
        "form": RoomFilterForm(request.GET, devices=devices),
        "rows": [(each, TONES[each.kind], path_of(each.device.place)) for each in found],
        "next": after,
        "narrowed": any(request.GET.get(name) for name in ("device", "kind", "badge", "since", "until")),
        "devices": [(each, path_of(each.place)) for each in devices],
        "may_manage": request.actor.can(MANAGE),
    }
    return render(request, "archives/originals/rooms.html", context)


@require_safe
@door("rooms.view")
def rooms_csv(request: ActorRequest) -> HttpResponseBase:
    rows = services.rooms_export(actor=request.actor, filters=RoomFilters.of(request.GET))
    return csv_answer(_lines(rows), "room-access.csv")


def _lines(rows: list[RoomEvent]) -> Iterator[list[Cell]]:
    yield [_("When"), _("Door"), pgettext("storage", "Place"), _("What happened"), _("badge"), _("hash of the film")]
    for row in rows:
        yield [
            timezone.localtime(row.happened_at).isoformat(timespec="seconds"),
            row.device.name,
            path_of(row.device.place),
            str(row.get_kind_display()),
            row.badge,
            row.video_sha256,
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@door("rooms.manage")
def device_new(request: ActorRequest) -> HttpResponse:
    """A new door; its secret stands on the answer and nowhere else."""
    places = places_for_doors(request.actor)
    form = DeviceForm(request.POST if request.method == "POST" else None, places=places)
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request)
        try:
            made, secret = services.device_make(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            return render(request, "archives/originals/room_device.html", {"device": made, "secret": secret})
    return render(
        request, "archives/originals/room_new.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


@require_POST
@door("rooms.manage")
def device_revoke(request: ActorRequest, device_id: UUID) -> HttpResponse:
    found = get_device_for(request.actor, device_id, MANAGE)
    services.device_revoke(actor=request.actor, device=found)
    messages.success(request, _("What this door sends counts no more."))
    return redirect("archives:rooms")
