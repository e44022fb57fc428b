"""Words for what compliance itself does, in the trail."""

from django.utils.translation import gettext_lazy as _

from carloan.core.acts import register_acts

register_acts(
    {
        "compliance.field.revealed": _("Field revealed"),
        "compliance.detail.opened": _("Values of an event opened"),
        "compliance.trail.read": _("Trail read"),
        "compliance.trail.exported": _("Trail exported"),
        "compliance.trail.export_written": _("Export of the trail written"),
        "compliance.anomaly.found": _("Anomaly found"),
        "compliance.anomaly.closed": _("Anomaly answered"),
        "compliance.anomaly.reopened": _("Anomaly asked again"),
        "compliance.anomaly_rule.set": _("Rule for anomalies set"),
        "compliance.proof.taken": _("Proof of an event taken"),
        "compliance.ledger.exported": _("Ledger exported"),
        "compliance.ledger.checked": _("Ledger checked"),
        "compliance.ledger.broken": _("Ledger found broken"),
        "compliance.masking.published": _("Policy of masking published"),
        "compliance.opening.asked": _("Clear values of many things asked for"),
        "compliance.opening.approved": _("Clear values approved"),
        "compliance.opening.refused": _("Clear values refused"),
        "compliance.opening.sealed": _("Words about clear values sealed"),
        "compliance.opening.withdrawn": _("Question for clear values withdrawn"),
        "compliance.opening.opened": _("Approved clear values opened"),
        "compliance.reveals.unusual": _("Unusually many looks at personal data"),
    },
    looks=["compliance.field.revealed", "compliance.detail.opened", "compliance.opening.opened"],
    exports=["compliance.trail.exported", "compliance.ledger.exported"],
)
