"""What may be done about the rights of persons whose data the lender holds."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

PERSONS = _("Rights of persons")

register(
    Capability(
        "person_rights.view", _("See requests of persons about their data"), PERSONS,
        {"admin": "all", "compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "person_rights.manage", _("Register, work on and answer requests of persons"), PERSONS,
        {"compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "person_rights.copy", _("Make and hand out a person's copy of their data"), PERSONS,
        {"compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "person_rights.review", _("Review automated decisions about a person"), PERSONS,
        {"admin": "all", "compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "consents.view", _("See what persons agreed to"), PERSONS,
        {"admin": "all", "officer": "branch", "collector": "branch", "compliance": "all"},
    ),
    Capability(
        "consents.manage", _("Enter consents and withdrawals"), PERSONS, {"officer": "branch", "compliance": "all"},
    ),
)  # fmt: skip
