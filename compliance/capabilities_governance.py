"""What people may do with the registers that govern the house: controls, risks, rule changes, training."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, ScopeName, register

GOVERNANCE = _("Controls, risks and training")
READERS: dict[str, ScopeName] = {"admin": "all", "compliance": "all"}

register(
    Capability(
        "controls.view", _("See the map of controls and its evidence"), GOVERNANCE, READERS, whole_lender=True
    ),
    Capability(
        "controls.export", _("Make and take auditor's packs"), GOVERNANCE, {"compliance": "all"}, whole_lender=True
    ),
    Capability("risks.view", _("See the risk register"), GOVERNANCE, READERS, whole_lender=True),
    Capability(
        "risks.manage", _("Register risks and review them"), GOVERNANCE, {"compliance": "all"}, whole_lender=True
    ),
    Capability(
        "rule_changes.view", _("See the register of rule changes"), GOVERNANCE, READERS, whole_lender=True
    ),
    Capability(
        "rule_changes.manage", _("Enter rule changes and decide about them"), GOVERNANCE, {"compliance": "all"},
        whole_lender=True,
    ),
    Capability("training.view", _("See courses, exams and what waits for them"), GOVERNANCE, READERS,
               whole_lender=True),
    Capability(
        "training.manage", _("Keep courses and exams, and let rights wait for them"), GOVERNANCE,
        {"admin": "all", "compliance": "all"}, whole_lender=True,
    ),
)  # fmt: skip
