"""The side navigation: sections in a fixed order, which apps fill with their pages from AppConfig.ready()."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.core.actors import Actor

SECTIONS: dict[str, Any] = {
    "work": _("Workplace"),
    "archive": _("Archive"),
    "collections": _("Collections"),
    "release": _("Lien release"),
    "oversight": _("Compliance"),
    "settings": _("Settings"),
}


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One page of the navigation.

    `key` is the second key after `g` (g l: loans), "" for none. `order` sorts inside the section. `match` are further
    URL names of the same app whose pages light this item, for example the detail page of a list.
    """

    section: str
    label: Any
    url_name: str
    icon: str
    capability: str
    order: int = 100
    key: str = ""
    match: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NavLink:
    label: Any
    url: str
    icon: str
    key: str
    current: bool


@dataclass(frozen=True)
class NavSection:
    key: str
    label: Any
    links: list[NavLink]


_items: dict[str, NavItem] = {}


def register_nav(*items: NavItem) -> None:
    for item in items:
        if item.section not in SECTIONS:
            raise ValueError(f"no section {item.section}")
        if any(other.key == item.key for other in _items.values() if item.key and other.url_name != item.url_name):
            raise ValueError(f"the key {item.key} is taken")
        _items[item.url_name] = item


def label_of(view_name: str) -> Any:
    """What the page of a view is called in the navigation, or None."""
    return next((item.label for item in _items.values() if view_name == item.url_name or view_name in item.match), None)


def sections_for(actor: Actor, here: str = "") -> list[NavSection]:
    """What this actor may open; `here` is the view name of the request. Empty sections are left out."""
    found = []
    for key, label in SECTIONS.items():
        links = [_link(item, here) for item in _sorted(key) if actor.can(item.capability)]
        if links:
            found.append(NavSection(key, label, links))
    return found


def _sorted(section: str) -> Iterable[NavItem]:
    return sorted((item for item in _items.values() if item.section == section), key=lambda item: item.order)


def _link(item: NavItem, here: str) -> NavLink:
    return NavLink(item.label, reverse(item.url_name), item.icon, item.key, here == item.url_name or here in item.match)
