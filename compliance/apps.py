from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    name = "carloan.compliance"
    label = "compliance"
    verbose_name = _("Compliance")

    def ready(self) -> None:
        from carloan.compliance import capabilities, fields, kernel_names, kernel_words  # noqa: F401
        from carloan.compliance.faces import open_anomalies
        from carloan.compliance.selectors.trail import recent
        from carloan.core.acts import register_acts
        from carloan.core.pages.nav import NavItem, register_nav
        from carloan.core.pages.tiles import Panel, Tile, register_panel, register_tile

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
            },
            looks=["compliance.field.revealed", "compliance.detail.opened"],
            exports=["compliance.trail.exported", "compliance.ledger.exported"],
        )
        register_nav(
            NavItem(
                section="oversight",
                label=_("Trail"),
                url_name="compliance:trail",
                icon="history",
                capability="trail.view",
                order=10,
                key="t",
                match=frozenset({"compliance:event", "compliance:event-open", "compliance:proof", "compliance:seal"}),
            ),
            NavItem(
                section="oversight",
                label=_("Anomalies"),
                url_name="compliance:anomalies",
                icon="eye-exclamation",
                capability="trail.view",
                order=15,
                key="y",
                match=frozenset({"compliance:anomaly", "compliance:anomaly-rules"}),
            ),
        )
        register_tile(
            Tile(
                key="anomalies",
                label=_("Anomalies to be answered"),
                icon="eye-exclamation",
                capability="trail.view",
                read=open_anomalies,
                order=60,
            )
        )
        register_panel(
            Panel(
                key="trail",
                label=_("Recent events"),
                capability="trail.view",
                template="compliance/_recent.html",
                read=recent,
                url_name="compliance:trail",
                order=60,
            )
        )
