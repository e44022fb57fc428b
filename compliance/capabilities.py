"""What compliance staff may do with the trail."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

TRAIL = _("Trail")
MASKING = _("Sight of personal data")
RETENTION = _("Retention")

register(
    Capability(
        "trail.view", _("Read the trail"), TRAIL, {"compliance": "all", "admin": "all"}, whole_lender=True,
        family="common",
    ),
    Capability(
        "trail.detail", _("Open the values before and after an act"), TRAIL, {"compliance": "all"}, whole_lender=True,
        family="audit",
    ),
    Capability(
        "anomalies.decide",
        _("Answer anomalies and set their rules"),
        TRAIL,
        {"compliance": "all"},
        whole_lender=True,
        family="audit",
    ),
    Capability(
        "trail.export", _("Export the trail"), TRAIL, {"compliance": "all"}, whole_lender=True, family="audit",
    ),
    Capability(
        "masking.view",
        _("See the policy of masking"),
        MASKING,
        {"admin": "all", "compliance": "all"},
        whole_lender=True,
        family="common",
    ),
    Capability(
        "masking.manage", _("Make masking stricter"), MASKING, {"admin": "all", "compliance": "all"}, whole_lender=True,
        family="security", approval=True,
    ),
    Capability(
        "openings.ask",
        _("Ask for clear values of many things at once"),
        MASKING,
        {"admin": "all", "officer": "all", "compliance": "all"},
        whole_lender=True,
    ),
    Capability(
        "openings.decide",
        _("Decide about clear values that somebody else asks for"),
        MASKING,
        {"admin": "all", "compliance": "all"},
        whole_lender=True,
        approval=True,
    ),
    Capability(
        "retention.view", _("See how long records are kept and where they stand"), RETENTION,
        {"admin": "all", "archivist": "all", "compliance": "all"}, whole_lender=True, family="common",
    ),
    Capability(
        "retention.manage", _("Change and publish the retention policy"), RETENTION, {"compliance": "all"},
        whole_lender=True,
    ),
    Capability(
        "retention.open_sealed", _("Ask for the opening of what is sealed apart"), RETENTION,
        {"admin": "all", "compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "holds.view", _("See legal holds, their reasons and what they hold"), RETENTION,
        {"admin": "all", "archivist": "all", "compliance": "all"}, whole_lender=True, family="common",
    ),
    Capability("holds.manage", _("Place legal holds"), RETENTION, {"compliance": "all"}, whole_lender=True),
    Capability(
        "holds.release", _("Speak for the release of a legal hold"), RETENTION,
        {"archivist": "all", "compliance": "all"}, whole_lender=True, approval=True,
    ),
    Capability(
        "destruction.view", _("See destructions, their lists and what was said about them"), RETENTION,
        {"admin": "all", "officer": "all", "archivist": "all", "compliance": "all"}, whole_lender=True, family="common",
    ),
    Capability(
        "destruction.propose", _("Propose destructions and shorten their lists"), RETENTION,
        {"archivist": "all", "compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "destruction.review_business", _("Review destructions for the business"), RETENTION, {"officer": "all"},
        whole_lender=True, approval=True,
    ),
    Capability(
        "destruction.review_archive", _("Review destructions for the archive"), RETENTION, {"archivist": "all"},
        whole_lender=True, approval=True,
    ),
    Capability(
        "destruction.approve", _("Approve destructions"), RETENTION, {"compliance": "all"},
        whole_lender=True, approval=True,
    ),
    Capability(
        "destruction.carry_out", _("Record the shredding of paper originals and the notary of destructions"), RETENTION,
        {"archivist": "all", "compliance": "all"}, whole_lender=True,
    ),
    Capability(
        "destruction.witness", _("Witness the shredding of paper originals"), RETENTION,
        {"officer": "all", "archivist": "all", "compliance": "all"}, whole_lender=True,
    ),
)  # fmt: skip
