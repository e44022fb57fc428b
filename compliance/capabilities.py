"""What compliance staff may do with the trail."""

from django.utils.translation import gettext_lazy as _

from carloan.core.capabilities import Capability, register

TRAIL = _("Trail")

register(
    Capability("trail.view", _("Read the trail"), TRAIL, {"compliance": "all", "admin": "all"}, whole_lender=True),
    Capability(
        "trail.detail", _("Open the values before and after an act"), TRAIL, {"compliance": "all"}, whole_lender=True
    ),
    Capability(
        "anomalies.decide",
        _("Answer anomalies and set their rules"),
        TRAIL,
        {"compliance": "all"},
        whole_lender=True,
    ),
    Capability("trail.export", _("Export the trail"), TRAIL, {"compliance": "all"}, whole_lender=True),
)
