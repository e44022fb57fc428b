"""What may be done about the rights of persons, and to protect their data: requests, consents, assessments."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

PERSONS = _("Rights of persons")
PROTECTION = _("Protection of personal data")

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
    Capability(
        "assessments.view", _("See impact assessments"), PROTECTION, {"admin": "all", "compliance": "all"},
        whole_lender=True,
    ),
    Capability(
        "assessments.manage", _("Write impact assessments"), PROTECTION, {"compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "assessments.sign", _("Sign impact assessments that somebody else wrote"), PROTECTION,
        {"admin": "all", "compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "processors.view", _("See entrusted processors"), PROTECTION, {"admin": "all", "compliance": "all"},
        whole_lender=True,
    ),
    Capability(
        "processors.manage", _("Register, supervise and end entrusted processing"), PROTECTION, {"compliance": "all"},
        whole_lender=True,
    ),
)  # fmt: skip
