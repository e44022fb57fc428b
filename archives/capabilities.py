"""What can be allowed in the archive, and who gets it in a new tenant."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

ARCHIVE = _("Papers")

register(
    Capability(
        "papers.view", _("See papers and what was read on them"), ARCHIVE,
        {
            "admin": "all", "officer": "branch", "archivist": "all", "collector": "branch", "release_officer": "branch",
            "compliance": "all",
        },
    ),
    Capability(
        "papers.upload", _("Upload papers"), ARCHIVE,
        {"admin": "all", "officer": "branch", "archivist": "all", "release_officer": "branch"},
    ),
    Capability(
        "papers.review", _("Check, correct, file and return papers"), ARCHIVE,
        {"admin": "all", "officer": "branch", "archivist": "all"},
    ),
    Capability(
        "papers.assign", _("Hand papers to check out to people"), ARCHIVE, {"admin": "all", "archivist": "all"},
    ),
    Capability(
        "dossiers.keep", _("Keep dossiers: ask for waivers, close stages, choose the template pack"), ARCHIVE,
        {"admin": "all", "officer": "branch", "archivist": "all"},
    ),
    Capability(
        "dossiers.approve", _("Decide about waivers and reopened stages of others"), ARCHIVE,
        {"admin": "all", "archivist": "all", "compliance": "all"}, approval=True,
    ),
    Capability(
        "packs.manage", _("Change and publish template packs"), ARCHIVE, {"admin": "all", "archivist": "all"},
    ),
    Capability(
        "papers.download", _("Download original files, without any mark and with a reason"), ARCHIVE,
        {"admin": "all", "officer": "branch", "archivist": "all", "compliance": "all"},
    ),
    Capability(
        "papers.trace", _("Trace leaked pictures of papers to the look they were taken at"), ARCHIVE,
        {"compliance": "all"}, whole_lender=True,
    ),
)  # fmt: skip
