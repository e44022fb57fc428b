"""The kernel's own capabilities."""

from django.utils.translation import gettext_lazy as _

from .capabilities import Capability, register

PEOPLE = _("People and roles")
SIGHT = _("Sight of personal data")
EVERYONE = ("admin", "officer", "archivist", "collector", "release_officer", "compliance", "service")

register(
    Capability("home.view", _("Open the workplace"), PEOPLE, dict.fromkeys(EVERYONE, "all")),
    Capability("search.use", _("Search"), PEOPLE, dict.fromkeys(EVERYONE, "all")),
    Capability(
        "jobs.view", _("See the progress of long work"), PEOPLE, {"admin": "all", "officer": "own", "archivist": "own"}
    ),
    Capability("people.view", _("See people and their roles"), PEOPLE, {"admin": "all", "compliance": "all"}),
    Capability(
        "people.manage",
        _("Add people, assign roles and branches"),
        PEOPLE,
        {"admin": "all"},
        whole_lender=True,
        lendable=False,
    ),
    Capability(
        "roles.view", _("See the permission matrix"), PEOPLE, {"admin": "all", "compliance": "all"}, whole_lender=True
    ),
    Capability(
        "roles.manage",
        _("Change the permission matrix"),
        PEOPLE,
        {"admin": "all"},
        whole_lender=True,
        lendable=False,
    ),
    Capability(
        "keys.manage", _("Make and revoke API keys"), PEOPLE, {"admin": "all"}, whole_lender=True, lendable=False
    ),
    Capability(
        "rights.review",
        _("Review access each quarter"),
        PEOPLE,
        {"admin": "all", "compliance": "all"},
        whole_lender=True,
    ),
    Capability(
        "sign_on.manage",
        _("Set up single sign-on"),
        PEOPLE,
        {"admin": "all"},
        whole_lender=True,
        lendable=False,
    ),
    Capability("duties.lend", _("Lend own duties to a colleague"), PEOPLE, dict.fromkeys(EVERYONE, "all")),
    Capability(
        "encryption.view",
        _("See encryption keys and the log of their ceremonies"),
        PEOPLE,
        {"admin": "all", "compliance": "all"},
        whole_lender=True,
    ),
    Capability(
        "encryption.rotate", _("Rotate the lender's encryption key"), PEOPLE, {"admin": "all"}, whole_lender=True
    ),
    Capability(
        "calendar.manage", _("Change the calendar of working days"), PEOPLE, {"admin": "all"}, whole_lender=True
    ),
    Capability(
        "sight.clear",
        _("See personal data in clear where the page allows it"),
        SIGHT,
        {"admin": "all", "officer": "all", "archivist": "all"},
    ),
    Capability(
        "fields.reveal",
        _("Reveal one masked field with a reason"),
        SIGHT,
        {
            "admin": "all",
            "officer": "all",
            "archivist": "all",
            "collector": "all",
            "release_officer": "all",
            "compliance": "all",
        },
    ),
)
