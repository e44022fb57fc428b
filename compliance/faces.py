"""What compliance shows in other rooms' pages: its places in the navigation, its tiles, the newest of the trail."""

from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from carloan.compliance.models import Anomaly
from carloan.compliance.policies.destruction import RIGHTS
from carloan.compliance.selectors.anomalies import count_open
from carloan.compliance.selectors.destruction import waiting_for
from carloan.compliance.selectors.openings import own_openings, undecided_count
from carloan.compliance.selectors.trail import recent
from carloan.core.actors import Actor
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.pages.tiles import Panel, Tile, TileValue, register_panel, register_tile


def open_anomalies(actor: Actor) -> TileValue:
    """How many anomalies wait for an answer, and the way to them."""
    return TileValue(f"{count_open(actor):,}", f"{reverse('compliance:anomalies')}?state={Anomaly.State.OPEN}")


def destructions_waiting(actor: Actor) -> TileValue | None:
    """How many destructions wait for a word of the actor; nothing for who speaks about none."""
    if not any(actor.can(right) for right in RIGHTS.values()):
        return None
    return TileValue(f"{len(waiting_for(actor)):,}", f"{reverse('compliance:destructions')}?only=waiting")


def undecided(actor: Actor) -> TileValue:
    """How many openings wait for the decision of somebody like the actor."""
    return TileValue(f"{undecided_count(actor):,}", reverse("compliance:openings"))


def asked_for(actor: Actor) -> TileValue | None:
    """What became of the openings that somebody asked for; nothing for who asked for none of late."""
    mine = own_openings(actor)
    if not mine:
        return None
    states = Counter(each.state for each in mine)
    said = (
        (
            states["approved"],
            ngettext("%(count)s to be opened in time", "%(count)s to be opened in time", states["approved"]),
        ),
        (states["refused"], ngettext("%(count)s refused", "%(count)s refused", states["refused"])),
        (states["asked"], ngettext("%(count)s waits", "%(count)s wait", states["asked"])),
    )
    hint = " · ".join(words % {"count": count} for count, words in said if count)
    url = reverse("compliance:opening", args=[mine[0].id]) if len(mine) == 1 else reverse("compliance:openings")
    return TileValue(str(len(mine)), url, hint)


register_nav(
    NavItem(
        section="oversight",
        group="trail",
        label=_("Trail"),
        url_name="compliance:trail",
        icon="history",
        capability="trail.view",
        order=10,
        key="t",
        match=frozenset({"compliance:event", "compliance:event-open", "compliance:proof"}),
    ),
    NavItem(
        section="oversight",
        group="trail",
        label=_("Health of the seal"),
        url_name="compliance:seal",
        icon="shield-check",
        capability="trail.view",
        order=12,
    ),
    NavItem(
        section="oversight",
        group="trail",
        label=_("Anomalies"),
        url_name="compliance:anomalies",
        icon="eye-exclamation",
        capability="trail.view",
        order=15,
        key="y",
        match=frozenset({"compliance:anomaly", "compliance:anomaly-rules"}),
    ),
    NavItem(
        section="oversight",
        group="trail",
        label=_("Openings"),
        url_name="compliance:openings",
        icon="eye-check",
        capability="openings.decide",
        also="openings.ask",
        order=18,
        match=frozenset({"compliance:opening"}),
    ),
    NavItem(
        section="oversight",
        group="sight",
        label=_("Masking"),
        url_name="compliance:masking",
        icon="eye-off",
        capability="masking.view",
        order=10,
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
    ),
    Tile(
        key="openings",
        label=_("Openings to decide about"),
        icon="eye-check",
        capability="openings.decide",
        read=undecided,
        order=70,
    ),
    Tile(
        key="openings-asked",
        label=_("Openings you asked for"),
        icon="eye-check",
        capability="openings.ask",
        read=asked_for,
        order=71,
    ),
)
register_tile(
    Tile(
        key="destructions",
        label=_("Destructions that wait for you"),
        icon="trash",
        capability="destruction.view",
        read=destructions_waiting,
        order=65,
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
