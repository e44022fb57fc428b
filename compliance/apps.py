from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    name = "carloan.compliance"
    label = "compliance"
    verbose_name = _("Compliance")

    def ready(self) -> None:
        from carloan.compliance import capabilities, fields, kernel_names, kernel_words  # noqa: F401
        from carloan.compliance.selectors.trail import recent
        from carloan.core.acts import register_acts
        from carloan.core.pages.nav import NavItem, register_nav
        from carloan.core.pages.tiles import Panel, register_panel

        register_acts(
            {
                "compliance.field.revealed": _("Field revealed"),
                "compliance.detail.opened": _("Values of an event opened"),
                "compliance.trail.read": _("Trail read"),
                "compliance.ledger.exported": _("Ledger exported"),
                "compliance.ledger.checked": _("Ledger checked"),
                "compliance.ledger.broken": _("Ledger found broken"),
            }
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
                match=frozenset({"compliance:event", "compliance:event-open"}),
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
