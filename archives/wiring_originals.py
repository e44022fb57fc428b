"""What paper originals register with the rooms below, once, when the site starts."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carloan.archives import originals_faces as faces
from carloan.archives.models import Custody, CustodyDetail, CustodyReminder, CustodyRequest, Original, RoomEvent
from carloan.archives.policies.originals.custody import MOVES
from carloan.archives.policies.originals.requests import PURPOSES
from carloan.archives.selectors.originals.handovers import handovers_waiting
from carloan.archives.selectors.originals.originals import (
    BORROW,
    KEEP,
    OVERDUE,
    VIEW,
    overdue,
    reached_details,
    reached_requests,
    visible_originals,
)
from carloan.archives.selectors.originals.places import places_of_branch
from carloan.archives.services.originals.shredding import originals_left
from carloan.compliance.destroying import register_witness
from carloan.compliance.names import register_field_words, register_namer, register_places, register_reasons
from carloan.compliance.unit_parts import UnitRows, register_unit_rows
from carloan.compliance.values import register_value_words
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.branch_ties import register_tie
from carloan.core.moves import register_kept
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.pages.tiles import Tile, TileValue, register_tile
from carloan.core.reach import register_reach
from carloan.loans.tabs import Tab, register_tab

MOST_COUNTED = 1_000

register_acts(faces.ACTS, looks=faces.LOOKS, exports=faces.EXPORTS)
register_kept("archives_original", MOVES)
register_reasons(PURPOSES)
register_tie(_("storage places"), places_of_branch)
register_namer("archives.original", _("Original"), faces.original_names)
register_namer("archives.storageplace", _("Storage place"), faces.place_names)
register_namer("archives.handoverlist", _("Hand-over list"), faces.handover_names)
register_namer("archives.stocktake", _("Stock-take"), faces.stocktake_names)
register_namer("archives.shreddingorder", _("Shredding order"), faces.shredding_names)
register_namer("archives.roomdevice", _("Door"), faces.device_names)
register_places({"api-rooms": _("Room events (API)")})
register_reasons(dict(RoomEvent.Kind.choices))
register_value_words("archives.original", faces.original_words)
register_field_words("archives.original", faces.trail_word)
register_reach("archives.custodydetail", reached_details)
register_reach("archives.custodyrequest", reached_requests)
register_witness("loan", originals_left)
register_unit_rows(
    "loan",
    UnitRows(label=_("Originals"), model=Original, by="loan_id"),
    UnitRows(label=_("Requests about originals"), model=CustodyRequest, by="original__loan_id"),
    UnitRows(label=_("Hands of originals"), model=Custody, by="original__loan_id"),
    UnitRows(label=_("Words and pictures at hands"), model=CustodyDetail, by="custody__original__loan_id"),
    UnitRows(label=_("Reminders of originals"), model=CustodyReminder, by="original__loan_id"),
)
register_tab(
    Tab(
        key="originals",
        label=_("Originals"),
        capability=VIEW,
        template="archives/_loan_originals.html",
        context=faces.originals_tab,
        count=faces.originals_count,
        order=25,
    )
)
register_nav(
    NavItem(
        section="archive",
        label=_("Originals desk"),
        url_name="archives:originals-desk",
        icon="archive",
        capability=KEEP,
        order=30,
        match=frozenset({"archives:originals-shelve", "archives:labels-new"}),
    ),
    NavItem(
        section="archive",
        label=_("Originals"),
        url_name="archives:originals",
        icon="files",
        capability=VIEW,
        order=40,
        match=frozenset({"archives:original-chain", "archives:original-new"}),
    ),
    NavItem(
        section="archive",
        label=_("Hand-over lists"),
        url_name="archives:handovers",
        icon="transfer",
        capability=VIEW,
        order=50,
        match=frozenset({"archives:handover", "archives:handover-new"}),
    ),
    NavItem(
        section="archive",
        label=_("Storage places"),
        url_name="archives:places",
        icon="building-warehouse",
        capability=VIEW,
        order=60,
        match=frozenset({"archives:place", "archives:place-new"}),
    ),
    NavItem(
        section="archive",
        label=_("Stock-takes"),
        url_name="archives:stocktakes",
        icon="clipboard-check",
        capability=VIEW,
        order=70,
        match=frozenset({"archives:stocktake"}),
    ),
    NavItem(
        section="archive",
        label=_("Shredding orders"),
        url_name="archives:shreddings",
        icon="trash",
        capability="destruction.view",
        order=80,
        match=frozenset({"archives:shredding"}),
    ),
    NavItem(
        section="archive",
        label=_("Room access"),
        url_name="archives:rooms",
        icon="door",
        capability="rooms.view",
        order=90,
        match=frozenset({"archives:room-device-new"}),
    ),
)


def _counted(count: int) -> str:
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"


def _late(actor: Actor) -> TileValue | None:
    rows = overdue(visible_originals(actor), timezone.localdate()).order_by()
    return TileValue(_counted(rows[: MOST_COUNTED + 1].count()), f"{reverse('archives:originals')}?state={OVERDUE}")


def _mine(actor: Actor) -> TileValue | None:
    """What is in the actor's own hands; nothing to tell somebody who has none."""
    rows = visible_originals(actor).filter(holder_id=actor.membership_id).order_by()
    count = rows[: MOST_COUNTED + 1].count() if actor.membership_id else 0
    if not count:
        return None
    late = overdue(rows, timezone.localdate()).count()
    hint = _now("%(count)s overdue: give them back, or ask to keep them longer") % {"count": late} if late else ""
    return TileValue(_counted(count), f"{reverse('archives:originals')}?whose=me", hint)


def _handed(actor: Actor) -> TileValue | None:
    count = handovers_waiting(actor).count()
    return TileValue(f"{count:,}", f"{reverse('archives:handovers')}?state=mine") if count else None


register_tile(
    Tile(key="originals-late", label=_("Originals overdue"), icon="archive", capability=KEEP, read=_late, order=30),
    Tile(key="originals-mine", label=_("Originals in my hands"), icon="files", capability=BORROW, read=_mine, order=31),
    Tile(key="handovers", label=_("Hand-over lists for me"), icon="transfer", capability=VIEW, read=_handed, order=32),
)
