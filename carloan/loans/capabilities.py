"""What can be allowed in the book, and who gets it in a new tenant."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

BOOK = _("Loans")

register(
    Capability(
        "loans.view",
        _("See loans: number, stage, product, vehicle, masked names"),
        BOOK,
        {
            "admin": "all",
            "officer": "branch",
            "archivist": "all",
            "collector": "branch",
            "release_officer": "branch",
            "compliance": "all",
            "service": "all",
        },
        family="common",
    ),
    Capability(
        "loans.details",
        _("See a loan's amounts, plan, payments, people and history"),
        BOOK,
        {
            "admin": "all",
            "officer": "branch",
            "archivist": "all",
            "collector": "branch",
            "release_officer": "branch",
            "compliance": "all",
        },
    ),
    Capability("loans.edit", _("Open and change loans"), BOOK, {"admin": "all", "officer": "branch"}),
    Capability("loans.decide", _("Approve, decline and pay out loans"), BOOK, {"admin": "all"}),
    Capability("loans.pay", _("Book payments"), BOOK, {"admin": "all", "officer": "branch"}),
    Capability("loans.import", _("Import loans from files"), BOOK, {"admin": "all", "officer": "all"}),
    Capability(
        "loans.export", _("Export lists of loans"), BOOK, {"admin": "all", "officer": "branch", "compliance": "all"}
    ),
    Capability("loans.grant", _("Give one person exceptional access to one loan"), BOOK, {"admin": "all"}),
)
