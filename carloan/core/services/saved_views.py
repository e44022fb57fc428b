"""Saved views: a list's query string under a name, for oneself or everybody."""

from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.models import SavedView
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import fold

# Where one is in the list is not part of a view, nor the text searched for: it may name a person, and would stand in
# clear before everybody who shares the view. A network address stands in clear nowhere either.
TRANSIENT = frozenset({"q", "address", "after", "before", "view", "format"})


def saved_view_keep(
    *, actor: Actor, page: str, name: str, query: str, shared: bool = False, name_en: str = ""
) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them. Sharing needs `roles.manage`.

    `name_en` is the name for readers of English, where the view is not one that somebody typed. Raises Invalid without
    filters, for names beyond 40 characters and filters beyond 500.
    """
    if shared and not actor.can("roles.manage"):
        raise Forbidden(capability="roles.manage")
    if actor.membership_id is None:
        raise Forbidden
    name = fold(name)
    kept = urlencode([(key, value) for key, value in parse_qsl(query.lstrip("?")) if key not in TRANSIENT])
    if not kept:
        raise Invalid(fields={"query": [_("A view keeps filters and order, not the text searched for. Set a filter.")]})
    if not 1 <= len(name) <= 40:
        raise Invalid(fields={"name": [_("A name has 1 to 40 characters.")]})
    if len(kept) > 500:
        raise Invalid(fields={"query": [_("These filters are too long to keep.")]})
    owner_id = None if shared else actor.membership_id
    with tenant_atomic():
        view = SavedView.objects.filter(page=page, name=name, owner_id=owner_id).first() or SavedView(
            id=uuid7(), page=page, name=name, owner_id=owner_id
        )
        view.query, view.name_en = kept, name_en
        view.audit_event_id = audit.record(
            actor=actor,
            action="core.saved_view.kept",
            object_type="core.savedview",
            object_id=view.id,
            after={"name": name, "query": kept} | ({"name_en": name_en} if name_en else {}),
        )
        view.save()
    return view


def saved_view_drop(*, actor: Actor, view: SavedView) -> None:
    """Remove one's own view, or a shared one with `roles.manage`. Raises NotFound for somebody else's."""
    if view.owner_id != actor.membership_id and not (view.owner_id is None and actor.can("roles.manage")):
        raise NotFound
    with tenant_atomic():
        audit.record(actor=actor, action="core.saved_view.dropped", object_type="core.savedview", object_id=view.id)
        view.delete()
