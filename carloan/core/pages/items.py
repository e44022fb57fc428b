"""The kernel's own pages in the navigation, and its panel on the home page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.core.services.key_rotation import KIND as ROTATION

from .duties import lent_to_me
from .jobs import JobFace, recent, register_face
from .nav import NavItem, register_nav
from .reviews import review_tile
from .tiles import Panel, Tile, register_panel, register_tile

register_nav(
    NavItem(
        section="work",
        label=_("Workplace"),
        url_name="core:home",
        icon="layout-dashboard",
        capability="home.view",
        order=0,
        key="h",
    ),
    NavItem(
        section="settings",
        group="organisation",
        label=_("People"),
        url_name="core:people",
        icon="users",
        capability="people.view",
        order=10,
        key="u",
        match=frozenset(
            {"core:person", "core:person-new", "core:person-change", "core:person-deactivate", "core:person-password"}
        ),
    ),
    NavItem(
        section="settings",
        group="access",
        label=_("Roles and rights"),
        url_name="core:roles",
        icon="table",
        capability="roles.view",
        order=20,
        key="r",
        match=frozenset({"core:role-new", "core:roles-log"}),
    ),
    NavItem(
        section="settings",
        group="access",
        label=_("Administrators and confirmation"),
        url_name="core:access-policy",
        icon="shield-lock",
        capability="roles.view",
        order=22,
    ),
    NavItem(
        section="work",
        label=_("Lent duties"),
        url_name="core:duties",
        icon="users-group",
        capability="duties.lend",
        order=90,
    ),
    NavItem(
        section="oversight",
        group="control",
        label=_("Access reviews"),
        url_name="core:reviews",
        icon="clipboard-check",
        capability="rights.review",
        order=50,
        match=frozenset({"core:review", "core:review-decide"}),
    ),
    NavItem(
        section="settings",
        group="organisation",
        label=_("Branches"),
        url_name="core:branches",
        icon="building",
        capability="people.view",
        order=15,
        match=frozenset({"core:branch"}),
    ),
    NavItem(
        section="settings",
        group="organisation",
        label=_("Teams"),
        url_name="core:teams",
        icon="users-group",
        capability="people.view",
        order=17,
        match=frozenset({"core:team"}),
    ),
    NavItem(
        section="settings",
        group="organisation",
        label=_("Working days"),
        url_name="core:calendar",
        icon="calendar",
        capability="people.view",
        order=25,
        match=frozenset({"core:calendar-complete"}),
    ),
    NavItem(
        section="settings",
        group="access",
        label=_("Single sign-on"),
        url_name="core:sign-on",
        icon="login-2",
        capability="sign_on.manage",
        order=35,
    ),
    NavItem(
        section="settings",
        group="access",
        label=_("API keys"),
        url_name="core:api-keys",
        icon="key",
        capability="keys.manage",
        also="rights.assign",
        order=30,
        match=frozenset({"core:api-key-revoke"}),
    ),
    NavItem(
        section="oversight",
        group="sight",
        label=_("Encryption keys"),
        url_name="core:encryption",
        icon="lock",
        capability="encryption.view",
        order=20,
    ),
)

register_face(
    ROTATION,
    JobFace(_("Rotation of the encryption key"), "core/_rotated.html", back=lambda job: reverse("core:encryption")),
)

register_tile(
    Tile(
        key="duties",
        label=_("Duties lent to you"),
        icon="users-group",
        capability="home.view",
        read=lent_to_me,
        order=5,
    ),
    Tile(
        key="reviews",
        label=_("Access to review"),
        icon="clipboard-check",
        capability="rights.review",
        read=review_tile,
        order=6,
    ),
)
register_panel(
    Panel(
        key="jobs",
        label=_("Recent long work"),
        capability="jobs.view",
        template="core/_recent_jobs.html",
        read=recent,
        order=50,
    )
)
