"""What can be allowed in messaging, and who gets it in a new tenant."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

MESSAGES = _("Messages")

register(
    Capability(
        "messages.send", _("Ask people of a loan by one-time link, and see what was sent to them"), MESSAGES,
        {"admin": "all", "officer": "branch", "archivist": "all", "release_officer": "branch"},
    ),
    Capability(
        "messages.manage", _("Set up gateways, quiet hours and the words of messages"), MESSAGES, {"admin": "all"},
        whole_lender=True, lendable=False,
    ),
)  # fmt: skip
