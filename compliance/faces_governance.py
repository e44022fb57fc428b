"""Where the registers that govern the house stand in the navigation, and their tiles."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.selectors.risks import due_count
from carloan.compliance.selectors.rule_changes import upcoming_count
from carloan.core.actors import Actor
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.pages.tiles import Tile, TileValue, register_tile


def risks_due(actor: Actor) -> TileValue:
    """How many risks should be looked at again, and the way to them."""
    return TileValue(f"{due_count(actor, timezone.localdate()):,}", f"{reverse('compliance:risks')}?only=due")


def rules_upcoming(actor: Actor) -> TileValue:
    """How many rule changes are to be done within the next 90 days or are late, and the way to them."""
    count = upcoming_count(actor, timezone.localdate())
    return TileValue(f"{count:,}", f"{reverse('compliance:rule-changes')}?only=upcoming")


register_nav(
    NavItem(
        section="oversight",
        group="control",
        label=_("Auditor's pack"),
        url_name="compliance:controls",
        icon="clipboard-check",
        capability="controls.view",
        order=10,
        match=frozenset({"compliance:framework", "compliance:control"}),
    ),
    NavItem(
        section="oversight",
        group="control",
        label=_("Risk register"),
        url_name="compliance:risks",
        icon="alert-triangle",
        capability="risks.view",
        order=20,
        match=frozenset({"compliance:risk", "compliance:risk-new"}),
    ),
    NavItem(
        section="oversight",
        group="control",
        label=_("Rule changes"),
        url_name="compliance:rule-changes",
        icon="scale",
        capability="rule_changes.view",
        order=30,
        match=frozenset({"compliance:rule-change", "compliance:rule-change-new"}),
    ),
    NavItem(
        section="oversight",
        group="control",
        label=_("Training and exams"),
        url_name="compliance:training",
        icon="school",
        capability="training.view",
        order=40,
        match=frozenset({"compliance:course", "compliance:course-new"}),
    ),
)
register_tile(
    Tile(
        key="risks-due",
        label=_("Risks to review"),
        icon="alert-triangle",
        capability="risks.view",
        read=risks_due,
        order=80,
    ),
    Tile(
        key="rules-upcoming",
        label=_("Rule changes to take up"),
        icon="scale",
        capability="rule_changes.view",
        read=rules_upcoming,
        order=85,
    ),
)
