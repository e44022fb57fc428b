"""Storage places: the tree, a new place, one with what lies in it, moved, closed."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.archives.forms_originals import PlaceChangeForm, PlaceForm, PlaceMoveForm
from carloan.archives.models import StoragePlace
from carloan.archives.originals_faces import place_code, rows_of
from carloan.archives.policies.originals.places import RANKS, fits_in
from carloan.archives.selectors.originals.places import (
    MANAGE,
    branches_to_store,
    get_place_for,
    held_in,
    moves_of,
    originals_in,
    path_of,
    places_to_hold,
    tree_of,
    visible_places,
)
from carloan.archives.services.originals import places as services
from carloan.archives.views.named import id_of
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid


@require_safe
@door("originals.view")
def places(request: ActorRequest) -> HttpResponse:
    nodes = tree_of(request.actor)
    context = {
        "nodes": [(node, place_code(node.place)) for node in nodes],
        "may_manage": request.actor.can(MANAGE),
    }
    return render(request, "archives/originals/places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("originals.keep")
def place_new(request: ActorRequest) -> HttpResponse:
    """A warehouse, or with `parent` something in that place."""
    parent_id = id_of(request.GET.get("parent"))
    parent = get_place_for(request.actor, parent_id, MANAGE) if parent_id else None
    levels = [level for level in RANKS if (fits_in(level, parent.level) if parent else not RANKS[level])]
    data = request.POST if request.method == "POST" else None
    form = PlaceForm(data, parent=parent, branches=branches_to_store(request.actor), levels=levels)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.place_make(actor=request.actor, parent=parent, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("%(name)s is there. Print its label and stick it on.") % {"name": made.name})
            return redirect("archives:place", made.id)
    context = {"form": form, "parent": parent, "path": path_of(parent) if parent else ""}
    return render(
        request, "archives/originals/place_new.html", context, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("originals.view")
def place(request: ActorRequest, place_id: UUID) -> HttpResponse:
    """What lies in a place; whoever manages it renames it here."""
    found = get_place_for(request.actor, place_id)
    if request.method != "POST":
        return _show(request, found)
    form = PlaceChangeForm(request.POST)
    if form.is_valid():
        try:
            services.place_change(actor=request.actor, place=found, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("archives:place", found.id)
    return _show(request, found, change=form)


@require_POST
@door("originals.keep")
def place_move(request: ActorRequest, place_id: UUID) -> HttpResponse:
    found = get_place_for(request.actor, place_id)
    form = PlaceMoveForm(request.POST, places=places_to_hold(request.actor, found.level))
    if form.is_valid():
        try:
            services.place_move(actor=request.actor, place=found, target=form.cleaned_data["target"])
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Moved with all that lies in it."))
            return redirect("archives:place", found.id)
    return _show(request, found, move=form)


@require_POST
@door("originals.keep")
def place_close(request: ActorRequest, place_id: UUID) -> HttpResponse:
    found = get_place_for(request.actor, place_id)
    services.place_close(actor=request.actor, place=found)
    messages.success(request, _("The place is closed."))
    return redirect("archives:places")


def _show(
    request: ActorRequest,
    found: StoragePlace,
    *,
    change: forms.Form | None = None,
    move: forms.Form | None = None,
) -> HttpResponse:
    actor = request.actor
    may_manage = found.closed_at is None and visible_places(actor, MANAGE).filter(id=found.id).exists()
    inner = [(each, place_code(each)) for each in visible_places(actor).filter(parent=found, closed_at=None)]
    kept = {"revision": found.revision, "name": found.name, "capacity": found.capacity}
    movable = may_manage and found.parent_id is not None
    context = {
        "place": found,
        "code": place_code(found),
        "path": path_of(found.parent) if found.parent else "",
        "inner": inner,
        "rows": rows_of(originals_in(actor, found)),
        "held": held_in(found),
        "moves": [(each, path_of(each.source), path_of(each.target)) for each in moves_of(found)],
        "may_manage": may_manage,
        "has_inner": found.level != StoragePlace.Level.BAG,
        "change_form": change or (PlaceChangeForm(initial=kept) if may_manage else None),
        "move_form": move or (PlaceMoveForm(places=places_to_hold(actor, found.level)) if movable else None),
    }
    return render(request, "archives/originals/place.html", context, status=422 if change or move else 200)
