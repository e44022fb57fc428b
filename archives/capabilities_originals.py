"""What can be allowed with paper originals, and who gets it in a new tenant."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

ORIGINALS = _("Paper originals")

register(
    Capability(
        "originals.view", _("See originals, where they are and every hand they went through"), ORIGINALS,
        {
            "admin": "all", "officer": "branch", "archivist": "all", "release_officer": "branch", "compliance": "all",
        },
    ),
    Capability(
        "originals.register", _("Enter and receive originals, and hand them over by list"), ORIGINALS,
        {"admin": "all", "officer": "branch", "archivist": "all", "release_officer": "branch"},
    ),
    Capability(
        "originals.borrow", _("Ask to borrow originals"), ORIGINALS,
        {"admin": "all", "officer": "branch", "archivist": "all", "release_officer": "branch", "compliance": "all"},
    ),
    Capability(
        "originals.keep", _("Keep originals: places and labels, shelve, lend, take back, seal"), ORIGINALS,
        {"admin": "all", "archivist": "all"},
    ),
    Capability(
        "originals.decide", _("Confirm that an original is lost, or that it goes to its owner"), ORIGINALS,
        {"admin": "all", "archivist": "all", "compliance": "all"}, approval=True,
    ),
    Capability(
        "rooms.view", _("See who went into the rooms of the archive"), ORIGINALS,
        {"admin": "all", "archivist": "all", "compliance": "all"},
    ),
    Capability("rooms.manage", _("Make and revoke doors of the archive's rooms"), ORIGINALS, {"admin": "all"}),
    Capability(
        "rooms.report", _("Report what happens at doors (for the API key of the door controllers)"), ORIGINALS,
        {"admin": "all"}, lendable=False,
    ),
)  # fmt: skip
