"""The side navigation: sections in a fixed order, which apps fill with their pages from AppConfig.ready().

A long section has groups, also in a fixed order. What somebody may open decides what they see of it: a group of one
line is that line, a group of several folds together.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
class NavGroup:
    """What belongs together in a section: its heading, and the icon that stands for it where there is no room."""

    label: Any
    icon: str


# By section. Keys are one word: a cookie lists the groups that somebody left open.
GROUPS: dict[str, dict[str, NavGroup]] = {
    "oversight": {
        "trail": NavGroup(label=pgettext_lazy("navigation", "Supervision"), icon="history"),
        "sight": NavGroup(label=_("Masking and keys"), icon="eye-off"),
        "keeping": NavGroup(label=_("Record keeping"), icon="archive"),
        "persons": NavGroup(label=_("Rights of persons"), icon="user-shield"),
        "control": NavGroup(label=_("Internal control"), icon="clipboard-check"),
    },
    "settings": {
        "organisation": NavGroup(label=pgettext_lazy("navigation", "Organisation"), icon="users"),
        "access": NavGroup(label=pgettext_lazy("navigation", "Access"), icon="shield-lock"),
    },
}


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One page of the navigation.

    `key` is the second key after `g` (g l: loans), "" for none. `group` is one of the section's. `order` sorts inside
    it. `match` are further URL names of the same app whose pages light this item, for example the detail page of a
    list. `also` is a further right that leads there, by which somebody does another part of the page's work.
    """

    section: str
    label: Any
    url_name: str
    icon: str
    capability: str
    also: str = ""
    group: str = ""
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
class NavFold:
    """Links of a section that stand together: under a heading that opens and closes, or plainly without one."""

    key: str
    group: NavGroup | None
    links: list[NavLink]
    open: bool


@dataclass(frozen=True)
class NavSection:
    key: str
    label: Any
    folds: list[NavFold]


_items: dict[str, NavItem] = {}


def register_nav(*items: NavItem) -> None:
    """Raises ValueError for a section or group that is not there, an item without group where others have one, and a
    key that is taken."""
    for item in items:
        if item.section not in SECTIONS:
            raise ValueError(f"no section {item.section}")
        if item.group not in GROUPS.get(item.section, {"": None}):
            raise ValueError(f"no group {item.group or 'given'} in the section {item.section}")
        if any(other.key == item.key for other in _items.values() if item.key and other.url_name != item.url_name):
            raise ValueError(f"the key {item.key} is taken")
        _items[item.url_name] = item


def label_of(view_name: str) -> Any:
    """What the page of a view is called in the navigation, or None."""
    return next((item.label for item in _items.values() if view_name == item.url_name or view_name in item.match), None)


def sections_for(actor: Actor, here: str = "", *, opened: Collection[str] = ()) -> list[NavSection]:
    """What this actor may open; `here` is the view name of the request, `opened` the groups that the person left open.

    The group of the page that is shown is open. Empty groups and sections are left out.
    """
    allowed = (item for item in _items.values() if actor.can(item.capability) or (item.also and actor.can(item.also)))
    items = sorted(allowed, key=lambda item: item.order)
    found = []
    for key, label in SECTIONS.items():
        mine = [item for item in items if item.section == key]
        folds = [
            _fold(name, group, links, opened)
            for name, group in GROUPS.get(key, {"": None}).items()
            if (links := [_link(item, here) for item in mine if item.group == name])
        ]
        if folds:
            found.append(NavSection(key, label, folds))
    return found


def place_of(sections: Iterable[NavSection]) -> list[Any]:
    """Where the current line stands: its section, and its group where that has a heading. Sections without groups hold
    pages of their own, which stand nowhere else."""
    for section in sections:
        for fold in section.folds:
            if section.key in GROUPS and any(link.current for link in fold.links):
                return [section.label, *([fold.group.label] if fold.group else [])]
    return []


def _fold(name: str, group: NavGroup | None, links: list[NavLink], opened: Collection[str]) -> NavFold:
    return NavFold(
        key=name,
        group=group if len(links) > 1 else None,
        links=links,
        open=name in opened or any(link.current for link in links),
    )


def _link(item: NavItem, here: str) -> NavLink:
    return NavLink(item.label, reverse(item.url_name), item.icon, item.key, here == item.url_name or here in item.match)
