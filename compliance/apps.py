from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    name = "carloan.compliance"
    label = "compliance"
    verbose_name = _("Compliance")

    def ready(self) -> None:
        from carloan.compliance import capabilities, fields, kernel_names, kernel_words, masking_words, wiring  # noqa: F401
        from carloan.compliance.selectors.masking import rules_today
        from carloan.compliance.selectors.openings import undecided_count
        from carloan.compliance.selectors.trail import recent
        from carloan.core.actors import Actor
        from carloan.core.acts import register_acts
        from carloan.core.pages.nav import NavItem, register_nav
        from carloan.core.pages.tiles import Panel, Tile, TileValue, register_panel, register_tile
        from carloan.core.tightening import register_policy

        def undecided(actor: Actor) -> TileValue | None:
            count = undecided_count(actor)
            return TileValue(str(count), reverse("compliance:openings")) if count else None

        register_acts(
            {
                "compliance.field.revealed": _("Field revealed"),
                "compliance.detail.opened": _("Values of an event opened"),
                "compliance.trail.read": _("Trail read"),
                "compliance.trail.exported": _("Trail exported"),
                "compliance.trail.export_written": _("Export of the trail written"),
                "compliance.proof.taken": _("Proof of an event taken"),
                "compliance.ledger.exported": _("Ledger exported"),
                "compliance.ledger.checked": _("Ledger checked"),
                "compliance.ledger.broken": _("Ledger found broken"),
                "compliance.masking.published": _("Policy of masking published"),
                "compliance.opening.asked": _("Clear values of many things asked for"),
                "compliance.opening.approved": _("Clear values approved"),
                "compliance.opening.refused": _("Clear values refused"),
                "compliance.opening.withdrawn": _("Question for clear values withdrawn"),
                "compliance.opening.opened": _("Approved clear values opened"),
                "compliance.reveals.unusual": _("Unusually many looks at personal data"),
            },
            looks=["compliance.field.revealed", "compliance.detail.opened", "compliance.opening.opened"],
        )
        register_policy(rules_today)
        register_nav(
            NavItem(
                section="settings",
                label=_("Masking"),
                url_name="compliance:masking",
                icon="eye-off",
                capability="masking.view",
                order=60,
            )
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
                match=frozenset({"compliance:event", "compliance:event-open", "compliance:proof"}),
            )
        )
        register_nav(
            NavItem(
                section="oversight",
                label=_("Openings"),
                url_name="compliance:openings",
                icon="eye-check",
                capability="openings.decide",
                order=20,
                match=frozenset({"compliance:opening"}),
            )
        )
        register_tile(
            Tile(
                key="openings",
                label=_("Openings to decide about"),
                icon="eye-check",
                capability="openings.decide",
                read=undecided,
                order=70,
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
