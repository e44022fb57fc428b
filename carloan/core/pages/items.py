"""The kernel's own pages in the navigation."""

from django.utils.translation import gettext_lazy as _

from .nav import NavItem, register_nav

register_nav(
    NavItem(
        section="work", label=_("Workplace"), url_name="core:home", icon="layout-dashboard", capability="home.view", order=0, key="h"
    ),
    NavItem(
        section="settings", label=_("People"), url_name="core:people", icon="users", capability="people.view", order=10, key="u",
        match=frozenset({"core:person", "core:person-new", "core:person-deactivate", "core:person-password"}),
    ),
    NavItem(
        section="settings", label=_("Roles and rights"), url_name="core:roles", icon="table", capability="roles.view", order=20,
        key="r", match=frozenset({"core:role-new"}),
    ),
)
