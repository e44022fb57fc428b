"""Saved views of a list: as its tabs, kept and dropped; each app names its list and its addresses."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from carloan.core.doors import ActorRequest
from carloan.core.errors import Invalid
from carloan.core.models import SavedView
from carloan.core.selectors import get_saved_view_for, saved_views_for
from carloan.core.services.saved_views import saved_view_drop, saved_view_keep


class ViewNameForm(forms.Form):
    """What somebody calls a view."""

    name = forms.CharField(label=_("Name"), max_length=40)


def view_tabs(request: ActorRequest, page: str) -> list[dict[str, Any]]:
    """Saved views as tabs; the one whose filters are these is the current one."""
    now = {key: value for key, value in request.GET.items() if value and key not in ("after", "before")}
    found = []
    for view in saved_views_for(request.actor, page):
        wanted = {key: value for key, value in parse_qsl(view.query) if value}
        mine = view.owner_id == request.actor.membership_id or (
            view.owner_id is None and request.actor.can("roles.manage")
        )
        found.append(
            {"id": view.id, "label": str(view), "url": f"?{view.query}", "current": wanted == now, "mine": mine}
        )
    return found


def keep_asked(request: ActorRequest, page: str) -> SavedView:
    """Keep the filters that the form brings under its name. Raises Invalid."""
    form = ViewNameForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: list(lines) for name, lines in form.errors.items()})
    return saved_view_keep(
        actor=request.actor, page=page, name=form.cleaned_data["name"], query=request.POST.get("query", ""),
        shared=bool(request.POST.get("shared")),
    )  # fmt: skip


def drop_asked(request: ActorRequest, view_id: UUID) -> None:
    """Raises NotFound for a view that is not the actor's to remove."""
    saved_view_drop(actor=request.actor, view=get_saved_view_for(request.actor, view_id))
