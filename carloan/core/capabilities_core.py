"""The kernel's own capabilities."""

from django.utils.translation import gettext_lazy as _

from .capabilities import Capability, register

PEOPLE = _("People and roles")
SIGHT = _("Sight of personal data")
EVERYONE = ("admin", "officer", "archivist", "collector", "release_officer", "compliance", "service")

register(
    Capability("home.view", _("Open the workplace"), PEOPLE, dict.fromkeys(EVERYONE, "all"), family="common"),
    Capability("search.use", _("Search"), PEOPLE, dict.fromkeys(EVERYONE, "all"), family="common"),
    Capability(
        "jobs.view", _("See the progress of long work"), PEOPLE,
        {"admin": "all", "officer": "own", "archivist": "own"}, family="common",
    ),
    Capability(
        "people.view", _("See people and their roles"), PEOPLE, {"admin": "all", "compliance": "all"}, family="common",
    ),
    Capability(
        "people.manage", _("Add people and let them go, set up branches"), PEOPLE, {"admin": "all"},
        whole_lender=True, lendable=False, family="system",
    ),
    Capability(
        "rights.assign", _("Give and take roles, renew how somebody signs in"), PEOPLE, {"admin": "all"},
        whole_lender=True, lendable=False, family="security", approval=True,
    ),
    Capability(
        "roles.view", _("See the permission matrix"), PEOPLE, {"admin": "all", "compliance": "all"},
        whole_lender=True, family="common",
    ),
    Capability(
        "roles.manage", _("Change the permission matrix"), PEOPLE, {"admin": "all"},
        whole_lender=True, lendable=False, family="security", approval=True,
    ),
    Capability(
        "keys.manage", _("Make and revoke API keys"), PEOPLE, {"admin": "all"},
        whole_lender=True, lendable=False, family="system",
    ),
    Capability(
        "rights.review", _("Review access each quarter"), PEOPLE, {"admin": "all", "compliance": "all"},
        whole_lender=True, family="audit", approval=True,
    ),
    Capability(
        "sign_on.manage", _("Set up single sign-on"), PEOPLE, {"admin": "all"},
        whole_lender=True, lendable=False, family="security",
    ),
    Capability(
        "duties.lend", _("Lend own duties to a colleague"), PEOPLE, dict.fromkeys(EVERYONE, "all"), family="common",
    ),
    Capability(
        "encryption.view", _("See encryption keys and the log of their ceremonies"), PEOPLE,
        {"admin": "all", "compliance": "all"}, whole_lender=True, family="common",
    ),
    Capability(
        "encryption.rotate", _("Rotate the lender's encryption key"), PEOPLE, {"admin": "all"},
        whole_lender=True, family="security",
    ),
    Capability(
        "calendar.manage", _("Change the calendar of working days"), PEOPLE, {"admin": "all"},
        whole_lender=True, family="system",
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
)  # fmt: skip
